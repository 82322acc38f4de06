//! Reading refbook/1.

use std::borrow::Cow;
use std::fmt;

use rules::affiliate::{Adjustment, Affiliate, AgreedRemittance};
use rules::client::Client;
use rules::contract::{BilledBy, Change, Contract};
use rules::invoice::{CreditNote, Invoice, Payment, Refund, Remittance};
use rules::money::Currency;
use rules::problem::{Code, Problem};
use rules::records::RecordKind;
use rules::referral::Referral;
use rules::refusal::{Offer, most_digits};
use rules::terms::{InTermChanges, Programme, TermsVersion};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::FORMAT;
use super::object::{Object, Place};
use crate::node::{Node, Text, shortened};

/// What could be read of a file, and everything that could not.
#[derive(Debug)]
pub struct Reading {
    pub offer: Offer,
    pub problems: Vec<Problem>,
}

/// Reads a file. Amounts are in the currency of its programme or, where it has none, in that of the book.
pub fn read(bytes: &[u8], book_currency: Option<Currency>) -> Reading {
    let mut reader = Reader { offer: Offer::default(), problems: Vec::new() };
    match members(bytes) {
        Ok(members) => reader.read(members, book_currency),
        Err(problem) => reader.problems.push(problem),
    }
    Reading { offer: reader.offer, problems: reader.problems }
}

type Members<'a> = Vec<(Cow<'a, str>, &'a RawValue)>;

/// The members of the outermost object, still as text.
fn members(bytes: &[u8]) -> Result<Members<'_>, Problem> {
    let unreadable = |at: String, message: String| Problem { code: Code::Unreadable, at, message };
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
        unreadable(
            format!("line {line}"),
            "Here stands something that is not UTF-8. Save the file as UTF-8.".to_owned(),
        )
    })?;
    serde_json::from_str::<Outermost<'_>>(text).map(|outermost| outermost.0).map_err(|error| {
        let at = format!("line {} column {}", error.line(), error.column());
        let what = error.to_string();
        let what = what.split(" at line ").next().unwrap_or_default();
        unreadable(at, format!("The file is not JSON of this kind: {what}. A book is written as {{…}}."))
    })
}

struct Outermost<'a>(Members<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for Outermost<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;
        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Outermost<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(Text(name)) = map.next_key()? {
                    members.push((name, map.next_value()?));
                }
                Ok(Outermost(members))
            }
        }
        deserializer.deserialize_map(MembersVisitor)
    }
}

/// The elements of a list, still as text.
struct Elements<'a>(Vec<&'a RawValue>);

impl<'de: 'a, 'a> Deserialize<'de> for Elements<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ElementsVisitor;
        impl<'de> Visitor<'de> for ElementsVisitor {
            type Value = Elements<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut elements = Vec::new();
                while let Some(element) = list.next_element()? {
                    elements.push(element);
                }
                Ok(Elements(elements))
            }
        }
        deserializer.deserialize_seq(ElementsVisitor)
    }
}

struct Reader {
    offer: Offer,
    problems: Vec<Problem>,
}

impl Reader {
    fn read(&mut self, mut members: Members<'_>, book_currency: Option<Currency>) {
        self.format(take(&mut members, "format"));
        let programme = take(&mut members, RecordKind::Programme.member());
        let currency = self.programme(programme).or(book_currency).or_else(most_digits);
        let Some(currency) = currency else { return };
        for kind in RecordKind::ALL.into_iter().skip(1) {
            if let Some(raw) = take(&mut members, kind.member()) {
                self.list(kind, raw, currency);
            }
        }
        for (name, _) in members {
            let known = name == "format" || RecordKind::ALL.iter().any(|kind| kind.member() == name);
            let message = if known {
                format!("\"{name}\" stands here twice. Keep one.")
            } else {
                format!("\"{}\" is not known here. Take it out, or correct its name.", shortened(&name))
            };
            self.unreadable(&shortened(&name), message);
        }
    }

    fn unreadable(&mut self, at: &str, message: String) {
        self.problems.push(Problem { code: Code::Unreadable, at: at.to_owned(), message });
    }

