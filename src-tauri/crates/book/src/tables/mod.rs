//! The book's tables, a file each: its SQL and its rows. What all records share stands here.

pub mod adjustment;
pub mod affiliate;
pub mod batch;
pub mod biller;
pub mod client;
pub mod client_search;
pub mod closing;
pub mod company_line;
pub mod contract;
pub mod credit_note;
pub mod invoice;
pub mod journal;
pub mod logo;
pub mod note;
pub mod open_invoice;
pub mod own_entry;
pub mod own_price;
pub mod owner;
pub mod payment;
pub mod programme;
pub mod quote;
pub mod receipt;
pub mod referral;
pub mod refund;
pub mod remittance;
pub mod resale;
pub mod statement;
pub mod terms;
pub mod unsaved;

use std::rc::Rc;

use rules::day::Day;
use rules::invoice::{Kind, Line};
use rules::money::{Currency, Money};
use rules::month::Month;
use rules::rate::Rate;
use rules::records::RecordKind;
use rusqlite::types::{FromSqlError, Type, Value};
use rusqlite::vtab::array::Array;
use rusqlite::{CachedStatement, Connection, OptionalExtension, Row, ToSql, named_params};
use serde::Serialize;
use serde::de::value::StrDeserializer;

/// A kind of record with a text id, in a table of its own.
pub trait Table: Sized + PartialEq + Serialize {
    const KIND: RecordKind;
    /// The columns that [`Table::read`] takes, the key first and the id second, from the table as `record`, as it is stored.
    const SELECT: &str;
    /// Comes after it to read a record as it is told.
    const AS_TOLD: &str = "";
    /// Records it, or corrects the one with this id.
    fn put(&self, connection: &Connection, batch: Option<i64>, known: Known) -> rusqlite::Result<()>;
    fn read(row: &Row<'_>, connection: &Connection, currency: Currency) -> rusqlite::Result<Self>;
    fn id(&self) -> &str;
}

/// After a join with its contract: a record whose contract was voided is told as under none.
const UNDER_NO_VOIDED_CONTRACT: &str = " AND contract.voided_at IS NULL";

/// Whether the book has a record with this id already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    New,
    Before,
}

/// The key of a record that was put just now.
fn key_put<T: Table>(connection: &Connection, record: &T, known: Known) -> rusqlite::Result<i64> {
    if known == Known::New {
        return Ok(connection.last_insert_rowid());
    }
    let sql = format!("SELECT key FROM {} WHERE id = :id", T::KIND.as_str());
    connection.prepare_cached(&sql)?.query_row(&[(":id", record.id())], |row| row.get(0))
}

/// All records in effect, in the order in which they were recorded.
pub fn all<T: Table>(connection: &Connection, currency: Currency) -> rusqlite::Result<Vec<T>> {
    select(connection, currency, "WHERE record.voided_at IS NULL ORDER BY record.key", &[])
}

/// Goes over all records in effect, one at a time.
pub fn for_each<T: Table>(
    connection: &Connection,
    currency: Currency,
    select: &str,
    mut visit: impl FnMut(T),
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(&format!("{select} WHERE record.voided_at IS NULL ORDER BY record.key"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        visit(T::read(row, connection, currency)?);
    }
    Ok(())
}

/// The records in effect whose `column` is one of `keys`.
pub fn with<T: Table>(
    connection: &Connection,
    currency: Currency,
    column: &str,
    keys: &Array,
) -> rusqlite::Result<Vec<T>> {
    let filter = format!(
        "WHERE record.voided_at IS NULL AND record.{column} IN (SELECT value FROM rarray(:keys)) ORDER BY record.key"
    );
    select(connection, currency, &filter, &[(":keys", keys)])
}

/// The record with this id, and its key, unless it was voided.
pub fn find<T: Table>(connection: &Connection, currency: Currency, id: &str) -> rusqlite::Result<Option<T>> {
    let mut statement = prepare::<T>(connection, "WHERE record.id = :id AND record.voided_at IS NULL")?;
    statement.query_row(&[(":id", id)], |row| T::read(row, connection, currency)).optional()
}

fn select<T: Table>(
    connection: &Connection,
    currency: Currency,
    filter: &str,
    parameters: &[(&str, &dyn ToSql)],
) -> rusqlite::Result<Vec<T>> {
    prepare::<T>(connection, filter)?.query_map(parameters, |row| T::read(row, connection, currency))?.collect()
}

fn prepare<'c, T: Table>(connection: &'c Connection, filter: &str) -> rusqlite::Result<CachedStatement<'c>> {
    connection.prepare_cached(&format!("{}{} {filter}", T::SELECT, T::AS_TOLD))
}

