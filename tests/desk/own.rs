//! What is between an affiliate that bills its clients itself and its clients alone: its own price, refunds, bad debt.

use std::process::Command;

use desk::billing::BillingAsked;
use desk::{Code, Desk, PageSize, RecordKind};
use refbook_tests::{Shelf, on};
use serde_json::{Value, json};

const TODAY: &str = "2026-01-05";

/// Oak Works at 1,000.00 a month and 500.00 once, billed by its affiliate; Elm Works, billed by the company.
fn book(shelf: &Shelf, remittance: &str) -> Desk {
    let mut desk = shelf.create();
    let contract = |id: &str, billed_by: &str| {
        json!({"id": format!("K{id}"), "referral": format!("R{id}"), "signed_on": "2025-12-20", "starts_on": "2026-01-01",
            "term_months": 12, "ended_on": null, "rate": "0.10", "billed_by": billed_by, "changes": [],
            "lines": [line("hosting", "1000.00"), line("setup", "500.00")]})
    };
    let book = json!({
        "format": "refbook/1",
        "programme": {"company": "NetSource", "phone": "", "currency": "USD", "standard_rate": "0.10",
            "maximum_rate": "0.10", "in_term_changes": "follow_contract", "minimum_payout": "0.00"},
        "affiliates": [{"id": "A1", "name": "Dana Reyes", "own_companies": [], "domains": [],
            "agreement_signed_on": "2025-12-01", "remittance": remittance}],
        "clients": [{"id": "C1", "name": "Oak Works", "domains": [], "customer_since": null},
            {"id": "C2", "name": "Elm Works", "domains": [], "customer_since": null}],
        "referrals": [{"id": "R1", "affiliate": "A1", "client": "C1", "registered_on": "2025-12-10"},
            {"id": "R2", "affiliate": "A1", "client": "C2", "registered_on": "2025-12-10"}],
        "contracts": [contract("1", "affiliate"), contract("2", "company")],
        "invoices": [{"id": "I2", "number": "N-2", "client": "C2", "contract": "K2", "issued_on": "2026-01-01",
            "due_on": "2026-01-31", "period_start": "2026-01-01", "period_end": "2026-01-31",
            "lines": [line("hosting", "1000.00")], "tax": "0.00"}],
    });
    desk.import("book.json", book.to_string().as_bytes(), on(TODAY)).expect("a book");
    desk
}

fn line(kind: &str, amount: &str) -> Value {
    json!({"kind": kind, "description": "", "amount": amount})
}

fn price(contract: &str, from: &str, lines: &Value) -> Value {
    json!({"own_prices": [{"id": "new:own_price", "contract": contract, "effective_on": from, "lines": lines}]})
}

fn entry(invoice: &str, kind: &str, day: &str, amount: &str) -> Value {
    json!({"own_entries": [{"id": "new:own_entry", "invoice": invoice, "kind": kind, "on": day, "amount": amount}]})
}

fn paid(invoice: &str, day: &str, amount: &str) -> Value {
    json!({"payments": [{"id": "new:payment", "invoice": invoice, "received_on": day, "amount": amount}]})
}

/// A credit note of the company's charge.
fn credited(invoice: &str, lines: &[(&str, &str)]) -> Value {
    let lines: Vec<Value> = lines.iter().map(|(kind, amount)| line(kind, amount)).collect();
    json!({"credit_notes": [{"id": "new:credit_note", "invoice": invoice, "issued_on": "2026-01-25", "lines": lines}]})
}

fn record(desk: &mut Desk, document: &Value) {
    let recorded = desk.record("Recorded", document.to_string().as_bytes(), on("2026-06-01"));
    recorded.unwrap_or_else(|error| panic!("{:?}", error.fields));
}

/// Code, place and message of the one problem.
fn refused(desk: &Desk, document: &Value) -> (String, String, String) {
    let problems = desk.check(document.to_string().as_bytes(), on("2026-06-01")).expect("a check").problems;
    let [problem] = problems.as_slice() else { panic!("{problems:?}") };
    (problem.code.to_string(), problem.at.clone(), problem.message.clone())
}

