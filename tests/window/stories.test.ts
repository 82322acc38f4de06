// What people do in the window, done in the real one.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Window, answerDialog, scratch, startScreen, stopScreen, until } from "./app";

const TAB = "\uE004", ENTER = "\uE007", ESCAPE = "\uE00C", LEFT = "\uE012", DOWN = "\uE015", CONTROL = "\uE009";

let window: Window;

beforeAll(() => startScreen());
afterAll(stopScreen);
beforeEach(async () => void (window = await Window.open()));
afterEach(async ({ task }) => {
  // Where it ended, for whoever has to find out why.
  await window.picture(`last-${task.name.split(/\W+/).slice(0, 4).join("-")}`);
  await window.close();
});

/** The month that was over last: its name, and a day of it. */
const now = new Date();
const lastMonth = new Date(Date.UTC(now.getFullYear(), now.getMonth() - 1, 1));
const monthWords = lastMonth.toLocaleDateString("en-US", { month: "long", year: "numeric", timeZone: "UTC" });
const on = (day: number) => lastMonth.toISOString().slice(0, 8) + String(day).padStart(2, "0");

/** A few of each kind of command, with what they take. */
const NEED_A_BOOK: Record<string, object> = {
  months: {}, overview: {}, undo_offered: {}, undo: {}, terms_page: {}, quotes: {}, lock_after: {}, verify_book: {},
  search: { text: "" }, clients: { query: { text: "", only: "", sort: "", from: 0 } }, client_page: { id: "C01" }, affiliate_page: { id: "A01" },
  unsaved: { form: "affiliate" }, keep_unsaved: { form: "affiliate", text: "x" }, check: { document: "{}" }, record: { words: "x", document: "{}" },
  record_of: { kind: "affiliate", id: "A01" }, month: { month: "2025-12", query: { text: "", only: "", sort: "", from: 0 } },
};

async function sample() {
  await window.click("Look around");
  await window.see("December 2025", 90);
}

/** The page once its dialog has gone. */
const NO_DIALOG = "//body[not(.//dialog[@open])]";

const words = (pdf: string) => execFileSync("pdftotext", ["-layout", pdf, "-"], { encoding: "utf8" });

