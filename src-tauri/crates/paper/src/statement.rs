//! What a statement says, from the top of its first page to the foot of its last.

use rules::affiliate::AgreedRemittance;
use rules::day;
use rules::money::Money;
use rules::rate::Rate;
use rules::statement::{Line, Release, Total};

use crate::finish::{About, File};
use crate::fonts::Fonts;
use crate::letterhead::{self, LEFT, RIGHT, fingerprint};
use crate::page::{Align, Owner, Pages, Place, Role, Strip, Style, Tree, WIDTH};
use crate::table::{Cell, Column, Row, Table, Width};
use crate::why;
use crate::{Seal, StatementPaper};

const SPACE: f32 = 24.0;

pub(crate) fn lay_out<'f>(paper: &StatementPaper<'_>, fonts: &'f Fonts) -> Pages<'f> {
    let mut pages = Pages::new(fonts);
    let sheet = Sheet { paper };
    sheet.head(&mut pages);
    sheet.summary(&mut pages);
    sheet.lines(&mut pages);
    sheet.not_earning(&mut pages);
    sheet.releases(&mut pages);
    sheet.rules(&mut pages);
    sheet.on_every_page(&mut pages);
    pages
}

/// What the document says of itself.
pub(crate) fn about<'a>(paper: &StatementPaper<'a>, fonts: &Fonts) -> About<'a> {
    let statement = paper.statement;
    let legible = |text: &str| fonts.legible(&text.chars().take(100).collect::<String>()).text;
    let draft = if paper.seal == Seal::Draft { "Draft: " } else { "" };
    let (month, name) = (statement.month.words(), legible(&statement.affiliate_name));
    let json = "The statement with everything that went into it and the steps behind each line.";
    let csv = "The statement's lines as a table.";
    About {
        title: format!("{draft}Statement {}, {month}, {name}", legible(paper.number)),
        author: legible(&paper.programme.company),
        subject: format!("Referral commission for {month}"),
        on: match paper.seal {
            Seal::Draft => statement.month.cutoff(),
            Seal::Sealed { closed_on, .. } => closed_on,
        },
        files: vec![
            File { name: "statement.csv", mime: "text/csv", description: csv, bytes: paper.csv },
            File { name: "statement.json", mime: "application/json", description: json, bytes: paper.json },
        ],
    }
}

struct Sheet<'a> {
    paper: &'a StatementPaper<'a>,
}

