//! A change of the book: one transaction, with a journal entry for each record that it touches.

use rules::affiliate::Affiliate;
use rules::client::Client;
use rules::day::Day;
use rules::id::Id;
use rules::money::{Currency, Money};
use rules::month::Month;
use rules::records::{RecordKind, Records};
use rules::referral::Referral;
use rules::statement::Statement;
use rules::terms::{Programme, TermsVersion};
use rusqlite::{Connection, named_params};
use serde::Serialize;

use crate::beside::Beside;
use crate::error::BookError;
use crate::keys::Keys;
use crate::month::{self, OpenMonth};
use crate::packed::Packed;
use crate::records;
use crate::tables::batch::{Batch, Deed};
use crate::tables::biller::{self, Biller, FileOf, KeptFile};
use crate::tables::company_line::{self, CompanyPaid};
use crate::tables::journal::{self, Entry, Head};
use crate::tables::note::{self, Note};
use crate::tables::{
    Known, Table, array, batch, closing, invoice, logo, owner, programme, receipt, statement, terms, unsaved,
};

/// An open transaction. Nothing of it is kept unless the whole is.
pub struct Change<'a> {
    connection: &'a Connection,
    keys: &'a Keys,
    at: String,
    head: Head,
    batch: Option<i64>,
}

/// A statement to seal.
pub struct Sealing<'a> {
    pub closing: i64,
    pub number: &'a str,
    pub previous: Option<&'a [u8; 32]>,
    pub document: &'a Packed,
    pub statement: &'a Statement,
}

impl<'a> Change<'a> {
    pub(crate) fn begin(connection: &'a Connection, keys: &'a Keys, at: String) -> rusqlite::Result<Self> {
        Ok(Self { connection, keys, at, head: journal::head(connection)?, batch: None })
    }

    pub(crate) fn head(&self) -> Head {
        self.head
    }

    /// Everything recorded from here on belongs to a new batch: an import of `source`, whose content has this hash.
    pub fn begin_batch(&mut self, source: &str, sha256: &[u8; 32]) -> Result<(), BookError> {
        self.start(source, sha256, None)
    }

    /// What comes from here on belongs to no batch: an undo leaves it as it is.
    pub fn end_batch(&mut self) {
        self.batch = None;
    }

    /// Everything from here on takes back `batch`.
    pub fn begin_undo(&mut self, batch: &Batch) -> Result<(), BookError> {
        self.start(&format!("Undone: {}", batch.source), &[0; 32], Some(batch.key))
    }

    fn start(&mut self, source: &str, sha256: &[u8; 32], undoes: Option<i64>) -> Result<(), BookError> {
        let id = uuid::Uuid::now_v7().to_string();
        self.batch =
            Some(batch::insert(self.connection, &id, &self.at, source, sha256, self.head.sequence + 1, undoes)?);
        self.log("begin", "batch", &id, None, None, Some(source))
    }

    /// Takes back what recorded a record: it is voided, with the reason, and its id may be recorded again.
    pub fn unrecord(&mut self, deed: &Deed, reason: &str) -> Result<(), BookError> {
        // The programme is no record among others, and has no room for a reason.
        let (sql, at) = match deed.record.as_str() {
            "programme" => ("DELETE FROM programme".to_owned(), None),
            "terms" => (void_sql("terms", "effective_on"), Some(&self.at)),
            record => (void_sql(record, "id"), Some(&self.at)),
        };
        let mut statement = self.connection.prepare_cached(&sql)?;
        match at {
            None => statement.execute([])?,
            Some(at) => statement.execute(named_params! { ":at": at, ":reason": reason, ":id": deed.id })?,
        };
        drop(statement);
        self.log("void", &deed.record, &deed.id, deed.after.as_deref(), None, Some(reason))
    }

    /// Brings a voided record back in force.
    pub fn restore(&mut self, deed: &Deed) -> Result<(), BookError> {
        let sql = format!("UPDATE {} SET voided_at = NULL, void_reason = NULL WHERE id = :id", deed.record);
        self.connection.prepare_cached(&sql)?.execute(named_params! { ":id": deed.id })?;
        self.log("restore", &deed.record, &deed.id, None, deed.before.as_deref(), None)
    }

    /// The live records that hang on this one.
    pub fn dependents(&self, kind: RecordKind, id: &str) -> Result<Vec<(RecordKind, String)>, BookError> {
        Ok(records::dependents(self.connection, kind, id)?)
    }

