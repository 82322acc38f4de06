//! A contract's card and what a change of it does. The cases are the sample's; see its table of rules.

use desk::contracts::{ChangeEffect, ContractCard};
use desk::sample::{Sample, small};
use desk::{Code, Desk};
use refbook_tests::{Shelf, on, passphrase};
use serde_json::{Value, json};

fn sample(shelf: &Shelf) -> Desk {
    Desk::sample(&shelf.book(), &passphrase(), Sample::Small, |_| ()).expect("the sample")
}

fn card(desk: &Desk, client: &str, contract: &str, day: &str) -> ContractCard {
    let cards = desk.client_page(client, on(day)).expect("a page").contracts;
    cards.into_iter().find(|card| card.id == contract).expect("the contract")
}

/// Original, current, paid on, commission, and the three shares.
fn gauge(card: &ContractCard) -> (&str, &str, &str, &str, [u32; 3]) {
    let shares = [card.original_share, card.current_share, card.paid_on_share];
    (&card.original.amount, &card.current.amount, &card.paid_on.amount, &card.commission.amount, shares)
}

#[test]
fn a_gauge_shows_the_original_what_is_held_and_what_is_paid_on() {
    let shelf = Shelf::new();
    let desk = sample(&shelf);
    #[rustfmt::skip]
    let cases = [
        // An upgrade after the term: the original.
        ("C01", "K01", ("1000.00", "1200.00", "1000.00", "100.00", [833, 1000, 833]),
            "The original term ended on 31 Dec 2024: an upgrade adds nothing, and the base stays the original, 1,000.00."),
        // A downgrade after it: the smaller amount.
        ("C02", "K02", ("640.00", "480.00", "480.00", "48.00", [1000, 750, 750]),
            "The original term ended on 31 Dec 2024: the amount is smaller than the original, and it is what earns, 480.00."),
        // A change within the term set the original: 560.00, which is 800 thousandths of 700.00.
        ("C30", "K30", ("560.00", "700.00", "560.00", "56.00", [800, 1000, 800]),
            "The original term ended on 28 Feb 2025: an upgrade adds nothing, and the base stays the original, 560.00."),
        // Within a term of 36 months.
        ("C04", "K04", ("780.00", "780.00", "780.00", "78.00", [1000, 1000, 1000]),
            "Within the original term, to 14 Feb 2027, all of it earns: 780.00."),
        // 7.5%: 84.75 of 1,130.00.
        ("C29", "K29", ("1130.00", "1130.00", "1130.00", "84.75", [1000, 1000, 1000]),
            "Within the original term, to 31 Mar 2026, all of it earns: 1,130.00."),
        // Terms that hold the original within the term too; month to month.
        ("C42", "K42", ("640.00", "900.00", "640.00", "64.00", [711, 1000, 711]),
            "Its terms hold the signed amount from the first day: an upgrade adds nothing, and the base stays the original, 640.00."),
        ("C20", "K20", ("260.00", "390.00", "260.00", "26.00", [666, 1000, 666]),
            "Month to month, the signed amount holds: an upgrade adds nothing, and the base stays the original, 260.00."),
        // Ended: nothing, and says so.
        ("C23", "K23", ("690.00", "0.00", "0.00", "0.00", [1000, 0, 0]),
            "The contract ended on 10 Apr 2025, so nothing more is earned."),
    ];
    for (client, contract, expected, words) in cases {
        let card = card(&desk, client, contract, "2026-01-03");
        assert_eq!(gauge(&card), expected, "{contract}");
        assert_eq!(card.words, words, "{contract}");
    }
    // Not begun yet: as of its first day.
    let ahead = card(&desk, "C46", "K49", "2025-11-20");
    assert_eq!(gauge(&ahead), ("450.00", "450.00", "450.00", "36.00", [1000, 1000, 1000]));
    assert!(ahead.words.starts_with("It starts on 1 Dec 2025. "), "{}", ahead.words);
}

