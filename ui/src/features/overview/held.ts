// What is said where nothing is held: of the month that is shown, and of no other.
import type { MonthName } from "../../desk/types.gen";

/** `behind`: months after it are over as well, and what they hold is not in it. */
export function nothingHeld({ words }: MonthName, behind: boolean): string {
  return behind ? `Nothing is held in ${words}. Later months are not counted here.` : `Nothing is held in ${words}: what earns commission in it is paid in full.`;
}
