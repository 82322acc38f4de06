//! The journal of changes: append-only, each entry's hash over its own content and the hash before.

use rusqlite::{Connection, OptionalExtension, Row, named_params};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Where the journal ends: what the next entry's hash stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub sequence: i64,
    pub hash: [u8; 32],
}

impl Head {
    /// Of a journal without entries.
    pub const EMPTY: Head = Head { sequence: 0, hash: [0; 32] };
}

/// What was changed: the record, and how it was before and after as JSON.
#[derive(Clone, Copy, Debug, Default)]
pub struct Entry<'a> {
    pub at: &'a str,
    pub action: &'a str,
    pub record: &'a str,
    pub id: &'a str,
    pub batch: Option<i64>,
    pub before: Option<&'a str>,
    pub after: Option<&'a str>,
    pub reason: Option<&'a str>,
}

/// Appends an entry and gives the new head.
pub fn append(connection: &Connection, head: Head, entry: &Entry<'_>) -> rusqlite::Result<Head> {
    const INSERT: &str = "
        INSERT INTO journal (sequence, at, action, record, id, batch, before, after, reason, previous, hash)
        VALUES (:sequence, :at, :action, :record, :id, :batch, :before, :after, :reason, :previous, :hash)";
    let sequence = head.sequence + 1;
    let hash = hash(sequence, entry, &head.hash);
    connection.prepare_cached(INSERT)?.execute(named_params! {
        ":sequence": sequence,
        ":at": entry.at,
        ":action": entry.action,
        ":record": entry.record,
        ":id": entry.id,
        ":batch": entry.batch,
        ":before": entry.before,
        ":after": entry.after,
        ":reason": entry.reason,
        ":previous": head.hash,
        ":hash": hash,
    })?;
    Ok(Head { sequence, hash })
}

pub fn head(connection: &Connection) -> rusqlite::Result<Head> {
    const HEAD: &str = "SELECT sequence, hash FROM journal ORDER BY sequence DESC LIMIT 1";
    let head = connection
        .prepare_cached(HEAD)?
        .query_row([], |row| Ok(Head { sequence: row.get(0)?, hash: row.get(1)? }))
        .optional()?;
    Ok(head.unwrap_or(Head::EMPTY))
}

/// The hash of the entry with this sequence number, if there is one.
pub fn hash_at(connection: &Connection, sequence: i64) -> rusqlite::Result<Option<[u8; 32]>> {
    const HASH: &str = "SELECT hash FROM journal WHERE sequence = :sequence";
    connection.prepare_cached(HASH)?.query_row(named_params! { ":sequence": sequence }, |row| row.get(0)).optional()
}

/// What entries of the journal did, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    pub entries: i64,
    /// By the instant of the last of them, RFC 3339.
    pub last_at: Option<String>,
    /// How many records of a kind were recorded, corrected, voided, …: action, kind, count.
    pub records: Vec<(String, String, i64)>,
    /// Months that were closed, or reopened: action, month.
    pub months: Vec<(String, String)>,
}

