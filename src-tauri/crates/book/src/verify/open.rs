//! Is every invoice open that a statement may still have something to say of? An open month is drawn from the open ones
//! alone: one that is not among them would leave the statements without a word.

use hashbrown::HashMap;
use rules::affiliate::Affiliate;
use rules::day::Day;
use rules::id::Id;
use rules::invoice::InvoiceFacts;
use rules::standing::is_done;
use rules::statement::ContractOf;
use rules::terms::{Programme, TermsVersion};
use rusqlite::Connection;

use super::Finding;
use crate::error::BookError;
use crate::facts::{self, Chosen};
use crate::tables::{self, closing, open_invoice, programme, terms};

/// How many are read at once: some megabytes.
const AT_ONCE: i64 = 5_000;

/// The first invoice that is not open and should be. One that is open and need not be changes no statement.
pub fn first_forgotten(connection: &Connection) -> Result<Option<Finding>, BookError> {
    let Some(judge) = Judge::read(connection)? else { return Ok(None) };
    let mut after = 0;
    loop {
        let keys = open_invoice::not_open(connection, after, AT_ONCE)?;
        let Some(last) = keys.last() else { return Ok(None) };
        after = *last;
        let facts = facts::read(connection, &Chosen::these(&keys), judge.programme.currency)?;
        if let Some((facts, _)) = facts.pairs().find(|(facts, contract)| !judge.is_done_with(facts, *contract)) {
            let what = "the book does not know that it is open, so that the next statement would leave it out";
            return Ok(Some(Finding { at: format!("invoice {}", facts.invoice.id), what: what.to_owned() }));
        }
    }
}

/// Whoever says whether an invoice is done with, and what that is judged by.
struct Judge {
    programme: Programme,
    terms: Vec<TermsVersion>,
    affiliates: HashMap<Id<Affiliate>, Affiliate>,
    /// Where the newest closed month ends; before the first is closed, all invoices are open.
    cutoff: Option<Day>,
}

impl Judge {
    fn read(connection: &Connection) -> rusqlite::Result<Option<Self>> {
        let Some(programme) = programme::read(connection)? else { return Ok(None) };
        let affiliates = tables::all::<Affiliate>(connection, programme.currency)?;
        Ok(Some(Self {
            terms: terms::all(connection, programme.currency)?,
            affiliates: affiliates.into_iter().map(|affiliate| (affiliate.id.clone(), affiliate)).collect(),
            cutoff: closing::newest(connection)?.map(|(_, month)| month.cutoff()),
            programme,
        }))
    }

    /// Nothing of it is dated after the newest closed month, and up to there everything is settled.
    fn is_done_with(&self, facts: &InvoiceFacts, contract: Option<&ContractOf>) -> bool {
        let affiliate = contract.and_then(|of| self.affiliates.get(&of.referral.affiliate));
        self.cutoff.is_some_and(|cutoff| facts.invoice.issued_on <= cutoff && !facts.goes_on_after(cutoff))
            && is_done(facts, contract, affiliate, &self.programme, &self.terms)
    }
}
