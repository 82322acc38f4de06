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
sample: boolean, 
/**
 * The affiliate whose book it is; none in the office's.
 */
own: string | null, };

export type Start = { 
/**
 * As the system has it: the webview's own can't be trusted.
 */
locale: string, 
/**
 * The open book, if one is.
 */
book: BookView | null, 
/**
 * The book to open first, if one is known.
 */
door: DoorView | null, };

export type DoorView = { name: string, 
/**
 * Why it is locked; none of one that was closed.
 */
locked: Locked | null, 
/**
 * Whether a recovery code opens it, beside a passphrase.
 */
recovery_code: boolean, 
/**
 * Whether a keychain does.
 */
keychain: boolean, };

export type Locked = "asked" | "unused" | "slept" | "clock";

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
 * Statements on all pages.
 */
total: number, 
/**
 * Over all affiliates, also those not asked for; `None` without a statement.
 */
sums: Sums | null, 
/**
 * Whether it is the next month to close, and over.
 */
can_close: boolean, 
/**
 * What can be closed in one go with it, where that is more than one month.
 */
closable: ClosableView | null, 
/**
 * Why it can't be closed yet, if it is open.
 */
why_open: string | null, 
/**
 * Whether it is the newest closed month.
 */
can_reopen: boolean, };

export type ClosableView = { through: MonthName, months: number, };

export type ClosingSoFar = { month: MonthName, done: number, of: number, };

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
 * To confirm: names that are nearly an affiliate's own company's, and what takes another record's place.
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

export type WayView = { id: number, kind: "passphrase" | "recovery_code" | "keychain" | "other", 
/**
 * `Recovery code`.
 */
title: string, 
/**
 * `25 Nov 2026`; none if the key file does not say.
 */
added: string | null, };

export type IssuedView = { 
/**
 * Seven groups of five characters.
 */
groups: Array<string>, };

export type NewKeyAsks = { 
/**
 * The passphrase has to be typed.
 */
passphrase: boolean, 
/**
 * A new recovery code has to be issued and typed back: the old one opens nothing any more.
 */
recovery_code: boolean, 
/**
 * The keychain has to hold the book's key.
 */
keychain: boolean, 
/**
 * How many ways in will be gone: further passphrases and codes, other computers' keychains.
 */
lost: number, };

export type FoundView = { kind: "client" | "affiliate" | "invoice" | "contract", id: string, title: string, 
/**
 * What tells it from others of its kind: the affiliate, the client, the day.
 */
detail: string, };

export type ListQuery = { 
/**
 * Words that each row has; empty for all.
 */
text: string, 
/**
 * A list's own choice, such as `open` or `overdue`; empty for all.
 */
only: string, 
/**
 * A list's own order, such as `newest`; empty for the usual one.
 */
sort: string, 
/**
 * The first row, counted from 0.
 */
from: number, };

export type Overview = { 
/**
 * The next month to close; `None` in a book with nothing to tell.
 */
month: MonthName | null, payable: Amount, payout: Amount, retained: Amount, held: Amount, 
/**
 * What releases most of what is held, most money per overdue amount first; at most 8.
 */
releases: Array<ReleaseRow>, 
/**
 * Twelve months, or as many as there are, oldest first; the last is the open one, as it stands.
 */
months: Array<MonthBar>, 
/**
 * What wants somebody's attention, most pressing first; at most 12.
 */
attention: Array<Attention>, };

export type ReleaseRow = { client: string, client_name: string, held: Amount, 
/**
 * What the client has to pay for it.
 */
missing: Amount, bills: Array<BillView>, };

export type BillView = { invoice: string, 
/**
 * `NS-1004, due 15 Jan 2025, 300.00 missing`.
 */
words: string, };

export type MonthBar = { month: MonthName, sealed: boolean, payable: Amount, retained: Amount, held: Amount, 
/**
 * The height of each over the highest month's three together, in thousandths: the window computes nothing.
 */
payable_share: number, retained_share: number, held_share: number, };

