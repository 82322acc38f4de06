//! The book as it would be with what is offered, and the problems found on the way through it.

use std::cell::Cell;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use super::{NearMiss, Offer, Review};
use crate::affiliate::{Adjustment, Affiliate};
use crate::client::Client;
use crate::contract::Contract;
use crate::debt::{OwnEntry, Resale};
use crate::invoice::{CreditNote, Invoice, Payment, Refund, Remittance};
use crate::own_price::OwnPrice;
use crate::problem::{Code, Problem};
use crate::quote::Quote;
use crate::records::{RecordKind, Records};
use crate::referral::Referral;
use crate::terms::Programme;

/// The book as it would be: offered records over existing ones.
pub struct Union<'a> {
    pub existing: &'a Records,
    pub offer: &'a Offer,
    pub affiliates: Table<'a, Affiliate>,
    pub clients: Table<'a, Client>,
    pub referrals: Table<'a, Referral>,
    pub contracts: Table<'a, Contract>,
    pub invoices: Table<'a, Invoice>,
    pub payments: Table<'a, Payment>,
    pub refunds: Table<'a, Refund>,
    pub credit_notes: Table<'a, CreditNote>,
    pub remittances: Table<'a, Remittance>,
    pub adjustments: Table<'a, Adjustment>,
    pub quotes: Table<'a, Quote>,
    pub own_prices: Table<'a, OwnPrice>,
    pub resales: Table<'a, Resale>,
    pub own_entries: Table<'a, OwnEntry>,
    pub invoices_in_doubt: HashSet<&'a str>,
    pub referrals_in_doubt: HashSet<&'a str>,
}

/// The records of one kind: those of the book that are not replaced, then the offered, in the order of the file.
pub struct Table<'a, T> {
    pub all: Vec<Kept<'a, T>>,
    by_id: HashMap<&'a str, usize>,
    failed: HashSet<&'a str>,
    /// What was looked up last: a file mostly names the same record again, or the one after it.
    last: Cell<usize>,
}

pub struct Kept<'a, T> {
    pub record: &'a T,
    pub at: At,
    /// An earlier record of the same file has its id.
    pub duplicate: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum At {
    Book,
    File(usize),
}

pub trait Record {
    const KIND: RecordKind;
    fn id(&self) -> &str;
}

macro_rules! records {
    ($($kind:ident),*) => {
        $(impl Record for $kind {
            const KIND: RecordKind = RecordKind::$kind;
            fn id(&self) -> &str {
                self.id.as_str()
            }
        })*
    };
}

records!(
    Affiliate, Client, Referral, Contract, Invoice, Payment, Refund, CreditNote, Remittance, Adjustment, Quote,
    OwnPrice, Resale, OwnEntry
);

impl<'a> Union<'a> {
    pub fn of(existing: &'a Records, offer: &'a Offer) -> Self {
        let offered = &offer.records;
        let in_doubt = |kind| {
            let of_kind = offer.in_doubt.iter().filter(move |(doubted, _)| *doubted == kind);
            of_kind.map(|(_, id)| id.as_str()).collect()
        };
        Self {
            existing,
            offer,
            affiliates: Table::of(&existing.affiliates, &offered.affiliates, offer),
            clients: Table::of(&existing.clients, &offered.clients, offer),
            referrals: Table::of(&existing.referrals, &offered.referrals, offer),
            contracts: Table::of(&existing.contracts, &offered.contracts, offer),
            invoices: Table::of(&existing.invoices, &offered.invoices, offer),
            payments: Table::of(&existing.payments, &offered.payments, offer),
            refunds: Table::of(&existing.refunds, &offered.refunds, offer),
            credit_notes: Table::of(&existing.credit_notes, &offered.credit_notes, offer),
            remittances: Table::of(&existing.remittances, &offered.remittances, offer),
            adjustments: Table::of(&existing.adjustments, &offered.adjustments, offer),
            quotes: Table::of(&existing.quotes, &offered.quotes, offer),
            own_prices: Table::of(&existing.own_prices, &offered.own_prices, offer),
            resales: Table::of(&existing.resales, &offered.resales, offer),
            own_entries: Table::of(&existing.own_entries, &offered.own_entries, offer),
            invoices_in_doubt: in_doubt(RecordKind::Invoice),
            referrals_in_doubt: in_doubt(RecordKind::Referral),
        }
    }

