// The real app on a screen of its own: Xvfb, a window manager, a session bus, and WebKit's driver.
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import axe from "axe-core";
import WebDriver, { type Client } from "webdriver";

// Nobody else's, as far as that can be told.
const DISPLAY = `:${100 + (process.pid % 900)}`;
const PORT = 4500 + (process.pid % 900);
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
/** The pictures that the README shows are taken anew with REFBOOK_BLESS=1; else they go where nothing is kept. */
const PICTURES = process.env.REFBOOK_BLESS ? join(import.meta.dirname, "pictures") : join(tmpdir(), "refbook-pictures");

const started: ChildProcess[] = [];
export const screen = { ...process.env, DISPLAY };

function begin(program: string, args: string[], env: NodeJS.ProcessEnv = screen) {
  // What the window says, where somebody wants to read it.
  const log = env.REFBOOK_TEST_LOG ? openSync(env.REFBOOK_TEST_LOG, "a") : "ignore";
  started.push(spawn(program, args, { env, stdio: ["ignore", log, log], detached: true }));
}

export async function until<T>(words: string, look: () => Promise<T | undefined | null | false>, seconds = 30): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const seen = await look().catch(() => undefined);
    if (seen) return seen;
    if (Date.now() > end) throw new Error(`Waited in vain: ${words}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Where the windows keep what they keep outside of books; empty for each, unless a story begins a second one. */
const PLACE = join(tmpdir(), `refbook-place-${process.pid}`);
const PLACES = { XDG_CONFIG_HOME: join(PLACE, "config"), XDG_DATA_HOME: join(PLACE, "data"), XDG_CACHE_HOME: join(PLACE, "cache") };

/** Starts the screen and the driver, once for all stories; `more` is for the windows' surroundings, `keychain` for one that is unlocked among them. */
export async function startScreen(more: NodeJS.ProcessEnv = {}, keychain = false) {
  begin("Xvfb", [DISPLAY, "-screen", "0", "1280x900x24"], process.env);
  await until("the screen", async () => { execFileSync("xdotool", ["getdisplaygeometry"], { env: screen, stdio: "ignore" }); return true; });
  begin("openbox", []);
  // Painted by the processor: a graphics card that is driven in software has crashed WebKit in one of its threads.
  const automation = { ...screen, TAURI_AUTOMATION: "true", TAURI_WEBVIEW_AUTOMATION: "true", WEBKIT_SKIA_ENABLE_CPU_RENDERING: "1", NO_AT_BRIDGE: "1", LANG: "en_US.UTF-8", LC_ALL: "C.UTF-8", ...PLACES, ...more };
  const driver = `exec WebKitWebDriver --port=${PORT}`;
  const unlocked = "printf pw | XDG_DATA_HOME=\"$HOME\" gnome-keyring-daemon --unlock --components=secrets >/dev/null;";
  begin("dbus-run-session", ["--", "sh", "-c", keychain ? `${unlocked} ${driver}` : driver], automation);
  await until("the driver", async () => (await fetch(`http://127.0.0.1:${PORT}/status`)).ok);
}

/** Finds the driver's window with `pgrep`, or ends it with `pkill`; whether there was one. */
function windows(program: "pgrep" | "pkill"): boolean {
  const groups = started.map((child) => String(child.pid)).join(",");
  return spawnSync(program, ["-g", groups, "-f", process.env.REFBOOK_WINDOW!], { stdio: "ignore" }).status === 0;
}

export async function stopScreen() {
  for (const child of started.reverse()) {
    try { process.kill(-child.pid!, "SIGTERM"); } catch { /* it is gone */ }
  }
  await clear();
}

/** Again, where a process that is still ending writes there. */
const clear = () => until("an empty place", async () => { rmSync(PLACE, { recursive: true, force: true }); return true; });

/** Until it stays where it is: the driver clicks on a place, and a page that still arrives moves what was there. */
const STILL = `
  const [element] = arguments;
  // From under what is said at the foot of the window.
  element.scrollIntoView({ block: 'center' });
  const place = () => JSON.stringify(element.getBoundingClientRect());
  return new Promise((resolve) => {
    let [before, times] = [place(), 0];
    const look = () => {
      const now = place();
      times = now === before ? times + 1 : 0;
      before = now;
      if (times > 3) resolve(); else setTimeout(look, 25);
    };
    look();
  });`;

async function drive(): Promise<Client> {
  const binary = process.env.REFBOOK_WINDOW;
  if (!binary) throw new Error("REFBOOK_WINDOW must name the program; cargo xtask test does.");
  return WebDriver.newSession({
    hostname: "127.0.0.1", port: PORT, path: "/", logLevel: "error", connectionRetryCount: 0,
    capabilities: { alwaysMatch: { "webkitgtk:browserOptions": { binary, args: [] }, "wdio:enforceWebDriverClassic": true } as never, firstMatch: [{}] },
  });
}

type Theme = "light" | "dark";

/** One window. */
export class Window {
  private constructor(private driver: Client) {}

