//! What is between an affiliate that bills its clients itself and its clients alone: prices of its own, money given back,
//! bad debt; and what each of them would change, before it is recorded.

use book::FactsOf;
use exchange::book::read_part;
use rules::affiliate::Affiliate;
use rules::client::Client;
use rules::contract::{BilledBy, Contract};
use rules::day::{self, Day, plus_months};
use rules::debt::{Debt, OwnBill, OwnEntry, OwnKind};
use rules::invoice::Line;
use rules::money::{Currency, Money};
use rules::own_price::{OwnPrice, month_on};
use serde::Serialize;
use ts_rs::TS;

use crate::cockpit::{billed, is_own};
use crate::invoices::{ChargeView, charge};
use crate::views::Amount;
use crate::{Code, Desk, DeskError, Now};

/// As far ahead as invoices are looked for, in months: no contract is longer.
const LONGEST_TERM: u32 = 1_200;

/// A month as the client pays it, beside what the company charges; both without tax.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ClientPays {
    pub amount: Amount,
    pub cost: Amount,
    pub margin: Amount,
    /// The affiliate's own prices, in the order of their days.
    pub prices: Vec<PriceView>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct PriceView {
    pub id: String,
    /// `2025-12-03`.
    pub effective_on: String,
    /// A month.
    pub amount: Amount,
    /// Whether it is what the client pays now.
    pub in_force: bool,
}

/// An invoice that the affiliate bills, as it stands with the client.
#[derive(Clone, Debug, Serialize, TS)]
pub struct OwnBillView {
    pub affiliate: String,
    /// As the client reads them.
    pub lines: Vec<ChargeView>,
    pub tax: Amount,
    pub total: Amount,
    /// What the affiliate's own price brings, if the client was billed at one.
    pub margin: Option<Amount>,
    /// The commission, once all is remitted.
    pub commission: Amount,
    pub received: Amount,
    pub owes: Amount,
    /// What the client has paid too much.
    pub credit: Amount,
    pub written_off: Amount,
    pub entries: Vec<OwnEntryView>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct OwnEntryView {
    pub id: String,
    #[ts(type = "\"refunded\" | \"written_off\"")]
    pub kind: OwnKind,
    pub on: String,
    pub amount: Amount,
}

/// What a price or an entry would change.
#[derive(Clone, Debug, Serialize, TS)]
pub struct OwnEffect {
    pub rows: Vec<OwnEffectRow>,
    pub words: String,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct OwnEffectRow {
    /// `Client pays a month`.
    pub words: String,
    pub before: Amount,
    pub after: Amount,
}

impl Desk {
    /// What the price or the entry in a form's document (as [`Desk::record`] takes it) would change. Reads only.
    pub fn own_effect(&self, document: &[u8], now: Now) -> Result<OwnEffect, DeskError> {
        let currency = self.programme()?.currency;
        let reading = read_part(document, Some(currency));
        let offered = self.weigh(reading.offer, reading.problems)?.offered;
        match (offered.own_prices.first(), offered.own_entries.first()) {
            (Some(price), _) => self.price_effect(price, currency),
            (_, Some(entry)) => self.entry_effect(entry, now.today, currency),
            _ => Err(DeskError::new(Code::Refused, "There is nothing in the form. Fill in its amount first.")),
        }
    }

    /// An invoice as it stands with the client; none where the company bills.
    pub(crate) fn own_bill_view(&self, (facts, of): &FactsOf, today: Day) -> Result<Option<OwnBillView>, DeskError> {
        let Some(of) = of else { return Ok(None) };
        let affiliate: Affiliate = self.find(of.referral.affiliate.as_str())?;
        if facts.voided.is_some() || !is_own(of, &affiliate) {
            return Ok(None);
        }
        let (programme, terms) = (self.programme()?, self.book.terms()?);
        let currency = programme.currency;
        let Some(mut bill) = self.book.own_bills(vec![facts.clone()], Day::MAX)?.pop() else { return Ok(None) };
        let entries = bill.entries.iter().map(|entry| entry_view(entry, currency)).collect();
        bill.keep_up_to(today);
        let earned = billed(&bill, of, &affiliate, &programme, &terms).earned;
        Ok(Some(own_bill_view(&bill, affiliate.id.to_string(), earned, entries, currency)))
    }

    fn price_effect(&self, price: &OwnPrice, currency: Currency) -> Result<OwnEffect, DeskError> {
        let contract: Contract = self.find(price.contract.as_str())?;
        let before = self.book.own_prices(&[price.contract.as_str()])?.into_values().next().unwrap_or_default();
        let mut after: Vec<OwnPrice> = before.iter().filter(|other| other.id != price.id).cloned().collect();
        after.push(price.clone());
        let from = price.effective_on.max(contract.starts_on);
        let [was, is] = [&before, &after].map(|prices| month_on(&contract, prices, from, currency));
        let row = |words, before, after| effect_row(words, before, after, currency);
        let billed = self.book.invoices_for(&contract.id, from, plus_months(from, LONGEST_TERM))?.len();
        let until = after.iter().map(|other| other.effective_on).filter(|on| *on > price.effective_on).min();
        Ok(OwnEffect {
            rows: vec![
                row("Client pays a month", was.client_pays, is.client_pays),
                row("The company charges", was.company_charges, is.company_charges),
                row("Margin a month", was.margin(), is.margin()),
            ],
            words: price_words(price, from, until, is.margin(), billed),
        })
    }

