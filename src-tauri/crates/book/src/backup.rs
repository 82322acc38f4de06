//! Backups: whole, encrypted copies, verified by opening them before they take their name.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::Backup;

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
    let name = format!("version-{version}-journal-{sequence}");
    let place = folder.join("backups").join(name);
    std::fs::create_dir_all(&place)?;
    let unfinished = place.join("book.db.part");
    copy(book, &unfinished, keys)?;
    let copied = connection::open(&unfinished, keys)?;
    if let Some(problem) = verify::damage_of(&copied)? {
        return Err(BookError::Damaged(problem));
    }
    if journal::head(&copied)? != journal::head(book)? {
        return Err(BookError::Damaged("the backup's journal does not end where the book's does".to_owned()));
    }
    drop(copied);
    file::rename_durably(&unfinished, &place.join(connection::FILE))?;
    file::write_durably(&place.join(keys::FILE), &std::fs::read(folder.join(keys::FILE))?)?;
    Ok(place)
}

fn copy(book: &Connection, to: &Path, keys: &Keys) -> Result<(), BookError> {
    if to.exists() {
        std::fs::remove_file(to)?;
    }
    let mut copy = connection::create(to, keys)?;
    Backup::new(book, &mut copy)?.run_to_completion(1024, Duration::ZERO, None)?;
    Ok(())
}
