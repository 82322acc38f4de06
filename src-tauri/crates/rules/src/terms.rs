//! The programme and its dated terms: rates, in-term changes, minimum payout.
//!
//! "The programme's terms are dated versions of named choices." A choice is data with a name and a date.

use serde::{Deserialize, Serialize};

use crate::day::Day;
use crate::money::{Currency, Money};
use crate::rate::Rate;

/// The programme's identity, and the choices it began with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Programme {
    pub company: String,
    pub phone: String,
    pub currency: Currency,
    pub standard_rate: Rate,
    pub maximum_rate: Rate,
    pub in_term_changes: InTermChanges,
    pub minimum_payout: Money,
}

/// What a change of services within the original term does to the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InTermChanges {
    /// The page limits only what happens after the term: a change within it counts.
    FollowContract,
    /// The signed lines are the reference, and the ceiling holds from the first day.
    HoldOriginal,
}

/// A later version of the terms: what it does not name stays as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermsVersion {
    pub effective_on: Day,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standard_rate: Option<Rate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum_rate: Option<Rate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_term_changes: Option<InTermChanges>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_payout: Option<Money>,
}

/// The choices in force on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choices {
    /// What a new contract or quote starts with; a contract's own rate is what counts.
    pub standard_rate: Rate,
    pub maximum_rate: Rate,
    pub in_term_changes: InTermChanges,
    pub minimum_payout: Money,
}

impl Programme {
    /// The choices in force on `day`: the programme's own, changed by each of `versions` effective by then.
    /// The versions may stand in any order.
    pub fn choices_on(&self, day: Day, versions: &[TermsVersion]) -> Choices {
        let mut choices = Choices {
            standard_rate: self.standard_rate,
            maximum_rate: self.maximum_rate,
            in_term_changes: self.in_term_changes,
            minimum_payout: self.minimum_payout,
        };
        let mut in_force: Vec<_> = versions.iter().filter(|version| version.effective_on <= day).collect();
        in_force.sort_by_key(|version| version.effective_on);
        for version in in_force {
            choices.standard_rate = version.standard_rate.unwrap_or(choices.standard_rate);
            choices.maximum_rate = version.maximum_rate.unwrap_or(choices.maximum_rate);
            choices.in_term_changes = version.in_term_changes.unwrap_or(choices.in_term_changes);
            choices.minimum_payout = version.minimum_payout.unwrap_or(choices.minimum_payout);
        }
        choices
    }
}
