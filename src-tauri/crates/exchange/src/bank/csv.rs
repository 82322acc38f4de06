//! CSV as banks write it: every one differently. What the columns are, which sign parts the decimals and in which order
//! a day is written is found out from the file, shown, and may be said otherwise.

use std::collections::HashMap;

use csv::{ReaderBuilder, StringRecord};
use rules::day::{self, Day};
use rules::money::{Currency, Money};
use serde::{Deserialize, Serialize};

use crate::node::quoted;

use super::{BankError, BankLine, BankLines, id, text};

/// How a file is to be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// `,`, `;` or a tab.
    pub delimiter: char,
    /// Columns, counted from 0.
    pub day: usize,
    pub amount: usize,
    pub day_order: DayOrder,
    /// Whether a comma parts the decimals.
    pub decimal_comma: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayOrder {
    YearMonthDay,
    DayMonthYear,
    MonthDayYear,
}

/// A column of the file: its name, and what stands in it first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub example: String,
}

const ORDERS: [DayOrder; 3] = [DayOrder::YearMonthDay, DayOrder::DayMonthYear, DayOrder::MonthDayYear];
const DELIMITERS: [char; 3] = [';', '\t', ','];
/// In several languages of banks.
const DAY_NAMES: [&str; 8] = ["date", "day", "datum", "fecha", "data", "booking", "posted", "valuta"];
const AMOUNT_NAMES: [&str; 8] = ["credit", "amount", "betrag", "haben", "montant", "importe", "importo", "received"];
const NOT_AMOUNT_NAMES: [&str; 6] = ["balance", "saldo", "solde", "debit", "soll", "fee"];

/// What the file looks like; an error if it has no columns or lines. Where none is a day or an amount, both are said to
/// stand in one column, which [`mapped`] refuses: another can be chosen.
pub fn guess(bytes: &[u8]) -> Result<Mapping, BankError> {
    let text = text(bytes);
    let delimiter = delimiter(&text);
    let rows = rows(&text, delimiter)?;
    let (head, body) = table(&rows)?;
    let columns = width(head, body);
    if columns < 2 {
        return Err(BankError::new("the file", "It has no columns, parted by commas, semicolons or tabs."));
    }
    let names: Vec<String> = head.map(lower).unwrap_or_default();
    // Of the lines that have a day at all: a total below them has none, or elsewhere.
    let with_day = body.iter().filter(|row| has_day(row)).count();
    let is_mostly_days = |column| 2 * cells(body, column).filter(|cell| is_day(cell)).count() > with_day;
    let day = likeliest(columns, &names, &DAY_NAMES, &[], is_mostly_days);
    let is_dated = |row: &&StringRecord| day.and_then(|day| row.get(day)).is_some_and(is_day);
    let dated: Vec<&StringRecord> = body.iter().filter(is_dated).collect();
    let amounts = |column| cells(dated.iter().copied(), column);
    let is_amounts = |column| Some(column) != day && amounts(column).all(is_amount) && amounts(column).next().is_some();
    let amount = likeliest(columns, &names, &AMOUNT_NAMES, &NOT_AMOUNT_NAMES, is_amounts);
    let day = day.unwrap_or(0);
    let amount = amount.unwrap_or(day);
    let decimal_comma =
        amounts(amount).any(|cell| parts_by(cell, ',')) && !amounts(amount).any(|cell| parts_by(cell, '.'));
    let fits = orders(body, day);
    let day_order = match fits.as_slice() {
        [one] => *one,
        // Where both fit, whoever writes a decimal comma writes the day first.
        _ if decimal_comma => DayOrder::DayMonthYear,
        _ => *fits.last().unwrap_or(&DayOrder::YearMonthDay),
    };
    Ok(Mapping { delimiter, day, amount, day_order, decimal_comma })
}

/// Whether only one order of the days fits the file: else whoever reads it is asked.
pub fn is_sure(bytes: &[u8], mapping: &Mapping) -> Result<bool, BankError> {
    Ok(orders(table(&rows(&text(bytes), mapping.delimiter)?)?.1, mapping.day).len() == 1)
}

/// The columns of the file.
pub fn columns_of(bytes: &[u8], mapping: &Mapping) -> Result<Vec<Column>, BankError> {
    let rows = rows(&text(bytes), mapping.delimiter)?;
    let (head, body) = table(&rows)?;
    Ok(columns(head, body))
}

