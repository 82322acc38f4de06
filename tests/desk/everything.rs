//! The export of everything taken into a book: all of it or nothing, and over nothing that is there.

use std::fs;

use desk::biller::Letterhead;
use desk::reconcile::TypedPaid;
use desk::{Code, Desk, Month};
use refbook_tests::{Shelf, later};
use rules::records::RecordKind;
use serde_json::{Value, json};

const RECORDS: &str = r#"{"format": "refbook/1", "programme": {"company": "NetSource", "phone": "", "currency": "USD",
    "standard_rate": "0.10", "maximum_rate": "0.10", "in_term_changes": "follow_contract", "minimum_payout": "0.00"},
    "affiliates": [
        {"id": "A1", "name": "Dana Reyes", "own_companies": [], "domains": [], "agreement_signed_on": null, "remittance": "in_full"},
        {"id": "A2", "name": "Sam Field", "own_companies": [], "domains": [], "agreement_signed_on": null, "remittance": "in_full"}],
    "clients": [
        {"id": "C1", "name": "Acme Widgets", "domains": [], "customer_since": null},
        {"id": "C2", "name": "Quiet Waters", "domains": [], "customer_since": null}]}"#;

/// A book with something beside its records for A1 and A2, and notes on C1 and C2. All of it says `word`.
fn filled(shelf: &Shelf, word: &str, width: u32) -> Desk {
    let mut desk = shelf.create();
    desk.import("book.json", RECORDS.as_bytes(), later()).expect("the records");
    desk.set_logo(Some(&png(width)), later()).expect("a logo");
    for affiliate in ["A1", "A2"] {
        let form = Letterhead {
            address: word.to_owned(),
            tax_label: "Tax".to_owned(),
            days_to_pay: "30".to_owned(),
            ..Letterhead::default()
        };
        desk.set_letterhead(affiliate, &form, later()).expect("a letterhead");
        desk.set_biller_logo(affiliate, Some(&png(width)), later()).expect("a logo");
        desk.set_agreement(affiliate, Some((word, word.as_bytes())), later()).expect("an agreement");
        let paid = TypedPaid { number: word.to_owned(), client: String::new(), amount: "12.34".to_owned() };
        desk.set_paid(affiliate, month(), &[paid], later()).expect("what was paid");
    }
    for client in ["C1", "C2"] {
        desk.write_note(client, word, later()).expect("a note");
    }
    desk.keep_unsaved("form", word).expect("kept");
    desk
}

fn month() -> Month {
    Month::parse("2025-01").expect("a month")
}

fn png(width: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, 1);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(&vec![0; width as usize]).expect("a picture");
    writer.finish().expect("whole");
    bytes
}

/// What the book keeps beside its records, as an export of everything tells it: `beside.json` and the files.
fn beside(shelf: &Shelf, desk: &Desk, name: &str) -> (Value, Vec<Vec<u8>>) {
    let folder = shelf.path(name);
    desk.export_everything(&folder).expect("an export");
    let beside: Value = serde_json::from_slice(&fs::read(folder.join("beside.json")).expect("it")).expect("JSON");
    let names = beside["files"].as_array().expect("files").iter().map(|file| file["file"].as_str().expect("a name"));
    let files = names.map(|name| fs::read(folder.join("files").join(name)).expect("the file")).collect();
    (beside, files)
}

#[test]
fn what_is_kept_of_voided_affiliates_and_clients_does_not_keep_the_export_from_coming_back() {
    let (shelf, other) = (Shelf::new(), Shelf::new());
    let mut desk = filled(&shelf, "ours", 1);
    desk.void(RecordKind::Affiliate, "A2", "Never was one", later()).expect("voided");
    desk.void(RecordKind::Client, "C2", "Never was one", later()).expect("voided");
    let told = beside(&shelf, &desk, "everything");
    assert_eq!(told.0["notes"].as_array().map(Vec::len), Some(1), "{}", told.0);
    assert_eq!(told.0["what_was_paid"].as_array().map(Vec::len), Some(1), "{}", told.0);
    let mut copy = other.create();
    copy.import_everything(&shelf.path("everything"), later()).expect("the import");
    assert_eq!(beside(&other, &copy, "everything"), told);
}

#[test]
fn what_is_wrong_beside_the_records_keeps_the_records_out_too() {
    let shelf = Shelf::new();
    drop(beside(&shelf, &filled(&shelf, "ours", 1), "everything"));
    let file = shelf.path("everything").join("beside.json");
    let whole: Value = serde_json::from_slice(&fs::read(&file).expect("it")).expect("JSON");
    let agreement = whole["files"][1]["file"].clone();
    let other = Shelf::new();
    let mut desk = other.create();
    for (place, wrong, code) in [
        ("/owner", json!("A9"), Code::UnknownRecord),
        ("/notes/0/client", json!("C9"), Code::UnknownRecord),
        ("/what_was_paid/0/affiliate", json!("A9"), Code::UnknownRecord),
        ("/what_was_paid/0/month", json!("2025-13"), Code::Refused),
        ("/what_was_paid/0/lines/0/amount", json!("a lot"), Code::Refused),
        ("/letterheads/A1/tax_rate", json!("a tenth"), Code::Refused),
        ("/files/1/affiliate", json!("A9"), Code::UnknownRecord),
        // An agreement is no logo of the programme's.
        ("/files/0", json!({"affiliate": null, "kind": "agreement", "name": "x", "file": agreement}), Code::Refused),
    ] {
        let mut tampered = whole.clone();
        *tampered.pointer_mut(place).expect(place) = wrong;
        fs::write(&file, tampered.to_string()).expect("written");
        let told = desk.preview_everything(&shelf.path("everything")).expect_err(place);
        let error = desk.import_everything(&shelf.path("everything"), later()).expect_err(place);
        assert_eq!((error.code, &error), (code, &told), "{place}");
        assert!(!desk.export().expect("an export").contains("Dana"), "{place}: nothing was taken");
    }
    fs::write(&file, whole.to_string()).expect("written");
    desk.import_everything(&shelf.path("everything"), later()).expect("the import");
}

#[test]
fn what_the_book_has_beside_its_records_stays() {
    let (shelf, other) = (Shelf::new(), Shelf::new());
    drop(beside(&shelf, &filled(&shelf, "theirs", 2), "everything"));
    let mut desk = filled(&other, "ours", 1);
    let before = beside(&other, &desk, "before");
    desk.import_everything(&shelf.path("everything"), later()).expect("the import");
    let (mut after, files) = beside(&other, &desk, "after");
    let notes = after["notes"].as_array().expect("notes").clone();
    assert_eq!(notes.len(), 4, "notes are added: none takes another's place");
    after["notes"] = json!(notes[..2]);
    assert_eq!((after, files), before);
}

#[test]
fn an_undone_import_of_everything_may_come_again() {
    let (shelf, other) = (Shelf::new(), Shelf::new());
    let told = beside(&shelf, &filled(&shelf, "ours", 1), "everything");
    let mut desk = other.create();
    desk.import_everything(&shelf.path("everything"), later()).expect("the import");
    desk.undo(later()).expect("undone");
    assert!(!desk.export().expect("an export").contains("Dana"));
    desk.import_everything(&shelf.path("everything"), later()).expect("again");
    assert_eq!(beside(&other, &desk, "again"), told);
}
