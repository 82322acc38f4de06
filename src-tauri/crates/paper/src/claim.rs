//! What a claim says to the company: which invoices it has paid too little for, with the evidence under each.

use rules::day;
use rules::money::Money;

use crate::finish::About;
use crate::fonts::Fonts;
use crate::letterhead::{self, LEFT, RIGHT};
use crate::page::{Align, Owner, Pages, Role, Strip, Style, Tree, WIDTH};
use crate::table::{Cell, Column, Row, Table, Width};
use crate::{ClaimPaper, ClaimRow};

const SPACE: f32 = 24.0;

pub(crate) fn lay_out<'f>(paper: &ClaimPaper<'_>, fonts: &'f Fonts) -> Pages<'f> {
    let mut pages = Pages::new(fonts);
    head(paper, &mut pages);
    rows(paper, &mut pages);
    closing(paper, &mut pages);
    let name = pages.legible(paper.affiliate_name);
    letterhead::foot(&name, &title(paper), &mut pages);
    pages
}

/// What the document says of itself.
pub(crate) fn about<'a>(paper: &ClaimPaper<'a>, fonts: &Fonts) -> About<'a> {
    let legible = |text: &str| fonts.legible(&text.chars().take(100).collect::<String>()).text;
    About {
        title: format!("{}, {}", title(paper), legible(paper.affiliate_name)),
        author: legible(paper.affiliate_name),
        subject: if is_claim(paper) { "Commission that is missing" } else { "Commission paid too much" }.to_owned(),
        on: paper.on,
        files: Vec::new(),
    }
}

/// Where nothing is missing, it asks what was paid too much.
fn is_claim(paper: &ClaimPaper<'_>) -> bool {
    paper.claim.is_positive()
}

fn kind(paper: &ClaimPaper<'_>) -> &'static str {
    if is_claim(paper) { "Claim" } else { "Query" }
}

/// What was paid that the rules do not give: by so much the difference of all falls short of the claim.
fn beyond(paper: &ClaimPaper<'_>) -> Money {
    paper.claim - paper.difference
}

fn title(paper: &ClaimPaper<'_>) -> String {
    format!("{} for {}", kind(paper), paper.month.words())
}

fn head(paper: &ClaimPaper<'_>, pages: &mut Pages<'_>) {
    let top = pages.at;
    letterhead::biller(paper.affiliate_name, paper.address, paper.logo, pages);
    let left = pages.at.y;
    pages.at = top;
    pages.aligned(Role::H1, kind(paper), Style::NAME, RIGHT, Align::Right, 1);
    let line = format!("Commission for {}", paper.month.words());
    pages.aligned(Role::Paragraph, &line, Style::LABEL, RIGHT, Align::Right, 1);
    let below = left.max(pages.at.y) + 22.0;
    pages.at.y = below;
    let strip = Strip { width: 240.0, ..LEFT };
    pages.paragraph(Role::Paragraph, "To", Style::LABEL, strip, 1);
    pages.skip(2.0);
    pages.paragraph(Role::Paragraph, paper.company, Style::NAME, strip, 3);
    pages.paragraph(Role::Paragraph, &day::words(paper.on), Style::LABEL, strip, 1);
    let left = pages.at.y;
    pages.at.y = below;
    let (of, amount) = if is_claim(paper) { ("Missing", paper.claim) } else { ("Paid too much", beyond(paper)) };
    let label = format!("{of}, {}", paper.currency.code());
    pages.aligned(Role::Paragraph, &label, Style::LABEL, RIGHT, Align::Right, 1);
    let owner = Owner::Element(pages.tree.add(Role::Paragraph, Tree::ROOT));
    pages.line(owner, &amount.grouped(), Style::AMOUNT, Strip { x: 252.0, width: WIDTH - 252.0 }, Align::Right);
    pages.skip(Style::AMOUNT.leading);
    pages.at.y = left.max(pages.at.y) + SPACE;
}

fn rows(paper: &ClaimPaper<'_>, pages: &mut Pages<'_>) {
    let columns = vec![
        Column::left("Invoice", Width::Fits(96.0)),
        Column::left("Client and evidence", Width::Rest),
        Column::carried("By the rules"),
        Column::carried("Paid"),
        Column::carried("Missing"),
    ];
    let mut rows: Vec<Row> = paper.rows.iter().map(row).collect();
    let (words, sum) = if is_claim(paper) { ("Missing in all", paper.claim) } else { ("Difference", paper.difference) };
    rows.push(Row::total(vec![Cell::text(words).over(4), Cell::money(sum)]));
    let sums_from = Some(paper.currency.zero());
    Table { title: "Invoices that differ".to_owned(), columns, rows, sums_from }.draw(Strip::WHOLE, pages);
    pages.skip(SPACE);
}

fn row(of: &ClaimRow) -> Row {
    let number = Cell { notes: vec![of.state.to_owned()], ..Cell::text(of.number.as_str()) };
    let client = Cell { notes: vec![of.evidence.clone()], ..Cell::text(of.client_name.as_str()) };
    Row::body(vec![number, client, Cell::summed(of.expected), Cell::summed(of.paid), Cell::summed(of.difference)])
}

fn closing(paper: &ClaimPaper<'_>, pages: &mut Pages<'_>) {
    pages.need(6.0 * Style::BODY.leading);
    let text = if is_claim(paper) {
        let beyond = beyond(paper);
        let apart = if beyond.is_positive() {
            format!(" What was paid too much on others, {}, is not set off against them.", beyond.grouped())
        } else {
            String::new()
        };
        format!(
            "Please pay the {} that are missing with the next statement, or tell us which of the facts above you have \
             otherwise.{apart}",
            paper.claim.grouped()
        )
    } else {
        "Nothing is missing; please tell us what the amounts above that we did not expect are for.".to_owned()
    };
    pages.paragraph(Role::Paragraph, &text, Style::BODY, Strip::WHOLE, 4);
    if !paper.kept.is_zero() {
        pages.skip(6.0);
        let text = format!("The {} that we kept from our remittances are not compared here.", paper.kept.grouped());
        pages.paragraph(Role::Paragraph, &text, Style::BODY, Strip::WHOLE, 2);
    }
}
