// The only TypeScript that names @tauri-apps: each command of the window's, by its name in Rust.
import { Channel, type InvokeArgs, invoke as exactly } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { BookDocument } from "./book";
import { legible } from "./legible";
import type {
  AcceptanceView, AccountView, BackupRow, BackupsView, RestorePreview, AffiliatePage, AffiliatesView, BankMapping, BankView, BillerView, BillingAsked, BillingView, BookView, BridgeView, ChangeEffect, CheckView, ClientPage, ClientsView, ClosingSoFar, CockpitView, DeskError, DoorView, ForecastAsked, ForecastView, FoundView, ImportView, IssuedView, NewKeyAsks, WayView,
  InvoicePage, InvoicesView, Letterhead, ListQuery, Locked, MatchedReceipt, MonthName, MonthView, MonthsView, NewBook, Overview, OwnEffect, PreviewView, PrintedSoFar, QuotePage, QuoteView, QuotesView, ReconcileView, RecordedView,
  ReferralsView, SavedView, Start, StatementPage, TermsPage, TypedPaid, TypedReceipt, VerifiedView, WhatIfs, WhyView,
} from "./types.gen";

/** What is shown; `exactly` what is recorded again as it stands. */
const invoke = async <T>(command: string, args?: InvokeArgs) => legible(await exactly<T>(command, args));

export const start = () => invoke<Start>("start");
export const show = () => invoke<void>("show");
export const lookAround = () => invoke<BookView>("look_around");
export const chooseBook = () => invoke<DoorView | null>("choose_book");
export const openBook = (passphrase: string, acceptOlder: boolean) => invoke<BookView>("open_book", { passphrase, acceptOlder });
export const openByKeychain = (asked: boolean, acceptOlder: boolean) => invoke<BookView>("open_by_keychain", { asked, acceptOlder });
export const waitAtDoor = () => invoke<number>("wait_at_door");
export const newBook = (passphrase: string, form: NewBook) => invoke<BookView | null>("new_book", { passphrase, form });
export const closeBook = () => invoke<DoorView | null>("close_book");
export const lockBook = (why: Locked) => invoke<void>("lock_book", { why });
export const stirred = () => invoke<void>("stirred");
export const lockAfter = () => invoke<string>("lock_after");
export const chooseLockAfter = (choice: string) => invoke<void>("choose_lock_after", { choice });
export const months = () => invoke<MonthsView>("months");
export const month = (month: string, query: ListQuery) => invoke<MonthView>("month", { month, query });
export const statement = (month: string, affiliate: string) => invoke<StatementPage>("statement", { month, affiliate });
export const why = (invoice: string, month: string) => invoke<WhyView>("why", { invoice, month });
export const cancelClosing = () => invoke<void>("cancel_closing");
export const reopenMonth = (month: string, reason: string) => invoke<void>("reopen_month", { month, reason });
export const cancelPrinting = () => invoke<void>("cancel_printing");
export const chooseImport = () => invoke<PreviewView | null>("choose_import");
export const chooseEverything = () => invoke<PreviewView | null>("choose_everything");
export const importChosen = () => invoke<ImportView>("import_chosen");
export const exportBook = () => invoke<string | null>("export_book");
export const exportEverything = () => invoke<string | null>("export_everything");
export const verifyBook = () => invoke<VerifiedView>("verify_book");
export const record = (words: string, document: BookDocument) => invoke<RecordedView>("record", { words, document: JSON.stringify(document) });
export const check = (document: BookDocument) => invoke<CheckView>("check", { document: JSON.stringify(document) });
export const recordOf = (kind: string, id: string) => exactly<unknown>("record_of", { kind, id });
export const voidRecord = (kind: string, id: string, reason: string) => invoke<void>("void_record", { kind, id, reason });
export const undoOffered = () => invoke<string | null>("undo_offered");
export const undo = () => invoke<string>("undo");
export const search = (text: string) => invoke<FoundView[]>("search", { text });
export const overview = () => invoke<Overview>("overview");
export const bridge = (month: string, affiliate: string | null) => invoke<BridgeView | null>("bridge", { month, affiliate });
export const clients = (query: ListQuery) => invoke<ClientsView>("clients", { query });
export const clientPage = (id: string) => invoke<ClientPage>("client_page", { id });
export const writeNote = (client: string, text: string) => invoke<void>("write_note", { client, text });
export const referrals = (query: ListQuery) => invoke<ReferralsView>("referrals", { query });
export const saveReceipt = (referral: string, letter: boolean) => invoke<string | null>("save_receipt", { referral, letter });
export const changeEffect = (document: BookDocument) => invoke<ChangeEffect>("change_effect", { document: JSON.stringify(document) });
export const invoices = (query: ListQuery) => invoke<InvoicesView>("invoices", { query });
export const invoicePage = (id: string) => invoke<InvoicePage>("invoice_page", { id });
export const matchReceipts = (receipts: TypedReceipt[]) => invoke<MatchedReceipt[]>("match_receipts", { receipts });
export const affiliates = (query: ListQuery) => invoke<AffiliatesView>("affiliates", { query });
export const affiliatePage = (id: string) => invoke<AffiliatePage>("affiliate_page", { id });
export const termsPage = () => invoke<TermsPage>("terms_page");
export const chooseLogo = () => invoke<boolean>("choose_logo");
export const removeLogo = () => invoke<void>("remove_logo");
export const quoteView = (document: BookDocument, whatIfs: WhatIfs) => invoke<QuoteView>("quote_view", { document: JSON.stringify(document), whatIfs });
export const quotes = () => invoke<QuotesView>("quotes");
export const quotePage = (id: string) => invoke<QuotePage>("quote_page", { id });
export const acceptance = (id: string, another: boolean) => invoke<AcceptanceView>("acceptance", { id, another });
export const printQuote = (document: BookDocument, whatIfs: WhatIfs, prospect: boolean, letter: boolean) =>
  invoke<string | null>("print_quote", { document: JSON.stringify(document), whatIfs, prospect, letter });
