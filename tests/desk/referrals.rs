//! Referrals as the window lists them.

use desk::referrals::ReferralRow;
use desk::sample::Sample;
use desk::search::ListQuery;
use desk::{Code, Desk};
use refbook_tests::{Shelf, on, passphrase};

fn sample(shelf: &Shelf) -> Desk {
    Desk::sample(&shelf.book(), &passphrase(), Sample::Small, |_| ()).expect("the sample")
}

fn listed(desk: &Desk, text: &str, only: &str, day: &str) -> (Vec<ReferralRow>, u32) {
    let query = ListQuery { text: text.to_owned(), only: only.to_owned(), ..ListQuery::default() };
    let view = desk.referrals(&query, on(day)).expect("a list");
    (view.rows, view.total)
}

fn ids(rows: &[ReferralRow]) -> Vec<&str> {
    rows.iter().map(|row| row.id.as_str()).collect()
}

#[test]
fn the_newest_referral_stands_first() {
    let shelf = Shelf::new();
    let desk = sample(&shelf);
    let (rows, total) = listed(&desk, "", "", "2026-01-03");
    assert_eq!((rows.len(), total), (46, 46));
    assert_eq!(ids(&rows)[..3], ["R46", "R43", "R42"]);
    assert_eq!((rows[0].registered_on.as_str(), rows[0].stage, rows[0].has_receipt), ("2025-10-21", "contract", false));
    assert_eq!((rows[1].client_name.as_str(), rows[1].affiliate_name.as_str()), ("Mosaic Tile Works", "Priya Raman"));
    assert!(rows.is_sorted_by(|a, b| a.registered_on >= b.registered_on));
}

#[test]
fn a_stage_is_what_its_contracts_are_today() {
    let shelf = Shelf::new();
    let desk = sample(&shelf);
    let at = |stage, day| {
        let (rows, total) = listed(&desk, "", stage, day);
        assert_eq!(rows.len(), total as usize);
        assert!(rows.iter().all(|row| row.stage == stage));
        rows
    };
    // Only R43 has no contract. K23, K24 and K40 ended; of Pelican's K51 to K74 only K59.
    assert_eq!(ids(&at("registered", "2026-01-03")), ["R43"]);
    assert_eq!(ids(&at("lapsed", "2026-01-03")), ["R40", "R23", "R24"]);
    assert_eq!(at("contract", "2026-01-03").len(), 42);
    // K23's last day is 10 April 2025: it is held on it.
    assert_eq!(ids(&at("lapsed", "2025-04-10")), ["R40", "R24"]);
    assert_eq!(ids(&at("lapsed", "2025-04-11")), ["R40", "R23", "R24"]);

    let query = ListQuery { only: "quoted".to_owned(), ..ListQuery::default() };
    assert_eq!(desk.referrals(&query, on("2026-01-03")).expect_err("no stage").code, Code::UnknownRecord);
}

#[test]
fn a_text_finds_the_client_or_the_affiliate() {
    let shelf = Shelf::new();
    let desk = sample(&shelf);
    let found = |text: &str, only: &str| {
        let (rows, total) = listed(&desk, text, only, "2026-01-03");
        assert_eq!(rows.len(), total as usize);
        rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(found("willow", ""), ["R44", "R24"]);
    assert_eq!(found("willow", "lapsed"), ["R24"]);
    // Without its accents, and in any case.
    assert_eq!(found("BJORKLUND", ""), ["R44", "R37"]);
    assert_eq!(found("raman", "registered"), ["R43"]);
    assert_eq!(found("\" NOT (*", ""), Vec::<String>::new());
    assert_eq!(found("-", ""), Vec::<String>::new());
}