fn asked(period: &str) -> BillingAsked {
    BillingAsked {
        affiliate: "A1".to_owned(),
        period: period.to_owned(),
        issued_on: TODAY.to_owned(),
        days_to_pay: "30".to_owned(),
        tax_rate: "0.10".to_owned(),
        ..BillingAsked::default()
    }
}

/// Bills a month; the invoice's id.
fn billed(desk: &mut Desk, period: &str) -> String {
    let ids = desk.bill(&asked(period), on(TODAY)).expect("it is billed").ids;
    ids.into_iter().find(|(name, _)| name.starts_with("new:invoice")).expect("an invoice").1
}

/// A book with the own price of 1,300.00 a month and 650.00 once, and January billed.
fn priced(shelf: &Shelf) -> (Desk, String) {
    let mut desk = book(shelf, "net_of_commission");
    let lines = json!([line("hosting", "1300.00"), line("setup", "650.00")]);
    record(&mut desk, &price("K1", "2026-01-01", &lines));
    let invoice = billed(&mut desk, "2026-01");
    (desk, invoice)
}

/// What the invoice says on paper.
fn printed(desk: &Desk, shelf: &Shelf, invoice: &str, day: &str) -> String {
    let folder = shelf.path("invoices");
    std::fs::create_dir_all(&folder).expect("a folder");
    let ids = [invoice.to_owned()];
    let files = desk.print_invoices("A1", &ids, &folder, PageSize::A4, on(day), |_| true).expect("printed");
    let text =
        Command::new("pdftotext").arg("-layout").arg(&files[0]).arg("-").output().expect("pdftotext runs").stdout;
    String::from_utf8_lossy(&text).into_owned()
}

#[test]
fn a_run_bills_the_client_at_the_own_price_and_says_what_it_costs() {
    let shelf = Shelf::new();
    let mut desk = book(&shelf, "net_of_commission");
    assert_eq!(desk.billing(&asked("2026-01")).expect("a preview").margin.map(|margin| margin.amount), None);
    record(&mut desk, &price("K1", "2026-01-16", &json!([line("hosting", "1310.00")])));
    let january = desk.billing(&asked("2026-01")).expect("a preview");
    let bill = &january.bills[0];
    // 15 of 31 days at 1,000.00, 16 of 31 at 1,310.00, and 500.00 once; the company charges 1,500.00.
    let charges: Vec<&str> = bill.charges.iter().map(|charge| charge.amount.amount.as_str()).collect();
    assert_eq!(charges, ["483.87", "676.13", "500.00"]);
    assert_eq!((bill.net.amount.as_str(), bill.tax.amount.as_str()), ("1660.00", "166.00"));
    let cost = bill.cost.as_ref().map(|cost| cost.amount.as_str());
    assert_eq!((cost, bill.margin.as_ref().map(|margin| margin.amount.as_str())), (Some("1500.00"), Some("160.00")));
    assert_eq!(january.margin.map(|margin| margin.amount).as_deref(), Some("160.00"));

    let before = desk.export().expect("an export");
    let invoice = billed(&mut desk, "2026-01");
    let page = desk.invoice_page(&invoice, on(TODAY)).expect("a page");
    assert_eq!(page.row.total.amount, "1650.00", "the company is owed what the contract says, with its tax");
    let own = page.own.expect("the affiliate bills it");
    assert_eq!((own.total.amount.as_str(), own.owes.amount.as_str()), ("1826.00", "1826.00"));
    assert_eq!(own.commission.amount, "100.00", "of the contract's 1,000.00");
    desk.undo(on(TODAY)).expect("it is undone");
    assert_eq!(desk.export().expect("an export"), before, "both are taken back as one");
}

