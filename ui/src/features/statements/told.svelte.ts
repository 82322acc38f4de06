// What a month's pages show, taken anew whenever the book has changed. An answer that a later question overtook is dropped.
import { app } from "../../app.svelte";

export class Told<View> {
  view = $state.raw<View | null>(null);
  private asked = 0;

  /** To be called in an effect. The view before stays until there is another. */
  async look(ask: () => Promise<View>) {
    void app.changes;
    const asked = ++this.asked;
    const view = await app.try(ask);
    if (asked === this.asked && view !== undefined) this.view = view;
  }
}
