// The form of a new book. Nothing typed is lost by a refusal, nor by going back to the doors; only the passphrase is.
import { app } from "../../app.svelte";
import { asError, newBook } from "../../desk/commands";
import type { DeskError, NewBook } from "../../desk/types.gen";

/** ISO 4217, the programme's own first. Others come with an import. */
const CURRENCIES = [
  "USD", "AED", "ARS", "AUD", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "IDR", "ILS", "INR", "JPY",
  "KES", "KRW", "MXN", "MYR", "NGN", "NOK", "NZD", "PHP", "PLN", "RON", "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "VND", "ZAR",
];

/** Of a passphrase. */
export const LEAST_CHARACTERS = 12;

export class Beginning {
  owner = $state<NewBook["owner"] | null>(null);
  company = $state("NetSource");
  phone = $state("(866) 778-1212");
  currency = $state("USD");
  name = $state("");
  companies = $state("");
  domains = $state("");
  passphrase = $state("");
  again = $state("");
  busy = $state(false);
  error = $state<DeskError | null>(null);

  /** Whoever has the folder can try passphrases for as long as they like: Rust refuses a shorter one. */
  short = $derived(this.passphrase !== "" && [...this.passphrase].length < LEAST_CHARACTERS);
  differ = $derived(this.again !== "" && this.passphrase !== this.again);
  complete = $derived(this.owner !== null && this.passphrase !== "" && !this.short && this.passphrase === this.again);

  /** What is wrong at a field. */
  at = (place: string): string => {
    const here = this.error?.fields.filter((field) => field.at === place || field.at.startsWith(`${place}[`)) ?? [];
    return here.map((field) => field.message).join(" ");
  };

  /** Asks where the book goes, makes it, and opens it. */
  async begin() {
    if (!this.complete || this.owner === null) return;
    this.busy = true;
    this.error = null;
    try {
      const book = await newBook(this.passphrase, this.form(this.owner));
      if (!book) return;
      this.forget();
      await app.opened(book);
    } catch (thrown) {
      this.error = asError(thrown);
    } finally {
      this.busy = false;
    }
  }

  private form(owner: NewBook["owner"]): NewBook {
    const own = owner === "affiliate";
    return {
      owner, company: this.company.trim(), phone: this.phone.trim(), currency: this.currency, name: own ? this.name.trim() : "",
      own_companies: own ? split(this.companies, /\n/) : [], domains: own ? split(this.domains, /[,;\n]/) : [],
    };
  }

  /** The passphrase doesn't stay longer than it is needed. */
  forget() {
    this.passphrase = "";
    this.again = "";
    this.error = null;
  }
}

/** What stands between commas and ends of lines. */
function split(typed: string, between: RegExp): string[] {
  return typed.split(between).map((one) => one.trim()).filter((one) => one !== "");
}

/** `USD, US Dollar`. */
export function currencies(): { value: string; words: string }[] {
  const names = new Intl.DisplayNames("en", { type: "currency" });
  return CURRENCIES.map((code) => ({ value: code, words: `${code}, ${names.of(code) ?? code}` }));
}
