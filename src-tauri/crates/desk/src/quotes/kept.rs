//! Quotes that are kept in the book: their list, their versions, and how an accepted one becomes a contract.

use std::collections::BTreeMap;

use rules::affiliate::Affiliate;
use rules::client::Client;
use rules::contract::Contract;
use rules::day::{self, Day};
use rules::id::Id;
use rules::name::fold;
use rules::quote::{Quote, Stage};
use rules::referral::Referral;
use serde::Serialize;
use serde_json::{Value, json};
use ts_rs::TS;

use crate::views::Amount;
use crate::{Code, Desk, DeskError, Now};

/// All quotes, the newest first.
#[derive(Clone, Debug, Serialize, TS)]
pub struct QuotesView {
    pub rows: Vec<QuoteRow>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct QuoteRow {
    pub id: String,
    pub version: u32,
    pub prospect: String,
    pub affiliate_name: String,
    pub quoted_on: String,
    pub valid_until: String,
    pub monthly: Amount,
    pub once: Amount,
    #[ts(type = "\"draft\" | \"sent\" | \"accepted\" | \"declined\" | \"lapsed\"")]
    pub state: &'static str,
    /// `Sent, valid until 30 Jan 2027`.
    pub words: String,
}

/// One quote with its versions.
#[derive(Clone, Debug, Serialize, TS)]
pub struct QuotePage {
    pub row: QuoteRow,
    /// As the exchange format writes it, for the form.
    #[ts(type = "Record<string, unknown>")]
    pub quote: Value,
    /// The newest first.
    pub versions: Vec<QuoteVersion>,
    /// The client that the accepted one is of.
    pub client: Option<String>,
    /// The contract that the accepted one became.
    pub contract: Option<String>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct QuoteVersion {
    pub version: u32,
    pub quoted_on: String,
    pub monthly: Amount,
    pub once: Amount,
    pub term_months: u32,
    /// `10%`.
    pub rate: String,
}

/// What accepting a quote would record, to be looked at and corrected first.
#[derive(Clone, Debug, Serialize, TS)]
pub struct AcceptanceView {
    /// A part of a book as [`Desk::record`] takes it.
    #[ts(type = "Record<string, unknown>")]
    pub document: Value,
    /// `Harbor Dental is registered for A03 since 3 Jan 2027: the contract is under that referral.`
    pub words: String,
}

impl Desk {
    pub fn quotes(&self, now: Now) -> Result<QuotesView, DeskError> {
        let mut quotes: Vec<Quote> = self.book.quotes()?;
        quotes.reverse();
        let rows = quotes.iter().map(|quote| self.quote_row(quote, now.today)).collect::<Result<_, _>>()?;
        Ok(QuotesView { rows })
    }

    pub fn quote_page(&self, id: &str, now: Now) -> Result<QuotePage, DeskError> {
        let quote: Quote = self.find(id)?;
        let currency = self.programme()?.currency;
        let mut newest: BTreeMap<u32, Quote> = BTreeMap::new();
        let history = self.book.quote_history(id)?;
        newest.extend(history.into_iter().filter(|was| was.version <= quote.version).map(|was| (was.version, was)));
        let version = |quote: &Quote| QuoteVersion {
            version: quote.version,
            quoted_on: quote.quoted_on.to_string(),
            monthly: Amount::of(quote.monthly(currency), currency),
            once: Amount::of(quote.once(currency), currency),
            term_months: quote.term_months,
            rate: quote.rate.percent(),
        };
        let contract = quote.contract.as_ref().map(|id| self.find::<Contract>(id.as_str())).transpose()?;
        let referral =
            contract.as_ref().map(|contract| self.find::<Referral>(contract.referral.as_str())).transpose()?;
        Ok(QuotePage {
            row: self.quote_row(&quote, now.today)?,
            quote: json!(quote),
            versions: newest.values().rev().map(version).collect(),
            client: referral.map(|referral| referral.client.to_string()),
            contract: contract.map(|contract| contract.id.to_string()),
        })
    }

