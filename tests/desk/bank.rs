//! A bank's file: its lines as receipts, matched, and never recorded twice.

use desk::bank::{BankMapping, BankReceipt, BankView};
use desk::invoices::TypedReceipt;
use desk::{Code, Desk, RecordKind};
use refbook_tests::{Shelf, on};
use serde_json::{Value, json};

const TODAY: &str = "2026-01-05";

const ENGLISH: &str = "Date,Description,Debit,Credit,Balance\n12/28/2025,ACME WIDGETS INC INVOICE,,100.00,1100.00\n\
    12/29/2025,RENT,900.00,,200.00\n12/30/2025,ACME WIDGETS INC INVOICE,,\"1,250.50\",1450.50\n";
const GERMAN: &str = "Buchungstag;Auftraggeber;Verwendungszweck;Betrag\n03.12.2025;M\u{fc}ller GmbH;Rechnung 7;1.250,50\n\
    04.12.2025;Miete;;-900,00\n04.12.2025;M\u{fc}ller GmbH;Rechnung 8;20,00\n04.12.2025;M\u{fc}ller GmbH;Rechnung 8;20,00\n";
const OFX_1: &str = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:USASCII\nCHARSET:1252\n\
    COMPRESSION:NONE\nOLDFILEUID:NONE\nNEWFILEUID:NONE\n\n<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO\
    </STATUS><DTSERVER>20260101120000<LANGUAGE>ENG</SONRS></SIGNONMSGSRSV1><BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS>\
    <CODE>0<SEVERITY>INFO</STATUS><STMTRS><CURDEF>USD<BANKACCTFROM><BANKID>1<ACCTID>77<ACCTTYPE>CHECKING</BANKACCTFROM>\
    <BANKTRANLIST><DTSTART>20251201<DTEND>20251231<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20251230<TRNAMT>100.00<FITID>F1\
    <NAME>ACME WIDGETS INC</STMTTRN><STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20251231<TRNAMT>-5.00<FITID>F2<NAME>FEE\
    </STMTTRN></BANKTRANLIST><LEDGERBAL><BALAMT>95.00<DTASOF>20251231</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>";

fn received(view: &BankView) -> Vec<(&str, &str)> {
    view.receipts.iter().map(|one| (one.on.as_str(), one.amount.amount.as_str())).collect()
}

fn read(desk: &Desk, text: &str) -> BankView {
    desk.bank(text.as_bytes(), None).expect("it is read")
}

#[test]
fn what_a_csv_is_like_is_found_out_and_shown() {
    let desk = Shelf::new().sample();
    let english = read(&desk, ENGLISH);
    assert_eq!(received(&english), [("2025-12-28", "100.00"), ("2025-12-30", "1250.50")]);
    assert_eq!((english.others, english.known, english.sure), (1, 0, true));
    let mapping = english.mapping.expect("a mapping");
    assert_eq!((mapping.delimiter, mapping.decimal_comma), (',', false));
    assert_eq!(english.columns[mapping.amount].name, "Credit");

    let german = read(&desk, GERMAN);
    assert_eq!(received(&german), [("2025-12-03", "1250.50"), ("2025-12-04", "20.00"), ("2025-12-04", "20.00")]);
    assert_ne!(german.receipts[1].id, german.receipts[2].id, "two equal lines are two receipts");
    assert!(!german.sure, "3.12. and 4.12. could be March and April: it is asked");
    let mapping = german.mapping.expect("a mapping");
    assert_eq!((mapping.delimiter, mapping.decimal_comma), (';', true));

    let windows = encode(GERMAN);
    let view = desk.bank(&windows, None).expect("it is read");
    assert!(view.receipts[0].text.contains("M\u{fc}ller"), "{}", view.receipts[0].text);
    assert_eq!(view.receipts[0].id, german.receipts[0].id, "whatever it is written in");
}

/// As an old bank writes it.
fn encode(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).expect("a western letter")).collect()
}

