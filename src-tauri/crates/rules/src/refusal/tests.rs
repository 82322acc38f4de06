//! One small book that nothing speaks against, and what is refused when something in it changes.

use super::*;
use crate::affiliate::{Adjustment, Affiliate, AgreedRemittance};
use crate::client::Client;
use crate::contract::{BilledBy, Change, Contract};
use crate::id::Id;
use crate::invoice::{CreditNote, Invoice, Kind, Line, Payment, Refund, Remittance};
use crate::money::Money;
use crate::month::Month;
use crate::rate::Rate;
use crate::referral::Referral;
use crate::terms::{InTermChanges, Programme, TermsVersion};

fn usd() -> Currency {
    Currency::parse("USD").expect("a currency")
}

fn money(text: &str) -> Money {
    Money::parse(text, usd()).expect(text)
}

fn rate(text: &str) -> Rate {
    Rate::parse(text).expect(text)
}

fn day(text: &str) -> Day {
    day::parse(text).expect(text)
}

fn line(kind: Kind, amount: &str) -> Line {
    Line { kind, description: kind.words().to_owned(), amount: money(amount) }
}

fn referral(id: &str, affiliate: &str, client: &str, registered_on: &str) -> Referral {
    Referral { id: id.into(), affiliate: affiliate.into(), client: client.into(), registered_on: day(registered_on) }
}

fn contract(id: &str, referral: &str) -> Contract {
    Contract {
        id: id.into(),
        referral: referral.into(),
        signed_on: day("2025-01-01"),
        starts_on: day("2025-01-01"),
        term_months: 12,
        ended_on: None,
        rate: rate("0.10"),
        billed_by: BilledBy::Company,
        lines: vec![line(Kind::Hosting, "1000.00")],
        changes: Vec::new(),
    }
}

fn invoice(id: &str, client: &str, contract: Option<&str>) -> Invoice {
    Invoice {
        id: id.into(),
        number: format!("NS-{id}"),
        client: client.into(),
        contract: contract.map(Id::from),
        issued_on: day("2025-01-01"),
        due_on: day("2025-01-15"),
        period_start: day("2025-01-01"),
        period_end: day("2025-01-31"),
        lines: vec![line(Kind::Hosting, "1000.00")],
        tax: money("80.00"),
    }
}

fn payment(id: &str, received_on: &str, amount: &str) -> Payment {
    Payment { id: id.into(), invoice: "I1".into(), received_on: day(received_on), amount: money(amount) }
}

fn refund(id: &str, refunded_on: &str, amount: &str) -> Refund {
    Refund { id: id.into(), invoice: "I1".into(), refunded_on: day(refunded_on), amount: money(amount) }
}

fn credit_note(id: &str, amounts: &[&str]) -> CreditNote {
    let lines = amounts.iter().map(|amount| line(Kind::Hosting, amount)).collect();
    CreditNote { id: id.into(), invoice: "I1".into(), issued_on: day("2025-02-01"), lines }
}

fn remittance(id: &str, received_on: &str, amount: &str) -> Remittance {
    Remittance { id: id.into(), invoice: "I1".into(), received_on: day(received_on), amount: money(amount) }
}

fn version(effective_on: &str, standard_rate: Option<&str>, maximum_rate: Option<&str>) -> TermsVersion {
    TermsVersion {
        effective_on: day(effective_on),
        standard_rate: standard_rate.map(rate),
        maximum_rate: maximum_rate.map(rate),
        in_term_changes: None,
        minimum_payout: None,
    }
}

fn affiliate(id: &str, name: &str) -> Affiliate {
    Affiliate {
        id: id.into(),
        name: name.to_owned(),
        own_companies: vec!["Reyes Consulting LLC".to_owned()],
        domains: vec!["reyes.example".to_owned()],
        agreement_signed_on: None,
        remittance: AgreedRemittance::InFull,
    }
}

fn client(id: &str, name: &str) -> Client {
    Client { id: id.into(), name: name.to_owned(), domains: vec!["acme.example".to_owned()], customer_since: None }
}

