//! Recording what a form holds: a part of a book in the exchange format, checked as an import is and kept as one batch.
//!
//! A form writes `new:client` for the id of a record that it makes, and wherever it refers to it; the desk gives the id.

use std::collections::BTreeMap;

use rules::problem::Problem;
use rules::records::RecordKind;
use serde::Serialize;
use ts_rs::TS;

use crate::{Desk, DeskError, Now};

/// What was recorded.
#[derive(Clone, Debug, Serialize, TS)]
pub struct RecordedView {
    /// The ids that were given: `new:client` is `C46`.
    pub ids: BTreeMap<String, String>,
    /// To confirm: names that are nearly an affiliate's own company's.
    pub near_misses: Vec<String>,
}

/// What recording a form would be refused with now, and what it would ask to confirm.
#[derive(Clone, Debug, Default, Serialize, TS)]
pub struct CheckView {
    #[ts(type = "Array<{ code: string, at: string, message: string }>")]
    pub problems: Vec<Problem>,
    pub near_misses: Vec<String>,
}

impl Desk {
    /// Records all of a form's document, or nothing. `words` say what is done, as the undo offers it: `Payment of
    /// 300.00 recorded`.
    pub fn record(&mut self, words: &str, document: &[u8], now: Now) -> Result<RecordedView, DeskError> {
        let _ = (words, document, now);
        todo!()
    }

    /// What [`Desk::record`] would say. Reads only.
    pub fn check(&self, document: &[u8]) -> Result<CheckView, DeskError> {
        let _ = document;
        todo!()
    }

    /// A record as the exchange format writes it, to be filled into a form.
    pub fn record_of(&self, kind: RecordKind, id: &str) -> Result<serde_json::Value, DeskError> {
        let _ = (kind, id);
        todo!()
    }
}
