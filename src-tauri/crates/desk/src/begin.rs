//! Starting a book: whose it is, and the programme that it keeps.

use std::path::Path;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Desk, DeskError, Now, Passphrase};

/// The form of a new book.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct NewBook {
    #[ts(type = "\"office\" | \"affiliate\"")]
    pub owner: Owner,
    /// The programme's company: `NetSource`.
    pub company: String,
    pub phone: String,
    /// ISO 4217: `USD`.
    pub currency: String,
    /// The affiliate's own, where it is its book.
    pub name: String,
    pub own_companies: Vec<String>,
    pub domains: Vec<String>,
}

/// Whose book it is: the programme's office sees many affiliates, an affiliate's book has just itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    Office,
    Affiliate,
}

impl Desk {
    /// Makes a book with its programme and, where it is an affiliate's, the affiliate. Nothing is left behind of one
    /// that was refused; what is wrong with a field comes with the field's name.
    pub fn begin(folder: &Path, passphrase: &Passphrase, form: &NewBook, now: Now) -> Result<Self, DeskError> {
        let _ = (folder, passphrase, form, now);
        todo!()
    }

    /// The affiliate whose book it is; `None` in the office's.
    pub fn own_affiliate(&self) -> Result<Option<String>, DeskError> {
        todo!()
    }
}