fn book() -> Records {
    Records {
        programme: Some(Programme {
            company: "NetSource".to_owned(),
            phone: "(866) 778-1212".to_owned(),
            currency: usd(),
            standard_rate: rate("0.10"),
            maximum_rate: rate("0.10"),
            in_term_changes: InTermChanges::FollowContract,
            minimum_payout: money("0.00"),
        }),
        affiliates: vec![affiliate("A1", "Dana Reyes"), affiliate("A2", "Eli Stone")],
        clients: vec![client("C1", "Acme Widgets Inc"), client("C2", "Bolt & Nut")],
        referrals: vec![referral("R1", "A1", "C1", "2024-12-10")],
        contracts: vec![contract("K1", "R1")],
        invoices: vec![invoice("I1", "C1", Some("K1"))],
        payments: vec![payment("P1", "2025-01-10", "1080.00")],
        ..Records::default()
    }
}

/// Code and place of each problem, in their order.
fn problems(existing: &Records, offer: &Offer) -> Vec<String> {
    review(existing, offer).problems.iter().map(|problem| format!("{} {}", problem.code, problem.at)).collect()
}

/// What is refused of a new book like the usual one, but for `change`.
fn refused(change: impl FnOnce(&mut Records)) -> Vec<String> {
    let mut records = book();
    change(&mut records);
    problems(&Records::default(), &Offer::of(records))
}

/// What is refused when the usual book, changed first, is offered only what `offered` has.
fn refused_later(change: impl FnOnce(&mut Records), offered: impl FnOnce(&mut Records)) -> Vec<String> {
    let (mut existing, mut records) = (book(), Records::default());
    change(&mut existing);
    offered(&mut records);
    problems(&existing, &Offer::of(records))
}

const NOTHING: [&str; 0] = [];

#[test]
fn nothing_speaks_against_the_usual_book_or_the_same_again() {
    assert_eq!(refused(|_| ()), NOTHING);
    assert_eq!(problems(&book(), &Offer::of(book())), NOTHING);
    assert_eq!(problems(&Records::default(), &Offer::default()), NOTHING);
}

#[test]
fn a_customer_on_the_day_of_the_referral_cannot_be_referred() {
    let since = |text: &'static str| move |book: &mut Records| book.clients[0].customer_since = Some(day(text));
    assert_eq!(refused(since("2024-12-11")), NOTHING);
    assert_eq!(refused(since("2024-12-10")), ["existing_customer referrals[0].client"]);
    let late = |book: &mut Records| {
        book.clients = vec![Client { customer_since: Some(day("2023-05-01")), ..client("C1", "Acme Widgets Inc") }];
    };
    assert_eq!(refused_later(|_| (), late), ["existing_customer book.referrals[R1].client"]);
}

#[test]
fn nobody_refers_their_own_company() {
    let named = |name: &'static str| move |book: &mut Records| book.clients[0].name = name.to_owned();
    for own in ["REYES CONSULTING, L.L.C.", "Dana Reyes", "reyes consulting"] {
        assert_eq!(refused(named(own)), ["own_company referrals[0].client"], "{own}");
    }
    for domain in ["WWW.REYES.example", "mail.reyes.example", "dana@reyes.example"] {
        let shared = refused(|book| book.clients[0].domains.push(domain.to_owned()));
        assert_eq!(shared, ["own_company referrals[0].client"], "{domain}");
    }
    assert_eq!(refused(|book| book.clients[0].domains.push("notreyes.example".to_owned())), NOTHING);
    let late = |book: &mut Records| {
        book.affiliates =
            vec![Affiliate { own_companies: vec!["Acme Widgets".to_owned()], ..affiliate("A1", "Dana Reyes") }];
    };
    assert_eq!(refused_later(|_| (), late), ["own_company book.referrals[R1].client"]);
}

