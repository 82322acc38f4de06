use std::fs;
use std::path::Path;

use proptest::prelude::*;
use rules::id::Id;
use rules::invoice::{Kind, Line, Payment};
use rules::money::{Currency, Money};
use rules::problem::Problem;
use rules::refusal::review;
use serde_json::{Value, json};

use super::*;
use crate::sample;

fn usd() -> Currency {
    Currency::parse("USD").expect("a currency")
}

/// A small file that reads, to be changed.
fn file() -> Value {
    json!({
        "format": "refbook/1",
        "programme": {"company": "NetSource", "phone": "", "currency": "USD", "standard_rate": "0.10",
            "maximum_rate": "0.10", "in_term_changes": "follow_contract", "minimum_payout": "0.00"},
        "terms": [{"effective_on": "2026-01-01", "maximum_rate": "0.12"}],
        "affiliates": [{"id": "A1", "name": "Dana", "own_companies": ["Reyes"], "domains": [],
            "agreement_signed_on": null, "remittance": "in_full"}],
        "clients": [{"id": "C1", "name": "Acme", "domains": ["acme.example"], "customer_since": null}],
        "referrals": [{"id": "R1", "affiliate": "A1", "client": "C1", "registered_on": "2024-12-10"}],
        "contracts": [{"id": "K1", "referral": "R1", "signed_on": "2025-01-01", "starts_on": "2025-01-01",
            "term_months": 12, "ended_on": null, "rate": "0.10", "billed_by": "company",
            "lines": [{"kind": "hosting", "description": "Server", "amount": "1000.00"}],
            "changes": [{"effective_on": "2025-06-01",
                "lines": [{"kind": "hosting", "description": "Server", "amount": "900.00"}]}]}],
        "invoices": [{"id": "I1", "number": "NS-1", "client": "C1", "contract": "K1", "issued_on": "2025-01-01",
            "due_on": "2025-01-15", "period_start": "2025-01-01", "period_end": "2025-01-31",
            "lines": [{"kind": "hosting", "description": "Server", "amount": "1000.00"}], "tax": "0.00"}],
        "payments": [{"id": "P1", "invoice": "I1", "received_on": "2025-01-14", "amount": "1000.00"}],
        "refunds": [{"id": "F1", "invoice": "I1", "refunded_on": "2025-02-01", "amount": "1.00"}],
        "credit_notes": [{"id": "X1", "invoice": "I1", "issued_on": "2025-02-01",
            "lines": [{"kind": "hosting", "description": "Outage", "amount": "1.00"}]}],
        "remittances": [{"id": "T1", "invoice": "I1", "received_on": "2025-02-01", "amount": "1.00"}],
        "adjustments": [{"id": "J1", "affiliate": "A1", "month": "2025-01", "amount": "-5.00", "reason": "As agreed"}],
    })
}

/// What is wrong with the file once `pointer` holds `value`: code, place and message of each problem.
fn with(pointer: &str, value: Value) -> Vec<Problem> {
    let mut file = file();
    let (object, member) = pointer.rsplit_once('/').expect("a path");
    let object = file.pointer_mut(object).unwrap_or_else(|| panic!("{pointer}"));
    object.as_object_mut().expect("an object").insert(member.to_owned(), value);
    problems(&file.to_string())
}

fn without(pointer: &str) -> Vec<Problem> {
    let mut file = file();
    let (object, member) = pointer.rsplit_once('/').expect("a path");
    file.pointer_mut(object).and_then(Value::as_object_mut).expect("an object").remove(member).expect(pointer);
    problems(&file.to_string())
}

fn problems(text: &str) -> Vec<Problem> {
    read(text.as_bytes(), None).problems
}

fn places(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(|problem| format!("{} {}", problem.code, problem.at)).collect()
}

#[test]
fn a_book_with_everything_in_it_reads_back_equal() {
    let records = sample::records();
    let text = write(&records);
    let reading = read(text.as_bytes(), None);
    assert_eq!(reading.problems, []);
    assert_eq!(reading.offer.records, records);
    assert_eq!(write(&reading.offer.records), text);
    assert_eq!(problems(&file().to_string()), []);
}

