//! What forms record: ids are given, all is checked, and what is like something in the book is to be confirmed.

use desk::{Code, Desk, Now, RecordKind};
use refbook_tests::Shelf;
use rules::day::parse;
use serde_json::{Value, json};

fn now() -> Now {
    Now { at: chrono::Utc::now(), today: parse("2026-01-03").expect("a day") }
}

fn registration(name: &str, domains: &[&str]) -> Value {
    json!({
        "clients": [{ "id": "new:client", "name": name, "domains": domains, "customer_since": null }],
        "referrals": [{
            "id": "new:referral", "affiliate": "A02", "client": "new:client", "registered_on": "2026-01-02"
        }],
    })
}

fn check(desk: &Desk, document: &Value) -> (usize, Vec<String>) {
    let seen = desk.check(document.to_string().as_bytes(), now()).expect("checked");
    (seen.problems.len(), seen.near_misses)
}

#[test]
fn each_new_record_gets_the_next_id_of_its_kind_and_a_referral_its_receipt() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    let document = registration("Quiet Waters Spa", &[]).to_string();
    let recorded = desk.record("Referral registered", document.as_bytes(), now()).expect("recorded");
    let client = desk.record_of(RecordKind::Client, &recorded.ids["new:client"]).expect("a client");
    assert_eq!(client["name"], "Quiet Waters Spa");
    let referral = desk.record_of(RecordKind::Referral, &recorded.ids["new:referral"]).expect("a referral");
    assert_eq!(referral["client"], recorded.ids["new:client"].as_str());
    let receipt = shelf.path("receipt.pdf");
    desk.print_receipt(&recorded.ids["new:referral"], &receipt, desk::PageSize::A4).expect("printed");
    assert!(receipt.is_file());
    assert_eq!(desk.verify().expect("verified").finding, None);
}

#[test]
fn the_sample_to_look_around_in_is_a_book_like_any_other() {
    let shelf = Shelf::new();
    let mut desk = Desk::look_around().expect("a sample");
    assert_eq!(desk.export().expect("an export"), shelf.sample().export().expect("an export"));
    assert_eq!(desk.verify().expect("verified").finding, None);
    let document = registration("Quiet Waters Spa", &[]).to_string();
    desk.record("Referral registered", document.as_bytes(), now()).expect("recorded");
    desk.undo(now()).expect("undone");
}

#[test]
fn a_company_that_is_in_the_book_under_another_spelling_is_to_be_confirmed() {
    let shelf = Shelf::new();
    let desk = shelf.sample();
    for (name, domains) in [
        ("ACME Widgets", &[][..]),
        ("Acme Widgets, L.L.C.", &[]),
        ("Acme Widgest Inc", &[]),
        ("Another Name", &["www.acme-widgets.example"]),
    ] {
        let (problems, near) = check(&desk, &registration(name, domains));
        assert_eq!(problems, 0, "{name}");
        assert!(near.iter().any(|near| near.contains("\"Acme Widgets Inc\"")), "{name}: {near:?}");
    }
    assert_eq!(check(&desk, &registration("Quiet Waters Spa", &["quiet-waters.example"])), (0, Vec::new()));
}

#[test]
fn what_is_only_now_being_recorded_is_not_called_by_an_id_that_nobody_has_seen() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    let contract = json!({ "contracts": [{
        "id": "new:contract", "referral": "R01", "signed_on": "2020-01-02", "starts_on": "2026-01-01", "term_months": 12,
        "ended_on": null, "rate": "0.10", "billed_by": "company", "changes": [],
        "lines": [{ "kind": "hosting", "description": "", "amount": "10.00" }],
    }] });
    let refused = desk.record("Contract recorded", contract.to_string().as_bytes(), now()).expect_err("too early");
    let message = &refused.fields[0].message;
    assert!(
        message.starts_with("This contract was signed on 2 Jan 2020, before its referral was registered on"),
        "{message}"
    );
    let again = json!({ "referrals": [{
        "id": "new:referral", "affiliate": "A02", "client": "C01", "registered_on": "2026-01-02"
    }] });
    let seen = desk.check(again.to_string().as_bytes(), now()).expect("checked");
    let message = &seen.problems[0].message;
    assert!(message.starts_with("\"Acme Widgets Inc\" was referred by affiliate \""), "{message}");
    assert!(!message.contains("\"R") && !message.contains("\"A0"), "{message}");
}

#[test]
fn a_book_is_begun_with_a_passphrase_that_is_not_soon_guessed() {
    let shelf = Shelf::new();
    let form = serde_json::from_value(json!({
        "owner": "office", "company": "NetSource", "phone": "", "currency": "USD", "name": "", "own_companies": [],
        "domains": [],
    }));
    let form = form.expect("a form");
    let begin = |words: &str| {
        let passphrase = desk::Passphrase::new(words.to_owned()).expect("not empty");
        Desk::begin(&shelf.book(), &passphrase, &form, now()).map(|_| ())
    };
    let refused = begin("eleven char").expect_err("too short");
    assert_eq!((refused.code, refused.fields[0].at.as_str()), (Code::Refused, "passphrase"));
    assert!(!shelf.book().exists(), "nothing is left behind");
    begin("twelve chars").expect("begun");
}

#[test]
fn what_is_refused_keeps_nothing_and_says_where() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    let before = desk.export().expect("an export");
    let document = registration("Reyes Consulting", &[]).to_string();
    let refused = desk.record("Referral registered", document.as_bytes(), now()).expect_err("its own company");
    assert_eq!((refused.code, refused.fields.len()), (Code::Refused, 1));
    assert_eq!(refused.fields[0].at, "referrals[0].client");
    assert_eq!(desk.export().expect("an export"), before);
    assert_eq!(desk.record("Nothing", b"{", now()).expect_err("no JSON").code, Code::Failed);
}