#[test]
fn a_near_miss_is_to_confirm_and_refuses_nothing() {
    let mut records = book();
    records.clients[0].name = "Reyes Consultting".to_owned();
    let Review { problems, near_misses } = review(&Records::default(), &Offer::of(records));
    assert_eq!(problems, []);
    let [near_miss] = near_misses.as_slice() else { panic!("{near_misses:?}") };
    assert_eq!(near_miss.at, "referrals[0].client");
    assert!(
        near_miss.message.contains("\"Reyes Consultting\"") && near_miss.message.contains("\"Reyes Consulting LLC\"")
    );
}

#[test]
fn the_first_registered_referral_wins() {
    let second = |registered_on: &'static str| {
        move |book: &mut Records| book.referrals.push(referral("R2", "A2", "C1", registered_on))
    };
    assert_eq!(refused(second("2024-12-11")), ["already_referred referrals[1].client"]);
    // On one day: the first in the file; and the earlier day wins wherever it stands.
    assert_eq!(refused(second("2024-12-10")), ["already_referred referrals[1].client"]);
    assert_eq!(refused(second("2024-12-09")), ["already_referred referrals[0].client"]);
    // By the same affiliate too.
    let again = refused(|book| book.referrals.push(referral("R2", "A1", "C1", "2025-03-01")));
    assert_eq!(again, ["already_referred referrals[1].client"]);
}

#[test]
fn of_one_day_the_recorded_referral_wins_over_one_that_a_file_puts_first() {
    let file = |records: &mut Records| {
        records.referrals = vec![referral("R0", "A2", "C1", "2024-12-10"), referral("R1", "A1", "C1", "2024-12-10")];
    };
    assert_eq!(refused_later(|_| (), file), ["already_referred referrals[0].client"]);
}

#[test]
fn a_client_who_has_left_can_be_referred_anew() {
    let anew = |ended_on: Option<&'static str>| {
        refused(move |book| {
            book.contracts[0].ended_on = ended_on.map(day);
            book.referrals.push(referral("R2", "A2", "C1", "2025-07-01"));
        })
    };
    assert_eq!(anew(Some("2025-06-30")), NOTHING);
    assert_eq!(anew(Some("2025-07-01")), ["already_referred referrals[1].client"]);
    assert_eq!(anew(None), ["already_referred referrals[1].client"]);
}

#[test]
fn a_referral_that_is_refused_stands_in_nobodys_way() {
    let found = refused(|book| {
        book.clients[0].customer_since = Some(day("2024-12-11"));
        book.referrals.insert(0, referral("R0", "A9", "C1", "2024-12-01"));
    });
    assert_eq!(found, ["unknown_reference referrals[0].affiliate"]);
}

#[test]
fn a_contract_that_comes_back_to_life_puts_the_later_referral_in_the_wrong() {
    let left = |book: &mut Records| {
        book.contracts[0].ended_on = Some(day("2025-06-30"));
        book.referrals.push(referral("R2", "A2", "C1", "2025-07-01"));
    };
    let reopened = |records: &mut Records| records.contracts = vec![contract("K1", "R1")];
    assert_eq!(refused_later(left, reopened), ["already_referred book.referrals[R2].client"]);
    let moved = |records: &mut Records| {
        records.contracts = vec![Contract { signed_on: day("2025-07-02"), ..contract("K1", "R2") }];
    };
    assert_eq!(refused_later(left, moved), ["already_referred book.referrals[R2].client"]);
}

#[test]
fn a_contract_is_not_signed_before_its_referral() {
    let signed = |text: &'static str| move |book: &mut Records| book.contracts[0].signed_on = day(text);
    assert_eq!(refused(signed("2024-12-10")), NOTHING);
    assert_eq!(refused(signed("2024-12-09")), ["contract_before_referral contracts[0].signed_on"]);
}

