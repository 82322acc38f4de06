//! A new root key: the book is copied under it, and the copy takes the book's place.
//!
//! First a backup is made. The book is copied into `book.db.new` under the new key, verified and synced. Then `key.json` is
//! replaced: from here on the new key is in force. At last `book.db.new` takes the name `book.db`.
//!
//! Interrupted before the key file is replaced, the old key opens the old book; after it, the new key finds its book under
//! the one name or the other, and [`settle`] tidies up on the next opening. Not `PRAGMA rekey`, which rewrites the only
//! copy.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use rules::day::Day;
use rusqlite::Connection;

use crate::backup::Reason;
use crate::error::BookError;
use crate::file::{self, rename_durably, sync_folder};
use crate::keys::{KeyError, KeyFile, Keys, WayIn};
use crate::tables::journal;
use crate::{Book, backup, connection};

pub const FILE: &str = "book.db.new";

impl Book {
    /// Changes the root key. `ways` are the book's ways in from here on: no other secret is at hand to wrap the new key for.
    pub fn new_key(&mut self, ways: &[WayIn<'_>], on: Day) -> Result<(), BookError> {
        if ways.is_empty() {
            return Err(KeyError::LastWay.into());
        }
        let folder = self.own_folder()?.to_owned();
        backup::whole(&self.connection, &self.keys, &folder, Reason::KeyChange, SystemTime::now().into())?;
        let keys = self.keys.successor()?;
        let file = KeyFile::read(&folder)?.renewed(ways, &keys, on)?;
        self.copy_under(&keys, &folder).inspect_err(|_| drop(remove(&folder)))?;
        self.put_in_force(&file, keys, &folder)?;
        self.take_place(&folder)
    }

    fn copy_under(&self, keys: &Keys, folder: &Path) -> Result<(), BookError> {
        remove(folder)?;
        let copy = folder.join(FILE);
        backup::copy_under(&self.connection, &copy, keys)?;
        Ok(sync_folder(folder)?)
    }

    /// The old file is let go of first: nothing may be written into it any more.
    fn put_in_force(&mut self, file: &KeyFile, keys: Keys, folder: &Path) -> Result<(), BookError> {
        let closed = Connection::open_in_memory()?;
        let written = file.write(folder);
        if let Err(error @ KeyError::Io(_)) = written {
            remove(folder)?;
            return Err(error.into());
        }
        self.connection = closed;
        self.keys = Arc::new(keys);
        // Renamed and not synced: a power cut decides which of the two it is, so that both stay until the next opening.
        written.map_err(|error| unfinished(&error).into())
    }

    fn take_place(&mut self, folder: &Path) -> Result<(), BookError> {
        self.connection = finish(folder)
            .map_err(BookError::from)
            .and_then(|()| connection::open(&folder.join(connection::FILE), &self.keys))
            .map_err(|error| unfinished(&error))?;
        // From here on the key file from before, put back with its book, is an older one. The next opening makes good
        // what fails here.
        let _ = self.keep_head(journal::head(&self.connection)?);
        Ok(())
    }
}

/// Finishes a change of key that was interrupted, or clears away what never came into force.
pub fn settle(folder: &Path, keys: &Keys) -> Result<(), BookError> {
    let copy = folder.join(FILE);
    if !copy.is_file() {
        return Ok(());
    }
    if connection::open(&folder.join(connection::FILE), keys).is_ok() {
        Ok(remove(folder)?)
    } else if connection::open(&copy, keys).is_ok() {
        Ok(finish(folder)?)
    } else {
        // Neither is thrown away: opening the book says what is wrong with it.
        Ok(())
    }
}

fn finish(folder: &Path) -> io::Result<()> {
    // The key file first: it must not fall behind the book that it opens.
    sync_folder(folder)?;
    // Of the book under the old key: nothing of it may ever be rolled back into the new one.
    file::remove(&folder.join("book.db-journal"))?;
    rename_durably(&folder.join(FILE), &folder.join(connection::FILE))?;
    remove(folder)
}

/// Takes away the copy, and what SQLite leaves beside it.
fn remove(folder: &Path) -> io::Result<()> {
    file::remove(&folder.join(FILE))?;
    file::remove(&folder.join("book.db.new-journal"))
}

fn unfinished(error: &impl std::error::Error) -> KeyError {
    KeyError::Unfinished(error.to_string().trim_end_matches('.').to_owned())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::OlderCopy;
    use crate::keys::{self, KeychainKey, RecoveryCode};

    /// A book, the code that opens it, and the one that its new key is to be wrapped for.
    struct Change {
        place: tempfile::TempDir,
        old: RecoveryCode,
        new: RecoveryCode,
    }

    fn on() -> Day {
        Day::from_ymd_opt(2026, 11, 25).expect("a day")
    }

    impl Change {
        fn of_a_book() -> Self {
            let place = tempfile::tempdir().expect("a folder");
            let [old, new] = [(); 2].map(|()| RecoveryCode::random().expect("a code"));
            drop(Book::create(&place.path().join("Test.refbook"), &old).expect("a book"));
            Self { place, old, new }
        }

        fn folder(&self) -> std::path::PathBuf {
            self.place.path().join("Test.refbook")
        }

        fn opens(&self, code: &RecoveryCode) -> bool {
            let opened = Book::open(&self.folder(), code, OlderCopy::Refuse);
            assert!(matches!(&opened, Ok(_) | Err(BookError::Keys(KeyError::WrongRecoveryCode))), "{:?}", opened.err());
            opened.is_ok()
        }

        /// What stands in the folder after the next opening, beside what always does.
        fn left(&self) -> Vec<String> {
            let names = fs::read_dir(self.folder()).expect("the folder");
            let names = names.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
            names.filter(|name| name.contains("new")).collect()
        }
    }

    fn open(change: &Change) -> (Book, Keys, KeyFile) {
        let book = Book::open(&change.folder(), &change.old, OlderCopy::Refuse).expect("it opens");
        let keys = book.keys.successor().expect("keys");
        let file = KeyFile::read(&change.folder()).expect("the key file");
        let file = file.renewed(&[WayIn::from(&change.new)], &keys, on()).expect("a key file");
        (book, keys, file)
    }

    #[test]
    fn a_new_key_opens_the_book_and_the_old_one_nothing() {
        let change = Change::of_a_book();
        let mut book = Book::open(&change.folder(), &change.old, OlderCopy::Refuse).expect("it opens");
        let (seal, before) = (book.keys.seal_mac(&[b"seal"]), fs::read(change.folder().join("book.db")).expect("it"));
        let key = KeychainKey::random().expect("a key");
        book.new_key(&[WayIn::from(&change.new), WayIn::from(&key)], on()).expect("a new key");
        assert!(book.journal_end().is_ok(), "it goes on being open");
        assert_eq!(book.keys.seal_mac(&[b"seal"]), seal);
        drop(book);
        assert!(change.opens(&change.new) && !change.opens(&change.old));
        let book = Book::open(&change.folder(), &key, OlderCopy::Refuse).expect("it opens");
        assert_eq!(book.keys.seal_mac(&[b"seal"]), seal, "read back from the key file");
        assert_eq!(change.left(), [""; 0]);
        drop(book);
        fs::write(change.folder().join("book.db"), before).expect("the file under the old key put back");
        let opened = Book::open(&change.folder(), &change.new, OlderCopy::Refuse).err();
        assert!(matches!(opened, Some(BookError::Damaged(_))), "{opened:?}");
    }

    /// Both files: the old key opens the old book then, and only what is kept outside of both can tell.
    #[test]
    fn the_book_and_the_key_file_from_before_put_back_are_told_as_older() {
        for interrupted in [false, true] {
            let change = Change::of_a_book();
            let (mut book, keys, file) = open(&change);
            let files = ["book.db", "key.json"].map(|name| change.folder().join(name));
            let before = files.clone().map(|file| fs::read(file).expect("a file"));
            book.copy_under(&keys, &change.folder()).expect("copied");
            book.put_in_force(&file, keys, &change.folder()).expect("in force");
            if interrupted {
                drop(book);
                assert!(change.opens(&change.new));
            } else {
                book.take_place(&change.folder()).expect("in its place");
                drop(book);
            }
            for (file, bytes) in files.iter().zip(before) {
                fs::write(file, bytes).expect("put back");
            }
            let opened = Book::open(&change.folder(), &change.old, OlderCopy::Refuse).err();
            assert!(matches!(opened, Some(BookError::OlderKeyFile)), "interrupted: {interrupted}, {opened:?}");
        }
    }

    #[test]
    fn left_off_while_it_is_copied_the_old_key_opens_the_old_book() {
        let change = Change::of_a_book();
        for keep in [0.0, 0.3, 1.0] {
            let (book, keys, _) = open(&change);
            book.copy_under(&keys, &change.folder()).expect("copied");
            drop(book);
            let copy = change.folder().join(FILE);
            let whole = fs::read(&copy).expect("the copy");
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
            let length = (whole.len() as f64 * keep) as usize;
            fs::write(&copy, &whole[..length]).expect("cut");
            fs::write(change.folder().join("book.db.new-journal"), "left").expect("written");
            assert!(!change.opens(&change.new) && change.opens(&change.old));
            assert_eq!(change.left(), [""; 0]);
        }
    }

    #[test]
    fn left_off_once_it_is_in_force_the_next_opening_finishes_it() {
        let change = Change::of_a_book();
        let (mut book, keys, file) = open(&change);
        book.copy_under(&keys, &change.folder()).expect("copied");
        book.put_in_force(&file, keys, &change.folder()).expect("in force");
        assert!(book.journal_end().is_err(), "nothing is read or written under the old key");
        drop(book);
        assert!(!change.opens(&change.old));
        assert!(change.folder().join(FILE).is_file(), "a wrong code tidies nothing up");
        assert!(change.opens(&change.new));
        assert_eq!(change.left(), [""; 0]);
        assert!(change.opens(&change.new));
    }

    #[test]
    fn a_key_file_that_can_not_be_written_changes_nothing() {
        let change = Change::of_a_book();
        let (mut book, keys, file) = open(&change);
        book.copy_under(&keys, &change.folder()).expect("copied");
        let unfinished = change.folder().join("key.json.part");
        fs::create_dir(&unfinished).expect("in the way");
        assert!(book.put_in_force(&file, keys, &change.folder()).is_err());
        assert!(book.journal_end().is_ok(), "the book is as it was, and open");
        fs::remove_dir(unfinished).expect("out of the way");
        drop(book);
        assert_eq!(change.left(), [""; 0]);
        assert!(change.opens(&change.old) && !change.opens(&change.new));
    }

    #[test]
    fn the_second_copy_of_the_key_file_is_no_way_round_a_new_key() {
        let change = Change::of_a_book();
        let copy = change.folder().join("key.previous.json");
        let with_old = fs::read(&copy).expect("the copy");
        let (mut book, keys, file) = open(&change);
        book.copy_under(&keys, &change.folder()).expect("copied");
        book.put_in_force(&file, keys, &change.folder()).expect("in force");
        let with_new = fs::read(&copy).expect("the copy");
        assert_eq!(with_new, fs::read(change.folder().join(keys::FILE)).expect("the key file"));
        drop(book);
        fs::write(&copy, with_old).expect("a power cut came before it was written");
        assert!(change.opens(&change.new));
        assert_eq!(fs::read(&copy).expect("the copy"), with_new);
    }

    #[test]
    fn a_copy_that_can_not_take_its_place_does_so_on_the_next_opening() {
        let change = Change::of_a_book();
        let (mut book, keys, file) = open(&change);
        book.copy_under(&keys, &change.folder()).expect("copied");
        book.put_in_force(&file, keys, &change.folder()).expect("in force");
        let (old, aside) = (change.folder().join("book.db"), change.place.path().join("aside"));
        fs::rename(&old, &aside).expect("aside");
        fs::create_dir(&old).expect("in the way");
        let error = book.take_place(&change.folder()).expect_err("in the way").to_string();
        assert!(error.contains("open it again"), "{error}");
        drop(book);
        fs::remove_dir(&old).expect("out of the way");
        fs::rename(&aside, &old).expect("back");
        assert!(change.opens(&change.new));
        assert_eq!(change.left(), [""; 0]);
    }

    #[test]
    fn a_damaged_copy_is_never_thrown_away_while_nothing_else_opens() {
        let change = Change::of_a_book();
        let (mut book, keys, file) = open(&change);
        book.copy_under(&keys, &change.folder()).expect("copied");
        book.put_in_force(&file, keys, &change.folder()).expect("in force");
        drop(book);
        let copy = change.folder().join(FILE);
        let mut bytes = fs::read(&copy).expect("the copy");
        bytes[100] ^= 1;
        fs::write(&copy, &bytes).expect("damaged");
        let opened = Book::open(&change.folder(), &change.new, OlderCopy::Refuse).err();
        assert!(matches!(opened, Some(BookError::Damaged(_))), "{opened:?}");
        assert_eq!(fs::read(&copy).expect("still there"), bytes);
    }
}