  /** The first window on a machine. */
  static async open(): Promise<Window> {
    await clear();
    return new Window(await drive());
  }

  /** Until it is gone: a second one would only bring it to the front, and leave the driver waiting for ever. */
  async close() {
    await this.driver.deleteSession().catch(() => undefined);
    const isGone = async () => !windows("pgrep");
    // One whose page crashed has no session any more that ends it.
    await until("the window's end", isGone, 10).catch(() => windows("pkill"));
    await until("the window's end", isGone);
  }

  /** The next window, which knows what this one knew. */
  async reopen() {
    await this.close();
    this.driver = await drive();
  }

  /** Clicks what has this text, once it is there: of a dialog, if one is open. */
  async click(text: string) {
    const named = `[normalize-space(.)=${quoted(text)} or @aria-label=${quoted(text)} or .//strong[normalize-space(.)=${quoted(text)}]][not(@disabled)]`;
    const id = await until(`"${text}" to click`, async () => {
      const within = (await this.run<boolean>("return !!document.querySelector('dialog[open]')")) ? "//dialog[@open]" : "";
      return this.element(`${within}//*[self::button or self::a or self::label or self::summary]${named}`);
    });
    await this.run(STILL, { [ELEMENT]: id });
    await this.driver.elementClick(id);
  }

  find = (xpath: string, seconds = 30) => until(xpath, () => this.element(xpath), seconds);

  private element = async (xpath: string) => (await this.driver.findElement("xpath", xpath) as unknown as Record<string, string>)[ELEMENT];

  /** Until the page says this; what it said instead is told, for whoever has to find out why. */
  async see(text: string, seconds = 30) {
    await until(`"${text}"`, async () => (await this.text()).includes(text), seconds)
      .catch(async (error: Error) => { throw new Error(`${error.message}. The page said: ${await this.text().catch(String)}`); });
  }

  text = () => this.run<string>("return document.body.innerText");

  run<T>(script: string, ...args: unknown[]): Promise<T> {
    return this.driver.executeScript(script, args as never) as Promise<T>;
  }

  /** Calls a command as the page could: what it answers, or what it is refused with. */
  invoke(command: string, args: Record<string, unknown>): Promise<{ value: unknown } | { refused: unknown }> {
    return this.run(`
      const [command, args] = arguments;
      const hung = new Promise((resolve) => setTimeout(() => resolve({ refused: command + ' hung' }), 25000));
      return Promise.race([hung, window.__TAURI_INTERNALS__.invoke(command, args).then((value) => ({ value: value ?? null }), (error) => ({ refused: error?.code ? error : String(error) }))]);`, command, args);
  }

  async lookAround() {
    await this.click("Look around");
    await this.see("December 2025", 90);
  }

  /** Starts a book in a folder, `mine.refbook`: the office's, or that of an affiliate with this name. */
  async start(folder: string, who: string, name?: string) {
    await this.click("Start a book");
    await this.click(who);
    if (name) await this.type("Your name, or your company’s", name);
    await this.type("Passphrase", "correct horse");
    await this.type("The same once more", "correct horse");
    await this.click("Choose where it goes…");
    await answerDialog("Where the new book goes", join(folder, "mine.refbook"));
    await this.see("Welcome", 60);
  }

  /** The input, choice or area with this label. */
  private field(label: string): Promise<string> {
    const labelled = `//label[starts-with(normalize-space(.), ${quoted(label)})]`;
    const control = "*[self::input or self::select or self::textarea]";
    return this.find(`//${control}[@aria-label=${quoted(label)}] | ${labelled}//${control} | //${control}[@id=${labelled}/@for]`);
  }

  async type(label: string, text: string) {
    await this.driver.elementSendKeys(await this.field(label), text);
  }

  async valueOf(label: string): Promise<string> {
    return this.driver.getElementProperty(await this.field(label), "value") as Promise<string>;
  }

  /** Until a field holds this: a draft arrives a moment after its form. */
  holds = (label: string, text: string) => until(`"${text}" in "${label}"`, async () => (await this.valueOf(label)).trim() === text);

  /** In place of what stands there. */
  async fill(label: string, text: string) {
    const id = await this.field(label);
    await this.driver.executeScript(
      "const [field, text] = arguments; field.focus(); field.value = text; field.dispatchEvent(new Event('input', { bubbles: true })); field.dispatchEvent(new Event('change', { bubbles: true }))",
      [{ [ELEMENT]: id }, text] as never,
    );
  }

  /** Chooses by the option's words. */
  async choose(label: string, words: string) {
    const id = await this.field(label);
    await this.driver.executeScript(
      "const [field, words] = arguments; const option = [...field.options].find((one) => one.text.trim() === words); if (!option) throw new Error('no ' + words); field.value = option.value; field.dispatchEvent(new Event('change', { bubbles: true }))",
      [{ [ELEMENT]: id }, words] as never,
    );
  }

