//! What is told beside a field though nothing refuses it: a slip of the hand looks like this, and it may be meant.

use std::collections::HashMap;

use chrono::Days;
use rules::contract::{BilledBy, Change, Contract};
use rules::day::{self, Day};
use rules::id::Id;
use rules::invoice::{Invoice, Kind, Line, Payment, earning};
use rules::money::{Currency, Money};
use serde::Serialize;
use ts_rs::TS;

use crate::bills::Bill;
use crate::import::Plan;
use crate::{Desk, DeskError};

/// To confirm, beside its field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Doubt {
    /// `invoices[0].period_start`.
    pub at: String,
    pub message: String,
}

/// A payment that came this much before its invoice is hardly of it: the year was mistyped.
const LONG_BEFORE: Days = Days::new(60);

impl Desk {
    /// Of what is new or corrected, in the order of the document.
    pub(crate) fn doubts(&self, plan: &Plan, today: Day) -> Result<Vec<Doubt>, DeskError> {
        let Some(currency) = self.book.programme()?.map(|programme| programme.currency) else { return Ok(Vec::new()) };
        let mut doubts: Vec<Doubt> = registered_ahead(plan, today).collect();
        doubts.extend(contracts(plan, currency));
        doubts.extend(self.billed_before(plan)?);
        doubts.extend(received(plan, today));
        doubts.extend(self.paid_beyond(plan, today, currency)?);
        Ok(doubts)
    }

    /// Invoices of a contract for days that another one of it is for.
    fn billed_before(&self, plan: &Plan) -> Result<Vec<Doubt>, DeskError> {
        let mut doubts = Vec::new();
        let period = |invoice: &Invoice| (invoice.contract.clone(), invoice.period_start, invoice.period_end);
        for (nth, invoice) in plan.offered.invoices.iter().enumerate() {
            let before = plan.existing.invoices.iter().find(|before| before.id == invoice.id);
            let Some(contract) = &invoice.contract else { continue };
            if before.is_some_and(|before| period(before) == period(invoice)) {
                continue;
            }
            let billed = self.book.invoices_for(contract, invoice.period_start, invoice.period_end)?;
            if let Some(other) = billed.iter().find(|other| other.id != invoice.id) {
                let (first, last) = (day::words(other.period_start), day::words(other.period_end));
                let message =
                    format!("Invoice \"{}\" of this contract is for {first} to {last} already.", other.number);
                doubts.push(Doubt { at: format!("invoices[{nth}].period_start"), message });
            }
        }
        Ok(doubts)
    }

    /// Payments of more than what the client owes on their invoices: a digit too many, or another invoice was meant.
    fn paid_beyond(&self, plan: &Plan, today: Day, currency: Currency) -> Result<Vec<Doubt>, DeskError> {
        let until = plan.offered.payments.iter().map(|payment| payment.received_on).fold(today, Day::max);
        let mut owed = self.owed_before(plan, until, currency)?;
        let mut doubts = Vec::new();
        for (nth, payment) in plan.offered.payments.iter().enumerate() {
            let Some((number, open)) = owed.get_mut(&payment.invoice) else { continue };
            let before = open.at_least_nothing();
            *open = *open - payment.amount;
            let is_same = |other: &Payment| {
                (&other.id, &other.invoice, other.amount) == (&payment.id, &payment.invoice, payment.amount)
            };
            if payment.amount > before && !plan.existing.payments.iter().any(is_same) {
                let message = beyond(number, before, payment.amount - before);
                doubts.push(Doubt { at: format!("payments[{nth}].amount"), message });
            }
        }
        Ok(doubts)
    }

    /// What clients owe on the invoices that are paid, each with its number, as if these payments were not yet recorded;
    /// below nothing where too much was paid.
    fn owed_before(
        &self,
        plan: &Plan,
        until: Day,
        currency: Currency,
    ) -> Result<HashMap<Id<Invoice>, (String, Money)>, DeskError> {
        let offered = &plan.offered.payments;
        let ids: Vec<Id<Invoice>> = offered.iter().map(|payment| payment.invoice.clone()).collect();
        let bills = self.bills(self.book.facts_of_invoices(&ids)?, until)?;
        let is_own = self.own_affiliate()?.is_some();
        let mut owed = HashMap::new();
        for bill in bills {
            let Some(open) = self.open_for_client(&bill, is_own, until, currency)? else { continue };
            let is_offered = |payment: &&Payment| offered.iter().any(|other| other.id == payment.id);
            let recorded = bill.facts.payments.iter().filter(is_offered).map(|payment| payment.amount);
            let invoice = bill.facts.invoice;
            owed.insert(invoice.id, (invoice.number, open + currency.sum(recorded)));
        }
        Ok(owed)
    }

    /// What an affiliate bills at prices of its own is known in its own book alone.
    fn open_for_client(
        &self,
        bill: &Bill,
        is_own: bool,
        until: Day,
        currency: Currency,
    ) -> Result<Option<Money>, DeskError> {
        match bill.standing.billed_by {
            BilledBy::Company => Ok(Some(bill.standing.missing() - bill.standing.beyond())),
            BilledBy::Affiliate if is_own => {
                let debts = self.book.own_bills(vec![bill.facts.clone()], until)?;
                // What was written off can still be paid.
                Ok(debts.first().map(|bill| bill.debt(currency)).map(|debt| debt.billed - debt.received))
            }
            BilledBy::Affiliate => Ok(None),
        }
    }
}