/// By what files of one bank are known again: the names of their columns or, without any, the first line.
pub fn likeness(bytes: &[u8]) -> Result<String, BankError> {
    let text = text(bytes);
    let rows = rows(&text, delimiter(&text))?;
    Ok(table(&rows)?.0.or(rows.first()).map(|row| row.iter().collect::<Vec<_>>().join(";")).unwrap_or_default())
}

/// Reads the file by a mapping. All problems are of one line at a time: the first stops it.
pub fn mapped(bytes: &[u8], mapping: &Mapping, currency: Currency) -> Result<BankLines, BankError> {
    let rows = rows(&text(bytes), mapping.delimiter)?;
    let head = head_at(&rows);
    let above = rows.iter().take(head.unwrap_or(0)).filter(|row| !is_empty(row)).count();
    let mut lines = BankLines { passed: u32::try_from(above).unwrap_or(u32::MAX), ..BankLines::default() };
    let mut alike: HashMap<Vec<&str>, u32> = HashMap::new();
    for (nth, row) in rows.iter().enumerate().skip(below(head)).filter(|(_, row)| !is_empty(row)) {
        let Some((on, amount)) = day_and_amount(row, mapping, currency, nth + 1)? else {
            lines.passed += 1;
            continue;
        };
        if !amount.is_positive() {
            lines.others += 1;
            continue;
        }
        // All of the line, however it is read: another column chosen the next time gives no other id. Two equal lines
        // of one file are two receipts.
        let line: Vec<&str> = row.iter().collect();
        let count = alike.entry(line.clone()).and_modify(|count| *count += 1).or_insert(0).to_string();
        let id = id(&[&["csv"], line.as_slice(), &[&count]].concat());
        lines.received.push(BankLine { on, amount, text: said(row, mapping), id });
    }
    if lines.received.is_empty() && lines.others == 0 {
        return Err(BankError::new("the file", "No line of it has a day in this column. Choose another column."));
    }
    Ok(lines)
}

/// None of a line that has no day in any order, such as a total.
fn day_and_amount(
    row: &StringRecord,
    mapping: &Mapping,
    currency: Currency,
    nth: usize,
) -> Result<Option<(Day, Money)>, BankError> {
    let cell = |column: usize| row.get(column).unwrap_or_default().trim();
    let wrong = |cell, why: &str| BankError::new(format!("line {nth}"), format!("\"{}\" is no {why}", quoted(cell)));
    let (day_text, amount_text) = (cell(mapping.day), cell(mapping.amount));
    if !is_day(day_text) {
        return Ok(None);
    }
    let on = mapping.day_order.read(day_text);
    let on = on.ok_or_else(|| wrong(day_text, "day in this order. Choose another order, or column."))?;
    // A column is one or the other, even where a day such as 20251203 could be an amount.
    let amount = amount(amount_text, mapping.decimal_comma, currency).filter(|_| mapping.amount != mapping.day);
    let no_amount = || wrong(amount_text, &format!("amount of {}. Choose another column.", currency.code()));
    Ok(Some((on, amount.ok_or_else(no_amount)?)))
}

/// More than any bank's or company's table has: columns are looked for among all lines.
const MOST_LINES: usize = 200_000;
const MOST_COLUMNS: usize = 200;

fn rows(text: &str, delimiter: char) -> Result<Vec<StringRecord>, BankError> {
    let rows: Vec<StringRecord> = records(text, delimiter).take(MOST_LINES + 1).collect();
    if rows.len() > MOST_LINES {
        let message =
            format!("It has more than {MOST_LINES} lines. Take a shorter time, and read one after the other.");
        return Err(BankError::new("the file", message));
    }
    match rows.iter().position(|row| row.len() > MOST_COLUMNS) {
        Some(nth) => Err(BankError::new(
            format!("line {}", nth + 1),
            format!("It has more than {MOST_COLUMNS} columns, which no table of a bank's has. Choose another file."),
        )),
        None => Ok(rows),
    }
}

fn records(text: &str, delimiter: char) -> impl Iterator<Item = StringRecord> {
    let reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(u8::try_from(delimiter).unwrap_or(b','))
        .from_reader(text.as_bytes());
    reader.into_records().filter_map(Result::ok)
}

/// The one that parts the first lines into the largest table.
fn delimiter(text: &str) -> char {
    let size = |delimiter: &char| largest(&records(text, *delimiter).take(50).collect::<Vec<_>>());
    DELIMITERS.into_iter().max_by_key(size).unwrap_or(',')
}

