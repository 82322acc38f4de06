//! The plain facts of a book, or of a part of one: what an export writes, an import reads and the rules check.

use serde::Serialize;

use crate::affiliate::{Adjustment, Affiliate};
use crate::client::Client;
use crate::contract::Contract;
use crate::debt::{OwnEntry, Resale};
use crate::invoice::{CreditNote, Invoice, Payment, Refund, Remittance};
use crate::own_price::OwnPrice;
use crate::quote::Quote;
use crate::referral::Referral;
use crate::terms::{Programme, TermsVersion};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Records {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub programme: Option<Programme>,
    pub terms: Vec<TermsVersion>,
    pub affiliates: Vec<Affiliate>,
    pub clients: Vec<Client>,
    pub referrals: Vec<Referral>,
    pub contracts: Vec<Contract>,
    pub invoices: Vec<Invoice>,
    pub payments: Vec<Payment>,
    pub refunds: Vec<Refund>,
    pub credit_notes: Vec<CreditNote>,
    pub remittances: Vec<Remittance>,
    pub adjustments: Vec<Adjustment>,
    pub quotes: Vec<Quote>,
    pub own_prices: Vec<OwnPrice>,
    pub resales: Vec<Resale>,
    pub own_entries: Vec<OwnEntry>,
}

impl Records {
    /// The ids of the records of one kind, in their order; the programme and its terms have none.
    pub fn ids(&self, kind: RecordKind) -> Vec<&str> {
        match kind {
            RecordKind::Programme | RecordKind::Terms => Vec::new(),
            RecordKind::Affiliate => self.affiliates.iter().map(|record| record.id.as_str()).collect(),
            RecordKind::Client => self.clients.iter().map(|record| record.id.as_str()).collect(),
            RecordKind::Referral => self.referrals.iter().map(|record| record.id.as_str()).collect(),
            RecordKind::Contract => self.contracts.iter().map(|record| record.id.as_str()).collect(),
            RecordKind::Invoice => self.invoices.iter().map(|record| record.id.as_str()).collect(),
            RecordKind::Payment => self.payments.iter().map(|record| record.id.as_str()).collect(),
            RecordKind::Refund => self.refunds.iter().map(|record| record.id.as_str()).collect(),
            RecordKind::CreditNote => self.credit_notes.iter().map(|record| record.id.as_str()).collect(),
            RecordKind::Remittance => self.remittances.iter().map(|record| record.id.as_str()).collect(),
            RecordKind::Adjustment => self.adjustments.iter().map(|record| record.id.as_str()).collect(),
            RecordKind::Quote => self.quotes.iter().map(|record| record.id.as_str()).collect(),
            RecordKind::OwnPrice => self.own_prices.iter().map(|record| record.id.as_str()).collect(),
            RecordKind::Resale => self.resales.iter().map(|record| record.id.as_str()).collect(),
            RecordKind::OwnEntry => self.own_entries.iter().map(|record| record.id.as_str()).collect(),
        }
    }
}

/// The kinds of record, in the order in which they depend on each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecordKind {
    Programme,
    Terms,
    Affiliate,
    Client,
    Referral,
    Contract,
    Invoice,
    Payment,
    Refund,
    CreditNote,
    Remittance,
    Adjustment,
    Quote,
    OwnPrice,
    Resale,
    OwnEntry,
}

impl RecordKind {
    pub const ALL: [RecordKind; 16] = [
        RecordKind::Programme,
        RecordKind::Terms,
        RecordKind::Affiliate,
        RecordKind::Client,
        RecordKind::Referral,
        RecordKind::Contract,
        RecordKind::Invoice,
        RecordKind::Payment,
        RecordKind::Refund,
        RecordKind::CreditNote,
        RecordKind::Remittance,
        RecordKind::Adjustment,
        RecordKind::Quote,
        RecordKind::OwnPrice,
        RecordKind::Resale,
        RecordKind::OwnEntry,
    ];

    /// One of them, as the journal and messages write it.
    pub fn as_str(self) -> &'static str {
        match self {
            RecordKind::Programme => "programme",
            RecordKind::Terms => "terms",
            RecordKind::Affiliate => "affiliate",
            RecordKind::Client => "client",
            RecordKind::Referral => "referral",
            RecordKind::Contract => "contract",
            RecordKind::Invoice => "invoice",
            RecordKind::Payment => "payment",
            RecordKind::Refund => "refund",
            RecordKind::CreditNote => "credit_note",
            RecordKind::Remittance => "remittance",
            RecordKind::Adjustment => "adjustment",
            RecordKind::Quote => "quote",
            RecordKind::OwnPrice => "own_price",
            RecordKind::Resale => "resale",
            RecordKind::OwnEntry => "own_entry",
        }
    }

    /// One of them, for people.
    pub fn words(self) -> &'static str {
        match self {
            RecordKind::CreditNote => "credit note",
            RecordKind::OwnPrice => "own price",
            RecordKind::OwnEntry => "own entry",
            other => other.as_str(),
        }
    }

    /// From [`RecordKind::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Many of them, as the exchange format's member is called.
    pub fn member(self) -> &'static str {
        match self {
            RecordKind::Programme => "programme",
            RecordKind::Terms => "terms",
            RecordKind::Affiliate => "affiliates",
            RecordKind::Client => "clients",
            RecordKind::Referral => "referrals",
            RecordKind::Contract => "contracts",
            RecordKind::Invoice => "invoices",
            RecordKind::Payment => "payments",
            RecordKind::Refund => "refunds",
            RecordKind::CreditNote => "credit_notes",
            RecordKind::Remittance => "remittances",
            RecordKind::Adjustment => "adjustments",
            RecordKind::Quote => "quotes",
            RecordKind::OwnPrice => "own_prices",
            RecordKind::Resale => "resales",
            RecordKind::OwnEntry => "own_entries",
        }
    }
}
