//! An affiliate that bills its clients itself: the billing run, the cockpit, the invoices on paper.

use std::process::Command;

use desk::biller::Letterhead;
use desk::billing::BillingAsked;
use desk::cockpit::CockpitSums;
use desk::{Code, Desk, PageSize};
use exchange::book::read_part;
use refbook_tests::{Shelf, on};
use rules::money::Currency;
use rules::records::RecordKind;
use serde_json::{Value, json};

const TODAY: &str = "2026-01-05";

/// Two clients: one since January with a setup fee, one since the middle of January; net of commission.
fn book(shelf: &Shelf) -> Desk {
    let mut desk = shelf.create();
    let contract = |id: &str, starts_on: &str, lines: Value| {
        json!({"id": format!("K{id}"), "referral": format!("R{id}"), "signed_on": "2025-12-20", "starts_on": starts_on,
            "term_months": 12, "ended_on": null, "rate": "0.10", "billed_by": "affiliate", "lines": lines, "changes": []})
    };
    let line = |kind: &str, amount: &str| json!({"kind": kind, "description": "", "amount": amount});
    let book = json!({
        "format": "refbook/1",
        "programme": {"company": "NetSource", "phone": "", "currency": "USD", "standard_rate": "0.10",
            "maximum_rate": "0.10", "in_term_changes": "follow_contract", "minimum_payout": "0.00"},
        "affiliates": [{"id": "A1", "name": "Dana Reyes", "own_companies": [], "domains": [],
            "agreement_signed_on": "2025-12-01", "remittance": "net_of_commission"},
            {"id": "A2", "name": "Eli", "own_companies": [], "domains": [], "agreement_signed_on": null,
            "remittance": "in_full"}],
        "clients": [{"id": "C1", "name": "Oak Works", "domains": [], "customer_since": null},
            {"id": "C2", "name": "Elm Works", "domains": [], "customer_since": null}],
        "referrals": [{"id": "R1", "affiliate": "A1", "client": "C1", "registered_on": "2025-12-10"},
            {"id": "R2", "affiliate": "A1", "client": "C2", "registered_on": "2025-12-10"}],
        "contracts": [
            contract("1", "2026-01-01", json!([line("hosting", "1000.00"), line("setup", "500.00")])),
            contract("2", "2026-01-15", json!([line("managed_service", "310.00")]))],
    });
    desk.import("book.json", book.to_string().as_bytes(), on(TODAY)).expect("a book");
    desk
}

fn asked(period: &str) -> BillingAsked {
    BillingAsked {
        affiliate: "A1".to_owned(),
        period: period.to_owned(),
        issued_on: TODAY.to_owned(),
        days_to_pay: "30".to_owned(),
        ..BillingAsked::default()
    }
}

fn numbers(desk: &Desk, asked: &BillingAsked) -> Vec<(String, String, String)> {
    let view = desk.billing(asked).expect("a preview");
    let told = view.bills.into_iter().map(|bill| (bill.number, bill.client_name, bill.total.amount));
    told.collect()
}

fn told(rows: &[(String, String, String)]) -> Vec<(&str, &str, &str)> {
    rows.iter().map(|(number, client, total)| (number.as_str(), client.as_str(), total.as_str())).collect()
}

#[test]
fn a_month_is_billed_in_one_step_prorated_and_with_setup_only_once() {
    let shelf = Shelf::new();
    let mut desk = book(&shelf);
    let january = numbers(&desk, &asked("2026-01"));
    // 17 of 31 days of 310.00.
    assert_eq!(told(&january), [("1001", "Elm Works", "170.00"), ("1002", "Oak Works", "1500.00")]);
    desk.bill(&asked("2026-01"), on(TODAY)).expect("it is billed");
    let february = numbers(&desk, &asked("2026-02"));
    assert_eq!(told(&february), [("1003", "Elm Works", "310.00"), ("1004", "Oak Works", "1000.00")]);
    let again = desk.billing(&asked("2026-01")).expect("a preview");
    assert!(again.bills.is_empty());
    let skipped: Vec<_> =
        again.skipped.iter().map(|row| (row.client_name.as_str(), row.contract.as_str(), row.why.as_str())).collect();
    assert_eq!(
        skipped,
        [
            ("Elm Works", "K2", "Billed already, on 1001: 15 Jan 2026 to 31 Jan 2026."),
            ("Oak Works", "K1", "Billed already, on 1002: 1 Jan 2026 to 31 Jan 2026."),
        ]
    );
    assert_eq!(desk.bill(&asked("2026-01"), on(TODAY)).expect_err("nothing").code, Code::Refused);
}

