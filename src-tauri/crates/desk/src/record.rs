//! Recording what a form holds: a part of a book in the exchange format, checked as an import is and kept as one batch.
//!
//! A form writes `new:client` for the id of a record that it makes, and wherever it refers to it; the desk gives the id.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use book::{BookError, Change};
use rules::affiliate::{Adjustment, Affiliate};
use rules::client::Client;
use rules::contract::Contract;
use rules::debt::{OwnEntry, Resale};
use rules::invoice::{CreditNote, Invoice, Payment, Refund, Remittance};
use rules::name;
use rules::own_price::OwnPrice;
use rules::problem::Problem;
use rules::quote::Quote;
use rules::records::RecordKind;
use rules::referral::Referral;
use rules::refusal::NearMiss;
use serde::Serialize;
use serde_json::Value;
use ts_rs::TS;

use crate::doubts::Doubt;
use crate::import::Plan;
use crate::receipt;
use crate::{Code, Desk, DeskError, Now};

/// What was recorded.
#[derive(Clone, Debug, Serialize, TS)]
pub struct RecordedView {
    /// The ids that were given: `new:client` is `C46`.
    pub ids: BTreeMap<String, String>,
}

/// What recording a form would be refused with now, and what it asks to confirm.
#[derive(Clone, Debug, Default, Serialize, TS)]
pub struct CheckView {
    #[ts(type = "Array<{ code: string, at: string, message: string }>")]
    pub problems: Vec<Problem>,
    pub near_misses: Vec<String>,
    /// To confirm, beside their fields.
    pub doubts: Vec<Doubt>,
}

impl Desk {
    /// Records all of a form's document, or nothing, as one batch; each new referral with its sealed receipt. `words`
    /// say what is done, as the undo offers it: `Payment of 300.00 recorded`.
    pub fn record(&mut self, words: &str, document: &[u8], now: Now) -> Result<RecordedView, DeskError> {
        self.record_beside(words, document, now, |_| Ok(()))
    }

    /// The same, and with it what is no record: an undo leaves that as it is.
    pub(crate) fn record_beside(
        &mut self,
        words: &str,
        document: &[u8],
        now: Now,
        beside: impl FnOnce(&mut Change<'_>) -> Result<(), BookError>,
    ) -> Result<RecordedView, DeskError> {
        let (document, ids) = self.with_ids(document)?;
        let plan =
            self.plan_form(&document).map_err(|error| DeskError { fields: unnamed(error.fields, &ids), ..error })?;
        let also = |change: &mut Change<'_>| {
            plan.registrations().try_for_each(|new| receipt::seal(change, new, now))?;
            change.end_batch();
            beside(change)
        };
        self.keep(words, &document, &plan, now, also)?;
        Ok(RecordedView { ids })
    }

    /// What [`Desk::record`] would say. Reads only.
    pub fn check(&self, document: &[u8], now: Now) -> Result<CheckView, DeskError> {
        let (document, ids) = self.with_ids(document)?;
        match self.plan_form(&document) {
            Ok(plan) => {
                let known = self.known_clients(&plan)?;
                let doubts = self.doubts(&plan, now.today)?;
                let near_misses = messages(plan.near_misses).into_iter().chain(known).collect();
                Ok(CheckView { problems: Vec::new(), near_misses, doubts })
            }
            Err(DeskError { code: Code::Refused, fields, .. }) => {
                Ok(CheckView { problems: unnamed(fields, &ids), ..CheckView::default() })
            }
            Err(error) => Err(error),
        }
    }

    /// A record as the exchange format writes it, to be filled into a form.
    pub fn record_of(&self, kind: RecordKind, id: &str) -> Result<Value, DeskError> {
        let json = match kind {
            RecordKind::Programme => to_json(&self.programme()?),
            RecordKind::Terms => to_json(&self.book.terms()?.iter().find(|t| t.effective_on.to_string() == id)),
            RecordKind::Affiliate => to_json(&self.find::<Affiliate>(id)?),
            RecordKind::Client => to_json(&self.find::<Client>(id)?),
            RecordKind::Referral => to_json(&self.find::<Referral>(id)?),
            RecordKind::Contract => to_json(&self.find::<Contract>(id)?),
            RecordKind::Invoice => to_json(&self.find::<Invoice>(id)?),
            RecordKind::Payment => to_json(&self.find::<Payment>(id)?),
            RecordKind::Refund => to_json(&self.find::<Refund>(id)?),
            RecordKind::CreditNote => to_json(&self.find::<CreditNote>(id)?),
            RecordKind::Remittance => to_json(&self.find::<Remittance>(id)?),
            RecordKind::Adjustment => to_json(&self.find::<Adjustment>(id)?),
            RecordKind::Quote => to_json(&self.find::<Quote>(id)?),
            RecordKind::OwnPrice => to_json(&self.find::<OwnPrice>(id)?),
            RecordKind::Resale => to_json(&self.find::<Resale>(id)?),
            RecordKind::OwnEntry => to_json(&self.find::<OwnEntry>(id)?),
        };
        Ok(json)
    }