    /// The programme that the book would have.
    pub fn programme(&self) -> Option<&'a Programme> {
        self.offer.records.programme.as_ref().or(self.existing.programme.as_ref())
    }

    pub fn failed(&self, kind: RecordKind) -> impl Iterator<Item = &'a str> {
        self.offer.failed.iter().filter(move |(failed, _)| *failed == kind).map(|(_, id)| id.as_str())
    }

    /// A record's turn among all problems: the file's before the book's, then by kind, then as they stand.
    pub fn position<T: Record>(&self, kept: &Kept<'a, T>) -> Position {
        match kept.at {
            At::File(nth) => Position::File(T::KIND, self.offer.places.of(T::KIND, nth)),
            At::Book => Position::Book(T::KIND),
        }
    }

    /// `contracts[3].rate`, or `book.contracts[K1].rate`.
    pub fn place<T: Record>(&self, kept: &Kept<'a, T>, member: &str) -> String {
        let list = T::KIND.member();
        match kept.at {
            At::File(nth) => format!("{list}[{}]{member}", self.offer.places.of(T::KIND, nth)),
            At::Book => format!("book.{list}[{}]{member}", kept.record.id()),
        }
    }

    /// The record that `from` names. One that is not there is a problem of `from`; one that could not be read is not,
    /// and what the book lacks of its own was not asked for.
    pub fn follow<'u, T: Record, U: Record>(
        &self,
        from: &Kept<'a, T>,
        member: &str,
        table: &'u Table<'a, U>,
        id: &str,
        found: &mut Findings,
    ) -> Option<&'u Kept<'a, U>> {
        let target = table.get(id);
        if target.is_none() && from.is_offered() && !table.may_have_failed(id) {
            let (who, kind) = (who(from.record), U::KIND.words());
            let message = format!(
                "{who} names {kind} \"{id}\", which is neither in the file nor in the book. Add it, or correct the id."
            );
            found.refuse(self, Code::UnknownReference, from, member, message);
        }
        target
    }
}

impl<'a, T: Record> Table<'a, T> {
    pub fn of(existing: &'a [T], offered: &'a [T], offer: &'a Offer) -> Self {
        let failed: HashSet<&str> =
            offer.failed.iter().filter(|(kind, _)| *kind == T::KIND).map(|(_, id)| id.as_str()).collect();
        let replaced: HashSet<&str> =
            if existing.is_empty() { HashSet::new() } else { offered.iter().map(T::id).collect() };
        let kept = existing.iter().filter(|record| !replaced.contains(record.id()) && !failed.contains(record.id()));
        let mut all: Vec<Kept<'a, T>> = Vec::with_capacity(existing.len() + offered.len());
        all.extend(kept.map(|record| Kept { record, at: At::Book, duplicate: false }));
        let mut by_id = HashMap::with_capacity(all.len() + offered.len());
        by_id.extend(all.iter().enumerate().map(|(index, kept)| (kept.record.id(), index)));
        for (nth, record) in offered.iter().enumerate() {
            let mut duplicate = failed.contains(record.id());
            match by_id.entry(record.id()) {
                Entry::Occupied(_) => duplicate = true,
                Entry::Vacant(entry) => {
                    entry.insert(all.len());
                }
            }
            all.push(Kept { record, at: At::File(nth), duplicate });
        }
        Self { all, by_id, failed, last: Cell::new(0) }
    }

    /// Whether a record of this id could not be read: one whose id could not be read either may be the one.
    fn may_have_failed(&self, id: &str) -> bool {
        self.failed.contains(id) || self.failed.contains("")
    }

    pub fn get(&self, id: &str) -> Option<&Kept<'a, T>> {
        self.index(id).map(|index| &self.all[index])
    }

    /// Where the first record of an id stands.
    pub fn index(&self, id: &str) -> Option<usize> {
        let last = self.last.get();
        let is_it = |index: &usize| self.all.get(*index).is_some_and(|kept| !kept.duplicate && kept.record.id() == id);
        let index = [last, last + 1].into_iter().find(is_it).or_else(|| self.by_id.get(id).copied())?;
        self.last.set(index);
        Some(index)
    }
}

impl<T> Kept<'_, T> {
    pub fn is_offered(&self) -> bool {
        self.at != At::Book
    }
}

/// A record as messages call it: `Contract "K1"`.
pub fn who<T: Record>(record: &T) -> String {
    let kind = T::KIND.words();
    format!("{}{} \"{}\"", kind[..1].to_uppercase(), &kind[1..], record.id())
}

/// Problems as they are found, each with its turn.
#[derive(Default)]
pub struct Findings {
    problems: Vec<(Position, Problem)>,
    near_misses: Vec<(Position, NearMiss)>,
}

/// Where a problem comes in the review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Position {
    File(RecordKind, usize),
    Book(RecordKind),
}

impl Findings {
    pub fn refuse<'a, T: Record>(
        &mut self,
        union: &Union<'a>,
        code: Code,
        kept: &Kept<'a, T>,
        member: &str,
        message: String,
    ) {
        self.refuse_at(union.position(kept), code, union.place(kept, member), message);
    }

    pub fn refuse_at(&mut self, position: Position, code: Code, at: String, message: String) {
        self.problems.push((position, Problem { code, at, message }));
    }

    pub fn confirm(&mut self, position: Position, at: String, message: String) {
        self.near_misses.push((position, NearMiss { at, message }));
    }

    /// How many problems there are so far.
    pub fn count(&self) -> usize {
        self.problems.len()
    }

    /// Record by record, and of one record as they were found.
    pub fn into_review(mut self) -> Review {
        self.problems.sort_by_key(|(position, _)| *position);
        self.near_misses.sort_by_key(|(position, _)| *position);
        Review {
            problems: self.problems.into_iter().map(|(_, problem)| problem).collect(),
            near_misses: self.near_misses.into_iter().map(|(_, near_miss)| near_miss).collect(),
        }
    }
}