#[test]
fn of_a_quarter_all_days_are_billed_that_no_invoice_has() {
    let shelf = Shelf::new();
    let mut desk = book(&shelf);
    let of = |desk: &Desk, period: &str| -> Vec<(String, String, String)> {
        let bills = desk.billing(&asked(period)).expect("a preview").bills.into_iter();
        bills.map(|bill| (bill.period_start, bill.period_end, bill.total.amount)).collect()
    };
    desk.bill(&asked("2026-02"), on(TODAY)).expect("it is billed");
    let quarter = of(&desk, "2026-Q1");
    let january = [("2026-01-15", "2026-01-31", "170.00"), ("2026-01-01", "2026-01-31", "1500.00")];
    let march = [("2026-03-01", "2026-03-31", "310.00"), ("2026-03-01", "2026-03-31", "1000.00")];
    assert_eq!(told(&quarter), [january[0], march[0], january[1], march[1]]);
    desk.bill(&asked("2026-Q1"), on(TODAY)).expect("it is billed");
    let year = of(&desk, "2026");
    assert_eq!(told(&year), [("2026-04-01", "2026-12-31", "2790.00"), ("2026-04-01", "2026-12-31", "9000.00")]);
}

#[test]
fn an_undo_takes_the_run_back_and_its_numbers_are_given_again() {
    let shelf = Shelf::new();
    let mut desk = book(&shelf);
    let before = desk.export().expect("an export");
    let first = BillingAsked { first_number: "D-0099".to_owned(), ..asked("2026-01") };
    desk.bill(&first, on(TODAY)).expect("it is billed");
    assert_eq!(told(&numbers(&desk, &asked("2026-02")))[0].0, "D-0101");
    desk.undo(on(TODAY)).expect("it is undone");
    assert_eq!(desk.export().expect("an export"), before);
    assert_eq!(told(&numbers(&desk, &asked("2026-01")))[0].0, "1001");
}

#[test]
fn a_number_that_somebody_else_s_invoice_has_is_passed_over() {
    let shelf = Shelf::new();
    let mut desk = book(&shelf);
    let taken = json!({"invoices": [{"id": "new:invoice", "number": "1001", "client": "C1", "contract": null,
        "issued_on": TODAY, "due_on": TODAY, "period_start": TODAY, "period_end": TODAY,
        "lines": [{"kind": "other", "description": "", "amount": "5.00"}], "tax": "0.00"}]});
    desk.record("Cable", taken.to_string().as_bytes(), on(TODAY)).expect("it is recorded");
    let numbers = numbers(&desk, &asked("2026-01"));
    assert_eq!(numbers.iter().map(|(number, ..)| number.as_str()).collect::<Vec<_>>(), ["1002", "1003"]);
}

#[test]
fn tax_is_on_all_charges_and_what_is_left_out_is_told() {
    let shelf = Shelf::new();
    let desk = book(&shelf);
    let asked = BillingAsked { tax_rate: "0.0825".to_owned(), left_out: vec!["K2".to_owned()], ..asked("2026-01") };
    let view = desk.billing(&asked).expect("a preview");
    assert_eq!(
        (view.net.amount.as_str(), view.tax.amount.as_str(), view.total.amount.as_str()),
        ("1500.00", "123.75", "1623.75")
    );
    assert_eq!((view.skipped[0].why.as_str(), view.skipped[0].left_out), ("Left out.", true));
    let new_york = BillingAsked { tax_rate: "0.08875".to_owned(), ..asked.clone() };
    assert_eq!(desk.billing(&new_york).expect("a preview").tax.amount, "133.13");
    assert_eq!(view.bills[0].number, "1001", "no number is lost on what is left out");
}

