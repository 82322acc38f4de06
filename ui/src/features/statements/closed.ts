// What was closed, in a sentence.
import type { MonthName } from "../../desk/types.gen";

/** `wanted`: how many were to be closed; `next`: the first that is open now. */
export function closed(months: MonthName[], wanted: number, next: MonthName | null): string {
  const [first, last] = [months[0], months.at(-1)];
  if (!first || !last) return "";
  const which = months.length === 1 ? `${first.words} is closed. Its` : `${first.words} to ${last.words} are closed, ${months.length} months. Their`;
  const left = months.length < wanted && next ? ` You stopped there: ${next.words} is next.` : "";
  return `${which} statements are sealed and never change.${left}`;
}