export type Attention = { 
/**
 * `overdue`, `overpaid`, `quote_lapses`, `term_ends`, `ready_to_close`, `backup`, `place`, `key_file`.
 */
kind: "backup" | "place" | "key_file" | "overdue" | "overpaid" | "quote_lapses" | "term_ends" | "ready_to_close", words: string, 
/**
 * The client that it is about, if it is about one.
 */
client: string | null, 
/**
 * The invoice that it is about, if it is about one.
 */
invoice: string | null, 
/**
 * The month that it is about, if it is about one.
 */
month: string | null, 
/**
 * The quote that it is about, if it is about one.
 */
quote: string | null, };

export type BackupsView = { 
/**
 * Where new ones go: the name of the folder that was chosen; `None` for the book's own.
 */
folder: string | null, 
/**
 * When the newest good one was made, RFC 3339.
 */
last_at: string | null, 
/**
 * When the next is made by itself, RFC 3339; `None` if it is due.
 */
next_at: string | null, 
/**
 * What keeps backups from being made, in words.
 */
problem: string | null, 
/**
 * The newest first.
 */
backups: Array<BackupRow>, };

export type BackupRow = { 
/**
 * `chosen/2026-11-25T103000Z`.
 */
id: string, 
/**
 * RFC 3339.
 */
made_at: string, 
/**
 * Why it was made, in words: `before a migration`.
 */
why: string, 
/**
 * `2.4 MB`.
 */
size: string, 
/**
 * Where its journal ends, if it says so.
 */
journal_end: number | null, sound: "good" | "damaged" | "unchecked", 
/**
 * What is wrong with it.
 */
damage: string | null, };

export type RestorePreview = { made_at: string, 
/**
 * What the book has and the backup lacks; empty for nothing.
 */
lost: Array<string>, 
/**
 * Why it can't be told what would be lost.
 */
unreadable: string | null, 
/**
 * What the backup has and the book lacks.
 */
gained: Array<string>, 
/**
 * The backup is another book's.
 */
is_another: boolean, };

export type BridgeView = { from: MonthName, to: MonthName, start: Amount, parts: Array<BridgePart>, end: Amount, };

export type BridgePart = { 
/**
 * `new`, `lost`, `released`, `held`, `reversed`, `capped`, `changed`.
 */
cause: "new" | "lost" | "released" | "held" | "reversed" | "capped" | "changed", 
/**
 * `New clients: earning for the first time`.
 */
words: string, amount: Amount, 
/**
 * The clients that it is of, the largest amount first.
 */
clients: Array<BridgeClient>, };

export type BridgeClient = { client: string, client_name: string, amount: Amount, };

export type WhatIfs = { 
/**
 * Every bill is paid so many days after it was due.
 */
days_late?: string | null, 
/**
 * The last month that the client keeps the contract, counted from 1.
 */
leaves_after?: string | null, 
/**
 * From which month on the monthly amount is another, counted from 1.
 */
changes_in?: string | null, changes_to?: string | null, };

export type QuoteView = { 
/**
 * What can't be read or would be refused, with its place: `quotes[0].rate`, `what_if.changes_to`.
 */
problems: Array<{ code: string, at: string, message: string }>, 
/**
 * None while something of it can't be read.
 */
answer: QuoteAnswer | null, };

export type QuoteAnswer = { lines: Array<OfferedView>, 
/**
 * What the client pays every month, and once with the first bill.
 */
monthly: Amount, once: Amount, first_bill: Amount, 
/**
 * `10%`.
 */
rate: string, 
/**
 * The highest that the terms allow on the day of the quote: `10%`.
 */
maximum_rate: string, 
/**
 * What of a month earns, and the commission on it.
 */
earning: Amount, commission: Amount, 
/**
 * Why a month earns what it does.
 */
why: Array<StepView>, first_paid: MonthName | null, 
/**
 * `if the bill of 1 Jan 2027 is paid after 20 days, on 21 Jan 2027`.
 */
first_paid_words: string, 
/**
 * On the first twelve months' bills.
 */
first_year: Amount, 
/**
 * On the bills of the original term; none of a quote from month to month.
 */
term: Amount | null, 
/**
 * A month, once the original term is over.
 */
after: Amount, 
/**
 * `24 months from 1 Jan 2027 to 31 Dec 2028`.
 */
term_words: string, earns_nothing: Array<NothingView>, ceiling: CeilingView, 
/**
 * Where the affiliate bills: what it passes on of a month's bill.
 */
passed_on: PassedOnView | null, months: Array<MonthAhead>, 
/**
 * Each beside the plain case; of more than one, all together as the last.
 */
what_ifs: Array<WhatIfView>, };

