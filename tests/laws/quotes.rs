//! Laws of quotes: what is promised is what the same contract's statements say.

use desk::Desk;
use exchange::book::write;
use proptest::prelude::*;
use refbook_tests::{Shelf, any, later};
use rules::month::Month;
use rules::projection::{Projection, WhatIf, months_shown, project};
use rules::records::Records;
use rules::statement::Statement;
use rules::terms::Programme;

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, max_shrink_iters: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// The contract, its bills and their payments as assumed, entered in a book and closed month by month.
    #[test]
    fn a_quote_s_schedule_is_the_statements_of_its_contract((programme, quote, what_ifs) in any::quote()) {
        let projection = project(&quote, &what_ifs, &programme, &[]);
        let shelf = Shelf::new();
        let mut desk = shelf.create();
        let entered = write(&entered(&programme, &projection));
        desk.import("quote.json", entered.as_bytes(), later()).expect("what a quote assumes can be entered");
        for projected in &projection.statements {
            desk.close(projected.month, later(), |_| true).expect("it closes");
            prop_assert_eq!(&statement(&desk, projected.month), projected, "{}", projected.month);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_what_if_in_which_nothing_is_otherwise_changes_nothing((programme, quote, _) in any::quote()) {
        let plain = project(&quote, &[], &programme, &[]);
        let last = u32::try_from(plain.bills.len()).expect("some months");
        for nothing in [WhatIf::PaysLate { days: 0 }, WhatIf::LeavesAfter { month: last }] {
            let mut same = project(&quote, &[nothing], &programme, &[]);
            same.of.contract.ended_on = None;
            prop_assert_eq!(&same.statements, &plain.statements);
        }
    }

    /// A client who pays every bill in time: the commission is the rate on each bill's base, rounded bill by bill.
    #[test]
    fn a_plain_quote_pays_every_bill_it_counts((programme, quote, _) in any::quote()) {
        let plain = project(&quote, &[], &programme, &[]);
        let a_month = plain.commission_of(1);
        for month in 1..=months_shown(&quote) {
            prop_assert_eq!(plain.commission_of(month), a_month, "month {}", month);
        }
        prop_assert_eq!(a_month, quote.rate.of(quote.earning(programme.currency)));
    }
}

fn entered(programme: &Programme, projection: &Projection) -> Records {
    let bills = || projection.bills.iter();
    Records {
        programme: Some(programme.clone()),
        affiliates: vec![projection.affiliate.clone()],
        clients: vec![projection.client.clone()],
        referrals: vec![projection.of.referral.clone()],
        contracts: vec![projection.of.contract.clone()],
        invoices: bills().map(|bill| bill.invoice.clone()).collect(),
        payments: bills().flat_map(|bill| bill.payments.clone()).collect(),
        remittances: bills().flat_map(|bill| bill.remittances.clone()).collect(),
        ..Records::default()
    }
}

fn statement(desk: &Desk, month: Month) -> Statement {
    let mut views = desk.statements(month, None).expect("statements").statements;
    views.remove(0).statement
}
