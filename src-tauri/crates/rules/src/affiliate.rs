//! An affiliate: who refers clients, and is paid.

use serde::{Deserialize, Serialize};

use crate::day::Day;
use crate::id::Id;
use crate::money::Money;
use crate::month::Month;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Affiliate {
    pub id: Id<Affiliate>,
    pub name: String,
    /// "You cannot refer your own company."
    pub own_companies: Vec<String>,
    pub domains: Vec<String>,
    /// "Should you decide to bill the client directly, you will be required to sign an affiliate contract."
    pub agreement_signed_on: Option<Day>,
    pub remittance: AgreedRemittance,
}

/// What an affiliate that bills the client itself passes on to the company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgreedRemittance {
    /// Everything; the commission comes back as a payout.
    InFull,
    /// What is left after keeping the commission.
    NetOfCommission,
}

/// An amount of either sign, with its reason, on one month's statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adjustment {
    pub id: Id<Adjustment>,
    pub affiliate: Id<Affiliate>,
    pub month: Month,
    pub amount: Money,
    pub reason: String,
}
