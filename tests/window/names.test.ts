// The names of tests/hostile/names.json in the real window: text, and legible.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Window, answerDialog, scratch, startScreen, stopScreen } from "./app";

const NAMES: string[] = [...JSON.parse(readFileSync(join(import.meta.dirname, "../hostile/names.json"), "utf8")), "long ".repeat(2_000), "x".repeat(10_000)];
const UNSEEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2060-\u206f\ufeff]/;

let window: Window;
beforeAll(() => startScreen());
afterAll(stopScreen);
beforeEach(async () => void (window = await Window.open()));
afterEach(() => window.close());

const each = <T>(record: (nth: number, name: string) => T) => NAMES.map((name, nth) => record(nth, name));

const book = () => JSON.stringify({
  format: "refbook/1",
  affiliates: [{ id: "A1", name: "Dana \u202efdp.exe", own_companies: [], domains: [], agreement_signed_on: null, remittance: "in_full" }],
  clients: each((nth, name) => ({ id: `C${nth}`, name, domains: [], customer_since: null })),
  referrals: each((nth) => ({ id: `R${nth}`, affiliate: "A1", client: `C${nth}`, registered_on: "2025-01-01" })),
  contracts: each((nth, description) => ({ id: `K${nth}`, referral: `R${nth}`, signed_on: "2025-01-01", starts_on: "2025-01-01", term_months: 12, ended_on: null, rate: "0.10", billed_by: "company", lines: [{ kind: "hosting", description, amount: "10" }], changes: [] })),
  invoices: each((nth, description) => ({ id: `I${nth}`, number: `=${nth}`, client: `C${nth}`, contract: `K${nth}`, issued_on: "2025-01-01", due_on: "2025-01-15", period_start: "2025-01-01", period_end: "2025-01-31", lines: [{ kind: "hosting", description, amount: "10" }], tax: "0" })),
});

/** As the window is to show a name: its marks for what is not seen, and blanks as HTML has them. */
const shown = (name: string) => name.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g, "\ufffd").replace(/\s+/g, " ").trim();

/** Nothing ran, nothing turns or hides, and nothing pushes the page out of the window. */
async function isHarmless(where: string) {
  const page = await window.run<{ title: string; text: string; strangers: number; wide: boolean }>(`
    return { title: document.title, text: document.documentElement.textContent, wide: document.documentElement.scrollWidth > window.innerWidth,
      strangers: document.querySelectorAll("main img:not([src^='data:']), main script, main iframe, [onerror]").length };`);
  expect(page.title, where).not.toContain("owned");
  expect(page.text.match(UNSEEN), where).toBeNull();
  expect([page.strangers, page.wide], where).toEqual([0, false]);
}

test("names are inert and legible on every page that shows them", async () => {
  const folder = scratch();
  await window.start(folder, "I work for the programme and pay affiliates");
  writeFileSync(join(folder, "names.json"), book());
  const chosen = window.invoke("choose_import", {});
  await answerDialog("A file to import", join(folder, "names.json"));
  expect(await chosen).toMatchObject({ value: { file: "names.json" } });
  expect(await window.invoke("import_chosen", {})).toHaveProperty("value");

  for (const [page, mark] of [["Clients", "<img src=x"], ["Affiliates", "Dana \ufffdfdp.exe"], ["Referrals", "<img src=x"], ["Invoices and payments", "<img src=x"], ["Overview", "Overview"]] as const) {
    await window.click(page);
    await window.see(mark);
    await isHarmless(page);
  }
  await window.click("Clients");
  await window.see("<img src=x");
  const text = (await window.text()).replace(/\s+/g, " ");
  for (const name of NAMES.filter((one) => one.trim() && one.length < 1_000)) expect(text, name).toContain(shown(name));
  await window.screen("last-names");

  for (const nth of [4, 5, 7, 10, 11, 12, NAMES.length - 2, NAMES.length - 1]) {
    await window.click("Clients");
    await window.see("<img src=x");
    await window.run("[...document.querySelectorAll('tbody tr')].find((row) => row.textContent.replace(/\\s+/g, ' ').includes(arguments[0])).querySelector('a, button').click()", shown(NAMES[nth]!).slice(0, 40));
    await window.see("Contract");
    await isHarmless(`client ${nth}`);
  }
  await window.chord("\uE009", "k");
  await window.keys(..."fdp");
  await window.see("fdp.exe");
  await isHarmless("search");
});
