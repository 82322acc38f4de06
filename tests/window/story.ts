// A story: what somebody does in the real window, each in one that is the first on its machine.
import { execFileSync } from "node:child_process";
import { type TestFunction, test } from "vitest";
import { Window } from "./app";

/** Tried once more where it failed, for what a machine may do to a window; that it failed is told all the same. */
export const story = (name: string, act: TestFunction<{ window: Window }>) => inWindow(name, { retry: 1 }, act);

const inWindow = test.extend<{ window: Window }>({
  window: async ({ task }, use) => {
    const window = await Window.open();
    await use(window);
    // Where it ended, for whoever has to find out why; also where a second try goes well.
    if (task.result?.state === "fail") console.error(`"${task.name}" failed: ${task.result.errors?.at(-1)?.stack}`);
    await window.picture(`last-${task.name.split(/\W+/).slice(0, 4).join("-")}`).catch(() => undefined);
    await window.close();
  },
});

export const TAB = "\uE004", ENTER = "\uE007", ESCAPE = "\uE00C", LEFT = "\uE012", DOWN = "\uE015", CONTROL = "\uE009";

/** The month that was over last: its name, and a day of it. */
export const now = new Date();
const lastMonth = new Date(Date.UTC(now.getFullYear(), now.getMonth() - 1, 1));
export const monthWords = lastMonth.toLocaleDateString("en-US", { month: "long", year: "numeric", timeZone: "UTC" });
export const on = (day: number) => lastMonth.toISOString().slice(0, 8) + String(day).padStart(2, "0");

/** The page once its dialog has gone. */
export const NO_DIALOG = "//body[not(.//dialog[@open])]";

/** What a PDF says, as another program reads it. */
export const words = (pdf: string) => execFileSync("pdftotext", ["-layout", pdf, "-"], { encoding: "utf8" });
