//! The bridge against the two months' statements that it spans.

use std::collections::{BTreeMap, BTreeSet};

use desk::bridge::{BridgeClient, BridgePart, BridgeView};
use desk::sample::last_month;
use desk::views::Amount;
use desk::{Code, Desk};
use refbook_tests::Shelf;
use rules::money::{Currency, Money};
use rules::month::Month;
use rules::statement::{Statement, Status};

fn usd() -> Currency {
    Currency::parse("USD").expect("USD")
}

fn money(amount: &Amount) -> Money {
    Money::parse(&amount.amount, usd()).expect("an amount")
}

fn month(text: &str) -> Month {
    Month::parse(text).expect("a month")
}

fn months(from: &str, to: Month) -> impl Iterator<Item = Month> {
    std::iter::successors(Some(month(from)), |month| Some(month.next())).take_while(move |month| *month <= to)
}

fn bridge(desk: &Desk, of: Month, affiliate: Option<&str>) -> BridgeView {
    desk.bridge(of, affiliate).expect("a bridge").expect("not the first month")
}

fn statements(desk: &Desk, month: Month) -> Vec<Statement> {
    let views = desk.statements(month, None).expect("statements").statements;
    views.into_iter().map(|view| view.statement).collect()
}

fn earned(statement: &Statement) -> Money {
    statement.payable + statement.retained + statement.reversed
}

fn part<'a>(bridge: &'a BridgeView, cause: &str) -> Option<&'a BridgePart> {
    bridge.parts.iter().find(|part| part.cause == cause)
}

/// What a client adds to a part of a month's bridge over all affiliates.
fn of_client(desk: &Desk, of: &str, cause: &str, client: &str) -> Option<String> {
    let bridge = bridge(desk, month(of), None);
    let found = part(&bridge, cause)?.clients.iter().find(|found| found.client == client)?;
    Some(found.amount.amount.clone())
}

fn adds_up(bridge: &BridgeView) {
    let to = &bridge.to.month;
    let parts = usd().sum(bridge.parts.iter().map(|part| money(&part.amount)));
    assert_eq!(money(&bridge.start) + parts, money(&bridge.end), "{to}: {bridge:#?}");
    for part in &bridge.parts {
        assert!(!money(&part.amount).is_zero(), "{to}: {part:?}");
        let clients = usd().sum(part.clients.iter().map(|client| money(&client.amount)));
        assert_eq!(clients, money(&part.amount), "{to}: {part:?}");
        let size = |client: &BridgeClient| money(&client.amount).minor().abs();
        assert!(part.clients.windows(2).all(|pair| size(&pair[0]) >= size(&pair[1])), "{to}: {part:?}");
        match part.cause {
            "new" | "released" => assert!(money(&part.amount).is_positive(), "{to}: {part:?}"),
            "held" | "lost" => assert!(money(&part.amount).is_negative(), "{to}: {part:?}"),
            _ => {}
        }
    }
}

#[test]
fn the_parts_of_every_month_add_up_to_the_cent_for_all_and_for_each_affiliate() {
    let shelf = Shelf::new();
    let desk = shelf.sample();
    let mut before: BTreeMap<String, Money> = BTreeMap::new();
    // Two months more than the book has, drawn as if those before them had been closed.
    for of in months("2023-11", last_month().next().next()) {
        let statements = statements(&desk, of);
        let now: BTreeMap<String, Money> =
            statements.iter().map(|statement| (statement.affiliate.to_string(), earned(statement))).collect();
        if of > month("2023-11") {
            let all = bridge(&desk, of, None);
            adds_up(&all);
            assert_eq!(money(&all.start), usd().sum(before.values().copied()), "{of}");
            assert_eq!(money(&all.end), usd().sum(now.values().copied()), "{of}");
            for (affiliate, end) in &now {
                let one = bridge(&desk, of, Some(affiliate));
                adds_up(&one);
                assert_eq!(money(&one.start), before.get(affiliate).copied().unwrap_or(usd().zero()), "{of}");
                assert_eq!(money(&one.end), *end, "{of}");
            }
        }
        before = now;
    }
}

