//! A quote: what a prospect is offered, and what it would earn whoever refers it.

use serde::{Deserialize, Serialize};

use crate::affiliate::{Affiliate, AgreedRemittance};
use crate::contract::{BilledBy, Contract};
use crate::day::Day;
use crate::id::Id;
use crate::invoice::{Line, earning};
use crate::money::{Currency, Money};
use crate::rate::Rate;

/// "We [...] will write up a quote on any solution as requested."
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// Its number: all versions have the same.
    pub id: Id<Quote>,
    /// 1 is the first; one that was sent is not changed but followed by the next.
    pub version: u32,
    /// To whom it is offered.
    pub prospect: String,
    pub domains: Vec<String>,
    /// Who would refer the prospect.
    pub affiliate: Option<Id<Affiliate>>,
    pub quoted_on: Day,
    /// The last day on which it can be accepted.
    pub valid_until: Day,
    pub lines: Vec<Line>,
    /// The original term; 0 is month to month.
    pub term_months: u32,
    pub starts_on: Day,
    pub rate: Rate,
    pub billed_by: BilledBy,
    /// What is passed on where the affiliate bills.
    pub remittance: AgreedRemittance,
    /// How long the client is assumed to take to pay a bill.
    pub days_to_pay: u32,
    pub stage: Stage,
    /// What it became, once it is accepted.
    pub contract: Option<Id<Contract>>,
}

/// What was done about a quote last. That it has lapsed is a matter of the day: see [`Quote::has_lapsed`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Draft,
    Sent,
    Accepted,
    Declined,
}

impl Stage {
    pub const ALL: [Stage; 4] = [Stage::Draft, Stage::Sent, Stage::Accepted, Stage::Declined];

    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Draft => "draft",
            Stage::Sent => "sent",
            Stage::Accepted => "accepted",
            Stage::Declined => "declined",
        }
    }
}

impl Quote {
    /// Nobody answered in time.
    pub fn has_lapsed(&self, today: Day) -> bool {
        matches!(self.stage, Stage::Draft | Stage::Sent) && self.valid_until < today
    }

    /// What the client pays every month, without what is charged once.
    pub fn monthly(&self, currency: Currency) -> Money {
        currency.sum(self.lines.iter().filter(|line| !line.kind.is_once()).map(|line| line.amount))
    }

    /// What the client pays once, with the first month's bill.
    pub fn once(&self, currency: Currency) -> Money {
        currency.sum(self.lines.iter().filter(|line| line.kind.is_once()).map(|line| line.amount))
    }

    /// What of a month earns commission.
    pub fn earning(&self, currency: Currency) -> Money {
        earning(&self.lines, currency)
    }
}
