// Everything that can be done without a record at hand, once: for the palette, the keyboard and the window's menu.
import { app, type Page, type Wanted } from "../app.svelte";
import { inDialog } from "./keys";

export type Action = {
  /** As a menu names it. */
  id: string;
  words: string;
  /** `mod+k`; `mod` is Ctrl, or ⌘ on a Mac. */
  keys?: string;
  run: () => void;
};

export type Place = Action & { page: Page };

/** The pages of the sidebar, in its order. */
export function places(): Place[] {
  const own = app.book?.own;
  const agreement: Page = own ? { name: "affiliate", id: own } : { name: "affiliates" };
  const all: [string, Page][] = [
    ["Overview", { name: "overview" }],
    ["Referrals", { name: "referrals" }],
    ["Quotes", { name: "quotes" }],
    ["Clients", { name: "clients" }],
    ["Invoices and payments", { name: "invoices" }],
    ["Direct billing", { name: "billing" }],
    ["Statements", { name: "month" }],
    ["What was really paid", { name: "reconcile" }],
    ["Forecast", { name: "forecast" }],
    [own ? "My agreement" : "Affiliates", agreement],
    ["Terms", { name: "terms" }],
    ["Import and export", { name: "import" }],
    ["Backups", { name: "backups" }],
  ];
  return all.map(([words, page], index) => ({ id: `go-${page.name === "affiliate" ? "affiliates" : page.name}`, words, ...(index < 9 ? { keys: `mod+${index + 1}` } : {}), page, run: () => app.go(page) }));
}

/** All that can be done now. */
export function actions(): Action[] {
  return app.book ? [...records(), ...places(), ...lists(), ...always(), ...doors()] : doors();
}

function records(): Action[] {
  const own = app.book?.own ?? null;
  const form = (id: string, words: string, page: Page, wanted: Wanted): Action => ({ id, words, run: () => app.go(page, wanted) });
  return [
    form("register-referral", "Register a referral", { name: "referrals" }, "referral"),
    { id: "enter-payments", words: "Enter payments", keys: "mod+e", run: () => app.go({ name: "receipts" }) },
    { id: "quote", words: "Quote a payout", run: () => app.go({ name: "quote", id: "" }) },
    form("add-client", "Add a client", { name: "clients" }, "client"),
    form("enter-invoice", "Enter an invoice", { name: "invoices" }, "invoice"),
    ...(own ? [] : [form("add-affiliate", "Add an affiliate", { name: "affiliates" }, "affiliate")]),
    form("change-terms", "Change the terms", { name: "terms" }, "terms"),
    ...month(own),
  ];
}

/** Closing the open month, and adjusting the statement that is shown or the only one. */
function month(own: string | null): Action[] {
  const open = app.months.open;
  if (!open) return [];
  const there = (page: Page, wanted: Wanted) => () => {
    app.month = open;
    app.go(page, wanted);
  };
  const affiliate = own ?? (app.page.name === "statement" ? app.page.affiliate : null);
  const close: Action = { id: "close-month", words: `Close ${open.words}…`, run: there({ name: "month" }, "close") };
  if (!affiliate) return [close];
  return [close, { id: "adjust", words: `Adjust the statement of ${open.words}…`, run: there({ name: "statement", affiliate }, "adjustment") }];
}

function lists(): Action[] {
  return [
    { id: "open-invoices", words: "Open invoices", run: () => app.go({ name: "invoices", only: "open" }) },
    { id: "overdue-invoices", words: "Overdue invoices", run: () => app.go({ name: "invoices", only: "overdue" }) },
  ];
}

function always(): Action[] {
  return [
    ...(app.undoable ? [{ id: "undo", words: `Undo: ${app.undoable}`, keys: "mod+z", run: () => void app.undo() }] : []),
    { id: "help", words: "Keyboard", keys: "?", run: () => (app.helpOpen = true) },
    { id: "close-book", words: app.book?.sample ? "Leave the sample" : "Close the book", run: () => void app.leave() },
  ];
}

function doors(): Action[] {
  return [
    { id: "start-book", words: "Start a book…", run: () => void app.to("start") },
    { id: "open-book", words: "Open a book…", run: () => void app.to("open") },
    ...(app.book ? [] : [{ id: "quote", words: "Quote a payout", run: () => void (app.quoting = true) }]),
  ];
}

/** Does what the menu names, if it can be done now. */
export function act(id: string): void {
  if (inDialog()) return;
  actions().find((action) => action.id === id)?.run();
}
