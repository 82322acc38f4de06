//! Batches: what was recorded at once (an import, a form), so that it can be told, compared and undone.

use rusqlite::{Connection, OptionalExtension, Row, named_params};

/// A batch that can be taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    pub key: i64,
    /// A file's name, or what was done, in words.
    pub source: String,
}

/// What a batch did to one record, as the journal has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// `record`, `correct`, `void` or `seal`.
    pub action: String,
    /// `client`, `credit_note`.
    pub record: String,
    pub id: String,
    /// As JSON.
    pub before: Option<String>,
    pub after: Option<String>,
}

/// Records a batch and gives its key.
pub fn insert(
    connection: &Connection,
    id: &str,
    recorded_at: &str,
    source: &str,
    sha256: &[u8; 32],
    begins_at: i64,
    undoes: Option<i64>,
) -> rusqlite::Result<i64> {
    const INSERT: &str = "
        INSERT INTO batch (id, recorded_at, source, sha256, begins_at, undoes)
        VALUES (:id, :recorded_at, :source, :sha256, :begins_at, :undoes)
        RETURNING key";
    connection.prepare_cached(INSERT)?.query_row(
        named_params! {
            ":id": id, ":recorded_at": recorded_at, ":source": source, ":sha256": sha256, ":begins_at": begins_at,
            ":undoes": undoes
        },
        |row| row.get(0),
    )
}

/// The newest batch that was not undone and is no undo itself, as long as no month was closed or reopened after it.
pub fn newest(connection: &Connection) -> rusqlite::Result<Option<Batch>> {
    const NEWEST: &str = "
        SELECT batch.key, batch.source
        FROM batch
        WHERE batch.undoes IS NULL
            AND NOT EXISTS (SELECT 1 FROM batch AS undo WHERE undo.undoes = batch.key)
            AND batch.begins_at > (SELECT coalesce(max(sequence), 0) FROM journal WHERE record = 'month')
        ORDER BY batch.key DESC
        LIMIT 1";
    let batch = |row: &Row<'_>| Ok(Batch { key: row.get(0)?, source: row.get(1)? });
    connection.prepare_cached(NEWEST)?.query_row([], batch).optional()
}

/// What a batch did, the last first.
pub fn deeds(connection: &Connection, batch: i64) -> rusqlite::Result<Vec<Deed>> {
    const DEEDS: &str = "
        SELECT journal.action, journal.record, journal.id, journal.before, journal.after
        FROM batch
        JOIN journal ON journal.sequence >= batch.begins_at AND journal.batch = batch.key
        WHERE batch.key = :batch AND journal.record <> 'batch'
        ORDER BY journal.sequence DESC";
    let deed = |row: &Row<'_>| {
        Ok(Deed { action: row.get(0)?, record: row.get(1)?, id: row.get(2)?, before: row.get(3)?, after: row.get(4)? })
    };
    connection.prepare_cached(DEEDS)?.query_map(named_params! { ":batch": batch }, deed)?.collect()
}
