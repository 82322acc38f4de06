//! Affiliates: the list, and an affiliate's own page.

use std::slice;

use rules::affiliate::{Affiliate, AgreedRemittance};
use rules::id::Id;
use rules::month::Month;
use rules::name::fold;
use rules::statement::YearToDate;
use serde::Serialize;
use ts_rs::TS;

use crate::referrals::{ReferralRow, referral_rows};
use crate::search::{ListQuery, page_of};
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

/// How many referrals an affiliate's page shows.
const REFERRALS: u32 = 100;

impl Desk {
    /// By name. `text`: words that an affiliate's name or id has, however they are written.
    pub fn affiliates(&self, query: &ListQuery, now: Now) -> Result<AffiliatesView, DeskError> {
        let mut affiliates = self.book.affiliates()?;
        let typed = fold(&query.text);
        affiliates.retain(|affiliate| has_words(&affiliate.name, affiliate.id.as_str(), &typed));
        affiliates.sort_by_cached_key(|affiliate| (affiliate.name.to_lowercase(), affiliate.id.clone()));
        let (page, total) = page_of(affiliates.into_iter(), query.from);
        Ok(AffiliatesView { rows: self.affiliate_rows(&page, now)?, total })
    }

    pub fn affiliate_page(&self, id: &str, now: Now) -> Result<AffiliatePage, DeskError> {
        let affiliate = self.find::<Affiliate>(id)?;
        let currency = self.programme()?.currency;
        let amount = |money| Amount::of(money, currency);
        let year = self.newest_year(now)?;
        let sums = self.book.years(&[&affiliate.id], year)?.remove(&affiliate.id);
        let payouts = self.book.payouts(&affiliate.id)?.into_iter().map(|payout| PayoutView {
            month: payout.month.into(),
            payable: amount(payout.payable),
            payout: amount(payout.payout),
            carried_forward: amount(payout.carried_forward),
        });
        let row = self.affiliate_rows(slice::from_ref(&affiliate), now)?.remove(0);
        Ok(AffiliatePage {
            row,
            year: YearView::of(year, sums.unwrap_or(YearToDate::nothing(currency)), currency),
            payouts: payouts.collect(),
            referrals: referral_rows(self.book.referrals_of_affiliate(&affiliate.id, now.today, REFERRALS)?),
            own_companies: affiliate.own_companies,
            domains: affiliate.domains,
        })
    }

    fn affiliate_rows(&self, affiliates: &[Affiliate], now: Now) -> Result<Vec<AffiliateRow>, DeskError> {
        let currency = self.programme()?.currency;
        let ids: Vec<&Id<Affiliate>> = affiliates.iter().map(|affiliate| &affiliate.id).collect();
        let clients = self.book.clients_referred(&ids, now.today)?;
        let years = self.book.years(&ids, self.newest_year(now)?)?;
        let rows = affiliates.iter().map(|affiliate| {
            let year = years.get(&affiliate.id).copied().unwrap_or(YearToDate::nothing(currency));
            AffiliateRow {
                id: affiliate.id.to_string(),
                name: affiliate.name.clone(),
                agreement_signed_on: affiliate.agreement_signed_on.map(|day| day.to_string()),
                remittance: remittance(affiliate.remittance),
                clients: clients.get(&affiliate.id).copied().unwrap_or(0),
                year_payable: Amount::of(year.payable, currency),
                year_payout: Amount::of(year.payout, currency),
            }
        });
        Ok(rows.collect())
    }

    /// The calendar year of the newest closed month; this year while none is closed.
    fn newest_year(&self, now: Now) -> Result<i32, DeskError> {
        Ok(self.book.closed_through()?.unwrap_or(Month::of(now.today)).year())
    }
}

/// Whether each of the folded words stands in an affiliate's name or id.
pub(crate) fn has_words(name: &str, id: &str, typed: &str) -> bool {
    let (name, id) = (fold(name), id.to_lowercase());
    typed.split_whitespace().all(|word| name.contains(word) || id.contains(word))
}

fn remittance(agreed: AgreedRemittance) -> &'static str {
    match agreed {
        AgreedRemittance::InFull => "in_full",
        AgreedRemittance::NetOfCommission => "net_of_commission",
    }
}
