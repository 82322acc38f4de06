//! A backup takes the book's place: told beforehand, whole or not at all, and what it replaces is kept.
//!
//! The backup is copied into the book's folder, under the name of a thing unfinished, and checked there. A rename says
//! that it is wanted; from then on whoever opens the book finishes what was begun: the old files move into
//! `replaced-…`, then the new ones take their names. Interrupted before that rename, the old book opens; after it, the
//! restored one.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, SecondsFormat, Utc};
use rusqlite::Connection;

use crate::backup::{checked, free_name, manifest, stamp};
use crate::error::BookError;
use crate::head::Kept;
use crate::keys::{self, KeyFile, Keys, WayIn};
use crate::lock::Lock;
use crate::tables::journal::{self, Changed, Entry, Head};
use crate::{Book, backup, connection, file, head, lock, migrate, new_key, space};

const UNFINISHED: &str = "restore-unfinished";
/// Wanted: the old files move away next.
const WANTED: &str = "restore-wanted-";
/// The old files are away: the new ones take their names next.
const CLEARED: &str = "restore-cleared-";
const REPLACED: &str = "replaced-";
const JOURNAL: &str = "book.db-journal";
/// Of the book itself, beside its database.
const OWN: [&str; 4] = [keys::FILE, keys::COPY, head::FILE, manifest::FILE];
/// `book.db`, and what a new key makes of it.
const DATABASES: [&str; 2] = [connection::FILE, new_key::FILE];
/// What SQLite's files of a database are called after it.
const ENDINGS: [&str; 4] = ["", "-journal", "-wal", "-shm"];
/// What else Refbook puts into a book's folder.
const BESIDE: [&str; 4] = [lock::FILE, backup::OWN, backup::CHOSEN, UNFINISHED];

/// What a restore would change: the entries of both journals after the last that they have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// Of the book as it is; or why that can't be told.
    pub lost: Result<Changed, String>,
    /// Of the backup.
    pub gained: Changed,
    /// The two have no entry in common: the backup is another book's.
    pub is_another: bool,
}

impl Book {
    /// What putting this backup in the book's place would change. The way in is that of the backup, where it has
    /// another key than the book.
    pub fn preview_restore(&self, backup: &Path, way: Option<WayIn<'_>>) -> Result<Preview, BookError> {
        match way {
            None => preview(Ok(&self.connection), backup, &self.keys),
            Some(way) => preview(Ok(&self.connection), backup, &keys_of(backup, way)?),
        }
    }

    /// Copies the backup into the book's folder and checks it there. The book works on, and [`Book::put_staged`] is what
    /// replaces it. A backup under the book's key leaves the ways in as they are now.
    pub fn stage_restore(&self, backup: &Path, way: Option<WayIn<'_>>, at: DateTime<Utc>) -> Result<(), BookError> {
        let Some((folder, _)) = &self.place else { return Err(BookError::NotABook(PathBuf::new())) };
        match way.map(|way| keys_of(backup, way)).transpose()? {
            Some(keys) if !is_same(&keys, &self.keys) => stage(folder, backup, &keys, backup, at),
            _ => {
                // A key file that was lost while the book is open, and its copy with it, is no way into anything.
                let ways = if KeyFile::read_or_copy(folder).is_ok() { folder } else { backup };
                stage(folder, backup, &self.keys, ways, at)
            }
        }
    }

    /// Closes the book and puts what was staged in its place.
    pub fn put_staged(self, at: DateTime<Utc>) -> Result<(), BookError> {
        let Self { connection, place, .. } = self;
        let Some((folder, _lock)) = place else { return Err(BookError::NotABook(PathBuf::new())) };
        drop(connection);
        put_staged(&folder, at)
    }