#[test]
fn what_was_signed_beside_what_earns_stands_on_the_card() {
    let shelf = Shelf::new();
    let mut desk = sample(&shelf);
    let mut contract = desk.record_of(desk::RecordKind::Contract, "K13").expect("a contract");
    let setup = json!({ "kind": "setup", "description": "", "amount": "500.00" });
    contract["lines"].as_array_mut().expect("lines").push(setup);
    let document = json!({ "contracts": [contract] }).to_string();
    desk.record("Contract corrected", document.as_bytes(), on("2026-01-03")).expect("recorded");
    let card = card(&desk, "C13", "K13", "2026-01-03");
    let besides: Vec<_> = card.besides.iter().map(|charge| (charge.kind, charge.amount.amount.as_str())).collect();
    assert_eq!(besides, [("setup", "500.00")]);
}

#[test]
fn a_timeline_has_the_days_in_order_between_the_first_and_the_last() {
    let shelf = Shelf::new();
    let desk = sample(&shelf);
    let events = |client, contract, day| {
        let events = card(&desk, client, contract, day).events;
        events
            .into_iter()
            .map(|event| format!("{} {} {}: {}", event.at, event.on, event.kind, event.words))
            .collect::<Vec<_>>()
    };
    // 747 days from the signing to today: 14 of them to the start, 379 to the end of the term, 411 to the change.
    assert_eq!(
        events("C01", "K01", "2026-01-03"),
        [
            "0 2023-12-18 signed: Signed at 1,000.00 a month",
            "18 2024-01-01 starts: Starts, for 12 months",
            "507 2024-12-31 term_ends: The original term ends",
            "550 2025-02-01 change: Changed to 1,200.00 a month",
            "1000 2026-01-03 today: Today",
        ]
    );
    // Month to month there is no term to end.
    assert_eq!(
        events("C20", "K20", "2025-01-15"),
        [
            "0 2025-01-15 signed: Signed at 260.00 a month",
            "0 2025-01-15 starts: Starts, month to month",
            "0 2025-01-15 today: Today",
            "1000 2025-06-01 change: Changed to 390.00 a month",
        ]
    );
    let ended = events("C23", "K23", "2025-04-10");
    assert_eq!(ended[ended.len() - 2..], ["1000 2025-04-10 ended: Ends", "1000 2025-04-10 today: Today"]);
}

/// A contract of the sample, as a form has it.
fn form(contract: &str) -> Value {
    let book: Value = serde_json::from_str(&exchange::book::write(&small())).expect("JSON");
    let contracts = book["contracts"].as_array().expect("contracts");
    contracts.iter().find(|one| one["id"] == contract).expect("the contract").clone()
}

fn effect(desk: &Desk, contract: &Value) -> ChangeEffect {
    let document = json!({"contracts": [contract]}).to_string();
    desk.change_effect(document.as_bytes()).unwrap_or_else(|error| panic!("{:?}", error.fields))
}

/// When, billed, base, commission.
fn rows(effect: &ChangeEffect) -> Vec<String> {
    let row = |row: &desk::contracts::EffectRow| {
        format!("{}: {} {} {}", row.when, row.billed.amount, row.base.amount, row.commission.amount)
    };
    effect.rows.iter().map(row).collect()
}

