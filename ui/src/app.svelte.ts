// What the window shows: which book, which page, and the last thing that was said.
import { asError, closeBook, months, undo, undoOffered } from "./desk/commands";
import type { BookView, DeskError, MonthName, MonthsView } from "./desk/types.gen";

export type Page =
  | { name: "overview" }
  | { name: "referrals" }
  | { name: "clients" }
  | { name: "client"; id: string }
  | { name: "invoices"; only?: "open" | "overdue" }
  | { name: "invoice"; id: string }
  | { name: "receipts" }
  | { name: "month" }
  | { name: "statement"; affiliate: string }
  | { name: "affiliates" }
  | { name: "affiliate"; id: string }
  | { name: "terms" }
  | { name: "import" };

class App {
  book = $state<BookView | null>(null);
  months = $state<MonthsView>({ months: [], open: null });
  month = $state<MonthName | null>(null);
  page = $state<Page>({ name: "overview" });
  /** What was done, in a sentence. */
  said = $state("");
  error = $state<DeskError | null>(null);
  /** What an undo would take back, in words. */
  undoable = $state<string | null>(null);
  /** Counts what was changed, so that a page knows when to look anew. */
  changes = $state(0);
  paletteOpen = $state(false);
  private trail: Page[] = [];

  async opened(book: BookView) {
    this.book = book;
    this.page = { name: "overview" };
    this.trail = [];
    this.month = null;
    this.said = "";
    await this.refresh();
  }

  /** Takes anew what depends on the book, and stays with the month shown as long as there is one. */
  async refresh() {
    await this.try(async () => {
      this.months = await months();
      this.month = this.month ?? this.months.open;
      this.undoable = await undoOffered();
      this.changes += 1;
    });
  }

  /** Something was recorded: says so, and has the page look anew. */
  async done(words: string) {
    await this.refresh();
    this.said = `${words}.`;
  }

  async undo() {
    const undone = await this.try(undo);
    if (undone === undefined) return;
    await this.refresh();
    this.said = `Undone: ${undone}.`;
  }

  go(page: Page) {
    this.trail.push(this.page);
    this.page = page;
    this.error = null;
    this.said = "";
  }

  /** To the page before, or to the overview. */
  back() {
    this.page = this.trail.pop() ?? { name: "overview" };
    this.error = null;
    this.said = "";
  }

  /** One month later (1) or earlier (-1), if the book has it. */
  step(by: 1 | -1) {
    const at = this.months.months.findIndex((one) => one.month === this.month?.month);
    // Newest first.
    const next = this.months.months[at - by];
    if (next) this.show(next);
  }

  show(month: MonthName) {
    this.month = month;
    this.go({ name: "month" });
  }

  async leave() {
    await this.try(closeBook);
    this.book = null;
    this.months = { months: [], open: null };
    this.month = null;
    this.said = "";
    this.undoable = null;
  }

  /** Does something, and shows what it was refused with. */
  async try<T>(action: () => Promise<T>): Promise<T | undefined> {
    this.error = null;
    try {
      return await action();
    } catch (thrown) {
      this.error = asError(thrown);
      return undefined;
    }
  }
}

export const app = new App();
