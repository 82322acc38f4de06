//! An affiliate's statement for a month, drawn from everything that went into it.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

use crate::affiliate::{Adjustment, Affiliate, AgreedRemittance};
use crate::base;
use crate::client::Client;
use crate::contract::{BilledBy, Contract};
use crate::day::Day;
use crate::id::Id;
use crate::invoice::{self, Invoice, InvoiceFacts};
use crate::money::{Currency, Money};
use crate::month::Month;
use crate::rate::Rate;
use crate::referral::Referral;
use crate::standing::{Standing, standing};
use crate::step::{OpenBill, Rule, Step};
use crate::terms::{Programme, TermsVersion};

/// Everything that goes into one affiliate's statement for one month; sealed with it when the month closes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inputs {
    pub month: Month,
    pub programme: Programme,
    pub terms: Vec<TermsVersion>,
    pub affiliate: Affiliate,
    pub clients: Vec<Client>,
    /// The contracts of the affiliate's referrals that have an invoice here.
    pub contracts: Vec<ContractOf>,
    /// Invoices under those contracts, with their facts dated up to the cutoff.
    pub invoices: Vec<InvoiceFacts>,
    /// Bills of the same clients under no contract, or another affiliate's, that are past due at the cutoff.
    pub overdue_elsewhere: Vec<(Id<Client>, OpenBill)>,
    pub adjustments: Vec<Adjustment>,
    pub brought_forward: Money,
    /// The totals of the affiliate's earlier statements of the same calendar year.
    pub year_before: YearToDate,
}

/// A contract and the referral that it came of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContractOf {
    pub referral: Referral,
    pub contract: Contract,
    /// Why the contract was voided, if it was: what is billed under it then earns nothing.
    pub voided: Option<String>,
}

/// What an affiliate is told for a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    pub affiliate: Id<Affiliate>,
    pub affiliate_name: String,
    pub month: Month,
    /// By client, then period.
    pub lines: Vec<Line>,
    pub payable: Money,
    pub reversed: Money,
    pub retained: Money,
    pub held: Money,
    pub adjusted: Money,
    pub brought_forward: Money,
    pub payout: Money,
    pub carried_forward: Money,
    /// In force at the cutoff.
    pub minimum_payout: Money,
    pub adjustments: Vec<Adjustment>,
    /// What would release the held lines, client by client.
    pub releases: Vec<Release>,
    /// Invoices of this month without a line, all of whose charges earn nothing.
    pub not_earning: Vec<NotEarning>,
    /// With this statement.
    pub year_to_date: YearToDate,
}

/// One invoice on a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub invoice: Id<Invoice>,
    pub number: String,
    pub client: Id<Client>,
    pub client_name: String,
    pub contract: Id<Contract>,
    pub period_start: Day,
    pub period_end: Day,
    pub status: Status,
    pub reason: Reason,
    /// The total of the statement that the line is part of.
    pub sums_into: Total,
    pub base: Money,
    pub rate: Rate,
    /// The line's amount: what is paid, kept, held, or (negative) taken back.
    pub commission: Money,
    /// Charges of the invoice that earn nothing: setup, consulting, other.
    pub not_earning: Vec<invoice::Line>,
    pub steps: Vec<Step>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Payable,
    Retained,
    Held,
    Reversed,
}

impl Status {
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Payable => "payable",
            Status::Retained => "retained",
            Status::Held => "held",
            Status::Reversed => "reversed",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    PaidInFull,
    ClientOverdue,
    InvoiceUnpaid,
    Reversed,
}

impl Reason {
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::PaidInFull => "paid_in_full",
            Reason::ClientOverdue => "client_overdue",
            Reason::InvoiceUnpaid => "invoice_unpaid",
            Reason::Reversed => "reversed",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Total {
    Payable,
    Reversed,
    Retained,
    Held,
}

/// What a client has to pay, and what is released then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    pub client: Id<Client>,
    pub client_name: String,
    pub held: Money,
    /// Earliest due first.
    pub bills: Vec<OpenBill>,
}

/// An invoice that earns nothing, with its charges.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotEarning {
    pub invoice: Id<Invoice>,
    pub number: String,
    pub client: Id<Client>,
    pub client_name: String,
    pub lines: Vec<invoice::Line>,
}

