//! An open month's inputs, as if the open months before it had been closed.

use book::OpenMonth;
use rayon::prelude::*;
use rules::forecast::Ahead;
use rules::inputs::MonthFacts;
use rules::month::Month;
use rules::statement::{Drawn, Inputs};
use rules::terms::Programme;

use crate::{Code, Desk, DeskError};

/// A draft is drawn as if all open months before it had been closed: the year 2999 would take that long.
const FARTHEST: i32 = 1_200;

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
        let ahead = month.index() - next.index();
        if ahead > FARTHEST {
            let message = format!(
                "{} is {ahead} months after {}, the next to close, and drafts reach {FARTHEST}. Choose a nearer month.",
                month.words(),
                next.words()
            );
            return Err(DeskError::new(Code::Refused, message));
        }
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
