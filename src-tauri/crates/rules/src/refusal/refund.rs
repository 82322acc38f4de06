//! Refunds: no more is given back than had been received by then.

use std::collections::{HashMap, HashSet};

use super::union::{Findings, Kept, Record, Union, who};
use crate::contract::BilledBy;
use crate::day::{self, Day};
use crate::invoice::{Invoice, Payment, Remittance};
use crate::money::Money;
use crate::problem::Code;

/// Money that came in for an invoice, by day.
struct Received {
    on: Day,
    amount: Money,
    offered: bool,
    /// Refused for its id: whether it counts is open.
    duplicate: bool,
}

impl Received {
    fn of<T>(kept: &Kept<'_, T>, on: Day, amount: Money) -> Self {
        Self { on, amount, offered: kept.is_offered(), duplicate: kept.duplicate }
    }
}

/// "By the refund's day, received (payments, or remittances where the affiliate bills) less earlier refunds must cover
/// it."
pub fn refunds(union: &Union<'_>, found: &mut Findings) {
    let mut refunds_of: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, kept) in union.refunds.all.iter().enumerate() {
        if kept.record.amount.is_positive() && !kept.duplicate {
            refunds_of.entry(kept.record.invoice.as_str()).or_default().push(index);
        }
    }
    if refunds_of.is_empty() {
        return;
    }
    let receipts = Receipts::of(union, &refunds_of);
    let mut above: Vec<(usize, Money)> = Vec::new();
    for (invoice, mut refunds) in refunds_of {
        let Some(invoice) = union.invoices.get(invoice) else { continue };
        refunds.sort_by_key(|index| (union.refunds.all[*index].record.refunded_on, *index));
        above.extend(receipts.refunds_above(union, invoice, &refunds));
    }
    above.sort_by_key(|(index, _)| *index);
    for (index, left) in above {
        let kept = &union.refunds.all[index];
        let refund = kept.record;
        let message = format!(
            "{} gives back \"{}\" of invoice \"{}\" on {}, but only \"{left}\" of it had been received and not yet given \
             back. Correct the amount or the day, or record what was received.",
            who(refund),
            refund.amount,
            union.invoices.get(refund.invoice.as_str()).map_or(refund.invoice.as_str(), |of| &of.record.number),
            day::words(refund.refunded_on)
        );
        found.refuse(union, Code::RefundAboveReceived, kept, ".amount", message);
    }
}

/// What came in for the invoices that have refunds.
#[derive(Default)]
struct Receipts<'a> {
    payments: HashMap<&'a str, Vec<Received>>,
    remittances: HashMap<&'a str, Vec<Received>>,
    /// Invoices of a receipt that is itself refused.
    in_doubt: HashSet<&'a str>,
    /// Invoices that the book has a receipt of, which the offer corrects: it may now be of another invoice.
    corrected: HashSet<&'a str>,
}

impl<'a> Receipts<'a> {
    fn of(union: &Union<'a>, refunds_of: &HashMap<&str, Vec<usize>>) -> Self {
        let mut receipts = Self::default();
        let Self { payments, remittances, in_doubt, corrected } = &mut receipts;
        let mut receive = |by_invoice: &mut HashMap<&'a str, Vec<Received>>, invoice: &'a str, received: Received| {
            if !refunds_of.contains_key(invoice) {
                return;
            }
            if received.amount.is_positive() && !received.duplicate {
                by_invoice.entry(invoice).or_default().push(received);
            } else {
                in_doubt.insert(invoice);
            }
        };
        for kept in &union.payments.all {
            let Payment { invoice, received_on: on, amount, .. } = kept.record;
            receive(payments, invoice.as_str(), Received::of(kept, *on, *amount));
        }
        for kept in &union.remittances.all {
            let Remittance { invoice, received_on: on, amount, .. } = kept.record;
            receive(remittances, invoice.as_str(), Received::of(kept, *on, *amount));
        }
        let is_corrected = |payment: &&Payment| union.payments.get(payment.id()).is_none_or(Kept::is_offered);
        corrected.extend(union.existing.payments.iter().filter(is_corrected).map(|one| one.invoice.as_str()));
        let is_corrected =
            |remittance: &&Remittance| union.remittances.get(remittance.id()).is_none_or(Kept::is_offered);
        corrected.extend(union.existing.remittances.iter().filter(is_corrected).map(|one| one.invoice.as_str()));
        receipts
    }

    /// The refunds, by index, that give back more than there was, and what there was. One that is refused counts for
    /// nothing after.
    fn refunds_above(&self, union: &Union<'a>, invoice: &Kept<'a, Invoice>, refunds: &[usize]) -> Vec<(usize, Money)> {
        let id = invoice.record.id();
        let doubt = &union.invoices_in_doubt;
        let contract = invoice.record.contract.as_ref().map(|contract| union.contracts.get(contract.as_str()));
        let contract_unknown = matches!(contract, Some(None));
        if contract_unknown || self.in_doubt.contains(id) || doubt.contains(id) || doubt.contains("") {
            return Vec::new();
        }
        let contract = contract.flatten();
        let billed_by = contract.map_or(BilledBy::Company, |contract| contract.record.billed_by);
        let received = match billed_by {
            BilledBy::Company => &self.payments,
            BilledBy::Affiliate => &self.remittances,
        };
        let received = received.get(id).map_or(&[][..], Vec::as_slice);
        let touched = invoice.is_offered()
            || contract.is_some_and(Kept::is_offered)
            || received.iter().any(|received| received.offered)
            || self.corrected.contains(id)
            || refunds.iter().any(|index| union.refunds.all[*index].is_offered());
        if touched { above(union, received, refunds, invoice.record.tax.nothing()) } else { Vec::new() }
    }
}

fn above(union: &Union<'_>, received: &[Received], refunds: &[usize], nothing: Money) -> Vec<(usize, Money)> {
    let mut received: Vec<&Received> = received.iter().collect();
    received.sort_by_key(|received| received.on);
    let (mut left, mut next, mut above) = (nothing, 0, Vec::new());
    for index in refunds.iter().copied() {
        let refund = union.refunds.all[index].record;
        while let Some(received) = received.get(next).filter(|received| received.on <= refund.refunded_on) {
            left += received.amount;
            next += 1;
        }
        if refund.amount > left {
            above.push((index, left));
        } else {
            left = left - refund.amount;
        }
    }
    above
}
