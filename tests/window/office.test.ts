// What the office does: from an empty book to sealed statements.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import { answerDialog, scratch, startScreen, stopScreen } from "./app";
import { CONTROL, ESCAPE, NO_DIALOG, monthWords, on, story, words } from "./story";

beforeAll(() => startScreen());
afterAll(stopScreen);

story("the office: from the first start to a saved PDF", async ({ window }) => {
  const folder = scratch();
  await window.see("Look around");
  await window.screen("doors");
  await window.click("Start a book");
  await window.click("I work for the programme and pay affiliates");
  await window.screen("start");
  await window.click("Back");
  await window.start(folder, "I work for the programme and pay affiliates");
  await window.screen("welcome");

  await window.click("Affiliates");
  await window.click("New affiliate…");
  await window.type("Name", "Dana Reyes");
  await window.type("Its own companies", "Reyes Consulting LLC");
  await window.click("Add it");
  await window.see("Dana Reyes");

  await window.click("Referrals");
  await window.click("Register a referral…");
  await window.type("Client", "Reyes Consulting Inc");
  await window.choose("Affiliate", "Dana Reyes");
  await window.see("own compan");
  await window.screen("refused");
  await window.fill("Client", "Harbor Dental Group");
  await window.fill("Registered on", on(1));
  await window.see("Nothing speaks against it");
  await window.screen("register");
  await window.click("Register it");
  await window.see("is registered");
  await window.click("Save receipt…");
  await answerDialog("Where the receipt goes", join(folder, "receipt.pdf"));
  await window.see("Saved as “receipt.pdf”.");
  expect(words(join(folder, "receipt.pdf"))).toContain("Harbor Dental Group");
  await window.click("To the client");

  await window.click("Contract signed…");
  await window.fill("Signed on", on(1));
  await window.fill("Starts on", on(1));
  await window.fill("Original term, in months", "12");
  await window.type("Description of line 1", "Cloud servers");
  await window.type("Amount of line 1", "833.33");
  await window.click("Record it");
  await window.see("833.33");

  await window.click("New invoice…");
  await window.type("Number", "HD-1");
  await window.fill("Issued on", on(1));
  await window.fill("Due on", on(15));
  await window.fill("Period from", on(1));
  await window.fill("to, inclusive", on(28));
  await window.click("Record it");
  await window.see("HD-1");

  await window.click("Invoices and payments");
  await window.click("Enter payments…");
  await window.fill("Received on, row 1", on(10));
  await window.type("Who paid, row 1", "harbor");
  await window.type("Amount, row 1", "833.33");
  await window.see("paid in full");
  await window.screen("receipts");
  await window.click("Record 1 payment");
  await window.see("Payment of 833.33 from Harbor Dental Group recorded.");

  await window.click("Statements");
  await window.see(monthWords);
  await window.click("Dana Reyes");
  await window.see("83.33");
  await window.click(`Why 83.33 for invoice HD-1?`);
  await window.see("Why 83.33 payable?");
  await window.see("833.33");
  await window.click("Close");
  await window.keys(ESCAPE);
  await window.click(`Close ${monthWords}`);
  await window.see(`${monthWords} is closed.`);
  await window.click("Save all as PDF…");
  const pdfs = scratch();
  await answerDialog("Where the statements go", pdfs);
  await window.see("1 statement is saved", 60);
  expect(words(join(pdfs, readdirSync(pdfs)[0]!))).toContain("83.33");
});

story("in an empty book an affiliate is added from within a registration, and a day that is still to come is confirmed", async ({ window }) => {
  await window.start(scratch(), "I work for the programme and pay affiliates");
  await window.click("Referrals");
  await window.click("Register a referral…");
  await window.type("Client", "Harbor Dental Group");
  await window.click("Add an affiliate…");
  await window.type("Name", "Dana Reyes");
  await window.click("Add it");
  await window.see("Affiliate Dana Reyes added.");
  await window.holds("Client", "Harbor Dental Group");
  await window.see("Nothing speaks against it");
  await window.fill("Registered on", "tomorrow");
  await window.see("is still to come.");
  await window.screen("doubted");
  await window.click("It is meant as it stands above: record it so");
  await window.click("Register it");
  await window.see("is registered");
});

story("a figure is asked why, a month closed, its PDFs and a letter saved, and reopened", async ({ window }) => {
  await window.lookAround();
  await window.click("Statements");
  await window.see("Draft");
  await window.screen("month");
  const first = await window.run<string>("return document.querySelector('tbody th button').innerText");
  await window.click(first);
  await window.see("A draft: it changes with the book.");
  await window.screen("statement");
  const asked = await window.run<string>("const b = document.querySelector('button.why'); b.click(); return b.innerText");
  await window.see(`Why ${asked}`);
  await window.see("Commission");
  await window.screen("why");
  await window.click("Close");
  await window.keys(ESCAPE);

  await window.click("Close December 2025");
  await window.see("December 2025 is closed.");
  await window.see("Sealed");
  const folder = scratch();
  await window.click("Save all as PDF…");
  await answerDialog("Where the statements go", folder);
  await window.see("statements are saved in", 60);
  const files = readdirSync(folder).filter((file) => file.endsWith(".pdf"));
  const rows = await window.run<number>("return document.querySelectorAll('table tbody tr').length");
  expect(files.length).toBe(rows);
  expect(words(join(folder, files[0]!))).toContain("December 2025");

  await window.click(first);
  await window.click("E-mail draft…");
  await answerDialog("Where the e-mail draft goes", join(folder, "letter.eml"));
  await window.see("letter.eml");
  const letter = readFileSync(join(folder, "letter.eml"), "utf8");
  expect(letter).toContain("X-Unsent: 1");
  expect(letter).toContain("application/pdf");
  await window.keys(ESCAPE);

  await window.click("Reopen…");
  await window.type("Why is December 2025 opened again?", "A payment was missing");
  await window.click("Reopen it");
  await window.see("December 2025 is open again.");
  await window.see("Draft");
});

story("a change of services says what it does before it is saved, and an undo takes it back", async ({ window }) => {
  await window.lookAround();
  await window.click("Clients");
  await window.click("Acme Widgets Inc");
  await window.click("Change services…");
  await window.fill("From", "2025-12-01");
  await window.fill("Amount of line 1", "9999.00");
  await window.see("10,499.00");
  await window.screen("change");
  await window.click("Change them");
  await window.see("changed from Dec 1, 2025.");
  await window.find(`${NO_DIALOG}//main[contains(., "10,499.00")]`);
  await window.chord(CONTROL, "z");
  await window.see("Undone:");
  expect(await window.text()).not.toContain("10,499.00");
});
