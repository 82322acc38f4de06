// Keys: how they are named, written and told from typing.

const mac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The key that commands are given with. */
export const command = mac ? "⌘" : "Ctrl";

/** The key that chooses among what is offered, as it stands before a digit. */
export const alternative = mac ? "⌥" : "Alt ";

/** `Ctrl K` or `⌘K`, of `mod+k`. */
export function written(keys: string): string {
  return keys.split("+").map((key) => (key === "mod" ? (mac ? "⌘" : "Ctrl ") : key.length === 1 ? key.toUpperCase() : key)).join("");
}

/** `Control+K` or `Meta+K`, of `mod+k`: as aria-keyshortcuts has it. */
export function announced(keys: string): string {
  return keys.replace("mod", mac ? "Meta" : "Control").replace(/\b[a-z]$/, (key) => key.toUpperCase());
}

/** What was pressed, as an action's `keys` are named. */
export function pressed(event: KeyboardEvent): string {
  if (event.altKey) return "";
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (!event.ctrlKey && !event.metaKey) return key;
  // Some keyboards have their digits above, with Shift: the place counts.
  const digit = /^Digit(\d)$/.exec(event.code)?.[1];
  return `mod+${digit ?? key}`;
}

/** Whether the key goes into a field. */
export function typing({ target }: KeyboardEvent): boolean {
  return target instanceof HTMLElement && target.closest("input:not([type=radio], [type=checkbox], [type=button]), textarea, select, [contenteditable]") !== null;
}

/** Whether a dialog has all keys to itself. */
export const inDialog = () => document.querySelector("dialog[open]") !== null;
