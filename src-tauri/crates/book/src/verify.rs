//! Is the book what it was written as? The file's pages, the journal's chain, the seals' chains.

use std::collections::HashMap;

use rules::affiliate::Affiliate;
use rules::id::Id;
use rusqlite::Connection;

use crate::change::seal_mac;
use crate::error::BookError;
use crate::packed::{Packed, unpack};
use crate::tables::journal;
use crate::tables::statement::{self, SealedRow};
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
        let file = self.folder.join(connection::FILE);
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

    /// Goes over every sealed statement: its hash, its seal, its place in the affiliate's chain, and what `recompute`
    /// says of its content. Stops at the first finding.
    pub fn first_broken_seal(
        &self,
        mut recompute: impl FnMut(&SealedRow, &[u8]) -> Option<String>,
    ) -> Result<Option<Finding>, BookError> {
        let mut chain: HashMap<Id<Affiliate>, [u8; 32]> = HashMap::new();
        let visited = statement::for_each(&self.connection, |row| {
            let found = self.seal_damage(&row, chain.get(&row.affiliate), &mut recompute)?;
            if let Some(what) = found {
                return Err(Stop::Found(Finding { at: format!("statement {}", row.number), what }));
            }
            // A reopened month's statement stands beside the chain: its successor takes its place.
            if !row.superseded {
                chain.insert(row.affiliate, row.sha256);
            }
            Ok(())
        });
        match visited {
            Ok(()) => Ok(statement::first_unjournalled(&self.connection)?.map(|number| Finding {
                at: format!("statement {number}"),
                what: "the journal and the stored statements do not agree on it".to_owned(),
            })),
            Err(Stop::Found(finding)) => Ok(Some(finding)),
            Err(Stop::Failed(error)) => Err(error),
        }
    }

    fn seal_damage(
        &self,
        row: &SealedRow,
        before: Option<&[u8; 32]>,
        recompute: &mut impl FnMut(&SealedRow, &[u8]) -> Option<String>,
    ) -> Result<Option<String>, BookError> {
        let document = unpack(&row.document)?;
        if Packed::new(&document).sha256 != row.sha256 {
            return Ok(Some("the document is not the one that was sealed: its SHA-256 differs".to_owned()));
        }
        if seal_mac(&self.keys, &row.number, &row.sha256) != row.mac {
            return Ok(Some("it was not sealed with this book's key".to_owned()));
        }
        if row.previous.as_ref() != before {
            return Ok(Some("it does not stand on the affiliate's statement before it".to_owned()));
        }
        Ok(recompute(row, &document))
    }
}

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
    Ok(first_word(connection, "PRAGMA integrity_check")?.filter(|word| word != "ok"))
}

fn first_word(connection: &Connection, sql: &str) -> rusqlite::Result<Option<String>> {
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    rows.next()?.map(|row| row.get(0)).transpose()
}
