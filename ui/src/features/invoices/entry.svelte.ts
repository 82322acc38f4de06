// An invoice that is being entered, or corrected: whose it is, under which contract, and what it would usually say.
import { app } from "../../app.svelte";
import type { BookDocument, Charge, Contract, Invoice } from "../../desk/book";
import { clientPage, recordOf } from "../../desk/commands";
import type { ContractCard, InvoiceRow } from "../../desk/types.gen";
import { Form } from "../../shared/form.svelte";
import { day, figure, plain, today, typed } from "../../shared/format";
import { daysBetween, daysLater, endOfMonthFrom, firstOfMonth } from "../../shared/days";

/** `contract` is empty for none. `filled`: what was filled in without being typed, and may be replaced so. */
export type Typed = {
  client: string; client_name: string; contract: string; number: string; issued_on: string; due_on: string; period_start: string; period_end: string;
  lines: Charge[]; tax: string; filled: { lines: string; due_on: string; period_end: string } | null;
};

/** The places that have a field: what is wrong there stands beside it. */
export const FIELDS = ["client", "contract", "number", "issued_on", "due_on", "period_start", "period_end", "lines", "tax"].map((member) => `invoices[0].${member}`);

/** Days to pay, where the client has no invoice to go by. */
const USUAL_DAYS = 30;

export class Entry {
  readonly form: Form<Typed>;
  /** The client's, the newest first. */
  contracts = $state.raw<ContractCard[]>([]);
  private invoices = $state.raw<InvoiceRow[]>([]);
  private signed: Contract | null = null;

  /** `contract` is the one that it shall be under, if that is known; `recorded` is what is corrected. */
  constructor(client: string, private readonly contract: string | null, private readonly recorded: Invoice | null = null) {
    const name = recorded ? `correct invoice ${recorded.id}` : `invoice ${client} ${contract ?? ""}`.trim();
    this.form = new Form<Typed>(name, recorded ? of(recorded) : blank(client));
  }

  /** Takes up what was typed before, and reads what the client has. */
  async restore() {
    await this.form.restore();
    const { client, filled } = this.form.typed;
    if (client) await this.read(client, filled === null && !this.recorded);
  }

  async pick(client: string, name: string) {
    Object.assign(this.form.typed, { client, client_name: name, contract: "" });
    this.form.problems = [];
    await this.read(client, true);
  }

  unpick() {
    Object.assign(this.form.typed, { client: "", client_name: "", contract: "" });
    this.contracts = [];
    this.invoices = [];
    this.signed = null;
    this.changed();
  }

  /** The contract was chosen: the lines follow, as long as nobody typed them. */
  async chosen() {
    await this.sign();
    this.dated();
  }

  /** The period's first day was: its end and the lines follow, as long as nobody typed them. */
  dated() {
    this.fill();
    this.changed();
  }

  /** The due day follows the day of issue, as long as nobody typed it. */
  issued() {
    this.due();
    this.changed();
  }

  /** Something was typed. */
  changed = () => this.form.changed(this.complete ? this.document : undefined);

  /** Enough to be looked at. */
  complete = $derived.by(() => {
    const { client, number, issued_on, due_on, period_start, period_end, lines } = this.form.typed;
    return [client, number, issued_on, due_on, period_start, period_end, ...lines.map((line) => line.amount)].every((one) => one.trim() !== "");
  });

  /** What it can be under. */
  choices = $derived([...this.contracts.map((card) => ({ value: card.id, words: named(card) })), { value: "", words: "Under no contract (earns nothing)" }]);

  /** `NS-1004`: the number that the client's newest invoice has. */
  newest = $derived(this.invoices[0]?.number ?? "");

  get words(): string {
    const { number, client_name } = this.form.typed;
    return this.recorded ? `Invoice ${number.trim()} corrected` : `Invoice ${number.trim()} for ${client_name} recorded`;
  }

