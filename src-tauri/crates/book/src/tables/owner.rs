//! Whose own book it is: an affiliate's, or nobody's, which is the office's.

use rusqlite::{Connection, OptionalExtension, named_params};

/// Makes it the affiliate's own book.
pub fn put(connection: &Connection, affiliate: &str) -> rusqlite::Result<()> {
    const PUT: &str = "
        INSERT INTO owner (key, affiliate)
        VALUES (1, (SELECT key FROM affiliate WHERE id = :affiliate))";
    connection.prepare_cached(PUT)?.execute(named_params! { ":affiliate": affiliate })?;
    Ok(())
}

/// The affiliate's id.
pub fn read(connection: &Connection) -> rusqlite::Result<Option<String>> {
    const READ: &str = "
        SELECT affiliate.id
        FROM owner
        JOIN affiliate ON affiliate.key = owner.affiliate
        ORDER BY owner.key";
    connection.prepare_cached(READ)?.query_row([], |row| row.get(0)).optional()
}
