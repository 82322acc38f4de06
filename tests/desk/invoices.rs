//! Invoices as the window lists them, and stacks of receipts matched with them.

use std::collections::BTreeMap;

use desk::invoices::{InvoiceRow, MatchedReceipt, TypedReceipt};
use desk::sample::Sample;
use desk::search::ListQuery;
use desk::views::Amount;
use desk::{Code, Desk, Now};
use refbook_tests::{Shelf, on, passphrase};
use rules::money::{Currency, Money};
use serde_json::json;

fn now() -> Now {
    on("2026-01-03")
}

fn sample(shelf: &Shelf) -> Desk {
    Desk::sample(&shelf.book(), &passphrase(), Sample::Small, |_| ()).expect("the sample")
}

fn money(amount: &Amount) -> Money {
    let currency = Currency::parse(&amount.currency).expect("a currency");
    Money::parse(&amount.amount, currency).expect("an amount")
}

fn usd(text: &str) -> Money {
    Money::parse(text, Currency::parse("USD").expect("USD")).expect(text)
}

fn sum(amounts: impl Iterator<Item = Money>) -> Money {
    Currency::parse("USD").expect("USD").sum(amounts)
}

/// All pages of a list.
fn rows(desk: &Desk, text: &str, only: &str) -> Vec<InvoiceRow> {
    let mut rows = Vec::new();
    loop {
        let from = u32::try_from(rows.len()).expect("few rows");
        let query = ListQuery { text: text.to_owned(), only: only.to_owned(), from, ..ListQuery::default() };
        let view = desk.invoices(&query, now()).expect("a list");
        rows.extend(view.rows);
        if rows.len() >= view.total as usize {
            assert_eq!(rows.len(), view.total as usize);
            return rows;
        }
    }
}

fn typed(who: &str, amount: &str) -> TypedReceipt {
    TypedReceipt { who: who.to_owned(), amount: amount.to_owned(), on: "2026-01-02".to_owned(), client: String::new() }
}

fn matched(desk: &Desk, typed: &[TypedReceipt]) -> Vec<MatchedReceipt> {
    desk.match_receipts(typed, now()).expect("matched")
}

/// The numbers that are paid, with how much of each.
fn parts(matched: &MatchedReceipt) -> Vec<(&str, &str)> {
    matched.parts.iter().map(|part| (part.number.as_str(), part.pays.amount.as_str())).collect()
}

fn problem(matched: &MatchedReceipt) -> (&str, &str) {
    let problem = matched.problem.as_ref().expect("a problem");
    assert!(matched.parts.is_empty());
    (problem.at, &problem.message)
}

/// The ages are added up by the file, the rows by the rules: a kept commission, a part payment and a credit are in them.
#[test]
fn the_ages_add_up_to_what_is_open_however_it_is_listed() {
    let shelf = Shelf::new();
    let desk = sample(&shelf);
    let (open, all, overdue) = (rows(&desk, "", "open"), rows(&desk, "", ""), rows(&desk, "", "overdue"));
    let view = desk.invoices(&ListQuery::default(), now()).expect("a list");
    let aged = sum(view.ages.iter().map(|age| money(&age.amount)));
    assert_eq!(aged, usd("3636.50"));
    assert_eq!(sum(open.iter().map(|row| money(&row.open))), aged);
    assert_eq!(sum(all.iter().map(|row| money(&row.open))), aged);
    assert_eq!(view.ages.iter().map(|age| age.count as usize).collect::<Vec<_>>(), [2, 2, 1, 1, 0]);
    assert_eq!(sum(overdue.iter().map(|row| money(&row.open))), aged - money(&view.ages[0].amount));

    assert!(open.is_sorted_by_key(|row| &row.due_on) && overdue.is_sorted_by_key(|row| &row.due_on));
    assert!(all.is_sorted_by(|a, b| a.issued_on >= b.issued_on));
    assert!(overdue.iter().all(|row| row.state == "overdue" && row.days_overdue > 0));
    // The affiliate bills and keeps its commission of 10%.
    let net = open.iter().find(|row| row.number == "NS-25-0620").expect("Eastgate's");
    assert_eq!((net.total.amount.as_str(), net.open.amount.as_str()), ("425.00", "382.50"));
}

#[test]
fn a_list_finds_by_the_start_of_a_number_and_by_the_words_of_a_name() {
    let shelf = Shelf::new();
    let desk = sample(&shelf);
    let all = rows(&desk, "", "");
    let of = |text: &str| rows(&desk, text, "");
    let expected = |wanted: &dyn Fn(&InvoiceRow) -> bool| all.iter().filter(|row| wanted(row)).count();
    assert_eq!(of("ns-25-06").len(), expected(&|row| row.number.starts_with("NS-25-06")));
    assert_eq!(of("str elm").len(), expected(&|row| row.client_name == "Elm Street Pediatrics"));
    assert_eq!(of("ιόνιο").len(), expected(&|row| row.client_name == "Ιόνιο Ναυτιλιακή ΑΕ"));
    assert_eq!(of("hoku surf").len(), expected(&|row| row.client_name == "Hōkū Surf School"));
    assert_eq!(rows(&desk, "elm", "open").len(), 1);
    for nothing in ["\"", "&", "name:elm", "elm OR acme", "NEAR(elm", "zzz", "%", "\0"] {
        assert_eq!(of(nothing).len(), 0, "{nothing}");
    }
}

