//! Notes on clients: written by hand, on no statement and no paper, and not in refbook/1.

use rules::client::Client;
use rules::day::Day;
use rules::id::Id;
use rusqlite::{Connection, Row, named_params};
use serde::{Deserialize, Serialize};

use super::day;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    pub id: Id<Note>,
    pub client: Id<Client>,
    pub written_on: Day,
    pub text: String,
}

pub fn insert(connection: &Connection, note: &Note) -> rusqlite::Result<()> {
    const INSERT: &str = "
        INSERT INTO note (id, client, written_on, text)
        VALUES (:id, (SELECT key FROM client WHERE id = :client), :written_on, :text)";
    connection.prepare_cached(INSERT)?.execute(named_params! {
        ":id": note.id.as_str(),
        ":client": note.client.as_str(),
        ":written_on": note.written_on.to_string(),
        ":text": note.text,
    })?;
    Ok(())
}

/// Whether there is a note with this id, be it voided.
pub fn is_there(connection: &Connection, id: &Id<Note>) -> rusqlite::Result<bool> {
    const NOTE: &str = "SELECT 1 FROM note WHERE id = :id ORDER BY key";
    connection.prepare_cached(NOTE)?.exists(named_params! { ":id": id.as_str() })
}

/// All live notes, be their clients voided, in the order in which they were written.
pub fn all(connection: &Connection) -> rusqlite::Result<Vec<Note>> {
    const NOTES: &str = "
        SELECT note.id, client.id, note.written_on, note.text
        FROM note
        JOIN client ON client.key = note.client
        WHERE note.voided_at IS NULL
        ORDER BY note.key";
    connection.prepare_cached(NOTES)?.query_map([], note)?.collect()
}

fn note(row: &Row<'_>) -> rusqlite::Result<Note> {
    let (id, client) = (Id::new(row.get_ref(0)?.as_str()?), Id::new(row.get_ref(1)?.as_str()?));
    Ok(Note { id, client, written_on: day(row, 2)?, text: row.get(3)? })
}

/// The live notes on a client, the newest first.
pub fn of_client(connection: &Connection, client: &Id<Client>) -> rusqlite::Result<Vec<Note>> {
    const NOTES: &str = "
        SELECT note.id, note.written_on, note.text
        FROM client
        JOIN note ON note.client = client.key
        WHERE client.id = :client AND note.voided_at IS NULL
        ORDER BY note.written_on DESC, note.key DESC";
    let mut statement = connection.prepare_cached(NOTES)?;
    let note = |row: &Row<'_>| {
        let id = Id::new(row.get_ref(0)?.as_str()?);
        Ok(Note { id, client: client.clone(), written_on: day(row, 1)?, text: row.get(2)? })
    };
    statement.query_map(named_params! { ":client": client.as_str() }, note)?.collect()
}
