//! The pages of lists: which rows, in which order, of how many.
//!
//! Lists page, sort and search in the file, and only the rows of the page are read whole, so that a book of 100,000
//! clients answers like a book of forty.

use std::collections::{HashMap, HashSet};

use rules::affiliate::Affiliate;
use rules::client::Client;
use rules::day::Day;
use rules::id::Id;
use rules::records::RecordKind;
use rules::statement::ContractOf;

use crate::error::BookError;
use crate::tables::note::Note;
use crate::tables::referral::{self, ReferralListed, Stage};
use crate::tables::{affiliate, array, client, client_search, contract, keys_of, note, texts_array};
use crate::{Book, facts};

/// Rows of a page, and how many rows all pages have.
#[derive(Clone, Debug)]
pub struct Page<T> {
    pub rows: Vec<T>,
    pub total: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientOrder {
    Name,
    Newest,
}

/// Which referrals a list shows.
#[derive(Clone, Debug, Default)]
pub struct ReferralFilter<'a> {
    /// Words of the client's name, domains or id, each by how it begins; empty for all.
    pub text: &'a str,
    /// Affiliates that the text means too.
    pub affiliates: Vec<Id<Affiliate>>,
    pub stage: Option<Stage>,
}

impl Book {
    /// A page of the live clients that have all the words of `text`, each by how it begins; of all for an empty text.
    pub fn clients_page(
        &self,
        text: &str,
        order: ClientOrder,
        from: u32,
        most: u32,
    ) -> Result<Page<Client>, BookError> {
        let Some(programme) = self.programme()? else { return Ok(Page { rows: Vec::new(), total: 0 }) };
        let newest = order == ClientOrder::Newest;
        let (keys, total) = match client_search::words(text) {
            Some(words) => (
                client_search::page(&self.connection, &words, newest, from, most)?,
                client_search::count(&self.connection, &words)?,
            ),
            // Only signs were typed: no name is found by them.
            None if !text.trim().is_empty() => (Vec::new(), 0),
            None => (client::page(&self.connection, newest, from, most)?, client::count(&self.connection)?),
        };
        Ok(Page { rows: client::in_order(&self.connection, &keys, programme.currency)?, total })
    }

    /// Some live clients that have all the words of `text`, each by how it begins, the first recorded first: there is
    /// no time to rank a hundred thousand. None for a text without words.
    pub fn clients_found(&self, text: &str, most: u32) -> Result<Vec<Client>, BookError> {
        let (Some(programme), Some(words)) = (self.programme()?, client_search::words(text)) else {
            return Ok(Vec::new());
        };
        let keys = client_search::some(&self.connection, &words, most)?;
        Ok(client::in_order(&self.connection, &keys, programme.currency)?)
    }

    /// A page of the live referrals, the newest first, with their stages as of `today`.
    pub fn referrals_page(
        &self,
        filter: &ReferralFilter<'_>,
        today: Day,
        from: u32,
        most: u32,
    ) -> Result<Page<ReferralListed>, BookError> {
        let (keys, total) = match self.referrals_found(filter, today)? {
            Some(keys) => {
                let total = u32::try_from(keys.len()).unwrap_or(u32::MAX);
                (keys.into_iter().skip(from as usize).take(most as usize).collect(), total)
            }
            None => (referral::page(&self.connection, from, most)?, referral::count(&self.connection)?),
        };
        Ok(Page { rows: referral::listed(&self.connection, &keys, today)?, total })
    }

    /// The keys of the referrals that a filter lets through; `None` if it lets all through.
    fn referrals_found(&self, filter: &ReferralFilter<'_>, today: Day) -> Result<Option<Vec<i64>>, BookError> {
        let at_stage = filter.stage.map(|stage| referral::at_stage(&self.connection, stage, today)).transpose()?;
        if filter.text.trim().is_empty() {
            return Ok(at_stage);
        }
        // A phrase of nothing finds no client, and leaves the affiliates.
        let words = client_search::words(filter.text).unwrap_or_else(|| "\"\"".to_owned());
        let affiliates = texts_array(filter.affiliates.iter().map(Id::as_str));
        let mut found = referral::found(&self.connection, &words, &affiliates)?;
        if let Some(at_stage) = at_stage {
            let at_stage: HashSet<i64> = at_stage.into_iter().collect();
            found.retain(|key| at_stage.contains(key));
        }
        Ok(Some(found))
    }

    /// The live referrals of these clients, the newest first.
    pub fn referrals_of_clients(&self, clients: &[Id<Client>], today: Day) -> Result<Vec<ReferralListed>, BookError> {
        let keys = referral::of_clients(&self.connection, &array(&self.client_keys(clients)?))?;
        Ok(referral::listed(&self.connection, &keys, today)?)
    }

    /// By client: the name of the affiliate that referred it last.
    pub fn referrers_of(&self, clients: &[Id<Client>]) -> Result<HashMap<Id<Client>, String>, BookError> {
        Ok(referral::referrers_of(&self.connection, &texts_array(clients.iter().map(Id::as_str)))?)
    }

    /// An affiliate's live referrals, the newest first, at most `most`.
    pub fn referrals_of_affiliate(
        &self,
        affiliate: &Id<Affiliate>,
        today: Day,
        most: u32,
    ) -> Result<Vec<ReferralListed>, BookError> {
        let keys = referral::of_affiliate(&self.connection, affiliate.as_str(), most)?;
        Ok(referral::listed(&self.connection, &keys, today)?)
    }

    /// The live contracts of these clients, in the order in which they were recorded.
    pub fn contracts_of_clients(&self, clients: &[Id<Client>]) -> Result<Vec<ContractOf>, BookError> {
        let Some(programme) = self.programme()? else { return Ok(Vec::new()) };
        let clients = self.client_keys(clients)?;
        let contracts = contract::keys_of_clients(&self.connection, &array(&clients))?;
        Ok(facts::contracts_of(&self.connection, &contracts, &clients, programme.currency)?)
    }

    /// The live notes on a client, the newest first.
    pub fn notes_on(&self, client: &Id<Client>) -> Result<Vec<Note>, BookError> {
        Ok(note::of_client(&self.connection, client)?)
    }

    /// The ids and names of the live affiliates, by name.
    pub fn affiliate_names(&self) -> Result<Vec<(Id<Affiliate>, String)>, BookError> {
        Ok(affiliate::names(&self.connection)?)
    }

    fn client_keys(&self, clients: &[Id<Client>]) -> Result<Vec<i64>, BookError> {
        Ok(keys_of(&self.connection, RecordKind::Client, &texts_array(clients.iter().map(Id::as_str)))?)
    }
}