export type OfferedView = { 
/**
 * Its description or, without one, its kind.
 */
words: string, amount: Amount, 
/**
 * With the first bill, and never again.
 */
once: boolean, };

export type NothingView = { charge: ChargeView, 
/**
 * `one-time`.
 */
why: string, };

export type CeilingView = { 
/**
 * Counted from 1; none where it holds from the first day.
 */
after_month: number | null, 
/**
 * `After month 24 (31 Dec 2028) an upgrade adds nothing: [...]`
 */
words: string, };

export type PassedOnView = { billed: Amount, remitted: Amount, kept: Amount, words: string, };

export type MonthAhead = { month: MonthName, 
/**
 * What is paid out, or kept by whoever bills.
 */
paid: Amount, held: Amount, 
/**
 * Paid from the first month on.
 */
so_far: Amount, 
/**
 * What reaches the company of the bills paid in the month, where the affiliate bills.
 */
remitted: Amount | null, 
/**
 * The last what-if's, if one is asked.
 */
what_if_paid: Amount | null, what_if_so_far: Amount | null, 
/**
 * Of the highest month's, in thousandths: the window computes nothing.
 */
share: number, what_if_share: number | null, };

export type AccountView = { client: string, client_name: string, entries: Array<AccountRow>, balance: Amount, overdue: Amount, ages: Array<AgeView>, 
/**
 * What was paid too much, invoice by invoice.
 */
credits: Array<CreditView>, };

export type AccountRow = { on: string, 
/**
 * `Invoice 1007`.
 */
words: string, invoice: string, billed: Amount | null, paid: Amount | null, balance: Amount, };

export type CreditView = { invoice: string, number: string, amount: Amount, against: Array<OwedView>, };

export type OwedView = { invoice: string, number: string, owes: Amount, };

export type BankView = { 
/**
 * How a CSV is read; OFX says itself.
 */
mapping: BankMapping | null, 
/**
 * Whether only one order of the days fits.
 */
sure: boolean, columns: Array<BankColumn>, 
/**
 * What came in and is not in the book yet.
 */
receipts: Array<BankReceipt>, 
/**
 * How many receipts are in the book already.
 */
known: number, 
/**
 * How many lines are of money that went out.
 */
others: number, 
/**
 * How many lines stand above the table, or have no day, such as a total.
 */
passed: number, 
/**
 * Why it can't be read so.
 */
problem: string | null, };

export type BankMapping = { delimiter: string, 
/**
 * Columns, counted from 0.
 */
day: number, amount: number, day_order: "year_month_day" | "day_month_year" | "month_day_year", decimal_comma: boolean, };

export type BankColumn = { name: string, 
/**
 * What stands in it first.
 */
example: string, };

export type BankReceipt = { 
/**
 * The id that its payment gets: the same whenever the line is read.
 */
id: string, on: string, 
/**
 * What of the line names the client or its invoice.
 */
who: string, text: string, amount: Amount, };

export type ReconcileView = { month: MonthName, 
/**
 * Whether anything was said of what the company paid.
 */
told: boolean, rows: Array<ReconcileRow>, expected: Amount, paid: Amount, difference: Amount, 
/**
 * What is missing, of the invoices that are short or unpaid.
 */
claim: Amount, 
/**
 * What was paid beyond the rules, invoice by invoice: it is not set off against the claim.
 */
overpaid: Amount, 
/**
 * What the affiliate kept from its remittances and the company does not name: it is not compared.
 */
kept: Amount, 
/**
 * What a table to import may have.
 */
columns: Array<PaidColumn>, };

export type ReconcileRow = { 
/**
 * None of one that the book does not know.
 */
invoice: string | null, number: string, client_name: string, state: "correct" | "short" | "unpaid" | "unexpected", expected: Amount, paid: Amount, difference: Amount, 
/**
 * Why the rules say what they say.
 */
evidence: string, };

export type PaidColumn = { 
/**
 * `the number of the invoice`.
 */
is: string, 
/**
 * The names that it may have.
 */
names: Array<string>, needed: boolean, };

