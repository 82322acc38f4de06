//! Quotes: answered under the book's terms or the published ones, kept in versions, accepted as contracts.

use desk::quotes::{AcceptanceView, WhatIfs, quote_view_without_book};
use desk::record::RecordedView;
use desk::{Code, Desk, DeskError, RecordKind};
use refbook_tests::{Shelf, on};
use serde_json::{Value, json};

const TODAY: &str = "2026-01-05";

fn quote(changes: &Value) -> Value {
    let mut quote = json!({
        "id": "new:quote", "version": 1, "prospect": "Ironwood Labs", "domains": ["ironwood.example"],
        "affiliate": "A03", "quoted_on": TODAY, "valid_until": "2026-02-04",
        "lines": [{"kind": "hosting", "description": "Servers", "amount": "1000.00"},
            {"kind": "setup", "description": "", "amount": "1500.00"}],
        "term_months": 24, "starts_on": "2026-02-01", "rate": "0.08", "billed_by": "company",
        "remittance": "in_full", "days_to_pay": 20, "stage": "draft", "contract": null,
    });
    for (member, value) in changes.as_object().expect("members") {
        quote[member] = value.clone();
    }
    quote
}

fn document(quote: &Value) -> Vec<u8> {
    json!({ "quotes": [quote] }).to_string().into_bytes()
}

fn kept(desk: &mut Desk, changes: &Value) -> String {
    let recorded = desk.record("Quote kept", &document(&quote(changes)), on(TODAY)).expect("it is kept");
    recorded.ids["new:quote"].clone()
}

fn with(desk: &Desk, id: &str, changes: &Value) -> Vec<u8> {
    let mut quote = desk.record_of(RecordKind::Quote, id).expect("it is there");
    for (member, value) in changes.as_object().expect("members") {
        quote[member] = value.clone();
    }
    document(&quote)
}

#[test]
fn a_quote_is_answered_without_a_book_under_the_published_terms() {
    let quote = quote(&json!({"affiliate": null, "rate": "0.10"}));
    let what_ifs = WhatIfs { leaves_after: Some("7".to_owned()), ..WhatIfs::default() };
    let view = quote_view_without_book(&document(&quote), &what_ifs);
    assert_eq!(view.problems, []);
    let answer = view.answer.expect("an answer");
    assert_eq!(answer.commission.amount, "100.00");
    assert_eq!((answer.first_year.amount.as_str(), answer.after.amount.as_str()), ("1200.00", "100.00"));
    assert_eq!(answer.term.expect("a term").amount, "2400.00");
    assert_eq!(answer.first_bill.amount, "2500.00");
    assert_eq!(answer.earns_nothing[0].why, "one-time");
    assert_eq!(answer.ceiling.after_month, Some(24));
    assert_eq!(answer.what_ifs[0].all.what_if.amount, "700.00");
    assert_eq!(answer.what_ifs[0].all.difference.amount, "-2900.00");
}

#[test]
fn the_book_s_own_terms_are_what_counts_where_one_is_open() {
    let desk = Shelf::new().sample();
    let quote = quote(&json!({"rate": "0.10"}));
    let view = desk.quote_view(&document(&quote), &WhatIfs::default(), on(TODAY)).expect("a view");
    assert_eq!(view.problems[0].at, "quotes[0].rate");
    assert!(view.problems[0].message.contains("above the maximum of \"0.08\""));
    assert_eq!(view.answer.expect("an answer").maximum_rate, "8%");
}

#[test]
fn what_can_not_be_read_is_told_with_its_place() {
    let quote =
        quote(&json!({"affiliate": null, "lines": [{"kind": "hosting", "description": "", "amount": "a lot"}]}));
    let view = quote_view_without_book(&document(&quote), &WhatIfs::default());
    assert_eq!(view.problems[0].at, "quotes[0].lines[0].amount");
    assert!(view.answer.is_none());
}

