//! What cannot be recorded, and why: the checks of `rules.md`, "Who can be referred", over whole records.
//!
//! Pure and total: all problems of an offer are found at once, each with its place, each once by its own cause. What
//! cannot even be read (a date, a word, an unknown member) is found where it is read; `month_closed` where the closed
//! months are known.

mod contract;
mod fact;
mod invoice;
mod own;
mod quote;
mod referral;
mod refund;
mod terms;
mod union;

use std::collections::HashSet;

pub use self::quote::lacks_agreement;
use self::union::{Findings, Kept, Record, Table, Union, who};
use crate::day::{self, Day};
use crate::money::Currency;
use crate::problem::{Code, Problem};
use crate::records::{RecordKind, Records};

/// What is offered to the book: the records of an import or a form that could be read.
#[derive(Clone, Debug, Default)]
pub struct Offer {
    pub records: Records,
    pub places: Places,
    /// Ids of records that could not be read, so that what hangs on them is not blamed. The programme's id is empty,
    /// a terms version's is its `effective_on`, and also empty if that could not be read.
    pub failed: HashSet<(RecordKind, String)>,
    /// Invoices and referrals that a payment, remittance or contract that could not be read is of: what they lack is
    /// not blamed. An empty id stands for one that could not be read either.
    pub in_doubt: HashSet<(RecordKind, String)>,
}

/// Where each record stands in its file, as those that could not be read leave gaps.
#[derive(Clone, Debug, Default)]
pub struct Places([Vec<usize>; RecordKind::ALL.len()]);

/// What speaks against an offer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Review {
    /// Any of them refuses the whole offer. The file's come first, kind by kind, each kind as it stands there.
    pub problems: Vec<Problem>,
    /// To confirm: "Near misses (one or two letters, reordered words) are a warning to confirm, not a refusal."
    pub near_misses: Vec<NearMiss>,
}

/// A client whose name is nearly that of its affiliate's own company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearMiss {
    pub at: String,
    pub message: String,
}

impl Offer {
    /// Records that were all read, in their places.
    pub fn of(records: Records) -> Self {
        Self { records, ..Self::default() }
    }
}

impl Places {
    /// The next record of its kind stands at `index`.
    pub fn push(&mut self, kind: RecordKind, index: usize) {
        self.0[kind as usize].push(index);
    }

    /// Where the `nth` readable record of a kind stands.
    pub fn of(&self, kind: RecordKind, nth: usize) -> usize {
        self.0[kind as usize].get(nth).copied().unwrap_or(nth)
    }
}

/// Reviews what is offered against the book.
///
/// `existing` holds what the offered records lean on and what leans on them: their affiliates, clients, referrals of
/// the same clients, contracts, invoices of the same numbers, and every fact of the invoices that they touch. An
/// offered record with the id of an existing one replaces it. An existing record is reported, as `book.invoices[I1]`,
/// only when something offered made it invalid.
pub fn review(existing: &Records, offer: &Offer) -> Review {
    let union = Union::of(existing, offer);
    let mut found = Findings::default();
    terms::programme(&union, &mut found);
    let maximums = terms::terms(&union, &mut found);
    duplicate_ids(&union, &mut found);
    referral::referrals(&union, &mut found);
    contract::contracts(&union, &maximums, &mut found);
    let sound = invoice::invoices(&union, &mut found);
    fact::amounts(&union, &mut found);
    fact::credits(&union, &sound, &mut found);
    refund::refunds(&union, &mut found);
    own::prices(&union, &mut found);
    own::resales(&union, &mut found);
    own::entries(&union, &mut found);
    adjustments(&union, &mut found);
    quote::quotes(&union, &maximums, &mut found);
    found.into_review()
}

/// The currency that amounts are read in while a file's own is not known: the one with the most digits, so that an
/// amount is refused only if no currency could have it.
pub fn most_digits() -> Option<Currency> {
    Currency::parse("CLF")
}

fn duplicate_ids(union: &Union<'_>, found: &mut Findings) {
    duplicates(union, &union.affiliates, found);
    duplicates(union, &union.clients, found);
    duplicates(union, &union.referrals, found);
    duplicates(union, &union.contracts, found);
    duplicates(union, &union.invoices, found);
    duplicates(union, &union.payments, found);
    duplicates(union, &union.refunds, found);
    duplicates(union, &union.credit_notes, found);
    duplicates(union, &union.remittances, found);
    duplicates(union, &union.adjustments, found);
    duplicates(union, &union.quotes, found);
    duplicates(union, &union.own_prices, found);
    duplicates(union, &union.resales, found);
    duplicates(union, &union.own_entries, found);
}

fn duplicates<'a, T: Record>(union: &Union<'a>, table: &Table<'a, T>, found: &mut Findings) {
    for kept in table.all.iter().filter(|kept| kept.duplicate) {
        let (kind, id) = (T::KIND.words(), kept.record.id());
        let message =
            format!("The id \"{id}\" stands on more than one {kind} of the file. Give each its own, or keep one.");
        found.refuse(union, Code::DuplicateId, kept, ".id", message);
    }
}

fn adjustments(union: &Union<'_>, found: &mut Findings) {
    for kept in union.adjustments.all.iter().filter(|kept| kept.is_offered()) {
        union.follow(kept, ".affiliate", &union.affiliates, kept.record.affiliate.as_str(), found);
    }
}

fn backwards<'a, T: Record>(
    union: &Union<'a>,
    kept: &Kept<'a, T>,
    (first, begins): (&str, Day),
    (last, ends): (&str, Day),
    found: &mut Findings,
) {
    let message = format!(
        "{} has \"{}\" {}, before \"{}\" {}. Put the earlier day first.",
        who(kept.record),
        last.replace('_', " "),
        day::words(ends),
        first.replace('_', " "),
        day::words(begins)
    );
    found.refuse(union, Code::PeriodBackwards, kept, &format!(".{last}"), message);
}

#[cfg(test)]
mod tests;