#[test]
fn the_tax_of_the_last_run_is_offered_in_the_next() {
    let shelf = Shelf::new();
    let mut desk = book(&shelf);
    let offered = |desk: &Desk| desk.biller("A1").expect("a view").letterhead;
    let taxed = BillingAsked { tax_rate: "0.0825".to_owned(), ..asked("2026-01") };
    desk.billing(&taxed).expect("a preview");
    assert_eq!(offered(&desk).tax_rate, "", "a look keeps nothing");
    desk.bill(&taxed, on(TODAY)).expect("it is billed");
    let usual = Letterhead { tax_label: "Tax".to_owned(), days_to_pay: "30".to_owned(), ..Letterhead::default() };
    assert_eq!(offered(&desk), Letterhead { tax_rate: "0.0825".to_owned(), ..usual.clone() });
    desk.undo(on(TODAY)).expect("it is undone");
    assert_eq!(offered(&desk).tax_rate, "0.0825", "the invoices are taken back, and what was typed is not");
    assert_eq!(desk.undo_offered().expect("an answer").as_deref(), Some("Import of book.json"), "the run was one step");
    desk.bill(&asked("2026-01"), on(TODAY)).expect("it is billed");
    assert_eq!(offered(&desk), usual, "without tax is what was typed last too");
    assert_eq!(desk.verify().expect("verify").finding, None);
}

#[test]
fn without_an_agreement_nothing_is_billed_and_wrong_fields_are_named() {
    let shelf = Shelf::new();
    let desk = book(&shelf);
    let none = BillingAsked { affiliate: "A2".to_owned(), ..asked("2026-01") };
    assert!(desk.billing(&none).expect_err("no agreement").message.contains("has signed no agreement"));
    for (wrong, at) in [
        (BillingAsked { period: "January".to_owned(), ..asked("") }, "period"),
        (BillingAsked { issued_on: "soon".to_owned(), ..asked("2026-01") }, "issued_on"),
        (BillingAsked { tax_rate: "much".to_owned(), ..asked("2026-01") }, "tax_rate"),
        (BillingAsked { days_to_pay: "30 d".to_owned(), ..asked("2026-01") }, "days_to_pay"),
        (BillingAsked { days_to_pay: String::new(), ..asked("2026-01") }, "days_to_pay"),
        (BillingAsked { days_to_pay: "366".to_owned(), ..asked("2026-01") }, "days_to_pay"),
    ] {
        let error = desk.billing(&wrong).map(|_| ());
        let error = error.expect_err(at);
        assert_eq!(error.fields[0].at, at);
    }
}

#[test]
fn the_cockpit_says_what_to_remit_by_when_and_why() {
    let shelf = Shelf::new();
    let mut desk = book(&shelf);
    desk.bill(&asked("2026-01"), on(TODAY)).expect("it is billed");
    let invoice = desk.export().expect("an export");
    let invoice: Value = serde_json::from_str(&invoice).expect("JSON");
    let id =
        invoice["invoices"].as_array().and_then(|all| all.iter().find(|one| one["client"] == "C1")).expect("it")["id"]
            .clone();
    let payment =
        json!({"payments": [{"id": "new:payment", "invoice": id, "received_on": "2026-01-20", "amount": "1600.00"}]});
    desk.record("Paid", payment.to_string().as_bytes(), on("2026-01-20")).expect("it is paid");
    let view = desk.cockpit("A1", on("2026-01-30")).expect("the cockpit");
    // 1,500.00 billed less 10% of 1,000.00: setup earns nothing.
    assert_eq!(view.remit.len(), 1);
    assert_eq!(view.remit[0].words, "Remit 1,400.00 for invoice 1002 by Wednesday, 4 Feb 2026.");
    assert!(view.remit[0].reason.contains("Oak Works paid it in full on 20 Jan 2026."));
    let sums = &view.sums;
    assert_eq!((sums.billed.amount.as_str(), sums.received.amount.as_str()), ("1670.00", "1600.00"));
    assert_eq!((sums.owes.amount.as_str(), sums.credit.amount.as_str()), ("170.00", "100.00"));
    assert_eq!(sums.commission.amount, "0.00", "nothing is earned before it is remitted");

    let remittance = json!({"remittances": [{"id": "new:remittance", "invoice": id, "received_on": "2026-02-02", "amount": "1400.00"}]});
    desk.record("Remitted", remittance.to_string().as_bytes(), on("2026-02-02")).expect("it is remitted");
    let view = desk.cockpit("A1", on("2026-02-10")).expect("the cockpit");
    assert!(view.remit.is_empty());
    assert_eq!((view.sums.commission.amount.as_str(), view.sums.remitted.amount.as_str()), ("100.00", "1400.00"));
    assert_eq!(view.sums.overdue.amount, "170.00");
    let late = view.ages.iter().find(|age| age.count > 0).expect("an age");
    assert_eq!((late.words.as_str(), late.amount.amount.as_str()), ("1 to 30 days", "170.00"));
}

