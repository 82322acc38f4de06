//! The bridge: how one month's commission comes out of the last month's.

use rules::month::Month;
use serde::Serialize;
use ts_rs::TS;

use crate::views::{Amount, MonthName};
use crate::{Desk, DeskError};

/// From the last month's earned commission (payable, retained and reversed) to this month's; the parts add up.
#[derive(Clone, Debug, Serialize, TS)]
pub struct BridgeView {
    pub from: MonthName,
    pub to: MonthName,
    pub start: Amount,
    pub parts: Vec<BridgePart>,
    pub end: Amount,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct BridgePart {
    /// `new`, `lost`, `released`, `held`, `reversed`, `capped`, `changed`.
    #[ts(type = "\"new\" | \"lost\" | \"released\" | \"held\" | \"reversed\" | \"capped\" | \"changed\"")]
    pub cause: &'static str,
    /// `New clients`.
    pub words: String,
    pub amount: Amount,
    /// The clients that it is of, the largest amount first.
    pub clients: Vec<BridgeClient>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct BridgeClient {
    pub client: String,
    pub client_name: String,
    pub amount: Amount,
}

impl Desk {
    /// Of all affiliates, or of one. `None` for the book's first month.
    pub fn bridge(&self, month: Month, affiliate: Option<&str>) -> Result<Option<BridgeView>, DeskError> {
        let _ = (month, affiliate);
        todo!()
    }
}