#[test]
fn a_what_if_that_can_not_be_asked_is_told_with_its_place_and_never_passed_over() {
    let quote = document(&quote(&json!({"affiliate": null})));
    let typed = |text: &str| Some(text.to_owned());
    let late = |text| WhatIfs { days_late: typed(text), ..WhatIfs::default() };
    let leaves = |text| WhatIfs { leaves_after: typed(text), ..WhatIfs::default() };
    let changes = |month, amount| WhatIfs { changes_in: typed(month), changes_to: typed(amount), ..WhatIfs::default() };
    for (what_ifs, at, value) in [
        (late("500"), "what_if.days_late", "500"),
        (late("-1"), "what_if.days_late", "-1"),
        (leaves("13.5"), "what_if.leaves_after", "13.5"),
        (leaves("0"), "what_if.leaves_after", "0"),
        (leaves("ten"), "what_if.leaves_after", "ten"),
        (changes("1201", "800"), "what_if.changes_in", "1201"),
        (changes("3", "-5"), "what_if.changes_to", "-5"),
        (changes("3", ""), "what_if.changes_to", "3"),
        (changes(" ", "800.00"), "what_if.changes_in", "800.00"),
    ] {
        let told = quote_view_without_book(&quote, &what_ifs).problems;
        assert_eq!(told.len(), 1, "{what_ifs:?}: {told:?}");
        assert_eq!(told[0].at, at, "{what_ifs:?}");
        assert!(told[0].message.contains(&format!("\"{value}\"")), "{}", told[0].message);
    }
    let asked = WhatIfs { days_late: typed("365"), leaves_after: typed(""), ..changes("25", "800") };
    let view = quote_view_without_book(&quote, &asked);
    assert_eq!(view.problems, []);
    assert_eq!(view.answer.expect("an answer").what_ifs.len(), 3);
}

#[test]
fn an_affiliate_that_bills_without_an_agreement_is_told_while_typing_and_refused_once_it_is_sent() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    let billing = json!({"billed_by": "affiliate"});
    let view = desk.quote_view(&document(&quote(&billing)), &WhatIfs::default(), on(TODAY)).expect("a view");
    let told: Vec<_> = view.problems.iter().map(|one| (one.code.as_str(), one.at.as_str())).collect();
    assert_eq!(told, [("agreement_missing", "quotes[0].billed_by")]);
    assert!(view.problems[0].message.starts_with("The quote is billed by affiliate"), "{}", view.problems[0].message);
    assert!(view.answer.is_some());

    let id = kept(&mut desk, &billing);
    let sent = with(&desk, &id, &json!({"stage": "sent"}));
    let refused = desk.record("Sent", &sent, on(TODAY)).expect_err("no agreement");
    assert_eq!((refused.fields[0].code.as_str(), refused.fields[0].at.as_str()), told[0]);
    for (signed_on, in_time) in [("2026-02-05", false), ("2026-02-04", true)] {
        let mut affiliate = desk.record_of(RecordKind::Affiliate, "A03").expect("it is there");
        affiliate["agreement_signed_on"] = json!(signed_on);
        let signed = json!({"affiliates": [affiliate]}).to_string();
        desk.record("Agreement signed", signed.as_bytes(), on(TODAY)).expect("it is recorded");
        assert_eq!(desk.record("Sent", &sent, on(TODAY)).is_ok(), in_time, "{signed_on}, valid until 2026-02-04");
    }
}

#[test]
fn what_an_older_book_sent_without_an_agreement_can_still_be_imported() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    kept(&mut desk, &json!({"billed_by": "affiliate", "stage": "sent"}));
}

