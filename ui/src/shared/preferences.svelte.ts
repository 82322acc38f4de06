// What the reader chose about the looks and the paper. Kept in the book beside the drafts: the webview keeps nothing.
import { keepUnsaved, unsaved } from "../desk/commands";
import { country } from "./format";

/** Countries that print on Letter. */
const LETTER = ["US", "CA", "MX", "PR", "PH", "CL", "CO", "VE", "CR", "GT", "PA", "SV", "HN", "NI", "DO"];

class Preferences {
  /** Letter, or A4. The country's own until another was chosen there. */
  letter = $state(false);
  /** Keys that work without Ctrl: `/`, `?`, the arrows. */
  singleKeys = $state(true);

  /** Takes what was chosen in the book that was opened. */
  async take() {
    const [paper, keys] = await Promise.all([unsaved(this.paper()), unsaved("preference: single keys")]).catch(() => [null, null]);
    this.letter = paper ? paper === "letter" : LETTER.includes(country());
    this.singleKeys = keys !== "off";
  }

  chooseLetter(letter: boolean) {
    this.letter = letter;
    void keepUnsaved(this.paper(), letter ? "letter" : "a4").catch(() => undefined);
  }

  chooseSingleKeys(on: boolean) {
    this.singleKeys = on;
    void keepUnsaved("preference: single keys", on ? "" : "off").catch(() => undefined);
  }

  private paper = () => `preference: paper in ${country()}`;
}

export const preferences = new Preferences();
