//! Is every record, and what is kept beside the records, what the journal says of it last? A page that a disk gives back as
//! it was once, or an edit by somebody with the key, would otherwise be a figure that nobody can tell from a right one.

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
use crate::beside::Beside;
use crate::error::BookError;
use crate::tables::biller::{self, FileOf};
use crate::tables::{self, Table, company_line, journal, logo, note, owner, programme, terms};

/// The first record, by its kind and then as it was recorded, that differs from its last entry in the journal.
pub fn first_difference(connection: &Connection) -> Result<Option<Finding>, BookError> {
    let mut said = Said::read(connection)?;
    said.compare_what_is_beside(connection)?;
    let Some(programme) = programme::read(connection)? else { return Ok(said.first()) };
    said.compare(Kind::Record(RecordKind::Programme), "programme", &programme);
    for version in terms::all(connection, programme.currency)? {
        said.compare(Kind::Record(RecordKind::Terms), &version.effective_on.to_string(), &version);
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
    for (affiliate, month, lines) in company_line::all(connection, programme.currency)? {
        said.compare(Kind::Beside(Beside::CompanyPaid), &format!("{affiliate} {month}"), &lines);
    }
    Ok(said.first())
}

/// What the journal says last of each record in effect: the SHA-256 of its text.
struct Said {
    of: HashMap<(Kind, String), [u8; 32]>,
    differing: Option<Finding>,
}

/// What a journal's entry is of, if the book keeps it as it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Kind {
    Record(RecordKind),
    Beside(Beside),
}

impl Kind {
    fn parse(record: &str) -> Option<Self> {
        let beside = || Beside::parse(record).map(Self::Beside);
        RecordKind::parse(record).map(Self::Record).or_else(beside)
    }

    fn words(self) -> &'static str {
        match self {
            Self::Record(kind) => kind.words(),
            Self::Beside(beside) => beside.words(),
        }
    }
}

impl Said {
    fn read(connection: &Connection) -> rusqlite::Result<Self> {
        let mut of = HashMap::new();
        journal::for_each_record(connection, |record, id, after| {
            let Some(kind) = Kind::parse(record) else { return };
            let after = match kind {
                // The journal has no more of it than whose the book is, which stays.
                Kind::Beside(Beside::Owner) => Some(""),
                // Where nothing is left, nothing is kept.
                Kind::Beside(Beside::CompanyPaid) => after.filter(|after| *after != "[]"),
                _ => after,
            };
            match after {
                Some(after) => of.insert((kind, id.to_owned()), Sha256::digest(after).into()),
                None => of.remove(&(kind, id.to_owned())),
            };
        })?;
        Ok(Self { of, differing: None })
    }

    /// What is kept beside the records, and journalled as they are.
    fn compare_what_is_beside(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        if let Some(owner) = owner::read(connection)? {
            self.compare_text(Kind::Beside(Beside::Owner), &owner, "");
        }
        if let Some(png) = logo::read(connection)? {
            self.compare_text(Kind::Beside(Beside::Logo), "logo", &logo::journalled(&png));
        }
        for (affiliate, biller) in biller::all(connection)? {
            self.compare(Kind::Beside(Beside::Biller), &affiliate, &biller);
        }
        for (kind, affiliate, file) in biller::files(connection)? {
            let of = if kind == FileOf::Logo.as_str() { FileOf::Logo } else { FileOf::Agreement };
            self.compare_text(Kind::Beside(of.into()), &affiliate, &file.journalled());
        }
        for note in note::all(connection)? {
            self.compare(Kind::Beside(Beside::Note), note.id.as_str(), &note);
        }
        Ok(())
    }

    /// What stands under a contract that was voided reads as under none, and the journal may know it from either side of
    /// that: what does not fit as it reads is looked at as it is stored.
    fn compare_all<T: Table>(&mut self, connection: &Connection, currency: Currency) -> rusqlite::Result<()> {
        let mut in_doubt = HashSet::new();
        tables::for_each::<T>(connection, currency, &[T::SELECT, T::AS_TOLD].concat(), |record| {
            if !self.strike_out(Kind::Record(T::KIND), record.id(), &text(&record)) {
                in_doubt.insert(record.id().to_owned());
            }
        })?;
        if in_doubt.is_empty() {
            return Ok(());
        }
        tables::for_each::<T>(connection, currency, T::SELECT, |record| {
            if in_doubt.contains(record.id()) {
                self.compare(Kind::Record(T::KIND), record.id(), &record);
            }
        })
    }

    fn compare(&mut self, kind: Kind, id: &str, record: &impl Serialize) {
        self.compare_text(kind, id, &text(record));
    }

    fn compare_text(&mut self, kind: Kind, id: &str, text: &str) {
        if self.strike_out(kind, id, text) {
            return;
        }
        self.of.remove(&(kind, id.to_owned()));
        let what = "it is not what the journal says of it last".to_owned();
        self.differing.get_or_insert(Finding { at: format!("{} {id}", kind.words()), what });
    }

    /// A record that is as the journal says is struck out: what is left at the end is missing in the book.
    fn strike_out(&mut self, kind: Kind, id: &str, text: &str) -> bool {
        let key = (kind, id.to_owned());
        let is_as_said = self.of.get(&key).is_some_and(|said| *said == <[u8; 32]>::from(Sha256::digest(text)));
        if is_as_said {
            self.of.remove(&key);
        }
        is_as_said
    }

    fn first(self) -> Option<Finding> {
        let missing = self.of.keys().min().map(|(kind, id)| Finding {
            at: format!("{} {id}", kind.words()),
            what: "the journal says that it is in effect, and it is not in the book".to_owned(),
        });
        self.differing.or(missing)
    }
}

fn text(record: &impl Serialize) -> String {
    serde_json::to_string(record).expect("a record is JSON")
}
