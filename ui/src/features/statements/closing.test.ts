import { afterEach, beforeEach, expect, test } from "vitest";
import { app } from "../../app.svelte";
import { fake } from "../../desk/fake";
import type { ClosingSoFar } from "../../desk/types.gen";
import { closed } from "./closed";
import { Closing } from "./closing.svelte";

const name = (month: string, words: string) => ({ month, words });
const [december, january, february, march] = [name("2025-12", "December 2025"), name("2026-01", "January 2026"), name("2026-02", "February 2026"), name("2026-03", "March 2026")];
const many = { through: february, months: 3 };

beforeEach(() => {
  fake.on("months", () => ({ months: [march, february, january, december], open: february }));
  fake.on("undo_offered", () => null);
  fake.on("unsaved", () => null);
  fake.on("keep_unsaved", () => undefined);
  app.month = december;
});
afterEach(() => fake.forget());

test("what was closed is said in a sentence, with what is next where it was stopped", () => {
  expect(closed([december], 1, january)).toBe("December 2025 is closed. Its statements are sealed and never change.");
  expect(closed([december, january, february], 3, march)).toBe("December 2025 to February 2026 are closed, 3 months. Their statements are sealed and never change.");
  expect(closed([december, january], 3, february)).toBe("December 2025 to January 2026 are closed, 2 months. Their statements are sealed and never change. You stopped there: February 2026 is next.");
});

test("months are closed through the last that is over, and the last that is closed is shown", async () => {
  const closing = new Closing();
  fake.on("close_through", ({ progress }) => {
    expect(closing.progress).toEqual({ month: december, done: 0, of: 3 });
    (progress as { onmessage: (so: ClosingSoFar) => void }).onmessage({ month: january, done: 1, of: 3 });
    expect(closing.progress).toEqual({ month: january, done: 1, of: 3 });
    closing.stop();
    return [december, january];
  });
  fake.on("cancel_closing", () => undefined);
  await closing.close(december, many);
  expect(fake.heard.find(({ command }) => command === "close_through")?.args.month).toBe("2026-02");
  expect(fake.heard.some(({ command }) => command === "cancel_closing")).toBe(true);
  expect([closing.progress, closing.busy, app.month?.month]).toEqual([null, "", "2026-01"]);
  expect(app.said).toContain("You stopped there: February 2026 is next.");
});

test("a reason that was begun for another month is gone once this one is closed", async () => {
  const closing = new Closing();
  closing.ask();
  closing.form.typed.reason = "A payment was missing";
  fake.on("close_through", () => [december]);
  await closing.close(december);
  expect([closing.asking, closing.form.typed.reason]).toEqual([false, ""]);
});

test("why a closing failed stays to be read, beside what is closed by then", async () => {
  fake.on("close_through", () => { throw { code: "failed", message: "The disk is full.", fields: [] }; });
  const closing = new Closing();
  await closing.close(december, many);
  expect([app.error?.message, closing.progress, app.months.open?.month]).toEqual(["The disk is full.", null, "2026-02"]);
});
