//! Is the book what it was written as? The file's pages, the journal's chain, the seals' chains, the records, and which
//! invoices are open.

mod open;
mod records;

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use rules::affiliate::Affiliate;
use rules::id::Id;
use rules::invoice::Invoice;
use rules::month::Month;
use rusqlite::Connection;

use crate::change::{receipt_mac, seal_mac};
use crate::error::BookError;
use crate::keys::Keys;
use crate::packed::{sha256, unpack};
use crate::tables::receipt::{self, ReceiptRow};
use crate::tables::statement::{self, SealedRow};
use crate::tables::{closing, journal};
use crate::{Book, backup, connection};

/// The first thing that is not as it was written: where, and what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub at: String,
    pub what: String,
}

/// Reads the book on a connection of its own.
pub struct Reader {
    connection: Connection,
    keys: Arc<Keys>,
}

/// A look at one part of the book, by one thread.
pub type Check<'c> = Box<dyn FnOnce(&Reader) -> Result<Option<Finding>, BookError> + Send + 'c>;

impl Book {
    /// The first thing that is not as it was written; `sealed` go over what is sealed, and draw it again.
    pub fn verify(&mut self, sealed: Vec<Check<'_>>) -> Result<Option<Finding>, BookError> {
        let mut checks = vec![by(forged_page), by(broken_page), by(journal_break), by(unjournalled_closing)];
        checks.extend(sealed);
        checks.extend([by(records::first_difference), by(open::first_forgotten)]);
        self.first_finding(checks)
    }

    /// What the first of `checks` that finds something finds. They are made side by side, each with a reader of its own:
    /// a failed check poisons what its reader would read later.
    fn first_finding(&mut self, checks: Vec<Check<'_>>) -> Result<Option<Finding>, BookError> {
        let Some((folder, _)) = &self.place else {
            let mut checks = checks.into_iter();
            let copy = || backup::copy_in_memory(&self.connection);
            return checks.find_map(|check| Reader::make(check, copy(), &self.keys).transpose()).transpose();
        };
        let file = folder.join(connection::FILE);
        // What a connection changed, it keeps locked for itself.
        self.connection = Connection::open_in_memory()?;
        let found = catch_unwind(AssertUnwindSafe(|| found_in(&file, &self.keys, checks)));
        // Whatever became of the checks: what is asked of the book next is asked of the book.
        let opened = connection::open(&file, &self.keys).map(|connection| self.connection = connection);
        match found {
            Ok(Ok(None)) => opened.map(|()| None),
            Ok(found) => found,
            Err(panic) => resume_unwind(panic),
        }
    }
}

fn found_in(file: &Path, keys: &Arc<Keys>, checks: Vec<Check<'_>>) -> Result<Option<Finding>, BookError> {
    // What a write that failed has left is put right first: who only reads can't.
    drop(connection::open(file, keys)?);
    let read = || connection::open_to_read(file, keys);
    checks.into_par_iter().find_map_first(|check| Reader::make(check, read(), keys).transpose()).transpose()
}

fn by<'c>(check: fn(&Connection) -> Result<Option<Finding>, BookError>) -> Check<'c> {
    Box::new(move |reader| check(&reader.connection))
}

impl Reader {
    fn make(
        check: Check<'_>,
        connection: Result<Connection, BookError>,
        keys: &Arc<Keys>,
    ) -> Result<Option<Finding>, BookError> {
        check(&Self { connection: connection?, keys: Arc::clone(keys) })
    }

    /// Goes over every sealed statement, some side by side: its hash, its seal, its place in the affiliate's chain, and
    /// what `recompute` says of its content: that it is not its own, and why, or what `keep` then gets, in their order.
    pub fn first_broken_seal<T: Send>(
        &self,
        recompute: impl Fn(&SealedRow, &[u8]) -> Result<T, String> + Sync,
        mut keep: impl FnMut(&SealedRow, T),
    ) -> Result<Option<Finding>, BookError> {
        let (keys, mut chains) = (&*self.keys, HashMap::<Id<Affiliate>, Chain>::new());
        let mut check = |sealed: &mut Vec<Sealed>| {
            let checked: Vec<_> = sealed.par_iter().map(|sealed| sealed.check(keys, &recompute)).collect();
            for (sealed, checked) in sealed.drain(..).zip(checked) {
                keep(&sealed.row, checked?);
            }
            Ok(())
        };
        let mut sealed = Vec::with_capacity(AT_ONCE);
        let visited = statement::for_each(&self.connection, |row| {
            let stands = chains.entry(row.affiliate.clone()).or_default().add(&row);
            sealed.push(Sealed { row, stands });
            if sealed.len() < AT_ONCE { Ok(()) } else { check(&mut sealed) }
        });
        first_of(visited.and_then(|()| check(&mut sealed)), || unjournalled_statement(&self.connection))
    }

