// A stack of bank receipts that is being entered: each row finds what it pays while it is typed, and all are recorded together or none.
// Knows nothing of the page: what is to be focused is given back.
import type { BookDocument, Payment } from "../../desk/book";
import { asError, matchReceipts } from "../../desk/commands";
import type { BankReceipt, DeskError, MatchedPart, MatchedReceipt, TypedReceipt } from "../../desk/types.gen";
import { Form } from "../../shared/form.svelte";
import { figure, isNothing, plain, today, typed } from "../../shared/format";
import { said } from "./words";

/** `bank`: the id that a line of a bank’s file gives its payment, so that it is never recorded twice; empty for one that was typed. */
export type Row = { key: number; on: string; who: string; amount: string; client: string; bank?: string };
export type Field = "on" | "who" | "amount";
export type Place = { key: number; field: Field };

/** How long a hand rests before the book is asked what the rows pay. */
const REST = 120;

/** The members of a payment that have another name here. */
const FIELDS: Record<string, Field> = { received_on: "on", amount: "amount" };

export class Receipts {
  readonly form = new Form<{ rows: Row[] }>("receipts", { rows: [blank(1, today())] });
  /** What the book could not be asked for. */
  error = $state<DeskError | null>(null);
  /** The rows that recording was tried with: what is still empty there is wrong. */
  private tried = $state.raw(new Set<number>());
  private matches = $state.raw(new Map<number, MatchedReceipt>());
  /** Which row each part of the document that was refused came from. */
  private places = $state.raw(new Map<string, number>());
  private thrown = $state.raw<Row[]>([]);
  private rest: ReturnType<typeof setTimeout> | undefined;
  private asked = 0;

  constructor(private readonly match: (receipts: TypedReceipt[]) => Promise<MatchedReceipt[]> = matchReceipts) {}

  get rows(): Row[] {
    return this.form.typed.rows;
  }

  /** The rows that say anything: an empty one waits for the next receipt. */
  filled = $derived.by(() => this.rows.filter(isFilled));
  /** Of these, the ones that pay nothing as they stand. */
  private unready = $derived.by(() => this.filled.filter((row) => !this.pays(row)));
  canBringBack = $derived(this.thrown.length > 0 && this.filled.length === 0);

  /** What recording is called now, or what keeps it from being done. */
  words = $derived.by(() => {
    const [all, left] = [this.filled.length, this.unready.length];
    if (left) return left === 1 ? "1 row needs a look" : `${left} rows need a look`;
    return all === 0 ? "Record payments" : all === 1 ? "Record 1 payment" : `Record ${all} payments`;
  });

  /** Takes up the rows that were left unrecorded. */
  async restore() {
    // What was left empty is of the day on which it was left.
    await this.form.restore((kept) => kept.rows.some(isFilled));
    await this.look();
  }

  /** Something was typed. */
  changed = () => {
    this.form.problems = [];
    this.form.doubts = [];
    this.form.error = null;
    this.form.changed();
    clearTimeout(this.rest);
    this.rest = setTimeout(() => void this.look(), REST);
  };

  /** Who paid was typed: who was picked before may be another. */
  renamed(row: Row) {
    row.client = "";
    this.changed();
  }

  pick(row: Row, client: string) {
    row.client = client;
    this.form.changed();
    return this.look();
  }

  /** Asks what the rows pay, each knowing what those above it paid; whether it was answered. An answer that a later question overtook is dropped. */
  async look(): Promise<boolean> {
    clearTimeout(this.rest);
    const asked = ++this.asked;
    const rows = $state.snapshot(this.filled);
    try {
      const answers = rows.length ? await this.match(rows.map(question)) : [];
      if (asked !== this.asked) return false;
      this.error = null;
      this.matches = new Map(rows.flatMap((row, nth) => (answers[nth] ? [[row.key, answers[nth]] as const] : [])));
      return true;
    } catch (thrown) {
      if (asked === this.asked) this.error = asError(thrown);
      return false;
    }
  }