#[test]
fn billing_directly_needs_an_agreement_by_the_day_of_signing() {
    let agreed = |agreed_on: Option<&'static str>| {
        refused(move |book| {
            book.contracts[0].billed_by = BilledBy::Affiliate;
            book.affiliates[0].agreement_signed_on = agreed_on.map(day);
        })
    };
    assert_eq!(agreed(Some("2025-01-01")), NOTHING);
    assert_eq!(agreed(Some("2025-01-02")), ["agreement_missing contracts[0].billed_by"]);
    assert_eq!(agreed(None), ["agreement_missing contracts[0].billed_by"]);
}

#[test]
fn a_rate_is_judged_by_the_terms_of_the_day_of_signing() {
    let signed = |rate_text: &'static str, signed_on: &'static str| {
        refused(move |book| {
            book.terms = vec![version("2025-03-01", None, Some("0.15")), version("2025-02-01", None, Some("0.12"))];
            book.contracts[0].rate = rate(rate_text);
            book.contracts[0].signed_on = day(signed_on);
        })
    };
    assert_eq!(signed("0.1001", "2025-01-31"), ["rate_above_maximum contracts[0].rate"]);
    assert_eq!(signed("0.12", "2025-02-01"), NOTHING);
    assert_eq!(signed("0.1201", "2025-02-28"), ["rate_above_maximum contracts[0].rate"]);
    assert_eq!(signed("0.15", "2025-03-01"), NOTHING);
}

#[test]
fn a_standard_rate_is_within_its_own_maximum() {
    assert_eq!(
        refused(|book| book.programme.as_mut().expect("one").standard_rate = rate("0.11")),
        ["rate_above_maximum programme.standard_rate"]
    );
    let lowered = |book: &mut Records| book.terms = vec![version("2026-01-01", None, Some("0.08"))];
    assert_eq!(refused(lowered), ["rate_above_maximum terms[0].maximum_rate"]);
    let raised = |book: &mut Records| book.terms = vec![version("2026-01-01", Some("0.11"), None)];
    assert_eq!(refused(raised), ["rate_above_maximum terms[0].standard_rate"]);
    let more_than_all = |book: &mut Records| book.terms = vec![version("2026-01-01", None, Some("1.5"))];
    assert_eq!(refused(more_than_all), ["rate_above_maximum terms[0].maximum_rate"]);
}

#[test]
fn two_versions_or_two_changes_of_one_day_are_one_too_many() {
    let versions = |book: &mut Records| {
        book.terms = vec![version("2026-01-01", None, Some("0.12")), version("2026-01-01", None, Some("0.15"))];
    };
    assert_eq!(refused(versions), ["duplicate_terms terms[1].effective_on"]);
    let changes = |book: &mut Records| {
        let change = Change { effective_on: day("2025-06-01"), lines: vec![line(Kind::Hosting, "900.00")] };
        book.contracts[0].changes = vec![change.clone(), change];
    };
    assert_eq!(refused(changes), ["duplicate_change contracts[0].changes[1].effective_on"]);
}

#[test]
fn amounts_that_make_no_sense_are_refused() {
    type Change = fn(&mut Records);
    let cases: [(Change, &str); 9] = [
        (|book| book.payments[0].amount = money("0.00"), "not_positive payments[0].amount"),
        (|book| book.refunds = vec![refund("F1", "2025-02-01", "-1.00")], "not_positive refunds[0].amount"),
        (|book| book.remittances = vec![remittance("T1", "2025-02-01", "0")], "not_positive remittances[0].amount"),
        (
            |book| book.credit_notes = vec![credit_note("X1", &["1", "0"])],
            "not_positive credit_notes[0].lines[1].amount",
        ),
        (|book| book.credit_notes = vec![credit_note("X1", &[])], "not_positive credit_notes[0].lines"),
        (
            |book| book.credit_notes = vec![credit_note("X1", &["1080.01"])],
            "credit_above_invoice credit_notes[0].lines",
        ),
        (|book| book.invoices[0].lines.push(line(Kind::Other, "-1080.01")), "invoice_below_zero invoices[0].lines"),
        (|book| book.invoices[0].tax = money("-0.01"), "unreadable invoices[0].tax"),
        (
            |book| book.programme.as_mut().expect("one").minimum_payout = money("-1"),
            "unreadable programme.minimum_payout",
        ),
    ];
    for (change, expected) in cases {
        assert_eq!(refused(change), [expected]);
    }
}