#[test]
fn ofx_of_both_kinds_is_read() {
    let desk = Shelf::new().sample();
    let one = read(&desk, OFX_1);
    assert_eq!(received(&one), [("2025-12-30", "100.00")]);
    assert_eq!((one.receipts[0].who.as_str(), one.others), ("ACME WIDGETS INC", 1));
    let two = OFX_1.split("<OFX>").nth(1).expect("a body");
    let two = two.replace("<CODE>0<", "<CODE>0</CODE><").replace("<SEVERITY>INFO<", "<SEVERITY>INFO</SEVERITY><");
    let two = [
        "DTSERVER", "LANGUAGE", "TRNUID", "CURDEF", "BANKID", "ACCTID", "ACCTTYPE", "DTSTART", "DTEND", "TRNTYPE",
        "DTPOSTED", "TRNAMT", "FITID", "NAME", "BALAMT", "DTASOF",
    ]
    .iter()
    .fold(two, |text, tag| close(&text, tag));
    let two = format!(
        "<?xml version=\"1.0\"?><?OFX OFXHEADER=\"200\" VERSION=\"211\" SECURITY=\"NONE\" OLDFILEUID=\"NONE\" NEWFILEUID=\"NONE\"?><OFX>{two}"
    );
    let two = read(&desk, &two);
    assert_eq!(two.receipts[0].id, one.receipts[0].id, "the same line, whichever kind of file it stands in");
    let euro = OFX_1.replace("<CURDEF>USD", "<CURDEF>EUR");
    assert!(desk.bank(euro.as_bytes(), None).expect_err("euros").message.contains("is in \"EUR\""));
}

/// Closes the tags that SGML leaves open.
fn close(text: &str, tag: &str) -> String {
    let open = format!("<{tag}>");
    let mut parts = text.split(&open);
    let mut closed = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (value, rest) = part.split_once('<').expect("another tag");
        closed += &format!("<{tag}>{value}</{tag}><{rest}");
    }
    closed
}

#[test]
fn a_file_is_never_recorded_twice_and_an_undo_lets_it_come_again() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    let view = read(&desk, ENGLISH);
    let first = &view.receipts[0];
    let typed = TypedReceipt {
        who: first.who.clone(),
        amount: first.amount.amount.clone(),
        on: first.on.clone(),
        client: String::new(),
    };
    let matched = desk.match_receipts(&[typed], on(TODAY)).expect("matches").remove(0);
    assert!(matched.client_name.contains("Acme Widgets"), "{matched:?}");
    let invoice = json!({"invoices": [{"id": "new:invoice", "number": "H-1", "client": "C01", "contract": null,
        "issued_on": "2025-12-01", "due_on": "2025-12-31", "period_start": "2025-12-01", "period_end": "2025-12-31",
        "lines": [{"kind": "other", "description": "", "amount": "100.00"}], "tax": "0.00"}]});
    let invoice =
        desk.record("Billed", invoice.to_string().as_bytes(), on(TODAY)).expect("an invoice").ids["new:invoice"]
            .clone();
    let payment =
        json!({"payments": [{"id": first.id, "invoice": invoice, "received_on": first.on, "amount": "100.00"}]});
    desk.record("From the bank", payment.to_string().as_bytes(), on(TODAY)).expect("it is recorded");
    let again = read(&desk, ENGLISH);
    assert_eq!((received(&again), again.known), (vec![("2025-12-30", "1250.50")], 1));
    let longer = format!("{ENGLISH}01/02/2026,LATER,,7.00,1457.50\n");
    assert_eq!(received(&read(&desk, &longer)), [("2025-12-30", "1250.50"), ("2026-01-02", "7.00")]);
    desk.undo(on(TODAY)).expect("it is undone");
    assert_eq!(read(&desk, ENGLISH).known, 0);
    desk.record("From the bank", payment.to_string().as_bytes(), on(TODAY)).expect("it comes again");
}

