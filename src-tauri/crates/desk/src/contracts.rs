//! Contracts: what a page shows of one, and what a change of one does to the commission.

use std::cmp::{Ordering, Reverse};

use exchange::book::read_part;
use rules::affiliate::Affiliate;
use rules::base::{WholeMonth, reference, whole_month};
use rules::contract::{BilledBy, Change, Contract};
use rules::day::{self, Day};
use rules::id::Id;
use rules::invoice::{Line, earning};
use rules::money::{Currency, Money};
use rules::referral::Referral;
use rules::statement::ContractOf;
use rules::step::Rule;
use rules::terms::Choices;
use serde::Serialize;
use ts_rs::TS;

use crate::invoices::{ChargeView, charge};
use crate::own::{ClientPays, client_pays};
use crate::views::Amount;
use crate::{Code, Desk, DeskError};

/// A contract with its timeline and its amounts a month.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ContractCard {
    pub id: String,
    pub referral: String,
    pub affiliate: String,
    pub affiliate_name: String,
    /// `10%`.
    pub rate: String,
    #[ts(type = "\"company\" | \"affiliate\"")]
    pub billed_by: &'static str,
    pub term_months: u32,
    /// In the order of their days.
    pub events: Vec<ContractEvent>,
    /// The reference: what a month's base is at most after the original term.
    pub original: Amount,
    /// What is in force today.
    pub current: Amount,
    /// The base of a month that starts today.
    pub paid_on: Amount,
    /// `paid_on` × rate.
    pub commission: Amount,
    /// The largest of the three amounts is 1000.
    pub original_share: u32,
    pub current_share: u32,
    pub paid_on_share: u32,
    /// Why `paid_on` is what it is.
    pub words: String,
    /// What was signed beside what earns: a setup fee, consulting.
    pub besides: Vec<ChargeView>,
    /// What the client pays an affiliate that bills it itself.
    pub client_pays: Option<ClientPays>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ContractEvent {
    /// `2025-12-03`.
    pub on: String,
    #[ts(type = "\"signed\" | \"starts\" | \"change\" | \"term_ends\" | \"ended\" | \"today\"")]
    pub kind: &'static str,
    pub words: String,
    /// Where it stands between the first event and the last, in thousandths.
    pub at: u32,
}

/// What a contract would come to a month, before and after a change that is not saved yet.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ChangeEffect {
    pub rows: Vec<EffectRow>,
    /// `After the original term an upgrade adds nothing: the base stays 1,000.00.`
    pub words: String,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct EffectRow {
    /// `Until 30 Nov 2025`, `From 1 Dec 2025`.
    pub when: String,
    pub billed: Amount,
    pub base: Amount,
    pub commission: Amount,
}

impl Desk {
    /// What the contract in a form's document (as [`Desk::record`] takes it) would come to. Reads only.
    pub fn change_effect(&self, document: &[u8]) -> Result<ChangeEffect, DeskError> {
        let programme = self.programme()?;
        let reading = read_part(document, Some(programme.currency));
        let offered = self.weigh(reading.offer, reading.problems)?.offered;
        let Some(contract) = offered.contracts.into_iter().next() else {
            return Err(DeskError::new(Code::Refused, "There is no contract in the form. Fill in its lines first."));
        };
        let with_it = offered.referrals.into_iter().find(|referral| referral.id == contract.referral);
        let referral = with_it.map_or_else(|| self.find::<Referral>(contract.referral.as_str()), Ok)?;
        let choices = programme.choices_on(contract.signed_on, &self.book.terms()?);
        Ok(effect(&ContractOf { referral, contract, voided: None }, &choices, programme.currency))
    }

    /// Contracts as their client's page shows them, the newest first.
    pub(crate) fn contract_cards(
        &self,
        mut contracts: Vec<ContractOf>,
        today: Day,
    ) -> Result<Vec<ContractCard>, DeskError> {
        let (programme, terms) = (self.programme()?, self.book.terms()?);
        let ids: Vec<Id<Affiliate>> = contracts.iter().map(|of| of.referral.affiliate.clone()).collect();
        let affiliates = self.book.find_each::<Affiliate>(&ids)?;
        contracts.sort_by_key(|of| Reverse(of.contract.starts_on));
        let ids: Vec<&str> = contracts.iter().map(|of| of.contract.id.as_str()).collect();
        let mut prices = self.book.own_prices(&ids)?;
        let card = |of: &ContractOf| {
            let affiliate = affiliates.iter().find(|affiliate| affiliate.id == of.referral.affiliate);
            let name = affiliate.map(|affiliate| affiliate.name.clone()).unwrap_or_default();
            let choices = programme.choices_on(of.contract.signed_on, &terms);
            let prices = prices.remove(&of.contract.id).unwrap_or_default();
            let client_pays = client_pays(&of.contract, prices, programme.currency, today);
            ContractCard { client_pays, ..card(of, name, &choices, programme.currency, today) }
        };
        Ok(contracts.iter().map(card).collect())
    }
}