#[test]
fn paper_account_and_receipts_follow_the_client_s_bill_and_the_company_s_the_contract() {
    let shelf = Shelf::new();
    let (mut desk, invoice) = priced(&shelf);
    let text = printed(&desk, &shelf, &invoice, TODAY);
    for said in ["1,300.00", "650.00", "1,950.00", "2,145.00"] {
        assert!(text.contains(said), "{said} is missing from\n{text}");
    }
    assert!(!text.contains("1,000.00") && !text.contains("1,650.00"), "the cost is nobody's business:\n{text}");

    record(&mut desk, &paid(&invoice, "2026-01-20", "2145.00"));
    let text = printed(&desk, &shelf, &invoice, "2026-01-30");
    assert!(!text.contains("Please pay") && !text.contains("Remittance slip"), "nothing is to be paid:\n{text}");
    let account = desk.account("A1", "C1", on("2026-01-30")).expect("an account");
    assert_eq!((account.entries.len(), account.balance.amount.as_str()), (2, "0.00"));
    let view = desk.cockpit("A1", on("2026-01-30")).expect("the cockpit");
    // 1,650.00 less 10% of 1,000.00.
    assert_eq!(view.remit[0].words, "Remit 1,550.00 for invoice 1001 by Wednesday, 4 Feb 2026.");
    assert_eq!((view.sums.margin.amount.as_str(), view.sums.billed.amount.as_str()), ("450.00", "2145.00"));
}

#[test]
fn a_client_that_paid_just_the_cost_still_owes_the_rest_of_its_bill() {
    let shelf = Shelf::new();
    let (mut desk, invoice) = priced(&shelf);
    record(&mut desk, &paid(&invoice, "2026-01-20", "1650.00"));
    let view = desk.cockpit("A1", on("2026-01-30")).expect("the cockpit");
    assert_eq!((view.sums.owes.amount.as_str(), view.remit.len()), ("495.00", 0), "the cost is not the bill");
}

/// As the company takes it off its charge, so does the affiliate off its own price: the same share, tax and all.
#[test]
fn a_credit_note_takes_the_same_share_off_both_sides() {
    let shelf = Shelf::new();
    let (mut desk, invoice) = priced(&shelf);
    let sums = |desk: &Desk| desk.cockpit("A1", on("2026-01-30")).expect("the cockpit").sums;
    record(&mut desk, &credited(&invoice, &[("hosting", "100.00")]));
    // 2,145.00 × 100 / 1,650; a margin of 450.00 less the same share.
    let seen = sums(&desk);
    assert_eq!((seen.billed.amount.as_str(), seen.margin.amount.as_str()), ("2015.00", "422.73"));
    let account = desk.account("A1", "C1", on("2026-01-30")).expect("an account");
    assert_eq!(account.entries[1].paid.as_ref().map(|paid| paid.amount.as_str()), Some("130.00"));
    record(&mut desk, &credited(&invoice, &[("hosting", "900.00"), ("setup", "500.00"), ("other", "150.00")]));
    let seen = sums(&desk);
    let told = [seen.billed, seen.owes, seen.credit, seen.margin, seen.for_company].map(|amount| amount.amount);
    assert_eq!(told, ["0.00"; 5], "in full is in full on both sides");
    assert_eq!(desk.account("A1", "C1", on("2026-01-30")).expect("an account").balance.amount, "0.00");
}

#[test]
fn a_credit_above_a_lower_own_price_is_no_money_that_was_paid() {
    let shelf = Shelf::new();
    let mut desk = book(&shelf, "net_of_commission");
    record(&mut desk, &price("K1", "2026-01-01", &json!([line("hosting", "900.00")])));
    let invoice = billed(&mut desk, "2026-01");
    record(&mut desk, &credited(&invoice, &[("hosting", "1000.00"), ("setup", "500.00"), ("other", "150.00")]));
    let account = desk.account("A1", "C1", on("2026-01-30")).expect("an account");
    assert_eq!((account.balance.amount.as_str(), account.credits.len()), ("0.00", 0));
}

