// What forms do to a quote as the exchange format writes it. Nothing is computed: amounts, rates and days stay text.
import type { Charge, Contract, Quote } from "../../desk/book";
import type { WhatIfs } from "../../desk/types.gen";
import { daysLater, firstOfMonth, endOfMonthFrom } from "../../shared/days";
import { fraction, percent, plain, today } from "../../shared/format";
import { blankLine, plainLines, shownLines } from "../contracts/contract";

/** What is typed of a quote, and asked of it. */
export type QuoteTyped = {
  prospect: string; domain: string; affiliate: string; affiliate_name: string; quoted_on: string; valid_until: string; lines: Charge[];
  term_months: string; starts_on: string; rate: string; billed_by: Contract["billed_by"]; remittance: Quote["remittance"]; days_to_pay: string;
  days_late: string; leaves_after: string; changes_in: string; changes_to: string;
};

/** How long a quote holds, unless another day is typed. */
const VALID_DAYS = 30;

export function blankQuote(): QuoteTyped {
  const on = today();
  return {
    prospect: "", domain: "", affiliate: "", affiliate_name: "", quoted_on: on, valid_until: daysLater(on, VALID_DAYS), lines: [blankLine()],
    term_months: "24", starts_on: nextMonth(on), rate: "10", billed_by: "company", remittance: "net_of_commission", days_to_pay: "20",
    days_late: "", leaves_after: "", changes_in: "", changes_to: "",
  };
}

/** The first of the month after a day's. */
const nextMonth = (day: string) => daysLater(endOfMonthFrom(firstOfMonth(day)), 1);

/** A quote as it is kept, for the fields. */
export function shownQuote(quote: Quote, affiliateName: string): QuoteTyped {
  const { prospect, domains, affiliate, quoted_on, valid_until, lines, term_months, starts_on, rate, billed_by, remittance, days_to_pay } = quote;
  return {
    ...blankQuote(), prospect, domain: domains.join(", "), affiliate: affiliate ?? "", affiliate_name: affiliateName, quoted_on, valid_until,
    lines: shownLines(lines), term_months: String(term_months), starts_on, rate: percent(rate), billed_by, remittance, days_to_pay: String(days_to_pay),
  };
}

/** What was typed, over the quote as it is kept or about to be. */
export function quoteOf(typed: QuoteTyped, kept: Pick<Quote, "id" | "version" | "stage" | "contract">): Quote {
  const { prospect, domain, affiliate, quoted_on, valid_until, lines, term_months, starts_on, rate, billed_by, remittance, days_to_pay } = typed;
  return {
    ...kept, prospect: prospect.trim(), domains: domain.split(/[,\s]+/).filter((one) => one), affiliate: affiliate || null, quoted_on, valid_until,
    lines: plainLines(lines), term_months: whole(term_months), starts_on, rate: fraction(rate), billed_by, remittance, days_to_pay: whole(days_to_pay),
  };
}

/** A version that may be changed, of one that was sent. */
export function nextVersion(quote: Quote): Quote {
  const on = today();
  return { ...quote, version: quote.version + 1, stage: "draft", contract: null, quoted_on: on, valid_until: daysLater(on, VALID_DAYS) };
}

/** What is asked, as it is typed: Rust says what of it can't be. */
export function whatIfsOf({ days_late, leaves_after, changes_in, changes_to }: QuoteTyped): WhatIfs {
  return { days_late: days_late || null, leaves_after: leaves_after.trim() || null, changes_in: changes_in.trim() || null, changes_to: plain(changes_to) || null };
}

/** A whole number; what is none becomes one that Rust refuses beside its field. */
const whole = (typed: string): number => (/^\d{1,4}$/.test(typed.trim()) ? Number(typed) : Number.NaN);
