// The only TypeScript that names @tauri-apps: each command of the window's, by its name in Rust.
import { Channel, invoke } from "@tauri-apps/api/core";
import type {
  BookView, DeskError, ImportView, MonthView, MonthsView, PreviewView, PrintedSoFar, SavedView, Start, StatementPage, VerifiedView, WhyView,
} from "./types.gen";

export const start = () => invoke<Start>("start");
export const show = () => invoke<void>("show");
export const lookAround = () => invoke<BookView>("look_around");
export const chooseBook = () => invoke<string | null>("choose_book");
export const openBook = (passphrase: string, acceptOlder: boolean) => invoke<BookView>("open_book", { passphrase, acceptOlder });
export const newBook = (passphrase: string) => invoke<BookView | null>("new_book", { passphrase });
export const closeBook = () => invoke<void>("close_book");
export const months = () => invoke<MonthsView>("months");
export const month = (month: string) => invoke<MonthView>("month", { month });
export const statement = (month: string, affiliate: string) => invoke<StatementPage>("statement", { month, affiliate });
export const why = (invoice: string, month: string) => invoke<WhyView>("why", { invoice, month });
export const closeMonth = (month: string) => invoke<void>("close_month", { month });
export const reopenMonth = (month: string, reason: string) => invoke<void>("reopen_month", { month, reason });
export const cancelPrinting = () => invoke<void>("cancel_printing");
export const chooseImport = () => invoke<PreviewView | null>("choose_import");
export const importChosen = () => invoke<ImportView>("import_chosen");
export const exportBook = () => invoke<string | null>("export_book");
export const verifyBook = () => invoke<VerifiedView>("verify_book");

export function printMonth(month: string, affiliate: string | null, letter: boolean, heard: (printed: PrintedSoFar) => void) {
  const progress = new Channel<PrintedSoFar>(heard);
  return invoke<SavedView | null>("print_month", { month, affiliate, letter, progress });
}

/** What a command was refused with; anything else is a fault of ours, in its own words. */
export function asError(thrown: unknown): DeskError {
  if (typeof thrown === "object" && thrown !== null && "code" in thrown) return thrown as DeskError;
  return { code: "failed", message: String(thrown), fields: [] };
}
