//! What the window finds while one types.

use desk::Desk;
use desk::sample::Sample;
use refbook_tests::{Shelf, passphrase};

fn sample(shelf: &Shelf) -> Desk {
    Desk::sample(&shelf.book(), &passphrase(), Sample::Small, |_| ()).expect("the sample")
}

/// Kind, id, title and detail of each find.
fn found(desk: &Desk, text: &str) -> Vec<String> {
    let found = desk.search(text).expect("a search");
    assert!(found.len() <= 12, "{text}");
    found.iter().map(|found| format!("{} {} {} ({})", found.kind, found.id, found.title, found.detail)).collect()
}

#[test]
fn search_finds_everything_by_how_it_begins() {
    let shelf = Shelf::new();
    let desk = sample(&shelf);
    for (typed, expected) in [
        ("acme", &["client C01 Acme Widgets Inc (Meridian Tech Advisors)"][..]),
        ("wid acm", &["client C01 Acme Widgets Inc (Meridian Tech Advisors)"]),
        ("acme-widgets.ex", &["client C01 Acme Widgets Inc (Meridian Tech Advisors)"]),
        // Accents and case fold, also in Greek, and so does what has no accent but is left out when one types.
        ("lumiere", &["client C42 Lumière Optique (Sébastien Lefèvre)"]),
        ("ιονιο", &["client C09 Ιόνιο Ναυτιλιακή ΑΕ (Meridian Tech Advisors)"]),
        ("Ιόνιο", &["client C09 Ιόνιο Ναυτιλιακή ΑΕ (Meridian Tech Advisors)"]),
        ("lodz", &["client C41 Łódź Textiles (Northgate Chamber of Commerce)"]),
        ("łódź", &["client C41 Łódź Textiles (Northgate Chamber of Commerce)"]),
        ("o'malley", &["client C15 O'Malley Construction (Dana Reyes)"]),
        ("omalley", &["client C15 O'Malley Construction (Dana Reyes)"]),
        ("malley", &["client C15 O'Malley Construction (Dana Reyes)"]),
        // What is typed is never read as a query.
        ("\"acme\" OR elm*", &[]),
        ("name:acme", &[]),
        ("(", &[]),
        ("*", &[]),
        ("", &[]),
        ("  ", &[]),
        // Who was never referred is told by its domain; who was referred twice, by the last.
        ("old mill", &["client C44 Old Mill Printing (oldmill-printing.example)"]),
        ("willow", &["client C24 Willow Creek Brewing (Zoë Björklund-Álvarez)"]),
        // An affiliate by any part of its name, or by its id.
        ("lund", &["affiliate A06 Hargrove & Lund (A06)", "affiliate A07 Zoë Björklund-Álvarez (A07)"]),
        ("grove & lu", &["affiliate A06 Hargrove & Lund (A06)"]),
        ("a06", &["affiliate A06 Hargrove & Lund (A06)"]),
        // A contract by just its id.
        ("k01", &["contract K01 K01 (Acme Widgets Inc)"]),
        ("K0", &[]),
    ] {
        assert_eq!(found(&desk, typed), expected, "{typed}");
    }
}

#[test]
fn affiliates_and_just_this_id_come_first_and_invoices_by_their_number() {
    let shelf = Shelf::new();
    let desk = sample(&shelf);
    // R and e begin words of several clients, and are in two affiliates' names.
    let all = found(&desk, "re");
    assert!(all[0].starts_with("affiliate A02 Dana Reyes"), "{all:?}");
    assert!(all.iter().any(|found| found.starts_with("client ")), "{all:?}");

    assert_eq!(found(&desk, "C01")[0], "client C01 Acme Widgets Inc (Meridian Tech Advisors)");
    let numbers = found(&desk, "ns-25-05");
    assert!(numbers.iter().all(|found| found.starts_with("invoice ") && found.contains(" NS-25-05")), "{numbers:?}");
    assert_eq!(numbers.len(), 4);
    assert_eq!(found(&desk, "NS-25-0534").len(), 1);
}

#[test]
fn what_was_voided_is_not_found() {
    let shelf = Shelf::new();
    let mut desk = sample(&shelf);
    assert_eq!(found(&desk, "mosaic").len(), 1);
    let now = refbook_tests::on("2026-01-03");
    desk.void(rules::records::RecordKind::Referral, "R43", "Never met", now).expect("voided");
    desk.void(rules::records::RecordKind::Client, "C43", "Never met", now).expect("voided");
    assert_eq!(found(&desk, "mosaic"), Vec::<String>::new());
    assert_eq!(found(&desk, "C43"), Vec::<String>::new());
}
