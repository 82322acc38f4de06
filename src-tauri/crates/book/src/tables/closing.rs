//! Closings: which months are closed, and which were reopened and why.

use rules::month::Month;
use rusqlite::{Connection, OptionalExtension, Row, named_params};

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

/// A closing as it is kept, or as the journal tells it.
#[derive(Debug, PartialEq, Eq)]
pub struct Kept {
    pub month: String,
    closed_at: String,
    /// When it was reopened, and why.
    reopened: Option<(String, String)>,
}

/// All closings as they are kept, in the order in which they were made.
pub fn kept(connection: &Connection) -> rusqlite::Result<Vec<Kept>> {
    const KEPT: &str = "SELECT month, closed_at, reopened_at, reopen_reason FROM closing ORDER BY key";
    let kept = |row: &Row<'_>| {
        // A time without a reason, or a reason without a time, is none that the journal tells of.
        let [at, reason]: [Option<String>; 2] = [row.get(2)?, row.get(3)?];
        let reopened = (at.is_some() || reason.is_some()).then(|| (at.unwrap_or_default(), reason.unwrap_or_default()));
        Ok(Kept { month: row.get(0)?, closed_at: row.get(1)?, reopened })
    };
    connection.prepare_cached(KEPT)?.query_map([], kept)?.collect()
}

/// The same by what the journal says: a month is reopened as it was closed last.
pub fn journalled(connection: &Connection) -> rusqlite::Result<Vec<Kept>> {
    const MONTHS: &str = "SELECT action, id, at, reason FROM journal WHERE record = 'month' ORDER BY sequence";
    let mut statement = connection.prepare_cached(MONTHS)?;
    let mut rows = statement.query([])?;
    let mut closings: Vec<Kept> = Vec::new();
    while let Some(row) = rows.next()? {
        let (month, at): (String, String) = (row.get(1)?, row.get(2)?);
        if row.get_ref(0)?.as_str()? == "close" {
            closings.push(Kept { month, closed_at: at, reopened: None });
        } else if let Some(last) = closings.iter_mut().rev().find(|closing| closing.month == month) {
            last.reopened = Some((at, row.get(3)?));
        }
    }
    Ok(closings)
}

/// Takes a closing back: what it settled is open again, and whatever else it may have been done with: all that is dated
/// after the month closed before it. Without one, that is everything.
pub fn reopen(connection: &Connection, closing: i64, reopened_at: &str, reason: &str) -> rusqlite::Result<()> {
    const REOPEN: &str = "
        UPDATE closing
        SET reopened_at = :reopened_at, reopen_reason = :reason
        WHERE key = :closing";
    const OPEN_INVOICES: &str = "
        INSERT OR IGNORE INTO open_invoice (invoice)
        SELECT invoice FROM settled WHERE closing = :closing
        UNION SELECT key FROM invoice WHERE issued_on > :cutoff
        UNION SELECT invoice FROM payment WHERE received_on > :cutoff
        UNION SELECT invoice FROM refund WHERE refunded_on > :cutoff
        UNION SELECT invoice FROM credit_note WHERE issued_on > :cutoff
        UNION SELECT invoice FROM remittance WHERE received_on > :cutoff";
    const UNSETTLE: &str = "DELETE FROM settled WHERE closing = :closing";
    let parameters = named_params! { ":closing": closing, ":reopened_at": reopened_at, ":reason": reason };
    connection.prepare_cached(REOPEN)?.execute(parameters)?;
    // Days are text: the empty one is before all of them.
    let cutoff = newest(connection)?.map_or_else(String::new, |(_, month)| month.cutoff().to_string());
    connection.prepare_cached(OPEN_INVOICES)?.execute(named_params! { ":closing": closing, ":cutoff": cutoff })?;
    connection.prepare_cached(UNSETTLE)?.execute(named_params! { ":closing": closing })?;
    Ok(())
}