impl Sheet<'_> {
    fn head(&self, pages: &mut Pages<'_>) {
        let top = pages.at;
        letterhead::programme(self.paper.programme, self.paper.logo, pages);
        let left = pages.at.y;
        pages.at = top;
        self.title(pages);
        let below = left.max(pages.at.y) + 22.0;
        pages.at.y = below;
        self.affiliate(pages);
        let left = pages.at.y;
        pages.at.y = below;
        self.amount_due(pages);
        pages.at.y = left.max(pages.at.y) + 14.0;
        self.facts(pages);
        pages.skip(SPACE);
    }

    fn title(&self, pages: &mut Pages<'_>) {
        if self.is_draft() {
            pages.aligned(Role::Paragraph, "Draft", Style::DRAFT, RIGHT, Align::Right, 1);
        }
        let title = format!("Statement, {}", self.paper.statement.month.words());
        pages.aligned(Role::H1, &title, Style::NAME, RIGHT, Align::Right, 1);
        let line = format!("Number {}", self.number());
        pages.aligned(Role::Paragraph, &line, Style::LABEL, RIGHT, Align::Right, 2);
    }

    fn affiliate(&self, pages: &mut Pages<'_>) {
        let affiliate = self.paper.affiliate;
        let strip = Strip { width: 240.0, ..LEFT }; // beside a large amount
        pages.paragraph(Role::Paragraph, "For", Style::LABEL, strip, 1);
        pages.skip(2.0);
        pages.paragraph(Role::Paragraph, &self.paper.statement.affiliate_name, Style::NAME, strip, 3);
        pages.skip(1.0);
        if !affiliate.own_companies.is_empty() {
            pages.paragraph(Role::Paragraph, &affiliate.own_companies.join(", "), Style::LABEL, strip, 3);
        }
        if let Some(signed_on) = affiliate.agreement_signed_on {
            let remits = match affiliate.remittance {
                AgreedRemittance::InFull => "you remit in full",
                AgreedRemittance::NetOfCommission => "you remit net of commission",
            };
            let line = format!("Agreement of {}: {remits}", day::words(signed_on));
            pages.paragraph(Role::Paragraph, &line, Style::LABEL, strip, 2);
        }
    }

    /// "The amount due to you, the largest type on the page."
    fn amount_due(&self, pages: &mut Pages<'_>) {
        let code = self.paper.programme.currency.code();
        let label = if self.is_draft() { "Due to you as it stands" } else { "Due to you" };
        pages.aligned(Role::Paragraph, &format!("{label}, {code}"), Style::LABEL, RIGHT, Align::Right, 1);
        let amount = self.paper.statement.payout.grouped();
        let owner = Owner::Element(pages.tree.add(Role::Paragraph, Tree::ROOT));
        let strip = Strip { x: 252.0, width: WIDTH - 252.0 };
        pages.line(owner, &amount, Style::AMOUNT, strip, Align::Right);
        pages.skip(Style::AMOUNT.leading);
        let carried = self.paper.statement.carried_forward;
        if !carried.is_zero() {
            let line = format!("{} carried forward", carried.grouped());
            pages.aligned(Role::Paragraph, &line, Style::LABEL, RIGHT, Align::Right, 1);
        }
    }

    /// Month, day, number and fingerprint, in a strip between two hairlines.
    fn facts(&self, pages: &mut Pages<'_>) {
        let month = self.paper.statement.month;
        let (closed, fingerprint) = match self.paper.seal {
            Seal::Draft => ("Not closed yet".to_owned(), "None: this is a draft".to_owned()),
            Seal::Sealed { sha256, closed_on, .. } => (day::words(closed_on), fingerprint(sha256)),
        };
        let period = format!("1 to {}", day::words(month.cutoff()));
        let facts = [("Period", period, 0.0), ("Closed", closed, 138.0), ("Amounts in", self.currency(), 252.0)];
        let last = ("Fingerprint", fingerprint, 352.0);
        letterhead::facts(facts.into_iter().chain([last]), pages);
    }

    /// The sum, and beside it what is not in it.
    fn summary(&self, pages: &mut Pages<'_>) {
        let start = pages.at;
        self.sum().draw(LEFT, pages);
        self.outcome(pages);
        let end = pages.at;
        pages.at = start;
        self.apart().draw(RIGHT, pages);
        pages.skip(SPACE - 8.0);
        self.year_to_date().draw(RIGHT, pages);
        pages.at = if end.page == pages.at.page { Place { y: end.y.max(pages.at.y), ..end } } else { end };
        pages.skip(SPACE);
    }

    /// "Balance = brought forward + payable + reversed + adjustments."
    fn sum(&self) -> Table {
        let statement = self.paper.statement;
        let amount = |label: &str, amount: Money| Row::body(vec![Cell::text(label), Cell::summed(amount)]);
        let mut rows = vec![
            amount("Brought forward", statement.brought_forward),
            amount("Payable", statement.payable),
            amount("Reversed", statement.reversed),
        ];
        rows.extend(statement.adjustments.iter().map(|a| amount(&format!("Adjustment: {}", a.reason), a.amount)));
        if statement.adjustments.is_empty() {
            rows.push(amount("Adjustments", statement.adjusted));
        }
        let next = format!("Carried forward to {}", statement.month.next().words());
        let balance = statement.payout + statement.carried_forward;
        rows.push(Row::total(vec![Cell::text("Balance"), Cell::money(balance)]));
        rows.push(Row::total(vec![Cell::text("Payout to you"), Cell::money(statement.payout)]));
        rows.push(Row::total(vec![Cell::text(next), Cell::money(statement.carried_forward)]));
        let columns = vec![Column::left("", Width::Rest), Column::carried("")];
        let sums_from = Some(self.paper.programme.currency.zero());
        Table { title: "Summary".to_owned(), columns, rows, sums_from }
    }

    /// Why the balance is not paid out, if it is not.
    fn outcome(&self, pages: &mut Pages<'_>) {
        let statement = self.paper.statement;
        let (carried, minimum) = (statement.carried_forward, statement.minimum_payout);
        let text = if carried.is_negative() {
            format!(
                "More was taken back than earned. The {} is carried forward and set against what you earn next.",
                (-carried).grouped()
            )
        } else if carried.is_positive() {
            format!(
                "The balance of {} is under the minimum payout of {}, so it is carried forward.",
                carried.grouped(),
                minimum.grouped()
            )
        } else {
            return;
        };
        pages.skip(5.0);
        pages.paragraph(Role::Paragraph, &text, Style::LABEL, LEFT, 4);
    }

    fn apart(&self) -> Table {
        let statement = self.paper.statement;
        let row = |label: &str, amount| Row::body(vec![Cell::text(label), Cell::money(amount)]);
        let rows = vec![row("Retained: you kept it", statement.retained), row("Held", statement.held)];
        labelled("Not in the sum", rows)
    }

    fn year_to_date(&self) -> Table {
        let year = self.paper.statement.year_to_date;
        let row = |label: &str, amount| Row::body(vec![Cell::text(label), Cell::money(amount)]);
        let rows = vec![
            row("Payable", year.payable),
            row("Reversed", year.reversed),
            row("Adjustments", year.adjusted),
            row("Retained", year.retained),
            row("Paid out", year.payout),
        ];
        labelled(&format!("Year to date, {}", self.paper.statement.month.year()), rows)
    }

    fn lines(&self, pages: &mut Pages<'_>) {
        let lines = &self.paper.statement.lines;
        if lines.is_empty() {
            return self.nothing(pages);
        }
        let apart = lines.iter().any(is_apart);
        let mut columns = vec![
            Column::left("Invoice", Width::Fits(96.0)),
            Column::left("Period", Width::Fits(84.0)),
            Column::left("Why", Width::Rest),
            Column::right("Base"),
            Column::right("Rate"),
            Column::carried("Commission"),
        ];
        if apart {
            columns.push(Column::carried("Held or kept"));
        }
        let decimals = lines.iter().map(|line| rate_decimals(line.rate)).max().unwrap_or(0);
        let mut rows = Vec::with_capacity(lines.len() * 2 + 1);
        for of_client in lines.chunk_by(|a, b| a.client == b.client) {
            rows.push(Row::group(&of_client[0].client_name, columns.len()));
            rows.extend(of_client.iter().map(|line| row(line, decimals, apart)));
        }
        rows.push(self.total(apart));
        let sums_from = Some(self.paper.programme.currency.zero());
        Table { title: "Commission by client".to_owned(), columns, rows, sums_from }.draw(Strip::WHOLE, pages);
        pages.skip(SPACE);
    }

    fn total(&self, apart: bool) -> Row {
        let statement = self.paper.statement;
        let mut cells = vec![Cell::text("Total").over(5), Cell::money(statement.payable + statement.reversed)];
        if apart {
            cells.push(Cell::money(statement.held + statement.retained));
        }
        Row::total(cells)
    }

    fn nothing(&self, pages: &mut Pages<'_>) {
        let month = self.paper.statement.month.words();
        pages.need(Style::SECTION.leading + 4.0 + 3.0 * Style::BODY.leading);
        pages.paragraph(Role::H2, "Commission by client", Style::SECTION, Strip::WHOLE, 1);
        pages.skip(4.0);
        let text = format!(
            "No invoice of your clients came to anything in {month}: nothing new was paid in full, taken back or held. \
             When a client you referred pays its bills, the commission is listed here."
        );
        pages.paragraph(Role::Paragraph, &text, Style::BODY, Strip::WHOLE, 3);
        pages.skip(SPACE);
    }

    /// "NetSource does not pay a commission on setup fees or other one time consulting charges."
    fn not_earning(&self, pages: &mut Pages<'_>) {
        let invoices = &self.paper.statement.not_earning;
        if invoices.is_empty() {
            return;
        }
        let mut rows = Vec::new();
        for invoice in invoices {
            for (nth, charge) in invoice.lines.iter().enumerate() {
                let first = |text: &str| Cell::text(if nth == 0 { text } else { "" });
                let what = charge.words();
                let cells = [first(&invoice.client_name), first(&invoice.number), Cell::small(what)];
                rows.push(Row::body(cells.into_iter().chain([Cell::money(charge.amount)]).collect()));
            }
        }
        let columns = vec![
            Column::left("Client", Width::Fits(150.0)),
            Column::left("Invoice", Width::Fits(96.0)),
            Column::left("Charge", Width::Rest),
            Column::right("Amount, no commission"),
        ];
        Table { title: "Setup, consulting and other charges".to_owned(), columns, rows, sums_from: None }
            .draw(Strip::WHOLE, pages);
        pages.skip(SPACE);
    }

    fn releases(&self, pages: &mut Pages<'_>) {
        let releases = &self.paper.statement.releases;
        if releases.is_empty() {
            return;
        }
        let columns = vec![
            Column::left("Client", Width::Rest),
            Column::left("Once this is paid", Width::Fits(96.0)),
            Column::left("Due", Width::Fits(120.0)),
            Column::right("Unpaid"),
            Column::carried("Releases"),
        ];
        let mut rows: Vec<Row> = releases.iter().flat_map(release).collect();
        rows.push(Row::total(vec![Cell::text("Held").over(4), Cell::money(self.paper.statement.held)]));
        let sums_from = Some(self.paper.programme.currency.zero());
        Table { title: "Held, and what releases it".to_owned(), columns, rows, sums_from }.draw(Strip::WHOLE, pages);
        pages.skip(SPACE);
    }

    /// The page's sentences that the lines rest on, each once, with the rules that apply it.
    fn rules(&self, pages: &mut Pages<'_>) {
        let mut applied: Vec<(&str, Vec<&str>)> = Vec::new();
        for step in self.paper.statement.lines.iter().flat_map(|line| &line.steps) {
            let title = step.rule.title();
            match applied.iter_mut().find(|(page, _)| *page == step.page) {
                Some((_, titles)) if titles.contains(&title) => {}
                Some((_, titles)) => titles.push(title),
                None => applied.push((&step.page, vec![title])),
            }
        }
        if applied.is_empty() {
            return;
        }
        let row = |(page, titles): (&str, Vec<&str>)| {
            let (first, rest) = titles.split_first().map_or(("", &[][..]), |(first, rest)| (*first, rest));
            let titles = rest.iter().fold(first.to_owned(), |said, title| format!("{said}; {}", title.to_lowercase()));
            Row::body(vec![Cell::text(titles), Cell::small(format!("\u{201c}{page}\u{201d}"))])
        };
        let columns =
            vec![Column::left("Rule", Width::Fits(112.0)), Column::left("As the programme says", Width::Rest)];
        let rows = applied.into_iter().map(row).collect();
        Table { title: "The rules applied".to_owned(), columns, rows, sums_from: None }.draw(Strip::WHOLE, pages);
    }

    /// Number, fingerprint and page at the foot; whose statement it is at the head of all but the first.
    fn on_every_page(&self, pages: &mut Pages<'_>) {
        let mark = match self.paper.seal {
            Seal::Draft => "Draft, not closed: figures may change".to_owned(),
            Seal::Sealed { sha256, .. } => format!("Fingerprint {}", fingerprint(sha256)),
        };
        let number = format!("Statement {}", self.number());
        let (number, mark) = (pages.legible(&number), pages.legible(&mark));
        let head = self.running_head(pages);
        for page in 1..pages.pages.len() {
            pages.at = Place { page, y: 0.0 };
            pages.line(Owner::Pagination, &head, Style::LABEL, Strip::WHOLE, Align::Left);
            if self.is_draft() {
                pages.line(Owner::Pagination, "Draft", Style::NAME, Strip::WHOLE, Align::Right);
            }
        }
        letterhead::foot(&number, &mark, pages);
    }

    fn running_head(&self, pages: &mut Pages<'_>) -> String {
        let statement = self.paper.statement;
        let name = pages.set(&statement.affiliate_name, Style::LABEL, 250.0, 1).concat();
        let company = pages.set(&self.paper.programme.company, Style::LABEL, 120.0, 1).concat();
        format!("{company} · {name} · {}", statement.month.words())
    }

    fn number(&self) -> String {
        let number: String = self.paper.number.chars().take(60).collect();
        match self.paper.seal {
            Seal::Sealed { revision, .. } if revision > 1 => format!("{number}, revision {revision}"),
            _ => number,
        }
    }

    fn currency(&self) -> String {
        self.paper.programme.currency.code().to_owned()
    }

    fn is_draft(&self) -> bool {
        self.paper.seal == Seal::Draft
    }
}

