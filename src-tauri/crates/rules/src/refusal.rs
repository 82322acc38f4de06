//! What cannot be recorded, and why: the checks of `rules.md`, "Who can be referred", over whole records.
//!
//! Pure and total: all problems of an offer are found at once, each with its place, each once by its own cause. What
//! cannot even be read (a date, a word, an unknown member) is found where it is read; `month_closed` where the closed
//! months are known.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::fmt::Display;

use crate::affiliate::{Adjustment, Affiliate};
use crate::client::Client;
use crate::contract::{BilledBy, Contract};
use crate::day::{self, Day};
use crate::invoice::{CreditNote, Invoice, Payment, Refund, Remittance};
use crate::money::{Currency, Money};
use crate::name;
use crate::problem::{Code, Problem};
use crate::rate::Rate;
use crate::records::{RecordKind, Records};
use crate::referral::Referral;
use crate::terms::Programme;

/// What is offered to the book: the records of an import or a form that could be read.
#[derive(Clone, Debug, Default)]
pub struct Offer {
    pub records: Records,
    pub places: Places,
    /// Ids of records that could not be read, so that what hangs on them is not blamed. The programme's id is empty,
    /// a terms version's is its `effective_on`, and also empty if that could not be read.
    pub failed: HashSet<(RecordKind, String)>,
    /// Invoices and referrals that a payment, remittance or contract that could not be read is of: what they lack is
    /// not blamed. An empty id stands for one that could not be read either.
    pub in_doubt: HashSet<(RecordKind, String)>,
}

/// Where each record stands in its file, as those that could not be read leave gaps.
#[derive(Clone, Debug, Default)]
pub struct Places([Vec<usize>; RecordKind::ALL.len()]);

/// What speaks against an offer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Review {
    /// Any of them refuses the whole offer.
    pub problems: Vec<Problem>,
    /// To confirm: "Near misses (one or two letters, reordered words) are a warning to confirm, not a refusal."
    pub near_misses: Vec<NearMiss>,
}

/// A client whose name is nearly that of its affiliate's own company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearMiss {
    pub at: String,
    pub message: String,
}

impl Offer {
    /// Records that were all read, in their places.
    pub fn of(records: Records) -> Self {
        Self { records, ..Self::default() }
    }
}

impl Places {
    /// The next record of its kind stands at `index`.
    pub fn push(&mut self, kind: RecordKind, index: usize) {
        self.0[kind as usize].push(index);
    }

    /// Where the `nth` readable record of a kind stands.
    pub fn of(&self, kind: RecordKind, nth: usize) -> usize {
        self.0[kind as usize].get(nth).copied().unwrap_or(nth)
    }
}

/// Reviews what is offered against the book.
///
/// `existing` holds what the offered records lean on and what leans on them: their affiliates, clients, referrals of
/// the same clients, contracts, invoices of the same numbers, and every fact of the invoices that they touch. An
/// offered record with the id of an existing one replaces it. An existing record is reported, as `book.invoices[I1]`,
/// only when something offered made it invalid.
pub fn review(existing: &Records, offer: &Offer) -> Review {
    let union = Union::of(existing, offer);
    let mut found = Review::default();
    programme(&union, &mut found);
    let terms = terms(&union, &mut found);
    duplicate_ids(&union, &mut found);
    referrals(&union, &mut found);
    contracts(&union, &terms, &mut found);
    let sound = invoices(&union, &mut found);
    amounts(&union, &mut found);
    credits(&union, &sound, &mut found);
    refunds(&union, &mut found);
    adjustments(&union, &mut found);
    found
}

/// The book as it would be: offered records over existing ones.
struct Union<'a> {
    existing: &'a Records,
    offer: &'a Offer,
    affiliates: Table<'a, Affiliate>,
    clients: Table<'a, Client>,
    referrals: Table<'a, Referral>,
    contracts: Table<'a, Contract>,
    invoices: Table<'a, Invoice>,
    payments: Table<'a, Payment>,
    refunds: Table<'a, Refund>,
    credit_notes: Table<'a, CreditNote>,
    remittances: Table<'a, Remittance>,
    adjustments: Table<'a, Adjustment>,
    invoices_in_doubt: HashSet<&'a str>,
    referrals_in_doubt: HashSet<&'a str>,
}

/// The records of one kind: those of the book that are not replaced, then the offered, in the order of the file.
struct Table<'a, T> {
    all: Vec<Kept<'a, T>>,
    by_id: HashMap<&'a str, usize>,
    failed: HashSet<&'a str>,
}

struct Kept<'a, T> {
    record: &'a T,
    at: At,
    /// An earlier record of the same file has its id.
    duplicate: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Book,
    File(usize),
}

trait Record {
    const KIND: RecordKind;
    fn id(&self) -> &str;
}

macro_rules! records {
    ($($kind:ident),*) => {
        $(impl Record for $kind {
            const KIND: RecordKind = RecordKind::$kind;
            fn id(&self) -> &str {
                self.id.as_str()
            }
        })*
    };
}

records!(Affiliate, Client, Referral, Contract, Invoice, Payment, Refund, CreditNote, Remittance, Adjustment);