    fn format(&mut self, raw: Option<&RawValue>) {
        match raw.map(node) {
            Some(Ok(Node::Text(format))) if format == FORMAT => {}
            Some(Ok(other)) => {
                let message = format!("The format is {}, and this Refbook reads \"{FORMAT}\".", other.quoted());
                self.unreadable("format", message);
            }
            Some(Err(message)) => self.unreadable("format", message),
            None => self.unreadable("format", format!("\"format\" is missing. A book says \"{FORMAT}\" there.")),
        }
    }

    /// Reads the programme; gives its currency even if the rest of it fails.
    fn programme(&mut self, raw: Option<&RawValue>) -> Option<Currency> {
        let node = match node(raw?) {
            Ok(node) => node,
            Err(message) => {
                self.unreadable("programme", message);
                self.fail(RecordKind::Programme, String::new());
                return None;
            }
        };
        let currency = currency_of(&node);
        let place = Place::Member("programme");
        let digits = currency.or_else(most_digits)?;
        let Some(mut object) = Object::of(node, &place, digits, &mut self.problems) else {
            self.fail(RecordKind::Programme, String::new());
            return None;
        };
        let read = read_programme(&mut object);
        match read.filter(|_| object.finish()) {
            Some(programme) => self.offer.records.programme = Some(programme),
            None => self.fail(RecordKind::Programme, String::new()),
        }
        currency
    }

    fn fail(&mut self, kind: RecordKind, id: String) {
        self.offer.failed.insert((kind, id));
    }

    fn list(&mut self, kind: RecordKind, raw: &RawValue, currency: Currency) {
        let Ok(Elements(elements)) = serde_json::from_str(raw.get()) else {
            let what = node(raw).map_or_else(|message| message, |node| node.quoted());
            let message = format!("Here stands {what} where a list belongs, […].");
            return self.unreadable(kind.member(), message);
        };
        let list = Place::Member(kind.member());
        for (index, element) in elements.into_iter().enumerate() {
            self.record(kind, Place::At(&list, index), index, element, currency);
        }
    }

    /// Reads one record into the offer, or notes that it failed and what it would have told of.
    fn record(&mut self, kind: RecordKind, place: Place<'_>, index: usize, raw: &RawValue, currency: Currency) {
        let node = match node(raw) {
            Ok(node) => node,
            Err(message) => {
                self.fail(kind, String::new());
                return self.unreadable(&place.to_string(), message);
            }
        };
        let names = Names::of(kind, &node);
        let Self { offer, problems } = self;
        let records = &mut offer.records;
        let kept = Object::of(node, &place, currency, problems).is_some_and(|object| match kind {
            RecordKind::Programme => false,
            RecordKind::Terms => keep(object, read_terms, &mut records.terms),
            RecordKind::Affiliate => keep(object, read_affiliate, &mut records.affiliates),
            RecordKind::Client => keep(object, read_client, &mut records.clients),
            RecordKind::Referral => keep(object, read_referral, &mut records.referrals),
            RecordKind::Contract => keep(object, read_contract, &mut records.contracts),
            RecordKind::Invoice => keep(object, read_invoice, &mut records.invoices),
            RecordKind::Payment => keep(object, read_payment, &mut records.payments),
            RecordKind::Refund => keep(object, read_refund, &mut records.refunds),
            RecordKind::CreditNote => keep(object, read_credit_note, &mut records.credit_notes),
            RecordKind::Remittance => keep(object, read_remittance, &mut records.remittances),
            RecordKind::Adjustment => keep(object, read_adjustment, &mut records.adjustments),
        });
        if kept {
            offer.places.push(kind, index);
        } else {
            offer.failed.insert((kind, names.id));
            offer.in_doubt.extend(names.doubted);
        }
    }
}

/// Takes the first member of a name; one that is left over stands there twice.
fn take<'a>(members: &mut Members<'a>, name: &str) -> Option<&'a RawValue> {
    let at = members.iter().position(|(member, _)| member == name)?;
    Some(members.remove(at).1)
}

/// What a failed record is called and what it hangs on, as far as that can be read.
struct Names {
    id: String,
    doubted: Option<(RecordKind, String)>,
}

