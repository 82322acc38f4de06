//! What is told beside a field and may be meant: none of it is refused.

use desk::Desk;
use desk::sample::small;
use refbook_tests::{Shelf, on, own_form, passphrase};
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
    let mut desk = shelf.sample();
    let open = unpaid(&mut desk);
    let payment = |day: &str| json!({ "payments": [paid("new:payment", &open, day, "1.00")] });
    assert_eq!(doubts(&desk, &payment("2025-12-05")), []);
    assert_eq!(doubts(&desk, &payment("2025-10-02")), []);
    assert_eq!(
        doubts(&desk, &payment("2024-12-05")),
        told(
            "payments[0].received_on",
            "5 Dec 2024 is long before invoice \"OPEN-1\" was issued, on 1 Dec 2025. Check the year."
        )
    );
    assert_eq!(
        doubts(&desk, &payment("2026-01-11")),
        told("payments[0].received_on", "11 Jan 2026 is still to come: it counts from that day on.")
    );
}

/// An invoice over 300.00 of 1 December 2025, `OPEN-1`, of which nothing is paid; its id.
fn unpaid(desk: &mut Desk) -> String {
    let mut invoice = serde_json::to_value(last_invoice()).expect("JSON");
    (invoice["id"], invoice["number"], invoice["contract"]) = ("new:invoice".into(), "OPEN-1".into(), Value::Null);
    (invoice["issued_on"], invoice["due_on"]) = ("2025-12-01".into(), "2025-12-31".into());
    invoice["tax"] = "0.00".into();
    invoice["lines"] = json!([{ "kind": "other", "description": "Cabling", "amount": "300.00" }]);
    let document = json!({ "invoices": [invoice] }).to_string();
    let recorded = desk.record("Entered", document.as_bytes(), on("2026-01-10")).expect("an invoice");
    recorded.ids["new:invoice"].clone()
}

fn paid(id: &str, invoice: &str, day: &str, amount: &str) -> Value {
    json!({ "id": id, "invoice": invoice, "received_on": day, "amount": amount })
}

#[test]
fn a_payment_of_more_than_the_client_owes_is_to_be_confirmed() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    let invoice = unpaid(&mut desk);
    let payment = |id: &str, amount: &str| paid(id, &invoice, "2026-01-09", amount);
    let beyond = |owes: &str, over: &str| {
        format!("The client owes {owes} on invoice \"OPEN-1\": {over} would be kept as its credit.")
    };
    let alone = |id: &str, amount: &str| json!({ "payments": [payment(id, amount)] });
    assert_eq!(doubts(&desk, &alone("new:payment", "300.00")), []);
    let too_much = beyond("300.00", "the 2,700.00 beyond that");
    assert_eq!(doubts(&desk, &alone("new:payment", "3000.00")), told("payments[0].amount", &too_much));
    let both = json!({ "payments": [payment("new:payment:1", "200.00"), payment("new:payment:2", "150.00")] });
    let rest = beyond("100.00", "the 50.00 beyond that");
    assert_eq!(doubts(&desk, &both), told("payments[1].amount", &rest), "each knows those before it");

    let recorded = desk.record("Paid", alone("new:payment", "300.00").to_string().as_bytes(), on("2026-01-10"));
    let id = &recorded.expect("a payment").ids["new:payment"];
    let nothing = beyond("nothing", "1.00");
    assert_eq!(doubts(&desk, &alone("new:payment", "1.00")), told("payments[0].amount", &nothing));
    assert_eq!(doubts(&desk, &alone(id, "299.00")), [], "its correction is no second payment");
    assert_eq!(doubts(&desk, &alone(id, "3000.00")), told("payments[0].amount", &too_much));
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

/// An affiliate's own book, with an invoice over 300.00 that it bills: `I1`.
fn own_book(shelf: &Shelf) -> Desk {
    let mut desk = Desk::begin(&shelf.book(), &passphrase(), &own_form(), on("2025-12-01")).expect("a book");
    let lines = json!([{ "kind": "hosting", "description": "", "amount": "300.00" }]);
    let file = json!({
        "format": "refbook/1",
        "affiliates": [{"id": "A01", "name": "Dana Reyes", "own_companies": [], "domains": [],
            "agreement_signed_on": "2025-12-01", "remittance": "net_of_commission"}],
        "clients": [{"id": "C1", "name": "Oak Works", "domains": [], "customer_since": null}],
        "referrals": [{"id": "R1", "affiliate": "A01", "client": "C1", "registered_on": "2025-12-01"}],
        "contracts": [{"id": "K1", "referral": "R1", "signed_on": "2025-12-02", "starts_on": "2026-01-01",
            "term_months": 12, "ended_on": null, "rate": "0.10", "billed_by": "affiliate", "changes": [], "lines": lines}],
        "invoices": [{"id": "I1", "number": "N-1", "client": "C1", "contract": "K1", "issued_on": "2026-01-01",
            "due_on": "2026-01-31", "period_start": "2026-01-01", "period_end": "2026-01-31", "lines": lines,
            "tax": "0.00"}],
    });
    desk.import("book.json", file.to_string().as_bytes(), on("2026-01-10")).expect("imported");
    desk
}

#[test]
fn in_an_affiliates_own_book_a_payment_beyond_its_own_bill_is_to_be_confirmed() {
    let shelf = Shelf::new();
    let desk = own_book(&shelf);
    let payment = |amount: &str| json!({ "payments": [paid("new:payment", "I1", "2026-01-09", amount)] });
    assert_eq!(doubts(&desk, &payment("300.00")), [], "the commission is kept from the company, not from the client");
    let message = "The client owes 300.00 on invoice \"N-1\": the 5.00 beyond that would be kept as its credit.";
    assert_eq!(doubts(&desk, &payment("305.00")), told("payments[0].amount", message));
}
