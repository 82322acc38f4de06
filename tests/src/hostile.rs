//! Every parser of what comes from outside, to be given any bytes: none fails on them, and what it reads is what it says.
//!
//! `tests/hostile` gives them a fixed number of mutants; `tests/fuzz` lets libFuzzer look for more, guided by coverage.

use exchange::{bank, book, company, receipt, sealed};
use rules::day::{self, MonthsInPeriod};
use rules::money::{Currency, Money};
use rules::month::Month;
use rules::name;
use rules::rate::Rate;
use rules::records::Records;
use rules::refusal::review;

use crate::cases;
use crate::oracle::Oracle;

pub struct Parser {
    pub name: &'static str,
    /// Panics if the parser breaks a promise; whether the bytes were read.
    pub takes: fn(&[u8]) -> bool,
    /// What it reads, to begin from.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

pub const PARSERS: [Parser; 9] = [
    Parser { name: "book", takes: takes_book, seeds: books },
    Parser { name: "form", takes: takes_form, seeds: forms },
    Parser { name: "bank-csv", takes: takes_bank_csv, seeds: bank_csvs },
    Parser { name: "bank-ofx", takes: takes_bank_ofx, seeds: bank_ofxs },
    Parser { name: "company", takes: takes_company, seeds: companies },
    Parser { name: "sealed", takes: takes_sealed, seeds: sealed_statements },
    Parser { name: "receipt", takes: takes_receipt, seeds: receipts },
    Parser { name: "words", takes: takes_words, seeds: some_words },
    Parser { name: "logo", takes: takes_logo, seeds: logos },
];

/// What breaks parsers: for whoever mutates what they read.
pub const DICTIONARY: &[&str] = &[
    "1e999999999",
    "-0",
    "99999999999999999",
    "100000000000.00",
    "0.0001",
    "18446744073709551616",
    "-9223372036854775809",
    "null",
    "true",
    "[",
    "]",
    "{",
    "}",
    "[[[[[[[[[[[[[[[[",
    "\"\"",
    "\\u0000",
    "\\ud800",
    "\\u202e",
    "\u{202e}",
    "\0",
    "\u{feff}",
    "2999-12-31",
    "1900-01-01",
    "2024-02-29",
    "2025-12",
    "=1+1",
    "new:client",
    ",",
    ";",
    "\t",
    "\n",
    "\"",
    "'",
    "1,5",
    "1.5",
    "-",
    "20251201",
    "<STMTTRN>",
    "</OFX>",
    "<TRNAMT>",
    "&#0;",
    "<!DOCTYPE a [<!ENTITY b \"c\">]>",
    "JPY",
    "BHD",
    "USD",
    "1200",
    "4294967295",
];

fn takes_book(bytes: &[u8]) -> bool {
    let reading = book::read(bytes, None);
    assert!(reading.problems.iter().all(|problem| !problem.at.is_empty() && !problem.message.is_empty()));
    let found = review(&Records::default(), &reading.offer);
    let is_read = reading.problems.is_empty();
    if is_read {
        let again = book::read(book::write(&reading.offer.records).as_bytes(), None);
        assert_eq!(again.problems, []);
        assert_eq!(again.offer.records, reading.offer.records);
        if found.problems.is_empty() {
            draw(&reading.offer.records);
        }
    }
    is_read
}

/// "`rules` [...] cannot fail on valid input."
fn draw(records: &Records) {
    let first = records.invoices.iter().map(|invoice| invoice.issued_on).min();
    let (Some(_), Some(first)) = (&records.programme, first) else { return };
    let mut oracle = Oracle::default();
    for month in std::iter::successors(Some(Month::of(first)), |month| Some(month.next())).take(3) {
        oracle.close(records, month);
    }
}

fn takes_form(bytes: &[u8]) -> bool {
    let reading = book::read_part(bytes, Some(Currency::USD));
    let _ = review(&Records::default(), &reading.offer);
    reading.problems.is_empty()
}

fn takes_bank_csv(bytes: &[u8]) -> bool {
    let Ok(mapping) = bank::guess(bytes) else { return false };
    let _ = (bank::is_sure(bytes, &mapping), bank::columns_of(bytes, &mapping));
    let other = bank::Mapping { day: mapping.day + 1, decimal_comma: !mapping.decimal_comma, ..mapping.clone() };
    let _ = bank::mapped(bytes, &other, currency("JPY"));
    let lines = bank::mapped(bytes, &mapping, Currency::USD);
    lines.is_ok_and(|lines| lines.received.iter().all(|line| line.amount.minor() > 0))
}

fn takes_bank_ofx(bytes: &[u8]) -> bool {
    let _ = bank::is_ofx(bytes);
    let lines = bank::ofx(bytes, Currency::USD);
    lines.is_ok_and(|lines| lines.received.iter().all(|line| line.amount.minor() > 0))
}

fn takes_company(bytes: &[u8]) -> bool {
    let Ok(said) = company::read(bytes, Currency::USD) else { return false };
    assert!(said.lines.iter().all(|line| line.amount.minor().abs() <= Money::LIMIT));
    true
}

fn takes_sealed(bytes: &[u8]) -> bool {
    let Ok(read) = sealed::read(bytes) else { return false };
    assert_eq!(sealed::write(&read), bytes);
    true
}

fn takes_receipt(bytes: &[u8]) -> bool {
    let Ok(read) = receipt::read(bytes) else { return false };
    assert_eq!(receipt::write(&read), bytes);
    true
}

/// Amounts, rates, days, months, names and domains: a line each.
fn takes_words(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<&str> = text.lines().take(8).collect();
    (lines.iter().filter(|line| takes_word(line)).count() > 0) | takes_pairs(&lines)
}

fn takes_word(text: &str) -> bool {
    let _ = (Currency::parse(text), name::plain(text), name::fold(text), name::domain(text));
    let amounts =
        ["USD", "JPY", "BHD", "CLF"].map(currency).map(|currency| Money::parse(text, currency).zip(Some(currency)));
    for (amount, currency) in amounts.into_iter().flatten() {
        assert_eq!(Money::parse(&amount.to_string(), currency), Some(amount));
        assert_eq!(Money::from_minor(amount.minor(), currency), amount);
        let _ = (amount.grouped(), -amount, Rate::WHOLE.of(amount), amount.less_basis_points(700));
    }
    let rate = Rate::parse(text);
    if let Ok(rate) = rate {
        assert_eq!(Rate::parse(&rate.to_string()), Ok(rate));
        let _ = rate.percent();
    }
    let (on, month) = (day::parse(text), Month::parse(text));
    if let Some(on) = on {
        assert_eq!((on.to_string().as_str(), Month::of(on).cutoff() >= on), (text, true));
        let _ = (day::words(on), day::plus_months(on, 1200), day::days_after(on, 365));
    }
    if let Some(month) = month {
        assert_eq!(month.to_string(), text);
        let _ = (month.words(), month.next().next().previous(), month.cutoff());
    }
    rate.is_ok() || on.is_some() || month.is_some() || amounts.iter().any(Option::is_some)
}

fn takes_pairs(lines: &[&str]) -> bool {
    for (a, b) in lines.iter().zip(lines.iter().skip(1)) {
        assert_eq!(name::nearly(&name::fold(a), &name::fold(b)), name::nearly(&name::fold(b), &name::fold(a)));
        if let (Some(a), Some(b)) = (name::domain(a), name::domain(b)) {
            assert_eq!(name::shares_domain(&a, &b), name::shares_domain(&b, &a));
        }
        if let (Some(a), Some(b)) = (day::parse(a), day::parse(b)) {
            let period = MonthsInPeriod::between(a.min(b), a.max(b));
            let (months, of) = period.fraction();
            assert!(months > 0 && of > 0 && !period.words().is_empty());
        }
    }
    false
}

fn takes_logo(bytes: &[u8]) -> bool {
    paper::Logo::read(bytes).is_some()
}

fn currency(code: &str) -> Currency {
    Currency::parse(code).expect("a currency")
}

fn books() -> Vec<Vec<u8>> {
    let mut books: Vec<Vec<u8>> = cases::all().into_iter().map(|case| case.book.into_bytes()).collect();
    books.push(EVERYTHING.as_bytes().to_vec());
    books
}

/// A record of each kind.
const EVERYTHING: &str = r#"{"format":"refbook/1","programme":{"company":"N","phone":"","currency":"USD","standard_rate":"0.10","maximum_rate":"0.10","in_term_changes":"follow_contract","minimum_payout":"25.00"},
"terms":[{"effective_on":"2025-03-01","standard_rate":"0.12","maximum_rate":"0.15","minimum_payout":"50.00"}],
"affiliates":[{"id":"A1","name":"Dana","own_companies":["Reyes"],"domains":["reyes.example"],"agreement_signed_on":"2024-01-01","remittance":"net_of_commission"}],
"clients":[{"id":"C1","name":"Acme","domains":["acme.example"],"customer_since":null}],
"referrals":[{"id":"R1","affiliate":"A1","client":"C1","registered_on":"2024-12-10"}],
"contracts":[{"id":"K1","referral":"R1","signed_on":"2024-12-20","starts_on":"2025-01-01","term_months":1,"ended_on":null,"rate":"0.10","billed_by":"affiliate","lines":[{"kind":"hosting","description":"Server","amount":"1000.00"}],"changes":[{"effective_on":"2025-01-15","lines":[{"kind":"managed_service","description":"","amount":"900.00"}]}]}],
"invoices":[{"id":"I1","number":"1","client":"C1","contract":"K1","issued_on":"2025-01-01","due_on":"2025-01-15","period_start":"2025-01-01","period_end":"2025-01-10","lines":[{"kind":"hosting","description":"S","amount":"1000.00"},{"kind":"hosting","description":"D","amount":"-50.00"}],"tax":"80.00"}],
"payments":[{"id":"P1","invoice":"I1","received_on":"2025-01-14","amount":"1030.00"}],
"refunds":[],"credit_notes":[{"id":"X1","invoice":"I1","issued_on":"2025-01-19","lines":[{"kind":"hosting","description":"O","amount":"10.00"}]}],
"remittances":[{"id":"T1","invoice":"I1","received_on":"2025-01-20","amount":"900.00"}],
"adjustments":[{"id":"J1","affiliate":"A1","month":"2025-01","amount":"-5.00","reason":"As agreed"}],
"quotes":[{"id":"Q1","version":1,"prospect":"P","domains":[],"affiliate":"A1","quoted_on":"2025-01-01","valid_until":"2025-02-01","lines":[{"kind":"hosting","description":"S","amount":"10.00"}],"term_months":24,"starts_on":"2025-02-01","rate":"0.10","billed_by":"company","remittance":"in_full","days_to_pay":20,"stage":"draft","contract":null}],
"resales":[{"id":"S1","invoice":"I1","lines":[{"kind":"hosting","description":"S","amount":"1200.00"}],"tax":"0.00"}],
"own_entries":[{"id":"E1","invoice":"I1","kind":"written_off","on":"2025-02-01","amount":"1.00"}]}"#;