/// A short table of labels and amounts.
fn labelled(title: &str, rows: Vec<Row>) -> Table {
    let columns = vec![Column::left("", Width::Rest), Column::right("")];
    Table { title: title.to_owned(), columns, rows, sums_from: None }
}

/// Whether the line's amount is shown, but is no part of the payout.
fn is_apart(line: &Line) -> bool {
    matches!(line.sums_into, Total::Held | Total::Retained)
}

fn row(line: &Line, rate_decimals: usize, apart: bool) -> Row {
    let why = Cell { notes: why::not_earning(&line.not_earning), ..Cell::small(why::why(line)) };
    let mut cells = vec![
        Cell::text(line.number.as_str()),
        Cell::text(period(line)),
        why,
        Cell::money(line.base),
        Cell::text(percent(line.rate, rate_decimals)),
    ];
    let (amount, none) = (Cell::summed(line.commission), Cell::default());
    match (apart, is_apart(line)) {
        (true, true) => cells.extend([none, amount]),
        (true, false) => cells.extend([amount, none]),
        (false, _) => cells.push(amount),
    }
    Row::body(cells)
}

/// How many decimals the rate has as a percentage.
fn rate_decimals(rate: Rate) -> usize {
    match rate.basis_points() {
        points if points.is_multiple_of(100) => 0,
        points if points.is_multiple_of(10) => 1,
        _ => 2,
    }
}

