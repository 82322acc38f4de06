//! Importing a file: all of it, or nothing with everything that speaks against it.
//!
//! An import adds what is new and corrects what has the id of a record in the book; what it doesn't name stays. The
//! preview is the import without its last step, so the two can't say different things.

mod another;

use std::collections::{HashMap, HashSet};

use book::backup::Reason;
use book::{BookError, Change, Table};
use rules::client::Client;
use rules::id::Id;
use rules::invoice::Invoice;
use rules::money::{Currency, Money};
use rules::problem::{Code as Why, Problem};
use rules::records::{RecordKind, Records};
use rules::refusal::{NearMiss, Offer, Review, review};
use rules::terms::{Programme, TermsVersion};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::receipt::Registration;
use crate::{Desk, DeskError, Now};

/// What an import did, or would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    pub currency: Option<Currency>,
    /// Of each kind that the file has records of, in the order in which they depend on each other.
    pub tallies: Vec<Tally>,
    /// To confirm: a client whose name is nearly that of its affiliate's own company, and what takes the place of
    /// another record with the same id.
    pub near_misses: Vec<NearMiss>,
}

/// What became of the records of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Tally {
    #[serde(serialize_with = "as_member")]
    pub kind: RecordKind,
    pub new: usize,
    pub corrected: usize,
    pub unchanged: usize,
    /// The sum of the new ones, of kinds that have an amount.
    pub amount: Option<Money>,
    /// By how much the corrected ones change it.
    pub correction: Option<Money>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn as_member<S: serde::Serializer>(kind: &RecordKind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(kind.member())
}

/// An import of so many records is large: the book is backed up before it.
const LARGE: usize = 1000;

impl Imported {
    /// Whether the book has all of it already.
    pub fn changes_nothing(&self) -> bool {
        self.changes() == 0
    }

    /// How many records are new or corrected.
    fn changes(&self) -> usize {
        self.tallies.iter().map(|tally| tally.new + tally.corrected).sum()
    }
}

impl Desk {
    /// What importing `file` would do. Reads only.
    pub fn preview(&self, file: &[u8]) -> Result<Imported, DeskError> {
        let plan = self.plan(file)?;
        Ok(plan.imported())
    }

    /// Imports a file in refbook/1: all of it, in one transaction, as one batch.
    pub fn import(&mut self, source: &str, file: &[u8], now: Now) -> Result<Imported, DeskError> {
        let plan = self.plan(file)?;
        self.keep(&format!("Import of {source}"), file, &plan, now, |_| Ok(()))
    }

