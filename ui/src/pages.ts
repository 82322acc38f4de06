// Which component shows which page. All but the overview are read when they are first gone to: the start is quick.
import type { Component } from "svelte";
import { app, type Page } from "./app.svelte";
import Overview from "./features/overview/Overview.svelte";

/** A component with what it is given, and a key: the same key is the same page with other contents. */
export type Shown = { key: string; component: Component<Record<string, unknown>>; props: Record<string, unknown> };

export const overview = shown("overview", Overview, {});

/** The page's component; at once where it was shown before. */
export async function find(page: Page): Promise<Shown> {
  const { name } = page;
  switch (name) {
    case "overview": return overview;
    case "referrals": return shown(name, (await import("./features/referrals/Referrals.svelte")).default, {});
    case "quotes": return shown(name, (await import("./features/quotes/Quotes.svelte")).default, {});
    case "account": return shown(`${name} ${page.affiliate} ${page.client}`, (await import("./features/billing/Account.svelte")).default, { affiliate: page.affiliate, client: page.client });
    case "reconcile": return shown(name, (await import("./features/reconcile/Reconcile.svelte")).default, {});
    case "billing": return shown(name, (await import("./features/billing/Billing.svelte")).default, {});
    case "forecast": return shown(name, (await import("./features/forecast/Forecast.svelte")).default, {});
    case "quote": return shown(`${name} ${page.id}`, (await import("./features/quotes/Quote.svelte")).default, { id: page.id });
    case "clients": return shown(name, (await import("./features/clients/Clients.svelte")).default, {});
    case "client": return shown(`${name} ${page.id}`, (await import("./features/clients/Client.svelte")).default, { id: page.id });
    case "invoices": return shown(`${name} ${page.only ?? "all"}`, (await import("./features/invoices/Invoices.svelte")).default, page.only ? { only: page.only } : {});
    case "invoice": return shown(`${name} ${page.id}`, (await import("./features/invoices/Invoice.svelte")).default, { id: page.id });
    case "receipts": return shown(name, (await import("./features/invoices/Receipts.svelte")).default, {});
    case "affiliates": return shown(name, (await import("./features/affiliates/Affiliates.svelte")).default, {});
    case "affiliate": return shown(`${name} ${page.id}`, (await import("./features/affiliates/Affiliate.svelte")).default, { id: page.id });
    case "terms": return shown(name, (await import("./features/terms/Terms.svelte")).default, {});
    case "import": return shown(name, (await import("./features/import/Import.svelte")).default, {});
    case "backups": return shown(name, (await import("./features/backups/Backups.svelte")).default, {});
    case "month": return shown(name, (await import("./features/statements/Statements.svelte")).default, {});
    case "statement": return ofAffiliate(page.affiliate);
  }
}

/** An affiliate's own book has one statement a month, and no list of it. */
async function ofAffiliate(affiliate: string): Promise<Shown> {
  if (app.book?.own === affiliate) return find({ name: "month" });
  return shown(`statement ${affiliate}`, (await import("./features/statements/Statements.svelte")).default, { affiliate });
}

/** The sidebar's page that a page belongs to. */
export function placeOf({ name }: Page): Page["name"] {
  switch (name) {
    case "quote": return "quotes";
    case "account": return "billing";
    case "client": return "clients";
    case "invoice": case "receipts": return "invoices";
    case "statement": return "month";
    case "affiliate": return "affiliates";
    default: return name;
  }
}

/** Reads ahead what is likely to be gone to, so that it is there at once. */
export function readAhead(): void {
  void import("./features/clients/Clients.svelte");
  void import("./features/clients/Client.svelte");
  void import("./features/referrals/Referrals.svelte");
  void import("./features/invoices/Invoices.svelte");
  void import("./features/statements/Statements.svelte");
}

function shown<Props extends Record<string, unknown>>(key: string, component: Component<Props>, props: Props): Shown {
  return { key, component: component as unknown as Shown["component"], props };
}
