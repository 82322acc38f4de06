//! What the samples promise.

use std::collections::{BTreeSet, HashSet};

use rules::records::Records;
use rules::refusal::{Offer, review};

use super::{Large, last_month, small};

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
fn the_samples_are_the_same_every_time() {
    assert_eq!(small(), small());
    let large = || Large::new(120, 9, last_month()).batches().collect::<Vec<_>>();
    assert_eq!(large(), large());
}

#[test]
fn a_large_book_has_what_was_asked_for_and_the_rules_take_it() {
    let mut whole = Records::default();
    let mut months = BTreeSet::new();
    for (month, batch) in Large::new(700, 9, last_month()).batches() {
        months.insert(month);
        let review = review(&whole, &Offer::of(batch.clone()));
        assert_eq!(review.problems, [], "{month}");
        let Records { programme, affiliates, clients, referrals, contracts, .. } = batch;
        whole.programme = programme.or(whole.programme);
        whole.affiliates.extend(affiliates);
        whole.clients.extend(clients);
        whole.referrals.extend(referrals);
        whole.contracts.extend(contracts);
        whole.invoices.extend(batch.invoices);
        whole.payments.extend(batch.payments);
        whole.refunds.extend(batch.refunds);
        whole.credit_notes.extend(batch.credit_notes);
    }
    assert_eq!((months.len(), months.last()), (9, Some(&last_month())));
    assert_eq!((whole.contracts.len(), whole.invoices.len()), (700, 6300));
    let ids: HashSet<&str> = whole.payments.iter().map(|payment| payment.id.as_str()).collect();
    assert_eq!(ids.len(), whole.payments.len());
    assert!(!whole.refunds.is_empty() && !whole.credit_notes.is_empty());
    let late = whole.invoices.len() - whole.payments.len();
    assert!(late > 0, "some of the last month's are not paid yet");
}
