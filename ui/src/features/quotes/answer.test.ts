import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fake } from "../../desk/fake";
import { Answer } from "./answer.svelte";
import { blankQuote, quoteOf, unreadOf } from "./quote";

beforeEach(() => {
  fake.forget();
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

const quote = quoteOf(blankQuote(), { id: "new:quote", version: 1, stage: "draft", contract: null });
const rested = () => vi.advanceTimersByTimeAsync(500);

test("while something typed is wrong, the answer before stays and is told for what it is", async () => {
  const answer = new Answer();
  fake.on("quote_view", () => ({ answer: { rate: "10%" }, problems: [] }));
  answer.ask(quote);
  await rested();
  expect([answer.view?.rate, answer.before]).toEqual(["10%", false]);

  fake.on("quote_view", () => ({ answer: null, problems: [{ code: "too_high", at: "quotes[0].rate", message: "At most 10%." }] }));
  answer.ask(quote);
  await rested();
  expect([answer.view?.rate, answer.before, answer.problems.length]).toEqual(["10%", true, 1]);
  // It stays so while the next key is pressed.
  answer.ask(quote);
  expect(answer.before).toBe(true);

  fake.on("quote_view", () => ({ answer: { rate: "9%" }, problems: [] }));
  await rested();
  expect([answer.view?.rate, answer.before]).toEqual(["9%", false]);
});

test("what would be refused is answered all the same", async () => {
  const answer = new Answer();
  fake.on("quote_view", () => ({ answer: { rate: "10%" }, problems: [{ code: "missing", at: "quotes[0].prospect", message: "It needs a prospect." }] }));
  answer.ask(quote);
  await rested();
  expect([answer.view?.rate, answer.before, answer.problems.length]).toEqual(["10%", false, 1]);
});

test("a month that is no whole number is told beside its field, and the answer does not go on without it", async () => {
  const answer = new Answer();
  fake.on("quote_view", () => ({ answer: { rate: "10%" }, problems: [] }));
  answer.ask(quote);
  await rested();
  const unread = unreadOf({ ...blankQuote(), leaves_after: "13.5", changes_in: "7" });
  expect(unread.map(({ at }) => at)).toEqual(["what_if.leaves_after"]);
  answer.ask(quote, {}, 0, unread);
  expect([answer.before, answer.problems]).toEqual([true, unread]);
  await rested();
  expect([answer.before, answer.problems]).toEqual([true, unread]);
});
