//! What a registration was checked for, and what each check found, in words that its receipt keeps.
//!
//! The checks themselves are in [`crate::refusal`]: a referral that stands has passed them. Here is what they saw.

use serde::{Deserialize, Serialize};

use crate::affiliate::Affiliate;
use crate::client::Client;
use crate::day;
use crate::name;
use crate::referral::Referral;

/// A check that a registration passed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    pub checked: Checked,
    /// What was near enough to ask about was confirmed by whoever registered.
    pub confirmed: bool,
    pub words: String,
}

/// What is checked, named by what it would have been refused with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Checked {
    ExistingCustomer,
    OwnCompany,
    AlreadyReferred,
}

impl Checked {
    /// For people.
    pub fn title(self) -> &'static str {
        match self {
            Checked::ExistingCustomer => "Existing customer",
            Checked::OwnCompany => "Own company",
            Checked::AlreadyReferred => "Earlier referral",
        }
    }
}

/// What a referral that stands was checked for, in the order of the page's sentences.
pub fn checks(referral: &Referral, affiliate: &Affiliate, client: &Client) -> [Check; 3] {
    [existing_customer(referral, client), own_company(affiliate, client), already_referred()]
}

/// "Companies that are already using NetSource services cannot be referred."
fn existing_customer(referral: &Referral, client: &Client) -> Check {
    let words = match client.customer_since {
        None => "The client was not on record as a customer when it was registered.".to_owned(),
        Some(since) => format!(
            "The client is on record as a customer since {}, after it was registered on {}.",
            day::words(since),
            day::words(referral.registered_on)
        ),
    };
    Check { checked: Checked::ExistingCustomer, confirmed: false, words }
}

/// "You cannot refer your own company." A name that is nearly an own company's is confirmed to be another's.
fn own_company(affiliate: &Affiliate, client: &Client) -> Check {
    let folded = name::fold(&client.name);
    let mut own: Vec<&String> = std::iter::once(&affiliate.name).chain(&affiliate.own_companies).collect();
    own.dedup();
    let quoted = |names: &[&String]| names.iter().map(|name| format!("\u{201c}{name}\u{201d}")).collect::<Vec<_>>();
    let near: Vec<&String> = own.iter().copied().filter(|name| name::nearly(&name::fold(name), &folded)).collect();
    let words = if near.is_empty() {
        format!("Neither its name nor a domain of it is one of the affiliate's: {}.", quoted(&own).join(", "))
    } else {
        format!("Its name is nearly {}. It was confirmed to be another company.", quoted(&near).join(" and "))
    };
    Check { checked: Checked::OwnCompany, confirmed: !near.is_empty(), words }
}

/// "First registered wins."
fn already_referred() -> Check {
    let words = "Nobody has a live referral of this client that was registered before.".to_owned();
    Check { checked: Checked::AlreadyReferred, confirmed: false, words }
}
