//! Affiliates: the list and the pages, against the sealed statements.

use std::collections::BTreeSet;

use desk::affiliates::{AffiliateRow, AffiliatesView};
use desk::sample::small;
use desk::search::ListQuery;
use desk::views::Amount;
use desk::{Code, Desk};
use refbook_tests::{Shelf, later, on};
use rules::money::{Currency, Money};
use rules::month::Month;
use rules::statement::Statement;

fn usd() -> Currency {
    Currency::parse("USD").expect("USD")
}

fn money(amount: &Amount) -> Money {
    Money::parse(&amount.amount, usd()).expect("an amount")
}

fn months(year: i32) -> impl Iterator<Item = Month> {
    (1..=12).filter_map(move |number| Month::parse(&format!("{year}-{number:02}")))
}

fn list(desk: &Desk, text: &str) -> AffiliatesView {
    let query = ListQuery { text: text.to_owned(), ..ListQuery::default() };
    desk.affiliates(&query, on("2026-01-10")).expect("affiliates")
}

fn ids(view: &AffiliatesView) -> Vec<&str> {
    view.rows.iter().map(|row| row.id.as_str()).collect()
}

/// An affiliate's closed statements of a year, or its drafts.
fn statements(desk: &Desk, affiliate: &str, months: impl Iterator<Item = Month>) -> Vec<Statement> {
    let one = |month| desk.statements(month, Some(affiliate)).ok()?.statements.pop();
    months.filter_map(one).map(|view| view.statement).collect()
}

fn sum(statements: &[Statement], amount: fn(&Statement) -> Money) -> Money {
    usd().sum(statements.iter().map(amount))
}

#[test]
fn a_years_sums_are_those_of_its_closed_statements() {
    let shelf = Shelf::new();
    let desk = shelf.sample();
    let view = list(&desk, "");
    assert_eq!((view.total, view.rows.len()), (12, 12));
    for AffiliateRow { id, year_payable, year_payout, .. } in &view.rows {
        // December is open.
        let year = statements(&desk, id, months(2025).take(11));
        assert_eq!(money(year_payable), sum(&year, |statement| statement.payable), "{id}");
        assert_eq!(money(year_payout), sum(&year, |statement| statement.payout), "{id}");
        let page = desk.affiliate_page(id, later()).expect("a page").year;
        assert_eq!(page.year, "2025");
        assert_eq!(money(&page.reversed), sum(&year, |statement| statement.reversed), "{id}");
        assert_eq!(money(&page.retained), sum(&year, |statement| statement.retained), "{id}");
        assert_eq!(money(&page.adjusted), sum(&year, |statement| statement.adjusted), "{id}");
        assert_eq!((page.payable, page.payout), (year_payable.clone(), year_payout.clone()));
    }
    let paid = usd().sum(view.rows.iter().map(|row| money(&row.year_payable)));
    assert!(paid.is_positive());
}

#[test]
fn a_clients_referral_counts_while_it_is_live() {
    let shelf = Shelf::new();
    let desk = shelf.sample();
    let clients = |id: &str, today: &str| {
        let query = ListQuery { text: id.to_owned(), ..ListQuery::default() };
        desk.affiliates(&query, on(today)).expect("affiliates").rows[0].clients
    };
    // Eleven of Meridian Tech Advisors, one of them with two contracts.
    assert_eq!(clients("A01", "2026-01-10"), 11);
    // All of A03's but two: K23 ended on 10 April 2025, K24 in October 2024.
    let referred: BTreeSet<_> = small()
        .referrals
        .into_iter()
        .filter(|referral| referral.affiliate.as_str() == "A03")
        .map(|referral| referral.client)
        .collect();
    assert_eq!(clients("A03", "2026-01-10") as usize, referred.len() - 2);
    assert_eq!(clients("A03", "2025-04-10") as usize, referred.len() - 1);
    // Not ended by then, and one without a contract yet.
    assert_eq!(clients("A10", "2024-08-31"), clients("A10", "2024-09-01") + 1);
    assert_eq!(clients("A12", "2026-01-10"), 1);
}

#[test]
fn the_list_is_by_name_and_found_by_any_of_its_words() {
    let shelf = Shelf::new();
    let desk = shelf.sample();
    let names: Vec<String> = list(&desk, "").rows.into_iter().map(|row| row.name.to_lowercase()).collect();
    assert!(names.is_sorted(), "{names:?}");
    assert_eq!(ids(&list(&desk, "bjorklund ZOE")), ["A07"]);
    assert_eq!(ids(&list(&desk, "hargrove and")), ["A06"]);
    assert_eq!(ids(&list(&desk, "a11")), ["A11"]);
    assert_eq!(ids(&list(&desk, "παπαδακης")), ["A03"]);
    assert_eq!(ids(&list(&desk, "meridian bluefin")), [""; 0]);
    let query = ListQuery { from: 10, ..ListQuery::default() };
    let rest = desk.affiliates(&query, later()).expect("affiliates");
    assert_eq!((rest.rows.len(), rest.total), (2, 12));
}

#[test]
fn a_page_has_the_agreement_and_every_closed_month_newest_first() {
    let shelf = Shelf::new();
    let desk = shelf.sample();
    let page = desk.affiliate_page("A06", on("2026-01-10")).expect("a page");
    assert_eq!(page.row.name, "Hargrove & Lund");
    assert_eq!(page.row.agreement_signed_on.as_deref(), Some("2024-03-01"));
    assert_eq!(page.row.remittance, "net_of_commission");
    assert_eq!(page.own_companies, ["Hargrove & Lund, L.L.C."]);
    assert_eq!(page.domains, ["hargrove-lund.example"]);
    let mut closed = statements(&desk, "A06", months(2024).chain(months(2025).take(11)));
    closed.reverse();
    assert_eq!(page.payouts.len(), closed.len());
    for (payout, statement) in page.payouts.iter().zip(&closed) {
        assert_eq!(payout.month.month, statement.month.to_string());
        assert_eq!(money(&payout.payable), statement.payable);
        assert_eq!(money(&payout.payout), statement.payout);
        assert_eq!(money(&payout.carried_forward), statement.carried_forward);
    }
    let error = desk.affiliate_page("A99", later()).expect_err("a stranger");
    assert_eq!(error.code, Code::UnknownRecord);
}

#[test]
fn a_reopened_month_no_longer_counts() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    let november = Month::parse("2025-11").expect("a month");
    let now = on("2026-01-10");
    let before = desk.affiliate_page("A01", now).expect("a page");
    desk.reopen(november, "A payment was missing", now).expect("reopened");
    let after = desk.affiliate_page("A01", now).expect("a page");
    assert_eq!(after.payouts.len() + 1, before.payouts.len());
    assert_eq!(money(&after.year.payable) + money(&before.payouts[0].payable), money(&before.year.payable));
}
