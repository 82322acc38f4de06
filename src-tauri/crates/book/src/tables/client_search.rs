//! Finding clients by how the words of their names, domains and ids begin.

use rules::client::Client;
use rules::id::Id;
use rusqlite::vtab::array::Array;
use rusqlite::{Connection, Row, named_params};

use super::column;

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
    let words = format!("{{name plain_name}} : ({words})");
    let mut statement = connection.prepare_cached(FOUND)?;
    statement.query_map(named_params! { ":words": words, ":most": most }, named)?.collect()
}

/// The clients with a domain that has these parts in a row, at most `most`.
pub fn by_domain(connection: &Connection, domain: &str, most: u32) -> rusqlite::Result<Vec<ClientNamed>> {
    const FOUND: &str = "
        SELECT client.id, client.name
        FROM client_search
        CROSS JOIN client ON client.key = client_search.rowid
        WHERE client_search MATCH :words AND client.voided_at IS NULL
        ORDER BY client.key
        LIMIT :most";
    let words = format!("{{domains}} : \"{}\"", domain.replace('"', ""));
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

/// The keys of a page of the live clients that are found by `words`.
///
/// One letter can find them all. So the names are walked in their order until the page is full, and what was found is
/// not sorted: the `+` keeps the planner from that.
pub fn page(connection: &Connection, words: &str, newest: bool, from: u32, most: u32) -> rusqlite::Result<Vec<i64>> {
    const BY_NAME: &str = "
        SELECT key
        FROM client
        WHERE voided_at IS NULL AND +key IN (SELECT rowid FROM client_search WHERE client_search MATCH :words)
        ORDER BY name COLLATE NOCASE, key
        LIMIT :most OFFSET :from";
    const NEWEST: &str = "
        SELECT client_search.rowid
        FROM client_search
        WHERE client_search MATCH :words
            AND client_search.rowid NOT IN (SELECT key FROM client WHERE voided_at IS NOT NULL)
        ORDER BY client_search.rowid DESC
        LIMIT :most OFFSET :from";
    let sql = if newest { NEWEST } else { BY_NAME };
    column(connection, sql, named_params! { ":words": words, ":from": from, ":most": most })
}

/// The keys of the first recorded of the live clients that are found by `words`.
pub fn some(connection: &Connection, words: &str, most: u32) -> rusqlite::Result<Vec<i64>> {
    const SOME: &str = "
        SELECT client_search.rowid
        FROM client_search
        WHERE client_search MATCH :words
            AND client_search.rowid NOT IN (SELECT key FROM client WHERE voided_at IS NOT NULL)
        ORDER BY client_search.rowid
        LIMIT :most";
    column(connection, SOME, named_params! { ":words": words, ":most": most })
}

pub fn count(connection: &Connection, words: &str) -> rusqlite::Result<u32> {
    const COUNT: &str = "
        SELECT count(*)
        FROM client_search
        WHERE client_search MATCH :words
            AND client_search.rowid NOT IN (SELECT key FROM client WHERE voided_at IS NOT NULL)
        ORDER BY 1";
    connection.prepare_cached(COUNT)?.query_row(named_params! { ":words": words }, |row| row.get(0))
}

fn named(row: &Row<'_>) -> rusqlite::Result<ClientNamed> {
    Ok(ClientNamed { id: Id::new(row.get_ref(0)?.as_str()?), name: row.get(1)? })
}

/// What people type, as a query that says nothing else: each word in quotes, as the beginning of a word. `None` for a
/// text without words.
pub fn words(text: &str) -> Option<String> {
    let words = text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric));
    let quoted: Vec<String> = words.map(|word| format!("\"{}\"*", word.replace(['"', '\0'], " "))).collect();
    // Without an AND between them, a word in which the index sees none is passed over.
    (!quoted.is_empty()).then(|| quoted.join(" "))
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn what_is_typed_is_never_read_as_a_query() {
        for (typed, searched) in [
            ("acme wid", Some("\"acme\"* \"wid\"*")),
            ("a\"b* OR name:c", Some("\"a b*\"* \"OR\"* \"name:c\"*")),
            ("O'Malley NOT (x", Some("\"O'Malley\"* \"NOT\"* \"(x\"*")),
            (" & - \" ", None),
            ("", None),
        ] {
            assert_eq!(words(typed).as_deref(), searched, "{typed}");
        }
    }
}
