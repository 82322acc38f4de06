//! Backups: whole, encrypted copies, verified by opening them before they take their name.
//!
//! A backup is a folder with `book.db`, the `key.json` that opens it, and `backup.json`, which says what it is of. It
//! is made under another name, so that one that failed harms neither the book nor the backups before it. Ordinary
//! ones go to the folder that the owner chose, and are rotated; what is made before a migration or a change of the key
//! stays in the book's own folder, which no unplugged disk takes away, until somebody deletes it.

mod folders;
mod manifest;
pub mod rotation;

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::Connection;
use rusqlite::backup::{Backup as Copying, StepResult};
use sha2::{Digest, Sha256};

use crate::error::BookError;
use crate::keys::{self, Keys};
use crate::tables::journal::{self, Head};
use crate::{Book, connection, file, space, verify};

pub use folders::{Backup, Sound, backups, choose_folder, chosen_folder, look, made, stamp};
pub use manifest::{Manifest, Reason};

/// While it is made; there is one at a time, since whoever makes it has the book's lock.
const UNFINISHED: &str = "unfinished";
/// Of 4 KB each: a step takes some milliseconds, and whoever waits for the book waits for one step at most.
const PAGES_A_STEP: i32 = 256;

/// How far the copying is, in pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub done: u32,
    pub of: u32,
}

/// What whoever hears of the progress says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    GoOn,
    /// Leave the copy; it is begun anew later.
    Leave,
}

/// A backup in the making. It holds the keys but not the book, which works on while the copy is checked.
pub struct Unfinished {
    keys: Arc<Keys>,
    key_file: Vec<u8>,
    place: PathBuf,
    reason: Reason,
    made_at: DateTime<Utc>,
    copied: Option<Head>,
}

impl Book {
    /// Begins a backup, where it belongs; `None` of a book in memory.
    pub fn begin_backup(&self, reason: Reason, at: DateTime<Utc>) -> Result<Option<Unfinished>, BookError> {
        let Some((folder, _)) = &self.place else { return Ok(None) };
        begin(&self.keys, folder, reason, at).map(Some)
    }

    /// Copies the book as it is now, in steps. `false` if `heard` left it: nothing is kept of it then.
    pub fn copy_into(&self, backup: &mut Unfinished, heard: impl FnMut(Progress) -> Next) -> Result<bool, BookError> {
        // Another book may have been opened since it was begun.
        if !Arc::ptr_eq(&self.keys, &backup.keys) {
            let why = "another book was opened meanwhile".to_owned();
            return Err(BookError::Backup { place: backup.place.clone(), why });
        }
        backup.copy(&self.connection, heard)
    }

    /// A whole backup, at once. `None` of a book in memory.
    pub fn back_up(&self, reason: Reason, at: DateTime<Utc>) -> Result<Option<PathBuf>, BookError> {
        let Some((folder, _)) = &self.place else { return Ok(None) };
        whole(&self.connection, &self.keys, folder, reason, at).map(Some)
    }
}

/// A whole backup of the book in `folder`, at once; gives its folder.
pub fn whole(
    book: &Connection,
    keys: &Arc<Keys>,
    folder: &Path,
    reason: Reason,
    at: DateTime<Utc>,
) -> Result<PathBuf, BookError> {
    let mut backup = begin(keys, folder, reason, at)?;
    backup.copy(book, |_| Next::GoOn)?;
    backup.finish()
}

fn begin(keys: &Arc<Keys>, folder: &Path, reason: Reason, at: DateTime<Utc>) -> Result<Unfinished, BookError> {
    let place = if reason.is_kept_apart() { folders::own(folder) } else { folders::usual(folder) };
    let begun = || {
        folders::make(folder, &place)?;
        let needed = fs::metadata(folder.join(connection::FILE))?.len();
        space::check(&place, needed)?;
        fs::read(folder.join(keys::FILE))
    };
    let key_file = begun().map_err(|error| failed(&place, &error.into()))?;
    Ok(Unfinished { keys: Arc::clone(keys), key_file, place, reason, made_at: at, copied: None })
}

impl Unfinished {
    fn copy(&mut self, book: &Connection, heard: impl FnMut(Progress) -> Next) -> Result<bool, BookError> {
        let copied = self.try_copy(book, heard).map_err(|error| failed(&self.place, &error))?;
        self.copied = copied;
        Ok(copied.is_some())
    }

