//! What is between an affiliate that bills its clients itself and its clients alone: prices, bills and entries of its own.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::union::{Findings, Kept, Record, Union, who};
use crate::contract::{BilledBy, Contract};
use crate::day::{self, Day};
use crate::debt::{OwnEntry, OwnKind, Resale};
use crate::id::Id;
use crate::invoice::Invoice;
use crate::money::Money;
use crate::own_price::OwnPrice;
use crate::problem::Code;

/// One price a day, of something, and only where the affiliate bills.
pub fn prices(union: &Union<'_>, found: &mut Findings) {
    let mut days: HashSet<(&str, Day)> = HashSet::new();
    for kept in &union.own_prices.all {
        let OwnPrice { contract, effective_on, lines, .. } = kept.record;
        let under = union.follow(kept, ".contract", &union.contracts, contract.as_str(), found);
        if let Some(under) = under.filter(|under| kept.is_offered() || under.is_offered()) {
            company_bills(union, kept, ".contract", Some(under), found);
        }
        if !days.insert((contract.as_str(), *effective_on)) && kept.is_offered() {
            let message = format!(
                "{} is a second price of its contract from {}. Correct that one, or void it first.",
                who(kept.record),
                day::words(*effective_on)
            );
            found.refuse(union, Code::DuplicatePrice, kept, ".effective_on", message);
        }
        if kept.is_offered() && lines.is_empty() {
            let message = format!("{} has no lines. Say what the client pays; 0.00 is free.", who(kept.record));
            found.refuse(union, Code::NotPositive, kept, ".lines", message);
        }
        let monthly = lines.iter().filter(|line| !line.kind.is_once());
        if kept.is_offered()
            && let Some(sum) = monthly.map(|line| line.amount).reduce(|sum, amount| sum + amount)
            && sum.is_negative()
        {
            let message = format!(
                "{} comes to \"{sum}\" a month, less than nothing. Is a discount larger than what it is of?",
                who(kept.record)
            );
            found.refuse(union, Code::InvoiceBelowZero, kept, ".lines", message);
        }
    }
}

/// One bill of the affiliate's own for an invoice that it bills, of nothing or more.
pub fn resales(union: &Union<'_>, found: &mut Findings) {
    let mut invoices: HashSet<&str> = HashSet::new();
    for kept in &union.resales.all {
        let Resale { invoice, tax, .. } = kept.record;
        let of = union.follow(kept, ".invoice", &union.invoices, invoice.as_str(), found);
        if let Some(of) = of {
            own_invoice(union, kept, of, found);
        }
        if !invoices.insert(invoice.as_str()) && kept.is_offered() {
            let message = format!(
                "{} is a second bill for invoice \"{}\". Correct that one, or void it first.",
                who(kept.record),
                of.map_or(invoice.as_str(), |of| &of.record.number)
            );
            found.refuse(union, Code::DuplicatePrice, kept, ".invoice", message);
        }
        let total = kept.record.total();
        if kept.is_offered() && tax.is_negative() {
            let message = format!("{} has a tax of \"{tax}\". Make it nothing or more.", who(kept.record));
            found.refuse(union, Code::Unreadable, kept, ".tax", message);
        } else if kept.is_offered() && total.is_negative() {
            let message = format!("{} comes to \"{total}\", less than nothing. Correct its lines.", who(kept.record));
            found.refuse(union, Code::InvoiceBelowZero, kept, ".lines", message);
        }
    }
}

/// No more is given back than was received, and no more written off than is owed, each by its day.
pub fn entries(union: &Union<'_>, found: &mut Findings) {
    let mut of_invoices: BTreeMap<&str, Vec<&Kept<'_, OwnEntry>>> = BTreeMap::new();
    for kept in &union.own_entries.all {
        of_invoices.entry(kept.record.invoice.as_str()).or_default().push(kept);
    }
    if of_invoices.is_empty() {
        return;
    }
    let accounts = Accounts::of(union, &of_invoices);
    for (invoice, mut entries) in of_invoices {
        let Some(invoice) = union.invoices.get(invoice) else { continue };
        entries.retain(|kept| own_invoice(union, kept, invoice, found));
        entries.retain(|kept| !kept.duplicate && kept.record.amount.is_positive());
        if let Some(account) = accounts.of_invoice(invoice) {
            entries.sort_by_key(|kept| kept.record.on); // stable: of one day, as they were recorded
            within(union, invoice.record, account, &entries, found);
        }
    }
}

/// Whether the affiliate bills the invoice. One whose contract can't be followed has a problem of its own.
fn own_invoice<'a, T: Record>(
    union: &Union<'a>,
    kept: &Kept<'a, T>,
    invoice: &Kept<'a, Invoice>,
    found: &mut Findings,
) -> bool {
    let contract = invoice.record.contract.as_ref().map(|id| union.contracts.get(id.as_str()));
    if matches!(contract, Some(None)) {
        return false;
    }
    let contract = contract.flatten();
    if contract.is_some_and(|contract| contract.record.billed_by == BilledBy::Affiliate) {
        return true;
    }
    if kept.is_offered() || invoice.is_offered() || contract.is_some_and(Kept::is_offered) {
        company_bills(union, kept, ".invoice", contract, found);
    }
    false
}

