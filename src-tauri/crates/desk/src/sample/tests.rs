//! What the samples promise.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rules::affiliate::Affiliate;
use rules::id::Id;
use rules::inputs::{AffiliateFacts, MonthFacts, first_month};
use rules::invoice::{Invoice, InvoiceFacts};
use rules::month::Month;
use rules::records::Records;
use rules::refusal::{Offer, review};
use rules::statement::{ContractOf, Inputs, Line, Statement, Status, YearToDate};
use rules::step::{Rule, Step};

use super::billing::untouched;
use super::{Large, day, last_month, month, small, usd};

#[test]
fn the_small_book_is_a_dozen_affiliates_and_forty_odd_clients_that_the_rules_take() {
    let records = small();
    assert_eq!(records.affiliates.len(), 12);
    assert!((40..50).contains(&records.clients.len()));
    let review = review(&Records::default(), &Offer::of(records));
    assert_eq!(review.problems, []);
    assert_eq!(review.near_misses, []);
}

#[test]
fn the_small_book_is_of_2024_and_2025() {
    let Records { invoices, payments, refunds, credit_notes, remittances, .. } = small();
    let days = invoices.iter().map(|one| one.issued_on);
    let days = days.chain(payments.iter().map(|one| one.received_on));
    let days = days.chain(refunds.iter().map(|one| one.refunded_on));
    let days = days.chain(credit_notes.iter().map(|one| one.issued_on));
    let days: BTreeSet<_> = days.chain(remittances.iter().map(|one| one.received_on)).collect();
    assert_eq!(days.first(), Some(&day("2024-01-01")));
    assert!(days.last() <= Some(&last_month().cutoff()));
    assert!(invoices.iter().any(|one| Month::of(one.issued_on) == last_month()));
}

#[test]
fn the_samples_are_the_same_every_time() {
    assert_eq!(small(), small());
    let large = || Large::new(120, 9, last_month()).batches().collect::<Vec<_>>();
    assert_eq!(large(), large());
}

/// All but a voided record, which no import brings.
#[test]
fn every_state_reason_and_rule_is_in_the_small_book() {
    let (mut outcomes, mut rules) = (BTreeSet::new(), BTreeSet::new());
    for (inputs, statement) in close_all(&small()) {
        for line in &statement.lines {
            outcomes.insert((line.status.as_str(), line.reason.as_str()));
            rules.extend(line.steps.iter().map(rule));
        }
        // What ended earns nothing and so has no line.
        let silent = inputs.invoices.iter().map(|facts| &facts.invoice).filter(|invoice| {
            Month::of(invoice.issued_on) == inputs.month
                && statement.lines.iter().all(|line| line.invoice != invoice.id)
        });
        rules.extend(silent.filter_map(|one| inputs.assessment(&one.id)).flat_map(|one| one.steps).map(|s| rule(&s)));
    }
    assert_eq!(
        outcomes.into_iter().collect::<Vec<_>>(),
        [
            ("held", "client_overdue"),
            ("held", "invoice_unpaid"),
            ("payable", "paid_in_full"),
            ("retained", "paid_in_full"),
            ("reversed", "reversed"),
        ]
    );
    assert_eq!(
        rules.into_iter().collect::<Vec<_>>(),
        [
            "billed",
            "ceiling",
            "client overdue",
            "commission",
            "contract ended",
            "current",
            "delta",
            "not paid in full",
            "paid in full",
            "within term",
        ]
    );
}

