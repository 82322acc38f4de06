//! What a client owes whoever bills it, and where an invoice that the affiliate bills stands between the two.

use serde::{Deserialize, Serialize};

use crate::day::Day;
use crate::id::Id;
use crate::invoice::{Invoice, InvoiceFacts, Line};
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
    /// What it will never pay.
    pub written_off: Money,
}

impl OwnBill {
    /// One that was billed as the company charges, and of which nothing else is known.
    pub fn plain(facts: InvoiceFacts) -> Self {
        Self { facts, resale: None, entries: Vec::new() }
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

    /// What the affiliate's own price brings beyond what the company charges, both without tax; below nothing where it
    /// is less. It is not commission, which follows the contract's cost.
    pub fn margin(&self, currency: Currency) -> Money {
        let net = |lines: &[Line]| currency.sum(lines.iter().map(|line| line.amount));
        net(self.lines()) - net(&self.facts.invoice.lines)
    }

    pub fn debt(&self, currency: Currency) -> Debt {
        let credited = currency.sum(self.facts.credit_notes.iter().map(|note| note.total(currency)));
        let billed = if self.facts.voided.is_some() { currency.zero() } else { self.total() - credited };
        let paid = currency.sum(self.facts.payments.iter().map(|payment| payment.amount));
        let of = |kind| currency.sum(self.entries.iter().filter(|entry| entry.kind == kind).map(|entry| entry.amount));
        Debt { billed, received: paid - of(OwnKind::Refunded), written_off: of(OwnKind::WrittenOff) }
    }

    /// The day on which the client had paid the bill in full; none while it has not.
    pub fn paid_on(&self, currency: Currency) -> Option<Day> {
        let mut missing = self.debt(currency).billed;
        let mut payments: Vec<_> =
            self.facts.payments.iter().map(|payment| (payment.received_on, payment.amount)).collect();
        payments.sort_unstable();
        payments.into_iter().find_map(|(on, amount)| {
            missing = missing - amount;
            (!missing.is_positive()).then_some(on)
        })
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
