//! What forms hold before it is recorded. No records, so the journal knows nothing of them.

use rusqlite::{Connection, OptionalExtension, named_params};

/// Keeps what a form holds, or forgets it if that is nothing.
pub fn keep(connection: &Connection, form: &str, text: &str) -> rusqlite::Result<()> {
    const KEEP: &str = "
        INSERT INTO unsaved (form, text)
        VALUES (:form, :text)
        ON CONFLICT (form) DO UPDATE
        SET text = excluded.text";
    const FORGET: &str = "DELETE FROM unsaved WHERE form = :form";
    if text.is_empty() {
        connection.prepare_cached(FORGET)?.execute(named_params! { ":form": form })?;
    } else {
        connection.prepare_cached(KEEP)?.execute(named_params! { ":form": form, ":text": text })?;
    }
    Ok(())
}

/// All that is kept, by form.
pub fn all(connection: &Connection) -> rusqlite::Result<Vec<(String, String)>> {
    const ALL: &str = "SELECT form, text FROM unsaved ORDER BY form";
    connection.prepare_cached(ALL)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

pub fn of(connection: &Connection, form: &str) -> rusqlite::Result<Option<String>> {
    const TEXT: &str = "SELECT text FROM unsaved WHERE form = :form";
    connection.prepare_cached(TEXT)?.query_row(named_params! { ":form": form }, |row| row.get(0)).optional()
}
