//! The overview against the statements that it sums up.

use std::collections::{BTreeMap, BTreeSet};

use desk::overview::{Attention, Overview};
use desk::sample::{last_month, small};
use desk::search::ListQuery;
use desk::views::Amount;
use desk::{Desk, Now};
use refbook_tests::{Shelf, on};
use rules::invoice::Payment;
use rules::money::{Currency, Money};
use rules::month::Month;
use rules::statement::{Release, Statement};

fn usd() -> Currency {
    Currency::parse("USD").expect("USD")
}

fn money(amount: &Amount) -> Money {
    Money::parse(&amount.amount, usd()).expect("an amount")
}

fn month(text: &str) -> Month {
    Month::parse(text).expect("a month")
}

fn statements(desk: &Desk, month: Month) -> Vec<Statement> {
    let views = desk.statements(month, None).expect("statements").statements;
    views.into_iter().map(|view| view.statement).collect()
}

fn sum(statements: &[Statement], amount: fn(&Statement) -> Money) -> Money {
    usd().sum(statements.iter().map(amount))
}

fn of_kind<'a>(overview: &'a Overview, kind: &str) -> Vec<&'a Attention> {
    overview.attention.iter().filter(|attention| attention.kind == kind).collect()
}

fn january() -> Now {
    on("2026-01-10")
}

#[test]
fn the_open_months_sums_are_those_of_its_statements_and_of_its_page() {
    let shelf = Shelf::new();
    let desk = shelf.sample();
    let overview = desk.overview(january()).expect("an overview");
    let drafts = statements(&desk, last_month());
    assert_eq!(overview.month.as_ref().map(|month| month.words.as_str()), Some("December 2025"));
    assert_eq!(money(&overview.payable), sum(&drafts, |statement| statement.payable));
    assert_eq!(money(&overview.payout), sum(&drafts, |statement| statement.payout));
    assert_eq!(money(&overview.retained), sum(&drafts, |statement| statement.retained));
    assert_eq!(money(&overview.held), sum(&drafts, |statement| statement.held));
    let page =
        desk.month_view(last_month(), &ListQuery::default(), january()).expect("a month").sums.expect("statements");
    assert_eq!((page.payable, page.payout, page.held), (overview.payable, overview.payout, overview.held));
}

#[test]
fn a_months_statements_are_found_by_name_and_summed_up_whole() {
    let shelf = Shelf::new();
    let desk = shelf.sample();
    let month = |text: &str, from: u32| {
        let query = ListQuery { text: text.to_owned(), from, ..ListQuery::default() };
        desk.month_view(last_month(), &query, january()).expect("a month")
    };
    let all = month("", 0);
    assert_eq!(all.total as usize, all.rows.len());
    let wanted = &all.rows[1];
    let found = month(&wanted.name.to_uppercase(), 0);
    assert_eq!((found.rows.len(), found.total, &found.rows[0].affiliate), (1, 1, &wanted.affiliate));
    assert_eq!(found.sums.expect("sums").payout, all.sums.expect("sums").payout);
    assert_eq!(month("", all.total).rows.len(), 0);
    assert_eq!(month("nobody at all", 0).total, 0);
}

#[test]
fn a_year_of_months_is_what_each_months_statements_say() {
    let shelf = Shelf::new();
    let desk = shelf.sample();
    let months = desk.overview(january()).expect("an overview").months;
    let names: Vec<&str> = months.iter().map(|bar| bar.month.month.as_str()).collect();
    let year: Vec<String> = (1..=12).map(|number| format!("2025-{number:02}")).collect();
    assert_eq!(names, year);
    let height = |bar: &desk::overview::MonthBar| money(&bar.payable) + money(&bar.retained) + money(&bar.held);
    let highest = months.iter().map(height).max().expect("months");
    for bar in &months {
        let statements = statements(&desk, month(&bar.month.month));
        assert_eq!(money(&bar.payable), sum(&statements, |statement| statement.payable), "{}", bar.month.month);
        assert_eq!(money(&bar.retained), sum(&statements, |statement| statement.retained), "{}", bar.month.month);
        assert_eq!(money(&bar.held), sum(&statements, |statement| statement.held), "{}", bar.month.month);
        assert_eq!(bar.sealed, bar.month.month != "2025-12");
        let shares = i64::from(bar.payable_share + bar.retained_share + bar.held_share);
        // Each of the three is cut to a whole thousandth.
        let whole = height(bar).minor() * 1000 / highest.minor();
        assert!((whole - 2..=whole).contains(&shares), "{}: {shares} of {whole}", bar.month.month);
    }
}