/// The highest number after `letter` among the ids of a kind; 0 without one.
pub fn highest_number(connection: &Connection, kind: RecordKind, letter: &str) -> rusqlite::Result<i64> {
    let sql = format!(
        "SELECT coalesce(max(CAST(substr(id, length(:letter) + 1) AS INTEGER)), 0) FROM {}
        WHERE id GLOB :letter || '[0-9]*' AND substr(id, length(:letter) + 1) NOT GLOB '*[^0-9]*'
            AND length(id) <= length(:letter) + 15
        ORDER BY 1",
        kind.as_str()
    );
    connection.prepare_cached(&sql)?.query_row(&[(":letter", letter)], |row| row.get(0))
}

/// Which of `ids` stand in the table of `kind`, voided or not: their ids and keys.
pub fn keys_of(connection: &Connection, kind: RecordKind, ids: &Array) -> rusqlite::Result<Vec<i64>> {
    let sql = format!("SELECT key FROM {} WHERE id IN (SELECT value FROM rarray(:ids)) ORDER BY key", kind.as_str());
    column(connection, &sql, &[(":ids", ids)])
}

/// The first column of a query, as keys.
pub fn column(connection: &Connection, sql: &str, parameters: &[(&str, &dyn ToSql)]) -> rusqlite::Result<Vec<i64>> {
    connection.prepare_cached(sql)?.query_map(parameters, |row| row.get(0))?.collect()
}

pub fn array(keys: &[i64]) -> Array {
    Rc::new(keys.iter().copied().map(Value::from).collect())
}

pub fn texts_array<'a>(texts: impl Iterator<Item = &'a str>) -> Array {
    Rc::new(texts.map(|text| Value::from(text.to_owned())).collect())
}

/// The lines of an invoice, a credit note or a change, in their order.
pub fn lines(
    connection: &Connection,
    sql: &str,
    parameters: &[(&str, &dyn ToSql)],
    currency: Currency,
) -> rusqlite::Result<Vec<Line>> {
    let mut statement = connection.prepare_cached(sql)?;
    statement.query_map(parameters, |row| line(row, 0, currency))?.collect()
}

/// Puts lines under the record with this key, in their order.
fn put_lines(connection: &Connection, put_line: &str, key: i64, lines: &[Line]) -> rusqlite::Result<()> {
    let mut put_line = connection.prepare_cached(put_line)?;
    for (position, line) in (0_i64..).zip(lines) {
        put_line.execute(named_params! {
            ":key": key,
            ":position": position,
            ":kind": line.kind.as_str(),
            ":description": line.description,
            ":amount_minor": line.amount.minor(),
        })?;
    }
    Ok(())
}

/// A line from three columns: kind, description, amount.
pub fn line(row: &Row<'_>, at: usize, currency: Currency) -> rusqlite::Result<Line> {
    Ok(Line {
        kind: word(row, at, |text| Kind::ALL.into_iter().find(|kind| kind.as_str() == text))?,
        description: row.get(at + 1)?,
        amount: money(row, at + 2, currency)?,
    })
}

pub fn money(row: &Row<'_>, at: usize, currency: Currency) -> rusqlite::Result<Money> {
    Ok(Money::from_minor(row.get(at)?, currency))
}

pub fn rate(row: &Row<'_>, at: usize) -> rusqlite::Result<Rate> {
    Rate::from_basis_points(row.get(at)?).ok_or_else(|| unreadable(at))
}

pub fn day(row: &Row<'_>, at: usize) -> rusqlite::Result<Day> {
    word(row, at, rules::day::parse)
}

pub fn month(row: &Row<'_>, at: usize) -> rusqlite::Result<Month> {
    word(row, at, Month::parse)
}

pub fn optional<T>(
    row: &Row<'_>,
    at: usize,
    read: impl Fn(&Row<'_>, usize) -> rusqlite::Result<T>,
) -> rusqlite::Result<Option<T>> {
    match row.get_ref(at)?.data_type() {
        Type::Null => Ok(None),
        _ => read(row, at).map(Some),
    }
}

/// A text column that `parse` understands.
pub fn word<T>(row: &Row<'_>, at: usize, parse: impl Fn(&str) -> Option<T>) -> rusqlite::Result<T> {
    parse(row.get_ref(at)?.as_str()?).ok_or_else(|| unreadable(at))
}

/// A column with a JSON array of texts.
pub fn texts(row: &Row<'_>, at: usize) -> rusqlite::Result<Vec<String>> {
    match row.get_ref(at)?.as_str()? {
        "[]" => Ok(Vec::new()),
        text => serde_json::from_str(text).map_err(|_| unreadable(at)),
    }
}

pub fn texts_to_sql(texts: &[String]) -> String {
    serde_json::to_string(texts).expect("texts are JSON")
}

/// A word that serde knows, as the book stores it: `in_full`.
pub fn serde_word<T: serde::de::DeserializeOwned>(row: &Row<'_>, at: usize) -> rusqlite::Result<T> {
    word(row, at, |text| T::deserialize(StrDeserializer::<serde::de::value::Error>::new(text)).ok())
}

/// The word that serde writes.
pub fn to_word(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// What the book wrote itself and can't read: damage.
pub fn unreadable(at: usize) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(at, Type::Text, Box::new(FromSqlError::InvalidType))
}
