import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fake } from "../../desk/fake";
import { Answer } from "./answer.svelte";
import { blankQuote, quoteOf, whatIfsOf } from "./quote";

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

test("what if is asked as it is typed, and the answer does not go on without what can't be read", async () => {
  const answer = new Answer();
  fake.on("quote_view", () => ({ answer: { rate: "10%" }, problems: [] }));
  answer.ask(quote);
  await rested();
  const whatIfs = whatIfsOf({ ...blankQuote(), days_late: "20", leaves_after: " 13.5 ", changes_in: "7" });
  expect(whatIfs).toEqual({ days_late: "20", leaves_after: "13.5", changes_in: "7", changes_to: null });
  const problems = [{ code: "unreadable", at: "what_if.leaves_after", message: "\"13.5\" can't be asked." }];
  fake.on("quote_view", () => ({ answer: { rate: "9%" }, problems }));
  answer.ask(quote, whatIfs);
  await rested();
  expect([answer.view?.rate, answer.before, answer.problems]).toEqual(["10%", true, problems]);
});