/// Oak Works paid 1,600.00 on its invoice of 1,500.00; both clients owe February.
fn overpaid(desk: &mut Desk) -> String {
    desk.bill(&asked("2026-01"), on(TODAY)).expect("it is billed");
    desk.bill(&asked("2026-02"), on(TODAY)).expect("it is billed");
    let invoices = desk.account("A1", "C1", on("2026-03-01")).expect("an account").entries;
    let id = invoices.iter().find(|row| row.words == "Invoice 1002").expect("it").invoice.clone();
    let payment =
        json!({"payments": [{"id": "new:payment", "invoice": id, "received_on": "2026-01-20", "amount": "1600.00"}]});
    desk.record("Paid", payment.to_string().as_bytes(), on("2026-01-20")).expect("it is paid");
    id
}

#[test]
fn what_one_client_paid_too_much_hides_nothing_that_another_owes() {
    let shelf = Shelf::new();
    let mut desk = book(&shelf);
    overpaid(&mut desk);
    let view = desk.cockpit("A1", on("2026-03-01")).expect("the cockpit");
    let told = |sums: &CockpitSums| (sums.owes.amount.clone(), sums.credit.amount.clone());
    let rows: Vec<_> = view.rows.iter().map(|row| (row.client_name.as_str(), told(&row.sums))).collect();
    let sums = |owes: &str, credit: &str| (owes.to_owned(), credit.to_owned());
    assert_eq!(rows, [("Elm Works", sums("480.00", "0.00")), ("Oak Works", sums("1000.00", "100.00"))]);
    assert_eq!(told(&view.sums), sums("1480.00", "100.00"));
}

#[test]
fn what_was_paid_too_much_is_the_client_s_and_can_be_set_against_the_next_invoice() {
    let shelf = Shelf::new();
    let mut desk = book(&shelf);
    let from = overpaid(&mut desk);
    let account = desk.account("A1", "C1", on("2026-03-01")).expect("an account");
    assert_eq!(account.balance.amount, "900.00");
    let credit = &account.credits[0];
    assert_eq!((credit.number.as_str(), credit.amount.amount.as_str()), ("1002", "100.00"));
    let against = credit.against[0].clone();
    assert_eq!((against.number.as_str(), against.owes.amount.as_str()), ("1004", "1000.00"));
    let before = desk.export().expect("an export");
    desk.set_credit(&from, &against.invoice, on("2026-03-01")).expect("it is set against it");
    let account = desk.account("A1", "C1", on("2026-03-01")).expect("an account");
    assert_eq!(account.balance.amount, "900.00", "no money came into being");
    assert!(account.credits.is_empty());
    assert!(account.entries.iter().any(|row| row.words == "Payment for 1004" && row.on == "2026-01-20"));
    assert!(desk.set_credit(&from, &against.invoice, on("2026-03-01")).is_err(), "there is nothing more to set");
    desk.undo(on("2026-03-01")).expect("it is undone");
    assert_eq!(desk.export().expect("an export"), before);
}

/// Paid in full, and void since: what was paid is the client's, and what was remitted is not forgotten.
#[test]
fn what_was_paid_for_an_invoice_that_is_void_is_the_client_s() {
    let shelf = Shelf::new();
    let mut desk = book(&shelf);
    let from = overpaid(&mut desk);
    let remittance = json!({"remittances": [{"id": "new:remittance", "invoice": from, "received_on": "2026-02-02", "amount": "1400.00"}]});
    desk.record("Remitted", remittance.to_string().as_bytes(), on("2026-02-02")).expect("it is remitted");
    desk.void(RecordKind::Invoice, &from, "Sent by mistake", on("2026-03-01")).expect("it is void");
    let oak = |desk: &Desk| {
        let row =
            desk.cockpit("A1", on("2026-03-01")).expect("the cockpit").rows.into_iter().nth(1).expect("Oak Works");
        let sums = row.sums;
        [sums.billed, sums.received, sums.credit, sums.owes, sums.remitted, sums.remitted_over]
            .map(|amount| amount.amount)
    };
    assert_eq!(oak(&desk), ["1000.00", "1600.00", "1600.00", "1000.00", "1400.00", "1400.00"]);
    let account = desk.account("A1", "C1", on("2026-03-01")).expect("an account");
    assert!(account.entries.iter().any(|row| row.words == "Payment for 1002, which is void"));
    assert_eq!(account.balance.amount, "-600.00");
    let [credit] = account.credits.as_slice() else { panic!("one credit: {:?}", account.credits) };
    let before = desk.export().expect("an export");
    desk.set_credit(&from, &credit.against[0].invoice, on("2026-03-01")).expect("it is set against February");
    assert_eq!(oak(&desk), ["1000.00", "1600.00", "600.00", "0.00", "1400.00", "1400.00"]);
    desk.undo(on("2026-03-01")).expect("it is undone");
    assert_eq!(desk.export().expect("an export"), before);
    let folder = shelf.path("");
    let printed = desk.print_invoices("A1", &[from], &folder, PageSize::A4, on("2026-03-01"), |_| true);
    assert_eq!(printed.expect_err("void").message, "Invoice 1002 is void: nothing of it is to be paid.");
}

