//! What a bank's file says came in: OFX of either kind, or CSV, whose columns and ways of writing are found out.

mod csv;
mod ofx;

use rules::day::Day;
use rules::money::{Currency, Money};
use sha2::{Digest, Sha256};

use crate::node::shortened;

pub(crate) use csv::Table;
pub use csv::{Column, DayOrder, Mapping, columns_of, guess, is_sure, likeness, mapped};

/// Money that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankLine {
    pub on: Day,
    pub amount: Money,
    /// Who paid, and for what, as far as the bank knows.
    pub text: String,
    /// The same for the same line of the same account, whichever file of its kind it stands in: `B` and sixteen digits.
    pub id: String,
}

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BankLines {
    pub received: Vec<BankLine>,
    /// How many lines are of money that went out, or of nothing.
    pub others: u32,
    /// How many lines stand above the table, or have no day, such as a total.
    pub passed: u32,
}

/// Why a file can't be read: the line, counted from 1, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {message}")]
pub struct BankError {
    pub at: String,
    pub message: String,
}

/// Of a message, in characters: a cell of the file stands in it.
const LONGEST: usize = 400;

impl BankError {
    pub(crate) fn new(at: impl Into<String>, message: impl Into<String>) -> Self {
        let whole = |text: String| shortened(&text, LONGEST).into_owned();
        Self { at: whole(at.into()), message: whole(message.into()) }
    }
}

/// Whether it is OFX, which says itself what its columns are.
pub fn is_ofx(bytes: &[u8]) -> bool {
    let head = text(&bytes[..bytes.len().min(4096)]).to_ascii_uppercase();
    head.contains("OFXHEADER") || head.contains("<OFX>")
}

/// Reads OFX 1 or 2.
pub fn ofx(bytes: &[u8], currency: Currency) -> Result<BankLines, BankError> {
    ofx::read(&text(bytes), currency)
}

/// UTF-8 or, as banks still write, Windows-1252.
fn text(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned(),
    }
}

fn id(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    let digest = hasher.finalize();
    digest[..8].iter().fold("B".to_owned(), |id, byte| id + &format!("{byte:02x}"))
}