/// With equal decimals down the column: `7.5%` and `10.0%`.
fn percent(rate: Rate, decimals: usize) -> String {
    let (whole, part) = (rate.basis_points() / 100, rate.basis_points() % 100);
    match decimals {
        0 => format!("{whole}%"),
        1 => format!("{whole}.{}%", part / 10),
        _ => format!("{whole}.{part:02}%"),
    }
}

/// `1 to 31 Jan 2025`, or both days in full when they are of different months.
fn period(line: &Line) -> String {
    let (first, last) = (day::words(line.period_start), day::words(line.period_end));
    match (first.split_once(' '), last.split_once(' ')) {
        _ if first == last => first,
        (Some((day, month)), Some((_, same))) if month == same => format!("{day} to {last}"),
        _ => format!("{first} to {last}"),
    }
}

/// A row for each bill; the client and what is released stand on the first.
fn release(release: &Release) -> Vec<Row> {
    let amount = || Cell::summed(release.held);
    if release.bills.is_empty() {
        let cells = vec![Cell::text(release.client_name.as_str()), Cell::text("–").over(3), amount()];
        return vec![Row::body(cells)];
    }
    let bill = |(nth, bill): (usize, &rules::step::OpenBill)| {
        let overdue = if bill.overdue { ", overdue" } else { "" };
        Row::body(vec![
            Cell::text(if nth == 0 { release.client_name.as_str() } else { "" }),
            Cell::text(bill.number.as_str()),
            Cell::text(format!("{}{overdue}", day::words(bill.due_on))),
            Cell::money(bill.missing),
            if nth == 0 { amount() } else { Cell::default() },
        ])
    };
    release.bills.iter().enumerate().map(bill).collect()
}
