// What typed words find: what can be done at once, and what is in the book as soon as it answers.
import { app } from "../app.svelte";
import { recordOf, search } from "../desk/commands";
import type { Contract, Referral } from "../desk/book";
import type { FoundView } from "../desk/types.gen";
import { actions } from "./actions";
import { written } from "./keys";

export type Entry = { key: string; words: string; detail: string; kind: string; run: () => void };

/** As many actions as stand above what was found. */
const ACTIONS = 6;

const KINDS: Record<FoundView["kind"], string> = { client: "Client", affiliate: "Affiliate", invoice: "Invoice", contract: "Contract" };

export class Found {
  typed = $state("");
  private answer = $state.raw<{ typed: string; records: FoundView[] }>({ typed: "", records: [] });
  /** Whether the book was asked and has not answered yet. */
  asking = $state(false);

  entries = $derived.by<Entry[]>(() => {
    const done = this.doable().filter((entry) => matches(entry.words, this.typed));
    return [...(this.typed.trim() ? done.slice(0, ACTIONS) : done), ...this.records().map(recorded)];
  });

  /** Asks the book for what is typed now. One question at a time, the newest next: what is stale is not even asked. */
  async look() {
    if (this.asking) return;
    this.asking = true;
    for (let asked: string | null = null; asked !== this.typed;) {
      asked = this.typed;
      const found: FoundView[] = asked.trim() ? ((await app.try(() => search(asked!))) ?? []) : [];
      if (asked === this.typed) this.answer = { typed: asked, records: found };
    }
    this.asking = false;
  }

  /** Until the book has answered, what it found before and is still called so: Enter chooses nothing that was typed past. */
  private records(): FoundView[] {
    const { typed, records } = this.answer;
    return typed === this.typed ? records : records.filter(({ title, detail }) => matches(`${title} ${detail}`, this.typed));
  }

  private doable(): Entry[] {
    const months = this.typed.trim() ? app.months.months : [];
    return [
      ...actions().map(({ id, words, keys = "", run }) => ({ key: id, words, detail: "", kind: keys && written(keys), run })),
      ...months.map((month) => ({ key: month.month, words: `Statements of ${month.words}`, detail: "", kind: "", run: () => app.show(month) })),
    ];
  }
}

function recorded({ kind, id, title, detail }: FoundView): Entry {
  return { key: `${kind} ${id}`, words: title, detail, kind: KINDS[kind], run: () => void follow(kind, id) };
}

async function follow(kind: FoundView["kind"], id: string) {
  if (kind !== "contract") return app.go({ name: kind, id });
  const client = await app.try(async () => {
    const { referral } = (await recordOf("contract", id)) as Contract;
    return ((await recordOf("referral", referral)) as Referral).client;
  });
  if (client) app.go({ name: "client", id: client });
}

/** Every typed word begins a word of the entry's. */
function matches(words: string, typed: string): boolean {
  const all = words.toLowerCase().split(/[\s:]+/);
  return typed.toLowerCase().trim().split(/\s+/).every((part) => all.some((word) => word.startsWith(part)));
}