    /// The same of a book that does not open: that is what backups are for. `way` opens the backup, or the book that it is of.
    pub fn preview_restore_of(folder: &Path, backup: &Path, way: WayIn<'_>) -> Result<Preview, BookError> {
        finish_begun(folder)?;
        is_for_a_book(folder)?;
        let keys = keys_to(backup, folder, way)?;
        let _lock = folder.is_dir().then(|| Lock::take(folder)).transpose()?;
        let book = keys_of(folder, way).and_then(|keys| connection::open(&folder.join(connection::FILE), &keys));
        preview(book.as_ref().map_err(ToString::to_string), backup, &keys)
    }

    /// Puts the backup where the book is, or where it was. Its ways in come with it, unless `way` opens the book too, and
    /// under the same key: they stay as they are now then.
    pub fn restore_of(folder: &Path, backup: &Path, way: WayIn<'_>, at: DateTime<Utc>) -> Result<(), BookError> {
        finish_begun(folder)?;
        is_for_a_book(folder)?;
        let keys = keys_to(backup, folder, way)?;
        file::make_folder(folder)?;
        let _lock = Lock::take(folder)?;
        // Another may have begun one meanwhile.
        finish(folder)?;
        let is_own = keys_of(folder, way).is_ok_and(|own| is_same(&own, &keys));
        stage(folder, backup, &keys, if is_own { folder } else { backup }, at)?;
        put_staged(folder, at)
    }
}

fn keys_of(folder: &Path, way: WayIn<'_>) -> Result<Keys, BookError> {
    Ok(KeyFile::read_or_copy(folder)?.0.open(way)?)
}

/// A backup's keys: by its own key file or, where `way` was added since and the key stayed, by that of the book in `folder`.
fn keys_to(backup: &Path, folder: &Path, way: WayIn<'_>) -> Result<Keys, BookError> {
    keys_of(backup, way).or_else(|refused| {
        let keys = keys_of(folder, way).ok();
        let opens = |keys: &Keys| connection::open_to_read(&backup.join(connection::FILE), keys).is_ok();
        keys.filter(opens).ok_or(refused)
    })
}

fn is_same(one: &Keys, other: &Keys) -> bool {
    one.book_key_pragma() == other.book_key_pragma()
}

fn preview(book: Result<&Connection, String>, backup: &Path, keys: &Keys) -> Result<Preview, BookError> {
    let copy = connection::open_to_read(&backup.join(connection::FILE), keys)?;
    let compared = book.and_then(|book| {
        let common = last_in_common(book, &copy).map_err(|error| BookError::from(error).to_string())?;
        let lost = journal::changed_since(book, common).map_err(|error| BookError::from(error).to_string())?;
        Ok((common, lost))
    });
    let common = compared.as_ref().map_or(0, |(common, _)| *common);
    Ok(Preview {
        gained: journal::changed_since(&copy, common)?,
        is_another: compared.as_ref().is_ok_and(|(common, lost)| *common == 0 && lost.entries > 0),
        lost: compared.map(|(_, lost)| lost),
    })
}

/// Each entry's hash stands on the one before: where two journals agree, they agree on everything up to there.
fn last_in_common(book: &Connection, copy: &Connection) -> rusqlite::Result<i64> {
    let (mut agree, mut differ) = (0, journal::head(book)?.sequence.min(journal::head(copy)?.sequence) + 1);
    while differ - agree > 1 {
        let middle = agree + (differ - agree) / 2;
        if journal::hash_at(book, middle)? == journal::hash_at(copy, middle)? {
            agree = middle;
        } else {
            differ = middle;
        }
    }
    Ok(agree)
}

/// The lock is ours, and no connection is open.
fn put_staged(folder: &Path, at: DateTime<Utc>) -> Result<(), BookError> {
    // Two may come within one second, and neither goes into what the other replaced.
    let replaced = file::name(&free_name(folder, &format!("{REPLACED}{}", stamp(at))));
    let wanted = replaced.replacen(REPLACED, WANTED, 1);
    file::rename_durably(&folder.join(UNFINISHED), &folder.join(wanted))?;
    finish(folder)
}