    /// Keeps what nothing speaks against as one batch, and does what else belongs to it in the same transaction.
    pub(crate) fn keep(
        &mut self,
        source: &str,
        file: &[u8],
        plan: &Plan,
        now: Now,
        also: impl FnOnce(&mut Change<'_>) -> Result<(), BookError>,
    ) -> Result<Imported, DeskError> {
        let imported = plan.imported();
        if !imported.changes_nothing() {
            self.back_up_before(&imported, now)?;
            let sha256 = Sha256::digest(file).into();
            self.book.change(now.at, |change| -> Result<(), BookError> {
                change.begin_batch(source, &sha256)?;
                record(change, &plan.existing, &plan.offered, &plan.undone)?;
                also(change)
            })?;
        }
        Ok(imported)
    }

    /// Before a large import into a book that has something to lose. Refused with the backup, if that fails.
    fn back_up_before(&self, imported: &Imported, now: Now) -> Result<(), DeskError> {
        if imported.changes() >= LARGE && self.book.first_month()?.is_some() {
            self.book.back_up(Reason::Import, now.at)?;
        }
        Ok(())
    }

    pub(crate) fn plan(&self, file: &[u8]) -> Result<Plan, DeskError> {
        let currency = self.book.programme()?.map(|programme| programme.currency);
        let reading = exchange::book::read(file, currency);
        let existing = self.book.records_around(&reading.offer.records)?;
        let mut review = self.review(&existing, &reading.offer, reading.problems)?;
        // Of a file alone: whoever gives a record another name in a form sees what it was called.
        another::tell(&existing, &reading.offer, &mut review);
        self.planned(existing, reading.offer, review)
    }

    /// Holds an offer against the book.
    pub(crate) fn weigh(&self, offer: Offer, problems: Vec<Problem>) -> Result<Plan, DeskError> {
        let existing = self.book.records_around(&offer.records)?;
        let review = self.review(&existing, &offer, problems)?;
        self.planned(existing, offer, review)
    }

    fn review(&self, existing: &Records, offer: &Offer, mut problems: Vec<Problem>) -> Result<Review, DeskError> {
        let review = review(existing, offer);
        problems.extend(review.problems);
        problems.extend(self.voided_ids(offer)?);
        problems.extend(self.closed_adjustments(existing, offer)?);
        Ok(Review { problems, ..review })
    }

    fn planned(&self, existing: Records, offer: Offer, review: Review) -> Result<Plan, DeskError> {
        if review.problems.is_empty() {
            let undone = self.book.undone_among(&offer.records)?;
            Ok(Plan { existing, offered: offer.records, undone, near_misses: review.near_misses })
        } else {
            Err(DeskError::refused(review.problems))
        }
    }

    /// The id of a voided record stays taken: what was voided is never brought back under its name.
    fn voided_ids(&self, offer: &Offer) -> Result<Vec<Problem>, DeskError> {
        let voided = self.book.voided_among(&offer.records)?;
        if voided.is_empty() {
            return Ok(Vec::new());
        }
        let mut problems = Vec::new();
        for kind in RecordKind::ALL {
            for (nth, id) in offer.records.ids(kind).into_iter().enumerate() {
                if voided.contains(&(kind, id.to_owned())) {
                    let at = format!("{}[{}].id", kind.member(), offer.places.of(kind, nth));
                    let message = format!(
                        "The {} \"{id}\" was voided in the book, and its id stays taken. Give it another id.",
                        kind.words()
                    );
                    problems.push(Problem { code: Why::DuplicateId, at, message });
                }
            }
        }
        Ok(problems)
    }

    /// "Adjustments to a month that is closed are refused (`month_closed`)": new ones, and changes of old ones.
    fn closed_adjustments(&self, existing: &Records, offer: &Offer) -> Result<Vec<Problem>, DeskError> {
        let Some(closed) = self.book.closed_through()? else { return Ok(Vec::new()) };
        let before = by_id(&existing.adjustments);
        let mut problems = Vec::new();
        for (nth, adjustment) in offer.records.adjustments.iter().enumerate() {
            let before = before.get(adjustment.id.as_str()).copied();
            let month = before.map_or(adjustment.month, |before| before.month.min(adjustment.month));
            if before != Some(adjustment) && month <= closed {
                let at = format!("adjustments[{}].month", offer.places.of(RecordKind::Adjustment, nth));
                let id = &adjustment.id;
                let message = format!(
                    "Adjustment \"{id}\" would change {}, which is closed. Adjust the next open month, {}.",
                    month.words(),
                    closed.next().words()
                );
                problems.push(Problem { code: Why::MonthClosed, at, message });
            }
        }
        Ok(problems)
    }
}

/// An offer that nothing speaks against, beside the records of the book that it touches.
pub(crate) struct Plan {
    pub existing: Records,
    pub offered: Records,
    /// Ids of records that an undo took back: they are recorded again.
    undone: Undone,
    pub near_misses: Vec<NearMiss>,
}

impl Plan {
    pub fn new_clients(&self) -> impl Iterator<Item = &Client> {
        let known = by_id(&self.existing.clients);
        self.offered.clients.iter().filter(move |client| !known.contains_key(client.id.as_str()))
    }

    /// The referrals that are new, with all that their receipts tell.
    pub fn registrations(&self) -> impl Iterator<Item = Registration<'_>> {
        let (existing, offered) = (&self.existing, &self.offered);
        let known = by_id(&existing.referrals);
        let new = offered.referrals.iter().filter(move |referral| !known.contains_key(referral.id.as_str()));
        new.filter_map(|referral| {
            let affiliates = offered.affiliates.iter().chain(&existing.affiliates);
            let clients = offered.clients.iter().chain(&existing.clients);
            Some(Registration {
                programme: offered.programme.as_ref().or(existing.programme.as_ref())?,
                affiliate: affiliates.into_iter().find(|affiliate| affiliate.id == referral.affiliate)?,
                client: clients.into_iter().find(|client| client.id == referral.client)?,
                referral,
            })
        })
    }

    pub fn imported(&self) -> Imported {
        let (existing, offered) = (&self.existing, &self.offered);
        let programme = offered.programme.as_ref().or(existing.programme.as_ref());
        let currency = programme.map(|programme| programme.currency);
        let Some(money) = currency else {
            return Imported { currency, tallies: Vec::new(), near_misses: self.near_misses.clone() };
        };
        let tallies = [
            tally_programme(existing.programme.as_ref(), offered.programme.as_ref()),
            tally_terms(&existing.terms, &offered.terms),
            tally(&existing.affiliates, &offered.affiliates, |_| None),
            tally(&existing.clients, &offered.clients, |_| None),
            tally(&existing.referrals, &offered.referrals, |_| None),
            tally(&existing.contracts, &offered.contracts, |_| None),
            tally(&existing.invoices, &offered.invoices, |invoice| Some(invoice.total())),
            tally(&existing.payments, &offered.payments, |payment| Some(payment.amount)),
            tally(&existing.refunds, &offered.refunds, |refund| Some(refund.amount)),
            tally(&existing.credit_notes, &offered.credit_notes, |note| Some(note.total(money))),
            tally(&existing.remittances, &offered.remittances, |remittance| Some(remittance.amount)),
            tally(&existing.adjustments, &offered.adjustments, |adjustment| Some(adjustment.amount)),
            tally(&existing.quotes, &offered.quotes, |_| None),
            tally(&existing.own_prices, &offered.own_prices, |_| None),
            tally(&existing.resales, &offered.resales, |resale| Some(resale.total())),
            tally(&existing.own_entries, &offered.own_entries, |entry| Some(entry.amount)),
        ];
        let tallies = tallies.into_iter().filter(|tally| tally.new + tally.corrected + tally.unchanged > 0).collect();
        Imported { currency, tallies, near_misses: self.near_misses.clone() }
    }
}