#[test]
fn every_member_is_written_and_a_record_is_a_line() {
    let text = write(&Records::default());
    for kind in RecordKind::ALL.into_iter().skip(1) {
        assert!(text.contains(&format!("\"{}\":[]", kind.member())), "{text}");
    }
    let text = write(&sample::records());
    for member in ["\"ended_on\":null", "\"customer_since\":null", "\"contract\":null", "\"domains\":[]"] {
        assert!(text.contains(member), "{member}");
    }
    assert_eq!(text.lines().filter(|line| line.contains("\"received_on\"")).count(), 3);
}

#[test]
fn every_value_that_cannot_be_read_is_told_with_its_place() {
    let cases = [
        ("/payments/0/amount", json!(1.5), "payments[0].amount", "\"1.5\""),
        ("/payments/0/amount", json!(1000), "payments[0].amount", "float"),
        ("/payments/0/amount", json!("1.005"), "payments[0].amount", "\"1.005\""),
        ("/payments/0/amount", json!("1,000.00"), "payments[0].amount", "\"1,000.00\""),
        ("/payments/0/amount", json!("100000000000.01"), "payments[0].amount", "\"100000000000.01\""),
        ("/payments/0/amount", json!(null), "payments[0].amount", "null"),
        ("/payments/0/received_on", json!("2025-02-30"), "payments[0].received_on", "\"2025-02-30\""),
        ("/payments/0/received_on", json!("14.01.2025"), "payments[0].received_on", "YYYY-MM-DD"),
        ("/payments/0/id", json!(7), "payments[0].id", "\"7\""),
        ("/payments/0/id", json!(""), "payments[0].id", "\"\""),
        ("/payments/0/id", json!(" "), "payments[0].id", "blank"),
        ("/payments/0/id", json!("P\u{0}1"), "payments[0].id", "\\u{0}"),
        ("/payments/0/id", json!("P\n1"), "payments[0].id", "\\n"),
        ("/payments/0/id", json!("P".repeat(201)), "payments[0].id", "200"),
        ("/payments/0/note", json!("x"), "payments[0].note", "\"note\" is not known"),
        ("/contracts/0/rate", json!(0.1), "contracts[0].rate", "\"0.1\""),
        ("/contracts/0/rate", json!("0.10001"), "contracts[0].rate", "four decimals"),
        ("/contracts/0/rate", json!("10%"), "contracts[0].rate", "\"10%\""),
        ("/contracts/0/term_months", json!(-1), "contracts[0].term_months", "\"-1\""),
        ("/contracts/0/term_months", json!(1.5), "contracts[0].term_months", "\"1.5\""),
        ("/contracts/0/term_months", json!("12"), "contracts[0].term_months", "without quotes"),
        ("/contracts/0/term_months", json!(1201), "contracts[0].term_months", "1200"),
        ("/contracts/0/billed_by", json!("us"), "contracts[0].billed_by", "company, affiliate"),
        ("/contracts/0/lines", json!({}), "contracts[0].lines", "a list"),
        ("/contracts/0/lines", json!(null), "contracts[0].lines", "null"),
        ("/contracts/0/lines/0/kind", json!("rent"), "contracts[0].lines[0].kind", "\"rent\""),
        ("/contracts/0/lines/0/colour", json!(1), "contracts[0].lines[0].colour", "\"colour\""),
        ("/contracts/0/changes/0/effective_on", json!("soon"), "contracts[0].changes[0].effective_on", "\"soon\""),
        ("/contracts/0/changes/0/lines/0/amount", json!("x"), "contracts[0].changes[0].lines[0].amount", "\"x\""),
        ("/invoices/0/contract", json!(3), "invoices[0].contract", "\"3\""),
        ("/invoices/0/number", json!(12), "invoices[0].number", "\"12\""),
        ("/invoices/0/lines/0", json!("x"), "invoices[0].lines[0]", "an object"),
        ("/adjustments/0/month", json!("January"), "adjustments[0].month", "\"January\""),
        ("/adjustments/0/reason", json!(" "), "adjustments[0].reason", "why"),
        ("/affiliates/0/domains", json!(["a.example", 7]), "affiliates[0].domains[1]", "\"7\""),
        ("/affiliates/0/remittance", json!("later"), "affiliates[0].remittance", "net_of_commission"),
        ("/clients/0/name", json!("a\u{0}b"), "clients[0].name", "NUL"),
        ("/terms/0/maximum_rate", json!(null), "terms[0].maximum_rate", "null"),
        ("/programme/currency", json!("XXX"), "programme.currency", "\"XXX\""),
        ("/programme/in_term_changes", json!("maybe"), "programme.in_term_changes", "hold_original"),
        ("/programme", json!([]), "programme", "a list"),
        ("/refunds", json!(null), "refunds", "null"),
        ("/colours", json!([]), "colours", "\"colours\""),
        ("/format", json!("refbook/2"), "format", "\"refbook/2\""),
        ("/format", json!(1), "format", "\"1\""),
    ];
    for (pointer, value, at, message) in cases {
        let found = if pointer.ends_with("/lines/0") {
            let mut file = file();
            *file.pointer_mut(pointer).expect(pointer) = value.clone();
            problems(&file.to_string())
        } else {
            with(pointer, value.clone())
        };
        assert_eq!(places(&found), [format!("unreadable {at}")], "{pointer}: {value}");
        assert!(
            found[0].message.contains(message) && found[0].message.ends_with('.'),
            "{pointer}: {}",
            found[0].message
        );
    }
}

