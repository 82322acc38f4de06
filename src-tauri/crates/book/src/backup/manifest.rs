//! `backup.json`: what a backup is of and how it was when it was made, under a MAC.

use std::io;
use std::path::Path;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::file::write_durably;
use crate::keys::Keys;

pub const FILE: &str = "backup.json";

/// Why a backup was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The last was older than a day.
    Schedule,
    /// Somebody asked for it.
    Asked,
    /// A large import follows.
    Import,
    Migration,
    KeyChange,
}

impl Reason {
    /// Those of a rare and deep change are not rotated away, and lie in the book's own folder.
    pub fn is_kept_apart(self) -> bool {
        matches!(self, Self::Migration | Self::KeyChange)
    }

    /// What the backup's name ends with.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Schedule | Self::Asked => "",
            Self::Import => "-before-import",
            Self::Migration => "-before-migration",
            Self::KeyChange => "-before-key-change",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub made_at: DateTime<Utc>,
    pub reason: Reason,
    /// Of the book: how many migrations it had.
    pub version: i64,
    /// Where its journal ends.
    pub sequence: i64,
    #[serde(with = "hex::serde")]
    pub hash: [u8; 32],
    /// Of `book.db`.
    pub bytes: u64,
    #[serde(with = "hex::serde")]
    pub sha256: [u8; 32],
}

#[derive(Serialize, Deserialize)]
struct Written<'a> {
    #[serde(borrow)]
    backup: &'a RawValue,
    #[serde(with = "hex::serde")]
    mac: [u8; 32],
}

impl Manifest {
    pub fn write(&self, folder: &Path, keys: &Keys) -> io::Result<()> {
        let backup = serde_json::value::to_raw_value(self)?;
        let written = Written { backup: &backup, mac: mac(keys, &backup) };
        write_durably(&folder.join(FILE), &serde_json::to_vec(&written)?)
    }

    /// Of a backup. With the book's keys, only what was written with them; `None` if it is missing or damaged.
    pub fn read(folder: &Path, keys: Option<&Keys>) -> Option<Self> {
        let text = std::fs::read(folder.join(FILE)).ok()?;
        let written: Written<'_> = serde_json::from_slice(&text).ok()?;
        let is_ours = keys.is_none_or(|keys| mac(keys, written.backup) == written.mac);
        is_ours.then(|| serde_json::from_str(written.backup.get()).ok()).flatten()
    }
}

/// Three parts where the journal's head has two: the one can't pass for the other. By the journal's key, which stays
/// when the root key changes.
fn mac(keys: &Keys, backup: &RawValue) -> [u8; 32] {
    keys.journal_mac(&[b"backup", b"1", backup.get().as_bytes()])
}