#[test]
fn lines_above_the_head_and_totals_below_are_passed_over_and_counted() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    let above = "Konto;DE12 3456\nZeitraum;01.12.2025 - 31.12.2025\nInhaber;A, B, C\n\n";
    let file = format!("{above}{GERMAN};;;\nSumme;;;390,50\n");
    let view = read(&desk, &file);
    assert_eq!((view.problem, view.passed, view.others), (None, 4, 1));
    assert_eq!(received_ids(&view.receipts), received_ids(&read(&desk, GERMAN).receipts), "the same as without them");
    let mapping = view.mapping.expect("a mapping");
    assert_eq!(view.columns[mapping.amount].name, "Betrag");

    let other = BankMapping { decimal_comma: false, ..mapping };
    desk.keep_bank_mapping(file.as_bytes(), other).expect("it is kept");
    let next = file.replace("Zeitraum;01.12.2025 - 31.12.2025", "Zeitraum;01.01.2026 - 31.01.2026");
    assert!(!read(&desk, &next).mapping.expect("a mapping").decimal_comma, "it is known again by its columns");
}

#[test]
fn a_balance_brought_forward_below_the_head_is_no_head() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    let file = |balance: &str| {
        format!(
            "Date;Text;Debit;Credit;Balance\n;Opening balance;;;{balance}\n2025-12-28;RENT;900.00;;100.00\n\
            2025-12-29;ACME;;50.00;150.00\n"
        )
    };
    for balance in ["1,000.00", "USD 1,000.00"] {
        let view = read(&desk, &file(balance));
        assert_eq!(received(&view), [("2025-12-29", "50.00")], "what went out is no receipt");
        assert_eq!((view.others, view.passed), (1, 1));
        let mapping = view.mapping.expect("a mapping");
        assert_eq!(view.columns[mapping.amount].name, "Credit");
    }
    let mapping = read(&desk, &file("1,000.00")).mapping.expect("a mapping");
    let by_balance = BankMapping { amount: 4, ..mapping };
    desk.keep_bank_mapping(file("1,000.00").as_bytes(), by_balance).expect("it is kept");
    let next = read(&desk, &file("150.00")).mapping.expect("a mapping");
    assert_eq!(next.amount, 4, "it is known again, whatever was brought forward");
}

#[test]
fn a_head_and_one_line_are_found_below_many_lines_and_a_table_needs_no_head() {
    let desk = Shelf::new().sample();
    let many = "Account,77\n".repeat(6);
    let one = read(&desk, &format!("{many}Day,Who,What,Balance,Received\n2025-12-03,Acme,Rent,9.00,7.00\n"));
    assert_eq!((received(&one), one.passed), (vec![("2025-12-03", "7.00")], 6));
    let bare = read(&desk, "2025-12-03,Acme,7.00\n2025-12-04,Acme,8.00\nTotal,,15.00\n");
    assert_eq!((received(&bare), bare.passed), (vec![("2025-12-03", "7.00"), ("2025-12-04", "8.00")], 1));
}

#[test]
fn a_file_in_which_no_day_is_found_shows_its_columns_to_choose_from() {
    let desk = Shelf::new().sample();
    let view = read(&desk, "When,Amount\nthird of December,7.00\n");
    assert_eq!(view.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>(), ["When", "Amount"]);
    let problem = view.problem.expect("a problem");
    assert!(problem.contains("No line of it has a day in this column"), "{problem}");
}

#[test]
fn a_head_without_lines_is_told_as_that() {
    let desk = Shelf::new().sample();
    for file in ["Date,Description,Amount\n", "Account,77\nDate,Description,Amount\n,,\n"] {
        let error = desk.bank(file.as_bytes(), None).expect_err("no lines").message;
        assert!(error.contains("It has no lines below its head"), "{error}");
    }
}