/// A part of a book a seed.
fn forms() -> Vec<Vec<u8>> {
    let everything: serde_json::Value = serde_json::from_str(EVERYTHING).expect("JSON");
    let members = everything.as_object().expect("an object").iter().filter(|(name, _)| *name != "format");
    members.map(|(name, part)| serde_json::json!({ name: part }).to_string().into_bytes()).collect()
}

fn bank_csvs() -> Vec<Vec<u8>> {
    [
        "Date,Description,Debit,Credit,Balance\n12/28/2025,ACME,,100.00,1100.00\n12/30/2025,ACME,,\"1,250.50\",1450.50\n",
        "Buchungstag;Auftraggeber;Betrag\n03.12.2025;M\u{fc}ller;1.250,50\n04.12.2025;Miete;-900,00\n04.12.2025;M;20,00\n",
        "20251201\t5\u{20ac}\n20251202\t1'000-\n",
    ]
    .map(|text| text.as_bytes().to_vec())
    .into()
}

fn bank_ofxs() -> Vec<Vec<u8>> {
    let body = "<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS><DTSERVER>20260101120000</DTSERVER><LANGUAGE>ENG</LANGUAGE></SONRS></SIGNONMSGSRSV1><BANKMSGSRSV1><STMTTRNRS><TRNUID>1</TRNUID><STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS><STMTRS><CURDEF>USD</CURDEF><BANKACCTFROM><BANKID>1</BANKID><ACCTID>77</ACCTID><ACCTTYPE>CHECKING</ACCTTYPE></BANKACCTFROM><BANKTRANLIST><DTSTART>20251201</DTSTART><DTEND>20251231</DTEND><STMTTRN><TRNTYPE>CREDIT</TRNTYPE><DTPOSTED>20251230</DTPOSTED><TRNAMT>100.00</TRNAMT><FITID>F1</FITID><NAME>ACME</NAME><MEMO>R &amp; B</MEMO></STMTTRN></BANKTRANLIST><LEDGERBAL><BALAMT>95.00</BALAMT><DTASOF>20251231</DTASOF></LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>";
    let sgml = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:USASCII\nCHARSET:1252\nCOMPRESSION:NONE\nOLDFILEUID:NONE\nNEWFILEUID:NONE\n\n";
    let xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<?OFX OFXHEADER=\"200\" VERSION=\"211\" SECURITY=\"NONE\" OLDFILEUID=\"NONE\" NEWFILEUID=\"NONE\"?>\n";
    let old = body.replace("</CODE>", "").replace("</DTPOSTED>", "").replace("</TRNAMT>", "").replace("</FITID>", "");
    vec![format!("{sgml}{old}").into_bytes(), format!("{sgml}{body}").into_bytes(), format!("{xml}{body}").into_bytes()]
}