#[test]
fn what_the_client_need_not_pay_is_to_be_remitted_all_the_same() {
    let shelf = Shelf::new();
    let mut desk = book(&shelf, "net_of_commission");
    record(&mut desk, &price("K1", "2026-01-01", &json!([line("hosting", "0.00")])));
    billed(&mut desk, "2026-01");
    let view = desk.cockpit("A1", on("2026-01-30")).expect("the cockpit");
    assert_eq!(view.remit[0].words, "Remit 1,550.00 for invoice 1001 by Wednesday, 4 Feb 2026.");
    assert!(view.remit[0].reason.starts_with("Oak Works has nothing to pay for it."), "{}", view.remit[0].reason);
}

#[test]
fn a_price_is_looked_at_before_it_is_set_and_shows_on_the_contract() {
    let shelf = Shelf::new();
    let (mut desk, _) = priced(&shelf);
    let february = price("K1", "2026-01-10", &json!([line("hosting", "900.00"), line("consulting", "80.00")]));
    let effect = desk.own_effect(february.to_string().as_bytes(), on(TODAY)).expect("an effect");
    let rows: Vec<(&str, &str, &str)> = effect
        .rows
        .iter()
        .map(|row| (row.words.as_str(), row.before.amount.as_str(), row.after.amount.as_str()))
        .collect();
    assert_eq!(
        rows,
        [
            ("Client pays a month", "1300.00", "900.00"),
            ("The company charges", "1000.00", "1000.00"),
            ("Margin a month", "300.00", "-100.00")
        ]
    );
    assert_eq!(
        effect.words,
        "The client pays 100.00 less a month than the company charges, from 10 Jan 2026. The commission follows the \
         contract, and stays. Billed once: consulting, 80.00. One invoice that is made for days from then on stays \
         as it is."
    );
    record(&mut desk, &february);
    let page = desk.client_page("C1", on(TODAY)).expect("a page");
    let pays = page.contracts[0].client_pays.as_ref().expect("the affiliate bills it");
    assert_eq!((pays.amount.amount.as_str(), pays.margin.amount.as_str()), ("1300.00", "300.00"));
    let told: Vec<_> = pays.prices.iter().map(|one| (one.effective_on.as_str(), one.in_force)).collect();
    assert_eq!(told, [("2026-01-01", true), ("2026-01-10", false)]);
    let elm = desk.client_page("C2", on(TODAY)).expect("a page");
    assert!(elm.contracts[0].client_pays.is_none(), "the company bills it");
}

