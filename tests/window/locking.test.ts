// The book locks itself where nobody is, in the real window; and what the window leaves behind.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answerDialog, scratch, screen, startScreen, stopScreen, until } from "./app";
import { story } from "./story";

const SECONDS = 6;

beforeAll(() => startScreen({ REFBOOK_LOCK_AFTER: String(SECONDS) }));
afterAll(stopScreen);

story("a window that nobody uses locks its book, one that somebody uses does not", async ({ window }) => {
  await window.start(scratch(), "I refer clients and keep my own book", "Dana Reyes");
  await window.click("Register a referral");
  await window.find("//dialog[@open]");
  for (let used = Date.now(); Date.now() - used < 1.5 * SECONDS * 1000;) {
    await window.keys("x");
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  expect(await window.text()).toContain("Register it");
  await window.see("Nobody was here for a while.", 2 * SECONDS);
  expect(await window.run<string>("return document.documentElement.outerHTML")).not.toContain("xxx");
  await window.type("Passphrase", "correct horse");
  await window.click("Unlock");
  await window.click("Register a referral…");
  await until("the draft", async () => /^x+$/.test(await window.valueOf("Client")));
});

test("a window that nobody drives leaves nothing of what it showed, and is told of when it is late", async () => {
  const home = scratch();
  const place = { XDG_CONFIG_HOME: join(home, "config"), XDG_DATA_HOME: join(home, "data"), XDG_CACHE_HOME: join(home, "cache"), XDG_RUNTIME_DIR: join(home, "run"), TMPDIR: join(home, "tmp") };
  for (const folder of Object.values(place)) mkdirSync(folder, { mode: 0o700 });
  const env = { ...screen, HOME: home, ...place, NO_AT_BRIDGE: "1", REFBOOK_SPEED: "1", REFBOOK_BLANK_AFTER: "0" };
  const program = spawn("dbus-run-session", ["--", process.env.REFBOOK_WINDOW!, "--sample"], { env, stdio: ["ignore", "ignore", "pipe"], detached: true });
  const told = new Set<string>();
  createInterface(program.stderr!).on("line", (line) => told.add(line));
  await until("the overview", async () => told.has("overview"), 60);
  await answerDialog("Refbook's window is late", "");
  const ended = once(program, "exit");
  process.kill(-program.pid!, "SIGTERM");
  await ended;
  const left = files(home);
  for (const [path, bytes] of left) {
    for (const known of ["Acme Widgets", "Meridian", "Dana Reyes"]) {
      expect(bytes.includes(known) || bytes.includes(Buffer.from(known, "utf16le")), path).toBe(false);
    }
  }
  // WebKit salts what it would keep, and makes a list for sites that insist on encryption: both empty of us.
  const kept = left.map(([path]) => path.split("/").at(-1)!).filter((_, nth) => left[nth]![0].startsWith(place.XDG_DATA_HOME));
  expect(kept.filter((name) => !["salt", "hsts-storage.sqlite"].includes(name))).toEqual([]);
});

function files(folder: string): [string, Buffer][] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
    .map((path) => [path, readFileSync(path)]);
}
