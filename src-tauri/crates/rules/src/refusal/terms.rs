//! The programme and its terms: one currency, rates within their maximum, one version a day.

use std::collections::HashSet;

use super::union::{Findings, Position, Union};
use crate::day::{self, Day};
use crate::money::Money;
use crate::problem::Code;
use crate::rate::Rate;
use crate::records::{RecordKind, Records};

use super::Offer;

const PROGRAMME: Position = Position::File(RecordKind::Programme, 0);

/// A file for a new book brings a programme; one for a book that has one keeps to its currency.
pub fn programme(union: &Union<'_>, found: &mut Findings) {
    let failed = union.failed(RecordKind::Programme).next().is_some();
    let Some(programme) = &union.offer.records.programme else {
        if union.existing.programme.is_none() && !failed && offers_anything(union.offer) {
            let message = "There is no programme, neither in the file nor in the book. Add one with its currency and \
                           rates."
                .to_owned();
            found.refuse_at(PROGRAMME, Code::Unreadable, "programme".to_owned(), message);
        }
        return;
    };
    if let Some(existing) = &union.existing.programme
        && existing.currency != programme.currency
    {
        let (offered, kept) = (programme.currency.code(), existing.currency.code());
        let message = format!(
            "The programme's currency is \"{offered}\", but the book's is \"{kept}\", and stays so. Import into a new \
             book instead."
        );
        found.refuse_at(PROGRAMME, Code::CurrencyFixed, "programme.currency".to_owned(), message);
    }
    negative_minimum(programme.minimum_payout, PROGRAMME, "programme", found);
}

fn offers_anything(offer: &Offer) -> bool {
    let Records {
        programme: _,
        terms,
        affiliates,
        clients,
        referrals,
        contracts,
        invoices,
        payments,
        refunds,
        credit_notes,
        remittances,
        adjustments,
        quotes,
        own_prices,
        resales,
        own_entries,
    } = &offer.records;
    let counts = [
        terms.len(),
        affiliates.len(),
        clients.len(),
        referrals.len(),
        contracts.len(),
        invoices.len(),
        payments.len(),
        refunds.len(),
        credit_notes.len(),
        remittances.len(),
        adjustments.len(),
        quotes.len(),
        own_prices.len(),
        resales.len(),
        own_entries.len(),
    ];
    counts.iter().any(|count| *count > 0) || !offer.failed.is_empty()
}

fn negative_minimum(minimum: Money, position: Position, at: &str, found: &mut Findings) {
    if minimum.is_negative() {
        let message = format!("The minimum payout is \"{minimum}\". Make it nothing or more.");
        found.refuse_at(position, Code::Unreadable, format!("{at}.minimum_payout"), message);
    }
}

/// The maximum rate from each day on; `None` while a version that could not be read leaves it open.
pub struct Maximums(Vec<(Day, Option<Rate>)>);

impl Maximums {
    pub fn on(&self, day: Day) -> Option<Rate> {
        let begun = self.0.partition_point(|(from, _)| *from <= day);
        begun.checked_sub(1).and_then(|last| self.0[last].1)
    }
}

/// One version of the terms in the making of the timeline.
struct Version {
    from: Day,
    /// Where it stands, if it is offered or touched by what is.
    at: Option<(Position, String)>,
    standard: Named,
    maximum: Named,
}

#[derive(Clone, Copy)]
enum Named {
    Rate(Rate),
    Nothing,
    Unreadable,
}

impl From<Option<Rate>> for Named {
    fn from(rate: Option<Rate>) -> Self {
        rate.map_or(Named::Nothing, Named::Rate)
    }
}

impl Named {
    fn or(self, before: Option<Rate>) -> Option<Rate> {
        match self {
            Named::Rate(rate) => Some(rate),
            Named::Nothing => before,
            Named::Unreadable => None,
        }
    }
}