impl<'a> Union<'a> {
    fn of(existing: &'a Records, offer: &'a Offer) -> Self {
        let offered = &offer.records;
        let in_doubt = |kind| {
            let of_kind = offer.in_doubt.iter().filter(move |(doubted, _)| *doubted == kind);
            of_kind.map(|(_, id)| id.as_str()).collect()
        };
        Self {
            existing,
            offer,
            affiliates: Table::of(&existing.affiliates, &offered.affiliates, offer),
            clients: Table::of(&existing.clients, &offered.clients, offer),
            referrals: Table::of(&existing.referrals, &offered.referrals, offer),
            contracts: Table::of(&existing.contracts, &offered.contracts, offer),
            invoices: Table::of(&existing.invoices, &offered.invoices, offer),
            payments: Table::of(&existing.payments, &offered.payments, offer),
            refunds: Table::of(&existing.refunds, &offered.refunds, offer),
            credit_notes: Table::of(&existing.credit_notes, &offered.credit_notes, offer),
            remittances: Table::of(&existing.remittances, &offered.remittances, offer),
            adjustments: Table::of(&existing.adjustments, &offered.adjustments, offer),
            invoices_in_doubt: in_doubt(RecordKind::Invoice),
            referrals_in_doubt: in_doubt(RecordKind::Referral),
        }
    }

    /// The programme that the book would have.
    fn programme(&self) -> Option<&'a Programme> {
        self.offer.records.programme.as_ref().or(self.existing.programme.as_ref())
    }

    fn failed(&self, kind: RecordKind) -> impl Iterator<Item = &'a str> {
        self.offer.failed.iter().filter(move |(failed, _)| *failed == kind).map(|(_, id)| id.as_str())
    }

    /// `contracts[3].rate`, or `book.contracts[K1].rate`.
    fn place<T: Record>(&self, kept: &Kept<'a, T>, member: &str) -> String {
        let list = T::KIND.member();
        match kept.at {
            At::File(nth) => format!("{list}[{}]{member}", self.offer.places.of(T::KIND, nth)),
            At::Book => format!("book.{list}[{}]{member}", kept.record.id()),
        }
    }

    fn problem<T: Record>(&self, code: Code, kept: &Kept<'a, T>, member: &str, message: String) -> Problem {
        Problem { code, at: self.place(kept, member), message }
    }

    /// The record that `from` names. One that is not there is a problem of `from`; one that could not be read is not,
    /// and what the book lacks of its own was not asked for.
    fn follow<'u, T: Record, U: Record>(
        &self,
        from: &Kept<'a, T>,
        member: &str,
        table: &'u Table<'a, U>,
        id: &str,
        found: &mut Review,
    ) -> Option<&'u Kept<'a, U>> {
        let target = table.get(id);
        if target.is_none() && from.is_offered() && !table.failed.contains(id) {
            let (who, kind) = (who(from.record), words(U::KIND));
            let message = format!(
                "{who} names {kind} \"{id}\", which is neither in the file nor in the book. Add it, or correct the id."
            );
            found.problems.push(self.problem(Code::UnknownReference, from, member, message));
        }
        target
    }
}

impl<'a, T: Record> Table<'a, T> {
    fn of(existing: &'a [T], offered: &'a [T], offer: &'a Offer) -> Self {
        let failed: HashSet<&str> =
            offer.failed.iter().filter(|(kind, _)| *kind == T::KIND).map(|(_, id)| id.as_str()).collect();
        let replaced: HashSet<&str> =
            if existing.is_empty() { HashSet::new() } else { offered.iter().map(T::id).collect() };
        let kept = existing.iter().filter(|record| !replaced.contains(record.id()) && !failed.contains(record.id()));
        let mut all: Vec<Kept<'a, T>> = Vec::with_capacity(existing.len() + offered.len());
        all.extend(kept.map(|record| Kept { record, at: At::Book, duplicate: false }));
        let mut by_id = HashMap::with_capacity(all.len() + offered.len());
        by_id.extend(all.iter().enumerate().map(|(index, kept)| (kept.record.id(), index)));
        for (nth, record) in offered.iter().enumerate() {
            let mut duplicate = failed.contains(record.id());
            match by_id.entry(record.id()) {
                Entry::Occupied(_) => duplicate = true,
                Entry::Vacant(entry) => {
                    entry.insert(all.len());
                }
            }
            all.push(Kept { record, at: At::File(nth), duplicate });
        }
        Self { all, by_id, failed }
    }

    fn get(&self, id: &str) -> Option<&Kept<'a, T>> {
        self.by_id.get(id).map(|index| &self.all[*index])
    }
}

impl<T> Kept<'_, T> {
    fn is_offered(&self) -> bool {
        self.at != At::Book
    }
}

/// A record as messages call it: `Contract "K1"`.
fn who<T: Record>(record: &T) -> String {
    let kind = words(T::KIND);
    format!("{}{} \"{}\"", kind[..1].to_uppercase(), &kind[1..], record.id())
}

fn words(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::CreditNote => "credit note",
        other => other.as_str(),
    }
}

// The programme and its terms

/// A file for a new book brings a programme; one for a book that has one keeps to its currency.
fn programme(union: &Union<'_>, found: &mut Review) {
    let failed = union.failed(RecordKind::Programme).next().is_some();
    let Some(programme) = &union.offer.records.programme else {
        if union.existing.programme.is_none() && !failed && offers_anything(union.offer) {
            let message = "There is no programme, neither in the file nor in the book. Add one with its currency and \
                           rates."
                .to_owned();
            found.problems.push(Problem { code: Code::Unreadable, at: "programme".to_owned(), message });
        }
        return;
    };
    if let Some(existing) = &union.existing.programme
        && existing.currency != programme.currency
    {
        let (offered, kept) = (programme.currency.code(), existing.currency.code());
        let message = format!(
            "The programme's currency is \"{offered}\", but the book's is \"{kept}\", and stays so. Import into a new \
             book instead."
        );
        found.problems.push(Problem { code: Code::CurrencyFixed, at: "programme.currency".to_owned(), message });
    }
    negative_minimum(programme.minimum_payout, "programme", found);
}