#[test]
fn a_client_is_new_in_the_first_month_that_earns_with_it_and_never_again() {
    let shelf = Shelf::new();
    let desk = shelf.sample();
    let mut known = BTreeSet::new();
    for of in months("2023-12", last_month().next()) {
        let lines = statements(&desk, of).into_iter().flat_map(|statement| statement.lines);
        let earning: BTreeSet<String> =
            lines.filter(|line| line.status != Status::Held).map(|line| line.client.to_string()).collect();
        let new: BTreeSet<String> = earning.difference(&known).cloned().collect();
        let bridge = bridge(&desk, of, None);
        let told = part(&bridge, "new").into_iter().flat_map(|part| &part.clients);
        assert_eq!(told.map(|client| client.client.clone()).collect::<BTreeSet<_>>(), new, "{of}");
        known.extend(earning);
    }
    assert!(known.len() > 40);
}

#[test]
fn what_was_held_and_is_paid_is_released() {
    let shelf = Shelf::new();
    let desk = shelf.sample();
    for of in months("2023-12", last_month()) {
        let held: BTreeSet<_> = statements(&desk, of.previous())
            .into_iter()
            .flat_map(|statement| statement.lines)
            .filter(|line| line.status == Status::Held)
            .map(|line| line.invoice)
            .collect();
        let lines = statements(&desk, of).into_iter().flat_map(|statement| statement.lines);
        let paid = lines.filter(|line| matches!(line.status, Status::Payable | Status::Retained));
        let arrears = usd().sum(paid.filter(|line| held.contains(&line.invoice)).map(|line| line.commission));
        let bridge = bridge(&desk, of, None);
        let of_cause = |cause| part(&bridge, cause).map_or(usd().zero(), |part| money(&part.amount));
        // A new client's first bill may have been held; and with what is released comes the month's own.
        assert!(of_cause("released") + of_cause("new") >= arrears, "{of}");
        assert!(part(&bridge, "released").is_none() || arrears.is_positive(), "{of}");
    }
}

#[test]
fn the_samples_stories_are_told_by_their_causes() {
    let shelf = Shelf::new();
    let desk = shelf.sample();
    for (of, cause, client, amount) in [
        // Elm Street Pediatrics, 35.00 a month, does not pay for February until May: with May's own, four months.
        ("2025-02", "held", "C05", Some("-35.00")),
        ("2025-03", "held", "C05", None),
        ("2025-05", "released", "C05", Some("140.00")),
        ("2025-06", "changed", "C05", Some("-105.00")),
        // A consulting bill of Maple Leaf Logistics, due in October and paid in November.
        ("2025-10", "held", "C13", Some("-54.00")),
        ("2025-11", "released", "C13", Some("108.00")),
        // Acme Widgets bills 200.00 more after the term: 20.00 more than the original earns.
        ("2025-02", "changed", "C01", Some("20.00")),
        ("2025-02", "capped", "C01", Some("-20.00")),
        ("2025-03", "capped", "C01", None),
        // Bellwether Dental downgrades by 160.00.
        ("2025-03", "changed", "C02", Some("-16.00")),
        // Willow Creek Brewing left at the end of October.
        ("2024-11", "lost", "C24", Some("-24.00")),
        // A credit note of 440.00 on a paid bill.
        ("2025-12", "reversed", "C11", Some("-44.00")),
        // 82.00 charged back in March, and not once more in April.
        ("2025-03", "reversed", "C39", Some("-82.00")),
        ("2025-04", "reversed", "C39", Some("82.00")),
        // A quarter's bill is no loss in the months between.
        ("2025-02", "lost", "C08", None),
        ("2025-02", "changed", "C08", Some("-210.00")),
    ] {
        assert_eq!(of_client(&desk, of, cause, client).as_deref(), amount, "{of} {cause} {client}");
    }
}

#[test]
fn a_client_brought_back_by_another_affiliate_is_new_to_that_one() {
    let shelf = Shelf::new();
    let desk = shelf.sample();
    let new = |affiliate| {
        let bridge = bridge(&desk, month("2025-02"), affiliate);
        part(&bridge, "new").is_some_and(|part| part.clients.iter().any(|client| client.client == "C24"))
    };
    assert!(new(Some("A07")));
    assert!(!new(None));
}

#[test]
fn the_first_month_has_no_bridge_and_a_stranger_none_either() {
    let shelf = Shelf::new();
    let desk = shelf.sample();
    assert!(desk.bridge(month("2023-11"), None).expect("read").is_none());
    let stranger = desk.bridge(last_month(), Some("A99")).expect_err("no such affiliate");
    assert_eq!(stranger.code, Code::UnknownRecord);
    assert_eq!(stranger.message, "There is no affiliate \"A99\" in the book. Check the id.");
}
