//! Small files that want to be large, and large ones that want to be looked at for ever: each is refused with a word,
//! soon, and in little memory.

use std::fmt::Write as _;
use std::time::Instant;

use exchange::bank::{guess, mapped, ofx};
use exchange::{book, company, sealed};
use rules::money::Currency;
use rules::records::Records;
use rules::refusal::review;

const MEGABYTE: usize = 1 << 20;

/// What is said of bytes: the first words against them.
type Reads = fn(&[u8]) -> String;

#[test]
fn bombs_are_refused_soon_and_in_little_memory() {
    let bombs: [(&str, Reads, Vec<u8>, &str); 18] = [
        ("deep lists", in_a_book, nested("[", "]"), "recursion limit"),
        ("deep objects", in_a_book, nested("{\"a\":", "}"), "recursion limit"),
        ("a record of empty objects", in_a_book, record(&"{},".repeat(MEGABYTE)), "100000 values"),
        ("a record of numbers", in_a_book, record(&"0,".repeat(MEGABYTE)), "100000 values"),
        ("faults only", in_a_book, clients(&"0,".repeat(MEGABYTE)), "where an object belongs"),
        ("faulty records only", in_a_book, clients(&"{},".repeat(MEGABYTE / 4)), "is missing"),
        ("unknown members", in_a_book, members(MEGABYTE / 8), "is not known here"),
        (
            "one text",
            in_a_book,
            clients(&format!("{{\"id\":\"{}\"}},", "x".repeat(16 * MEGABYTE))),
            "1 to 200 characters",
        ),
        ("an exponent", in_a_book, clients("1e999999999,"), "number out of range"),
        ("digits", in_a_book, clients(&format!("{},", "9".repeat(100_000))), "number out of range"),
        ("columns", in_a_bank_csv, ",".repeat(MEGABYTE).into_bytes(), "200 columns"),
        ("lines", in_a_bank_csv, "2025-12-01,1.00\n".repeat(300_000).into_bytes(), "200000 lines"),
        (
            "a cell",
            in_a_bank_csv,
            format!("a,b\n2025-12-01,1.00\n2025-12-02,\"{}\"\n", "9".repeat(MEGABYTE)).into_bytes(),
            "is no amount",
        ),
        ("a name in OFX", in_an_ofx, named_ofx(), "It is no OFX"),
        (
            "a name in a statement",
            in_a_statement,
            format!("{{\"{}\":1}}", "x".repeat(MEGABYTE)).into_bytes(),
            "unknown field",
        ),
        ("deep OFX", in_an_ofx, deep_ofx(), "It is no OFX"),
        ("entities", in_an_ofx, laughs(), "It is no OFX"),
        ("a sealed statement of lists", in_a_statement, deep_statement(), "no document of this kind"),
    ];
    for (what, read, bomb, word) in bombs {
        forget_peak();
        let (before, start) = (memory("VmRSS"), Instant::now());
        let said = read(&bomb);
        let (took, more) = (start.elapsed(), memory("VmHWM").saturating_sub(before));
        println!("{what}: {} KB, {} ms, {more} KB more: {said}", bomb.len() >> 10, took.as_millis());
        assert!(said.contains(word), "{what}: {said}");
        assert!(said.chars().count() < 1_000, "{what} is told in {} characters", said.len());
        assert!(took.as_secs() < 20, "{what} took {took:?}");
        assert!(more < 300 * 1024, "{what} took {more} KB");
    }
}

#[test]
fn a_file_of_nothing_but_faults_tells_ten_thousand_and_that_there_are_more() {
    let reading = book::read(&clients(&"{\"id\":\"\"},".repeat(20_000)), None);
    assert_eq!(reading.problems.len(), 10_001);
    let last = reading.problems.last().expect("a problem");
    assert!(last.at == "file" && last.message.contains("more problems"), "{last}");
}