/// A copy of the backup in the book's folder, checked, with the end of its journal as the newest, and the key file of
/// the folder `ways`, or the copy that stands in for it. Nothing is left of one that is refused.
fn stage(folder: &Path, backup: &Path, keys: &Keys, ways: &Path, at: DateTime<Utc>) -> Result<(), BookError> {
    let work = folder.join(UNFINISHED);
    if work.exists() {
        fs::remove_dir_all(&work)?;
    }
    try_stage(folder, backup, keys, ways, at).inspect_err(|_| drop(fs::remove_dir_all(&work)))
}

fn try_stage(folder: &Path, backup: &Path, keys: &Keys, ways: &Path, at: DateTime<Utc>) -> Result<(), BookError> {
    let work = folder.join(UNFINISHED);
    let from = backup.join(connection::FILE);
    space::check(folder, fs::metadata(&from)?.len())?;
    fs::create_dir(&work)?;
    let copy = work.join(connection::FILE);
    fs::copy(&from, &copy)?;
    // What a restore replaced may have been left in the middle of a change: its own journal takes that back.
    let journal = backup.join(JOURNAL);
    if journal.is_file() {
        fs::copy(journal, work.join(JOURNAL))?;
    }
    let head = sound(&copy, keys, &file::name(backup), at)?;
    let (key_file, _) = KeyFile::read_or_copy(ways)?;
    key_file.write(&work)?;
    head::write(&work, keys, Kept { head, key_changes: key_file.changes() })?;
    Ok(())
}

/// Where its journal ends, once nothing is wrong with it and the restore is its last entry: a book that was replaced, and is
/// put back in its place, has none.
fn sound(copy: &Path, keys: &Keys, backup: &str, at: DateTime<Utc>) -> Result<Head, BookError> {
    let opened = connection::open(copy, keys)?;
    migrate::check_version(&opened)?;
    if let Some(sequence) = journal::first_break(&opened)? {
        return Err(BookError::Damaged(format!("its journal is broken at entry {sequence}")));
    }
    let at = at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let restored = Entry { at: &at, action: "restore", record: "backup", id: backup, ..Entry::default() };
    journal::append(&opened, journal::head(&opened)?, &restored)?;
    drop(opened);
    Ok(checked(copy, keys)?.1)
}

/// Whether a restore was begun that is still to be finished.
pub fn is_wanted(folder: &Path) -> bool {
    begun(folder).is_ok_and(|begun| begun.is_some())
}

/// The same as [`finish`] of a folder that nobody has locked.
pub fn finish_begun(folder: &Path) -> Result<(), BookError> {
    if is_wanted(folder) {
        let _lock = Lock::take(folder)?;
        finish(folder)?;
    }
    Ok(())
}

/// Finishes the restore that was begun in this folder, if there is one. Each step can be taken again.
pub fn finish(folder: &Path) -> Result<(), BookError> {
    let Some((of, begun)) = begun(folder)? else { return Ok(()) };
    if of.starts_with(WANTED) {
        let at = of.trim_start_matches(WANTED);
        let replaced = folder.join(format!("{REPLACED}{at}"));
        fs::create_dir_all(&replaced)?;
        for old in files(folder)? {
            fs::rename(&old, replaced.join(old.file_name().unwrap_or_default()))?;
        }
        file::sync_folder(&replaced)?;
        file::rename_durably(&begun, &folder.join(format!("{CLEARED}{at}")))?;
        return finish(folder);
    }
    for new in files(&begun)? {
        fs::rename(&new, folder.join(new.file_name().unwrap_or_default()))?;
    }
    file::sync_folder(folder)?;
    fs::remove_dir_all(&begun)?;
    Ok(())
}

fn begun(folder: &Path) -> io::Result<Option<(String, PathBuf)>> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(None) };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(WANTED) || name.starts_with(CLEARED) {
            return Ok(Some((name, entry.path())));
        }
    }
    Ok(None)
}

