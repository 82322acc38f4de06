import { afterEach, beforeEach, expect, test } from "vitest";
import { fake } from "../../desk/fake";
import { Paid } from "./paid.svelte";

const kept = new Map<string, string>();
const amount = (amount: string) => ({ amount, currency: "USD" });
const row = (number: string, paid: string) => ({ number, client_name: "Oak Works", paid: amount(paid) });
let rows = [row("NS-1", "0.00")];

beforeEach(() => {
  rows = [row("NS-1", "0.00")];
  fake.on("reconcile", () => ({ told: true, rows }));
  fake.on("keep_unsaved", ({ form, text }) => void (text ? kept.set(String(form), String(text)) : kept.delete(String(form))));
  fake.on("unsaved", ({ form }) => kept.get(String(form)) ?? null);
  fake.on("set_paid", () => undefined);
});
afterEach(() => {
  fake.forget();
  kept.clear();
});

async function november() {
  const paid = new Paid();
  [paid.affiliate, paid.month] = ["A01", "2025-11"];
  await paid.look();
  return paid;
}

test("an import is not covered by what was typed before it", async () => {
  const paid = await november();
  paid.form.typed.paid["NS-1"] = "1.00";
  await paid.form.look();
  expect((await november()).form.typed.paid).toEqual({ "NS-1": "1.00" });
  fake.on("import_paid", () => ((rows = [row("NS-1", "83.33")]), true));
  await paid.take();
  expect((await november()).form.typed.paid).toEqual({ "NS-1": "83.33" });
});

test("what was typed stays where no file was chosen", async () => {
  const paid = await november();
  paid.form.typed.paid["NS-1"] = "1.00";
  await paid.form.look();
  fake.on("import_paid", () => false);
  await paid.take();
  expect((await november()).form.typed.paid).toEqual({ "NS-1": "1.00" });
});

test("a line that the rules do not give is typed, kept in the draft and sent, where there is no row too", async () => {
  rows = [];
  const paid = await november();
  expect(paid.isEmpty).toBe(true);
  paid.add();
  paid.add();
  Object.assign(paid.form.typed.added[0]!, { number: "ZZ-1", amount: "1,250.00" });
  await paid.form.look();
  const again = await november();
  expect(again.form.typed.added[0]).toEqual({ number: "ZZ-1", client: "", amount: "1,250.00" });
  expect(again.isEmpty).toBe(false);
  await again.keep();
  const lines = fake.heard.find(({ command }) => command === "set_paid")?.args.paid;
  expect(lines).toEqual([{ number: "ZZ-1", client: "", amount: "1250.00" }]);
  expect((await november()).form.typed.added).toEqual([]);
});

test("a row that came after a draft stands as it is", async () => {
  const paid = await november();
  paid.form.typed.paid["NS-1"] = "1.00";
  await paid.form.look();
  rows = [row("NS-1", "0.00"), row("NS-2", "5.00")];
  expect((await november()).form.typed.paid).toEqual({ "NS-1": "1.00", "NS-2": "5.00" });
});

test("a draft from before lines could be added is left where it is", async () => {
  kept.set("paid A01 2025-11", JSON.stringify({ "NS-1": "1.00" }));
  expect((await november()).form.typed).toEqual({ paid: { "NS-1": "0.00" }, added: [] });
});
