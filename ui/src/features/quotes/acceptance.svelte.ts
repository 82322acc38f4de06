// A quote that is accepted: what is known of the contract is filled in, and the referral is checked while it is looked at.
import { app } from "../../app.svelte";
import type { BookDocument } from "../../desk/book";
import { acceptance } from "../../desk/commands";
import type { KnownClient } from "../../desk/types.gen";
import { Form } from "../../shared/form.svelte";
import { today } from "../../shared/format";

export class Acceptance {
  readonly form: Form<{ signed_on: string; starts_on: string; registered_on: string }>;
  words = $state("");
  /** The client that the prospect is, where the book has it. */
  known = $state<KnownClient | null>(null);
  /** It is another company than the client that is called so. */
  another = $state(false);
  private accepted = $state.raw<BookDocument | null>(null);
  /** Whether that is of another company. */
  private ofAnother = $state(false);

  constructor(private readonly id: string) {
    this.form = new Form(`acceptance of ${id}`, { signed_on: today(), starts_on: "", registered_on: today() });
  }

  get ready(): boolean {
    return this.accepted !== null && this.ofAnother === this.another;
  }

  /** A referral is registered with it. */
  get registers(): boolean {
    return !!this.accepted?.referrals;
  }

  /** It is the known client that speaks against it. */
  get against(): boolean {
    return this.known !== null && this.form.problems.some(({ at }) => at === "referrals[0].client");
  }

  /** Asks what accepting it records; whether that can be said. */
  async look(): Promise<boolean> {
    const another = this.another;
    const view = await app.try(() => acceptance(this.id, another));
    if (!view) return false;
    this.ofAnother = another;
    this.accepted = view.document as BookDocument;
    [this.words, this.known] = [view.words, view.known];
    this.form.typed.starts_on ||= this.accepted.contracts?.[0]?.starts_on ?? "";
    this.changed();
    return true;
  }

  changed = () => {
    const { signed_on, starts_on } = this.form.typed;
    this.form.changed(this.accepted && signed_on && starts_on ? this.document : undefined);
  };

  document = (): BookDocument => {
    const { signed_on, starts_on, registered_on } = this.form.typed;
    const { contracts = [], referrals } = this.accepted ?? {};
    return {
      ...this.accepted,
      contracts: contracts.map((contract) => ({ ...contract, signed_on, starts_on })),
      ...(referrals ? { referrals: referrals.map((referral) => ({ ...referral, registered_on })) } : {}),
    };
  };
}
