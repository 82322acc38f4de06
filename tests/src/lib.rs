//! What the tests share: places for books, the worked examples, random books, and the oracle that knows no book.

pub mod any;
pub mod cases;
pub mod hostile;
pub mod intruder;
pub mod oracle;

use std::path::PathBuf;

use chrono::{NaiveTime, TimeZone, Utc};
use desk::begin::{NewBook, Owner};
use desk::sample::Sample;
use desk::{Desk, Now, OlderCopy, Passphrase};
use tempfile::TempDir;

/// A place for one book, gone when dropped.
pub struct Shelf {
    folder: TempDir,
}

impl Shelf {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    pub fn book(&self) -> PathBuf {
        self.folder.path().join("Test.refbook")
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn create(&self) -> Desk {
        Desk::create(&self.book(), &passphrase()).expect("a new book")
    }

    /// The small sample: December 2025 is open, all before it is closed.
    pub fn sample(&self) -> Desk {
        Desk::sample(&self.book(), &passphrase(), Sample::Small, |_| ()).expect("the sample")
    }

    pub fn open(&self) -> Desk {
        Desk::open(&self.book(), &passphrase(), OlderCopy::Refuse).expect("the book opens")
    }
}

impl Default for Shelf {
    fn default() -> Self {
        Self::new()
    }
}

pub const PASSPHRASE: &str = "correct horse battery staple";

pub fn passphrase() -> Passphrase {
    Passphrase::new(PASSPHRASE.to_owned()).expect("not empty")
}

/// The form of an affiliate's own book.
pub fn own_form() -> NewBook {
    NewBook {
        owner: Owner::Affiliate,
        company: "NetSource".to_owned(),
        phone: String::new(),
        currency: "USD".to_owned(),
        name: "Dana Reyes".to_owned(),
        own_companies: Vec::new(),
        domains: Vec::new(),
    }
}

/// Noon of a day.
pub fn on(day: &str) -> Now {
    let today = rules::day::parse(day).expect("a day");
    let noon = NaiveTime::from_hms_opt(12, 0, 0).expect("noon");
    Now { at: Utc.from_utc_datetime(&today.and_time(noon)), today }
}

/// Long after every worked example.
pub fn later() -> Now {
    on("2035-01-15")
}