    fn try_copy(&self, book: &Connection, mut heard: impl FnMut(Progress) -> Next) -> Result<Option<Head>, BookError> {
        let work = self.place.join(UNFINISHED);
        clear(&work)?;
        fs::create_dir(&work)?;
        let mut copy = connection::create(&work.join(connection::FILE), &self.keys)?;
        let copying = Copying::new(book, &mut copy)?;
        loop {
            match copying.step(PAGES_A_STEP)? {
                StepResult::Done => break,
                StepResult::Busy | StepResult::Locked => std::thread::sleep(Duration::from_millis(10)),
                _ => {}
            }
            if heard(progress(&copying)) == Next::Leave {
                drop(copying);
                drop(copy);
                clear(&work)?;
                return Ok(None);
            }
        }
        Ok(Some(journal::head(book)?))
    }

    /// Checks the copy on a connection of its own, gives it its name, and lets go of the backups that the rotation no
    /// longer keeps. Gives the backup's folder.
    pub fn finish(self) -> Result<PathBuf, BookError> {
        let made = self.try_finish().map_err(|error| failed(&self.place, &error))?;
        if !self.reason.is_kept_apart() {
            folders::rotate(&self.place, &self.keys, self.made_at);
        }
        Ok(made)
    }

    fn try_finish(&self) -> Result<PathBuf, BookError> {
        let work = self.place.join(UNFINISHED);
        let copied = work.join(connection::FILE);
        let (version, head) = checked(&copied, &self.keys)?;
        if Some(head) != self.copied {
            return Err(BookError::Damaged("the copy's journal does not end where the book's does".to_owned()));
        }
        file::write_durably(&work.join(keys::FILE), &self.key_file)?;
        let manifest = Manifest {
            made_at: self.made_at,
            reason: self.reason,
            version,
            sequence: head.sequence,
            hash: head.hash,
            bytes: fs::metadata(&copied)?.len(),
            sha256: sha256(&copied)?,
        };
        manifest.write(&work, &self.keys)?;
        let made = folders::free_name(&self.place, self.made_at, self.reason);
        file::rename_durably(&work, &made)?;
        Ok(made)
    }
}

/// A copy's version and the end of its journal, once nothing is wrong with it.
pub fn checked(copy: &Path, keys: &Keys) -> Result<(i64, Head), BookError> {
    let opened = connection::open(copy, keys)?;
    if let Some(problem) = verify::damage_of(&opened)? {
        return Err(BookError::Damaged(problem));
    }
    let version = opened.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let head = journal::head(&opened)?;
    drop(opened);
    file::sync(copy)?;
    // SQLite leaves an emptied rollback journal beside it.
    let journal = copy.with_file_name(format!("{}-journal", connection::FILE));
    if journal.exists() {
        fs::remove_file(journal)?;
    }
    Ok((version, head))
}

/// A whole copy of the book at `to` under other keys, read back before it is trusted.
pub fn copy_under(book: &Connection, to: &Path, keys: &Keys) -> Result<(), BookError> {
    let mut copy = connection::create(to, keys)?;
    Copying::new(book, &mut copy)?.run_to_completion(PAGES_A_STEP, Duration::ZERO, None)?;
    drop(copy);
    let (_, head) = checked(to, keys)?;
    if head != journal::head(book)? {
        return Err(BookError::Damaged("the copy's journal does not end where the book's does".to_owned()));
    }
    Ok(())
}

pub fn sha256(path: &Path) -> std::io::Result<[u8; 32]> {
    let (mut file, mut hasher, mut part) = (fs::File::open(path)?, Sha256::new(), vec![0; 256 * 1024]);
    loop {
        match file.read(&mut part)? {
            0 => return Ok(hasher.finalize().into()),
            read => hasher.update(&part[..read]),
        }
    }
}

/// Takes away what is left of a backup that was never finished.
fn clear(work: &Path) -> std::io::Result<()> {
    if work.exists() { fs::remove_dir_all(work) } else { Ok(()) }
}

fn progress(copying: &Copying<'_, '_>) -> Progress {
    let rusqlite::backup::Progress { remaining, pagecount } = copying.progress();
    let pages = |count| u32::try_from(count).unwrap_or(0);
    Progress { done: pages(pagecount - remaining), of: pages(pagecount) }
}

fn failed(place: &Path, error: &BookError) -> BookError {
    let why = match error {
        BookError::DiskFull => "its disk is full".to_owned(),
        BookError::Damaged(what) => format!("the book could not be copied whole: {what}"),
        BookError::Io(error) => file::words(error),
        BookError::DiskFailed(error) => format!("its disk failed: {error}"),
        other => other.to_string(),
    };
    BookError::Backup { place: place.to_owned(), why }
}