#[test]
fn an_invoices_page_has_all_that_happened_to_it() {
    let shelf = Shelf::new();
    let desk = sample(&shelf);
    let page = desk.invoice_page("I25-0593", now()).expect("a page");
    assert_eq!(
        (page.row.state, page.row.open.amount.as_str(), page.received.amount.as_str()),
        ("overdue", "450.00", "900.00")
    );
    assert_eq!(
        page.facts.iter().map(|fact| (fact.kind, fact.amount.amount.as_str())).collect::<Vec<_>>(),
        [("payment", "900.00")]
    );
    assert_eq!((page.billed_by, page.told_in), ("company", vec!["2025-12".to_owned()]));
    assert!(page.lines.iter().all(|line| line.earns));
    // Each month that is offered can be asked.
    for row in rows(&desk, "fjordland", "") {
        for month in desk.invoice_page(&row.id, now()).expect("a page").told_in {
            let month = rules::month::Month::parse(&month).expect("a month");
            assert!(desk.why(&row.id, Some(month)).is_ok(), "{} in {month}", row.number);
        }
    }
    let unknown = desk.invoice_page("I99", now()).expect_err("no such invoice");
    assert_eq!(unknown.code, Code::UnknownRecord);
}

#[test]
fn recording_what_was_matched_leaves_just_what_was_said() {
    let shelf = Shelf::new();
    let mut desk = sample(&shelf);
    let stack = [
        typed("elm street", "350"),          // all of it
        typed("NS-25-0587", "1000.00"),      // a part
        typed("fjord", "500.00"),            // 50.00 over
        typed("eastgate vet", "382.50"),     // a remittance, net of what the affiliate keeps
        typed("quillfeather pub", "100.00"), // what the second left
    ];
    let matched = matched(&desk, &stack);
    assert!(matched.iter().all(|receipt| receipt.problem.is_none() && receipt.client.is_some()));
    for (receipt, typed) in matched.iter().zip(&stack) {
        assert_eq!(sum(receipt.parts.iter().map(|part| money(&part.pays))), usd(&typed.amount), "all of it is used");
    }
    assert_eq!(parts(&matched[4]), [("NS-25-0587", "100.00")]);
    assert_eq!(
        (matched[4].parts[0].open.amount.as_str(), matched[4].parts[0].leaves.amount.as_str()),
        ("150.00", "50.00")
    );
    assert_eq!(matched[2].over.as_ref().map(|over| over.amount.as_str()), Some("50.00"));

    // The last word on each invoice, and what is recorded.
    let mut leaves = BTreeMap::new();
    let (mut payments, mut remittances) = (Vec::new(), Vec::new());
    for part in matched.iter().flat_map(|receipt| &receipt.parts) {
        leaves.insert(part.invoice.clone(), part.leaves.amount.clone());
        let list = if part.kind == "payment" { &mut payments } else { &mut remittances };
        let id = format!("T{}", list.len());
        list.push(json!({"id": id, "invoice": part.invoice, "received_on": "2026-01-02", "amount": part.pays.amount}));
    }
    assert_eq!((payments.len(), remittances.len()), (4, 1));
    let file = json!({"format": "refbook/1", "payments": payments, "remittances": remittances}).to_string();
    desk.import("receipts.json", file.as_bytes(), now()).expect("imported");
    for (invoice, leaves) in leaves {
        let page = desk.invoice_page(&invoice, now()).expect("a page");
        assert_eq!(page.row.open.amount, leaves, "{invoice}");
        assert_eq!(page.over.amount == "50.00", page.row.number == "NS-25-0593");
    }
}

