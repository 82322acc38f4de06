// What the window shows: which book, which page, and the last thing that was said.
import { asError, closeBook, months } from "./desk/commands";
import type { BookView, DeskError, MonthName, MonthsView } from "./desk/types.gen";

export type Page = { name: "month" } | { name: "statement"; affiliate: string } | { name: "import" };

class App {
  book = $state<BookView | null>(null);
  months = $state<MonthsView>({ months: [], open: null });
  month = $state<MonthName | null>(null);
  page = $state<Page>({ name: "month" });
  /** What was done, in a sentence. */
  said = $state("");
  error = $state<DeskError | null>(null);
  paletteOpen = $state(false);

  async opened(book: BookView) {
    this.book = book;
    this.page = { name: "month" };
    this.month = null;
    this.said = "";
    await this.refresh();
  }

  /** Takes the months anew, and stays with the month shown as long as there is one. */
  async refresh() {
    await this.try(async () => {
      this.months = await months();
      this.month = this.month ?? this.months.open;
      if (!this.months.open) this.page = { name: "import" };
    });
  }

  go(page: Page) {
    this.page = page;
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
