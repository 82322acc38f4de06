// What the cockpit says in all, in the order in which it is read.
import type { Amount, CockpitView } from "../../desk/types.gen";
import { isNothing } from "../../shared/format";

type Figure = { words: string; of: Amount };

/** Credits, margin and what is written off only where they say something. */
export function figures({ sums, net }: CockpitView): Figure[] {
  const told = (...some: Figure[]) => some.filter((one) => !isNothing(one.of));
  return [
    { words: "Billed", of: sums.billed }, { words: "Received", of: sums.received },
    { words: "Clients owe", of: sums.owes }, { words: "Overdue", of: sums.overdue }, ...told({ words: "Credit of clients", of: sums.credit }),
    { words: "Remitted", of: sums.remitted }, { words: "Still to remit", of: sums.to_remit }, ...told({ words: "Remitted too much", of: sums.remitted_over }),
    { words: net ? "Commission kept" : "Commission earned", of: sums.commission },
    ...told({ words: "Margin", of: sums.margin }, { words: "Written off", of: sums.written_off }),
  ];
}
