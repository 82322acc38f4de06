//! Who can be referred: not who is a customer already, not the affiliate's own company, not who was referred before.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use super::union::{Findings, Kept, Record, Union};
use crate::affiliate::Affiliate;
use crate::client::Client;
use crate::contract::Contract;
use crate::day::{self, Day};
use crate::name;
use crate::problem::Code;
use crate::referral::Referral;

/// "Companies that are already using NetSource services cannot be referred. You cannot refer your own company."
pub fn referrals(union: &Union<'_>, found: &mut Findings) {
    let mut own: HashMap<&str, Own<'_>> = HashMap::new();
    let mut refused = vec![false; union.referrals.all.len()];
    for (index, kept) in union.referrals.all.iter().enumerate() {
        let problems_before = found.count();
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
        refused[index] = kept.duplicate || found.count() > problems_before;
    }
    already_referred(union, &refused, found);
}

/// "The client's `customer_since` is on or before the day that the referral is registered."
fn existing_customer<'a>(union: &Union<'a>, kept: &Kept<'a, Referral>, client: &Client, found: &mut Findings) {
    let Some(since) = client.customer_since.filter(|since| *since <= kept.record.registered_on) else { return };
    let message = format!(
        "\"{}\" has been a customer since {}, and was registered on {}. Companies that already use the services cannot \
         be referred.",
        client.name,
        day::words(since),
        day::words(kept.record.registered_on)
    );
    found.refuse(union, Code::ExistingCustomer, kept, ".client", message);
}

/// What an affiliate may not refer: its names and domains, as written and folded.
struct Own<'a> {
    affiliate: &'a str,
    names: Vec<(&'a str, String)>,
    domains: Vec<String>,
}

impl<'a> Own<'a> {
    /// "Names are compared with the affiliate's own name too."
    fn of(affiliate: &'a Affiliate) -> Self {
        let names = affiliate.own_companies.iter().chain([&affiliate.name]);
        let names = names.map(|own| (own.as_str(), name::fold(own))).filter(|(_, folded)| !folded.is_empty());
        let domains = affiliate.domains.iter().filter_map(|own| name::domain(own));
        Self { affiliate: &affiliate.name, names: names.collect(), domains: domains.collect() }
    }
}

fn own_company<'a>(union: &Union<'a>, kept: &Kept<'a, Referral>, own: &Own<'_>, client: &Client, found: &mut Findings) {
    let folded = name::fold(&client.name);
    let (name, affiliate) = (&client.name, own.affiliate);
    let refuse = |why: String, found: &mut Findings| {
        let hint = "An affiliate cannot refer its own company.";
        found.refuse(
            union,
            Code::OwnCompany,
            kept,
            ".client",
            format!("\"{name}\" {why} of affiliate \"{affiliate}\". {hint}"),
        );
    };
    if let Some((written, _)) = own.names.iter().find(|(_, name)| *name == folded) {
        refuse(format!("is the same as \"{written}\""), found);
        return;
    }
    let shared = |domain: &String| {
        let folded = name::domain(domain)?;
        own.domains.iter().find(|own| name::shares_domain(own, &folded)).map(|own| (domain.clone(), own))
    };
    if let Some((theirs, own)) = client.domains.iter().find_map(shared) {
        refuse(format!("has the domain \"{theirs}\", which is shared with \"{own}\""), found);
        return;
    }
    if let Some((written, _)) = own.names.iter().find(|(_, name)| name::nearly(name, &folded)) {
        let message = format!(
            "\"{name}\" is nearly \"{written}\" of affiliate \"{affiliate}\". Confirm that it is another company."
        );
        found.confirm(union.position(kept), union.place(kept, ".client"), message);
    }
}

/// "An earlier referral of the same client, by anyone, is live: it has no contract yet, or one that has not ended
/// before the new referral is registered. First registered wins." One that is refused itself stands in nobody's way.
fn already_referred(union: &Union<'_>, refused: &[bool], found: &mut Findings) {
    let repeated = repeated_clients(union, refused);
    if repeated.is_empty() {
        return;
    }
    // "Two referrals on one day: the first recorded, or the first in the file."
    let recorded: HashMap<&str, usize> =
        union.existing.referrals.iter().enumerate().map(|(nth, referral)| (referral.id.as_str(), nth)).collect();
    let turn = |index: &usize| {
        let referral = union.referrals.all[*index].record;
        let recorded = recorded.get(referral.id.as_str()).copied().unwrap_or(usize::MAX);
        (referral.registered_on, recorded, *index)
    };
    let mut contracts_of: HashMap<&str, Vec<&Kept<'_, Contract>>> = HashMap::new();
    for contract in &union.contracts.all {
        contracts_of.entry(contract.record.referral.as_str()).or_default().push(contract);
    }
    // A contract of the book that the offer corrects may now be another referral's.
    let is_corrected = |contract: &&Contract| union.contracts.get(contract.id()).is_none_or(Kept::is_offered);
    let corrected: HashSet<&str> =
        union.existing.contracts.iter().filter(is_corrected).map(|contract| contract.referral.as_str()).collect();
    for mut referrals in repeated {
        referrals.sort_by_key(turn);
        let mut live: Option<Live<'_>> = None;
        for index in referrals {
            let kept = &union.referrals.all[index];
            let contracts = contracts_of.get(kept.record.id()).map_or(&[][..], Vec::as_slice);
            let offered = kept.is_offered()
                || contracts.iter().any(|contract| contract.is_offered())
                || corrected.contains(kept.record.id());
            if let Some(live) = live.as_ref().filter(|live| live.until >= kept.record.registered_on) {
                if live.offered || kept.is_offered() {
                    let message = already_referred_words(union, kept.record, live.referral);
                    found.refuse(union, Code::AlreadyReferred, kept, ".client", message);
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
    /// It is offered, or a contract that it has or had.
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

fn already_referred_words(union: &Union<'_>, referral: &Referral, live: &Referral) -> String {
    let client = union.clients.get(referral.client.as_str()).map_or(referral.client.as_str(), |of| &of.record.name);
    let affiliate = union.affiliates.get(live.affiliate.as_str());
    let affiliate = affiliate.map_or(live.affiliate.as_str(), |of| &of.record.name);
    format!(
        "\"{client}\" was referred by affiliate \"{affiliate}\" on {}, and that is still live on {}. First registered \
         wins.",
        day::words(live.registered_on),
        day::words(referral.registered_on)
    )
}
