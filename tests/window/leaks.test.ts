// What the app leaves behind: with a home and temporary folders of its own, every file is searched for what was typed.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Window, answerDialog, leaveDialog, scratch, startScreen, stopScreen, until } from "./app";

/** Rare enough to be nobody else's. */
const SECRETS = {
  client: "Quorvexil Zymotrope", affiliate: "Fennwick Orzalu", note: "trelmivox says the deal is off", draft: "Ombrelyx Unsaved",
  passphrase: "hlaxofrin wumbrek", wrong: "gnuvalid drossmark", amount: "48151.62", shown: "48,151.62", line: "Skrevolt servers",
};

const root = scratch();
// What the user asked for lies in `asked`; the rest is searched.
const [home, temporary, books, asked] = ["home", "temporary", "books", "asked"].map((name) => join(root, name)) as [string, string, string, string];
const surroundings = {
  HOME: home, XDG_CONFIG_HOME: join(home, "config"), XDG_DATA_HOME: join(home, "data"), XDG_CACHE_HOME: join(home, "cache"), XDG_STATE_HOME: join(home, "state"),
  TMPDIR: temporary, REFBOOK_TEST_LOG: join(home, "said-by-the-window.log"),
};
const book = join(books, "leaks.refbook");

beforeAll(() => {
  for (const folder of [home, temporary, books, asked]) mkdirSync(folder);
  return startScreen(surroundings);
});
afterAll(stopScreen);

/** A secret as a file could have it: UTF-8, UTF-16, hex, base64 at each of its three beginnings, and in an address. */
function written(secret: string): [string, Buffer][] {
  const utf16 = Buffer.from(secret, "utf16le");
  const base64 = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]).toString("base64").replace(/=+$/, "");
    return text.slice(before && before + 1, -1);
  });
  const hex = Buffer.from(secret).toString("hex");
  return [
    ["UTF-8", Buffer.from(secret)], ["UTF-16", utf16], ["UTF-16, big end first", Buffer.from(utf16).swap16()], ["hex", Buffer.from(hex)], ["HEX", Buffer.from(hex.toUpperCase())],
    ["an address", Buffer.from(encodeURIComponent(secret))], ...base64.map((text, nth) => [`base64 after ${nth}`, Buffer.from(text)] as [string, Buffer]),
  ];
}

const NEEDLES = Object.entries(SECRETS).flatMap(([what, secret]) => written(secret).map(([how, bytes]) => ({ what: `${what} in ${how}`, bytes })));
const found = (bytes: Buffer) => NEEDLES.filter((needle) => bytes.includes(needle.bytes)).map((needle) => needle.what);

function* files(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else if (entry.isFile()) yield path;
  }
}

const begun = Date.now();

/** What the system keeps for everybody: there, what is large or older is nobody's of ours. */
function* shared(folder: string): Generator<string> {
  for (const path of statSync(folder, { throwIfNoEntry: false })?.isDirectory() ? files(folder) : []) {
    const about = statSync(path, { throwIfNoEntry: false });
    if (about && about.mtimeMs >= begun && about.size < 64 << 20) yield path;
  }
}

/** Each file of the app's that has a secret in it. */
function leaks(): string[] {
  const places = [...[home, temporary, books].flatMap((folder) => [...files(folder)]), ...["/dev/shm", "/var/crash", "/var/lib/systemd/coredump"].flatMap((folder) => [...shared(folder)])];
  return places.flatMap((path) => {
    // What is gone meanwhile leaks nothing.
    try { return found(readFileSync(path)).map((what) => `${path}: ${what}`); } catch { return []; }
  });
}

/** The processes that live in our home: the window, and what WebKit starts for it. */
function processes(): string[] {
  return readdirSync("/proc").filter((id) => /^\d+$/.test(id)).filter((id) => {
    try { return readFileSync(`/proc/${id}/environ`).includes(`HOME=${home}`); } catch { return false; }
  });
}

const refbook = (...args: string[]) =>
  spawnSync(join(dirname(process.env.REFBOOK_WINDOW!), "refbook"), args, { env: { ...process.env, ...surroundings, REFBOOK_PASSPHRASE_FILE: join(asked, "passphrase") }, cwd: temporary, encoding: "utf8" });

const records = () => JSON.stringify({
  format: "refbook/1",
  affiliates: [{ id: "A1", name: SECRETS.affiliate, own_companies: [], domains: [], agreement_signed_on: null, remittance: "in_full" }],
  clients: [{ id: "C1", name: SECRETS.client, domains: [], customer_since: null }],
  referrals: [{ id: "R1", affiliate: "A1", client: "C1", registered_on: "2025-01-01" }],
  contracts: [{ id: "K1", referral: "R1", signed_on: "2025-01-01", starts_on: "2025-01-01", term_months: 12, ended_on: null, rate: "0.10", billed_by: "company", lines: [{ kind: "hosting", description: SECRETS.line, amount: SECRETS.amount }], changes: [] }],
  invoices: [{ id: "I1", number: "1", client: "C1", contract: "K1", issued_on: "2025-01-01", due_on: "2025-01-15", period_start: "2025-01-01", period_end: "2025-01-31", lines: [{ kind: "hosting", description: SECRETS.line, amount: SECRETS.amount }], tax: "0" }],
  payments: [{ id: "P1", invoice: "I1", received_on: "2025-01-10", amount: SECRETS.amount }],
});

