// How quick the window is, as ratios measured in one run: `cargo xtask bench window`. It prints them, and fails on nothing but its own faults.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, test } from "vitest";
import { Window, answerDialog, scratch, screen, startScreen, stopScreen, until } from "./app";

/** Of starts, beside the first, which warms up. */
const ROUNDS = 9;
const REST_MS = 2500;
/** After the last change that was painted, so long nothing more must come. */
const QUIET_MS = 700;
/** A search that has changed nothing by then has found what was there before. */
const SAME_MS = 3000;
/** The driver itself gives up at 30 s. */
const NEVER_MS = 20_000;
const [ENTER, ESCAPE, CONTROL, BACKSPACE] = ["\uE007", "\uE00C", "\uE009", "\uE003"];

/** What the interface calls what is measured here. */
const LISTS = ["Referrals", "Clients", "Invoices and payments", "Statements", "Affiliates"];
const PALETTE_INPUT = "//dialog[@open]//input[@role='combobox']";
const PALETTE_LIST = "dialog[open] [role=listbox]";
const PALETTE_RESULT = "dialog[open] [role=option]";
const PAGE = "main";
const PAGE_TITLE = "main h1";
const PAGE_ROW = "main tbody:not([data-before]) tr";

/** A hundred key presses: names, parts of names, numbers, and what is nowhere. */
const TYPED = ["harbor", "bakery 12", "client", "ns-25", "dental", "advisors", "99999", "c-1000", "maple 4", "zzzz", "north", "studio 77", "a", "s", "e 5", "100000", "lo", "invoice"];

const rows: string[] = [];
const row = (what: string, measured: string, ratio: number, most: number) =>
  rows.push(`| ${what} | ${measured} | ${ratio.toFixed(2)} | ${most}${ratio > most ? " (missed)" : ""} |`);

// Painted as for a user, not as for a photographer.
beforeAll(() => startScreen({ REFBOOK_SPEED: "1" }));
afterAll(() => {
  stopScreen();
  console.log(["", "| what | measured (medians) | ratio | at most |", "|---|---|--:|--:|", ...rows, ""].join("\n"));
});

test("start and memory, beside a blank window", async () => {
  const place = await quietPlace();
  const ours: Started[] = [];
  const blank: Started[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    blank.push(await started(place, process.env.REFBOOK_BLANK!, [], ["shown"]));
    // The window shows itself as soon as it has something to show; the overview's figures come after.
    ours.push(await started(place, process.env.REFBOOK_WINDOW!, ["--sample"], ["shown", "overview"]));
  }
  place.bus.kill();
  const both = (of: (one: Started) => number) => [ours, blank].map((runs) => runs.slice(1).map(of)) as [number[], number[]];
  beside("Start with the sample book to its overview, against a blank window", "ms", ...both((one) => one.ms), 1.3);
  beside("Memory of all processes at rest, against the blank window's", "MB", ...both((one) => one.mb), 1.25);
}, 600_000);

test("search and lists of 100,000 clients", async () => {
  const window = await Window.open();
  await window.click("Open a book");
  await answerDialog("Open a book", process.env.REFBOOK_LARGE!);
  await window.type("Passphrase", "sample");
  await window.keys(ENTER);
  await window.find(`//nav//button[normalize-space(.)="Clients"]`, 120);
  // What the window reads ahead is there.
  await new Promise((resolve) => setTimeout(resolve, 3000));

  await window.chord(CONTROL, "k");
  await window.find(PALETTE_INPUT);
  const searched: number[] = [];
  for (const words of TYPED) {
    for (const key of words) searched.push(...await painted(window, PALETTE_LIST, PALETTE_RESULT, SAME_MS, () => window.keys(key)));
    for (const _ of words) await window.keys(BACKSPACE);
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  }
  await window.keys(ESCAPE);
  const slow = quantile(searched, 0.95);
  row("A key press in search of 100,000 clients to painted results, 95th percentile, against 50 ms", `${slow.toFixed(0)} ms (median ${middle(searched).toFixed(0)} ms of ${searched.length})`, slow / 50, 1);

  const opened = new Map<string, number[]>(LISTS.map((name) => [name, []]));
  for (let round = 0; round < 5; round++) {
    for (const name of LISTS) {
      // Each from the same page, so that none pays for the one before it.
      await painted(window, PAGE, PAGE_TITLE, SAME_MS, () => window.click("Overview"));
      opened.get(name)!.push(...await painted(window, PAGE, PAGE_ROW, NEVER_MS, () => window.click(name)));
    }
  }
  const [slowest, times] = [...opened].sort(([, one], [, other]) => middle(other) - middle(one))[0]!;
  console.log([...opened].map(([name, times]) => `${name}: ${times.map((ms) => ms.toFixed(0)).join(", ")} ms`).join("\n"));
  row("Opening any list page of that book, against 100 ms", `${middle(times).toFixed(0)} ms (${slowest})`, middle(times) / 100, 1);
  await window.close();
}, 900_000);