/// Sums over a calendar year's statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearToDate {
    pub payable: Money,
    pub reversed: Money,
    pub retained: Money,
    pub adjusted: Money,
    pub payout: Money,
}

impl YearToDate {
    pub fn nothing(currency: Currency) -> Self {
        let zero = currency.zero();
        Self { payable: zero, reversed: zero, retained: zero, adjusted: zero, payout: zero }
    }
}

/// What one invoice comes to at a month's cutoff.
#[derive(Clone, Debug)]
pub struct Assessment {
    pub base: Money,
    pub rate: Rate,
    pub standing: Standing,
    /// "Entitled = base × rate, rounded, if the invoice is paid in full, else nothing."
    pub entitled: Money,
    pub outcome: Option<Outcome>,
    pub steps: Vec<Step>,
}

/// A line in the making.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub status: Status,
    pub reason: Reason,
    pub sums_into: Total,
    pub amount: Money,
}

impl Inputs {
    pub fn currency(&self) -> Currency {
        self.programme.currency
    }

    /// Draws the statement. Deterministic: the order of the records does not matter.
    pub fn statement(&self) -> Statement {
        self.draw().statement
    }

    /// Draws the statement, and tells which invoices are done with.
    pub fn draw(&self) -> Drawn {
        let assessed = self.assess();
        let done = assessed.iter().filter(|assessed| assessed.is_done()).map(|a| a.facts.invoice.id.clone()).collect();
        let names: HashMap<_, _> = self.clients.iter().map(|client| (&client.id, client.name.as_str())).collect();
        let name = |client: &Id<Client>| (*names.get(client).unwrap_or(&"")).to_owned();
        let overdue = self.overdue_by_client(&assessed);
        let mut lines = Vec::with_capacity(assessed.len());
        let mut not_earning = Vec::new();
        let mut releases: BTreeMap<&Id<Client>, Release> = BTreeMap::new();
        for Assessed { facts, of, assessment } in assessed {
            let Some(outcome) = assessment.outcome else {
                not_earning.extend(self.not_earning(facts, &of.referral.client, name));
                continue;
            };
            if outcome.status == Status::Held {
                let release = releases.entry(&of.referral.client).or_insert_with(|| Release {
                    client: of.referral.client.clone(),
                    client_name: name(&of.referral.client),
                    held: self.currency().zero(),
                    bills: overdue.get(&of.referral.client).cloned().unwrap_or_default(),
                });
                release.held += outcome.amount;
                release.bills.extend(assessment.standing.open_bill(facts, self.month.cutoff()).filter(|b| !b.overdue));
            }
            lines.push(line(facts, of, assessment, outcome, name(&of.referral.client)));
        }
        lines.sort_by(|a, b| order(a).cmp(&order(b)));
        not_earning
            .sort_by(|a, b| (&a.client_name, &a.number, &a.invoice).cmp(&(&b.client_name, &b.number, &b.invoice)));
        let mut releases: Vec<Release> = releases.into_values().collect();
        for release in &mut releases {
            release.bills.sort();
        }
        // "Most money first": what is worth asking for comes first.
        releases.sort_by(|a, b| (b.held, &a.client_name, &a.client).cmp(&(a.held, &b.client_name, &b.client)));
        Drawn { statement: self.total(lines, releases, not_earning), done }
    }

    /// What one of the invoices comes to, whether or not it has a line.
    pub fn assessment(&self, invoice: &Id<Invoice>) -> Option<Assessment> {
        self.assess().into_iter().find(|assessed| assessed.facts.invoice.id == *invoice).map(|found| found.assessment)
    }