#[test]
fn what_releases_most_for_its_price_comes_first() {
    let shelf = Shelf::new();
    let desk = shelf.sample();
    let overview = desk.overview(january()).expect("an overview");
    let mut held: BTreeMap<String, Vec<Release>> = BTreeMap::new();
    for release in statements(&desk, last_month()).into_iter().flat_map(|statement| statement.releases) {
        held.entry(release.client.to_string()).or_default().push(release);
    }
    assert_eq!(overview.releases.len(), held.len().min(8));
    for row in &overview.releases {
        let releases = &held[&row.client];
        assert_eq!(money(&row.held), usd().sum(releases.iter().map(|release| release.held)), "{}", row.client);
        let bills: BTreeSet<_> = releases.iter().flat_map(|release| &release.bills).collect();
        let told: Vec<_> = row.bills.iter().map(|bill| (bill.invoice.as_str(), bill.words.clone())).collect();
        assert_eq!(told, bills.iter().map(|bill| (bill.invoice.as_str(), bill.words())).collect::<Vec<_>>());
        assert_eq!(money(&row.missing), usd().sum(bills.iter().map(|bill| bill.missing)), "{}", row.client);
    }
    let ahead = |pair: &[desk::overview::ReleaseRow]| {
        let per = |at: usize, other: usize| money(&pair[at].held).minor() * money(&pair[other].missing).minor();
        per(0, 1) >= per(1, 0)
    };
    assert!(overview.releases.windows(2).all(ahead), "{:#?}", overview.releases);
}

#[test]
fn who_is_past_due_and_holds_commission_wants_attention_the_largest_first() {
    let shelf = Shelf::new();
    let desk = shelf.sample();
    let overview = desk.overview(january()).expect("an overview");
    let clients: Vec<_> = of_kind(&overview, "overdue").iter().map(|found| found.client.clone()).collect();
    let mut expected: Vec<Release> = statements(&desk, last_month()).into_iter().flat_map(|one| one.releases).collect();
    expected.retain(|release| release.bills.iter().any(|bill| bill.overdue));
    expected.sort_by_key(|release| -release.held);
    let expected: Vec<_> = expected.iter().take(6).map(|release| Some(release.client.to_string())).collect();
    assert_eq!(clients, expected);
    // Elm Street Pediatrics did not pay for October: 350.00, and 35.00 a month wait for it.
    let elm = of_kind(&overview, "overdue").into_iter().find(|found| found.client.as_deref() == Some("C05"));
    assert_eq!(
        elm.map(|found| found.words.as_str()),
        Some("Elm Street Pediatrics is past due with 350.00, which holds 105.00 of commission.")
    );
}

#[test]
fn what_falls_due_later_this_month_is_not_past_due_today() {
    let shelf = Shelf::new();
    let desk = shelf.sample();
    // December's draft looks to the 31st; on 10 November Quillfeather's bill of the 18th was not due.
    let overview = desk.overview(on("2025-11-10")).expect("an overview");
    let clients: Vec<_> = of_kind(&overview, "overdue").iter().filter_map(|found| found.client.as_deref()).collect();
    assert!(!clients.contains(&"C17"), "{clients:?}");
    assert!(clients.contains(&"C05"), "{clients:?}");
}

#[test]
fn who_has_paid_too_much_wants_attention_until_it_is_put_right() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    let told = |desk: &Desk| {
        let overview = desk.overview(january()).expect("an overview");
        let found = of_kind(&overview, "overpaid");
        found.iter().map(|found| (found.words.clone(), found.invoice.clone())).collect::<Vec<_>>()
    };
    let before = told(&desk);
    let words: Vec<_> = before.iter().map(|(words, _)| words.as_str()).collect();
    let remitted = "180.00 too much was remitted for NS-25-0558 of Gulf Coast Marine Supply.";
    assert_eq!(words, [remitted, "Pelican Pharmacies has paid 16.50 too much on NS-25-0575."]);
    let paid = small().payments.into_iter().find(|payment| Month::of(payment.received_on) == last_month());
    let invoice = paid.expect("a payment in December").invoice;
    let again = serde_json::json!({ "payments": [{
        "id": "new:payment", "invoice": invoice, "received_on": "2026-01-02", "amount": "123456.78"
    }] });
    desk.record("Paid again", again.to_string().as_bytes(), january()).expect("recorded");
    let page = desk.invoice_page(invoice.as_str(), january()).expect("an invoice");
    let words = format!("{} has paid 123,456.78 too much on {}.", page.row.client_name, page.row.number);
    assert_eq!(told(&desk).first(), Some(&(words, Some(invoice.to_string()))));
    desk.undo(january()).expect("undone");
    assert_eq!(told(&desk), before);
}