    fn entry_effect(&self, entry: &OwnEntry, today: Day, currency: Currency) -> Result<OwnEffect, DeskError> {
        let day = today.max(entry.on);
        let bills = self.bills(self.book.facts_of_invoices(std::slice::from_ref(&entry.invoice))?, day)?;
        let missing = bills.first().map_or(currency.zero(), |bill| bill.standing.missing());
        let facts = bills.into_iter().map(|bill| bill.facts).collect();
        let Some(mut bill) = self.book.own_bills(facts, day)?.pop() else {
            return Err(DeskError::new(Code::UnknownRecord, "The invoice is not in the book."));
        };
        let before = bill.debt(currency);
        bill.entries.retain(|other| other.id != entry.id);
        bill.entries.push(entry.clone());
        let after = bill.debt(currency);
        let client: Client = self.find(bill.facts.invoice.client.as_str())?;
        let row = |words, of: fn(Debt) -> Money| effect_row(words, of(before), of(after), currency);
        let rows = [
            row("Received", |debt| debt.received),
            row("Client owes", Debt::owes),
            row("Written off", |debt| debt.written_off),
            row("Client’s credit", Debt::credit),
        ];
        let changes = |row: &OwnEffectRow| row.before.amount != row.after.amount;
        Ok(OwnEffect {
            rows: rows.into_iter().filter(changes).collect(),
            words: entry_words(entry, &client.name, (before, after), missing),
        })
    }
}

/// As of `today`, or of the contract's first day; none where the company bills.
pub(crate) fn client_pays(
    contract: &Contract,
    mut prices: Vec<OwnPrice>,
    currency: Currency,
    today: Day,
) -> Option<ClientPays> {
    if contract.billed_by == BilledBy::Company {
        return None;
    }
    prices.sort_by_key(|price| price.effective_on);
    let day = today.max(contract.starts_on);
    let month = month_on(contract, &prices, day, currency);
    let in_force = prices.iter().rfind(|price| price.effective_on <= day).map(|price| &price.id);
    let view = |price: &OwnPrice| PriceView {
        id: price.id.to_string(),
        effective_on: price.effective_on.to_string(),
        amount: Amount::of(month_on(contract, &prices, price.effective_on, currency).client_pays, currency),
        in_force: in_force == Some(&price.id),
    };
    Some(ClientPays {
        amount: Amount::of(month.client_pays, currency),
        cost: Amount::of(month.company_charges, currency),
        margin: Amount::of(month.margin(), currency),
        prices: prices.iter().map(view).collect(),
    })
}

fn own_bill_view(
    bill: &OwnBill,
    affiliate: String,
    earned: Money,
    entries: Vec<OwnEntryView>,
    currency: Currency,
) -> OwnBillView {
    let amount = |money| Amount::of(money, currency);
    let debt = bill.debt(currency);
    OwnBillView {
        affiliate,
        lines: bill.lines().iter().map(|line: &Line| charge(line, currency)).collect(),
        tax: amount(bill.tax()),
        total: amount(bill.total()),
        margin: bill.resale.is_some().then(|| amount(bill.margin(currency))),
        commission: amount(earned),
        received: amount(debt.received),
        owes: amount(debt.owes()),
        credit: amount(debt.credit()),
        written_off: amount(debt.written_off),
        entries,
    }
}

fn entry_view(entry: &OwnEntry, currency: Currency) -> OwnEntryView {
    OwnEntryView {
        id: entry.id.to_string(),
        kind: entry.kind,
        on: entry.on.to_string(),
        amount: Amount::of(entry.amount, currency),
    }
}

fn effect_row(words: &str, before: Money, after: Money, currency: Currency) -> OwnEffectRow {
    OwnEffectRow { words: words.to_owned(), before: Amount::of(before, currency), after: Amount::of(after, currency) }
}

fn price_words(price: &OwnPrice, from: Day, until: Option<Day>, margin: Money, billed: usize) -> String {
    let mut words = if margin.is_positive() {
        format!("The client pays {} more a month than the company charges", margin.grouped())
    } else if margin.is_negative() {
        format!("The client pays {} less a month than the company charges", (-margin).grouped())
    } else {
        "The client pays a month what the company charges".to_owned()
    };
    words += &format!(", from {}", day::words(from));
    words += &until.map_or(String::new(), |until| format!(" until the price of {}", day::words(until)));
    words += ". The commission follows the contract, and stays.";
    for line in price.lines.iter().filter(|line| line.kind.is_once()) {
        words += &format!(" Billed once: {}, {}.", line.offered(), line.amount.grouped());
    }
    words
        + &match billed {
            0 => String::new(),
            1 => " One invoice that is made for days from then on stays as it is.".to_owned(),
            billed => format!(" {billed} invoices that are made for days from then on stay as they are."),
        }
}

fn entry_words(entry: &OwnEntry, client: &str, (before, after): (Debt, Debt), missing: Money) -> String {
    let (amount, open) = (entry.amount.grouped(), after.owes() - before.owes());
    let words = match entry.kind {
        OwnKind::WrittenOff => format!("{client} will not pay {amount} of what it owes."),
        OwnKind::Refunded if open.is_positive() => {
            format!(
                "{client} gets {amount} back, and {} is open again: write it off if it need not be paid.",
                open.grouped()
            )
        }
        OwnKind::Refunded => format!("{client} gets back {amount} that it had paid too much."),
    };
    let owed = if missing.is_positive() {
        format!("{} is still to be remitted", missing.grouped())
    } else {
        "all of it is remitted".to_owned()
    };
    format!("{words} What the company is owed for the invoice stays, and so does the commission: {owed}.")
}
