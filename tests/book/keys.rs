//! Who gets in, and what the key file says when it can't say yes.

use std::fs;

use desk::{Code, Desk, OlderCopy, Passphrase};
use refbook_tests::{Shelf, passphrase};

fn open_code(shelf: &Shelf, passphrase: &Passphrase) -> Option<Code> {
    Desk::open(&shelf.book(), passphrase, OlderCopy::Refuse).err().map(|error| error.code)
}

#[test]
fn a_wrong_passphrase_is_told_from_damage() {
    let shelf = Shelf::new();
    drop(shelf.create());
    let wrong = Passphrase::new("correct horse battery stapler".to_owned()).expect("not empty");
    assert_eq!(open_code(&shelf, &wrong), Some(Code::WrongPassphrase));
    assert_eq!(open_code(&shelf, &passphrase()), None);
}

#[test]
fn an_empty_passphrase_is_none() {
    assert!(Passphrase::new(String::new()).is_err());
}

#[test]
fn a_changed_key_file_is_damage_and_never_a_wrong_passphrase() {
    let shelf = Shelf::new();
    drop(shelf.create());
    let file = shelf.book().join("key.json");
    let whole = fs::read(&file).expect("a key file");
    for at in (0..whole.len()).step_by(7) {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        fs::write(&file, &changed).expect("written");
        assert_eq!(open_code(&shelf, &passphrase()), Some(Code::Damaged), "byte {at}");
    }
    fs::write(&file, &whole[..whole.len() / 2]).expect("written");
    assert_eq!(open_code(&shelf, &passphrase()), Some(Code::Damaged));
    fs::remove_file(&file).expect("removed");
    assert_eq!(open_code(&shelf, &passphrase()), Some(Code::Damaged));
    fs::write(&file, &whole).expect("written");
    assert_eq!(open_code(&shelf, &passphrase()), None);
}

#[test]
fn a_key_file_of_another_book_opens_nothing() {
    let (shelf, other) = (Shelf::new(), Shelf::new());
    drop(shelf.create());
    drop(other.create());
    fs::copy(other.book().join("key.json"), shelf.book().join("key.json")).expect("copied");
    assert_eq!(open_code(&shelf, &passphrase()), Some(Code::Damaged));
}

#[test]
fn nothing_of_the_key_or_of_the_records_is_readable_in_the_folder() {
    let shelf = Shelf::new();
    let mut desk = shelf.create();
    let file = r#"{"format": "refbook/1", "programme": {"company": "Findable Hosting", "phone": "555-0199", "currency": "USD",
        "standard_rate": "0.10", "maximum_rate": "0.10", "in_term_changes": "follow_contract", "minimum_payout": "0.00"}}"#;
    desk.import("file.json", file.as_bytes(), refbook_tests::later()).expect("the import");
    drop(desk);
    for entry in fs::read_dir(shelf.book()).expect("the folder") {
        let path = entry.expect("a file").path();
        let bytes = if path.is_file() { fs::read(&path).expect("its bytes") } else { continue };
        for secret in ["Findable", "555-0199", refbook_tests::PASSPHRASE, "CREATE TABLE"] {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{secret:?} stands in {}", path.display());
        }
    }
}

#[test]
fn one_program_at_a_time_has_a_book_open() {
    let shelf = Shelf::new();
    let desk = shelf.create();
    assert_eq!(open_code(&shelf, &passphrase()), Some(Code::InUse));
    drop(desk);
    assert_eq!(open_code(&shelf, &passphrase()), None);
}

#[test]
fn what_is_no_book_is_said_to_be_none() {
    let shelf = Shelf::new();
    assert_eq!(open_code(&shelf, &passphrase()), Some(Code::NotABook));
    fs::create_dir(shelf.book()).expect("a folder");
    assert_eq!(open_code(&shelf, &passphrase()), Some(Code::NotABook));
    let made = Desk::create(&shelf.book(), &passphrase()).err().map(|error| error.code);
    assert_eq!(made, Some(Code::Exists), "a folder that is there is never written over");
}