#[test]
fn what_was_sent_stays_as_it_was_sent_and_a_new_version_follows_it() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    let id = kept(&mut desk, &json!({}));
    desk.record("Changed", &with(&desk, &id, &json!({"term_months": 12})), on(TODAY)).expect("a draft is changed");
    desk.record("Sent", &with(&desk, &id, &json!({"stage": "sent"})), on(TODAY)).expect("it is sent");
    let error = desk.record("Changed", &with(&desk, &id, &json!({"term_months": 36})), on(TODAY)).expect_err("sent");
    assert_eq!(error.fields[0].at, "quotes[0].version");
    assert!(error.fields[0].message.contains("Make version \"2\" of it"));
    let next = with(&desk, &id, &json!({"term_months": 36, "version": 2, "stage": "draft"}));
    desk.record("Version 2", &next, on(TODAY)).expect("a new version");
    let page = desk.quote_page(&id, on(TODAY)).expect("its page");
    let versions: Vec<_> = page.versions.iter().map(|version| (version.version, version.term_months)).collect();
    assert_eq!(versions, [(2, 36), (1, 12)]);
    assert_eq!(page.row.words, "Draft, valid until 4 Feb 2026");
    assert_eq!(desk.quote_page(&id, on("2026-02-05")).expect("its page").row.state, "lapsed");
    desk.undo(on(TODAY)).expect("the version is taken back");
    let page = desk.quote_page(&id, on(TODAY)).expect("its page");
    assert_eq!((page.row.version, page.row.state, page.versions.len()), (1, "sent", 1));
}

#[test]
fn an_accepted_quote_becomes_client_referral_and_contract_in_one_undoable_step() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    let id = kept(&mut desk, &json!({"stage": "sent"}));
    let accepted = desk.acceptance(&id, false, on(TODAY)).expect("it can be accepted").document.to_string();
    let before = desk.export().expect("an export");
    let recorded = desk.record("Accepted", accepted.as_bytes(), on(TODAY)).expect("it is recorded");
    let page = desk.quote_page(&id, on(TODAY)).expect("its page");
    assert_eq!(page.row.state, "accepted");
    assert_eq!(page.contract.as_ref(), Some(&recorded.ids["new:contract"]));
    let contract = desk.record_of(RecordKind::Contract, &recorded.ids["new:contract"]).expect("the contract");
    assert_eq!(contract["lines"].as_array().map(Vec::len), Some(2));
    assert_eq!((&contract["rate"], &contract["term_months"]), (&json!("0.08"), &json!(24)));
    assert!(desk.acceptance(&id, false, on(TODAY)).expect_err("once").message.contains("accepted already"));
    desk.undo(on(TODAY)).expect("all of it is taken back");
    assert_eq!(desk.export().expect("an export"), before);
}

#[test]
fn a_prospect_that_was_registered_before_is_not_registered_again() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    let prospect = json!({"prospect": "mosaic tile works", "affiliate": affiliate_of(&desk, "R43"), "stage": "sent"});
    let id = kept(&mut desk, &prospect);
    let acceptance = desk.acceptance(&id, false, on(TODAY)).expect("it can be accepted");
    assert!(acceptance.document.get("clients").is_none(), "{}", acceptance.words);
    assert_eq!(acceptance.document["contracts"][0]["referral"], json!("R43"));
}

/// A quote of this company that A03 refers, accepted as the window does: the client that is known, and the outcome.
fn accepted(desk: &mut Desk, changes: &Value, another: bool) -> (AcceptanceView, Result<RecordedView, DeskError>) {
    let id = kept(desk, &sent_by_a03(changes));
    let acceptance = desk.acceptance(&id, another, on(TODAY)).expect("it can be accepted");
    let recorded = desk.record("Accepted", acceptance.document.to_string().as_bytes(), on(TODAY));
    (acceptance, recorded)
}

fn sent_by_a03(changes: &Value) -> Value {
    let mut sent = json!({"affiliate": "A03", "stage": "sent", "domains": []});
    for (member, value) in changes.as_object().expect("members") {
        sent[member] = value.clone();
    }
    sent
}

