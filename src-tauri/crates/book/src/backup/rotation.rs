//! When a backup is due, and which are let go. Pure: what was made when, and what time it is, are arguments.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, TimeDelta, Utc};

/// The last days, weeks and months that have a backup keep their newest.
const DAYS: usize = 7;
const WEEKS: usize = 4;
const MONTHS: usize = 12;
/// None younger than this is let go. A day here is one of UTC, and "today" is the owner's, whose evening may be the next
/// one: 24 hours hold all of it anywhere.
const TODAY: TimeDelta = TimeDelta::days(1);
/// For so long a backup before an import stays beside the day's others: a wrong import may be seen late.
const HELD: TimeDelta = TimeDelta::days(7);

/// When the next one is due after `last`.
pub fn next_after(last: DateTime<Utc>) -> DateTime<Utc> {
    last + TimeDelta::days(1)
}

/// Whether the newest good backup is older than a day. One from the future was made before the clock went back: it
/// says nothing of today.
pub fn is_due(good: impl IntoIterator<Item = DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    good.into_iter().filter(|made| *made <= now).max().is_none_or(|last| next_after(last) <= now)
}

/// Whether one before an import is too young to be let go.
pub fn is_held(made: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now - made < HELD
}

/// Which of the good backups, by the instants at which they were made, are let go. Never the newest and nothing of
/// today; none while the clock stands before one of them.
pub fn let_go(good: &[DateTime<Utc>], now: DateTime<Utc>) -> BTreeSet<DateTime<Utc>> {
    if good.iter().any(|made| *made > now) {
        return BTreeSet::new();
    }
    let all: BTreeSet<DateTime<Utc>> = good.iter().copied().collect();
    let mut kept = newest_of(&all, DAYS, |made| i64::from(made.num_days_from_ce()));
    // A week is seven days from a Monday: the first day of the era was one.
    kept.extend(newest_of(&all, WEEKS, |made| i64::from((made.num_days_from_ce() - 1).div_euclid(7))));
    kept.extend(newest_of(&all, MONTHS, |made| i64::from(made.year()) * 12 + i64::from(made.month())));
    all.difference(&kept).filter(|made| now - **made >= TODAY).copied().collect()
}

/// The newest of each of the last `count` spans that have any.
fn newest_of(
    all: &BTreeSet<DateTime<Utc>>,
    count: usize,
    span: impl Fn(&DateTime<Utc>) -> i64,
) -> BTreeSet<DateTime<Utc>> {
    let mut kept = BTreeSet::new();
    let mut last = None;
    for made in all.iter().rev() {
        if last != Some(span(made)) && kept.len() < count {
            kept.insert(*made);
        }
        last = Some(span(made));
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    /// One a day, at noon, for so many days up to this one.
    fn daily(count: i64, last: &str) -> Vec<DateTime<Utc>> {
        (0..count).map(|back| at(last) - TimeDelta::days(back)).collect()
    }

    /// As the app does it: each day one more, then the rotation.
    fn after_years(days: i64) -> Vec<DateTime<Utc>> {
        let mut kept: Vec<DateTime<Utc>> = Vec::new();
        for now in daily(days, "2026-11-25T12:00:00Z").into_iter().rev() {
            kept.push(now);
            let gone = let_go(&kept, now);
            kept.retain(|made| !gone.contains(made));
        }
        kept
    }

    #[test]
    fn one_before_an_import_is_held_for_a_week() {
        let made = at("2026-11-25T12:00:00Z");
        assert!(is_held(made, made) && is_held(made, at("2026-12-02T11:59:59Z")));
        assert!(!is_held(made, at("2026-12-02T12:00:00Z")));
    }

    #[test]
    fn seven_days_four_weeks_and_twelve_months_are_kept() {
        let kept = after_years(1000);
        let days: Vec<String> = kept.iter().rev().map(|made| made.date_naive().to_string()).collect();
        assert_eq!(
            days[..7].iter().map(|day| &day[5..]).collect::<Vec<_>>(),
            ["11-25", "11-24", "11-23", "11-22", "11-21", "11-20", "11-19"]
        );
        // 25 November 2026 is a Wednesday: the weeks before it end on the 22nd (kept as a day), the 15th and the 8th.
        assert_eq!(days[7..9], ["2026-11-15", "2026-11-08"]);
        assert_eq!(
            days[9..],
            [
                "2026-10-31",
                "2026-09-30",
                "2026-08-31",
                "2026-07-31",
                "2026-06-30",
                "2026-05-31",
                "2026-04-30",
                "2026-03-31",
                "2026-02-28",
                "2026-01-31",
                "2025-12-31"
            ]
        );
    }

    #[test]
    fn a_book_that_lay_for_years_loses_none_of_its_backups_to_the_calendar() {
        let old = daily(7, "2020-02-01T12:00:00Z");
        assert!(let_go(&old, at("2026-11-25T12:00:00Z")).is_empty());
    }

    #[test]
    fn the_only_one_and_the_newest_are_never_let_go() {
        let now = at("2026-11-25T12:00:00Z");
        assert!(let_go(&[at("2019-01-01T00:00:00Z")], now).is_empty());
        for count in 1..60 {
            let all = daily(count, "2026-11-25T11:00:00Z");
            assert!(!let_go(&all, now).contains(&all[0]), "of {count}");
        }
    }

    #[test]
    fn of_an_earlier_day_the_newest_is_kept() {
        let (morning, evening) = (at("2026-11-24T08:00:00Z"), at("2026-11-24T20:00:00Z"));
        assert_eq!(let_go(&[morning, evening], at("2026-11-25T21:00:00Z")), BTreeSet::from([morning]));
    }

    #[test]
    fn nothing_of_today_is_let_go_wherever_midnight_is() {
        // 15:30 and 15:55 in Los Angeles, and its evening, which is tomorrow's in UTC.
        let made = [at("2026-11-25T23:30:00Z"), at("2026-11-25T23:55:00Z"), at("2026-11-26T04:00:00Z")];
        assert!(let_go(&made, at("2026-11-26T07:59:00Z")).is_empty());
        assert_eq!(let_go(&made, at("2026-11-26T23:30:00Z")), BTreeSet::from([made[0]]));
    }

    #[test]
    fn a_clock_that_goes_back_lets_nothing_go_and_backs_up_all_the_same() {
        let all = daily(400, "2026-11-25T12:00:00Z");
        let before = at("2026-11-20T12:00:00Z");
        assert!(let_go(&all, before).is_empty());
        assert!(is_due([at("2026-11-25T12:00:00Z")], before), "the one from the future says nothing of today");
        assert!(!is_due([at("2026-11-25T12:00:00Z"), at("2026-11-20T01:00:00Z")], before));
    }

    #[test]
    fn a_backup_is_due_a_day_after_the_last() {
        let last = at("2026-11-24T12:00:00Z");
        assert!(is_due([], last));
        assert!(!is_due([last], at("2026-11-25T11:59:59Z")));
        assert!(is_due([last], at("2026-11-25T12:00:00Z")));
    }
}
