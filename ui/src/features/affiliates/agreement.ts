// What an affiliate's agreement says about the money that its own clients pay it.
import type { AffiliateRow } from "../../desk/types.gen";

type Remittance = AffiliateRow["remittance"];

export const REMITTANCE: Record<Remittance, string> = { in_full: "In full", net_of_commission: "Net of commission" };

/** In a sentence, to the office. */
export const MEANS: Record<Remittance, string> = {
  in_full: "Where the affiliate bills a client itself, it passes on all that the client owes, and its commission is paid out with the rest.",
  net_of_commission: "Where the affiliate bills a client itself, it keeps its commission and passes on the rest. What it keeps is shown as retained, and is not in the payout.",
};

/** In a sentence, to the affiliate. */
export const MEANS_TO_ME: Record<Remittance, string> = {
  in_full: "Where I bill a client myself, I pass on all that the client owes, and my commission is paid out with the rest.",
  net_of_commission: "Where I bill a client myself, I keep my commission and pass on the rest. What I keep is shown as retained, and is not in the payout.",
};