/// The table among the lines: whether they have days, in how many cells and how wide. Without days it is told by all
/// lines; with them, those that a bank writes above it count for nothing.
fn largest(rows: &[StringRecord]) -> (bool, usize, usize) {
    let rows: Vec<&StringRecord> = rows.iter().filter(|row| row.len() > 1).collect();
    let has_days = rows.iter().any(|row| has_day(row));
    let mut cells: HashMap<usize, usize> = HashMap::new();
    for row in rows.iter().filter(|row| !has_days || has_day(row)) {
        *cells.entry(row.len()).or_default() += row.len();
    }
    let (cells, width) = cells.into_iter().map(|(width, cells)| (cells, width)).max().unwrap_or_default();
    (has_days, cells, width)
}

/// Where the head of the table stands, if it has one: above the first line of the usual width that has a day. There it is
/// the fullest line without an amount, and the last of these: a balance brought forward or a word on the account is none.
fn head_at(rows: &[StringRecord]) -> Option<usize> {
    let (_, _, width) = largest(rows);
    let is_usual = |row: &StringRecord| row.len() == width;
    let Some(first) = rows.iter().position(|row| is_usual(row) && has_day(row)) else {
        return rows.iter().position(is_usual);
    };
    let is_head = |at: &usize| is_usual(&rows[*at]) && !rows[*at].iter().any(is_amount);
    (0..first).filter(is_head).max_by_key(|at| rows[*at].iter().filter(|cell| !cell.trim().is_empty()).count())
}

/// Where the lines below the head begin.
fn below(head: Option<usize>) -> usize {
    head.map_or(0, |at| at + 1)
}

/// The head of the table, if it has one, and the lines below it.
fn table(rows: &[StringRecord]) -> Result<(Option<&StringRecord>, &[StringRecord]), BankError> {
    let head = head_at(rows);
    let body = &rows[below(head)..];
    if head.is_some() && body.iter().all(is_empty) {
        return Err(BankError::new("the file", "It has no lines below its head. Take a longer time, or another file."));
    }
    Ok((head.map(|at| &rows[at]), body))
}

fn width(head: Option<&StringRecord>, body: &[StringRecord]) -> usize {
    head.into_iter().chain(body).map(StringRecord::len).max().unwrap_or(0)
}

fn is_empty(row: &StringRecord) -> bool {
    row.iter().all(|cell| cell.trim().is_empty())
}

fn has_day(row: &StringRecord) -> bool {
    row.iter().any(is_day)
}

fn lower(row: &StringRecord) -> Vec<String> {
    row.iter().map(str::to_lowercase).collect()
}

/// A column that fits: one that is called so, in the order of the names; else the first.
fn likeliest(
    columns: usize,
    names: &[String],
    called: &[&str],
    not_called: &[&str],
    fits: impl Fn(usize) -> bool,
) -> Option<usize> {
    let name = |column: usize| names.get(column).map_or("", String::as_str);
    let fitting: Vec<usize> = (0..columns).filter(|column| fits(*column)).collect();
    let free = |column: &&usize| !not_called.iter().any(|word| name(**column).contains(word));
    let by_name =
        called.iter().find_map(|word| fitting.iter().filter(free).find(|column| name(**column).contains(word)));
    by_name.or_else(|| fitting.iter().find(free)).copied()
}

fn cells<'r>(rows: impl IntoIterator<Item = &'r StringRecord>, column: usize) -> impl Iterator<Item = &'r str> {
    rows.into_iter().filter_map(move |row| row.get(column)).map(str::trim).filter(|cell| !cell.is_empty())
}

fn is_day(cell: &str) -> bool {
    ORDERS.iter().any(|order| order.read(cell).is_some())
}

/// The orders in which every line's day can be read.
fn orders(rows: &[StringRecord], column: usize) -> Vec<DayOrder> {
    let days: Vec<&str> = cells(rows, column).filter(|cell| is_day(cell)).collect();
    ORDERS.into_iter().filter(|order| days.iter().all(|day| order.read(day).is_some())).collect()
}

fn is_amount(cell: &str) -> bool {
    let bare = bare(cell);
    bare.chars().any(|c| c.is_ascii_digit())
        && bare.chars().all(|c| c.is_ascii_digit() || "+-.,'".contains(c))
        && !is_day(cell)
}

/// Without currency signs, blanks and the true minus.
fn bare(cell: &str) -> String {
    let signs = |c: &char| !c.is_whitespace() && !"$€£¥".contains(*c);
    cell.replace('\u{2212}', "-").chars().filter(signs).collect()
}

