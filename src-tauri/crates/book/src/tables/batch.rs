//! Batches: what was recorded at once (an import, a form), so that it can be told, compared and undone.

use rusqlite::{Connection, named_params};

/// Records a batch and gives its key.
pub fn insert(
    connection: &Connection,
    id: &str,
    recorded_at: &str,
    source: &str,
    sha256: &[u8; 32],
) -> rusqlite::Result<i64> {
    const INSERT: &str = "
        INSERT INTO batch (id, recorded_at, source, sha256)
        VALUES (:id, :recorded_at, :source, :sha256)
        RETURNING key";
    connection.prepare_cached(INSERT)?.query_row(
        named_params! { ":id": id, ":recorded_at": recorded_at, ":source": source, ":sha256": sha256 },
        |row| row.get(0),
    )
}