#[test]
fn lines_that_come_to_more_than_an_amount_are_refused_where_they_stand() {
    let line = "{\"kind\":\"hosting\",\"description\":\"\",\"amount\":\"99999999999.00\"}";
    let part = format!("{{\"contracts\":[{{\"lines\":[{line},{line}]}}]}}");
    let problems = book::read_part(part.as_bytes(), Some(Currency::USD)).problems;
    let found = problems.iter().find(|problem| problem.at == "contracts[0].lines").expect("the lines' problem");
    assert_eq!(found.message, "The lines come to more than 100,000,000,000.00, the largest amount. Split them.");
}

#[test]
fn a_statement_in_another_currency_is_no_statement_of_this_book() {
    for seed in (refbook_tests::hostile::PARSERS.iter().find(|one| one.name == "sealed").expect("sealed").seeds)() {
        let error = company::read(&seed, Currency::parse("EUR").expect("EUR")).expect_err("dollars");
        assert_eq!(error.message, "It is in \"USD\", and the book is in EUR.");
    }
}

fn in_a_book(bytes: &[u8]) -> String {
    let reading = book::read(bytes, None);
    let found = review(&Records::default(), &reading.offer);
    let problems = reading.problems.iter().chain(&found.problems);
    problems.take(3).map(|problem| problem.message.as_str()).collect::<Vec<_>>().join(" ")
}

fn in_a_bank_csv(bytes: &[u8]) -> String {
    let read = guess(bytes).and_then(|mapping| mapped(bytes, &mapping, Currency::USD));
    read.map_or_else(|error| error.message, |_| "it was read".to_owned())
}

fn in_an_ofx(bytes: &[u8]) -> String {
    ofx(bytes, Currency::USD).map_or_else(|error| error.message, |_| "it was read".to_owned())
}

fn in_a_statement(bytes: &[u8]) -> String {
    sealed::read(bytes).map_or_else(|error| error.to_string(), |_| "it was read".to_owned())
}

fn nested(open: &str, close: &str) -> Vec<u8> {
    let inner = format!("{}{}", open.repeat(MEGABYTE), close.repeat(MEGABYTE));
    format!("{{\"format\":\"refbook/1\",\"clients\":{inner}}}").into_bytes()
}

fn deep_statement() -> Vec<u8> {
    format!("{{\"inputs\":{}", "{\"terms\":[".repeat(MEGABYTE)).into_bytes()
}

fn clients(records: &str) -> Vec<u8> {
    let programme = r#""programme":{"company":"N","phone":"","currency":"USD","standard_rate":"0.10","maximum_rate":"0.10","in_term_changes":"follow_contract","minimum_payout":"0"}"#;
    format!("{{\"format\":\"refbook/1\",{programme},\"clients\":[{}]}}", records.trim_end_matches(',')).into_bytes()
}

fn record(values: &str) -> Vec<u8> {
    clients(&format!("{{\"domains\":[{}]}}", values.trim_end_matches(',')))
}

fn members(count: usize) -> Vec<u8> {
    let mut text = "{\"format\":\"refbook/1\"".to_owned();
    (0..count).for_each(|nth| _ = write!(text, ",\"m{nth}\":0"));
    (text + "}").into_bytes()
}

fn deep_ofx() -> Vec<u8> {
    format!("OFXHEADER:100\nVERSION:102\nSECURITY:NONE\n\n<OFX>{}", "<STATUS>".repeat(MEGABYTE / 8)).into_bytes()
}

fn named_ofx() -> Vec<u8> {
    format!("OFXHEADER:100\nVERSION:102\nSECURITY:{}\n\n<OFX>", "x".repeat(MEGABYTE)).into_bytes()
}

/// A billion laughs.
fn laughs() -> Vec<u8> {
    let mut text = "<?xml version=\"1.0\"?><!DOCTYPE OFX [<!ENTITY a0 \"ha\">".to_owned();
    (1..40).for_each(|nth| _ = write!(text, "<!ENTITY a{nth} \"&a{0};&a{0};\">", nth - 1));
    (text + "]><?OFX OFXHEADER=\"200\" VERSION=\"211\" SECURITY=\"NONE\"?><OFX>&a39;</OFX>").into_bytes()
}

/// Of this process, in KB; nothing where the system does not tell.
fn memory(what: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(what)).unwrap_or_default();
    line.trim_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or(0)
}

fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}
