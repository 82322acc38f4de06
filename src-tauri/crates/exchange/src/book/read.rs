//! Reading refbook/1: in one pass, record by record, so that memory holds the file and its records and little else.

use std::collections::HashSet;
use std::fmt;

use rules::affiliate::{Adjustment, Affiliate, AgreedRemittance};
use rules::client::Client;
use rules::contract::{BilledBy, Change, Contract};
use rules::debt::{OwnEntry, OwnKind, Resale};
use rules::invoice::{CreditNote, Invoice, Payment, Refund, Remittance};
use rules::money::Currency;
use rules::problem::{Code, Problem};
use rules::quote::{Quote, Stage};
use rules::records::RecordKind;
use rules::referral::Referral;
use rules::refusal::{Offer, most_digits};
use rules::terms::{InTermChanges, Programme, TermsVersion};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use super::FORMAT;
use super::object::{Object, Place, Problems};
use crate::node::{Each, Node, Text, quoted};

/// What could be read of a file, and everything that could not.
#[derive(Debug)]
pub struct Reading {
    pub offer: Offer,
    pub problems: Vec<Problem>,
}

/// Reads a file. Amounts are in the currency of its programme or, where it has none, in that of the book; while neither
/// is known, with as many digits as any currency has.
pub fn read(bytes: &[u8], book_currency: Option<Currency>) -> Reading {
    read_with(Reader::default(), bytes, book_currency)
}

/// Reads a part of a book as a form holds it: as [`read`] does, but it need not say its format.
pub fn read_part(bytes: &[u8], book_currency: Option<Currency>) -> Reading {
    read_with(Reader { is_part: true, ..Reader::default() }, bytes, book_currency)
}

fn read_with(mut reader: Reader, bytes: &[u8], book_currency: Option<Currency>) -> Reading {
    let end = text(bytes).and_then(|text| reader.file(text, book_currency));
    let Reader { offer, problems: Problems { told: mut problems, untold }, other_format, .. } = reader;
    if let Some(problem) = other_format {
        // What else there is to say of another format's members is noise.
        return Reading { offer: Offer::default(), problems: vec![problem] };
    }
    match end {
        Ok(()) if untold > 0 => {
            let message = format!("There are {untold} more problems, or more. Correct these, and read it again.");
            problems.push(unreadable("file".to_owned(), message));
            Reading { offer: Offer::default(), problems }
        }
        Ok(()) => Reading { offer, problems },
        Err(problem) => {
            // The rest is not known, so nothing of what could be read is judged.
            problems.push(problem);
            Reading { offer: Offer::default(), problems }
        }
    }
}

fn text(bytes: &[u8]) -> Result<&str, Problem> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let (mut line, mut column) = (0, 1);
        for of_line in before.split(|byte| *byte == b'\n') {
            (line, column) = (line + 1, of_line.len() + 1);
        }
        let message = "Here stands something that is not UTF-8. Save the file as UTF-8.".to_owned();
        unreadable(format!("line {line} column {column}"), message)
    })
}

fn unreadable(at: String, message: String) -> Problem {
    Problem { code: Code::Unreadable, at, message }
}

#[derive(Default)]
struct Reader {
    offer: Offer,
    problems: Problems,
    currency: Option<Currency>,
    /// The outermost members so far.
    seen: HashSet<String>,
    other_format: Option<Problem>,
    /// Of a form, which need not say its format.
    is_part: bool,
}

impl Reader {
    /// Reads all of it; fails where it is no JSON.
    fn file(&mut self, text: &str, book_currency: Option<Currency>) -> Result<(), Problem> {
        self.currency = book_currency.or_else(|| currency_ahead(text)).or_else(most_digits);
        let mut json = serde_json::Deserializer::from_str(text);
        let end = self.deserialize(&mut json).and_then(|()| json.end());
        end.map_err(|error| {
            let what = error.to_string();
            let what = what.split(" at line ").next().unwrap_or_default();
            let message = format!("The file is not JSON of this kind: {what}. A book is written as {{…}}.");
            unreadable(format!("line {} column {}", error.line(), error.column()), message)
        })
    }