#[test]
fn a_rate_of_nothing_or_less_has_its_own_code() {
    for (pointer, at) in [
        ("/contracts/0/rate", "contracts[0].rate"),
        ("/programme/standard_rate", "programme.standard_rate"),
        ("/terms/0/maximum_rate", "terms[0].maximum_rate"),
    ] {
        for rate in ["0", "0.00", "-0.1"] {
            assert_eq!(places(&with(pointer, json!(rate))), [format!("rate_not_positive {at}")], "{rate}");
        }
    }
}

#[test]
fn what_is_required_is_missed_and_what_may_be_absent_is_not() {
    for (pointer, at) in [
        ("/format", "format"),
        ("/programme/company", "programme.company"),
        ("/payments/0/id", "payments[0].id"),
        ("/contracts/0/rate", "contracts[0].rate"),
        ("/invoices/0/tax", "invoices[0].tax"),
        ("/invoices/0/lines/0/kind", "invoices[0].lines[0].kind"),
        ("/terms/0/effective_on", "terms[0].effective_on"),
    ] {
        let found = without(pointer);
        assert_eq!(places(&found), [format!("unreadable {at}")], "{pointer}");
        assert!(found[0].message.contains("missing"), "{}", found[0].message);
    }
    let mut absent =
        vec!["/affiliates/0/domains", "/contracts/0/changes", "/contracts/0/lines", "/invoices/0/contract"];
    absent.extend(["/contracts/0/ended_on", "/clients/0/customer_since", "/terms/0/maximum_rate", "/payments"]);
    for pointer in absent {
        assert_eq!(without(pointer), [], "{pointer}");
    }
}

#[test]
fn all_problems_of_a_file_are_told_at_once() {
    let mut file = file();
    file["payments"] = json!([
        {"id": "P1", "invoice": "I1", "received_on": "soon", "amount": 1, "note": ""},
        {"id": "P2", "invoice": "I1", "received_on": "2025-01-14", "amount": "1.00"},
        7,
    ]);
    file["contracts"][0]["rate"] = json!("x");
    let mut found = places(&problems(&file.to_string()));
    found.sort();
    assert_eq!(
        found,
        [
            "unreadable contracts[0].rate",
            "unreadable payments[0].amount",
            "unreadable payments[0].note",
            "unreadable payments[0].received_on",
            "unreadable payments[2]",
        ]
    );
}

#[test]
fn a_member_that_stands_twice_is_told_even_if_both_are_the_same() {
    let payment = r#"{"format": "refbook/1", "payments": [
        {"id": "P1", "invoice": "I1", "received_on": "2025-01-14", "amount": "1.00", "id": "P1"}]}"#;
    let found = problems(payment);
    assert_eq!(places(&found), ["unreadable payments[0].id"]);
    assert!(found[0].message.contains("twice"));
    let list = r#"{"format": "refbook/1", "payments": [], "payments": []}"#;
    assert_eq!(places(&problems(list)), ["unreadable payments"]);
    let unknown = r#"{"format": "refbook/1", "x": 1, "x": 2}"#;
    assert_eq!(places(&problems(unknown)), ["unreadable x", "unreadable x"]);
}

