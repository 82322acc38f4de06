//! A record of every kind corrected by an import, while what it touches is still open.

use desk::sample::{last_month, small};
use desk::{Desk, Now};
use exchange::book::write;
use refbook_tests::{Shelf, passphrase};
use rules::day::parse;
use serde_json::{Value, json};

/// Where, and what stands there afterwards.
const CORRECTIONS: [(&str, &str); 10] = [
    ("/programme/phone", "(555) 010-0100"),
    ("/affiliates/0/name", "Another Name"),
    ("/clients/0/name", "Another Company Inc"),
    ("/contracts/0/lines/0/description", "Another server"),
    ("/invoices/0/number", "ANOTHER-1"),
    ("/payments/0/amount", "1.00"),
    ("/refunds/0/amount", "1.00"),
    ("/credit_notes/0/lines/0/amount", "1.00"),
    ("/remittances/0/amount", "1.00"),
    ("/adjustments/0/reason", "Another reason"),
];

fn now() -> Now {
    Now { at: chrono::Utc::now(), today: parse("2026-01-03").expect("a day") }
}

fn book_of(shelf: &Shelf, file: &str) -> Desk {
    let mut desk = Desk::create(&shelf.book(), &passphrase()).expect("a book");
    desk.import("book.json", file.as_bytes(), now()).expect("imported");
    desk
}

#[test]
fn a_corrected_record_of_any_kind_leaves_the_book_as_if_it_had_been_right_from_the_start() {
    let file = write(&small());
    let mut corrected: Value = serde_json::from_str(&file).expect("JSON");
    let (first, second) = (Shelf::new(), Shelf::new());
    let mut desk = book_of(&first, &file);
    for (place, text) in CORRECTIONS {
        *corrected.pointer_mut(place).unwrap_or_else(|| panic!("{place} is in the sample")) = json!(text);
        let imported = desk.import("corrected.json", corrected.to_string().as_bytes(), now());
        let imported = imported.unwrap_or_else(|error| panic!("{place}: {}", error.message));
        let count: usize = imported.tallies.iter().map(|tally| tally.corrected).sum();
        assert_eq!(count, 1, "{place}");
    }
    let right = book_of(&second, &corrected.to_string());
    assert_eq!(desk.export().expect("an export"), right.export().expect("an export"));
    let statements = |desk: &Desk| desk.statements(last_month(), None).expect("statements").json();
    assert!(statements(&desk) == statements(&right));
}

#[test]
fn two_invoices_swap_their_numbers_and_an_undo_swaps_them_back() {
    let file = write(&small());
    let mut swapped: Value = serde_json::from_str(&file).expect("JSON");
    let numbers = [swapped["invoices"][0]["number"].clone(), swapped["invoices"][1]["number"].clone()];
    swapped["invoices"][0]["number"] = numbers[1].clone();
    swapped["invoices"][1]["number"] = numbers[0].clone();
    let shelf = Shelf::new();
    let mut desk = book_of(&shelf, &file);
    desk.import("swapped.json", swapped.to_string().as_bytes(), now()).expect("imported");
    let exported: Value = serde_json::from_str(&desk.export().expect("an export")).expect("JSON");
    assert_eq!([&exported["invoices"][0]["number"], &exported["invoices"][1]["number"]], [&numbers[1], &numbers[0]]);
    desk.undo(now()).expect("undone");
    assert_eq!(desk.export().expect("an export"), file);
}

/// The sample's export with another name in the first record of a kind: the file of another book, by its ids.
fn renamed(kind: &str, member: &str, name: &str) -> Value {
    let file: Value = serde_json::from_str(&write(&small())).expect("JSON");
    let mut record = file[kind][0].clone();
    record[member] = name.into();
    json!({ "format": "refbook/1", kind: [record] })
}

fn to_confirm(desk: &Desk, file: &Value) -> Vec<(String, String)> {
    let preview = desk.preview(file.to_string().as_bytes()).unwrap_or_else(|error| panic!("{:?}", error.fields));
    preview.near_misses.into_iter().map(|near| (near.at, near.message)).collect()
}

#[test]
fn a_record_that_would_take_the_place_of_another_is_to_be_confirmed() {
    let shelf = Shelf::new();
    let desk = shelf.sample();
    let sample = small();
    for (kind, member, words, name) in [
        ("affiliates", "name", "affiliate", &sample.affiliates[0].name),
        ("clients", "name", "client", &sample.clients[0].name),
    ] {
        let file = renamed(kind, member, "Blue Heron");
        let id = file[kind][0]["id"].as_str().expect("an id");
        let message = format!(
            "The {words} {id} is \"{name}\" in the book, and \"Blue Heron\" in the file: the file's takes its place."
        );
        assert_eq!(to_confirm(&desk, &file), [(format!("{kind}[0]"), message)]);
        assert_eq!(to_confirm(&desk, &renamed(kind, member, &name.to_uppercase())), [], "the same name");
    }
}

#[test]
fn a_quote_of_another_prospect_is_told_with_both_names() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    let quotes = small().quotes;
    let mut draft = serde_json::to_value(&quotes[0]).expect("JSON");
    (draft["id"], draft["prospect"], draft["stage"]) = ("Q90".into(), "Blue Heron".into(), "draft".into());
    desk.record("Quoted", json!({ "quotes": [draft] }).to_string().as_bytes(), now()).expect("a draft");
    let mut other = draft.clone();
    other["prospect"] = "Lindqvist Cold Storage".into();
    let file = json!({ "format": "refbook/1", "quotes": [other] });
    let message = "The quote Q90 is of \"Blue Heron\" in the book, and of \"Lindqvist Cold Storage\" in the file: the \
                   file's takes its place.";
    assert_eq!(to_confirm(&desk, &file), [("quotes[0]".to_owned(), message.to_owned())]);

    draft["stage"] = "sent".into();
    desk.record("Sent", json!({ "quotes": [draft] }).to_string().as_bytes(), now()).expect("sent");
    let refused = desk.preview(file.to_string().as_bytes()).expect_err("it was sent");
    let problem = (refused.fields[0].at.as_str(), refused.fields[0].message.as_str());
    let message = "The quote Q90 is of \"Blue Heron\" in the book, and was sent; in the file it is of \"Lindqvist Cold \
                   Storage\". The ids clash: give the file's another id.";
    assert_eq!(problem, ("quotes[0].version", message));
}
