//! An open month's inputs, as if the open months before it had been closed.

use std::collections::HashMap;

use book::OpenMonth;
use rayon::prelude::*;
use rules::affiliate::Affiliate;
use rules::id::Id;
use rules::inputs::MonthFacts;
use rules::invoice::Invoice;
use rules::money::Money;
use rules::month::Month;
use rules::statement::{Drawn, Inputs, Statement, Status, YearToDate};
use rules::terms::Programme;

use crate::{Desk, DeskError};

impl Desk {
    /// The first month that is still open; `None` in a book with nothing to tell.
    pub(crate) fn next_month(&self) -> Result<Option<Month>, DeskError> {
        match self.book.closed_through()? {
            Some(closed) => Ok(Some(closed.next())),
            None => Ok(self.book.first_month()?),
        }
    }

    /// What the statements of an open month are drawn from; `None` before the first month.
    pub(crate) fn facts(&self, programme: &Programme, month: Month) -> Result<Option<MonthFacts>, DeskError> {
        let Some(mut next) = self.next_month()?.filter(|next| *next <= month) else { return Ok(None) };
        let mut ahead = Ahead::default();
        while next < month {
            let OpenMonth { facts, .. } = self.book.month(programme.clone(), next)?;
            let inputs: Vec<Inputs> = ahead.lay_over(facts).into_inputs().collect();
            for drawn in draw(&inputs) {
                ahead.take(&drawn.statement);
            }
            next = next.next();
        }
        let OpenMonth { facts, .. } = self.book.month(programme.clone(), month)?;
        Ok(Some(ahead.lay_over(facts)))
    }
}

/// How many statements are drawn side by side before they are handed on: bounds the memory of a month.
pub const AT_ONCE: usize = 16;

/// Draws statements side by side, in the order of the inputs.
pub fn draw(inputs: &[Inputs]) -> Vec<Drawn> {
    inputs.par_iter().map(Inputs::draw).collect()
}

/// What a statement paid, kept or took back, by invoice: what it settles when it is closed.
pub fn settled(statement: &Statement) -> impl Iterator<Item = (&Id<Invoice>, Money)> {
    let lines = statement.lines.iter().filter(|line| line.status != Status::Held);
    lines.map(|line| (&line.invoice, line.commission))
}

/// What open months would leave behind if they were closed now.
#[derive(Default)]
struct Ahead {
    settled: HashMap<Id<Invoice>, Money>,
    balances: HashMap<Id<Affiliate>, (Month, Money, YearToDate)>,
}

impl Ahead {
    fn take(&mut self, statement: &Statement) {
        for (invoice, amount) in settled(statement) {
            self.settled.entry(invoice.clone()).and_modify(|sum| *sum += amount).or_insert(amount);
        }
        let balance = (statement.month, statement.carried_forward, statement.year_to_date);
        self.balances.insert(statement.affiliate.clone(), balance);
    }

    fn lay_over(&self, mut facts: MonthFacts) -> MonthFacts {
        for invoice in &mut facts.invoices {
            if let Some(amount) = self.settled.get(&invoice.invoice.id) {
                invoice.settled += *amount;
            }
        }
        for affiliate in &mut facts.affiliates {
            if let Some((month, carried_forward, year)) = self.balances.get(&affiliate.affiliate.id) {
                affiliate.brought_forward = *carried_forward;
                if month.year() == facts.month.year() {
                    affiliate.year_before = *year;
                }
            }
        }
        facts
    }
}
