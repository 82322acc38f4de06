//! Days: their text, and months added to them. A day is a calendar date without a time or a zone.

use chrono::{Datelike, Days, Months, NaiveDate};

/// A calendar day, as recorded in the programme's own time zone.
pub type Day = NaiveDate;

/// Reads `2025-01-31`, exactly ten characters, from 1900 to 2999; `None` for anything else.
pub fn parse(text: &str) -> Option<Day> {
    let digits = |range: std::ops::Range<usize>| {
        let part = text.get(range)?;
        part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<u32>().ok()).flatten()
    };
    if text.len() != 10 || text.get(4..5) != Some("-") || text.get(7..8) != Some("-") {
        return None;
    }
    let year = i32::try_from(digits(0..4)?).ok()?;
    (1900..3000).contains(&year).then(|| Day::from_ymd_opt(year, digits(5..7)?, digits(8..10)?)).flatten()
}

/// `day` plus `months`; a day that the month lacks becomes its last.
pub fn plus_months(day: Day, months: u32) -> Day {
    day.checked_add_months(Months::new(months)).unwrap_or(Day::MAX)
}

/// `day` plus `days`.
pub fn days_after(day: Day, days: u32) -> Day {
    day.checked_add_days(Days::new(days.into())).unwrap_or(Day::MAX)
}

/// For people: `14 Jan 2025`, never `06/07/25`.
pub fn words(day: Day) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    format!("{} {} {}", day.day(), MONTHS[day.month0() as usize], day.year())
}

/// The days of `month` that a period has, as whole months and a part of one.
///
/// "Months in a period: as many whole months k as fit from its first day on [...], plus the days left over divided by
/// the days from first day plus k months to first day plus k + 1 months."
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct MonthsInPeriod {
    pub whole: u32,
    pub days: u32,
    /// How many days the begun month has; 0 days of it count when the period is whole months.
    pub of: u32,
}

impl MonthsInPeriod {
    /// Of the period from `first` to `last`, both inclusive; `last` is not before `first`.
    pub fn between(first: Day, last: Day) -> Self {
        let after = last.succ_opt().unwrap_or(Day::MAX);
        // Months are always added to the first day itself, so that a clamped day does not stick.
        let about = (after.year() - first.year()) * 12 + after.month0().cast_signed() - first.month0().cast_signed();
        let mut whole = u32::try_from(about).unwrap_or(0);
        while whole > 0 && plus_months(first, whole) > after {
            whole -= 1;
        }
        let begun = plus_months(first, whole);
        let next = plus_months(first, whole + 1);
        Self { whole, days: days_between(begun, after), of: days_between(begun, next) }
    }

    /// The months as a fraction: numerator and denominator.
    pub fn fraction(self) -> (u32, u32) {
        (self.whole * self.of + self.days, self.of)
    }

    /// For people: `1 month`, `12 months`, `10/31 of a month`, `2 months and 3/30`.
    pub fn words(self) -> String {
        let plural = if self.whole == 1 { "" } else { "s" };
        match (self.whole, self.days) {
            (0, days) => format!("{days}/{} of a month", self.of),
            (whole, 0) => format!("{whole} month{plural}"),
            (whole, days) => format!("{whole} month{plural} and {days}/{}", self.of),
        }
    }
}

pub(crate) fn days_between(from: Day, to: Day) -> u32 {
    u32::try_from((to - from).num_days()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        parse(text).expect(text)
    }

    #[test]
    fn days_are_read_strictly() {
        assert_eq!(parse("2025-01-31").map(words).as_deref(), Some("31 Jan 2025"));
        for text in
            ["2025-02-30", "2025-1-31", "31.01.2025", "2025-01-31T", "+025-01-31", "", "１２-01-01", "0001-01-01"]
        {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn months_in_a_period() {
        for (first, last, expected) in [
            ("2026-01-01", "2026-01-31", "1 month"),
            ("2026-01-01", "2026-12-31", "12 months"),
            ("2026-01-01", "2026-01-10", "10/31 of a month"),
            ("2026-01-31", "2026-02-27", "1 month"), // month 1 ends the day before 28 Feb
            ("2026-01-31", "2026-03-30", "2 months"), // the clamped 28th does not stick
            ("2026-01-31", "2026-03-29", "1 month and 30/31"),
            ("2026-01-15", "2026-02-14", "1 month"),
            ("2026-01-15", "2026-03-01", "1 month and 15/28"),
            ("2026-01-15", "2026-01-15", "1/31 of a month"),
        ] {
            assert_eq!(MonthsInPeriod::between(day(first), day(last)).words(), expected, "{first} to {last}");
        }
    }
}
