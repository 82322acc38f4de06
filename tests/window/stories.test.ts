// What people do in the window, done in the real one.
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Window, answerDialog, scratch, startScreen, stopScreen } from "./app";

let window: Window;

beforeAll(startScreen);
afterAll(stopScreen);
beforeEach(async () => void (window = await Window.open()));
afterEach(() => window.close());

test("the sample is looked around in, a figure asked why, a month closed, reopened, and its PDFs saved", async () => {
  await window.see("Look around");
  await window.picture("doors");
  expect(await window.axe()).toEqual([]);
  await window.click("Look around");
  await window.see("December 2025", 90);
  await window.see("Draft");
  await window.picture("month");
  expect(await window.axe()).toEqual([]);
  await window.size(640, 480);
  await window.picture("month-small");
  expect(await window.axe()).toEqual([]);
  await window.size(1180, 780);

  const first = await window.run<string>("return document.querySelector('tbody th button').innerText");
  await window.click(first);
  await window.see("A draft: it changes with the book.");
  await window.picture("statement");
  expect(await window.axe()).toEqual([]);

  const asked = await window.run<string>("const b = document.querySelector('button.why'); b.click(); return b.innerText");
  await window.see(`Why ${asked}`);
  await window.see("Commission");
  await window.picture("why");
  expect(await window.axe()).toEqual([]);
  await window.click("Close");
  await window.click("‹ All statements of December 2025");

  await window.click("Close December 2025");
  await window.see("December 2025 is closed. Its statements are sealed and never change.");
  await window.see("Sealed");

  const folder = scratch();
  await window.click("Save all as PDF…");
  await answerDialog("Where the statements go", folder);
  await window.see("statements are saved in", 60);
  const files = readdirSync(folder).filter((file) => file.endsWith(".pdf"));
  const rows = await window.run<number>("return document.querySelectorAll('tbody tr').length");
  expect(files.length).toBe(rows);
  const text = execFileSync("pdftotext", ["-layout", join(folder, files[0]!), "-"], { encoding: "utf8" });
  expect(text).toContain("December 2025");

  await window.click("Reopen…");
  await window.type("Why is December 2025 opened again?", "A payment was missing");
  await window.click("Reopen it");
  await window.see("December 2025 is open again.");
  await window.see("Draft");
});

test("a book is started, its file imported after a look, exported the same, closed, and opened again", async () => {
  const folder = scratch();
  await window.click("Start a book");
  await window.picture("start");
  await window.type("Passphrase", "correct horse");
  await window.type("The same once more", "correct horse");
  await window.click("Choose where it goes…");
  await answerDialog("Where the new book goes", join(folder, "Mine.refbook"));
  await window.see("This book has no referral yet.", 60);
  await window.picture("empty");
  expect(await window.axe()).toEqual([]);

  await window.click("Choose a file…");
  await answerDialog("A file to import", process.env.REFBOOK_EXPORT!);
  await window.see("Import it");
  await window.picture("import");
  expect(await window.axe()).toEqual([]);
  await window.click("Import it");
  await window.see("Imported:");

  await window.click("Export the book…");
  await answerDialog("Export the whole book", join(folder, "out.json"));
  await window.see("The whole book is in");
  expect(readFileSync(join(folder, "out.json"), "utf8")).toBe(readFileSync(process.env.REFBOOK_EXPORT!, "utf8"));

  await window.click("Close the book");
  await window.click("Open a book");
  await answerDialog("Open a book", join(folder, "Mine.refbook"));
  await window.see("Open “Mine”");
  await window.type("Passphrase", "wrong");
  await window.click("Open the book");
  await window.see("The passphrase is wrong.", 60);
  await window.picture("wrong");
  expect(await window.axe()).toEqual([]);
  await window.type("Passphrase", "\uE009a\uE009correct horse");
  await window.click("Open the book");
  await window.see("Statements", 60);
  await window.see("January 2024");
});

test("with the keyboard alone: to the sample, through months, by the palette, and out", async () => {
  const TAB = "\uE004", ENTER = "\uE007", ESCAPE = "\uE00C", LEFT = "\uE012", CONTROL = "\uE009";
  await window.see("Look around");
  await window.keys(TAB, TAB, TAB, ENTER);
  await window.see("December 2025", 90);
  await window.see("Payout");
  await window.keys(LEFT);
  await window.see("November 2025");
  await window.see("Sealed");
  await window.chord(CONTROL, "k");
  await window.find("//dialog//input");
  await window.keys(..."august 2025");
  await window.picture("palette");
  expect(await window.axe()).toEqual([]);
  await window.keys(ENTER);
  await window.see("August 2025");
  await window.chord(CONTROL, "k");
  await window.find("//dialog//input");
  await window.keys(ESCAPE);
  await window.chord(CONTROL, "k");
  await window.keys(..."leave", ENTER);
  await window.see("Look around");
});
