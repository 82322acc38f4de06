//! A sealed statement: everything that went in and what came out, as canonical JSON (RFC 8785), so that equal
//! statements are equal bytes and anyone can check the hash.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use rules::affiliate::{Adjustment, Affiliate};
use rules::client::Client;
use rules::contract::Contract;
use rules::id::Id;
use rules::invoice::{CreditNote, Invoice, InvoiceFacts, Payment, Refund, Remittance};
use rules::money::Money;
use rules::month::Month;
use rules::referral::Referral;
use rules::statement::{ContractOf, Inputs, Statement, YearToDate};
use rules::step::OpenBill;
use rules::terms::{Programme, TermsVersion};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use crate::canonical;
use crate::node::{quoted, shortened};

const FORMAT: &str = "refbook-statement/1";

/// A closed statement with its inputs, and its place in the affiliate's chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The version of the rules that drew it.
    pub engine: u32,
    pub number: String,
    /// 1, and one more each time that the month was reopened and closed again.
    pub revision: u32,
    /// The SHA-256 of the affiliate's statement before it, in hex.
    pub previous: Option<String>,
    /// RFC 3339, in UTC.
    pub closed_at: String,
    pub inputs: Inputs,
    pub statement: Statement,
}

#[derive(Debug, Error)]
pub enum SealedError {
    #[error("it is no document of this kind: {0}")]
    Unreadable(String),
    #[error("its format is \"{0}\", and this Refbook reads \"{FORMAT}\"")]
    Format(String),
    #[error("it was made by rules of version {0}, and this Refbook knows version {known}", known = rules::ENGINE)]
    Engine(u32),
    #[error("contract \"{0}\" has no referral in it")]
    NoReferral(String),
    #[error("\"{0}\" in it is not known, or not as it would be written")]
    Unknown(String),
    #[error("its bytes are not in canonical form (RFC 8785)")]
    NotCanonical,
}

// Declared in the order of the canonical form, so that the large members need not be moved there.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document<'a, S> {
    closed_at: Cow<'a, str>,
    engine: u32,
    format: Cow<'a, str>,
    inputs: Wire<'a>,
    number: Cow<'a, str>,
    previous: Option<Cow<'a, str>>,
    revision: u32,
    statement: S,
}

/// The inputs in the shape of a book, so that whoever reads one reads the other.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire<'a> {
    adjustments: Cow<'a, [Adjustment]>,
    affiliate: Cow<'a, Affiliate>,
    brought_forward: Money,
    clients: Cow<'a, [Client]>,
    contracts: Vec<Cow<'a, Contract>>,
    credit_notes: Vec<Cow<'a, CreditNote>>,
    invoices: Vec<Cow<'a, Invoice>>,
    month: Month,
    overdue_elsewhere: Vec<Elsewhere<'a>>,
    payments: Vec<Cow<'a, Payment>>,
    programme: Cow<'a, Programme>,
    referrals: Vec<Cow<'a, Referral>>,
    refunds: Vec<Cow<'a, Refund>>,
    remittances: Vec<Cow<'a, Remittance>>,
    /// What earlier statements settled, by invoice; of those that they did.
    settled: BTreeMap<Id<Invoice>, Money>,
    terms: Cow<'a, [TermsVersion]>,
    /// Why, by id.
    voided_contracts: BTreeMap<Id<Contract>, Cow<'a, str>>,
    voided_invoices: BTreeMap<Id<Invoice>, Cow<'a, str>>,
    year_before: YearToDate,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Elsewhere<'a> {
    bill: Cow<'a, OpenBill>,
    client: Id<Client>,
}

/// The document's bytes: canonical JSON, RFC 8785.
pub fn write(sealed: &Sealed) -> Vec<u8> {
    let document = Document {
        format: Cow::Borrowed(FORMAT),
        engine: sealed.engine,
        number: Cow::Borrowed(&sealed.number),
        revision: sealed.revision,
        previous: sealed.previous.as_deref().map(Cow::Borrowed),
        closed_at: Cow::Borrowed(&sealed.closed_at),
        inputs: wire(&sealed.inputs),
        statement: &sealed.statement,
    };
    canonical::to_vec(&document)
}

