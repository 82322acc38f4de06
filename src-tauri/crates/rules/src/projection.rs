//! What a quote would earn: its contract, bills and payments as assumed, and the statements that the rules draw of them.

use crate::affiliate::Affiliate;
use crate::client::Client;
use crate::contract::{Change, Contract};
use crate::day::{Day, days_after, plus_months};
use crate::forecast::{Forecast, month_s_bill, pay, settled};
use crate::id::Id;
use crate::inputs::{AffiliateFacts, MonthFacts};
use crate::invoice::{Invoice, InvoiceFacts, Kind, Line};
use crate::money::{Currency, Money};
use crate::month::Month;
use crate::quote::Quote;
use crate::referral::Referral;
use crate::statement::{ContractOf, Inputs, Statement, YearToDate};
use crate::terms::{Programme, TermsVersion};

/// One thing that comes otherwise than the quote assumes. Months are counted from 1, the contract's first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhatIf {
    /// Every bill is paid so many days after it was due.
    PaysLate { days: u32 },
    /// The month is the last that is billed.
    LeavesAfter { month: u32 },
    /// The monthly amount from that month on.
    ChangesTo { month: u32, amount: Money },
}

/// A quote as it would go if it were signed.
#[derive(Clone, Debug)]
pub struct Projection {
    pub affiliate: Affiliate,
    pub client: Client,
    pub of: ContractOf,
    /// Month by month, with whatever will happen to them.
    pub bills: Vec<InvoiceFacts>,
    /// From the month that the contract starts in until all that is looked at is settled, or never will be.
    pub statements: Vec<Statement>,
    currency: Currency,
}

/// How many months of bills are looked at: two years, or the original term and the year after it.
pub fn months_shown(quote: &Quote) -> u32 {
    (quote.term_months + 12).max(24)
}

/// Bills the quote's contract month by month, has each bill paid as assumed, and draws every month's statement.
pub fn project(quote: &Quote, what_ifs: &[WhatIf], programme: &Programme, terms: &[TermsVersion]) -> Projection {
    let currency = programme.currency;
    let affiliate = affiliate(quote);
    let client = Client { id: Id::new("C"), name: quote.prospect.clone(), domains: Vec::new(), customer_since: None };
    let of = contract(quote, what_ifs);
    let late = what_ifs.iter().map(|what_if| what_if.days_late()).sum();
    let last = months_shown(quote) + months_to_settle(quote.days_to_pay + late);
    let bill = |month: u32| {
        let mut bill = month_s_bill(&month.to_string(), &of, month - 1, quote.days_to_pay, currency);
        let paid_on = days_after(bill.invoice.due_on, late);
        pay(&mut bill, paid_on, Some(&of), Some(&affiliate), programme, terms);
        bill
    };
    let held = |month: &u32| of.contract.ended_on.is_none_or(|ended_on| first_day(&of.contract, *month) <= ended_on);
    let bills: Vec<_> = (1..=last).filter(held).map(bill).collect();
    let facts = MonthFacts {
        month: Month::of(quote.starts_on),
        programme: programme.clone(),
        terms: terms.to_vec(),
        affiliates: vec![AffiliateFacts {
            affiliate: affiliate.clone(),
            adjustments: Vec::new(),
            brought_forward: currency.zero(),
            year_before: YearToDate::nothing(currency),
        }],
        clients: vec![client.clone()],
        contracts: vec![of.clone()],
        invoices: bills.clone(),
    };
    let statements = statements(Forecast::of(facts), last);
    Projection { affiliate, client, of, bills, statements, currency }
}

impl WhatIf {
    fn days_late(self) -> u32 {
        if let Self::PaysLate { days } = self { days } else { 0 }
    }
}

