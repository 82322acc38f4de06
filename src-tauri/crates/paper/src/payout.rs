//! What a payout sheet says to whoever refers a prospect: what a quote would earn it, when, and what would change that.

use rules::day;
use rules::money::Money;

use crate::finish::About;
use crate::fonts::Fonts;
use crate::letterhead::{self, LEFT, RIGHT};
use crate::page::{Align, Owner, Pages, Role, Strip, Style, Tree, WIDTH};
use crate::quote::{number, term};
use crate::table::{Cell, Column, Row, Table, Width};
use crate::{PayoutMonth, PayoutPaper, PayoutWhatIf};

const SPACE: f32 = 24.0;

pub(crate) fn lay_out<'f>(paper: &PayoutPaper<'_>, fonts: &'f Fonts) -> Pages<'f> {
    let mut pages = Pages::new(fonts);
    let sheet = Sheet { paper };
    sheet.head(&mut pages);
    sheet.summary(&mut pages);
    sheet.words(&mut pages);
    sheet.what_ifs(&mut pages);
    sheet.schedule(&mut pages);
    let number = pages.legible(&number(paper.quote));
    letterhead::foot(&number, "An estimate, as assumed above", &mut pages);
    pages
}

/// What the document says of itself.
pub(crate) fn about<'a>(paper: &PayoutPaper<'a>, fonts: &Fonts) -> About<'a> {
    let legible = |text: &str| fonts.legible(&text.chars().take(100).collect::<String>()).text;
    About {
        title: format!("Payout sheet, {}, {}", legible(&number(paper.quote)), legible(&paper.quote.prospect)),
        author: legible(&paper.programme.company),
        subject: "What a referral would earn".to_owned(),
        on: paper.quote.quoted_on,
        files: Vec::new(),
    }
}

struct Sheet<'a> {
    paper: &'a PayoutPaper<'a>,
}