#[test]
fn the_oldest_due_is_paid_first_and_a_typed_number_before_it() {
    let shelf = Shelf::new();
    let mut desk = sample(&shelf);
    // Two more bills for Elm Street Pediatrics, one due before and one after what it owes.
    let bill = |id: &str, due_on: &str| {
        json!({"id": id, "number": id, "client": "C05", "contract": null, "issued_on": "2025-09-01", "due_on": due_on,
            "period_start": "2025-09-01", "period_end": "2025-09-30", "tax": "0.00",
            "lines": [{"kind": "other", "description": "Cables", "amount": "100.00"}]})
    };
    let file = json!({"format": "refbook/1", "invoices": [bill("X-1", "2025-12-01"), bill("X-2", "2025-09-15")]});
    desk.import("more.json", file.to_string().as_bytes(), now()).expect("imported");
    let found = matched(&desk, &[typed("C05", "460.00"), typed("x-1", "90.00"), typed("C05", "1.00")]);
    assert_eq!(parts(&found[0]), [("X-2", "100.00"), ("NS-25-0462", "350.00"), ("X-1", "10.00")]);
    assert_eq!(parts(&found[1]), [("X-1", "90.00")]);
    assert_eq!(problem(&found[2]).0, "who");
    assert!(problem(&found[2]).1.starts_with("The receipts above pay all"), "{}", problem(&found[2]).1);
    let found = matched(&desk, &[typed("X-1", "120.00"), typed("elm", "1000.00")]);
    assert_eq!(parts(&found[0]), [("X-1", "100.00"), ("X-2", "20.00")]);
    assert_eq!(parts(&found[1]), [("X-2", "80.00"), ("NS-25-0462", "920.00")]);
    assert_eq!(found[1].over.as_ref().map(|over| over.amount.as_str()), Some("570.00"));
}

#[test]
fn what_an_undo_took_back_is_in_no_list_and_what_was_voided_with_a_reason_is() {
    let shelf = Shelf::new();
    let mut desk = sample(&shelf);
    let before = rows(&desk, "", "").len();
    let bill = json!({ "invoices": [{
        "id": "new:invoice", "number": "X-1", "client": "C05", "contract": null, "issued_on": "2026-01-02",
        "due_on": "2026-01-31", "period_start": "2026-01-01", "period_end": "2026-01-31", "tax": "0.00",
        "lines": [{ "kind": "other", "description": "Cables", "amount": "100.00" }],
    }] });
    let there = |desk: &Desk| {
        let of_client = desk.client_page("C05", now()).expect("a page").invoices;
        [rows(desk, "", ""), rows(desk, "elm", ""), of_client].map(|rows| rows.iter().any(|row| row.number == "X-1"))
    };
    desk.record("Invoice X-1 recorded", bill.to_string().as_bytes(), now()).expect("recorded");
    assert_eq!((there(&desk), rows(&desk, "", "").len()), ([true; 3], before + 1));
    desk.undo(now()).expect("undone");
    assert_eq!((there(&desk), rows(&desk, "", "").len()), ([false; 3], before));
    let id = desk.record("Invoice X-1 recorded", bill.to_string().as_bytes(), now()).expect("recorded").ids;
    desk.void(rules::records::RecordKind::Invoice, &id["new:invoice"], "Sent by mistake", now()).expect("voided");
    assert_eq!((there(&desk), rows(&desk, "", "").len()), ([true; 3], before + 1));
}

#[test]
fn where_several_clients_fit_they_are_offered_and_one_is_picked() {
    let shelf = Shelf::new();
    let desk = sample(&shelf);
    let several = typed("p", "1240.00");
    let found = matched(&desk, std::slice::from_ref(&several)).remove(0);
    assert!(found.client.is_none() && found.parts.is_empty() && found.problem.is_none());
    assert!((2..=8).contains(&found.candidates.len()));
    assert_eq!(found.candidates[0].name, "Pacific Rim Imports", "who has just this amount open comes first");
    let picked = TypedReceipt { client: "C45".to_owned(), ..several };
    let found = matched(&desk, &[picked]).remove(0);
    assert_eq!((found.client_name.as_str(), found.candidates.len()), ("Pelican Pharmacies", 0));
    assert_eq!(parts(&found), [("NS-25-0630", "1240.00")]);
}

#[test]
fn what_cannot_be_paid_is_said_beside_its_field() {
    let shelf = Shelf::new();
    let desk = sample(&shelf);
    let receipt = |who: &str, amount: &str, on: &str| TypedReceipt { on: on.to_owned(), ..typed(who, amount) };
    for (typed, at, words) in [
        (receipt("", "1.00", "2026-01-02"), "who", "Nobody is named"),
        (receipt("zzz", "1.00", "2026-01-02"), "who", "\"zzz\""),
        (receipt("acme widgets", "1.00", "2026-01-02"), "who", "has no open invoice"),
        (receipt("elm", "1,5", "2026-01-02"), "amount", "\"1,5\""),
        (receipt("elm", "", "2026-01-02"), "amount", "missing"),
        (receipt("elm", "-5.00", "2026-01-02"), "amount", "\"-5.00\""),
        (receipt("elm", "0", "2026-01-02"), "amount", "\"0\""),
        (receipt("elm", "1.00", "2026-01-04"), "on", "4 Jan 2026"),
        (receipt("elm", "1.00", "yesterday"), "on", "\"yesterday\""),
        (TypedReceipt { client: "C99".to_owned(), ..receipt("elm", "1.00", "2026-01-02") }, "who", "\"C99\""),
    ] {
        let found = matched(&desk, std::slice::from_ref(&typed)).remove(0);
        let (where_, message) = problem(&found);
        assert!(where_ == at && message.contains(words), "{typed:?}: {where_}: {message}");
    }
}