export type TypedPaid = { number: string, client: string, 
/**
 * Empty is nothing.
 */
amount: string, };

export type BillingAsked = { 
/**
 * Who bills.
 */
affiliate: string, 
/**
 * `2026-12`, `2026-Q4` or `2026`.
 */
period: string, 
/**
 * `2026-12-01`.
 */
issued_on: string, 
/**
 * `30`.
 */
days_to_pay: string, 
/**
 * The first invoice's number; empty for the one after the newest.
 */
first_number: string, 
/**
 * A share of the charges, such as `0.0825`; empty for none.
 */
tax_rate: string, 
/**
 * Contracts that are left out.
 */
left_out: Array<string>, };

export type BillingView = { 
/**
 * `December 2026`.
 */
period: string, bills: Array<BillRow>, skipped: Array<SkippedRow>, net: Amount, tax: Amount, total: Amount, 
/**
 * What the affiliate's own prices bring in all, if any of the bills has one.
 */
margin: Amount | null, };

export type BillRow = { contract: string, client: string, client_name: string, number: string, period_start: string, period_end: string, due_on: string, 
/**
 * As the client pays them.
 */
charges: Array<ChargeView>, net: Amount, tax: Amount, total: Amount, 
/**
 * Where the affiliate has a price of its own: what the company charges for it, without tax.
 */
cost: Amount | null, margin: Amount | null, };

export type SkippedRow = { contract: string, client_name: string, 
/**
 * `Billed already, on 1007: 1 Dec 2026 to 31 Dec 2026.`
 */
why: string, 
/**
 * Whether it can be billed after all: it was only left out.
 */
left_out: boolean, };

export type ClientPays = { amount: Amount, cost: Amount, margin: Amount, 
/**
 * The affiliate's own prices, in the order of their days.
 */
prices: Array<PriceView>, };

export type PriceView = { id: string, 
/**
 * `2025-12-03`.
 */
effective_on: string, 
/**
 * A month.
 */
amount: Amount, 
/**
 * Whether it is what the client pays now.
 */
in_force: boolean, };

export type OwnBillView = { affiliate: string, 
/**
 * As the client reads them.
 */
lines: Array<ChargeView>, tax: Amount, total: Amount, 
/**
 * What the affiliate's own price brings, if the client was billed at one.
 */
margin: Amount | null, 
/**
 * The commission, once all is remitted.
 */
commission: Amount, received: Amount, owes: Amount, 
/**
 * What the client has paid too much.
 */
credit: Amount, written_off: Amount, entries: Array<OwnEntryView>, };

export type OwnEntryView = { id: string, kind: "refunded" | "written_off", on: string, amount: Amount, };

export type OwnEffect = { rows: Array<OwnEffectRow>, words: string, };

export type OwnEffectRow = { 
/**
 * `Client pays a month`.
 */
words: string, before: Amount, after: Amount, };

export type CockpitView = { 
/**
 * By name.
 */
rows: Array<CockpitRow>, sums: CockpitSums, 
/**
 * What clients owe: current, 1 to 30 days overdue, and so on.
 */
ages: Array<AgeView>, 
/**
 * What to do, most pressing first.
 */
remit: Array<RemitView>, 
/**
 * Whether the affiliate keeps its commission, and remits the rest.
 */
net: boolean, };

export type CockpitRow = { client: string, client_name: string, sums: CockpitSums, 
/**
 * What it owes, by how long that is overdue.
 */
ages: Array<AgeView>, };

export type CockpitSums = { billed: Amount, received: Amount, 
/**
 * What is still to come from the client.
 */
owes: Amount, overdue: Amount, 
/**
 * What the client has paid too much.
 */
credit: Amount, 
/**
 * What the company is to have of it, in all; under a net agreement without the commission.
 */
for_company: Amount, remitted: Amount, 
/**
 * What is still to be passed on, whether or not the client has paid.
 */
to_remit: Amount, 
/**
 * What the company has got beyond what it is to have.
 */
remitted_over: Amount, 
/**
 * The commission on what has been remitted in full: kept under a net agreement, else paid out by the company.
 */
commission: Amount, 
/**
 * What the affiliate's own prices bring beyond what the company charges, without tax. It is no commission.
 */
margin: Amount, 
/**
 * Bad debt.
 */
written_off: Amount, };