    /// Goes over every receipt of a registration in the same way.
    pub fn first_broken_receipt(
        &self,
        mut recompute: impl FnMut(&ReceiptRow, &[u8]) -> Option<String>,
    ) -> Result<Option<Finding>, BookError> {
        let visited = receipt::for_each(&self.connection, |row| match self.receipt_damage(&row, &mut recompute)? {
            Some(what) => Err(Stop::Found(Finding { at: of_receipt(row.referral.as_str()), what })),
            None => Ok(()),
        });
        first_of(visited, || unjournalled_receipt(&self.connection))
    }

    fn receipt_damage(
        &self,
        row: &ReceiptRow,
        recompute: &mut impl FnMut(&ReceiptRow, &[u8]) -> Option<String>,
    ) -> Result<Option<String>, BookError> {
        let document = unpack(&row.document)?;
        if sha256(&document) != row.sha256 {
            return Ok(Some(NOT_WHAT_WAS_SEALED.to_owned()));
        }
        if receipt_mac(&self.keys, &row.referral, &row.sha256) != row.mac {
            return Ok(Some(NOT_OUR_SEAL.to_owned()));
        }
        Ok(recompute(row, &document))
    }

    /// What each closed month settled by invoice, in minor units, as the book keeps it beside the statements.
    pub fn settled(&self) -> Result<HashMap<(Month, Id<Invoice>), i64>, BookError> {
        Ok(statement::settled(&self.connection)?)
    }
}

/// A sealed statement, and whether it stands on the one that was its affiliate's last when it was sealed.
struct Sealed {
    row: SealedRow,
    stands: bool,
}

/// How many are checked at once, side by side: a few megabytes of documents.
const AT_ONCE: usize = 64;

impl Sealed {
    fn check<T>(&self, keys: &Keys, recompute: impl Fn(&SealedRow, &[u8]) -> Result<T, String>) -> Result<T, Stop> {
        let Self { row, stands } = self;
        let document = unpack(&row.document)?;
        let checked = if sha256(&document) != row.sha256 {
            Err(NOT_WHAT_WAS_SEALED.to_owned())
        } else if seal_mac(keys, &row.number, &row.sha256) != row.mac {
            Err(NOT_OUR_SEAL.to_owned())
        } else if !stands {
            Err("it does not stand on the affiliate's statement before it".to_owned())
        } else {
            recompute(row, &document)
        };
        checked.map_err(|what| Stop::Found(Finding { at: format!("statement {}", row.number), what }))
    }
}

impl Finding {
    fn of_file(what: String) -> Self {
        Self { at: connection::FILE.to_owned(), what }
    }
}

/// An affiliate's statements in force at one time, by month, as the visited one was sealed.
#[derive(Default)]
struct Chain(Vec<(Month, [u8; 32])>);

impl Chain {
    /// Adds the statement that was sealed next, and says whether it stands on the one before its month. Months are
    /// reopened from the newest on: when it was sealed, no statement of its month or a later one was in force any more.
    fn add(&mut self, row: &SealedRow) -> bool {
        self.0.truncate(self.0.partition_point(|(sealed, _)| *sealed < row.month));
        let before = self.0.last().map(|(_, sha256)| *sha256);
        self.0.push((row.month, row.sha256));
        row.previous == before
    }
}

const NOT_WHAT_WAS_SEALED: &str = "the document is not the one that was sealed: its SHA-256 differs";
const NOT_OUR_SEAL: &str = "it was not sealed with this book's key";

enum Stop {
    Found(Finding),
    Failed(BookError),
}

