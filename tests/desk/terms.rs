//! The terms' versions with their meanings, and the programme's logo.

use desk::terms::{ChoiceView, VersionView};
use desk::{Code, Desk};
use refbook_tests::intruder::break_in;
use refbook_tests::{PASSPHRASE, Shelf, later, on};
use sha2::{Digest, Sha256};

fn choice<'a>(version: &'a VersionView, name: &str) -> &'a ChoiceView {
    version.choices.iter().find(|choice| choice.name == name).expect("a choice")
}

#[test]
fn each_version_says_what_it_chose_and_what_stayed() {
    let shelf = Shelf::new();
    let desk = shelf.sample();
    let page = desk.terms_page(on("2025-12-15")).expect("a page");
    assert_eq!((page.company.as_str(), page.phone.as_str()), ("NetSource", "(866) 778-1212"));
    assert_eq!((page.currency.as_str(), page.closed_through.as_deref()), ("USD", Some("2025-11")));
    let since: Vec<_> = page.versions.iter().map(|version| version.effective_on.as_deref()).collect();
    assert_eq!(since, [Some("2025-11-01"), Some("2025-07-01"), None]);
    let [november, july, first] = page.versions.as_slice() else { panic!("three versions") };
    let values = |version: &VersionView| {
        ["standard_rate", "maximum_rate", "in_term_changes", "minimum_payout"]
            .map(|name| (choice(version, name).value.clone(), choice(version, name).made_here))
    };
    let told = |values: [(&str, bool); 4]| values.map(|(value, made_here)| (value.to_owned(), made_here));
    assert_eq!(values(november), told([("8%", true), ("8%", true), ("Hold the original", false), ("50.00", false)]));
    assert_eq!(values(july), told([("10%", false), ("10%", false), ("Hold the original", true), ("50.00", true)]));
    assert_eq!(values(first), told([("10%", true), ("10%", true), ("Follow the contract", true), ("25.00", true)]));
    assert!(july.choices.is_sorted_by_key(|choice| !choice.made_here));
}

#[test]
fn the_version_of_the_day_is_in_force() {
    let shelf = Shelf::new();
    let desk = shelf.sample();
    for (today, expected) in [
        ("2025-06-30", None),
        ("2025-07-01", Some("2025-07-01")),
        ("2025-10-31", Some("2025-07-01")),
        ("2026-01-01", Some("2025-11-01")),
    ] {
        let versions = desk.terms_page(on(today)).expect("a page").versions;
        let in_force: Vec<_> = versions.iter().filter(|version| version.in_force).collect();
        assert_eq!(in_force.len(), 1, "{today}");
        assert_eq!(in_force[0].effective_on.as_deref(), expected, "{today}");
    }
}

#[test]
fn the_examples_are_the_rules_own() {
    let shelf = Shelf::new();
    let desk = shelf.sample();
    let versions = desk.terms_page(later()).expect("a page").versions;
    let [november, july, first] = versions.as_slice() else { panic!("three versions") };
    let example = |version, name| choice(version, name).example.as_str();
    assert_eq!(example(first, "standard_rate"), "10% of 1,000.00 is 100.00.");
    assert_eq!(example(november, "standard_rate"), "8% of 1,000.00 is 80.00.");
    assert_eq!(example(november, "maximum_rate"), "A contract at 8% is taken, one at 8.01% is refused.");
    // Up to what is in force when the term ends.
    assert_eq!(
        example(first, "in_term_changes"),
        "A contract of 12 months is signed at 1,000.00 a month. Upgraded to 1,200.00 in month 7: 1,200.00 earns 120.00 \
         at 10%. Upgraded to 1,500.00 in month 15: 1,200.00 earns 120.00 at 10%."
    );
    // Up to what was signed.
    assert_eq!(
        example(july, "in_term_changes"),
        "A contract of 12 months is signed at 1,000.00 a month. Upgraded to 1,200.00 in month 7: 1,000.00 earns 100.00 \
         at 10%. Upgraded to 1,500.00 in month 15: 1,000.00 earns 100.00 at 10%."
    );
    assert_eq!(
        example(july, "minimum_payout"),
        "A balance of 49.99 is carried into the next month, one of 50.00 is paid out."
    );
}

/// Begins like a PNG of this size and ends like one; what is between is nobody's business here.
fn png(width: u32, height: u32, between: usize) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |kind: &[u8; 4], content: &[u8]| {
        png.extend(u32::try_from(content.len()).expect("short").to_be_bytes());
        png.extend(kind);
        png.extend(content);
        png.extend([0; 4]);
    };
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([8, 6, 0, 0, 0]);
    chunk(b"IHDR", &header);
    chunk(b"IDAT", &vec![7; between]);
    chunk(b"IEND", &[]);
    png
}

fn logo(desk: &Desk) -> Option<String> {
    desk.terms_page(later()).expect("a page").logo
}

#[test]
fn a_logo_is_kept_replaced_and_taken_away() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    assert_eq!(logo(&desk), None);
    let (small, wide) = (png(16, 16, 5), png(4096, 100, 900));
    desk.set_logo(Some(&small), later()).expect("kept");
    let url = logo(&desk).expect("a logo");
    assert!(url.starts_with("data:image/png;base64,iVBORw0KGgo"), "{url}");
    desk.set_logo(Some(&wide), later()).expect("replaced");
    desk.set_logo(Some(&wide), later()).expect("the same again");
    assert_ne!(logo(&desk), Some(url));
    desk.set_logo(None, later()).expect("taken away");
    assert_eq!(logo(&desk), None);
    assert_eq!(desk.verify().expect("verify").finding, None);
    drop(desk);

    let book = break_in(&shelf.book(), PASSPHRASE);
    let mut journal = book
        .prepare("SELECT action, before, after FROM journal WHERE record = 'logo' ORDER BY sequence")
        .expect("a journal");
    let entries: Vec<(String, Option<String>, Option<String>)> = journal
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .and_then(Iterator::collect)
        .expect("entries");
    let sha256 = |png: &[u8]| Some(format!("\"{}\"", hex::encode(Sha256::digest(png))));
    let expected = [
        ("record".to_owned(), None, sha256(&small)),
        ("correct".to_owned(), sha256(&small), sha256(&wide)),
        ("void".to_owned(), sha256(&wide), None),
    ];
    assert_eq!(entries, expected);
}

#[test]
fn what_is_no_logo_is_refused_with_what_is_wrong() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    let whole = png(16, 16, 100);
    for (picture, expected) in [
        (b"\xff\xd8\xff\xe0 a photograph".to_vec(), "is no PNG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), "is no PNG"),
        (Vec::new(), "is no PNG"),
        (whole[..20].to_vec(), "is no PNG"),
        (whole[..60].to_vec(), "is cut short"),
        (whole[..whole.len() - 1].to_vec(), "is cut short"),
        (png(16, 16, 1 << 20), "has 1025 KB, and a logo at most 1024 KB"),
        (png(4097, 16, 5), "is 4097 × 16 pixels, and a logo at most 4096 × 4096"),
        (png(16, 0, 5), "is 16 × 0 pixels"),
    ] {
        let error = desk.set_logo(Some(&picture), later()).expect_err(expected);
        assert_eq!(error.code, Code::Refused, "{expected}");
        assert!(error.message.contains(expected), "{}", error.message);
    }
    assert_eq!(logo(&desk), None);
}
