//! From what was agreed to what was billed: a deal's bills, period by period, each paid by the deal's habit unless a
//! story tells otherwise.

use chrono::{Datelike, Days};
use rules::affiliate::Affiliate;
use rules::base::base;
use rules::contract::{BilledBy, Change, Contract};
use rules::day::{Day, MonthsInPeriod, plus_months};
use rules::debt::{OwnEntry, OwnKind, Resale};
use rules::id::Id;
use rules::invoice::{CreditNote, Invoice, InvoiceFacts, Kind, Line, Payment, Refund, Remittance};
use rules::money::Money;
use rules::month::Month;
use rules::own_price::{OwnPrice, as_client_pays};
use rules::records::Records;
use rules::referral::Referral;
use rules::statement::{ContractOf, keeps_commission};
use rules::terms::Choices;

use super::{day, money, rate, scatter, usd};

/// Kind, description and amount.
pub type Price = (Kind, &'static str, &'static str);

/// A contract, and how it is billed and paid.
#[derive(Clone, Copy)]
pub struct Deal {
    pub id: &'static str,
    pub referral: &'static str,
    pub signed_on: &'static str,
    pub starts_on: &'static str,
    pub term_months: u32,
    pub lines: &'static [Price],
    pub changes: &'static [(&'static str, &'static [Price])],
    pub ended_on: Option<&'static str>,
    pub rate: &'static str,
    pub billed_by: BilledBy,
    /// What the client pays an affiliate that bills it, from a day on; else what the company charges.
    pub own_price: Option<(&'static str, &'static [Price])>,
    /// On the first bill.
    pub setup: Option<(&'static str, &'static str)>,
    /// Sales tax on everything billed.
    pub tax_rate: Option<&'static str>,
    /// How many months a bill is for. All but the first bill start on the first of a month.
    pub every: u32,
    pub due_after_days: u64,
    /// The habit: from the day of the bill, give or take.
    pub pays_after_days: u64,
}