/// A contract as of `today`; one that starts later as of its first day.
fn card(of: &ContractOf, affiliate_name: String, choices: &Choices, currency: Currency, today: Day) -> ContractCard {
    let contract = &of.contract;
    let day = today.max(contract.starts_on);
    let month = whole_month(day, of, choices, currency);
    let (original, _) = reference(contract, choices, currency);
    let current = if contract.is_held_on(day) { contract.amount_on(day, currency) } else { currency.zero() };
    let shares = shares([original, current, month.base]);
    ContractCard {
        id: contract.id.to_string(),
        referral: of.referral.id.to_string(),
        affiliate: of.referral.affiliate.to_string(),
        affiliate_name,
        rate: contract.rate.percent(),
        billed_by: match contract.billed_by {
            BilledBy::Company => "company",
            BilledBy::Affiliate => "affiliate",
        },
        term_months: contract.term_months,
        events: events(contract, currency, today),
        original: Amount::of(original, currency),
        current: Amount::of(current, currency),
        paid_on: Amount::of(month.base, currency),
        commission: Amount::of(contract.rate.of(month.base), currency),
        original_share: shares[0],
        current_share: shares[1],
        paid_on_share: shares[2],
        words: words(&month.rule, contract, today),
        besides: contract.lines.iter().filter(|line| !line.kind.earns()).map(|line| charge(line, currency)).collect(),
        client_pays: None,
    }
}

/// Of 1000, which is the largest; nothing of nothing.
fn shares(amounts: [Money; 3]) -> [u32; 3] {
    let largest = amounts.map(Money::minor).into_iter().max().unwrap_or(0).max(1);
    amounts.map(|amount| u32::try_from(amount.minor().saturating_mul(1000) / largest).unwrap_or(0))
}

/// Why the base of a whole month is what it is.
fn words(rule: &Rule, contract: &Contract, today: Day) -> String {
    let words = match rule {
        Rule::ContractEnded { ended_on, .. } => {
            format!("The contract ended on {}, so nothing more is earned.", day::words(*ended_on))
        }
        Rule::WithinTerm { term_ends_on, base, .. } => {
            format!("Within the original term, to {}, all of it earns: {}.", day::words(*term_ends_on), base.grouped())
        }
        Rule::Ceiling { ceiling, billed, base, .. } => {
            let outcome = match billed.cmp(ceiling) {
                Ordering::Greater => "an upgrade adds nothing, and the base stays the original",
                Ordering::Equal => "the amount is the original, and all of it earns",
                Ordering::Less => "the amount is smaller than the original, and it is what earns",
            };
            format!("{}: {outcome}, {}.", since(rule, contract), base.grouped())
        }
        other => other.words(),
    };
    if contract.starts_on > today { format!("It starts on {}. {words}", day::words(contract.starts_on)) } else { words }
}

/// Since when the original amount holds.
fn since(rule: &Rule, contract: &Contract) -> String {
    match rule {
        Rule::Ceiling { .. } if contract.term_months == 0 => "Month to month, the signed amount holds".to_owned(),
        Rule::Ceiling { period_start, term_ends_on, .. } if period_start > term_ends_on => {
            format!("The original term ended on {}", day::words(*term_ends_on))
        }
        _ => "Its terms hold the signed amount from the first day".to_owned(),
    }
}

/// The contract's days in their order, with today.
fn events(contract: &Contract, currency: Currency, today: Day) -> Vec<ContractEvent> {
    let mut days = days(contract, currency, today);
    // What is said first of a day stays first.
    days.sort_by_key(|(on, ..)| *on);
    let first = days.first().map_or(today, |(on, ..)| *on);
    let length = days.last().map_or(0, |(on, ..)| (*on - first).num_days()).max(1);
    let event = |(on, kind, words): (Day, &'static str, String)| ContractEvent {
        on: on.to_string(),
        kind,
        words,
        at: u32::try_from((on - first).num_days() * 1000 / length).unwrap_or(0),
    };
    days.into_iter().map(event).collect()
}

fn days(contract: &Contract, currency: Currency, today: Day) -> Vec<(Day, &'static str, String)> {
    let a_month = |lines: &[Line]| earning(lines, currency).at_least_nothing().grouped();
    let mut days = vec![
        (contract.signed_on, "signed", format!("Signed at {} a month", a_month(&contract.lines))),
        (contract.starts_on, "starts", format!("Starts, {}", term_words(contract.term_months))),
    ];
    let changed =
        |change: &Change| (change.effective_on, "change", format!("Changed to {} a month", a_month(&change.lines)));
    days.extend(contract.changes.iter().map(changed));
    if contract.term_months > 0 {
        days.push((contract.term_ends_on(), "term_ends", "The original term ends".to_owned()));
    }
    days.extend(contract.ended_on.map(|ended_on| {
        let words = if ended_on < today { "Ended" } else { "Ends" };
        (ended_on, "ended", words.to_owned())
    }));
    days.push((today, "today", "Today".to_owned()));
    days
}