fn offers_anything(offer: &Offer) -> bool {
    let Records {
        programme: _,
        terms,
        affiliates,
        clients,
        referrals,
        contracts,
        invoices,
        payments,
        refunds,
        credit_notes,
        remittances,
        adjustments,
    } = &offer.records;
    let counts = [
        terms.len(),
        affiliates.len(),
        clients.len(),
        referrals.len(),
        contracts.len(),
        invoices.len(),
        payments.len(),
        refunds.len(),
        credit_notes.len(),
        remittances.len(),
        adjustments.len(),
    ];
    counts.iter().any(|count| *count > 0) || !offer.failed.is_empty()
}

fn negative_minimum(minimum: Money, at: &str, found: &mut Review) {
    if minimum.is_negative() {
        let message = format!("The minimum payout is \"{minimum}\". Make it nothing or more.");
        found.problems.push(Problem { code: Code::Unreadable, at: format!("{at}.minimum_payout"), message });
    }
}

/// The maximum rate from each day on; `None` while a version that could not be read leaves it open.
struct Maximums(Vec<(Day, Option<Rate>)>);

impl Maximums {
    fn on(&self, day: Day) -> Option<Rate> {
        let begun = self.0.partition_point(|(from, _)| *from <= day);
        begun.checked_sub(1).and_then(|last| self.0[last].1)
    }
}

/// One version of the terms in the making of the timeline.
struct Version {
    from: Day,
    at: Option<String>,
    standard: Named,
    maximum: Named,
}

#[derive(Clone, Copy)]
enum Named {
    Rate(Rate),
    Nothing,
    Unreadable,
}

impl From<Option<Rate>> for Named {
    fn from(rate: Option<Rate>) -> Self {
        rate.map_or(Named::Nothing, Named::Rate)
    }
}

impl Named {
    fn or(self, before: Option<Rate>) -> Option<Rate> {
        match self {
            Named::Rate(rate) => Some(rate),
            Named::Nothing => before,
            Named::Unreadable => None,
        }
    }
}

/// "`rate_above_maximum` is judged by the terms in force on the signing day, and so is a `standard_rate` above its own
/// maximum." Each version is judged by what it names itself, together with what was in force before it.
fn terms(union: &Union<'_>, found: &mut Review) -> Maximums {
    let mut versions = versions(union, found);
    versions.sort_by_key(|version| version.from); // stable: of one day, the file's order
    let (mut standard, mut maximum) = (None, None);
    let mut maximums = Vec::with_capacity(versions.len());
    for version in versions {
        let was_within = standard.zip(maximum).is_none_or(|(standard, maximum)| standard <= maximum);
        standard = version.standard.or(standard);
        maximum = version.maximum.or(maximum);
        maximums.push((version.from, maximum));
        let Some(at) = version.at else { continue };
        if let Named::Rate(named) = version.maximum
            && named > Rate::WHOLE
        {
            let message = format!("The maximum rate is \"{named}\", more than the whole. 0.10 is 10%.");
            found.problems.push(Problem { code: Code::RateAboveMaximum, at: format!("{at}.maximum_rate"), message });
        }
        let Some((standard, maximum)) = standard.zip(maximum).filter(|(standard, maximum)| standard > maximum) else {
            continue;
        };
        let member = match (version.standard, version.maximum) {
            (Named::Rate(_), _) => "standard_rate",
            (_, Named::Rate(_)) if was_within => "maximum_rate",
            // An earlier version brought it about, and was told.
            _ => continue,
        };
        let message = format!(
            "The standard rate is \"{standard}\", above the maximum rate \"{maximum}\" that is in force with it. \
             Lower the one or raise the other."
        );
        found.problems.push(Problem { code: Code::RateAboveMaximum, at: format!("{at}.{member}"), message });
    }
    if union.failed(RecordKind::Terms).any(|effective_on| day::parse(effective_on).is_none()) {
        // A version that could be of any day leaves every maximum open.
        maximums.clear();
    }
    Maximums(maximums)
}

/// The programme and the versions of its terms, offered over existing. Those with a place are offered, or touched by
/// what is; "two versions of the terms with one `effective_on`" are refused here.
fn versions(union: &Union<'_>, found: &mut Review) -> Vec<Version> {
    let offered = &union.offer.records;
    let programme_failed = union.failed(RecordKind::Programme).next().is_some();
    let first = union.programme().map(|programme| Version {
        from: Day::MIN,
        at: offered.programme.is_some().then(|| "programme".to_owned()),
        standard: if programme_failed { Named::Unreadable } else { Named::Rate(programme.standard_rate) },
        maximum: if programme_failed { Named::Unreadable } else { Named::Rate(programme.maximum_rate) },
    });
    let mut versions: Vec<Version> = first.into_iter().collect();
    let mut days: HashSet<Day> = HashSet::new();
    let failed = union.failed(RecordKind::Terms).filter_map(day::parse);
    for from in failed.filter(|from| days.insert(*from)).collect::<Vec<_>>() {
        versions.push(Version { from, at: None, standard: Named::Unreadable, maximum: Named::Unreadable });
    }
    for (nth, terms) in offered.terms.iter().enumerate() {
        let at = format!("terms[{}]", union.offer.places.of(RecordKind::Terms, nth));
        if let Some(minimum) = terms.minimum_payout {
            negative_minimum(minimum, &at, found);
        }
        if !days.insert(terms.effective_on) {
            let day = terms.effective_on;
            let message = format!("The file has two versions of the terms for \"{day}\". Keep one.");
            let at = format!("{at}.effective_on");
            found.problems.push(Problem { code: Code::DuplicateTerms, at, message });
            continue;
        }
        versions.push(Version {
            from: terms.effective_on,
            at: Some(at),
            standard: terms.standard_rate.into(),
            maximum: terms.maximum_rate.into(),
        });
    }
    let touched = touches_terms(union);
    for terms in union.existing.terms.iter().filter(|terms| !days.contains(&terms.effective_on)) {
        versions.push(Version {
            from: terms.effective_on,
            at: touched.then(|| format!("book.terms[{}]", terms.effective_on)),
            standard: terms.standard_rate.into(),
            maximum: terms.maximum_rate.into(),
        });
    }
    versions
}

