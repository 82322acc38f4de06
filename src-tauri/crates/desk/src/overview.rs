//! The overview: what the next open month comes to, what would release what is held, a year of months, what needs
//! attention.

use serde::Serialize;
use ts_rs::TS;

use crate::views::{Amount, MonthName};
use crate::{Desk, DeskError, Now};

#[derive(Clone, Debug, Serialize, TS)]
pub struct Overview {
    /// The next month to close; `None` in a book with nothing to tell.
    pub month: Option<MonthName>,
    pub payable: Amount,
    pub payout: Amount,
    pub retained: Amount,
    pub held: Amount,
    /// What releases most of what is held, most money per overdue amount first; at most 8.
    pub releases: Vec<ReleaseRow>,
    /// Twelve months, oldest first; the last is the open one, as it stands.
    pub months: Vec<MonthBar>,
    /// What wants somebody's attention, most pressing first; at most 12.
    pub attention: Vec<Attention>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ReleaseRow {
    pub client: String,
    pub client_name: String,
    pub held: Amount,
    /// What the client has to pay for it.
    pub missing: Amount,
    /// `NS-1004, due 15 Jan 2025, 300.00 missing`.
    pub bills: Vec<String>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct MonthBar {
    pub month: MonthName,
    pub sealed: bool,
    pub payable: Amount,
    pub retained: Amount,
    pub held: Amount,
    /// The height of each over the highest of all twelve months together, in thousandths: the window computes nothing.
    pub payable_share: u32,
    pub retained_share: u32,
    pub held_share: u32,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct Attention {
    /// `overdue`, `term_ends`, `ready_to_close`.
    #[ts(type = "\"overdue\" | \"term_ends\" | \"ready_to_close\"")]
    pub kind: &'static str,
    pub words: String,
    /// The client that it is about, if it is about one.
    pub client: Option<String>,
    /// The month that it is about, if it is about one.
    pub month: Option<String>,
}

impl Desk {
    pub fn overview(&self, now: Now) -> Result<Overview, DeskError> {
        let _ = now;
        todo!()
    }
}