#[test]
fn what_is_no_json_is_told_by_line_and_column() {
    let cases: [(&[u8], &str); 9] = [
        (b"", "line 1 column 0"),
        (b"{\"format\": \"refbook/1\",\n  oops}", "line 2 column 3"),
        (b"{\"format\": \"refbook/1\"} x", "line 1 column 25"),
        (b"[]", "line 1 column 0"),
        (b"7", "line 1 column 1"),
        (b"{\"format\":\n\"refbook/1\xff\"}", "line 2 column 11"),
        (b"{\"format\":\xff", "line 1 column 11"),
        (b"{\"payments\": [1e999]}", "line 1 column 19"),
        (b"{\"payments\": [\"\\ud800\"]}", "line 1 column 22"),
    ];
    for (bytes, at) in cases {
        let reading = read(bytes, None);
        let (text, last) = (String::from_utf8_lossy(bytes), reading.problems.last().expect("a problem"));
        assert_eq!((last.at.as_str(), last.code), (at, rules::problem::Code::Unreadable), "{text}: {}", last.message);
        assert!(reading.offer.records == Records::default(), "{text}");
    }
}

#[test]
fn nesting_without_end_is_refused_and_not_followed() {
    for open in ["[", "{\"a\":"] {
        let deep = format!("{{\"format\": \"refbook/1\", \"payments\": {}", open.repeat(1_000_000));
        let found = problems(&deep);
        assert!(found.last().expect("a problem").message.contains("recursion"), "{open}");
    }
}

#[test]
fn a_byte_order_mark_is_stepped_over() {
    let mut bytes = b"\xEF\xBB\xBF".to_vec();
    bytes.extend_from_slice(file().to_string().as_bytes());
    assert_eq!(read(&bytes, None).problems, []);
}

#[test]
fn of_another_format_only_that_is_told() {
    let other = r#"{"payments": [{"colour": "red"}], "format": "refbook/2", "colours": []}"#;
    let reading = read(other.as_bytes(), None);
    assert_eq!(places(&reading.problems), ["unreadable format"]);
    assert!(reading.offer.failed.is_empty());
}