    /// Reads one of the outermost members.
    fn member<'de, A: MapAccess<'de>>(&mut self, name: &str, file: &mut A) -> Result<(), A::Error> {
        let kind = RecordKind::ALL.into_iter().find(|kind| kind.member() == name);
        if !self.seen.insert(name.to_owned()) {
            self.unreadable(name, format!("\"{}\" stands here twice. Keep one.", quoted(name)));
            if let Some(kind) = kind {
                self.give_up(kind);
            }
            return file.next_value::<IgnoredAny>().map(drop);
        }
        match kind {
            Some(RecordKind::Programme) => self.programme(&file.next_value()?),
            Some(kind) => {
                let mut each = |index, node| self.record(kind, index, &node);
                let list = file.next_value_seed(Each(&mut each))?;
                if !matches!(list, Node::List(_)) {
                    self.unreadable(name, format!("Here stands {} where a list belongs, […].", list.quoted()));
                    self.give_up(kind);
                }
            }
            None if name == "format" => self.format(&file.next_value()?),
            None => {
                let shown = quoted(name);
                self.unreadable(name, format!("\"{shown}\" is not known here. Take it out, or correct its name."));
                file.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn unreadable(&mut self, member: &str, message: String) {
        self.problems.tell(Code::Unreadable, Place::Member(member).to_string(), message);
    }

    fn format(&mut self, format: &Node<'_>) {
        if !matches!(format, Node::Text(format) if format == FORMAT) {
            let message = format!("The format is {}, and this Refbook reads \"{FORMAT}\".", format.quoted());
            self.other_format = Some(unreadable("format".to_owned(), message));
        }
    }

    fn programme(&mut self, node: &Node<'_>) {
        self.currency = currency_of(node).or(self.currency);
        let Some(currency) = self.currency else { return };
        let place = Place::Member(RecordKind::Programme.member());
        let object = Object::of(node, &place, currency, &mut self.problems);
        let mut programmes = Vec::new();
        if object.is_some_and(|object| keep(object, read_programme, &mut programmes)) {
            self.offer.records.programme = programmes.pop();
        } else {
            self.offer.failed.insert((RecordKind::Programme, String::new()));
        }
    }

    /// Reads one record into the offer, or notes that it failed and what it would have told of.
    fn record(&mut self, kind: RecordKind, index: usize, node: &Node<'_>) {
        let Self { offer, problems, currency: Some(currency), .. } = self else { return };
        if problems.are_enough() {
            problems.untold += 1;
            return;
        }
        let records = &mut offer.records;
        let list = Place::Member(kind.member());
        let place = Place::At(&list, index);
        let kept = Object::of(node, &place, *currency, problems).is_some_and(|object| match kind {
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
            RecordKind::Quote => keep(object, read_quote, &mut records.quotes),
            RecordKind::Resale => keep(object, read_resale, &mut records.resales),
            RecordKind::OwnEntry => keep(object, read_own_entry, &mut records.own_entries),
        });
        if kept {
            offer.places.push(kind, index);
        } else {
            let text = |name: &str| match node.member(name) {
                Some(Node::Text(text)) => text.clone().into_owned(),
                _ => String::new(),
            };
            offer.failed.insert((kind, text(if kind == RecordKind::Terms { "effective_on" } else { "id" })));
            offer.in_doubt.extend(doubted(kind).map(|(kind, member)| (kind, text(member))));
        }
    }

    /// Notes that records of a kind could not be read, and not which.
    fn give_up(&mut self, kind: RecordKind) {
        self.offer.failed.insert((kind, String::new()));
        self.offer.in_doubt.extend(doubted(kind).map(|(kind, _)| (kind, String::new())));
    }
}

/// What a record that could not be read leaves in doubt, and the member that names it.
fn doubted(kind: RecordKind) -> Option<(RecordKind, &'static str)> {
    match kind {
        RecordKind::Payment | RecordKind::Remittance => Some((RecordKind::Invoice, "invoice")),
        RecordKind::Contract => Some((RecordKind::Referral, "referral")),
        _ => None,
    }
}

impl<'de> DeserializeSeed<'de> for &mut Reader {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for &mut Reader {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut file: A) -> Result<(), A::Error> {
        while let Some(Text(name)) = file.next_key()? {
            self.member(&name, &mut file)?;
        }
        if !self.is_part && !self.seen.contains("format") {
            self.unreadable("format", format!("\"format\" is missing. A book says \"{FORMAT}\" there."));
        }
        Ok(())
    }
}

/// The currency of the file's programme, looked for ahead of the amounts that may stand before it. An export has it at
/// the top, so that little is read twice.
fn currency_ahead(text: &str) -> Option<Currency> {
    struct Ahead<'c>(&'c mut Option<Currency>);

    impl<'de> Visitor<'de> for Ahead<'_> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut file: A) -> Result<(), A::Error> {
            while let Some(Text(name)) = file.next_key()? {
                if name == RecordKind::Programme.member() {
                    *self.0 = currency_of(&file.next_value()?);
                    return Err(A::Error::custom("found")); // no need to look on
                }
                file.next_value::<IgnoredAny>()?;
            }
            Ok(())
        }
    }