    /// The records in effect that these touch.
    pub fn records_around(&self, records: &Records) -> Result<Records, BookError> {
        Ok(records::around(self.connection, records)?)
    }

    /// Records the programme, or corrects it.
    pub fn record_programme(&mut self, programme: &Programme) -> Result<(), BookError> {
        let before = programme::read(self.connection)?;
        if before.as_ref() == Some(programme) {
            return Ok(());
        }
        programme::put(self.connection, programme, self.batch)?;
        self.log_record(RecordKind::Programme, "programme", before.as_ref(), programme)
    }

    /// Records a version of the terms, or corrects the one of the same day.
    pub fn record_terms(&mut self, version: &TermsVersion, currency: Currency) -> Result<(), BookError> {
        let all = terms::all(self.connection, currency)?;
        let before = all.iter().find(|before| before.effective_on == version.effective_on);
        if before == Some(version) {
            return Ok(());
        }
        terms::put(self.connection, version, self.batch)?;
        self.log_record(RecordKind::Terms, &version.effective_on.to_string(), before, version)
    }

    /// Makes it an affiliate's own book.
    pub fn give_to(&mut self, affiliate: &str) -> Result<(), BookError> {
        owner::put(self.connection, affiliate)?;
        self.log("record", Beside::Owner.as_str(), affiliate, None, None, None)
    }

    /// Keeps a PNG as the programme's logo, or takes it away. The journal has its SHA-256, not the picture.
    pub fn set_logo(&mut self, png: Option<&[u8]>) -> Result<(), BookError> {
        let before = logo::read(self.connection)?.as_deref().map(logo::journalled);
        let after = png.map(logo::journalled);
        if before == after {
            return Ok(());
        }
        match png {
            Some(png) => logo::put(self.connection, png)?,
            None => logo::remove(self.connection)?,
        }
        self.log_kept(Beside::Logo, "logo", before.as_deref(), after.as_deref())
    }

    /// Says how an affiliate's own invoices look.
    pub fn set_biller(&mut self, affiliate: &Id<Affiliate>, biller: &Biller) -> Result<(), BookError> {
        let before = biller::read(self.connection, affiliate)?;
        if before.as_ref() == Some(biller) {
            return Ok(());
        }
        biller::put(self.connection, affiliate, biller)?;
        self.log_kept(Beside::Biller, affiliate.as_str(), before.as_ref().map(json).as_deref(), Some(&json(biller)))
    }

    /// Keeps a file of an affiliate's, or takes it away. The journal has its name and SHA-256, not the file.
    pub fn set_affiliate_file(
        &mut self,
        affiliate: &Id<Affiliate>,
        of: FileOf,
        file: Option<&KeptFile>,
    ) -> Result<(), BookError> {
        let before = biller::file(self.connection, affiliate, of)?.as_ref().map(KeptFile::journalled);
        let after = file.map(KeptFile::journalled);
        if before == after {
            return Ok(());
        }
        biller::put_file(self.connection, affiliate, of, file)?;
        self.log_kept(of.into(), affiliate.as_str(), before.as_deref(), after.as_deref())
    }

    /// Keeps what the company says that it paid for a month, in place of what was kept before.
    pub fn set_company_paid(
        &mut self,
        affiliate: &Id<Affiliate>,
        month: Month,
        lines: &[CompanyPaid],
    ) -> Result<(), BookError> {
        let before = self.company_paid(affiliate, month)?;
        if before == lines {
            return Ok(());
        }
        company_line::put(self.connection, affiliate, month, lines)?;
        let told = |lines: &[CompanyPaid]| (!lines.is_empty()).then(|| json(&lines));
        let (before, after) = (told(&before), told(lines));
        let id = format!("{affiliate} {month}");
        self.log_kept(Beside::CompanyPaid, &id, before.as_deref(), after.as_deref())
    }

    fn company_paid(&self, affiliate: &Id<Affiliate>, month: Month) -> Result<Vec<CompanyPaid>, BookError> {
        let Some(programme) = programme::read(self.connection)? else { return Ok(Vec::new()) };
        Ok(company_line::read(self.connection, affiliate, month, programme.currency)?)
    }

