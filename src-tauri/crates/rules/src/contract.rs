//! A contract: what the client signed, its original term, its changes.

use serde::{Deserialize, Serialize};

use crate::day::{Day, plus_months};
use crate::id::Id;
use crate::invoice::{Line, earning};
use crate::money::{Currency, Money};
use crate::rate::Rate;
use crate::referral::Referral;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contract {
    pub id: Id<Contract>,
    pub referral: Id<Referral>,
    pub signed_on: Day,
    pub starts_on: Day,
    /// The original term; 0 is month to month.
    pub term_months: u32,
    /// Its last day, once it has one.
    pub ended_on: Option<Day>,
    pub rate: Rate,
    pub billed_by: BilledBy,
    /// A month's price, as signed.
    pub lines: Vec<Line>,
    pub changes: Vec<Change>,
}

/// A later change of services: the earning lines from `effective_on` on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub effective_on: Day,
    pub lines: Vec<Line>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BilledBy {
    Company,
    Affiliate,
}

impl Contract {
    /// "The original term ends the day before `starts_on` plus `term_months` months [...]. A term of 0 months (month to
    /// month) is over before it starts."
    pub fn term_ends_on(&self) -> Day {
        plus_months(self.starts_on, self.term_months).pred_opt().unwrap_or(Day::MIN)
    }

    /// The monthly earning amount as signed.
    pub fn signed_amount(&self, currency: Currency) -> Money {
        earning(&self.lines, currency)
    }

    /// The lines in force on `day`: those signed, or the latest change effective by then.
    pub fn lines_on(&self, day: Day) -> &[Line] {
        self.change_on(day).map_or(&self.lines, |change| &change.lines)
    }

    /// The monthly earning amount in force on `day`; lines that add up to less than nothing come to nothing.
    pub fn amount_on(&self, day: Day, currency: Currency) -> Money {
        earning(self.lines_on(day), currency).at_least_nothing()
    }

    /// Whether the client holds it on `day`: it has started, and its last day is not over.
    pub fn is_held_on(&self, day: Day) -> bool {
        self.starts_on <= day && self.ended_on.is_none_or(|ended_on| day <= ended_on)
    }

    /// The change in force on `day`, if any has taken effect by then.
    pub fn change_on(&self, day: Day) -> Option<&Change> {
        self.changes.iter().filter(|change| change.effective_on <= day).max_by_key(|change| change.effective_on)
    }
}
