//! What an affiliate that bills a client itself charges it for a month, a quarter or a year.
//!
//! "You may also bill the client directly." Every charge is worked out calendar month by calendar month, so that twelve
//! monthly bills, four quarterly ones and a yearly one come to the same.

use crate::contract::Contract;
use crate::day::{Day, days_between};
use crate::invoice::Line;
use crate::money::Money;
use crate::month::Month;

/// A stretch of whole calendar months that is billed at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub first: Month,
    pub last: Month,
}

/// What a contract's client is charged for a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bill {
    /// The first day of the period on which the contract is held, and the last.
    pub start: Day,
    pub end: Day,
    /// Without what comes to nothing.
    pub lines: Vec<Line>,
}

impl Period {
    /// Reads `2026-12`, `2026-Q4` or `2026`; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let month = |year: &str, number: u32| Month::parse(&format!("{year}-{number:02}"));
        match text.split_once("-Q") {
            Some((year, quarter)) => {
                let quarter: u32 = quarter.parse().ok().filter(|quarter| (1..=4).contains(quarter))?;
                Some(Self { first: month(year, quarter * 3 - 2)?, last: month(year, quarter * 3)? })
            }
            None if text.len() == 4 => Some(Self { first: month(text, 1)?, last: month(text, 12)? }),
            None => Month::parse(text).map(|month| Self { first: month, last: month }),
        }
    }

    pub fn start(self) -> Day {
        self.first.first_day()
    }

    pub fn end(self) -> Day {
        self.last.cutoff()
    }

    /// For people: `December 2026`, `October to December 2026`.
    pub fn words(self) -> String {
        if self.first == self.last {
            return self.first.words();
        }
        let first = self.first.words();
        let name = first.split(' ').next().unwrap_or_default();
        format!("{name} to {}", self.last.words())
    }

    fn months(self) -> impl Iterator<Item = Month> {
        std::iter::successors(Some(self.first), |month| Some(month.next())).take_while(move |month| *month <= self.last)
    }
}

/// The bill of a contract for these days; none if the contract is not held on any of them.
///
/// A month that is held in part, or changes within, is charged by its days: amount × days / days of the calendar month,
/// rounded to the minor unit, half away from zero. "Setup fees or other one time consulting charges" come once: with the
/// contract's first day, or with the change that brings them.
pub fn bill(contract: &Contract, first: Day, last: Day) -> Option<Bill> {
    let start = contract.starts_on.max(first);
    let end = contract.ended_on.map_or(last, |ended_on| ended_on.min(last));
    if start > end {
        return None;
    }
    let mut charges = Charges::default();
    for month in (Period { first: Month::of(start), last: Month::of(end) }).months() {
        for stretch in stretches(contract, start.max(month.first_day()), end.min(month.cutoff())) {
            charges.add(contract.lines_on(stretch.first), stretch, month);
        }
    }
    let mut lines = charges.lines();
    lines.extend(once(contract, start, end));
    lines.retain(|line| !line.amount.is_zero());
    Some(Bill { start, end, lines })
}

/// Days in a row on which the same lines are in force.
#[derive(Clone, Copy)]
struct Stretch {
    first: Day,
    last: Day,
}

/// From `first` to `last`, cut where a change takes effect; nothing if they are the wrong way round.
fn stretches(contract: &Contract, first: Day, last: Day) -> Vec<Stretch> {
    let mut starts: Vec<Day> = contract.changes.iter().map(|change| change.effective_on).collect();
    starts.retain(|start| first < *start && *start <= last);
    starts.push(first);
    starts.sort_unstable();
    starts.retain(|start| *start <= last);
    let ends = starts.iter().skip(1).filter_map(|next| next.pred_opt()).chain([last]);
    starts.iter().zip(ends).map(|(first, last)| Stretch { first: *first, last }).collect()
}

/// Monthly charges in the order in which they first come.
#[derive(Default)]
struct Charges(Vec<Charge>);

struct Charge {
    /// As the contract has it.
    of: Line,
    months: Vec<Charged>,
}

/// On how many days of a month a charge is in force.
struct Charged {
    month: Month,
    days: u32,
}

impl Charges {
    /// A line that a change leaves as it was goes on; two equal ones of a contract stay two.
    fn add(&mut self, lines: &[Line], stretch: Stretch, month: Month) {
        let days = days_between(stretch.first, stretch.last) + 1;
        for (at, line) in lines.iter().enumerate().filter(|(_, line)| !line.kind.is_once()) {
            let equal_before = lines[..at].iter().filter(|other| *other == line).count();
            match self.0.iter_mut().filter(|charge| charge.of == *line).nth(equal_before) {
                Some(charge) => charge.take(days, month),
                None => self.0.push(Charge { of: line.clone(), months: vec![Charged { month, days }] }),
            }
        }
    }

    fn lines(self) -> Vec<Line> {
        self.0.into_iter().map(Charge::line).collect()
    }
}

impl Charge {
    fn take(&mut self, days: u32, month: Month) {
        match self.months.last_mut().filter(|last| last.month == month) {
            Some(last) => last.days += days,
            None => self.months.push(Charged { month, days }),
        }
    }

    /// `Cloud servers`, `Cloud servers, 3 months`, `Cloud servers, 17 of 31 days`.
    fn line(self) -> Line {
        let Self { of, months } = self;
        let amount = months.iter().fold(of.amount.nothing(), |sum, charged| sum + charged.amount(of.amount));
        let whole = months.iter().filter(|charged| charged.is_whole()).count();
        let counted = match whole {
            0 => None,
            1 => Some("1 month".to_owned()),
            whole => Some(format!("{whole} months")),
        };
        let parts = months.iter().filter(|charged| !charged.is_whole());
        let counted: Vec<String> = counted.into_iter().chain(parts.map(Charged::words)).collect();
        let description = match (whole, counted.as_slice()) {
            (1, [_]) => of.description.clone(),
            (_, counted) => format!("{}, {}", of.offered(), counted.join(" and ")),
        };
        Line { description, amount, ..of }
    }
}

impl Charged {
    fn of(&self) -> u32 {
        days_between(self.month.first_day(), self.month.cutoff()) + 1
    }

    fn is_whole(&self) -> bool {
        self.days == self.of()
    }

    fn amount(&self, monthly: Money) -> Money {
        monthly.times_fraction_rounded(self.days, self.of())
    }

    /// `17 of 31 days`.
    fn words(&self) -> String {
        format!("{} of {} days", self.days, self.of())
    }
}

/// What is charged once within these days.
fn once(contract: &Contract, start: Day, end: Day) -> Vec<Line> {
    let begins = contract.starts_on == start;
    let signed = contract.lines_on(contract.starts_on).iter().filter(|line| begins && line.kind.is_once());
    let later = |on: Day| contract.starts_on < on && start <= on && on <= end;
    let changes = contract.changes.iter().filter(|change| later(change.effective_on));
    let brought = changes.flat_map(|change| {
        let before = change.effective_on.pred_opt().map_or(&[][..], |day| contract.lines_on(day));
        change.lines.iter().filter(move |line| line.kind.is_once() && !before.contains(line))
    });
    signed.chain(brought).cloned().collect()
}
