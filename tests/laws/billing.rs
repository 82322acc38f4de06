//! Laws of billing: what is billed is what was agreed, however it is cut into bills.

use desk::cockpit::CockpitSums;
use desk::views::Amount;
use exchange::book::write;
use proptest::prelude::*;
use refbook_tests::any::left_by_credits as left;
use refbook_tests::{Shelf, any, later};
use rules::billing::{Bill, Period, bill};
use rules::contract::{BilledBy, Contract};
use rules::debt::{OwnEntry, OwnKind};
use rules::id::Id;
use rules::invoice::{Invoice, Kind, earning};
use rules::money::{Currency, Money};
use rules::own_price::{OwnPrice, as_client_pays, month_on};
use rules::records::{RecordKind, Records};

fn billed(contract: &Contract, periods: &[&str]) -> Money {
    let bills = periods.iter().filter_map(|period| bill_for(contract, period));
    Currency::USD.sum(bills.flat_map(|bill| bill.lines).map(|line| line.amount))
}

fn bill_for(contract: &Contract, period: &str) -> Option<Bill> {
    let period = Period::parse(period).expect("a period");
    bill(contract, period.start(), period.end())
}

const MONTHS: [&str; 12] = [
    "2025-01", "2025-02", "2025-03", "2025-04", "2025-05", "2025-06", "2025-07", "2025-08", "2025-09", "2025-10",
    "2025-11", "2025-12",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Twelve months, four quarters or the year: the same, whatever the contract's days and changes are.
    #[test]
    fn a_year_s_bills_come_to_the_same_however_it_is_cut(records in any::records(), starts in 1_u32..29) {
        for contract in &records.contracts {
            let starts_on = contract.starts_on + chrono::Days::new(u64::from(starts));
            let contract = Contract { starts_on, ..contract.clone() };
            let months = billed(&contract, &MONTHS);
            prop_assert_eq!(billed(&contract, &["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]), months);
            prop_assert_eq!(billed(&contract, &["2025"]), months);
        }
    }

    /// A contract that is held the whole year and never changes: twelve times its month, and once what comes once.
    #[test]
    fn a_year_s_bills_equal_the_contract((_, quote, _) in any::quote()) {
        let starts_on = "2025-01-01".parse().expect("a day");
        let contract = Contract {
            id: "K".into(),
            referral: "R".into(),
            signed_on: starts_on,
            starts_on,
            term_months: 12,
            ended_on: None,
            rate: quote.rate,
            billed_by: quote.billed_by,
            lines: quote.lines.clone(),
            changes: Vec::new(),
        };
        let usd = Currency::USD;
        let expected = (0..12).fold(quote.once(usd), |sum, _| sum + quote.monthly(usd));
        prop_assert_eq!(billed(&contract, &MONTHS), expected);
        let january = bill_for(&contract, "2025-01").expect("a bill");
        prop_assert_eq!(earning(&january.lines, usd), earning(&contract.lines, usd));
        let february = bill_for(&contract, "2025-02").expect("a bill");
        prop_assert!(february.lines.iter().all(|line| !matches!(line.kind, Kind::Setup | Kind::Consulting)));
    }

    /// At the affiliate's own price too, whenever that begins.
    #[test]
    fn a_year_s_bills_at_an_own_price_come_to_the_same_however_it_is_cut(records in any::records()) {
        for contract in &records.contracts {
            let prices: Vec<OwnPrice> = records.own_prices.iter().filter(|one| one.contract == contract.id).cloned().collect();
            let paid = as_client_pays(contract, &prices);
            prop_assert_eq!(paid.is_some(), !prices.is_empty());
            let Some(paid) = paid else { continue };
            let months = billed(&paid, &MONTHS);
            prop_assert_eq!(billed(&paid, &["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]), months);
            prop_assert_eq!(billed(&paid, &["2025"]), months);
        }
    }

    /// From the first of a month on the client pays the own price, before it what the company charges; what comes once
    /// comes once, and the company charges the same as without.
    #[test]
    fn a_year_at_an_own_price_is_its_months((_, quote, _) in any::quote(), month in 1_usize..13, own in 0_i64..90_000, setup in 1_i64..30_000) {
        let usd = Currency::USD;
        let starts_on = "2025-01-01".parse().expect("a day");
        let contract = Contract {
            id: "K".into(), referral: "R".into(), signed_on: starts_on, starts_on, term_months: 12, ended_on: None,
            rate: quote.rate, billed_by: BilledBy::Affiliate, lines: quote.lines.clone(), changes: Vec::new(),
        };
        let line = |kind, minor| rules::invoice::Line { kind, description: "Ours".to_owned(), amount: Money::from_minor(minor, usd) };
        let price = OwnPrice {
            id: "L".into(),
            contract: "K".into(),
            effective_on: format!("2025-{month:02}-01").parse().expect("a day"),
            lines: vec![line(Kind::Hosting, own), line(Kind::Setup, setup)],
        };
        let paid = as_client_pays(&contract, std::slice::from_ref(&price)).expect("a price");
        let before = i64::try_from(month).expect("few") - 1;
        let once = if before > 0 { quote.once(usd).minor() } else { 0 };
        let expected = before * quote.monthly(usd).minor() + (12 - before) * own + once + setup;
        prop_assert_eq!(billed(&paid, &MONTHS).minor(), expected);
        let on = month_on(&contract, std::slice::from_ref(&price), price.effective_on, usd);
        prop_assert_eq!(on.margin().minor(), own - quote.monthly(usd).minor());
        let same = OwnPrice { lines: quote.lines.clone(), effective_on: starts_on, ..price };
        let paid = as_client_pays(&contract, &[same]).expect("a price");
        for month in MONTHS {
            prop_assert_eq!(bill_for(&paid, month), bill_for(&contract, month), "the contract's own lines change nothing");
        }
    }

    /// A change that leaves a line as it was does nothing to it, and two equal lines stay two.
    #[test]
    fn what_a_change_leaves_alone_is_charged_as_ever(amount in 1_i64..100_000, day in 2_u32..31, other in 1_i64..100_000) {
        let start: rules::day::Day = "2025-01-01".parse().expect("a day");
        let line = |description: &str, minor| rules::invoice::Line {
            kind: Kind::Hosting,
            description: description.to_owned(),
            amount: Money::from_minor(minor, Currency::USD),
        };
        let lines = vec![line("Servers", amount), line("Servers", amount), line("Backup", other)];
        let cut = start + chrono::Days::new(u64::from(day) - 1);
        let changed = vec![line("Servers", amount), line("Servers", amount), line("Backup", other + 1)];
        let change = rules::contract::Change { effective_on: cut, lines: changed };
        let contract = Contract {
            id: "K".into(),
            referral: "R".into(),
            signed_on: start,
            starts_on: start,
            term_months: 12,
            ended_on: None,
            rate: rules::rate::Rate::TEN_PERCENT,
            billed_by: BilledBy::Affiliate,
            lines,
            changes: vec![change],
        };
        let january = bill_for(&contract, "2025-01").expect("a bill").lines;
        prop_assert_eq!(&january[..2], &contract.lines[..2]);
        prop_assert_eq!(january.len(), 4, "the days of the one backup and those of the other");
        let year = bill_for(&contract, "2025").expect("a bill").lines;
        let told = |nth: usize| (year[nth].description.as_str(), year[nth].amount.minor());
        prop_assert_eq!([told(0), told(1)], [("Servers, 12 months", 12 * amount); 2]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, max_shrink_iters: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// What the cockpit says in all is what its rows say, and what the book's own records add up to.
    #[test]
    fn the_cockpit_s_totals_are_the_sums_of_the_records(
        records in any::records(),
        voids in prop::collection::vec(prop::bool::weighted(0.2), 1..20),
    ) {
        let shelf = Shelf::new();
        let mut desk = shelf.create();
        desk.import("book.json", write(&records).as_bytes(), later()).expect("the import");
        let mut voided: Vec<&Id<Invoice>> = Vec::new();
        for (invoice, _) in records.invoices.iter().zip(voids.iter().cycle()).filter(|(_, void)| **void) {
            desk.void(RecordKind::Invoice, invoice.id.as_str(), "Sent by mistake", later()).expect("it is void");
            voided.push(&invoice.id);
        }
        for affiliate in &records.affiliates {
            let view = desk.cockpit(affiliate.id.as_str(), later()).expect("the cockpit");
            let referrals: Vec<_> =
                records.referrals.iter().filter(|one| one.affiliate == affiliate.id).map(|one| &one.id).collect();
            let own = |contract: &&Contract| {
                contract.billed_by == BilledBy::Affiliate && referrals.contains(&&contract.referral)
            };
            let contracts: Vec<_> = records.contracts.iter().filter(own).map(|one| &one.id).collect();
            let billed: Vec<_> = records
                .invoices
                .iter()
                .filter(|one| one.contract.as_ref().is_some_and(|contract| contracts.contains(&contract)))
                .collect();
            let is_billed = |invoice: &Id<Invoice>| billed.iter().any(|one| one.id == *invoice);
            let usd = Currency::USD;
            let received = usd.sum(records.payments.iter().filter(|of| is_billed(&of.invoice)).map(|of| of.amount));
            let refunded = usd.sum(records.refunds.iter().filter(|of| is_billed(&of.invoice)).map(|of| of.amount));
            let remitted = usd.sum(records.remittances.iter().filter(|of| is_billed(&of.invoice)).map(|of| of.amount));
            let stands = || billed.iter().filter(|one| !voided.contains(&&one.id));
            let total = usd.sum(stands().map(|one| left(client_s_total(one, &records), one, &records)));
            let entries = |kind: OwnKind| records.own_entries.iter().filter(move |of| of.kind == kind);
            let given_back = usd.sum(entries(OwnKind::Refunded).filter(|of| is_billed(&of.invoice)).map(|of| of.amount));
            let margin = usd.sum(stands().map(|one| left(client_s_total(one, &records) - one.total(), one, &records)));
            let written_off = usd.sum(stands().map(|one| lost(one, &records, entries(OwnKind::WrittenOff))));
            prop_assert_eq!(&view.sums.billed.amount, &total.to_string());
            prop_assert_eq!(&view.sums.received.amount, &(received - given_back).to_string());
            prop_assert_eq!(&view.sums.remitted.amount, &(remitted - refunded).to_string());
            prop_assert_eq!(&view.sums.margin.amount, &margin.to_string());
            prop_assert_eq!(&view.sums.written_off.amount, &written_off.to_string());
            // What was billed is received, given up or owed, less what was paid too much.
            let read = |amount: &Amount| Money::parse(&amount.amount, usd).expect("an amount");
            let rest = read(&view.sums.owes) - read(&view.sums.credit);
            prop_assert_eq!(total, received - given_back + written_off + rest);
            // What the company is to have is remitted or still to be, less what was remitted too much.
            let rest = read(&view.sums.to_remit) - read(&view.sums.remitted_over);
            prop_assert_eq!(read(&view.sums.for_company), read(&view.sums.remitted) + rest);
            let sum = |of: fn(&CockpitSums) -> &Amount| {
                let amounts = view.rows.iter().map(|row| Money::parse(&of(&row.sums).amount, usd).expect("an amount"));
                usd.sum(amounts).to_string()
            };
            prop_assert_eq!(sum(|sums| &sums.billed), view.sums.billed.amount.clone());
            prop_assert_eq!(sum(|sums| &sums.owes), view.sums.owes.amount.clone());
            prop_assert_eq!(sum(|sums| &sums.credit), view.sums.credit.amount.clone());
            prop_assert_eq!(sum(|sums| &sums.to_remit), view.sums.to_remit.amount.clone());
            prop_assert_eq!(sum(|sums| &sums.remitted_over), view.sums.remitted_over.amount.clone());
            prop_assert_eq!(sum(|sums| &sums.commission), view.sums.commission.amount.clone());
            prop_assert_eq!(sum(|sums| &sums.margin), view.sums.margin.amount.clone());
            prop_assert_eq!(sum(|sums| &sums.written_off), view.sums.written_off.amount.clone());
        }
    }
}

fn client_s_total(invoice: &Invoice, records: &Records) -> Money {
    let resale = records.resales.iter().find(|one| one.invoice == invoice.id);
    resale.map_or_else(|| invoice.total(), |one| one.lines.iter().fold(one.tax, |sum, line| sum + line.amount))
}

/// What was written off an invoice, as far as it was not paid after all.
fn lost<'r>(invoice: &Invoice, records: &Records, write_offs: impl Iterator<Item = &'r OwnEntry>) -> Money {
    let usd = Currency::USD;
    let of = |id: &Id<Invoice>| *id == invoice.id;
    let paid = usd.sum(records.payments.iter().filter(|one| of(&one.invoice)).map(|one| one.amount));
    let back = records.own_entries.iter().filter(|one| of(&one.invoice) && one.kind == OwnKind::Refunded);
    let billed = left(client_s_total(invoice, records), invoice, records);
    let unpaid = billed - paid + usd.sum(back.map(|one| one.amount));
    usd.sum(write_offs.filter(|one| of(&one.invoice)).map(|one| one.amount)).min(unpaid.at_least_nothing())
}