fn company_bills<'a, T: Record>(
    union: &Union<'a>,
    kept: &Kept<'a, T>,
    member: &str,
    contract: Option<&Kept<'a, Contract>>,
    found: &mut Findings,
) {
    if contract.is_some_and(|contract| contract.record.billed_by == BilledBy::Affiliate) {
        return;
    }
    let whose = match contract {
        Some(contract) => format!("contract \"{}\", which the company bills", contract.record.id),
        None => "an invoice under no contract, which the company bills".to_owned(),
    };
    let message = format!(
        "{} is of {whose}. Only what the affiliate bills itself has prices and entries of its own.",
        who(kept.record)
    );
    found.refuse(union, Code::BilledByCompany, kept, member, message);
}

/// What was billed and paid, as far as entries of the affiliate's own are concerned.
#[derive(Default)]
struct Accounts<'a> {
    billed: HashMap<&'a str, Money>,
    /// What lessens what is owed, by day: `true` for what was received, else what the company credited of its charge.
    paid: HashMap<&'a str, Vec<(Day, Money, bool)>>,
    /// Invoices of a payment that is itself refused, or could not be read.
    in_doubt: HashSet<&'a str>,
}

#[derive(Clone, Copy)]
struct Account<'s> {
    billed: Money,
    paid: &'s [(Day, Money, bool)],
}

impl<'a> Accounts<'a> {
    fn of(union: &Union<'a>, wanted: &BTreeMap<&str, Vec<&Kept<'a, OwnEntry>>>) -> Self {
        let mut accounts = Self { in_doubt: union.invoices_in_doubt.clone(), ..Self::default() };
        let resales = union.resales.all.iter().filter(|kept| !kept.duplicate);
        accounts.billed = resales.map(|kept| (kept.record.invoice.as_str(), kept.record.total())).collect();
        for kept in &union.payments.all {
            let payment = kept.record;
            let sound = payment.amount.is_positive() && !kept.duplicate;
            accounts.pay(wanted, &payment.invoice, sound, (payment.received_on, payment.amount, true));
        }
        for kept in &union.credit_notes.all {
            let note = kept.record;
            let Some(total) = note.lines.iter().map(|line| line.amount).reduce(|sum, amount| sum + amount) else {
                continue;
            };
            accounts.pay(wanted, &note.invoice, !kept.duplicate, (note.issued_on, total, false));
        }
        accounts
    }

    fn pay(
        &mut self,
        wanted: &BTreeMap<&str, Vec<&Kept<'a, OwnEntry>>>,
        invoice: &'a Id<Invoice>,
        sound: bool,
        paid: (Day, Money, bool),
    ) {
        if !wanted.contains_key(invoice.as_str()) {
            return;
        }
        if sound {
            self.paid.entry(invoice.as_str()).or_default().push(paid);
        } else {
            self.in_doubt.insert(invoice.as_str());
        }
    }

    fn of_invoice(&self, invoice: &Kept<'a, Invoice>) -> Option<Account<'_>> {
        let id = invoice.record.id();
        if self.in_doubt.contains(id) || self.in_doubt.contains("") {
            return None;
        }
        let billed = self.billed.get(id).copied().unwrap_or_else(|| invoice.record.total());
        Some(Account { billed, paid: self.paid.get(id).map_or(&[], Vec::as_slice) })
    }
}

/// Of one invoice, in the order of their days. What is refused counts for nothing after.
fn within<'a>(
    union: &Union<'a>,
    invoice: &Invoice,
    account: Account<'_>,
    entries: &[&Kept<'a, OwnEntry>],
    found: &mut Findings,
) {
    let nothing = account.billed.nothing();
    let (mut refunded, mut written_off) = (nothing, nothing);
    for kept in entries {
        let OwnEntry { kind, on, amount, .. } = kept.record;
        let by_then = |received: bool| {
            let paid = account.paid.iter().filter(|(day, _, is_received)| day <= on && *is_received == received);
            paid.fold(nothing, |sum, (_, amount, _)| sum + *amount)
        };
        let (received, by_company) = (by_then(true), by_then(false));
        let (number, on) = (&invoice.number, day::words(*on));
        match kind {
            OwnKind::Refunded if *amount > received - refunded => {
                let left = received - refunded;
                let message = format!(
                    "\"{amount}\" of invoice \"{number}\" can't be given back on {on}: only \"{left}\" of it had been \
                     received and not yet given back. Correct the amount or the day, or record what was received."
                );
                found.refuse(union, Code::RefundAboveReceived, kept, ".amount", message);
            }
            OwnKind::Refunded => refunded += *amount,
            OwnKind::WrittenOff => {
                let credited = account.billed.share(by_company, invoice.total());
                let owed = account.billed - credited - (received - refunded) - written_off;
                if *amount > owed {
                    let owed = owed.at_least_nothing();
                    let message = format!(
                        "\"{amount}\" of invoice \"{number}\" can't be written off on {on}: only \"{owed}\" of it was owed \
                         then. Write off no more than that, or void what was written off."
                    );
                    found.refuse(union, Code::WriteOffAboveOwed, kept, ".amount", message);
                } else {
                    written_off += *amount;
                }
            }
        }
    }
}
