//! Tables that break over pages as a bookkeeper would break them: the head comes again with "continued", the sums so
//! far are carried over, no row is torn, and a total never stands with fewer than two rows before it.

use rules::money::Money;

use crate::page::{Align, ElementId, Owner, Pages, Role, Strip, Style, Tree};

/// The lines that one text of a cell may take; what is longer ends with an ellipsis. The embedded files have it whole.
const MOST_LINES: usize = 10;
const GAP: f32 = 12.0;
/// What a column that takes the rest gets at least.
const LEAST: f32 = 60.0;
const PADDING: f32 = 1.5;
const HAIRLINE: f32 = 0.4;
const AFTER_RULE: f32 = 2.0;

pub(crate) struct Table {
    /// Above the head, as a heading of its own.
    pub title: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// Nothing, in the currency, if there are sums to carry over a break.
    pub sums_from: Option<Money>,
}

pub(crate) struct Column {
    pub head: String,
    pub align: Align,
    pub width: Width,
    /// Whether its amounts are summed and carried over a break.
    pub carried: bool,
}

#[derive(Clone, Copy)]
pub(crate) enum Width {
    /// As wide as its widest text, but at most this.
    Fits(f32),
    /// What the others leave: one column of each table.
    Rest,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A heading within the table, kept with the row after it.
    Group,
    Body,
    /// Kept with two rows before it.
    Total,
}

pub(crate) struct Row {
    pub kind: Kind,
    pub cells: Vec<Cell>,
}

#[derive(Default)]
pub(crate) struct Cell {
    pub text: String,
    /// Smaller, below the text.
    pub notes: Vec<String>,
    /// What the cell adds to its column's sum.
    pub amount: Option<Money>,
    pub strong: bool,
    pub small: bool,
    /// How many columns to its right it takes as well.
    pub wider_by: usize,
}

impl Column {
    pub(crate) fn left(head: &str, width: Width) -> Self {
        Self { head: head.to_owned(), align: Align::Left, width, carried: false }
    }

    pub(crate) fn right(head: &str) -> Self {
        Self { head: head.to_owned(), align: Align::Right, width: Width::Fits(120.0), carried: false }
    }

    pub(crate) fn carried(head: &str) -> Self {
        Self { carried: true, ..Self::right(head) }
    }
}

impl Row {
    pub(crate) fn body(cells: Vec<Cell>) -> Self {
        Self { kind: Kind::Body, cells }
    }

    pub(crate) fn total(mut cells: Vec<Cell>) -> Self {
        for cell in &mut cells {
            cell.strong = true;
        }
        Self { kind: Kind::Total, cells }
    }

    /// One cell over all of `columns`.
    pub(crate) fn group(text: &str, columns: usize) -> Self {
        Self { kind: Kind::Group, cells: vec![Cell { strong: true, ..Cell::text(text).over(columns) }] }
    }

    /// Each cell with the first and last of its columns.
    fn placed(&self) -> impl Iterator<Item = (&Cell, usize, usize)> {
        self.cells.iter().scan(0, |next, cell| {
            let first = *next;
            *next += 1 + cell.wider_by;
            Some((cell, first, first + cell.wider_by))
        })
    }

    /// The cell that has the column to itself.
    fn alone_in(&self, column: usize) -> Option<&Cell> {
        self.placed().find(|(_, first, last)| *first == column && *last == column).map(|(cell, ..)| cell)
    }
}

impl Cell {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    pub(crate) fn small(text: impl Into<String>) -> Self {
        Self { small: true, ..Self::text(text) }
    }

    /// "Nothing as an en dash."
    pub(crate) fn money(amount: Money) -> Self {
        Self { text: if amount.is_zero() { "–".to_owned() } else { amount.grouped() }, ..Self::default() }
    }

    /// An amount that its column carries over a break.
    pub(crate) fn summed(amount: Money) -> Self {
        Self { amount: Some(amount), ..Self::money(amount) }
    }

    /// The cell over so many columns.
    pub(crate) fn over(self, columns: usize) -> Self {
        Self { wider_by: columns.saturating_sub(1), ..self }
    }

    fn style(&self) -> Style {
        match (self.small, self.strong) {
            (true, _) => Style::LABEL,
            (false, true) => Style::STRONG,
            (false, false) => Style::BODY,
        }
    }
}

