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
  /** Something typed can't be read: the view is the answer to what was typed before it. */
  before = $state(false);
  private rest: ReturnType<typeof setTimeout> | undefined;
  private turn = 0;

  /** To be called whenever something was typed; without a quote, there is not enough to ask yet. */
  ask(quote?: Quote, whatIfs: WhatIfs = {}, rest = REST) {
    clearTimeout(this.rest);
    const turn = ++this.turn;
    this.problems = [];
    if (!quote) this.view = null;
    this.before = this.view !== null && this.before;
    if (quote) this.rest = setTimeout(() => void this.look(quote, whatIfs, turn), rest);
  }

  /** An answer that a later question overtook is dropped; while something can't be read the one before stays. */
  private async look(quote: Quote, whatIfs: WhatIfs, turn: number) {
    const seen = await app.try(() => quoteView({ quotes: [quote] }, whatIfs));
    if (!seen || turn !== this.turn) return;
    this.problems = seen.problems;
    // What would be refused is answered all the same; without a what-if that can't be read, it would be another question's answer.
    const answer = this.problems.some(({ at }) => at.startsWith("what_if.")) ? null : seen.answer;
    this.before = !answer && this.view !== null;
    this.view = answer ?? this.view;
  }
}
