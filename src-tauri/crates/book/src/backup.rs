//! Backups: whole, encrypted copies, verified by opening them before they take their name; and by the journal, unless the book
//! is to change its version or key next.
//!
//! A backup is a folder with `book.db`, the `key.json` that opens it, and `backup.json`, which says what it is of. It
//! is made under another name, so that one that failed harms neither the book nor the backups before it. Ordinary
//! ones go to the folder that the owner chose, and are rotated; what is made before a migration or a change of the key
//! stays in the book's own folder, which no unplugged disk takes away, until somebody deletes it.

mod folders;
pub(crate) mod manifest;
pub mod rotation;

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::Connection;
use rusqlite::backup::{Backup as Copying, StepResult};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::error::BookError;
use crate::keys::{self, Keys};
use crate::tables::journal::{self, Head};
use crate::verify::{self, Finding};
use crate::{Book, connection, file, space};

pub use folders::{Backup, Sound, backups, choose_folder, chosen_folder, free_name, look, made, stamp};
pub(crate) use folders::{CHOSEN, OWN};
pub use manifest::{Manifest, Reason};

/// What a backup's folder is called while it is made begins so. Each has its own, since one is checked without the book,
/// which may begin the next meanwhile.
const UNFINISHED: &str = "unfinished-";
/// Of 4 KB each: a step takes some milliseconds, and whoever waits for the book waits for one step at most.
const PAGES_A_STEP: i32 = 256;
/// How often SQLite's check of a copy asks whether it is left, in its instructions. SQLCipher's check of the pages is one
/// piece, a few milliseconds a megabyte, and asks nothing.
const CHECKED_A_STEP: i32 = 256;

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

/// A backup in the making. The book works on while the copy is checked; once it is closed, its keys are gone and the
/// backup is left.
pub struct Unfinished {
    keys: Weak<Keys>,
    key_file: Vec<u8>,
    place: PathBuf,
    reason: Reason,
    made_at: DateTime<Utc>,
    copied: Option<Copied>,
}

/// The folder is gone when this is, however that comes.
struct Copied {
    work: TempDir,
    head: Head,
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
        if !std::ptr::eq(Arc::as_ptr(&self.keys), backup.keys.as_ptr()) {
            return Err(BookError::Closed);
        }
        backup.copy(&self.connection, &self.keys, heard)
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
    backup.copy(book, keys, |_| Next::GoOn)?;
    backup.finish(|| Next::GoOn)?.ok_or(BookError::Closed)
}

fn begin(keys: &Arc<Keys>, folder: &Path, reason: Reason, at: DateTime<Utc>) -> Result<Unfinished, BookError> {
    let place = if reason.is_kept_apart() { folders::own(folder) } else { folders::usual(folder) };
    let begun = || {
        folders::make(folder, &place)?;
        folders::sweep(&place);
        let needed = fs::metadata(folder.join(connection::FILE))?.len();
        space::check(&place, needed)?;
        fs::read(folder.join(keys::FILE))
    };
    let key_file = begun().map_err(|error| failed(&place, &error.into()))?;
    Ok(Unfinished { keys: Arc::downgrade(keys), key_file, place, reason, made_at: at, copied: None })
}

impl Unfinished {
    fn copy(&mut self, book: &Connection, keys: &Keys, heard: impl FnMut(Progress) -> Next) -> Result<bool, BookError> {
        self.copied = None;
        self.copied = self.try_copy(book, keys, heard).map_err(|error| failed(&self.place, &error))?;
        Ok(self.copied.is_some())
    }

    fn try_copy(
        &self,
        book: &Connection,
        keys: &Keys,
        mut heard: impl FnMut(Progress) -> Next,
    ) -> Result<Option<Copied>, BookError> {
        let work = tempfile::Builder::new().prefix(UNFINISHED).tempdir_in(&self.place);
        let work = work.map_err(|error| file::without_path(&error))?;
        let mut copy = connection::create(&work.path().join(connection::FILE), keys)?;
        let copying = Copying::new(book, &mut copy)?;
        loop {
            match copying.step(PAGES_A_STEP)? {
                StepResult::Done => break,
                StepResult::Busy | StepResult::Locked => std::thread::sleep(Duration::from_millis(10)),
                _ => {}
            }
            if heard(progress(&copying)) == Next::Leave {
                return Ok(None);
            }
        }
        Ok(Some(Copied { work, head: journal::head(book)? }))
    }