export type RemitView = { invoice: string, number: string, client_name: string, amount: Amount, due_on: string, late: boolean, 
/**
 * `Remit 900.00 for invoice 1007 by Friday, 5 Dec 2025.`
 */
words: string, 
/**
 * Why, and why then.
 */
reason: string, };

export type BillerView = { letterhead: Letterhead, 
/**
 * As a `data:` URL.
 */
logo: string | null, 
/**
 * The name of the signed agreement's file.
 */
agreement: string | null, };

export type Letterhead = { 
/**
 * Line by line.
 */
address: string, 
/**
 * Where the money goes, line by line.
 */
pay_to: string, 
/**
 * `Sales tax`.
 */
tax_label: string, 
/**
 * A share of the charges, `0.0825`; empty for none.
 */
tax_rate: string, 
/**
 * `30`.
 */
days_to_pay: string, };

export type ForecastAsked = { 
/**
 * 12 to 36.
 */
months: number, 
/**
 * Every contract pays this share from now on: `0.08`.
 */
rate?: string | null, 
/**
 * Every contract costs this share less: `0.075`.
 */
smaller_by?: string | null, 
/**
 * The client that leaves now.
 */
leaves?: string | null, 
/**
 * Everybody who is late pays now.
 */
cured: boolean, };

export type ForecastView = { from: MonthName, to: MonthName, months: Array<MonthAhead>, 
/**
 * What is paid out or kept in all of them.
 */
paid: Amount, 
/**
 * What is still held at the end.
 */
held: Amount, 
/**
 * How many contracts go on.
 */
contracts: number, 
/**
 * Each alone beside the plain forecast; of more than one, all together as the last.
 */
what_ifs: Array<ForecastWhatIf>, };

export type ForecastWhatIf = { 
/**
 * `Every contract pays 8%`.
 */
title: string, words: string, paid: ComparedView, held: ComparedView, };

export type WhatIfView = { 
/**
 * `Pays 20 days late`.
 */
title: string, words: string, first_paid: MonthName | null, first_year: ComparedView, term: ComparedView | null, 
/**
 * Of all months that are looked at.
 */
all: ComparedView, };

export type ComparedView = { plain: Amount, what_if: Amount, difference: Amount, };

export type QuotesView = { rows: Array<QuoteRow>, };

export type QuoteRow = { id: string, version: number, prospect: string, affiliate_name: string, quoted_on: string, valid_until: string, monthly: Amount, once: Amount, state: "draft" | "sent" | "accepted" | "declined" | "lapsed", 
/**
 * `Sent, valid until 30 Jan 2027`.
 */
words: string, };

export type QuotePage = { row: QuoteRow, 
/**
 * As the exchange format writes it, for the form.
 */
quote: Record<string, unknown>, 
/**
 * The newest first.
 */
versions: Array<QuoteVersion>, 
/**
 * The client that the accepted one is of.
 */
client: string | null, 
/**
 * The contract that the accepted one became.
 */
contract: string | null, };

export type QuoteVersion = { version: number, quoted_on: string, monthly: Amount, once: Amount, term_months: number, 
/**
 * `10%`.
 */
rate: string, };

export type AcceptanceView = { 
/**
 * A part of a book as [`Desk::record`] takes it.
 */
document: Record<string, unknown>, 
/**
 * `Harbor Dental is registered since 3 Jan 2027: the contract is under that referral.`
 */
words: string, 
/**
 * The client that the prospect is, where the book has it.
 */
known: KnownClient | null, };

export type KnownClient = { id: string, name: string, };

export type ReferralsView = { rows: Array<ReferralRow>, total: number, };

export type ReferralRow = { id: string, client: string, client_name: string, affiliate: string, affiliate_name: string, 
/**
 * `2025-12-03`.
 */
registered_on: string, stage: "registered" | "contract" | "lapsed", 
/**
 * Whether it was registered in the window, which seals a receipt.
 */
has_receipt: boolean, };