impl Projection {
    /// What the statements pay, or let the affiliate keep, of the bills of the first `months`.
    pub fn commission_on(&self, months: u32) -> Money {
        let counts = |invoice: &Id<Invoice>| invoice.as_str().parse::<u32>().is_ok_and(|month| month <= months);
        let lines = self.statements.iter().flat_map(settled).filter(|(invoice, _)| counts(invoice));
        self.currency.sum(lines.map(|(_, amount)| amount))
    }

    /// The commission of one month's bill alone.
    pub fn commission_of(&self, month: u32) -> Money {
        self.commission_on(month) - self.commission_on(month - 1)
    }

    /// The month whose statement first pays something, or lets the affiliate keep it.
    pub fn first_paid(&self) -> Option<&Statement> {
        self.statements.iter().find(|statement| statement.payout.is_positive() || statement.retained.is_positive())
    }

    /// What has reached the company for a bill where the affiliate bills the client.
    pub fn remitted(&self, bill: &InvoiceFacts) -> Money {
        self.currency.sum(bill.remittances.iter().map(|remittance| remittance.amount))
    }
}

fn affiliate(quote: &Quote) -> Affiliate {
    Affiliate {
        id: quote.affiliate.clone().unwrap_or_else(|| Id::new("A")),
        name: String::new(),
        own_companies: Vec::new(),
        domains: Vec::new(),
        agreement_signed_on: Some(signed_on(quote)),
        remittance: quote.remittance,
    }
}

/// A quote is signed on the day that it is given, for want of a better day; the choices in force then hold.
fn signed_on(quote: &Quote) -> Day {
    quote.quoted_on.min(quote.starts_on)
}

fn contract(quote: &Quote, what_ifs: &[WhatIf]) -> ContractOf {
    let signed_on = signed_on(quote);
    let client = Id::new("C");
    let affiliate = quote.affiliate.clone().unwrap_or_else(|| Id::new("A"));
    let referral = Referral { id: Id::new("R"), affiliate, client, registered_on: signed_on };
    let mut contract = Contract {
        id: Id::new("K"),
        referral: referral.id.clone(),
        signed_on,
        starts_on: quote.starts_on,
        term_months: quote.term_months,
        ended_on: None,
        rate: quote.rate,
        billed_by: quote.billed_by,
        lines: quote.lines.clone(),
        changes: Vec::new(),
    };
    for what_if in what_ifs {
        match *what_if {
            WhatIf::PaysLate { .. } => {}
            WhatIf::LeavesAfter { month } => contract.ended_on = first_day(&contract, month + 1).pred_opt(),
            WhatIf::ChangesTo { month, amount } => contract.changes.push(Change {
                effective_on: first_day(&contract, month),
                lines: changed(&quote.lines, amount, month),
            }),
        }
    }
    ContractOf { referral, contract, voided: None }
}

/// The lines with what earns made one amount; what is charged beside it stays, and with the first month what is charged
/// once.
fn changed(lines: &[Line], amount: Money, month: u32) -> Vec<Line> {
    let earning = lines.iter().find(|line| line.kind.earns());
    let (kind, description) =
        earning.map_or((Kind::Hosting, String::new()), |line| (line.kind, line.description.clone()));
    let stays = |line: &&Line| !line.kind.earns() && (month == 1 || !line.kind.is_once());
    let besides = lines.iter().filter(stays).cloned();
    [Line { kind, description, amount }].into_iter().chain(besides).collect()
}

/// The first day of a contract's nth month, counted from 1.
fn first_day(contract: &Contract, month: u32) -> Day {
    plus_months(contract.starts_on, month - 1)
}

/// How many statements it takes at most until a bill that is paid after so many days is settled.
fn months_to_settle(days: u32) -> u32 {
    days / 28 + 2
}

fn statements(mut forecast: Forecast, months: u32) -> Vec<Statement> {
    let draw = |_| {
        let drawn: Vec<_> = forecast.inputs().iter().map(Inputs::draw).collect();
        forecast.close(&drawn);
        drawn.into_iter().map(|drawn| drawn.statement)
    };
    (0..months).flat_map(draw).collect()
}
