// The book as a file: brought in and taken out, locked, its ways in, its doors, its backups.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import { answerDialog, scratch, startScreen, stopScreen, until } from "./app";
import { CONTROL, ENTER, ESCAPE, story, words } from "./story";

beforeAll(() => startScreen());
afterAll(stopScreen);

/** A few of each kind of command, with what they take. */
const NEED_A_BOOK: Record<string, object> = {
  months: {}, overview: {}, undo_offered: {}, undo: {}, terms_page: {}, quotes: {}, lock_after: {}, verify_book: {},
  search: { text: "" }, clients: { query: { text: "", only: "", sort: "", from: 0 } }, client_page: { id: "C01" }, affiliate_page: { id: "A01" },
  unsaved: { form: "affiliate" }, keep_unsaved: { form: "affiliate", text: "x" }, check: { document: "{}" }, record: { words: "x", document: "{}" },
  record_of: { kind: "affiliate", id: "A01" }, month: { month: "2025-12", query: { text: "", only: "", sort: "", from: 0 } },
};

story("a book is imported into after a look, undone as a whole, exported the same, and opened again", async ({ window }) => {
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
  await window.see("Nothing is held in November 2023. Later months are not counted here.");
  await window.screen("behind");
  await window.click("Forecast");
  await window.see("months are still to be closed; what is shown begins with November 2023.", 60);
  await window.click("Statements");
  await window.see("months, through");
  await window.screen("close-many");
  await window.click(await window.run<string>("return [...document.querySelectorAll('button')].map((one) => one.innerText).find((words) => words.includes('months, through'))"));
  await window.see("months. Their statements are sealed and never change.", 120);
});

story("a book is locked with what was typed in it, shows nothing of it, and opens where it was", async ({ window }) => {
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

story("a recovery code is shown once, typed back, printed, and opens the book; a wrong passphrase waits, a new one works", async ({ window }) => {
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

story("a door that stays shut says why, with a way on", async ({ window }) => {
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
  await window.reopen();
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
  await window.see("Its backups…");
  await window.click("Open this older copy all the same");
  await window.see("Welcome", 60);
  await window.click("Close the book");

  rmSync(join(folder, "head.json"));
  await window.see("Open “mine”");
  await open();
  await window.see("Nothing says that this is the newest copy of the book", 60);
  await window.see("Its backups…");
  await window.screen("unproven");
  await window.click("Open it all the same");
  await window.see("Welcome", 60);
});

story("a book is backed up, put back after saying what that loses, and restored from its door when it is damaged", async ({ window }) => {
  const folder = scratch();
  const add = async (name: string) => {
    await window.click("Affiliates");
    await window.click("New affiliate…");
    await window.type("Name", name);
    await window.click("Add it");
    await window.see(`${name} added`);
  };
  const open = async (label = "Passphrase") => {
    await window.see("Open “mine”", 60);
    await window.type(label, "correct horse");
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

  // Added after the backup was made, and of the same key.
  await window.click("Keys");
  await window.click("Add a recovery code…");
  const shown = () => window.run<string>("return [...document.querySelectorAll('dialog li')].map((group) => group.innerText.trim()).join('-')");
  const code = await until("the code", async () => { const text = await shown(); return text.length === 41 && text; });
  await window.click("I have it on paper");
  await window.type("Type the recovery code back", code);
  await window.click("It is right: add it");
  await window.see("The recovery code opens the book.");

  const either = "Passphrase or recovery code";
  await window.click("Close the book");
  writeFileSync(join(folder, "mine.refbook", "book.db"), Buffer.alloc(8192, 7));
  await open(either);
  await window.see("The book is damaged", 60);
  await window.click("Its backups…");
  await window.see("Backups of “mine”");
  await window.screen("door-backups");
  await window.click("Restore…");
  await window.type(either, code);
  await window.click("Compare");
  await window.see("What would be lost can’t be told", 60);
  await window.click("Restore it");
  await open(either);
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
