import { afterEach, expect, test } from "vitest";
import { day, figure, fraction, percent, plain, setLocale } from "./format";

afterEach(() => setLocale("en-US"));

test("an amount keeps every digit, and is written as the locale does", () => {
  expect(figure({ amount: "90071992547409.93", currency: "USD" })).toBe("90,071,992,547,409.93");
  expect(figure({ amount: "-83.30", currency: "USD" })).toBe("\u221283.30");
  expect(figure({ amount: "1000", currency: "JPY" })).toBe("1,000");
  setLocale("de-DE");
  expect(figure({ amount: "1234.50", currency: "EUR" })).toBe("1.234,50");
});

test("an amount is read as the locale's reader types it, and anything else is left for Rust to refuse", () => {
  expect(plain(" 1,234.50 ")).toBe("1234.50");
  expect(plain("1,234,567")).toBe("1234567");
  for (const wrong of ["12,5x", "12,50", "1,23,456", ",500"]) expect(plain(wrong)).toBe(wrong);
  setLocale("de-DE");
  expect(plain("1.234,50")).toBe("1234.50");
  expect(plain("-0,05")).toBe("-0.05");
});

test("a rate goes from percent to a fraction and back without being computed with", () => {
  for (const [typed, rate] of [["10", "0.10"], ["7.5", "0.075"], ["0.25", "0.0025"], ["100", "1.00"], ["8 %", "0.08"]] as const) {
    expect(fraction(typed)).toBe(rate);
  }
  for (const [rate, typed] of [["0.1", "10"], ["0.10", "10"], ["0.075", "7.5"], ["0.0025", "0.25"], ["1", "100"], ["0.08", "8"]] as const) {
    expect(percent(rate)).toBe(typed);
  }
  expect(fraction("ten")).toBe("ten");
});

test("a day is the same day in every time zone", () => {
  expect(day("2025-12-31")).toBe("Dec 31, 2025");
  setLocale("de-DE");
  expect(day("2025-12-01")).toBe("01.12.2025");
});