impl Names {
    fn of(kind: RecordKind, node: &Node<'_>) -> Self {
        let text = |name: &str| match member(node, name) {
            Some(Node::Text(text)) => text.clone().into_owned(),
            _ => String::new(),
        };
        let doubted = match kind {
            RecordKind::Payment | RecordKind::Remittance => Some((RecordKind::Invoice, text("invoice"))),
            RecordKind::Contract => Some((RecordKind::Referral, text("referral"))),
            _ => None,
        };
        Self { id: text(if kind == RecordKind::Terms { "effective_on" } else { "id" }), doubted }
    }
}

fn member<'n, 'a>(node: &'n Node<'a>, name: &str) -> Option<&'n Node<'a>> {
    let Node::Object(members) = node else { return None };
    members.iter().find(|(member, _)| member == name).map(|(_, node)| node)
}

fn currency_of(programme: &Node<'_>) -> Option<Currency> {
    match member(programme, "currency")? {
        Node::Text(code) => Currency::parse(code),
        _ => None,
    }
}

/// A value of the file. It is JSON by now, but may nest deeper, or hold a larger number, than any book.
fn node(raw: &RawValue) -> Result<Node<'_>, String> {
    serde_json::from_str(raw.get()).map_err(|error| {
        let what = error.to_string();
        let what = what.split(" at line ").next().unwrap_or_default();
        format!("This can't be read: {what}.")
    })
}

/// Keeps a record if all of it could be read.
fn keep<'a, 'p, T>(
    mut object: Object<'a, 'p>,
    read: fn(&mut Object<'a, 'p>) -> Option<T>,
    records: &mut Vec<T>,
) -> bool {
    let record = read(&mut object);
    let whole = object.finish();
    let record = record.filter(|_| whole);
    let kept = record.is_some();
    records.extend(record);
    kept
}

const IN_TERM_CHANGES: [(&str, InTermChanges); 2] =
    [("follow_contract", InTermChanges::FollowContract), ("hold_original", InTermChanges::HoldOriginal)];
const REMITTANCES: [(&str, AgreedRemittance); 2] =
    [("in_full", AgreedRemittance::InFull), ("net_of_commission", AgreedRemittance::NetOfCommission)];
const BILLED_BY: [(&str, BilledBy); 2] = [("company", BilledBy::Company), ("affiliate", BilledBy::Affiliate)];

// Each member is read before the first `?`, so that all of a record's problems are told at once.

fn read_programme(object: &mut Object<'_, '_>) -> Option<Programme> {
    let company = object.text("company");
    let phone = object.text("phone");
    let currency = object.currency("currency");
    let standard_rate = object.rate("standard_rate");
    let maximum_rate = object.rate("maximum_rate");
    let in_term_changes = object.word("in_term_changes", &IN_TERM_CHANGES);
    let minimum_payout = object.money("minimum_payout");
    Some(Programme {
        company: company?,
        phone: phone?,
        currency: currency?,
        standard_rate: standard_rate?,
        maximum_rate: maximum_rate?,
        in_term_changes: in_term_changes?,
        minimum_payout: minimum_payout?,
    })
}

fn read_terms(object: &mut Object<'_, '_>) -> Option<TermsVersion> {
    let effective_on = object.day("effective_on");
    let standard_rate = object.optional_rate("standard_rate");
    let maximum_rate = object.optional_rate("maximum_rate");
    let in_term_changes = object.optional_word("in_term_changes", &IN_TERM_CHANGES);
    let minimum_payout = object.optional_money("minimum_payout");
    Some(TermsVersion {
        effective_on: effective_on?,
        standard_rate: standard_rate?,
        maximum_rate: maximum_rate?,
        in_term_changes: in_term_changes?,
        minimum_payout: minimum_payout?,
    })
}

fn read_affiliate(object: &mut Object<'_, '_>) -> Option<Affiliate> {
    let id = object.id("id");
    let name = object.text("name");
    let own_companies = object.texts("own_companies");
    let domains = object.texts("domains");
    let agreement_signed_on = object.optional_day("agreement_signed_on");
    let remittance = object.word("remittance", &REMITTANCES);
    Some(Affiliate {
        id: id?,
        name: name?,
        own_companies: own_companies?,
        domains: domains?,
        agreement_signed_on: agreement_signed_on?,
        remittance: remittance?,
    })
}