  /** Presses keys one after the other, as a hand does. */
  async keys(...keys: string[]) {
    const actions = keys.flatMap((value) => [{ type: "keyDown", value }, { type: "keyUp", value }]);
    await this.driver.performActions([{ type: "key", id: "keyboard", actions } as never]);
  }

  async chord(modifier: string, key: string) {
    const actions = [{ type: "keyDown", value: modifier }, { type: "keyDown", value: key }, { type: "keyUp", value: key }, { type: "keyUp", value: modifier }];
    await this.driver.performActions([{ type: "key", id: "keyboard", actions } as never]);
  }

  size = (width: number, height: number) => this.driver.setWindowRect(null, null, width, height);

  /** Changes the theme, and waits until the last colour has come to rest and is painted. */
  private async theme(theme: Theme) {
    await this.run("document.documentElement.style.colorScheme = arguments[0]", theme);
    await new Promise((resolve) => setTimeout(resolve, 250));
    await this.driver.executeAsyncScript(
      "const done = arguments[arguments.length - 1]; const rest = () => Promise.allSettled(document.getAnimations().map((one) => one.finished));" +
      "const painted = () => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));" +
      "painted().then(rest).then(painted).then(() => done(null));", []);
  }

  /** A screen as it should be: pictures in both themes, and nothing that axe-core finds. */
  async screen(name: string) {
    await this.run(`if (!window.axe) { ${axe.source} }`);
    const found: string[] = [];
    await this.inBothThemes(async (theme) => {
      await this.take(name, theme);
      found.push(...await this.axe(theme));
    });
    if (found.length) throw new Error(`${name}: ${found.join("\n")}`);
  }

  async picture(name: string) {
    await this.inBothThemes((theme) => this.take(name, theme));
  }

  private async inBothThemes(look: (theme: Theme) => Promise<void>) {
    for (const theme of ["light", "dark"] as const) {
      await this.theme(theme);
      await look(theme);
    }
    await this.run("document.documentElement.style.removeProperty('color-scheme')");
  }

  private async take(name: string, theme: Theme) {
    const folder = name.startsWith("last-") ? join(tmpdir(), "refbook-pictures") : PICTURES;
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${name}-${theme}.png`), Buffer.from(await this.driver.takeScreenshot(), "base64"));
  }

  /** What axe-core finds. */
  private async axe(theme: Theme): Promise<string[]> {
    const violations = await this.driver.executeAsyncScript(
      "const done = arguments[arguments.length - 1]; axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })" +
      ".then(r => done(r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 120)).join(' | '))), e => done([String(e)]))", []) as string[];
    return violations.map((violation) => `${theme}: ${violation}`);
  }
}

/** Gives a path to the system's dialog with this title. */
export async function answerDialog(title: string, path: string) {
  const xdotool = (...args: string[]) => execFileSync("xdotool", args, { env: screen, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  const isThere = () => { try { return xdotool("search", "--onlyvisible", "--name", title) !== ""; } catch { return false; } };
  const id = await until(`the dialog "${title}"`, async () => xdotool("search", "--onlyvisible", "--name", title).split("\n")[0]);
  // Again too, where another window took the keys meanwhile.
  const activate = () => { try { xdotool("windowactivate", "--sync", id); } catch { /* it closed just now */ } };
  activate();
  await pause(300);
  const isGone = async (milliseconds: number) => {
    for (const end = Date.now() + milliseconds; isThere() && Date.now() < end;) await pause(50);
    return !isThere();
  };
  // GTK's dialog takes a path as it is typed. On a slow machine it is still completing it when Return comes, or has lost a key: again then, over what
  // stands there. Not before it had time to close: what is typed once it has goes to the window behind it.
  for (let tries = 0; tries < 6 && isThere(); tries++) {
    if (tries > 0) activate();
    // A name that is offered has all but its extension chosen.
    if (tries > 0 || /^(Where the .* goes$|Export )/.test(title)) xdotool("key", "ctrl+a");
    xdotool("type", "--delay", "30", path);
    await pause(500);
    for (const patience of [800, 5000]) {
      xdotool("key", "Return");
      if (await isGone(patience)) return;
    }
  }
  if (isThere()) throw new Error(`The dialog "${title}" stayed open.`);
}

/** Leaves a dialog of the system's, whenever it comes, until it is stopped. */
export function leaveDialog(title: string): () => void {
  const xdotool = (...args: string[]) => execFileSync("xdotool", args, { env: screen, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  const timer = setInterval(() => {
    try {
      const id = xdotool("search", "--onlyvisible", "--name", title).split("\n")[0]!;
      xdotool("windowactivate", "--sync", id);
      xdotool("key", "Escape");
    } catch { /* it is not there */ }
  }, 200);
  return () => clearInterval(timer);
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A folder with a name that is typed without Shift. */
export function scratch(): string {
  const folder = join(tmpdir(), `refbook-window-${process.pid}-${Date.now()}`);
  mkdirSync(folder);
  return folder;
}

function quoted(text: string): string {
  return text.includes('"') ? `'${text}'` : `"${text}"`;
}
