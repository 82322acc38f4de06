// A day as it is typed: as the reader's country writes it, as files do, or in words.
import { locale } from "./format";
import { daysLater } from "./days";

const WORDS: Record<string, number> = { yesterday: -1, today: 0, tomorrow: 1 };

/** The day that is typed, as `2025-12-03`; empty for none, and for what is no day. Without a year it is in this one. */
export function readDay(typed: string, today: string): string {
  const text = typed.trim().toLowerCase();
  const later = WORDS[text];
  if (later !== undefined) return daysLater(today, later);
  // What joins day and month in some languages is no name: `3 de dez.`, `3rd of Dec`.
  const parts = (text.match(/\d+|[^\d\s.,/\-]+/g) ?? []).filter((part) => /^\d/.test(part) || part.length > 2);
  const year = today.slice(0, 4);
  const month = parts.findIndex((part) => !/^\d/.test(part));
  if (month >= 0) return named(parts, month, year);
  if (/^\d{8}$/.test(text)) return dated(text.slice(0, 4), text.slice(4, 6), text.slice(6));
  if (!/^\d+(\s*[./-]\s*\d+){1,2}\.?$/.test(text)) return "";
  const [first = "", second = "", third = year] = parts;
  if (first.length === 4) return parts.length === 3 ? dated(first, second, third) : "";
  // A point stands between day and month wherever it is written so; else the country says what comes first.
  return text.includes(".") || dayFirst() ? dated(third, second, first) : dated(third, first, second);
}

/** `15 Dec 2025`, `Dec 15, 2025`, `15 déc.`: the month by how its name begins, in the reader's language or in English. */
function named(parts: string[], at: number, year: string): string {
  const [day = "", of = year, ...more] = parts.filter((_, nth) => nth !== at);
  const name = parts[at] ?? "";
  const month = more.length ? -1 : months().findIndex((names) => names.some((one) => one.startsWith(name)));
  return month < 0 ? "" : day.length === 4 ? dated(day, String(month + 1), of) : dated(of, String(month + 1), day);
}

/** Each month's names, as they are compared. */
function months(): string[][] {
  const ways = [locale(), "en"].flatMap((of) => (["long", "short"] as const).map((month) => new Intl.DateTimeFormat(of, { month, timeZone: "UTC" })));
  return Array.from({ length: 12 }, (_, month) => ways.map((way) => way.format(Date.UTC(2025, month, 1)).toLowerCase()));
}

function dayFirst(): boolean {
  const order = new Intl.DateTimeFormat(locale()).formatToParts(0).map(({ type }) => type);
  return order.indexOf("day") < order.indexOf("month");
}

/** The day, if the calendar has it. A year of two digits is of this century. */
function dated(year: string, month: string, day: string): string {
  const full = year.length === 2 ? `20${year}` : year;
  const iso = [full, month.padStart(2, "0"), day.padStart(2, "0")].join("-");
  const at = new Date(`${iso}T00:00:00Z`);
  const there = /^(19|2\d)\d\d-\d\d-\d\d$/.test(iso) && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(iso);
  return there ? iso : "";
}
