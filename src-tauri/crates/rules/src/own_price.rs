//! What a client pays an affiliate that bills it itself and has a price of its own; the commission follows the contract.

use serde::{Deserialize, Serialize};

use crate::contract::{Change, Contract};
use crate::day::Day;
use crate::id::Id;
use crate::invoice::Line;
use crate::money::{Currency, Money};

/// An affiliate's own price under one contract, from a day until the day of the next one. The contract itself stays what
/// the company charges.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnPrice {
    pub id: Id<OwnPrice>,
    pub contract: Id<Contract>,
    pub effective_on: Day,
    /// A month's price as the client pays it, and what it is charged once.
    pub lines: Vec<Line>,
}

/// What a whole month comes to without tax and without what is charged once, on both sides of the affiliate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthPrice {
    pub client_pays: Money,
    pub company_charges: Money,
}

/// The contract as its client pays it, to be billed as any other; none without a price of the affiliate's own.
///
/// Before the first price the client pays what the company charges. From then on it pays the affiliate's prices alone: a
/// change of services reaches it with the next one.
pub fn as_client_pays(contract: &Contract, prices: &[OwnPrice]) -> Option<Contract> {
    let first = prices.iter().map(|price| price.effective_on).min()?;
    let before = contract.changes.iter().filter(|change| change.effective_on < first).cloned();
    let own = prices.iter().map(|price| Change { effective_on: price.effective_on, lines: price.lines.clone() });
    Some(Contract { changes: before.chain(own).collect(), ..contract.clone() })
}

/// A month at the prices in force on `day`.
pub fn month_on(contract: &Contract, prices: &[OwnPrice], day: Day, currency: Currency) -> MonthPrice {
    let monthly =
        |lines: &[Line]| currency.sum(lines.iter().filter(|line| !line.kind.is_once()).map(|line| line.amount));
    let company_charges = monthly(contract.lines_on(day));
    let paid = as_client_pays(contract, prices);
    MonthPrice { client_pays: paid.map_or(company_charges, |paid| monthly(paid.lines_on(day))), company_charges }
}

impl MonthPrice {
    /// What the affiliate's own price brings, commission apart; below nothing where the client pays less than the cost.
    pub fn margin(self) -> Money {
        self.client_pays - self.company_charges
    }
}