export const cancelForecast = () => invoke<void>("cancel_forecast");
export const cockpit = (affiliate: string) => invoke<CockpitView>("cockpit", { affiliate });
export const billing = (asked: BillingAsked) => invoke<BillingView>("billing", { asked });
export const bill = (asked: BillingAsked) => invoke<RecordedView>("bill", { asked });
export const ownEffect = (document: BookDocument) => invoke<OwnEffect>("own_effect", { document: JSON.stringify(document) });
export const biller = (affiliate: string) => invoke<BillerView>("biller", { affiliate });
export const setLetterhead = (affiliate: string, letterhead: Letterhead) => invoke<void>("set_letterhead", { affiliate, letterhead });
export const chooseBillerLogo = (affiliate: string) => invoke<boolean>("choose_biller_logo", { affiliate });
export const removeBillerLogo = (affiliate: string) => invoke<void>("remove_biller_logo", { affiliate });
export const chooseAgreement = (affiliate: string) => invoke<boolean>("choose_agreement", { affiliate });
export const removeAgreement = (affiliate: string) => invoke<void>("remove_agreement", { affiliate });
export const saveAgreement = (affiliate: string) => invoke<string | null>("save_agreement", { affiliate });
export const account = (affiliate: string, client: string) => invoke<AccountView>("account", { affiliate, client });
export const setCredit = (from: string, against: string) => invoke<RecordedView>("set_credit", { from, against });
export const printAccount = (affiliate: string, client: string, letter: boolean) => invoke<string | null>("print_account", { affiliate, client, letter });
export const draftReminder = (affiliate: string, client: string, letter: boolean) => invoke<string | null>("draft_reminder", { affiliate, client, letter });
export const chooseBank = () => invoke<BankView | null>("choose_bank");
export const readBank = (mapping: BankMapping, keep: boolean) => invoke<BankView>("read_bank", { mapping, keep });
export const reconcile = (affiliate: string, month: string) => invoke<ReconcileView>("reconcile", { affiliate, month });
export const setPaid = (affiliate: string, month: string, paid: TypedPaid[]) => invoke<void>("set_paid", { affiliate, month, paid });
export const importPaid = (affiliate: string, month: string) => invoke<boolean>("import_paid", { affiliate, month });
export const printClaim = (affiliate: string, month: string, letter: boolean) => invoke<string | null>("print_claim", { affiliate, month, letter });
export const backups = () => invoke<BackupsView>("backups");
export const cancelBackup = () => invoke<void>("cancel_backup");
export const chooseBackupFolder = () => invoke<boolean>("choose_backup_folder");
export const useOwnBackupFolder = () => invoke<void>("use_own_backup_folder");
export const chooseBackup = () => invoke<string | null>("choose_backup");
export const previewRestore = (id: string | null, typed: string) => invoke<RestorePreview>("preview_restore", { id, typed });
export const restore = (id: string | null, typed: string) => invoke<string>("restore", { id, typed });
export const waysIn = () => invoke<WayView[]>("ways_in");
export const addPassphrase = (passphrase: string) => invoke<WayView>("add_passphrase", { passphrase });
export const changePassphrase = (id: number, passphrase: string) => invoke<void>("change_passphrase", { id, passphrase });
export const issueRecoveryCode = () => invoke<IssuedView>("issue_recovery_code");
export const printRecoverySheet = (letter: boolean) => invoke<string | null>("print_recovery_sheet", { letter });
export const confirmRecoveryCode = (typed: string) => invoke<WayView>("confirm_recovery_code", { typed });
export const forgetRecoveryCode = () => invoke<void>("forget_recovery_code");
export const addKeychain = () => invoke<WayView>("add_keychain");
export const removeWayIn = (id: number) => invoke<string | null>("remove_way_in", { id });
export const newKeyAsks = () => invoke<NewKeyAsks>("new_key_asks");
export const newKey = (passphrase: string, recoveryCode: string) => invoke<void>("new_key", { passphrase, recoveryCode });
export const keepUnsaved = (form: string, text: string) => invoke<void>("keep_unsaved", { form, text });
export const unsaved = (form: string) => exactly<string | null>("unsaved", { form });
export const draftLetter = (month: string, affiliate: string, letter: boolean) => invoke<string | null>("draft_letter", { month, affiliate, letter });