impl Table {
    /// Draws the table at the place reached, and goes on below it.
    pub(crate) fn draw(&self, strip: Strip, pages: &mut Pages<'_>) {
        let strips = self.strips(strip, pages);
        let rows: Vec<Laid> = self.rows.iter().map(|row| lay(row, self, &strips, pages)).collect();
        let blocks = blocks(&self.rows);
        let first = blocks.first().map_or(0.0, |end| height(&rows[..*end]));
        pages.need(Style::SECTION.leading + 4.0 + self.head_height() + first + self.carry_height(blocks.len() > 1));
        let title = pages.tree.add(Role::H2, Tree::ROOT);
        pages.line(Owner::Element(title), &self.title, Style::SECTION, strip, Align::Left);
        pages.skip(Style::SECTION.leading + 4.0);
        Drawing { table: self, strip, strips, id: pages.tree.add(Role::Table, Tree::ROOT), pages }.draw(&rows, &blocks);
    }

    fn head_height(&self) -> f32 {
        let heads = if self.is_headless() { 0.0 } else { Style::LABEL.leading + 2.0 * PADDING };
        heads + AFTER_RULE
    }

    /// A table of labels and amounts reads without a head: its first column is the head of its rows.
    fn is_headless(&self) -> bool {
        self.columns.iter().all(|column| column.head.is_empty())
    }

    fn carry_height(&self, breaks: bool) -> f32 {
        if breaks && self.carries() { Style::LABEL.leading + 3.0 * PADDING } else { 0.0 }
    }

    fn carries(&self) -> bool {
        self.sums_from.is_some() && self.columns.iter().any(|column| column.carried)
    }

    /// The name of the group that a break before row `index` would tear apart.
    fn group_open_at(&self, index: usize) -> Option<&str> {
        if self.rows[index].kind != Kind::Body {
            return None;
        }
        let group = self.rows[..index].iter().rfind(|row| row.kind == Kind::Group)?;
        Some(&group.cells.first()?.text)
    }

    /// The columns' places: each as wide as it needs, and the rest to the one that takes it. With amounts of absurd
    /// length all columns give way, and figures that no longer fit are set smaller.
    fn strips(&self, strip: Strip, pages: &Pages<'_>) -> Vec<Strip> {
        let widths: Vec<Option<f32>> = (0..self.columns.len()).map(|nth| self.natural_width(nth, pages)).collect();
        let taken: f32 = widths.iter().map(|width| width.unwrap_or(0.0) + GAP).sum::<f32>() - GAP;
        let rest = (strip.width - taken).max(LEAST);
        let squeeze = (strip.width / (taken + rest)).min(1.0);
        let mut end = strip.x + strip.width;
        // From the right, so that the last column ends where the table ends, to the thousandth.
        let mut strips: Vec<Strip> = Vec::with_capacity(widths.len());
        for width in widths.into_iter().rev() {
            let width = width.unwrap_or(rest) * squeeze;
            strips.push(Strip { x: end - width, width });
            end -= width + GAP * squeeze;
        }
        strips.reverse();
        strips
    }

    fn natural_width(&self, nth: usize, pages: &Pages<'_>) -> Option<f32> {
        let column = &self.columns[nth];
        let Width::Fits(most) = column.width else { return None };
        let cells = self.rows.iter().filter_map(|row| row.alone_in(nth));
        let widest = cells.map(|cell| width(&cell.text, cell.style(), pages)).fold(0.0, f32::max);
        let carried = if column.carried { self.widest_sum(nth, pages) } else { 0.0 };
        Some(widest.max(carried).max(width(&column.head, Style::LABEL, pages)).min(most).ceil())
    }

    fn widest_sum(&self, nth: usize, pages: &Pages<'_>) -> f32 {
        let Some(mut sum) = self.sums_from else { return 0.0 };
        let mut widest = 0.0_f32;
        for amount in self.rows.iter().filter_map(|row| row.alone_in(nth)?.amount) {
            sum += amount;
            widest = widest.max(width(&sum.grouped(), Style::LABEL, pages));
        }
        widest
    }
}

fn width(text: &str, style: Style, pages: &Pages<'_>) -> f32 {
    let short: String = text.chars().take(200).collect();
    pages.fonts.width(&pages.fonts.legible(&short).text, style.weight, style.size)
}

/// A row with its texts in lines.
struct Laid {
    kind: Kind,
    cells: Vec<LaidCell>,
    height: f32,
}