/// Reads a document back, or names what in it is not as it would be written: whatever is read is written again as the
/// same bytes.
pub fn read(bytes: &[u8]) -> Result<Sealed, SealedError> {
    let document: Document<'_, Statement> =
        serde_json::from_slice(bytes).map_err(|error| other_kind(bytes).unwrap_or_else(|| unreadable(&error)))?;
    if let Some(error) = other_kind_of(&document.format, document.engine) {
        return Err(error);
    }
    let sealed = sealed(document, |statement, _| statement)?;
    let written = write(&sealed);
    if written == bytes { Ok(sealed) } else { Err(difference(bytes, &written)) }
}

/// Reads a document and draws its statement anew, without reading the one in it: `None` unless all of it comes out byte
/// for byte. [`read`] tells what else it is.
pub fn draw_again(bytes: &[u8]) -> Option<Sealed> {
    let document: Document<'_, IgnoredAny> = serde_json::from_slice(bytes).ok()?;
    let sealed = sealed(document, |_, inputs| inputs.statement()).ok()?;
    (sealed.engine == rules::ENGINE && write(&sealed) == bytes).then_some(sealed)
}

fn sealed<S>(
    document: Document<'_, S>,
    statement: impl FnOnce(S, &Inputs) -> Statement,
) -> Result<Sealed, SealedError> {
    let inputs = inputs(document.inputs)?;
    Ok(Sealed {
        engine: document.engine,
        number: document.number.into_owned(),
        revision: document.revision,
        previous: document.previous.map(Cow::into_owned),
        closed_at: document.closed_at.into_owned(),
        statement: statement(document.statement, &inputs),
        inputs,
    })
}

/// A name that is not known stands in it as long as it is.
fn unreadable(error: &serde_json::Error) -> SealedError {
    SealedError::Unreadable(shortened(&error.to_string(), 300).into_owned())
}

/// Whether what can't be read is of another format or engine, which is then the better thing to say.
fn other_kind(bytes: &[u8]) -> Option<SealedError> {
    #[derive(Deserialize)]
    struct Kind {
        format: String,
        engine: u32,
    }
    let kind: Kind = serde_json::from_slice(bytes).ok()?;
    other_kind_of(&kind.format, kind.engine)
}

fn other_kind_of(format: &str, engine: u32) -> Option<SealedError> {
    if format != FORMAT {
        Some(SealedError::Format(quoted(format).into_owned()))
    } else if engine != rules::ENGINE {
        Some(SealedError::Engine(engine))
    } else {
        None
    }
}

/// Where two documents differ is told of those that people write: to look at a large one takes many times its size.
const COMPARED: usize = 1 << 20;

fn difference(bytes: &[u8], written: &[u8]) -> SealedError {
    if bytes.len().max(written.len()) > COMPARED {
        return SealedError::NotCanonical;
    }
    let (Ok(found), Ok(written)) = (serde_json::from_slice(bytes), serde_json::from_slice(written)) else {
        return SealedError::NotCanonical;
    };
    unknown(&found, &written).map_or(SealedError::NotCanonical, SealedError::Unknown)
}

/// The path to the first value of `found` that `written` does not have.
fn unknown(found: &Value, written: &Value) -> Option<String> {
    if found == written {
        return None;
    }
    let below = |step: String, found: &Value, written: Option<&Value>| {
        let below = written.map_or(Some(String::new()), |written| unknown(found, written));
        below.map(|below| format!("{step}{below}"))
    };
    match (found, written) {
        (Value::Object(found), Value::Object(written)) => {
            found.iter().find_map(|(name, value)| below(format!(".{name}"), value, written.get(name)))
        }
        (Value::Array(found), Value::Array(written)) => {
            let items = found.iter().enumerate();
            items.into_iter().find_map(|(nth, value)| below(format!("[{nth}]"), value, written.get(nth)))
        }
        _ => Some(String::new()),
    }
}