fn companies() -> Vec<Vec<u8>> {
    let table = "number,client_name,status,base,commission\nNS-1,Acme,payable,100.00,10.00\n'-2,B,held,5.00,0.50\n";
    let german = "Rechnung;Kunde;Provision\n1;A;1.250,50\n2;B;-3,00\n";
    let mut companies = sealed_statements();
    companies.extend([table, german].map(|text| text.as_bytes().to_vec()));
    companies
}

/// Of a worked example's months.
fn sealed_statements() -> Vec<Vec<u8>> {
    let mut sealed = Vec::new();
    for book in books() {
        let reading = book::read(&book, None);
        let records = reading.offer.records;
        if records.programme.is_none() || !reading.problems.is_empty() || records.invoices.is_empty() {
            continue;
        }
        let month = Month::parse("2025-01").expect("a month");
        for inputs in Oracle::default().facts(&records, month).into_inputs().take(1) {
            let statement = inputs.statement();
            let closed_at = "2025-02-01T12:00:00Z".to_owned();
            let number = "S-1".to_owned();
            let engine = rules::ENGINE;
            sealed.push(sealed::write(&sealed::Sealed {
                engine,
                number,
                revision: 1,
                previous: None,
                closed_at,
                inputs,
                statement,
            }));
        }
    }
    assert!(!sealed.is_empty(), "no example has a statement");
    sealed
}