fn beyond(number: &str, owes: Money, over: Money) -> String {
    let (owes, over) = if owes.is_positive() {
        (owes.grouped(), format!("the {} beyond that", over.grouped()))
    } else {
        ("nothing".to_owned(), over.grouped())
    };
    format!("The client owes {owes} on invoice \"{number}\": {over} would be kept as its credit.")
}

fn registered_ahead(plan: &Plan, today: Day) -> impl Iterator<Item = Doubt> {
    let referrals = plan.offered.referrals.iter().enumerate();
    let ahead = referrals
        .filter(move |(_, referral)| referral.registered_on > today && !plan.existing.referrals.contains(referral));
    ahead.map(|(nth, referral)| {
        let on = day::words(referral.registered_on);
        let message = format!("{on} is still to come. A referral is usually registered on the day it is made.");
        Doubt { at: format!("referrals[{nth}].registered_on"), message }
    })
}

fn contracts(plan: &Plan, currency: Currency) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    for (nth, contract) in plan.offered.contracts.iter().enumerate() {
        let before = plan.existing.contracts.iter().find(|before| before.id == contract.id);
        let mut doubt = |member: String, message: Option<String>| {
            doubts.extend(message.map(|message| Doubt { at: format!("contracts[{nth}].{member}"), message }));
        };
        if before.is_none_or(|before| before.lines != contract.lines) {
            doubt("lines".to_owned(), below_nothing(&contract.lines, currency));
        }
        let changes = contract.changes.iter().enumerate();
        let is_new = |change: &Change| before.is_none_or(|before| !before.changes.contains(change));
        for (at, change) in changes.filter(|(_, change)| is_new(change)) {
            let message = below_nothing(&change.lines, currency).or_else(|| changes_nothing(contract, change));
            doubt(format!("changes[{at}].lines"), message);
        }
    }
    doubts
}

fn below_nothing(lines: &[Line], currency: Currency) -> Option<String> {
    let all = currency.sum(lines.iter().map(|line| line.amount));
    let least = all.min(earning(lines, currency));
    least.is_negative().then(|| {
        format!("A month comes to {}, less than nothing. Is a discount larger than what it is of?", least.grouped())
    })
}

fn changes_nothing(contract: &Contract, change: &Change) -> Option<String> {
    let mut without = contract.clone();
    without.changes.retain(|other| other.effective_on != change.effective_on);
    let is_same = amounts(without.lines_on(change.effective_on)) == amounts(&change.lines);
    is_same.then(|| format!("These amounts are in force before {} already.", day::words(change.effective_on)))
}

/// What a month's earning lines cost, whatever they are called.
fn amounts(lines: &[Line]) -> Vec<(Kind, Money)> {
    let mut amounts: Vec<_> =
        lines.iter().filter(|line| line.kind.earns()).map(|line| (line.kind, line.amount)).collect();
    amounts.sort_unstable();
    amounts
}

/// Payments, remittances and the affiliate's own entries that are still to come, or came long before their invoice.
fn received(plan: &Plan, today: Day) -> Vec<Doubt> {
    let (existing, offered) = (&plan.existing, &plan.offered);
    let invoices: HashMap<&Id<Invoice>, &Invoice> =
        existing.invoices.iter().chain(&offered.invoices).map(|invoice| (&invoice.id, invoice)).collect();
    let payments = offered.payments.iter().enumerate().filter(|(_, payment)| !existing.payments.contains(payment));
    let payments = payments.map(|(nth, payment)| ("payments", nth, &payment.invoice, payment.received_on));
    let remittances = offered.remittances.iter().enumerate().filter(|(_, of)| !existing.remittances.contains(of));
    let remittances = remittances.map(|(nth, of)| ("remittances", nth, &of.invoice, of.received_on));
    let entries = offered.own_entries.iter().enumerate().filter(|(_, of)| !existing.own_entries.contains(of));
    let entries = entries.map(|(nth, of)| ("own_entries", nth, &of.invoice, of.on));
    let doubts = payments.chain(remittances).chain(entries).filter_map(|(list, nth, invoice, on)| {
        let message = misdated(invoices.get(invoice)?, on, today)?;
        let day = if list == "own_entries" { "on" } else { "received_on" };
        Some(Doubt { at: format!("{list}[{nth}].{day}"), message })
    });
    doubts.collect()
}

fn misdated(invoice: &Invoice, on: Day, today: Day) -> Option<String> {
    if on > today {
        return Some(format!("{} is still to come: it counts from that day on.", day::words(on)));
    }
    (on + LONG_BEFORE < invoice.issued_on).then(|| {
        let (on, issued_on) = (day::words(on), day::words(invoice.issued_on));
        format!("{on} is long before invoice \"{}\" was issued, on {issued_on}. Check the year.", invoice.number)
    })
}
