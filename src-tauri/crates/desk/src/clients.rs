//! Clients: the list, and a client's own page.

use serde::Serialize;
use ts_rs::TS;

use crate::contracts::ContractCard;
use crate::invoices::InvoiceRow;
use crate::referrals::ReferralRow;
use crate::search::ListQuery;
use crate::views::Amount;
use crate::{Desk, DeskError, Now};

#[derive(Clone, Debug, Serialize, TS)]
pub struct ClientsView {
    pub rows: Vec<ClientRow>,
    /// How many there are in all.
    pub total: u32,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ClientRow {
    pub id: String,
    pub name: String,
    /// Who referred it last.
    pub affiliate_name: String,
    pub stage: Option<String>,
    /// What its contracts in force come to a month.
    pub monthly: Amount,
    /// What it has to pay.
    pub open: Amount,
    pub overdue: Amount,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ClientPage {
    pub id: String,
    pub name: String,
    pub domains: Vec<String>,
    pub customer_since: Option<String>,
    pub referrals: Vec<ReferralRow>,
    pub contracts: Vec<ContractCard>,
    /// Newest first.
    pub invoices: Vec<InvoiceRow>,
    /// What closed statements paid or let an affiliate keep, in all.
    pub earned: Amount,
    pub open: Amount,
    pub overdue: Amount,
    /// Newest first.
    pub notes: Vec<NoteView>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct NoteView {
    pub id: String,
    pub text: String,
    /// `2025-12-03`.
    pub written_on: String,
}

impl Desk {
    /// By name; `sort: "newest"` has the newest first.
    pub fn clients(&self, query: &ListQuery, now: Now) -> Result<ClientsView, DeskError> {
        let _ = (query, now);
        todo!()
    }

    pub fn client_page(&self, id: &str, now: Now) -> Result<ClientPage, DeskError> {
        let _ = (id, now);
        todo!()
    }

    /// Keeps a note on a client. Notes stay in the book: no statement and no paper has them.
    pub fn write_note(&mut self, client: &str, text: &str, now: Now) -> Result<(), DeskError> {
        let _ = (client, text, now);
        todo!()
    }
}
