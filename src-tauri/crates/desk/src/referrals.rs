//! Referrals: the list with each one's stage, and the receipt of a registration.

use serde::Serialize;
use ts_rs::TS;

use crate::search::ListQuery;
use crate::{Desk, DeskError};

#[derive(Clone, Debug, Serialize, TS)]
pub struct ReferralsView {
    pub rows: Vec<ReferralRow>,
    pub total: u32,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ReferralRow {
    pub id: String,
    pub client: String,
    pub client_name: String,
    pub affiliate: String,
    pub affiliate_name: String,
    /// `2025-12-03`.
    pub registered_on: String,
    #[ts(type = "\"registered\" | \"contract\" | \"lapsed\"")]
    pub stage: &'static str,
    /// Whether it was registered in the window, which seals a receipt.
    pub has_receipt: bool,
}

impl Desk {
    /// The newest first. `only`: a stage.
    pub fn referrals(&self, query: &ListQuery) -> Result<ReferralsView, DeskError> {
        let _ = query;
        todo!()
    }
}
