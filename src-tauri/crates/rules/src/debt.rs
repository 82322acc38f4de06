//! What a client owes whoever bills it, and where an invoice that the affiliate bills stands between the two.

use crate::day::Day;
use crate::invoice::InvoiceFacts;
use crate::money::{Currency, Money};

/// One invoice between the client and whoever billed it. What the company is owed is another matter: see
/// [`crate::standing`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Debt {
    /// The invoice with its tax, less its credit notes; nothing of a voided one.
    pub billed: Money,
    pub received: Money,
}

impl Debt {
    pub fn of(facts: &InvoiceFacts, currency: Currency) -> Self {
        let credited = currency.sum(facts.credit_notes.iter().map(|note| note.total(currency)));
        let billed = if facts.voided.is_some() { currency.zero() } else { facts.invoice.total() - credited };
        Self { billed, received: currency.sum(facts.payments.iter().map(|payment| payment.amount)) }
    }

    pub fn owes(self) -> Money {
        (self.billed - self.received).at_least_nothing()
    }

    /// What was paid beyond the bill: the client's.
    pub fn credit(self) -> Money {
        (self.received - self.billed).at_least_nothing()
    }
}

/// The day on which the client had paid the bill in full; none while it has not.
pub fn paid_on(facts: &InvoiceFacts, currency: Currency) -> Option<Day> {
    let mut missing = Debt::of(facts, currency).billed;
    let mut payments: Vec<_> = facts.payments.iter().map(|payment| (payment.received_on, payment.amount)).collect();
    payments.sort_unstable();
    payments.into_iter().find_map(|(on, amount)| {
        missing = missing - amount;
        (!missing.is_positive()).then_some(on)
    })
}