export type ContractCard = { id: string, referral: string, affiliate: string, affiliate_name: string, 
/**
 * `10%`.
 */
rate: string, billed_by: "company" | "affiliate", term_months: number, 
/**
 * In the order of their days.
 */
events: Array<ContractEvent>, 
/**
 * The reference: what a month's base is at most after the original term.
 */
original: Amount, 
/**
 * What is in force today.
 */
current: Amount, 
/**
 * The base of a month that starts today.
 */
paid_on: Amount, 
/**
 * `paid_on` × rate.
 */
commission: Amount, 
/**
 * The largest of the three amounts is 1000.
 */
original_share: number, current_share: number, paid_on_share: number, 
/**
 * Why `paid_on` is what it is.
 */
words: string, 
/**
 * What was signed beside what earns: a setup fee, consulting.
 */
besides: Array<ChargeView>, 
/**
 * What the client pays an affiliate that bills it itself.
 */
client_pays: ClientPays | null, };

export type ContractEvent = { 
/**
 * `2025-12-03`.
 */
on: string, kind: "signed" | "starts" | "change" | "term_ends" | "ended" | "today", words: string, 
/**
 * Where it stands between the first event and the last, in thousandths.
 */
at: number, };

export type ChangeEffect = { rows: Array<EffectRow>, 
/**
 * `After the original term an upgrade adds nothing: the base stays 1,000.00.`
 */
words: string, };

export type EffectRow = { 
/**
 * `Until 30 Nov 2025`, `From 1 Dec 2025`.
 */
when: string, billed: Amount, base: Amount, commission: Amount, };

export type InvoicesView = { rows: Array<InvoiceRow>, total: number, 
/**
 * Of all open invoices: current, 1-30, 31-60, 61-90, over 90 days.
 */
ages: Array<AgeView>, };

export type InvoiceRow = { id: string, number: string, client: string, client_name: string, issued_on: string, due_on: string, total: Amount, 
/**
 * What is still to be received.
 */
open: Amount, state: "paid" | "part_paid" | "open" | "overdue" | "voided", days_overdue: number, };

export type AgeView = { 
/**
 * `1 to 30 days`.
 */
words: string, amount: Amount, count: number, };

export type InvoicePage = { row: InvoiceRow, 
/**
 * Why it was voided, if it was.
 */
voided: string | null, contract: string | null, billed_by: "company" | "affiliate", period_start: string, period_end: string, lines: Array<ChargeView>, tax: Amount, 
/**
 * Payments, refunds, credit notes, remittances, in the order of their days.
 */
facts: Array<FactView>, 
/**
 * How it stands with the client, where the affiliate bills.
 */
own: OwnBillView | null, received: Amount, 
/**
 * Received beyond what is owed.
 */
over: Amount, 
/**
 * The months whose statements can be asked why, newest first.
 */
told_in: Array<string>, };

export type ChargeView = { kind: "hosting" | "managed_service" | "setup" | "consulting" | "other", description: string, amount: Amount, earns: boolean, };

export type FactView = { kind: "payment" | "refund" | "credit_note" | "remittance", id: string, on: string, amount: Amount, };

export type TypedReceipt = { 
/**
 * A part of a client's name, or an invoice's number.
 */
who: string, amount: string, 
/**
 * `2025-12-03`.
 */
on: string, 
/**
 * The client that was picked, where several fit; empty before.
 */
client: string, };

export type MatchedReceipt = { 
/**
 * The client, once there is no doubt.
 */
client: string | null, client_name: string, 
/**
 * The clients to choose from, where several fit: id and name.
 */
candidates: Array<CandidateView>, 
/**
 * Oldest due first; what is over goes to the last.
 */
parts: Array<MatchedPart>, 
/**
 * Of the amount, what pays nothing that is open.
 */
over: Amount | null, 
/**
 * What is wrong, and with which field: `who`, `amount`, `on`.
 */
problem: { at: string, message: string } | null, };

export type CandidateView = { id: string, name: string, };

export type MatchedPart = { invoice: string, number: string, due_on: string, 
/**
 * Payment, or remittance where the affiliate bills.
 */
kind: "payment" | "remittance", open: Amount, 
/**
 * What this receipt pays of it.
 */
pays: Amount, 
/**
 * What stays open after it.
 */
leaves: Amount, };

export type ClientsView = { rows: Array<ClientRow>, 
/**
 * How many there are in all.
 */
total: number, };