#[test]
fn money_given_back_is_open_again_and_bad_debt_is_not() {
    let shelf = Shelf::new();
    let (mut desk, invoice) = priced(&shelf);
    record(&mut desk, &paid(&invoice, "2026-01-20", "2000.00"));
    let back = entry(&invoice, "refunded", "2026-02-01", "300.00");
    let effect = desk.own_effect(back.to_string().as_bytes(), on("2026-02-01")).expect("an effect");
    let rows: Vec<_> = effect.rows.iter().map(|row| (row.words.as_str(), row.after.amount.as_str())).collect();
    assert_eq!(rows, [("Received", "1700.00"), ("Client owes", "445.00")]);
    assert!(effect.words.starts_with("Oak Works gets 300.00 back, and 300.00 is open again"), "{}", effect.words);
    assert!(effect.words.ends_with("1,550.00 is still to be remitted."), "{}", effect.words);
    record(&mut desk, &back);
    let lost = entry(&invoice, "written_off", "2026-03-01", "445.00");
    let effect = desk.own_effect(lost.to_string().as_bytes(), on("2026-03-01")).expect("an effect");
    let rows: Vec<_> = effect.rows.iter().map(|row| (row.words.as_str(), row.after.amount.as_str())).collect();
    assert_eq!(rows, [("Client owes", "0.00"), ("Written off", "445.00")]);
    record(&mut desk, &lost);

    let view = desk.cockpit("A1", on("2026-03-02")).expect("the cockpit");
    assert_eq!((view.sums.owes.amount.as_str(), view.sums.written_off.amount.as_str()), ("0.00", "445.00"));
    assert_eq!(
        view.remit[0].reason,
        "Oak Works will not pay the rest: 445.00 was written off on 1 Mar 2026. It was due on 4 Feb 2026, and until it \
         is remitted it holds what is new from this client."
    );
    let text = printed(&desk, &shelf, &invoice, "2026-03-02");
    for said in ["Paid or credited", "\u{2212}1,700.00", "Please pay 445.00"] {
        assert!(text.contains(said), "what is given up is still to be paid, as far as the client knows:\n{text}");
    }
    let account = desk.account("A1", "C1", on("2026-03-02")).expect("an account");
    let told: Vec<&str> = account.entries.iter().map(|row| row.words.as_str()).collect();
    assert_eq!(told, ["Invoice 1001", "Payment for 1001", "Refund for 1001", "Written off of 1001"]);
    assert_eq!(account.balance.amount, "0.00");

    // It pays after all: that much is no longer lost, and what is beyond the bill is its credit.
    record(&mut desk, &paid(&invoice, "2026-04-01", "500.00"));
    let sums = desk.cockpit("A1", on("2026-04-02")).expect("the cockpit").sums;
    assert_eq!((sums.written_off.amount.as_str(), sums.credit.amount.as_str()), ("0.00", "55.00"));
    assert_eq!(desk.account("A1", "C1", on("2026-04-02")).expect("an account").balance.amount, "-55.00");
    let exported = desk.export().expect("an export");
    let other = Shelf::new();
    let mut copy = other.create();
    copy.import("book.json", exported.as_bytes(), on(TODAY)).expect("the import");
    assert_eq!(copy.export().expect("an export"), exported);
}

#[test]
fn what_does_not_belong_to_own_billing_is_refused_with_its_place() {
    let shelf = Shelf::new();
    let (mut desk, invoice) = priced(&shelf);
    let lines = json!([line("hosting", "1.00")]);
    let (code, at, message) = refused(&desk, &price("K2", "2026-02-01", &lines));
    assert_eq!((code.as_str(), at.as_str()), ("billed_by_company", "own_prices[0].contract"));
    assert!(message.starts_with("This own price is of contract \"K2\", which the company bills."), "{message}");
    let (code, at, _) = refused(&desk, &price("K1", "2026-01-01", &lines));
    assert_eq!((code.as_str(), at.as_str()), ("duplicate_price", "own_prices[0].effective_on"));
    let (code, at, _) = refused(&desk, &price("K1", "2026-03-01", &json!([])));
    assert_eq!((code.as_str(), at.as_str()), ("not_positive", "own_prices[0].lines"));
    let (code, ..) =
        refused(&desk, &price("K1", "2026-03-01", &json!([line("hosting", "5.00"), line("other", "-6.00")])));
    assert_eq!(code, "invoice_below_zero");
    let (code, ..) = refused(&desk, &price("K9", "2026-03-01", &lines));
    assert_eq!(code, "unknown_reference");

    let resale =
        |invoice: &str| json!({"resales": [{"id": "new:resale", "invoice": invoice, "lines": lines, "tax": "0.00"}]});
    let (code, at, _) = refused(&desk, &resale("I2"));
    assert_eq!((code.as_str(), at.as_str()), ("billed_by_company", "resales[0].invoice"));
    let (code, at, _) = refused(&desk, &resale(&invoice));
    assert_eq!((code.as_str(), at.as_str()), ("duplicate_price", "resales[0].invoice"));

    let (code, at, _) = refused(&desk, &entry("I2", "refunded", "2026-02-01", "1.00"));
    assert_eq!((code.as_str(), at.as_str()), ("billed_by_company", "own_entries[0].invoice"));
    record(&mut desk, &paid(&invoice, "2026-01-20", "100.00"));
    let (code, at, message) = refused(&desk, &entry(&invoice, "refunded", "2026-01-19", "0.01"));
    assert_eq!((code.as_str(), at.as_str()), ("refund_above_received", "own_entries[0].amount"));
    assert!(message.contains("can't be given back on 19 Jan 2026: only \"0.00\" of it had been received"), "{message}");
    let (code, at, message) = refused(&desk, &entry(&invoice, "written_off", "2026-01-20", "2045.01"));
    assert_eq!((code.as_str(), at.as_str()), ("write_off_above_owed", "own_entries[0].amount"));
    assert!(message.contains("only \"2045.00\" of it was owed then"), "{message}");
    let (code, ..) = refused(&desk, &entry(&invoice, "written_off", "2026-01-20", "0.00"));
    assert_eq!(code, "not_positive");

    let mut contract = desk.record_of(RecordKind::Contract, "K1").expect("it is there");
    contract["billed_by"] = json!("company");
    let problems =
        desk.check(json!({"contracts": [contract]}).to_string().as_bytes(), on(TODAY)).expect("a check").problems;
    let told: Vec<String> = problems.iter().map(|problem| format!("{} {}", problem.code, problem.at)).collect();
    assert_eq!(
        told,
        ["billed_by_company book.own_prices[L01].contract", "billed_by_company book.resales[S01].invoice"]
    );
}

