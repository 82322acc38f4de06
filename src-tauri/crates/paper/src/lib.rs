//! The paper: statements and receipts as PDF files that people can check, file, print and read aloud.
//!
//! The only crate that names printpdf. It computes nothing: figures come from `rules`, and what is printed is what was
//! sealed. There is no clock here; the same statement gives the same bytes, on any thread, after any other.
//!
//! From the top: [`statement`] writes a statement's content with `table` and `page` (the page model: what stands where,
//! and what it is), `draw` turns the model into printpdf's operators, `finish` makes the file.

mod account;
mod claim;
mod draw;
mod finish;
mod fonts;
mod icc;
mod invoice;
mod letterhead;
mod logo;
mod page;
mod payout;
mod quote;
mod receipt;
mod recovery;
mod statement;
mod table;
mod tree;
mod why;

use std::fmt;

use rules::affiliate::Affiliate;
use rules::client::Client;
use rules::day::Day;
use rules::invoice::Invoice;
use rules::money::{Currency, Money};
use rules::month::Month;
use rules::quote::Quote;
use rules::referral::Referral;
use rules::registration::Check;
use rules::statement::Statement;
use rules::terms::Programme;

pub use fonts::{Fonts, SUBSTITUTE};
pub use letterhead::fingerprint;
pub use logo::Logo;

use finish::About;
use page::Pages;

/// What goes onto a statement's paper, and into it.
#[derive(Clone, Copy, Debug)]
pub struct StatementPaper<'a> {
    pub programme: &'a Programme,
    pub affiliate: &'a Affiliate,
    pub statement: &'a Statement,
    /// Such as `2025-01-A1`.
    pub number: &'a str,
    pub seal: Seal<'a>,
    /// Embedded as `statement.json`.
    pub json: &'a [u8],
    /// Embedded as `statement.csv`.
    pub csv: &'a [u8],
    /// In place of the mark.
    pub logo: Option<&'a Logo>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seal<'a> {
    /// The month is open: figures may still change. Dated with the month's cutoff.
    Draft,
    /// As sealed when the month closed. The file is dated with that day.
    Sealed {
        /// 64 hexadecimal digits. Its first sixteen are the fingerprint on every page.
        sha256: &'a str,
        closed_on: Day,
        /// 1 is the first.
        revision: u32,
    },
}

/// What goes onto the paper of a registration's receipt, and into it.
#[derive(Clone, Copy, Debug)]
pub struct ReceiptPaper<'a> {
    pub programme: &'a Programme,
    pub affiliate: &'a Affiliate,
    pub client: &'a Client,
    pub referral: &'a Referral,
    pub checks: &'a [Check],
    /// Such as `3 Jan 2026, 12:00 UTC`.
    pub recorded_words: &'a str,
    /// The file is dated with this day.
    pub recorded_on: Day,
    /// 64 hexadecimal digits.
    pub sha256: &'a str,
    /// Embedded as `receipt.json`.
    pub json: &'a [u8],
    /// In place of the mark.
    pub logo: Option<&'a Logo>,
}

/// What goes onto a solution quote for a prospect. "We [...] will write up a quote on any solution as requested."
#[derive(Clone, Copy, Debug)]
pub struct QuotePaper<'a> {
    pub programme: &'a Programme,
    /// Without an id, it is a draft.
    pub quote: &'a Quote,
    /// What the client pays every month, once, and on the first bill.
    pub monthly: Money,
    pub once: Money,
    pub first_bill: Money,
    /// In place of the mark.
    pub logo: Option<&'a Logo>,
}