/// What happened to the bill of `contract` whose period starts in `month`.
pub struct Story {
    pub contract: &'static str,
    pub month: &'static str,
    pub events: &'static [Event],
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The whole bill, by the client to whoever billed. This, or a part, takes the place of the habit.
    Paid(&'static str),
    PaidPart(&'static str, &'static str),
    NotPaid,
    Refunded(&'static str, &'static str),
    Credited(&'static str, Price),
    /// All that the agreement asks for, by the affiliate to the company; by habit three days after it was paid.
    Remitted(&'static str),
    NotRemitted,
    /// By the affiliate to its client.
    GivenBack(&'static str, &'static str),
    WrittenOff(&'static str, &'static str),
    /// One more line on the bill.
    Charged(Price),
    Due(&'static str),
}

/// A bill outside of the regular ones: setup on its own, consulting, or what was still billed after a contract's end.
pub struct OneOff {
    pub client: &'static str,
    pub contract: Option<&'static str>,
    pub issued_on: &'static str,
    pub due_on: &'static str,
    pub period_end: &'static str,
    pub line: Price,
    pub paid_on: Option<&'static str>,
}

/// Billed monthly by the company at 10%, due on the 15th.
pub const fn deal(
    id: &'static str,
    referral: &'static str,
    signed_on: &'static str,
    starts_on: &'static str,
    term_months: u32,
    lines: &'static [Price],
) -> Deal {
    Deal {
        id,
        referral,
        signed_on,
        starts_on,
        term_months,
        lines,
        changes: &[],
        ended_on: None,
        rate: "0.10",
        billed_by: BilledBy::Company,
        own_price: None,
        setup: None,
        tax_rate: None,
        every: 1,
        due_after_days: 14,
        pays_after_days: 8,
    }
}

impl Deal {
    pub const fn changed(self, changes: &'static [(&'static str, &'static [Price])]) -> Self {
        Self { changes, ..self }
    }

    pub const fn ended(self, on: &'static str) -> Self {
        Self { ended_on: Some(on), ..self }
    }

    pub const fn at(self, rate: &'static str) -> Self {
        Self { rate, ..self }
    }

    pub const fn billed_by_affiliate(self) -> Self {
        Self { billed_by: BilledBy::Affiliate, ..self }
    }

    pub const fn at_own_price(self, from: &'static str, lines: &'static [Price]) -> Self {
        Self { own_price: Some((from, lines)), ..self }
    }

    pub const fn with_setup(self, description: &'static str, amount: &'static str) -> Self {
        Self { setup: Some((description, amount)), ..self }
    }

    pub const fn taxed(self, rate: &'static str) -> Self {
        Self { tax_rate: Some(rate), ..self }
    }

    pub const fn every(self, months: u32) -> Self {
        Self { every: months, ..self }
    }

    pub const fn due_after(self, days: u64) -> Self {
        Self { due_after_days: days, ..self }
    }

    pub const fn pays_after(self, days: u64) -> Self {
        Self { pays_after_days: days, ..self }
    }

    pub fn own_price(&self) -> Option<OwnPrice> {
        self.own_price.map(|(from, lines)| OwnPrice {
            id: Id::new(self.id.replace('K', "L")),
            contract: Id::new(self.id),
            effective_on: day(from),
            lines: lines.iter().map(line).collect(),
        })
    }

    pub fn contract(&self) -> Contract {
        let change = |(effective_on, lines): &(&str, &[Price])| Change {
            effective_on: day(effective_on),
            lines: lines.iter().map(line).collect(),
        };
        Contract {
            id: Id::new(self.id),
            referral: Id::new(self.referral),
            signed_on: day(self.signed_on),
            starts_on: day(self.starts_on),
            term_months: self.term_months,
            ended_on: self.ended_on.map(day),
            rate: rate(self.rate),
            billed_by: self.billed_by,
            lines: self.lines.iter().map(line).collect(),
            changes: self.changes.iter().map(change).collect(),
        }
    }
}

/// Adds every bill issued up to `until`, and what happened to it by then, to records that hold all but these. Bills are
/// numbered in the order of their days.
pub fn bill(records: &mut Records, deals: &[Deal], one_offs: &[OneOff], stories: &[Story], until: Day) {
    let regular = deals.iter().flat_map(|deal| regular_bills(deal, records, stories, until));
    let mut bills: Vec<Bill> = regular.chain(one_offs.iter().map(one_off_bill)).collect();
    bills.sort_by(|a, b| a.order().cmp(&b.order()));
    let mut year = 0;
    let mut number = 0;
    for bill in bills {
        let issued_in = bill.invoice.issued_on.year();
        number = if issued_in == year { number + 1 } else { 1 };
        year = issued_in;
        bill.record(records, &format!("{:02}-{number:04}", year % 100), until);
    }
}

/// An invoice not numbered yet, and what happened to it.
struct Bill {
    invoice: Invoice,
    /// What the client reads instead, at the affiliate's own price.
    own: Option<Vec<Line>>,
    paid: Vec<(Day, Money)>,
    remitted: Vec<(Day, Money)>,
    events: &'static [Event],
}

impl Bill {
    fn order(&self) -> (Day, &Id<rules::client::Client>, Option<&Id<Contract>>, Day) {
        let invoice = &self.invoice;
        (invoice.issued_on, &invoice.client, invoice.contract.as_ref(), invoice.period_start)
    }

    fn record(mut self, records: &mut Records, number: &str, until: Day) {
        self.invoice.id = Id::new(format!("I{number}"));
        self.invoice.number = format!("NS-{number}");
        let invoice = self.invoice.id.clone();
        let paid = self.paid.into_iter().filter(|(on, _)| *on <= until);
        records.payments.extend(nth_ids("P", number).zip(paid).map(|(id, (received_on, amount))| Payment {
            id: Id::new(id),
            invoice: invoice.clone(),
            received_on,
            amount,
        }));
        let remitted = self.remitted.into_iter().filter(|(on, _)| *on <= until);
        records.remittances.extend(nth_ids("M", number).zip(remitted).map(|(id, (received_on, amount))| Remittance {
            id: Id::new(id),
            invoice: invoice.clone(),
            received_on,
            amount,
        }));
        if let Some(lines) = self.own {
            let (id, tax) = (Id::new(format!("S{number}")), usd().zero());
            records.resales.push(Resale { id, invoice: invoice.clone(), lines, tax });
        }
        let entry = |kind, on, amount| OwnEntry {
            id: Id::new(format!("E{number}")),
            invoice: invoice.clone(),
            kind,
            on: day(on),
            amount: money(amount),
        };
        for event in self.events {
            match event {
                Event::GivenBack(on, amount) => records.own_entries.push(entry(OwnKind::Refunded, on, amount)),
                Event::WrittenOff(on, amount) => records.own_entries.push(entry(OwnKind::WrittenOff, on, amount)),
                Event::Refunded(on, amount) => records.refunds.push(Refund {
                    id: Id::new(format!("F{number}")),
                    invoice: invoice.clone(),
                    refunded_on: day(on),
                    amount: money(amount),
                }),
                Event::Credited(on, price) => records.credit_notes.push(CreditNote {
                    id: Id::new(format!("N{number}")),
                    invoice: invoice.clone(),
                    issued_on: day(on),
                    lines: vec![line(price)],
                }),
                _ => {}
            }
        }
        records.invoices.push(self.invoice);
    }
}

/// `P24-0113`, then `P24-0113-2`.
fn nth_ids(letter: &str, number: &str) -> impl Iterator<Item = String> {
    (1..).map(move |nth| if nth == 1 { format!("{letter}{number}") } else { format!("{letter}{number}-{nth}") })
}

fn regular_bills(deal: &Deal, records: &Records, stories: &[Story], until: Day) -> Vec<Bill> {
    let contract = deal.contract();
    let referral = records.referrals.iter().find(|referral| referral.id == contract.referral).expect(deal.referral);
    let affiliate = records.affiliates.iter().find(|one| one.id == referral.affiliate).expect(deal.referral);
    let of = ContractOf { referral: referral.clone(), contract: contract.clone(), voided: None };
    let programme = records.programme.as_ref().expect("a book has a programme");
    let choices = programme.choices_on(contract.signed_on, &records.terms);
    periods(deal, until)
        .into_iter()
        .map(|period| {
            let in_month = Month::of(period.0).to_string();
            let story = stories.iter().find(|story| story.contract == deal.id && story.month == in_month);
            let events = story.map_or(&[][..], |story| story.events);
            let invoice = invoice(deal, &contract, referral, period, events);
            let own = own_lines(deal, &contract, period);
            let billed = own.as_ref().map_or(invoice.total(), |lines| usd().sum(lines.iter().map(|line| line.amount)));
            let paid = paid(deal, &invoice, billed, events);
            let remitted = match deal.billed_by {
                BilledBy::Company => Vec::new(),
                BilledBy::Affiliate => remitted(&paid, events, share(&invoice, &of, affiliate, &choices)),
            };
            Bill { invoice, own, paid, remitted, events }
        })
        .collect()
}

/// From the start to the end of its month, then by the first of the month; the last is cut where the contract ends.
fn periods(deal: &Deal, until: Day) -> Vec<(Day, Day)> {
    let ends_on = deal.ended_on.map_or(Day::MAX, day);
    let mut periods = Vec::new();
    let mut first = day(deal.starts_on);
    while first <= until.min(ends_on) {
        let next = if first.day() == 1 { plus_months(first, deal.every) } else { Month::of(first).next().first_day() };
        let last = next.pred_opt().unwrap_or(next).min(ends_on);
        periods.push((first, last));
        first = next;
    }
    periods
}

fn invoice(deal: &Deal, contract: &Contract, referral: &Referral, period: (Day, Day), events: &[Event]) -> Invoice {
    let (period_start, period_end) = period;
    let monthly = contract.change_on(period_start).map_or(&contract.lines, |change| &change.lines);
    let months = MonthsInPeriod::between(period_start, period_end);
    let mut lines: Vec<Line> = monthly.iter().map(|line| for_months(line, months)).collect();
    if let Some((description, amount)) = deal.setup.filter(|_| period_start == contract.starts_on) {
        lines.push(line(&(Kind::Setup, description, amount)));
    }
    lines.extend(events.iter().filter_map(|event| match event {
        Event::Charged(price) => Some(line(price)),
        _ => None,
    }));
    let due = events.iter().find_map(|event| match event {
        Event::Due(on) => Some(day(on)),
        _ => None,
    });
    let total = usd().sum(lines.iter().map(|line| line.amount));
    Invoice {
        id: Id::new(""),
        number: String::new(),
        client: referral.client.clone(),
        contract: Some(contract.id.clone()),
        issued_on: period_start,
        due_on: due.unwrap_or(period_start + Days::new(deal.due_after_days)),
        period_start,
        period_end,
        lines,
        tax: deal.tax_rate.map_or(usd().zero(), |tax| rate(tax).of(total)),
    }
}

/// A month's line, for another time than a month.
fn for_months(line: &Line, months: MonthsInPeriod) -> Line {
    let (numerator, denominator) = months.fraction();
    let (numerator, denominator) = (i64::from(numerator), i64::from(denominator));
    let halves = line.amount.minor() * numerator * 2;
    let minor = (halves + denominator * halves.signum()) / (denominator * 2); // half away from zero
    let description = if numerator == denominator {
        line.description.clone()
    } else {
        format!("{}, {}", line.description, months.words())
    };
    Line { kind: line.kind, description, amount: Money::from_minor(minor, usd()) }
}

/// What the client is billed instead, once the affiliate's own price is in force.
fn own_lines(deal: &Deal, contract: &Contract, (start, end): (Day, Day)) -> Option<Vec<Line>> {
    let price = deal.own_price().filter(|price| price.effective_on <= start)?;
    let months = MonthsInPeriod::between(start, end);
    let paid = as_client_pays(contract, &[price])?;
    Some(paid.lines_on(start).iter().map(|line| for_months(line, months)).collect())
}

/// What the client paid: as the story tells, else all that it was billed by habit.
fn paid(deal: &Deal, invoice: &Invoice, billed: Money, events: &[Event]) -> Vec<(Day, Money)> {
    let told: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::Paid(on) => Some((day(on), billed)),
            Event::PaidPart(on, amount) => Some((day(on), money(amount))),
            _ => None,
        })
        .collect();
    if !told.is_empty() || events.contains(&Event::NotPaid) {
        return told;
    }
    let seed = deal.id.bytes().fold(u64::from(invoice.issued_on.num_days_from_ce().unsigned_abs()), |seed, byte| {
        seed * 256 + u64::from(byte)
    });
    vec![(invoice.issued_on + Days::new(deal.pays_after_days + scatter(seed) % 4), billed)]
}

/// What of the bill goes to the company: all, or all but the commission that the affiliate keeps.
pub fn share(invoice: &Invoice, of: &ContractOf, affiliate: &Affiliate, choices: &Choices) -> Money {
    if !keeps_commission(&of.contract, affiliate) {
        return invoice.total();
    }
    let billed = base(&untouched(invoice.clone()), of, choices, usd());
    invoice.total() - of.contract.rate.of(billed.base)
}

/// An invoice to which nothing has happened yet.
pub fn untouched(invoice: Invoice) -> InvoiceFacts {
    InvoiceFacts::new(invoice, usd())
}

/// What the affiliate passed on: as the story tells, else three days after its client paid.
fn remitted(paid: &[(Day, Money)], events: &[Event], share: Money) -> Vec<(Day, Money)> {
    let told = events.iter().find_map(|event| match event {
        Event::Remitted(on) => Some(day(on)),
        _ => None,
    });
    let by_habit = paid.iter().map(|(on, _)| *on + Days::new(3)).max();
    let on = told.or(by_habit).filter(|_| !events.contains(&Event::NotRemitted));
    on.map(|on| (on, share)).into_iter().collect()
}

fn one_off_bill(bill: &OneOff) -> Bill {
    let invoice = Invoice {
        id: Id::new(""),
        number: String::new(),
        client: Id::new(bill.client),
        contract: bill.contract.map(Id::new),
        issued_on: day(bill.issued_on),
        due_on: day(bill.due_on),
        period_start: day(bill.issued_on),
        period_end: day(bill.period_end),
        lines: vec![line(&bill.line)],
        tax: usd().zero(),
    };
    let paid = bill.paid_on.map(|on| (day(on), invoice.total())).into_iter().collect();
    Bill { invoice, own: None, paid, remitted: Vec::new(), events: &[] }
}

fn line(&(kind, description, amount): &Price) -> Line {
    Line { kind, description: description.to_owned(), amount: money(amount) }
}
