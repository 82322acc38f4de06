// The window's commands without a window, for tests: they answer with what the real ones answered over the sample, recorded by
// tests/house/recorded.rs. Loaded in place of Tauri's own by vitest.setup.ts.
import recorded from "./recorded.gen.json";

type Answer = { ok: unknown } | { error: unknown };
type Heard = { command: string; args: Record<string, unknown> };

class Fake {
  heard: Heard[] = [];
  private told = new Map<string, (args: Record<string, unknown>) => unknown>();

  /** Has a command that keeps something answer otherwise; a throw is its refusal. */
  on(command: string, answer: (args: Record<string, unknown>) => unknown) {
    this.told.set(command, answer);
  }

  /** The real command's answer to these arguments. */
  recorded(command: string, args: Record<string, unknown> = {}): unknown {
    const answer = (recorded as Record<string, Answer>)[`${command} ${sorted(args)}`];
    if (!answer) throw new Error(`Nothing was recorded for: ${command} ${sorted(args)}`);
    if ("error" in answer) throw answer.error;
    return answer.ok;
  }

  forget() {
    this.heard = [];
    this.told.clear();
  }

  invoke = async (command: string, args: Record<string, unknown> = {}): Promise<unknown> => {
    this.heard.push({ command, args });
    const told = this.told.get(command);
    return told ? told(args) : this.recorded(command, args);
  };
}

/** As Rust writes JSON: members by name. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner && typeof inner === "object" && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}

export const fake = new Fake();
