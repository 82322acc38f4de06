//! A month's work on the sample, as whoever prints the statements does it.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::{Place, text};

#[test]
fn a_month_goes_from_drafts_to_sealed_pdfs_that_anyone_can_check() {
    let place = Place::sample();
    let drafts = place.done(&["statement", "BOOK", "--month", "2025-12"]);
    assert!(drafts.contains("draft"), "{drafts}");
    let closed = place.done(&["close", "BOOK", "--through", "2025-12"]);
    assert!(closed.contains("Closed 2025-12"), "{closed}");
    assert!(place.done(&["statement", "BOOK", "--month", "2025-12"]).contains("sealed"));
    place.done(&["print", "BOOK", "--month", "2025-12", "--out", "pdfs"]);
    let statements: Value =
        serde_json::from_str(&place.done(&["statement", "BOOK", "--month", "2025-12", "--json"])).expect("JSON");
    let statements = statements["statements"].as_array().expect("a list");
    let mut files: Vec<_> =
        fs::read_dir(place.path("pdfs")).expect("the folder").map(|file| file.expect("a file").path()).collect();
    files.sort();
    assert_eq!(files.len(), statements.len(), "one PDF an affiliate, and nothing else");
    for file in &files {
        let read = Command::new("pdftotext")
            .args(["-layout".as_ref(), file.as_os_str(), "-".as_ref()])
            .output()
            .expect("pdftotext");
        assert!(text(&read.stdout).contains("December 2025"), "{}", file.display());
    }
    assert!(place.done(&["verify", "BOOK"]).contains("All as it was written"));
}

#[test]
fn a_statement_explains_every_line_in_plain_words() {
    let place = Place::sample();
    let statements: Value =
        serde_json::from_str(&place.done(&["statement", "BOOK", "--month", "2025-12", "--json"])).expect("JSON");
    let mut asked = 0;
    for line in statements["statements"]
        .as_array()
        .expect("a list")
        .iter()
        .flat_map(|one| one["lines"].as_array().expect("lines"))
        .take(12)
    {
        let invoice = line["invoice"].as_str().expect("an id");
        let words = place.done(&["why", "BOOK", "--invoice", invoice, "--month", "2025-12"]);
        assert!(words.contains(line["number"].as_str().expect("a number")), "{words}");
        assert!(words.contains("1. Billed.") && words.contains("The page: “"), "{words}");
        assert_eq!(place.done(&["why", "BOOK", "--invoice", line["number"].as_str().expect("a number")]), words);
        asked += 1;
    }
    assert!(asked > 5, "the sample's newest month has {asked} lines");
    assert!(place.refused(&["why", "BOOK", "--invoice", "nothing"]).contains("\"nothing\""));
}

#[test]
fn a_reopened_month_is_a_draft_until_it_is_closed_again() {
    let place = Place::sample();
    let closed = place.done(&["statement", "BOOK", "--month", "2025-11", "--json"]);
    let words = place.done(&["reopen", "BOOK", "--month", "2025-11", "--reason", "a payment was missing"]);
    assert!(words.contains("Reopened 2025-11"), "{words}");
    assert!(place.done(&["statement", "BOOK", "--month", "2025-11"]).contains("draft"));
    place.done(&["close", "BOOK", "--through", "2025-11"]);
    let again = place.done(&["statement", "BOOK", "--month", "2025-11", "--json"]);
    let lines = |json: &str| serde_json::from_str::<Value>(json).expect("JSON")["statements"][0]["lines"].clone();
    assert_eq!(lines(&again), lines(&closed));
    assert!(again.contains("-r2"));
}

#[test]
fn the_sample_is_the_same_every_time() {
    let (one, other) = (Place::sample(), Place::sample());
    let statement = ["statement", "BOOK", "--month", "2025-11", "--json"];
    assert_eq!(one.done(&statement), other.done(&statement), "seals included");
    let large = Place::new();
    large.done(&["sample", "BOOK", "--contracts", "60", "--months", "4"]);
    assert!(large.done(&["verify", "BOOK"]).contains("closed statements"));
    assert!(large.done(&["statement", "BOOK", "--month", "2025-12"]).contains("draft"));
}

#[test]
fn a_print_that_can_not_write_says_so() {
    let place = Place::sample();
    fs::write(place.path("in-the-way"), "a file").expect("written");
    let words = place.refused(&["print", "BOOK", "--month", "2025-12", "--out", "in-the-way"]);
    assert!(words.starts_with("refbook: "), "{words}");
    assert!(
        place
            .refused(&["print", "BOOK", "--month", "2025-12", "--affiliate", "A99", "--out", "pdfs"])
            .contains("\"A99\"")
    );
}
