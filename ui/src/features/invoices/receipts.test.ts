import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { MatchedPart, MatchedReceipt, TypedReceipt } from "../../desk/types.gen";
import { fake } from "../../desk/fake";
import { Receipts, type Row } from "./receipts.svelte";

const kept = new Map<string, string>();
const usd = (amount: string) => ({ amount, currency: "USD" });
const part = (number: string, open: string, pays: string, leaves: string, kind: MatchedPart["kind"] = "payment"): MatchedPart =>
  ({ invoice: `I-${number}`, number, due_on: "2025-12-01", kind, open: usd(open), pays: usd(pays), leaves: usd(leaves) });
const match = (some: Partial<MatchedReceipt>): MatchedReceipt =>
  ({ client: "C1", client_name: "Harbor Dental", candidates: [], parts: [], over: null, problem: null, ...some });

/** What the book says of a row, by who it names. */
const ANSWERS: Record<string, MatchedReceipt> = {
  harbor: match({ parts: [part("NS-1004", "300.00", "300.00", "0.00")] }),
  part: match({ parts: [part("NS-1004", "300.00", "180.00", "120.00")] }),
  over: match({ parts: [part("NS-1003", "200.00", "200.00", "0.00"), part("NS-1004", "300.00", "350.00", "0.00")], over: usd("50.00") }),
  remits: match({ client_name: "Cedar Law", parts: [part("NS-1010", "90.00", "90.00", "0.00", "remittance")] }),
  several: match({ client: null, client_name: "", candidates: [{ id: "C1", name: "Harbor Dental" }, { id: "C2", name: "Harbor Yachts" }] }),
  wrong: match({ problem: { at: "amount", message: "\"x\" can't be read." } }),
  nobody: match({ client: null, client_name: "", problem: { at: "who", message: "Nobody fits." } }),
};

const asked = () => fake.heard.filter(({ command }) => command === "match_receipts");
const recorded = () => fake.heard.filter(({ command }) => command === "record").map(({ args }) => ({ words: args.words, document: JSON.parse(String(args.document)) as unknown }));

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(2025, 11, 3, 12) });
  fake.on("keep_unsaved", ({ form, text }) => void (text ? kept.set(String(form), String(text)) : kept.delete(String(form))));
  fake.on("unsaved", ({ form }) => kept.get(String(form)) ?? null);
  fake.on("match_receipts", ({ receipts }) => (receipts as TypedReceipt[]).map(({ who, client }) => (client ? ANSWERS.harbor : ANSWERS[who])));
  fake.on("record", () => ({ ids: {}, near_misses: [] }));
  // What the app looks at anew after anything was recorded.
  fake.on("months", () => ({ months: [], open: null }));
  fake.on("undo_offered", () => null);
});
afterEach(() => {
  fake.forget();
  kept.clear();
  vi.useRealTimers();
});

function type(receipts: Receipts, row: Row, who: string, amount = "300.00") {
  Object.assign(row, { who, amount });
  receipts.changed();
}

/** Rows that name these, one below the other. */
async function stack(...names: string[]): Promise<Receipts> {
  const receipts = new Receipts();
  names.forEach((who, nth) => type(receipts, nth ? receipts.add() : receipts.rows[0]!, who));
  await vi.advanceTimersByTimeAsync(300);
  return receipts;
}

test("a hand that goes on typing asks once, about all rows", async () => {
  const receipts = await stack("harbor");
  const before = asked().length;
  const second = receipts.add();
  for (const who of ["r", "re", "remits"]) {
    type(receipts, second, who, "90.00");
    await vi.advanceTimersByTimeAsync(50);
  }
  await vi.advanceTimersByTimeAsync(300);
  expect(asked().length).toBe(before + 1);
  expect((asked().at(-1)?.args.receipts as TypedReceipt[]).map(({ who }) => who)).toEqual(["harbor", "remits"]);
});

test("an answer that a later question overtook is dropped", async () => {
  const answers: ((matches: MatchedReceipt[]) => void)[] = [];
  const receipts = new Receipts(() => new Promise((resolve) => answers.push(resolve)));
  const [row] = receipts.rows;
  type(receipts, row!, "harbor");
  const first = receipts.look();
  type(receipts, row!, "part", "180.00");
  const second = receipts.look();
  answers[1]?.([ANSWERS.part!]);
  answers[0]?.([ANSWERS.harbor!]);
  expect(await first).toBe(false);
  expect(await second).toBe(true);
  expect(receipts.told(row!)).toContain("leaves 120.00 open");
});

test("what a row pays is told, also what is left and what is over", async () => {
  const receipts = await stack("harbor", "part", "over");
  const [full, part, over] = receipts.rows.map((row) => receipts.told(row));
  expect(full).toBe("Harbor Dental. NS-1004 300.00 of 300.00 open, paid in full");
  expect(part).toContain("NS-1004 180.00 of 300.00 open, leaves 120.00 open");
  expect(over).toContain("NS-1004 all of 300.00 open, paid in full");
  expect(over).toContain("50.00 more than is open: it stays on NS-1004");
});

