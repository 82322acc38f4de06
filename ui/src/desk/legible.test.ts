import { expect, test } from "vitest";
import { legible } from "./legible";

test("what nobody would see in a name is a mark, wherever it stands", () => {
  const answer = { rows: [{ name: "Acme \u202efdp.exe\u202c", note: "a\u0000b\u001b[2J", known: null, sum: 3 }] };
  expect(legible(answer)).toEqual({ rows: [{ name: "Acme \ufffdfdp.exe\ufffd", note: "a\ufffdb\ufffd[2J", known: null, sum: 3 }] });
});

test("what people write stays", () => {
  for (const text of ["Zoë & Søn 東京 👩‍👩‍👧", "two\nlines\tand a tab", "می‌خواهم", "<img src=x onerror=alert(1)>", ""]) expect(legible(text)).toBe(text);
});
