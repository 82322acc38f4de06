//! Batches: one for each import, so that what came with it can be told, compared and undone.

use rusqlite::{Connection, named_params};

/// Records a batch and gives its key.
pub fn insert(
    connection: &Connection,
    id: &str,
    imported_at: &str,
    source: &str,
    sha256: &[u8; 32],
) -> rusqlite::Result<i64> {
    const INSERT: &str = "
        INSERT INTO batch (id, imported_at, source, sha256)
        VALUES (:id, :imported_at, :source, :sha256)
        RETURNING key";
    connection.prepare_cached(INSERT)?.query_row(
        named_params! { ":id": id, ":imported_at": imported_at, ":source": source, ":sha256": sha256 },
        |row| row.get(0),
    )
}
