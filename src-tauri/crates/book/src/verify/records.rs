//! Is every record what the journal says of it last? A page that a disk gives back as it was once, or an edit by somebody
//! with the key, would otherwise be a figure that nobody can tell from a right one.

use hashbrown::{HashMap, HashSet};
use rules::affiliate::{Adjustment, Affiliate};
use rules::client::Client;
use rules::contract::Contract;
use rules::debt::{OwnEntry, Resale};
use rules::invoice::{CreditNote, Invoice, Payment, Refund, Remittance};
use rules::money::Currency;
use rules::own_price::OwnPrice;
use rules::quote::Quote;
use rules::records::RecordKind;
use rules::referral::Referral;
use rusqlite::Connection;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::Finding;
use crate::tables::{self, Table, journal, programme, terms};

/// The first record, by its kind and then as it was recorded, that differs from its last entry in the journal.
pub fn first_difference(connection: &Connection) -> rusqlite::Result<Option<Finding>> {
    let mut said = Said::read(connection)?;
    let Some(programme) = programme::read(connection)? else { return Ok(said.missing()) };
    said.compare(RecordKind::Programme, "programme", &programme);
    for version in terms::all(connection, programme.currency)? {
        said.compare(RecordKind::Terms, &version.effective_on.to_string(), &version);
    }
    said.compare_all::<Affiliate>(connection, programme.currency)?;
    said.compare_all::<Client>(connection, programme.currency)?;
    said.compare_all::<Referral>(connection, programme.currency)?;
    said.compare_all::<Contract>(connection, programme.currency)?;
    said.compare_all::<Invoice>(connection, programme.currency)?;
    said.compare_all::<Payment>(connection, programme.currency)?;
    said.compare_all::<Refund>(connection, programme.currency)?;
    said.compare_all::<CreditNote>(connection, programme.currency)?;
    said.compare_all::<Remittance>(connection, programme.currency)?;
    said.compare_all::<Adjustment>(connection, programme.currency)?;
    said.compare_all::<Quote>(connection, programme.currency)?;
    said.compare_all::<OwnPrice>(connection, programme.currency)?;
    said.compare_all::<Resale>(connection, programme.currency)?;
    said.compare_all::<OwnEntry>(connection, programme.currency)?;
    let missing = said.missing();
    Ok(said.differing.or(missing))
}

/// What the journal says last of each record in effect: the SHA-256 of its text.
struct Said {
    of: HashMap<(RecordKind, String), [u8; 32]>,
    differing: Option<Finding>,
}

impl Said {
    fn read(connection: &Connection) -> rusqlite::Result<Self> {
        let mut of = HashMap::new();
        journal::for_each_record(connection, |record, id, after| {
            let Some(kind) = RecordKind::parse(record) else { return };
            match after {
                Some(after) => of.insert((kind, id.to_owned()), Sha256::digest(after).into()),
                None => of.remove(&(kind, id.to_owned())),
            };
        })?;
        Ok(Self { of, differing: None })
    }

    /// What stands under a contract that was voided reads as under none, and the journal may know it from either side of
    /// that: what does not fit as it reads is looked at as it is stored.
    fn compare_all<T: Table>(&mut self, connection: &Connection, currency: Currency) -> rusqlite::Result<()> {
        let mut in_doubt = HashSet::new();
        tables::for_each::<T>(connection, currency, &[T::SELECT, T::AS_TOLD].concat(), |record| {
            if !self.strike_out(T::KIND, record.id(), &record) {
                in_doubt.insert(record.id().to_owned());
            }
        })?;
        if in_doubt.is_empty() {
            return Ok(());
        }
        tables::for_each::<T>(connection, currency, T::SELECT, |record| {
            if in_doubt.contains(record.id()) {
                self.compare(T::KIND, record.id(), &record);
            }
        })
    }

    fn compare(&mut self, kind: RecordKind, id: &str, record: &impl Serialize) {
        if self.strike_out(kind, id, record) {
            return;
        }
        self.of.remove(&(kind, id.to_owned()));
        let what = "it is not what the journal says of it last".to_owned();
        self.differing.get_or_insert(Finding { at: format!("{} {id}", kind.words()), what });
    }

    /// A record that is as the journal says is struck out: what is left at the end is missing in the book.
    fn strike_out(&mut self, kind: RecordKind, id: &str, record: &impl Serialize) -> bool {
        let text = serde_json::to_vec(record).expect("a record is JSON");
        let key = (kind, id.to_owned());
        let is_as_said = self.of.get(&key).is_some_and(|said| *said == <[u8; 32]>::from(Sha256::digest(text)));
        if is_as_said {
            self.of.remove(&key);
        }
        is_as_said
    }

    fn missing(&self) -> Option<Finding> {
        let (kind, id) = self.of.keys().min()?;
        let what = "the journal says that it is in effect, and it is not in the book".to_owned();
        Some(Finding { at: format!("{} {id}", kind.words()), what })
    }
}
