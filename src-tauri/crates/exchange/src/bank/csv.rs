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
    /// Whether the first line names the columns.
    pub headed: bool,
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

/// What the file looks like; an error if no column is a day or an amount.
pub fn guess(bytes: &[u8]) -> Result<Mapping, BankError> {
    let text = text(bytes);
    let delimiter = delimiter(&text);
    let rows = rows(&text, delimiter)?;
    let headed =
        rows.first().is_some_and(|row| !row.iter().any(|cell| ORDERS.iter().any(|order| order.read(cell).is_some())));
    let names: Vec<String> = rows.first().filter(|_| headed).map(lower).unwrap_or_default();
    let body = &rows[usize::from(headed).min(rows.len())..];
    let columns = body.iter().map(StringRecord::len).max().unwrap_or(0);
    let day = likeliest(columns, &names, &DAY_NAMES, &[], |column| cells(body, column).all(is_day))
        .ok_or_else(|| BankError::new("the file", "No column of it is a day on every line."))?;
    let amount = likeliest(columns, &names, &AMOUNT_NAMES, &NOT_AMOUNT_NAMES, |column| {
        column != day && cells(body, column).all(is_amount) && cells(body, column).next().is_some()
    })
    .ok_or_else(|| BankError::new("the file", "No column of it is an amount on every line."))?;
    let decimal_comma =
        cells(body, amount).any(|cell| parts_by(cell, ',')) && !cells(body, amount).any(|cell| parts_by(cell, '.'));
    let fits = orders(body, day);
    let day_order = match fits.as_slice() {
        [one] => *one,
        // Where both fit, whoever writes a decimal comma writes the day first.
        _ if decimal_comma => DayOrder::DayMonthYear,
        _ => *fits.last().unwrap_or(&DayOrder::YearMonthDay),
    };
    Ok(Mapping { delimiter, headed, day, amount, day_order, decimal_comma })
}

/// Whether only one order of the days fits the file: else whoever reads it is asked.
pub fn is_sure(bytes: &[u8], mapping: &Mapping) -> Result<bool, BankError> {
    let rows = rows(&text(bytes), mapping.delimiter)?;
    Ok(orders(&rows[usize::from(mapping.headed).min(rows.len())..], mapping.day).len() == 1)
}

/// The columns of the file.
pub fn columns_of(bytes: &[u8], mapping: &Mapping) -> Result<Vec<Column>, BankError> {
    Ok(columns(&rows(&text(bytes), mapping.delimiter)?, mapping))
}

/// Reads the file by a mapping. All problems are of one line at a time: the first stops it.
pub fn mapped(bytes: &[u8], mapping: &Mapping, currency: Currency) -> Result<BankLines, BankError> {
    let rows = rows(&text(bytes), mapping.delimiter)?;
    let mut lines = BankLines::default();
    let mut alike: HashMap<String, u32> = HashMap::new();
    for (nth, row) in rows.iter().enumerate().skip(usize::from(mapping.headed)) {
        let at = format!("line {}", nth + 1);
        let cell = |column: usize| row.get(column).unwrap_or_default().trim();
        let (day_text, amount_text) = (cell(mapping.day), cell(mapping.amount));
        if day_text.is_empty() && amount_text.is_empty() {
            continue;
        }
        let on = mapping.day_order.read(day_text).ok_or_else(|| {
            BankError::new(
                &at,
                format!("\"{}\" is no day in this order. Choose another order, or column.", quoted(day_text)),
            )
        })?;
        let amount = amount(amount_text, mapping.decimal_comma, currency).ok_or_else(|| {
            BankError::new(
                &at,
                format!("\"{}\" is no amount of {}. Choose another column.", quoted(amount_text), currency.code()),
            )
        })?;
        if !amount.is_positive() {
            lines.others += 1;
            continue;
        }
        let text = said(row, mapping);
        let line = format!("{on} {amount} {text}");
        // Two equal lines of one file are two receipts.
        let count = alike.entry(line.clone()).and_modify(|count| *count += 1).or_insert(0);
        lines.received.push(BankLine { on, amount, text, id: id(&["csv", &line, &count.to_string()]) });
    }
    Ok(lines)
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

/// The one that parts the first lines into the most columns.
fn delimiter(text: &str) -> char {
    DELIMITERS.into_iter().max_by_key(|delimiter| widest(records(text, *delimiter).take(50))).unwrap_or(',')
}

/// How many columns most lines have.
fn widest(rows: impl Iterator<Item = StringRecord>) -> usize {
    let mut counts: HashMap<usize, usize> = HashMap::new();
    rows.for_each(|row| *counts.entry(row.len()).or_default() += 1);
    counts
        .into_iter()
        .max_by_key(|(width, count)| (*count, *width))
        .map_or(0, |(width, _)| if width > 1 { width } else { 0 })
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

fn cells(rows: &[StringRecord], column: usize) -> impl Iterator<Item = &str> {
    rows.iter().filter_map(move |row| row.get(column)).map(str::trim).filter(|cell| !cell.is_empty())
}

fn is_day(cell: &str) -> bool {
    ORDERS.iter().any(|order| order.read(cell).is_some())
}

/// The orders in which every line's day can be read.
fn orders(rows: &[StringRecord], column: usize) -> Vec<DayOrder> {
    ORDERS.into_iter().filter(|order| cells(rows, column).all(|cell| order.read(cell).is_some())).collect()
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

fn columns(rows: &[StringRecord], mapping: &Mapping) -> Vec<Column> {
    let body = &rows[usize::from(mapping.headed).min(rows.len())..];
    let width = rows.iter().map(StringRecord::len).max().unwrap_or(0);
    let name = |column: usize| {
        let named = rows.first().filter(|_| mapping.headed).and_then(|row| row.get(column)).map(str::trim);
        named.filter(|name| !name.is_empty()).map_or_else(|| format!("Column {}", column + 1), str::to_owned)
    };
    let example = |column| cells(body, column).next().unwrap_or_default().to_owned();
    (0..width).map(|column| Column { name: name(column), example: example(column) }).collect()
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
