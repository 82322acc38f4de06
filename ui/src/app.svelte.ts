// What the window shows: which book, which page, and the last thing that was said.
import { asError, cancelClosing, closeBook, keepUnsaved, lockBook, months, recordOf, start, undo, undoOffered, unsaved } from "./desk/commands";
import type { BookView, DeskError, DoorView, Locked, MonthName, MonthsView } from "./desk/types.gen";
import { keepAll } from "./shared/keeping";

export type Page =
  | { name: "overview" }
  | { name: "referrals" }
  | { name: "quotes" }
  | { name: "forecast" }
  | { name: "quote"; id: string }
  | { name: "clients" }
  | { name: "client"; id: string }
  | { name: "invoices"; only?: "open" | "overdue" }
  | { name: "invoice"; id: string }
  | { name: "receipts" }
  | { name: "billing" }
  | { name: "reconcile" }
  | { name: "account"; affiliate: string; client: string }
  | { name: "month" }
  | { name: "statement"; affiliate: string }
  | { name: "affiliates" }
  | { name: "affiliate"; id: string }
  | { name: "terms" }
  | { name: "import" }
  | { name: "keys" }
  | { name: "backups" };

/** What a page shall open, once it is there. */
export type Wanted = "referral" | "client" | "invoice" | "affiliate" | "terms" | "adjustment" | "close";

/** What was said is read before a page that is left at once takes it away. */
const READ_MS = 1500;

/** Where the book was locked, as it is kept inside it. */
type Place = { page: Page; month: string | null; trail: Page[] };
const PLACE = "place where it was locked";

class App {
  book = $state<BookView | null>(null);
  months = $state<MonthsView>({ months: [], open: null });
  month = $state<MonthName | null>(null);
  page = $state<Page>({ name: "overview" });
  /** The form that was asked for from elsewhere: the page that has it opens it, and sets this to null. */
  wanted = $state<Wanted | null>(null);
  /** What was done, in a sentence. */
  said = $state("");
  /** Whether an undo takes back what was said. */
  saidUndoable = $state(false);
  error = $state<DeskError | null>(null);
  /** What an undo would take back, in words. */
  undoable = $state<string | null>(null);
  /** Counts what was changed, so that a page knows when to look anew. */
  changes = $state(0);
  paletteOpen = $state(false);
  helpOpen = $state(false);
  /** A quote is written although no book is open. */
  quoting = $state(false);
  /** What was typed of it: kept here until a book is opened, or it is thrown away. */
  unkept: object | null = null;
  /** Whose direct billing was looked at last in this book. */
  biller = "";
  /** The door that was asked for: the doors open it, and set this to null. */
  door = $state<"start" | "open" | null>(null);
  /** The book that is offered first at the doors. */
  known = $state<DoorView | null>(null);
  /** Whether it was come to from elsewhere, and not shut a moment ago. */
  arrived = $state(true);
  /** Nothing of the book is drawn any more. */
  locking = $state(false);
  private trail: Page[] = [];
  private saidAt = 0;

  async opened(book: BookView) {
    const place = book.sample ? null : await placeOfLocking();
    this.book = book;
    this.page = this.unkept ? { name: "quote", id: "" } : (place?.page ?? { name: "overview" });
    this.quoting = false;
    this.trail = place?.trail ?? [];
    this.month = null;
    this.wanted = null;
    this.biller = "";
    this.say("");
    await this.refresh();
    this.month = this.months.months.find((one) => one.month === place?.month) ?? this.month;
  }

  /** Locks the book, once what was typed is kept inside it. The window begins anew then. */
  async lock(why: Locked = "asked") {
    if (!this.book || this.book.sample || this.locking) return;
    // What is typed is kept in the book: not after all the months that are still being closed.
    void cancelClosing().catch(() => undefined);
    const place: Place = { page: this.page, month: this.month?.month ?? null, trail: this.trail };
    await Promise.all([keepAll(), keepUnsaved(PLACE, JSON.stringify(place)).catch(() => undefined)]);
    this.locking = true;
    const done = await this.try(async () => { await lockBook(why); return true; });
    if (!done) this.locking = false;
  }

  /** Takes anew what depends on the book, and stays with the month shown as long as there is one. */
  async refresh() {
    await this.try(async () => {
      [this.months, this.undoable] = await Promise.all([months(), undoOffered()]);
      this.month = this.months.months.find((one) => one.month === this.month?.month) ?? this.months.open;
      this.changes += 1;
    });
  }

  say(words: string) {
    this.said = words;
    this.saidUndoable = false;
    this.saidAt = performance.now();
  }

  /** Something was recorded: says so, offers to take it back, and has the page look anew. */
  async done(words: string) {
    await this.refresh();
    this.say(`${words}.`);
    this.saidUndoable = this.undoable !== null;
  }

  async undo() {
    const undone = await this.try(undo);
    if (undone === undefined) return;
    await this.leaveWhatIsGone();
    await this.refresh();
    this.say(`Undone: ${undone}.`);
  }

  go(page: Page, wanted: Wanted | null = null) {
    this.trail.push(this.page);
    this.turn(page);
    this.wanted = wanted;
  }

  /** To the page before, or to the overview. */
  back() {
    this.turn(this.trail.pop() ?? { name: "overview" });
    this.wanted = null;
  }

  private turn(page: Page) {
    this.page = page;
    this.error = null;
    if (performance.now() - this.saidAt > READ_MS) this.say("");
  }

  /** The page of a record that an undo took back is left. */
  private async leaveWhatIsGone() {
    if (!("id" in this.page) || !this.page.id) return;
    const there = await recordOf(this.page.name, this.page.id).then(() => true, () => false);
    if (!there) this.back();
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

  /** To a month by its name in figures, `2025-12`. */
  showMonth(name: string) {
    const month = this.months.months.find((one) => one.month === name);
    if (month) this.show(month);
  }

  async leave() {
    this.known = (await this.try(closeBook)) ?? null;
    this.arrived = false;
    this.book = null;
    this.page = { name: "overview" };
    this.trail = [];
    this.months = { months: [], open: null };
    this.month = null;
    this.wanted = null;
    this.undoable = null;
    this.paletteOpen = false;
    this.helpOpen = false;
    this.say("");
  }

  /** What failed after it had closed the book is said at the door; a book that is still open stays open. */
  async fellShut(why: DeskError | null) {
    if (!this.book || (await start()).book) return;
    await this.leave();
    this.error = why;
  }

  /** To another book: the one that is open is closed first. */
  async to(door: "start" | "open") {
    if (this.book) await this.leave();
    this.quoting = false;
    this.door = door;
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

/** Where the book was when it was locked, once. */
async function placeOfLocking(): Promise<Place | null> {
  const kept = await unsaved(PLACE).catch(() => null);
  if (!kept) return null;
  await keepUnsaved(PLACE, "").catch(() => undefined);
  return JSON.parse(kept) as Place;
}

export const app = new App();
