import { expect, test } from "vitest";
import { periods } from "./periods";

test("periods go over the year's end", () => {
  const values = periods("2026-12-03").map(({ value }) => value);
  expect(values.slice(0, 4)).toEqual(["2026-12", "2027-01", "2027-02", "2026-11"]);
  expect(values.slice(14)).toEqual(["2025-12", "2026-Q4", "2027-Q1", "2026-Q3", "2026-Q2", "2026-Q1", "2025-Q4", "2026", "2027", "2025"]);
  expect(periods("2026-01-31").map(({ words }) => words)[3]).toBe("December 2025");
  expect(periods("2026-01-31").map(({ words }) => words)[15]).toBe("January to March 2026");
});
