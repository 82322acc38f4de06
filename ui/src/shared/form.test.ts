import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fake } from "../desk/fake";
import { Form } from "./form.svelte";

const client = (name: string) => ({ clients: [{ id: "new:client", name, domains: [], customer_since: null }] });
const kept = new Map<string, string>();

beforeEach(() => {
  vi.useFakeTimers();
  fake.on("keep_unsaved", ({ form, text }) => void (text ? kept.set(String(form), String(text)) : kept.delete(String(form))));
  fake.on("unsaved", ({ form }) => kept.get(String(form)) ?? null);
});
afterEach(() => {
  fake.forget();
  kept.clear();
  vi.useRealTimers();
});

test("what is typed is kept, and is there again in the next form of that name", async () => {
  const form = new Form("client", { name: "" });
  form.typed.name = "Quiet Waters Spa";
  form.changed();
  await vi.advanceTimersByTimeAsync(300);
  const again = new Form("client", { name: "" });
  await again.restore();
  expect(again.typed.name).toBe("Quiet Waters Spa");
  expect(new Form("another", { name: "" }).typed.name).toBe("");
});

test("a hand quicker than the draft of before is not overtaken by it", async () => {
  kept.set("client", JSON.stringify({ name: "Quiet Waters Spa", domains: "quietwaters.example" }));
  const form = new Form("client", { name: "", domains: "" });
  const restored = form.restore();
  form.typed.name = "H";
  await restored;
  expect(form.typed).toEqual({ name: "H", domains: "quietwaters.example" });
});

test("a draft that no longer holds is left, and what a quick hand typed stays", async () => {
  kept.set("refund", JSON.stringify({ amount: "300.00", of: "300.00" }));
  const form = new Form("refund", { amount: "", of: "120.00" });
  const restored = form.restore((draft) => draft.of === "120.00");
  form.typed.amount = "1";
  await restored;
  expect(form.typed).toEqual({ amount: "1", of: "120.00" });
});

test("what speaks against it is said while typing, beside its field", async () => {
  const form = new Form("referral", { name: "Reyes Consulting" });
  const referrals = [{ id: "new:referral", affiliate: "A02", client: "new:client", registered_on: "2026-01-05" }];
  form.changed(() => ({ ...client("Reyes Consulting"), referrals }));
  await vi.advanceTimersByTimeAsync(300);
  expect(form.problems.map((problem) => problem.code)).toEqual(["own_company"]);
  expect(form.at("referrals[0]")).toContain("Reyes Consulting");
  expect(form.at("contracts[0]")).toBe("");
});

test("a hand that goes on typing asks once", async () => {
  const form = new Form("client", { name: "" });
  for (const name of ["Q", "Qu", "Qui"]) {
    form.typed.name = name;
    form.changed(() => client("Quiet Waters Spa"));
    await vi.advanceTimersByTimeAsync(50);
  }
  await vi.advanceTimersByTimeAsync(300);
  expect(fake.heard.filter(({ command }) => command === "check")).toHaveLength(1);
});

test("a refusal loses nothing that was typed", async () => {
  const form = new Form("client", { name: "" });
  form.typed.name = "Reyes Consulting";
  const refused = { code: "refused", message: "One problem, so nothing was kept.", fields: [{ code: "own_company", at: "clients[0].name", message: "It is its own." }] };
  fake.on("record", () => { throw refused; });
  expect(await form.save("Client registered", client("Reyes Consulting"))).toBeUndefined();
  expect(form.typed.name).toBe("Reyes Consulting");
  expect(form.at("clients[0].name")).toBe("It is its own.");
  expect(form.busy).toBe(false);
});

test("what was recorded is said, and its draft forgotten", async () => {
  kept.set("client", JSON.stringify({ name: "Quiet Waters Spa" }));
  fake.on("record", () => ({ ids: { "new:client": "C46" }, near_misses: [] }));
  const form = new Form("client", { name: "" });
  await form.restore();
  const recorded = await form.save("Client Quiet Waters Spa registered", client(form.typed.name));
  expect(recorded?.ids["new:client"]).toBe("C46");
  expect(kept.size).toBe(0);
  expect(form.typed.name).toBe("");
});

test("what is doubted is told beside its field, and recorded once it is said to be meant", async () => {
  const doubt = { at: "referrals[0].registered_on", message: "11 Jan 2026 is still to come." };
  fake.on("check", () => ({ problems: [], near_misses: [], doubts: [doubt] }));
  fake.on("record", () => ({ ids: {}, near_misses: [] }));
  const form = new Form("referral", { name: "Quiet Waters Spa" });
  expect(await form.save("Referral registered", client("Quiet Waters Spa"))).toBeUndefined();
  expect(form.doubted("referrals[0].registered_on")).toBe(doubt.message);
  expect(form.doubted("clients[0]")).toBe("");
  expect(fake.heard.some(({ command }) => command === "record")).toBe(false);
  form.meant = true;
  // Another doubt is another question.
  fake.on("check", () => ({ problems: [], near_misses: [], doubts: [{ ...doubt, message: "12 Jan 2026 is still to come." }] }));
  await form.look(() => client("Quiet Waters Spa"));
  expect(form.meant).toBe(false);
  form.meant = true;
  expect(await form.save("Referral registered", client("Quiet Waters Spa"))).toBeDefined();
  expect(form.doubts).toEqual([]);
});
