// Amounts and their signs, in the user's locale. Nothing here computes: decimals stay text.
import type { Amount } from "../desk/types.gen";

let locale = "en-US";

/** Takes the system's locale, and stays with the one before if there is no such locale. */
export function setLocale(wanted: string): void {
  try {
    locale = new Intl.NumberFormat(wanted).resolvedOptions().locale;
  } catch {
    // "C" and "POSIX" are no languages.
  }
}

/** `1,234.56`, with as many decimals as the amount has: the currency's. */
export function figure({ amount }: Amount): string {
  const decimals = amount.split(".")[1]?.length ?? 0;
  const format = new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  // A string keeps every digit; TypeScript's library knows it as a number's text.
  return format.format(amount as `${number}`).replace("-", "\u2212");
}

export function isNothing({ amount }: Amount): boolean {
  return /^[-0.]*$/.test(amount);
}
