// A part of a book in the exchange format refbook/1, as a form writes it. Rust checks every word of it; amounts, rates and days are text.
// A record that is new has `new:client` and the like for its id, and so does whatever refers to it.

export type ChargeKind = "hosting" | "managed_service" | "setup" | "consulting" | "other";
export type Charge = { kind: ChargeKind; description: string; amount: string };

export type Programme = {
  company: string; phone: string; currency: string; standard_rate: string; maximum_rate: string;
  in_term_changes: "follow_contract" | "hold_original"; minimum_payout: string;
};
export type Terms = { effective_on: string } & Partial<Pick<Programme, "standard_rate" | "maximum_rate" | "in_term_changes" | "minimum_payout">>;
export type Affiliate = {
  id: string; name: string; own_companies: string[]; domains: string[]; agreement_signed_on: string | null; remittance: "in_full" | "net_of_commission";
};
export type Client = { id: string; name: string; domains: string[]; customer_since: string | null };
export type Referral = { id: string; affiliate: string; client: string; registered_on: string };
export type Change = { effective_on: string; lines: Charge[] };
export type Contract = {
  id: string; referral: string; signed_on: string; starts_on: string; term_months: number; ended_on: string | null; rate: string;
  billed_by: "company" | "affiliate"; lines: Charge[]; changes: Change[];
};
export type Invoice = {
  id: string; number: string; client: string; contract: string | null; issued_on: string; due_on: string; period_start: string;
  period_end: string; lines: Charge[]; tax: string;
};
export type Payment = { id: string; invoice: string; received_on: string; amount: string };
export type Refund = { id: string; invoice: string; refunded_on: string; amount: string };
export type CreditNote = { id: string; invoice: string; issued_on: string; lines: Charge[] };
export type Remittance = { id: string; invoice: string; received_on: string; amount: string };
export type Adjustment = { id: string; affiliate: string; month: string; amount: string; reason: string };

export type Quote = {
  id: string; version: number; prospect: string; domains: string[]; affiliate: string | null; quoted_on: string; valid_until: string; lines: Charge[];
  term_months: number; starts_on: string; rate: string; billed_by: Contract["billed_by"]; remittance: Affiliate["remittance"]; days_to_pay: number;
  stage: "draft" | "sent" | "accepted" | "declined"; contract: string | null;
};

/** What a client pays an affiliate that bills it, from a day on; what happened between the two alone. */
export type OwnPrice = { id: string; contract: string; effective_on: string; lines: Charge[] };
export type OwnEntry = { id: string; invoice: string; kind: "refunded" | "written_off"; on: string; amount: string };

export type BookDocument = {
  programme?: Programme; terms?: Terms[]; affiliates?: Affiliate[]; clients?: Client[]; referrals?: Referral[]; contracts?: Contract[];
  invoices?: Invoice[]; payments?: Payment[]; refunds?: Refund[]; credit_notes?: CreditNote[]; remittances?: Remittance[]; adjustments?: Adjustment[];
  quotes?: Quote[]; own_prices?: OwnPrice[]; own_entries?: OwnEntry[];
};
