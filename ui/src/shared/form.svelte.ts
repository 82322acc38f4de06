// A form: what is typed is kept in the book until it is recorded, and what is wrong stands beside its field.
import { app } from "../app.svelte";
import type { BookDocument } from "../desk/book";
import { asError, check, keepUnsaved, record, unsaved } from "../desk/commands";
import type { DeskError, Doubt, RecordedView } from "../desk/types.gen";
import { rested, rests } from "./keeping";

type Problem = DeskError["fields"][number];

/** How long a hand rests before what it typed is looked at. */
const REST = 250;

export class Form<Typed extends object> {
  typed = $state() as Typed;
  problems = $state<Problem[]>([]);
  /** To confirm: names that are nearly an affiliate's own company's. */
  nearMisses = $state<string[]>([]);
  /** To confirm, beside their fields: what nothing refuses, and a slip of the hand looks like. */
  doubts = $state<Doubt[]>([]);
  /** What was doubted when it was confirmed. */
  private confirmed = $state("");
  /** What speaks against all of it. */
  error = $state<DeskError | null>(null);
  busy = $state(false);
  /** Whether the last check was of what is typed now. */
  checked = $state(false);
  private rest: ReturnType<typeof setTimeout> | undefined;
  private asked = 0;

  /** `name` tells its draft from those of other forms; one for each record that is edited. */
  constructor(private readonly name: string, private readonly blank: Typed) {
    this.typed = structuredClone(blank);
  }

  /** Takes up what was typed before, if it was left unrecorded and still `holds`. What a quick hand types meanwhile is newer, and stays. */
  async restore(holds: (kept: Typed) => boolean = () => true) {
    const fields = () => new Map(Object.entries(this.typed).map(([name, value]) => [name, JSON.stringify(value)]));
    const before = fields();
    const kept = await unsaved(this.name).catch(() => null);
    if (!kept) return;
    const draft = JSON.parse(kept) as Typed;
    if (!holds(draft)) return;
    const typed = [...fields()].filter(([name, value]) => value !== before.get(name)).map(([name, value]) => [name, JSON.parse(value)]);
    this.typed = { ...structuredClone(this.blank), ...draft, ...Object.fromEntries(typed) };
  }

  /** To be called whenever something was typed: keeps it, and asks what recording it would say. */
  changed(document?: () => BookDocument) {
    clearTimeout(this.rest);
    this.checked = false;
    rests(this.keep);
    this.rest = setTimeout(() => void this.look(document), REST);
  }

  /** Keeps and asks at once. An answer that a later question overtook is dropped. */
  async look(document?: () => BookDocument) {
    clearTimeout(this.rest);
    const asked = ++this.asked;
    await this.keep();
    if (!document) return;
    try {
      const seen = await check(document());
      if (asked !== this.asked) return;
      this.checked = true;
      this.error = null;
      this.problems = seen.problems;
      this.nearMisses = seen.near_misses;
      this.doubts = seen.doubts;
    } catch (thrown) {
      if (asked === this.asked) this.error = asError(thrown);
    }
  }

  private keep = async () => {
    rested(this.keep);
    await keepUnsaved(this.name, JSON.stringify($state.snapshot(this.typed))).catch(() => undefined);
  };

  /** What is wrong at a place such as `clients[0].name`, and at what lies under it. */
  at(place: string): string {
    return told(this.problems, place);
  }

  /** What is to be confirmed at a place, and at what lies under it. */
  doubted(place: string): string {
    return told(this.doubts, place);
  }

  /** Whether what is doubted is meant; as long as it stays what it is. */
  get meant(): boolean {
    return !this.doubts.length || this.confirmed === said(this.doubts);
  }

  set meant(yes: boolean) {
    this.confirmed = yes ? said(this.doubts) : "";
  }

  /** Records the document; `words` say what is done, as the undo offers it. Says so, and forgets the draft. Nothing is recorded while a doubt is left. */
  async save(words: string, document: BookDocument): Promise<RecordedView | undefined> {
    clearTimeout(this.rest);
    this.busy = true;
    this.error = null;
    try {
      if (!this.checked) await this.look(() => document);
      if (!this.meant) return undefined;
      this.error = null;
      const recorded = await record(words, document);
      await this.forget();
      await app.done(words);
      return recorded;
    } catch (thrown) {
      this.error = asError(thrown);
      this.problems = this.error.fields;
      return undefined;
    } finally {
      this.busy = false;
    }
  }

  async forget() {
    clearTimeout(this.rest);
    rested(this.keep);
    this.asked += 1;
    this.checked = false;
    this.typed = structuredClone(this.blank);
    this.problems = [];
    this.nearMisses = [];
    this.doubts = [];
    this.confirmed = "";
    this.error = null;
    await keepUnsaved(this.name, "").catch(() => undefined);
  }
}

const said = (doubts: Doubt[]) => doubts.map(({ message }) => message).join("\n");

/** What is told of a place, and of what lies under it. */
function told(all: { at: string; message: string }[], place: string): string {
  const here = all.filter(({ at }) => at === place || at.startsWith(`${place}.`) || at.startsWith(`${place}[`));
  return here.map(({ message }) => message).join(" ");
}