/** What was chosen in the window's menu: an action's id. */
export const onMenu = (heard: (id: string) => void) => listen("menu", ({ payload }: { payload: string }) => heard(payload));

/** The book is about to be locked, and why. */
export const onLocking = (heard: (why: Locked) => void) => listen("locking", ({ payload }: { payload: Locked }) => heard(payload));

export function printMonth(month: string, affiliate: string | null, letter: boolean, heard: (printed: PrintedSoFar) => void) {
  const progress = new Channel<PrintedSoFar>(heard);
  return invoke<SavedView | null>("print_month", { month, affiliate, letter, progress });
}

/** `heard` hears of each month that is still to come, before it is closed. */
export function closeThrough(month: string, heard: (so: ClosingSoFar) => void) {
  const progress = new Channel<ClosingSoFar>(heard);
  return invoke<MonthName[]>("close_through", { month, progress });
}

export function backUp(heard: (copied: PrintedSoFar) => void) {
  const progress = new Channel<PrintedSoFar>(heard);
  return invoke<BackupRow>("back_up", { progress });
}

export function forecast(asked: ForecastAsked, heard: (done: PrintedSoFar) => void) {
  const progress = new Channel<PrintedSoFar>(heard);
  return invoke<ForecastView | null>("forecast", { asked, progress });
}

export function printInvoices(affiliate: string, invoices: string[], letter: boolean, heard: (printed: PrintedSoFar) => void) {
  const progress = new Channel<PrintedSoFar>(heard);
  return invoke<SavedView | null>("print_invoices", { affiliate, invoices, letter, progress });
}

/** What a command was refused with; anything else is a fault of ours, in its own words. */
export function asError(thrown: unknown): DeskError {
  if (typeof thrown === "object" && thrown !== null && "code" in thrown) return thrown as DeskError;
  return { code: "failed", message: String(thrown), fields: [] };
}
