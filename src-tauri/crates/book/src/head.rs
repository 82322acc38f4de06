//! `head.json`: where the journal ends, and how often the ways in were changed, kept outside the book and its key file.
//!
//! SQLCipher does not see a whole old file put back, nor does a key file know that it is one. What is kept here under a
//! MAC does.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::file::write_durably;
use crate::keys::Keys;
use crate::tables::journal::Head;

pub const FILE: &str = "head.json";

#[derive(Debug, Error)]
pub enum HeadError {
    #[error(
        "head.json is missing, so nothing says that the book is the newest copy. If you took the file away yourself, \
         run `refbook verify --accept-older-copy`."
    )]
    Missing,
    #[error(
        "head.json is damaged or belongs to another book. If you know that the book is the newest copy, run \
         `refbook verify --accept-older-copy`."
    )]
    Damaged,
    #[error("head.json could not be read or written: {0}")]
    Io(#[from] io::Error),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    sequence: i64,
    #[serde(with = "hex::serde")]
    hash: [u8; 32],
    #[serde(default)]
    key_changes: u64,
    #[serde(with = "hex::serde")]
    mac: [u8; 32],
}

/// What is kept of a book and of its key file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    pub head: Head,
    pub key_changes: u64,
}

pub fn write(folder: &Path, keys: &Keys, kept: Kept) -> Result<(), HeadError> {
    let Kept { head: Head { sequence, hash }, key_changes } = kept;
    let written = Written { sequence, hash, key_changes, mac: mac(keys, kept) };
    let json = serde_json::to_vec(&written).map_err(io::Error::from)?;
    Ok(write_durably(&folder.join(FILE), &json)?)
}

pub fn read(folder: &Path, keys: &Keys) -> Result<Kept, HeadError> {
    let json = match std::fs::read(folder.join(FILE)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(HeadError::Missing),
        read => read?,
    };
    let Ok(Written { sequence, hash, key_changes, mac: written }) = serde_json::from_slice(&json) else {
        return Err(HeadError::Damaged);
    };
    let kept = Kept { head: Head { sequence, hash }, key_changes };
    if mac(keys, kept) == written { Ok(kept) } else { Err(HeadError::Damaged) }
}

fn mac(keys: &Keys, Kept { head, key_changes }: Kept) -> [u8; 32] {
    let (sequence, changes) = (head.sequence.to_be_bytes(), key_changes.to_be_bytes());
    // As it was before the changes were counted.
    let counted: &[&[u8]] = if key_changes == 0 { &[] } else { &[&changes] };
    keys.journal_mac(&[&[&sequence[..], &head.hash], counted].concat())
}