fn touches_terms(union: &Union<'_>) -> bool {
    union.offer.records.programme.is_some() || !union.offer.records.terms.is_empty()
}

// Ids

fn duplicate_ids(union: &Union<'_>, found: &mut Review) {
    duplicates(union, &union.affiliates, found);
    duplicates(union, &union.clients, found);
    duplicates(union, &union.referrals, found);
    duplicates(union, &union.contracts, found);
    duplicates(union, &union.invoices, found);
    duplicates(union, &union.payments, found);
    duplicates(union, &union.refunds, found);
    duplicates(union, &union.credit_notes, found);
    duplicates(union, &union.remittances, found);
    duplicates(union, &union.adjustments, found);
}

fn duplicates<'a, T: Record>(union: &Union<'a>, table: &Table<'a, T>, found: &mut Review) {
    for kept in table.all.iter().filter(|kept| kept.duplicate) {
        let (kind, id) = (words(T::KIND), kept.record.id());
        let message =
            format!("The id \"{id}\" stands on more than one {kind} of the file. Give each its own, or keep one.");
        found.problems.push(union.problem(Code::DuplicateId, kept, ".id", message));
    }
}

// Who can be referred

/// "Companies that are already using NetSource services cannot be referred. You cannot refer your own company."
fn referrals(union: &Union<'_>, found: &mut Review) {
    let mut own: HashMap<&str, Own<'_>> = HashMap::new();
    let mut refused = vec![false; union.referrals.all.len()];
    for (index, kept) in union.referrals.all.iter().enumerate() {
        let problems_before = found.problems.len();
        let referral = kept.record;
        let affiliate = union.follow(kept, ".affiliate", &union.affiliates, referral.affiliate.as_str(), found);
        let client = union.follow(kept, ".client", &union.clients, referral.client.as_str(), found);
        if let Some(client) = client.filter(|client| kept.is_offered() || client.is_offered()) {
            existing_customer(union, kept, client.record, found);
        }
        if let Some((affiliate, client)) = affiliate.zip(client)
            && (kept.is_offered() || affiliate.is_offered() || client.is_offered())
        {
            let own = own.entry(affiliate.record.id()).or_insert_with(|| Own::of(affiliate.record));
            own_company(union, kept, own, client.record, found);
        }
        refused[index] = kept.duplicate || found.problems.len() > problems_before;
    }
    already_referred(union, &refused, found);
}

/// "The client's `customer_since` is on or before the day that the referral is registered."
fn existing_customer<'a>(union: &Union<'a>, kept: &Kept<'a, Referral>, client: &Client, found: &mut Review) {
    let Some(since) = client.customer_since.filter(|since| *since <= kept.record.registered_on) else { return };
    let message = format!(
        "{} has been a customer since {}, so referral \"{}\" of {} is refused. Companies that already use the services \
         cannot be referred.",
        who(client),
        quoted(since),
        kept.record.id,
        quoted(kept.record.registered_on)
    );
    found.problems.push(union.problem(Code::ExistingCustomer, kept, ".client", message));
}

fn quoted(day: Day) -> String {
    format!("\"{day}\"")
}

/// What an affiliate may not refer: its names and domains, as written and folded.
struct Own<'a> {
    names: Vec<(&'a str, String)>,
    domains: Vec<String>,
}

impl<'a> Own<'a> {
    /// "Names are compared with the affiliate's own name too."
    fn of(affiliate: &'a Affiliate) -> Self {
        let names = affiliate.own_companies.iter().chain([&affiliate.name]);
        let names = names.map(|own| (own.as_str(), name::fold(own))).filter(|(_, folded)| !folded.is_empty());
        Self { names: names.collect(), domains: affiliate.domains.iter().filter_map(|own| name::domain(own)).collect() }
    }
}

fn own_company<'a>(union: &Union<'a>, kept: &Kept<'a, Referral>, own: &Own<'_>, client: &Client, found: &mut Review) {
    let folded = name::fold(&client.name);
    let (who, affiliate) = (who(client), kept.record.affiliate.as_str());
    let refuse = |why: String| {
        let hint = "An affiliate cannot refer its own company.";
        union.problem(Code::OwnCompany, kept, ".client", format!("{who} {why} of affiliate \"{affiliate}\". {hint}"))
    };
    if let Some((written, _)) = own.names.iter().find(|(_, name)| *name == folded) {
        found.problems.push(refuse(format!("is called \"{}\", which is the same as \"{written}\"", client.name)));
        return;
    }
    let shared = |domain: &String| {
        let folded = name::domain(domain)?;
        own.domains.iter().find(|own| name::shares_domain(own, &folded)).map(|own| (domain.clone(), own))
    };
    if let Some((theirs, own)) = client.domains.iter().find_map(shared) {
        found.problems.push(refuse(format!("has the domain \"{theirs}\", which is shared with \"{own}\"")));
        return;
    }
    if let Some((written, _)) = own.names.iter().find(|(_, name)| name::nearly(name, &folded)) {
        let message = format!(
            "{who} is called \"{}\", which is nearly \"{written}\" of affiliate \"{affiliate}\". Confirm that it is \
             another company.",
            client.name
        );
        found.near_misses.push(NearMiss { at: union.place(kept, ".client"), message });
    }
}