fn receipts() -> Vec<Vec<u8>> {
    let records = book::read(EVERYTHING.as_bytes(), None).offer.records;
    let receipt = receipt::Receipt {
        engine: rules::ENGINE,
        programme: records.programme.expect("a programme"),
        affiliate: records.affiliates[0].clone(),
        client: records.clients[0].clone(),
        referral: records.referrals[0].clone(),
        recorded_at: "2025-02-01T12:00:00Z".to_owned(),
        checks: Vec::new(),
    };
    vec![receipt::write(&receipt)]
}

fn some_words() -> Vec<Vec<u8>> {
    [
        "1234.56\n-0.5\n100000000000.00\n0.075",
        "2025-01-31\n2025-12-31\n1900-01-01\n2999-12-31",
        "2025-01\n2999-12",
        "Reyes Consulting LLC\nReyse Consulting",
        "https://www.reyes.example:8443/a?b#c\nmail.reyes.example",
        "M\u{fc}ller GmbH & Co. KG\nA T & T",
    ]
    .map(|text| text.as_bytes().to_vec())
    .into()
}

fn logos() -> Vec<Vec<u8>> {
    let kinds = [png::ColorType::Rgba, png::ColorType::Grayscale, png::ColorType::Rgb, png::ColorType::GrayscaleAlpha];
    kinds.map(logo).into()
}

