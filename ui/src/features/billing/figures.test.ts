import { expect, test } from "vitest";
import type { CockpitSums, CockpitView } from "../../desk/types.gen";
import { figures } from "./figures";

const usd = (amount: string) => ({ amount, currency: "USD" });
const nothing = usd("0.00");
const none: CockpitSums = {
  billed: nothing, received: nothing, owes: nothing, overdue: nothing, credit: nothing, for_company: nothing, remitted: nothing, to_remit: nothing,
  remitted_over: nothing, commission: nothing, margin: nothing, written_off: nothing,
};
const view = (sums: Partial<CockpitSums>): CockpitView => ({ rows: [], sums: { ...none, ...sums }, ages: [], remit: [], net: true });

test("what was paid too much stands apart from what is owed, and what was remitted too much from what is to be", () => {
  const told = figures(view({ owes: usd("170.00"), credit: usd("100.00"), to_remit: usd("90.00"), remitted_over: usd("5.00") }));
  const words = told.filter(({ of }) => of.amount !== "0.00").map((one) => `${one.words} ${one.of.amount}`);
  expect(words).toEqual(["Clients owe 170.00", "Credit of clients 100.00", "Still to remit 90.00", "Remitted too much 5.00"]);
});

test("what there is nothing of is not told", () => {
  const words = figures(view({})).map((one) => one.words);
  for (const left of ["Credit of clients", "Remitted too much", "Margin", "Written off"]) expect(words).not.toContain(left);
});
