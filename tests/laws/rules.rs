//! Laws of the rules, on plain records.

use proptest::prelude::*;
use refbook_tests::any;
use refbook_tests::oracle::Oracle;
use rules::base::base;
use rules::month::Month;
use rules::records::Records;
use rules::refusal::{Offer, review};
use rules::statement::{Statement, Status, Total};

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_book_is_one_that_the_rules_take(records in any::records()) {
        prop_assert_eq!(review(&Records::default(), &Offer::of(records)).problems, vec![]);
    }

    #[test]
    fn the_order_of_records_does_not_matter(records in any::records(), turn in 1_usize..50) {
        prop_assert_eq!(close_all(&records), close_all(&turned(&records, turn)));
    }

    #[test]
    fn a_statement_s_totals_are_the_sums_of_its_lines(records in any::records()) {
        for statement in close_all(&records) {
            let sum = |total| {
                let lines = statement.lines.iter().filter(|line| line.sums_into == total);
                lines.fold(usd(&records).zero(), |sum, line| sum + line.commission)
            };
            prop_assert_eq!(statement.payable, sum(Total::Payable));
            prop_assert_eq!(statement.reversed, sum(Total::Reversed));
            prop_assert_eq!(statement.retained, sum(Total::Retained));
            prop_assert_eq!(statement.held, sum(Total::Held));
            let balance = statement.brought_forward + statement.payable + statement.reversed + statement.adjusted;
            prop_assert_eq!(statement.payout + statement.carried_forward, balance);
        }
    }

    /// "Settled = what earlier closed statements paid, kept or took back for this invoice": once nothing holds it, all
    /// of it together is what the invoice is entitled to.
    #[test]
    fn what_is_settled_is_what_is_entitled_unless_it_is_held(records in any::records()) {
        let (mut oracle, mut last) = (Oracle::default(), None);
        for month in any::months() {
            last = Some((month, oracle.clone()));
            oracle.close(&records, month);
        }
        let (month, before) = last.expect("months");
        for inputs in before.facts(&records, month).into_inputs() {
            for facts in &inputs.invoices {
                let id = &facts.invoice.id;
                let assessment = inputs.assessment(id).expect("it is among them");
                let held = assessment.outcome.is_some_and(|outcome| outcome.status == Status::Held);
                let settled = oracle.settled(id).unwrap_or(usd(&records).zero());
                if held {
                    prop_assert!(settled <= assessment.rate.of(assessment.base), "{id}");
                } else {
                    prop_assert_eq!(settled, assessment.entitled, "{}", id);
                }
            }
        }
    }

    /// Closing month by month comes to the same as settling once at the end, but for what was paid before a later
    /// bill went unpaid: "Commission already paid is not taken back because a *later* bill goes unpaid".
    #[test]
    fn closing_month_by_month_is_settling_once(records in any::records()) {
        let mut oracle = Oracle::default();
        for month in any::months() {
            oracle.close(&records, month);
        }
        let last = any::months().last().expect("months");
        let zero = usd(&records).zero();
        for statement in Oracle::default().statements(&records, last) {
            for line in statement.lines.iter().filter(|line| line.status != Status::Held) {
                prop_assert_eq!(oracle.settled(&line.invoice).unwrap_or(zero), line.commission, "{}", line.invoice);
            }
        }
    }

    #[test]
    fn no_commission_is_above_the_rate_of_what_was_billed(records in any::records()) {
        let last = any::months().last().expect("months");
        let programme = records.programme.clone().expect("a programme");
        for inputs in Oracle::default().facts(&records, last).into_inputs() {
            let statement = inputs.statement();
            for line in &statement.lines {
                let facts = inputs.invoices.iter().find(|facts| facts.invoice.id == line.invoice).expect("its invoice");
                let of = inputs.contracts.iter().find(|of| of.contract.id == line.contract).expect("its contract");
                let earning = rules::invoice::earning(&facts.invoice.lines, programme.currency);
                let choices = programme.choices_on(of.contract.signed_on, &records.terms);
                prop_assert!(line.base <= earning.at_least_nothing());
                prop_assert!(line.commission <= programme.maximum_rate.of(earning.at_least_nothing()));
                prop_assert_eq!(line.base, base(facts, of, &choices, programme.currency).base);
            }
        }
    }

    /// Every line explains itself, from what was billed to what this statement does.
    #[test]
    fn every_line_carries_its_steps_and_each_step_its_sentence(records in any::records()) {
        for statement in close_all(&records) {
            for line in &statement.lines {
                let titles: Vec<&str> = line.steps.iter().map(|step| step.rule.title()).collect();
                prop_assert_eq!((titles.first(), titles.last()), (Some(&"Billed"), Some(&"This statement")));
                prop_assert!(line.steps.iter().all(|step| !step.page.is_empty() && !step.rule.words().is_empty()));
            }
        }
    }
}

fn close_all(records: &Records) -> Vec<Statement> {
    let mut oracle = Oracle::default();
    any::months().flat_map(|month: Month| oracle.close(records, month)).collect()
}

/// The same records in another order.
fn turned(records: &Records, by: usize) -> Records {
    fn turn<T>(list: &mut [T], by: usize) {
        if !list.is_empty() {
            list.reverse();
            let by = by % list.len();
            list.rotate_left(by);
        }
    }
    let mut turned = records.clone();
    turn(&mut turned.terms, by);
    turn(&mut turned.affiliates, by);
    turn(&mut turned.clients, by);
    turn(&mut turned.referrals, by);
    turn(&mut turned.contracts, by);
    turn(&mut turned.invoices, by);
    turn(&mut turned.payments, by);
    turn(&mut turned.refunds, by);
    turn(&mut turned.credit_notes, by);
    turn(&mut turned.remittances, by);
    turn(&mut turned.adjustments, by);
    for contract in &mut turned.contracts {
        turn(&mut contract.changes, by);
    }
    turned
}

fn usd(records: &Records) -> rules::money::Currency {
    records.programme.as_ref().expect("a programme").currency
}
