// What the window may call, called as by somebody who owns it: each command with anything at all, and what is nobody's business.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Window, answerDialog, leaveDialog, scratch, startScreen, stopScreen } from "./app";

const SOURCE = readFileSync(join(import.meta.dirname, "../../src-tauri/src/commands.rs"), "utf8");

type Parameter = { name: string; type: string };
type Command = { name: string; parameters: Parameter[]; asks: string | undefined };

/** Every command, from its own source: its parameters, and what the dialog is called in which it asks for a place. */
const COMMANDS: Command[] = SOURCE.split("#[tauri::command]").slice(1).map((text) => {
  const [, name, list, body] = /pub (?:async )?fn (\w+)\(([^]*?)\)(?: ->[^{]*)? \{([^]*?)\n\}/.exec(text)!;
  const parameters = [...list!.matchAll(/(\w+): ((?:[\w:<>&' ]|, (?=\w+>))+)/g)].map((found) => ({ name: camel(found[1]!), type: found[2]!.trim() }));
  // A title that depends on what is asked for begins as all of its kind do.
  const asked = /ask\(&app, (?:"([^"]+)"|title)/.exec(body!);
  const given = parameters.filter(({ type }) => !/AppHandle|Shared|WebviewWindow|State/.test(type));
  return { name: name!, parameters: given, asks: asked ? (asked[1] ?? "Where the") : undefined };
});

/** What answers without a book, and why; whatever is not here must say that no book is open. */
const WITHOUT_A_BOOK = new Map([
  ["start", "the first thing that the window asks"],
  ["show", "shows the window"],
  ["look_around", "opens the sample"],
  ["choose_book", "a dialog"],
  ["open_book", "opens what was chosen"],
  ["new_book", "makes one"],
  ["close_book", "nothing is closed"],
  ["lock_book", "nothing is locked"],
  ["stirred", "a hand is a hand"],
  ["open_by_keychain", "opens what was chosen"],
  ["wait_at_door", "how long the next try waits"],
  ["cancel_printing", "stops what does not run"],
  ["cancel_forecast", "stops what does not run"],
  ["cancel_backup", "stops what does not run"],
  ["cancel_closing", "stops what does not run"],
  ["quote_view", "sales staff quote without a book"],
  ["print_quote", "and print the quote"],
]);

/** Nothing of these is ours: Tauri's own, and plugins that are there for Rust or not there at all. */
const OTHERS = [
  "no_such_command", "plugin:app|version", "plugin:app|name", "plugin:event|emit", "plugin:event|emit_to", "plugin:window|close", "plugin:window|set_title",
  "plugin:window|create", "plugin:window|get_all_windows", "plugin:webview|create_webview_window", "plugin:webview|print", "plugin:webview|internal_toggle_devtools",
  "plugin:path|resolve_directory", "plugin:resources|close", "plugin:menu|new", "plugin:menu|items", "plugin:tray|new", "plugin:image|from_path",
  "plugin:fs|read_text_file", "plugin:fs|read_dir", "plugin:shell|execute", "plugin:shell|open", "plugin:http|fetch", "plugin:process|exit",
  "plugin:opener|open_path", "plugin:opener|open_url", "plugin:opener|reveal_item_in_dir", "plugin:dialog|open", "plugin:dialog|save", "plugin:dialog|message",
  "plugin:window-state|save_window_state", "plugin:window-state|restore_state", "plugin:single-instance|x", "plugin:sql|load", "plugin:store|load",
];

const HOSTILE: string[] = JSON.parse(readFileSync(join(import.meta.dirname, "../hostile/names.json"), "utf8"));
const WORDS = ["", "2025-12", "2999-12", "1900-01", "C01", "A01", "A06", "K01", "client", "invoice", "new:client", "1e999999999", "99999999999999999", "{}", "[".repeat(5_000), "x".repeat(100_000), ...HOSTILE];
const WRONG: unknown[] = [null, true, -1, 1e308, 4294967296, "text", [], {}, [[[[]]]], { __proto__: null, toString: 1 }, { length: 1e9 }, "\u0000", ["a", 1, null]];

let window: Window;
beforeAll(() => startScreen());
afterAll(stopScreen);
beforeEach(async () => void (window = await Window.open()));
afterEach(() => window.close());

// Always the same throws.
let seed = 1;
const below = (end: number) => (seed = (seed * 48271) % 2147483647) % end;
const any = <T>(of: readonly T[]) => of[below(of.length)]!;

/** Something of the type that a parameter has in Rust; a type that is not known here has to be. */
function fitting(type: string): unknown {
  const inner = /^(Option|Vec)<(.+)>$/.exec(type);
  if (inner) return inner[1] === "Option" ? (below(2) ? null : fitting(inner[2]!)) : Array.from({ length: below(4) }, () => fitting(inner[2]!));
  const text = () => any(WORDS);
  const number = () => any([0, 1, 12, 1200, 4294967295]);
  switch (type) {
    case "String": case "Secret": return text();
    case "bool": return below(2) === 1;
    case "u32": return number();
    case "Locked": return any(["asked", "unused", "slept", "clock"]);
    case "ListQuery": return { text: text(), only: text(), sort: text(), from: number() };
    case "NewBook": return { owner: any(["office", "affiliate"]), company: text(), phone: text(), currency: any(["USD", text()]), name: text(), own_companies: [text()], domains: [text()] };
    case "BankMapping": return { delimiter: any([",", "\"", "\n", "\u20ac"]), day: number(), amount: number(), day_order: "day_month_year", decimal_comma: false };
    case "BillingAsked": return { affiliate: any(["A06", text()]), period: any(["2026-01", "2025", "2025-Q9", text()]), issued_on: any(["2026-01-01", text()]), days_to_pay: any(["30", text()]), first_number: text(), tax_rate: text(), left_out: [text()] };
    case "Letterhead": return { address: text(), pay_to: text(), tax_label: text(), tax_rate: text(), days_to_pay: any(["30", text()]) };
    case "WhatIfs": return { days_late: any([null, "20", text()]), leaves_after: any([null, "7", text()]), changes_in: any([null, "25", text()]), changes_to: any([null, text()]) };
    case "ForecastAsked": return { months: number(), rate: any([null, text()]), smaller_by: any([null, "0.075", text()]), leaves: any([null, text()]), cured: true };
    case "TypedReceipt": return { who: text(), amount: any(["1.00", text()]), on: any(["2025-12-03", text()]), client: text() };
    case "TypedPaid": return { number: text(), client: text(), amount: any(["1.00", text()]) };
    case "Channel<PrintedSoFar>": case "Channel<ClosingSoFar>": return any(["__CHANNEL__:1", "__CHANNEL__:x", text()]);
    default: throw new Error(`What fits "${type}"? Say so in fitting.`);
  }
}

const fittingAll = (command: Command) => Object.fromEntries(command.parameters.map(({ name, type }) => [name, fitting(type)]));
const wrongAll = (command: Command) => Object.fromEntries(command.parameters.map(({ name }) => [name, any(WRONG)]));

/** An answer is a value, a refusal of ours, or Tauri's own words. */
function isWhole(command: string, answer: Answer) {
  if ("value" in answer) return;
  const { refused: error } = answer;
  if (typeof error === "string") return expect(error, command).not.toMatch(/panick|hung/);
  expect(Object.keys(error as object).sort(), command).toEqual(["code", "fields", "message"]);
  expect((error as { message: string }).message, command).not.toMatch(/panick|Refbook failed at this/);
}

type Answer = { value: unknown } | { refused: unknown };

async function ask(command: Command, args: Record<string, unknown>): Promise<Answer> {
  const answered = window.invoke(command.name, args);
  const stop = command.asks && leaveDialog(command.asks);
  try {
    return await answered;
  } finally {
    if (stop) stop();
  }
}

test("every command answers anything, with a book open, and the window lives", async () => {
  await window.see("Look around");
  expect(COMMANDS.length).toBeGreaterThan(70);
  await window.invoke("look_around", {});
  for (const command of COMMANDS) {
    for (let round = 0; round < 3; round++) {
      isWhole(command.name, await ask(command, wrongAll(command)));
      isWhole(command.name, await ask(command, fittingAll(command)));
      if (command.parameters.length === 0) break;
    }
    if (command.name === "close_book") await window.invoke("look_around", {});
  }
  expect(await window.invoke("start", {})).toMatchObject({ value: { book: { sample: true } } });
  await window.see("Refbook");
}, 300_000);

test("without a book nothing answers but what must", async () => {
  await window.see("Look around");
  const names = COMMANDS.map(({ name }) => name);
  expect([...WITHOUT_A_BOOK.keys()].filter((name) => !names.includes(name))).toEqual([]);
  for (const command of COMMANDS.filter(({ name }) => !WITHOUT_A_BOOK.has(name))) {
    const answer = await ask(command, { ...fittingAll(command), month: "2025-12", kind: "client", progress: "__CHANNEL__:1" });
    if ("value" in answer) {
      // The dialog was left, so nothing was done.
      expect(command.asks && [null, false].includes(answer.value as never), `${command.name} answered ${JSON.stringify(answer.value)}`).toBe(true);
    } else if (typeof answer.refused === "object") {
      expect(["no_book", "locked", "failed"], command.name).toContain((answer.refused as { code: string }).code);
      expect((answer.refused as { message: string }).message, command.name).toMatch(/No book is open|No (file|book|backup) was chosen|locked/);
    } else {
      throw new Error(`${command.name}: ${String(answer.refused)}`);
    }
  }
});

test("no answer names a place of the disk, and no text is taken for one", async () => {
  const folder = scratch();
  await window.start(folder, "I refer clients and keep my own book", "Dana Reyes");
  const named = async (name: string, args: Record<string, unknown> = {}) => {
    const answer = await window.invoke(name, args);
    expect(JSON.stringify(answer), name).not.toMatch(new RegExp(`${folder}|${homedir()}/`));
    return answer;
  };
  const made = await named("back_up", { progress: "__CHANNEL__:1" });
  expect(made).toMatchObject({ value: { sound: "good" } });
  // The book's own folder is a backup's as well as any, were a text a path. A refusal repeats what was asked for.
  const refusal = { refused: { message: expect.stringContaining("There is no backup") } };
  expect(await window.invoke("preview_restore", { id: join(folder, "mine.refbook"), typed: "" })).toMatchObject(refusal);
  for (const id of ["own/../..", "chosen/../../mine.refbook", "/", ""]) expect(await named("preview_restore", { id, typed: "" }), id).toMatchObject(refusal);
  for (const [command, title, gone] of [["choose_backup_folder", "Where backups go", true], ["choose_backup", "A backup's folder", false]] as const) {
    mkdirSync(join(folder, command));
    const chosen = named(command);
    await answerDialog(title, join(folder, command));
    await chosen;
    if (gone) rmSync(join(folder, command), { recursive: true });
  }
  expect(await named("backups")).toMatchObject({ value: { problem: expect.stringContaining("choose_backup_folder") } });
  expect(await named("back_up", { progress: "__CHANNEL__:1" })).toHaveProperty("refused");
  expect(await named("preview_restore", { id: null, typed: "" })).toHaveProperty("refused");
  const stays = ["lock_book", "close_book", "look_around"];
  for (const command of COMMANDS.filter(({ name }) => !stays.includes(name))) {
    expect(JSON.stringify(await ask(command, fittingAll(command))), command.name).not.toMatch(new RegExp(`${folder}|${homedir()}/`));
  }
}, 120_000);

test("nothing outside the list of capabilities answers, and nothing is loaded from anywhere", async () => {
  await window.see("Look around");
  for (const name of OTHERS) {
    const answer = await window.invoke(name, { label: "main", path: "/etc/passwd", url: "https://example.org", event: "x", payload: 1, message: "x", options: {}, directory: 1, rid: 0 });
    expect("refused" in answer && String(answer.refused), name).toMatch(/not allowed|not found/);
  }
  const reached = await window.run<string[]>(`
    const tries = {
      fetch: () => fetch("https://example.org/"), local: () => fetch("http://127.0.0.1:1/"), eval: () => eval("1"), function: () => Function("return 1")(),
      asset: () => fetch("asset://localhost/etc/passwd"), file: () => fetch("file:///etc/passwd"), worker: () => new Promise((done, failed) => { const worker = new Worker("data:text/javascript,1"); worker.onerror = failed; setTimeout(done, 1000); }),
      script: () => new Promise((done, failed) => { const one = document.createElement("script"); one.textContent = "window.reached = 1"; document.head.append(one); window.reached ? done() : failed(); }),
      image: () => new Promise((done, failed) => { const one = new Image(); one.onload = done; one.onerror = failed; one.src = "https://example.org/x.png"; }),
      frame: () => new Promise((done, failed) => { const one = document.createElement("iframe"); one.src = "https://example.org/"; document.addEventListener("securitypolicyviolation", failed, { once: true }); document.body.append(one); setTimeout(done, 1000); }),
    };
    return Promise.all(Object.entries(tries).map(async ([name, reach]) => { try { await reach(); return name; } catch { return ""; } })).then((names) => names.filter(Boolean));`);
  expect(reached).toEqual([]);
});

function camel(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
