//! A large book, month by month: as many contracts as a measurement wants, each billed once a month.
//!
//! What happens to a bill depends on its contract and on how many months it lies before the book's last, and all is
//! settled within [`LONGEST_STORY`]. So the last year is the same however much history lies behind it, and what a month
//! costs can be held against that history.

use chrono::Days;
use rules::affiliate::{Affiliate, AgreedRemittance};
use rules::client::Client;
use rules::contract::{BilledBy, Change, Contract};
use rules::day::Day;
use rules::id::Id;
use rules::invoice::{CreditNote, Invoice, Kind, Line, Payment, Refund, Remittance};
use rules::money::Money;
use rules::month::Month;
use rules::records::Records;
use rules::referral::Referral;
use rules::statement::ContractOf;

use super::billing::share;
use super::{programme, rate, scatter, usd};

const PER_AFFILIATE: u32 = 50;
/// The first two of so many contracts are one client's.
const SHARED_IN: u32 = 4;
/// For so many months after a bill's own, something can still happen to it.
const LONGEST_STORY: u32 = 3;

#[derive(Clone, Copy, Debug)]
pub struct Large {
    contracts: u32,
    months: u32,
    last: Month,
}

impl Large {
    /// A book of so many months up to `last`.
    pub fn new(contracts: u32, months: u32, last: Month) -> Self {
        Self { contracts, months, last }
    }

    /// Each month with what is recorded in it, oldest first; who is who comes with the first. A batch leans only on
    /// itself and on earlier ones: what a later month brings comes with that month.
    pub fn batches(self) -> impl Iterator<Item = (Month, Records)> {
        (0..self.months).rev().map(move |back| {
            let mut records = if back == self.first_back() { self.parties() } else { Records::default() };
            for account in (0..self.contracts).map(|nth| Account::of(nth, self)) {
                account.record(back, &mut records);
            }
            (self.month(back), records)
        })
    }

    /// The first month's distance from the last.
    fn first_back(self) -> u32 {
        self.months.saturating_sub(1)
    }

    fn month(self, back: u32) -> Month {
        Month::from_index(self.last.index() - back.cast_signed()).expect("a month of our times")
    }

    fn parties(self) -> Records {
        let affiliates = self.contracts.div_ceil(PER_AFFILIATE).max(1);
        let clients = self.contracts - self.contracts.saturating_sub(1).div_ceil(SHARED_IN);
        Records {
            programme: Some(programme()),
            affiliates: (0..affiliates).map(|nth| self.affiliate(nth)).collect(),
            clients: (0..clients).map(client).collect(),
            referrals: (0..self.contracts)
                .filter(|nth| !is_second(*nth))
                .map(|nth| Account::of(nth, self).referral())
                .collect(),
            ..Records::default()
        }
    }

    /// One in five has an agreement, and half of these keep their commission.
    fn affiliate(self, nth: u32) -> Affiliate {
        let remittance = if nth % 10 == 7 { AgreedRemittance::NetOfCommission } else { AgreedRemittance::InFull };
        Affiliate {
            id: affiliate_id(nth),
            name: format!("{} Advisors {}", word(FIRST, nth), nth + 1),
            own_companies: Vec::new(),
            domains: vec![format!("affiliate{}.example", nth + 1)],
            agreement_signed_on: (nth % 5 == 2).then(|| self.month(self.first_back()).first_day()),
            remittance,
        }
    }
}

/// One contract, and all that comes of it. Months are counted back from the book's last.
#[derive(Clone, Copy)]
struct Account {
    nth: u32,
    book: Large,
    chance: u64,
    begins: u32,
    ends: Option<u32>,
    /// From this month on another price is billed.
    changes: Option<u32>,
}

/// What becomes of a bill.
enum Fate {
    Paid,
    /// Paid so many months after its own.
    PaidLate(u32),
    /// Paid, and in part credited in the next month.
    Credited,
    /// Paid, charged back in the next month, and paid again.
    ChargedBack,
}

impl Account {
    fn of(nth: u32, book: Large) -> Self {
        let chance = scatter(u64::from(nth));
        let within_the_last_year = u32::try_from(1 + (chance >> 8) % 11).expect("a month of a year");
        let begins_late = is_second(nth) && chance.is_multiple_of(16);
        let begins = if begins_late { within_the_last_year.min(book.first_back()) } else { book.first_back() };
        let ends = (nth % SHARED_IN == 2 && chance.is_multiple_of(8)).then_some(within_the_last_year);
        let changes = match (chance >> 16) % 8 {
            0 => begins.checked_sub(6),
            1 => begins.checked_sub(15),
            _ => None,
        };
        Self { nth, book, chance, begins, ends: ends.filter(|ends| *ends < begins), changes }
    }

