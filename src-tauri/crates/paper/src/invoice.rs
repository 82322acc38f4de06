//! What an affiliate's own invoice to its client says: who bills whom for what, when it is due, and a slip to pay by.

use rules::day;
use rules::invoice::Line;

use crate::InvoicePaper;
use crate::finish::{About, File};
use crate::fonts::Fonts;
use crate::letterhead::{self, LEFT, RIGHT};
use crate::page::{Align, BOTTOM, Owner, Pages, Role, Strip, Style, Tree, WIDTH};
use crate::quote::capital;
use crate::table::{Cell, Column, Row, Table, Width};

const SPACE: f32 = 24.0;
/// What the remittance slip takes, with the space above it.
const SLIP: f32 = 150.0;

pub(crate) fn lay_out<'f>(paper: &InvoicePaper<'_>, fonts: &'f Fonts) -> Pages<'f> {
    let mut pages = Pages::new(fonts);
    let sheet = Sheet { paper };
    sheet.head(&mut pages);
    sheet.charges(&mut pages);
    if paper.due.is_positive() {
        sheet.terms(&mut pages);
        sheet.slip(&mut pages);
    }
    let number = pages.legible(&format!("Invoice {}", sheet.number()));
    let due = format!("Due on {}", day::words(paper.invoice.due_on));
    letterhead::foot(&number, &due, &mut pages);
    pages
}

/// What the document says of itself.
pub(crate) fn about<'a>(paper: &InvoicePaper<'a>, fonts: &Fonts) -> About<'a> {
    let legible = |text: &str| fonts.legible(&text.chars().take(100).collect::<String>()).text;
    About {
        title: format!("Invoice {}, {}", legible(&paper.invoice.number), legible(paper.client_name)),
        author: legible(paper.biller_name),
        subject: format!("Invoice of {}", day::words(paper.invoice.issued_on)),
        on: paper.invoice.issued_on,
        files: vec![File {
            name: "invoice.json",
            mime: "application/json",
            description: "The invoice in the exchange format refbook/1, to be imported.",
            bytes: paper.json,
        }],
    }
}

struct Sheet<'a> {
    paper: &'a InvoicePaper<'a>,
}