#[test]
fn what_a_refund_or_a_write_off_rests_on_stays() {
    let shelf = Shelf::new();
    let (mut desk, invoice) = priced(&shelf);
    record(&mut desk, &paid(&invoice, "2026-01-20", "100.00"));
    record(&mut desk, &entry(&invoice, "refunded", "2026-02-01", "40.00"));
    record(&mut desk, &entry(&invoice, "written_off", "2026-03-01", "2085.00"));
    let needed = |result: Result<(), desk::DeskError>| result.expect_err("needed").code;
    assert_eq!(needed(desk.void(RecordKind::Payment, "P01", "a slip", on(TODAY))), Code::Needed);
    assert_eq!(needed(desk.void(RecordKind::Resale, "S01", "a slip", on(TODAY))), Code::Needed);
    assert_eq!(needed(desk.void(RecordKind::OwnEntry, "E01", "a slip", on(TODAY))), Code::Needed);
    let earlier = desk.check(paid(&invoice, "2026-02-20", "1.00").to_string().as_bytes(), on(TODAY)).expect("a check");
    let told: Vec<String> = earlier.problems.iter().map(|problem| format!("{} {}", problem.code, problem.at)).collect();
    assert_eq!(
        told,
        ["write_off_above_owed book.own_entries[E02].amount"],
        "it was owed no longer when it was given up"
    );
    desk.void(RecordKind::OwnEntry, "E02", "they will pay", on(TODAY)).expect("it is voided");
    desk.void(RecordKind::OwnEntry, "E01", "a slip", on(TODAY)).expect("then this too");
    desk.undo(on(TODAY)).expect("and back");
    assert_eq!(desk.cockpit("A1", on("2026-06-01")).expect("the cockpit").sums.received.amount, "60.00");
}

#[test]
fn a_voided_contract_takes_its_prices_along_and_the_rest_is_still_a_book() {
    let shelf = Shelf::new();
    let (mut desk, invoice) = priced(&shelf);
    record(&mut desk, &entry(&invoice, "written_off", "2026-03-01", "1.00"));
    desk.void(RecordKind::Contract, "K1", "never signed", on(TODAY)).expect("it is voided");
    let sums = desk.cockpit("A1", on("2026-03-02")).expect("the cockpit").sums;
    assert_eq!(sums.owes.amount, "2144.00", "its bill is still owed");
    assert!(printed(&desk, &shelf, &invoice, "2026-03-02").contains("2,145.00"));
    let exported = desk.export().expect("an export");
    let other = Shelf::new();
    let mut copy = other.create();
    copy.import("book.json", exported.as_bytes(), on(TODAY)).expect("the import");
    assert_eq!(copy.export().expect("an export"), exported);
    assert_eq!(desk.verify().expect("verify").finding, None);
}
