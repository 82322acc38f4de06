//! Months that are not closed yet, one after the other, as if each were closed before the next is drawn.

use hashbrown::{HashMap, HashSet};

use crate::affiliate::{Adjustment, Affiliate};
use crate::contract::BilledBy;
use crate::day::{Day, days_after, plus_months};
use crate::id::Id;
use crate::inputs::MonthFacts;
use crate::invoice::{Invoice, InvoiceFacts, Line, Payment, Remittance};
use crate::money::{Currency, Money};
use crate::month::Month;
use crate::standing::standing_under;
use crate::statement::{ContractOf, Drawn, Inputs, Statement, Status, YearToDate};
use crate::terms::{Programme, TermsVersion};

/// What a statement paid, kept or took back, by invoice: what it settles when it is closed.
pub fn settled(statement: &Statement) -> impl Iterator<Item = (&Id<Invoice>, Money)> {
    let lines = statement.lines.iter().filter(|line| line.status != Status::Held);
    lines.map(|line| (&line.invoice, line.commission))
}

/// What open months would leave behind if they were closed now.
#[derive(Clone, Debug, Default)]
pub struct Ahead {
    settled: HashMap<Id<Invoice>, Money>,
    balances: HashMap<Id<Affiliate>, (Month, Money, YearToDate)>,
}

impl Ahead {
    pub fn take(&mut self, statement: &Statement) {
        for (invoice, amount) in settled(statement) {
            self.settled.entry(invoice.clone()).and_modify(|sum| *sum += amount).or_insert(amount);
        }
        let balance = (statement.month, statement.carried_forward, statement.year_to_date);
        self.balances.insert(statement.affiliate.clone(), balance);
    }

    pub fn lay_over(&self, mut facts: MonthFacts) -> MonthFacts {
        for invoice in &mut facts.invoices {
            if let Some(amount) = self.settled.get(&invoice.invoice.id) {
                invoice.settled += *amount;
            }
        }
        for affiliate in &mut facts.affiliates {
            if let Some((month, carried_forward, year)) = self.balances.get(&affiliate.affiliate.id) {
                affiliate.brought_forward = *carried_forward;
                let same_year = month.year() == facts.month.year();
                affiliate.year_before = if same_year { *year } else { YearToDate::nothing(facts.programme.currency) };
            }
        }
        facts
    }
}

/// A run of months whose facts are known or assumed, those of the days to come too.
///
/// ```text
/// while forecast.month() <= last {
///     let drawn: Vec<Drawn> = forecast.inputs().iter().map(Inputs::draw).collect();
///     forecast.close(&drawn);
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Forecast {
    /// Of the next month to draw, without its invoices and adjustments.
    facts: MonthFacts,
    /// With whatever will happen to them.
    bills: Vec<InvoiceFacts>,
    /// Of all months.
    adjustments: Vec<Adjustment>,
    ahead: Ahead,
}

impl Forecast {
    /// Begins with the month of `facts`. Its invoices may be dated later, and so may what happens to them.
    pub fn of(mut facts: MonthFacts) -> Self {
        let adjustments = facts.affiliates.iter_mut().flat_map(|of| std::mem::take(&mut of.adjustments)).collect();
        let bills = std::mem::take(&mut facts.invoices);
        Self { facts, bills, adjustments, ahead: Ahead::default() }
    }

    /// The next month to draw.
    pub fn month(&self) -> Month {
        self.facts.month
    }

    /// Adds bills to come, with all that will happen to them.
    pub fn expect(&mut self, bills: impl IntoIterator<Item = InvoiceFacts>) {
        self.bills.extend(bills);
    }

    /// The inputs of the month's statements: "Only facts dated up to the cutoff count."
    pub fn inputs(&self) -> Vec<Inputs> {
        let month = self.facts.month;
        let mut facts = self.facts.clone();
        facts.invoices = self.bills.iter().filter_map(|bill| up_to(month.cutoff(), bill)).collect();
        for of in &mut facts.affiliates {
            let due = |one: &&Adjustment| one.affiliate == of.affiliate.id && one.month == month;
            of.adjustments = self.adjustments.iter().filter(due).cloned().collect();
        }
        self.ahead.lay_over(facts).into_inputs().collect()
    }

    /// Closes the month with the statements drawn from its inputs, and goes on to the next.
    pub fn close(&mut self, drawn: &[Drawn]) {
        for drawn in drawn {
            self.ahead.take(&drawn.statement);
        }
        self.let_go(drawn);
        self.facts.month = self.facts.month.next();
    }

    /// Bills that later months have nothing to say of need not be looked at again, unless something will happen to them.
    fn let_go(&mut self, drawn: &[Drawn]) {
        let cutoff = self.facts.month.cutoff();
        let done: HashSet<&Id<Invoice>> = drawn.iter().flat_map(|drawn| &drawn.done).collect();
        self.bills.retain(|bill| !done.contains(&bill.invoice.id) || bill.goes_on_after(cutoff));
    }
}

/// A contract's bill for its nth month, counted from 0, issued on its first day and due `days_to_pay` later. It is for all
/// days until the next month begins. What is charged once comes with the contract's first bill alone.
pub fn month_s_bill(id: &str, of: &ContractOf, month: u32, days_to_pay: u32, currency: Currency) -> InvoiceFacts {
    let contract = &of.contract;
    let (first, next) = (plus_months(contract.starts_on, month), plus_months(contract.starts_on, month + 1));
    let charged = |line: &&Line| first == contract.starts_on || !line.kind.is_once();
    let invoice = Invoice {
        id: Id::new(id),
        number: id.to_owned(),
        client: of.referral.client.clone(),
        contract: Some(contract.id.clone()),
        issued_on: first,
        due_on: days_after(first, days_to_pay),
        period_start: first,
        period_end: next.pred_opt().unwrap_or(first),
        lines: contract.lines_on(first).iter().filter(charged).cloned().collect(),
        tax: currency.zero(),
    };
    InvoiceFacts::new(invoice, currency)
}

/// Has a bill paid in full on a day, if anything of it is missing: by the client or, where the affiliate bills, by what
/// it passes on.
pub fn pay(
    bill: &mut InvoiceFacts,
    on: Day,
    of: Option<&ContractOf>,
    affiliate: Option<&Affiliate>,
    programme: &Programme,
    terms: &[TermsVersion],
) {
    let amount = standing_under(bill, of, affiliate, programme, terms).missing();
    let (id, invoice) = (format!("{}, assumed", bill.invoice.id), bill.invoice.id.clone());
    if !amount.is_positive() {
        return;
    }
    match of.map_or(BilledBy::Company, |of| of.contract.billed_by) {
        BilledBy::Company => bill.payments.push(Payment { id: Id::new(id), invoice, received_on: on, amount }),
        BilledBy::Affiliate => bill.remittances.push(Remittance { id: Id::new(id), invoice, received_on: on, amount }),
    }
}

fn up_to(cutoff: Day, bill: &InvoiceFacts) -> Option<InvoiceFacts> {
    let mut bill = Some(bill).filter(|bill| bill.invoice.issued_on <= cutoff)?.clone();
    bill.keep_up_to(cutoff);
    Some(bill)
}