/// The table of `small.rs`: what became of a contract's bill of a month, statement by statement.
#[test]
fn every_story_comes_to_what_the_page_says() {
    #[rustfmt::skip]
    let told = [
        // Paid late, in parts, or not.
        ("K09", "2025-01", "2025-01 payable 61.00"),
        ("K06", "2024-11", "2024-11 held invoice_unpaid 135.00; 2024-12 payable 135.00"),
        ("K06", "2025-12", "2025-12 held invoice_unpaid 135.00"),
        ("K18", "2025-03", "2025-03 held invoice_unpaid 72.00; 2025-04 payable 72.00"),
        ("K16", "2025-03", "2025-03 held invoice_unpaid 124.00; 2025-04 payable 124.00"),
        // What an overdue bill holds.
        ("K05", "2025-01", "2025-01 payable 35.00"),
        ("K05", "2025-02", "2025-02 held invoice_unpaid 35.00; 2025-03 held invoice_unpaid 35.00; 2025-04 held invoice_unpaid 35.00; 2025-05 payable 35.00"),
        ("K05", "2025-03", "2025-03 held client_overdue 35.00; 2025-04 held client_overdue 35.00; 2025-05 payable 35.00"),
        ("K05", "2025-04", "2025-04 held client_overdue 35.00; 2025-05 payable 35.00"),
        ("K05", "2025-10", "2025-10 held invoice_unpaid 35.00; 2025-11 held invoice_unpaid 35.00; 2025-12 held invoice_unpaid 35.00"),
        ("K05", "2025-11", "2025-11 held client_overdue 35.00; 2025-12 held client_overdue 35.00"),
        ("K05", "2025-12", "2025-12 held client_overdue 35.00"),
        ("K13", "2025-10", "2025-10 held client_overdue 54.00; 2025-11 payable 54.00"),
        ("K17", "2025-10", "2025-10 payable 42.50"),
        ("K17", "2025-11", "2025-11 held client_overdue 42.50; 2025-12 held client_overdue 42.50"),
        ("K10", "2025-05", "2025-05 payable 180.00"),
        ("K45", "2025-05", "2025-05 held invoice_unpaid 76.00; 2025-06 payable 76.00"),
        // What is taken back.
        ("K11", "2025-11", "2025-11 payable 295.00; 2025-12 reversed -44.00"),
        ("K15", "2024-08", "2024-08 payable 87.50"),
        ("K39", "2025-02", "2025-02 payable 82.00; 2025-03 reversed -82.00; 2025-04 held invoice_unpaid 82.00; 2025-05 payable 82.00"),
        ("K39", "2025-03", "2025-03 held client_overdue 82.00; 2025-04 held client_overdue 82.00; 2025-05 payable 82.00"),
        // What does not earn.
        ("K07", "2024-09", "2024-09 held invoice_unpaid 274.05; 2024-10 payable 274.05"),
        ("K07", "2025-03", "2025-03 payable 274.05"),
        ("K04", "2024-02", "2024-02 payable 28.45"),
        ("K07", "2024-06", "2024-06 payable 274.05"),
        ("K19", "2025-01", "2025-01 payable 156.00"),
        ("K07", "2025-08", "2025-08 payable 274.05"),
        ("K01", "2024-06", "2024-06 payable 100.00"),
        // Changes, after the term and within it.
        ("K01", "2025-01", "2025-01 payable 100.00"),
        ("K01", "2025-02", "2025-02 payable 100.00"),
        ("K12", "2024-01", "2024-01 payable 798.00"),
        ("K12", "2025-01", "2025-01 payable 798.00"),
        ("K02", "2025-02", "2025-02 payable 64.00"),
        ("K02", "2025-03", "2025-03 payable 48.00"),
        ("K03", "2025-01", "2025-01 payable 90.00"),
        ("K03", "2025-02", "2025-02 payable 70.00"),
        ("K03", "2025-05", "2025-05 payable 90.00"),
        ("K04", "2024-08", "2024-08 payable 55.00"),
        ("K04", "2024-09", "2024-09 payable 78.00"),
        ("K30", "2025-02", "2025-02 payable 56.00"),
        ("K30", "2025-03", "2025-03 payable 56.00"),
        ("K30", "2025-06", "2025-06 payable 56.00"),
        ("K42", "2025-09", "2025-09 payable 64.00"),
        ("K42", "2025-10", "2025-10 payable 64.00"),
        ("K14", "2025-08", "2025-08 payable 110.00"),
        ("K14", "2025-09", "2025-09 payable 150.00"),
        ("K49", "2025-12", "2025-12 payable 36.00"),
        // Where a term ends, and parts of months.
        ("K26", "2025-05", "2025-05 payable 27.50"),
        ("K26", "2025-06", "2025-06 payable 34.50"),
        ("K26", "2025-07", "2025-07 payable 34.50"),
        ("K26", "2025-09", "2025-09 payable 34.50"),
        ("K25", "2024-08", "2024-08 held invoice_unpaid 1.22; 2024-09 payable 1.22"),
        ("K25", "2025-02", "2025-02 payable 36.50"),
        ("K25", "2025-03", "2025-03 payable 36.50"),
        ("K20", "2025-01", "2025-01 payable 14.26"),
        ("K20", "2025-06", "2025-06 payable 26.00"),
        ("K47", "2025-02", "2025-02 payable 21.04"),
        // What ends.
        ("K24", "2024-10", "2024-10 payable 24.00"),
        ("K23", "2025-04", "2025-04 payable 23.00"),
        ("K23", "2025-05", ""),
        // Rates and periods.
        ("K29", "2025-12", "2025-12 payable 84.75"),
        ("K31", "2024-07", "2024-07 payable 441.00"),
        ("K08", "2024-07", "2024-07 payable 210.00"),
        // The affiliate bills.
        ("K32", "2025-12", "2025-12 payable 58.50"),
        ("K33", "2025-06", "2025-06 held invoice_unpaid 33.00; 2025-07 held invoice_unpaid 33.00; 2025-08 payable 33.00"),
        ("K33", "2025-07", "2025-07 held client_overdue 33.00; 2025-08 payable 33.00"),
        ("K33", "2025-08", "2025-08 payable 33.00"),
        ("K34", "2025-11", "2025-11 retained 42.50"),
        ("K34", "2025-12", "2025-12 held invoice_unpaid 42.50"),
        ("K36", "2025-11", "2025-11 retained 82.00; 2025-12 reversed -20.00"),
        ("K36", "2025-12", "2025-12 retained 82.00"),
        ("K35", "2025-12", "2025-12 payable 19.00"),
        ("K22", "2025-12", "2025-12 payable 3.00"),
        // On a long statement.
        ("K53", "2025-12", "2025-12 held invoice_unpaid 6.40"),
        ("K59", "2025-10", "2025-10 payable 3.80"),
        ("K63", "2025-11", "2025-11 payable 6.60; 2025-12 reversed -1.65"),
        ("K63", "2025-12", "2025-12 payable 6.60"),
    ];
    let statements = close_all(&small());
    for (contract, billed, expected) in told {
        let lines =
            statements.iter().flat_map(|(_, statement)| statement.lines.iter().map(|line| (statement.month, line)));
        let lines = lines
            .filter(|(_, line)| line.contract.as_str() == contract && Month::of(line.period_start) == month(billed));
        let became: Vec<String> = lines.map(|(month, line)| format!("{month} {}", outcome(line))).collect();
        assert_eq!(became.join("; "), expected, "{contract} {billed}");
    }
}