/// The book's files in a folder, and no others: a rollback journal too, which must never meet another book than its own.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    Ok(entries(folder)?.into_iter().filter(|path| path.is_file() && is_own(path)).collect())
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect()
}

fn is_own(path: &Path) -> bool {
    let name = file::name(path);
    let is_of = |database| name.strip_prefix(database).is_some_and(|ending| ENDINGS.contains(&ending));
    DATABASES.into_iter().any(is_of) || OWN.contains(&without_part(&name))
}

/// Put there by Refbook, or by a system that keeps in any folder how it is shown.
fn is_beside(path: &Path) -> bool {
    let name = file::name(path);
    let is_the_systems = path.is_file() && (name.starts_with('.') || name.eq_ignore_ascii_case("desktop.ini"));
    is_the_systems || name.starts_with(REPLACED) || BESIDE.contains(&without_part(&name))
}

/// Of a file that was not whole yet, too.
fn without_part(name: &str) -> &str {
    name.strip_suffix(file::PART).unwrap_or(name)
}

/// Other things in a folder stay what they are: no book is put among them.
fn is_for_a_book(folder: &Path) -> Result<(), BookError> {
    let is_book = [connection::FILE, keys::FILE, head::FILE].iter().any(|name| folder.join(name).is_file());
    if is_book || !folder.exists() || entries(folder)?.iter().all(|path| is_own(path) || is_beside(path)) {
        return Ok(());
    }
    Err(BookError::NoPlace(folder.to_owned()))
}

/// Whether a folder keeps what a restore replaced.
pub fn is_replaced(folder: &Path) -> bool {
    folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with(REPLACED))
}

