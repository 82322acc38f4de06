import { afterEach, expect, test } from "vitest";
import { day, setLocale } from "./format";
import { readDay } from "./readDay";

const read = (typed: string) => readDay(typed, "2025-12-15");

afterEach(() => setLocale("en-US"));

test("a day is read as files write it", () => {
  for (const typed of ["2025-12-03", " 2025-12-3 ", "2025/12/03", "2025.12.03", "20251203"]) expect(read(typed), typed).toBe("2025-12-03");
});

test("a day is read as the country writes it, and without a year it is in this one", () => {
  for (const typed of ["12/3/2025", "12/03/25", "12-3-2025", "12/3", "3.12.2025", "3.12.", "03.12.25"]) expect(read(typed), typed).toBe("2025-12-03");
  setLocale("en-GB");
  for (const typed of ["3/12/2025", "3-12-25", "3/12", "3.12.2025"]) expect(read(typed), typed).toBe("2025-12-03");
});

test("a day is read in words", () => {
  expect([read("today"), read("Yesterday"), read("tomorrow")]).toEqual(["2025-12-15", "2025-12-14", "2025-12-16"]);
  for (const typed of ["3 Dec 2025", "Dec 3, 2025", "december 3", "3. Dec. 2025", "2025 Dec 3", "3rd of Dec"]) expect(read(typed), typed).toBe("2025-12-03");
  setLocale("fr-FR");
  for (const typed of ["3 déc. 2025", "3 décembre 2025", "3 Dec 2025"]) expect(read(typed), typed).toBe("2025-12-03");
});

test("what a field shows of a day is read as that day again", () => {
  for (const locale of ["en-US", "en-GB", "de-DE", "fr-FR", "es-ES", "sv-SE", "pt-BR", "ja-JP", "pl-PL"]) {
    setLocale(locale);
    for (const iso of ["2025-12-03", "2024-02-29", "2025-05-31"]) expect(read(day(iso)), `${locale}: ${day(iso)}`).toBe(iso);
  }
});

test("what is no day is none", () => {
  for (const typed of ["", "  ", "13/13/2025", "2025-02-29", "31/4", "12", "3 Xyz 2025", "12/3/2025/1", "0012-01-01", "1.2.3.4", "next week", "2025-12-03T"]) {
    expect(read(typed), typed).toBe("");
  }
});