/// Affiliate, month, brought forward, payout, carried forward.
#[test]
fn balances_are_paid_out_or_carried_forward() {
    #[rustfmt::skip]
    let told = [
        ("A08", "2024-01", "0.00", "0.00", "9.90"),
        ("A08", "2024-02", "9.90", "0.00", "19.80"),
        ("A08", "2024-03", "19.80", "29.70", "0.00"),
        ("A08", "2025-11", "39.60", "0.00", "49.50"),
        ("A08", "2025-12", "49.50", "59.40", "0.00"),
        ("A09", "2025-03", "0.00", "0.00", "-82.00"),
        ("A09", "2025-04", "-82.00", "0.00", "-82.00"),
        ("A09", "2025-05", "-82.00", "246.00", "0.00"),
        ("A12", "2025-11", "0.00", "0.00", "25.00"),
        ("A12", "2025-12", "25.00", "0.00", "25.00"),
        ("A02", "2024-12", "0.00", "445.00", "0.00"),
        ("A01", "2025-12", "0.00", "1308.05", "0.00"),
        ("A06", "2025-12", "0.00", "0.00", "19.00"),
        ("A10", "2024-12", "0.00", "0.00", "0.00"),
    ];
    let statements = close_all(&small());
    for (affiliate, of, brought_forward, payout, carried_forward) in told {
        let found = statements
            .iter()
            .map(|(_, one)| one)
            .find(|one| one.affiliate.as_str() == affiliate && one.month == month(of));
        let Statement { brought_forward: before, payout: paid, carried_forward: after, .. } =
            found.expect("a statement");
        assert_eq!(
            [before, paid, after].map(ToString::to_string),
            [brought_forward, payout, carried_forward],
            "{affiliate} {of}"
        );
    }
}

/// Affiliate, how many lines, and the states among them.
#[test]
fn the_newest_statements_are_worth_looking_at() {
    #[rustfmt::skip]
    let told = [
        ("A01", 14, "payable, held, reversed"),
        ("A02", 10, "payable, held"),
        ("A03", 32, "payable, held, reversed"), // longer than a page
        ("A06", 4, "payable, retained, held, reversed"),
        ("A12", 0, ""),
    ];
    let statements = close_all(&small());
    let newest: Vec<&Statement> =
        statements.iter().map(|(_, one)| one).filter(|one| one.month == last_month()).collect();
    assert_eq!(newest.len(), 12);
    for (affiliate, lines, states) in told {
        let statement = newest.iter().find(|one| one.affiliate.as_str() == affiliate).expect("a statement");
        let among: BTreeSet<Status> = statement.lines.iter().map(|line| line.status).collect();
        let among: Vec<&str> = among.into_iter().map(Status::as_str).collect();
        assert_eq!((statement.lines.len(), among.join(", ").as_str()), (lines, states), "{affiliate}");
    }
}

