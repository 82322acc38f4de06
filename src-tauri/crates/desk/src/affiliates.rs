//! Affiliates: the list, and an affiliate's own page.

use serde::Serialize;
use ts_rs::TS;

use crate::referrals::ReferralRow;
use crate::search::ListQuery;
use crate::views::{Amount, MonthName, YearView};
use crate::{Desk, DeskError, Now};

#[derive(Clone, Debug, Serialize, TS)]
pub struct AffiliatesView {
    pub rows: Vec<AffiliateRow>,
    pub total: u32,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct AffiliateRow {
    pub id: String,
    pub name: String,
    pub agreement_signed_on: Option<String>,
    #[ts(type = "\"in_full\" | \"net_of_commission\"")]
    pub remittance: &'static str,
    /// Clients with a live referral.
    pub clients: u32,
    /// Of the year of the newest closed month.
    pub year_payable: Amount,
    pub year_payout: Amount,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct AffiliatePage {
    pub row: AffiliateRow,
    pub own_companies: Vec<String>,
    pub domains: Vec<String>,
    pub year: YearView,
    /// What closed months paid out or carried, newest first.
    pub payouts: Vec<PayoutView>,
    /// Newest first, at most 100.
    pub referrals: Vec<ReferralRow>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct PayoutView {
    pub month: MonthName,
    pub payable: Amount,
    pub payout: Amount,
    pub carried_forward: Amount,
}

impl Desk {
    pub fn affiliates(&self, query: &ListQuery, now: Now) -> Result<AffiliatesView, DeskError> {
        let _ = (query, now);
        todo!()
    }

    pub fn affiliate_page(&self, id: &str, now: Now) -> Result<AffiliatePage, DeskError> {
        let _ = (id, now);
        todo!()
    }
}