#[test]
fn a_company_that_the_book_has_is_no_second_client_and_what_speaks_against_it_is_said() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    for (prospect, client, code) in [
        (json!({"prospect": "OLD MILL Printing, Inc."}), "Old Mill Printing", "existing_customer"),
        (
            json!({"prospect": "The Mill", "domains": ["www.oldmill-printing.example"]}),
            "Old Mill Printing",
            "existing_customer",
        ),
        (json!({"prospect": "Bellwether Dental Group LLC"}), "Bellwether Dental Group", "already_referred"),
        (
            json!({"prospect": "Juniper", "domains": ["juniper-analytics.example"]}),
            "Juniper Analytics GmbH",
            "already_referred",
        ),
    ] {
        let (acceptance, recorded) = accepted(&mut desk, &prospect, false);
        assert!(
            acceptance.words.starts_with(&format!("{client} is a client of the book already")),
            "{}",
            acceptance.words
        );
        assert_eq!(acceptance.known.expect("a client").name, client);
        let refused = recorded.expect_err(code);
        let problems: Vec<_> = refused.fields.iter().map(|one| (one.code.as_str(), one.at.as_str())).collect();
        assert_eq!(problems, [(code, "referrals[0].client")], "{prospect}");
    }
}

#[test]
fn another_company_of_the_same_name_is_a_client_of_its_own() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    let (acceptance, recorded) = accepted(&mut desk, &json!({"prospect": "Old Mill Printing"}), true);
    assert!(acceptance.known.is_none());
    assert!(recorded.expect("it is recorded").ids.contains_key("new:client"));
}

#[test]
fn a_client_who_left_and_comes_back_is_referred_anew() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    let (acceptance, recorded) = accepted(&mut desk, &json!({"prospect": "Vantage Point Realty"}), false);
    assert_eq!(acceptance.known.expect("a client").id, "C23");
    assert_eq!(acceptance.document["referrals"][0]["client"], json!("C23"));
    let ids = recorded.expect("its contract has ended").ids;
    let contract = desk.record_of(RecordKind::Contract, &ids["new:contract"]).expect("the contract");
    assert_eq!(contract["referral"], json!(ids["new:referral"]));
}

#[test]
fn a_client_whose_contract_runs_signs_the_next_one_under_the_same_referral() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    let (acceptance, recorded) = accepted(&mut desk, &json!({"prospect": "Umbra Photography"}), false);
    assert_eq!(acceptance.document["contracts"][0]["referral"], json!("R22"));
    recorded.expect("a second contract");
}

#[test]
fn only_what_was_sent_is_accepted() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    let draft = kept(&mut desk, &json!({}));
    let error = desk.acceptance(&draft, false, on(TODAY)).expect_err("a draft");
    assert!(error.message.contains("Mark it as sent first"), "{}", error.message);
    let declined = kept(&mut desk, &json!({"stage": "declined"}));
    let error = desk.acceptance(&declined, false, on(TODAY)).expect_err("declined");
    assert!(error.message.contains("was declined. Make a new version"), "{}", error.message);
}

fn affiliate_of(desk: &Desk, referral: &str) -> Value {
    desk.record_of(RecordKind::Referral, referral).expect("it is there")["affiliate"].clone()
}

#[test]
fn what_lapsed_is_not_accepted_and_own_companies_are_refused_as_ever() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    let lapsed = desk.acceptance("Q01", false, on(TODAY)).expect_err("lapsed");
    assert_eq!(lapsed.code, Code::Refused);
    assert!(lapsed.message.contains("was valid until 10 Sep 2025"));
    let affiliate = desk.record_of(RecordKind::Affiliate, "A01").expect("it is there");
    let own = json!({"prospect": affiliate["own_companies"][0], "affiliate": "A01", "stage": "sent"});
    let id = kept(&mut desk, &own);
    let document = desk.acceptance(&id, false, on(TODAY)).expect("a document").document.to_string();
    let refused = desk.record("Accepted", document.as_bytes(), on(TODAY)).expect_err("its own company");
    assert_eq!(refused.fields[0].code.as_str(), "own_company");
}
