//! Invoices and payments: the list with its ages, and an invoice's own page. What a stack of receipts pays is worked out
//! in `matching`.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use book::OpenSum;
use rules::client::Client;
use rules::contract::BilledBy;
use rules::day::Day;
use rules::id::Id;
use rules::invoice::{Invoice, InvoiceFacts, Line};
use rules::money::{Currency, Money};
use rules::month::Month;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::bills::Bill;
use crate::own::OwnBillView;
use crate::search::{ListQuery, PAGE, page_of};
use crate::views::Amount;
use crate::{Code, Desk, DeskError, Now};

#[derive(Clone, Debug, Serialize, TS)]
pub struct InvoicesView {
    pub rows: Vec<InvoiceRow>,
    pub total: u32,
    /// Of all open invoices: current, 1-30, 31-60, 61-90, over 90 days.
    pub ages: Vec<AgeView>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct InvoiceRow {
    pub id: String,
    pub number: String,
    pub client: String,
    pub client_name: String,
    pub issued_on: String,
    pub due_on: String,
    pub total: Amount,
    /// What is still to be received.
    pub open: Amount,
    #[ts(type = "\"paid\" | \"part_paid\" | \"open\" | \"overdue\" | \"voided\"")]
    pub state: &'static str,
    pub days_overdue: u32,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct AgeView {
    /// `1 to 30 days`.
    pub words: String,
    pub amount: Amount,
    pub count: u32,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct InvoicePage {
    pub row: InvoiceRow,
    /// Why it was voided, if it was.
    pub voided: Option<String>,
    pub contract: Option<String>,
    #[ts(type = "\"company\" | \"affiliate\"")]
    pub billed_by: &'static str,
    pub period_start: String,
    pub period_end: String,
    pub lines: Vec<ChargeView>,
    pub tax: Amount,
    /// Payments, refunds, credit notes, remittances, in the order of their days.
    pub facts: Vec<FactView>,
    /// How it stands with the client, where the affiliate bills.
    pub own: Option<OwnBillView>,
    pub received: Amount,
    /// Received beyond what is owed.
    pub over: Amount,
    /// The months whose statements can be asked why, newest first.
    pub told_in: Vec<String>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ChargeView {
    #[ts(type = "\"hosting\" | \"managed_service\" | \"setup\" | \"consulting\" | \"other\"")]
    pub kind: &'static str,
    pub description: String,
    pub amount: Amount,
    pub earns: bool,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct FactView {
    #[ts(type = "\"payment\" | \"refund\" | \"credit_note\" | \"remittance\"")]
    pub kind: &'static str,
    pub id: String,
    pub on: String,
    pub amount: Amount,
}

/// A bank receipt as it was typed.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct TypedReceipt {
    /// A part of a client's name, or an invoice's number.
    pub who: String,
    pub amount: String,
    /// `2025-12-03`.
    pub on: String,
    /// The client that was picked, where several fit; empty before.
    pub client: String,
}

/// What a typed receipt would pay.
#[derive(Clone, Debug, Serialize, TS)]
pub struct MatchedReceipt {
    /// The client, once there is no doubt.
    pub client: Option<String>,
    pub client_name: String,
    /// The clients to choose from, where several fit: id and name.
    pub candidates: Vec<CandidateView>,
    /// Oldest due first; what is over goes to the last.
    pub parts: Vec<MatchedPart>,
    /// Of the amount, what pays nothing that is open.
    pub over: Option<Amount>,
    /// What is wrong, and with which field: `who`, `amount`, `on`.
    #[ts(type = "{ at: string, message: string } | null")]
    pub problem: Option<ReceiptProblem>,
}

#[derive(Clone, Debug, Serialize)]
pub struct ReceiptProblem {
    pub at: &'static str,
    pub message: String,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct CandidateView {
    pub id: String,
    pub name: String,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct MatchedPart {
    pub invoice: String,
    pub number: String,
    pub due_on: String,
    /// Payment, or remittance where the affiliate bills.
    #[ts(type = "\"payment\" | \"remittance\"")]
    pub kind: &'static str,
    pub open: Amount,
    /// What this receipt pays of it.
    pub pays: Amount,
    /// What stays open after it.
    pub leaves: Amount,
}

/// What is open, as the book stood when its journal ended there.
#[derive(Clone)]
pub(crate) struct OpenNow {
    journal_end: i64,
    today: Day,
    /// Of which something is missing, the oldest due first.
    invoices: Arc<Vec<OpenSum>>,
    /// On which more was received than is owed, of those that a month is still to look at: the largest sum first.
    pub overpaid: Arc<Vec<Overpaid>>,
}

/// An invoice on which more was received than is owed.
#[derive(Clone)]
pub(crate) struct Overpaid {
    pub invoice: Id<Invoice>,
    pub over: Money,
    /// By its affiliate, which bills it, and not by its client.
    pub remitted: bool,
}

impl Desk {
    /// The newest first. `only`: `open`, `overdue` (the oldest first).
    pub fn invoices(&self, query: &ListQuery, now: Now) -> Result<InvoicesView, DeskError> {
        let currency = self.programme()?.currency;
        let open = self.open_now(now.today, currency)?.invoices;
        let (ids, total) = match query.only.as_str() {
            "open" => self.page_of_open(&open, query)?,
            "overdue" => self.page_of_open(&open[..open.partition_point(|open| open.due_on < now.today)], query)?,
            _ => self.page_of_all(query)?,
        };
        let ages = ages(open.iter().map(|one| (one.due_on, one.missing)), now.today, currency);
        Ok(InvoicesView { rows: self.invoice_rows(&ids, now.today, currency)?, total, ages })
    }

    pub fn invoice_page(&self, id: &str, now: Now) -> Result<InvoicePage, DeskError> {
        let currency = self.programme()?.currency;
        let read = self.book.facts_of_invoices(&[Id::new(id)])?;
        let own = read.first().map_or(Ok(None), |facts| self.own_bill_view(facts, now.today))?;
        let recorded: Vec<InvoiceFacts> = read.iter().map(|(facts, _)| facts.clone()).collect();
        let bills = self.bills(read, now.today)?;
        let (Some(bill), Some(recorded)) = (bills.first(), recorded.first()) else {
            let message = format!("There is no invoice with the id \"{id}\" in the book. Search for its number.");
            return Err(DeskError::new(Code::UnknownRecord, message));
        };
        let rows = self.rows_of(&bills, now.today, currency)?;
        let row = rows.into_iter().next().expect("a bill has a row");
        let told_in = self.told_in(&recorded.invoice)?;
        Ok(InvoicePage { own, ..page(bill, recorded, row, told_in, currency) })
    }

    /// Every invoice that is not just paid, with how much; added up anew only after a change of the book.
    pub(crate) fn open_now(&self, today: Day, currency: Currency) -> Result<OpenNow, DeskError> {
        let journal_end = self.book.journal_end()?;
        let mut kept = self.open.borrow_mut();
        if let Some(open) = kept.as_ref().filter(|open| (open.journal_end, open.today) == (journal_end, today)) {
            return Ok(open.clone());
        }
        let (invoices, overpaid) = self.add_up(today, currency)?;
        let open = OpenNow { journal_end, today, invoices: Arc::new(invoices), overpaid: Arc::new(overpaid) };
        *kept = Some(open.clone());
        Ok(open)
    }

    fn add_up(&self, today: Day, currency: Currency) -> Result<(Vec<OpenSum>, Vec<Overpaid>), DeskError> {
        let sums = self.book.open_sums(today, currency)?;
        // Where an affiliate bills, it may keep a commission: the rules say what is missing then.
        let (by_affiliate, sums): (Vec<OpenSum>, Vec<OpenSum>) =
            sums.into_iter().partition(|invoice| invoice.by_affiliate);
        let (mut open, over): (Vec<OpenSum>, Vec<OpenSum>) =
            sums.into_iter().partition(|invoice| invoice.missing.is_positive());
        let ids: Vec<Id<Invoice>> = by_affiliate.into_iter().map(|invoice| invoice.id).collect();
        let bills = self.bills(self.book.facts_of_invoices(&ids)?, today)?;
        let remitted = bills.iter().map(|bill| Overpaid {
            invoice: bill.facts.invoice.id.clone(),
            over: bill.standing.beyond(),
            remitted: true,
        });
        let mut overpaid: Vec<Overpaid> = remitted.filter(|one| one.over.is_positive()).collect();
        overpaid.extend(over.into_iter().map(|paid| Overpaid {
            invoice: paid.id,
            over: currency.zero() - paid.missing,
            remitted: false,
        }));
        overpaid.sort_by(|a, b| (b.over, &a.invoice).cmp(&(a.over, &b.invoice)));
        open.extend(bills.into_iter().filter_map(|bill| bill.open).map(|bill| OpenSum {
            id: bill.invoice,
            due_on: bill.due_on,
            missing: bill.missing,
            by_affiliate: true,
        }));
        open.sort_by(|a, b| (a.due_on, &a.id).cmp(&(b.due_on, &b.id)));
        Ok((open, overpaid))
    }

    fn page_of_open(&self, open: &[OpenSum], query: &ListQuery) -> Result<(Vec<Id<Invoice>>, u32), DeskError> {
        let ids = open.iter().map(|open| open.id.clone());
        if query.text.trim().is_empty() {
            return Ok(page_of(ids, query.from));
        }
        let found: HashSet<Id<Invoice>> = self.found(&query.text)?.into_iter().collect();
        let ids: Vec<Id<Invoice>> = ids.filter(|id| found.contains(id)).collect();
        Ok(page_of(ids.into_iter(), query.from))
    }

    fn page_of_all(&self, query: &ListQuery) -> Result<(Vec<Id<Invoice>>, u32), DeskError> {
        if query.text.trim().is_empty() {
            return Ok((self.book.newest_invoices(query.from, PAGE)?, self.book.invoice_count()?));
        }
        Ok(page_of(self.found(&query.text)?.into_iter(), query.from))
    }

    /// The invoices whose client's name has all the words, or whose number begins with the text; the newest first.
    fn found(&self, text: &str) -> Result<Vec<Id<Invoice>>, DeskError> {
        let clients = self.book.clients_named(text, MOST_CLIENTS)?;
        let clients: Vec<Id<Client>> = clients.into_iter().map(|client| client.id).collect();
        Ok(self.book.invoices_found(&clients, text.trim(), MOST_NUMBERS)?)
    }

    pub(crate) fn invoice_rows(
        &self,
        ids: &[Id<Invoice>],
        today: Day,
        currency: Currency,
    ) -> Result<Vec<InvoiceRow>, DeskError> {
        let bills = self.bills(self.book.facts_of_invoices(ids)?, today)?;
        let place: HashMap<&Id<Invoice>, usize> = ids.iter().enumerate().map(|(nth, id)| (id, nth)).collect();
        let mut rows: Vec<(Option<&usize>, InvoiceRow)> = bills
            .iter()
            .map(|bill| place.get(&bill.facts.invoice.id))
            .zip(self.rows_of(&bills, today, currency)?)
            .collect();
        rows.sort_by_key(|(place, _)| *place);
        Ok(rows.into_iter().map(|(_, row)| row).collect())
    }

    /// Bills as a list shows them, in their order.
    pub(crate) fn rows_of(&self, bills: &[Bill], today: Day, currency: Currency) -> Result<Vec<InvoiceRow>, DeskError> {
        let clients: HashSet<&Id<Client>> = bills.iter().map(|bill| &bill.facts.invoice.client).collect();
        let clients: Vec<Id<Client>> = clients.into_iter().cloned().collect();
        let names: HashMap<Id<Client>, String> =
            self.book.client_names(&clients)?.into_iter().map(|client| (client.id, client.name)).collect();
        let name = |bill: &Bill| names.get(&bill.facts.invoice.client).cloned().unwrap_or_default();
        Ok(bills.iter().map(|bill| row(bill, name(bill), today, currency)).collect())
    }

    /// The months that settled it, newest first; before them the first open one, if it is still to look at it.
    fn told_in(&self, invoice: &Invoice) -> Result<Vec<String>, DeskError> {
        let settled = self.book.months_settling(&invoice.id)?;
        let is_open = invoice.contract.is_some()
            && self.book.open_invoices_of(std::slice::from_ref(&invoice.client))?.contains(&invoice.id);
        let next = self.next_month()?.filter(|_| is_open).map(|next| next.max(Month::of(invoice.issued_on)));
        Ok(next.into_iter().chain(settled.into_iter().rev()).map(|month| month.to_string()).collect())
    }
}

/// Of those that a list's text finds: whoever means another client types more of its name.
const MOST_CLIENTS: u32 = 1_000;
const MOST_NUMBERS: u32 = 5_000;

/// How old an open invoice is: the words, and the most days since its due day.
const AGES: [(&str, i64); 5] = [
    ("Not due yet", 0),
    ("1 to 30 days", 30),
    ("31 to 60 days", 60),
    ("61 to 90 days", 90),
    ("Over 90 days", i64::MAX),
];

/// What is open by how long it has been overdue: of each bill, its due day and what is missing of it, if anything.
pub(crate) fn ages(open: impl IntoIterator<Item = (Day, Money)>, today: Day, currency: Currency) -> Vec<AgeView> {
    let mut sums = AGES.map(|_| (currency.zero(), 0));
    for (due_on, missing) in open.into_iter().filter(|(_, missing)| missing.is_positive()) {
        let days = days_since(due_on, today);
        let (sum, count) = &mut sums[AGES.iter().position(|(_, most)| days <= *most).unwrap_or(0)];
        *sum += missing;
        *count += 1;
    }
    let age = |((words, _), (sum, count)): ((&str, i64), (Money, u32))| AgeView {
        words: words.to_owned(),
        amount: Amount::of(sum, currency),
        count,
    };
    AGES.into_iter().zip(sums).map(age).collect()
}

/// The same as words and sums, for the paper.
pub(crate) fn age_sums(
    open: impl IntoIterator<Item = (Day, Money)>,
    today: Day,
    currency: Currency,
) -> Vec<(&'static str, Money)> {
    let mut sums = AGES.map(|(words, _)| (words, currency.zero()));
    for (due_on, missing) in open {
        let days = days_since(due_on, today);
        sums[AGES.iter().position(|(_, most)| days <= *most).unwrap_or(0)].1 += missing;
    }
    sums.to_vec()
}

/// Below nothing before the day.
fn days_since(day: Day, today: Day) -> i64 {
    today.signed_duration_since(day).num_days()
}

fn row(bill: &Bill, client_name: String, today: Day, currency: Currency) -> InvoiceRow {
    let invoice = &bill.facts.invoice;
    let (state, days_overdue) = state(bill, today);
    InvoiceRow {
        id: invoice.id.to_string(),
        number: invoice.number.clone(),
        client: invoice.client.to_string(),
        client_name,
        issued_on: invoice.issued_on.to_string(),
        due_on: invoice.due_on.to_string(),
        total: Amount::of(invoice.total(), currency),
        open: Amount::of(bill.standing.missing(), currency),
        state,
        days_overdue,
    }
}

/// "Overdue" is due before today: what is due today is not yet.
fn state(bill: &Bill, today: Day) -> (&'static str, u32) {
    let standing = &bill.standing;
    if bill.facts.voided.is_some() {
        ("voided", 0)
    } else if standing.is_paid_in_full() {
        ("paid", 0)
    } else if bill.facts.invoice.due_on < today {
        ("overdue", u32::try_from(days_since(bill.facts.invoice.due_on, today)).unwrap_or(0))
    } else if standing.received.is_positive() {
        ("part_paid", 0)
    } else {
        ("open", 0)
    }
}

fn page(
    bill: &Bill,
    recorded: &InvoiceFacts,
    row: InvoiceRow,
    told_in: Vec<String>,
    currency: Currency,
) -> InvoicePage {
    let amount = |money| Amount::of(money, currency);
    let invoice = &recorded.invoice;
    let standing = &bill.standing;
    InvoicePage {
        row,
        voided: bill.facts.voided.clone(),
        contract: invoice.contract.as_ref().map(ToString::to_string),
        billed_by: match standing.billed_by {
            BilledBy::Company => "company",
            BilledBy::Affiliate => "affiliate",
        },
        period_start: invoice.period_start.to_string(),
        period_end: invoice.period_end.to_string(),
        lines: invoice.lines.iter().map(|line| charge(line, currency)).collect(),
        tax: amount(invoice.tax),
        facts: facts(recorded, currency),
        own: None,
        received: amount(standing.received),
        over: amount(standing.beyond()),
        told_in,
    }
}

pub(crate) fn charge(line: &Line, currency: Currency) -> ChargeView {
    ChargeView {
        kind: line.kind.as_str(),
        description: line.description.clone(),
        amount: Amount::of(line.amount, currency),
        earns: line.kind.earns(),
    }
}

/// All that is recorded, also what is dated later than today.
fn facts(recorded: &InvoiceFacts, currency: Currency) -> Vec<FactView> {
    let fact = |kind, id: &str, on: Day, money| {
        (on, FactView { kind, id: id.to_owned(), on: on.to_string(), amount: Amount::of(money, currency) })
    };
    let payments = recorded.payments.iter().map(|p| fact("payment", p.id.as_str(), p.received_on, p.amount));
    let refunds = recorded.refunds.iter().map(|r| fact("refund", r.id.as_str(), r.refunded_on, r.amount));
    let notes =
        recorded.credit_notes.iter().map(|n| fact("credit_note", n.id.as_str(), n.issued_on, n.total(currency)));
    let remittances = recorded.remittances.iter().map(|r| fact("remittance", r.id.as_str(), r.received_on, r.amount));
    let mut facts: Vec<(Day, FactView)> = payments.chain(refunds).chain(notes).chain(remittances).collect();
    facts.sort_by_key(|(on, _)| *on);
    facts.into_iter().map(|(_, fact)| fact).collect()
}
