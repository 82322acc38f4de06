// Closing a month, and opening the newest again.
import { app } from "../../app.svelte";
import { closeMonth, reopenMonth } from "../../desk/commands";
import type { MonthName } from "../../desk/types.gen";
import { Form } from "../../shared/form.svelte";

export class Closing {
  /** Whether the reason for reopening is being asked for. */
  asking = $state(false);
  readonly form = new Form("reopening", { reason: "" });
  busy = $state("");

  ask() {
    this.asking = true;
    void this.form.restore();
  }

  close(month: MonthName) {
    return this.change("Closing…", () => closeMonth(month.month), `${month.words} is closed. Its statements are sealed and never change.`);
  }

  reopen(month: MonthName) {
    const said = `${month.words} is open again. Its sealed statements are kept, and the reason is in the journal.`;
    return this.change("Reopening…", () => reopenMonth(month.month, this.form.typed.reason), said);
  }

  private async change(busy: string, action: () => Promise<void>, said: string) {
    this.busy = busy;
    const done = await app.try(async () => { await action(); return true; });
    this.busy = "";
    if (!done) return;
    this.asking = false;
    await this.form.forget();
    await app.refresh();
    app.say(said);
  }
}
