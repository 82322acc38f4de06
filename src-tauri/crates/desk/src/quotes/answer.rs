//! What a quote comes to: the projection's figures in the order in which people ask for them, with words.

use rules::affiliate::AgreedRemittance;
use rules::contract::BilledBy;
use rules::day;
use rules::invoice::Line;
use rules::money::{Currency, Money};
use rules::month::Month;
use rules::projection::{Projection, WhatIf, months_shown, project};
use rules::quote::Quote;
use rules::statement::Statement;
use rules::terms::{InTermChanges, Programme, TermsVersion};
use serde::Serialize;
use ts_rs::TS;

use crate::invoices::{ChargeView, charge};
use crate::views::{Amount, MonthAhead, MonthName, StepView, shares};

/// What a quote comes to, for the prospect and for whoever refers it.
#[derive(Clone, Debug, Serialize, TS)]
pub struct QuoteAnswer {
    pub lines: Vec<OfferedView>,
    /// What the client pays every month, and once with the first bill.
    pub monthly: Amount,
    pub once: Amount,
    pub first_bill: Amount,
    /// `10%`.
    pub rate: String,
    /// The highest that the terms allow on the day of the quote: `10%`.
    pub maximum_rate: String,
    /// What of a month earns, and the commission on it.
    pub earning: Amount,
    pub commission: Amount,
    /// Why a month earns what it does.
    pub why: Vec<StepView>,
    pub first_paid: Option<MonthName>,
    /// `if the bill of 1 Jan 2027 is paid after 20 days, on 21 Jan 2027`.
    pub first_paid_words: String,
    /// On the first twelve months' bills.
    pub first_year: Amount,
    /// On the bills of the original term; none of a quote from month to month.
    pub term: Option<Amount>,
    /// A month, once the original term is over.
    pub after: Amount,
    /// `24 months from 1 Jan 2027 to 31 Dec 2028`.
    pub term_words: String,
    pub earns_nothing: Vec<NothingView>,
    pub ceiling: CeilingView,
    /// Where the affiliate bills: what it passes on of a month's bill.
    pub passed_on: Option<PassedOnView>,
    pub months: Vec<MonthAhead>,
    /// Each beside the plain case; of more than one, all together as the last.
    pub what_ifs: Vec<WhatIfView>,
}

/// A charge as the prospect reads it.
#[derive(Clone, Debug, Serialize, TS)]
pub struct OfferedView {
    /// Its description or, without one, its kind.
    pub words: String,
    pub amount: Amount,
    /// With the first bill, and never again.
    pub once: bool,
}

/// A charge on which no commission is paid.
#[derive(Clone, Debug, Serialize, TS)]
pub struct NothingView {
    pub charge: ChargeView,
    /// `one-time`.
    pub why: String,
}

/// What the original amount limits.
#[derive(Clone, Debug, Serialize, TS)]
pub struct CeilingView {
    /// Counted from 1; none where it holds from the first day.
    pub after_month: Option<u32>,
    /// `After month 24 (31 Dec 2028) an upgrade adds nothing: [...]`
    pub words: String,
}

