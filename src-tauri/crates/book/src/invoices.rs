//! Which invoices a list or a search means: their ids, without what they say.

use std::rc::Rc;

use rules::client::Client;
use rules::contract::Contract;
use rules::day::Day;
use rules::id::Id;
use rules::invoice::Invoice;
use rules::money::Currency;
use rusqlite::types::Value;
use rusqlite::vtab::array::Array;

use crate::Book;
use crate::error::BookError;
use crate::tables::client_search::{self, ClientNamed};
use crate::tables::invoice::{self, InvoiceFor, InvoiceNumbered};
use crate::tables::open_invoice::{self, OpenSum};

impl Book {
    /// The invoices issued last, voided ones too but not those that an undo took back: `most` of them after the first `from`.
    pub fn newest_invoices(&self, from: u32, most: u32) -> Result<Vec<Id<Invoice>>, BookError> {
        Ok(invoice::newest(&self.connection, from, most)?)
    }

    /// How many invoices there are, voided ones too but not those that an undo took back.
    pub fn invoice_count(&self) -> Result<u32, BookError> {
        Ok(invoice::count(&self.connection)?)
    }

    /// The invoices of these clients, and at most `most` of those whose numbers begin with `text`; the newest first.
    pub fn invoices_found(&self, clients: &[Id<Client>], text: &str, most: u32) -> Result<Vec<Id<Invoice>>, BookError> {
        Ok(invoice::found(&self.connection, &ids(clients), text, most)?)
    }

    /// At most `most` of the live invoices whose numbers begin with `text`; one with just this number comes first.
    pub fn invoices_numbered(&self, text: &str, most: u32) -> Result<Vec<InvoiceNumbered>, BookError> {
        Ok(invoice::numbered(&self.connection, text, most)?)
    }

    /// The live invoices of a contract that are for any of these days, both inclusive, the earliest first.
    pub fn invoices_for(&self, contract: &Id<Contract>, first: Day, last: Day) -> Result<Vec<InvoiceFor>, BookError> {
        Ok(invoice::for_days(&self.connection, contract, first, last)?)
    }

    /// What is missing on the open invoices as of a day, or was received beyond what is owed, added up in one pass over
    /// them.
    pub fn open_sums(&self, today: Day, currency: Currency) -> Result<Vec<OpenSum>, BookError> {
        Ok(open_invoice::sums(&self.connection, today, currency)?)
    }

    /// The open invoices of these clients, voided ones too; all others of theirs are paid and settled.
    pub fn open_invoices_of(&self, clients: &[Id<Client>]) -> Result<Vec<Id<Invoice>>, BookError> {
        Ok(open_invoice::of_clients(&self.connection, &ids(clients))?)
    }

    /// The clients whose names have all the words of `text`, each by how it begins; at most `most`, the best first.
    pub fn clients_named(&self, text: &str, most: u32) -> Result<Vec<ClientNamed>, BookError> {
        Ok(client_search::by_name(&self.connection, text, most)?)
    }

    /// The clients with a domain that has the parts of this one in a row, at most `most`.
    pub fn clients_at(&self, domain: &str, most: u32) -> Result<Vec<ClientNamed>, BookError> {
        Ok(client_search::by_domain(&self.connection, domain, most)?)
    }

    /// The names of clients, voided ones too.
    pub fn client_names(&self, clients: &[Id<Client>]) -> Result<Vec<ClientNamed>, BookError> {
        Ok(client_search::names(&self.connection, &ids(clients))?)
    }
}

fn ids<T>(ids: &[Id<T>]) -> Array {
    Rc::new(ids.iter().map(|id| Value::from(id.as_str().to_owned())).collect())
}
