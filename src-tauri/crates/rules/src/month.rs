//! A calendar month: the time of one statement.

use std::fmt;

use chrono::Datelike;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::day::Day;

/// A month of a year, counted from the year 0.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

impl Month {
    /// Reads `2025-01`, from 1900 to 2999; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 7 && text.is_ascii()).then(|| crate::day::parse(&format!("{text}-01"))).flatten().map(Self::of)
    }

    /// The month that `day` is in.
    pub fn of(day: Day) -> Self {
        Self(day.year() * 12 + day.month0().cast_signed())
    }

    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }

    pub fn previous(self) -> Self {
        Self(self.0 - 1)
    }

    pub fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// 1 to 12.
    pub fn number(self) -> u32 {
        self.0.rem_euclid(12).cast_unsigned() + 1
    }

    pub fn first_day(self) -> Day {
        Day::from_ymd_opt(self.year(), self.number(), 1).expect("the first of a month is a day")
    }

    /// "The cutoff of a month is its last day, inclusive."
    pub fn cutoff(self) -> Day {
        self.next().first_day().pred_opt().expect("a month has a last day")
    }

    /// How the book stores it: months since the year 0.
    pub fn index(self) -> i32 {
        self.0
    }

    /// Back from [`Month::index`]; `None` outside the years 1900 to 2999.
    pub fn from_index(index: i32) -> Option<Self> {
        (1900 * 12..3000 * 12).contains(&index).then_some(Self(index))
    }

    /// For people: `January 2025`.
    pub fn words(self) -> String {
        const NAMES: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        format!("{} {}", NAMES[self.number() as usize - 1], self.year())
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.number())
    }
}

impl fmt::Debug for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom(format!("\"{text}\" is not a month")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_follow_each_other_over_the_year() {
        let december = Month::parse("2024-12").expect("a month");
        assert_eq!(december.next().to_string(), "2025-01");
        assert_eq!(december.next().previous(), december);
        assert_eq!(december.cutoff().to_string(), "2024-12-31");
        assert_eq!(Month::parse("2024-02").expect("a month").cutoff().to_string(), "2024-02-29");
        assert_eq!(Month::parse("2024-13"), None);
        assert_eq!(Month::parse("2024-1"), None);
    }
}
