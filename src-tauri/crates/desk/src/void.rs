//! Voiding a record: it stays in the book with the reason, and counts for nothing from the next open month on.

use book::Table;
use rules::affiliate::{Adjustment, Affiliate};
use rules::client::Client;
use rules::contract::Contract;
use rules::debt::{OwnEntry, Resale};
use rules::id::Id;
use rules::invoice::{CreditNote, Invoice, Payment, Refund, Remittance};
use rules::own_price::OwnPrice;
use rules::quote::Quote;
use rules::records::{RecordKind, Records};
use rules::referral::Referral;
use rules::refusal::{Offer, review};
use sha2::{Digest, Sha256};

use crate::{Code, Desk, DeskError, Now};

impl Desk {
    /// Voids a record. Refused while others lean on it, and if a closed month would have to change.
    pub fn void(&mut self, kind: RecordKind, id: &str, reason: &str, now: Now) -> Result<(), DeskError> {
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(DeskError::new(Code::ReasonMissing, "A record is voided with a reason. Say why."));
        }
        let dependents = self.book.dependents(kind, id)?;
        if let [(leaning, first), ..] = dependents.as_slice() {
            let (what, by) = (self.called(kind, id)?, self.called(*leaning, first)?);
            let message = format!(
                "The {} \"{what}\" is needed by {} \"{by}\". Void that one first.",
                kind.words(),
                leaning.words()
            );
            return Err(DeskError::new(Code::Needed, message));
        }
        match kind {
            RecordKind::Programme | RecordKind::Terms => Err(DeskError::new(
                Code::Needed,
                "The programme and its terms can't be voided. Import a corrected version instead.",
            )),
            RecordKind::Affiliate => {
                self.has_no_closed_statement(id)?;
                self.void_record::<Affiliate>(id, reason, now)
            }
            RecordKind::Client => self.void_record::<Client>(id, reason, now),
            RecordKind::Referral => self.void_record::<Referral>(id, reason, now),
            RecordKind::Contract => self.void_record::<Contract>(id, reason, now),
            RecordKind::Invoice => self.void_record::<Invoice>(id, reason, now),
            RecordKind::Refund => self.void_record::<Refund>(id, reason, now),
            RecordKind::Quote => self.void_record::<Quote>(id, reason, now),
            RecordKind::OwnPrice => self.void_record::<OwnPrice>(id, reason, now),
            RecordKind::Resale => {
                let resales = vec![self.find::<Resale>(id)?];
                self.others_hold_without(&Records { resales, ..Records::default() })?;
                self.void_record::<Resale>(id, reason, now)
            }
            RecordKind::OwnEntry => {
                let own_entries = vec![self.find::<OwnEntry>(id)?];
                self.others_hold_without(&Records { own_entries, ..Records::default() })?;
                self.void_record::<OwnEntry>(id, reason, now)
            }
            RecordKind::CreditNote => self.void_record::<CreditNote>(id, reason, now),
            RecordKind::Payment => {
                let payments = vec![self.find::<Payment>(id)?];
                self.others_hold_without(&Records { payments, ..Records::default() })?;
                self.void_record::<Payment>(id, reason, now)
            }
            RecordKind::Remittance => {
                let remittances = vec![self.find::<Remittance>(id)?];
                self.others_hold_without(&Records { remittances, ..Records::default() })?;
                self.void_record::<Remittance>(id, reason, now)
            }
            RecordKind::Adjustment => {
                self.is_of_an_open_month(&self.find::<Adjustment>(id)?)?;
                self.void_record::<Adjustment>(id, reason, now)
            }
        }
    }

    /// What was paid may have to be taken back from it.
    fn has_no_closed_statement(&self, affiliate: &str) -> Result<(), DeskError> {
        let Some(newest) = self.book.payouts(&Id::new(affiliate))?.into_iter().next() else { return Ok(()) };
        let message = format!(
            "The affiliate has a statement of {}, which is closed. It stays in the book.",
            newest.month.words()
        );
        Err(DeskError::new(Code::MonthClosed, message))
    }

    fn void_record<T: Table>(&mut self, id: &str, reason: &str, now: Now) -> Result<(), DeskError> {
        let record = self.find::<T>(id)?;
        let words = format!("The {} {} voided", T::KIND.words(), self.called(T::KIND, id)?);
        self.book.change(now.at, |change| {
            change.begin_batch(&words, &Sha256::digest(&words).into())?;
            Ok(change.void(&record, reason)?)
        })
    }

    /// A record as people call it: by its name or number, if it has one.
    fn called(&self, kind: RecordKind, id: &str) -> Result<String, DeskError> {
        Ok(match kind {
            RecordKind::Affiliate => self.find::<Affiliate>(id)?.name,
            RecordKind::Client => self.find::<Client>(id)?.name,
            RecordKind::Invoice => self.find::<Invoice>(id)?.number,
            _ => id.to_owned(),
        })
    }

    pub(crate) fn find<T: Table>(&self, id: &str) -> Result<T, DeskError> {
        self.book.find::<T>(id)?.ok_or_else(|| {
            let message = format!("There is no {} \"{id}\" in the book, or it was voided.", T::KIND.words());
            DeskError::new(Code::UnknownRecord, message)
        })
    }

    /// A refund gives back what was received, and a write-off is of what is owed: what they rest on can't be taken away.
    fn others_hold_without(&self, voided: &Records) -> Result<(), DeskError> {
        let mut left = self.book.records_around(voided)?;
        left.payments.retain(|payment| !voided.payments.contains(payment));
        left.remittances.retain(|remittance| !voided.remittances.contains(remittance));
        left.resales.retain(|resale| !voided.resales.contains(resale));
        left.own_entries.retain(|entry| !voided.own_entries.contains(entry));
        let resting = Records {
            refunds: std::mem::take(&mut left.refunds),
            own_entries: std::mem::take(&mut left.own_entries),
            ..Records::default()
        };
        match review(&left, &Offer::of(resting)).problems.into_iter().next() {
            None => Ok(()),
            Some(problem) => Err(DeskError::new(Code::Needed, format!("Without it: {}", problem.message))),
        }
    }

    /// "An edit that would change what a closed statement says of itself is refused (`month_closed`)."
    fn is_of_an_open_month(&self, adjustment: &Adjustment) -> Result<(), DeskError> {
        if self.book.closed_through()?.is_none_or(|closed| adjustment.month > closed) {
            return Ok(());
        }
        let (id, month) = (&adjustment.id, adjustment.month);
        let month = month.words();
        let message = format!("The adjustment \"{id}\" is of {month}, which is closed. Adjust the next open month.");
        Err(DeskError::new(Code::MonthClosed, message))
    }
}