fn read_client(object: &mut Object<'_, '_>) -> Option<Client> {
    let id = object.id("id");
    let name = object.text("name");
    let domains = object.texts("domains");
    let customer_since = object.optional_day("customer_since");
    Some(Client { id: id?, name: name?, domains: domains?, customer_since: customer_since? })
}

fn read_referral(object: &mut Object<'_, '_>) -> Option<Referral> {
    let id = object.id("id");
    let affiliate = object.id("affiliate");
    let client = object.id("client");
    let registered_on = object.day("registered_on");
    Some(Referral { id: id?, affiliate: affiliate?, client: client?, registered_on: registered_on? })
}

fn read_contract(object: &mut Object<'_, '_>) -> Option<Contract> {
    let id = object.id("id");
    let referral = object.id("referral");
    let signed_on = object.day("signed_on");
    let starts_on = object.day("starts_on");
    let term_months = object.months("term_months");
    let ended_on = object.optional_day("ended_on");
    let rate = object.rate("rate");
    let billed_by = object.word("billed_by", &BILLED_BY);
    let lines = object.lines("lines");
    let changes = object.objects("changes", |change| {
        let effective_on = change.day("effective_on");
        let lines = change.lines("lines");
        Some(Change { effective_on: effective_on?, lines: lines? })
    });
    Some(Contract {
        id: id?,
        referral: referral?,
        signed_on: signed_on?,
        starts_on: starts_on?,
        term_months: term_months?,
        ended_on: ended_on?,
        rate: rate?,
        billed_by: billed_by?,
        lines: lines?,
        changes: changes?,
    })
}

fn read_invoice(object: &mut Object<'_, '_>) -> Option<Invoice> {
    let id = object.id("id");
    let number = object.label("number");
    let client = object.id("client");
    let contract = object.optional_id("contract");
    let issued_on = object.day("issued_on");
    let due_on = object.day("due_on");
    let period_start = object.day("period_start");
    let period_end = object.day("period_end");
    let lines = object.lines("lines");
    let tax = object.money("tax");
    Some(Invoice {
        id: id?,
        number: number?,
        client: client?,
        contract: contract?,
        issued_on: issued_on?,
        due_on: due_on?,
        period_start: period_start?,
        period_end: period_end?,
        lines: lines?,
        tax: tax?,
    })
}

fn read_payment(object: &mut Object<'_, '_>) -> Option<Payment> {
    let id = object.id("id");
    let invoice = object.id("invoice");
    let received_on = object.day("received_on");
    let amount = object.money("amount");
    Some(Payment { id: id?, invoice: invoice?, received_on: received_on?, amount: amount? })
}

fn read_refund(object: &mut Object<'_, '_>) -> Option<Refund> {
    let id = object.id("id");
    let invoice = object.id("invoice");
    let refunded_on = object.day("refunded_on");
    let amount = object.money("amount");
    Some(Refund { id: id?, invoice: invoice?, refunded_on: refunded_on?, amount: amount? })
}

fn read_credit_note(object: &mut Object<'_, '_>) -> Option<CreditNote> {
    let id = object.id("id");
    let invoice = object.id("invoice");
    let issued_on = object.day("issued_on");
    let lines = object.lines("lines");
    Some(CreditNote { id: id?, invoice: invoice?, issued_on: issued_on?, lines: lines? })
}

fn read_remittance(object: &mut Object<'_, '_>) -> Option<Remittance> {
    let id = object.id("id");
    let invoice = object.id("invoice");
    let received_on = object.day("received_on");
    let amount = object.money("amount");
    Some(Remittance { id: id?, invoice: invoice?, received_on: received_on?, amount: amount? })
}

fn read_adjustment(object: &mut Object<'_, '_>) -> Option<Adjustment> {
    let id = object.id("id");
    let affiliate = object.id("affiliate");
    let month = object.month("month");
    let amount = object.money("amount");
    let reason = object.text("reason");
    Some(Adjustment { id: id?, affiliate: affiliate?, month: month?, amount: amount?, reason: reason? })
}
