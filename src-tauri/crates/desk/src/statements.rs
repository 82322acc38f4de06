//! A month's statements: sealed if it is closed, drafted if it is open. Reads only.

use book::{SealedRow, unpack};
use exchange::sealed::{self, Sealed};
use exchange::statements::{SealedAs, Written, json};
use rules::affiliate::Affiliate;
use rules::id::Id;
use rules::month::Month;
use rules::statement::{Inputs, Statement};

use crate::month::{AT_ONCE, draw};
use crate::{Code, Desk, DeskError};

/// A month's statements, by affiliate.
#[derive(Clone, Debug)]
pub struct MonthStatements {
    pub month: Month,
    pub statements: Vec<StatementView>,
}

/// A statement, and what it stands on.
#[derive(Clone, Debug)]
pub struct StatementView {
    pub number: String,
    pub state: State,
    pub statement: Statement,
    pub inputs: Inputs,
}

#[derive(Clone, Debug)]
pub enum State {
    /// Of an open month: it changes with the book.
    Draft,
    /// Of a closed month: the document that was sealed.
    Sealed { sha256: String, closed_at: String, revision: u32, document: Vec<u8> },
}

impl MonthStatements {
    /// In the form of `book-format.md`, with every step of every line.
    pub fn json(&self) -> Vec<u8> {
        let statements: Vec<Written<'_>> = self.statements.iter().map(StatementView::written).collect();
        json(self.month, &statements)
    }
}

impl StatementView {
    pub(crate) fn written(&self) -> Written<'_> {
        let sealed = match &self.state {
            State::Draft => None,
            State::Sealed { sha256, closed_at, revision, .. } => {
                Some(SealedAs { sha256, closed_at, revision: *revision })
            }
        };
        Written { number: &self.number, sealed, statement: &self.statement }
    }
}

impl Desk {
    /// The statements of a month, or one affiliate's: drafts of an open month, sealed ones of a closed month.
    pub fn statements(&self, month: Month, affiliate: Option<&str>) -> Result<MonthStatements, DeskError> {
        if let Some(affiliate) = affiliate {
            return Ok(MonthStatements { month, statements: vec![self.statement_of(month, affiliate)?] });
        }
        let mut statements = Vec::new();
        self.each_statement(month, None, |view| statements.push(view))?;
        Ok(MonthStatements { month, statements })
    }

    /// One affiliate's statement of a month.
    pub(crate) fn statement_of(&self, month: Month, affiliate: &str) -> Result<StatementView, DeskError> {
        let mut found = None;
        self.each_statement(month, Some(affiliate), |view| found = Some(view))?;
        found.map_or_else(|| Err(self.no_statement(month, affiliate)?), Ok)
    }

    /// Hands over the same statements one by one, by affiliate, for whoever need not hold all of them at once.
    pub fn each_statement(
        &self,
        month: Month,
        affiliate: Option<&str>,
        mut visit: impl FnMut(StatementView),
    ) -> Result<(), DeskError> {
        if !self.book.is_closed(month)? {
            return self.each_draft(month, affiliate, visit);
        }
        let rows = match affiliate {
            None => self.book.sealed(month)?.unwrap_or_default(),
            Some(affiliate) => self.book.sealed_of(month, affiliate)?.into_iter().collect(),
        };
        rows.iter().try_for_each(|row| sealed_view(row).map(&mut visit))
    }

    fn each_draft(
        &self,
        month: Month,
        affiliate: Option<&str>,
        mut visit: impl FnMut(StatementView),
    ) -> Result<(), DeskError> {
        let revision = self.book.times_closed(month)? + 1;
        let Some(facts) = self.facts(&self.programme()?, month)? else { return Ok(()) };
        let is_wanted = |inputs: &Inputs| affiliate.is_none_or(|wanted| inputs.affiliate.id.as_str() == wanted);
        let mut inputs = facts.into_inputs().filter(is_wanted);
        loop {
            let some: Vec<Inputs> = inputs.by_ref().take(AT_ONCE).collect();
            if some.is_empty() {
                return Ok(());
            }
            let drawn = draw(&some);
            for (inputs, drawn) in some.into_iter().zip(drawn) {
                let number = number(month, &inputs.affiliate.id, revision);
                visit(StatementView { number, state: State::Draft, statement: drawn.statement, inputs });
            }
        }
    }

    pub(crate) fn no_statement(&self, month: Month, affiliate: &str) -> Result<DeskError, DeskError> {
        let message = if self.book.find::<Affiliate>(affiliate)?.is_some() {
            format!(
                "Affiliate \"{affiliate}\" has no statement for {month}: statements begin with the month of the first \
                 referral."
            )
        } else {
            format!("There is no affiliate \"{affiliate}\" in the book. Check the id.")
        };
        Ok(DeskError::new(Code::UnknownRecord, message))
    }
}

/// `2025-01-A1`, and `2025-01-A1-r2` once the month was reopened and closed again.
pub fn number(month: Month, affiliate: &Id<Affiliate>, revision: u32) -> String {
    match revision {
        0 | 1 => format!("{month}-{affiliate}"),
        _ => format!("{month}-{affiliate}-r{revision}"),
    }
}

fn sealed_view(row: &SealedRow) -> Result<StatementView, DeskError> {
    let document = unpack(&row.document)?;
    let Sealed { number, revision, inputs, statement, .. } = read_sealed(&document)?;
    let state = State::Sealed { sha256: row.sha256_hex(), closed_at: row.closed_at.clone(), revision, document };
    Ok(StatementView { number, state, statement, inputs })
}

pub fn read_sealed(document: &[u8]) -> Result<Sealed, DeskError> {
    sealed::read(document).map_err(|error| {
        DeskError::new(Code::Damaged, format!("A sealed statement can't be read: {error}. Run `refbook verify`."))
    })
}
