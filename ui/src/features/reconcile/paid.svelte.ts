// What the company paid an affiliate for a month: typed beside the statement, or imported.
import { app } from "../../app.svelte";
import { importPaid, reconcile, setPaid } from "../../desk/commands";
import type { ReconcileView, TypedPaid } from "../../desk/types.gen";
import { Form } from "../../shared/form.svelte";
import { plain, typed as shown } from "../../shared/format";

type Typed = {
  /** By the number of an invoice that is compared. */
  paid: Record<string, string>;
  /** Lines of the company's statement that are in none of these rows. */
  added: TypedPaid[];
};

const blank = (paid: Record<string, string>): Typed => ({ paid, added: [] });
const isFilled = ({ number, client, amount }: TypedPaid) => [number, client, amount].some((text) => text.trim());
const sent = (line: TypedPaid): TypedPaid => ({ ...line, amount: plain(line.amount) });

export class Paid {
  affiliate = $state("");
  month = $state("");
  view = $state.raw<ReconcileView | null>(null);
  form = $state.raw(new Form<Typed>("company paid", blank({})));

  /** Whether there is anything to compare. */
  readonly isEmpty = $derived(!this.view?.rows.length && !this.form.typed.added.some(isFilled));

  async look() {
    const { affiliate, month } = this;
    const seen = await app.try(() => reconcile(affiliate, month));
    const told = Object.fromEntries((seen?.rows ?? []).map((row) => [row.number, seen?.told ? shown(row.paid.amount) : ""]));
    const form = new Form<Typed>(`company paid ${affiliate} ${month}`, blank(told));
    await form.restore();
    if (affiliate !== this.affiliate || month !== this.month) return;
    // A draft knows nothing of a row that came after it.
    form.typed.paid = { ...told, ...form.typed.paid };
    this.view = seen ?? null;
    this.form = form;
  }

  add() {
    this.form.typed.added.push({ number: "", client: "", amount: "" });
    this.form.changed();
  }

  remove(index: number) {
    this.form.typed.added.splice(index, 1);
    this.form.changed();
  }

  async keep() {
    const { affiliate, month, view, form } = this;
    if (!view || this.isEmpty) return;
    const rows = view.rows.map(({ number, client_name: client }) => ({ number, client, amount: form.typed.paid[number] ?? "" }));
    const lines = [...rows, ...form.typed.added.filter(isFilled)].map(sent);
    if (!(await app.try(async () => { await setPaid(affiliate, month, lines); return true; }))) return;
    await form.forget();
    await app.done("What the company paid is kept");
  }

  /** What was typed before an import is no draft of what it brought. */
  async take() {
    const { affiliate, month, form } = this;
    if (!(await app.try(() => importPaid(affiliate, month)))) return;
    await form.forget();
    await app.done("The company’s statement is kept");
  }
}