pub type Undone = HashSet<(RecordKind, String)>;

/// Records what is new or corrected.
pub fn record(
    change: &mut Change<'_>,
    existing: &Records,
    offered: &Records,
    undone: &Undone,
) -> Result<(), BookError> {
    if let Some(programme) = &offered.programme {
        change.record_programme(programme)?;
    }
    if let Some(programme) = offered.programme.as_ref().or(existing.programme.as_ref()) {
        for version in &offered.terms {
            change.record_terms(version, programme.currency)?;
        }
    }
    // What others lean on first.
    record_kind(change, &existing.affiliates, &offered.affiliates, undone)?;
    record_kind(change, &existing.clients, &offered.clients, undone)?;
    record_kind(change, &existing.referrals, &offered.referrals, undone)?;
    record_kind(change, &existing.contracts, &offered.contracts, undone)?;
    if numbers_change_hands(&existing.invoices, &offered.invoices) {
        change
            .while_numbers_change_hands(|change| record_kind(change, &existing.invoices, &offered.invoices, undone))?;
    } else {
        record_kind(change, &existing.invoices, &offered.invoices, undone)?;
    }
    record_kind(change, &existing.payments, &offered.payments, undone)?;
    record_kind(change, &existing.refunds, &offered.refunds, undone)?;
    record_kind(change, &existing.credit_notes, &offered.credit_notes, undone)?;
    record_kind(change, &existing.remittances, &offered.remittances, undone)?;
    record_kind(change, &existing.adjustments, &offered.adjustments, undone)?;
    record_kind(change, &existing.quotes, &offered.quotes, undone)?;
    record_kind(change, &existing.own_prices, &offered.own_prices, undone)?;
    record_kind(change, &existing.resales, &offered.resales, undone)?;
    record_kind(change, &existing.own_entries, &offered.own_entries, undone)
}

/// Whether an invoice is offered with the number that another one still has.
fn numbers_change_hands(existing: &[Invoice], offered: &[Invoice]) -> bool {
    let holders: HashMap<&str, &Id<Invoice>> =
        existing.iter().map(|invoice| (invoice.number.as_str(), &invoice.id)).collect();
    offered.iter().any(|invoice| holders.get(invoice.number.as_str()).is_some_and(|holder| **holder != invoice.id))
}

fn record_kind<T: Table>(
    change: &mut Change<'_>,
    existing: &[T],
    offered: &[T],
    undone: &Undone,
) -> Result<(), BookError> {
    let before = by_id(existing);
    for record in offered {
        let before = before.get(record.id()).copied();
        if before.is_none() && !undone.is_empty() && undone.contains(&(T::KIND, record.id().to_owned())) {
            change.record_again(record)?;
        } else if before != Some(record) {
            change.record(record, before)?;
        }
    }
    Ok(())
}

/// Records what nothing in the book has the id of.
pub fn record_new(change: &mut Change<'_>, records: &Records) -> Result<(), BookError> {
    record(change, &Records::default(), records, &Undone::new())
}

fn by_id<T: Table>(records: &[T]) -> HashMap<&str, &T> {
    records.iter().map(|record| (record.id(), record)).collect()
}

fn tally<T: Table>(existing: &[T], offered: &[T], amount_of: impl Fn(&T) -> Option<Money>) -> Tally {
    let before = by_id(existing);
    let mut tally = Tally::none(T::KIND);
    for record in offered {
        let before = before.get(record.id()).copied();
        tally.count(before.map(|before| before == record));
        let Some(amount) = amount_of(record) else { continue };
        match before.and_then(&amount_of) {
            None => tally.amount = Some(tally.amount.map_or(amount, |sum| sum + amount)),
            Some(before) => {
                let change = amount - before;
                tally.correction = Some(tally.correction.map_or(change, |sum| sum + change));
            }
        }
    }
    tally
}

fn tally_programme(existing: Option<&Programme>, offered: Option<&Programme>) -> Tally {
    let mut tally = Tally::none(RecordKind::Programme);
    if let Some(offered) = offered {
        tally.count(existing.map(|existing| existing == offered));
    }
    tally
}

fn tally_terms(existing: &[TermsVersion], offered: &[TermsVersion]) -> Tally {
    let mut tally = Tally::none(RecordKind::Terms);
    for version in offered {
        let before = existing.iter().find(|before| before.effective_on == version.effective_on);
        tally.count(before.map(|before| before == version));
    }
    tally
}

impl Tally {
    fn none(kind: RecordKind) -> Self {
        Self { kind, new: 0, corrected: 0, unchanged: 0, amount: None, correction: None }
    }

    /// Counts a record: whether the book has it, and whether it has it like this.
    fn count(&mut self, equal: Option<bool>) {
        match equal {
            None => self.new += 1,
            Some(false) => self.corrected += 1,
            Some(true) => self.unchanged += 1,
        }
    }
}
