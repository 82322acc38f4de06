//! The programme's logo: a PNG. One row, or none.

use rusqlite::{Connection, OptionalExtension, named_params};

pub fn read(connection: &Connection) -> rusqlite::Result<Option<Vec<u8>>> {
    const SELECT: &str = "SELECT png FROM logo WHERE key = 1";
    connection.prepare_cached(SELECT)?.query_row([], |row| row.get(0)).optional()
}

pub fn put(connection: &Connection, png: &[u8]) -> rusqlite::Result<()> {
    const PUT: &str = "
        INSERT INTO logo (key, png)
        VALUES (1, :png)
        ON CONFLICT (key) DO UPDATE
        SET png = excluded.png";
    connection.prepare_cached(PUT)?.execute(named_params! { ":png": png })?;
    Ok(())
}

pub fn remove(connection: &Connection) -> rusqlite::Result<()> {
    const REMOVE: &str = "DELETE FROM logo WHERE key = 1";
    connection.prepare_cached(REMOVE)?.execute([])?;
    Ok(())
}
