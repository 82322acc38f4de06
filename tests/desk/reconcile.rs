//! What the company really paid, beside what the rules say.

use std::path::Path;
use std::process::Command;

use desk::begin::NewBook;
use desk::reconcile::{ReconcileView, TypedPaid};
use desk::{Desk, Month, PageSize};
use refbook_tests::{Shelf, on, own_form, passphrase};
use rules::statement::Status;

const TODAY: &str = "2026-01-05";

fn november() -> Month {
    Month::parse("2025-11").expect("a month")
}

fn view(desk: &Desk) -> ReconcileView {
    desk.reconcile("A01", november()).expect("it is compared")
}

/// What the rules give A01 in November, as the company would say it.
fn all(desk: &Desk) -> Vec<TypedPaid> {
    let typed = |row: desk::reconcile::ReconcileRow| TypedPaid {
        number: row.number,
        client: row.client_name,
        amount: row.expected.amount,
    };
    view(desk).rows.into_iter().map(typed).collect()
}

fn states(view: &ReconcileView) -> Vec<&str> {
    view.rows.iter().map(|row| row.state).collect()
}

#[test]
fn each_invoice_is_correct_short_unpaid_or_unexpected_to_the_cent() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    assert!(!view(&desk).told);
    let mut paid = all(&desk);
    assert!(paid.len() > 3);
    desk.set_paid("A01", november(), &paid, on(TODAY)).expect("it is kept");
    assert!(states(&view(&desk)).iter().all(|state| *state == "correct"));
    assert_eq!(view(&desk).claim.amount, "0.00");

    let short = paid[0].amount.clone();
    paid[0].amount = less_a_cent(&short);
    let unpaid = paid.remove(1);
    paid.push(TypedPaid { number: "ZZ-1".to_owned(), client: "Nobody".to_owned(), amount: "5.00".to_owned() });
    desk.set_paid("A01", november(), &paid, on(TODAY)).expect("it is kept");
    let view = view(&desk);
    let of = |number: &str| view.rows.iter().find(|row| row.number == number).expect("a row").clone();
    assert_eq!((of(&paid[0].number).state, of(&paid[0].number).difference.amount.as_str()), ("short", "-0.01"));
    assert_eq!(of(&unpaid.number).state, "unpaid");
    assert_eq!((of("ZZ-1").state, of("ZZ-1").difference.amount.as_str()), ("unexpected", "5.00"));
    assert!(of("ZZ-1").invoice.is_none());
    assert_eq!(view.overpaid.amount, "5.00", "it is told apart from the claim");
    assert!(of(&unpaid.number).evidence.contains("Paid in full on"), "{}", of(&unpaid.number).evidence);
}

#[test]
fn a_total_that_is_overpaid_still_claims_what_is_short_and_sets_nothing_off() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    let mut paid = all(&desk);
    paid[0].amount = less_a_cent(&paid[0].amount);
    paid.push(TypedPaid { number: "ZZ-1".to_owned(), client: "Nobody".to_owned(), amount: "5.00".to_owned() });
    desk.set_paid("A01", november(), &paid, on(TODAY)).expect("it is kept");
    let view = view(&desk);
    let amounts = [&view.difference, &view.claim, &view.overpaid].map(|amount| amount.amount.as_str());
    assert_eq!(amounts, ["4.99", "0.01", "5.00"]);
}

#[test]
fn every_column_that_is_told_of_is_read_by_each_of_its_names() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    let columns = view(&desk).columns;
    let needed = |nth: usize| columns.iter().filter(|column| column.needed).nth(nth).expect("a column").names.clone();
    for (number, amount) in needed(0).iter().flat_map(|one| needed(1).into_iter().map(move |other| (one, other))) {
        let table = format!("{number}\t{amount}\nNS-1\t83.33\n");
        desk.import_paid("A01", november(), table.as_bytes(), on(TODAY)).expect("it is read");
        let row = view(&desk).rows.into_iter().find(|row| row.number == "NS-1").expect("a row");
        assert_eq!(row.paid.amount, "83.33", "{number}, {amount}");
    }
    let [client, status] = [2, 3].map(|nth| columns[nth].names.clone());
    for (client, status) in client.iter().zip(status.iter().cycle()) {
        let table = format!(
            "{client};{status};number;paid\nOak Works;payable;NS-1;1.00\nOak Works;held;NS-2;2.00\nOak Works;Held;NS-3;3.00\n"
        );
        desk.import_paid("A01", november(), table.as_bytes(), on(TODAY)).expect("it is read");
        let rows = view(&desk).rows;
        let named = rows.iter().find(|row| row.number == "NS-1").map(|row| row.client_name.as_str());
        assert_eq!(named, Some("Oak Works"), "{client}");
        assert!(rows.iter().all(|row| !["NS-2", "NS-3"].contains(&row.number.as_str())), "{status}");
    }
}

