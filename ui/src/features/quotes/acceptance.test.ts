import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fake } from "../../desk/fake";
import { Acceptance } from "./acceptance.svelte";

const REFERRED = { code: "already_referred", at: "referrals[0].client", message: "\"Old Mill Printing\" was referred by affiliate \"Dana Reyes\"." };

/** What Rust answers: of the client of the book, or of another company that is called so. */
const answer = ({ another }: Record<string, unknown>) => ({
  document: {
    contracts: [{ id: "new:contract", signed_on: "2026-01-05", starts_on: "2026-02-01" }],
    referrals: [{ id: "new:referral", client: another ? "new:client" : "C44", registered_on: "2026-01-05" }],
  },
  words: another ? "Old Mill Printing is registered." : "Old Mill Printing is a client of the book already.",
  known: another ? null : { id: "C44", name: "Old Mill Printing" },
});

beforeEach(() => {
  vi.useFakeTimers();
  fake.on("keep_unsaved", () => undefined);
  fake.on("acceptance", answer);
  fake.on("check", ({ document }) => ({ problems: String(document).includes("\"C44\"") ? [REFERRED] : [], near_misses: [], doubts: [] }));
});
afterEach(() => {
  fake.forget();
  vi.useRealTimers();
});

const rested = () => vi.advanceTimersByTimeAsync(500);

test("what speaks against the client of the book is said, and another company leads on", async () => {
  const acceptance = new Acceptance("Q05");
  expect(await acceptance.look()).toBe(true);
  await rested();
  expect([acceptance.known?.name, acceptance.against, acceptance.words]).toEqual(["Old Mill Printing", true, "Old Mill Printing is a client of the book already."]);
  expect(acceptance.form.problems).toEqual([REFERRED]);

  acceptance.form.typed.starts_on = "2026-03-01";
  acceptance.another = true;
  await acceptance.look();
  await rested();
  expect([acceptance.known, acceptance.against, acceptance.form.problems]).toEqual([null, false, []]);
  // The days that were typed stay.
  expect(acceptance.document().contracts?.[0]?.starts_on).toBe("2026-03-01");
  expect(acceptance.document().referrals?.[0]?.client).toBe("new:client");
});
