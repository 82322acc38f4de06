//! Quotes: what a prospect pays and what whoever refers it is paid, answered while typing, with or without a book.

mod answer;
mod kept;
mod print;

use std::ops::RangeInclusive;

use exchange::book::read_part;
use rules::affiliate::Affiliate;
use rules::money::{Currency, Money};
use rules::problem::{Code as Why, Problem};
use rules::projection::WhatIf;
use rules::quote::{Quote, Stage};
use rules::rate::Rate;
use rules::records::Records;
use rules::refusal::{lacks_agreement, review};
use rules::terms::{Programme, TermsVersion};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::begin::published;
use crate::{Desk, DeskError, Now};

pub use answer::{CeilingView, ComparedView, NothingView, OfferedView, PassedOnView, QuoteAnswer, WhatIfView};
pub use kept::{AcceptanceView, KnownClient, QuotePage, QuoteRow, QuoteVersion, QuotesView};
pub use print::{QuoteSheet, print_quote_without_book};

/// What may come otherwise than a quote assumes, as it is typed in a form or on the command line; nothing typed is
/// nothing asked.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(optional_fields = nullable)]
pub struct WhatIfs {
    /// Every bill is paid so many days after it was due.
    pub days_late: Option<String>,
    /// The last month that the client keeps the contract, counted from 1.
    pub leaves_after: Option<String>,
    /// From which month on the monthly amount is another, counted from 1.
    pub changes_in: Option<String>,
    pub changes_to: Option<String>,
}

/// A quote as it stands in a form.
#[derive(Clone, Debug, Serialize, TS)]
pub struct QuoteView {
    /// What can't be read or would be refused, with its place: `quotes[0].rate`, `what_if.changes_to`.
    #[ts(type = "Array<{ code: string, at: string, message: string }>")]
    pub problems: Vec<Problem>,
    /// None while something of it can't be read.
    pub answer: Option<QuoteAnswer>,
}

impl Desk {
    /// What the quote in a form's document comes to under the book's terms. Reads only.
    pub fn quote_view(&self, document: &[u8], what_ifs: &WhatIfs, now: Now) -> Result<QuoteView, DeskError> {
        let (programme, terms) = (self.programme()?, self.book.terms()?);
        let (quote, unread) = read(document, programme.currency);
        let mut problems = if unread.is_empty() { self.check(document, now)?.problems } else { unread };
        problems.extend(quote.as_ref().map(|quote| self.agreement_missing(quote)).transpose()?.flatten());
        Ok(view(quote, problems, what_ifs, &programme, &terms))
    }

    /// A draft is kept all the same, and told what it would be refused with once it is sent.
    fn agreement_missing(&self, quote: &Quote) -> Result<Option<Problem>, DeskError> {
        let Some(id) = quote.affiliate.as_ref().filter(|_| quote.stage == Stage::Draft) else { return Ok(None) };
        let affiliate = self.book.find::<Affiliate>(id.as_str())?;
        let message = affiliate.and_then(|affiliate| lacks_agreement(quote, &affiliate));
        Ok(message.map(|message| Problem {
            code: Why::AgreementMissing,
            at: "quotes[0].billed_by".to_owned(),
            message,
        }))
    }

    /// What a new quote starts with: the standard rate of the terms in force.
    pub fn quote_rate(&self, now: Now) -> Result<Rate, DeskError> {
        Ok(self.programme()?.choices_on(now.today, &self.book.terms()?).standard_rate)
    }
}

/// What it comes to under the terms that the programme's page publishes: no book is read.
pub fn quote_view_without_book(document: &[u8], what_ifs: &WhatIfs) -> QuoteView {
    let programme = published();
    let reading = read_part(document, Some(programme.currency));
    let mut problems = reading.problems;
    if problems.is_empty() {
        let existing = Records { programme: Some(programme.clone()), ..Records::default() };
        problems = review(&existing, &reading.offer).problems;
    }
    let quote = reading.offer.records.quotes.into_iter().next();
    view(quote, problems, what_ifs, &programme, &[])
}

