// Who a client's open amounts are owed by: where an affiliate bills it, the affiliate owes them to the company.
import type { ClientPage } from "../../desk/types.gen";

/** `all`: nothing of it is billed by the company. `words`: what is said of it; nothing where the company bills all. `own`: it is the affiliate's own book. */
export function billedByAffiliate({ contracts }: Pick<ClientPage, "contracts">, own: boolean): { all: boolean; words: string } {
  const billed = contracts.filter((one) => one.billed_by === "affiliate");
  const all = billed.length > 0 && billed.length === contracts.length;
  const each = [...new Set(billed.map((one) => one.affiliate_name || "its affiliate"))];
  const names = each.join(" and ");
  const owing = each.length === 1 ? `${names} still owes` : "they still owe";
  if (!billed.length) return { all, words: "" };
  if (own) return { all, words: all ? "You bill it: what is open is what you still owe the company." : "What you bill is open until you have remitted it to the company." };
  return { all, words: all ? `The client is billed by ${names}: what is open is what ${owing} the company.` : `What is billed by ${names} is open until it is remitted to the company.` };
}
