//! A large book, month by month: as many contracts as a measurement wants, each billed once a month.
//!
//! A month is like any other: the same share of bills is paid late, refunded or credited, so that what a month costs
//! can be held against how much history lies behind it.

use chrono::Days;
use rules::affiliate::{Affiliate, AgreedRemittance};
use rules::client::Client;
use rules::contract::{BilledBy, Change, Contract};
use rules::id::Id;
use rules::invoice::{CreditNote, Invoice, Kind, Line, Payment, Refund};
use rules::money::Money;
use rules::month::Month;
use rules::rate::Rate;
use rules::records::Records;
use rules::referral::Referral;

use super::{programme, rate, scatter, usd};

/// How many contracts an affiliate has.
const PER_AFFILIATE: u32 = 50;
/// One bill in so many is paid a month late, refunded a month after it was paid, credited.
const LATE: u64 = 50;
const REFUNDED: u64 = 400;
const CREDITED: u64 = 300;
/// One contract in so many was changed, after half a year.
const CHANGED: u64 = 8;
const CHANGED_AFTER: u32 = 6;

#[derive(Clone, Copy, Debug)]
pub struct Large {
    contracts: u32,
    months: u32,
    last: Month,
}

impl Large {
    pub fn new(contracts: u32, months: u32, last: Month) -> Self {
        Self { contracts, months, last }
    }

    /// Each month with what is recorded in it, oldest first; who is who comes with the first.
    pub fn batches(self) -> impl Iterator<Item = (Month, Records)> {
        (0..self.months).map(move |nth| {
            let month = self.month(nth);
            let mut records = if nth == 0 { self.parties() } else { Records::default() };
            for contract in 0..self.contracts {
                self.bill(contract, nth, &mut records);
            }
            (month, records)
        })
    }

    /// The month so many after the first.
    fn month(self, nth: u32) -> Month {
        let back = (nth + 1).abs_diff(self.months);
        (0..back).fold(self.last, |month, _| month.previous())
    }

    fn parties(self) -> Records {
        let affiliates = self.contracts.div_ceil(PER_AFFILIATE);
        Records {
            programme: Some(programme()),
            affiliates: (0..affiliates).map(affiliate).collect(),
            clients: (0..self.contracts).map(client).collect(),
            referrals: (0..self.contracts).map(|nth| self.referral(nth)).collect(),
            contracts: (0..self.contracts).map(|nth| self.contract(nth)).collect(),
            ..Records::default()
        }
    }

    fn referral(self, nth: u32) -> Referral {
        Referral {
            id: Id::new(format!("R{nth:06}")),
            affiliate: Id::new(format!("A{:04}", nth / PER_AFFILIATE)),
            client: Id::new(format!("C{nth:06}")),
            registered_on: self.month(0).first_day(),
        }
    }

    fn contract(self, nth: u32) -> Contract {
        let first = self.month(0).first_day();
        let chance = scatter(u64::from(nth));
        let change = |first| Change {
            effective_on: rules::day::plus_months(first, CHANGED_AFTER),
            lines: vec![line(Kind::Hosting, "Hosting", changed_price(nth))],
        };
        Contract {
            id: Id::new(format!("K{nth:06}")),
            referral: Id::new(format!("R{nth:06}")),
            signed_on: first,
            starts_on: first,
            term_months: 12,
            ended_on: None,
            rate: if chance.is_multiple_of(5) { rate("0.075") } else { Rate::from_basis_points(1000).expect("10%") },
            billed_by: BilledBy::Company,
            lines: vec![line(Kind::Hosting, "Hosting", price(nth))],
            changes: if is_changed(nth) { vec![change(first)] } else { Vec::new() },
        }
    }

    /// A contract's bill of a month, paid in it or in the next, and what happens to the bill of the month before.
    fn bill(self, contract: u32, nth: u32, records: &mut Records) {
        let first = self.month(nth).first_day();
        let bill = Bill::of(contract, nth);
        let amount = bill.amount();
        records.invoices.push(Invoice {
            id: Id::new(bill.id("I")),
            number: bill.id("N"),
            client: Id::new(format!("C{contract:06}")),
            contract: Some(Id::new(format!("K{contract:06}"))),
            issued_on: first,
            due_on: first + Days::new(14),
            period_start: first,
            period_end: self.month(nth).cutoff(),
            lines: vec![line(Kind::Hosting, "Hosting", amount)],
            tax: usd().zero(),
        });
        let (invoice, pay) = (Id::new(bill.id("I")), Id::new(bill.id("P")));
        if !bill.is(LATE) {
            let received_on = first + Days::new(5 + bill.chance % 9);
            records.payments.push(Payment { id: pay, invoice, received_on, amount });
        }
        let Some(before) = nth.checked_sub(1).map(|nth| Bill::of(contract, nth)) else { return };
        let id = |letter| (Id::<Invoice>::new(before.id("I")), before.id(letter));
        if before.is(LATE) {
            let (invoice, id) = id("P");
            let received_on = first + Days::new(10);
            records.payments.push(Payment { id: Id::new(id), invoice, received_on, amount: before.amount() });
        } else if before.is(REFUNDED) {
            let (invoice, id) = id("F");
            let refunded_on = first + Days::new(12);
            records.refunds.push(Refund { id: Id::new(id), invoice, refunded_on, amount: cents(500) });
        } else if before.is(CREDITED) {
            let (invoice, id) = id("X");
            let lines = vec![line(Kind::Hosting, "Outage", cents(700))];
            records.credit_notes.push(CreditNote { id: Id::new(id), invoice, issued_on: first + Days::new(3), lines });
        }
    }
}

/// One contract's bill of one month, and the chance that decides what happens to it.
struct Bill {
    contract: u32,
    nth: u32,
    chance: u64,
}

impl Bill {
    fn of(contract: u32, nth: u32) -> Self {
        Self { contract, nth, chance: scatter((u64::from(contract) << 32) | u64::from(nth)) }
    }

    fn id(&self, letter: &str) -> String {
        format!("{letter}{:03}-{:06}", self.nth, self.contract)
    }

    fn amount(&self) -> Money {
        let changed = is_changed(self.contract) && self.nth >= CHANGED_AFTER;
        if changed { changed_price(self.contract) } else { price(self.contract) }
    }

    fn is(&self, one_in: u64) -> bool {
        (self.chance >> 8).is_multiple_of(one_in)
    }
}

fn affiliate(nth: u32) -> Affiliate {
    Affiliate {
        id: Id::new(format!("A{nth:04}")),
        name: format!("Affiliate {nth:04}"),
        own_companies: Vec::new(),
        domains: Vec::new(),
        agreement_signed_on: None,
        remittance: AgreedRemittance::InFull,
    }
}

fn client(nth: u32) -> Client {
    Client {
        id: Id::new(format!("C{nth:06}")),
        name: format!("Client {nth:06}"),
        domains: Vec::new(),
        customer_since: None,
    }
}

fn is_changed(nth: u32) -> bool {
    scatter(u64::from(nth)).is_multiple_of(CHANGED)
}

fn changed_price(nth: u32) -> Money {
    price(nth) + price(nth / 2)
}

/// Between 50.00 and 2,000.00 a month.
fn price(nth: u32) -> Money {
    let minor = 5_000 + scatter(u64::from(nth) + 1) % 195_000;
    Money::from_minor(i64::try_from(minor).expect("small"), usd())
}

fn cents(minor: i64) -> Money {
    Money::from_minor(minor, usd())
}

fn line(kind: Kind, description: &str, amount: Money) -> Line {
    Line { kind, description: description.to_owned(), amount }
}