  matched(row: Row): MatchedReceipt | undefined {
    return this.filled.includes(row) ? this.matches.get(row.key) : undefined;
  }

  /** What is wrong with a field; one that is still empty is only waited for, until recording is tried. */
  wrong(row: Row, field: Field): string {
    const refused = this.form.problems.filter((problem) => this.place(problem.at)?.key === row.key && this.place(problem.at)?.field === field);
    if (refused.length) return refused.map((problem) => problem.message).join(" ");
    const problem = this.matched(row)?.problem;
    return problem?.at === field && (this.tried.has(row.key) || row[field].trim() !== "") ? problem.message : "";
  }

  /** What is to be confirmed beside a field, once recording was tried. */
  doubted(row: Row, field: Field): string {
    const here = this.form.doubts.filter(({ at }) => this.place(at)?.key === row.key && this.place(at)?.field === field);
    return here.map(({ message }) => message).join(" ");
  }

  /** What a row pays, in words, for those who do not see it. */
  told(row: Row): string {
    const match = this.matched(row);
    if (!match) return "";
    const wrong = this.wrong(row, "who") || this.wrong(row, "amount") || this.wrong(row, "on");
    if (wrong) return wrong;
    if (match.candidates.length) return `${match.candidates.length} clients fit: ${match.candidates.map(({ name }, nth) => `Alt ${nth + 1}, ${name}`).join("; ")}`;
    return [match.client_name, ...match.parts.map((part) => `${part.number} ${paid(part, match)}, ${left(part)}`), over(match)].filter((words) => words).join(". ");
  }

  /** A row below, on the same day; or the one that is there. */
  next(row: Row): Place {
    const nth = this.rows.indexOf(row);
    const below = this.rows[nth + 1] ?? this.add();
    return { key: below.key, field: "who" };
  }

  /** Takes over what a bank's file says came in; the same line not twice. */
  take(received: BankReceipt[]) {
    const there = new Set(this.rows.map((row) => row.bank));
    const rows = this.rows.filter((row) => this.filled.includes(row));
    let key = Math.max(0, ...this.rows.map((one) => one.key));
    const added = received.filter(({ id }) => !there.has(id)).map(({ id, on, who, amount }) => ({ key: ++key, on, who, amount: typed(amount.amount), client: "", bank: id }));
    this.form.typed.rows = [...rows, ...added];
    if (!this.rows.length) this.form.typed.rows = [blank(1, today())];
    this.form.changed();
    return this.look();
  }

  add(): Row {
    const last = this.rows.at(-1);
    this.rows.push(blank(Math.max(0, ...this.rows.map((one) => one.key)) + 1, last?.on || today()));
    this.form.changed();
    return this.rows.at(-1)!;
  }

  /** The same field of the row above (-1) or below (1). */
  beside(row: Row, by: 1 | -1, field: Field): Place | null {
    const other = this.rows[this.rows.indexOf(row) + by];
    return other ? { key: other.key, field } : null;
  }

  /** Takes a row out; where the hand goes then. */
  remove(row: Row): Place {
    const nth = this.rows.indexOf(row);
    this.rows.splice(nth, 1);
    if (!this.rows.length) this.rows.push(blank(row.key + 1, row.on));
    this.changed();
    const near = this.rows[Math.max(0, nth - 1)]!;
    return { key: near.key, field: near.amount ? "amount" : "who" };
  }

  /** Begins anew. What was typed can be brought back, until something else is. */
  async throwAway() {
    this.thrown = $state.snapshot(this.rows);
    await this.begin();
  }

  async bringBack() {
    this.form.typed.rows = this.thrown;
    this.thrown = [];
    this.form.changed();
    await this.look();
  }