impl Sheet<'_> {
    fn head(&self, pages: &mut Pages<'_>) {
        let top = pages.at;
        letterhead::programme(self.paper.programme, self.paper.logo, pages);
        let left = pages.at.y;
        pages.at = top;
        pages.aligned(Role::H1, "Payout sheet", Style::NAME, RIGHT, Align::Right, 1);
        let line = number(self.paper.quote);
        pages.aligned(Role::Paragraph, &line, Style::LABEL, RIGHT, Align::Right, 2);
        let below = left.max(pages.at.y) + 22.0;
        pages.at.y = below;
        self.whom(pages);
        let left = pages.at.y;
        pages.at.y = below;
        self.commission(pages);
        pages.at.y = left.max(pages.at.y) + 14.0;
        self.facts(pages);
        pages.skip(SPACE);
    }

    fn whom(&self, pages: &mut Pages<'_>) {
        let strip = Strip { width: 240.0, ..LEFT };
        let (label, name) = match self.paper.affiliate_name {
            "" => ("If this prospect is referred", &*self.paper.quote.prospect),
            name => ("For", name),
        };
        pages.paragraph(Role::Paragraph, label, Style::LABEL, strip, 1);
        pages.skip(2.0);
        pages.paragraph(Role::Paragraph, name, Style::NAME, strip, 3);
        if !self.paper.affiliate_name.is_empty() {
            let line = format!("If {} is referred", self.paper.quote.prospect);
            pages.paragraph(Role::Paragraph, &line, Style::LABEL, strip, 3);
        }
    }

    /// What a month earns is the largest type on the page.
    fn commission(&self, pages: &mut Pages<'_>) {
        let paper = self.paper;
        let code = paper.programme.currency.code();
        pages.aligned(Role::Paragraph, &format!("Commission a month, {code}"), Style::LABEL, RIGHT, Align::Right, 1);
        let owner = Owner::Element(pages.tree.add(Role::Paragraph, Tree::ROOT));
        let strip = Strip { x: 252.0, width: WIDTH - 252.0 };
        pages.line(owner, &paper.commission.grouped(), Style::AMOUNT, strip, Align::Right);
        pages.skip(Style::AMOUNT.leading);
        let line = format!("{} of {}", paper.quote.rate.percent(), paper.earning.grouped());
        pages.aligned(Role::Paragraph, &line, Style::LABEL, RIGHT, Align::Right, 1);
    }

    fn facts(&self, pages: &mut Pages<'_>) {
        let quote = self.paper.quote;
        let facts = [
            ("Quoted on", day::words(quote.quoted_on), 0.0),
            ("Starts on", day::words(quote.starts_on), 138.0),
            ("Term", term(quote.term_months), 252.0),
            ("First paid", self.paper.first_paid.to_owned(), 352.0),
        ];
        letterhead::facts(facts.into_iter(), pages);
    }

    fn summary(&self, pages: &mut Pages<'_>) {
        let paper = self.paper;
        let row = |label: String, amount: Money| Row::body(vec![Cell::text(label), Cell::money(amount)]);
        let mut rows = vec![row("On the bills of the first year".to_owned(), paper.first_year)];
        if let Some(amount) = paper.term {
            rows.push(row(format!("On the bills of the original term, {}", term(paper.quote.term_months)), amount));
        }
        rows.push(row("Then, for each month that the client keeps the contract".to_owned(), paper.after));
        let columns = vec![Column::left("", Width::Rest), Column::right("")];
        Table { title: "What it comes to".to_owned(), columns, rows, sums_from: None }.draw(Strip::WHOLE, pages);
        pages.skip(SPACE);
    }

    /// What the figures rest on, in sentences.
    fn words(&self, pages: &mut Pages<'_>) {
        pages.need(Style::SECTION.leading + 4.0 + 3.0 * Style::BODY.leading);
        pages.paragraph(Role::H2, "What it rests on", Style::SECTION, Strip::WHOLE, 1);
        pages.skip(4.0);
        for sentence in self.paper.sentences {
            pages.paragraph(Role::Paragraph, sentence, Style::BODY, Strip::WHOLE, 4);
            pages.skip(3.0);
        }
        pages.skip(SPACE - 3.0);
    }

    fn what_ifs(&self, pages: &mut Pages<'_>) {
        if self.paper.what_ifs.is_empty() {
            return;
        }
        let columns = vec![
            Column::left("What if the client …", Width::Rest),
            Column::right("As quoted"),
            Column::right("Then"),
            Column::right("Difference"),
        ];
        let rows = self.paper.what_ifs.iter().map(what_if).collect();
        let title = format!("What if, over {} months", self.paper.months.len());
        Table { title, columns, rows, sums_from: None }.draw(Strip::WHOLE, pages);
        pages.skip(SPACE);
    }

    fn schedule(&self, pages: &mut Pages<'_>) {
        let passes_on = self.paper.months.iter().any(|month| month.remitted.is_some());
        let mut columns = vec![Column::left("Statement of", Width::Rest)];
        if passes_on {
            columns.push(Column::right("You pass on"));
        }
        columns.extend([Column::right(if passes_on { "Paid or kept" } else { "Paid" }), Column::right("So far")]);
        let row = |month: &PayoutMonth| {
            let remitted = month.remitted.map(Cell::money);
            let figures = [Cell::money(month.paid), Cell::money(month.so_far)];
            Row::body([Cell::text(month.month.words())].into_iter().chain(remitted).chain(figures).collect())
        };
        let rows = self.paper.months.iter().map(row).collect();
        Table { title: "Month by month".to_owned(), columns, rows, sums_from: None }.draw(Strip::WHOLE, pages);
    }
}

fn what_if(asked: &PayoutWhatIf) -> Row {
    let title = Cell { notes: vec![asked.words.clone()], ..Cell::text(asked.title.as_str()) };
    Row::body(vec![title, Cell::money(asked.plain), Cell::money(asked.what_if), Cell::money(asked.difference)])
}
