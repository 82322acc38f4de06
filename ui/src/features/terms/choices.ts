// The choices of the programme's terms, by their names.
import type { ChoiceView, VersionView } from "../../desk/types.gen";
import { day } from "../../shared/format";

export const NAMES: Record<ChoiceView["name"], string> = {
  standard_rate: "Standard rate", maximum_rate: "Maximum rate", in_term_changes: "Changes within the term", minimum_payout: "Smallest payout",
};

export const IN_TERM = {
  follow_contract: { words: "Follow the contract", means: "A change within the original term earns at once, and what is in force on the term’s last day is the most that earns after it." },
  hold_original: { words: "Hold the original", means: "What was signed is the most that earns, from the contract’s first day on." },
};

/** `From 1 Jan 2026`. */
export const since = ({ effective_on }: VersionView) => (effective_on ? `From ${day(effective_on)}` : "From the start");

/** The version in force on a day; they stand newest first. */
export const on = (day: string, versions: VersionView[]) => versions.find(({ effective_on }) => effective_on === null || effective_on <= day);
