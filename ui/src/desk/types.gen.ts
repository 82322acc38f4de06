// Written from Rust by tests/house/types.rs. Not by hand.

export type Amount = { amount: string, currency: string, };

export type MonthName = { 
/**
 * `2025-12`.
 */
month: string, 
/**
 * `December 2025`.
 */
words: string, };

export type BookView = { name: string, 
/**
 * Thrown away when it is closed.
 */
sample: boolean, };

export type Start = { 
/**
 * As the system has it: the webview's own can't be trusted.
 */
locale: string, 
/**
 * The open book, if one is.
 */
book: BookView | null, };

export type MonthsView = { 
/**
 * Empty in a book with nothing to tell.
 */
months: Array<MonthName>, 
/**
 * The first that is open.
 */
open: MonthName | null, };

export type Sums = { brought_forward: Amount, payable: Amount, reversed: Amount, adjusted: Amount, payout: Amount, carried_forward: Amount, retained: Amount, held: Amount, };

export type StatementRow = { affiliate: string, name: string, sums: Sums, };

export type MonthView = { month: MonthName, sealed: boolean, rows: Array<StatementRow>, 
/**
 * Over all affiliates; `None` without a statement.
 */
total: Sums | null, 
/**
 * Whether it is the next month to close, and over.
 */
can_close: boolean, 
/**
 * Why it can't be closed yet, if it is open.
 */
why_open: string | null, 
/**
 * Whether it is the newest closed month.
 */
can_reopen: boolean, };

export type SealView = { sha256: string, 
/**
 * `3 Jan 2026`.
 */
closed_on: string, revision: number, };

export type LineView = { invoice: string, number: string, 
/**
 * `1 Dec 2025 to 31 Dec 2025`.
 */
period: string, status: "payable" | "retained" | "held" | "reversed", base: Amount, 
/**
 * `10%`.
 */
rate: string, commission: Amount, };

export type ClientLines = { client: string, name: string, lines: Array<LineView>, };

export type ReleaseView = { client_name: string, held: Amount, 
/**
 * `NS-1004, due 15 Jan 2025, 300.00 missing`.
 */
bills: Array<string>, };

export type AdjustmentView = { reason: string, amount: Amount, };

export type YearView = { year: string, payable: Amount, reversed: Amount, retained: Amount, adjusted: Amount, payout: Amount, };

export type StatementPage = { affiliate: string, name: string, number: string, month: MonthName, seal: SealView | null, sums: Sums, minimum_payout: Amount, clients: Array<ClientLines>, releases: Array<ReleaseView>, adjustments: Array<AdjustmentView>, year: YearView, };

export type OutcomeView = { status: "payable" | "retained" | "held" | "reversed", amount: Amount, };

export type StepView = { title: string, words: string, 
/**
 * The sentence of the programme's page.
 */
page: string, };

export type WhyView = { invoice: string, number: string, client_name: string, month: MonthName, sealed: boolean, 
/**
 * `None` when the statement has no line for it.
 */
outcome: OutcomeView | null, steps: Array<StepView>, };

export type TallyView = { 
/**
 * `credit note`.
 */
kind: string, new: number, corrected: number, unchanged: number, amount: Amount | null, correction: Amount | null, };

export type ImportView = { tallies: Array<TallyView>, 
/**
 * To confirm: names that are nearly an affiliate's own company's.
 */
near_misses: Array<string>, changes_nothing: boolean, };

export type PreviewView = { file: string, import: ImportView, };

export type PrintedSoFar = { done: number, of: number, };

export type SavedView = { count: number, 
/**
 * The folder's own name.
 */
folder: string, 
/**
 * Characters that no font of the paper's has.
 */
warnings: number, };

export type VerifiedView = { statements: number, lines: number, finding: string | null, };

export type Code = "not_a_book" | "no_book" | "exists" | "wrong_passphrase" | "in_use" | "newer" | "older_copy" | "damaged" | "disk_full" | "empty_book" | "refused" | "unknown_record" | "needed" | "month_closed" | "month_open" | "month_not_over" | "not_the_newest" | "reason_missing" | "cancelled" | "failed";

export type DeskError = { code: Code, 
/**
 * What happened with the value in quotes, then one hint.
 */
message: string, 
/**
 * What is wrong with which field of a form or a file.
 */
fields: Array<{ code: string, at: string, message: string }>, };