/// A payment of which a part was given back stays where it is: whole, it would be more than is the client's.
#[test]
fn no_money_comes_into_being_where_a_part_was_given_back_before_an_invoice_was_void() {
    let shelf = Shelf::new();
    let mut desk = book(&shelf);
    let from = overpaid(&mut desk);
    let back = json!({"own_entries": [{"id": "new:own_entry", "invoice": from, "kind": "refunded", "on": "2026-02-02", "amount": "600.00"}]});
    desk.record("Given back", back.to_string().as_bytes(), on("2026-02-02")).expect("it is recorded");
    desk.void(RecordKind::Invoice, &from, "Sent by mistake", on("2026-03-01")).expect("it is void");
    let account = desk.account("A1", "C1", on("2026-03-01")).expect("an account");
    assert_eq!(account.balance.amount, "0.00", "1,000.00 are open, and 1,600.00 less 600.00 are its own");
    let against = &account.credits[0].against[0].invoice;
    assert!(desk.set_credit(&from, against, on("2026-03-01")).is_err());
    let two =
        json!({"payments": [{"id": "new:payment", "invoice": against, "received_on": "2026-03-01", "amount": "5.00"}]});
    desk.record("Paid", two.to_string().as_bytes(), on("2026-03-01")).expect("it is recorded");
    assert_eq!(desk.account("A1", "C1", on("2026-03-01")).expect("an account").balance.amount, "-5.00");
}

/// What a client paid for an invoice that is then credited in full: all of it pays the next one, to the cent.
#[test]
fn a_whole_payment_can_be_set_against_another_invoice() {
    let shelf = Shelf::new();
    let mut desk = book(&shelf);
    desk.bill(&asked("2026-02"), on(TODAY)).expect("it is billed");
    desk.bill(&asked("2026-03"), on(TODAY)).expect("it is billed");
    let invoices = desk.account("A1", "C1", on(TODAY)).expect("an account").entries;
    let [february, march] = [&invoices[0], &invoices[1]].map(|row| row.invoice.clone());
    let facts = json!({
        "payments": [{"id": "new:payment", "invoice": february, "received_on": "2026-02-20", "amount": "1000.00"}],
        "credit_notes": [{"id": "new:credit_note", "invoice": february, "issued_on": "2026-02-21",
            "lines": [{"kind": "hosting", "description": "", "amount": "1000.00"}]}],
    });
    desk.record("Credited", facts.to_string().as_bytes(), on("2026-02-21")).expect("it is recorded");
    desk.set_credit(&february, &march, on("2026-03-01")).expect("it is set against it");
    let account = desk.account("A1", "C1", on("2026-03-01")).expect("an account");
    assert!(account.credits.is_empty(), "{:?}", account.credits);
    let view = desk.cockpit("A1", on("2026-03-01")).expect("the cockpit");
    assert_eq!(view.rows[1].sums.owes.amount, "0.00");
    assert_eq!(view.remit.len(), 1, "the next one is paid in full, and so to be remitted");
    assert_eq!(desk.undo_offered().expect("an answer").as_deref(), Some("1,000.00 of 1002 set against 1004"));
    assert_eq!(desk.verify().expect("verify").finding, None);
}

