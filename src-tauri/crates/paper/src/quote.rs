//! What a solution quote says to the prospect: the charges, the term, how to accept. Not a word of what a referral earns.

use rules::contract::BilledBy;
use rules::day;
use rules::invoice::Line;
use rules::money::Money;
use rules::quote::Quote;

use crate::QuotePaper;
use crate::finish::About;
use crate::fonts::Fonts;
use crate::letterhead::{self, LEFT, RIGHT};
use crate::page::{Align, Owner, Pages, Role, Strip, Style, Tree, WIDTH};
use crate::table::{Cell, Column, Row, Table, Width};

const SPACE: f32 = 24.0;

pub(crate) fn lay_out<'f>(paper: &QuotePaper<'_>, fonts: &'f Fonts) -> Pages<'f> {
    let mut pages = Pages::new(fonts);
    let sheet = Sheet { paper };
    sheet.head(&mut pages);
    sheet.charges(&mut pages);
    sheet.terms(&mut pages);
    acceptance(&mut pages);
    let number = pages.legible(&number(paper.quote));
    let until = format!("Valid until {}", day::words(paper.quote.valid_until));
    letterhead::foot(&number, &until, &mut pages);
    pages
}

/// What the document says of itself.
pub(crate) fn about<'a>(paper: &QuotePaper<'a>, fonts: &Fonts) -> About<'a> {
    let legible = |text: &str| fonts.legible(&text.chars().take(100).collect::<String>()).text;
    About {
        title: format!("{}, {}", legible(&number(paper.quote)), legible(&paper.quote.prospect)),
        author: legible(&paper.programme.company),
        subject: format!("Quote of {}", day::words(paper.quote.quoted_on)),
        on: paper.quote.quoted_on,
        files: Vec::new(),
    }
}

struct Sheet<'a> {
    paper: &'a QuotePaper<'a>,
}

impl Sheet<'_> {
    fn head(&self, pages: &mut Pages<'_>) {
        let top = pages.at;
        letterhead::company(self.paper.programme, self.paper.logo, pages);
        let left = pages.at.y;
        pages.at = top;
        pages.aligned(Role::H1, "Quote", Style::NAME, RIGHT, Align::Right, 1);
        let line = number(self.paper.quote);
        pages.aligned(Role::Paragraph, &line, Style::LABEL, RIGHT, Align::Right, 2);
        let below = left.max(pages.at.y) + 22.0;
        pages.at.y = below;
        self.prospect(pages);
        let left = pages.at.y;
        pages.at.y = below;
        self.monthly(pages);
        pages.at.y = left.max(pages.at.y) + 14.0;
        self.facts(pages);
        pages.skip(SPACE);
    }

    fn prospect(&self, pages: &mut Pages<'_>) {
        let quote = self.paper.quote;
        let strip = Strip { width: 240.0, ..LEFT };
        pages.paragraph(Role::Paragraph, "For", Style::LABEL, strip, 1);
        pages.skip(2.0);
        pages.paragraph(Role::Paragraph, &quote.prospect, Style::NAME, strip, 3);
        if !quote.domains.is_empty() {
            pages.skip(1.0);
            pages.paragraph(Role::Paragraph, &quote.domains.join(", "), Style::LABEL, strip, 2);
        }
    }

    /// What is asked about first is the largest type on the page.
    fn monthly(&self, pages: &mut Pages<'_>) {
        let code = self.paper.programme.currency.code();
        pages.aligned(Role::Paragraph, &format!("A month, {code}"), Style::LABEL, RIGHT, Align::Right, 1);
        let owner = Owner::Element(pages.tree.add(Role::Paragraph, Tree::ROOT));
        let strip = Strip { x: 252.0, width: WIDTH - 252.0 };
        pages.line(owner, &self.paper.monthly.grouped(), Style::AMOUNT, strip, Align::Right);
        pages.skip(Style::AMOUNT.leading);
        if !self.paper.once.is_zero() {
            let line = format!("and {} once", self.paper.once.grouped());
            pages.aligned(Role::Paragraph, &line, Style::LABEL, RIGHT, Align::Right, 1);
        }
    }

    fn facts(&self, pages: &mut Pages<'_>) {
        let quote = self.paper.quote;
        let facts = [
            ("Quoted on", day::words(quote.quoted_on), 0.0),
            ("Valid until", day::words(quote.valid_until), 138.0),
            ("Starts on", day::words(quote.starts_on), 252.0),
            ("Term", term(quote.term_months), 352.0),
        ];
        letterhead::facts(facts.into_iter(), pages);
    }

    fn charges(&self, pages: &mut Pages<'_>) {
        let columns = vec![Column::left("Service", Width::Rest), Column::carried("A month"), Column::carried("Once")];
        let mut rows: Vec<Row> = self.paper.quote.lines.iter().map(charge).collect();
        let code = self.paper.programme.currency.code();
        let total =
            [Cell::text(format!("Total, {code}")), Cell::money(self.paper.monthly), Cell::money(self.paper.once)];
        rows.push(Row::total(total.into_iter().collect()));
        let sums_from = Some(self.paper.programme.currency.zero());
        Table { title: "Your solution".to_owned(), columns, rows, sums_from }.draw(Strip::WHOLE, pages);
        pages.skip(SPACE);
    }

    fn terms(&self, pages: &mut Pages<'_>) {
        let (paper, quote) = (self.paper, self.paper.quote);
        pages.need(Style::SECTION.leading + 4.0 + 2.0 * Style::BODY.leading);
        pages.paragraph(Role::H2, "Bills and term", Style::SECTION, Strip::WHOLE, 1);
        pages.skip(4.0);
        let first = if paper.once.is_zero() {
            format!("Each month’s bill is {}.", paper.monthly.grouped())
        } else {
            format!(
                "The first bill is {}: a month, and what is charged once. Each one after it is {}.",
                paper.first_bill.grouped(),
                paper.monthly.grouped()
            )
        };
        let bills = match quote.billed_by {
            BilledBy::Company => format!("Bills come from {}.", paper.programme.company),
            BilledBy::Affiliate => "Bills come from the partner who presents this quote.".to_owned(),
        };
        let runs = match quote.term_months {
            0 => format!("The contract runs from month to month, from {} on.", day::words(quote.starts_on)),
            months => format!("The original term is {}, from {} on.", term(months), day::words(quote.starts_on)),
        };
        for text in [first, format!("{bills} Taxes, where they are due, are added to them."), runs] {
            pages.paragraph(Role::Paragraph, &text, Style::BODY, Strip::WHOLE, 3);
            pages.skip(3.0);
        }
        pages.skip(SPACE - 3.0);
    }
}