#[test]
fn where_no_column_is_of_amounts_it_is_asked_for_and_nothing_is_taken_for_money_that_went_out() {
    let desk = Shelf::new().sample();
    for (file, day) in [
        ("Date,Reference,Text\n2025-12-01,,RENT\n2025-12-02,,ACME\n", "2025-12-01"),
        ("Date,Value,Text\n20251201,20251203,RENT\n20251202,20251204,ACME\n", "20251201"),
        ("Text,Date,Debit,Credit,Balance\nRENT,2025-12-01,9.00,,1.00\n", "2025-12-01"),
        (
            "Date,Text\n2025-12-01,2025-12-01\n2025-12-02,7.00\n7.00,2025-12-03\nACME,2025-12-04\n,\n2025-12-05,7.00\n",
            "2025-12-01",
        ),
    ] {
        let view = read(&desk, file);
        let problem = view.problem.expect("a problem");
        assert_eq!(problem, format!("line 2: \"{day}\" is no amount of USD. Choose another column."));
        assert_eq!((view.receipts.len(), view.others), (0, 0));
    }
}

#[test]
fn another_column_for_the_day_gives_the_same_ids_and_another_balance_is_another_line() {
    let desk = Shelf::new().sample();
    let two_days = "Booked,Value,Who,Received,Balance\n2025-12-01,2025-12-03,Acme,7.00,17.00\n2025-12-01,2025-12-03,Acme,7.00,24.00\n";
    let first = read(&desk, two_days);
    let mapping = first.mapping.clone().expect("a mapping");
    let other =
        desk.bank(two_days.as_bytes(), Some(BankMapping { day: 1 - mapping.day, ..mapping })).expect("it is read");
    assert_ne!(received(&first), received(&other));
    assert_eq!(received_ids(&first.receipts), received_ids(&other.receipts));
    let elsewhere = read(&desk, &two_days.replace(",17.00", ",317.00"));
    assert_ne!(elsewhere.receipts[0].id, first.receipts[0].id, "of another account");
    assert_eq!(elsewhere.receipts[1].id, first.receipts[1].id);
}

fn received_ids(receipts: &[BankReceipt]) -> Vec<&str> {
    receipts.iter().map(|one| one.id.as_str()).collect()
}

#[test]
fn a_payment_or_remittance_that_was_voided_on_purpose_is_not_offered_again() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    let view = read(&desk, GERMAN);
    let book: Value = serde_json::from_str(&desk.export().expect("an export")).expect("JSON");
    let ids: Vec<&str> = received_ids(&view.receipts);
    let mut again = |kind: RecordKind, id: &str| {
        let mut record = book[kind.member()][0].clone();
        record["id"] = id.into();
        record["amount"] = "1.00".into();
        let document = json!({ kind.member(): [record] });
        desk.record("From the bank", document.to_string().as_bytes(), on(TODAY)).expect("recorded");
        desk.void(kind, id, "Twice", on(TODAY)).expect("voided");
        read(&desk, GERMAN).known
    };
    assert_eq!(again(RecordKind::Payment, ids[0]), 1);
    assert_eq!(again(RecordKind::Remittance, ids[1]), 2);
}

#[test]
fn how_a_file_is_read_can_be_said_otherwise_and_is_remembered() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    let mut mapping = read(&desk, GERMAN).mapping.expect("a mapping");
    mapping.day_order = serde_json::from_str("\"month_day_year\"").expect("an order");
    let other = desk.bank(GERMAN.as_bytes(), Some(mapping.clone())).expect("it is read");
    assert_eq!(received(&other)[0].0, "2025-03-12");
    desk.keep_bank_mapping(GERMAN.as_bytes(), mapping.clone()).expect("it is kept");
    assert_eq!(received(&read(&desk, GERMAN))[0].0, "2025-03-12");
    mapping.amount = 1;
    let wrong = desk.bank(GERMAN.as_bytes(), Some(mapping)).expect("it is told");
    assert_eq!(
        wrong.problem.as_deref(),
        Some("line 2: \"M\u{fc}ller GmbH\" is no amount of USD. Choose another column.")
    );
    assert!(!wrong.columns.is_empty(), "so that another can be chosen");
    let error = desk.bank(b"hello\nworld", None).expect_err("no bank's file");
    assert_eq!(error.code, Code::Refused);
}