test("a planted secret would be found, however it is written", () => {
  for (const [what, secret] of Object.entries(SECRETS)) {
    for (const [how, bytes] of written(secret)) expect(found(Buffer.concat([Buffer.from("xx"), bytes, Buffer.from("yy")])), how).toContain(`${what} in ${how}`);
    for (const before of [0, 1, 2]) {
      const encoded = Buffer.concat([Buffer.alloc(before, 7), Buffer.from(secret), Buffer.from("after")]).toString("base64");
      expect(found(Buffer.from(encoded)), encoded).toContain(`${what} in base64 after ${before}`);
    }
  }
  const planted = join(home, "planted");
  writeFileSync(planted, SECRETS.client);
  expect(leaks()).toEqual([`${planted}: client in UTF-8`]);
  rmSync(planted);
});

test("nothing that was typed, imported, printed or refused is left in any file, command line or log", async () => {
  let window = await Window.open();
  await window.click("Start a book");
  await window.click("I work for the programme and pay affiliates");
  await window.type("Passphrase", SECRETS.passphrase);
  await window.type("The same once more", SECRETS.passphrase);
  await window.click("Choose where it goes…");
  await answerDialog("Where the new book goes", book);
  await window.see("Welcome", 60);

  writeFileSync(join(asked, "records.json"), records());
  const chosen = window.invoke("choose_import", {});
  await answerDialog("A file to import", join(asked, "records.json"));
  expect(await chosen).toHaveProperty("value");
  expect(await window.invoke("import_chosen", {})).toHaveProperty("value");
  expect(await window.invoke("write_note", { client: "C1", text: SECRETS.note })).toEqual({ value: null });
  await window.click("Clients");
  await window.click(SECRETS.client);
  await window.see(SECRETS.note);
  await window.see(SECRETS.shown);

  // Printed once where it was asked for, and once not at all.
  const stop = leaveDialog("Where the statements go");
  expect(await window.invoke("print_month", { month: "2025-01", affiliate: null, letter: false, progress: "__CHANNEL__:1" })).toEqual({ value: null });
  stop();
  const printed = window.invoke("print_month", { month: "2025-01", affiliate: null, letter: false, progress: "__CHANNEL__:2" });
  await answerDialog("Where the statements go", asked);
  expect(await printed).toHaveProperty("value");
  expect(readdirSync(asked).some((name) => name.endsWith(".pdf"))).toBe(true);

  // Typed, and not recorded.
  await window.click("Referrals");
  await window.click("Register a referral…");
  await window.type("Client", SECRETS.draft);
  await until("the draft is kept", async () => JSON.stringify(await window.invoke("unsaved", { form: "referral" })).includes(SECRETS.draft), 10);
  const ids = processes();
  expect(ids.length).toBeGreaterThan(1);
  for (const id of ids) {
    for (const what of ["cmdline", "environ"]) {
      try { expect(found(readFileSync(`/proc/${id}/${what}`)), `${what} of ${id}`).toEqual([]); } catch (error) { if ((error as { code?: string }).code !== "ENOENT") throw error; }
    }
  }
  expect(leaks(), "with the book open").toEqual([]);

  // It ends as badly as a program can.
  const programs = ids.filter((id) => { try { return readFileSync(`/proc/${id}/comm`, "utf8").startsWith("refbook-window"); } catch { return false; } });
  expect(programs.length).toBeGreaterThan(0);
  execFileSync("kill", ["-ABRT", ...programs]);
  await window.close().catch(() => undefined);
  expect(leaks(), "after it was aborted").toEqual([]);

  // Opened again, once with a wrong passphrase, and closed.
  window = await Window.open();
  const choosing = window.invoke("choose_book", {});
  await answerDialog("Open a book", book);
  expect(await choosing).toHaveProperty("value");
  expect(await window.invoke("open_book", { passphrase: SECRETS.wrong, acceptOlder: false })).toMatchObject({ refused: { code: "wrong_passphrase" } });
  expect(await window.invoke("open_book", { passphrase: SECRETS.passphrase, acceptOlder: false })).toHaveProperty("value");
  expect(JSON.stringify(await window.invoke("verify_book", {}))).not.toContain("refused");
  expect(await window.invoke("back_up", { progress: "__CHANNEL__:3" })).toHaveProperty("value");
  expect(readdirSync(join(book, "backups")).length, "a backup to be searched").toBeGreaterThan(0);
  expect(await window.invoke("close_book", {})).toMatchObject({ value: { name: "leaks", locked: null } });
  await window.close();
  expect(leaks(), "after it was closed").toEqual([]);

  // The command line: done, refused, and with a passphrase that is wrong.
  writeFileSync(join(asked, "passphrase"), `${SECRETS.passphrase}\n`);
  writeFileSync(join(asked, "refused.json"), records().replaceAll(SECRETS.amount, "x"));
  for (const args of [["import", book, join(asked, "records.json")], ["statement", book, "--month", "2025-01"], ["verify", book], ["export", book, "--out", join(asked, "export.json")]]) {
    const { status, stderr } = refbook(...args);
    expect([status, found(Buffer.from(stderr))], `${args[0]}: ${stderr}`).toEqual([0, []]);
  }
  expect(refbook("import", book, join(asked, "refused.json")).status).toBe(1);
  writeFileSync(join(asked, "passphrase"), `${SECRETS.wrong}\n`);
  const refused = refbook("verify", book);
  expect([refused.status, found(Buffer.from(refused.stdout + refused.stderr))]).toEqual([1, []]);
  expect(leaks(), "after the command line").toEqual([]);
}, 240_000);
