//! What is told beside a field and may be meant: none of it is refused.

use desk::Desk;
use desk::sample::small;
use refbook_tests::{Shelf, on};
use rules::contract::Contract;
use rules::invoice::Invoice;
use serde_json::{Value, json};

/// Where something is told, and what.
fn doubts(desk: &Desk, document: &Value) -> Vec<(String, String)> {
    let seen = desk.check(document.to_string().as_bytes(), on("2026-01-10")).expect("checked");
    assert_eq!(seen.problems, [], "{document}");
    seen.doubts.into_iter().map(|doubt| (doubt.at, doubt.message)).collect()
}

fn told(at: &str, message: &str) -> Vec<(String, String)> {
    vec![(at.to_owned(), message.to_owned())]
}

/// The sample's last invoice under a contract.
fn last_invoice() -> Invoice {
    let invoices = small().invoices.into_iter();
    invoices.filter(|invoice| invoice.contract.is_some()).max_by_key(|invoice| invoice.period_start).expect("invoices")
}

fn open_contract() -> Contract {
    let held = |contract: &Contract| contract.ended_on.is_none() && contract.changes.is_empty();
    small().contracts.into_iter().find(held).expect("a contract")
}

fn invoice(id: &str, period: (&str, &str)) -> Value {
    let mut invoice = serde_json::to_value(last_invoice()).expect("JSON");
    invoice["id"] = id.into();
    invoice["number"] = "TWICE-1".into();
    (invoice["period_start"], invoice["period_end"]) = (period.0.into(), period.1.into());
    json!({ "invoices": [invoice] })
}

#[test]
fn days_of_a_contract_that_are_invoiced_twice_are_to_be_confirmed() {
    let shelf = Shelf::new();
    let desk = shelf.sample();
    let Invoice { id, number, period_start, period_end, .. } = last_invoice();
    let (first, last) = (period_start.to_string(), period_end.to_string());
    let words = |day| rules::day::words(day);
    let already = format!(
        "Invoice \"{number}\" of this contract is for {} to {} already.",
        words(period_start),
        words(period_end)
    );
    let twice = invoice("new:invoice", (&first, &last));
    assert_eq!(doubts(&desk, &twice), told("invoices[0].period_start", &already));
    let one_day = invoice("new:invoice", (&last, "2027-01-31"));
    assert_eq!(doubts(&desk, &one_day), told("invoices[0].period_start", &already));
    assert_eq!(doubts(&desk, &invoice("new:invoice", ("2027-01-01", "2027-01-31"))), []);
    // Its own correction is no second invoice.
    assert_eq!(doubts(&desk, &invoice(id.as_str(), (&first, "2027-01-31"))), []);
}

#[test]
fn money_from_the_future_or_from_long_before_its_invoice_is_to_be_confirmed() {
    let shelf = Shelf::new();
    let desk = shelf.sample();
    let paid = small().invoices.into_iter().find(|invoice| invoice.issued_on.to_string() == "2025-12-01").expect("one");
    let payment = |day: &str| json!({ "payments": [{ "id": "new:payment", "invoice": paid.id, "received_on": day, "amount": "1.00" }] });
    assert_eq!(doubts(&desk, &payment("2025-12-05")), []);
    assert_eq!(doubts(&desk, &payment("2025-10-02")), []);
    assert_eq!(
        doubts(&desk, &payment("2024-12-05")),
        told(
            "payments[0].received_on",
            &format!(
                "5 Dec 2024 is long before invoice \"{}\" was issued, on 1 Dec 2025. Check the year.",
                paid.number
            )
        )
    );
    assert_eq!(
        doubts(&desk, &payment("2026-01-11")),
        told("payments[0].received_on", "11 Jan 2026 is still to come: it counts from that day on.")
    );
}

#[test]
fn a_registration_that_is_still_to_come_is_to_be_confirmed() {
    let shelf = Shelf::new();
    let desk = shelf.sample();
    let registered = |day: &str| {
        json!({
            "clients": [{ "id": "new:client", "name": "Quiet Waters Spa", "domains": [], "customer_since": null }],
            "referrals": [{ "id": "new:referral", "affiliate": "A02", "client": "new:client", "registered_on": day }],
        })
    };
    assert_eq!(doubts(&desk, &registered("2026-01-10")), []);
    assert_eq!(
        doubts(&desk, &registered("2026-01-11")),
        told(
            "referrals[0].registered_on",
            "11 Jan 2026 is still to come. A referral is usually registered on the day it is made."
        )
    );
}

#[test]
fn a_contract_below_nothing_and_a_change_that_changes_nothing_are_to_be_confirmed() {
    let shelf = Shelf::new();
    let desk = shelf.sample();
    let contract = open_contract();
    let changed = |contract: &Contract, lines: Value| {
        let mut contract = serde_json::to_value(contract).expect("JSON");
        contract["changes"] = json!([{ "effective_on": "2026-02-01", "lines": lines }]);
        json!({ "contracts": [contract] })
    };
    let earning: Vec<_> = contract.lines.iter().filter(|line| line.kind.earns()).collect();
    let same = changed(&contract, serde_json::to_value(&earning).expect("JSON"));
    let words = "These amounts are in force before 1 Feb 2026 already.";
    assert_eq!(doubts(&desk, &same), told("contracts[0].changes[0].lines", words));
    let discount = json!([{ "kind": "hosting", "description": "Discount", "amount": "-50.00" }]);
    let words = "A month comes to \u{2212}50.00, less than nothing. Is a discount larger than what it is of?";
    assert_eq!(doubts(&desk, &changed(&contract, discount.clone())), told("contracts[0].changes[0].lines", words));
    let mut signed = serde_json::to_value(&contract).expect("JSON");
    signed["lines"] = discount;
    assert_eq!(doubts(&desk, &json!({ "contracts": [signed] })), told("contracts[0].lines", words));
    assert_eq!(doubts(&desk, &json!({ "contracts": [contract] })), []);
}
