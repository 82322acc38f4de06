// Days of the calendar, as `2025-12-03`. What is no such day gives nothing.

const parts = (day: string) => /^(\d{4})-(\d{2})-(\d{2})$/.exec(day)?.slice(1).map(Number) as [number, number, number] | undefined;

const written = (at: Date) => (Number.isNaN(at.getTime()) ? "" : at.toISOString().slice(0, 10));

export function firstOfMonth(day: string): string {
  return parts(day) ? `${day.slice(0, 8)}01` : "";
}

/** The last day of the month that begins on a day: a day that the next month lacks becomes its last. */
export function endOfMonthFrom(day: string): string {
  const [year, month, date] = parts(day) ?? [];
  if (!year || !month || !date) return "";
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return written(new Date(Date.UTC(year, month, Math.min(date, last) - 1)));
}

export function daysLater(day: string, days: number): string {
  const [year, month, date] = parts(day) ?? [];
  return year && month && date ? written(new Date(Date.UTC(year, month - 1, date + days))) : "";
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}