    /// Adds what a month brings: the contract itself if it begins, its bill, and what happens to its latest bills.
    fn record(self, back: u32, records: &mut Records) {
        if back == self.begins {
            records.contracts.push(self.contract());
        }
        if self.is_billed(back) {
            records.invoices.push(self.invoice(back));
        }
        for after in (0..=LONGEST_STORY).filter(|after| self.is_billed(back + after)) {
            self.tell(back + after, after, records);
        }
    }

    fn is_billed(self, back: u32) -> bool {
        back <= self.begins && self.ends.is_none_or(|ends| ends <= back)
    }

    /// What happens to the bill of a month so many months after it.
    fn tell(self, of: u32, after: u32, records: &mut Records) {
        match (self.fate(of), after) {
            (Fate::PaidLate(months), after) if after == months => self.pay(of, after, "", records),
            (Fate::Paid | Fate::Credited | Fate::ChargedBack, 0) => self.pay(of, 0, "", records),
            (Fate::ChargedBack, 2) => self.pay(of, 2, "-2", records),
            (Fate::ChargedBack, 1) => self.refund(of, self.share(of), records),
            (Fate::Credited, 1) => self.credit(of, records),
            _ => {}
        }
    }

    /// Two bills in a hundred are paid late.
    fn fate(self, of: u32) -> Fate {
        match self.chance(of) % 1000 {
            0..15 => Fate::PaidLate(1),
            15..18 => Fate::PaidLate(2),
            18..20 => Fate::PaidLate(3),
            20..23 => Fate::Credited,
            23..25 => Fate::ChargedBack,
            _ => Fate::Paid,
        }
    }

    fn chance(self, of: u32) -> u64 {
        scatter((u64::from(self.nth) << 32) | u64::from(of))
    }

    /// By the client to whoever billed; what an affiliate billed it passes on a few days later.
    fn pay(self, of: u32, after: u32, again: &str, records: &mut Records) {
        let received_on = self.first_day(of - after) + Days::new(5 + (self.chance(of) >> 32) % 15);
        records.payments.push(Payment {
            id: Id::new(format!("{}{again}", self.id('P', of))),
            invoice: Id::new(self.id('I', of)),
            received_on,
            amount: self.total(of),
        });
        if self.billed_by() == BilledBy::Affiliate {
            records.remittances.push(Remittance {
                id: Id::new(format!("{}{again}", self.id('M', of))),
                invoice: Id::new(self.id('I', of)),
                received_on: received_on + Days::new(6),
                amount: self.share(of),
            });
        }
    }

    /// A tenth of the month; the company gives it back where it billed, an affiliate owes that much less.
    fn credit(self, of: u32, records: &mut Records) {
        let credited = part(self.price(of), 1, 10);
        records.credit_notes.push(CreditNote {
            id: Id::new(self.id('N', of)),
            invoice: Id::new(self.id('I', of)),
            issued_on: self.first_day(of - 1) + Days::new(3),
            lines: vec![line(Kind::Hosting, "Outage", credited)],
        });
        if self.billed_by() == BilledBy::Company {
            self.refund(of, credited, records);
        }
    }

    fn refund(self, of: u32, amount: Money, records: &mut Records) {
        records.refunds.push(Refund {
            id: Id::new(self.id('F', of)),
            invoice: Id::new(self.id('I', of)),
            refunded_on: self.first_day(of - 1) + Days::new(11),
            amount,
        });
    }

    fn invoice(self, of: u32) -> Invoice {
        let first = self.first_day(of);
        let id = self.id('I', of);
        Invoice {
            number: format!("NS-{}", &id[1..]),
            id: Id::new(id),
            client: client_id(self.client()),
            contract: Some(self.contract_id()),
            issued_on: first,
            due_on: first + Days::new(20),
            period_start: first,
            period_end: self.book.month(of).cutoff(),
            lines: vec![self.line(self.price(of))],
            tax: self.tax(of),
        }
    }

    fn contract(self) -> Contract {
        let starts_on = self.first_day(self.begins);
        let change = |at| Change { effective_on: self.first_day(at), lines: vec![self.line(self.price(at))] };
        Contract {
            id: self.contract_id(),
            referral: self.referral_id(),
            signed_on: starts_on,
            starts_on,
            term_months: [12, 12, 12, 6, 18, 0][slot(self.chance >> 20, 6)],
            ended_on: self.ends.map(|ends| self.book.month(ends).cutoff()),
            rate: rate(["0.10", "0.10", "0.10", "0.10", "0.075"][slot(self.chance >> 24, 5)]),
            billed_by: self.billed_by(),
            lines: vec![self.line(self.signed_price())],
            changes: self.changes.map(change).into_iter().collect(),
        }
    }

