// A list that Rust pages, sorts and searches.
import { untrack } from "svelte";
import { app } from "../app.svelte";
import type { ListQuery } from "../desk/types.gen";

/** As many rows as Rust gives at once. */
export const PAGE = 50;

export class List<View extends { total: number }> {
  query = $state<ListQuery>({ text: "", only: "", sort: "", from: 0 });
  view = $state<View | null>(null);
  private asked = 0;

  constructor(private readonly load: (query: ListQuery) => Promise<View>, first: Partial<ListQuery> = {}) {
    Object.assign(this.query, first);
  }

  /** Looks anew; an answer that a later question overtook is dropped. */
  async look() {
    const asked = ++this.asked;
    // An effect that looks anew after a change doesn't hang on the query: `ask` looks itself.
    const query = untrack(() => $state.snapshot(this.query));
    const view = await app.try(() => this.load(query));
    if (view && asked === this.asked) this.view = view;
  }

  /** Other words, another choice or order: from the first row again. */
  async ask(change: Partial<ListQuery>) {
    Object.assign(this.query, { from: 0 }, change);
    await this.look();
  }
}
