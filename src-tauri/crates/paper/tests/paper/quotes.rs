//! Quotes on paper: what a prospect may read, and what whoever refers it reads.

use paper::{Fonts, PageSize, PayoutMonth, PayoutPaper, PayoutWhatIf, QuotePaper};
use rules::affiliate::AgreedRemittance;
use rules::contract::BilledBy;
use rules::invoice::{Kind, Line};
use rules::month::Month;
use rules::quote::{Quote, Stage};
use rules::rate::Rate;
use rules::terms::Programme;

use crate::made::{Made, charge, currency, date, usd};
use crate::reading::{pages, text};

fn quote(lines: Vec<Line>) -> Quote {
    Quote {
        id: "Q12".into(),
        version: 2,
        prospect: "Orchard Street Clinic".to_owned(),
        domains: vec!["orchard.example".to_owned()],
        affiliate: None,
        quoted_on: date("2025-01-10"),
        valid_until: date("2025-02-09"),
        lines,
        term_months: 24,
        starts_on: date("2025-03-01"),
        rate: Rate::TEN_PERCENT,
        billed_by: BilledBy::Company,
        remittance: AgreedRemittance::InFull,
        days_to_pay: 20,
        stage: Stage::Draft,
        contract: None,
    }
}

fn programme() -> Programme {
    Made::with_lines(0).inputs.programme
}

fn solution(quote: &Quote, fonts: &Fonts) -> Vec<u8> {
    let (monthly, once) = (quote.monthly(currency()), quote.once(currency()));
    let programme = programme();
    let paper = QuotePaper { programme: &programme, quote, monthly, once, first_bill: monthly + once, logo: None };
    paper::quote(&paper, PageSize::A4, fonts).pdf
}

#[test]
fn a_solution_quote_says_what_is_charged_and_not_a_word_of_commission() {
    let lines = vec![charge(Kind::Hosting, "Cloud servers", 90_000), charge(Kind::Setup, "", 150_000)];
    let text = text(&solution(&quote(lines), &Fonts::load()));
    for said in [
        "Quote Q12, version 2",
        "Orchard Street Clinic",
        "Cloud servers",
        "Setup",
        "900.00",
        "1,500.00",
        "2,400.00",
        "24 months",
        "Acceptance",
        "Signature",
    ] {
        assert!(text.contains(said), "{said} is missing from\n{text}");
    }
    let lower = text.to_lowercase();
    for secret in ["commission", "referr", "payout", "affiliate", "10%"] {
        assert!(!lower.contains(secret), "{secret} stands in\n{text}");
    }
}

#[test]
fn a_long_quote_breaks_by_the_rules_and_keeps_what_is_signed_together() {
    let fonts = Fonts::load();
    for count in 1..=70 {
        let lines = (0..count).map(|nth| charge(Kind::Hosting, &format!("Server {nth}"), 1_000)).collect();
        let pages = pages(&solution(&quote(lines), &fonts));
        let rows: usize = pages.iter().map(|page| page.matches("Server ").count()).sum();
        assert_eq!(rows, count, "every row is there once");
        let signed = pages.iter().find(|page| page.contains("Acceptance")).expect("it is accepted somewhere");
        assert!(signed.contains("Signature"), "{count}: the signature stands with what is signed");
    }
}

#[test]
fn a_payout_sheet_has_the_schedule_and_each_what_if_beside_the_plain_case() {
    let quote = quote(vec![charge(Kind::Hosting, "Cloud servers", 90_000)]);
    let first = Month::parse("2025-03").expect("a month");
    let months = std::iter::successors(Some(first), |month| Some(month.next())).take(36);
    let months: Vec<PayoutMonth> = months
        .zip(1..)
        .map(|(month, nth)| PayoutMonth {
            month,
            paid: usd(9_000),
            so_far: usd(9_000 * nth),
            remitted: Some(usd(81_100)),
        })
        .collect();
    let what_if = PayoutWhatIf {
        title: "Leaves in month 7".to_owned(),
        words: "630.00 instead of 3,240.00 over 36 months: 2,610.00 less.".to_owned(),
        plain: usd(324_000),
        what_if: usd(63_000),
        difference: usd(-261_000),
    };
    let programme = programme();
    let paper = PayoutPaper {
        programme: &programme,
        quote: &quote,
        affiliate_name: "Maria Gómez",
        earning: usd(90_000),
        commission: usd(9_000),
        first_paid: "March 2025",
        first_year: usd(108_000),
        term: Some(usd(216_000)),
        after: usd(9_000),
        sentences: &["Setup earns nothing: one-time.".to_owned()],
        months: &months,
        what_ifs: &[what_if],
        logo: None,
    };
    let pdf = paper::payout(&paper, PageSize::Letter, &Fonts::load()).pdf;
    let text = text(&pdf);
    for said in [
        "Maria Gómez",
        "90.00",
        "1,080.00",
        "2,160.00",
        "Leaves in month 7",
        "\u{2212}2,610.00",
        "You pass on",
        "811.00",
        "3,240.00",
        "one-time",
    ] {
        assert!(text.contains(said), "{said} is missing from\n{text}");
    }
    let schedule: usize = pages(&pdf).iter().map(|page| page.matches("811.00").count()).sum();
    assert_eq!(schedule, 36, "every month stands there once");
}