    fn quote_row(&self, quote: &Quote, today: Day) -> Result<QuoteRow, DeskError> {
        let currency = self.programme()?.currency;
        let affiliate = quote.affiliate.as_ref().map(|id| self.book.find::<Affiliate>(id.as_str())).transpose()?;
        let state = state(quote, today);
        Ok(QuoteRow {
            id: quote.id.to_string(),
            version: quote.version,
            prospect: quote.prospect.clone(),
            affiliate_name: affiliate.flatten().map(|affiliate| affiliate.name).unwrap_or_default(),
            quoted_on: quote.quoted_on.to_string(),
            valid_until: quote.valid_until.to_string(),
            monthly: Amount::of(quote.monthly(currency), currency),
            once: Amount::of(quote.once(currency), currency),
            state,
            words: state_words(quote, state),
        })
    }

    /// What accepting it records: the client, its referral, the contract, and the quote as accepted. A client of that
    /// name that the same affiliate referred already is not registered again.
    pub fn acceptance(&self, id: &str, now: Now) -> Result<AcceptanceView, DeskError> {
        let quote: Quote = self.find(id)?;
        can_be_accepted(&quote, now.today)?;
        let Some(affiliate) = &quote.affiliate else {
            let message = format!("Quote \"{id}\" says not yet who refers the prospect. Choose the affiliate first.");
            return Err(DeskError::new(Code::Refused, message));
        };
        let known = self.registered(&quote.prospect, affiliate, now.today)?;
        let referral = known.as_ref().map_or_else(|| json!("new:referral"), |(_, referral)| json!(referral.id));
        let mut document = json!({
            "contracts": [{
                "id": "new:contract", "referral": referral, "signed_on": now.today, "starts_on": quote.starts_on,
                "term_months": quote.term_months, "ended_on": null, "rate": quote.rate, "billed_by": quote.billed_by,
                "lines": quote.lines, "changes": [],
            }],
            "quotes": [Quote { stage: Stage::Accepted, contract: Some(Id::new("new:contract")), ..quote.clone() }],
        });
        let words = if let Some((client, referral)) = known {
            let since = day::words(referral.registered_on);
            format!("{client} is registered since {since}: the contract is under that referral.")
        } else {
            document["clients"] = json!([{
                "id": "new:client", "name": quote.prospect, "domains": quote.domains, "customer_since": null,
            }]);
            document["referrals"] = json!([{
                "id": "new:referral", "affiliate": affiliate, "client": "new:client", "registered_on": now.today,
            }]);
            format!("{} is registered as a referral and signs the contract.", quote.prospect)
        };
        Ok(AcceptanceView { document, words })
    }

    /// The client of this name that the affiliate referred, if there is one, and its referral.
    fn registered(
        &self,
        prospect: &str,
        affiliate: &Id<Affiliate>,
        today: Day,
    ) -> Result<Option<(String, Referral)>, DeskError> {
        let folded = fold(prospect);
        let first = folded.split(' ').next().unwrap_or_default();
        let clients = self.book.clients_named(first, ALIKE)?;
        let same: Vec<Id<Client>> =
            clients.into_iter().filter(|client| fold(&client.name) == folded).map(|client| client.id).collect();
        let referrals = self.book.referrals_of_clients(&same, today)?;
        let own = referrals.into_iter().find(|listed| listed.referral.affiliate == *affiliate);
        Ok(own.map(|listed| (listed.client_name, listed.referral)))
    }
}

/// Clients whose names begin alike that are looked at.
const ALIKE: u32 = 50;

fn can_be_accepted(quote: &Quote, today: Day) -> Result<(), DeskError> {
    let id = &quote.id;
    let message = match quote.stage {
        Stage::Accepted => format!("Quote \"{id}\" is accepted already."),
        _ if quote.has_lapsed(today) => {
            let until = day::words(quote.valid_until);
            format!("Quote \"{id}\" was valid until {until}. Make a new version of it, and send that.")
        }
        _ => return Ok(()),
    };
    Err(DeskError::new(Code::Refused, message))
}

fn state(quote: &Quote, today: Day) -> &'static str {
    if quote.has_lapsed(today) { "lapsed" } else { quote.stage.as_str() }
}

fn state_words(quote: &Quote, state: &str) -> String {
    let until = day::words(quote.valid_until);
    match state {
        "lapsed" => format!("Lapsed on {until}"),
        "draft" => format!("Draft, valid until {until}"),
        "sent" => format!("Sent, valid until {until}"),
        "declined" => "Declined".to_owned(),
        _ => "Accepted".to_owned(),
    }
}