/// What was done after the entry with this sequence number.
pub fn changed_since(connection: &Connection, sequence: i64) -> rusqlite::Result<Changed> {
    const ENTRIES: &str = "SELECT count(*), max(at) FROM journal WHERE sequence > :sequence ORDER BY 1";
    // A batch, a seal and a receipt come with the records and months that they are of; a restore is of no record.
    const RECORDS: &str = "
        SELECT action, record, count(*)
        FROM journal
        WHERE sequence > :sequence AND record NOT IN ('batch', 'statement', 'receipt', 'month', 'backup')
        GROUP BY action, record
        ORDER BY min(sequence)";
    const MONTHS: &str = "
        SELECT action, id
        FROM journal
        WHERE sequence > :sequence AND record = 'month'
        ORDER BY sequence";
    let after = named_params! { ":sequence": sequence };
    let (entries, last_at) =
        connection.prepare_cached(ENTRIES)?.query_row(after, |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut records = connection.prepare_cached(RECORDS)?;
    let records = records.query_map(after, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let records = records.collect::<rusqlite::Result<Vec<_>>>()?;
    let mut months = connection.prepare_cached(MONTHS)?;
    let months = months.query_map(after, |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
    Ok(Changed { entries, last_at, records, months })
}

/// An entry, as a reader outside Refbook gets it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Told {
    pub sequence: i64,
    pub at: String,
    pub action: String,
    pub record: String,
    pub id: String,
    pub before: Option<serde_json::Value>,
    pub after: Option<serde_json::Value>,
    pub reason: Option<String>,
    #[serde(with = "hex::serde")]
    pub hash: [u8; 32],
}

/// Goes over all entries, the first first.
pub fn for_each<E: From<rusqlite::Error>>(
    connection: &Connection,
    mut visit: impl FnMut(Told) -> Result<(), E>,
) -> Result<(), E> {
    const ALL: &str = "
        SELECT sequence, at, action, record, id, before, after, reason, hash
        FROM journal
        ORDER BY sequence";
    let mut statement = connection.prepare_cached(ALL)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        visit(told(row)?)?;
    }
    Ok(())
}

fn told(row: &Row<'_>) -> rusqlite::Result<Told> {
    // What is no JSON is told as the text that it is.
    let json = |at| {
        let text: Option<String> = row.get(at)?;
        Ok::<_, rusqlite::Error>(
            text.map(|text| serde_json::from_str(&text).unwrap_or(serde_json::Value::String(text))),
        )
    };
    Ok(Told {
        sequence: row.get(0)?,
        at: row.get(1)?,
        action: row.get(2)?,
        record: row.get(3)?,
        id: row.get(4)?,
        before: json(5)?,
        after: json(6)?,
        reason: row.get(7)?,
        hash: row.get(8)?,
    })
}

/// The sequence number of the first entry that does not follow from the one before, if any.
pub fn first_break(connection: &Connection) -> rusqlite::Result<Option<i64>> {
    const ALL: &str = "
        SELECT sequence, at, action, record, id, batch, before, after, reason, previous, hash
        FROM journal
        ORDER BY sequence";
    let mut statement = connection.prepare_cached(ALL)?;
    let mut rows = statement.query([])?;
    let mut head = Head::EMPTY;
    while let Some(row) = rows.next()? {
        let stored = Head { sequence: row.get(0)?, hash: row.get(10)? };
        let previous: [u8; 32] = row.get(9)?;
        let expected = hash(head.sequence + 1, &entry(row)?, &head.hash);
        if stored.sequence != head.sequence + 1 || previous != head.hash || stored.hash != expected {
            return Ok(Some(stored.sequence));
        }
        head = stored;
    }
    Ok(None)
}

/// Goes over the entries, oldest first: the record's kind, its id, and what it was after.
pub fn for_each_record(
    connection: &Connection,
    mut visit: impl FnMut(&str, &str, Option<&str>),
) -> rusqlite::Result<()> {
    const RECORDS: &str = "SELECT record, id, after FROM journal ORDER BY sequence";
    let mut statement = connection.prepare_cached(RECORDS)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        visit(row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_str_or_null()?);
    }
    Ok(())
}

fn entry<'a>(row: &'a Row<'_>) -> rusqlite::Result<Entry<'a>> {
    let text = |at| Ok::<_, rusqlite::Error>(row.get_ref(at)?.as_str()?);
    let optional = |at| Ok::<_, rusqlite::Error>(row.get_ref(at)?.as_str_or_null()?);
    Ok(Entry {
        at: text(1)?,
        action: text(2)?,
        record: text(3)?,
        id: text(4)?,
        batch: row.get(5)?,
        before: optional(6)?,
        after: optional(7)?,
        reason: optional(8)?,
    })
}

/// Over every field with its length, so that no two entries read alike.
fn hash(sequence: i64, entry: &Entry<'_>, previous: &[u8; 32]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(sequence.to_be_bytes());
    hasher.update(previous);
    hasher.update(entry.batch.unwrap_or(0).to_be_bytes());
    let texts = [Some(entry.at), Some(entry.action), Some(entry.record), Some(entry.id)];
    for text in texts.into_iter().chain([entry.before, entry.after, entry.reason]) {
        // A missing text is told from an empty one by a length that no text has.
        let length = text.map_or(u64::MAX, |text| text.len() as u64);
        hasher.update(length.to_be_bytes());
        hasher.update(text.unwrap_or_default());
    }
    hasher.finalize().into()
}
