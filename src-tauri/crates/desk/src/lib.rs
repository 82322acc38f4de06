//! The use cases: the whole app without a window. One function an action, one error type.
//!
//! Facts come from the book, the rules decide, and what they decide goes back into the book or onto paper. Time is an
//! argument: a shell says what it is.

pub mod account;
pub mod affiliates;
pub mod backups;
pub mod bank;
pub mod begin;
pub mod biller;
pub mod billing;
mod bills;
pub mod bridge;
pub mod clients;
mod close;
pub mod cockpit;
pub mod contracts;
pub mod doubts;
mod error;
mod everything;
mod file;
pub mod forecast;
mod import;
pub mod incoming;
pub mod invoices;
mod keychain;
mod letter;
mod logo;
mod matching;
mod month;
pub mod overview;
pub mod own;
mod print;
mod print_invoices;
pub mod quotes;
mod receipt;
pub mod reconcile;
pub mod record;
pub mod referrals;
pub mod sample;
pub mod search;
pub mod secrecy;
mod statements;
pub mod terms;
mod told;
pub mod tries;
mod undo;
mod unsaved;
mod verify;
pub mod views;
mod void;
pub mod ways;
mod why;

use std::cell::RefCell;
use std::path::Path;

use book::Book;
use chrono::{DateTime, Utc};
use rules::day::Day;
use rules::terms::Programme;

use file::write_durably;
use invoices::OpenNow;
use told::ToldMonths;

pub use book::{KeyError, Mistyped, OlderCopy, Passphrase, RecoveryCode, WayIn, book_around, sync_name};
pub use close::Closed;
pub use error::{Code, DeskError};
pub use import::{Imported, Tally};
pub use keychain::Patience;
pub use paper::PageSize;
pub use print::{Printed, Printing, Progress};
pub use rules::money::Currency;
pub use rules::month::Month;
pub use rules::problem::Problem;
pub use rules::records::RecordKind;
pub use statements::{MonthStatements, State, StatementView};
pub use verify::{Finding, Verified};
pub use why::Why;

/// An open book, and what can be done with it.
pub struct Desk {
    book: Book,
    told_months: RefCell<ToldMonths>,
    open: RefCell<Option<OpenNow>>,
    /// A recovery code that was shown, and is not typed back yet.
    issued: Option<RecoveryCode>,
    /// Why the last backup could not be made; told until one is.
    backup_failed: RefCell<Option<String>>,
}

/// When something is done: the instant that is recorded, and the day that it is for whoever does it.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    pub at: DateTime<Utc>,
    pub today: Day,
}

impl Desk {
    /// Makes a new book in a new folder.
    pub fn create(folder: &Path, passphrase: &Passphrase) -> Result<Self, DeskError> {
        Ok(Self::over(Book::create(folder, passphrase)?))
    }

    /// Opens a book. A shell that asks people goes through [`tries::Tries`], which slows guessing down.
    pub fn open<'a>(folder: &Path, way: impl Into<WayIn<'a>>, older: OlderCopy) -> Result<Self, DeskError> {
        Ok(Self::over(Book::open(folder, way, older)?))
    }

    fn over(book: Book) -> Self {
        Self {
            book,
            told_months: RefCell::default(),
            open: RefCell::default(),
            issued: None,
            backup_failed: RefCell::default(),
        }
    }

    /// The whole book in the exchange format, refbook/1.
    pub fn export(&self) -> Result<String, DeskError> {
        Ok(exchange::book::write(&self.book.records()?))
    }

    /// The same in a file, whole or not at all.
    pub fn export_to(&self, file: &Path) -> Result<(), DeskError> {
        write_durably(file, self.export()?.as_bytes())
    }

    fn programme(&self) -> Result<Programme, DeskError> {
        self.book.programme()?.ok_or_else(|| {
            DeskError::new(Code::EmptyBook, "The book is empty: it has no programme yet. Import a file that has one.")
        })
    }
}
