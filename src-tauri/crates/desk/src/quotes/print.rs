//! A quote on paper: the solution for the prospect, the payout sheet for whoever refers it.

use std::path::Path;

use exchange::book::read_part;
use paper::{Fonts, Logo, PageSize, PayoutMonth, PayoutPaper, PayoutWhatIf, QuotePaper};
use rules::affiliate::Affiliate;
use rules::id::Id;
use rules::money::Money;
use rules::projection::{Projection, months_shown, project};
use rules::quote::Quote;
use rules::statement::Statement;
use rules::terms::{Programme, TermsVersion};

use super::answer::{asked_projections, compared_words, first_month, paid, remitted_in, sentences};
use super::{WhatIfs, published};
use crate::file::write_whole;
use crate::{Code, Desk, DeskError};

/// Which of the two papers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuoteSheet {
    /// For the prospect: not a word of commission.
    Solution,
    /// For whoever refers it.
    Payout,
}

/// What a quote is printed with.
struct Press<'a> {
    programme: &'a Programme,
    terms: &'a [TermsVersion],
    logo: Option<&'a Logo>,
    affiliate_name: &'a str,
}

impl Desk {
    /// Prints the quote in a form's document.
    pub fn print_quote(
        &self,
        document: &[u8],
        what_ifs: &WhatIfs,
        sheet: QuoteSheet,
        file: &Path,
        size: PageSize,
    ) -> Result<(), DeskError> {
        let (programme, terms, look) = (self.programme()?, self.book.terms()?, self.look()?);
        let quote = read(document, &programme)?;
        let affiliate = quote.affiliate.as_ref().map(|id| self.book.find::<Affiliate>(id.as_str())).transpose()?;
        let affiliate_name = affiliate.flatten().map(|affiliate| affiliate.name).unwrap_or_default();
        let press =
            Press { programme: &programme, terms: &terms, logo: look.logo.as_ref(), affiliate_name: &affiliate_name };
        write_whole(file, &press.print(&quote, what_ifs, sheet, size, &look.fonts)?)
    }
}

/// The same under the published terms: no book is read.
pub fn print_quote_without_book(
    document: &[u8],
    what_ifs: &WhatIfs,
    sheet: QuoteSheet,
    file: &Path,
    size: PageSize,
) -> Result<(), DeskError> {
    let programme = published();
    let quote = read(document, &programme)?;
    let press = Press { programme: &programme, terms: &[], logo: None, affiliate_name: "" };
    write_whole(file, &press.print(&quote, what_ifs, sheet, size, &Fonts::load())?)
}

/// The document's quote; one that has no number yet is a draft on paper too.
fn read(document: &[u8], programme: &Programme) -> Result<Quote, DeskError> {
    let reading = read_part(document, Some(programme.currency));
    let mut quote = match reading.offer.records.quotes.into_iter().next() {
        Some(quote) if reading.problems.is_empty() => quote,
        _ => return Err(unprintable(reading.problems)),
    };
    if quote.id.as_str().starts_with("new:") {
        quote.id = Id::new("");
    }
    if quote.prospect.trim().is_empty() {
        "Your company".clone_into(&mut quote.prospect);
    }
    Ok(quote)
}

fn unprintable(fields: Vec<rules::problem::Problem>) -> DeskError {
    let message = fields.first().map_or("There is no quote to print.".to_owned(), |problem| problem.message.clone());
    DeskError { fields, ..DeskError::new(Code::Refused, message) }
}

impl Press<'_> {
    fn print(
        &self,
        quote: &Quote,
        what_ifs: &WhatIfs,
        sheet: QuoteSheet,
        size: PageSize,
        fonts: &Fonts,
    ) -> Result<Vec<u8>, DeskError> {
        Ok(match sheet {
            QuoteSheet::Solution => self.solution(quote, size, fonts),
            QuoteSheet::Payout => self.payout(quote, what_ifs, size, fonts)?,
        })
    }

    fn solution(&self, quote: &Quote, size: PageSize, fonts: &Fonts) -> Vec<u8> {
        let currency = self.programme.currency;
        let (monthly, once) = (quote.monthly(currency), quote.once(currency));
        let paper =
            QuotePaper { programme: self.programme, quote, monthly, once, first_bill: monthly + once, logo: self.logo };
        paper::quote(&paper, size, fonts).pdf
    }

    fn payout(&self, quote: &Quote, what_ifs: &WhatIfs, size: PageSize, fonts: &Fonts) -> Result<Vec<u8>, DeskError> {
        let asked = what_ifs.read(self.programme.currency).map_err(unprintable)?;
        let plain = project(quote, &[], self.programme, self.terms);
        let whats = asked_projections(&asked, quote, self.programme, self.terms);
        let shown = months_shown(quote);
        let before = plain.commission_on(shown);
        let beside = |(title, what_if): &(String, Projection)| PayoutWhatIf {
            title: title.clone(),
            words: compared_words(quote, &plain, what_if),
            plain: before,
            what_if: what_if.commission_on(shown),
            difference: what_if.commission_on(shown) - before,
        };
        let what_ifs: Vec<PayoutWhatIf> = whats.iter().map(beside).collect();
        let paper = PayoutPaper {
            programme: self.programme,
            quote,
            affiliate_name: self.affiliate_name,
            earning: quote.earning(self.programme.currency),
            commission: plain.commission_of(1),
            first_paid: &first_month(&plain),
            first_year: plain.commission_on(12),
            term: (quote.term_months > 0).then(|| plain.commission_on(quote.term_months)),
            after: plain.commission_of(quote.term_months + 1),
            sentences: &sentences(quote, &plain, self.programme, self.terms),
            months: &self.months(quote, &plain),
            what_ifs: &what_ifs,
            logo: self.logo,
        };
        Ok(paper::payout(&paper, size, fonts).pdf)
    }

    fn months(&self, quote: &Quote, plain: &Projection) -> Vec<PayoutMonth> {
        let currency = self.programme.currency;
        let passes_on = plain.bills.iter().any(|bill| !bill.remittances.is_empty());
        let mut so_far: Money = currency.zero();
        let month = |statement: &Statement| {
            so_far += paid(statement);
            PayoutMonth {
                month: statement.month,
                paid: paid(statement),
                so_far,
                remitted: passes_on.then(|| remitted_in(plain, statement.month, currency)),
            }
        };
        plain.statements.iter().take(months_shown(quote) as usize).map(month).collect()
    }
}
