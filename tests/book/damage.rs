//! Damage is named, never taken for something else, and never a figure.

use std::fs;
use std::path::PathBuf;

use desk::{Code, Desk, DeskError, OlderCopy};
use exchange::book::write;
use refbook_tests::{Shelf, later, passphrase};
use rules::month::Month;

/// A book with closed months in it.
fn shelf() -> Shelf {
    let shelf = Shelf::new();
    let mut desk = shelf.create();
    desk.import("small.json", write(&desk::sample::small()).as_bytes(), later()).expect("the import");
    desk.close(Month::parse("2024-06").expect("a month"), later(), |_| true).expect("it closes");
    shelf
}

fn file(shelf: &Shelf) -> PathBuf {
    shelf.book().join("book.db")
}

/// What opening and verifying says.
fn told(shelf: &Shelf) -> Result<Option<String>, DeskError> {
    let mut desk = Desk::open(&shelf.book(), &passphrase(), OlderCopy::Refuse)?;
    Ok(desk.verify()?.finding.map(|finding| finding.what))
}

#[test]
fn a_flipped_bit_is_found_wherever_it_is() {
    let shelf = shelf();
    let whole = fs::read(file(&shelf)).expect("the book");
    assert_eq!(told(&shelf).expect("it opens"), None);
    // The first pages and a sample of the others, each at another place in it: an opening costs a guess at the passphrase.
    let pages = whole.len() / 4096;
    for page in (0..4).chain((4..pages).step_by(pages / 12)) {
        let mut flipped = whole.clone();
        flipped[page * 4096 + page * 37 % 4096] ^= 1 << (page % 8);
        fs::write(file(&shelf), &flipped).expect("written");
        match told(&shelf) {
            Ok(Some(_)) => {}
            Ok(None) => panic!("page {page}: not found"),
            Err(error) => assert_eq!(error.code, Code::Damaged, "page {page}: {error:?}"),
        }
    }
}

#[test]
fn a_truncated_book_is_damaged() {
    let shelf = shelf();
    let whole = fs::read(file(&shelf)).expect("the book");
    for keep in [0, 100, 4096, 4096 * 3, whole.len() / 2, whole.len() - 4096, whole.len() - 1] {
        fs::write(file(&shelf), &whole[..keep]).expect("written");
        match told(&shelf) {
            Ok(finding) => assert!(finding.is_some(), "cut to {keep} bytes: not found"),
            Err(error) => {
                let named = matches!(error.code, Code::Damaged | Code::OlderCopy);
                assert!(named, "cut to {keep} bytes: {error:?}");
            }
        }
    }
}

#[test]
fn a_plain_database_in_its_place_is_refused() {
    let shelf = shelf();
    fs::remove_file(file(&shelf)).expect("removed");
    let plain = rusqlite::Connection::open(file(&shelf)).expect("a database");
    plain.execute_batch("CREATE TABLE plain (key INTEGER) STRICT;").expect("a table");
    drop(plain);
    assert_eq!(told(&shelf).expect_err("refused").code, Code::Damaged);
}

#[test]
fn an_older_copy_put_back_is_noticed_and_can_be_accepted() {
    let shelf = shelf();
    let older = fs::read(file(&shelf)).expect("the book");
    shelf.open().close(Month::parse("2024-07").expect("a month"), later(), |_| true).expect("it closes");
    fs::write(file(&shelf), &older).expect("put back");
    let error = told(&shelf).expect_err("it is older");
    assert_eq!(error.code, Code::OlderCopy);
    assert!(error.message.contains("--accept-older-copy"), "{}", error.message);
    drop(Desk::open(&shelf.book(), &passphrase(), OlderCopy::Accept).expect("accepted"));
    assert_eq!(told(&shelf).expect("the newest now"), None);
}

#[test]
fn a_head_that_is_missing_or_changed_is_noticed() {
    let shelf = shelf();
    let head = shelf.book().join("head.json");
    let text = fs::read_to_string(&head).expect("the head");
    fs::write(&head, text.replacen("\"sequence\":", "\"sequence\":1", 1)).expect("written");
    assert_eq!(told(&shelf).expect_err("changed").code, Code::Unproven);
    fs::remove_file(&head).expect("removed");
    assert_eq!(told(&shelf).expect_err("missing").code, Code::Unproven);
    fs::write(&head, text).expect("written");
    assert_eq!(told(&shelf).expect("as it was"), None);
}
