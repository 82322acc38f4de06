//! What an affiliate that bills its clients itself has before it: what they owe it, what it owes the company, what it
//! keeps, and what is to be done next.

use std::collections::{BTreeMap, HashMap};

use chrono::Datelike;
use rules::affiliate::{Affiliate, AgreedRemittance};
use rules::base::base;
use rules::client::Client;
use rules::contract::BilledBy;
use rules::day::{self, Day};
use rules::debt::{Debt, OwnBill};
use rules::id::Id;
use rules::invoice::Invoice;
use rules::money::{Currency, Money};
use rules::standing::{Standing, standing_under};
use rules::statement::ContractOf;
use rules::terms::{Programme, TermsVersion};
use serde::Serialize;
use ts_rs::TS;

use crate::invoices::{AgeView, ages};
use crate::views::Amount;
use crate::{Desk, DeskError, Now};

#[derive(Clone, Debug, Serialize, TS)]
pub struct CockpitView {
    /// By name.
    pub rows: Vec<CockpitRow>,
    pub sums: CockpitSums,
    /// What clients owe: current, 1 to 30 days overdue, and so on.
    pub ages: Vec<AgeView>,
    /// What to do, most pressing first.
    pub remit: Vec<RemitView>,
    /// Whether the affiliate keeps its commission, and remits the rest.
    pub net: bool,
}

/// One client of the affiliate's own billing.
#[derive(Clone, Debug, Serialize, TS)]
pub struct CockpitRow {
    pub client: String,
    pub client_name: String,
    pub sums: CockpitSums,
    /// What it owes, by how long that is overdue.
    pub ages: Vec<AgeView>,
}

/// A client's figures, or all clients'.
#[derive(Clone, Debug, Serialize, TS)]
pub struct CockpitSums {
    pub billed: Amount,
    pub received: Amount,
    /// What is still to come from the client.
    pub owes: Amount,
    pub overdue: Amount,
    /// What the client has paid too much.
    pub credit: Amount,
    /// What the company is to have of it, in all; under a net agreement without the commission.
    pub for_company: Amount,
    pub remitted: Amount,
    /// What is still to be passed on, whether or not the client has paid.
    pub to_remit: Amount,
    /// What the company has got beyond what it is to have.
    pub remitted_over: Amount,
    /// The commission on what has been remitted in full: kept under a net agreement, else paid out by the company.
    pub commission: Amount,
    /// What the affiliate's own prices bring beyond what the company charges, without tax. It is no commission.
    pub margin: Amount,
    /// Bad debt.
    pub written_off: Amount,
}

/// Money to pass on to the company.
#[derive(Clone, Debug, Serialize, TS)]
pub struct RemitView {
    pub invoice: String,
    pub number: String,
    pub client_name: String,
    pub amount: Amount,
    pub due_on: String,
    pub late: bool,
    /// `Remit 900.00 for invoice 1007 by Friday, 5 Dec 2025.`
    pub words: String,
    /// Why, and why then.
    pub reason: String,
}

/// An invoice that the affiliate billed, as it stands.
pub(crate) struct Billed<'a> {
    bill: &'a OwnBill,
    debt: Debt,
    standing: Standing,
    /// The commission, once all is remitted.
    pub earned: Money,
}

impl Billed<'_> {
    fn invoice(&self) -> &Invoice {
        &self.bill.facts.invoice
    }
}

/// The same figures as [`CockpitSums`], to be added up.
#[derive(Clone, Copy)]
struct Figures([Money; 12]);

