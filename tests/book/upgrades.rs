//! A book of every schema so far opens, verifies, and its closed months are what they were.
//!
//! `fixtures/Version-N.refbook` was made by the Refbook that knew N migrations, `version-N.json` holds the SHA-256 of its
//! closed statements as that Refbook told them. None of them is ever made anew.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use desk::{Desk, Month, OlderCopy, Passphrase, State};
use refbook_tests::Shelf;

/// Every schema but the newest: the books of all other tests have that.
fn versions() -> std::ops::Range<u32> {
    let migrations = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src-tauri/crates/book/migrations");
    let count = fs::read_dir(migrations).expect("the migrations").count();
    1..u32::try_from(count).expect("few")
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("book/fixtures")
}

fn passphrase() -> Passphrase {
    Passphrase::new("sample".to_owned()).expect("not empty")
}

/// A copy of a fixture that may be written to.
fn copy(version: u32, shelf: &Shelf) {
    fs::create_dir(shelf.book()).expect("a folder");
    let fixture = fixtures().join(format!("Version-{version}.refbook"));
    for file in fs::read_dir(fixture).expect("the fixture") {
        let path = file.expect("a file").path();
        fs::copy(&path, shelf.book().join(path.file_name().expect("a name"))).expect("copied");
    }
}

fn open(shelf: &Shelf) -> Desk {
    Desk::open(&shelf.book(), &passphrase(), OlderCopy::Refuse).expect("it opens")
}

/// The SHA-256 of each closed statement, by its number.
fn sealed(desk: &Desk, numbers: impl Iterator<Item = String>) -> BTreeMap<String, String> {
    let hash = |number: String| {
        let month = Month::parse(&number[..7]).expect("a month");
        let statements = desk.statements(month, None).expect("statements").statements;
        let one = statements.into_iter().find(|one| one.number == number).expect("the statement");
        let State::Sealed { sha256, .. } = one.state else { panic!("{number} is a draft") };
        (number, sha256)
    };
    numbers.map(hash).collect()
}

#[test]
fn a_book_of_every_schema_opens_and_its_closed_months_are_unchanged() {
    for version in versions() {
        let shelf = Shelf::new();
        copy(version, &shelf);
        let kept = fs::read_to_string(fixtures().join(format!("version-{version}.json"))).expect("the hashes");
        let kept: BTreeMap<String, String> = serde_json::from_str(&kept).expect("JSON");
        assert!(!kept.is_empty());
        let mut desk = open(&shelf);
        assert_eq!(sealed(&desk, kept.keys().cloned()), kept, "of version {version}");
        assert_eq!(desk.verify().expect("verify").finding, None, "of version {version}");
    }
}

#[test]
fn a_book_is_backed_up_as_it_was_before_it_is_brought_to_a_new_version() {
    for version in versions() {
        let shelf = Shelf::new();
        copy(version, &shelf);
        let view = open(&shelf).backups().expect("the backups");
        let [backup] = view.backups.as_slice() else { panic!("{:?}", view.backups) };
        assert_eq!((backup.why.as_str(), backup.sound), ("before a new version", "good"));
        drop(open(&shelf));
        assert_eq!(open(&shelf).backups().expect("the backups").backups.len(), 1, "there is nothing to do twice");

        // And back: the backup opens in the older Refbook's stead, since it is brought up again.
        desk::backups::restore_of(&shelf.book(), &backup.id, (&passphrase()).into(), refbook_tests::later())
            .expect("restored");
        assert_eq!(open(&shelf).verify().expect("verify").finding, None);
    }
}

#[test]
fn a_book_that_can_not_be_backed_up_is_left_at_its_version() {
    let shelf = Shelf::new();
    copy(1, &shelf);
    fs::write(shelf.book().join("backups"), "a file in the way").expect("written");
    let before = fs::read(shelf.book().join("book.db")).expect("the book");
    let error = Desk::open(&shelf.book(), &passphrase(), OlderCopy::Refuse).err().expect("refused");
    assert_eq!(error.code, desk::Code::BackupFailed, "{}", error.message);
    assert_eq!(fs::read(shelf.book().join("book.db")).expect("the book"), before);
    fs::remove_file(shelf.book().join("backups")).expect("out of the way");
    drop(open(&shelf));
}
