//! Sample books: the same every time, made without a clock, a file or chance.
//!
//! [`small`] is a book to look at, in which every rule happens; [`Large`] is as many months as a measurement wants.

mod billing;
mod large;
mod small;
#[cfg(test)]
mod tests;

pub use large::Large;
pub use small::small;

use std::path::Path;

use book::{Book, Change, Passphrase};
use chrono::{NaiveTime, TimeZone, Utc};
use rules::day::{self, Day};
use rules::money::{Currency, Money};
use rules::month::Month;
use rules::rate::Rate;
use rules::terms::{InTermChanges, Programme};

use crate::{Desk, DeskError, Now, import};

/// Which book to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sample {
    Small,
    Large { contracts: u32, months: u32 },
}

/// The newest month of every sample; it is left open.
pub fn last_month() -> Month {
    month("2025-12")
}

impl Desk {
    /// Makes a new book with a sample in it, all of its months closed but the newest. `progress` hears of each month.
    pub fn sample(
        folder: &Path,
        passphrase: &Passphrase,
        sample: Sample,
        progress: impl FnMut(Month),
    ) -> Result<Self, DeskError> {
        Self::create(folder, passphrase)?.with(sample, progress)
    }

    /// The small sample in memory: gone when it is closed.
    pub fn look_around() -> Result<Self, DeskError> {
        Self::over(Book::in_memory()?).with(Sample::Small, |_| ())
    }

    fn with(self, sample: Sample, mut progress: impl FnMut(Month)) -> Result<Self, DeskError> {
        let mut desk = self;
        match sample {
            Sample::Small => desk.record_new(&small(), last_month())?,
            Sample::Large { contracts, months } => {
                for (month, records) in Large::new(contracts, months, last_month()).batches() {
                    desk.record_new(&records, month)?;
                    if month < last_month() {
                        desk.close(month, on_the_third_after(month), |_| true)?;
                    }
                    progress(month);
                }
            }
        }
        if sample == Sample::Small {
            let until = last_month().previous();
            while let Some(next) = desk.next_month()?.filter(|next| *next <= until) {
                desk.close(next, on_the_third_after(next), |_| true)?;
                progress(next);
            }
        }
        Ok(desk)
    }

    /// Records what nothing in the book has the id of, and what is known to hold.
    fn record_new(&mut self, records: &rules::records::Records, month: Month) -> Result<(), DeskError> {
        let now = on_the_third_after(month);
        self.book.change(now.at, |change: &mut Change<'_>| Ok(import::record_new(change, records)?))
    }
}

/// When the office closes a month: at nine o'clock on the third day of the next.
fn on_the_third_after(month: Month) -> Now {
    let today = month.next().first_day() + chrono::Days::new(2);
    let nine = NaiveTime::from_hms_opt(9, 0, 0).expect("nine o'clock");
    Now { at: Utc.from_utc_datetime(&today.and_time(nine)), today }
}

fn programme() -> Programme {
    Programme {
        company: "NetSource".to_owned(),
        phone: "(866) 778-1212".to_owned(),
        currency: usd(),
        standard_rate: rate("0.10"),
        maximum_rate: rate("0.10"),
        in_term_changes: InTermChanges::FollowContract,
        minimum_payout: money("25.00"),
    }
}

// What the tables say in text. They are ours, so that a text that does not read is our mistake.

fn usd() -> Currency {
    Currency::parse("USD").expect("USD is a currency")
}

fn money(text: &str) -> Money {
    Money::parse(text, usd()).expect(text)
}

fn rate(text: &str) -> Rate {
    Rate::parse(text).expect(text)
}

fn day(text: &str) -> Day {
    day::parse(text).expect(text)
}

fn month(text: &str) -> Month {
    Month::parse(text).expect(text)
}

/// One step of `SplitMix64`: spreads a number over all 64 bits, always in the same way.
fn scatter(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
