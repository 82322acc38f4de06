//! Quotes that are kept in the book: their list, their versions, and how an accepted one becomes a contract.

use std::collections::{BTreeMap, BTreeSet};

use rules::affiliate::Affiliate;
use rules::client::Client;
use rules::contract::Contract;
use rules::day::{self, Day};
use rules::id::Id;
use rules::name::{self, fold};
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
    /// `Harbor Dental is registered since 3 Jan 2027: the contract is under that referral.`
    pub words: String,
    /// The client that the prospect is, where the book has it.
    pub known: Option<KnownClient>,
}

/// A client that the book has.
#[derive(Clone, Debug, Serialize, TS)]
pub struct KnownClient {
    pub id: String,
    pub name: String,
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

    /// What accepting it records: the client, its referral, the contract, and the quote as accepted. A company that the
    /// book has is not made a second client, so that the rules see who referred it and whether it is a customer; unless
    /// it is said to be `another` one that is called so.
    pub fn acceptance(&self, id: &str, another: bool, now: Now) -> Result<AcceptanceView, DeskError> {
        let quote: Quote = self.find(id)?;
        can_be_accepted(&quote, now.today)?;
        let Some(affiliate) = &quote.affiliate else {
            let message = format!("Quote \"{id}\" says not yet who refers the prospect. Choose the affiliate first.");
            return Err(DeskError::new(Code::Refused, message));
        };
        let (client, referral) = if another { (None, None) } else { self.known(&quote, affiliate, now.today)? };
        let client_id = client.as_ref().map_or("new:client", |client| client.id.as_str());
        let referral_id = referral.as_ref().map_or("new:referral", |referral| referral.id.as_str());
        let mut document = json!({
            "contracts": [{
                "id": "new:contract", "referral": referral_id, "signed_on": now.today, "starts_on": quote.starts_on,
                "term_months": quote.term_months, "ended_on": null, "rate": quote.rate, "billed_by": quote.billed_by,
                "lines": quote.lines, "changes": [],
            }],
            "quotes": [Quote { stage: Stage::Accepted, contract: Some(Id::new("new:contract")), ..quote.clone() }],
        });
        if client.is_none() {
            document["clients"] = json!([{
                "id": client_id, "name": quote.prospect, "domains": quote.domains, "customer_since": null,
            }]);
        }
        if referral.is_none() {
            document["referrals"] = json!([{
                "id": referral_id, "affiliate": affiliate, "client": client_id, "registered_on": now.today,
            }]);
        }
        let words = acceptance_words(&quote, client.as_ref(), referral.as_ref());
        let known = client.map(|client| KnownClient { id: client.id.to_string(), name: client.name });
        Ok(AcceptanceView { document, words, known })
    }

    /// The client that the prospect is, if the book has it, and the affiliate's own referral of it. One whose contracts
    /// have all ended is over: "A client who has left can be referred anew."
    fn known(
        &self,
        quote: &Quote,
        affiliate: &Id<Affiliate>,
        today: Day,
    ) -> Result<(Option<Client>, Option<Referral>), DeskError> {
        let same = self.same_company(quote)?;
        let ids: Vec<Id<Client>> = same.iter().map(|client| client.id.clone()).collect();
        let listed = self.book.referrals_of_clients(&ids, today)?.into_iter();
        let live: Vec<Referral> =
            listed.filter(|listed| listed.stage != book::Stage::Lapsed).map(|listed| listed.referral).collect();
        let own = live.iter().find(|referral| referral.affiliate == *affiliate);
        // Of several that are called so, the one that is spoken for: what speaks against it is not to be passed by.
        let spoken_for = own.or(live.first()).map(|referral| &referral.client);
        let client = same.iter().find(|client| spoken_for == Some(&client.id)).or(same.first());
        Ok((client.cloned(), own.cloned()))
    }

    /// The clients that are called as the prospect or have a domain of it, those that are customers already first.
    fn same_company(&self, quote: &Quote) -> Result<Vec<Client>, DeskError> {
        let folded = fold(&quote.prospect);
        let domains: Vec<String> = quote.domains.iter().filter_map(|domain| name::domain(domain)).collect();
        // By all words, as many names begin alike; and by the first, as initials may stand together or apart.
        let mut found = self.book.clients_named(&folded, ALIKE)?;
        found.extend(self.book.clients_named(folded.split(' ').next().unwrap_or_default(), ALIKE)?);
        for domain in &domains {
            found.extend(self.book.clients_at(domain, ALIKE)?);
        }
        let found: BTreeSet<Id<Client>> = found.into_iter().map(|client| client.id).collect();
        let mut clients = found.iter().map(|id| self.find::<Client>(id.as_str())).collect::<Result<Vec<_>, _>>()?;
        let has_domain = |client: &Client| {
            client.domains.iter().filter_map(|own| name::domain(own)).any(|own| domains.contains(&own))
        };
        clients.retain(|client| fold(&client.name) == folded || has_domain(client));
        clients.sort_by_key(|client| client.customer_since.is_none());
        Ok(clients)
    }
}

fn acceptance_words(quote: &Quote, client: Option<&Client>, referral: Option<&Referral>) -> String {
    match (client, referral) {
        (Some(client), Some(referral)) => {
            let since = day::words(referral.registered_on);
            format!("{} is registered since {since}: the contract is under that referral.", client.name)
        }
        (Some(client), None) => {
            format!("{} is a client of the book already: it is referred and signs the contract.", client.name)
        }
        _ => format!("{} is registered as a referral and signs the contract.", quote.prospect),
    }
}

/// Clients of a name or a domain that are looked at.
const ALIKE: u32 = 50;

fn can_be_accepted(quote: &Quote, today: Day) -> Result<(), DeskError> {
    let id = &quote.id;
    let message = match quote.stage {
        Stage::Accepted => format!("Quote \"{id}\" is accepted already."),
        Stage::Declined => format!("Quote \"{id}\" was declined. Make a new version of it, and send that."),
        Stage::Draft | Stage::Sent if quote.has_lapsed(today) => {
            let until = day::words(quote.valid_until);
            format!("Quote \"{id}\" was valid until {until}. Make a new version of it, and send that.")
        }
        Stage::Draft => format!("Quote \"{id}\" is a draft that nobody was sent. Mark it as sent first."),
        Stage::Sent => return Ok(()),
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