impl From<rusqlite::Error> for Stop {
    fn from(error: rusqlite::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<BookError> for Stop {
    fn from(error: BookError) -> Self {
        Self::Failed(error)
    }
}

/// What a visit stopped at; what comes `next` once it went through.
fn first_of(
    visited: Result<(), Stop>,
    next: impl FnOnce() -> Result<Option<Finding>, BookError>,
) -> Result<Option<Finding>, BookError> {
    match visited {
        Ok(()) => next(),
        Err(Stop::Found(finding)) => Ok(Some(finding)),
        Err(Stop::Failed(error)) => Err(error),
    }
}

/// The first thing that is not as the journal says: what a backup is not made of. The sealed documents themselves are left to
/// [`Reader`], since they take longest, and no figure to come depends on them.
pub fn first_unjournalled(connection: &Connection) -> Result<Option<Finding>, BookError> {
    let checks = [
        journal_break,
        unjournalled_closing,
        unjournalled_statement,
        unjournalled_receipt,
        settled_otherwise,
        records::first_difference,
        open::first_forgotten,
    ];
    checks.into_iter().find_map(|check| check(connection).transpose()).transpose()
}

/// Every page's MAC.
fn forged_page(connection: &Connection) -> Result<Option<Finding>, BookError> {
    Ok(cipher_damage(connection)?.map(Finding::of_file))
}

/// What the pages hold, and how they hang together.
fn broken_page(connection: &Connection) -> Result<Option<Finding>, BookError> {
    Ok(structure_damage(connection)?.map(Finding::of_file))
}

fn journal_break(connection: &Connection) -> Result<Option<Finding>, BookError> {
    let broken = journal::first_break(connection)?;
    Ok(broken.map(|sequence| Finding {
        at: format!("journal entry {sequence}"),
        what: "it is not what was written, or an entry before it is missing".to_owned(),
    }))
}

fn unjournalled_closing(connection: &Connection) -> Result<Option<Finding>, BookError> {
    let (kept, journalled) = (closing::kept(connection)?, closing::journalled(connection)?);
    let most = kept.len().max(journalled.len());
    let differing = (0..most).find(|nth| kept.get(*nth) != journalled.get(*nth));
    let closing = differing.and_then(|nth| journalled.get(nth).or(kept.get(nth)));
    Ok(closing.map(|closing| Finding {
        at: format!("month {}", closing.month),
        what: "it was closed or reopened otherwise than the journal says".to_owned(),
    }))
}

fn unjournalled_statement(connection: &Connection) -> Result<Option<Finding>, BookError> {
    let number = statement::first_unjournalled(connection)?;
    Ok(number.map(|number| Finding {
        at: format!("statement {number}"),
        what: "the journal and the stored statements do not agree on it".to_owned(),
    }))
}

fn unjournalled_receipt(connection: &Connection) -> Result<Option<Finding>, BookError> {
    let referral = receipt::first_unjournalled(connection)?;
    Ok(referral.map(|referral| Finding {
        at: of_receipt(&referral),
        what: "the journal and the stored receipts do not agree on it".to_owned(),
    }))
}

fn of_receipt(referral: &str) -> String {
    format!("receipt of referral {referral}")
}

/// By their sums: what was settled invoice by invoice stands in the documents.
fn settled_otherwise(connection: &Connection) -> Result<Option<Finding>, BookError> {
    let month = statement::first_settled_otherwise(connection)?;
    Ok(month.map(|month| Finding {
        at: format!("month {month}"),
        what: "what the book takes as settled in it is not what its statements come to".to_owned(),
    }))
}

/// What is wrong with the file, if anything.
pub fn damage_of(connection: &Connection) -> Result<Option<String>, BookError> {
    Ok(cipher_damage(connection)?.or(structure_damage(connection)?))
}

fn cipher_damage(connection: &Connection) -> Result<Option<String>, BookError> {
    Ok(first_word(connection, "PRAGMA cipher_integrity_check")?)
}

fn structure_damage(connection: &Connection) -> Result<Option<String>, BookError> {
    let said = first_word(connection, "PRAGMA integrity_check")?.filter(|word| word != "ok");
    // It begins with a heading, "*** in database main ***".
    Ok(said.map(|said| said.lines().find(|line| !line.starts_with("***")).unwrap_or(&said).to_owned()))
}

fn first_word(connection: &Connection, sql: &str) -> rusqlite::Result<Option<String>> {
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    rows.next()?.map(|row| row.get(0)).transpose()
}

#[cfg(test)]
mod tests {
    use rules::client::Client;
    use rules::referral::Referral;

    use super::*;
    use crate::keys::Passphrase;
    use crate::packed::Packed;

    /// A book with two registrations, each with its receipt.
    fn book(folder: &tempfile::TempDir) -> Book {
        let passphrase = Passphrase::new("a passphrase".to_owned()).expect("not empty");
        let mut book = Book::create(&folder.path().join("Test.refbook"), &passphrase).expect("a book");
        let affiliate = Affiliate {
            id: Id::new("A1"),
            name: "Dana".to_owned(),
            own_companies: Vec::new(),
            domains: Vec::new(),
            agreement_signed_on: None,
            remittance: rules::affiliate::AgreedRemittance::InFull,
        };
        book.change(chrono::DateTime::UNIX_EPOCH, |change| -> Result<(), BookError> {
            change.record(&affiliate, None)?;
            for nth in ["1", "2"] {
                let client = Client {
                    id: Id::new(format!("C{nth}")),
                    name: format!("Client {nth}"),
                    domains: Vec::new(),
                    customer_since: None,
                };
                let referral = Referral {
                    id: Id::new(format!("R{nth}")),
                    affiliate: affiliate.id.clone(),
                    client: client.id.clone(),
                    registered_on: rules::day::parse("2026-01-02").expect("a day"),
                };
                change.record(&client, None)?;
                change.record(&referral, None)?;
                change.seal_receipt(&referral.id, &Packed::new(format!("receipt {nth}").as_bytes()))?;
            }
            Ok(())
        })
        .expect("recorded");
        book
    }

    /// What is found after an edit by somebody with the key, with the triggers dropped.
    fn found(edit: &str) -> Option<Finding> {
        let folder = tempfile::tempdir().expect("a folder");
        let mut book = book(&folder);
        let all = "DROP TRIGGER receipt_is_sealed; DROP TRIGGER receipt_is_kept;";
        book.connection.execute_batch(&format!("{all} {edit}")).expect("edited");
        let checks: Vec<Check<'_>> = vec![Box::new(|book| {
            book.first_broken_receipt(|row, _| row.journalled.is_none().then(|| "not journalled".to_owned()))
        })];
        book.first_finding(checks).expect("a check")
    }

    #[test]
    fn whatever_becomes_of_a_check_the_book_is_open_afterwards() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut book = book(&folder);
        let end = book.journal_end().expect("its end");
        let of = |check: fn() -> Option<Finding>| -> Vec<Check<'_>> { vec![Box::new(move |_| Ok(check()))] };
        let found = || Some(Finding { at: "here".to_owned(), what: "something".to_owned() });
        assert_eq!(book.first_finding(of(|| None)).expect("a check"), None);
        assert_eq!(book.first_finding(of(found)).expect("a check"), found());
        let panicked = catch_unwind(AssertUnwindSafe(|| book.first_finding(of(|| panic!("as a check may")))));
        assert!(panicked.is_err());
        assert_eq!(book.journal_end().expect("its end"), end);
    }

    #[test]
    fn an_edited_receipt_is_found_and_named() {
        assert_eq!(found(""), None);
        let other = hex::encode(Packed::new(b"receipt 3").bytes);
        let sha256 = hex::encode(Packed::new(b"receipt 3").sha256);
        for (edit, receipt, what) in [
            (format!("UPDATE receipt SET document = x'{other}' WHERE key = 2"), "R2", "SHA-256 differs"),
            (
                format!("UPDATE receipt SET document = x'{other}', sha256 = x'{sha256}' WHERE key = 1"),
                "R1",
                "not sealed with this book's key",
            ),
            // Each with the other's document: both seals are ours, but not of this referral.
            (
                "PRAGMA foreign_keys = OFF; UPDATE receipt SET referral = 3 WHERE key = 1;
                UPDATE receipt SET referral = 1 WHERE key = 2; UPDATE receipt SET referral = 2 WHERE key = 1"
                    .to_owned(),
                "R2",
                "not sealed with this book's key",
            ),
            ("DELETE FROM receipt WHERE key = 1".to_owned(), "R1", "do not agree"),
        ] {
            let finding = found(&edit).unwrap_or_else(|| panic!("{edit} is found"));
            assert_eq!(finding.at, format!("receipt of referral {receipt}"), "{edit}: {finding:?}");
            assert!(finding.what.contains(what), "{edit}: {finding:?}");
        }
    }
}
