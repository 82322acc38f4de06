// How quick the window is, as ratios measured in one run; `cargo xtask bench` runs it. It prints and fails on nothing but its own faults.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, test } from "vitest";
import { Window, answerDialog, screen, startScreen, stopScreen, until } from "./app";

const ROUNDS = 9;
const ENTER = "\uE007";
/** The lists, by their names in the sidebar. */
const LISTS = ["Referrals", "Clients", "Invoices and payments", "Statements", "Affiliates"];
const rows: string[] = [];

beforeAll(startScreen);
afterAll(() => {
  stopScreen();
  console.log(["", "| what | measured (medians) | ratio | at most |", "|---|---|--:|--:|", ...rows, ""].join("\n"));
});

const row = (what: string, measured: string, ratio: number, most: number) =>
  rows.push(`| ${what} | ${measured} | ${ratio.toFixed(2)} | ${most}${ratio > most ? " (missed)" : ""} |`);

test("start and memory, beside a blank window", async () => {
  const ours: Started[] = [];
  const blank: Started[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    blank.push(await started(process.env.REFBOOK_BLANK!, [], "Blank"));
    ours.push(await started(process.env.REFBOOK_WINDOW!, ["--sample"], "Refbook"));
  }
  const paired = (of: (one: Started) => number) => middle(ours.map((one, round) => of(one) / of(blank[round]!)));
  const [our, theirs] = [ours, blank].map((runs) => [middle(runs.map((one) => one.ms)), middle(runs.map((one) => one.mb))]);
  row("Start with the sample book to its overview, against a blank window", `${our![0]!.toFixed(0)} ms against ${theirs![0]!.toFixed(0)} ms`, paired((one) => one.ms), 1.3);
  row("Memory of all processes at rest, against the blank window's", `${our![1]!.toFixed(0)} MB against ${theirs![1]!.toFixed(0)} MB`, paired((one) => one.mb), 1.25);
}, 600_000);

test("search and lists of 100,000 clients", async () => {
  const window = await Window.open();
  await window.click("Open a book");
  await answerDialog("Open a book", process.env.REFBOOK_LARGE!);
  await window.type("Passphrase", "sample");
  await window.keys(ENTER);
  await window.see("Overview", 120);
  const searched: number[] = [];
  await window.chord("\uE009", "k");
  await window.find("//dialog//input");
  for (const text of ["a", "ab", "ha", "har", "cl", "client", "client 1", "client 12", "99", "c9", "zz", "m", "ma", "mar", "s", "st", "n", "ne", "new", "b"]) {
    searched.push(await window.run<number>(TYPED, text));
  }
  row("A key press in search of 100,000 clients to painted results, 95th of 100, against 50 ms", `${quantile(searched, 0.95).toFixed(0)} ms`, quantile(searched, 0.95) / 50, 1);
  await window.keys("\uE00C");
  const opened: number[] = [];
  for (const name of [...LISTS, ...LISTS]) opened.push(await window.run<number>(OPENED, name));
  // The first round reads the page's script too; the second is what a day's work feels.
  const worst = Math.max(...opened.slice(LISTS.length));
  row("Opening any list page of that book, the slowest, against 100 ms", `${worst.toFixed(0)} ms`, worst / 100, 1);
  await window.close();
}, 600_000);

test("what is loaded at first paint", async () => {
  const dist = join(import.meta.dirname, "../../ui/dist");
  const html = readFileSync(join(dist, "index.html"), "utf8");
  const files = [...html.matchAll(/(?:src|href)="\/?(assets\/[^"]+\.(?:js|css))"/g)].map((match) => match[1]!);
  const kb = files.map((file) => gzipSync(readFileSync(join(dist, file))).length).reduce((a, b) => a + b, 0) / 1024;
  row("Scripts and styles at first paint, compressed, against 200 KB", `${kb.toFixed(0)} KB`, kb / 200, 1);
});

type Started = { ms: number; mb: number };

/** Starts a program until its window is seen; then, at rest, what its processes hold. */
async function started(program: string, args: string[], title: string): Promise<Started> {
  const begun = performance.now();
  const child = spawn("dbus-run-session", ["--", program, ...args], { env: { ...screen, NO_AT_BRIDGE: "1" }, stdio: "ignore", detached: true });
  while (!isSeen(title)) if (performance.now() - begun > 60_000) throw new Error(`${title} never came`);
  const ms = performance.now() - begun;
  await new Promise((resolve) => setTimeout(resolve, 2500));
  const mb = held(child) / 1024;
  process.kill(-child.pid!, "SIGKILL");
  await until("it is gone", async () => !isSeen(title));
  return { ms, mb };
}

function isSeen(title: string): boolean {
  try {
    return execFileSync("xdotool", ["search", "--onlyvisible", "--name", `${title}$`], { env: screen, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim() !== "";
  } catch {
    return false;
  }
}

/** The proportional memory of a process and of all that it started, in KB. */
function held(child: ChildProcess): number {
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const parents = new Map(processes.map((pid) => [pid, stat(pid)]));
  const within = (pid: string | undefined): boolean => pid === String(child.pid) || (!!pid && pid !== "0" && within(parents.get(pid)));
  return processes.filter((pid) => within(pid)).map(pss).reduce((a, b) => a + b, 0);
}

function stat(pid: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, "").split(" ")[1];
  } catch {
    return undefined;
  }
}

function pss(pid: string): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** In the page: from the key to the frame after the answer was put there. */
const TYPED = `
  const [text] = arguments;
  const input = document.querySelector("dialog[open] input");
  const list = document.querySelector("dialog[open] [role=listbox]");
  return new Promise((resolve) => {
    const begun = performance.now();
    const seen = new MutationObserver(() => { seen.disconnect(); requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begun))); });
    seen.observe(list, { childList: true, subtree: true, characterData: true });
    setTimeout(() => resolve(performance.now() - begun), 2000);
    input.value = text;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });`;

const OPENED = `
  const [name] = arguments;
  const button = [...document.querySelectorAll("nav button, nav a")].find((one) => one.innerText.trim().startsWith(name));
  return new Promise((resolve) => {
    const begun = performance.now();
    const done = () => { const main = document.querySelector("main"); return main.querySelector("h1") && main.querySelector("tbody tr"); };
    const look = () => (done() ? requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begun))) : setTimeout(look, 1));
    document.querySelector("main").querySelectorAll("h1, table").forEach((one) => one.remove());
    button.click();
    look();
  });`;

const middle = (values: number[]) => quantile(values, 0.5);

function quantile(values: number[], at: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))]!;
}
