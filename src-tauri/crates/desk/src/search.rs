//! Search over everything as one types: clients and affiliates by name, domain or id, invoices by number.

use std::collections::HashSet;

use book::InvoiceNumbered;
use rules::affiliate::Affiliate;
use rules::client::Client;
use rules::contract::Contract;
use rules::id::Id;
use rules::name::plain;
use rules::referral::Referral;
use serde::Serialize;
use ts_rs::TS;

use crate::views::count;
use crate::{Desk, DeskError};

/// Something that was found, and where it is shown.
#[derive(Clone, Debug, Serialize, TS)]
pub struct FoundView {
    #[ts(type = "\"client\" | \"affiliate\" | \"invoice\" | \"contract\"")]
    pub kind: &'static str,
    pub id: String,
    pub title: String,
    /// What tells it from others of its kind: the affiliate, the client, the day.
    pub detail: String,
}

/// Which part of a list is wanted.
#[derive(Clone, Debug, Default, serde::Deserialize, TS)]
pub struct ListQuery {
    /// Words that each row has; empty for all.
    pub text: String,
    /// A list's own choice, such as `open` or `overdue`; empty for all.
    pub only: String,
    /// A list's own order, such as `newest`; empty for the usual one.
    pub sort: String,
    /// The first row, counted from 0.
    pub from: u32,
}

/// Rows of a page of a list.
pub const PAGE: u32 = 50;

/// A page of a list that is known whole, and how long the list is.
pub(crate) fn page_of<Row>(rows: impl ExactSizeIterator<Item = Row>, from: u32) -> (Vec<Row>, u32) {
    let total = count(rows.len());
    (rows.skip(from as usize).take(PAGE as usize).collect(), total)
}

/// So many finds are shown, and so many affiliates and invoices of them, that clients have room.
const MOST: usize = 12;
const MOST_AFFILIATES: usize = 4;
const MOST_INVOICES: usize = 4;

impl Desk {
    /// The best finds, at most 12: what has just this id, affiliates, clients, invoices. Nothing for an empty text.
    pub fn search(&self, text: &str) -> Result<Vec<FoundView>, DeskError> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Vec::new());
        }
        let mut found = self.exactly(text)?;
        let affiliates = self.affiliates_named(text)?;
        found.extend(affiliates.into_iter().take(MOST_AFFILIATES).map(affiliate));
        let invoices = self.invoices_beginning(text)?;
        found.extend(self.clients_found(text, MOST - found.len() - invoices.len())?);
        found.extend(invoices);
        let mut seen = HashSet::new();
        found.retain(|found| seen.insert((found.kind, found.id.clone())));
        Ok(found)
    }

    /// The live affiliates whose name or id has `text` in it, by name; none for an empty text.
    pub(crate) fn affiliates_named(&self, text: &str) -> Result<Vec<(Id<Affiliate>, String)>, DeskError> {
        let typed = plain(text);
        if typed.is_empty() {
            return Ok(Vec::new());
        }
        let mut names = self.book.affiliate_names()?;
        names.retain(|(id, name)| plain(name).contains(&typed) || id.as_str().to_lowercase().contains(&typed));
        Ok(names)
    }

    /// The client and the contract with just this id, or with it in capitals.
    fn exactly(&self, text: &str) -> Result<Vec<FoundView>, DeskError> {
        let mut found = Vec::new();
        for id in spellings(text) {
            found.extend(self.clients_told_apart(self.book.find::<Client>(&id)?.into_iter().collect())?);
            found.extend(self.book.find::<Contract>(&id)?.map(|contract| self.contract_found(&contract)).transpose()?);
        }
        Ok(found)
    }

    fn clients_found(&self, text: &str, most: usize) -> Result<Vec<FoundView>, DeskError> {
        self.clients_told_apart(self.book.clients_found(text, count(most))?)
    }

    /// Each by who referred it last, or else by its domain.
    fn clients_told_apart(&self, clients: Vec<Client>) -> Result<Vec<FoundView>, DeskError> {
        let ids: Vec<Id<Client>> = clients.iter().map(|client| client.id.clone()).collect();
        let mut referrers = self.book.referrers_of(&ids)?;
        let told = |client: Client| {
            let detail = referrers.remove(&client.id).or_else(|| client.domains.first().cloned()).unwrap_or_default();
            FoundView { kind: "client", id: client.id.to_string(), title: client.name, detail }
        };
        Ok(clients.into_iter().map(told).collect())
    }

    fn contract_found(&self, contract: &Contract) -> Result<FoundView, DeskError> {
        let referral = self.find::<Referral>(contract.referral.as_str())?;
        let client = self.find::<Client>(referral.client.as_str())?;
        Ok(FoundView {
            kind: "contract",
            id: contract.id.to_string(),
            title: contract.id.to_string(),
            detail: client.name,
        })
    }

    fn invoices_beginning(&self, text: &str) -> Result<Vec<FoundView>, DeskError> {
        let mut found = Vec::new();
        for number in spellings(text) {
            found.extend(self.book.invoices_numbered(&number, count(MOST_INVOICES))?.into_iter().map(invoice));
        }
        found.truncate(MOST_INVOICES);
        Ok(found)
    }
}

/// As it was typed, and in capitals, as numbers and ids mostly are.
fn spellings(text: &str) -> Vec<String> {
    let capitals = text.to_uppercase();
    if capitals == text { vec![capitals] } else { vec![text.to_owned(), capitals] }
}

fn affiliate((id, name): (Id<Affiliate>, String)) -> FoundView {
    FoundView { kind: "affiliate", id: id.to_string(), title: name, detail: id.to_string() }
}

fn invoice(invoice: InvoiceNumbered) -> FoundView {
    let InvoiceNumbered { id, number, client } = invoice;
    FoundView { kind: "invoice", id: id.to_string(), title: number, detail: client.name }
}