#[test]
fn a_change_says_before_it_is_saved_what_it_does_to_the_commission() {
    let shelf = Shelf::new();
    let desk = sample(&shelf);
    #[rustfmt::skip]
    let cases = [
        ("K01", &["Until 31 Dec 2024: 1000.00 1000.00 100.00", "1 Jan 2025 to 31 Jan 2025: 1000.00 1000.00 100.00",
            "From 1 Feb 2025: 1200.00 1000.00 100.00"][..],
            "After the original term an upgrade adds nothing: the base stays 1,000.00."),
        ("K02", &["Until 31 Dec 2024: 640.00 640.00 64.00", "1 Jan 2025 to 28 Feb 2025: 640.00 640.00 64.00",
            "From 1 Mar 2025: 480.00 480.00 48.00"],
            "After the original term the smaller amount earns: the base falls from 640.00 to 480.00."),
        // The term ends on 31 January 2025: the first change comes right after it.
        ("K03", &["Until 31 Jan 2025: 900.00 900.00 90.00", "1 Feb 2025 to 30 Apr 2025: 700.00 700.00 70.00",
            "From 1 May 2025: 1200.00 900.00 90.00"],
            "After the original term the base rises to the original at most: 900.00 instead of 700.00."),
        ("K04", &["Until 31 Aug 2024: 550.00 550.00 55.00", "1 Sep 2024 to 14 Feb 2027: 780.00 780.00 78.00",
            "From 15 Feb 2027: 780.00 780.00 78.00"],
            "Within the original term the base follows the change: 780.00 instead of 550.00. It is the original for what \
             comes after the term."),
        ("K30", &["Until 30 Sep 2024: 460.00 460.00 46.00", "1 Oct 2024 to 28 Feb 2025: 560.00 560.00 56.00",
            "1 Mar 2025 to 31 May 2025: 560.00 560.00 56.00", "From 1 Jun 2025: 700.00 560.00 56.00"],
            "After the original term an upgrade adds nothing: the base stays 560.00."),
        ("K42", &["Until 30 Sep 2025: 640.00 640.00 64.00", "1 Oct 2025 to 31 Jul 2026: 900.00 640.00 64.00",
            "From 1 Aug 2026: 900.00 640.00 64.00"],
            "Under terms that hold the signed amount an upgrade adds nothing: the base stays 640.00."),
        ("K20", &["Until 31 May 2025: 260.00 260.00 26.00", "From 1 Jun 2025: 390.00 260.00 26.00"],
            "Month to month an upgrade adds nothing: the base stays 260.00."),
        ("K23", &["Until 28 Feb 2025: 690.00 690.00 69.00", "1 Mar 2025 to 10 Apr 2025: 690.00 690.00 69.00",
            "From 11 Apr 2025: 0.00 0.00 0.00"],
            "A whole month comes to 69.00: 10% of 690.00."),
    ];
    for (contract, expected, words) in cases {
        let effect = effect(&desk, &form(contract));
        assert_eq!(rows(&effect), expected, "{contract}");
        assert_eq!(effect.words, words, "{contract}");
    }
}

#[test]
fn what_a_form_can_t_record_has_no_effect_to_show() {
    let shelf = Shelf::new();
    let desk = sample(&shelf);
    let before = desk.export().expect("an export");

    // New, for the referral without a contract.
    let mut new = form("K01");
    new["id"] = json!("new:contract");
    new["referral"] = json!("R43");
    for (member, day) in [("signed_on", "2025-12-10"), ("starts_on", "2026-01-01")] {
        new[member] = json!(day);
    }
    new["rate"] = json!("0.08");
    new["changes"] = json!([]);
    assert_eq!(
        rows(&effect(&desk, &new)),
        ["Until 31 Dec 2026: 1000.00 1000.00 80.00", "From 1 Jan 2027: 1000.00 1000.00 80.00"]
    );

    let refused = |document: Value| desk.change_effect(document.to_string().as_bytes()).expect_err("refused");
    // Signed under the terms of November 2025, which allow 8%.
    new["rate"] = json!("0.10");
    let error = refused(json!({"contracts": [new]}));
    assert_eq!((error.code, error.fields[0].code.as_str()), (Code::Refused, "rate_above_maximum"));
    assert_eq!(error.fields[0].at, "contracts[0].rate");

    let mut unreadable = form("K01");
    unreadable["changes"][0]["effective_on"] = json!("soon");
    let error = refused(json!({"contracts": [unreadable]}));
    assert_eq!((error.code, error.fields[0].code.as_str()), (Code::Refused, "unreadable"));

    assert_eq!(refused(json!({})).code, Code::Refused);
    assert_eq!(desk.export().expect("an export"), before);
}