    let mut currency = None;
    // Where it is no JSON is told when it is read.
    let _ = serde_json::Deserializer::from_str(text).deserialize_map(Ahead(&mut currency));
    currency
}

fn currency_of(programme: &Node<'_>) -> Option<Currency> {
    match programme.member("currency")? {
        Node::Text(code) => Currency::parse(code),
        _ => None,
    }
}

/// Keeps a record if all of it could be read.
fn keep<'n, 'p, T>(
    mut object: Object<'n, 'p>,
    read: fn(&mut Object<'n, 'p>) -> Option<T>,
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
    let agreement_signed_on = object.nullable_day("agreement_signed_on");
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
    let customer_since = object.nullable_day("customer_since");
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
    let ended_on = object.nullable_day("ended_on");
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
    let contract = object.nullable_id("contract");
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
    let reason = object.reason("reason");
    Some(Adjustment { id: id?, affiliate: affiliate?, month: month?, amount: amount?, reason: reason? })
}

fn read_resale(object: &mut Object<'_, '_>) -> Option<Resale> {
    let id = object.id("id");
    let invoice = object.id("invoice");
    let lines = object.lines("lines");
    let tax = object.money("tax");
    Some(Resale { id: id?, invoice: invoice?, lines: lines?, tax: tax? })
}

fn read_own_entry(object: &mut Object<'_, '_>) -> Option<OwnEntry> {
    const KINDS: [(&str, OwnKind); 2] = [("refunded", OwnKind::Refunded), ("written_off", OwnKind::WrittenOff)];
    let id = object.id("id");
    let invoice = object.id("invoice");
    let kind = object.word("kind", &KINDS);
    let on = object.day("on");
    let amount = object.money("amount");
    Some(OwnEntry { id: id?, invoice: invoice?, kind: kind?, on: on?, amount: amount? })
}

fn read_quote(object: &mut Object<'_, '_>) -> Option<Quote> {
    const STAGES: [(&str, Stage); 4] =
        [("draft", Stage::Draft), ("sent", Stage::Sent), ("accepted", Stage::Accepted), ("declined", Stage::Declined)];
    let id = object.id("id");
    let version = object.whole("version", 1..=9_999);
    let prospect = object.text("prospect");
    let domains = object.texts("domains");
    let affiliate = object.nullable_id("affiliate");
    let quoted_on = object.day("quoted_on");
    let valid_until = object.day("valid_until");
    let lines = object.lines("lines");
    let term_months = object.months("term_months");
    let starts_on = object.day("starts_on");
    let rate = object.rate("rate");
    let billed_by = object.word("billed_by", &BILLED_BY);
    let remittance = object.word("remittance", &REMITTANCES);
    let days_to_pay = object.whole("days_to_pay", 0..=365);
    let stage = object.word("stage", &STAGES);
    let contract = object.nullable_id("contract");
    Some(Quote {
        id: id?,
        version: version?,
        prospect: prospect?,
        domains: domains?,
        affiliate: affiliate?,
        quoted_on: quoted_on?,
        valid_until: valid_until?,
        lines: lines?,
        term_months: term_months?,
        starts_on: starts_on?,
        rate: rate?,
        billed_by: billed_by?,
        remittance: remittance?,
        days_to_pay: days_to_pay?,
        stage: stage?,
        contract: contract?,
    })
}