struct LaidCell {
    lines: Vec<(String, Style)>,
    strip: Strip,
    align: Align,
    columns: usize,
}

fn lay(row: &Row, table: &Table, strips: &[Strip], pages: &mut Pages<'_>) -> Laid {
    let mut cells = Vec::with_capacity(row.cells.len());
    for (cell, first, last) in row.placed() {
        let (Some(from), Some(until), Some(column)) = (strips.get(first), strips.get(last), table.columns.get(first))
        else {
            continue;
        };
        let strip = Strip { x: from.x, width: until.x + until.width - from.x };
        let columns = 1 + cell.wider_by;
        cells.push(LaidCell { lines: cell.lines(strip.width, pages), strip, align: column.align, columns });
    }
    let tall = |cell: &LaidCell| cell.lines.iter().map(|(_, style)| style.leading).sum();
    let tallest = cells.iter().map(tall).fold(Style::BODY.leading, f32::max);
    Laid { kind: row.kind, cells, height: row.kind.space_above() + tallest + PADDING }
}

impl Cell {
    fn lines(&self, width: f32, pages: &mut Pages<'_>) -> Vec<(String, Style)> {
        if is_figure(&self.text) && self.notes.is_empty() {
            return vec![(self.text.clone(), self.style())];
        }
        let mut lines = Vec::new();
        let texts = std::iter::once((&self.text, self.style())).chain(self.notes.iter().map(|n| (n, Style::LABEL)));
        for (text, style) in texts {
            lines.extend(pages.set(text, style, width, MOST_LINES).into_iter().map(|line| (line, style)));
        }
        lines
    }
}

impl Kind {
    fn space_above(self) -> f32 {
        if self == Kind::Group { PADDING + 5.0 } else { PADDING }
    }
}

/// An amount or a dash: it is never broken into lines, but set smaller where it does not fit.
fn is_figure(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | '−' | '–' | '%'))
}

fn height(rows: &[Laid]) -> f32 {
    let rule = if rows.iter().any(|row| row.kind == Kind::Total) { 2.0 * AFTER_RULE } else { 0.0 };
    rows.iter().map(|row| row.height).sum::<f32>() + rule
}

/// Where the blocks of rows that stay on one page end. A group's heading stays with the row after it, the totals with
/// the two rows before them.
fn blocks(rows: &[Row]) -> Vec<usize> {
    let totals = rows.iter().position(|row| row.kind == Kind::Total).unwrap_or(rows.len());
    let has_total = totals < rows.len();
    let mut kept = totals;
    let mut bodies = 0;
    while has_total && kept > 0 && (bodies < 2 || rows[kept - 1].kind == Kind::Group) {
        kept -= 1;
        bodies += usize::from(rows[kept].kind == Kind::Body);
    }
    let mut ends: Vec<usize> = (1..=kept).filter(|end| rows[end - 1].kind != Kind::Group).collect();
    if ends.last() != Some(&rows.len()) && !rows.is_empty() {
        ends.push(rows.len());
    }
    ends
}

struct Drawing<'a, 'f> {
    table: &'a Table,
    strip: Strip,
    strips: Vec<Strip>,
    id: ElementId,
    pages: &'a mut Pages<'f>,
}

impl Drawing<'_, '_> {
    fn draw(mut self, rows: &[Laid], blocks: &[usize]) {
        let row = (!self.table.is_headless()).then(|| self.pages.tree.add(Role::Row, self.id));
        self.head(row);
        let mut sums: Vec<Option<Money>> = self.table.columns.iter().map(|_| self.table.sums_from).collect();
        let mut from = 0;
        for (nth, until) in blocks.iter().copied().enumerate() {
            let carry = self.table.carry_height(nth + 1 < blocks.len());
            if !self.pages.has(height(&rows[from..until]) + carry) && from > 0 {
                let group = self.table.group_open_at(from);
                self.turn(&sums, group);
            }
            for (index, laid) in rows.iter().enumerate().take(until).skip(from) {
                self.row(laid, index);
                for (cell, column, _) in self.table.rows[index].placed() {
                    if let (Some(Some(sum)), Some(amount)) = (sums.get_mut(column), cell.amount) {
                        *sum += amount;
                    }
                }
            }
            from = until;
        }
    }