/// What goes onto the payout sheet of a quote, for whoever refers the prospect.
#[derive(Clone, Copy, Debug)]
pub struct PayoutPaper<'a> {
    pub programme: &'a Programme,
    pub quote: &'a Quote,
    /// Empty while nobody is named.
    pub affiliate_name: &'a str,
    /// What of a month earns, and the commission on it.
    pub earning: Money,
    pub commission: Money,
    /// `February 2027`.
    pub first_paid: &'a str,
    pub first_year: Money,
    /// None of a quote from month to month.
    pub term: Option<Money>,
    /// A month, after the original term.
    pub after: Money,
    /// What the figures rest on: when the client pays, what earns nothing, what the original amount limits.
    pub sentences: &'a [String],
    pub months: &'a [PayoutMonth],
    pub what_ifs: &'a [PayoutWhatIf],
    /// In place of the mark.
    pub logo: Option<&'a Logo>,
}

/// One month of a payout sheet.
#[derive(Clone, Copy, Debug)]
pub struct PayoutMonth {
    pub month: Month,
    pub paid: Money,
    pub so_far: Money,
    /// What is passed on to the company, where the affiliate bills.
    pub remitted: Option<Money>,
}

/// One what-if of a payout sheet, beside the plain case.
#[derive(Clone, Debug)]
pub struct PayoutWhatIf {
    pub title: String,
    pub words: String,
    pub plain: Money,
    pub what_if: Money,
    pub difference: Money,
}

/// What goes onto an affiliate's own invoice to its client. "You may also bill the client directly."
#[derive(Clone, Copy, Debug)]
pub struct InvoicePaper<'a> {
    pub currency: Currency,
    pub biller_name: &'a str,
    /// Line by line.
    pub address: &'a str,
    /// Where the money goes, line by line.
    pub pay_to: &'a str,
    pub client_name: &'a str,
    pub invoice: &'a Invoice,
    /// The charges without tax, and with it.
    pub net: Money,
    pub total: Money,
    pub tax_label: &'a str,
    /// Paid or credited already.
    pub paid: Money,
    /// What is still to pay.
    pub due: Money,
    /// Embedded as `invoice.json`.
    pub json: &'a [u8],
    /// In place of the mark.
    pub logo: Option<&'a Logo>,
}

/// What goes onto a client's statement of account with the affiliate that bills it.
#[derive(Clone, Copy, Debug)]
pub struct AccountPaper<'a> {
    pub currency: Currency,
    pub biller_name: &'a str,
    /// Line by line.
    pub address: &'a str,
    /// Where the money goes, line by line.
    pub pay_to: &'a str,
    pub client_name: &'a str,
    pub on: Day,
    /// In the order of their days.
    pub entries: &'a [AccountEntry],
    /// What is owed, by how long it has been overdue.
    pub ages: &'a [(&'static str, Money)],
    /// What the client owes in all; below nothing, what it is owed.
    pub balance: Money,
    /// In place of the mark.
    pub logo: Option<&'a Logo>,
}

/// One line of an account: billed, or paid and credited.
#[derive(Clone, Debug)]
pub struct AccountEntry {
    pub on: Day,
    /// `Invoice 1007`.
    pub words: String,
    pub billed: Option<Money>,
    pub paid: Option<Money>,
    pub balance: Money,
}

/// What goes onto an affiliate's claim for commission that the company did not pay.
#[derive(Clone, Copy, Debug)]
pub struct ClaimPaper<'a> {
    pub currency: Currency,
    /// Who is to pay.
    pub company: &'a str,
    pub affiliate_name: &'a str,
    /// Line by line.
    pub address: &'a str,
    pub month: Month,
    pub on: Day,
    /// The invoices that differ.
    pub rows: &'a [ClaimRow],
    /// What is missing, without what was paid too much elsewhere.
    pub claim: Money,
    /// What is missing less what was paid too much.
    pub difference: Money,
    /// What the affiliate kept from its remittances, which is not compared.
    pub kept: Money,
    /// In place of the mark.
    pub logo: Option<&'a Logo>,
}

/// One invoice of a claim.
#[derive(Clone, Debug)]
pub struct ClaimRow {
    pub number: String,
    pub client_name: String,
    /// `short`, `unpaid`, `unexpected`.
    pub state: &'static str,
    pub expected: Money,
    pub paid: Money,
    /// What is missing; below nothing, what was paid too much.
    pub difference: Money,
    pub evidence: String,
}

