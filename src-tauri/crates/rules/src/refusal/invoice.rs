//! Invoices: each with its own number, under its own client's contract, and of nothing or more.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::backwards;
use super::union::{Findings, Kept, Union, who};
use crate::contract::Contract;
use crate::day;
use crate::invoice::Invoice;
use crate::problem::Code;

/// Says of each invoice whether its total can be relied on.
pub fn invoices(union: &Union<'_>, found: &mut Findings) -> Vec<bool> {
    let mut numbers: HashMap<&str, &Invoice> = HashMap::with_capacity(union.invoices.all.len());
    let mut sound = Vec::with_capacity(union.invoices.all.len());
    for kept in &union.invoices.all {
        let invoice = kept.record;
        if !kept.duplicate {
            duplicate_number(union, kept, &mut numbers, found);
        }
        union.follow(kept, ".client", &union.clients, invoice.client.as_str(), found);
        let contract = invoice.contract.as_ref();
        let contract = contract.and_then(|id| union.follow(kept, ".contract", &union.contracts, id.as_str(), found));
        if let Some(contract) = contract {
            invoice_of_contract(union, kept, contract, found);
        }
        sound.push(!kept.is_offered() || invoice_alone(union, kept, found));
    }
    sound
}

fn duplicate_number<'a>(
    union: &Union<'a>,
    kept: &Kept<'a, Invoice>,
    numbers: &mut HashMap<&'a str, &'a Invoice>,
    found: &mut Findings,
) {
    let invoice = kept.record;
    match numbers.entry(&invoice.number) {
        Entry::Vacant(entry) => {
            entry.insert(invoice);
        }
        Entry::Occupied(first) if kept.is_offered() => {
            let message = format!(
                "{} has the number \"{}\", and so has invoice \"{}\". Give it its own, or correct that one under its id.",
                who(invoice),
                invoice.number,
                first.get().id
            );
            found.refuse(union, Code::DuplicateNumber, kept, ".number", message);
        }
        Entry::Occupied(_) => {}
    }
}

/// "An invoice whose contract is another client's"; "an invoice period that starts before the contract does".
fn invoice_of_contract<'a>(
    union: &Union<'a>,
    kept: &Kept<'a, Invoice>,
    contract: &Kept<'a, Contract>,
    found: &mut Findings,
) {
    let (invoice, referral) = (kept.record, union.referrals.get(contract.record.referral.as_str()));
    let touched = kept.is_offered() || contract.is_offered();
    if let Some(referral) = referral
        && referral.record.client != invoice.client
        && (touched || referral.is_offered())
    {
        let named = |id: &'a str| union.clients.get(id).map_or(id, |client| client.record.name.as_str());
        let message = format!(
            "{} is to client \"{}\", but its contract \"{}\" is client \"{}\"'s. Correct the client or the contract.",
            who(invoice),
            named(invoice.client.as_str()),
            contract.record.id,
            named(referral.record.client.as_str())
        );
        found.refuse(union, Code::WrongClient, kept, ".client", message);
        return; // the contract may be the wrong one, so its days say nothing
    }
    let is_backwards = contract.record.ended_on.is_some_and(|ended| ended < contract.record.starts_on);
    if touched && !is_backwards && invoice.period_start < contract.record.starts_on {
        let message = format!(
            "{} is for a period from {}, before its contract starts on {}. Correct the one or the other.",
            who(invoice),
            day::words(invoice.period_start),
            day::words(contract.record.starts_on)
        );
        found.refuse(union, Code::BeforeContract, kept, ".period_start", message);
    }
}

/// Says whether the invoice's total can be relied on.
fn invoice_alone<'a>(union: &Union<'a>, kept: &Kept<'a, Invoice>, found: &mut Findings) -> bool {
    let invoice = kept.record;
    if invoice.period_end < invoice.period_start {
        let (start, end) = (invoice.period_start, invoice.period_end);
        backwards(union, kept, ("period_start", start), ("period_end", end), found);
    }
    if invoice.due_on < invoice.issued_on {
        backwards(union, kept, ("issued_on", invoice.issued_on), ("due_on", invoice.due_on), found);
    }
    let total = invoice.total();
    if invoice.tax.is_negative() {
        let message = format!(
            "{} has a tax of \"{}\". Make it nothing or more; credit tax with a credit note.",
            who(invoice),
            invoice.tax
        );
        found.refuse(union, Code::Unreadable, kept, ".tax", message);
    } else if total.is_negative() {
        let message = format!(
            "{} comes to \"{total}\", less than nothing. Take amounts back with a credit note on their invoice.",
            who(invoice)
        );
        found.refuse(union, Code::InvoiceBelowZero, kept, ".lines", message);
    }
    !invoice.tax.is_negative() && !total.is_negative()
}
