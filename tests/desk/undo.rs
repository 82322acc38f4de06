//! Undo: after it the book says what it said before, and so do the statements of its open month.

use desk::sample::{last_month, small};
use desk::{Code, Desk, Now, RecordKind};
use exchange::book::write;
use refbook_tests::{Shelf, passphrase};
use rules::day::parse;
use serde_json::{Value, json};

fn now() -> Now {
    Now { at: chrono::Utc::now(), today: parse("2026-01-03").expect("a day") }
}

fn sample(shelf: &Shelf) -> Desk {
    let mut desk = Desk::create(&shelf.book(), &passphrase()).expect("a book");
    desk.import("book.json", write(&small()).as_bytes(), now()).expect("imported");
    desk
}

/// All that the book says of its records and of the open month.
fn said(desk: &Desk) -> (String, Vec<u8>) {
    (desk.export().expect("an export"), desk.statements(last_month(), None).expect("statements").json())
}

/// Records a form's document, and takes it back.
#[track_caller]
fn there_and_back(desk: &mut Desk, document: &Value) {
    let before = said(desk);
    desk.record("Something recorded", document.to_string().as_bytes(), now()).expect("recorded");
    assert!(said(desk) != before, "it changed something");
    assert_eq!(desk.undo_offered().expect("an offer").as_deref(), Some("Something recorded"));
    assert_eq!(desk.undo(now()).expect("undone"), "Something recorded");
    assert!(said(desk) == before, "as before");
}

fn payment_of_everything(desk: &Desk) -> Value {
    let book: Value = serde_json::from_str(&desk.export().expect("an export")).expect("JSON");
    let invoices = book["invoices"].as_array().expect("invoices").iter().enumerate();
    let payments: Vec<Value> = invoices
        .map(|(nth, invoice)| {
            let id = format!("new:payment:{nth}");
            json!({ "id": id, "invoice": invoice["id"], "received_on": "2025-12-30", "amount": "9999.00" })
        })
        .collect();
    json!({ "payments": payments })
}

#[test]
fn what_a_form_recorded_is_taken_back() {
    let shelf = Shelf::new();
    let mut desk = sample(&shelf);
    let client = json!({ "id": "new:client", "name": "Quiet Waters Spa", "domains": [], "customer_since": null });
    let referral =
        json!({ "id": "new:referral", "affiliate": "A02", "client": "new:client", "registered_on": "2025-12-02" });
    there_and_back(&mut desk, &json!({ "clients": [client], "referrals": [referral] }));
    let everything = payment_of_everything(&desk);
    there_and_back(&mut desk, &everything);
    let version = json!({ "effective_on": "2025-01-01", "in_term_changes": "hold_original" });
    there_and_back(&mut desk, &json!({ "terms": [version] }));
    let adjustment = json!({ "id": "new:adjustment", "affiliate": "A02", "month": "2025-12", "amount": "-5.00", "reason": "Postage" });
    there_and_back(&mut desk, &json!({ "adjustments": [adjustment] }));
}

#[test]
fn what_was_corrected_is_as_before() {
    let shelf = Shelf::new();
    let mut desk = sample(&shelf);
    let corrections = [
        (RecordKind::Programme, "programme", "/phone", json!("(555) 010-0100")),
        (RecordKind::Affiliate, "A01", "/name", json!("Another Name")),
        (RecordKind::Client, "C01", "/name", json!("Another Company Inc")),
        (RecordKind::Contract, "K01", "/lines/0/amount", json!("1.00")),
        (RecordKind::Contract, "K01", "/rate", json!("0.05")),
    ];
    for (kind, id, place, value) in corrections {
        let mut record = desk.record_of(kind, id).expect("a record");
        *record.pointer_mut(place).expect(place) = value;
        let list = if kind == RecordKind::Programme { record } else { json!([record]) };
        there_and_back(&mut desk, &json!({ kind.member(): list }));
    }
}

#[test]
fn a_whole_import_is_taken_back_and_can_be_done_again() {
    let shelf = Shelf::new();
    let mut desk = Desk::create(&shelf.book(), &passphrase()).expect("a book");
    let file = write(&small());
    let empty = desk.export().expect("an export");
    desk.import("book.json", file.as_bytes(), now()).expect("imported");
    let full = said(&desk);
    assert_eq!(desk.undo(now()).expect("undone"), "Import of book.json");
    assert_eq!(desk.export().expect("an export"), empty);
    assert_eq!(desk.undo_offered().expect("an offer"), None);
    desk.import("book.json", file.as_bytes(), now()).expect("imported again");
    assert!(said(&desk) == full, "as the first time");
    assert_eq!(desk.verify().expect("verified").finding, None);
}

#[test]
fn what_was_voided_is_back() {
    let shelf = Shelf::new();
    let mut desk = sample(&shelf);
    let before = said(&desk);
    let book: Value = serde_json::from_str(&before.0).expect("JSON");
    let id = book["invoices"][0]["id"].as_str().expect("an id").to_owned();
    let number = book["invoices"][0]["number"].as_str().expect("a number").to_owned();
    desk.void(RecordKind::Invoice, &id, "Entered twice", now()).expect("voided");
    assert!(said(&desk) != before);
    assert_eq!(desk.undo(now()).expect("undone"), format!("The invoice {number} voided"));
    assert!(said(&desk) == before);
    let refused = desk.import("again.json", before.0.as_bytes(), now());
    assert!(refused.expect("imported").changes_nothing());
}

#[test]
fn a_closed_month_ends_what_can_be_undone() {
    let shelf = Shelf::new();
    let mut desk = sample(&shelf);
    let first = desk.months(now().today).expect("months").open.expect("an open month").month;
    let first = desk::Month::parse(&first).expect("a month");
    desk.close(first, now(), |_| true).expect("closed");
    assert_eq!(desk.undo_offered().expect("an offer"), None);
    assert_eq!(desk.undo(now()).expect_err("refused").code, Code::Needed);
}

#[test]
fn what_a_later_record_leans_on_stays() {
    let shelf = Shelf::new();
    let mut desk = sample(&shelf);
    let book: Value = serde_json::from_str(&desk.export().expect("an export")).expect("JSON");
    let invoice = &book["invoices"][0]["id"];
    // An id that a refund's own batch gives beside the payment that covers it: both go, in the right order.
    let payment = json!({ "id": "new:payment", "invoice": invoice, "received_on": "2025-12-01", "amount": "500.00" });
    let refund = json!({ "id": "new:refund", "invoice": invoice, "refunded_on": "2025-12-02", "amount": "500.00" });
    there_and_back(&mut desk, &json!({ "payments": [payment], "refunds": [refund] }));
}

#[test]
fn a_registration_that_an_import_brings_back_is_still_that_of_its_receipt() {
    let shelf = Shelf::new();
    let mut desk = sample(&shelf);
    let client = json!({ "id": "new:client", "name": "Quiet Waters Spa", "domains": [], "customer_since": null });
    let referral =
        json!({ "id": "new:referral", "affiliate": "A02", "client": "new:client", "registered_on": "2025-12-02" });
    let document = json!({ "clients": [client], "referrals": [referral] }).to_string();
    desk.record("Quiet Waters Spa registered", document.as_bytes(), now()).expect("registered");
    let file = desk.export().expect("an export");
    desk.undo(now()).expect("undone");
    let later = Now { at: now().at + chrono::Duration::days(1), ..now() };
    desk.import("book.json", file.as_bytes(), later).expect("imported");
    assert_eq!(desk.verify().expect("verified").finding, None);
}
