//! Closings: which months are closed, and which were reopened and why.

use rules::month::Month;
use rusqlite::{Connection, OptionalExtension, named_params};

use super::month;

/// Records that a month is closed and gives the closing's key.
pub fn insert(connection: &Connection, month: Month, closed_at: &str) -> rusqlite::Result<i64> {
    const INSERT: &str = "
        INSERT INTO closing (month, closed_at)
        VALUES (:month, :closed_at)
        RETURNING key";
    let parameters = named_params! { ":month": month.to_string(), ":closed_at": closed_at };
    connection.prepare_cached(INSERT)?.query_row(parameters, |row| row.get(0))
}

/// The newest closed month: its closing's key and the month.
pub fn newest(connection: &Connection) -> rusqlite::Result<Option<(i64, Month)>> {
    const NEWEST: &str = "
        SELECT key, month
        FROM closing
        WHERE reopened_at IS NULL
        ORDER BY month DESC
        LIMIT 1";
    connection.prepare_cached(NEWEST)?.query_row([], |row| Ok((row.get(0)?, month(row, 1)?))).optional()
}

/// The closing of a month, if it is closed.
pub fn of(connection: &Connection, month: Month) -> rusqlite::Result<Option<i64>> {
    const OF: &str = "SELECT key FROM closing WHERE month = :month AND reopened_at IS NULL";
    let parameters = named_params! { ":month": month.to_string() };
    connection.prepare_cached(OF)?.query_row(parameters, |row| row.get(0)).optional()
}

/// How often the month was closed so far, reopened or not.
pub fn times(connection: &Connection, month: Month) -> rusqlite::Result<u32> {
    const TIMES: &str = "SELECT count(*) FROM closing WHERE month = :month ORDER BY 1";
    connection.prepare_cached(TIMES)?.query_row(named_params! { ":month": month.to_string() }, |row| row.get(0))
}

/// Takes a closing back: what it settled is open again.
pub fn reopen(connection: &Connection, closing: i64, reopened_at: &str, reason: &str) -> rusqlite::Result<()> {
    const REOPEN: &str = "
        UPDATE closing
        SET reopened_at = :reopened_at, reopen_reason = :reason
        WHERE key = :closing";
    const OPEN_INVOICES: &str = "
        INSERT OR IGNORE INTO open_invoice (invoice)
        SELECT invoice FROM settled WHERE closing = :closing";
    const UNSETTLE: &str = "DELETE FROM settled WHERE closing = :closing";
    let parameters = named_params! { ":closing": closing, ":reopened_at": reopened_at, ":reason": reason };
    connection.prepare_cached(REOPEN)?.execute(parameters)?;
    connection.prepare_cached(OPEN_INVOICES)?.execute(named_params! { ":closing": closing })?;
    connection.prepare_cached(UNSETTLE)?.execute(named_params! { ":closing": closing })?;
    Ok(())
}