export type ClientRow = { id: string, name: string, 
/**
 * Who referred it last.
 */
affiliate_name: string, stage: string | null, 
/**
 * What its contracts in force come to a month.
 */
monthly: Amount, 
/**
 * What it has to pay.
 */
open: Amount, overdue: Amount, };

export type ClientPage = { id: string, name: string, domains: Array<string>, customer_since: string | null, referrals: Array<ReferralRow>, contracts: Array<ContractCard>, 
/**
 * Newest first.
 */
invoices: Array<InvoiceRow>, 
/**
 * What closed statements paid or let an affiliate keep, in all.
 */
earned: Amount, open: Amount, overdue: Amount, 
/**
 * Newest first.
 */
notes: Array<NoteView>, };

export type NoteView = { id: string, text: string, 
/**
 * `2025-12-03`.
 */
written_on: string, };

export type AffiliatesView = { rows: Array<AffiliateRow>, total: number, };

export type AffiliateRow = { id: string, name: string, agreement_signed_on: string | null, remittance: "in_full" | "net_of_commission", 
/**
 * Clients with a live referral.
 */
clients: number, 
/**
 * Of the year of the newest closed month.
 */
year_payable: Amount, year_payout: Amount, };

export type AffiliatePage = { row: AffiliateRow, own_companies: Array<string>, domains: Array<string>, year: YearView, 
/**
 * What closed months paid out or carried, newest first.
 */
payouts: Array<PayoutView>, 
/**
 * Newest first, at most 100.
 */
referrals: Array<ReferralRow>, };

export type PayoutView = { month: MonthName, payable: Amount, payout: Amount, carried_forward: Amount, };

export type TermsPage = { company: string, phone: string, currency: string, 
/**
 * A PNG as a `data:` URL.
 */
logo: string | null, 
/**
 * Newest first; the last is what the programme began with.
 */
versions: Array<VersionView>, 
/**
 * How far months are closed, so that a form can say which months a change reaches.
 */
closed_through: string | null, };

export type VersionView = { 
/**
 * `None`: what the programme began with.
 */
effective_on: string | null, in_force: boolean, 
/**
 * The choices in force from that day, those that this version made first.
 */
choices: Array<ChoiceView>, };

export type ChoiceView = { name: "standard_rate" | "maximum_rate" | "in_term_changes" | "minimum_payout", 
/**
 * `10%`, `Follow the contract`.
 */
value: string, 
/**
 * What it means, in a sentence.
 */
means: string, 
/**
 * With figures.
 */
example: string, 
/**
 * Whether this version made it, or an earlier one.
 */
made_here: boolean, };

export type RecordedView = { 
/**
 * The ids that were given: `new:client` is `C46`.
 */
ids: { [key in string]: string }, };

export type Doubt = { 
/**
 * `invoices[0].period_start`.
 */
at: string, message: string, };

export type CheckView = { problems: Array<{ code: string, at: string, message: string }>, near_misses: Array<string>, 
/**
 * To confirm, beside their fields.
 */
doubts: Array<Doubt>, };

export type NewBook = { owner: "office" | "affiliate", 
/**
 * The programme's company: `NetSource`.
 */
company: string, phone: string, 
/**
 * ISO 4217: `USD`.
 */
currency: string, 
/**
 * The affiliate's own, where it is its book.
 */
name: string, own_companies: Array<string>, domains: Array<string>, };

export type Code = "not_a_book" | "no_book" | "exists" | "wrong_passphrase" | "wrong_recovery_code" | "mistyped_recovery_code" | "no_such_way" | "last_way" | "too_soon" | "keychain_missing" | "keychain_locked" | "keychain_denied" | "keychain_silent" | "keychain_empty" | "keychain_wrong_key" | "keychain_failed" | "reopen" | "in_use" | "newer" | "older_copy" | "unproven" | "damaged" | "disk_full" | "read_only" | "backup_failed" | "empty_book" | "refused" | "unknown_record" | "needed" | "month_closed" | "month_open" | "month_not_over" | "not_the_newest" | "reason_missing" | "cancelled" | "failed";

export type DeskError = { code: Code, 
/**
 * What happened with the value in quotes, then one hint.
 */
message: string, 
/**
 * What is wrong with which field of a form or a file.
 */
fields: Array<{ code: string, at: string, message: string }>, };
