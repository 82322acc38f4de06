//! Why a figure is what it is: the steps behind one invoice in one month, in plain words.

use book::InvoiceNamed;
use rules::id::Id;
use rules::month::Month;
use rules::statement::{Assessment, Inputs, Outcome};
use rules::step::Step;

use crate::statements::read_sealed;
use crate::{Code, Desk, DeskError};
use rules::affiliate::Affiliate;

/// What one invoice came to in one month, with every step to it.
#[derive(Clone, Debug)]
pub struct Why {
    pub invoice: String,
    pub number: String,
    pub client_name: String,
    pub affiliate: Id<Affiliate>,
    pub month: Month,
    /// Whether the month is closed.
    pub sealed: bool,
    /// `None` when the statement has no line for it.
    pub outcome: Option<Outcome>,
    pub steps: Vec<Step>,
}

impl Desk {
    /// Explains an invoice, given by its id or its number, in a month; without one, in the newest that has something
    /// to say of it: the first open month that can, if its draft has a line, else the last closed month that had one.
    pub fn why(&self, invoice: &str, month: Option<Month>) -> Result<Why, DeskError> {
        let named = self.book.invoice_named(invoice)?.ok_or_else(|| {
            let message = format!("There is no invoice with the id or number \"{invoice}\" in the book.");
            DeskError::new(Code::UnknownRecord, message)
        })?;
        let Some(affiliate) = named.affiliate.clone() else {
            let message = format!(
                "Invoice \"{}\" is under no contract, so it earns nothing. It still has to be paid: past due, it holds \
                 what its client's other invoices would earn.",
                named.number
            );
            return Err(DeskError::new(Code::UnknownRecord, message));
        };
        if let Some(month) = month {
            return self.why_in(&named, &affiliate, month)?.ok_or_else(|| silent(&named, Some(month)));
        }
        let settled = self.book.months_settling(&named.id)?.last().copied();
        let open = match self.next_month()? {
            Some(next) => self.why_in(&named, &affiliate, next.max(Month::of(named.issued_on)))?,
            None => None,
        };
        if let Some(why) = open.as_ref().filter(|why| why.outcome.is_some()) {
            return Ok(why.clone());
        }
        let closed = match settled {
            Some(month) => self.why_in(&named, &affiliate, month)?,
            None => None,
        };
        closed.or(open).ok_or_else(|| silent(&named, None))
    }

    fn why_in(&self, named: &InvoiceNamed, affiliate: &Id<Affiliate>, month: Month) -> Result<Option<Why>, DeskError> {
        let sealed = self.book.is_closed(month)?;
        let inputs = if sealed { self.sealed_inputs(affiliate, month)? } else { self.draft_inputs(affiliate, month)? };
        let Some((inputs, assessment)) = inputs.and_then(|inputs| {
            let assessment = inputs.assessment(&named.id)?;
            Some((inputs, assessment))
        }) else {
            return Ok(None);
        };
        let Assessment { outcome, steps, .. } = assessment;
        Ok(Some(Why {
            invoice: named.id.to_string(),
            number: named.number.clone(),
            client_name: client_name(&inputs, named),
            affiliate: affiliate.clone(),
            month,
            sealed,
            outcome,
            steps,
        }))
    }

    fn sealed_inputs(&self, affiliate: &Id<Affiliate>, month: Month) -> Result<Option<Inputs>, DeskError> {
        let Some(row) = self.book.sealed_of(month, affiliate.as_str())? else { return Ok(None) };
        Ok(Some(read_sealed(&book::unpack(&row.document)?)?.inputs))
    }

    fn draft_inputs(&self, affiliate: &Id<Affiliate>, month: Month) -> Result<Option<Inputs>, DeskError> {
        let facts = self.facts(&self.programme()?, month)?;
        Ok(facts.and_then(|facts| facts.into_inputs().find(|inputs| inputs.affiliate.id == *affiliate)))
    }
}

fn client_name(inputs: &Inputs, named: &InvoiceNamed) -> String {
    let facts = inputs.invoices.iter().find(|facts| facts.invoice.id == named.id);
    let client = facts.and_then(|facts| inputs.clients.iter().find(|client| client.id == facts.invoice.client));
    client.map_or_else(String::new, |client| client.name.clone())
}

fn silent(named: &InvoiceNamed, month: Option<Month>) -> DeskError {
    let number = &named.number;
    let message = match month {
        Some(month) => format!(
            "Nothing of invoice \"{number}\" enters into {month}: by then it was not issued yet, or it was paid and \
             settled before. Leave out the month to see where it counted last."
        ),
        None => format!("Nothing of invoice \"{number}\" enters into a statement yet."),
    };
    DeskError::new(Code::UnknownRecord, message)
}