#[test]
fn a_large_book_has_what_was_asked_for_and_the_rules_take_it() {
    let mut whole = Records::default();
    let mut months = Vec::new();
    for (month, batch) in Large::new(700, 9, last_month()).batches() {
        months.push(month);
        let review = review(&whole, &Offer::of(batch.clone()));
        assert_eq!((review.problems, review.near_misses), (vec![], vec![]), "{month}");
        let paid = batch.payments.iter().map(|payment| Month::of(payment.received_on));
        assert!(paid.chain(batch.invoices.iter().map(|one| Month::of(one.issued_on))).all(|on| on == month));
        add(&mut whole, batch);
    }
    assert_eq!((months.len(), months.last()), (9, Some(&last_month())));
    assert!(months.windows(2).all(|pair| pair[0].next() == pair[1]));
    assert_eq!((whole.affiliates.len(), whole.clients.len(), whole.contracts.len()), (14, 525, 700));
    // A few began late or ended.
    assert!((6150..=6300).contains(&whole.invoices.len()), "{}", whole.invoices.len());
    assert!(whole.contracts.iter().any(|contract| contract.ended_on.is_some()));
    assert!(whole.contracts.iter().any(|contract| !contract.changes.is_empty()));
    assert!(!whole.refunds.is_empty() && !whole.credit_notes.is_empty() && !whole.remittances.is_empty());
    let late = whole.invoices.len() - whole.payments.len();
    assert!((1..=28).contains(&late), "about two in a hundred of the last month's are not paid yet: {late}");
}

#[test]
fn a_large_book_may_be_tiny() {
    for (contracts, months) in [(1, 1), (1, 3), (2, 1), (6, 2), (51, 1)] {
        let records = whole(Large::new(contracts, months, last_month()));
        assert_eq!(u32::try_from(records.contracts.len()), Ok(contracts));
        assert_eq!(u32::try_from(records.affiliates.len()), Ok(contracts.div_ceil(50)));
        assert_eq!(records.clients.len(), records.referrals.len());
        assert_eq!(review(&Records::default(), &Offer::of(records)).problems, []);
    }
}

/// What a month costs can be held against the history behind it only if the month is the same.
#[test]
fn the_last_month_of_a_large_book_is_the_same_however_long_its_history() {
    let newest = |months| {
        let statements = close_all(&whole(Large::new(400, months, last_month())));
        let newest = statements.into_iter().map(|(_, one)| one).filter(|one| one.month == last_month());
        let lines = newest.flat_map(|one| one.lines);
        lines.map(|line| format!("{} {} {}", line.contract, line.period_start, outcome(&line))).collect::<Vec<_>>()
    };
    let (short, long) = (newest(19), newest(26));
    assert_eq!(short, long);
    for state in ["payable", "retained", "held client_overdue", "held invoice_unpaid", "reversed"] {
        assert!(short.iter().any(|line| line.contains(state)), "none is {state}");
    }
}

/// `payable 100.00`, `held client_overdue 35.00`.
fn outcome(line: &Line) -> String {
    let held = if line.status == Status::Held { format!("{} ", line.reason.as_str()) } else { String::new() };
    format!("{} {held}{}", line.status.as_str(), line.commission)
}

fn rule(step: &Step) -> &'static str {
    match step.rule {
        Rule::Billed { .. } => "billed",
        Rule::Voided { .. } => "voided",
        Rule::ContractEnded { .. } => "contract ended",
        Rule::WithinTerm { .. } => "within term",
        Rule::Ceiling { .. } => "ceiling",
        Rule::Commission { .. } => "commission",
        Rule::PaidInFull { .. } => "paid in full",
        Rule::NotPaidInFull { .. } => "not paid in full",
        Rule::Current { .. } => "current",
        Rule::ClientOverdue { .. } => "client overdue",
        Rule::Delta { .. } => "delta",
    }
}

fn whole(large: Large) -> Records {
    large.batches().fold(Records::default(), |mut whole, (_, batch)| {
        add(&mut whole, batch);
        whole
    })
}

