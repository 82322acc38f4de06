//! Search over everything as one types: clients and affiliates by name, domain or id, invoices by number.

use serde::Serialize;
use ts_rs::TS;

use crate::{Desk, DeskError};

/// Something that was found, and where it is shown.
#[derive(Clone, Debug, Serialize, TS)]
pub struct FoundView {
    #[ts(type = "\"client\" | \"affiliate\" | \"invoice\" | \"contract\"")]
    pub kind: &'static str,
    pub id: String,
    pub title: String,
    /// What tells it from others of its kind: the affiliate, the client, the day.
    pub detail: String,
}

/// Which part of a list is wanted.
#[derive(Clone, Debug, Default, serde::Deserialize, TS)]
pub struct ListQuery {
    /// Words that each row has; empty for all.
    pub text: String,
    /// A list's own choice, such as `open` or `overdue`; empty for all.
    pub only: String,
    /// A list's own order, such as `name`; empty for the usual one.
    pub sort: String,
    /// The first row, counted from 0.
    pub from: u32,
}

/// Rows of a page of a list.
pub const PAGE: u32 = 50;

impl Desk {
    /// The best finds, at most 12. Nothing for an empty text.
    pub fn search(&self, text: &str) -> Result<Vec<FoundView>, DeskError> {
        let _ = text;
        todo!()
    }
}
