import { expect, test } from "vitest";
import { behind } from "./behind";

test("an open month that lies more than one behind today is told, with how many are to be closed", () => {
  const open = { month: "2023-11", words: "November 2023" };
  expect(behind(open, "2026-11-25")).toBe("36 months are still to be closed; what is shown begins with November 2023.");
  expect(behind(open, "2024-01-01")).toBe("2 months are still to be closed; what is shown begins with November 2023.");
  expect(behind(open, "2023-12-31")).toBe("");
  expect(behind(open, "2023-11-30")).toBe("");
  expect(behind(open, "2023-10-31")).toBe("");
  expect(behind(null, "2026-11-25")).toBe("");
});
