//! Invoices and payments: the list with its ages, an invoice's own page, and matching a stack of receipts.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::search::ListQuery;
use crate::views::Amount;
use crate::{Desk, DeskError, Now};

#[derive(Clone, Debug, Serialize, TS)]
pub struct InvoicesView {
    pub rows: Vec<InvoiceRow>,
    pub total: u32,
    /// Of all open invoices: current, 1-30, 31-60, 61-90, over 90 days.
    pub ages: Vec<AgeView>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct InvoiceRow {
    pub id: String,
    pub number: String,
    pub client: String,
    pub client_name: String,
    pub issued_on: String,
    pub due_on: String,
    pub total: Amount,
    /// What is still to be received.
    pub open: Amount,
    #[ts(type = "\"paid\" | \"part_paid\" | \"open\" | \"overdue\" | \"voided\"")]
    pub state: &'static str,
    pub days_overdue: u32,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct AgeView {
    /// `1 to 30 days`.
    pub words: String,
    pub amount: Amount,
    pub count: u32,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct InvoicePage {
    pub row: InvoiceRow,
    pub contract: Option<String>,
    #[ts(type = "\"company\" | \"affiliate\"")]
    pub billed_by: &'static str,
    pub period_start: String,
    pub period_end: String,
    pub lines: Vec<ChargeView>,
    pub tax: Amount,
    /// Payments, refunds, credit notes, remittances, in the order of their days.
    pub facts: Vec<FactView>,
    pub received: Amount,
    /// Received beyond what is owed.
    pub over: Amount,
    /// The months whose statements can be asked why, newest first.
    pub told_in: Vec<String>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ChargeView {
    #[ts(type = "\"hosting\" | \"managed_service\" | \"setup\" | \"consulting\" | \"other\"")]
    pub kind: &'static str,
    pub description: String,
    pub amount: Amount,
    pub earns: bool,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct FactView {
    #[ts(type = "\"payment\" | \"refund\" | \"credit_note\" | \"remittance\"")]
    pub kind: &'static str,
    pub id: String,
    pub on: String,
    pub amount: Amount,
}

/// A bank receipt as it was typed.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct TypedReceipt {
    /// A part of a client's name, or an invoice's number.
    pub who: String,
    pub amount: String,
    /// `2025-12-03`.
    pub on: String,
    /// The client that was picked, where several fit; empty before.
    pub client: String,
}

/// What a typed receipt would pay.
#[derive(Clone, Debug, Serialize, TS)]
pub struct MatchedReceipt {
    /// The client, once there is no doubt.
    pub client: Option<String>,
    pub client_name: String,
    /// The clients to choose from, where several fit: id and name.
    pub candidates: Vec<CandidateView>,
    /// Oldest due first; what is over goes to the last.
    pub parts: Vec<MatchedPart>,
    /// Of the amount, what pays nothing that is open.
    pub over: Option<Amount>,
    /// What is wrong, and with which field: `who`, `amount`, `on`.
    #[ts(type = "{ at: string, message: string } | null")]
    pub problem: Option<ReceiptProblem>,
}

#[derive(Clone, Debug, Serialize)]
pub struct ReceiptProblem {
    pub at: &'static str,
    pub message: String,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct CandidateView {
    pub id: String,
    pub name: String,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct MatchedPart {
    pub invoice: String,
    pub number: String,
    pub due_on: String,
    /// Payment, or remittance where the affiliate bills.
    #[ts(type = "\"payment\" | \"remittance\"")]
    pub kind: &'static str,
    pub open: Amount,
    /// What this receipt pays of it.
    pub pays: Amount,
    /// What stays open after it.
    pub leaves: Amount,
}

impl Desk {
    /// The newest first. `only`: `open`, `overdue` (the oldest first).
    pub fn invoices(&self, query: &ListQuery, now: Now) -> Result<InvoicesView, DeskError> {
        let _ = (query, now);
        todo!()
    }

    pub fn invoice_page(&self, id: &str, now: Now) -> Result<InvoicePage, DeskError> {
        let _ = (id, now);
        todo!()
    }

    /// Matches typed receipts with open invoices, each knowing what those above it paid. Reads only.
    pub fn match_receipts(&self, receipts: &[TypedReceipt], now: Now) -> Result<Vec<MatchedReceipt>, DeskError> {
        let _ = (receipts, now);
        todo!()
    }
}
