//! Contracts: what a page shows of one, and what a change of one does to the commission.

use serde::Serialize;
use ts_rs::TS;

use crate::views::Amount;
use crate::{Desk, DeskError, Now};

/// A contract with its timeline and its amounts a month.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ContractCard {
    pub id: String,
    pub referral: String,
    pub affiliate: String,
    pub affiliate_name: String,
    /// `10%`.
    pub rate: String,
    #[ts(type = "\"company\" | \"affiliate\"")]
    pub billed_by: &'static str,
    pub term_months: u32,
    /// In the order of their days.
    pub events: Vec<ContractEvent>,
    /// The reference: what a month's base is at most after the original term.
    pub original: Amount,
    /// What is in force today.
    pub current: Amount,
    /// The base of a month that starts today.
    pub paid_on: Amount,
    /// `paid_on` × rate.
    pub commission: Amount,
    /// The largest of the three amounts is 1000.
    pub original_share: u32,
    pub current_share: u32,
    pub paid_on_share: u32,
    /// Why `paid_on` is what it is.
    pub words: String,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ContractEvent {
    /// `2025-12-03`.
    pub on: String,
    #[ts(type = "\"signed\" | \"starts\" | \"change\" | \"term_ends\" | \"ended\" | \"today\"")]
    pub kind: &'static str,
    pub words: String,
    /// Where it stands between the first event and the last, in thousandths.
    pub at: u32,
}

/// What a contract would come to a month, before and after a change that is not saved yet.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ChangeEffect {
    pub rows: Vec<EffectRow>,
    /// `After the original term an upgrade adds nothing: the base stays 1,000.00.`
    pub words: String,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct EffectRow {
    /// `Until 30 Nov 2025`, `From 1 Dec 2025`.
    pub when: String,
    pub billed: Amount,
    pub base: Amount,
    pub commission: Amount,
}

impl Desk {
    /// What the contract in a form's document (as [`Desk::record`] takes it) would come to. Reads only.
    pub fn change_effect(&self, document: &[u8], now: Now) -> Result<ChangeEffect, DeskError> {
        let _ = (document, now);
        todo!()
    }
}