/// What goes onto a book's recovery sheet. It has no `Debug`: it holds the code.
#[derive(Clone, Copy)]
pub struct RecoveryPaper<'a> {
    pub book_name: &'a str,
    /// In groups, with dashes between them.
    pub code: &'a str,
    /// The file is dated with this day.
    pub made_on: Day,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageSize {
    A4,
    Letter,
}

/// A file, and what could not be printed as it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    pub pdf: Vec<u8>,
    pub warnings: Vec<Warning>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// Characters that the fonts lack, or that would do harm unseen; [`SUBSTITUTE`] stands for each.
    MissingCharacters { characters: Vec<char>, text: String },
    /// A text too long for its place. It ends with an ellipsis; the embedded files have it whole.
    Shortened { text: String },
}

/// Prints a statement.
pub fn statement(paper: &StatementPaper<'_>, size: PageSize, fonts: &Fonts) -> Printed {
    print(statement::lay_out(paper, fonts), &statement::about(paper, fonts), size)
}

/// Prints the receipt of a registration.
pub fn receipt(paper: &ReceiptPaper<'_>, size: PageSize, fonts: &Fonts) -> Printed {
    print(receipt::lay_out(paper, fonts), &receipt::about(paper, fonts), size)
}

/// Prints a solution quote.
pub fn quote(paper: &QuotePaper<'_>, size: PageSize, fonts: &Fonts) -> Printed {
    print(quote::lay_out(paper, fonts), &quote::about(paper, fonts), size)
}

/// Prints a quote's payout sheet.
pub fn payout(paper: &PayoutPaper<'_>, size: PageSize, fonts: &Fonts) -> Printed {
    print(payout::lay_out(paper, fonts), &payout::about(paper, fonts), size)
}

/// Prints an affiliate's own invoice.
pub fn invoice(paper: &InvoicePaper<'_>, size: PageSize, fonts: &Fonts) -> Printed {
    print(invoice::lay_out(paper, fonts), &invoice::about(paper, fonts), size)
}

/// Prints a client's statement of account.
pub fn account(paper: &AccountPaper<'_>, size: PageSize, fonts: &Fonts) -> Printed {
    print(account::lay_out(paper, fonts), &account::about(paper, fonts), size)
}

/// Prints a claim.
pub fn claim(paper: &ClaimPaper<'_>, size: PageSize, fonts: &Fonts) -> Printed {
    print(claim::lay_out(paper, fonts), &claim::about(paper, fonts), size)
}

/// Prints a recovery sheet.
pub fn recovery(paper: &RecoveryPaper<'_>, size: PageSize, fonts: &Fonts) -> Printed {
    print(recovery::lay_out(paper, fonts), &recovery::about(paper, fonts), size)
}

fn print(pages: Pages<'_>, about: &About<'_>, size: PageSize) -> Printed {
    let drawn = draw::draw(&pages, size);
    let pdf = finish::finish(&drawn, &pages.tree, about);
    Printed { pdf, warnings: pages.warnings }
}

/// In plain words, for the person who prints.
impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Warning::MissingCharacters { characters, text } => {
                let shown: Vec<String> = characters.iter().map(|c| name(*c)).collect();
                let text = excerpt(text);
                write!(f, "The paper can't show {} in \"{text}\": a square stands instead.", shown.join(", "))
            }
            Warning::Shortened { text } => {
                write!(f, "\"{}\" is too long for its place and was shortened.", excerpt(text))
            }
        }
    }
}

/// The character, or its number where it would not be seen.
fn name(c: char) -> String {
    let seen = !c.is_control() && !c.is_whitespace() && !fonts::is_unseen(c);
    if seen { format!("\u{201c}{c}\u{201d}") } else { format!("U+{:04X}", u32::from(c)) }
}

fn excerpt(text: &str) -> String {
    let mut short: String = text.chars().filter(|c| !fonts::is_unseen(*c)).take(60).collect();
    if text.chars().count() > 60 {
        short.push('…');
    }
    short
}