#[test]
fn amounts_have_the_digits_of_the_files_currency_else_the_books() {
    let adjustment = r#"{"id": "J1", "affiliate": "A1", "month": "2025-01", "amount": "1.5", "reason": "x"}"#;
    let programme = |currency: &str| {
        format!(
            r#""programme": {{"company": "N", "phone": "", "currency": "{currency}", "standard_rate": "0.1",
            "maximum_rate": "0.1", "in_term_changes": "follow_contract", "minimum_payout": "0"}}"#
        )
    };
    let yen = Currency::parse("JPY");
    let alone = format!(r#"{{"format": "refbook/1", "adjustments": [{adjustment}]}}"#);
    assert_eq!(places(&read(alone.as_bytes(), yen).problems), ["unreadable adjustments[0].amount"]);
    let dollars = read(alone.as_bytes(), Some(usd())).offer.records.adjustments.remove(0);
    assert_eq!(dollars.amount.to_string(), "1.50");
    // With no currency at all only what no currency could have is refused.
    assert_eq!(problems(&alone), []);
    // The programme counts also when it stands last.
    let last = format!(r#"{{"format": "refbook/1", "adjustments": [{adjustment}], {}}}"#, programme("JPY"));
    assert_eq!(places(&problems(&last)), ["unreadable adjustments[0].amount"]);
    let first = format!(r#"{{"format": "refbook/1", {}, "adjustments": [{adjustment}]}}"#, programme("USD"));
    assert_eq!(read(first.as_bytes(), yen).problems, []);
}

#[test]
fn records_keep_their_places_when_others_fail() {
    let mut file = file();
    file["referrals"] = json!([
        {"id": "R0", "affiliate": "A1", "client": "C1", "registered_on": "never"},
        {"id": "R1", "affiliate": "A9", "client": "C1", "registered_on": "2024-12-10"},
    ]);
    let reading = read(file.to_string().as_bytes(), None);
    assert_eq!(places(&reading.problems), ["unreadable referrals[0].registered_on"]);
    let found = review(&Records::default(), &reading.offer).problems;
    assert_eq!(places(&found), ["unknown_reference referrals[1].affiliate"]);
}

#[test]
fn what_hangs_on_something_unreadable_is_not_blamed_for_it() {
    let cases = [
        ("/affiliates/0/remittance", json!("?")),
        ("/clients/0/id", json!(null)),
        ("/referrals/0/registered_on", json!("?")),
        ("/contracts/0/rate", json!("?")),
        ("/contracts", json!(null)),
        ("/invoices/0/tax", json!(1)),
        ("/payments/0/amount", json!("?")),
        ("/payments", json!({})),
        ("/programme/company", json!(1)),
        ("/terms/0/effective_on", json!("?")),
    ];
    for (pointer, value) in cases {
        let mut file = file();
        let (object, member) = pointer.rsplit_once('/').expect("a path");
        file.pointer_mut(object).expect(pointer)[member] = value;
        let reading = read(file.to_string().as_bytes(), None);
        assert_eq!(reading.problems.len(), 1, "{pointer}: {:?}", reading.problems);
        assert_eq!(review(&Records::default(), &reading.offer).problems, [], "{pointer}");
    }
}

#[test]
fn the_worked_examples_read_and_are_refused_as_they_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/cases");
    let mut cases = 0;
    for file in fs::read_dir(folder).expect("tests/cases") {
        let file = file.expect("a file").path();
        let case: Value = serde_json::from_slice(&fs::read(&file).expect("a case")).expect("JSON");
        let reading = read(case["book"].to_string().as_bytes(), None);
        assert_eq!(reading.problems, [], "{}", file.display());
        let found = review(&Records::default(), &reading.offer).problems;
        let codes: Vec<&str> = found.iter().map(|problem| problem.code.as_str()).collect();
        let expected: Vec<&str> = case["expect"]["refused"].as_str().into_iter().collect();
        assert_eq!(codes, expected, "{}", file.display());
        cases += 1;
    }
    assert!(cases >= 30, "{cases}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_amount_and_rate_read_back_equal(
        (name, description) in ("[^\\x00]{0,40}", "[^\\x00]{0,40}"),
        id in "[a-zA-Z0-9\"\\\\/é東 -]{0,20}x",
        minor in -Money::LIMIT..=Money::LIMIT,
        points in 1_u32..20_000,
    ) {
        let mut records = sample::records();
        records.clients[0].name = name;
        let amount = Money::from_minor(minor, usd());
        records.invoices[0].lines.push(Line { kind: Kind::Other, description, amount });
        records.contracts[0].rate = rules::rate::Rate::from_basis_points(points).expect("a rate");
        records.payments.push(Payment { id: Id::new(id), amount, ..records.payments[0].clone() });
        let reading = read(write(&records).as_bytes(), None);
        prop_assert_eq!(reading.problems, vec![]);
        prop_assert_eq!(reading.offer.records, records);
    }

    #[test]
    fn no_bytes_make_the_reader_fail(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(!read(&bytes, None).problems.is_empty());
    }

    #[test]
    fn a_file_cut_short_or_with_a_byte_changed_never_makes_the_reader_fail(
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut bytes = write(&sample::records()).into_bytes();
        let at = at.index(bytes.len() - 2);
        bytes[at] = byte;
        is_told_with_a_place(&bytes)?;
        bytes.truncate(at);
        prop_assert!(!read(&bytes, None).problems.is_empty());
    }
}

fn is_told_with_a_place(bytes: &[u8]) -> Result<(), TestCaseError> {
    for problem in read(bytes, None).problems {
        prop_assert!(!problem.at.is_empty() && problem.message.ends_with('.'), "{problem:?}");
    }
    Ok(())
}

/// The byte that a text begins and ends with makes names and values that nobody thinks of.
#[test]
fn a_quote_anywhere_in_a_file_is_told_with_its_place() {
    let whole = write(&sample::records()).into_bytes();
    for at in 0..whole.len() - 1 {
        let mut bytes = whole.clone();
        bytes[at] = b'"';
        is_told_with_a_place(&bytes).unwrap_or_else(|error| panic!("at {at}: {error}"));
    }
}
