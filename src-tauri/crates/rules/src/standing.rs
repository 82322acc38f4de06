//! Full and current: what is owed on an invoice, what was received, and whether it holds commission.
//!
//! "NetSource will not pay a commission for any customer that has not paid their bills in full. NetSource pays the
//! commission after we have received the full and current payment from the customer."

use crate::affiliate::Affiliate;
use crate::base::base;
use crate::contract::BilledBy;
use crate::day::Day;
use crate::invoice::InvoiceFacts;
use crate::money::{Currency, Money};
use crate::statement::{ContractOf, keeps_commission};
use crate::step::{OpenBill, Owed, Receipt, ReceiptKind, Rule, Step};
use crate::terms::{Programme, TermsVersion};

/// Where one invoice stands, from the facts dated up to the cutoff.
#[derive(Clone, Debug)]
pub struct Standing {
    pub billed_by: BilledBy,
    pub owed: Owed,
    /// Payments, or remittances where the affiliate bills, less refunds.
    pub received: Money,
}

/// The standing of an invoice. Under a net agreement the affiliate keeps `commission_kept`, and owes that much less;
/// it is nothing otherwise.
pub fn standing(facts: &InvoiceFacts, billed_by: BilledBy, commission_kept: Money, currency: Currency) -> Standing {
    let zero = currency.zero();
    let (invoiced, credited) = match &facts.voided {
        Some(_) => (zero, zero),
        None => (facts.invoice.total(), currency.sum(facts.credit_notes.iter().map(|note| note.total(currency)))),
    };
    let received = match billed_by {
        BilledBy::Company => currency.sum(facts.payments.iter().map(|payment| payment.amount)),
        // "An invoice that the affiliate bills is judged by what reached the company."
        BilledBy::Affiliate => currency.sum(facts.remittances.iter().map(|remittance| remittance.amount)),
    };
    let refunded = currency.sum(facts.refunds.iter().map(|refund| refund.amount));
    let owed = Owed { invoiced, credited, commission_kept, owed: invoiced - credited - commission_kept };
    Standing { billed_by, owed, received: received - refunded }
}

/// The standing of an invoice under a contract and its affiliate's agreement; under none, the company bills.
pub fn standing_under(
    facts: &InvoiceFacts,
    contract: Option<&ContractOf>,
    affiliate: Option<&Affiliate>,
    programme: &Programme,
    terms: &[TermsVersion],
) -> Standing {
    let billed_by = contract.map_or(BilledBy::Company, |of| of.contract.billed_by);
    let keeps = contract.zip(affiliate).filter(|(of, affiliate)| keeps_commission(&of.contract, affiliate));
    let kept = commission(facts, keeps.map(|(of, _)| of), programme, terms);
    standing(facts, billed_by, kept, programme.currency)
}

/// Whether no statement has anything more to say of an invoice: it is paid in full, and what it earns is settled.
pub fn is_done(
    facts: &InvoiceFacts,
    contract: Option<&ContractOf>,
    affiliate: Option<&Affiliate>,
    programme: &Programme,
    terms: &[TermsVersion],
) -> bool {
    standing_under(facts, contract, affiliate, programme, terms).is_paid_in_full()
        && facts.settled == commission(facts, contract, programme, terms)
}

/// What an invoice earns under a contract once it is paid in full; nothing under none.
fn commission(
    facts: &InvoiceFacts,
    contract: Option<&ContractOf>,
    programme: &Programme,
    terms: &[TermsVersion],
) -> Money {
    let currency = programme.currency;
    contract.map_or(currency.zero(), |of| {
        let choices = programme.choices_on(of.contract.signed_on, terms);
        of.contract.rate.of(base(facts, of, &choices, currency).base)
    })
}

impl Standing {
    /// "Paid in full: received is at least owed."
    pub fn is_paid_in_full(&self) -> bool {
        self.received >= self.owed.owed
    }

    pub fn missing(&self) -> Money {
        (self.owed.owed - self.received).at_least_nothing()
    }

    /// What was received beyond what is owed.
    pub fn beyond(&self) -> Money {
        (self.received - self.owed.owed).at_least_nothing()
    }

    /// The bill, if it is not paid in full. Overdue is "due before the cutoff day".
    /// Case: `due-on-the-cutoff-is-not-yet-overdue.json`.
    pub fn open_bill(&self, facts: &InvoiceFacts, cutoff: Day) -> Option<OpenBill> {
        let invoice = &facts.invoice;
        (!self.is_paid_in_full()).then(|| OpenBill {
            due_on: invoice.due_on,
            number: invoice.number.clone(),
            invoice: invoice.id.clone(),
            missing: self.missing(),
            overdue: invoice.due_on < cutoff,
        })
    }

    /// The step that says whether, by what and since when the invoice is paid in full.
    pub fn step(&self, facts: &InvoiceFacts) -> Step {
        let receipts = receipts(facts, self.billed_by);
        let Self { billed_by, owed, received } = *self;
        if self.is_paid_in_full() {
            let paid_on = paid_on(facts, owed.owed + owed.credited, &receipts);
            Rule::PaidInFull { billed_by, owed, received, receipts, paid_on }.into()
        } else {
            Rule::NotPaidInFull { billed_by, owed, received, receipts, missing: self.missing() }.into()
        }
    }
}

/// What was received and given back, in the order of the days.
fn receipts(facts: &InvoiceFacts, billed_by: BilledBy) -> Vec<Receipt> {
    let mut receipts: Vec<Receipt> = match billed_by {
        BilledBy::Company => facts
            .payments
            .iter()
            .map(|p| receipt(ReceiptKind::Payment, p.id.as_str(), p.received_on, p.amount))
            .collect(),
        BilledBy::Affiliate => facts
            .remittances
            .iter()
            .map(|r| receipt(ReceiptKind::Remittance, r.id.as_str(), r.received_on, r.amount))
            .collect(),
    };
    let refunds = facts.refunds.iter();
    receipts.extend(refunds.map(|r| receipt(ReceiptKind::Refund, r.id.as_str(), r.refunded_on, -r.amount)));
    receipts.sort_by(|a, b| (a.on, &a.id).cmp(&(b.on, &b.id)));
    receipts
}

fn receipt(record: ReceiptKind, id: &str, on: Day, amount: Money) -> Receipt {
    Receipt { record, id: id.to_owned(), on, amount }
}

/// The day since which the invoice, paid in full now, has been so without a break.
fn paid_on(facts: &InvoiceFacts, owed_uncredited: Money, receipts: &[Receipt]) -> Day {
    let credits = facts.credit_notes.iter().map(|note| {
        let credited = note.lines.iter().fold(owed_uncredited.nothing(), |sum, line| sum + line.amount);
        (note.issued_on, credited)
    });
    let mut events: Vec<(Day, Money)> =
        receipts.iter().map(|receipt| (receipt.on, receipt.amount)).chain(credits).collect();
    events.sort_by_key(|(on, _)| *on);

    let mut missing = owed_uncredited;
    let mut since = facts.invoice.issued_on;
    for (on, amount) in events {
        let was_missing = missing.is_positive();
        missing = missing - amount;
        if was_missing && !missing.is_positive() {
            since = on;
        }
    }
    since
}