/// "An earlier referral of the same client, by anyone, is live: it has no contract yet, or one that has not ended
/// before the new referral is registered. First registered wins." One that is refused itself stands in nobody's way.
fn already_referred(union: &Union<'_>, refused: &[bool], found: &mut Review) {
    let repeated = repeated_clients(union, refused);
    if repeated.is_empty() {
        return;
    }
    let mut contracts_of: HashMap<&str, Vec<&Kept<'_, Contract>>> = HashMap::new();
    for contract in &union.contracts.all {
        contracts_of.entry(contract.record.referral.as_str()).or_default().push(contract);
    }
    for mut referrals in repeated {
        referrals.sort_by_key(|index| (union.referrals.all[*index].record.registered_on, *index));
        let mut live: Option<Live<'_>> = None;
        for index in referrals {
            let kept = &union.referrals.all[index];
            let contracts = contracts_of.get(kept.record.id()).map_or(&[][..], Vec::as_slice);
            let offered = kept.is_offered() || contracts.iter().any(|contract| contract.is_offered());
            if let Some(live) = live.as_ref().filter(|live| live.until >= kept.record.registered_on) {
                if live.offered || kept.is_offered() {
                    found.problems.push(union.problem(
                        Code::AlreadyReferred,
                        kept,
                        ".client",
                        already_referred_words(kept.record, live.referral),
                    ));
                }
                continue;
            }
            let until = live_until(union, kept.record, contracts);
            if live.as_ref().is_none_or(|live| live.until < until) {
                live = Some(Live { referral: kept.record, until, offered });
            }
        }
    }
}

/// The referral that stands in the way of later ones of its client.
struct Live<'a> {
    referral: &'a Referral,
    until: Day,
    /// It or a contract of it is offered.
    offered: bool,
}

/// The last day on which a referral keeps others from its client.
fn live_until(union: &Union<'_>, referral: &Referral, contracts: &[&Kept<'_, Contract>]) -> Day {
    let ended = contracts.iter().map(|contract| contract.record.ended_on.unwrap_or(Day::MAX));
    let doubt = &union.referrals_in_doubt;
    // A contract that could not be read may be its contract, and may have ended.
    let in_doubt = doubt.contains(referral.id()) || doubt.contains("");
    ended.max().unwrap_or(if in_doubt { Day::MIN } else { Day::MAX })
}

/// The referrals, by index, of each client that has more than one.
fn repeated_clients(union: &Union<'_>, refused: &[bool]) -> Vec<Vec<usize>> {
    let mut repeated: Vec<Vec<usize>> = Vec::new();
    let mut first: HashMap<&str, (usize, Option<usize>)> = HashMap::with_capacity(union.referrals.all.len());
    let standing = union.referrals.all.iter().enumerate().filter(|(index, _)| !refused[*index]);
    for (index, kept) in standing {
        match first.entry(kept.record.client.as_str()) {
            Entry::Vacant(entry) => {
                entry.insert((index, None));
            }
            Entry::Occupied(mut entry) => {
                let (first, group) = *entry.get();
                let group = group.unwrap_or_else(|| {
                    repeated.push(vec![first]);
                    repeated.len() - 1
                });
                entry.insert((first, Some(group)));
                repeated[group].push(index);
            }
        }
    }
    repeated
}

fn already_referred_words(referral: &Referral, live: &Referral) -> String {
    format!(
        "Client \"{}\" of referral \"{}\" was referred by affiliate \"{}\" on {} (referral \"{}\"), and that is still \
         live on {}. First registered wins.",
        referral.client,
        referral.id,
        live.affiliate,
        quoted(live.registered_on),
        live.id,
        quoted(referral.registered_on)
    )
}

// Contracts

fn contracts(union: &Union<'_>, maximums: &Maximums, found: &mut Review) {
    let terms_touched = touches_terms(union);
    for kept in &union.contracts.all {
        let contract = kept.record;
        let referral = union.follow(kept, ".referral", &union.referrals, contract.referral.as_str(), found);
        if let Some(referral) = referral.filter(|referral| kept.is_offered() || referral.is_offered()) {
            contract_before_referral(union, kept, referral.record, found);
        }
        let affiliate = referral.and_then(|referral| {
            Some((referral.is_offered(), union.affiliates.get(referral.record.affiliate.as_str())?))
        });
        if let Some((referral_offered, affiliate)) = affiliate
            && (kept.is_offered() || referral_offered || affiliate.is_offered())
        {
            agreement_missing(union, kept, affiliate.record, found);
        }
        if kept.is_offered() || terms_touched {
            rate_above_maximum(union, kept, maximums, found);
        }
        if kept.is_offered() {
            contract_alone(union, kept, found);
        }
    }
}

