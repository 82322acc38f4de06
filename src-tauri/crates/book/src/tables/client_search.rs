//! Finding clients by how the words of their names begin.

use rules::client::Client;
use rules::id::Id;
use rusqlite::vtab::array::Array;
use rusqlite::{Connection, Row, named_params};

/// A client as a list of choices shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientNamed {
    pub id: Id<Client>,
    pub name: String,
}

/// The clients whose names have all the words of `text`, at most `most`, the best first. None for a text
/// without words.
pub fn by_name(connection: &Connection, text: &str, most: u32) -> rusqlite::Result<Vec<ClientNamed>> {
    const FOUND: &str = "
        SELECT client.id, client.name
        FROM client_search
        CROSS JOIN client ON client.key = client_search.rowid
        WHERE client_search MATCH :words AND client.voided_at IS NULL
        ORDER BY client_search.rank, client.key
        LIMIT :most";
    let Some(words) = words(text) else { return Ok(Vec::new()) };
    let mut statement = connection.prepare_cached(FOUND)?;
    statement.query_map(named_params! { ":words": words, ":most": most }, named)?.collect()
}

/// The names of clients, voided ones too.
pub fn names(connection: &Connection, clients: &Array) -> rusqlite::Result<Vec<ClientNamed>> {
    const NAMES: &str = "
        SELECT client.id, client.name
        FROM rarray(:clients) AS wanted
        CROSS JOIN client ON client.id = wanted.value
        ORDER BY wanted.rowid";
    connection.prepare_cached(NAMES)?.query_map(named_params! { ":clients": clients }, named)?.collect()
}

fn named(row: &Row<'_>) -> rusqlite::Result<ClientNamed> {
    Ok(ClientNamed { id: Id::new(row.get_ref(0)?.as_str()?), name: row.get(1)? })
}

/// What people type, as a query that says nothing else: each word in quotes, as the beginning of a word of the name.
fn words(text: &str) -> Option<String> {
    let words = text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric));
    let quoted: Vec<String> = words.map(|word| format!("\"{}\"*", word.replace(['"', '\0'], " "))).collect();
    (!quoted.is_empty()).then(|| format!("{{name}} : ({})", quoted.join(" AND ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_never_read_as_a_query() {
        assert_eq!(words("acme wid").as_deref(), Some("{name} : (\"acme\"* AND \"wid\"*)"));
        assert_eq!(words("a\" OR name:b*").as_deref(), Some("{name} : (\"a \"* AND \"OR\"* AND \"name:b*\"*)"));
        assert_eq!(words(" & - \" "), None);
    }
}