    /// Checks the copy on a connection of its own, gives it its name, and lets go of the backups that the rotation no
    /// longer keeps. Gives the backup's folder; `None` if `heard` left it. Nothing is kept of one that was left, nor
    /// once the book is closed, which is an error.
    pub fn finish(self, heard: impl Fn() -> Next + Send + Sync + 'static) -> Result<Option<PathBuf>, BookError> {
        let (its_keys, left) = (Weak::clone(&self.keys), AtomicBool::new(false));
        // What was left once stays so.
        let is_left: IsLeft = Arc::new(move || {
            let now = its_keys.strong_count() == 0 || heard() == Next::Leave;
            left.fetch_or(now, Ordering::Relaxed) || now
        });
        let Self { keys, place, reason, made_at, .. } = &self;
        let made = match self.try_finish(&is_left) {
            Ok(Some(made)) => made,
            _ if keys.strong_count() == 0 => return Err(BookError::Closed),
            Ok(None) => return Ok(None),
            Err(_) if is_left() => return Ok(None),
            Err(error) => return Err(failed(place, &error)),
        };
        if let (Some(keys), false) = (keys.upgrade(), reason.is_kept_apart()) {
            folders::rotate(place, &keys, *made_at);
        }
        Ok(Some(made))
    }

    fn try_finish(&self, is_left: &IsLeft) -> Result<Option<PathBuf>, BookError> {
        let Some(Copied { work, head: copied }) = &self.copied else {
            return Err(BookError::Damaged("nothing was copied".to_owned()));
        };
        let (work, copy) = (work.path(), work.path().join(connection::FILE));
        let Some(keys) = self.keys.upgrade() else { return Ok(None) };
        let opened = connection::open(&copy, &keys)?;
        // They are not held while the copy is checked.
        drop(keys);
        let asked = Arc::clone(is_left);
        opened.progress_handler(CHECKED_A_STEP, Some(move || asked()))?;
        // A migration has the tables of its own version, and a new key, after a theft say, waits for no mend of the book.
        if !self.reason.is_kept_apart()
            && let Some(Finding { at, what }) = verify::first_unjournalled(&opened)?
        {
            return Err(BookError::Damaged(format!("{at}: {what}")));
        }
        let (version, head) = check(opened, &copy)?;
        if head != *copied {
            return Err(BookError::Damaged("the copy's journal does not end where the book's does".to_owned()));
        }
        file::write_durably(&work.join(keys::FILE), &self.key_file)?;
        let manifest = Manifest {
            made_at: self.made_at,
            reason: self.reason,
            version,
            sequence: head.sequence,
            hash: head.hash,
            bytes: fs::metadata(&copy)?.len(),
            sha256: sha256_unless(&copy, || is_left())?,
        };
        let Some(keys) = self.keys.upgrade().filter(|_| !is_left()) else { return Ok(None) };
        manifest.write(work, &keys)?;
        let name = format!("{}{}", stamp(self.made_at), self.reason.suffix());
        Ok(Some(take_name(work, &self.place, &name)?))
    }
}

fn take_name(work: &Path, place: &Path, name: &str) -> io::Result<PathBuf> {
    loop {
        let made = free_name(place, name);
        match file::rename_durably(work, &made) {
            // Another backup took it just now.
            Err(_) if made.exists() && work.exists() => {}
            renamed => return renamed.map(|()| made),
        }
    }
}

type IsLeft = Arc<dyn Fn() -> bool + Send + Sync>;

/// A copy's version and the end of its journal, once nothing is wrong with it.
pub fn checked(copy: &Path, keys: &Keys) -> Result<(i64, Head), BookError> {
    check(connection::open(copy, keys)?, copy)
}

fn check(opened: Connection, copy: &Path) -> Result<(i64, Head), BookError> {
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

/// A copy of a book in memory, there too.
pub fn copy_in_memory(book: &Connection) -> Result<Connection, BookError> {
    let mut copy = connection::in_memory()?;
    Copying::new(book, &mut copy)?.run_to_completion(PAGES_A_STEP, Duration::ZERO, None)?;
    Ok(copy)
}

pub fn sha256(path: &Path) -> io::Result<[u8; 32]> {
    sha256_unless(path, || false)
}

/// An error once it is left.
fn sha256_unless(path: &Path, is_left: impl Fn() -> bool) -> io::Result<[u8; 32]> {
    let (mut file, mut hasher, mut part) = (fs::File::open(path)?, Sha256::new(), vec![0; 256 * 1024]);
    loop {
        if is_left() {
            return Err(io::ErrorKind::Interrupted.into());
        }
        match file.read(&mut part)? {
            0 => return Ok(hasher.finalize().into()),
            read => hasher.update(&part[..read]),
        }
    }
}

fn progress(copying: &Copying<'_, '_>) -> Progress {
    let rusqlite::backup::Progress { remaining, pagecount } = copying.progress();
    let pages = |count| u32::try_from(count).unwrap_or(0);
    Progress { done: pages(pagecount - remaining), of: pages(pagecount) }
}

fn failed(place: &Path, error: &BookError) -> BookError {
    let why = match error {
        BookError::DiskFull => "its disk is full".to_owned(),
        BookError::Damaged(what) => return BookError::NotAsWritten(what.clone()),
        BookError::Io(error) => file::words(error),
        BookError::DiskFailed(error) => format!("its disk failed: {error}"),
        other => other.to_string(),
    };
    BookError::Backup { place: place.to_owned(), why }
}
