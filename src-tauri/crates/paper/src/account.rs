//! What a client's statement of account says: every bill and payment with the balance after it, and how old the rest is.

use rules::day;

use crate::finish::About;
use crate::fonts::Fonts;
use crate::letterhead::{self, LEFT, RIGHT};
use crate::page::{Align, Owner, Pages, Role, Strip, Style, Tree, WIDTH};
use crate::table::{Cell, Column, Row, Table, Width};
use crate::{AccountEntry, AccountPaper};

const SPACE: f32 = 24.0;

pub(crate) fn lay_out<'f>(paper: &AccountPaper<'_>, fonts: &'f Fonts) -> Pages<'f> {
    let mut pages = Pages::new(fonts);
    let sheet = Sheet { paper };
    sheet.head(&mut pages);
    sheet.ages(&mut pages);
    sheet.entries(&mut pages);
    sheet.payment(&mut pages);
    let name = pages.legible(paper.client_name);
    letterhead::foot(&name, &format!("As of {}", day::words(paper.on)), &mut pages);
    pages
}

/// What the document says of itself.
pub(crate) fn about<'a>(paper: &AccountPaper<'a>, fonts: &Fonts) -> About<'a> {
    let legible = |text: &str| fonts.legible(&text.chars().take(100).collect::<String>()).text;
    About {
        title: format!("Statement of account, {}, {}", legible(paper.client_name), day::words(paper.on)),
        author: legible(paper.biller_name),
        subject: "What was billed and paid".to_owned(),
        on: paper.on,
        files: Vec::new(),
    }
}

struct Sheet<'a> {
    paper: &'a AccountPaper<'a>,
}

impl Sheet<'_> {
    fn head(&self, pages: &mut Pages<'_>) {
        let top = pages.at;
        letterhead::biller(self.paper.biller_name, self.paper.address, self.paper.logo, pages);
        let left = pages.at.y;
        pages.at = top;
        pages.aligned(Role::H1, "Statement of account", Style::NAME, RIGHT, Align::Right, 1);
        let line = format!("As of {}", day::words(self.paper.on));
        pages.aligned(Role::Paragraph, &line, Style::LABEL, RIGHT, Align::Right, 1);
        let below = left.max(pages.at.y) + 22.0;
        pages.at.y = below;
        let strip = Strip { width: 240.0, ..LEFT };
        pages.paragraph(Role::Paragraph, "For", Style::LABEL, strip, 1);
        pages.skip(2.0);
        pages.paragraph(Role::Paragraph, self.paper.client_name, Style::NAME, strip, 3);
        let left = pages.at.y;
        pages.at.y = below;
        self.balance(pages);
        pages.at.y = left.max(pages.at.y) + SPACE;
    }

    fn balance(&self, pages: &mut Pages<'_>) {
        let balance = self.paper.balance;
        let label = if balance.is_negative() { "In your favour" } else { "To pay" };
        let label = format!("{label}, {}", self.paper.currency.code());
        pages.aligned(Role::Paragraph, &label, Style::LABEL, RIGHT, Align::Right, 1);
        let owner = Owner::Element(pages.tree.add(Role::Paragraph, Tree::ROOT));
        let strip = Strip { x: 252.0, width: WIDTH - 252.0 };
        let amount = if balance.is_negative() { -balance } else { balance };
        pages.line(owner, &amount.grouped(), Style::AMOUNT, strip, Align::Right);
        pages.skip(Style::AMOUNT.leading);
    }

    fn ages(&self, pages: &mut Pages<'_>) {
        let columns = self.paper.ages.iter().map(|(words, _)| Column::right(words));
        let columns = [Column::left("", Width::Rest)].into_iter().chain(columns).collect();
        let cells = self.paper.ages.iter().map(|(_, amount)| Cell::money(*amount));
        let row = Row::body([Cell::text("Still to pay")].into_iter().chain(cells).collect());
        Table { title: "By age".to_owned(), columns, rows: vec![row], sums_from: None }.draw(Strip::WHOLE, pages);
        pages.skip(SPACE);
    }

    fn entries(&self, pages: &mut Pages<'_>) {
        let columns = vec![
            Column::left("Day", Width::Fits(84.0)),
            Column::left("What", Width::Rest),
            Column::carried("Billed"),
            Column::carried("Paid or credited"),
            Column::right("Balance"),
        ];
        let mut rows: Vec<Row> = self.paper.entries.iter().map(entry).collect();
        let total = vec![Cell::text("Balance").over(4), Cell::money(self.paper.balance)];
        rows.push(Row::total(total));
        let sums_from = Some(self.paper.currency.zero());
        Table { title: "Bills and payments".to_owned(), columns, rows, sums_from }.draw(Strip::WHOLE, pages);
        pages.skip(SPACE);
    }

    fn payment(&self, pages: &mut Pages<'_>) {
        if self.paper.pay_to.trim().is_empty() || !self.paper.balance.is_positive() {
            return;
        }
        pages.need(Style::SECTION.leading + 4.0 + 3.0 * Style::BODY.leading);
        pages.paragraph(Role::H2, "Payment", Style::SECTION, Strip::WHOLE, 1);
        pages.skip(4.0);
        for line in self.paper.pay_to.lines().filter(|line| !line.trim().is_empty()) {
            pages.paragraph(Role::Paragraph, line, Style::BODY, Strip::WHOLE, 2);
        }
    }
}

fn entry(entry: &AccountEntry) -> Row {
    let summed = |amount: Option<_>| amount.map_or_else(Cell::default, Cell::summed);
    Row::body(vec![
        Cell::text(day::words(entry.on)),
        Cell::text(entry.words.as_str()),
        summed(entry.billed),
        summed(entry.paid),
        Cell::money(entry.balance),
    ])
}
