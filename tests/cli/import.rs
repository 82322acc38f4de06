//! Importing and exporting: all or nothing, in words and as JSON.

use std::fs;

use serde_json::{Value, json};

use crate::{Place, text};

fn place_with(file: &Value) -> Place {
    let place = Place::new();
    place.done(&["new", "BOOK"]);
    fs::write(place.path("file.json"), file.to_string()).expect("written");
    place
}

fn programme() -> Value {
    json!({"company": "NetSource", "phone": "", "currency": "USD", "standard_rate": "0.10", "maximum_rate": "0.10",
        "in_term_changes": "follow_contract", "minimum_payout": "0.00"})
}

fn affiliate() -> Value {
    json!({"id": "A1", "name": "Dana Reyes", "own_companies": [], "domains": [], "agreement_signed_on": null,
        "remittance": "in_full"})
}

#[test]
fn a_refused_import_lists_every_problem_and_keeps_nothing() {
    let place = place_with(&json!({
        "format": "refbook/1", "programme": programme(), "affiliates": [affiliate()],
        "adjustments": [
            {"id": "J1", "affiliate": "A9", "month": "2025-01", "amount": "1.00", "reason": "bonus"},
            {"id": "J2", "affiliate": "A1", "month": "2025-01", "amount": 1.5, "reason": "bonus"},
            {"id": "J3", "affiliate": "A1", "month": "January", "amount": "1.005", "reason": "bonus", "note": "x"},
        ],
    }));
    let output = place.run(&["import", "BOOK", "file.json", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let problems: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let mut found: Vec<(&str, &str)> = problems["problems"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| (one["code"].as_str().expect("a code"), one["at"].as_str().expect("a place")))
        .collect();
    found.sort_unstable();
    assert_eq!(
        found,
        [
            ("unknown_reference", "adjustments[0].affiliate"),
            ("unreadable", "adjustments[1].amount"),
            ("unreadable", "adjustments[2].amount"),
            ("unreadable", "adjustments[2].month"),
            ("unreadable", "adjustments[2].note"),
        ]
    );
    let words = place.refused(&["import", "BOOK", "file.json"]);
    assert!(words.contains("5 problems") && words.contains("\"1.005\"") && words.contains("\"A9\""), "{words}");
    assert!(place.refused(&["statement", "BOOK", "--month", "2025-01"]).contains("no programme yet"));
}

#[test]
fn a_dry_run_says_what_would_change_to_the_cent_and_changes_nothing() {
    let place = place_with(&json!({
        "format": "refbook/1", "programme": programme(), "affiliates": [affiliate()],
        "adjustments": [{"id": "J1", "affiliate": "A1", "month": "2025-01", "amount": "1234.50", "reason": "bonus"}],
    }));
    let told = place.done(&["import", "BOOK", "file.json", "--dry-run"]);
    assert!(told.contains("would change") && told.contains("1,234.50") && told.contains("dry run"), "{told}");
    let imported = place.done(&["import", "BOOK", "file.json"]);
    assert!(imported.contains("Imported file.json") && imported.contains("1,234.50"), "{imported}");
    assert!(place.done(&["import", "BOOK", "file.json"]).contains("already"));
    fs::write(
        place.path("file.json"),
        json!({"format": "refbook/1", "adjustments": [
            {"id": "J1", "affiliate": "A1", "month": "2025-01", "amount": "1200.00", "reason": "bonus"}]})
        .to_string(),
    )
    .expect("written");
    let corrected = place.done(&["import", "BOOK", "file.json", "--dry-run", "--json"]);
    let corrected: Value = serde_json::from_str(&corrected).expect("JSON");
    assert_eq!(
        corrected["records"][0],
        json!({"kind": "adjustments", "new": 0, "corrected": 1, "unchanged": 0,
        "amount": null, "correction": "-34.50"})
    );
}

#[test]
fn a_file_that_is_no_json_is_told_where() {
    let place = place_with(&json!({}));
    fs::write(place.path("file.json"), "{\"format\": \"refbook/1\",\n  oops}").expect("written");
    let words = place.refused(&["import", "BOOK", "file.json"]);
    assert!(words.contains("line 2"), "{words}");
    assert!(place.refused(&["import", "BOOK", "nowhere.json"]).contains("\"nowhere.json\" could not be read"));
}

#[test]
fn an_export_imports_into_an_equal_book() {
    let place = Place::sample();
    place.done(&["export", "BOOK", "--out", "whole.json"]);
    let whole = fs::read_to_string(place.path("whole.json")).expect("the export");
    assert_eq!(place.done(&["export", "BOOK"]), whole, "standard output is the same");
    let copy = Place::new();
    fs::write(copy.path("whole.json"), &whole).expect("written");
    copy.done(&["new", "BOOK"]);
    copy.done(&["import", "BOOK", "whole.json"]);
    assert_eq!(copy.done(&["export", "BOOK"]), whole);
}

#[test]
fn a_near_miss_is_told_and_does_not_refuse() {
    let mut affiliate = affiliate();
    affiliate["own_companies"] = json!(["Reyes Consulting LLC"]);
    let place = place_with(&json!({
        "format": "refbook/1", "programme": programme(), "affiliates": [affiliate],
        "clients": [{"id": "C1", "name": "Reyez Consulting", "domains": [], "customer_since": null}],
        "referrals": [{"id": "R1", "affiliate": "A1", "client": "C1", "registered_on": "2025-01-01"}],
    }));
    let output = place.run(&["import", "BOOK", "file.json"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stderr).contains("Reyez Consulting"), "{}", text(&output.stderr));
}
