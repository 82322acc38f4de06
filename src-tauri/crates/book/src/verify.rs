//! Is the book what it was written as? The file's pages, the journal's chain, the seals' chains, and the records.

mod records;

use std::collections::HashMap;

use rules::affiliate::Affiliate;
use rules::id::Id;
use rules::month::Month;
use rusqlite::Connection;

use crate::change::{receipt_mac, seal_mac};
use crate::error::BookError;
use crate::packed::{sha256, unpack};
use crate::tables::receipt::{self, ReceiptRow};
use crate::tables::statement::{self, SealedRow};
use crate::tables::{closing, journal};
use crate::{Book, connection};

/// The first thing that is not as it was written: where, and what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub at: String,
    pub what: String,
}

impl Book {
    /// Checks every page of the file, each check on a connection of its own: one failure poisons later ones.
    pub fn first_damaged_page(&mut self) -> Result<Option<Finding>, BookError> {
        let Some((folder, _)) = &self.place else { return Ok(None) };
        let file = folder.join(connection::FILE);
        for check in [cipher_damage, structure_damage] {
            self.connection = Connection::open_in_memory()?;
            self.connection = connection::open(&file, &self.keys)?;
            if let Some(what) = check(&self.connection)? {
                return Ok(Some(Finding { at: connection::FILE.to_owned(), what }));
            }
        }
        Ok(None)
    }

    /// The first entry of the journal that does not follow from the one before.
    pub fn first_journal_break(&self) -> Result<Option<Finding>, BookError> {
        let broken = journal::first_break(&self.connection)?;
        Ok(broken.map(|sequence| Finding {
            at: format!("journal entry {sequence}"),
            what: "it is not what was written, or an entry before it is missing".to_owned(),
        }))
    }

    /// The first record that is not what the journal says of it last, or is missing.
    pub fn first_unjournalled_record(&self) -> Result<Option<Finding>, BookError> {
        Ok(records::first_difference(&self.connection)?)
    }

    /// The first month that was closed or reopened otherwise than the journal says.
    pub fn first_unjournalled_closing(&self) -> Result<Option<Finding>, BookError> {
        let (kept, journalled) = (closing::kept(&self.connection)?, closing::journalled(&self.connection)?);
        let most = kept.len().max(journalled.len());
        let differing = (0..most).find(|nth| kept.get(*nth) != journalled.get(*nth));
        let closing = differing.and_then(|nth| journalled.get(nth).or(kept.get(nth)));
        Ok(closing.map(|closing| Finding {
            at: format!("month {}", closing.month),
            what: "it was closed or reopened otherwise than the journal says".to_owned(),
        }))
    }

    /// Goes over every sealed statement: its hash, its seal, its place in the affiliate's chain; and, some at once, what
    /// `recompute` says of their content: the first that is not its own, and why. Stops at the first finding.
    pub fn first_broken_seal(
        &self,
        mut recompute: impl FnMut(&[SealedDocument]) -> Option<(usize, String)>,
    ) -> Result<Option<Finding>, BookError> {
        let mut recompute = |documents: &[SealedDocument]| match recompute(documents) {
            Some((nth, what)) => Err(Stop::Found(Finding::of_statement(&documents[nth].0, what))),
            None => Ok(()),
        };
        let mut chains: HashMap<Id<Affiliate>, Chain> = HashMap::new();
        let mut documents = Vec::new();
        let visited = statement::for_each(&self.connection, |row| {
            let chain = chains.entry(row.affiliate.clone()).or_default();
            let document = match self.sealed_document(&row, chain.before(row.month))? {
                Ok(document) => document,
                Err(what) => {
                    recompute(&documents)?;
                    return Err(Stop::Found(Finding::of_statement(&row, what)));
                }
            };
            chain.0.push((row.month, row.sha256));
            documents.push((row, document));
            if documents.len() == AT_ONCE {
                recompute(&documents)?;
                documents.clear();
            }
            Ok(())
        });
        let visited = visited.and_then(|()| recompute(&documents));
        match visited {
            Ok(()) => Ok(statement::first_unjournalled(&self.connection)?.map(|number| Finding {
                at: format!("statement {number}"),
                what: "the journal and the stored statements do not agree on it".to_owned(),
            })),
            Err(Stop::Found(finding)) => Ok(Some(finding)),
            Err(Stop::Failed(error)) => Err(error),
        }
    }

    /// Goes over every receipt of a registration in the same way.
    pub fn first_broken_receipt(
        &self,
        mut recompute: impl FnMut(&ReceiptRow, &[u8]) -> Option<String>,
    ) -> Result<Option<Finding>, BookError> {
        let at = |referral: &str| format!("receipt of referral {referral}");
        let visited = receipt::for_each(&self.connection, |row| match self.receipt_damage(&row, &mut recompute)? {
            Some(what) => Err(Stop::Found(Finding { at: at(row.referral.as_str()), what })),
            None => Ok(()),
        });
        match visited {
            Ok(()) => Ok(receipt::first_unjournalled(&self.connection)?.map(|referral| Finding {
                at: at(&referral),
                what: "the journal and the stored receipts do not agree on it".to_owned(),
            })),
            Err(Stop::Found(finding)) => Ok(Some(finding)),
            Err(Stop::Failed(error)) => Err(error),
        }
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

    /// The document, or why it is not what was sealed.
    fn sealed_document(
        &self,
        row: &SealedRow,
        before: Option<&[u8; 32]>,
    ) -> Result<Result<Vec<u8>, String>, BookError> {
        let document = unpack(&row.document)?;
        let damage = if sha256(&document) != row.sha256 {
            NOT_WHAT_WAS_SEALED
        } else if seal_mac(&self.keys, &row.number, &row.sha256) != row.mac {
            NOT_OUR_SEAL
        } else if row.previous.as_ref() != before {
            "it does not stand on the affiliate's statement before it"
        } else {
            return Ok(Ok(document));
        };
        Ok(Err(damage.to_owned()))
    }
}

/// A sealed statement's row, and its document unpacked.
pub type SealedDocument = (SealedRow, Vec<u8>);

/// How many are recomputed at once, side by side: a few megabytes of documents.
const AT_ONCE: usize = 64;

impl Finding {
    fn of_statement(row: &SealedRow, what: String) -> Self {
        Self { at: format!("statement {}", row.number), what }
    }
}

/// An affiliate's statements in force at one time, by month, as the visited one was sealed.
#[derive(Default)]
struct Chain(Vec<(Month, [u8; 32])>);

impl Chain {
    /// The statement that one of `month` stands on. Months are reopened from the newest on: when it was sealed, no
    /// statement of its month or a later one was in force any more.
    fn before(&mut self, month: Month) -> Option<&[u8; 32]> {
        self.0.truncate(self.0.partition_point(|(sealed, _)| *sealed < month));
        self.0.last().map(|(_, sha256)| sha256)
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
        let book = book(&folder);
        let all = "DROP TRIGGER receipt_is_sealed; DROP TRIGGER receipt_is_kept;";
        book.connection.execute_batch(&format!("{all} {edit}")).expect("edited");
        book.first_broken_receipt(|row, _| row.journalled.is_none().then(|| "not journalled".to_owned()))
            .expect("a check")
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