fn term_words(months: u32) -> String {
    match months {
        0 => "month to month".to_owned(),
        1 => "for 1 month".to_owned(),
        months => format!("for {months} months"),
    }
}

/// A whole month in each stretch of days with one price and one rule.
fn effect(of: &ContractOf, choices: &Choices, currency: Currency) -> ChangeEffect {
    let contract = &of.contract;
    let firsts = first_days(contract);
    let row = |(nth, first): (usize, &Day)| {
        let month = whole_month(*first, of, choices, currency);
        let billed = if contract.is_held_on(*first) { month.billed } else { currency.zero() };
        EffectRow {
            when: when(*first, firsts.get(nth + 1).copied(), nth == 0),
            billed: Amount::of(billed, currency),
            base: Amount::of(month.base, currency),
            commission: Amount::of(contract.rate.of(month.base), currency),
        }
    };
    ChangeEffect { rows: firsts.iter().enumerate().map(row).collect(), words: effect_words(of, choices, currency) }
}

/// The days on which the price or the rule can become another: the start, each change, and the day after the original
/// term; the day after the last.
fn first_days(contract: &Contract) -> Vec<Day> {
    let starts_on = contract.starts_on;
    let after_term = (contract.term_months > 0).then(|| contract.term_ends_on().succ_opt()).flatten();
    let changes = contract.changes.iter().map(|change| change.effective_on.max(starts_on));
    let held = |day: &Day| contract.ended_on.is_none_or(|ended_on| *day <= ended_on);
    let mut days: Vec<Day> = std::iter::once(starts_on).chain(changes).chain(after_term).filter(held).collect();
    days.extend(contract.ended_on.and_then(|ended_on| ended_on.succ_opt()));
    days.sort_unstable();
    days.dedup();
    days
}

fn when(first: Day, next: Option<Day>, is_first: bool) -> String {
    match next.and_then(|next| next.pred_opt()) {
        None => format!("From {}", day::words(first)),
        Some(last) if is_first => format!("Until {}", day::words(last)),
        Some(last) => format!("{} to {}", day::words(first), day::words(last)),
    }
}

/// What the last change does to a whole month, or what a month comes to without any.
fn effect_words(of: &ContractOf, choices: &Choices, currency: Currency) -> String {
    let contract = &of.contract;
    let Some(last) = contract.changes.iter().max_by_key(|change| change.effective_on) else {
        let base = whole_month(contract.starts_on, of, choices, currency).base;
        let commission = contract.rate.of(base).grouped();
        return format!("A whole month comes to {commission}: {} of {}.", contract.rate.percent(), base.grouped());
    };
    let from = last.effective_on.max(contract.starts_on);
    if let Some(ended_on) = contract.ended_on.filter(|ended_on| from > *ended_on) {
        return format!("The contract ends on {}, before the change, which adds nothing.", day::words(ended_on));
    }
    let mut without = of.clone();
    without.contract.changes.retain(|change| change.effective_on != last.effective_on);
    let before = whole_month(from, &without, choices, currency);
    let after = whole_month(from, of, choices, currency);
    compared(&before, &after, contract)
}

/// What became of the base of one month.
fn compared(before: &WholeMonth, after: &WholeMonth, contract: &Contract) -> String {
    let (was, is) = (before.base.grouped(), after.base.grouped());
    let change = (after.billed.cmp(&before.billed), after.base.cmp(&before.base));
    if change.0 == Ordering::Equal {
        return format!("The amount stays the same, and so does the base: {is}.");
    }
    if matches!(after.rule, Rule::WithinTerm { .. }) {
        return format!(
            "Within the original term the base follows the change: {is} instead of {was}. It is the original for what \
             comes after the term."
        );
    }
    let when = match &after.rule {
        Rule::Ceiling { .. } if contract.term_months == 0 => "Month to month",
        Rule::Ceiling { period_start, term_ends_on, .. } if period_start > term_ends_on => "After the original term",
        _ => "Under terms that hold the signed amount",
    };
    match change {
        (Ordering::Greater, Ordering::Equal) => format!("{when} an upgrade adds nothing: the base stays {is}."),
        (_, Ordering::Equal) => format!("{when} a larger amount adds nothing: the base stays the original, {is}."),
        (_, Ordering::Less) => format!("{when} the smaller amount earns: the base falls from {was} to {is}."),
        (_, Ordering::Greater) => {
            format!("{when} the base rises to the original at most: {is} instead of {was}.")
        }
    }
}
