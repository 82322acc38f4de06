//! Statements worked out from plain records, with no book, no index of open invoices and no memory but a list.
//!
//! Slow and simple on purpose: what the book gives must be the same.

use std::collections::HashMap;

use rules::affiliate::Affiliate;
use rules::id::Id;
use rules::inputs::{AffiliateFacts, MonthFacts, first_month};
use rules::invoice::{Invoice, InvoiceFacts};
use rules::money::Money;
use rules::month::Month;
use rules::records::Records;
use rules::statement::{ContractOf, Statement, Status, YearToDate};

/// Closes months of records one after the other.
#[derive(Clone, Default)]
pub struct Oracle {
    settled: HashMap<Id<Invoice>, Money>,
    newest: HashMap<Id<Affiliate>, Statement>,
}

impl Oracle {
    /// The month's statements as the records stand, by affiliate.
    pub fn statements(&self, records: &Records, month: Month) -> Vec<Statement> {
        self.facts(records, month).into_inputs().map(|inputs| inputs.statement()).collect()
    }

    /// The statements of the next month, taken as closed.
    pub fn close(&mut self, records: &Records, month: Month) -> Vec<Statement> {
        let statements = self.statements(records, month);
        for statement in &statements {
            for line in statement.lines.iter().filter(|line| line.status != Status::Held) {
                let settled = self.settled.entry(line.invoice.clone());
                settled.and_modify(|sum| *sum += line.commission).or_insert(line.commission);
            }
            self.newest.insert(statement.affiliate.clone(), statement.clone());
        }
        statements
    }

    /// What was settled for an invoice so far.
    pub fn settled(&self, invoice: &Id<Invoice>) -> Option<Money> {
        self.settled.get(invoice).copied()
    }

    /// Everything issued by the month's cutoff, with every fact dated up to it.
    pub fn facts(&self, records: &Records, month: Month) -> MonthFacts {
        let programme = records.programme.clone().expect("a programme");
        let cutoff = month.cutoff();
        let contracts = records.contracts.iter().map(|contract| {
            let referral = records.referrals.iter().find(|referral| referral.id == contract.referral);
            ContractOf { referral: referral.expect("its referral").clone(), contract: contract.clone(), voided: None }
        });
        let invoices = records.invoices.iter().filter(|invoice| invoice.issued_on <= cutoff);
        let invoices = invoices.map(|invoice| {
            let mut facts = InvoiceFacts {
                payments: records.payments.iter().filter(|fact| fact.invoice == invoice.id).cloned().collect(),
                refunds: records.refunds.iter().filter(|fact| fact.invoice == invoice.id).cloned().collect(),
                credit_notes: records.credit_notes.iter().filter(|fact| fact.invoice == invoice.id).cloned().collect(),
                remittances: records.remittances.iter().filter(|fact| fact.invoice == invoice.id).cloned().collect(),
                settled: self.settled(&invoice.id).unwrap_or(programme.currency.zero()),
                voided: None,
                invoice: invoice.clone(),
            };
            facts.keep_up_to(cutoff);
            facts
        });
        MonthFacts {
            month,
            contracts: contracts.collect(),
            invoices: invoices.collect(),
            clients: records.clients.clone(),
            terms: records.terms.clone(),
            affiliates: records.affiliates.iter().filter_map(|one| self.affiliate(records, one, month)).collect(),
            programme,
        }
    }

    fn affiliate(&self, records: &Records, affiliate: &Affiliate, month: Month) -> Option<AffiliateFacts> {
        let currency = records.programme.as_ref()?.currency;
        let referrals = records.referrals.iter().filter(|referral| referral.affiliate == affiliate.id);
        let adjustments = records.adjustments.iter().filter(|adjustment| adjustment.affiliate == affiliate.id);
        let first = first_month(
            referrals.map(|referral| referral.registered_on).min(),
            adjustments.clone().map(|adjustment| adjustment.month).min(),
        );
        let before = self.newest.get(&affiliate.id);
        let same_year = before.filter(|before| before.month.year() == month.year());
        first.filter(|first| *first <= month).map(|_| AffiliateFacts {
            affiliate: affiliate.clone(),
            adjustments: adjustments.filter(|adjustment| adjustment.month == month).cloned().collect(),
            brought_forward: before.map_or(currency.zero(), |before| before.carried_forward),
            year_before: same_year.map_or(YearToDate::nothing(currency), |before| before.year_to_date),
        })
    }
}
