// How far the book's open month lies behind the calendar.
import type { MonthName } from "../desk/types.gen";

/** Said where figures begin with the open month, if more than one month is over and not closed; else nothing. `today` is `2026-11-25`. */
export function behind(open: MonthName | null, today: string): string {
  if (!open) return "";
  const nth = (month: string) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7));
  const over = nth(today) - nth(open.month);
  return over > 1 ? `${over} months are still to be closed; what is shown begins with ${open.words}.` : "";
}