impl Desk {
    /// As it stands today: "Only facts dated up to the cutoff count."
    pub fn cockpit(&self, affiliate: &str, now: Now) -> Result<CockpitView, DeskError> {
        let programme = self.programme()?;
        let (currency, terms) = (programme.currency, self.book.terms()?);
        let affiliate: Affiliate = self.find(affiliate)?;
        let facts = self.own_bills(&affiliate, now.today)?;
        let mut by_client: BTreeMap<(String, Id<Client>), Vec<Billed<'_>>> = BTreeMap::new();
        for (client, bill, of) in &facts {
            let billed = billed(bill, of, &affiliate, &programme, &terms);
            by_client.entry((client.name.clone(), client.id.clone())).or_default().push(billed);
        }
        let all = || by_client.values().flatten();
        let mut remit: Vec<(Day, RemitView)> = Vec::new();
        for ((name, _), bills) in &by_client {
            remit.extend(bills.iter().filter_map(|bill| to_remit(bill, name, now.today, currency)));
        }
        remit.sort_by(|(a, one), (b, other)| (a, &one.number).cmp(&(b, &other.number)));
        Ok(CockpitView {
            sums: Figures::of(all(), now.today, currency).view(currency),
            ages: ages(all().map(owed), now.today, currency),
            rows: by_client.iter().map(|((name, id), bills)| row(name, id, bills, now.today, currency)).collect(),
            remit: remit.into_iter().map(|(_, view)| view).collect(),
            net: affiliate.remittance == AgreedRemittance::NetOfCommission,
        })
    }

    /// The invoices that the affiliate itself billed, with what happened to them up to `today`; of the voided ones those
    /// that money was paid for, since it is still somebody's.
    pub(crate) fn own_bills(
        &self,
        affiliate: &Affiliate,
        today: Day,
    ) -> Result<Vec<(Client, OwnBill, ContractOf)>, DeskError> {
        let (mut whose, mut facts) = (Vec::new(), Vec::new());
        for (of_bill, of) in self.book.facts_billed_by(&affiliate.id)? {
            if of_bill.invoice.issued_on <= today {
                whose.push((of_bill.invoice.client.clone(), of));
                facts.push(of_bill);
            }
        }
        let ids: Vec<Id<Client>> = whose.iter().map(|(client, _)| client.clone()).collect();
        let clients = self.book.find_each::<Client>(&ids)?;
        let clients: HashMap<&Id<Client>, &Client> = clients.iter().map(|client| (&client.id, client)).collect();
        let bills = self.book.own_bills(facts, today)?;
        let own = |((client, of), bill): ((Id<Client>, Option<ContractOf>), OwnBill)| {
            let is_moved = bill.facts.count() > 0 || !bill.entries.is_empty();
            let stands = bill.facts.voided.is_none() || is_moved;
            if stands { Some(((*clients.get(&client)?).clone(), bill, of?)) } else { None }
        };
        Ok(whose.into_iter().zip(bills).filter_map(own).collect())
    }
}

/// One that was voided is still what its bills were made under.
pub(crate) fn is_own(of: &ContractOf, affiliate: &Affiliate) -> bool {
    of.contract.billed_by == BilledBy::Affiliate && of.referral.affiliate == affiliate.id
}

pub(crate) fn billed<'a>(
    bill: &'a OwnBill,
    of: &ContractOf,
    affiliate: &Affiliate,
    programme: &Programme,
    terms: &[TermsVersion],
) -> Billed<'a> {
    let (currency, facts) = (programme.currency, &bill.facts);
    let standing = standing_under(facts, Some(of), Some(affiliate), programme, terms);
    let choices = programme.choices_on(of.contract.signed_on, terms);
    let earned = of.contract.rate.of(base(facts, of, &choices, currency).base);
    Billed { bill, debt: bill.debt(currency), standing, earned }
}

