//! Backups: which there are and how they stand, making one while the book works on, and putting one in the book's place
//! after saying what that would lose and gain.
//!
//! A backup is named by `own/…`, `chosen/…` (in the folder that the owner chose) or `replaced/…` (what a restore put
//! aside): no path crosses to the window.

mod words;

use std::path::{Path, PathBuf};

use book::backup::{self, Backup, Reason, Sound};
use book::{Book, Preview, name};
use chrono::{DateTime, Utc};
use serde::Serialize;
use ts_rs::TS;

use crate::{Code, Desk, DeskError, Now, WayIn};

pub use book::backup::{Next, Progress as Copied, Unfinished};

/// How a book's backups stand.
#[derive(Clone, Debug, Serialize, TS)]
pub struct BackupsView {
    /// Where new ones go: the name of the folder that was chosen; `None` for the book's own.
    pub folder: Option<String>,
    /// When the newest good one was made, RFC 3339.
    pub last_at: Option<String>,
    /// When the next is made by itself, RFC 3339; `None` if it is due.
    pub next_at: Option<String>,
    /// What keeps backups from being made, in words.
    pub problem: Option<String>,
    /// The newest first.
    pub backups: Vec<BackupRow>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct BackupRow {
    /// `chosen/2026-11-25T103000Z`.
    pub id: String,
    /// RFC 3339.
    pub made_at: String,
    /// Why it was made, in words: `before a migration`.
    pub why: String,
    /// `2.4 MB`.
    pub size: String,
    /// Where its journal ends, if it says so.
    #[ts(type = "number | null")]
    pub journal_end: Option<i64>,
    #[ts(type = "\"good\" | \"damaged\" | \"unchecked\"")]
    pub sound: &'static str,
    /// What is wrong with it.
    pub damage: Option<String>,
}

/// Which backup is meant.
#[derive(Clone, Debug)]
pub enum Which {
    /// One of the list, by its id or its name. A text is never taken for a path: a window may send any.
    Listed(String),
    /// The one in a folder that somebody chose, wherever it lies.
    InFolder(PathBuf),
}

impl<T: AsRef<str> + ?Sized> From<&T> for Which {
    fn from(listed: &T) -> Self {
        Self::Listed(listed.as_ref().to_owned())
    }
}

/// What a restore would change, in words.
#[derive(Clone, Debug, Serialize, TS)]
pub struct RestorePreview {
    pub made_at: String,
    /// What the book has and the backup lacks; empty for nothing.
    pub lost: Vec<String>,
    /// Why it can't be told what would be lost.
    pub unreadable: Option<String>,
    /// What the backup has and the book lacks.
    pub gained: Vec<String>,
    /// The backup is another book's.
    pub is_another: bool,
}

impl Desk {
    /// How the book's backups stand. Reads every one of them through, so that what is called good is.
    pub fn backups(&self) -> Result<BackupsView, DeskError> {
        Ok(self.look_at_backups()?())
    }

    /// The same in two steps: the second takes long, and does not need the book.
    pub fn look_at_backups(&self) -> Result<impl FnOnce() -> BackupsView + Send + use<>, DeskError> {
        let (folder, look, problem) = (self.on_disk()?.to_owned(), self.book.look_at_backups(), self.backup_problem());
        Ok(move || view(&folder, &look(), problem))
    }

    /// Whether the last backup is older than a day.
    pub fn backup_is_due(&self, now: Now) -> bool {
        self.book.backup_is_due(now.at)
    }

    /// Makes a backup at once.
    pub fn back_up(&self, now: Now) -> Result<BackupRow, DeskError> {
        let mut unfinished = self.begin_backup(false, now)?;
        self.copy_into(&mut unfinished, |_| Next::GoOn)?;
        finish_backup(unfinished, self.on_disk()?, || Next::GoOn)
    }

    /// Begins a backup that is made in steps: one that somebody asked for, or one of the schedule.
    pub fn begin_backup(&self, by_schedule: bool, now: Now) -> Result<Unfinished, DeskError> {
        let reason = if by_schedule { Reason::Schedule } else { Reason::Asked };
        let begun = self.book.begin_backup(reason, now.at);
        self.remember(begun)?.ok_or_else(of_memory)
    }

