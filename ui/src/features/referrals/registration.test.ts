import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fake } from "../../desk/fake";
import { Registration } from "./registration.svelte";

const kept = new Map<string, string>();

beforeEach(() => {
  vi.useFakeTimers();
  fake.on("keep_unsaved", ({ form, text }) => void (text ? kept.set(String(form), String(text)) : kept.delete(String(form))));
  fake.on("unsaved", ({ form }) => kept.get(String(form)) ?? null);
  fake.on("search", () => []);
  fake.on("check", () => ({ problems: [], near_misses: [], doubts: [] }));
});
afterEach(() => {
  fake.forget();
  kept.clear();
  vi.useRealTimers();
});

async function left(registration: Registration) {
  registration.changed();
  await vi.advanceTimersByTimeAsync(300);
}

test("a referral of one client is not what was left of another's", async () => {
  const harbor = new Registration(null, { id: "C01", name: "Harbor Dental" });
  await harbor.restore();
  await left(harbor);
  const typed = new Registration(null);
  await typed.restore();
  expect(typed.form.typed.client).toBe("");
  typed.form.typed.name = "Quiet Waters Spa";
  await left(typed);
  const cedar = new Registration(null, { id: "C02", name: "Cedar Law" });
  await cedar.restore();
  expect([cedar.form.typed.client, cedar.form.typed.client_name, cedar.form.typed.name]).toEqual(["C02", "Cedar Law", ""]);
});

test("an affiliate that was added on the way is the one who refers", async () => {
  const registration = new Registration(null);
  await registration.restore();
  registration.form.typed.name = "Quiet Waters Spa";
  registration.by("A01", "Dana Reyes");
  expect(registration.complete).toBe(true);
  expect(registration.document().referrals?.[0]?.affiliate).toBe("A01");
  expect(registration.form.typed.name).toBe("Quiet Waters Spa");
});
