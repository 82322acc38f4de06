//! The file: an encrypted SQLite book in a folder of its own. The only SQL is here.
//!
//! `NAME.refbook/` holds `book.db` (SQLCipher), `key.json` (the root key, wrapped for each way in; `key.previous.json` is
//! a second copy), `head.json` (where the journal ends, so that an older copy is noticed), `lock` and `backups/`. Reads
//! never write.

pub mod backup;
mod beside;
mod change;
mod connection;
mod direct;
mod error;
mod everything;
mod facts;
mod file;
mod head;
mod invoices;
mod keys;
mod lists;
mod lock;
mod migrate;
mod month;
mod new_key;
mod outlook;
mod packed;
pub mod place;
mod records;
mod restore;
mod space;
mod tables;
mod verify;
mod ways;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use chrono::{DateTime, SecondsFormat, Utc};
use rules::affiliate::Affiliate;
use rules::client::Client;
use rules::contract::Contract;
use rules::day::Day;
use rules::id::Id;
use rules::invoice::Invoice;
use rules::month::Month;
use rules::quote::Quote;
use rules::records::{RecordKind, Records};
use rules::statement::YearToDate;
use rules::terms::{Programme, TermsVersion};
use rusqlite::{Connection, TransactionBehavior};

pub use change::{Change, Closing, Sealing};
pub use direct::{BilledDays, Direct};
pub use error::BookError;
pub use facts::FactsOf;
pub use file::{name, sync_name, write_durably, write_whole};
pub use head::HeadError;
pub use keys::{KeyError, KeychainKey, Mistyped, Passphrase, RecoveryCode, Way, WayIn, WayKind, WaysInto};
pub use lists::{ClientOrder, Page, ReferralFilter};
pub use lock::LockError;
pub use month::OpenMonth;
pub use outlook::{Live, Outlook};
pub use packed::{Packed, unpack};
pub use restore::{Preview, backup_in};
pub use tables::Table;
pub use tables::batch::{Batch, Deed};
pub use tables::biller::{Biller, FileOf, KeptFile};
pub use tables::client_search::ClientNamed;
pub use tables::company_line::CompanyPaid;
pub use tables::invoice::{InvoiceFor, InvoiceNamed, InvoiceNumbered};
pub use tables::journal::{Changed, Told};
pub use tables::note::Note;
pub use tables::open_invoice::OpenSum;
pub use tables::receipt::ReceiptRow;
pub use tables::referral::{ReferralListed, Stage};
pub use tables::statement::{MonthSums, Payout, SealedRow, Totals};
pub use verify::{Check, Finding, Reader};
pub use ways::{book_around, ways_into};

use backup::{Reason, rotation};
use head::Kept;
use keys::{KeyFile, Keys};
use lock::Lock;
use tables::journal::{self, Head};
use tables::{
    affiliate, batch, biller, closing, company_line, contract, invoice, logo, owner, programme, quote, receipt,
    statement, terms, unsaved,
};

/// An open book.
pub struct Book {
    connection: Connection,
    /// Shared with a backup that is being checked while the book works on.
    keys: Arc<Keys>,
    /// Where it lies, and that nobody else has it; `None` of one in memory.
    place: Option<(PathBuf, Lock)>,
    key_file_was: Option<KeyFileWas>,
}

/// What was wrong with the key file of a book that its copy opened.
#[derive(Debug)]
pub struct KeyFileWas {
    pub wrong: KeyError,
    /// From the copy. A full disk keeps it from that, and is no reason not to open the book.
    pub is_written_anew: bool,
}

/// What to do with a book that is older than `head.json` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OlderCopy {
    Refuse,
    /// The owner put a backup back on purpose: its journal's end becomes the head.
    Accept,
}

