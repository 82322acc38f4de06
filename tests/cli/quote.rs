//! `refbook quote`, without a book and in one.

use serde_json::Value;

use crate::Place;

const LINES: [&str; 4] = ["--line", "hosting=1000", "--line", "setup=1500=Migration"];

fn quote(more: &[&'static str]) -> Vec<&'static str> {
    ["quote"].into_iter().chain(LINES).chain(more.iter().copied()).collect()
}

#[test]
fn a_quote_needs_no_book_and_prints_both_papers() {
    let place = Place::new();
    let said = place.done(&quote(&["--starts", "2027-01-01", "--leaves", "7", "--pdf", "papers"]));
    assert!(said.contains("Commission a month: 100.00, 10% of 1000.00."), "{said}");
    assert!(said.contains("First paid in January 2027"), "{said}");
    assert!(said.contains("700.00 instead of 3,600.00"), "{said}");
    for file in ["solution.pdf", "payout.pdf"] {
        assert!(std::fs::read(place.path("papers").join(file)).expect("a file").starts_with(b"%PDF"));
    }
}

#[test]
fn a_quote_answers_as_json() {
    let answer: Value = serde_json::from_str(&Place::new().done(&quote(&["--json"]))).expect("JSON");
    assert_eq!(answer["answer"]["commission"]["amount"], "100.00");
    assert_eq!(answer["quote"]["lines"][1]["description"], "Migration");
}

#[test]
fn a_quote_is_kept_in_a_book_and_asked_again_by_its_number() {
    let place = Place::sample();
    let kept = quote(&["--book", "BOOK", "--rate", "0.08", "--prospect", "Ironwood Labs", "--keep"]);
    place.done(&kept);
    let again = place.done(&["quote", "--book", "BOOK", "--quote", "Q05"]);
    assert!(again.contains("Commission a month: 80.00"), "{again}");
}

#[test]
fn what_is_wrong_with_a_quote_is_told_with_its_place() {
    let place = Place::new();
    assert!(place.refused(&quote(&["--rate", "0.12"])).contains("quotes[0].rate"));
    assert!(place.refused(&["quote", "--line", "hosting=a lot"]).contains("quotes[0].lines[0].amount"));
    assert!(place.refused(&["quote", "--line", "hosting"]).contains("KIND=AMOUNT"));
    assert!(place.refused(&quote(&["--changes", "800"])).contains("MONTH=AMOUNT"));
}

#[test]
fn a_what_if_that_can_not_be_asked_is_refused_and_not_answered_as_another() {
    let place = Place::new();
    assert!(place.refused(&quote(&["--late", "500"])).contains("what_if.days_late: \"500\" can't be asked."));
    assert!(place.refused(&quote(&["--changes", "25="])).contains("what_if.changes_to"));
    assert!(place.refused(&quote(&["--changes", "soon=800"])).contains("what_if.changes_in: \"soon\""));
}

#[test]
fn an_affiliate_passes_on_what_its_agreement_says() {
    let place = Place::sample();
    let billing = |affiliate, more: &[&'static str]| {
        let asked = ["--book", "BOOK", "--json", "--billed-by", "affiliate", "--affiliate", affiliate];
        let answer: Value = serde_json::from_str(&place.done(&quote(&[&asked, more].concat()))).expect("JSON");
        answer["quote"]["remittance"].as_str().expect("a word").to_owned()
    };
    assert_eq!(billing("A05", &[]), "in_full");
    assert_eq!(billing("A06", &[]), "net_of_commission");
    assert_eq!(billing("A05", &["--remits", "net"]), "net_of_commission");
}

#[test]
fn a_quote_in_a_book_starts_with_the_rate_of_its_terms() {
    let place = Place::sample();
    let said = place.done(&quote(&["--book", "BOOK"]));
    assert!(said.contains("Commission a month: 80.00, 8% of 1000.00."), "{said}");
}

#[test]
fn no_message_about_a_quote_has_the_id_that_it_has_not_got_yet() {
    let place = Place::sample();
    let told = place.refused(&quote(&["--rate", "0.12"]));
    assert!(told.contains("The quote has the rate \"0.12\", above the maximum"), "{told}");
    let in_book = place.refused(&quote(&["--rate", "0.12", "--book", "BOOK"]));
    let unread = place.refused(&["quote", "--line", "hosting=a lot", "--book", "BOOK"]);
    for told in [told, in_book, unread] {
        assert!(!told.contains("new:quote") && !told.contains("Q05"), "{told}");
    }
}