    /// Copies the book as it is now; `false` if `heard` left it.
    pub fn copy_into(&self, unfinished: &mut Unfinished, heard: impl FnMut(Copied) -> Next) -> Result<bool, DeskError> {
        let copied = self.book.copy_into(unfinished, heard);
        self.remember(copied)
    }

    /// The backups' folder from now on; `None` for the book's own.
    pub fn choose_backup_folder(&self, chosen: Option<&Path>) -> Result<(), DeskError> {
        choose(self.on_disk()?, chosen)?;
        self.backup_failed.replace(None);
        Ok(())
    }

    /// What putting a backup in the book's place would change. The way in is the backup's, where it was made with
    /// another key than the book has now.
    pub fn preview_restore(
        &self,
        which: impl Into<Which>,
        way: Option<WayIn<'_>>,
    ) -> Result<RestorePreview, DeskError> {
        let backup = find(self.on_disk()?, &which.into())?;
        Ok(told(&backup, self.book.preview_restore(&backup.folder, way)?))
    }

    /// Copies a backup beside the book and checks it, so that nothing but [`Desk::restore`] is left to do.
    pub fn stage_restore(&self, which: impl Into<Which>, way: Option<WayIn<'_>>, now: Now) -> Result<(), DeskError> {
        let backup = find(self.on_disk()?, &which.into())?;
        Ok(self.book.stage_restore(&backup.folder, way, now.at)?)
    }

    /// Closes the book and puts in its place what was staged. What it replaces is kept as a backup of its own.
    pub fn restore(self, now: Now) -> Result<(), DeskError> {
        Ok(self.book.put_staged(now.at)?)
    }

    /// What keeps the backups from being made: what failed last, or a folder that is gone.
    pub fn backup_problem(&self) -> Option<String> {
        let failed = self.backup_failed.borrow().clone();
        failed.or_else(|| self.book.folder().and_then(folder_gone))
    }

    /// Says that a backup in the background failed, or that it was made. One that was left says nothing of the next.
    pub fn note_backup(&self, done: Result<(), &DeskError>) {
        match done {
            Err(error) if was_left(error) => {}
            failed => _ = self.backup_failed.replace(failed.err().map(|error| error.message.clone())),
        }
    }

    /// Why the book should not lie where it does, if that can be told.
    pub fn place_warning(&self) -> Option<String> {
        place_warning(self.book.folder()?)
    }

    /// The book's folder; `None` of the sample.
    pub fn folder(&self) -> Option<&Path> {
        self.book.folder()
    }

    fn on_disk(&self) -> Result<&Path, DeskError> {
        self.book.folder().ok_or_else(of_memory)
    }