fn add(whole: &mut Records, batch: Records) {
    whole.programme = batch.programme.or(whole.programme.take());
    whole.affiliates.extend(batch.affiliates);
    whole.clients.extend(batch.clients);
    whole.referrals.extend(batch.referrals);
    whole.contracts.extend(batch.contracts);
    whole.invoices.extend(batch.invoices);
    whole.payments.extend(batch.payments);
    whole.refunds.extend(batch.refunds);
    whole.credit_notes.extend(batch.credit_notes);
    whole.remittances.extend(batch.remittances);
}

/// Closes every month of the records in order: what each statement was drawn from, and the statement.
fn close_all(records: &Records) -> Vec<(Inputs, Statement)> {
    let registered = records.referrals.iter().map(|referral| Month::of(referral.registered_on));
    let first = registered.min().expect("referrals");
    let mut facts = by_invoice(records);
    let mut newest: HashMap<Id<Affiliate>, Statement> = HashMap::new();
    let mut closed = Vec::new();
    for month in (first.index()..=last_month().index()).filter_map(Month::from_index) {
        for inputs in month_facts(records, &facts, &newest, month).into_inputs() {
            let statement = inputs.statement();
            for line in statement.lines.iter().filter(|line| line.status != Status::Held) {
                facts.get_mut(&line.invoice).expect("its invoice").settled += line.commission;
            }
            newest.insert(statement.affiliate.clone(), statement.clone());
            closed.push((inputs, statement));
        }
    }
    closed
}

/// Every invoice with all that happens to it.
fn by_invoice(records: &Records) -> BTreeMap<Id<Invoice>, InvoiceFacts> {
    let mut facts: BTreeMap<_, _> =
        records.invoices.iter().map(|one| (one.id.clone(), untouched(one.clone()))).collect();
    for one in &records.payments {
        facts.get_mut(&one.invoice).expect("its invoice").payments.push(one.clone());
    }
    for one in &records.refunds {
        facts.get_mut(&one.invoice).expect("its invoice").refunds.push(one.clone());
    }
    for one in &records.credit_notes {
        facts.get_mut(&one.invoice).expect("its invoice").credit_notes.push(one.clone());
    }
    for one in &records.remittances {
        facts.get_mut(&one.invoice).expect("its invoice").remittances.push(one.clone());
    }
    facts
}

fn month_facts(
    records: &Records,
    facts: &BTreeMap<Id<Invoice>, InvoiceFacts>,
    newest: &HashMap<Id<Affiliate>, Statement>,
    month: Month,
) -> MonthFacts {
    let contracts = records.contracts.iter().map(|contract| {
        let referral = records.referrals.iter().find(|referral| referral.id == contract.referral);
        ContractOf { referral: referral.expect("its referral").clone(), contract: contract.clone(), voided: None }
    });
    let issued = facts.values().filter(|facts| facts.invoice.issued_on <= month.cutoff());
    MonthFacts {
        month,
        programme: records.programme.clone().expect("a programme"),
        terms: records.terms.clone(),
        affiliates: records.affiliates.iter().filter_map(|one| affiliate_facts(records, one, newest, month)).collect(),
        clients: records.clients.clone(),
        contracts: contracts.collect(),
        invoices: issued
            .cloned()
            .map(|mut facts| {
                facts.keep_up_to(month.cutoff());
                facts
            })
            .collect(),
    }
}

/// Nothing before the affiliate's first month.
fn affiliate_facts(
    records: &Records,
    affiliate: &Affiliate,
    newest: &HashMap<Id<Affiliate>, Statement>,
    month: Month,
) -> Option<AffiliateFacts> {
    let referrals = records.referrals.iter().filter(|referral| referral.affiliate == affiliate.id);
    let adjustments = records.adjustments.iter().filter(|adjustment| adjustment.affiliate == affiliate.id);
    let first = first_month(
        referrals.map(|referral| referral.registered_on).min(),
        adjustments.clone().map(|adjustment| adjustment.month).min(),
    );
    let before = newest.get(&affiliate.id);
    let same_year = before.filter(|before| before.month.year() == month.year());
    first.filter(|first| *first <= month).map(|_| AffiliateFacts {
        affiliate: affiliate.clone(),
        adjustments: adjustments.filter(|adjustment| adjustment.month == month).cloned().collect(),
        brought_forward: before.map_or(usd().zero(), |before| before.carried_forward),
        year_before: same_year.map_or(YearToDate::nothing(usd()), |before| before.year_to_date),
    })
}
