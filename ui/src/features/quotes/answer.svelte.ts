// What a quote comes to, asked while it is typed.
import { app } from "../../app.svelte";
import { quoteView } from "../../desk/commands";
import type { DeskError, QuoteAnswer, WhatIfs } from "../../desk/types.gen";
import type { Quote } from "../../desk/book";

/** How long a hand rests before it is asked. */
const REST = 120;

export class Answer {
  view = $state<QuoteAnswer | null>(null);
  problems = $state<DeskError["fields"]>([]);
  /** What is shown is of what was typed before. */
  stale = $state(false);
  private rest: ReturnType<typeof setTimeout> | undefined;
  private turn = 0;

  /** To be called whenever something was typed; without a quote, there is not enough to ask yet. */
  ask(quote?: Quote, whatIfs: WhatIfs = {}, rest = REST) {
    clearTimeout(this.rest);
    const turn = ++this.turn;
    this.stale = this.view !== null;
    this.problems = [];
    if (quote) this.rest = setTimeout(() => void this.look(quote, whatIfs, turn), rest);
    else this.view = null;
  }

  /** An answer that a later question overtook is dropped; while something can't be read the one before stays. */
  private async look(quote: Quote, whatIfs: WhatIfs, turn: number) {
    const seen = await app.try(() => quoteView({ quotes: [quote] }, whatIfs));
    if (!seen || turn !== this.turn) return;
    this.problems = seen.problems;
    if (!seen.answer) return;
    this.view = seen.answer;
    this.stale = false;
  }
}
