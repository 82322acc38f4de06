//! The programme's logo: a PNG. One row, or none.

use rusqlite::{Connection, OptionalExtension, named_params};
use sha2::{Digest, Sha256};

pub fn read(connection: &Connection) -> rusqlite::Result<Option<Vec<u8>>> {
    const SELECT: &str = "SELECT png FROM logo WHERE key = 1";
    connection.prepare_cached(SELECT)?.query_row([], |row| row.get(0)).optional()
}

/// As the journal has it: its SHA-256.
pub fn journalled(png: &[u8]) -> String {
    format!("\"{}\"", hex::encode(Sha256::digest(png)))
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
