//! What happens to invoices: payments, refunds, credit notes and remittances of more than nothing, and credits within
//! what was invoiced.

use std::collections::HashMap;
use std::fmt::Display;

use super::union::{Findings, Kept, Record, Table, Union, who};
use crate::money::Money;
use crate::problem::Code;

/// Unknown invoices, and "a payment, refund, credit or remittance of nothing or less".
pub fn amounts(union: &Union<'_>, found: &mut Findings) {
    facts(union, &union.payments, |payment| (payment.invoice.as_str(), payment.amount), found);
    facts(union, &union.refunds, |refund| (refund.invoice.as_str(), refund.amount), found);
    facts(union, &union.remittances, |remittance| (remittance.invoice.as_str(), remittance.amount), found);
    facts(union, &union.own_entries, |entry| (entry.invoice.as_str(), entry.amount), found);
    for kept in union.credit_notes.all.iter().filter(|kept| kept.is_offered()) {
        let note = kept.record;
        union.follow(kept, ".invoice", &union.invoices, note.invoice.as_str(), found);
        if note.lines.is_empty() {
            let message = format!("{} has no lines. Say what is credited.", who(note));
            found.refuse(union, Code::NotPositive, kept, ".lines", message);
        }
        for (nth, line) in note.lines.iter().enumerate().filter(|(_, line)| !line.amount.is_positive()) {
            not_positive(union, kept, &format!(".lines[{nth}].amount"), line.amount, found);
        }
    }
}

fn facts<'a, T: Record>(
    union: &Union<'a>,
    table: &Table<'a, T>,
    of: impl Fn(&'a T) -> (&'a str, Money),
    found: &mut Findings,
) {
    for kept in table.all.iter().filter(|kept| kept.is_offered()) {
        let (invoice, amount) = of(kept.record);
        union.follow(kept, ".invoice", &union.invoices, invoice, found);
        if !amount.is_positive() {
            not_positive(union, kept, ".amount", amount, found);
        }
    }
}

fn not_positive<'a, T: Record>(
    union: &Union<'a>,
    kept: &Kept<'a, T>,
    member: &str,
    amount: impl Display,
    found: &mut Findings,
) {
    let message = format!("{} has the amount \"{amount}\". Make it more than nothing.", who(kept.record));
    found.refuse(union, Code::NotPositive, kept, member, message);
}

/// "Credits above the invoice's total": the note that goes above is refused, and counts for nothing after.
pub fn credits(union: &Union<'_>, sound: &[bool], found: &mut Findings) {
    let mut credited: HashMap<&str, Money> = HashMap::new();
    for kept in &union.credit_notes.all {
        let note = kept.record;
        let Some(invoice) = union.invoices.index(note.invoice.as_str()) else { continue };
        let is_positive = !note.lines.is_empty() && note.lines.iter().all(|line| line.amount.is_positive());
        if !sound[invoice] || !is_positive || kept.duplicate {
            continue;
        }
        let invoice = &union.invoices.all[invoice];
        let total = invoice.record.total();
        let before = credited.get(note.invoice.as_str()).copied().unwrap_or(total.nothing());
        let after = note.lines.iter().fold(before, |sum, line| sum + line.amount);
        if after <= total || !(kept.is_offered() || invoice.is_offered()) {
            credited.insert(note.invoice.as_str(), after);
            continue;
        }
        let message = format!(
            "{} credits \"{}\" of invoice \"{}\", of which only \"{}\" is left of \"{total}\". Credit no more than was \
             invoiced.",
            who(note),
            after - before,
            invoice.record.number,
            total - before
        );
        found.refuse(union, Code::CreditAboveInvoice, kept, ".lines", message);
    }
}
