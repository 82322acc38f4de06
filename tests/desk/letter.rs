//! The e-mail draft of a statement, read back by another program's parser.

use std::fs;

use desk::sample::{Sample, last_month, small};
use desk::{Desk, PageSize, Printing};
use exchange::book::write;
use mail_parser::{MessageParser, MimeHeaders};
use refbook_tests::{Shelf, on, passphrase};

#[test]
fn the_draft_says_what_the_statement_comes_to_and_carries_the_printed_pdf() {
    let shelf = Shelf::new();
    let mut desk = Desk::sample(&shelf.book(), &passphrase(), Sample::Small, |_| ()).expect("the sample");
    desk.close(last_month(), on("2026-01-03"), |_| true).expect("it closes");
    let letter = desk.letter(last_month(), "A06", PageSize::A4).expect("a letter");
    assert_eq!(letter, desk.letter(last_month(), "A06", PageSize::A4).expect("a letter"), "no clock and no chance");
    let message = MessageParser::default().parse(&letter).expect("a message");
    assert_eq!(message.subject(), Some("NetSource referral statement for December 2025"));
    assert_eq!(message.header_raw("X-Unsent").map(str::trim), Some("1"));
    assert!(message.from().is_none() && message.to().is_none() && message.date().is_none());

    let printed = shelf.path("pdfs");
    let printing = Printing { month: last_month(), affiliate: Some("A06"), folder: &printed, size: PageSize::A4 };
    let files = desk.print(&printing, |_| true).expect("printed").files;
    let attached = message.attachment(0).expect("an attachment");
    assert_eq!(message.attachment_count(), 1);
    assert_eq!(attached.attachment_name(), files[0].file_name().and_then(|name| name.to_str()));
    assert!(attached.contents() == fs::read(&files[0]).expect("the PDF"));

    let body = message.body_text(0).expect("a body");
    for words in [
        "Dear Hargrove & Lund,",
        "for December 2025",
        "Paid out to you: 0.00 USD",
        "Kept by you already: 62.00 USD",
        "Held until your clients have paid: 42.50 USD",
        "Carried forward to January 2026: 19.00 USD",
        "(866) 778-1212",
        "With kind regards,\r\nNetSource",
    ] {
        assert!(body.contains(words), "{words}: {body}");
    }
    let statements = desk.statements(last_month(), Some("A06")).expect("statements");
    let desk::State::Sealed { sha256, .. } = &statements.statements[0].state else { panic!("it is closed") };
    assert!(body.replace(' ', "").contains(&sha256[..16]), "{body}");
}

#[test]
fn a_draft_of_an_open_month_says_so() {
    let shelf = Shelf::new();
    let desk = Desk::sample(&shelf.book(), &passphrase(), Sample::Small, |_| ()).expect("the sample");
    let letter = desk.letter(last_month(), "A01", PageSize::Letter).expect("a letter");
    let message = MessageParser::default().parse(&letter).expect("a message");
    assert!(message.subject().expect("a subject").starts_with("Draft: "));
    assert!(message.body_text(0).expect("a body").contains("not closed yet"));
}

/// Names are text: none of them begins a header, an address or a part of its own.
#[test]
fn a_name_cannot_write_headers_into_the_letter() {
    let shelf = Shelf::new();
    let mut desk = shelf.create();
    let mut records = small();
    let name = "Zoë\r\nBcc: everyone@example.org\r\n\r\n--refbook-";
    if let Some(programme) = &mut records.programme {
        name.clone_into(&mut programme.company);
    }
    name.clone_into(&mut records.affiliates[0].name);
    desk.import("book.json", write(&records).as_bytes(), on("2026-01-03")).expect("imported");
    let letter = desk.letter(last_month(), "A01", PageSize::A4).expect("a letter");
    let message = MessageParser::default().parse(&letter).expect("a message");
    assert!(message.bcc().is_none() && message.attachment_count() == 1);
    assert!(message.subject().expect("a subject").contains("Zoë  Bcc: everyone@example.org"));
    assert!(message.body_text(0).expect("a body").starts_with("Dear Zoë  Bcc:"));
}