    /// Keeps again what was kept of the company's statement before this deed; `false` if the deed is of something else.
    pub fn put_back_company_paid(&mut self, deed: &Deed) -> Result<bool, BookError> {
        if deed.record != Beside::CompanyPaid.as_str() {
            return Ok(false);
        }
        let lines: Vec<CompanyPaid> = deed
            .before
            .as_deref()
            .map_or_else(Vec::new, |json| serde_json::from_str(json).expect("the journal's own JSON"));
        let (affiliate, month) = deed.id.rsplit_once(' ').expect("an affiliate and a month");
        let month = Month::parse(month).expect("the journal's own month");
        self.set_company_paid(&affiliate.into(), month, &lines)?;
        Ok(true)
    }

    /// Records one record where the caller knows what it replaces, if anything.
    pub fn record<T: Table>(&mut self, record: &T, before: Option<&T>) -> Result<(), BookError> {
        let known = if before.is_some() { Known::Before } else { Known::New };
        record.put(self.connection, self.batch, known)?;
        self.log_record(T::KIND, record.id(), before, record)
    }

    /// Lets two invoices swap their numbers: only when `record` is through, no number may stand twice.
    pub fn while_numbers_change_hands(
        &mut self,
        record: impl FnOnce(&mut Self) -> Result<(), BookError>,
    ) -> Result<(), BookError> {
        let index = invoice::drop_number_index(self.connection)?;
        record(self)?;
        Ok(self.connection.execute_batch(&index)?)
    }

    /// Keeps a note on a client.
    pub fn write_note(&mut self, client: &Id<Client>, written_on: Day, text: &str) -> Result<(), BookError> {
        let id = Id::new(uuid::Uuid::now_v7().to_string());
        let note = Note { id, client: client.clone(), written_on, text: text.to_owned() };
        note::insert(self.connection, &note)?;
        self.log_kept(Beside::Note, note.id.as_str(), None, Some(&json(&note)))
    }

    /// Keeps a note that was written in another book, under its own id; one that is there already stays.
    pub fn keep_note(&mut self, note: &Note) -> Result<(), BookError> {
        if note::is_there(self.connection, &note.id)? {
            return Ok(());
        }
        note::insert(self.connection, note)?;
        self.log_kept(Beside::Note, note.id.as_str(), None, Some(&json(note)))
    }

    /// Keeps what a form holds until it is recorded. No change of the records: the journal knows nothing of it.
    pub fn keep_unsaved(&mut self, form: &str, text: &str) -> Result<(), BookError> {
        Ok(unsaved::keep(self.connection, form, text)?)
    }

    /// Records a record anew under the id of one that was undone.
    pub fn record_again<T: Table>(&mut self, record: &T) -> Result<(), BookError> {
        let sql = format!(
            "UPDATE {} SET voided_at = NULL, void_reason = NULL, batch = :batch WHERE id = :id",
            T::KIND.as_str()
        );
        self.connection.prepare_cached(&sql)?.execute(named_params! { ":batch": self.batch, ":id": record.id() })?;
        record.put(self.connection, self.batch, Known::Before)?;
        self.log_record(T::KIND, record.id(), None, record)
    }

    /// Voids a record, with the reason. It stays in the book, and counts for nothing.
    pub fn void<T: Table>(&mut self, record: &T, reason: &str) -> Result<(), BookError> {
        let sql = void_sql(T::KIND.as_str(), "id");
        let parameters = named_params! { ":at": self.at, ":reason": reason, ":id": record.id() };
        self.connection.prepare_cached(&sql)?.execute(parameters)?;
        let before = json(record);
        self.log("void", T::KIND.as_str(), record.id(), Some(&before), None, Some(reason))
    }

    pub fn month(&self, programme: Programme, month: Month) -> Result<OpenMonth, BookError> {
        month::read(self.connection, programme, month)
    }

    /// Closes a month: its statements are sealed next, with the closing that this gives.
    pub fn close(&mut self, month: Month) -> Result<Closing, BookError> {
        let closing = closing::insert(self.connection, month, &self.at)?;
        self.log("close", "month", &month.to_string(), None, None, None)?;
        Ok(Closing { key: closing, revision: closing::times(self.connection, month)? })
    }

    /// Stores a statement of a closing, with its seal.
    pub fn seal(&mut self, sealing: &Sealing<'_>) -> Result<(), BookError> {
        let Sealing { closing, number, previous, document, statement } = *sealing;
        statement::insert(
            self.connection,
            &statement::New {
                closing,
                number,
                sha256: &document.sha256,
                previous,
                mac: &seal_mac(self.keys, number, &document.sha256),
                document: &document.bytes,
                statement,
            },
        )?;
        self.log("seal", "statement", number, None, Some(&format!("\"{}\"", hex::encode(document.sha256))), None)
    }