#[test]
fn months_that_are_over_are_told_of_in_one() {
    let shelf = Shelf::new();
    let desk = shelf.sample();
    let told = |today: &str| {
        let overview = desk.overview(on(today)).expect("an overview");
        let found = of_kind(&overview, "ready_to_close");
        assert!(found.len() <= 1);
        found.first().map(|found| found.words.clone())
    };
    assert_eq!(told("2025-12-31"), None);
    assert_eq!(told("2026-01-01").as_deref(), Some("December 2025 is over and can be closed."));
    assert_eq!(told("2026-03-05").as_deref(), Some("December 2025 to February 2026 are over: 3 months can be closed."));
}

#[test]
fn terms_that_end_in_sixty_days_are_told_of() {
    let shelf = Shelf::new();
    let desk = shelf.sample();
    let today = on("2026-01-10");
    let overview = desk.overview(today).expect("an overview");
    let until = today.today + chrono::Days::new(60);
    let mut expected: Vec<_> = small()
        .contracts
        .into_iter()
        .filter(|contract| contract.term_months > 0)
        .map(|contract| (contract.term_ends_on(), contract))
        .filter(|(ends_on, contract)| {
            (today.today..=until).contains(ends_on) && contract.ended_on.is_none_or(|ended_on| ended_on > *ends_on)
        })
        .map(|(ends_on, contract)| (ends_on, contract.id.to_string()))
        .collect();
    expected.sort();
    assert!(!expected.is_empty());
    let found = of_kind(&overview, "term_ends");
    assert_eq!(found.len(), expected.len().min(12 - (overview.attention.len() - found.len())));
    for (found, (ends_on, contract)) in found.iter().zip(&expected) {
        assert!(found.words.starts_with(&format!("Contract {contract} of ")), "{}", found.words);
        assert!(found.words.contains(&rules::day::words(*ends_on)), "{}", found.words);
    }
    let maple = found.iter().find(|found| found.client.as_deref() == Some("C13")).expect("K13");
    assert_eq!(
        maple.words,
        "Contract K13 of Maple Leaf Logistics: its original term ends on 31 Jan 2026. After that an upgrade adds \
         nothing."
    );
    // In the sample's own time, long gone by for whoever looks at it, nothing ends.
    assert!(of_kind(&desk.overview(on("2030-01-01")).expect("an overview"), "term_ends").is_empty());
}

#[test]
fn a_change_of_the_book_shows_at_once() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    let before = desk.overview(january()).expect("an overview").payable;
    let in_december = |payment: &Payment| Month::of(payment.received_on) == last_month();
    let payment = small().payments.into_iter().find(in_december).expect("a payment in December");
    desk.void(rules::records::RecordKind::Payment, payment.id.as_str(), "It bounced", january()).expect("voided");
    let overview = desk.overview(january()).expect("an overview");
    assert_ne!(overview.payable, before);
    assert_eq!(money(&overview.payable), sum(&statements(&desk, last_month()), |statement| statement.payable));
    desk.close(last_month(), january(), |_| true).expect("closed");
    let overview = desk.overview(january()).expect("an overview");
    assert_eq!(overview.month.map(|month| month.month).as_deref(), Some("2026-01"));
    assert_eq!(overview.months.len(), 12);
    assert!(overview.months[10].sealed && !overview.months[11].sealed);
}

#[test]
fn a_quote_that_was_sent_is_told_of_before_it_lapses() {
    let shelf = Shelf::new();
    let desk = shelf.sample();
    let at = |day| desk.overview(on(day)).expect("an overview");
    // Q03 is valid until 14 January; Q04 is only a draft.
    assert!(of_kind(&at("2026-01-03"), "quote_lapses").is_empty());
    let told = at("2026-01-04");
    let told = of_kind(&told, "quote_lapses");
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].words, "Quote Q03 of Orchard Street Clinic lapses on 14 Jan 2026.");
    assert_eq!(told[0].quote.as_deref(), Some("Q03"));
    assert!(of_kind(&at("2026-01-15"), "quote_lapses").is_empty());
}
