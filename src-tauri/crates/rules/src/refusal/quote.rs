//! Quotes: valid for a day at least, at a rate within the maximum, sent with an agreement where one is needed, accepted
//! ones with the contract that they became.

use super::backwards;
use super::terms::Maximums;
use super::union::{Findings, Kept, Union, who};
use crate::affiliate::Affiliate;
use crate::contract::BilledBy;
use crate::day;
use crate::problem::Code;
use crate::quote::{Quote, Stage};

pub fn quotes(union: &Union<'_>, maximums: &Maximums, found: &mut Findings) {
    for kept in union.quotes.all.iter().filter(|kept| kept.is_offered()) {
        let quote = kept.record;
        if let Some(affiliate) = &quote.affiliate {
            union.follow(kept, ".affiliate", &union.affiliates, affiliate.as_str(), found);
        }
        if let Some(contract) = &quote.contract {
            union.follow(kept, ".contract", &union.contracts, contract.as_str(), found);
        }
        if quote.valid_until < quote.quoted_on {
            let (quoted_on, valid_until) = (("quoted_on", quote.quoted_on), ("valid_until", quote.valid_until));
            backwards(union, kept, quoted_on, valid_until, found);
        }
        rate_above_maximum(union, kept, maximums, found);
        let before = union.existing.quotes.iter().find(|before| before.id == quote.id);
        if before.is_some_and(|before| !may_follow(before, quote)) {
            changed_after_it_was_sent(union, kept, found);
        }
        if quote.stage == Stage::Sent && before.is_some_and(|before| before.stage == Stage::Draft) {
            agreement_missing(union, kept, found);
        }
    }
}

/// A draft is changed freely. Of a version that was sent only what became of it is recorded; the next one is new.
fn may_follow(before: &Quote, after: &Quote) -> bool {
    let same = Quote { stage: before.stage, contract: before.contract.clone(), ..after.clone() };
    before.stage == Stage::Draft || after.version > before.version || same == *before
}

fn changed_after_it_was_sent<'a>(union: &Union<'a>, kept: &Kept<'a, Quote>, found: &mut Findings) {
    let message = format!(
        "{}, version \"{}\", was sent, and stays as it was sent. Make version \"{}\" of it.",
        who(kept.record),
        kept.record.version,
        kept.record.version + 1
    );
    found.refuse(union, Code::QuoteSent, kept, ".version", message);
}

/// Of a draft that is sent: what a file brings as sent was sent. Its contract is judged by the day of its own signature.
fn agreement_missing<'a>(union: &Union<'a>, kept: &Kept<'a, Quote>, found: &mut Findings) {
    let affiliate = kept.record.affiliate.as_ref().and_then(|id| union.affiliates.get(id.as_str()));
    if let Some(message) = affiliate.and_then(|affiliate| lacks_agreement(kept.record, affiliate.record)) {
        found.refuse(union, Code::AgreementMissing, kept, ".billed_by", message);
    }
}

/// "Should you decide to bill the client directly, you will be required to sign an affiliate contract." Why the quote
/// can't be accepted on any day that it is valid, if so.
pub fn lacks_agreement(quote: &Quote, affiliate: &Affiliate) -> Option<String> {
    let signed_in_time = affiliate.agreement_signed_on.is_some_and(|agreed| agreed <= quote.valid_until);
    if quote.billed_by == BilledBy::Company || signed_in_time {
        return None;
    }
    let when = match affiliate.agreement_signed_on {
        Some(agreed) => format!("signed its agreement only on {}", day::words(agreed)),
        None => "has signed no agreement".to_owned(),
    };
    Some(format!(
        "{} is billed by affiliate \"{}\", who {when}. Billing directly needs an agreement: record the day on which it \
         was signed, or let the company bill.",
        who(quote),
        affiliate.name
    ))
}

fn rate_above_maximum<'a>(union: &Union<'a>, kept: &Kept<'a, Quote>, maximums: &Maximums, found: &mut Findings) {
    let quote = kept.record;
    if let Some(maximum) = maximums.on(quote.quoted_on).filter(|maximum| quote.rate > *maximum) {
        let message = format!(
            "{} has the rate \"{}\", above the maximum of \"{maximum}\" in force on {}. Lower the rate.",
            who(quote),
            quote.rate,
            day::words(quote.quoted_on)
        );
        found.refuse(union, Code::RateAboveMaximum, kept, ".rate", message);
    }
}