fn less_a_cent(amount: &str) -> String {
    let cents: i64 = amount.replace('.', "").parse().expect("cents");
    format!("{}.{:02}", (cents - 1) / 100, (cents - 1) % 100)
}

#[test]
fn a_csv_and_a_sealed_statement_from_another_refbook_are_read() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    let view_of = desk.statements(november(), Some("A01")).expect("a statement").statements.remove(0);
    let csv = exchange::statements::csv(&view_of.statement);
    desk.import_paid("A01", november(), &csv, on(TODAY)).expect("it is read");
    assert!(states(&view(&desk)).iter().all(|state| *state == "correct"));
    let desk::State::Sealed { document, .. } = &view_of.state else { panic!("November is closed") };
    desk.import_paid("A01", november(), document, on(TODAY)).expect("it is read");
    assert!(states(&view(&desk)).iter().all(|state| *state == "correct"));
    let semicolons = "Rechnung;Kunde;Betrag\nNS-1;Acme;83,33\n";
    desk.import_paid("A01", november(), semicolons.as_bytes(), on(TODAY)).expect("it is read");
    let unexpected = view(&desk).rows.into_iter().find(|row| row.number == "NS-1").expect("a row");
    assert_eq!((unexpected.paid.amount.as_str(), unexpected.state), ("83.33", "unexpected"));
    let error = desk.import_paid("A01", november(), b"a,b\n1,2\n", on(TODAY)).expect_err("no columns");
    assert!(error.message.contains("\"number\""));
    let error = desk.import_paid("A01", november(), b"number,paid\nNS-1,much\n", on(TODAY)).expect_err("no amount");
    assert!(error.message.contains("line 2: \"much\""), "{}", error.message);
}

#[test]
fn a_sealed_statement_of_another_affiliate_or_month_is_refused_and_nothing_is_replaced() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    let paid = all(&desk);
    desk.set_paid("A01", november(), &paid, on(TODAY)).expect("it is kept");
    let mut sealed = |affiliate: &str, month: Month| {
        let state = desk.statements(month, Some(affiliate)).expect("a statement").statements.remove(0).state;
        let desk::State::Sealed { document, .. } = state else { panic!("it is closed") };
        desk.import_paid("A01", november(), &document, on(TODAY)).expect_err("another's").message
    };
    let error = sealed("A06", november());
    assert!(
        error.contains("its affiliate: It is of \"Hargrove & Lund\", and not of Meridian Tech Advisors"),
        "{error}"
    );
    let error = sealed("A01", Month::parse("2025-10").expect("a month"));
    assert!(error.contains("its month: It is of \"October 2025\", and not of November 2025"), "{error}");
    assert!(states(&view(&desk)).iter().all(|state| *state == "correct"));
}

#[test]
fn the_name_alone_tells_whose_a_sealed_statement_is_whatever_the_ids() {
    let office = Shelf::new().sample();
    let sealed = |affiliate: &str| {
        let state = office.statements(november(), Some(affiliate)).expect("a statement").statements.remove(0).state;
        let desk::State::Sealed { document, .. } = state else { panic!("it is closed") };
        document
    };
    let imported = |name: &str, document: &[u8]| {
        let shelf = Shelf::new();
        let form = NewBook { name: name.to_owned(), ..own_form() };
        let mut own = Desk::begin(&shelf.book(), &passphrase(), &form, on("2025-12-01")).expect("a book");
        own.import_paid("A01", november(), document, on(TODAY)).map_err(|error| error.message)
    };
    let error = imported("Dana Reyes", &sealed("A01")).expect_err("the office's A01 is somebody else");
    assert!(error.contains("It is of \"Meridian Tech Advisors\", and not of Dana Reyes."), "{error}");
    imported("HARGROVE AND LUND, LLC", &sealed("A06")).expect("spelled otherwise, and A01 here");
}

#[test]
fn the_same_again_or_nothing_over_nothing_leaves_nothing_to_undo() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    let before = desk.undo_offered().expect("an offer");
    desk.import_paid("A01", november(), b"number,paid\n", on(TODAY)).expect("an empty table");
    assert_eq!(desk.undo_offered().expect("an offer"), before);
    let paid = all(&desk);
    desk.set_paid("A01", november(), &paid, on(TODAY)).expect("it is kept");
    desk.set_paid("A01", november(), &paid, on(TODAY)).expect("it is kept already");
    desk.undo(on(TODAY)).expect("undone");
    assert!(!view(&desk).told, "one undo takes all of it back");
    assert_eq!(desk.undo_offered().expect("an offer"), before);
}