fn row(name: &str, id: &Id<Client>, bills: &[Billed<'_>], today: Day, currency: Currency) -> CockpitRow {
    CockpitRow {
        client: id.to_string(),
        client_name: name.to_owned(),
        sums: Figures::of(bills, today, currency).view(currency),
        ages: ages(bills.iter().map(owed), today, currency),
    }
}

/// What the client owes on a bill, and since when it was to be paid.
fn owed(bill: &Billed<'_>) -> (Day, Money) {
    (bill.invoice().due_on, bill.debt.owes())
}

/// What the client has paid, or never will, and the company has not got.
fn to_remit(bill: &Billed<'_>, client_name: &str, today: Day, currency: Currency) -> Option<(Day, RemitView)> {
    let invoice = bill.invoice();
    let missing = bill.standing.missing();
    let settled = settled(bill, client_name, currency).filter(|_| missing.is_positive())?;
    let late = invoice.due_on < today;
    let (amount, number) = (missing.grouped(), &invoice.number);
    let words = if late {
        format!("Remit {amount} for invoice {number} now.")
    } else {
        format!("Remit {amount} for invoice {number} by {}.", by(invoice.due_on, today))
    };
    let due_on = day::words(invoice.due_on);
    let reason = if late {
        format!("{settled} It was due on {due_on}, and until it is remitted it holds what is new from this client.")
    } else {
        format!("{settled} It is due on {due_on}; past that day it would hold what is new from this client.")
    };
    let view = RemitView {
        invoice: invoice.id.to_string(),
        number: number.clone(),
        client_name: client_name.to_owned(),
        amount: Amount::of(missing, currency),
        due_on: invoice.due_on.to_string(),
        late,
        words,
        reason,
    };
    Some((invoice.due_on, view))
}

/// Why nothing more is to come from the client; none while something is.
fn settled(bill: &Billed<'_>, client_name: &str, currency: Currency) -> Option<String> {
    if bill.debt.owes().is_positive() {
        return None;
    }
    if let Some((on, _)) = bill.bill.written_off(currency).last() {
        let (written_off, on) = (bill.debt.written_off.grouped(), day::words(*on));
        return Some(format!("{client_name} will not pay the rest: {written_off} was written off on {on}."));
    }
    Some(match bill.bill.paid_on(currency) {
        Some(paid_on) => format!("{client_name} paid it in full on {}.", day::words(paid_on)),
        None => format!("{client_name} has nothing to pay for it."),
    })
}

/// `today`, `Friday, 5 Dec 2025`, `5 Jan 2026`.
fn by(due_on: Day, today: Day) -> String {
    let words = day::words(due_on);
    match (due_on - today).num_days() {
        0 => "today".to_owned(),
        1..=6 => format!("{}, {words}", weekday(due_on)),
        _ => words,
    }
}

fn weekday(day: Day) -> &'static str {
    const NAMES: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    NAMES[day.weekday().num_days_from_monday() as usize]
}

impl Figures {
    fn of<'a>(bills: impl IntoIterator<Item = &'a Billed<'a>>, today: Day, currency: Currency) -> Self {
        let mut sums = [currency.zero(); 12];
        for bill in bills {
            let Billed { debt, standing, .. } = bill;
            let overdue = if bill.invoice().due_on < today { debt.owes() } else { currency.zero() };
            let for_company = standing.owed.owed;
            let figures = [
                debt.billed,
                debt.received,
                debt.owes(),
                overdue,
                debt.credit(),
                for_company,
                standing.received,
                standing.missing(),
                standing.beyond(),
                if standing.is_paid_in_full() { bill.earned } else { currency.zero() },
                bill.bill.margin(currency),
                debt.written_off,
            ];
            for (sum, figure) in sums.iter_mut().zip(figures) {
                *sum += figure;
            }
        }
        Self(sums)
    }

    fn view(self, currency: Currency) -> CockpitSums {
        let [
            billed,
            received,
            owes,
            overdue,
            credit,
            for_company,
            remitted,
            to_remit,
            remitted_over,
            commission,
            margin,
            written_off,
        ] = self.0.map(|money| Amount::of(money, currency));
        CockpitSums {
            billed,
            received,
            owes,
            overdue,
            credit,
            for_company,
            remitted,
            to_remit,
            remitted_over,
            commission,
            margin,
            written_off,
        }
    }
}