impl Book {
    /// Makes a new book in a new folder, with its first way in.
    pub fn create<'a>(folder: &Path, way: impl Into<WayIn<'a>>) -> Result<Self, BookError> {
        if folder.exists() {
            return Err(BookError::Exists(folder.to_owned()));
        }
        file::make_folder(folder)?;
        Self::create_in(folder, way.into()).inspect_err(|_| {
            // A book that was not made leaves nothing behind; the folder is ours, made above.
            let _ = std::fs::remove_dir_all(folder);
        })
    }

    fn create_in(folder: &Path, way: WayIn<'_>) -> Result<Self, BookError> {
        let lock = Lock::take(folder)?;
        let keys = Arc::new(Keys::random()?);
        let key_file = KeyFile::new(way, &keys)?;
        key_file.write(folder)?;
        let mut connection = connection::create(&folder.join(connection::FILE), &keys)?;
        migrate::to_newest(&mut connection)?;
        let book = Self { connection, keys, place: Some((folder.to_owned(), lock)), key_file_was: None };
        book.write_head(Kept { head: Head::EMPTY, key_changes: key_file.changes() })?;
        Ok(book)
    }

    /// Makes a book that never touches the disk, and is gone when it is closed.
    pub fn in_memory() -> Result<Self, BookError> {
        let mut connection = connection::in_memory()?;
        migrate::to_newest(&mut connection)?;
        // Written nowhere: what they seal is gone with them.
        Ok(Self { connection, keys: Arc::new(Keys::random()?), place: None, key_file_was: None })
    }

    /// Opens a book, and brings it to the newest version. A change of its key that was interrupted is finished first.
    pub fn open<'a>(folder: &Path, way: impl Into<WayIn<'a>>, older: OlderCopy) -> Result<Self, BookError> {
        let file = folder.join(connection::FILE);
        if !file.is_file() && !restore::is_wanted(folder) {
            return Err(without_its_file(folder));
        }
        let lock = Lock::take(folder)?;
        restore::finish(folder)?;
        let (key_file, wrong) = KeyFile::read_or_copy(folder)?;
        let keys = Arc::new(key_file.open(way.into())?);
        new_key::settle(folder, &keys)?;
        let connection = connection::open(&file, &keys)?;
        migrate::check_version(&connection)?;
        let mut book = Self { connection, keys, place: Some((folder.to_owned(), lock)), key_file_was: None };
        book.check_copies(&key_file, wrong, older)?;
        book.migrate(folder)?;
        Ok(book)
    }

    fn migrate(&mut self, folder: &Path) -> Result<(), BookError> {
        if migrate::is_due(&self.connection)? {
            migrate::check_before(&self.connection, folder)?;
            backup::whole(&self.connection, &self.keys, folder, Reason::Migration, SystemTime::now().into())?;
            migrate::to_newest(&mut self.connection)?;
        }
        Ok(())
    }

    /// What was wrong with the key file when the book was opened, by its copy.
    pub fn key_file_was(&self) -> Option<&KeyFileWas> {
        self.key_file_was.as_ref()
    }

    /// Its folder; `None` of a book in memory.
    pub fn folder(&self) -> Option<&Path> {
        self.place.as_ref().map(|(folder, _)| folder.as_path())
    }

    /// What finds its backups, the newest first, and reads each through, without the book; none of a book in memory.
    pub fn look_at_backups(&self) -> impl FnOnce() -> Vec<backup::Backup> + Send + use<> {
        // The keys go with the book, also while all that is read.
        let (folder, keys) = (self.folder().map(Path::to_owned), Arc::downgrade(&self.keys));
        move || folder.map_or_else(Vec::new, |folder| backup::backups(&folder, Some(&keys)))
    }

    /// Whether its last ordinary backup is older than a day; a book in memory needs none.
    pub fn backup_is_due(&self, now: DateTime<Utc>) -> bool {
        self.folder().is_some_and(|folder| rotation::is_due(backup::made(folder, &self.keys), now))
    }

    pub fn programme(&self) -> Result<Option<Programme>, BookError> {
        Ok(programme::read(&self.connection)?)
    }

    /// The later versions of the programme's terms, by the day.
    pub fn terms(&self) -> Result<Vec<TermsVersion>, BookError> {
        let Some(programme) = self.programme()? else { return Ok(Vec::new()) };
        Ok(terms::all(&self.connection, programme.currency)?)
    }

    /// How an affiliate's own invoices look, if that was said.
    pub fn biller(&self, affiliate: &Id<Affiliate>) -> Result<Option<Biller>, BookError> {
        Ok(biller::read(&self.connection, affiliate)?)
    }

    /// An affiliate's file, if there is one.
    pub fn affiliate_file(&self, affiliate: &Id<Affiliate>, of: FileOf) -> Result<Option<KeptFile>, BookError> {
        Ok(biller::file(&self.connection, affiliate, of)?)
    }

    /// What the company says that it paid an affiliate for a month.
    pub fn company_paid(&self, affiliate: &Id<Affiliate>, month: Month) -> Result<Vec<CompanyPaid>, BookError> {
        let Some(programme) = self.programme()? else { return Ok(Vec::new()) };
        Ok(company_line::read(&self.connection, affiliate, month, programme.currency)?)
    }

    /// The programme's logo, a PNG, if it has one.
    pub fn logo(&self) -> Result<Option<Vec<u8>>, BookError> {
        Ok(logo::read(&self.connection)?)
    }

    /// Where the journal ends: as long as this stays, so does everything in the book.
    pub fn journal_end(&self) -> Result<i64, BookError> {
        Ok(journal::head(&self.connection)?.sequence)
    }

    /// Every record in effect.
    pub fn records(&self) -> Result<Records, BookError> {
        Ok(records::whole(&self.connection)?)
    }

    /// The records in effect that offered ones correct, refer to, or stand beside.
    pub fn records_around(&self, offered: &Records) -> Result<Records, BookError> {
        Ok(records::around(&self.connection, offered)?)
    }

    /// The live record with this id.
    pub fn find<T: Table>(&self, id: &str) -> Result<Option<T>, BookError> {
        let Some(programme) = self.programme()? else { return Ok(None) };
        Ok(tables::find(&self.connection, programme.currency, id)?)
    }

    /// All live affiliates, in the order in which they were recorded.
    pub fn affiliates(&self) -> Result<Vec<Affiliate>, BookError> {
        let Some(programme) = self.programme()? else { return Ok(Vec::new()) };
        Ok(tables::all(&self.connection, programme.currency)?)
    }

    /// All live quotes, in the order in which they were recorded.
    pub fn quotes(&self) -> Result<Vec<Quote>, BookError> {
        let Some(programme) = self.programme()? else { return Ok(Vec::new()) };
        Ok(tables::all(&self.connection, programme.currency)?)
    }

    /// What a quote was after each change of it, the oldest first.
    pub fn quote_history(&self, id: &str) -> Result<Vec<Quote>, BookError> {
        Ok(quote::history(&self.connection, id)?)
    }

    /// How many clients each of these affiliates has a referral of that is live on `today`; of those that have any.
    pub fn clients_referred(
        &self,
        affiliates: &[&Id<Affiliate>],
        today: Day,
    ) -> Result<HashMap<Id<Affiliate>, u32>, BookError> {
        let affiliates = tables::texts_array(affiliates.iter().map(|affiliate| affiliate.as_str()));
        Ok(affiliate::clients_referred(&self.connection, &affiliates, today)?)
    }

    /// The live records with these ids, in the order in which they were recorded.
    pub fn find_each<T: Table>(&self, ids: &[Id<T>]) -> Result<Vec<T>, BookError> {
        let Some(programme) = self.programme()? else { return Ok(Vec::new()) };
        let keys = tables::keys_of(&self.connection, T::KIND, &tables::texts_array(ids.iter().map(Id::as_str)))?;
        Ok(tables::with(&self.connection, programme.currency, "key", &tables::array(&keys))?)
    }

    /// Which ids of `records` belong to voided records: such an id can't be given again.
    pub fn voided_among(&self, records: &Records) -> Result<HashSet<(RecordKind, String)>, BookError> {
        Ok(records::voided_among(&self.connection, records)?)
    }

    /// Which ids of `records` were given to records that an undo took back: such an id may be recorded again.
    pub fn undone_among(&self, records: &Records) -> Result<HashSet<(RecordKind, String)>, BookError> {
        Ok(records::undone_among(&self.connection, records)?)
    }

    /// The newest batch that an undo would take back.
    pub fn newest_batch(&self) -> Result<Option<Batch>, BookError> {
        Ok(batch::newest(&self.connection)?)
    }

    /// What a batch did to each record, the last first.
    pub fn deeds(&self, batch: &Batch) -> Result<Vec<Deed>, BookError> {
        Ok(batch::deeds(&self.connection, batch.key)?)
    }

    /// The live records that hang on this one, and keep it from being voided.
    pub fn dependents(&self, kind: RecordKind, id: &str) -> Result<Vec<(RecordKind, String)>, BookError> {
        Ok(records::dependents(&self.connection, kind, id)?)
    }

    /// The affiliate whose own book it is; `None` in the office's.
    pub fn owner(&self) -> Result<Option<String>, BookError> {
        Ok(owner::read(&self.connection)?)
    }

    /// Keeps what a form holds until it is recorded; an empty text forgets it. No change of the records.
    pub fn keep_unsaved(&mut self, form: &str, text: &str) -> Result<(), BookError> {
        Ok(unsaved::keep(&self.connection, form, text)?)
    }

    pub fn unsaved(&self, form: &str) -> Result<Option<String>, BookError> {
        Ok(unsaved::of(&self.connection, form)?)
    }

    /// The highest number that an id of this kind has after `letter`, voided records included; 0 without one.
    pub fn highest_number(&self, kind: RecordKind, letter: &str) -> Result<i64, BookError> {
        Ok(tables::highest_number(&self.connection, kind, letter)?)
    }

    /// The live contracts whose original term ends from `from` to `to`, the first to end first, at most `most`.
    pub fn contracts_with_term_ending(&self, from: Day, to: Day, most: u32) -> Result<Vec<Contract>, BookError> {
        let Some(programme) = self.programme()? else { return Ok(Vec::new()) };
        Ok(contract::with_term_ending(&self.connection, programme.currency, (from, to), most)?)
    }

    /// The invoice with this id or, failing that, this number; voided ones too.
    pub fn invoice_named(&self, text: &str) -> Result<Option<InvoiceNamed>, BookError> {
        Ok(invoice::named(&self.connection, text)?)
    }

    /// The newest closed month.
    pub fn closed_through(&self) -> Result<Option<Month>, BookError> {
        Ok(closing::newest(&self.connection)?.map(|(_, month)| month))
    }

    /// The first month that anything is to be told of; `None` in a book without referrals.
    pub fn first_month(&self) -> Result<Option<Month>, BookError> {
        const FIRSTS: &str = "
            SELECT
                (SELECT min(registered_on) FROM referral WHERE voided_at IS NULL),
                (SELECT min(month) FROM adjustment WHERE voided_at IS NULL)
            ORDER BY 1";
        let (referral, adjustment) = self.connection.prepare_cached(FIRSTS)?.query_row([], |row| {
            Ok((tables::optional(row, 0, tables::day)?, tables::optional(row, 1, tables::month)?))
        })?;
        Ok(rules::inputs::first_month(referral, adjustment))
    }

    /// What an open month's statements are made from.
    pub fn month(&self, programme: Programme, month: Month) -> Result<OpenMonth, BookError> {
        month::read(&self.connection, programme, month)
    }

    /// What an open month and those after it are forecast from.
    pub fn outlook(&self, programme: Programme, month: Month) -> Result<Outlook, BookError> {
        outlook::read(&self.connection, programme, month)
    }

    pub fn is_closed(&self, month: Month) -> Result<bool, BookError> {
        Ok(closing::of(&self.connection, month)?.is_some())
    }

    /// How often a month was closed so far, reopened or not.
    pub fn times_closed(&self, month: Month) -> Result<u32, BookError> {
        Ok(closing::times(&self.connection, month)?)
    }

    /// A closed month's statements as sealed, by affiliate; `None` while it is open.
    pub fn sealed(&self, month: Month) -> Result<Option<Vec<SealedRow>>, BookError> {
        let Some(closing) = closing::of(&self.connection, month)? else { return Ok(None) };
        Ok(Some(statement::of_month(&self.connection, closing)?))
    }

    /// One affiliate's statement of a closed month.
    pub fn sealed_of(&self, month: Month, affiliate: &str) -> Result<Option<SealedRow>, BookError> {
        let Some(closing) = closing::of(&self.connection, month)? else { return Ok(None) };
        Ok(statement::one(&self.connection, closing, affiliate)?)
    }

    /// The sums of the closed months from `from` on, oldest first.
    pub fn month_sums(&self, from: Month) -> Result<Vec<MonthSums>, BookError> {
        let Some(programme) = self.programme()? else { return Ok(Vec::new()) };
        Ok(statement::sums_since(&self.connection, from, programme.currency)?)
    }

    /// The sums of a calendar year's closed statements of these affiliates; of those that have one.
    pub fn years(
        &self,
        affiliates: &[&Id<Affiliate>],
        year: i32,
    ) -> Result<HashMap<Id<Affiliate>, YearToDate>, BookError> {
        let Some(programme) = self.programme()? else { return Ok(HashMap::new()) };
        let affiliates = tables::texts_array(affiliates.iter().map(|affiliate| affiliate.as_str()));
        Ok(statement::years(&self.connection, &affiliates, year, programme.currency)?)
    }

    /// What closed months paid out to an affiliate, and carried, newest first.
    pub fn payouts(&self, affiliate: &Id<Affiliate>) -> Result<Vec<Payout>, BookError> {
        let Some(programme) = self.programme()? else { return Ok(Vec::new()) };
        Ok(statement::payouts(&self.connection, affiliate.as_str(), programme.currency)?)
    }

    /// The closed months that paid, kept or took back something for an invoice, oldest first.
    pub fn months_settling(&self, invoice: &Id<Invoice>) -> Result<Vec<Month>, BookError> {
        Ok(statement::months_settling(&self.connection, invoice.as_str())?)
    }

    /// Which of `clients` a closed month before `month` paid, kept or took back something for: of all affiliates'
    /// referrals, or of one's.
    pub fn clients_settled_before(
        &self,
        month: Month,
        affiliate: Option<&str>,
        clients: &[&Id<Client>],
    ) -> Result<HashSet<Id<Client>>, BookError> {
        let clients = tables::texts_array(clients.iter().map(|client| client.as_str()));
        Ok(statement::clients_settled_before(&self.connection, month, affiliate, &clients)?)
    }

    /// The receipt that was sealed when a referral, live still, was registered.
    pub fn receipt(&self, referral: &str) -> Result<Option<ReceiptRow>, BookError> {
        Ok(receipt::of(&self.connection, referral)?)
    }

    /// Makes one change: all of it is kept and journalled, or nothing. `at` is the time it is recorded with.
    pub fn change<T, E: From<BookError>>(
        &mut self,
        at: DateTime<Utc>,
        act: impl FnOnce(&mut Change<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let sql = |error: rusqlite::Error| E::from(BookError::from(error));
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sql)?;
        let at = at.to_rfc3339_opts(SecondsFormat::Secs, true);
        let mut change = Change::begin(&transaction, &self.keys, at).map_err(sql)?;
        let before = change.head();
        let done = act(&mut change)?;
        let head = change.head();
        transaction.commit().map_err(sql)?;
        if head != before {
            // The change is kept by now. A head that lags behind is only weaker evidence, and the next change mends it.
            let _ = self.keep_head(head);
        }
        Ok(done)
    }

    /// Beside what is kept of the key file as it lies there.
    fn keep_head(&self, head: Head) -> Result<(), BookError> {
        let Some((folder, _)) = &self.place else { return Ok(()) };
        self.write_head(Kept { head, key_changes: KeyFile::read(folder)?.changes() })
    }

    fn write_head(&self, kept: Kept) -> Result<(), BookError> {
        let Some((folder, _)) = &self.place else { return Ok(()) };
        Ok(head::write(folder, &self.keys, kept)?)
    }

    /// Refuses older copies, and then makes the key file and its copy one: of use when the key file is damaged one day, as it
    /// may be by now. A full disk is no reason not to open the book.
    fn check_copies(&mut self, file: &KeyFile, wrong: Option<KeyError>, older: OlderCopy) -> Result<(), BookError> {
        let folder = self.own_folder()?.to_owned();
        match (self.check_head(file.changes(), older), wrong) {
            // The copy is from before a change, and what was removed or replaced then opens nothing.
            (Err(BookError::OlderKeyFile), Some(wrong)) => return Err(wrong.into()),
            (checked, None) => {
                checked?;
                let _ = keys::copy(&folder);
            }
            (checked, Some(wrong)) => {
                checked?;
                let is_written_anew = keys::put_back(&folder).is_ok();
                self.key_file_was = Some(KeyFileWas { wrong, is_written_anew });
            }
        }
        Ok(())
    }

    /// An older copy in place of the book or of its key file: SQLCipher can't see it, what is kept outside of both can.
    fn check_head(&self, key_changes: u64, older: OlderCopy) -> Result<(), BookError> {
        let Some((folder, _)) = &self.place else { return Ok(()) };
        let now = Kept { head: journal::head(&self.connection)?, key_changes };
        let refused = match head::read(folder, &self.keys) {
            Ok(kept) if kept == now => return Ok(()),
            Ok(kept) => self.is_older(kept, key_changes)?,
            Err(error) => Some(error.into()),
        };
        match (refused, older) {
            (None, _) => {
                // It lags behind an interruption. A full disk is no reason not to open the book.
                let _ = self.write_head(now);
                Ok(())
            }
            (Some(_), OlderCopy::Accept) => self.write_head(now),
            (Some(error), OlderCopy::Refuse) => Err(error),
        }
    }

    /// What was put back from before, if anything was. Behind by an interruption is what is kept, not what is there.
    fn is_older(&self, kept: Kept, key_changes: u64) -> Result<Option<BookError>, BookError> {
        let Head { sequence, hash } = kept.head;
        let follows = sequence == 0 || journal::hash_at(&self.connection, sequence)? == Some(hash);
        Ok(if !follows {
            Some(BookError::OlderCopy { book: journal::head(&self.connection)?.sequence, head: sequence })
        } else if key_changes < kept.key_changes {
            Some(BookError::OlderKeyFile)
        } else {
            None
        })
    }
}

/// A folder without `book.db`: no book, unless something of one is there still.
fn without_its_file(folder: &Path) -> BookError {
    let rest = [keys::FILE, head::FILE];
    if rest.iter().any(|name| folder.join(name).exists()) {
        BookError::Damaged("book.db is missing".to_owned())
    } else {
        BookError::NotABook(folder.to_owned())
    }
}