#[test]
fn what_an_import_or_a_hand_replaced_is_put_back_by_undo() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    let paid = all(&desk);
    let kept = |desk: &Desk| serde_json::to_string(&view(desk)).expect("JSON");
    let nothing = kept(&desk);
    desk.set_paid("A01", november(), &paid, on(TODAY)).expect("it is kept");
    let typed = kept(&desk);
    desk.import_paid("A01", november(), b"number,paid\nZZ-1,5.00\n", on(TODAY)).expect("it is read");
    assert_eq!(desk.undo(on(TODAY)).expect("undone"), "What Meridian Tech Advisors was paid for November 2025");
    assert_eq!(kept(&desk), typed);
    desk.undo(on(TODAY)).expect("undone");
    assert_eq!(kept(&desk), nothing);
    assert_eq!(desk.verify().expect("verify").finding, None);
}

#[test]
fn what_was_kept_from_a_remittance_is_compared_only_where_the_company_names_it() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    let statement = desk.statements(november(), Some("A06")).expect("a statement").statements.remove(0).statement;
    let line = statement.lines.iter().find(|line| line.status == Status::Retained).expect("a line that is kept");
    let kept = statement.retained.to_string();
    let paid = |number: &str, amount: String| TypedPaid { number: number.to_owned(), client: String::new(), amount };
    let of = |desk: &Desk| desk.reconcile("A06", november()).expect("it is compared");
    let found = |view: &ReconcileView| view.rows.iter().find(|row| row.number == line.number).map(|row| row.state);

    desk.set_paid("A06", november(), &[paid("ZZ-1", "5.00".to_owned())], on(TODAY)).expect("it is kept");
    let view = of(&desk);
    let told = (found(&view), view.claim.amount.as_str(), view.kept.amount.as_str());
    assert_eq!(told, (None, statement.payable.to_string().as_str(), kept.as_str()));
    let file = shelf.path("claim.pdf");
    desk.print_claim("A06", november(), &file, PageSize::A4, on(TODAY)).expect("a claim");
    let text = words(&file);
    assert!(text.contains(&format!("The {kept} that we kept from our remittances are not compared here.")), "{text}");

    let named = paid(&line.number, line.commission.to_string());
    desk.set_paid("A06", november(), &[named], on(TODAY)).expect("it is kept");
    assert_eq!(found(&of(&desk)), Some("correct"));
}

#[test]
fn a_line_without_a_number_is_refused() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    let paid = TypedPaid { number: " ".to_owned(), client: String::new(), amount: "5.00".to_owned() };
    let error = desk.set_paid("A01", november(), &[paid], on(TODAY)).expect_err("no number");
    assert!(error.message.contains("The line of \"5.00\" has no number"), "{}", error.message);
}

#[test]
fn where_nothing_is_missing_the_paper_asks_what_was_paid_too_much() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    let mut paid = all(&desk);
    paid.push(TypedPaid { number: "ZZ-1".to_owned(), client: "Nobody".to_owned(), amount: "5.00".to_owned() });
    desk.set_paid("A01", november(), &paid, on(TODAY)).expect("it is kept");
    let file = shelf.path("query.pdf");
    desk.print_claim("A01", november(), &file, PageSize::A4, on(TODAY)).expect("a query");
    let text = words(&file);
    for said in ["Query", "Paid too much, USD", "5.00", "Nothing is missing"] {
        assert!(text.contains(said), "{said} is missing from\n{text}");
    }
    assert!(!text.contains("Claim"), "{text}");
}

fn words(file: &Path) -> String {
    let told = Command::new("pdftotext").arg("-layout").arg(file).arg("-").output().expect("pdftotext runs");
    String::from_utf8_lossy(&told.stdout).into_owned()
}

#[test]
fn the_claim_prints_what_is_missing_with_its_evidence() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    let mut paid = all(&desk);
    desk.set_paid("A01", november(), &paid, on(TODAY)).expect("it is kept");
    let file = shelf.path("claim.pdf");
    let error = desk.print_claim("A01", november(), &file, PageSize::A4, on(TODAY)).expect_err("nothing is missing");
    assert!(error.message.contains("nothing to claim"));
    let unpaid = paid.remove(0);
    desk.set_paid("A01", november(), &paid, on(TODAY)).expect("it is kept");
    desk.print_claim("A01", november(), &file, PageSize::A4, on(TODAY)).expect("a claim");
    let text = words(&file);
    for said in
        ["Claim", "November 2025", &unpaid.number, &unpaid.client, "unpaid", "received: payment", "Missing in all"]
    {
        assert!(text.contains(said), "{said} is missing from\n{text}");
    }
    assert_eq!(desk.verify().expect("verify").finding, None);
}
