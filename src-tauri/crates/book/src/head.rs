//! `head.json`: where the journal ends, kept outside the book.
//!
//! SQLCipher does not see a whole old file put back. The end of the journal, kept here under a MAC, does.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::file::write_durably;
use crate::keys::Keys;
use crate::tables::journal::Head;

const FILE: &str = "head.json";

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
    #[serde(with = "hex::serde")]
    mac: [u8; 32],
}

pub fn write(folder: &Path, keys: &Keys, head: Head) -> Result<(), HeadError> {
    let written = Written { sequence: head.sequence, hash: head.hash, mac: mac(keys, head) };
    let json = serde_json::to_vec(&written).map_err(io::Error::from)?;
    Ok(write_durably(&folder.join(FILE), &json)?)
}

pub fn read(folder: &Path, keys: &Keys) -> Result<Head, HeadError> {
    let json = match std::fs::read(folder.join(FILE)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(HeadError::Missing),
        read => read?,
    };
    let Ok(Written { sequence, hash, mac: written }) = serde_json::from_slice(&json) else {
        return Err(HeadError::Damaged);
    };
    let head = Head { sequence, hash };
    if mac(keys, head) == written { Ok(head) } else { Err(HeadError::Damaged) }
}

fn mac(keys: &Keys, head: Head) -> [u8; 32] {
    keys.journal_mac(&[&head.sequence.to_be_bytes(), &head.hash])
}