#[test]
fn credits_add_up_and_a_refused_one_counts_for_nothing() {
    let notes = |book: &mut Records| {
        book.credit_notes =
            vec![credit_note("X1", &["1000"]), credit_note("X2", &["80.01"]), credit_note("X3", &["80"])];
    };
    assert_eq!(refused(notes), ["credit_above_invoice credit_notes[1].lines"]);
    let credited = |book: &mut Records| book.credit_notes = vec![credit_note("X1", &["1000"])];
    let smaller = |records: &mut Records| {
        records.invoices = vec![Invoice { lines: vec![line(Kind::Hosting, "500")], ..invoice("I1", "C1", Some("K1")) }];
    };
    assert_eq!(refused_later(credited, smaller), ["credit_above_invoice book.credit_notes[X1].lines"]);
}

#[test]
fn a_refund_gives_back_what_had_been_received_by_its_day() {
    let refunds = |refunds: &'static [(&str, &str)]| {
        refused(move |book| {
            let refunds = refunds.iter().enumerate();
            book.refunds = refunds.map(|(nth, (on, amount))| refund(&format!("F{nth}"), on, amount)).collect();
        })
    };
    assert_eq!(refunds(&[("2025-01-10", "1080.00")]), NOTHING);
    assert_eq!(refunds(&[("2025-01-09", "1.00")]), ["refund_above_received refunds[0].amount"]);
    // Earlier by day, not by place, and a refused one counts for nothing.
    assert_eq!(
        refunds(&[("2025-03-01", "80.00"), ("2025-02-01", "1000.00"), ("2025-02-02", "80.01")]),
        ["refund_above_received refunds[2].amount"]
    );
}

#[test]
fn where_the_affiliate_bills_a_refund_is_of_what_was_remitted() {
    let remitted = |amount: &'static str| {
        refused(move |book| {
            book.affiliates[0].agreement_signed_on = Some(day("2024-01-01"));
            book.contracts[0].billed_by = BilledBy::Affiliate;
            book.remittances = vec![remittance("T1", "2025-01-20", amount)];
            book.refunds = vec![refund("F1", "2025-02-01", "500.00")];
        })
    };
    assert_eq!(remitted("500.00"), NOTHING);
    assert_eq!(remitted("499.99"), ["refund_above_received refunds[0].amount"]);
}

#[test]
fn a_payment_that_is_moved_or_lessened_leaves_its_refunds_uncovered() {
    let refunded = |book: &mut Records| {
        book.invoices.push(Invoice { number: "NS-2".to_owned(), ..invoice("I2", "C1", Some("K1")) });
        book.refunds = vec![refund("F1", "2025-02-01", "1080.00")];
    };
    let lessened = |records: &mut Records| records.payments = vec![payment("P1", "2025-01-10", "1000.00")];
    assert_eq!(refused_later(refunded, lessened), ["refund_above_received book.refunds[F1].amount"]);
    let moved = |records: &mut Records| {
        records.payments = vec![Payment { invoice: "I2".into(), ..payment("P1", "2025-01-10", "1080.00") }];
    };
    assert_eq!(refused_later(refunded, moved), ["refund_above_received book.refunds[F1].amount"]);
}

#[test]
fn periods_run_forwards() {
    type Change = fn(&mut Records);
    let cases: [(Change, &str); 3] = [
        (|book| book.invoices[0].period_end = day("2024-12-31"), "period_backwards invoices[0].period_end"),
        (|book| book.invoices[0].due_on = day("2024-12-31"), "period_backwards invoices[0].due_on"),
        (|book| book.contracts[0].ended_on = Some(day("2024-12-31")), "period_backwards contracts[0].ended_on"),
    ];
    for (change, expected) in cases {
        assert_eq!(refused(change), [expected]);
    }
}

