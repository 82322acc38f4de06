//! Backups: whole, encrypted copies, verified by opening them before they take their name.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::Backup;
use sha2::{Digest, Sha256};

use crate::connection;
use crate::error::BookError;
use crate::file;
use crate::keys::{self, Keys};
use crate::tables::journal;
use crate::verify;

/// A copy of the book and its key file in `backups/version-N-journal-S/`, made before a migration.
pub fn before_migration(book: &Connection, keys: &Keys, folder: &Path) -> Result<PathBuf, BookError> {
    let version: i64 = book.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let sequence = journal::head(book)?.sequence;
    make(book, keys, folder, &format!("version-{version}-journal-{sequence}"))
}

/// The same in `backups/key-K-journal-S/`, made before the root key changes; K tells one key file from another.
pub fn before_new_key(book: &Connection, keys: &Keys, folder: &Path) -> Result<PathBuf, BookError> {
    let sequence = journal::head(book)?.sequence;
    let key = hex::encode(&Sha256::digest(std::fs::read(folder.join(keys::FILE))?)[..4]);
    make(book, keys, folder, &format!("key-{key}-journal-{sequence}"))
}

fn make(book: &Connection, keys: &Keys, folder: &Path, name: &str) -> Result<PathBuf, BookError> {
    let place = folder.join("backups").join(name);
    std::fs::create_dir_all(&place)?;
    let unfinished = place.join("book.db.part");
    verified_copy(book, &unfinished, keys)?;
    file::rename_durably(&unfinished, &place.join(connection::FILE))?;
    file::write_durably(&place.join(keys::FILE), &std::fs::read(folder.join(keys::FILE))?)?;
    Ok(place)
}

/// A whole copy of the book under these keys, its own or others, read back before it is trusted.
pub fn verified_copy(book: &Connection, to: &Path, keys: &Keys) -> Result<(), BookError> {
    copy(book, to, keys)?;
    let copied = connection::open(to, keys)?;
    if let Some(problem) = verify::damage_of(&copied)? {
        return Err(BookError::Damaged(problem));
    }
    if journal::head(&copied)? != journal::head(book)? {
        return Err(BookError::Damaged("the copy's journal does not end where the book's does".to_owned()));
    }
    Ok(())
}

fn copy(book: &Connection, to: &Path, keys: &Keys) -> Result<(), BookError> {
    if to.exists() {
        std::fs::remove_file(to)?;
    }
    let mut copy = connection::create(to, keys)?;
    Backup::new(book, &mut copy)?.run_to_completion(1024, Duration::ZERO, None)?;
    Ok(())
}
