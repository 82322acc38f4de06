// Amounts and their signs, in the user's locale. Nothing here computes: decimals stay text.
import type { Amount } from "../desk/types.gen";

let chosen = "en-US";

/** The reader's own. */
export const locale = () => chosen;

/** Takes the system's locale, and stays with the one before if there is no such locale. */
export function setLocale(wanted: string): void {
  try {
    chosen = new Intl.NumberFormat(wanted).resolvedOptions().locale;
  } catch {
    // "C" and "POSIX" are no languages.
  }
}

/** `1,234.56`, with as many decimals as the amount has: the currency's. */
export function figure({ amount }: Amount): string {
  const decimals = amount.split(".")[1]?.length ?? 0;
  const format = new Intl.NumberFormat(chosen, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  // A string keeps every digit; TypeScript's library knows it as a number's text.
  return format.format(amount as `${number}`).replace("-", "\u2212");
}

/** The reader's country, as two letters. */
export const country = () => new Intl.Locale(chosen).maximize().region ?? "US";

export function isNothing({ amount }: Amount): boolean {
  return /^[-0.]*$/.test(amount);
}

/** `3 Dec 2025`, as the locale writes it; of `2025-12-03`. */
export function day(iso: string): string {
  const [year = 0, month = 1, of = 1] = iso.split("-").map(Number);
  return new Intl.DateTimeFormat(chosen, { dateStyle: "medium", timeZone: "UTC" }).format(Date.UTC(year, month - 1, of));
}

/** `25 Nov 2026, 10:30`, in the reader's own time zone; of `2026-11-25T10:30:00Z`. */
export const instant = (iso: string) => new Intl.DateTimeFormat(chosen, { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso));

/** Today in the user's time zone, as `2025-12-03`. */
export function today(): string {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

/** An amount as the locale's reader types it (`1.234,50`) in the form that Rust reads (`1234.50`). What is no such amount stays as it is, and Rust says what is wrong with it. */
export function plain(typed: string): string {
  const parts = new Intl.NumberFormat(chosen, { minimumFractionDigits: 1, useGrouping: true }).formatToParts(12345.6);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
  const signed = typed.trim().replace("\u2212", "-");
  const [group, decimal] = [part("group"), part("decimal")].map((sign) => sign.replace(/[.\s]/g, "\\$&"));
  // A comma that stands where no thousands end is no grouping: 12,50 is left for Rust to refuse, and not taken for 1250.
  const isGrouped = new RegExp(`^-?\\d{1,3}(${group}\\d{3})+(${decimal}\\d*)?$`).test(signed);
  const ungrouped = isGrouped ? signed.split(part("group")).join("") : signed;
  return part("decimal") === "." ? ungrouped : ungrouped.replace(part("decimal"), ".");
}

/** An amount in the form that Rust writes (`1234.50`) as the locale's reader types it (`1234,50`): for a field that is filled with what is recorded. */
export function typed(amount: string): string {
  return amount.replace(".", new Intl.NumberFormat(chosen, { minimumFractionDigits: 1 }).formatToParts(0).find((one) => one.type === "decimal")?.value ?? ".");
}

/** A rate typed in percent (`7.5`) as the fraction that Rust reads (`0.075`): the point moves, nothing is computed. */
export function fraction(percent: string): string {
  const text = plain(percent.replace("%", "").trim());
  if (!/^\d+(\.\d+)?$/.test(text)) return text;
  const [whole = "0", rest = ""] = text.split(".");
  const digits = whole.padStart(3, "0");
  return `${digits.slice(0, -2)}.${digits.slice(-2)}${rest}`.replace(/^0+(?=\d)/, "");
}

/** The percent of a fraction, as the locale's reader types it: `0.075` is `7.5`. */
export function percent(rate: string): string {
  const [whole = "0", rest = ""] = rate.split(".");
  const digits = rest.padEnd(2, "0");
  return typed(`${whole}${digits.slice(0, 2)}.${digits.slice(2).replace(/0+$/, "")}`.replace(/^0+(?=\d)/, "").replace(/\.$/, ""));
}
