//! Is everything as it was written? The file, the journal's chain, every closed statement drawn again, every record.

use std::collections::HashMap;

use book::{SealedRow, Totals};
use exchange::sealed::{self, Sealed};
use rayon::prelude::*;
use rules::id::Id;
use rules::invoice::Invoice;
use rules::month::Month;

use crate::{Desk, DeskError};
use rules::forecast::settled;

pub use book::Finding;

/// What was gone over, and the first thing that is not as it was written, if any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    pub statements: usize,
    pub lines: usize,
    pub finding: Option<Finding>,
}

impl Desk {
    /// Checks the file's pages, both chains, and each closed statement: drawn again from its own sealed inputs, it must
    /// come out byte for byte; each receipt of a registration; and each record, by the journal. Stops at the first thing that differs, and names it.
    pub fn verify(&mut self) -> Result<Verified, DeskError> {
        let mut verified = Verified { statements: 0, lines: 0, finding: self.book.first_damaged_page()? };
        if verified.finding.is_none() {
            verified.finding = self.book.first_journal_break()?;
        }
        if verified.finding.is_none() {
            verified.finding = self.book.first_unjournalled_closing()?;
        }
        if verified.finding.is_some() {
            return Ok(verified);
        }
        let mut sums: HashMap<(Month, Id<Invoice>), i64> = HashMap::new();
        let (statements, lines) = (&mut verified.statements, &mut verified.lines);
        verified.finding = self.book.first_broken_seal(|documents| {
            let drawn: Vec<_> = documents.par_iter().map(|(row, document)| draw_again(row, document)).collect();
            for (nth, ((row, _), drawn)) in documents.iter().zip(drawn).enumerate() {
                let sealed = match drawn {
                    Ok(sealed) => sealed,
                    Err(what) => return Some((nth, what)),
                };
                *statements += 1;
                *lines += sealed.statement.lines.len();
                if !row.superseded {
                    let settled = settled(&sealed.statement);
                    sums.extend(settled.map(|(invoice, amount)| ((row.month, invoice.clone()), amount.minor())));
                }
            }
            None
        })?;
        if verified.finding.is_none() {
            verified.finding = differing_sum(&sums, &self.book.settled()?);
        }
        if verified.finding.is_none() {
            verified.finding = self.first_broken_receipt()?;
        }
        if verified.finding.is_none() {
            verified.finding = self.book.first_unjournalled_record()?;
        }
        Ok(verified)
    }
}

/// A sealed statement as its own inputs give it, or what differs.
fn draw_again(row: &SealedRow, document: &[u8]) -> Result<Sealed, String> {
    let sealed = sealed::draw_again(document).ok_or_else(|| difference(row, document))?;
    if !is_of(row, &sealed) {
        return Err(OF_ANOTHER.to_owned());
    }
    if Totals::from(&sealed.statement) != row.totals {
        return Err("the totals beside it in the book are not its own".to_owned());
    }
    Ok(sealed)
}

const OF_ANOTHER: &str = "the document is of another statement";

fn is_of(row: &SealedRow, sealed: &Sealed) -> bool {
    sealed.number == row.number
        && sealed.previous == row.previous.map(hex::encode)
        && sealed.closed_at == row.closed_at
        && sealed.inputs.month == row.month
        && sealed.inputs.affiliate.id == row.affiliate
}

/// Why a document is not what its own inputs give.
fn difference(row: &SealedRow, document: &[u8]) -> String {
    let sealed = match sealed::read(document) {
        Ok(sealed) if is_of(row, &sealed) => sealed,
        Ok(_) => return OF_ANOTHER.to_owned(),
        Err(error) => return error.to_string(),
    };
    let drawn = sealed.inputs.statement();
    match sealed.statement.lines.iter().zip(&drawn.lines).find(|(sealed, drawn)| sealed != drawn) {
        Some((line, drawn)) => format!(
            "invoice {} says {} {}, and its inputs give {} {}",
            line.invoice,
            line.status.as_str(),
            line.commission,
            drawn.status.as_str(),
            drawn.commission
        ),
        None => format!("it says a payout of {}, and its inputs give {}", sealed.statement.payout, drawn.payout),
    }
}

/// The first invoice, by month, whose settled sum in the book is not what the statements say.
fn differing_sum(
    statements: &HashMap<(Month, Id<Invoice>), i64>,
    book: &HashMap<(Month, Id<Invoice>), i64>,
) -> Option<Finding> {
    let differing = statements.keys().chain(book.keys()).filter(|key| statements.get(key) != book.get(key));
    differing.min().map(|(month, invoice)| Finding {
        at: format!("invoice {invoice}"),
        what: format!("what the book takes as settled in {month} is not what the closed statement says"),
    })
}