fn contract_before_referral<'a>(union: &Union<'a>, kept: &Kept<'a, Contract>, referral: &Referral, found: &mut Review) {
    if kept.record.signed_on < referral.registered_on {
        let message = format!(
            "{} was signed on {}, before referral \"{}\" was registered on {}. Such a contract was not referred.",
            who(kept.record),
            quoted(kept.record.signed_on),
            referral.id,
            quoted(referral.registered_on)
        );
        found.problems.push(union.problem(Code::ContractBeforeReferral, kept, ".signed_on", message));
    }
}

/// "Should you decide to bill the client directly, you will be required to sign an affiliate contract."
fn agreement_missing<'a>(union: &Union<'a>, kept: &Kept<'a, Contract>, affiliate: &Affiliate, found: &mut Review) {
    let contract = kept.record;
    let signed_in_time = affiliate.agreement_signed_on.is_some_and(|agreed| agreed <= contract.signed_on);
    if contract.billed_by == BilledBy::Company || signed_in_time {
        return;
    }
    let when = match affiliate.agreement_signed_on {
        Some(agreed) => format!("signed its agreement only on {}", quoted(agreed)),
        None => "has signed no agreement".to_owned(),
    };
    let message = format!(
        "{}, signed on {}, is billed by affiliate \"{}\", who {when}. Billing directly needs an agreement by the day \
         that the contract is signed.",
        who(contract),
        quoted(contract.signed_on),
        affiliate.id
    );
    found.problems.push(union.problem(Code::AgreementMissing, kept, ".billed_by", message));
}

fn rate_above_maximum<'a>(union: &Union<'a>, kept: &Kept<'a, Contract>, maximums: &Maximums, found: &mut Review) {
    let contract = kept.record;
    if let Some(maximum) = maximums.on(contract.signed_on).filter(|maximum| contract.rate > *maximum) {
        let message = format!(
            "{} has the rate \"{}\", above the maximum of \"{maximum}\" in force when it was signed on {}. Lower the \
             rate.",
            who(contract),
            contract.rate,
            quoted(contract.signed_on)
        );
        found.problems.push(union.problem(Code::RateAboveMaximum, kept, ".rate", message));
    }
}

fn contract_alone<'a>(union: &Union<'a>, kept: &Kept<'a, Contract>, found: &mut Review) {
    let contract = kept.record;
    if let Some(ended) = contract.ended_on.filter(|ended| *ended < contract.starts_on) {
        backwards(union, kept, ("starts_on", contract.starts_on), ("ended_on", ended), found);
    }
    let mut days = HashSet::with_capacity(contract.changes.len());
    for (nth, change) in contract.changes.iter().enumerate() {
        if !days.insert(change.effective_on) {
            let (who, day) = (who(contract), quoted(change.effective_on));
            let message = format!("{who} has two changes on {day}. Put their lines into one.");
            let member = format!(".changes[{nth}].effective_on");
            found.problems.push(union.problem(Code::DuplicateChange, kept, &member, message));
        }
    }
}

fn backwards<'a, T: Record>(
    union: &Union<'a>,
    kept: &Kept<'a, T>,
    (first, begins): (&str, Day),
    (last, ends): (&str, Day),
    found: &mut Review,
) {
    let message = format!(
        "{} has \"{last}\" {}, before \"{first}\" {}. Put the earlier day first.",
        who(kept.record),
        quoted(ends),
        quoted(begins)
    );
    found.problems.push(union.problem(Code::PeriodBackwards, kept, &format!(".{last}"), message));
}

// Invoices and their facts

/// Says of each invoice whether its total can be relied on.
fn invoices(union: &Union<'_>, found: &mut Review) -> Vec<bool> {
    let mut numbers: HashMap<&str, &Invoice> = HashMap::with_capacity(union.invoices.all.len());
    let mut sound = Vec::with_capacity(union.invoices.all.len());
    for kept in &union.invoices.all {
        let invoice = kept.record;
        if !kept.duplicate {
            duplicate_number(union, kept, &mut numbers, found);
        }
        union.follow(kept, ".client", &union.clients, invoice.client.as_str(), found);
        let contract = invoice.contract.as_ref();
        let contract = contract.and_then(|id| union.follow(kept, ".contract", &union.contracts, id.as_str(), found));
        if let Some(contract) = contract {
            invoice_of_contract(union, kept, contract, found);
        }
        sound.push(!kept.is_offered() || invoice_alone(union, kept, found));
    }
    sound
}

fn duplicate_number<'a>(
    union: &Union<'a>,
    kept: &Kept<'a, Invoice>,
    numbers: &mut HashMap<&'a str, &'a Invoice>,
    found: &mut Review,
) {
    let invoice = kept.record;
    match numbers.entry(&invoice.number) {
        Entry::Vacant(entry) => {
            entry.insert(invoice);
        }
        Entry::Occupied(first) if kept.is_offered() => {
            let message = format!(
                "{} has the number \"{}\", and so has invoice \"{}\". Give it its own, or correct that one under its id.",
                who(invoice),
                invoice.number,
                first.get().id
            );
            found.problems.push(union.problem(Code::DuplicateNumber, kept, ".number", message));
        }
        Entry::Occupied(_) => {}
    }
}

