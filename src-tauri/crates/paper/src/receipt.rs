//! What the receipt of a registration says: one page.

use rules::day;
use rules::page::WHO_CANNOT_BE_REFERRED;
use rules::registration::Check;

use crate::ReceiptPaper;
use crate::finish::{About, File};
use crate::fonts::Fonts;
use crate::letterhead::{self, LEFT, RIGHT, fingerprint};
use crate::page::{Align, Owner, Pages, Role, Strip, Style, Tree, WIDTH};
use crate::table::{Cell, Column, Row, Table, Width};

const SPACE: f32 = 24.0;

pub(crate) fn lay_out<'f>(paper: &ReceiptPaper<'_>, fonts: &'f Fonts) -> Pages<'f> {
    let mut pages = Pages::new(fonts);
    let sheet = Sheet { paper };
    sheet.head(&mut pages);
    sheet.client(&mut pages);
    sheet.checks(&mut pages);
    meaning(&mut pages);
    let number = pages.legible(&format!("Referral {}", sheet.number()));
    let mark = format!("Fingerprint {}", fingerprint(paper.sha256));
    letterhead::foot(&number, &mark, &mut pages);
    pages
}

/// What the document says of itself.
pub(crate) fn about<'a>(paper: &ReceiptPaper<'a>, fonts: &Fonts) -> About<'a> {
    let legible = |text: &str| fonts.legible(&text.chars().take(100).collect::<String>()).text;
    let (client, affiliate) = (legible(&paper.client.name), legible(&paper.affiliate.name));
    let number = legible(paper.referral.id.as_str());
    About {
        title: format!("Registration receipt {number}, {client}, {affiliate}"),
        author: legible(&paper.programme.company),
        subject: format!("Registration of a referral on {}", day::words(paper.referral.registered_on)),
        on: paper.recorded_on,
        files: vec![File {
            name: "receipt.json",
            mime: "application/json",
            description: "The registration with everything that was checked, as it was sealed.",
            bytes: paper.json,
        }],
    }
}

struct Sheet<'a> {
    paper: &'a ReceiptPaper<'a>,
}

impl Sheet<'_> {
    fn head(&self, pages: &mut Pages<'_>) {
        let top = pages.at;
        letterhead::programme(self.paper.programme, self.paper.logo, pages);
        let left = pages.at.y;
        pages.at = top;
        pages.aligned(Role::H1, "Registration receipt", Style::NAME, RIGHT, Align::Right, 1);
        let line = format!("Referral {}", self.number());
        pages.aligned(Role::Paragraph, &line, Style::LABEL, RIGHT, Align::Right, 2);
        let below = left.max(pages.at.y) + 22.0;
        pages.at.y = below;
        self.affiliate(pages);
        let left = pages.at.y;
        pages.at.y = below;
        self.registered_on(pages);
        pages.at.y = left.max(pages.at.y) + 14.0;
        self.facts(pages);
        pages.skip(SPACE);
    }

    fn affiliate(&self, pages: &mut Pages<'_>) {
        let affiliate = self.paper.affiliate;
        let strip = Strip { width: 210.0, ..LEFT };
        pages.paragraph(Role::Paragraph, "For", Style::LABEL, strip, 1);
        pages.skip(2.0);
        pages.paragraph(Role::Paragraph, &affiliate.name, Style::NAME, strip, 3);
        if !affiliate.own_companies.is_empty() {
            pages.skip(1.0);
            pages.paragraph(Role::Paragraph, &affiliate.own_companies.join(", "), Style::LABEL, strip, 3);
        }
    }

    /// First registered wins, so that the day is the largest type on the page.
    fn registered_on(&self, pages: &mut Pages<'_>) {
        pages.aligned(Role::Paragraph, "Registered on", Style::LABEL, RIGHT, Align::Right, 1);
        let owner = Owner::Element(pages.tree.add(Role::Paragraph, Tree::ROOT));
        let strip = Strip { x: 220.0, width: WIDTH - 220.0 };
        pages.line(owner, &day::words(self.paper.referral.registered_on), Style::AMOUNT, strip, Align::Right);
        pages.skip(Style::AMOUNT.leading);
    }

    fn facts(&self, pages: &mut Pages<'_>) {
        let facts = [
            ("Recorded", self.paper.recorded_words.to_owned(), 0.0),
            ("Affiliate", self.paper.affiliate.id.to_string(), 180.0),
            ("Fingerprint", fingerprint(self.paper.sha256), 352.0),
        ];
        letterhead::facts(facts.into_iter(), pages);
    }

    fn client(&self, pages: &mut Pages<'_>) {
        let client = self.paper.client;
        let domains = if client.domains.is_empty() { "none given".to_owned() } else { client.domains.join(", ") };
        let row = |label: &str, text: &str| Row::body(vec![Cell::text(label), Cell::text(text)]);
        let mut name = row("Name", &client.name);
        name.cells[1].strong = true;
        let rows = vec![name, row("Number", client.id.as_str()), row("Domains", &domains)];
        let columns = vec![Column::left("", Width::Fits(96.0)), Column::left("", Width::Rest)];
        Table { title: "The client that was referred".to_owned(), columns, rows, sums_from: None }
            .draw(Strip::WHOLE, pages);
        pages.skip(SPACE);
    }

    fn checks(&self, pages: &mut Pages<'_>) {
        let columns = vec![
            Column::left("Check", Width::Fits(112.0)),
            Column::left("Result", Width::Fits(72.0)),
            Column::left("What was found", Width::Rest),
        ];
        let rows = self.paper.checks.iter().map(check).collect();
        Table { title: "What was checked".to_owned(), columns, rows, sums_from: None }.draw(Strip::WHOLE, pages);
        pages.skip(6.0);
        let sentence = format!("\u{201c}{WHO_CANNOT_BE_REFERRED}\u{201d}");
        pages.paragraph(Role::Paragraph, &sentence, Style::LABEL, Strip::WHOLE, 3);
        pages.skip(SPACE);
    }

    fn number(&self) -> String {
        self.paper.referral.id.as_str().chars().take(60).collect()
    }
}

/// What the affiliate has of it, and how it is checked.
fn meaning(pages: &mut Pages<'_>) {
    pages.paragraph(Role::H2, "What this receipt is good for", Style::SECTION, Strip::WHOLE, 1);
    pages.skip(4.0);
    for text in [
        "First registered wins: while this referral is live, nobody else can register the same client. It is live \
         until a contract comes of it and that contract ends.",
        "The registration is sealed. Inside this file travels receipt.json, the document that was sealed; its SHA-256 \
         begins with the fingerprint above, so that anyone can check that nothing was changed since.",
    ] {
        pages.paragraph(Role::Paragraph, text, Style::BODY, Strip::WHOLE, 4);
        pages.skip(4.0);
    }
}

fn check(check: &Check) -> Row {
    let result = if check.confirmed { "Confirmed" } else { "Passed" };
    Row::body(vec![
        Cell::text(check.checked.title()),
        Cell { strong: true, ..Cell::text(result) },
        Cell::text(check.words.as_str()),
    ])
}
