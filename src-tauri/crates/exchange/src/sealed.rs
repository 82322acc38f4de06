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
use serde::{Deserialize, Serialize};
use thiserror::Error;

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
    Unreadable(#[from] serde_json::Error),
    #[error("its format is \"{0}\", and this Refbook reads \"{FORMAT}\"")]
    Format(String),
    #[error("it was made by rules of version {0}, and this Refbook knows version {known}", known = rules::ENGINE)]
    Engine(u32),
    #[error("contract \"{0}\" has no referral in it")]
    NoReferral(String),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document<'a> {
    format: Cow<'a, str>,
    engine: u32,
    number: Cow<'a, str>,
    revision: u32,
    previous: Option<Cow<'a, str>>,
    closed_at: Cow<'a, str>,
    inputs: Wire<'a>,
    statement: Cow<'a, Statement>,
}

/// The inputs in the shape of a book, so that whoever reads one reads the other.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire<'a> {
    month: Month,
    programme: Cow<'a, Programme>,
    terms: Cow<'a, [TermsVersion]>,
    affiliate: Cow<'a, Affiliate>,
    clients: Cow<'a, [Client]>,
    referrals: Vec<Cow<'a, Referral>>,
    contracts: Vec<Cow<'a, Contract>>,
    invoices: Vec<Cow<'a, Invoice>>,
    payments: Vec<Cow<'a, Payment>>,
    refunds: Vec<Cow<'a, Refund>>,
    credit_notes: Vec<Cow<'a, CreditNote>>,
    remittances: Vec<Cow<'a, Remittance>>,
    adjustments: Cow<'a, [Adjustment]>,
    /// What earlier statements settled, by invoice; of those that they did.
    settled: BTreeMap<Id<Invoice>, Money>,
    /// Why, by id.
    voided_contracts: BTreeMap<Id<Contract>, Cow<'a, str>>,
    voided_invoices: BTreeMap<Id<Invoice>, Cow<'a, str>>,
    overdue_elsewhere: Vec<Elsewhere<'a>>,
    brought_forward: Money,
    year_before: YearToDate,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Elsewhere<'a> {
    client: Id<Client>,
    bill: Cow<'a, OpenBill>,
}

/// The document's bytes.
pub fn write(sealed: &Sealed) -> Vec<u8> {
    let document = Document {
        format: Cow::Borrowed(FORMAT),
        engine: sealed.engine,
        number: Cow::Borrowed(&sealed.number),
        revision: sealed.revision,
        previous: sealed.previous.as_deref().map(Cow::Borrowed),
        closed_at: Cow::Borrowed(&sealed.closed_at),
        inputs: wire(&sealed.inputs),
        statement: Cow::Borrowed(&sealed.statement),
    };
    serde_json_canonicalizer::to_vec(&document).expect("a statement is JSON without floats")
}

/// Reads a document back. Writing it again gives the same bytes, if they were written here.
pub fn read(bytes: &[u8]) -> Result<Sealed, SealedError> {
    let document: Document<'_> = serde_json::from_slice(bytes)?;
    if document.format != FORMAT {
        return Err(SealedError::Format(document.format.into_owned()));
    }
    if document.engine != rules::ENGINE {
        return Err(SealedError::Engine(document.engine));
    }
    Ok(Sealed {
        engine: document.engine,
        number: document.number.into_owned(),
        revision: document.revision,
        previous: document.previous.map(Cow::into_owned),
        closed_at: document.closed_at.into_owned(),
        inputs: inputs(document.inputs)?,
        statement: document.statement.into_owned(),
    })
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