    /// To confirm: a new client with the name of one in the book, or nearly so, or with its domain.
    fn known_clients(&self, plan: &Plan) -> Result<Vec<String>, DeskError> {
        let mut known = BTreeSet::new();
        for client in plan.new_clients() {
            let folded = name::fold(&client.name);
            let first = folded.split(' ').next().unwrap_or_default();
            let called = |name: &str| name::fold(name) == folded || name::nearly(&name::fold(name), &folded);
            let alike = self.book.clients_named(first, ALIKE)?.into_iter().filter(|other| called(&other.name));
            known.extend(alike.map(|other| other.name));
            for domain in client.domains.iter().filter_map(|domain| name::domain(domain)) {
                known.extend(self.book.clients_at(&domain, ALIKE)?.into_iter().map(|other| other.name));
            }
        }
        let words = |name: String| {
            format!("\"{name}\" is a client of the book already. If it is the same company, choose that one.")
        };
        Ok(known.into_iter().map(words).collect())
    }

    fn plan_form(&self, document: &[u8]) -> Result<Plan, DeskError> {
        let currency = self.book.programme()?.map(|programme| programme.currency);
        let reading = exchange::book::read_part(document, currency);
        self.weigh(reading.offer, reading.problems)
    }

    /// The document with an id for each `new:client`; and which it is.
    fn with_ids(&self, document: &[u8]) -> Result<(Vec<u8>, BTreeMap<String, String>), DeskError> {
        let unreadable = |error| DeskError::new(Code::Failed, format!("The form can't be read: {error}."));
        let mut document: Value = serde_json::from_slice(document).map_err(unreadable)?;
        let mut ids = BTreeMap::new();
        collect(&document, &mut ids);
        let mut given: HashMap<RecordKind, i64> = HashMap::new();
        for (name, id) in &mut ids {
            let Some(kind) = kind_of(name) else { continue };
            let number = match given.get(&kind) {
                Some(number) => number + 1,
                None => self.book.highest_number(kind, letter(kind))? + 1,
            };
            given.insert(kind, number);
            *id = format!("{}{number:02}", letter(kind));
        }
        put(&mut document, &ids);
        Ok((document.to_string().into_bytes(), ids))
    }
}

/// Clients of the book that are compared with a new one.
const ALIKE: u32 = 50;

/// Every text that asks for an id.
fn collect(value: &Value, ids: &mut BTreeMap<String, String>) {
    match value {
        Value::String(text) if kind_of(text).is_some() => _ = ids.entry(text.clone()).or_default(),
        Value::Array(values) => values.iter().for_each(|value| collect(value, ids)),
        Value::Object(members) => members.values().for_each(|value| collect(value, ids)),
        _ => {}
    }
}

fn put(value: &mut Value, ids: &BTreeMap<String, String>) {
    match value {
        Value::String(text) => {
            if let Some(id) = ids.get(text) {
                text.clone_from(id);
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| put(value, ids)),
        Value::Object(members) => members.values_mut().for_each(|value| put(value, ids)),
        _ => {}
    }
}

/// Of `new:client` and `new:payment:2`; `None` for every other text.
fn kind_of(text: &str) -> Option<RecordKind> {
    let name = text.strip_prefix("new:")?;
    RecordKind::parse(name.split_once(':').map_or(name, |(kind, _)| kind))
}

/// What the ids that are given here begin with.
fn letter(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Programme | RecordKind::Terms => "",
        RecordKind::Affiliate => "A",
        RecordKind::Client => "C",
        RecordKind::Referral => "R",
        RecordKind::Contract => "K",
        RecordKind::Invoice => "I",
        RecordKind::Payment => "P",
        RecordKind::Refund => "F",
        RecordKind::CreditNote => "N",
        RecordKind::Remittance => "M",
        RecordKind::Adjustment => "J",
        RecordKind::Quote => "Q",
        RecordKind::OwnPrice => "L",
        RecordKind::Resale => "S",
        RecordKind::OwnEntry => "E",
    }
}

/// Problems in which what is only now being recorded goes by what it is, for nobody has seen its id: `This contract`.
fn unnamed(mut problems: Vec<Problem>, ids: &BTreeMap<String, String>) -> Vec<Problem> {
    let new = ids.iter().filter_map(|(name, id)| Some((kind_of(name)?.words(), id)));
    for (kind, id) in new {
        let (begin, rest) = kind.split_at(1);
        let capital = format!("{}{rest}", begin.to_uppercase());
        for problem in &mut problems {
            let message = problem.message.replace(&format!("{capital} \"{id}\""), &format!("This {kind}"));
            problem.message = message.replace(&format!("{kind} \"{id}\""), &format!("this {kind}"));
        }
    }
    problems
}

fn messages(near_misses: Vec<NearMiss>) -> Vec<String> {
    near_misses.into_iter().map(|near| near.message).collect()
}

fn to_json(record: &impl Serialize) -> Value {
    serde_json::to_value(record).expect("a record is JSON")
}