#[test]
fn an_invoice_is_of_its_contracts_client_and_time() {
    let early = |book: &mut Records| book.invoices[0].period_start = day("2024-12-31");
    assert_eq!(refused(early), ["before_contract invoices[0].period_start"]);
    assert_eq!(refused(|book| book.invoices[0].client = "C2".into()), ["wrong_client invoices[0].client"]);
    let later = |records: &mut Records| {
        records.contracts = vec![Contract { starts_on: day("2025-01-02"), ..contract("K1", "R1") }];
    };
    assert_eq!(refused_later(|_| (), later), ["before_contract book.invoices[I1].period_start"]);
}

#[test]
fn ids_and_invoice_numbers_stand_once() {
    assert_eq!(
        refused(|book| {
            book.clients.push(client("C1", "Other"));
            book.payments.push(payment("P1", "2025-01-11", "1.00"));
        }),
        ["duplicate_id clients[2].id", "duplicate_id payments[1].id"]
    );
    let number = |book: &mut Records| {
        book.invoices.push(Invoice { number: "NS-I1".to_owned(), ..invoice("I2", "C1", Some("K1")) });
    };
    assert_eq!(refused(number), ["duplicate_number invoices[1].number"]);
    let taken = |records: &mut Records| {
        records.invoices = vec![Invoice { number: "NS-I1".to_owned(), ..invoice("I2", "C1", Some("K1")) }];
    };
    assert_eq!(refused_later(|_| (), taken), ["duplicate_number invoices[0].number"]);
}

#[test]
fn every_reference_leads_somewhere() {
    let found = refused(|book| {
        book.referrals.push(referral("R2", "A9", "C9", "2025-01-01"));
        book.contracts.push(contract("K2", "R9"));
        book.invoices.push(invoice("I2", "C9", Some("K9")));
        book.payments.push(Payment { invoice: "I9".into(), ..payment("P2", "2025-01-10", "1.00") });
        book.refunds.push(Refund { invoice: "I9".into(), ..refund("F2", "2025-01-10", "1.00") });
        book.credit_notes.push(CreditNote { invoice: "I9".into(), ..credit_note("X2", &["1.00"]) });
        book.remittances.push(Remittance { invoice: "I9".into(), ..remittance("T2", "2025-01-10", "1.00") });
        book.adjustments.push(Adjustment {
            id: "J1".into(),
            affiliate: "A9".into(),
            month: Month::parse("2025-01").expect("a month"),
            amount: money("-5.00"),
            reason: "As agreed".to_owned(),
        });
    });
    assert_eq!(
        found,
        [
            "unknown_reference referrals[1].affiliate",
            "unknown_reference referrals[1].client",
            "unknown_reference contracts[1].referral",
            "unknown_reference invoices[1].client",
            "unknown_reference invoices[1].contract",
            "unknown_reference payments[1].invoice",
            "unknown_reference refunds[0].invoice",
            "unknown_reference credit_notes[0].invoice",
            "unknown_reference remittances[0].invoice",
            "unknown_reference adjustments[0].affiliate",
        ]
    );
}

#[test]
fn what_hangs_on_an_unreadable_record_is_not_blamed() {
    let hangs_on = |kind, id: &str, change: fn(&mut Records)| {
        let mut records = book();
        change(&mut records);
        let failed = HashSet::from([(kind, id.to_owned())]);
        problems(&Records::default(), &Offer { failed, ..Offer::of(records) })
    };
    assert_eq!(hangs_on(RecordKind::Contract, "K1", |book| book.contracts.clear()), NOTHING);
    // Its id could not be read either, so it may be the one.
    assert_eq!(hangs_on(RecordKind::Contract, "", |book| book.contracts.clear()), NOTHING);
    assert_eq!(hangs_on(RecordKind::Programme, "", |book| book.programme = None), NOTHING);
    assert_eq!(hangs_on(RecordKind::Terms, "2024-12-01", |book| book.contracts[0].rate = rate("0.15")), NOTHING);
    assert_eq!(
        hangs_on(RecordKind::Terms, "2025-02-01", |book| book.contracts[0].rate = rate("0.15")),
        ["rate_above_maximum contracts[0].rate"]
    );
}