  document = (): BookDocument => {
    const { client, contract, number, issued_on, due_on, period_start, period_end, lines, tax } = this.form.typed;
    const id = this.recorded?.id ?? "new:invoice";
    const charges = lines.map((line) => ({ kind: line.kind, description: line.description.trim(), amount: plain(line.amount).trim() }));
    const invoice = { id, number: number.trim(), client, contract: contract || null, issued_on, due_on, period_start, period_end, lines: charges };
    return { invoices: [{ ...invoice, tax: plain(tax).trim() || "0" }] };
  };

  private async read(client: string, fresh: boolean) {
    const page = await app.try(() => clientPage(client));
    if (!page || this.form.typed.client !== client) return;
    this.contracts = page.contracts;
    this.invoices = page.invoices;
    this.form.typed.client_name = page.name;
    if (fresh) this.form.typed.contract = this.likely();
    await this.sign();
    if (!fresh) return;
    this.form.typed.period_start = [firstOfMonth(today()), this.signed?.starts_on ?? ""].sort().at(-1)!;
    this.fill();
  }

  /** The contract that was asked for, or the newest that has not ended. */
  private likely(): string {
    const live = this.contracts.find((card) => !card.events.some((event) => event.kind === "ended" && event.on < today()));
    return this.contract ?? live?.id ?? "";
  }

  private async sign() {
    const id = this.form.typed.contract;
    const signed = id ? await app.try(async () => (await recordOf("contract", id)) as Contract) : null;
    if (this.form.typed.contract === id) this.signed = signed ?? null;
  }

  private fill() {
    const { typed } = this.form;
    typed.filled ??= { lines: "", due_on: "", period_end: "" };
    if (typed.period_end === typed.filled.period_end || !typed.period_end) typed.period_end = typed.filled.period_end = endOfMonthFrom(typed.period_start);
    if (untyped(typed.lines) || JSON.stringify(typed.lines) === typed.filled.lines) {
      typed.lines = this.usual(typed.period_start);
      typed.filled.lines = JSON.stringify(typed.lines);
    }
    this.due();
  }

  private due() {
    const { typed } = this.form;
    if (!typed.filled || (typed.due_on && typed.due_on !== typed.filled.due_on)) return;
    const [before] = this.invoices;
    typed.due_on = typed.filled.due_on = daysLater(typed.issued_on, before ? daysBetween(before.issued_on, before.due_on) : USUAL_DAYS);
  }

  /** The lines in force on a day. What the contract has once is on its first invoice alone. */
  private usual(on: string): Charge[] {
    if (!this.signed) return [{ kind: "hosting", description: "", amount: "" }];
    const { lines, changes, starts_on } = this.signed;
    const change = changes.filter(({ effective_on }) => effective_on <= on).sort((a, b) => (a.effective_on < b.effective_on ? 1 : -1))[0];
    const once = lines.filter((line) => !monthly(line) && on === starts_on);
    return [...(change?.lines ?? lines.filter(monthly)), ...once].map((line) => ({ ...line, amount: typed(line.amount) }));
  }
}

const monthly = ({ kind }: Charge) => kind === "hosting" || kind === "managed_service";

const untyped = (lines: Charge[]) => lines.every((line) => !line.description && !line.amount);

function blank(client: string): Typed {
  const issued_on = today();
  return {
    client, client_name: "", contract: "", number: "", issued_on, due_on: "", period_start: "", period_end: "",
    lines: [{ kind: "hosting", description: "", amount: "" }], tax: "", filled: null,
  };
}

function of({ client, contract, number, issued_on, due_on, period_start, period_end, lines, tax }: Invoice): Typed {
  const charges = lines.map((line) => ({ ...line, amount: typed(line.amount) }));
  return { client, client_name: "", contract: contract ?? "", number, issued_on, due_on, period_start, period_end, lines: charges, tax: typed(tax), filled: null };
}

/** `Signed 3 Dec 2025, 1,000.00 a month at 10%`. */
function named({ events, current, rate }: ContractCard): string {
  const signed = events.find((event) => event.kind === "signed");
  const ended = events.find((event) => event.kind === "ended" && event.on < today());
  return `${signed ? `Signed ${day(signed.on)}, ` : ""}${figure(current)} a month at ${rate}${ended ? `, ended ${day(ended.on)}` : ""}`;
}