fn wire(inputs: &Inputs) -> Wire<'_> {
    let Inputs {
        month,
        programme,
        terms,
        affiliate,
        clients,
        contracts,
        invoices,
        overdue_elsewhere,
        adjustments,
        brought_forward,
        year_before,
    } = inputs;
    let mut referrals: Vec<&Referral> = contracts.iter().map(|of| &of.referral).collect();
    referrals.sort_by(|a, b| a.id.cmp(&b.id));
    referrals.dedup_by(|a, b| a.id == b.id);
    let settled = invoices.iter().filter(|facts| !facts.settled.is_zero());
    let voided_contracts = contracts
        .iter()
        .filter_map(|of| of.voided.as_deref().map(|reason| (of.contract.id.clone(), Cow::Borrowed(reason))));
    let voided_invoices = invoices
        .iter()
        .filter_map(|facts| facts.voided.as_deref().map(|reason| (facts.invoice.id.clone(), Cow::Borrowed(reason))));
    Wire {
        month: *month,
        programme: Cow::Borrowed(programme),
        terms: Cow::Borrowed(terms),
        affiliate: Cow::Borrowed(affiliate),
        clients: Cow::Borrowed(clients),
        referrals: referrals.into_iter().map(Cow::Borrowed).collect(),
        contracts: contracts.iter().map(|of| Cow::Borrowed(&of.contract)).collect(),
        payments: invoices.iter().flat_map(|facts| &facts.payments).map(Cow::Borrowed).collect(),
        refunds: invoices.iter().flat_map(|facts| &facts.refunds).map(Cow::Borrowed).collect(),
        credit_notes: invoices.iter().flat_map(|facts| &facts.credit_notes).map(Cow::Borrowed).collect(),
        remittances: invoices.iter().flat_map(|facts| &facts.remittances).map(Cow::Borrowed).collect(),
        settled: settled.map(|facts| (facts.invoice.id.clone(), facts.settled)).collect(),
        voided_contracts: voided_contracts.collect(),
        voided_invoices: voided_invoices.collect(),
        invoices: invoices.iter().map(|facts| Cow::Borrowed(&facts.invoice)).collect(),
        overdue_elsewhere: overdue_elsewhere
            .iter()
            .map(|(client, bill)| Elsewhere { client: client.clone(), bill: Cow::Borrowed(bill) })
            .collect(),
        adjustments: Cow::Borrowed(adjustments),
        brought_forward: *brought_forward,
        year_before: *year_before,
    }
}

fn inputs(wire: Wire<'_>) -> Result<Inputs, SealedError> {
    let currency = wire.programme.currency;
    let referrals: HashMap<&Id<Referral>, &Referral> =
        wire.referrals.iter().map(|referral| (&referral.id, referral.as_ref())).collect();
    let contracts = wire.contracts.iter().map(|contract| {
        let referral = referrals.get(&contract.referral).copied();
        let referral = referral.ok_or_else(|| SealedError::NoReferral(contract.id.to_string()))?;
        let voided = wire.voided_contracts.get(&contract.id).map(|reason| reason.clone().into_owned());
        Ok(ContractOf { referral: referral.clone(), contract: contract.clone().into_owned(), voided })
    });
    let contracts = contracts.collect::<Result<_, SealedError>>()?;
    let mut payments = by_invoice(wire.payments, |payment| &payment.invoice);
    let mut refunds = by_invoice(wire.refunds, |refund| &refund.invoice);
    let mut credit_notes = by_invoice(wire.credit_notes, |note| &note.invoice);
    let mut remittances = by_invoice(wire.remittances, |remittance| &remittance.invoice);
    let invoices = wire.invoices.into_iter().map(|invoice| InvoiceFacts {
        payments: payments.remove(&invoice.id).unwrap_or_default(),
        refunds: refunds.remove(&invoice.id).unwrap_or_default(),
        credit_notes: credit_notes.remove(&invoice.id).unwrap_or_default(),
        remittances: remittances.remove(&invoice.id).unwrap_or_default(),
        settled: wire.settled.get(&invoice.id).copied().unwrap_or(currency.zero()),
        voided: wire.voided_invoices.get(&invoice.id).map(|reason| reason.clone().into_owned()),
        invoice: invoice.into_owned(),
    });
    Ok(Inputs {
        invoices: invoices.collect(),
        month: wire.month,
        programme: wire.programme.into_owned(),
        terms: wire.terms.into_owned(),
        affiliate: wire.affiliate.into_owned(),
        clients: wire.clients.into_owned(),
        contracts,
        overdue_elsewhere: wire.overdue_elsewhere.into_iter().map(|one| (one.client, one.bill.into_owned())).collect(),
        adjustments: wire.adjustments.into_owned(),
        brought_forward: wire.brought_forward,
        year_before: wire.year_before,
    })
}

fn by_invoice<T: Clone>(facts: Vec<Cow<'_, T>>, invoice: fn(&T) -> &Id<Invoice>) -> HashMap<Id<Invoice>, Vec<T>> {
    let mut by_invoice: HashMap<Id<Invoice>, Vec<T>> = HashMap::new();
    for fact in facts {
        by_invoice.entry(invoice(&fact).clone()).or_default().push(fact.into_owned());
    }
    by_invoice
}

#[cfg(test)]
mod tests;