test("a row below has the day of the row above, and its payer is typed next", async () => {
  const receipts = await stack("harbor");
  const [row] = receipts.rows;
  row!.on = "2025-11-28";
  const place = receipts.next(row!);
  expect(receipts.rows).toHaveLength(2);
  expect(place).toEqual({ key: receipts.rows[1]!.key, field: "who" });
  expect(receipts.rows[1]!.on).toBe("2025-11-28");
  expect(receipts.next(row!)).toEqual(place);
  expect(receipts.rows).toHaveLength(2);
});

test("where several clients fit, the one that is picked pays; other words forget it", async () => {
  const receipts = await stack("several");
  const [row] = receipts.rows;
  expect(receipts.words).toBe("1 row needs a look");
  await receipts.pick(row!, "C1");
  expect(receipts.words).toBe("Record 1 payment");
  receipts.renamed(row!);
  expect(row!.client).toBe("");
});

test("the button counts the payments, or the rows that need a look; an empty row waits", async () => {
  const receipts = await stack("harbor", "wrong", "nobody");
  expect(receipts.words).toBe("2 rows need a look");
  expect(receipts.wrong(receipts.rows[1]!, "amount")).toContain("can't be read");
  for (const row of receipts.rows.slice(1)) type(receipts, row, "part", "180.00");
  receipts.add();
  await vi.advanceTimersByTimeAsync(300);
  expect(receipts.words).toBe("Record 3 payments");
});

test("all are recorded as one document, what is remitted apart", async () => {
  const receipts = await stack("over", "remits");
  await receipts.record();
  expect(recorded()).toEqual([{
    words: "2 payments recorded",
    document: {
      payments: [
        { id: "new:payment:1", invoice: "I-NS-1003", received_on: "2025-12-03", amount: "200.00" },
        { id: "new:payment:2", invoice: "I-NS-1004", received_on: "2025-12-03", amount: "350.00" },
      ],
      remittances: [{ id: "new:remittance:1", invoice: "I-NS-1010", received_on: "2025-12-03", amount: "90.00" }],
    },
  }]);
  expect(receipts.filled).toHaveLength(0);
  expect(kept.size).toBe(0);
});

test("one row that needs a look keeps all from being recorded, and the hand goes there", async () => {
  const receipts = await stack("harbor", "wrong");
  expect(await receipts.record()).toEqual({ key: receipts.rows[1]!.key, field: "amount" });
  expect(recorded()).toHaveLength(0);
  expect(receipts.filled).toHaveLength(2);
});

test("a refusal loses no row, and stands at the row that it is about", async () => {
  const receipts = await stack("over", "harbor");
  const fields = [{ code: "not_positive", at: "payments[2].amount", message: "It is nothing." }];
  fake.on("record", () => { throw { code: "refused", message: "One problem.", fields }; });
  expect(await receipts.record()).toEqual({ key: receipts.rows[1]!.key, field: "amount" });
  expect(receipts.wrong(receipts.rows[1]!, "amount")).toBe("It is nothing.");
  expect(receipts.wrong(receipts.rows[0]!, "amount")).toBe("");
  expect(receipts.filled).toHaveLength(2);
});

test("rows that were left unrecorded are there again, and look at the book anew", async () => {
  await stack("harbor", "part");
  const again = new Receipts();
  await again.restore();
  expect(again.rows.map(({ who }) => who)).toEqual(["harbor", "part"]);
  expect(again.words).toBe("Record 2 payments");
});

test("a day that a quick hand typed before the draft was there stays", async () => {
  for (const draft of [null, JSON.stringify({ rows: [{ key: 1, on: "2025-11-30", who: "", amount: "", client: "" }] })]) {
    fake.on("unsaved", () => draft);
    const receipts = new Receipts();
    const restored = receipts.restore();
    receipts.rows[0]!.on = "2025-10-10";
    receipts.changed();
    await restored;
    expect(receipts.rows.map(({ on }) => on)).toEqual(["2025-10-10"]);
  }
});

test("what was thrown away can be brought back", async () => {
  const receipts = await stack("harbor", "part");
  await receipts.throwAway();
  expect(receipts.filled).toHaveLength(0);
  expect(receipts.canBringBack).toBe(true);
  await receipts.bringBack();
  expect(receipts.words).toBe("Record 2 payments");
});

test("a stack begun after midnight is of the new day", async () => {
  const receipts = await stack("harbor");
  vi.setSystemTime(new Date(2025, 11, 4, 9));
  await receipts.record();
  expect(receipts.rows[0]!.on).toBe("2025-12-04");
});