/// Of one month's bill.
#[derive(Clone, Debug, Serialize, TS)]
pub struct PassedOnView {
    pub billed: Amount,
    pub remitted: Amount,
    pub kept: Amount,
    pub words: String,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct WhatIfView {
    /// `Pays 20 days late`.
    pub title: String,
    pub words: String,
    pub first_paid: Option<MonthName>,
    pub first_year: ComparedView,
    pub term: Option<ComparedView>,
    /// Of all months that are looked at.
    pub all: ComparedView,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ComparedView {
    pub plain: Amount,
    pub what_if: Amount,
    pub difference: Amount,
}

/// The answer to a quote: all its figures are of statements that the rules draw.
pub(super) fn answer(quote: &Quote, asked: &[WhatIf], programme: &Programme, terms: &[TermsVersion]) -> QuoteAnswer {
    let currency = programme.currency;
    let amount = |money| Amount::of(money, currency);
    let plain = project(quote, &[], programme, terms);
    let whats = asked_projections(asked, quote, programme, terms);
    let choices = programme.choices_on(plain.of.contract.signed_on, terms);
    let first_paid = plain.first_paid();
    QuoteAnswer {
        lines: quote.lines.iter().map(|line| offered(line, currency)).collect(),
        monthly: amount(quote.monthly(currency)),
        once: amount(quote.once(currency)),
        first_bill: amount(quote.monthly(currency) + quote.once(currency)),
        rate: quote.rate.percent(),
        maximum_rate: choices.maximum_rate.percent(),
        earning: amount(quote.earning(currency)),
        commission: amount(plain.commission_of(1)),
        why: first_paid.map(why).unwrap_or_default(),
        first_paid: first_paid.map(|statement| statement.month.into()),
        first_paid_words: first_paid_words(quote, &plain),
        first_year: amount(plain.commission_on(12)),
        term: (quote.term_months > 0).then(|| amount(plain.commission_on(quote.term_months))),
        after: amount(plain.commission_of(quote.term_months + 1)),
        term_words: term_words(quote, &plain),
        earns_nothing: earns_nothing(quote, currency),
        ceiling: ceiling(quote, &plain, choices.in_term_changes, currency),
        passed_on: passed_on(quote, &plain, currency),
        months: months(quote, &plain, whats.last().map(|(_, what_if)| what_if), currency),
        what_ifs: whats.iter().map(|(title, what_if)| compare(title, quote, &plain, what_if, currency)).collect(),
    }
}

fn offered(line: &Line, currency: Currency) -> OfferedView {
    OfferedView {
        words: line.offered().to_owned(),
        amount: Amount::of(line.amount, currency),
        once: line.kind.is_once(),
    }
}

/// Each what-if alone, and all together if there are several, with what they are called.
pub(super) fn asked_projections(
    asked: &[WhatIf],
    quote: &Quote,
    programme: &Programme,
    terms: &[TermsVersion],
) -> Vec<(String, Projection)> {
    let projected = |what_ifs: Vec<WhatIf>| (title(&what_ifs, quote), project(quote, &what_ifs, programme, terms));
    each_and_all(asked).into_iter().map(projected).collect()
}

/// What the figures rest on, in sentences.
pub(super) fn sentences(
    quote: &Quote,
    plain: &Projection,
    programme: &Programme,
    terms: &[TermsVersion],
) -> Vec<String> {
    let currency = programme.currency;
    let choices = programme.choices_on(plain.of.contract.signed_on, terms);
    let nothing =
        |line: &Line| format!("{} {} earns nothing: {}.", line.words(), line.amount.grouped(), why_nothing(line));
    let mut sentences = vec![format!("First paid in {}, {}.", first_month(plain), first_paid_words(quote, plain))];
    sentences.extend(passed_on(quote, plain, currency).map(|passed_on| passed_on.words));
    sentences.extend(quote.lines.iter().filter(|line| !line.kind.earns()).map(nothing));
    sentences.push(ceiling(quote, plain, choices.in_term_changes, currency).words);
    sentences
}

/// `February 2027`.
pub(super) fn first_month(projection: &Projection) -> String {
    projection.first_paid().map_or("no month".to_owned(), |statement| statement.month.words())
}

fn why_nothing(line: &Line) -> &'static str {
    if line.kind.is_once() { "one-time" } else { "neither hosting nor a managed service" }
}

/// Each what-if alone, and all together if there are several.
fn each_and_all(asked: &[WhatIf]) -> Vec<Vec<WhatIf>> {
    let mut each: Vec<Vec<WhatIf>> = asked.iter().map(|what_if| vec![*what_if]).collect();
    if asked.len() > 1 {
        each.push(asked.to_vec());
    }
    each
}

fn title(what_ifs: &[WhatIf], quote: &Quote) -> String {
    match what_ifs {
        [WhatIf::PaysLate { days: 1 }] => "Pays a day late".to_owned(),
        [WhatIf::PaysLate { days }] => format!("Pays {days} days late"),
        [WhatIf::LeavesAfter { month }] => format!("Leaves in month {month}"),
        [WhatIf::ChangesTo { month, amount }] => {
            let when = if *month > quote.term_months { "after the term" } else { "within the term" };
            format!("Changes to {} in month {month}, {when}", amount.grouped())
        }
        _ => "All together".to_owned(),
    }
}

fn why(statement: &Statement) -> Vec<StepView> {
    statement.lines.first().map(|line| line.steps.iter().map(StepView::of).collect()).unwrap_or_default()
}

fn first_paid_words(quote: &Quote, plain: &Projection) -> String {
    let Some(first) = plain.bills.first() else { return String::new() };
    let issued_on = day::words(first.invoice.issued_on);
    let paid_on = day::words(first.invoice.due_on);
    let days = match quote.days_to_pay {
        0 => "at once".to_owned(),
        1 => "after a day".to_owned(),
        days => format!("after {days} days, on {paid_on}"),
    };
    match plain.first_paid() {
        Some(first) if first.brought_forward.is_positive() => {
            format!(
                "if the bill of {issued_on} is paid {days}: less than the smallest payout is carried forward until then"
            )
        }
        Some(_) => format!("if the bill of {issued_on} is paid {days}"),
        None => "as nothing of it earns".to_owned(),
    }
}

fn term_words(quote: &Quote, plain: &Projection) -> String {
    let from = day::words(quote.starts_on);
    match quote.term_months {
        0 => format!("month to month from {from}"),
        1 => format!("1 month, from {from} to {}", day::words(plain.of.contract.term_ends_on())),
        months => format!("{months} months, from {from} to {}", day::words(plain.of.contract.term_ends_on())),
    }
}

/// "NetSource does not pay a commission on setup fees or other one time consulting charges."
fn earns_nothing(quote: &Quote, currency: Currency) -> Vec<NothingView> {
    let nothing = quote.lines.iter().filter(|line| !line.kind.earns());
    let view = |line: &Line| NothingView { charge: charge(line, currency), why: why_nothing(line).to_owned() };
    nothing.map(view).collect()
}

/// "If the contract amount changes after the original term has completed [...]"
fn ceiling(quote: &Quote, plain: &Projection, in_term_changes: InTermChanges, currency: Currency) -> CeilingView {
    let earning = quote.earning(currency).at_least_nothing().grouped();
    let smaller = "a smaller amount earns on the smaller one";
    let after_month = match in_term_changes {
        InTermChanges::FollowContract => Some(quote.term_months).filter(|months| *months > 0),
        InTermChanges::HoldOriginal => None,
    };
    let words = match after_month {
        Some(month) => format!(
            "After month {month} ({}) an upgrade adds nothing: the original amount in force then, {earning} a month as \
             quoted, is the most that earns. From then on {smaller}.",
            day::words(plain.of.contract.term_ends_on())
        ),
        None => format!(
            "From the first day an upgrade adds nothing: the {earning} a month as quoted is the most that earns, and \
             {smaller}."
        ),
    };
    CeilingView { after_month, words }
}

/// "The affiliate may bill the client directly."
fn passed_on(quote: &Quote, plain: &Projection, currency: Currency) -> Option<PassedOnView> {
    let bill = plain.bills.get(1).or(plain.bills.first()).filter(|_| quote.billed_by == BilledBy::Affiliate)?;
    let (billed, remitted) = (bill.invoice.total(), plain.remitted(bill));
    let words = match quote.remittance {
        AgreedRemittance::InFull => {
            format!("Of {} billed a month all is passed on; the commission comes back as a payout.", billed.grouped())
        }
        AgreedRemittance::NetOfCommission => format!(
            "Of {} billed a month {} is passed on, and {} is kept.",
            billed.grouped(),
            remitted.grouped(),
            (billed - remitted).grouped()
        ),
    };
    let amount = |money| Amount::of(money, currency);
    Some(PassedOnView { billed: amount(billed), remitted: amount(remitted), kept: amount(billed - remitted), words })
}

fn months(quote: &Quote, plain: &Projection, what_if: Option<&Projection>, currency: Currency) -> Vec<MonthAhead> {
    let amount = |money| Amount::of(money, currency);
    let shown = months_shown(quote) as usize;
    let statements = || plain.statements.iter().take(shown);
    let others = || what_if.iter().flat_map(|what_if| what_if.statements.iter().take(shown));
    let shares = shares(
        &statements().map(paid).collect::<Vec<_>>(),
        what_if.map(|_| others().map(paid).collect::<Vec<_>>()).as_deref(),
    );
    let mut so_far = (currency.zero(), currency.zero());
    let mut others = others();
    let passes_on = quote.billed_by == BilledBy::Affiliate;
    let month = |(nth, statement): (usize, &Statement)| {
        let other = others.next();
        so_far.0 += paid(statement);
        so_far.1 += other.map_or(currency.zero(), paid);
        MonthAhead {
            month: statement.month.into(),
            paid: amount(paid(statement)),
            held: amount(statement.held),
            so_far: amount(so_far.0),
            remitted: passes_on.then(|| amount(remitted_in(plain, statement.month, currency))),
            what_if_paid: other.map(|other| amount(paid(other))),
            what_if_so_far: other.map(|_| amount(so_far.1)),
            share: shares[nth].0,
            what_if_share: other.map(|_| shares[nth].1),
        }
    };
    statements().enumerate().map(month).collect()
}

/// What a month brings: the payout, and what was kept by whoever bills.
pub(super) fn paid(statement: &Statement) -> Money {
    statement.payout + statement.retained
}

pub(super) fn remitted_in(projection: &Projection, month: Month, currency: Currency) -> Money {
    let remittances = projection.bills.iter().flat_map(|bill| &bill.remittances);
    currency.sum(remittances.filter(|of| Month::of(of.received_on) == month).map(|of| of.amount))
}

fn compare(title: &str, quote: &Quote, plain: &Projection, what_if: &Projection, currency: Currency) -> WhatIfView {
    let compared = |months| {
        let (plain, what_if) = (plain.commission_on(months), what_if.commission_on(months));
        ComparedView {
            plain: Amount::of(plain, currency),
            what_if: Amount::of(what_if, currency),
            difference: Amount::of(what_if - plain, currency),
        }
    };
    WhatIfView {
        title: title.to_owned(),
        words: compared_words(quote, plain, what_if),
        first_paid: what_if.first_paid().map(|statement| statement.month.into()),
        first_year: compared(12),
        term: (quote.term_months > 0).then(|| compared(quote.term_months)),
        all: compared(months_shown(quote)),
    }
}

/// The difference in words: what is paid instead, and when.
pub(super) fn compared_words(quote: &Quote, plain: &Projection, what_if: &Projection) -> String {
    let months = months_shown(quote);
    let (before, after) = (plain.commission_on(months), what_if.commission_on(months));
    let last = what_if.statements.get(months.saturating_sub(1) as usize).filter(|last| last.held.is_positive());
    if let (None, Some(last)) = (what_if.first_paid(), last) {
        return format!(
            "Nothing is paid: at the end of every month a bill is past due, and that holds what was earned, {} by {}.",
            last.held.grouped(),
            last.month.words()
        );
    }
    let instead = format!("{} instead of {} over {months} months", after.grouped(), before.grouped());
    let amount = match after.cmp(&before) {
        std::cmp::Ordering::Equal => format!("{} over {months} months, as in the plain case.", before.grouped()),
        std::cmp::Ordering::Less => format!("{instead}: {} less.", (before - after).grouped()),
        std::cmp::Ordering::Greater => format!("{instead}: {} more.", (after - before).grouped()),
    };
    let [plain_first, other_first] =
        [plain, what_if].map(|projection| projection.first_paid().map(|statement| statement.month.words()));
    match (plain_first, other_first) {
        (Some(plain), Some(other)) if plain != other => {
            format!("{amount} The first commission comes in {other} and not in {plain}.")
        }
        _ => amount,
    }
}