test("what is loaded at first paint", () => {
  const dist = join(import.meta.dirname, "../../ui/dist");
  const html = readFileSync(join(dist, "index.html"), "utf8");
  const files = [...html.matchAll(/(?:src|href)="\/?(assets\/[^"]+\.(?:js|css))"/g)].map((match) => match[1]!);
  const kb = files.map((file) => gzipSync(readFileSync(join(dist, file))).length).reduce((a, b) => a + b, 0) / 1024;
  row("Scripts and styles at first paint, compressed, against 200 KB", `${kb.toFixed(0)} KB`, kb / 200, 1);
});

/** The median of the rounds' ratios. */
function beside(what: string, unit: string, ours: number[], blank: number[], most: number) {
  const ratio = middle(ours.map((one, round) => one / blank[round]!));
  row(what, `${middle(ours).toFixed(0)} ${unit} against ${middle(blank).toFixed(0)} ${unit}`, ratio, most);
}

type Place = { bus: ChildProcess; env: NodeJS.ProcessEnv };

/** A session bus for all starts and a home of its own: nothing is measured but the program. */
async function quietPlace(): Promise<Place> {
  const bus = spawn("dbus-daemon", ["--session", "--nofork", "--print-address=1"], { stdio: ["ignore", "pipe", "ignore"] });
  const [address] = await once(createInterface(bus.stdout), "line") as [string];
  const env = { ...screen, HOME: scratch(), DBUS_SESSION_BUS_ADDRESS: address, NO_AT_BRIDGE: "1", REFBOOK_SPEED: "1" };
  return { bus, env };
}

type Started = { ms: number; mb: number };

/** Starts a program until it has told each of `marks`; then, at rest, what its processes hold. */
async function started(place: Place, program: string, args: string[], marks: string[]): Promise<Started> {
  const begun = performance.now();
  const child = spawn(program, args, { env: place.env, stdio: ["ignore", "ignore", "pipe"], detached: true });
  const ms = await told(child, marks) - begun;
  await new Promise((resolve) => setTimeout(resolve, REST_MS));
  const mb = held(child) / 1024;
  process.kill(-child.pid!, "SIGKILL");
  await until("it is gone", async () => child.signalCode !== null);
  return { ms, mb };
}

/** When the last of these lines came. */
function told(child: ChildProcess, marks: string[]): Promise<number> {
  const missing = new Set(marks);
  return new Promise((resolve, reject) => {
    createInterface(child.stderr!).on("line", (line) => {
      if (missing.delete(line) && missing.size === 0) resolve(performance.now());
    });
    child.on("exit", () => reject(new Error(`${child.spawnfile} ended without ${[...missing].join(" and ")}`)));
  });
}

/** The proportional memory of a process and of all that it started, in KB. */
function held(child: ChildProcess): number {
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const parents = new Map(processes.map((pid) => [pid, parent(pid)]));
  const within = (pid: string | undefined): boolean => pid === String(child.pid) || (!!pid && pid !== "0" && within(parents.get(pid)));
  return processes.filter((pid) => within(pid)).map(pss).reduce((a, b) => a + b, 0);
}

const parent = (pid: string) => read(`/proc/${pid}/stat`).replace(/^.*\) /s, "").split(" ")[1];
const pss = (pid: string) => Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);

/** Nothing, of a process that is gone. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/**
 * From the first key or click of `act` until the last change that it made within `inside` is painted, once there is `ready`: in ms.
 * Nothing, if it has changed nothing in `patience` ms.
 */
async function painted(window: Window, inside: string, ready: string, patience: number, act: () => Promise<void>): Promise<number[]> {
  await window.run(WATCH, inside);
  await act();
  const ms = await window.run<number | null>(SETTLED, ready, QUIET_MS, patience);
  return ms === null ? [] : [ms];
}

/** In the page. What stands there before is marked: it is not what is waited for. */
const WATCH = `
  const [inside] = arguments;
  window.watched?.disconnect();
  const seen = (window.seen = { begun: null, painted: null, coming: 0 });
  const begin = () => (seen.begun ??= performance.now());
  for (const kind of ["keydown", "click"]) addEventListener(kind, begin, { capture: true, once: true });
  const place = document.querySelector(inside);
  place.querySelectorAll("tbody").forEach((one) => one.setAttribute("data-before", ""));
  const painted = () => { seen.painted = performance.now(); seen.coming -= 1; };
  window.watched = new MutationObserver(() => {
    seen.coming += 1;
    // What is posted while a frame is made comes when it is painted.
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = painted;
      port2.postMessage(null);
    });
  });
  window.watched.observe(place, { childList: true, subtree: true, characterData: true });`;

const SETTLED = `
  const [ready, quiet, patience] = arguments;
  const seen = window.seen;
  return new Promise((resolve) => {
    const look = () => {
      const now = performance.now();
      const settled = seen.painted !== null && !seen.coming && now - seen.painted > quiet && document.querySelector(ready);
      if (settled || (!seen.coming && now - seen.begun > patience)) resolve(settled ? seen.painted - seen.begun : null);
      else setTimeout(look, 20);
    };
    look();
  });`;

const middle = (values: number[]) => quantile(values, 0.5);

function quantile(values: number[], at: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? NaN;
}