    /// The head: column heads to be heard the first time, only looks when it comes again.
    fn head(&mut self, row: Option<ElementId>) {
        if !self.table.is_headless() {
            self.pages.skip(PADDING);
            for (column, strip) in self.table.columns.iter().zip(&self.strips) {
                let owner = match row {
                    Some(row) => Owner::Element(self.pages.tree.add(Role::ColumnHead, row)),
                    None => Owner::Pagination,
                };
                self.pages.line(owner, &column.head, Style::LABEL, *strip, column.align);
            }
            self.pages.skip(Style::LABEL.leading + PADDING);
        }
        self.pages.rule(self.strip, HAIRLINE);
        self.pages.skip(AFTER_RULE);
    }

    fn turn(&mut self, sums: &[Option<Money>], group: Option<&str>) {
        let (from, to) = (self.pages.at.page + 1, self.pages.at.page + 2);
        if self.table.carries() {
            self.carry(&format!("Carried over to page {to}"), sums);
        }
        self.pages.turn();
        let title = format!("{}, continued", self.table.title);
        self.pages.line(Owner::Pagination, &title, Style::SECTION, self.strip, Align::Left);
        self.pages.skip(Style::SECTION.leading + 4.0);
        self.head(None);
        if self.table.carries() {
            self.carry(&format!("Carried over from page {from}"), sums);
        }
        if let Some(group) = group {
            self.pages.skip(Kind::Group.space_above());
            let group = self.pages.legible(&format!("{group}, continued"));
            for line in
                self.pages.fonts.lines(&group, Style::STRONG.weight, Style::STRONG.size, self.strip.width, 1).lines
            {
                self.pages.line(Owner::Pagination, &line, Style::STRONG, self.strip, Align::Left);
            }
            self.pages.skip(Style::STRONG.leading + PADDING);
        }
    }

    /// The sums so far.
    fn carry(&mut self, label: &str, sums: &[Option<Money>]) {
        self.pages.skip(2.0 * PADDING);
        self.pages.line(Owner::Pagination, label, Style::LABEL, self.strip, Align::Left);
        for ((column, strip), sum) in self.table.columns.iter().zip(&self.strips).zip(sums) {
            if let (true, Some(sum)) = (column.carried, sum) {
                let text = Cell::money(*sum).text;
                self.pages.line(Owner::Pagination, &text, Style::LABEL, *strip, Align::Right);
            }
        }
        self.pages.skip(Style::LABEL.leading + PADDING);
    }

    fn row(&mut self, row: &Laid, index: usize) {
        let is_first_total = row.kind == Kind::Total && index > 0 && self.table.rows[index - 1].kind != Kind::Total;
        if is_first_total {
            self.pages.skip(AFTER_RULE);
            self.pages.rule(self.strip, HAIRLINE);
            self.pages.skip(AFTER_RULE);
        }
        let top = self.pages.at.y;
        let id = self.pages.tree.add(Role::Row, self.id);
        for (nth, cell) in row.cells.iter().enumerate() {
            let heads = row.kind == Kind::Group || nth == 0 && (row.kind == Kind::Total || self.table.is_headless());
            let role = if heads { Role::RowHead } else { Role::Data };
            let owner = Owner::Element(self.pages.tree.add_cell(role, id, cell.columns));
            self.pages.at.y = top + row.kind.space_above();
            if let Some((_, style)) = cell.lines.first() {
                self.pages.skip(Style::BODY.baseline() - style.baseline()); // the first lines stand on one line
            }
            for (line, style) in &cell.lines {
                self.pages.line(owner, line, *style, cell.strip, cell.align);
                self.pages.skip(style.leading);
            }
        }
        self.pages.at.y = top + row.height;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(kinds: &str) -> Vec<Row> {
        let kind = |c| match c {
            'g' => Kind::Group,
            't' => Kind::Total,
            _ => Kind::Body,
        };
        kinds.chars().map(|c| Row { kind: kind(c), cells: Vec::new() }).collect()
    }

    #[test]
    fn a_total_keeps_two_rows_before_it_and_a_heading_the_row_after_it() {
        for (kinds, expected) in [
            ("", [].as_slice()),
            ("t", &[1]),
            ("bt", &[2]),
            ("bbt", &[3]),
            ("bbbt", &[1, 4]),
            ("gbgbgbt", &[2, 7]),
            ("gbbbtt", &[2, 6]),
            ("bbb", &[1, 2, 3]),
        ] {
            assert_eq!(blocks(&rows(kinds)), expected, "{kinds}");
        }
    }
}
