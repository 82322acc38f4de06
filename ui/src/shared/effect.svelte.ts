// What a form would change, asked while it is typed.
import type { BookDocument } from "../desk/book";

/** How long a hand rests before it is asked. */
const REST = 250;

export class Effect<View> {
  view = $state<View | null>(null);
  /** What is shown is of what was typed before. */
  stale = $state(false);
  private rest: ReturnType<typeof setTimeout> | undefined;
  private asked = 0;

  constructor(private readonly of: (document: BookDocument) => Promise<View>) {}

  /** To be called whenever something was typed; without a document, there is not enough to ask yet. */
  ask(document?: BookDocument) {
    clearTimeout(this.rest);
    const asked = ++this.asked;
    this.stale = true;
    if (document) this.rest = setTimeout(() => void this.look(document, asked), REST);
  }

  /** An answer that a later question overtook is dropped. What is wrong with the form stands beside its fields. */
  private async look(document: BookDocument, asked: number) {
    const view = await this.of(document).catch(() => null);
    if (asked !== this.asked) return;
    this.view = view;
    this.stale = false;
  }
}
