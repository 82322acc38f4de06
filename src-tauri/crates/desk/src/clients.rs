//! Clients: the list, and a client's own page.

use std::cmp::Reverse;
use std::collections::HashMap;

use book::{ClientOrder, Note};
use rules::client::Client;
use rules::day::Day;
use rules::id::Id;
use rules::money::{Currency, Money};
use rules::statement::ContractOf;
use serde::Serialize;
use sha2::{Digest, Sha256};
use ts_rs::TS;

use crate::bills::Bill;
use crate::contracts::ContractCard;
use crate::invoices::InvoiceRow;
use crate::referrals::{ReferralRow, referral_rows};
use crate::search::{ListQuery, PAGE};
use crate::views::Amount;
use crate::{Code, Desk, DeskError, Now};

#[derive(Clone, Debug, Serialize, TS)]
pub struct ClientsView {
    pub rows: Vec<ClientRow>,
    /// How many there are in all.
    pub total: u32,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ClientRow {
    pub id: String,
    pub name: String,
    /// Who referred it last.
    pub affiliate_name: String,
    pub stage: Option<String>,
    /// What its contracts in force come to a month.
    pub monthly: Amount,
    /// What it has to pay.
    pub open: Amount,
    pub overdue: Amount,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ClientPage {
    pub id: String,
    pub name: String,
    pub domains: Vec<String>,
    pub customer_since: Option<String>,
    pub referrals: Vec<ReferralRow>,
    pub contracts: Vec<ContractCard>,
    /// Newest first.
    pub invoices: Vec<InvoiceRow>,
    /// What closed statements paid or let an affiliate keep, in all.
    pub earned: Amount,
    pub open: Amount,
    pub overdue: Amount,
    /// Newest first.
    pub notes: Vec<NoteView>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct NoteView {
    pub id: String,
    pub text: String,
    /// `2025-12-03`.
    pub written_on: String,
}

impl Desk {
    /// By name; `sort: "newest"` has the newest first.
    pub fn clients(&self, query: &ListQuery, now: Now) -> Result<ClientsView, DeskError> {
        let order = if query.sort == "newest" { ClientOrder::Newest } else { ClientOrder::Name };
        let page = self.book.clients_page(&query.text, order, query.from, PAGE)?;
        Ok(ClientsView { rows: self.client_rows(page.rows, now.today)?, total: page.total })
    }

    pub fn client_page(&self, id: &str, now: Now) -> Result<ClientPage, DeskError> {
        let Client { id, name, domains, customer_since } = self.find::<Client>(id)?;
        let currency = self.programme()?.currency;
        let ids = [id.clone()];
        let contracts = self.book.contracts_of_clients(&ids)?;
        let mut bills = self.bills(self.book.facts_of_clients(&ids)?, now.today)?;
        bills.sort_by_key(|bill| Reverse(bill.facts.invoice.issued_on));
        let owes = Owes::of(&bills, currency);
        Ok(ClientPage {
            name,
            domains,
            customer_since: customer_since.map(|day| day.to_string()),
            referrals: referral_rows(self.book.referrals_of_clients(&ids, now.today)?),
            contracts: self.contract_cards(contracts, now.today)?,
            invoices: self.rows_of(&bills, now.today, currency)?,
            earned: Amount::of(currency.sum(bills.iter().map(|bill| bill.facts.settled)), currency),
            open: Amount::of(owes.open, currency),
            overdue: Amount::of(owes.overdue, currency),
            notes: self.book.notes_on(&id)?.into_iter().map(NoteView::of).collect(),
            id: id.to_string(),
        })
    }

    /// Keeps a note on a client. Notes stay in the book: no statement and no paper has them.
    pub fn write_note(&mut self, client: &str, text: &str, now: Now) -> Result<(), DeskError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(DeskError::new(Code::Refused, "The note is empty. Write something, or leave it."));
        }
        let client = self.find::<Client>(client)?;
        let source = format!("Note on {}", client.name);
        self.book.change(now.at, |change| {
            change.begin_batch(&source, &Sha256::digest(text).into())?;
            Ok(change.write_note(&client.id, now.today, text)?)
        })
    }

    /// What a row shows beside the name is looked up for the rows of the page alone.
    fn client_rows(&self, clients: Vec<Client>, today: Day) -> Result<Vec<ClientRow>, DeskError> {
        let Some(currency) = self.book.programme()?.map(|programme| programme.currency) else { return Ok(Vec::new()) };
        let ids: Vec<Id<Client>> = clients.iter().map(|client| client.id.clone()).collect();
        let referrals = self.book.referrals_of_clients(&ids, today)?;
        let monthly = monthly(&self.book.contracts_of_clients(&ids)?, today, currency);
        let owes = self.owed_by(&ids, today, currency)?;
        let row = |client: Client| {
            // The newest come first.
            let referral = referrals.iter().find(|listed| listed.referral.client == client.id);
            let owes = owes.get(&client.id).copied().unwrap_or(Owes::nothing(currency));
            ClientRow {
                id: client.id.to_string(),
                name: client.name,
                affiliate_name: referral.map(|listed| listed.affiliate_name.clone()).unwrap_or_default(),
                stage: referral.map(|listed| listed.stage.as_str().to_owned()),
                monthly: Amount::of(monthly.get(&client.id).copied().unwrap_or(currency.zero()), currency),
                open: Amount::of(owes.open, currency),
                overdue: Amount::of(owes.overdue, currency),
            }
        };
        Ok(clients.into_iter().map(row).collect())
    }

    /// Only open invoices are read: of all others nothing is missing.
    fn owed_by(
        &self,
        clients: &[Id<Client>],
        today: Day,
        currency: Currency,
    ) -> Result<HashMap<Id<Client>, Owes>, DeskError> {
        let open = self.book.open_invoices_of(clients)?;
        let bills = self.bills(self.book.facts_of_invoices(&open)?, today)?;
        let mut owed: HashMap<Id<Client>, Owes> = HashMap::new();
        for bill in &bills {
            owed.entry(bill.facts.invoice.client.clone()).or_insert(Owes::nothing(currency)).add(bill);
        }
        Ok(owed)
    }
}

impl NoteView {
    fn of(note: Note) -> Self {
        Self { id: note.id.to_string(), text: note.text, written_on: note.written_on.to_string() }
    }
}

/// What a client's bills leave to pay.
#[derive(Clone, Copy)]
struct Owes {
    open: Money,
    overdue: Money,
}

impl Owes {
    fn nothing(currency: Currency) -> Self {
        Self { open: currency.zero(), overdue: currency.zero() }
    }

    fn of(bills: &[Bill], currency: Currency) -> Self {
        let mut owes = Self::nothing(currency);
        for bill in bills {
            owes.add(bill);
        }
        owes
    }

    fn add(&mut self, bill: &Bill) {
        let Some(open) = &bill.open else { return };
        self.open += open.missing;
        if open.overdue {
            self.overdue += open.missing;
        }
    }
}

/// By client: the earning amounts a month of the contracts that it holds on `today`.
fn monthly(contracts: &[ContractOf], today: Day, currency: Currency) -> HashMap<Id<Client>, Money> {
    let mut monthly: HashMap<Id<Client>, Money> = HashMap::new();
    for of in contracts.iter().filter(|of| of.contract.is_held_on(today)) {
        *monthly.entry(of.referral.client.clone()).or_insert(currency.zero()) += of.contract.amount_on(today, currency);
    }
    monthly
}