/// Kept together: what is signed stands on one page with where it is signed.
fn acceptance(pages: &mut Pages<'_>) {
    const LINE: f32 = 34.0;
    pages.need(Style::SECTION.leading + 2.0 * Style::BODY.leading + LINE + Style::LABEL.leading + 8.0);
    pages.paragraph(Role::H2, "Acceptance", Style::SECTION, Strip::WHOLE, 1);
    pages.skip(4.0);
    let text = "We accept this quote, with the services and charges above, for the term stated.";
    pages.paragraph(Role::Paragraph, text, Style::BODY, Strip::WHOLE, 2);
    pages.skip(LINE);
    let top = pages.at.y;
    for (label, x, width) in [("Name", 0.0, 170.0), ("Signature", 190.0, 190.0), ("Day", 400.0, 100.0)] {
        let strip = Strip { x, width };
        pages.at.y = top;
        pages.rule(strip, 0.6);
        pages.skip(3.0);
        pages.paragraph(Role::Paragraph, label, Style::LABEL, strip, 1);
    }
}

fn charge(line: &Line) -> Row {
    let nothing = || Cell::default();
    let amount = |amount: Money| Cell { amount: Some(amount), ..Cell::text(amount.grouped()) };
    let (monthly, once) =
        if line.kind.is_once() { (nothing(), amount(line.amount)) } else { (amount(line.amount), nothing()) };
    Row::body(vec![Cell::text(capital(line.offered())), monthly, once])
}

pub(crate) fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// `24 months`, `month to month`.
pub(crate) fn term(months: u32) -> String {
    match months {
        0 => "month to month".to_owned(),
        1 => "1 month".to_owned(),
        months => format!("{months} months"),
    }
}

/// `Quote Q12, version 2`.
pub(crate) fn number(quote: &Quote) -> String {
    let id: String = quote.id.as_str().chars().take(60).collect();
    match (id.as_str(), quote.version) {
        ("", _) => "Draft, not numbered yet".to_owned(),
        (id, 1) => format!("Quote {id}"),
        (id, version) => format!("Quote {id}, version {version}"),
    }
}
