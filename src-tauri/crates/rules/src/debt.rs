//! What a client owes whoever bills it, and where an invoice that the affiliate bills stands between the two.

use serde::{Deserialize, Serialize};

use crate::day::Day;
use crate::id::Id;
use crate::invoice::{CreditNote, Invoice, InvoiceFacts, Line};
use crate::money::{Currency, Money};

/// What a client is billed for an invoice by an affiliate that has a price of its own: the invoice itself stays what the
/// company charges, and so does the commission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resale {
    pub id: Id<Resale>,
    pub invoice: Id<Invoice>,
    pub lines: Vec<Line>,
    pub tax: Money,
}

impl Resale {
    /// Its lines and tax.
    pub fn total(&self) -> Money {
        self.lines.iter().fold(self.tax, |sum, line| sum + line.amount)
    }
}

/// What happened between the affiliate and its client alone; the company never knows of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnEntry {
    pub id: Id<OwnEntry>,
    pub invoice: Id<Invoice>,
    pub kind: OwnKind,
    pub on: Day,
    pub amount: Money,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnKind {
    /// Money given back to the client.
    Refunded,
    /// Bad debt: what the client will never pay.
    WrittenOff,
}

/// An invoice with what is between the affiliate and its client alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnBill {
    pub facts: InvoiceFacts,
    pub resale: Option<Resale>,
    pub entries: Vec<OwnEntry>,
}

/// One invoice between the client and whoever billed it. What the company is owed is another matter: see
/// [`crate::standing`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Debt {
    /// What the client was billed with tax, less the credit notes; nothing of a voided one.
    pub billed: Money,
    /// What it paid, less what it was given back.
    pub received: Money,
    /// What it will never pay; what it paid after all is no longer written off. Billed is always received, written off
    /// and owed, less the credit.
    pub written_off: Money,
}

impl OwnBill {
    /// One that was billed as the company charges, and of which nothing else is known.
    pub fn plain(facts: InvoiceFacts) -> Self {
        Self { facts, resale: None, entries: Vec::new() }
    }

    /// "Only facts dated up to the cutoff count."
    pub fn keep_up_to(&mut self, day: Day) {
        self.facts.keep_up_to(day);
        self.entries.retain(|entry| entry.on <= day);
    }

    /// The lines that the client reads.
    pub fn lines(&self) -> &[Line] {
        self.resale.as_ref().map_or(&self.facts.invoice.lines, |resale| &resale.lines)
    }

    pub fn tax(&self) -> Money {
        self.resale.as_ref().map_or(self.facts.invoice.tax, |resale| resale.tax)
    }

    /// What the client was billed, with tax.
    pub fn total(&self) -> Money {
        self.resale.as_ref().map_or_else(|| self.facts.invoice.total(), Resale::total)
    }

    /// What the affiliate's own price brings beyond what the company charges, both without tax and less what is credited;
    /// below nothing where it is less. It is not commission, which follows the contract's cost.
    pub fn margin(&self, currency: Currency) -> Money {
        let net = |lines: &[Line]| currency.sum(lines.iter().map(|line| line.amount));
        self.left_of(net(self.lines()) - net(&self.facts.invoice.lines), currency)
    }

    /// What each credit note takes off the client's bill, in the order of their days. At a price of the affiliate's own
    /// it is the share of it that the company takes off its charge, so that an invoice credited in full is so on both
    /// sides; to the minor unit, half away from zero, of all notes together.
    pub fn credited(&self, currency: Currency) -> Vec<(Day, Money)> {
        let mut notes: Vec<_> = self.facts.credit_notes.iter().collect();
        notes.sort_unstable_by_key(|note| (note.issued_on, &note.id));
        let (mut by_company, mut told) = (currency.zero(), currency.zero());
        let told_of = |note: &&CreditNote| {
            by_company += note.total(currency);
            let so_far = self.total().share(by_company, self.facts.invoice.total());
            let credited = so_far - told;
            told = so_far;
            (note.issued_on, credited)
        };
        notes.iter().map(told_of).collect()
    }

    /// What stands of an amount of the bill: all but the share that is credited, and nothing of one that is void.
    fn left_of(&self, amount: Money, currency: Currency) -> Money {
        if self.facts.voided.is_some() {
            return currency.zero();
        }
        let by_company = currency.sum(self.facts.credit_notes.iter().map(|note| note.total(currency)));
        amount - amount.share(by_company, self.facts.invoice.total())
    }

    pub fn debt(&self, currency: Currency) -> Debt {
        let billed = self.left_of(self.total(), currency);
        let paid = currency.sum(self.facts.payments.iter().map(|payment| payment.amount));
        let received = paid - currency.sum(self.of(OwnKind::Refunded).map(|entry| entry.amount));
        let written_off = currency.sum(self.of(OwnKind::WrittenOff).map(|entry| entry.amount));
        Debt { billed, received, written_off: written_off.min((billed - received).at_least_nothing()) }
    }

    fn of(&self, kind: OwnKind) -> impl Iterator<Item = &OwnEntry> {
        self.entries.iter().filter(move |entry| entry.kind == kind)
    }

    /// What is written off, day by day, as far as it was not paid after all.
    pub fn written_off(&self, currency: Currency) -> Vec<(Day, Money)> {
        let mut left = self.debt(currency).written_off;
        let mut entries: Vec<_> = self.of(OwnKind::WrittenOff).map(|entry| (entry.on, entry.amount)).collect();
        entries.sort_unstable();
        for (_, amount) in &mut entries {
            *amount = left.min(*amount);
            left = left - *amount;
        }
        entries.retain(|(_, amount)| amount.is_positive());
        entries
    }

    /// The day since which the client has paid the bill in full; none while it has not, or no longer has.
    pub fn paid_on(&self, currency: Currency) -> Option<Day> {
        let billed = self.debt(currency).billed;
        let payments = self.facts.payments.iter().map(|payment| (payment.received_on, payment.amount));
        let refunds = self.of(OwnKind::Refunded).map(|entry| (entry.on, -entry.amount));
        let mut moved: Vec<_> = payments.chain(refunds).collect();
        moved.sort_unstable();
        let (mut received, mut since) = (currency.zero(), None);
        for (on, amount) in moved {
            received += amount;
            since = if received >= billed { since.or(Some(on)) } else { None };
        }
        since
    }
}

impl Debt {
    pub fn owes(self) -> Money {
        (self.billed - self.received - self.written_off).at_least_nothing()
    }

    /// What was paid beyond the bill: the client's.
    pub fn credit(self) -> Money {
        (self.received - self.billed).at_least_nothing()
    }
}
