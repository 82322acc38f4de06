//! Quotes: valid for a day at least, at a rate within the maximum, accepted ones with the contract that they became.

use super::backwards;
use super::terms::Maximums;
use super::union::{Findings, Kept, Union, who};
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