#[test]
fn a_statement_of_account_and_a_reminder_say_what_is_overdue() {
    let shelf = Shelf::new();
    let mut desk = book(&shelf);
    overpaid(&mut desk);
    let pdf = shelf.path("account.pdf");
    desk.print_account("A1", "C1", &pdf, PageSize::Letter, on("2026-03-01")).expect("it is printed");
    let text = Command::new("pdftotext").arg("-layout").arg(&pdf).arg("-").output().expect("pdftotext runs").stdout;
    let text = String::from_utf8_lossy(&text);
    for said in ["Statement of account", "Oak Works", "Invoice 1004", "Payment for 1002", "1 to 30 days", "900.00"] {
        assert!(text.contains(said), "{said} is missing from\n{text}");
    }
    let draft = shelf.path("reminder.eml");
    desk.remind("A1", "C2", &draft, PageSize::A4, on("2026-03-01")).expect("a reminder");
    let letter = std::fs::read_to_string(&draft).expect("a letter");
    for said in [
        "X-Unsent: 1",
        "A reminder from Dana Reyes",
        "Invoice 1001, due on 4 Feb 2026: 170.00 USD",
        "480.00 USD in all",
    ] {
        assert!(letter.contains(said), "{said} is missing from\n{letter}");
    }
    let early = desk.remind("A1", "C2", &draft, PageSize::A4, on("2026-01-20")).expect_err("not yet");
    assert!(early.message.contains("nothing to remind of"));
}

#[test]
fn an_invoice_on_paper_has_its_slip_and_a_copy_that_can_be_imported() {
    let shelf = Shelf::new();
    let mut desk = book(&shelf);
    let letterhead = Letterhead {
        address: "12 Main Street\nSpringfield".to_owned(),
        pay_to: "First Bank, account 123".to_owned(),
        tax_label: "Sales tax".to_owned(),
        tax_rate: "0.0825".to_owned(),
        days_to_pay: "14".to_owned(),
    };
    desk.set_letterhead("A1", &letterhead, on(TODAY)).expect("it is kept");
    let taxed = BillingAsked { tax_rate: "0.0825".to_owned(), ..asked("2026-01") };
    let ids: Vec<String> = desk.bill(&taxed, on(TODAY)).expect("it is billed").ids.into_values().collect();
    let folder = shelf.path("invoices");
    std::fs::create_dir(&folder).expect("a folder");
    let files = desk.print_invoices("A1", &ids, &folder, PageSize::A4, on(TODAY), |_| true).expect("they are printed");
    assert_eq!(files.len(), 2);
    let file = folder.join("invoice-1002.pdf");
    let text = Command::new("pdftotext").arg("-layout").arg(&file).arg("-").output().expect("pdftotext runs").stdout;
    let text = String::from_utf8_lossy(&text);
    for said in [
        "Dana Reyes",
        "Springfield",
        "Oak Works",
        "1,623.75",
        "Sales tax",
        "123.75",
        "First Bank",
        "Remittance slip",
        "Invoice 1002",
    ] {
        assert!(text.contains(said), "{said} is missing from\n{text}");
    }
    let saved = Command::new("pdfdetach").args(["-save", "1", "-o"]).arg(shelf.path("copy.json")).arg(&file).status();
    assert!(saved.expect("pdfdetach runs").success());
    let copy = std::fs::read(shelf.path("copy.json")).expect("the copy");
    let reading = read_part(&copy, Some(Currency::USD));
    assert_eq!(reading.problems, []);
    assert_eq!(reading.offer.records.invoices[0].number, "1002");
}

#[test]
fn the_agreement_s_file_is_kept_in_the_book_and_comes_out_the_same() {
    let shelf = Shelf::new();
    let mut desk = book(&shelf);
    assert_eq!(desk.biller("A1").expect("a view").agreement, None);
    desk.set_agreement("A1", Some(("signed.pdf", b"%PDF-1.7 signed")), on(TODAY)).expect("it is kept");
    assert_eq!(desk.biller("A1").expect("a view").agreement.as_deref(), Some("signed.pdf"));
    desk.save_agreement("A1", &shelf.path("out.pdf")).expect("it comes out");
    assert_eq!(std::fs::read(shelf.path("out.pdf")).expect("a file"), b"%PDF-1.7 signed");
    assert_eq!(desk.verify().expect("verify").finding, None);
    let large = vec![0; (10 << 20) + 1];
    let error = desk.set_agreement("A1", Some(("huge.pdf", &large)), on(TODAY)).expect_err("too large");
    assert!(error.message.contains("at most 10 MB"));
    desk.set_agreement("A1", None, on(TODAY)).expect("it is taken away");
    assert!(desk.save_agreement("A1", &shelf.path("out.pdf")).is_err());
}