fn logo(kind: png::ColorType) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 5, 3);
    encoder.set_color(kind);
    let mut writer = encoder.write_header().expect("a header");
    let pixels: Vec<u8> = (0..15 * kind.samples()).map(|n| u8::try_from(n * 7 % 256).expect("a byte")).collect();
    writer.write_image_data(&pixels).expect("pixels");
    drop(writer);
    bytes
}

/// Names that would do something if anything took them for more than text.
pub fn names() -> Vec<String> {
    let mut names: Vec<String> = serde_json::from_str(include_str!("../hostile/names.json")).expect("names");
    names.push("long ".repeat(2_000));
    names.push("x".repeat(10_000));
    names
}

/// A book with a client of each name, and some of them as affiliates and as the company.
pub fn book_of_names() -> String {
    let names = names();
    let affiliates: Vec<_> = names
        .iter()
        .enumerate()
        .step_by(3)
        .map(|(nth, _)| serde_json::json!({ "id": affiliate(nth), "name": names[(nth + 12) % names.len()], "own_companies": [], "domains": [], "agreement_signed_on": null, "remittance": "in_full" }))
        .collect();
    let mut book = serde_json::json!({
        "format": "refbook/1",
        "programme": { "company": names[7], "phone": names[11], "currency": "USD", "standard_rate": "0.10", "maximum_rate": "0.10", "in_term_changes": "follow_contract", "minimum_payout": "0" },
        "affiliates": affiliates,
    });
    let each = |record: fn(usize, &str) -> serde_json::Value| {
        names.iter().enumerate().map(|(nth, name)| record(nth, name)).collect::<Vec<_>>()
    };
    book["clients"] = each(
        |nth, name| serde_json::json!({ "id": format!("C{nth}"), "name": name, "domains": [], "customer_since": null }),
    )
    .into();
    book["referrals"] = each(|nth, _| serde_json::json!({ "id": format!("R{nth}"), "affiliate": affiliate(nth / 6 * 6), "client": format!("C{nth}"), "registered_on": "2025-01-01" })).into();
    book["contracts"] = each(|nth, name| serde_json::json!({ "id": format!("K{nth}"), "referral": format!("R{nth}"), "signed_on": "2025-01-01", "starts_on": "2025-01-01", "term_months": 12, "ended_on": null, "rate": "0.10", "billed_by": "company", "lines": [{ "kind": "hosting", "description": name, "amount": "10" }], "changes": [] })).into();
    book["invoices"] = each(|nth, name| serde_json::json!({ "id": format!("I{nth}"), "number": format!("={nth}"), "client": format!("C{nth}"), "contract": format!("K{nth}"), "issued_on": "2025-01-01", "due_on": "2025-01-15", "period_start": "2025-01-01", "period_end": "2025-01-31", "lines": [{ "kind": "hosting", "description": name, "amount": "10" }], "tax": "0" })).into();
    book["adjustments"] = each(|nth, name| serde_json::json!({ "id": format!("J{nth}"), "affiliate": affiliate(nth / 3 * 3), "month": "2025-01", "amount": "1", "reason": format!("because {name}") })).into();
    serde_json::to_string(&book).expect("JSON")
}

/// An id that a folder would not like, where one may stand in it.
fn affiliate(nth: usize) -> String {
    match nth {
        0 => "../../x".to_owned(),
        3 => "CON".to_owned(),
        6 => "a/b\\c:d".to_owned(),
        9 => "=1+1".to_owned(),
        _ => format!("A{nth}"),
    }
}