#[test]
fn what_an_unreadable_payment_or_contract_might_have_said_is_left_open() {
    let in_doubt = |kind, id: &str, change: fn(&mut Records)| {
        let mut records = book();
        change(&mut records);
        let in_doubt = HashSet::from([(kind, id.to_owned())]);
        problems(&Records::default(), &Offer { in_doubt, ..Offer::of(records) })
    };
    let refunded: fn(&mut Records) = |book| {
        book.payments.clear();
        book.refunds = vec![refund("F1", "2025-02-01", "1.00")];
    };
    assert_eq!(in_doubt(RecordKind::Invoice, "I1", refunded), NOTHING);
    assert_eq!(in_doubt(RecordKind::Invoice, "", refunded), NOTHING);
    assert_eq!(in_doubt(RecordKind::Invoice, "I2", refunded), ["refund_above_received refunds[0].amount"]);
    let referred: fn(&mut Records) = |book| {
        book.contracts.clear();
        book.invoices.clear();
        book.payments.clear();
        book.referrals.push(referral("R2", "A2", "C1", "2025-07-01"));
    };
    assert_eq!(in_doubt(RecordKind::Referral, "R1", referred), NOTHING);
    assert_eq!(in_doubt(RecordKind::Referral, "R2", referred), ["already_referred referrals[1].client"]);
}

#[test]
fn a_refused_payment_is_not_blamed_again_through_its_refund() {
    type Change = fn(&mut Records);
    let of_nothing: Change = |book| book.payments[0].amount = money("0.00");
    let twice: Change =
        |book| book.payments = vec![payment("P1", "2025-01-10", "500.00"), payment("P1", "2025-01-11", "580.00")];
    for change in [of_nothing, twice] {
        let found = refused(|book| {
            change(book);
            book.refunds = vec![refund("F1", "2025-02-01", "1080.00")];
        });
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(!found[0].contains("refund"), "{found:?}");
    }
}

#[test]
fn a_book_keeps_its_currency_and_a_new_one_needs_a_programme() {
    let euro = |records: &mut Records| {
        let currency = Currency::parse("EUR").expect("a currency");
        records.programme = Some(Programme { currency, ..book().programme.expect("one") });
    };
    assert_eq!(refused_later(|_| (), euro), ["currency_fixed programme.currency"]);
    assert_eq!(refused(|book| book.programme = None), ["unreadable programme"]);
    assert_eq!(refused_later(|_| (), |records| records.clients = vec![client("C3", "Cog")]), NOTHING);
}

#[test]
fn problems_come_in_the_order_of_the_file_with_its_own_places() {
    let mut records = book();
    records.referrals[0].registered_on = day("2025-01-02");
    records.invoices[0].due_on = day("2024-12-31");
    records.clients.push(client("C1", "Again"));
    let mut offer = Offer::of(records);
    // The first contract of the file could not be read.
    offer.places.push(RecordKind::Contract, 1);
    assert_eq!(
        problems(&Records::default(), &offer),
        [
            "duplicate_id clients[2].id",
            "contract_before_referral contracts[1].signed_on",
            "period_backwards invoices[0].due_on",
        ]
    );
}

#[test]
fn every_message_names_the_value_in_quotes_and_gives_a_hint() {
    let mut records = book();
    records.contracts[0].rate = rate("0.1001");
    records.payments[0].invoice = "I9".into();
    records.referrals.push(referral("R2", "A2", "C1", "2025-01-05"));
    for problem in review(&Records::default(), &Offer::of(records)).problems {
        assert!(problem.message.contains('"') && problem.message.ends_with('.'), "{problem}");
    }
}
