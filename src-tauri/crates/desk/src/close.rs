//! Closing months: their statements are sealed, and never change afterwards.

use hashbrown::HashMap;

use std::sync::mpsc::{self, SyncSender};
use std::thread;

use book::{BookError, Change, Closing, OpenMonth, Packed, Sealing};
use chrono::SecondsFormat;
use exchange::sealed::{self, Sealed};
use rayon::prelude::*;
use rules::affiliate::Affiliate;
use rules::day::{self, Day};
use rules::forecast::settled;
use rules::id::Id;
use rules::invoice::Invoice;
use rules::month::Month;
use rules::statement::{Drawn, Inputs, Statement};
use rules::terms::Programme;

use crate::month::AT_ONCE;
use crate::statements::number;
use crate::views::{ClosingSoFar, MonthName, count};
use crate::{Code, Desk, DeskError, Now};

/// A month that was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed {
    pub month: Month,
    pub statements: usize,
}

impl Desk {
    /// Closes every open month up to and with `through`, in order, each in one transaction. `closed` hears of each;
    /// those stay closed if a later one fails, or if it says `false` to stop.
    pub fn close(&mut self, through: Month, now: Now, mut closed: impl FnMut(Closed) -> bool) -> Result<(), DeskError> {
        let programme = self.programme()?;
        if through.cutoff() >= now.today {
            let (cutoff, today) = (day::words(through.cutoff()), day::words(now.today));
            let message =
                format!("{through} is not over: its cutoff is {cutoff}, and today is {today}. Close it then.");
            return Err(DeskError::new(Code::MonthNotOver, message));
        }
        let Some(mut month) = self.next_month()? else {
            return Err(DeskError::new(Code::EmptyBook, "The book has no referral yet, so there is nothing to close."));
        };
        if through < month {
            let message = format!("{through} is closed already, or before the book's first month.");
            return Err(DeskError::new(Code::MonthClosed, message));
        }
        while month <= through {
            let statements = self.book.change(now.at, |change| close_month(change, &programme, month, now))?;
            if !closed(Closed { month, statements }) {
                break;
            }
            month = month.next();
        }
        Ok(())
    }

    /// The same for the window, with the months that were closed. `heard` hears of each that is still to come, before it is
    /// closed, and says `false` to leave it open.
    pub fn close_through(
        &mut self,
        through: Month,
        now: Now,
        mut heard: impl FnMut(ClosingSoFar) -> bool,
    ) -> Result<Vec<MonthName>, DeskError> {
        let mut closed: Vec<MonthName> = Vec::new();
        self.close(through, now, |Closed { month, .. }| {
            closed.push(month.into());
            let done = count(closed.len());
            let so_far = ClosingSoFar { month: month.next().into(), done, of: done + months_after(month, through) };
            month == through || heard(so_far)
        })?;
        Ok(closed)
    }

    /// Reopens the newest closed month. Its statements stay stored, and are no longer in force.
    pub fn reopen(&mut self, month: Month, reason: &str, now: Now) -> Result<(), DeskError> {
        if reason.trim().is_empty() {
            return Err(DeskError::new(Code::ReasonMissing, "A month is reopened with a reason. Say why."));
        }
        self.book.change(now.at, |change| Ok(change.reopen(month, reason.trim())?))
    }
}

/// The months that are over, from an open one on: the last of them, and how many; none if that is not over itself.
pub(crate) fn over(open: Month, today: Day) -> Option<(Month, u32)> {
    let last = Month::of(today).previous();
    (open <= last).then(|| (last, months_after(open, last) + 1))
}

/// How many come after `month`, up to and with `last`.
fn months_after(month: Month, last: Month) -> u32 {
    u32::try_from(last.index() - month.index()).unwrap_or(0)
}

/// Closes one month; gives the number of its statements.
fn close_month(change: &mut Change<'_>, programme: &Programme, month: Month, now: Now) -> Result<usize, DeskError> {
    let OpenMonth { facts, keys, later, previous } = change.month(programme.clone(), month)?;
    let closing = change.close(month)?;
    let done = |change: &mut Change<'_>, invoices: &[Id<Invoice>]| -> Result<(), BookError> {
        let done = invoices.iter().filter(|invoice| !later.contains(*invoice)).map(|invoice| keys[invoice]);
        change.are_done(&done.collect::<Vec<_>>())
    };
    done(change, &facts.done_without_contract())?;
    let inputs = facts.into_inputs();
    thread::scope(|scope| {
        // The next statements are drawn while these are written; the channel's room bounds the memory of both.
        let (ready, written) = mpsc::sync_channel(1);
        let previous = &previous;
        scope.spawn(move || seal_all(inputs, closing, previous, now, &ready));
        let mut statements = 0;
        for sealed in written.into_iter().flatten() {
            statements += 1;
            change.seal(&Sealing {
                closing: closing.key,
                number: &sealed.number,
                previous: sealed.previous.as_ref(),
                document: &sealed.document,
                statement: &sealed.statement,
            })?;
            for (invoice, amount) in settled(&sealed.statement) {
                change.settle(closing.key, keys[invoice], amount)?;
            }
            done(change, &sealed.done)?;
        }
        Ok(statements)
    })
}

/// Draws and packs statements side by side, until all are ready or nobody takes them any more.
fn seal_all(
    mut inputs: impl Iterator<Item = Inputs>,
    closing: Closing,
    previous: &HashMap<Id<Affiliate>, Option<[u8; 32]>>,
    now: Now,
    ready: &SyncSender<Vec<Ready>>,
) {
    loop {
        let some: Vec<Inputs> = inputs.by_ref().take(AT_ONCE).collect();
        let sealed = some.into_par_iter().map(|inputs| seal(inputs, closing, previous, now)).collect::<Vec<_>>();
        if sealed.is_empty() || ready.send(sealed).is_err() {
            return;
        }
    }
}

/// A statement, drawn and packed, ready to be written.
struct Ready {
    number: String,
    previous: Option<[u8; 32]>,
    document: Packed,
    statement: Statement,
    done: Vec<Id<Invoice>>,
}

fn seal(inputs: Inputs, closing: Closing, previous: &HashMap<Id<Affiliate>, Option<[u8; 32]>>, now: Now) -> Ready {
    let Drawn { statement, done } = inputs.draw();
    let previous = previous.get(&inputs.affiliate.id).copied().flatten();
    let sealed = Sealed {
        engine: rules::ENGINE,
        number: number(inputs.month, &inputs.affiliate.id, closing.revision),
        revision: closing.revision,
        previous: previous.map(hex::encode),
        closed_at: now.at.to_rfc3339_opts(SecondsFormat::Secs, true),
        inputs,
        statement,
    };
    let document = Packed::new(&sealed::write(&sealed));
    let Sealed { number, statement, .. } = sealed;
    Ready { number, previous, document, statement, done }
}