  /** Records all rows, or says where the first one is that needs a look. */
  async record(): Promise<Place | null> {
    if (!(await this.look()) || !this.filled.length) return null;
    this.tried = new Set(this.filled.map((row) => row.key));
    const [open] = this.unready;
    if (open) return this.trouble(open);
    const { document, places } = this.document();
    this.places = places;
    const recorded = await this.form.save(this.done(), document);
    if (recorded) {
      await this.begin();
      return { key: this.rows[0]!.key, field: "who" };
    }
    const place = [...this.form.problems, ...this.form.doubts].map(({ at }) => this.place(at)).find((one) => one);
    return place ?? null;
  }

  private async begin() {
    clearTimeout(this.rest);
    this.asked += 1;
    this.matches = new Map();
    this.tried = new Set();
    this.error = null;
    await this.form.forget();
    // The form's own blank row is of the day on which the page was opened.
    this.form.typed.rows = [blank(1, today())];
  }

  private pays(row: Row): boolean {
    const match = this.matches.get(row.key);
    return match !== undefined && !match.problem && match.parts.length > 0;
  }

  private trouble(row: Row): Place {
    const at = this.matches.get(row.key)?.problem?.at;
    return { key: row.key, field: at === "on" || at === "amount" ? at : "who" };
  }

  /** `5 payments recorded`; of one alone, what it was. */
  private done(): string {
    const [row, ...more] = this.filled;
    const match = row && this.matches.get(row.key);
    const [part] = match?.parts ?? [];
    if (!row || !match || !part || more.length) return `${this.filled.length} payments recorded`;
    const [what, who] = part.kind === "remittance" ? ["Remittance", "for"] : ["Payment", "from"];
    return `${what} of ${said(row.amount, part.pays)} ${who} ${match.client_name} recorded`;
  }

  private document(): { document: BookDocument; places: Map<string, number> } {
    const kinds = { payment: [] as Payment[], remittance: [] as Payment[] };
    const places = new Map<string, number>();
    for (const row of this.filled) {
      for (const [nth, { kind, invoice, pays }] of (this.matches.get(row.key)?.parts ?? []).entries()) {
        const list = kinds[kind];
        places.set(`${kind}s[${list.length}]`, row.key);
        const bank = row.bank && (nth ? `${row.bank}-${nth + 1}` : row.bank);
        list.push({ id: bank || `new:${kind}:${list.length + 1}`, invoice, received_on: row.on, amount: pays.amount });
      }
    }
    return { document: { payments: kinds.payment, remittances: kinds.remittance }, places };
  }

  /** The row and field that a place of the document came from. */
  private place(at: string): Place | null {
    const [record = "", member = ""] = at.split(".");
    const key = this.places.get(record);
    return key === undefined ? null : { key, field: FIELDS[member] ?? "who" };
  }
}

/** `180.00 of 300.00 open`; where more came than is open, `all of 300.00 open`. */
export function paid(part: MatchedPart, { over, parts }: MatchedReceipt): string {
  const all = over !== null && part.invoice === parts.at(-1)?.invoice;
  return `${all ? "all" : figure(part.pays)} of ${figure(part.open)} open`;
}

/** `paid in full`, or `leaves 120.00 open`. */
export const left = ({ leaves }: MatchedPart) => (isNothing(leaves) ? "paid in full" : `leaves ${figure(leaves)} open`);

/** `50.00 more than is open: it stays on NS-1004 as overpaid`. */
export function over({ over, parts }: MatchedReceipt): string {
  return over ? `${figure(over)} more than is open: it stays on ${parts.at(-1)?.number} as overpaid` : "";
}

const blank = (key: number, on: string): Row => ({ key, on, who: "", amount: "", client: "" });

const isFilled = ({ who, amount }: Row) => who.trim() !== "" || amount.trim() !== "";

const question = ({ who, amount, on, client }: Row): TypedReceipt => ({ who: who.trim(), amount: plain(amount).trim(), on, client });
