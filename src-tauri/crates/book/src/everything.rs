//! What the book keeps beside its records, all of it: for whoever takes everything out of it.

use std::collections::HashSet;

use rules::affiliate::Affiliate;
use rules::client::Client;
use rules::id::Id;
use rules::month::Month;

use crate::Book;
use crate::error::BookError;
use crate::packed::unpack;
use crate::tables::journal::{self, Told};
use crate::tables::note::{self, Note};
use crate::tables::receipt::{self, ReceiptRow};
use crate::tables::statement::{self, SealedRow};
use crate::tables::{company_line, unsaved};

impl Book {
    /// All live notes on live clients, in the order in which they were written.
    pub fn all_notes(&self) -> Result<Vec<Note>, BookError> {
        let mut notes = note::all(&self.connection)?;
        let clients: Vec<Id<Client>> = notes.iter().map(|note| note.client.clone()).collect();
        let live: HashSet<Id<Client>> = self.find_each(&clients)?.into_iter().map(|client: Client| client.id).collect();
        notes.retain(|note| live.contains(&note.client));
        Ok(notes)
    }

    /// Of which live affiliates' months it is kept what the company says that it paid.
    pub fn months_paid(&self) -> Result<Vec<(Id<Affiliate>, Month)>, BookError> {
        Ok(company_line::months(&self.connection)?)
    }

    /// What forms hold and what was chosen, by form.
    pub fn all_unsaved(&self) -> Result<Vec<(String, String)>, BookError> {
        Ok(unsaved::all(&self.connection)?)
    }

    /// Goes over every sealed statement, those of reopened months too, each with its document.
    pub fn each_statement<E: From<BookError>>(
        &self,
        mut visit: impl FnMut(&SealedRow, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        through(statement::for_each(&self.connection, |row| {
            let document = unpack(&row.document).map_err(|error| Stop(error.into()))?;
            visit(&row, &document).map_err(Stop)
        }))
    }

    /// Goes over every receipt of a registration, each with its document.
    pub fn each_receipt<E: From<BookError>>(
        &self,
        mut visit: impl FnMut(&ReceiptRow, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        through(receipt::for_each(&self.connection, |row| {
            let document = unpack(&row.document).map_err(|error| Stop(error.into()))?;
            visit(&row, &document).map_err(Stop)
        }))
    }

    /// Goes over every entry of the journal, the first first.
    pub fn each_entry<E: From<BookError>>(&self, mut visit: impl FnMut(&Told) -> Result<(), E>) -> Result<(), E> {
        through(journal::for_each(&self.connection, |entry| visit(&entry).map_err(Stop)))
    }
}

/// The visitor's error, or one of reading.
struct Stop<E>(E);

impl<E: From<BookError>> From<rusqlite::Error> for Stop<E> {
    fn from(error: rusqlite::Error) -> Self {
        Self(BookError::from(error).into())
    }
}

fn through<E>(visited: Result<(), Stop<E>>) -> Result<(), E> {
    visited.map_err(|Stop(error)| error)
}