test("the office: from the first start to a saved PDF", async () => {
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

test("in an empty book an affiliate is added from within a registration, and a day that is still to come is confirmed", async () => {
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

test("an affiliate's own book has just itself, and loses nothing that was typed", async () => {
  const folder = scratch();
  await window.start(folder, "I refer clients and keep my own book", "Dana Reyes");
  const pages = await window.text();
  expect(pages).toContain("My agreement");
  expect(pages).not.toContain("Affiliates");
  await window.screen("own-welcome");
  await window.click("Register a referral");
  await window.type("Client", "Quiet Waters Spa");
  await window.see("Nothing speaks against it");
  await window.keys(ESCAPE);
  await window.click("Close the book");
  await window.see("Open “mine”");
  await window.type("Passphrase", "correct horse");
  await window.click("Open the book");
  await window.see("Welcome", 60);
  await window.click("Register a referral");
  await window.holds("Client", "Quiet Waters Spa");
});

test("the sample is looked around in, screen by screen", async () => {
  await sample();
  await window.see("Payout");
  await window.screen("overview");
  await window.click("Referrals");
  await window.see("Register a referral…");
  await window.screen("referrals");
  await window.click("Clients");
  await window.see("Acme Widgets Inc");
  await window.screen("clients");
  await window.click("Acme Widgets Inc");
  await window.see("Earned in all");
  await window.screen("client");
  await window.click("Invoices and payments");
  await window.see("Over 90 days");
  await window.screen("invoices");
  const number = await window.run<string>("return document.querySelector('tbody th button').innerText");
  await window.click(number);
  await window.see("Received");
  await window.screen("invoice");
  await window.click("Affiliates");
  await window.see("Meridian Tech Advisors");
  await window.screen("affiliates");
  await window.click("Meridian Tech Advisors");
  await window.see("Payout");
  await window.screen("affiliate");
  await window.click("Terms");
  await window.see("From the start");
  await window.screen("terms");
  await window.click("Import and export");
  await window.see("Verify the book");
  await window.screen("import-export");
  await window.size(640, 480);
  for (const page of ["Overview", "Clients", "Statements"]) {
    await window.click(page);
    await window.see(page === "Clients" ? "Acme Widgets Inc" : "December 2025");
    await window.screen(`small-${page.toLowerCase()}`);
    expect(await window.run<boolean>("return document.documentElement.scrollWidth <= window.innerWidth"), page).toBe(true);
  }
});

test("a figure is asked why, a month closed, its PDFs and a letter saved, and reopened", async () => {
  await sample();
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

test("a change of services says what it does before it is saved, and an undo takes it back", async () => {
  await sample();
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

test("a book is imported into after a look, undone as a whole, exported the same, and opened again", async () => {
  const folder = scratch();
  await window.start(folder, "I work for the programme and pay affiliates");
  await window.click("Import and export");
  for (const once of ["undone", "kept"]) {
    await window.click("Choose a file…");
    await answerDialog("A file to import", process.env.REFBOOK_EXPORT!);
    await window.see("Import it");
    if (once === "undone") await window.screen("import");
    await window.click("Import it");
    await window.see("Imported:");
    if (once === "kept") continue;
    await window.click("Undo the import");
    await window.see("Undone:");
  }
  await window.click("Export the book…");
  await answerDialog("Export the whole book", join(folder, "out.json"));
  await window.see("The whole book is in");
  expect(readFileSync(join(folder, "out.json"), "utf8")).toBe(readFileSync(process.env.REFBOOK_EXPORT!, "utf8"));

  await window.click("Close the book");
  await window.click("Open another book");
  await answerDialog("Open a book", join(folder, "mine.refbook"));
  await window.see("Open “mine”");
  await window.type("Passphrase", "wrong");
  await window.click("Open the book");
  await window.see("The passphrase is wrong.", 60);
  await window.screen("wrong");
  await window.fill("Passphrase", "correct horse");
  await window.click("Open the book");
  await window.see("November 2023", 60);
  await window.see("months are still to be closed; what is shown begins with November 2023.");
  await window.screen("behind");
  await window.click("Forecast");
  await window.see("months are still to be closed; what is shown begins with November 2023.", 60);
});

test("a book is locked with what was typed in it, shows nothing of it, and opens where it was", async () => {
  await window.start(scratch(), "I work for the programme and pay affiliates");
  await window.click("Affiliates");
  await window.click("New affiliate…");
  await window.type("Name", "Dana Reyes");
  await window.click("Add it");
  await window.see("Affiliate Dana Reyes added.");
  await window.click("Edit…");
  await window.type("Its own companies", "Reyes Consulting LLC");
  // In a dialog, and before the hand rests.
  await window.chord(CONTROL, "l");
  await window.see("“mine” is locked");
  expect(await window.run<string>("return document.title + document.documentElement.outerHTML")).not.toMatch(/Reyes|Welcome/);
  await window.screen("locked");
  for (const [command, args] of Object.entries(NEED_A_BOOK)) {
    const refused = await window.run<{ code?: string }>("return window.__TAURI_INTERNALS__.invoke(...arguments).then((answer) => ({ answer }), (error) => error)", command, args);
    expect(refused, command).toMatchObject({ code: "no_book" });
  }
  // A quote needs no book, and waits for it.
  await window.click("Quote a payout");
  await window.type("Prospect", "Ironwood Labs");
  await window.fill("Amount of line 1", "1000");
  await window.see("Commission a month");
  await window.click("Throw away");
  await window.type("Passphrase", "correct horse");
  await window.click("Unlock");
  await window.see("Dana Reyes", 60);
  await window.click("Edit…");
  await window.holds("Its own companies", "Reyes Consulting LLC");
  await window.keys(ESCAPE);
  await window.click("Keys");
  await window.see("It locks itself");
  await window.choose("It locks itself", "After 30 minutes without a hand on it");
  await window.screen("keys");
  await window.click("Lock Ctrl L");
  await window.see("“mine” is locked");
  await window.type("Passphrase", "correct horse");
  await window.keys(ENTER);
  await window.see("It locks itself", 60);
  await window.holds("It locks itself", "30");
});

test("a recovery code is shown once, typed back, printed, and opens the book; a wrong passphrase waits, a new one works", async () => {
  const folder = scratch();
  await window.start(folder, "I work for the programme and pay affiliates");
  await window.click("Keys");
  await window.see("There is no recovery code");
  await window.click("Add a recovery code…");
  const shown = () => window.run<string>("return [...document.querySelectorAll('dialog li')].map((group) => group.innerText.trim()).join('-')");
  const code = await until("the code", async () => { const text = await shown(); return /^([0-9A-Z]{5}-){6}[0-9A-Z]{5}$/.test(text) && text; });
  await window.screen("recovery-code");
  await window.click("Save the sheet as PDF…");
  await answerDialog("Where the recovery sheet goes", join(folder, "sheet.pdf"));
  await window.see("Saved as “sheet.pdf”.");
  expect(words(join(folder, "sheet.pdf"))).toContain(code.slice(0, 5));
  await window.click("I have it on paper");
  expect(await window.text()).not.toContain(code.slice(0, 5));
  const focused = () => window.run<string>("const on = document.activeElement; return on.innerText || on.placeholder || on.tagName");
  await until("the code's field under the hand", async () => (await focused()).startsWith("7K3MX"));
  await window.type("Type the recovery code back", code.slice(0, 12) + (code[12] === "7" ? "8" : "7") + code.slice(13));
  await window.click("It is right: add it");
  await window.see("group 3");
  await window.screen("recovery-mistyped");
  await window.fill("Type the recovery code back", code.toLowerCase());
  await window.click("It is right: add it");
  await window.see("The recovery code opens the book.");
  expect(await window.run<string>("return document.documentElement.outerHTML")).not.toContain(code.slice(0, 11));
  await window.screen("keys");

  await window.click("Remove passphrase 1");
  await until("a careful hand", async () => (await focused()) === "Not now");
  await window.click("Not now");
  await window.click("Change passphrase 1");
  await window.see("At least 12 characters");
  await window.type("New passphrase", "short");
  await window.type("The same once more", "short");
  await window.click("Change it");
  await window.see("fewer than 12 characters");
  await window.fill("New passphrase", "battery staple");
  await window.fill("The same once more", "battery staple");
  await window.click("Change it");
  await window.see("The passphrase is changed.");
  await window.chord(CONTROL, "l");
  for (let tries = 0; tries < 3; tries++) {
    await window.fill("Passphrase or recovery code", "correct horse");
    await window.click("Unlock");
    await window.see("The passphrase is wrong.", 60);
  }
  await window.see("Wait ");
  await window.fill("Passphrase or recovery code", code);
  await window.click("Unlock");
  await window.see("Ways in", 60);

  await window.click("Give the book a new key…");
  await window.see("The passphrase typed here goes on opening it, and the new recovery code opens it too.");
  await window.see("Whoever knows the passphrase is shut out only if it is changed");
  await window.type("The book’s passphrase, which it keeps", "battery staple");
  const renewed = await until("the new code", async () => { const text = await window.run<string>("return [...document.querySelectorAll('dialog ol li')].map((group) => group.innerText.trim()).join('-')"); return text.length === 41 && text; });
  await window.screen("new-key");
  await window.click("I have the new code on paper");
  await window.see("Type the new one back from its paper");
  await window.type("Type the recovery code back", renewed);
  await window.click("Write it anew");
  await window.see("The book has a new key", 60);
  await window.click("Remove recovery code 4");
  await window.click("Remove it");
  await window.see("Recovery code removed");
  await window.size(640, 480);
  await window.screen("small-keys");
  expect(await window.run<boolean>("return document.documentElement.scrollWidth <= window.innerWidth")).toBe(true);
  await window.chord(CONTROL, "l");
  await window.type("Passphrase", "battery staple");
  await window.click("Unlock");
  await window.see("There is no recovery code", 60);
});

test("a door that stays shut says why, with a way on", async () => {
  const folder = join(scratch(), "mine.refbook");
  await window.start(join(folder, ".."), "I work for the programme and pay affiliates");
  await window.click("Close the book");
  await window.see("Open “mine”");
  const older = readFileSync(join(folder, "book.db"));
  const open = async () => {
    await window.fill("Passphrase", "correct horse");
    await window.click("Open the book");
  };
  await open();
  await window.see("Welcome", 60);
  await window.click("Affiliates");
  await window.click("New affiliate…");
  await window.type("Name", "Dana Reyes");
  await window.click("Add it");
  await window.see("Affiliate Dana Reyes added.");

  // The next window offers the book that was open last.
  await window.close();
  window = await Window.open({ first: false });
  await window.see("Open “mine”");
  await window.screen("door");
  const other = spawn("flock", [join(folder, "lock"), "sleep", "60"], { detached: true });
  await open();
  await window.see("The book is open elsewhere", 60);
  await window.screen("in-use");
  process.kill(-other.pid!, "SIGTERM");
  await window.click("Try again");
  await window.see("Welcome", 60);
  await window.click("Close the book");

  const newest = readFileSync(join(folder, "book.db"));
  writeFileSync(join(folder, "book.db"), newest.subarray(0, newest.length / 2).fill(7, 5000, 9000));
  await window.see("Open “mine”");
  await open();
  await window.see("The book is damaged", 60);
  await window.screen("damaged");

  writeFileSync(join(folder, "book.db"), older);
  await open();
  await window.see("What lies here is an older copy of the book", 60);
  await window.screen("older-copy");
  await window.click("Open this older copy all the same");
  await window.see("Welcome", 60);
});

test("with the keyboard alone: to the sample, to a client, a referral registered, months, and out", async () => {
  await window.see("Look around");
  await window.keys(TAB, TAB, TAB, ENTER);
  await window.see("December 2025", 90);
  await window.see("Payout");
  await window.chord(CONTROL, "k");
  await window.find("//dialog//input");
  await window.keys(..."cascade");
  await window.see("Cascade Outdoor Supply Co");
  await window.screen("palette");
  await window.keys(ENTER);
  await window.see("Earned in all");
  await window.chord(CONTROL, "k");
  await window.find("//dialog//input");
  await window.keys(..."register", ENTER);
  await window.see("Register it");
  // Domains, a day, and the affiliate.
  await window.keys(..."Quiet Waters Spa", TAB, TAB, TAB, ..."Dana");
  await window.see("Nothing speaks against it");
  await window.keys(TAB, TAB, ENTER);
  await window.see("is registered");
  await window.keys(ESCAPE);
  await window.chord(CONTROL, "z");
  await window.see("Undone:");
  await window.chord(CONTROL, "7");
  await window.see("Draft");
  await window.keys(LEFT);
  await window.see("November 2025");
  await window.see("Sealed");
  await window.keys("?");
  await window.see("Keyboard");
  await window.screen("help");
  await window.keys(ESCAPE);
  await window.chord(CONTROL, "k");
  await window.find("//dialog//input");
  await window.keys(..."leave", DOWN, ENTER);
  await window.see("Look around");
});

test("a payout is quoted without a book, kept in one, sent, and becomes the contract", async () => {
  await window.see("Quote a payout");
  await window.click("Quote a payout");
  await window.type("Prospect", "Ironwood Labs");
  await window.fill("Its domain", "ironwood.example");
  await window.fill("Amount of line 1", "1000");
  await window.see("Commission a month");
  await window.see("100.00");
  await window.see("After month 24");
  await window.click("Add a line");
  await window.choose("Kind of line 2", "Setup (earns nothing)");
  await window.fill("Amount of line 2", "1500");
  // The keyboard goes as the eye does.
  expect(await window.run<boolean>(`
    const places = [...document.querySelectorAll(".line")].flatMap((line) => [...line.querySelectorAll("select, input, button")]).map((one) => one.getBoundingClientRect());
    return places.every((place, nth) => !nth || place.top >= places[nth - 1].bottom || place.left >= places[nth - 1].right);`)).toBe(true);
  await window.see("earns nothing: one-time");
  await window.fill("it leaves in month", "7");
  await window.see("Leaves in month 7");
  await window.see("700.00 instead of");
  await window.fill("it leaves in month", "13.5");
  await window.see("Write a whole number of months, from 1 to 1200, or nothing.");
  await window.see("This is the answer to what was typed before: mend what is marked first.");
  await window.see("It can be saved once what is marked is mended.");
  await window.screen("quote-before");
  await window.fill("it leaves in month", "7");
  await until("the answer to it", async () => !(await window.text()).includes("typed before"));
  await window.run("scrollTo(0, 0)");
  await window.screen("quote");
  await window.click("As a table");
  await window.see("So far");
  await window.click("For the prospect");
  await window.see("The first bill is");
  expect(await window.text()).not.toMatch(/commission|payout|refer/i);
  await window.screen("quote-prospect");
  const folder = scratch();
  await window.click("Solution quote as PDF…");
  await answerDialog("Where the solution quote goes", join(folder, "solution.pdf"));
  await window.see("Saved solution.pdf.");
  const solution = words(join(folder, "solution.pdf"));
  expect(solution).toContain("Ironwood Labs");
  expect(solution).toContain("2,500.00");
  expect(solution).not.toMatch(/commission|payout|refer|rate/i);
  await window.click("For me");
  await window.click("Payout sheet as PDF…");
  await answerDialog("Where the payout sheet goes", join(folder, "payout.pdf"));
  await window.see("Saved payout.pdf.");
  expect(words(join(folder, "payout.pdf"))).toMatch(/Leaves in month 7[^]*700\.00/);
  await window.click("Back to the doors");

  await window.click("Look around");
  await window.see("Keep this quote", 90);
  await window.see("Commission a month");
  await window.holds("Prospect", "Ironwood Labs");
  await window.fill("Rate, in percent", "9");
  await window.see("at most the maximum of the terms");
  await window.fill("Rate, in percent", "8");
  await window.see("80.00");
  await window.click("Keep this quote");
  await window.see("Quote of Ironwood Labs kept.");
  await window.see("Draft, valid until");
  // Sent without an affiliate, it is not accepted but followed by a version that has one.
  await window.click("Mark as sent");
  await window.see("Before it can be accepted it needs an affiliate");
  expect(await window.text()).not.toContain("It is accepted…");
  await window.click("Make a new version to choose one");
  await window.see("version 2");
  await window.choose("Affiliate", "Meridian Tech Advisors");
  await window.click("Keep the changes");
  await window.see("changed.");
  await window.click("Mark as sent");
  await window.see("Sent, valid until");
  await window.click("It is accepted…");
  await window.see("is registered as a referral and signs the contract");
  await window.screen("quote-accept");
  await window.click("Record the contract");
  await window.see("accepted.");
  await window.click("See the contract");
  await window.see("Earned in all");
  await window.see("Ironwood Labs");
  await window.click("Quotes");
  await window.see("Orchard Street Clinic");
  await window.screen("quotes");
  await window.size(640, 480);
  await window.click("Ironwood Labs");
  await window.see("Commission a month");
  await window.screen("small-quote");
  expect(await window.run<boolean>("return document.documentElement.scrollWidth <= window.innerWidth")).toBe(true);
});

test("the whole book is forecast, and asked what if", async () => {
  await sample();
  await window.click("Forecast");
  await window.see("Contracts that go on", 60);
  await window.fill("every contract pays, in percent", "8");
  await window.see("Every contract pays 8%");
  await window.click("all who are late pay now");
  await window.see("All together", 60);
  await window.screen("forecast");
  await window.fill("every contract pays, in percent", "plenty");
  await window.see("Write a percentage such as 8.");
});

test("an affiliate bills its clients in one step, prints the invoices, and sees what to remit", async () => {
  const folder = scratch();
  await sample();
  await window.click("Affiliates");
  await window.click("Hargrove & Lund");
  await window.see("Billing clients directly");
  writeFileSync(join(folder, "signed.txt"), "Signed on 1 March 2024.");
  await window.click("Add the file…");
  await answerDialog("The signed agreement", join(folder, "signed.txt"));
  await window.see("“signed.txt” is kept inside the book.");
  await window.fill("Address, under the name", "40 Quay Street\nPortland");
  await window.fill("Where the money goes", "Harbour Bank, account 7781");
  await window.click("Keep the letterhead");
  await window.see("The letterhead is kept.");
  await window.screen("biller");
  await window.click("Direct billing");
  await window.choose("Who bills", "Hargrove & Lund");
  await window.see("To remit");
  await window.see("Commission kept");
  await window.screen("billing");
  // A low and narrow screen has all of it in sight.
  await window.size(1180, 800);
  expect(await window.run<string[]>("return [...document.querySelectorAll('.desk > header, .wide')].filter((one) => one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight).map((one) => one.innerText)")).toEqual([]);
  await window.size(1280, 860);
  await window.click("Gulf Coast Marine Supply");
  await window.see("Its account, balance");
  await window.screen("account");
  await window.click("Statement of account…");
  await answerDialog("Where the statement of account goes", join(folder, "account"));
  await window.see("Saved account.pdf.");
  expect(words(join(folder, "account.pdf"))).toContain("Gulf Coast Marine Supply");
  await window.click("Direct billing");
  // Whose billing it was is remembered.
  await window.see("To remit");
  await window.click("Make invoices…");
  await window.see("Make invoices in the name of Hargrove & Lund");
  await window.see("Make 2 invoices");
  await window.screen("billing-run");
  await window.click("Make 2 invoices");
  await window.see("2 invoices are made.");
  await window.click("Save as PDFs…");
  await answerDialog("Where the invoices go", folder);
  await window.see("2 PDFs are in");
  const files = readdirSync(folder).filter((name) => name.startsWith("invoice-"));
  expect(files).toHaveLength(2);
  expect(words(join(folder, files[0]!))).toMatch(/Portland[^]*Remittance slip/);
  await window.click("Done");
  await window.click("Undo");
  await window.see("Undone: 2 invoices for");
  await window.size(640, 480);
  await window.screen("small-billing");
  expect(await window.run<boolean>("return document.documentElement.scrollWidth <= window.innerWidth")).toBe(true);
});

test("an affiliate sets its own price, gives money back and writes the rest off, each looked at first", async () => {
  await sample();
  await window.click("Clients");
  await window.click("Gulf Coast Marine Supply");
  await window.see("What the client pays");
  await window.see("Open with the company");
  await window.see("Margin, beside the commission");
  await window.screen("own-price-card");
  await window.click("Another price…");
  await window.see("Set the price");
  await window.fill("Amount of line 1", "1050");
  await window.see("The client pays 230.00 more a month than the company charges");
  await window.screen("own-price");
  await window.click("Set the price");
  await window.see(`${now.getFullYear()} set.`);
  await window.find(NO_DIALOG);
  await window.click("Undo");
  await window.see("Undone: Price of Gulf Coast Marine Supply");

  await window.click("Direct billing");
  await window.choose("Who bills", "Hargrove & Lund");
  await window.see("Written off");
  await window.see("Margin");
  await window.click("Gulf Coast Marine Supply");
  await window.see("Its account, balance");
  await window.click(await window.run<string>("return [...document.querySelectorAll('tbody button')].at(-1).innerText"));
  await window.see("With the client");
  await window.see("What the company charges");
  await window.click("Give money back…");
  await window.fill("Amount, in USD", "2000");
  await window.see("can't be given back");
  await window.fill("Amount, in USD", "100");
  await window.see("100.00 is open again");
  await window.screen("given-back");
  await window.click("Record it");
  await window.find(`${NO_DIALOG}//li[contains(., "Given back 100.00")]`);
  await window.click("Write off…");
  await window.see("will not pay 100.00 of what it owes");
  await window.click("Record it");
  await window.find(`${NO_DIALOG}//li[contains(., "Written off 100.00")]`);
  await window.screen("own-invoice");
  await window.click("Undo");
  await window.see("Undone: Written off 100.00");
});

test("a bank's file goes into the stack of receipts, and never twice", async () => {
  const folder = scratch();
  const file = join(folder, "bank.csv");
  await sample();
  await window.click("Invoices and payments");
  await window.click("Overdue");
  await window.find("//tbody/tr[.//span[contains(@class, 'overdue')]]");
  const number = await window.run<string>("return document.querySelector('tr:has(span.overdue) th button').innerText");
  writeFileSync(file, `Buchungstag;Verwendungszweck;Betrag\n03.12.2025;Rechnung ${number};12,50\n04.12.2025;Miete;-900,00\n`);
  await window.click("Enter payments…");
  await window.click("From a bank’s file…");
  await answerDialog("A bank's file", file);
  await window.see("What the bank says came in");
  await window.see("1 of money that went out");
  await window.see("More than one order");
  await window.choose("Days are written", "Day, month, year");
  await window.screen("bank");
  await window.click("Put 1 into the stack");
  await window.see("Record 1 payment");
  await window.screen("bank-stack");
  await window.click("Record 1 payment");
  await window.see("recorded.");
  await window.click("From a bank’s file…");
  await answerDialog("A bank's file", file);
  await window.see("Nothing came in that is not in the book already.");
});

test("what the company paid is compared to the cent, and what is missing is claimed", async () => {
  const folder = scratch();
  await sample();
  await window.click("What was really paid");
  await window.choose("Affiliate", "Meridian Tech Advisors");
  await window.choose("Month", "November 2025");
  await window.see("By the rules");
  const number = await window.run<string>("return document.querySelector('tbody th').innerText");
  writeFileSync(join(folder, "paid.csv"), `number,client,commission\n${number},Acme Widgets Inc,1.00\nZZ-1,Nobody,5.00\n`);
  await window.click("Import its statement…");
  await answerDialog("The company's statement", join(folder, "paid.csv"));
  await window.see("are missing.");
  await window.see("Unexpected");
  await window.screen("reconcile");
  await window.click("Print the claim…");
  await answerDialog("Where the claim goes", join(folder, "claim"));
  await window.see("Saved claim.pdf.");
  expect(words(join(folder, "claim.pdf"))).toMatch(/Claim[^]*November 2025[^]*short/);
});

test("a book is backed up, put back after saying what that loses, and restored from its door when it is damaged", async () => {
  const folder = scratch();
  const add = async (name: string) => {
    await window.click("Affiliates");
    await window.click("New affiliate…");
    await window.type("Name", name);
    await window.click("Add it");
    await window.see(`${name} added`);
  };
  const open = async () => {
    await window.see("Open “mine”", 60);
    await window.type("Passphrase", "correct horse");
    await window.click("Open the book");
  };
  await window.start(folder, "I work for the programme and pay affiliates");
  await add("Dana Reyes");
  await window.click("Backups");
  await window.see("There is no good backup yet.");
  await window.click("Back up now");
  await window.see("The book is backed up", 60);
  await window.see("The newest good backup is of");
  mkdirSync(join(folder, "disk"));
  await window.click("Choose a folder for backups…");
  await answerDialog("Where backups go", join(folder, "disk"));
  await window.see("into the folder “disk”");
  await window.click("Back up now");
  await until("a backup on the disk", async () => readdirSync(join(folder, "disk", "mine backups")).some((name) => name.startsWith("20")));
  await window.see("The book is backed up");
  await window.screen("backups");
  await window.size(600, 800);
  await window.picture("small-backups");
  await window.size(1280, 860);

  // One that was taken away meanwhile is refused, and listed no longer.
  const [disk, aside] = [join(folder, "disk", "mine backups"), join(folder, "aside")];
  const listed = () => window.run<number>("return document.querySelectorAll('tbody tr').length");
  const before = await listed();
  renameSync(disk, aside);
  await window.click("Restore…");
  await until("a list without it", async () => (await listed()) < before);
  await window.click("Leave it");
  renameSync(aside, disk);
  await window.click("Overview");

  await add("Eli Stone");
  await window.click("Backups");
  await window.click("Restore…");
  await window.see("1 affiliate recorded");
  await window.screen("restore");
  await window.click("Restore it");
  await open();
  await window.see("Welcome", 60);
  await window.click("Affiliates");
  await window.see("Dana Reyes");
  expect(await window.text()).not.toContain("Eli Stone");

  await window.click("Close the book");
  writeFileSync(join(folder, "mine.refbook", "book.db"), Buffer.alloc(8192, 7));
  await open();
  await window.see("The book is damaged", 60);
  await window.click("Its backups…");
  await window.see("Backups of “mine”");
  await window.screen("door-backups");
  await window.click("Restore…");
  await window.type("The backup’s passphrase", "correct horse");
  await window.click("Compare");
  await window.see("What would be lost can’t be told", 60);
  await window.click("Restore it");
  await open();
  await window.see("Welcome", 60);

  rmSync(join(folder, "disk"), { recursive: true });
  await window.click("Backups");
  await window.click("Back up now");
  await window.see("No backup could be made");
  expect(existsSync(join(folder, "disk"))).toBe(false);
  await window.click("Overview");
  await window.see("Needs attention");

  await window.click("Import and export");
  await window.click("Everything, as a folder…");
  await answerDialog("A folder for everything in the book", join(folder, "everything"));
  await window.see("readable by anyone who has it");
  expect(readdirSync(join(folder, "everything"))).toContain("journal.jsonl");
  await window.click("A folder of everything…");
  await answerDialog("An export of everything", join(folder, "everything"));
  await window.see("The book has all of it already");
});
