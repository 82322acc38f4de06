//! The base: what an invoice's commission is a share of.

use crate::contract::Contract;
use crate::day::{Day, MonthsInPeriod, plus_months};
use crate::id::Id;
use crate::invoice::{CreditNote, Invoice, InvoiceFacts, earning};
use crate::money::{Currency, Money};
use crate::records::RecordKind;
use crate::statement::ContractOf;
use crate::step::{Receipt, ReceiptKind, Rule, Step};
use crate::terms::{Choices, InTermChanges};

/// The base of one invoice, and how it came about.
#[derive(Clone, Debug)]
pub struct Base {
    pub base: Money,
    pub steps: Vec<Step>,
}

/// The base of an invoice under a contract. `choices` are those in force on the day that the contract was signed.
pub fn base(facts: &InvoiceFacts, of: &ContractOf, choices: &Choices, currency: Currency) -> Base {
    if let Some(rule) = voided(facts, of) {
        return Base { base: currency.zero(), steps: vec![rule.into()] };
    }
    let contract = &of.contract;
    let billed = billed(facts, currency);
    let period_start = facts.invoice.period_start;
    let term_ends_on = contract.term_ends_on();
    let holds_original = choices.in_term_changes == InTermChanges::HoldOriginal;
    let rule = if let Some(ended_on) = contract.ended_on.filter(|ended_on| period_start > *ended_on) {
        // Case: nothing-after-the-contract-ends.json
        Rule::ContractEnded { contract: contract.id.clone(), ended_on, period_start }
    } else if period_start <= term_ends_on && !holds_original {
        Rule::WithinTerm { contract: contract.id.clone(), period_start, term_ends_on, base: billed }
    } else {
        ceiling(facts, contract, choices, billed, currency)
    };
    let base = match &rule {
        Rule::WithinTerm { base, .. } | Rule::Ceiling { base, .. } => *base,
        _ => currency.zero(),
    };
    Base { base, steps: vec![billed_step(facts, billed, currency), rule.into()] }
}

/// What a bill for one whole month of the contract comes to, if it is billed as agreed.
#[derive(Clone, Debug)]
pub struct WholeMonth {
    pub billed: Money,
    pub base: Money,
    /// Why the base is what it is.
    pub rule: Rule,
}

/// The base of a bill of the contract's own lines for the whole month that starts on `first`, as [`base`] has it.
pub fn whole_month(first: Day, of: &ContractOf, choices: &Choices, currency: Currency) -> WholeMonth {
    let facts = bill_for_a_month(first, of, currency);
    let Base { base, mut steps } = base(&facts, of, choices, currency);
    let rule = steps.pop().map(|step| step.rule).expect("a base has the rule that chose it");
    WholeMonth { billed: billed(&facts, currency), base, rule }
}

fn bill_for_a_month(first: Day, of: &ContractOf, currency: Currency) -> InvoiceFacts {
    let invoice = Invoice {
        id: Id::new(""),
        number: String::new(),
        client: of.referral.client.clone(),
        contract: Some(of.contract.id.clone()),
        issued_on: first,
        due_on: first,
        period_start: first,
        period_end: plus_months(first, 1).pred_opt().unwrap_or(first),
        lines: of.contract.lines_on(first).to_vec(),
        tax: currency.zero(),
    };
    InvoiceFacts::new(invoice, currency)
}

fn voided(facts: &InvoiceFacts, of: &ContractOf) -> Option<Rule> {
    let invoice = facts.voided.as_ref().map(|reason| Rule::Voided {
        record: RecordKind::Invoice.as_str().into(),
        id: facts.invoice.id.to_string(),
        reason: reason.clone(),
    });
    invoice.or_else(|| {
        of.voided.as_ref().map(|reason| Rule::Voided {
            record: RecordKind::Contract.as_str().into(),
            id: of.contract.id.to_string(),
            reason: reason.clone(),
        })
    })
}

/// "Its earning lines [...] less credit notes on earning kinds dated up to that day, never below nothing."
fn billed(facts: &InvoiceFacts, currency: Currency) -> Money {
    let credited = currency.sum(facts.credit_notes.iter().map(|note| earning(&note.lines, currency)));
    (earning(&facts.invoice.lines, currency) - credited).at_least_nothing()
}

fn billed_step(facts: &InvoiceFacts, billed: Money, currency: Currency) -> Step {
    let (earning_lines, not_earning) = facts.invoice.lines.iter().cloned().partition(|line| line.kind.earns());
    let credited = |note: &CreditNote| Receipt {
        record: ReceiptKind::CreditNote,
        id: note.id.to_string(),
        on: note.issued_on,
        amount: earning(&note.lines, currency),
    };
    let earns = |note: &&CreditNote| note.lines.iter().any(|line| line.kind.earns());
    let mut credited: Vec<Receipt> = facts.credit_notes.iter().filter(earns).map(credited).collect();
    credited.sort_by(|a, b| (a.on, &a.id).cmp(&(b.on, &b.id)));
    Rule::Billed { earning: earning_lines, not_earning, credited, billed }.into()
}

/// "For a period that starts after the term ended: base = the smaller of billed and the ceiling, reference × months in
/// the period." The ceiling is rounded to the minor unit, half away from zero.
fn ceiling(facts: &InvoiceFacts, contract: &Contract, choices: &Choices, billed: Money, currency: Currency) -> Rule {
    let term_ends_on = contract.term_ends_on();
    let (reference, reference_since) = reference(contract, choices, currency);
    let months = MonthsInPeriod::between(facts.invoice.period_start, facts.invoice.period_end);
    let (numerator, denominator) = months.fraction();
    let ceiling = reference.times_fraction_rounded(numerator, denominator);
    Rule::Ceiling {
        contract: contract.id.clone(),
        period_start: facts.invoice.period_start,
        term_ends_on,
        in_term_changes: choices.in_term_changes,
        reference,
        reference_since,
        months,
        ceiling,
        billed,
        base: billed.min(ceiling),
    }
}

/// The reference, and since when it has been the monthly amount: "The monthly earning amount in force on the last day of
/// the original term: the signed lines, or the latest change effective by then." With a term of 0, or where the terms hold the original, it is the signed lines.
/// Lines that add up to less than nothing make a ceiling of nothing.
pub fn reference(contract: &Contract, choices: &Choices, currency: Currency) -> (Money, Day) {
    let follows = choices.in_term_changes == InTermChanges::FollowContract && contract.term_months > 0;
    match contract.change_on(contract.term_ends_on()).filter(|_| follows) {
        Some(change) => (earning(&change.lines, currency).at_least_nothing(), change.effective_on),
        None => (contract.signed_amount(currency).at_least_nothing(), contract.signed_on),
    }
}