    fn assess(&self) -> Vec<Assessed<'_>> {
        let contracts: HashMap<_, _> = self.contracts.iter().map(|of| (&of.contract.id, of)).collect();
        let mut assessed: Vec<Assessed<'_>> = self
            .invoices
            .iter()
            .filter_map(|facts| {
                let of: &ContractOf = contracts.get(facts.invoice.contract.as_ref()?)?;
                Some(Assessed { facts, of, assessment: self.assess_alone(facts, of) })
            })
            .collect();
        let overdue = self.overdue_by_client(&assessed);
        for Assessed { facts, of, assessment } in &mut assessed {
            let bills = overdue.get(&of.referral.client).map_or(&[][..], Vec::as_slice);
            self.conclude(assessment, facts, &of.contract, bills);
        }
        assessed
    }

    /// Base, commission and standing of an invoice, before the client's other bills come into it.
    fn assess_alone(&self, facts: &InvoiceFacts, of: &ContractOf) -> Assessment {
        let currency = self.currency();
        let contract = &of.contract;
        let choices = self.programme.choices_on(contract.signed_on, &self.terms);
        let base::Base { base, mut steps } = base::base(facts, of, &choices, currency);
        let commission = contract.rate.of(base);
        let kept = if self.keeps_commission(contract) { commission } else { currency.zero() };
        let standing = standing(facts, contract.billed_by, kept, currency);
        let entitled = if standing.is_paid_in_full() { commission } else { currency.zero() };
        steps.push(Rule::Commission { base, rate: contract.rate, commission }.into());
        steps.push(standing.step(facts));
        Assessment { base, rate: contract.rate, standing, entitled, outcome: None, steps }
    }

    /// "Under `remittance: net_of_commission` the affiliate keeps the commission."
    fn keeps_commission(&self, contract: &Contract) -> bool {
        keeps_commission(contract, &self.affiliate)
    }

    fn overdue_by_client(&self, assessed: &[Assessed<'_>]) -> HashMap<Id<Client>, Vec<OpenBill>> {
        let cutoff = self.month.cutoff();
        let mut overdue: HashMap<Id<Client>, Vec<OpenBill>> = HashMap::new();
        let own = assessed.iter().filter_map(|Assessed { facts, of, assessment }| {
            let bill = assessment.standing.open_bill(facts, cutoff)?;
            bill.overdue.then(|| (of.referral.client.clone(), bill))
        });
        for (client, bill) in own.chain(self.overdue_elsewhere.iter().cloned()) {
            overdue.entry(client).or_default().push(bill);
        }
        for bills in overdue.values_mut() {
            bills.sort();
        }
        overdue
    }

    /// The table of `rules.md`, "The statement": delta decides.
    fn conclude(&self, assessment: &mut Assessment, facts: &InvoiceFacts, contract: &Contract, overdue: &[OpenBill]) {
        let settled = facts.settled;
        let delta = assessment.entitled - settled;
        let commission = assessment.rate.of(assessment.base);
        let nets = self.keeps_commission(contract);
        let outcome = |status, reason, sums_into, amount| Some(Outcome { status, reason, sums_into, amount });
        let waits = delta.is_zero() && !assessment.standing.is_paid_in_full() && commission > settled;
        assessment.outcome = if delta.is_positive() && !overdue.is_empty() {
            outcome(Status::Held, Reason::ClientOverdue, Total::Held, delta)
        } else if delta.is_positive() && nets {
            outcome(Status::Retained, Reason::PaidInFull, Total::Retained, delta)
        } else if delta.is_positive() {
            outcome(Status::Payable, Reason::PaidInFull, Total::Payable, delta)
        } else if delta.is_negative() {
            let sums_into = if nets { Total::Retained } else { Total::Reversed };
            outcome(Status::Reversed, Reason::Reversed, sums_into, delta)
        } else if waits {
            outcome(Status::Held, Reason::InvoiceUnpaid, Total::Held, commission - settled)
        } else {
            None
        };
        let cutoff = self.month.cutoff();
        if delta.is_positive() {
            let rule = match overdue {
                [] => Rule::Current { cutoff },
                bills => Rule::ClientOverdue { cutoff, bills: bills.to_vec() },
            };
            assessment.steps.push(rule.into());
        }
        let status = assessment.outcome.map(|outcome| outcome.status);
        assessment.steps.push(Rule::Delta { entitled: assessment.entitled, settled, delta, status }.into());
    }

    /// An invoice of this month without a line is shown for its setup, consulting and other charges.
    fn not_earning(
        &self,
        facts: &InvoiceFacts,
        client: &Id<Client>,
        name: impl Fn(&Id<Client>) -> String,
    ) -> Option<NotEarning> {
        let invoice = &facts.invoice;
        let earns = invoice.lines.iter().any(|line| line.kind.earns());
        (Month::of(invoice.issued_on) == self.month && !earns && !invoice.lines.is_empty()).then(|| NotEarning {
            invoice: invoice.id.clone(),
            number: invoice.number.clone(),
            client: client.clone(),
            client_name: name(client),
            lines: invoice.lines.clone(),
        })
    }

    /// "Balance = brought forward + payable + reversed + adjustments [...]. It is paid out if it is above nothing and at
    /// least the programme's `minimum_payout`; otherwise it, or the debt, is carried forward."
    fn total(&self, lines: Vec<Line>, releases: Vec<Release>, not_earning: Vec<NotEarning>) -> Statement {
        let currency = self.currency();
        let sum = |total| currency.sum(lines.iter().filter(|line| line.sums_into == total).map(|line| line.commission));
        let (payable, reversed) = (sum(Total::Payable), sum(Total::Reversed));
        let (retained, held) = (sum(Total::Retained), sum(Total::Held));
        let mut adjustments = self.adjustments.clone();
        adjustments.sort_by(|a, b| a.id.cmp(&b.id));
        let adjusted = currency.sum(adjustments.iter().map(|adjustment| adjustment.amount));
        let minimum_payout = self.programme.choices_on(self.month.cutoff(), &self.terms).minimum_payout;
        let balance = self.brought_forward + payable + reversed + adjusted;
        let pays = balance.is_positive() && balance >= minimum_payout;
        let payout = if pays { balance } else { currency.zero() };
        let before = self.year_before;
        Statement {
            affiliate: self.affiliate.id.clone(),
            affiliate_name: self.affiliate.name.clone(),
            month: self.month,
            lines,
            payable,
            reversed,
            retained,
            held,
            adjusted,
            brought_forward: self.brought_forward,
            payout,
            carried_forward: balance - payout,
            minimum_payout,
            adjustments,
            releases,
            not_earning,
            year_to_date: YearToDate {
                payable: before.payable + payable,
                reversed: before.reversed + reversed,
                retained: before.retained + retained,
                adjusted: before.adjusted + adjusted,
                payout: before.payout + payout,
            },
        }
    }
}