/// Whether `sign` stands before the last one or two digits.
fn parts_by(cell: &str, sign: char) -> bool {
    bare(cell).rsplit_once(sign).is_some_and(|(_, decimals)| (1..=2).contains(&decimals.len()))
}

fn amount(cell: &str, decimal_comma: bool, currency: Currency) -> Option<Money> {
    let bare = bare(cell);
    let bare = bare.strip_prefix('+').unwrap_or(&bare);
    // Some banks put the minus last.
    let bare = bare.strip_suffix('-').map_or_else(|| bare.to_owned(), |amount| format!("-{amount}"));
    let (decimal, grouping) = if decimal_comma { (',', '.') } else { ('.', ',') };
    let plain: String = bare.chars().filter(|c| *c != grouping && *c != '\'').collect();
    if plain.is_empty() {
        return Some(currency.zero());
    }
    Money::parse(&plain.replace(decimal, "."), currency)
}

/// What else the line says, without the day, the amount and bare figures such as a balance.
fn said(row: &StringRecord, mapping: &Mapping) -> String {
    let others = row.iter().enumerate().filter(|(column, _)| *column != mapping.day && *column != mapping.amount);
    let words = others.map(|(_, cell)| cell.trim()).filter(|cell| !cell.is_empty() && !is_day(cell) && !is_money(cell));
    words.collect::<Vec<_>>().join(" ")
}

/// An amount with decimals: a bare number may be an invoice's.
fn is_money(cell: &str) -> bool {
    is_amount(cell) && (parts_by(cell, '.') || parts_by(cell, ','))
}

fn columns(head: Option<&StringRecord>, body: &[StringRecord]) -> Vec<Column> {
    let name = |column: usize| {
        let named = head.and_then(|row| row.get(column)).map(str::trim);
        named.filter(|name| !name.is_empty()).map_or_else(|| format!("Column {}", column + 1), str::to_owned)
    };
    let example = |column| cells(body, column).next().unwrap_or_default().to_owned();
    (0..width(head, body)).map(|column| Column { name: name(column), example: example(column) }).collect()
}

impl DayOrder {
    /// `2026-12-03`, `3.12.2026`, `12/03/26`, `20261203`.
    fn read(self, cell: &str) -> Option<Day> {
        let cell = cell.trim().split([' ', 'T']).next().unwrap_or_default();
        if self == Self::YearMonthDay && cell.len() == 8 && cell.bytes().all(|byte| byte.is_ascii_digit()) {
            return day::parse(&format!("{}-{}-{}", &cell[..4], &cell[4..6], &cell[6..]));
        }
        let parts: Vec<&str> = cell.split(['-', '/', '.']).collect();
        let &[a, b, c] = parts.as_slice() else { return None };
        let (year, month, of) = match self {
            Self::YearMonthDay => (a, b, c),
            Self::DayMonthYear => (c, b, a),
            Self::MonthDayYear => (c, a, b),
        };
        let year = if year.len() == 2 { format!("20{year}") } else { year.to_owned() };
        let two = |part: &str| (1..=2).contains(&part.len()).then(|| format!("{part:0>2}"));
        day::parse(&format!("{year}-{}-{}", two(month)?, two(of)?))
    }
}

/// A table whose first line names its columns.
pub struct Table {
    names: Vec<String>,
    rows: Vec<StringRecord>,
}

impl Table {
    pub fn of(bytes: &[u8]) -> Result<Self, BankError> {
        let text = text(bytes);
        let rows = rows(&text, delimiter(&text))?;
        Ok(Self { names: rows.first().map(lower).unwrap_or_default(), rows })
    }

    /// The column that is called so: the first name that one has.
    pub fn called(&self, names: &[&str]) -> Option<usize> {
        let position = |name: &&str| {
            let whole = self.names.iter().position(|column| column.trim() == *name);
            whole.or_else(|| self.names.iter().position(|column| column.contains(*name)))
        };
        names.iter().find_map(position)
    }

    /// Its lines below the head, with their numbers in the file.
    pub fn body(&self) -> impl Iterator<Item = (usize, &StringRecord)> {
        self.rows.iter().enumerate().skip(1).map(|(nth, row)| (nth + 1, row))
    }

    /// An amount, as its column writes the decimals.
    pub fn amount(&self, cell: &str, column: usize, currency: Currency) -> Option<Money> {
        let body = &self.rows[1.min(self.rows.len())..];
        let comma = cells(body, column).any(|cell| parts_by(cell, ','));
        let point = cells(body, column).any(|cell| parts_by(cell, '.'));
        amount(cell, comma && !point, currency)
    }
}
