//! Contracts: signed after their referral and with an agreement where one is needed, at a rate within the maximum.

use std::collections::HashSet;

use super::backwards;
use super::terms::{Maximums, touches_terms};
use super::union::{Findings, Kept, Union, who};
use crate::affiliate::Affiliate;
use crate::contract::{BilledBy, Contract};
use crate::day;
use crate::problem::Code;
use crate::referral::Referral;

pub fn contracts(union: &Union<'_>, maximums: &Maximums, found: &mut Findings) {
    let terms_touched = touches_terms(union);
    for kept in &union.contracts.all {
        let contract = kept.record;
        let referral = union.follow(kept, ".referral", &union.referrals, contract.referral.as_str(), found);
        if let Some(referral) = referral.filter(|referral| kept.is_offered() || referral.is_offered()) {
            contract_before_referral(union, kept, referral.record, found);
        }
        let affiliate = referral.and_then(|referral| {
            Some((referral.is_offered(), union.affiliates.get(referral.record.affiliate.as_str())?))
        });
        if let Some((referral_offered, affiliate)) = affiliate
            && (kept.is_offered() || referral_offered || affiliate.is_offered())
        {
            agreement_missing(union, kept, affiliate.record, found);
        }
        if kept.is_offered() || terms_touched {
            rate_above_maximum(union, kept, maximums, found);
        }
        if kept.is_offered() {
            contract_alone(union, kept, found);
        }
    }
}

fn contract_before_referral<'a>(
    union: &Union<'a>,
    kept: &Kept<'a, Contract>,
    referral: &Referral,
    found: &mut Findings,
) {
    if kept.record.signed_on < referral.registered_on {
        let message = format!(
            "{} was signed on {}, before its referral was registered on {}. Such a contract was not referred.",
            who(kept.record),
            day::words(kept.record.signed_on),
            day::words(referral.registered_on)
        );
        found.refuse(union, Code::ContractBeforeReferral, kept, ".signed_on", message);
    }
}

/// "Should you decide to bill the client directly, you will be required to sign an affiliate contract."
fn agreement_missing<'a>(union: &Union<'a>, kept: &Kept<'a, Contract>, affiliate: &Affiliate, found: &mut Findings) {
    let contract = kept.record;
    let signed_in_time = affiliate.agreement_signed_on.is_some_and(|agreed| agreed <= contract.signed_on);
    if contract.billed_by == BilledBy::Company || signed_in_time {
        return;
    }
    let when = match affiliate.agreement_signed_on {
        Some(agreed) => format!("signed its agreement only on {}", day::words(agreed)),
        None => "has signed no agreement".to_owned(),
    };
    let message = format!(
        "{}, signed on {}, is billed by affiliate \"{}\", who {when}. Billing directly needs an agreement by the day \
         that the contract is signed.",
        who(contract),
        day::words(contract.signed_on),
        affiliate.name
    );
    found.refuse(union, Code::AgreementMissing, kept, ".billed_by", message);
}

fn rate_above_maximum<'a>(union: &Union<'a>, kept: &Kept<'a, Contract>, maximums: &Maximums, found: &mut Findings) {
    let contract = kept.record;
    if let Some(maximum) = maximums.on(contract.signed_on).filter(|maximum| contract.rate > *maximum) {
        let message = format!(
            "{} has the rate \"{}\", above the maximum of \"{maximum}\" in force when it was signed on {}. Lower the \
             rate.",
            who(contract),
            contract.rate,
            day::words(contract.signed_on)
        );
        found.refuse(union, Code::RateAboveMaximum, kept, ".rate", message);
    }
}

fn contract_alone<'a>(union: &Union<'a>, kept: &Kept<'a, Contract>, found: &mut Findings) {
    let contract = kept.record;
    if let Some(ended) = contract.ended_on.filter(|ended| *ended < contract.starts_on) {
        backwards(union, kept, ("starts_on", contract.starts_on), ("ended_on", ended), found);
    }
    let mut days = HashSet::with_capacity(contract.changes.len());
    for (nth, change) in contract.changes.iter().enumerate() {
        if !days.insert(change.effective_on) {
            let (who, day) = (who(contract), day::words(change.effective_on));
            let message = format!("{who} has two changes on {day}. Put their lines into one.");
            let member = format!(".changes[{nth}].effective_on");
            found.refuse(union, Code::DuplicateChange, kept, &member, message);
        }
    }
}