/// A statement, and the invoices that it leaves nothing to say of.
#[derive(Clone, Debug)]
pub struct Drawn {
    pub statement: Statement,
    /// Paid in full, and settled with this statement: no later one mentions them unless something is recorded of them.
    pub done: Vec<Id<Invoice>>,
}

struct Assessed<'a> {
    facts: &'a InvoiceFacts,
    of: &'a ContractOf,
    assessment: Assessment,
}

impl Assessed<'_> {
    fn is_done(&self) -> bool {
        let held = self.assessment.outcome.is_some_and(|outcome| outcome.status == Status::Held);
        self.assessment.standing.is_paid_in_full() && !held
    }
}

/// Whether the affiliate bills this contract's client and keeps its commission. "A contract that the company bills is
/// `payable` whatever the affiliate's agreement says."
pub fn keeps_commission(contract: &Contract, affiliate: &Affiliate) -> bool {
    contract.billed_by == BilledBy::Affiliate && affiliate.remittance == AgreedRemittance::NetOfCommission
}

fn line(facts: &InvoiceFacts, of: &ContractOf, assessment: Assessment, outcome: Outcome, client_name: String) -> Line {
    let invoice = &facts.invoice;
    Line {
        invoice: invoice.id.clone(),
        number: invoice.number.clone(),
        client: of.referral.client.clone(),
        client_name,
        contract: of.contract.id.clone(),
        period_start: invoice.period_start,
        period_end: invoice.period_end,
        status: outcome.status,
        reason: outcome.reason,
        sums_into: outcome.sums_into,
        base: assessment.base,
        rate: assessment.rate,
        commission: outcome.amount,
        not_earning: invoice.lines.iter().filter(|line| !line.kind.earns()).cloned().collect(),
        steps: assessment.steps,
    }
}

fn order(line: &Line) -> (&str, &Id<Client>, Day, &str, &Id<Invoice>) {
    (&line.client_name, &line.client, line.period_start, &line.number, &line.invoice)
}
