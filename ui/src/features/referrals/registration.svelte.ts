// A referral that is being registered: of a new client, or anew of one that the book has.
import type { BookDocument } from "../../desk/book";
import { search } from "../../desk/commands";
import type { FoundView } from "../../desk/types.gen";
import { Form } from "../../shared/form.svelte";
import { today } from "../../shared/format";
import { listed } from "./listed";

/** `client` is the book's, once one is picked. `preset` is the day that the form was opened with. */
export type Typed = {
  client: string; client_name: string; name: string; domains: string; since: string; affiliate: string; affiliate_name: string; registered_on: string;
  preset: string;
};

/** Who was registered, for the receipt. */
export type Registered = { referral: string; client: string; name: string };

/** The places that have a field: what is wrong there stands beside it. */
const FIELDS = ["clients[0].name", "clients[0].domains", "clients[0].customer_since", "referrals[0].affiliate", "referrals[0].registered_on"];

/** What speaks against a referral, by its code. */
const AGAINST: Record<string, string> = {
  existing_customer: "A customer already", own_company: "The affiliate’s own company", already_referred: "Referred before",
};

/** How long a hand rests before the book is searched for the name. */
const REST = 120;

export class Registration {
  readonly form: Form<Typed>;
  /** Clients of the book that are called so. */
  offered = $state<FoundView[]>([]);
  /** The near misses that were confirmed. */
  private confirmed = $state("");
  private rest: ReturnType<typeof setTimeout> | undefined;
  private asked = 0;

  /** `client`: the one that it shall be of; its draft is another than that of a client to be typed. */
  constructor(private readonly own: string | null, private readonly client: { id: string; name: string } | null = null) {
    this.form = new Form<Typed>(client ? `referral of ${client.id}` : "referral", {
      client: "", client_name: "", name: "", domains: "", since: "", affiliate: own ?? "", affiliate_name: "", registered_on: today(), preset: today(),
    });
  }

  /** Takes up what was typed before. */
  async restore() {
    await this.form.restore();
    const { typed } = this.form;
    if (this.own) typed.affiliate = this.own;
    // A day that nobody chose is the day of registering, not of the draft.
    if (typed.registered_on === typed.preset) typed.registered_on = typed.preset = today();
    if (this.client) this.pick(this.client.id, this.client.name);
    else this.changed();
  }

  /** Something was typed. */
  changed = () => {
    this.form.changed(this.complete ? this.document : undefined);
    clearTimeout(this.rest);
    this.rest = setTimeout(() => void this.suggest(), REST);
  };

  pick(id: string, name: string) {
    Object.assign(this.form.typed, { client: id, client_name: name });
    this.form.problems = [];
    this.form.nearMisses = [];
    this.changed();
  }

  /** Who refers. */
  by(affiliate: string, name: string) {
    Object.assign(this.form.typed, { affiliate, affiliate_name: name });
    this.changed();
  }

  unpick() {
    this.pick("", "");
  }

  private async suggest() {
    const { client, name } = this.form.typed;
    const asked = ++this.asked;
    const found = client || name.trim().length < 2 ? [] : await search(name).catch(() => []);
    if (asked === this.asked) this.offered = found.filter((one) => one.kind === "client").slice(0, 4);
  }

  /** Enough to be looked at. */
  complete = $derived.by(() => {
    const { client, name, affiliate, registered_on } = this.form.typed;
    return (client !== "" || name.trim() !== "") && affiliate !== "" && registered_on !== "";
  });

  /** What speaks against it and has no field of its own. */
  against = $derived.by(() => {
    const beside = (at: string) => FIELDS.some((field) => at === field || at.startsWith(`${field}[`));
    return this.form.problems.filter(({ at }) => !beside(at)).map(({ code, message }) => ({ title: AGAINST[code] ?? "", message }));
  });

  /** Nothing speaks against what is typed now. */
  clear = $derived.by(() => this.form.checked && !this.form.problems.length && !this.form.doubts.length && !this.near.length);

  /** What is nearly an own company, or a client of the book. */
  near = $derived.by(() => this.form.nearMisses);

  get another(): boolean {
    return this.confirmed !== "" && this.confirmed === this.near.join("\n");
  }

  /** It is another company; as long as the near misses stay what they are. */
  set another(confirmed: boolean) {
    this.confirmed = confirmed ? this.near.join("\n") : "";
  }

  document = (): BookDocument => {
    const { client, name, domains, since, affiliate, registered_on } = this.form.typed;
    const referral = { id: "new:referral", affiliate, client: client || "new:client", registered_on };
    if (client) return { referrals: [referral] };
    return { clients: [{ id: "new:client", name: name.trim(), domains: listed(domains), customer_since: since || null }], referrals: [referral] };
  };

  /** Registers it, once nothing that was just typed is left unlooked at and what is near is confirmed. */
  async register(): Promise<Registered | undefined> {
    clearTimeout(this.rest);
    await Promise.all([this.form.look(this.document), this.suggest()]);
    if (this.near.length && !this.another) return undefined;
    const { client, client_name, name } = this.form.typed;
    const called = client ? client_name : name.trim();
    const recorded = await this.form.save(`Referral of ${called} registered`, this.document());
    if (!recorded) return undefined;
    return { referral: recorded.ids["new:referral"] ?? "", client: client || (recorded.ids["new:client"] ?? ""), name: called };
  }
}