/// "`rate_above_maximum` is judged by the terms in force on the signing day, and so is a `standard_rate` above its own
/// maximum." Each version is judged by what it names itself, together with what was in force before it.
pub fn terms(union: &Union<'_>, found: &mut Findings) -> Maximums {
    let mut versions = versions(union, found);
    versions.sort_by_key(|version| version.from); // stable: of one day, the file's order
    let (mut standard, mut maximum) = (None, None);
    let mut maximums = Vec::with_capacity(versions.len());
    for version in versions {
        let was_within = standard.zip(maximum).is_none_or(|(standard, maximum)| standard <= maximum);
        standard = version.standard.or(standard);
        maximum = version.maximum.or(maximum);
        maximums.push((version.from, maximum));
        let Some((position, at)) = version.at else { continue };
        if let Named::Rate(named) = version.maximum
            && named > Rate::WHOLE
        {
            let message = format!("The maximum rate is \"{named}\", more than the whole. 0.10 is 10%.");
            found.refuse_at(position, Code::RateAboveMaximum, format!("{at}.maximum_rate"), message);
        }
        let Some((standard, maximum)) = standard.zip(maximum).filter(|(standard, maximum)| standard > maximum) else {
            continue;
        };
        let member = match (version.standard, version.maximum) {
            (Named::Rate(_), _) => "standard_rate",
            (_, Named::Rate(_)) if was_within => "maximum_rate",
            // An earlier version brought it about, and was told.
            _ => continue,
        };
        let message = format!(
            "The standard rate is \"{standard}\", above the maximum rate \"{maximum}\" that is in force with it. \
             Lower the one or raise the other."
        );
        found.refuse_at(position, Code::RateAboveMaximum, format!("{at}.{member}"), message);
    }
    if union.failed(RecordKind::Terms).any(|effective_on| day::parse(effective_on).is_none()) {
        // A version that could be of any day leaves every maximum open.
        maximums.clear();
    }
    Maximums(maximums)
}

/// The programme and the versions of its terms, offered over existing. Those with a place are offered, or touched by
/// what is; "two versions of the terms with one `effective_on`" are refused here.
fn versions(union: &Union<'_>, found: &mut Findings) -> Vec<Version> {
    let offered = &union.offer.records;
    let programme_failed = union.failed(RecordKind::Programme).next().is_some();
    let first = union.programme().map(|programme| Version {
        from: Day::MIN,
        at: offered.programme.is_some().then(|| (PROGRAMME, "programme".to_owned())),
        standard: if programme_failed { Named::Unreadable } else { Named::Rate(programme.standard_rate) },
        maximum: if programme_failed { Named::Unreadable } else { Named::Rate(programme.maximum_rate) },
    });
    let mut versions: Vec<Version> = first.into_iter().collect();
    let mut days: HashSet<Day> = HashSet::new();
    let failed = union.failed(RecordKind::Terms).filter_map(day::parse);
    for from in failed.filter(|from| days.insert(*from)).collect::<Vec<_>>() {
        versions.push(Version { from, at: None, standard: Named::Unreadable, maximum: Named::Unreadable });
    }
    for (nth, terms) in offered.terms.iter().enumerate() {
        let index = union.offer.places.of(RecordKind::Terms, nth);
        let (position, at) = (Position::File(RecordKind::Terms, index), format!("terms[{index}]"));
        if let Some(minimum) = terms.minimum_payout {
            negative_minimum(minimum, position, &at, found);
        }
        if !days.insert(terms.effective_on) {
            let day = terms.effective_on;
            let message = format!("The file has two versions of the terms for \"{day}\". Keep one.");
            found.refuse_at(position, Code::DuplicateTerms, format!("{at}.effective_on"), message);
            continue;
        }
        versions.push(Version {
            from: terms.effective_on,
            at: Some((position, at)),
            standard: terms.standard_rate.into(),
            maximum: terms.maximum_rate.into(),
        });
    }
    let touched = touches_terms(union);
    for terms in union.existing.terms.iter().filter(|terms| !days.contains(&terms.effective_on)) {
        versions.push(Version {
            from: terms.effective_on,
            at: touched.then(|| (Position::Book(RecordKind::Terms), format!("book.terms[{}]", terms.effective_on))),
            standard: terms.standard_rate.into(),
            maximum: terms.maximum_rate.into(),
        });
    }
    versions
}

pub fn touches_terms(union: &Union<'_>) -> bool {
    union.offer.records.programme.is_some() || !union.offer.records.terms.is_empty()
}