/// "An invoice whose contract is another client's"; "an invoice period that starts before the contract does".
fn invoice_of_contract<'a>(
    union: &Union<'a>,
    kept: &Kept<'a, Invoice>,
    contract: &Kept<'a, Contract>,
    found: &mut Review,
) {
    let (invoice, referral) = (kept.record, union.referrals.get(contract.record.referral.as_str()));
    let touched = kept.is_offered() || contract.is_offered();
    if let Some(referral) = referral
        && referral.record.client != invoice.client
        && (touched || referral.is_offered())
    {
        let message = format!(
            "{} is to client \"{}\", but its contract \"{}\" is client \"{}\"'s. Correct the client or the contract.",
            who(invoice),
            invoice.client,
            contract.record.id,
            referral.record.client
        );
        found.problems.push(union.problem(Code::WrongClient, kept, ".client", message));
        return; // the contract may be the wrong one, so its days say nothing
    }
    let is_backwards = contract.record.ended_on.is_some_and(|ended| ended < contract.record.starts_on);
    if touched && !is_backwards && invoice.period_start < contract.record.starts_on {
        let message = format!(
            "{} is for a period from {}, before contract \"{}\" starts on {}. Correct the one or the other.",
            who(invoice),
            quoted(invoice.period_start),
            contract.record.id,
            quoted(contract.record.starts_on)
        );
        found.problems.push(union.problem(Code::BeforeContract, kept, ".period_start", message));
    }
}

/// Says whether the invoice's total can be relied on.
fn invoice_alone<'a>(union: &Union<'a>, kept: &Kept<'a, Invoice>, found: &mut Review) -> bool {
    let invoice = kept.record;
    if invoice.period_end < invoice.period_start {
        let (start, end) = (invoice.period_start, invoice.period_end);
        backwards(union, kept, ("period_start", start), ("period_end", end), found);
    }
    if invoice.due_on < invoice.issued_on {
        backwards(union, kept, ("issued_on", invoice.issued_on), ("due_on", invoice.due_on), found);
    }
    let total = invoice.total();
    let problem = if invoice.tax.is_negative() {
        let message = format!(
            "{} has a tax of \"{}\". Make it nothing or more; credit tax with a credit note.",
            who(invoice),
            invoice.tax
        );
        union.problem(Code::Unreadable, kept, ".tax", message)
    } else if total.is_negative() {
        let message = format!(
            "{} comes to \"{total}\", less than nothing. Take amounts back with a credit note on their invoice.",
            who(invoice)
        );
        union.problem(Code::InvoiceBelowZero, kept, ".lines", message)
    } else {
        return true;
    };
    found.problems.push(problem);
    false
}

/// Unknown invoices, and "a payment, refund, credit or remittance of nothing or less".
fn amounts(union: &Union<'_>, found: &mut Review) {
    facts(union, &union.payments, |payment| (payment.invoice.as_str(), payment.amount), found);
    facts(union, &union.refunds, |refund| (refund.invoice.as_str(), refund.amount), found);
    facts(union, &union.remittances, |remittance| (remittance.invoice.as_str(), remittance.amount), found);
    for kept in union.credit_notes.all.iter().filter(|kept| kept.is_offered()) {
        let note = kept.record;
        union.follow(kept, ".invoice", &union.invoices, note.invoice.as_str(), found);
        if note.lines.is_empty() {
            let message = format!("{} has no lines. Say what is credited.", who(note));
            found.problems.push(union.problem(Code::NotPositive, kept, ".lines", message));
        }
        for (nth, line) in note.lines.iter().enumerate().filter(|(_, line)| !line.amount.is_positive()) {
            not_positive(union, kept, &format!(".lines[{nth}].amount"), line.amount, found);
        }
    }
}

fn facts<'a, T: Record>(
    union: &Union<'a>,
    table: &Table<'a, T>,
    of: impl Fn(&'a T) -> (&'a str, Money),
    found: &mut Review,
) {
    for kept in table.all.iter().filter(|kept| kept.is_offered()) {
        let (invoice, amount) = of(kept.record);
        union.follow(kept, ".invoice", &union.invoices, invoice, found);
        if !amount.is_positive() {
            not_positive(union, kept, ".amount", amount, found);
        }
    }
}

fn not_positive<'a, T: Record>(
    union: &Union<'a>,
    kept: &Kept<'a, T>,
    member: &str,
    amount: impl Display,
    found: &mut Review,
) {
    let message = format!("{} has the amount \"{amount}\". Make it more than nothing.", who(kept.record));
    found.problems.push(union.problem(Code::NotPositive, kept, member, message));
}

/// "Credits above the invoice's total": the note that goes above is refused, and counts for nothing after.
fn credits(union: &Union<'_>, sound: &[bool], found: &mut Review) {
    let mut credited: HashMap<&str, Money> = HashMap::new();
    for kept in &union.credit_notes.all {
        let note = kept.record;
        let Some(invoice) = union.invoices.by_id.get(note.invoice.as_str()).copied() else { continue };
        let is_positive = !note.lines.is_empty() && note.lines.iter().all(|line| line.amount.is_positive());
        if !sound[invoice] || !is_positive || kept.duplicate {
            continue;
        }
        let invoice = &union.invoices.all[invoice];
        let total = invoice.record.total();
        let before = credited.get(note.invoice.as_str()).copied().unwrap_or(total.nothing());
        let after = note.lines.iter().fold(before, |sum, line| sum + line.amount);
        if after <= total || !(kept.is_offered() || invoice.is_offered()) {
            credited.insert(note.invoice.as_str(), after);
            continue;
        }
        let message = format!(
            "{} credits \"{}\" of invoice \"{}\", of which only \"{}\" is left of \"{total}\". Credit no more than was \
             invoiced.",
            who(note),
            after - before,
            note.invoice,
            total - before
        );
        found.problems.push(union.problem(Code::CreditAboveInvoice, kept, ".lines", message));
    }
}

// Refunds