/// The backup in this folder, wherever it lies.
pub fn backup_in(folder: &Path) -> Option<backup::Backup> {
    folder.join(connection::FILE).is_file().then(|| backup::look(folder.to_owned(), None))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OlderCopy;
    use crate::Passphrase;
    use crate::backup::Reason;

    fn passphrase() -> Passphrase {
        Passphrase::new("a passphrase".to_owned()).expect("not empty")
    }

    fn open(folder: &Path) -> Book {
        Book::open(folder, &passphrase(), OlderCopy::Refuse).expect("it opens")
    }

    fn end_of(folder: &Path) -> i64 {
        open(folder).journal_end().expect("an end")
    }

    /// A book with two changes more than its backup, which is staged; and where both journals end.
    fn staged(place: &tempfile::TempDir) -> (PathBuf, i64, i64) {
        let folder = place.path().join("Test.refbook");
        let mut book = Book::create(&folder, &passphrase()).expect("a book");
        let backup = book.back_up(Reason::Asked, DateTime::UNIX_EPOCH).expect("made").expect("on a disk");
        let then = book.journal_end().expect("an end");
        for picture in ["a picture", "another one"] {
            let set = |change: &mut crate::Change<'_>| change.set_logo(Some(picture.as_bytes()));
            book.change(DateTime::UNIX_EPOCH, set).expect("recorded");
        }
        let now = book.journal_end().expect("an end");
        // The restore is an entry of its own.
        assert!(now > then + 1);
        book.stage_restore(&backup, None, DateTime::UNIX_EPOCH).expect("staged");
        (folder, now, then + 1)
    }

    /// A book, and the folder with what a restore replaced in it; the new files have not taken their names yet.
    fn cleared(place: &tempfile::TempDir) -> (PathBuf, PathBuf, i64) {
        let (folder, _, restored) = staged(place);
        let at = "2026-11-25T103000Z";
        let replaced = folder.join(format!("{REPLACED}{at}"));
        fs::create_dir(&replaced).expect("a folder");
        for old in files(&folder).expect("the files") {
            fs::rename(&old, replaced.join(file::name(&old))).expect("moved");
        }
        fs::rename(folder.join(UNFINISHED), folder.join(format!("{CLEARED}{at}"))).expect("cleared");
        (folder, replaced, restored)
    }

    #[test]
    fn interrupted_before_it_is_wanted_the_old_book_opens() {
        let place = tempfile::tempdir().expect("a folder");
        let (folder, now, _) = staged(&place);
        assert_eq!(end_of(&folder), now);
        assert!(folder.join(UNFINISHED).exists(), "a next restore takes it away");
    }

    /// After each file that was moved, as if the power had gone.
    #[test]
    fn interrupted_after_it_is_wanted_the_restored_book_opens() {
        for moved in 0..4 {
            let place = tempfile::tempdir().expect("a folder");
            let (folder, now, restored) = staged(&place);
            let at = "2026-11-25T103000Z";
            fs::rename(folder.join(UNFINISHED), folder.join(format!("{WANTED}{at}"))).expect("wanted");
            let replaced = folder.join(format!("{REPLACED}{at}"));
            fs::create_dir(&replaced).expect("a folder");
            for old in files(&folder).expect("the files").into_iter().take(moved) {
                fs::rename(&old, replaced.join(old.file_name().expect("a name"))).expect("moved");
            }
            assert_eq!(end_of(&folder), restored, "{moved} files had moved away");
            assert_eq!(end_of_replaced(&replaced, &folder), now + 1, "what it replaced is kept");
        }
        for moved in 0..4 {
            let place = tempfile::tempdir().expect("a folder");
            let (folder, _, restored) = cleared(&place);
            let (_, begun) = begun(&folder).expect("readable").expect("begun");
            for new in files(&begun).expect("the files").into_iter().take(moved) {
                fs::rename(&new, folder.join(new.file_name().expect("a name"))).expect("moved");
            }
            assert_eq!(end_of(&folder), restored, "{moved} files had taken their names");
        }
    }

    /// The key file may have moved away and not come back yet.
    #[test]
    fn interrupted_after_it_is_wanted_the_ways_in_are_told_all_the_same() {
        let place = tempfile::tempdir().expect("a folder");
        let (folder, _, restored) = cleared(&place);
        assert_eq!(crate::ways_into(&folder).expect("the ways in").ways.len(), 1);
        assert_eq!(end_of(&folder), restored);
    }

    /// Whatever else lies in the folder: that it is the book's, the restore that was begun says.
    #[test]
    fn interrupted_after_it_is_wanted_another_restore_goes_on_from_there() {
        let place = tempfile::tempdir().expect("a folder");
        let (folder, replaced, restored) = cleared(&place);
        fs::write(folder.join("letter.txt"), "Dear all").expect("written");
        let preview = Book::preview_restore_of(&folder, &replaced, (&passphrase()).into()).expect("a preview");
        assert_eq!(preview.lost.expect("the restored book opens").entries, 1, "the restore itself");
        assert_eq!(end_of_replaced(&replaced, &folder), restored + 2);
    }

    #[test]
    fn the_book_s_own_files_are_known_by_their_whole_names() {
        let place = tempfile::tempdir().expect("a folder");
        let path = |name: &str| place.path().join(name);
        for own in ["book.db", "book.db-journal", "book.db-wal", "book.db.new", "book.db.new-journal", "key.json.part"]
        {
            assert!(is_own(&path(own)), "{own}");
        }
        for other in ["book.db.bak", "book.db copy", "book.db.new.zip", "key.json.old"] {
            assert!(!is_own(&path(other)) && !is_beside(&path(other)), "{other}");
        }
        for beside in ["lock", "backups", "backups.json", "backups.json.part", "replaced-2026-11-25T103000Z"] {
            assert!(is_beside(&path(beside)), "{beside}");
        }
        for other in ["lockers.txt", "backups of the phone", "backups.json.old"] {
            assert!(!is_beside(&path(other)), "{other}");
        }
    }

    fn end_of_replaced(replaced: &Path, folder: &Path) -> i64 {
        Book::restore_of(folder, replaced, (&passphrase()).into(), DateTime::UNIX_EPOCH).expect("taken back");
        end_of(folder)
    }
}
