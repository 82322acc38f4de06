//! Voiding what a closed month stands on.

use desk::{Code, Desk, Month};
use refbook_tests::{Shelf, on};
use rules::records::RecordKind;
use serde_json::Value;

/// The page's example, with January closed: 100.00 was paid.
fn january_closed(shelf: &Shelf) -> Desk {
    let case: Value = serde_json::from_str(include_str!("../cases/the-page-example.json")).expect("JSON");
    let mut desk = shelf.create();
    desk.import("book.json", case["book"].to_string().as_bytes(), on("2025-02-01")).expect("imported");
    desk.close(month("2025-01"), on("2025-02-01"), |_| true).expect("closed");
    desk
}

fn month(name: &str) -> Month {
    Month::parse(name).expect("a month")
}

#[test]
fn what_was_paid_is_taken_back_though_the_only_referral_was_voided() {
    let shelf = Shelf::new();
    let mut desk = january_closed(&shelf);
    let records = [
        (RecordKind::Payment, "P1"),
        (RecordKind::Invoice, "I1"),
        (RecordKind::Contract, "K1"),
        (RecordKind::Referral, "R1"),
    ];
    for (kind, id) in records {
        desk.void(kind, id, "Never was one", on("2025-02-03")).unwrap_or_else(|error| panic!("{}", error.message));
    }
    let february = desk.statements(month("2025-02"), None).expect("statements").statements;
    let statement = &february.first().expect("the affiliate has a statement still").statement;
    assert_eq!(statement.reversed.to_string(), "-100.00");
    assert_eq!(statement.carried_forward.to_string(), "-100.00");
}

#[test]
fn an_affiliate_with_a_closed_statement_stays() {
    let shelf = Shelf::new();
    let mut desk = january_closed(&shelf);
    for (kind, id) in [(RecordKind::Contract, "K1"), (RecordKind::Referral, "R1")] {
        desk.void(kind, id, "Never was one", on("2025-02-03")).unwrap_or_else(|error| panic!("{}", error.message));
    }
    let refused = desk.void(RecordKind::Affiliate, "A1", "Left", on("2025-02-03")).expect_err("refused");
    assert_eq!(refused.code, Code::MonthClosed);
    assert!(refused.message.contains("January 2025"), "{}", refused.message);
}