fn read(document: &[u8], currency: Currency) -> (Option<Quote>, Vec<Problem>) {
    let reading = read_part(document, Some(currency));
    (reading.offer.records.quotes.into_iter().next(), reading.problems)
}

fn view(
    quote: Option<Quote>,
    mut problems: Vec<Problem>,
    what_ifs: &WhatIfs,
    programme: &Programme,
    terms: &[TermsVersion],
) -> QuoteView {
    let asked = what_ifs.read(programme.currency).unwrap_or_else(|wrong| {
        problems.extend(wrong);
        Vec::new()
    });
    let answer = quote.map(|quote| answer::answer(&quote, &asked, programme, terms));
    problems.iter_mut().for_each(unnamed);
    QuoteView { problems, answer }
}

/// Nobody has seen the id that a form writes for a quote that has none.
fn unnamed(problem: &mut Problem) {
    let message = problem.message.replace("Quote \"new:quote\"", "The quote");
    problem.message = message.replace("quote \"new:quote\"", "the quote");
}

impl WhatIfs {
    /// Those that are asked, or what is wrong with them.
    pub fn read(&self, currency: Currency) -> Result<Vec<WhatIf>, Vec<Problem>> {
        let mut problems = Vec::new();
        let late = whole("days_late", typed(self.days_late.as_deref()), DAYS, &mut problems);
        let leaves = whole("leaves_after", typed(self.leaves_after.as_deref()), MONTHS, &mut problems);
        let changes = self.changes(currency, &mut problems);
        if !problems.is_empty() {
            return Err(problems);
        }
        let late = late.filter(|days| *days > 0).map(|days| WhatIf::PaysLate { days });
        let leaves = leaves.map(|month| WhatIf::LeavesAfter { month });
        Ok([late, leaves, changes].into_iter().flatten().collect())
    }

    /// A month and an amount: one of them alone asks nothing that can be answered.
    fn changes(&self, currency: Currency, problems: &mut Vec<Problem>) -> Option<WhatIf> {
        let (in_month, to) = (typed(self.changes_in.as_deref()), typed(self.changes_to.as_deref()));
        let month = whole("changes_in", in_month, MONTHS, problems);
        let amount = to.and_then(|text| Money::parse(text, currency).filter(|amount| !amount.is_negative()));
        match (in_month, to) {
            (_, Some(text)) if amount.is_none() => {
                let message = format!("\"{text}\" is no monthly amount. Write it like 800.00.");
                problems.push(problem("changes_to", message));
            }
            (Some(text), None) if month.is_some() => {
                let message =
                    format!("From month \"{text}\" on no amount is given. Write what is paid a month from then on.");
                problems.push(problem("changes_to", message));
            }
            (None, Some(text)) => {
                let message = format!("No month is given for \"{text}\" a month. Write the one in which it begins.");
                problems.push(problem("changes_in", message));
            }
            _ => {}
        }
        Some(WhatIf::ChangesTo { month: month?, amount: amount? })
    }
}

const MONTHS: RangeInclusive<u32> = 1..=1200;
const DAYS: RangeInclusive<u32> = 0..=365;

/// What is typed, if it is anything.
fn typed(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// A whole number in its range; what is typed and is none is a problem.
fn whole(field: &str, text: Option<&str>, range: RangeInclusive<u32>, problems: &mut Vec<Problem>) -> Option<u32> {
    let text = text?;
    let number = text.parse().ok().filter(|number| range.contains(number));
    if number.is_none() {
        let (first, last) = range.into_inner();
        let message = format!("\"{text}\" can't be asked. Write a whole number from {first} to {last}, or nothing.");
        problems.push(problem(field, message));
    }
    number
}

fn problem(field: &str, message: String) -> Problem {
    Problem { code: Why::Unreadable, at: format!("what_if.{field}"), message }
}