    fn remember<T>(&self, done: Result<T, book::BookError>) -> Result<T, DeskError> {
        let done = done.map_err(DeskError::from);
        if done.is_err() {
            self.note_backup(done.as_ref().map(|_| ()));
        }
        done
    }
}

/// Checks a copy, gives it its name, and lets go of what the rotation no longer keeps. Needs no book: it works on. `heard`
/// may leave it, as the copying; one whose book is closed meanwhile is left too.
pub fn finish_backup(
    unfinished: Unfinished,
    folder: &Path,
    heard: impl Fn() -> Next + Send + Sync + 'static,
) -> Result<BackupRow, DeskError> {
    let made = unfinished.finish(heard)?.ok_or_else(stopped)?;
    Ok(row(folder, &backup::look(made, None)))
}

/// What is said of a backup that somebody stopped.
pub fn stopped() -> DeskError {
    DeskError::new(Code::Cancelled, "Stopped: no backup was made. Those before it are as they were.")
}

/// Whether a backup was left before it was made: somebody stopped it, or closed the book.
pub fn was_left(error: &DeskError) -> bool {
    matches!(error.code, Code::Cancelled | Code::NoBook)
}

/// Of a book that may not open: how its backups stand.
pub fn backups_of(folder: &Path) -> BackupsView {
    view(folder, &backup::backups(folder, None), folder_gone(folder))
}

/// The same of [`Desk::preview_restore`] for a book that may not open; `way` opens the backup.
pub fn preview_restore_of(folder: &Path, which: impl Into<Which>, way: WayIn<'_>) -> Result<RestorePreview, DeskError> {
    let backup = find(folder, &which.into())?;
    Ok(told(&backup, Book::preview_restore_of(folder, &backup.folder, way)?))
}

/// The same of [`Desk::restore`] for a book that may not open.
pub fn restore_of(folder: &Path, which: impl Into<Which>, way: WayIn<'_>, now: Now) -> Result<(), DeskError> {
    let backup = find(folder, &which.into())?;
    Book::restore_of(folder, &backup.folder, way, now.at)?;
    Ok(())
}

/// The backups' folder from now on, of a book that is not open.
pub fn choose(folder: &Path, chosen: Option<&Path>) -> Result<(), DeskError> {
    Ok(backup::choose_folder(folder, chosen)?)
}

/// Why a book should not lie in this folder, if that can be told: another program or machine writes to it.
pub fn place_warning(folder: &Path) -> Option<String> {
    book::place::shared(folder).map(|shared| words::shared(&shared))
}

fn view(folder: &Path, backups: &[Backup], problem: Option<String>) -> BackupsView {
    let good = backups.iter().filter(|backup| backup.sound == Sound::Yes && !backup.was_replaced);
    let last = good.map(|backup| backup.made_at).max();
    BackupsView {
        folder: backup::chosen_folder(folder).map(|chosen| name(&chosen)),
        last_at: last.map(instant),
        next_at: last.map(|last| instant(backup::rotation::next_after(last))),
        problem,
        backups: backups.iter().map(|backup| row(folder, backup)).collect(),
    }
}

fn row(folder: &Path, backup: &Backup) -> BackupRow {
    let (sound, damage) = match &backup.sound {
        Sound::Yes => ("good", None),
        Sound::No(what) => ("damaged", Some(what.clone())),
        Sound::Unknown => ("unchecked", None),
    };
    BackupRow {
        id: id(folder, backup),
        made_at: instant(backup.made_at),
        why: words::why(backup).to_owned(),
        size: words::size(backup.bytes),
        journal_end: backup.about.as_ref().map(|about| about.sequence),
        sound,
        damage,
    }
}

fn id(folder: &Path, backup: &Backup) -> String {
    let place = match backup.folder.parent() {
        _ if backup.was_replaced => "replaced",
        Some(place) if place.starts_with(folder) => "own",
        _ => "chosen",
    };
    format!("{place}/{}", name(&backup.folder))
}

fn find(folder: &Path, which: &Which) -> Result<Backup, DeskError> {
    let (found, called) = match which {
        Which::Listed(called) => (listed(folder, called), called.clone()),
        Which::InFolder(chosen) => (book::backup_in(chosen), name(chosen)),
    };
    found.ok_or_else(|| {
        let message = format!("There is no backup \"{called}\". Take one of the list of backups, or its folder.");
        DeskError::new(Code::UnknownRecord, message)
    })
}

fn listed(folder: &Path, called: &str) -> Option<Backup> {
    let mut all = backup::backups(folder, None).into_iter();
    all.find(|backup| id(folder, backup) == called || name(&backup.folder) == called)
}

fn told(backup: &Backup, preview: Preview) -> RestorePreview {
    let (lost, unreadable) = match preview.lost {
        Ok(lost) => (words::changed(&lost), None),
        Err(why) => (Vec::new(), Some(why)),
    };
    RestorePreview {
        made_at: instant(backup.made_at),
        // Where nothing is known of the book, all of the backup would be "gained": that says nothing.
        gained: if unreadable.is_some() { Vec::new() } else { words::changed(&preview.gained) },
        lost,
        unreadable,
        is_another: preview.is_another,
    }
}

fn folder_gone(folder: &Path) -> Option<String> {
    let chosen = backup::chosen_folder(folder).filter(|chosen| !chosen.is_dir())?;
    Some(format!(
        "The backups' folder \"{}\" is not there. Plug in its disk, or choose another folder for the backups.",
        name(&chosen)
    ))
}

fn of_memory() -> DeskError {
    DeskError::new(Code::Refused, "The sample is only in memory, so it has no backups. Make a book of your own.")
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}