    /// Stores the receipt of a referral's registration, with its seal.
    pub fn seal_receipt(&mut self, referral: &Id<Referral>, document: &Packed) -> Result<(), BookError> {
        let sha256 = &document.sha256;
        let mac = &receipt_mac(self.keys, referral, sha256);
        receipt::insert(self.connection, &receipt::New { referral, sha256, mac, document: &document.bytes })?;
        self.log("seal", "receipt", referral.as_str(), None, Some(&format!("\"{}\"", hex::encode(sha256))), None)
    }

    /// Keeps what a closing paid, kept or took back for an invoice.
    pub fn settle(&mut self, closing: i64, invoice: i64, amount: Money) -> Result<(), BookError> {
        const SETTLE: &str = "
            INSERT INTO settled (invoice, closing, amount_minor)
            VALUES (:invoice, :closing, :amount_minor)";
        self.connection
            .prepare_cached(SETTLE)?
            .execute(named_params! { ":invoice": invoice, ":closing": closing, ":amount_minor": amount.minor() })?;
        Ok(())
    }

    /// The next statements have nothing to say of these invoices, unless something is recorded of them.
    pub fn are_done(&mut self, invoices: &[i64]) -> Result<(), BookError> {
        const DONE: &str = "DELETE FROM open_invoice WHERE invoice IN (SELECT value FROM rarray(:invoices))";
        self.connection.prepare_cached(DONE)?.execute(named_params! { ":invoices": array(invoices) })?;
        Ok(())
    }

    /// Reopens the newest closed month.
    pub fn reopen(&mut self, month: Month, reason: &str) -> Result<(), BookError> {
        match closing::newest(self.connection)? {
            Some((closing, newest)) if newest == month => {
                closing::reopen(self.connection, closing, &self.at, reason)?;
                self.log("reopen", "month", &month.to_string(), None, None, Some(reason))
            }
            Some((_, newest)) if newest > month => Err(BookError::NotTheNewest { month, newest }),
            _ => Err(BookError::MonthOpen(month)),
        }
    }

    fn log_record<T: Serialize>(
        &mut self,
        kind: RecordKind,
        id: &str,
        before: Option<&T>,
        after: &T,
    ) -> Result<(), BookError> {
        let action = if before.is_none() { "record" } else { "correct" };
        let before = before.map(json);
        self.log(action, kind.as_str(), id, before.as_deref(), Some(&json(after)), None)
    }

    /// Of what is kept beside the records, and taken away or replaced as a whole.
    fn log_kept(&mut self, kept: Beside, id: &str, before: Option<&str>, after: Option<&str>) -> Result<(), BookError> {
        let action = match (before, after) {
            (_, None) => "void",
            (None, Some(_)) => "record",
            (Some(_), Some(_)) => "correct",
        };
        self.log(action, kept.as_str(), id, before, after, None)
    }

    fn log(
        &mut self,
        action: &str,
        record: &str,
        id: &str,
        before: Option<&str>,
        after: Option<&str>,
        reason: Option<&str>,
    ) -> Result<(), BookError> {
        let entry = Entry { at: &self.at, action, record, id, batch: self.batch, before, after, reason };
        self.head = journal::append(self.connection, self.head, &entry)?;
        Ok(())
    }
}

/// A closing in the making: its key, and how often its month was closed, this time included.
#[derive(Clone, Copy, Debug)]
pub struct Closing {
    pub key: i64,
    pub revision: u32,
}

/// Binds a seal to its statement's number with a key that only the book's owner has.
pub(crate) fn seal_mac(keys: &Keys, number: &str, sha256: &[u8; 32]) -> [u8; 32] {
    keys.seal_mac(&[number.as_bytes(), sha256])
}

/// The same for a receipt. Three parts where a statement's seal has two: the one can't pass for the other.
pub(crate) fn receipt_mac(keys: &Keys, referral: &Id<Referral>, sha256: &[u8; 32]) -> [u8; 32] {
    keys.seal_mac(&[b"receipt", referral.as_str().as_bytes(), sha256])
}

fn void_sql(table: &str, id: &str) -> String {
    format!("UPDATE {table} SET voided_at = :at, void_reason = :reason WHERE {id} = :id AND voided_at IS NULL")
}

fn json<T: Serialize>(record: &T) -> String {
    serde_json::to_string(record).expect("a record is JSON")
}