    fn referral(self) -> Referral {
        Referral {
            id: self.referral_id(),
            affiliate: affiliate_id(self.affiliate()),
            client: client_id(self.client()),
            registered_on: self.first_day(self.book.first_back()),
        }
    }

    /// A few of the clients of an affiliate with an agreement.
    fn billed_by(self) -> BilledBy {
        let by_affiliate = self.affiliate() % 5 == 2 && self.nth % SHARED_IN == 3;
        if by_affiliate { BilledBy::Affiliate } else { BilledBy::Company }
    }

    /// What of a bill goes to the company.
    fn share(self, of: u32) -> Money {
        if self.billed_by() == BilledBy::Company {
            return self.total(of);
        }
        let contract = ContractOf { referral: self.referral(), contract: self.contract(), voided: None };
        let choices = programme().choices_on(contract.contract.signed_on, &[]);
        share(&self.invoice(of), &contract, &self.book.affiliate(self.affiliate()), &choices)
    }

    fn total(self, of: u32) -> Money {
        self.price(of) + self.tax(of)
    }

    /// A sixth of the contracts is taxed.
    fn tax(self, of: u32) -> Money {
        if (self.chance >> 28).is_multiple_of(6) { rate("0.0825").of(self.price(of)) } else { usd().zero() }
    }

    /// A quarter more or a fifth less after the change.
    fn price(self, of: u32) -> Money {
        let signed = self.signed_price();
        match self.changes.filter(|at| of <= *at) {
            None => signed,
            Some(_) if (self.chance >> 32).is_multiple_of(2) => part(signed, 5, 4),
            Some(_) => part(signed, 4, 5),
        }
    }

    /// From 50.00 to 2,000.00 a month, in steps of 10.00.
    fn signed_price(self) -> Money {
        let steps = i64::try_from(5 + (self.chance >> 36) % 196).expect("a few hundred");
        Money::from_minor(steps * 1000, usd())
    }

    fn line(self, amount: Money) -> Line {
        let (kind, description) = match (self.chance >> 40) % 3 {
            0 => (Kind::ManagedService, "Managed server"),
            _ => (Kind::Hosting, "Hosting"),
        };
        line(kind, description, amount)
    }

    fn first_day(self, back: u32) -> Day {
        self.book.month(back).first_day()
    }

    fn affiliate(self) -> u32 {
        self.nth / PER_AFFILIATE
    }

    fn client(self) -> u32 {
        self.nth - self.nth.div_ceil(SHARED_IN)
    }

    fn referral_id(self) -> Id<Referral> {
        Id::new(format!("R{:06}", self.client() + 1))
    }

    fn contract_id(self) -> Id<Contract> {
        Id::new(format!("K{:06}", self.nth + 1))
    }

    /// `I0000123`: bills are numbered month by month.
    fn id(self, letter: char, of: u32) -> String {
        let months = u64::from(self.book.first_back() - of);
        format!("{letter}{:07}", months * u64::from(self.book.contracts) + u64::from(self.nth) + 1)
    }
}

#[rustfmt::skip]
const FIRST: &[&str; 16] = &[
    "Alder", "Birch", "Cedar", "Dover", "Elm Street", "Fairview", "Granite", "Harbor",
    "Ironwood", "Juniper", "Kingfisher", "Lakeside", "Maple", "Northgate", "Orchard", "Prairie",
];

#[rustfmt::skip]
const TRADES: &[&str; 16] = &[
    "Bakery", "Clinic", "Dental", "Electric", "Freight", "Gallery", "Hotel", "Interiors",
    "Kitchens", "Legal", "Motors", "Nursery", "Optics", "Printing", "Roofing", "Studio",
];

fn client(nth: u32) -> Client {
    let name = format!("{} {} {}", word(FIRST, nth), word(TRADES, nth / 16), nth + 1);
    Client {
        id: client_id(nth),
        domains: vec![format!("{}.example", name.to_lowercase().replace(' ', "-"))],
        name,
        customer_since: None,
    }
}

fn word(words: &[&'static str; 16], nth: u32) -> &'static str {
    words[slot(u64::from(nth), 16)]
}

/// One of so many.
fn slot(chance: u64, of: u64) -> usize {
    usize::try_from(chance % of).expect("a small number")
}

fn is_second(nth: u32) -> bool {
    nth % SHARED_IN == 1
}

fn affiliate_id(nth: u32) -> Id<Affiliate> {
    Id::new(format!("A{:05}", nth + 1))
}

fn client_id(nth: u32) -> Id<Client> {
    Id::new(format!("C{:06}", nth + 1))
}

/// Exact, as prices go in steps.
fn part(amount: Money, numerator: i64, denominator: i64) -> Money {
    Money::from_minor(amount.minor() * numerator / denominator, usd())
}

fn line(kind: Kind, description: &str, amount: Money) -> Line {
    Line { kind, description: description.to_owned(), amount }
}
