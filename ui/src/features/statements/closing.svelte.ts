// Closing months, and opening the newest again.
import { app } from "../../app.svelte";
import { cancelClosing, closeThrough, reopenMonth } from "../../desk/commands";
import type { ClosableView, ClosingSoFar, MonthName } from "../../desk/types.gen";
import { Form } from "../../shared/form.svelte";
import { closed } from "./closed";

export class Closing {
  /** Whether the reason for reopening is being asked for. */
  asking = $state(false);
  readonly form = new Form("reopening", { reason: "" });
  busy = $state("");
  /** The month that is being closed, after how many of how many; none where it is one alone. */
  progress = $state.raw<ClosingSoFar | null>(null);
  stopping = $state(false);

  ask() {
    this.asking = true;
    void this.form.restore();
  }

  /** Closes a month, or with it all that are over, one by one: what is closed stays closed if it is stopped or fails. */
  async close(first: MonthName, { through, months }: ClosableView = { through: first, months: 1 }) {
    [this.busy, this.stopping] = ["Closing…", false];
    this.progress = months > 1 ? { month: first, done: 0, of: months } : null;
    // What is heard late finds nothing to tell any more.
    const done = await app.try(() => closeThrough(through.month, (so) => (this.progress &&= so)));
    const error = app.error;
    [this.busy, this.progress] = ["", null];
    // With the last of them, unless another page is read meanwhile.
    if (app.month?.month === first.month) app.month = done?.at(-1) ?? app.month;
    await app.refresh();
    app.error ??= error;
    if (!done) return;
    // A reason that was written for a month before this one is none for it.
    this.asking = false;
    await this.form.forget();
    app.say(closed(done, months, app.months.open));
  }

  stop() {
    this.stopping = true;
    void cancelClosing();
  }

  async reopen(month: MonthName) {
    this.busy = "Reopening…";
    const done = await app.try(async () => { await reopenMonth(month.month, this.form.typed.reason); return true; });
    this.busy = "";
    if (!done) return;
    this.asking = false;
    await this.form.forget();
    await app.refresh();
    app.say(`${month.words} is open again. Its sealed statements are kept, and the reason is in the journal.`);
  }
}
