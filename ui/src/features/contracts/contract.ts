// What forms do to a contract as the exchange format writes it. Nothing is computed: amounts, rates and days stay text.
import type { Charge, Contract } from "../../desk/book";
import { recordOf } from "../../desk/commands";
import { fraction, percent, plain, typed } from "../../shared/format";

/** What is typed of a contract; its changes as well, where it is corrected. */
export type ContractTyped = {
  signed_on: string; starts_on: string; term_months: string; rate: string; billed_by: Contract["billed_by"]; lines: Charge[];
  changes: { effective_on: string; lines: Charge[] }[];
};

export const contractOf = async (id: string) => (await recordOf("contract", id)) as Contract;

/** A line to be typed in. */
export const blankLine = (): Charge => ({ kind: "hosting", description: "", amount: "" });

/** Lines as they are recorded, for the fields of a form. */
export const shownLines = (lines: Charge[]): Charge[] => lines.map((line) => ({ ...line, amount: typed(line.amount) }));

/** Lines as they are typed, for the book. */
export const plainLines = (lines: Charge[]): Charge[] => lines.map((line) => ({ ...line, description: line.description.trim(), amount: plain(line.amount) }));

/** Every line has an amount. */
export const priced = (lines: Charge[]): boolean => lines.length > 0 && lines.every((line) => line.amount.trim() !== "");

/** The contract, as a form for its correction shows it. */
export function shown(contract: Contract): ContractTyped {
  const { signed_on, starts_on, term_months, rate, billed_by, lines, changes } = contract;
  return {
    signed_on, starts_on, term_months: String(term_months), rate: percent(rate), billed_by, lines: shownLines(lines),
    changes: changes.map((change) => ({ effective_on: change.effective_on, lines: shownLines(change.lines) })),
  };
}

/** What was typed, over the contract as it is recorded or about to be. */
export function corrected(contract: Pick<Contract, "id" | "referral" | "ended_on">, form: ContractTyped): Contract {
  const { signed_on, starts_on, term_months, rate, billed_by, lines, changes } = form;
  const { id, referral, ended_on } = contract;
  return {
    id, referral, signed_on, starts_on, term_months: months(term_months), ended_on, rate: fraction(rate), billed_by, lines: plainLines(lines),
    changes: changes.map((change) => ({ effective_on: change.effective_on, lines: plainLines(change.lines) })),
  };
}

/** A count of months; what is none becomes one that Rust refuses beside its field. */
const months = (typed: string): number => (/^\d{1,4}$/.test(typed.trim()) ? Number(typed) : Number.NaN);

/** The earning lines in force on a day. */
export function linesOn({ lines, changes }: Contract, day: string): Charge[] {
  const by = changes.filter((change) => change.effective_on <= day).sort((a, b) => (a.effective_on < b.effective_on ? 1 : -1));
  return (by[0]?.lines ?? lines).filter(({ kind }) => kind === "hosting" || kind === "managed_service");
}
