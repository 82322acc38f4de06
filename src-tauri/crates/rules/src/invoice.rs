//! Invoices and what happens to them: payments, refunds, credit notes, remittances.

use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::contract::Contract;
use crate::day::Day;
use crate::id::Id;
use crate::money::{Currency, Money};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    pub id: Id<Invoice>,
    pub number: String,
    pub client: Id<Client>,
    pub contract: Option<Id<Contract>>,
    pub issued_on: Day,
    pub due_on: Day,
    pub period_start: Day,
    /// Inclusive.
    pub period_end: Day,
    pub lines: Vec<Line>,
    pub tax: Money,
}

/// One charge of an invoice, a contract or a credit note. A discount is a negative line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub kind: Kind,
    pub description: String,
    pub amount: Money,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Hosting,
    ManagedService,
    Setup,
    Consulting,
    Other,
}

impl Line {
    /// As whoever pays it reads it: its description or, without one, its kind.
    pub fn offered(&self) -> &str {
        Some(self.description.trim()).filter(|description| !description.is_empty()).unwrap_or(self.kind.words())
    }

    /// `Cloud servers (hosting)`; of one without a description, `hosting`.
    pub fn words(&self) -> String {
        match self.description.trim() {
            "" => self.kind.words().to_owned(),
            description => format!("{description} ({})", self.kind.words()),
        }
    }
}

impl Kind {
    pub const ALL: [Kind; 5] = [Kind::Hosting, Kind::ManagedService, Kind::Setup, Kind::Consulting, Kind::Other];

    /// "We will pay commissions on recurring managed services and hosting fees."
    pub fn earns(self) -> bool {
        matches!(self, Kind::Hosting | Kind::ManagedService)
    }

    /// "Setup fees or other one time consulting charges": a contract's line of such a kind is charged with its first bill
    /// and never again; the other kinds are charged every month.
    pub fn is_once(self) -> bool {
        matches!(self, Kind::Setup | Kind::Consulting)
    }

    /// As files and the book write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Hosting => "hosting",
            Kind::ManagedService => "managed_service",
            Kind::Setup => "setup",
            Kind::Consulting => "consulting",
            Kind::Other => "other",
        }
    }

    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            Kind::ManagedService => "managed service",
            other => other.as_str(),
        }
    }
}

/// The sum of the lines that earn.
pub fn earning(lines: &[Line], currency: Currency) -> Money {
    currency.sum(lines.iter().filter(|line| line.kind.earns()).map(|line| line.amount))
}

impl Invoice {
    /// Its lines and tax.
    pub fn total(&self) -> Money {
        self.lines.iter().fold(self.tax, |sum, line| sum + line.amount)
    }
}

/// Money from the client to whoever billed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    pub id: Id<Payment>,
    pub invoice: Id<Invoice>,
    pub received_on: Day,
    pub amount: Money,
}

/// A refund, a bounced payment, a chargeback.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    pub id: Id<Refund>,
    pub invoice: Id<Invoice>,
    pub refunded_on: Day,
    pub amount: Money,
}

/// What the invoice is less by. Its lines are positive; tax is credited with kind `other`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditNote {
    pub id: Id<CreditNote>,
    pub invoice: Id<Invoice>,
    pub issued_on: Day,
    pub lines: Vec<Line>,
}

impl CreditNote {
    pub fn total(&self, currency: Currency) -> Money {
        currency.sum(self.lines.iter().map(|line| line.amount))
    }
}

/// Money from the affiliate that bills the client to the company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remittance {
    pub id: Id<Remittance>,
    pub invoice: Id<Invoice>,
    pub received_on: Day,
    pub amount: Money,
}

/// An invoice with everything that happened to it, and what closed statements settled for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceFacts {
    pub invoice: Invoice,
    pub payments: Vec<Payment>,
    pub refunds: Vec<Refund>,
    pub credit_notes: Vec<CreditNote>,
    pub remittances: Vec<Remittance>,
    /// "What earlier closed statements paid, kept or took back for this invoice."
    pub settled: Money,
    /// Why the invoice was voided, if it was: it then earns nothing, and nothing is owed on it.
    pub voided: Option<String>,
}

impl InvoiceFacts {
    /// An invoice to which nothing has happened yet.
    pub fn new(invoice: Invoice, currency: Currency) -> Self {
        Self {
            invoice,
            payments: Vec::new(),
            refunds: Vec::new(),
            credit_notes: Vec::new(),
            remittances: Vec::new(),
            settled: currency.zero(),
            voided: None,
        }
    }

    /// Drops what is dated after `cutoff`: "Only facts dated up to the cutoff count." Says whether anything was.
    pub fn keep_up_to(&mut self, cutoff: Day) -> bool {
        let before = self.count();
        self.payments.retain(|payment| payment.received_on <= cutoff);
        self.refunds.retain(|refund| refund.refunded_on <= cutoff);
        self.credit_notes.retain(|credit_note| credit_note.issued_on <= cutoff);
        self.remittances.retain(|remittance| remittance.received_on <= cutoff);
        self.count() < before
    }

    /// How many things have happened to it.
    pub fn count(&self) -> usize {
        self.payments.len() + self.refunds.len() + self.credit_notes.len() + self.remittances.len()
    }

    /// Whether anything that happens to it is dated after `cutoff`.
    pub fn goes_on_after(&self, cutoff: Day) -> bool {
        let payments = self.payments.iter().map(|payment| payment.received_on);
        let refunds = self.refunds.iter().map(|refund| refund.refunded_on);
        let credit_notes = self.credit_notes.iter().map(|credit_note| credit_note.issued_on);
        let remittances = self.remittances.iter().map(|remittance| remittance.received_on);
        payments.chain(refunds).chain(credit_notes).chain(remittances).any(|on| on > cutoff)
    }
}
