// An invoice in words.
import type { Amount, ChargeView, FactView, InvoiceRow, OwnEntryView } from "../../desk/types.gen";
import { figure, plain } from "../../shared/format";

export const KINDS: Record<ChargeView["kind"], string> = {
  hosting: "Hosting", managed_service: "Managed service", setup: "Setup", consulting: "Consulting", other: "Other",
};

export const FACTS: Record<FactView["kind"], string> = { payment: "Payment", refund: "Refund", credit_note: "Credit note", remittance: "Remittance" };

/** What happens between an affiliate and its client alone. */
export const OWN: Record<OwnEntryView["kind"], { title: string; done: string; means: string }> = {
  refunded: { title: "Money given back", done: "Given back", means: "What you give back to the client. The company is not concerned: for what it gives back, record a refund." },
  written_off: { title: "Bad debt", done: "Written off", means: "What the client will never pay. If it pays after all, record the payment: that much is no longer written off." },
};

/** `12 days overdue`. */
export function stateOf({ state, days_overdue }: Pick<InvoiceRow, "state" | "days_overdue">): string {
  switch (state) {
    case "paid": return "Paid";
    case "part_paid": return "Part paid";
    case "open": return "Open";
    case "overdue": return `${days_overdue} ${days_overdue === 1 ? "day" : "days"} overdue`;
    case "voided": return "Voided";
  }
}

/** What was typed as the figure that it means, with as many decimals as `like` has; as it was typed if it is none. */
export function said(typed: string, like: Amount): string {
  const amount = plain(typed).trim();
  if (!/^-?\d+(\.\d+)?$/.test(amount)) return typed.trim();
  const [whole = "", rest = ""] = amount.split(".");
  const decimals = rest.padEnd(like.amount.split(".")[1]?.length ?? 0, "0");
  return figure({ amount: decimals ? `${whole}.${decimals}` : whole, currency: like.currency });
}
