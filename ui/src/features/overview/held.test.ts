import { expect, test } from "vitest";
import { nothingHeld } from "./held";

const november = { month: "2023-11", words: "November 2023" };

test("that nothing is held is said of one month, and of clients only while no later month is over", () => {
  expect(nothingHeld(november, false)).toBe("Nothing is held in November 2023: what earns commission in it is paid in full.");
  expect(nothingHeld(november, true)).toBe("Nothing is held in November 2023. Later months are not counted here.");
});