impl Sheet<'_> {
    fn head(&self, pages: &mut Pages<'_>) {
        let top = pages.at;
        letterhead::biller(self.paper.biller_name, self.paper.address, self.paper.logo, pages);
        let left = pages.at.y;
        pages.at = top;
        pages.aligned(Role::H1, "Invoice", Style::NAME, RIGHT, Align::Right, 1);
        let line = format!("Number {}", self.number());
        pages.aligned(Role::Paragraph, &line, Style::LABEL, RIGHT, Align::Right, 2);
        let below = left.max(pages.at.y) + 22.0;
        pages.at.y = below;
        self.client(pages);
        let left = pages.at.y;
        pages.at.y = below;
        self.due(pages);
        pages.at.y = left.max(pages.at.y) + 14.0;
        self.facts(pages);
        pages.skip(SPACE);
    }

    fn client(&self, pages: &mut Pages<'_>) {
        let strip = Strip { width: 240.0, ..LEFT };
        pages.paragraph(Role::Paragraph, "For", Style::LABEL, strip, 1);
        pages.skip(2.0);
        pages.paragraph(Role::Paragraph, self.paper.client_name, Style::NAME, strip, 3);
    }

    fn due(&self, pages: &mut Pages<'_>) {
        let label = format!("To pay, {}", self.paper.currency.code());
        pages.aligned(Role::Paragraph, &label, Style::LABEL, RIGHT, Align::Right, 1);
        let owner = Owner::Element(pages.tree.add(Role::Paragraph, Tree::ROOT));
        let strip = Strip { x: 252.0, width: WIDTH - 252.0 };
        pages.line(owner, &self.paper.due.grouped(), Style::AMOUNT, strip, Align::Right);
        pages.skip(Style::AMOUNT.leading);
        if self.paper.due.is_positive() {
            let line = format!("by {}", day::words(self.paper.invoice.due_on));
            pages.aligned(Role::Paragraph, &line, Style::LABEL, RIGHT, Align::Right, 1);
        }
    }

    fn facts(&self, pages: &mut Pages<'_>) {
        let invoice = self.paper.invoice;
        let period = format!("{} to {}", day::words(invoice.period_start), day::words(invoice.period_end));
        let facts = [
            ("Issued on", day::words(invoice.issued_on), 0.0),
            ("Due on", day::words(invoice.due_on), 110.0),
            ("Amounts in", self.paper.currency.code().to_owned(), 220.0),
            ("Period", period, 312.0),
        ];
        letterhead::facts(facts.into_iter(), pages);
    }

    fn charges(&self, pages: &mut Pages<'_>) {
        let paper = self.paper;
        let mut rows: Vec<Row> = paper.invoice.lines.iter().map(charge).collect();
        let total = |label: &str, cell: Cell| Row::total(vec![Cell::text(label), cell]);
        if !paper.invoice.tax.is_zero() {
            rows.push(total("Net", Cell::money(paper.net)));
            rows.push(total(paper.tax_label, Cell::money(paper.invoice.tax)));
        }
        rows.push(total("Total", Cell::money(paper.total)));
        if !paper.paid.is_zero() {
            rows.push(total("Paid or credited", Cell::money(-paper.paid)));
            rows.push(total("To pay", Cell::money(paper.due)));
        }
        let columns = vec![Column::left("Service", Width::Rest), Column::carried("Amount")];
        let sums_from = Some(paper.currency.zero());
        Table { title: "Charges".to_owned(), columns, rows, sums_from }.draw(Strip::WHOLE, pages);
        pages.skip(SPACE);
    }

    fn terms(&self, pages: &mut Pages<'_>) {
        pages.need(Style::SECTION.leading + 4.0 + 2.0 * Style::BODY.leading);
        pages.paragraph(Role::H2, "Payment", Style::SECTION, Strip::WHOLE, 1);
        pages.skip(4.0);
        let due_on = day::words(self.paper.invoice.due_on);
        let terms = format!("Please pay {} by {due_on}, with the invoice’s number.", self.paper.due.grouped());
        pages.paragraph(Role::Paragraph, &terms, Style::BODY, Strip::WHOLE, 2);
        for line in self.paper.pay_to.lines().filter(|line| !line.trim().is_empty()) {
            pages.paragraph(Role::Paragraph, line, Style::BODY, Strip::WHOLE, 2);
        }
    }

    /// At the foot of the last page, to be cut off and sent with the money.
    fn slip(&self, pages: &mut Pages<'_>) {
        pages.need(SLIP);
        pages.at.y = BOTTOM - SLIP + SPACE;
        pages.rule(Strip::WHOLE, 0.6);
        pages.skip(8.0);
        pages.paragraph(Role::H2, "Remittance slip", Style::SECTION, Strip::WHOLE, 1);
        pages.skip(6.0);
        let paper = self.paper;
        let rows = [
            ("Invoice", paper.invoice.number.clone()),
            ("From", paper.client_name.to_owned()),
            ("To", paper.biller_name.to_owned()),
            ("To pay", format!("{} {}", paper.due.grouped(), paper.currency.code())),
            ("Due on", day::words(paper.invoice.due_on)),
        ];
        for (label, value) in rows {
            let top = pages.at.y;
            pages.paragraph(Role::Paragraph, label, Style::LABEL, Strip { x: 0.0, width: 90.0 }, 1);
            pages.at.y = top;
            pages.paragraph(Role::Paragraph, &value, Style::STRONG, Strip { x: 96.0, width: WIDTH - 96.0 }, 1);
            pages.skip(2.0);
        }
    }

    fn number(&self) -> String {
        self.paper.invoice.number.chars().take(60).collect()
    }
}

fn charge(line: &Line) -> Row {
    let amount = Cell { amount: Some(line.amount), ..Cell::text(line.amount.grouped()) };
    Row::body(vec![Cell::text(capital(line.offered())), amount])
}
