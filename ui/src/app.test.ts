import { beforeEach, expect, test } from "vitest";
import { app } from "./app.svelte";
import { fake } from "./desk/fake";
import { Form } from "./shared/form.svelte";

beforeEach(async () => {
  fake.forget();
  await app.opened({ name: "Sample", sample: true, own: null });
});

test("a book opens on its overview, with its newest open month", () => {
  expect(app.page.name).toBe("overview");
  expect(app.month?.month).toBe("2025-12");
});

test("a book that is locked keeps what was typed first, and where it was; unlocked, it goes on there", async () => {
  const kept = new Map<string, string>();
  fake.on("keep_unsaved", ({ form, text }) => void (text ? kept.set(String(form), String(text)) : kept.delete(String(form))));
  fake.on("unsaved", ({ form }) => kept.get(String(form)) ?? null);
  fake.on("lock_book", () => void expect(kept.get("client")).toContain("Quiet Waters"));
  const book = { name: "mine", sample: false, own: null };
  await app.opened(book);
  app.go({ name: "client", id: "C01" });
  const form = new Form("client", { name: "" });
  form.typed.name = "Quiet Waters";
  form.changed();
  await app.lock("slept");
  expect(app.locking).toBe(true);
  expect(fake.heard.at(-1)).toEqual({ command: "lock_book", args: { why: "slept" } });

  app.locking = false;
  await app.opened(book);
  expect(app.page).toEqual({ name: "client", id: "C01" });
  await app.opened(book);
  expect(app.page.name).toBe("overview");
});

test("whose billing was looked at is remembered in this book, and not in the next", async () => {
  app.biller = "A03";
  app.go({ name: "clients" });
  app.go({ name: "billing" });
  expect(app.biller).toBe("A03");
  await app.opened({ name: "Sample", sample: true, own: null });
  expect(app.biller).toBe("");
});

test("the sample has nothing to hide, and is not locked", async () => {
  await app.lock();
  expect(fake.heard.some(({ command }) => command === "lock_book")).toBe(false);
});

test("a restore that fails after it closed the book leads to the door, and says why there", async () => {
  const why = { code: "failed", message: "The disk is full.", fields: [] } as const;
  const opening = { locale: "en-US", door: { name: "mine", locked: null, recovery_code: false, keychain: false } };
  fake.on("close_book", () => opening.door);
  fake.on("start", () => ({ ...opening, book: app.book }));
  await app.fellShut({ ...why, fields: [] });
  expect([app.book?.name, app.error]).toEqual(["Sample", null]);
  fake.on("start", () => ({ ...opening, book: null }));
  await app.fellShut({ ...why, fields: [] });
  expect([app.book, app.known?.name, app.error?.message]).toEqual([null, "mine", "The disk is full."]);
});

test("months go one by one, and end at the first and the last", () => {
  app.step(-1);
  expect(app.month?.month).toBe("2025-11");
  app.step(1);
  app.step(1);
  expect(app.month?.month).toBe(app.months.months[0]?.month);
});

test("back leads to where one came from", () => {
  app.go({ name: "clients" });
  app.go({ name: "client", id: "C01" });
  app.back();
  expect(app.page.name).toBe("clients");
  app.back();
  app.back();
  expect(app.page.name).toBe("overview");
});

test("an undo says what it took back, and has the pages look anew", async () => {
  fake.on("undo", () => "Payment of 300.00 recorded");
  const before = app.changes;
  await app.undo();
  expect(app.said).toBe("Undone: Payment of 300.00 recorded.");
  expect(app.changes).toBeGreaterThan(before);
});

test("what a command was refused with is shown, and taken away by the next page", async () => {
  const { clientPage } = await import("./desk/commands");
  expect(await app.try(() => clientPage("C999"))).toBeUndefined();
  expect(app.error?.code).toBe("unknown_record");
  app.go({ name: "clients" });
  expect(app.error).toBeNull();
});