/// Money that came in for an invoice, by day.
struct Received {
    on: Day,
    amount: Money,
    offered: bool,
}

/// "By the refund's day, received (payments, or remittances where the affiliate bills) less earlier refunds must cover
/// it."
fn refunds(union: &Union<'_>, found: &mut Review) {
    let mut refunds_of: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, kept) in union.refunds.all.iter().enumerate() {
        if kept.record.amount.is_positive() && !kept.duplicate {
            refunds_of.entry(kept.record.invoice.as_str()).or_default().push(index);
        }
    }
    if refunds_of.is_empty() {
        return;
    }
    let receipts = Receipts::of(union, &refunds_of);
    let mut above: Vec<(usize, Money)> = Vec::new();
    for (invoice, mut refunds) in refunds_of {
        let Some(invoice) = union.invoices.get(invoice) else { continue };
        refunds.sort_by_key(|index| (union.refunds.all[*index].record.refunded_on, *index));
        above.extend(receipts.refunds_above(union, invoice, &refunds));
    }
    above.sort_by_key(|(index, _)| *index);
    for (index, left) in above {
        let kept = &union.refunds.all[index];
        let refund = kept.record;
        let message = format!(
            "{} gives back \"{}\" of invoice \"{}\" on {}, but only \"{left}\" of it had been received and not yet given \
             back. Correct the amount or the day, or record what was received.",
            who(refund),
            refund.amount,
            refund.invoice,
            quoted(refund.refunded_on)
        );
        found.problems.push(union.problem(Code::RefundAboveReceived, kept, ".amount", message));
    }
}

/// What came in for the invoices that have refunds.
#[derive(Default)]
struct Receipts<'a> {
    payments: HashMap<&'a str, Vec<Received>>,
    remittances: HashMap<&'a str, Vec<Received>>,
    /// Invoices of a receipt that is itself refused.
    in_doubt: HashSet<&'a str>,
}

impl<'a> Receipts<'a> {
    fn of(union: &Union<'a>, refunds_of: &HashMap<&str, Vec<usize>>) -> Self {
        let mut receipts = Self::default();
        let Self { payments, remittances, in_doubt } = &mut receipts;
        let mut receive = |by_invoice: &mut HashMap<&'a str, Vec<Received>>, invoice: &'a str, received: Received| {
            if !refunds_of.contains_key(invoice) {
                return;
            }
            if received.amount.is_positive() {
                by_invoice.entry(invoice).or_default().push(received);
            } else {
                in_doubt.insert(invoice);
            }
        };
        for kept in union.payments.all.iter().filter(|kept| !kept.duplicate) {
            let Payment { invoice, received_on: on, amount, .. } = kept.record;
            receive(payments, invoice.as_str(), Received { on: *on, amount: *amount, offered: kept.is_offered() });
        }
        for kept in union.remittances.all.iter().filter(|kept| !kept.duplicate) {
            let Remittance { invoice, received_on: on, amount, .. } = kept.record;
            receive(remittances, invoice.as_str(), Received { on: *on, amount: *amount, offered: kept.is_offered() });
        }
        receipts
    }

    /// The refunds, by index, that give back more than there was, and what there was. One that is refused counts for
    /// nothing after.
    fn refunds_above(&self, union: &Union<'a>, invoice: &Kept<'a, Invoice>, refunds: &[usize]) -> Vec<(usize, Money)> {
        let id = invoice.record.id();
        let doubt = &union.invoices_in_doubt;
        let contract = invoice.record.contract.as_ref().map(|contract| union.contracts.get(contract.as_str()));
        let contract_unknown = matches!(contract, Some(None));
        if contract_unknown || self.in_doubt.contains(id) || doubt.contains(id) || doubt.contains("") {
            return Vec::new();
        }
        let contract = contract.flatten();
        let billed_by = contract.map_or(BilledBy::Company, |contract| contract.record.billed_by);
        let received = match billed_by {
            BilledBy::Company => &self.payments,
            BilledBy::Affiliate => &self.remittances,
        };
        let received = received.get(id).map_or(&[][..], Vec::as_slice);
        let touched = invoice.is_offered()
            || contract.is_some_and(Kept::is_offered)
            || received.iter().any(|received| received.offered)
            || refunds.iter().any(|index| union.refunds.all[*index].is_offered());
        if touched { above(union, received, refunds, invoice.record.tax.nothing()) } else { Vec::new() }
    }
}

fn above(union: &Union<'_>, received: &[Received], refunds: &[usize], nothing: Money) -> Vec<(usize, Money)> {
    let mut received: Vec<&Received> = received.iter().collect();
    received.sort_by_key(|received| received.on);
    let (mut left, mut next, mut above) = (nothing, 0, Vec::new());
    for index in refunds.iter().copied() {
        let refund = union.refunds.all[index].record;
        while let Some(received) = received.get(next).filter(|received| received.on <= refund.refunded_on) {
            left += received.amount;
            next += 1;
        }
        if refund.amount > left {
            above.push((index, left));
        } else {
            left = left - refund.amount;
        }
    }
    above
}

fn adjustments(union: &Union<'_>, found: &mut Review) {
    for kept in union.adjustments.all.iter().filter(|kept| kept.is_offered()) {
        union.follow(kept, ".affiliate", &union.affiliates, kept.record.affiliate.as_str(), found);
    }
}

/// The currency that amounts are read in while a file's own is not known: the one with the most digits, so that an
/// amount is refused only if no currency could have it.
pub fn most_digits() -> Option<Currency> {
    Currency::parse("CLF")
}
