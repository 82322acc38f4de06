// What the reader chose about the looks and the paper. Kept in the book beside the drafts: the webview keeps nothing.
import { chooseLockAfter, keepUnsaved, lockAfter, unsaved } from "../desk/commands";
import { country } from "./format";

/** Countries that print on Letter. */
const LETTER = ["US", "CA", "MX", "PR", "PH", "CL", "CO", "VE", "CR", "GT", "PA", "SV", "HN", "NI", "DO"];

class Preferences {
  /** Letter, or A4. The country's own until another was chosen there. */
  letter = $state(false);
  /** Keys that work without Ctrl: `/`, `?`, the arrows. */
  singleKeys = $state(true);
  /** Minutes without a hand after which the book locks itself, or `never`: Rust judges. */
  lockAfter = $state("");

  /** Takes what was chosen in the book that was opened. */
  async take() {
    const [paper, keys, after] = await Promise.all([unsaved(this.paper()), unsaved("preference: single keys"), lockAfter()]).catch(() => [null, null, null]);
    this.letter = paper ? paper === "letter" : LETTER.includes(country());
    this.singleKeys = keys !== "off";
    this.lockAfter = after ?? "";
  }

  chooseLetter(letter: boolean) {
    this.letter = letter;
    void keepUnsaved(this.paper(), letter ? "letter" : "a4").catch(() => undefined);
  }

  chooseSingleKeys(on: boolean) {
    this.singleKeys = on;
    void keepUnsaved("preference: single keys", on ? "" : "off").catch(() => undefined);
  }

  chooseLockAfter(choice: string) {
    this.lockAfter = choice;
    void chooseLockAfter(choice).catch(() => undefined);
  }

  private paper = () => `preference: paper in ${country()}`;
}

export const preferences = new Preferences();
