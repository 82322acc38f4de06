//! Is everything as it was written? The file, the journal's chain, every closed statement drawn again, every record, and
//! which invoices are open.

use std::collections::HashMap;

use book::{BookError, Check, Reader, SealedRow, Totals};
use exchange::sealed::{self, Sealed};
use rules::id::Id;
use rules::invoice::Invoice;
use rules::month::Month;

use crate::{Desk, DeskError, receipt};
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
    /// come out byte for byte; each receipt of a registration; each record, by the journal; and that no open invoice is
    /// forgotten. Names the first thing that differs.
    pub fn verify(&mut self) -> Result<Verified, DeskError> {
        let mut verified = Verified { statements: 0, lines: 0, finding: None };
        let sealed: Vec<Check<'_>> =
            vec![Box::new(|book| first_broken_statement(book, &mut verified)), Box::new(receipt::first_broken)];
        let finding = self.book.verify(sealed)?;
        Ok(Verified { finding, ..verified })
    }
}

/// The first statement that is not as it was sealed, or whose sums in the book are not its own; counts the others.
fn first_broken_statement(book: &Reader, verified: &mut Verified) -> Result<Option<Finding>, BookError> {
    let mut sums: HashMap<(Month, Id<Invoice>), i64> = HashMap::new();
    let broken = book.first_broken_seal(draw_again, |row, sealed| {
        verified.statements += 1;
        verified.lines += sealed.statement.lines.len();
        if !row.superseded {
            let settled = settled(&sealed.statement);
            sums.extend(settled.map(|(invoice, amount)| ((row.month, invoice.clone()), amount.minor())));
        }
    })?;
    if broken.is_some() {
        return Ok(broken);
    }
    Ok(differing_sum(&sums, &book.settled()?))
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
