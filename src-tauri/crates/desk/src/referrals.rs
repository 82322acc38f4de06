//! Referrals: the list with each one's stage, and the receipt of a registration.

use book::{ReferralFilter, ReferralListed, Stage};
use serde::Serialize;
use ts_rs::TS;

use crate::search::{ListQuery, PAGE};
use crate::{Code, Desk, DeskError, Now};

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
    /// The newest first. `text`: words of the client's name, or a part of the affiliate's; `only`: a stage.
    pub fn referrals(&self, query: &ListQuery, now: Now) -> Result<ReferralsView, DeskError> {
        let filter = ReferralFilter {
            text: &query.text,
            affiliates: self.affiliates_named(&query.text)?.into_iter().map(|(id, _)| id).collect(),
            stage: stage(&query.only)?,
        };
        let page = self.book.referrals_page(&filter, now.today, query.from, PAGE)?;
        Ok(ReferralsView { rows: referral_rows(page.rows), total: page.total })
    }
}

/// Referrals as a list shows them.
pub(crate) fn referral_rows(listed: Vec<ReferralListed>) -> Vec<ReferralRow> {
    listed.into_iter().map(row).collect()
}

fn row(listed: ReferralListed) -> ReferralRow {
    let ReferralListed { referral, client_name, affiliate_name, stage, has_receipt } = listed;
    ReferralRow {
        id: referral.id.to_string(),
        client: referral.client.to_string(),
        client_name,
        affiliate: referral.affiliate.to_string(),
        affiliate_name,
        registered_on: referral.registered_on.to_string(),
        stage: stage.as_str(),
        has_receipt,
    }
}

/// The stage that a list is narrowed to; `None` for all.
fn stage(only: &str) -> Result<Option<Stage>, DeskError> {
    let stage = Stage::ALL.into_iter().find(|stage| stage.as_str() == only);
    if stage.is_none() && !only.is_empty() {
        let message = format!("There is no stage \"{only}\". A referral is registered, has a contract, or lapsed.");
        return Err(DeskError::new(Code::UnknownRecord, message));
    }
    Ok(stage)
}
