//! Somebody with the right key, and a database tool in place of Refbook, changes what is sealed.

use std::fs;
use std::path::Path;

use fastrand::Rng;
use refbook_tests::intruder::{break_in, key};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::Bench;
use crate::cases::Outcome;
use crate::story::{BOOK, copy, placed};

/// What is sealed, what hangs on it, and what the next statements are drawn from.
const SEALED: [&str; 6] = ["statement", "settled", "closing", "journal", "receipt", "open_invoice"];

pub fn edited(bench: &Bench) -> Outcome {
    // Months closed, reopened, and closed again.
    let Some(story) = bench.stories.iter().find(|story| story.plot.name == "close") else { return Outcome::default() };
    let broken_in = bench.extent.place.join("broken in");
    story.set_up(&broken_in);
    let told = bench.program.ask(&broken_in, &placed(story.plot.asked, &broken_in));
    assert!(told.is_done(), "{}", told.error);
    let book = broken_in.join(BOOK);
    // The passphrase opens an older key file of the same book, which Refbook would refuse.
    let key_file = fs::read(book.join("key.json")).expect("a file of ours");
    fs::copy(bench.books.with_passphrase.join("key.json"), book.join("key.json")).expect("a file of ours");
    let key = key(&book, crate::PASSPHRASE);
    drop(break_in(&book, crate::PASSPHRASE));
    fs::write(book.join("key.json"), key_file).expect("a file of ours");
    bench.extent.play("edits", (1_000, 40), |chance, place, _| {
        copy(&broken_in, place);
        let (kind, done) = edit(&place.join(BOOK), &key, chance);
        let told = bench.program.ask(place, &placed(&["verify", "./Book.refbook"], place));
        told.disgrace().map_or(Ok(()), Err)?;
        match told.error.trim() {
            _ if told.is_done() => Err(format!("NOT FOUND: {done}")),
            error if error.contains("Not as it was written: ") => Ok(format!("{kind}: named")),
            error if error.contains("damaged") => Ok(format!("{kind}: called damage")),
            error => Err(format!("{done}: it does not name it: {error}")),
        }
    })
}

/// Makes one edit, whatever comes to mind first that changes something; says of what kind, and what exactly.
fn edit(book: &Path, key: &str, chance: &mut Rng) -> (String, String) {
    let connection = Connection::open(book.join("book.db")).expect("the database");
    connection.pragma_update(None, "key", key).expect("the key");
    connection.pragma_update(None, "foreign_keys", false).expect("no checks");
    connection.pragma_update(None, "synchronous", "OFF").expect("no waiting for the disk");
    loop {
        let table = SEALED[chance.usize(..SEALED.len())];
        let keys = if table == "settled" { "closing = ? AND invoice = ?" } else { "rowid = ?" };
        let tried = match chance.usize(..6) {
            0 => take_out(&connection, table, keys, chance),
            1 => swap(&connection, table, keys, chance),
            _ => change(&connection, table, keys, chance),
        };
        if let Some((what, done)) = tried {
            drop(connection);
            assert!(!fs::read(book.join("book.db")).expect("the book").is_empty());
            return (format!("{table}: {what}"), format!("{table}: {done}"));
        }
    }
}

type Tried = Option<(&'static str, String)>;

fn change(connection: &Connection, table: &str, keys: &str, chance: &mut Rng) -> Tried {
    let (row, column) = (a_row(connection, table, chance)?, a_column(connection, table, chance));
    let before = value(connection, table, &column, keys, &row);
    let after = changed(&before, chance);
    if after == before || !set(connection, table, &column, keys, &row, &after) {
        return None;
    }
    Some(("a value changed", format!("{column} of {row:?} from {} to {}", short(&before), short(&after))))
}

fn swap(connection: &Connection, table: &str, keys: &str, chance: &mut Rng) -> Tried {
    let (one, other) = (a_row(connection, table, chance)?, a_row(connection, table, chance)?);
    let column = a_column(connection, table, chance);
    let values = [&one, &other].map(|row| value(connection, table, &column, keys, row));
    if values[0] == values[1] || column == "key" || column == "sequence" {
        return None;
    }
    // Where a value may stand only once, a third one stands in for a moment.
    let nothing = changed(&values[0], chance);
    let swapped = [(&one, &nothing), (&other, &values[0]), (&one, &values[1])];
    connection.execute_batch("SAVEPOINT swap").expect("a savepoint");
    let all = swapped.into_iter().all(|(row, value)| set(connection, table, &column, keys, row, value));
    connection.execute_batch(if all { "RELEASE swap" } else { "ROLLBACK TO swap; RELEASE swap" }).expect("done");
    all.then(|| ("two values swapped", format!("{column} of {one:?} and {other:?}")))
}

fn take_out(connection: &Connection, table: &str, keys: &str, chance: &mut Rng) -> Tried {
    let row = a_row(connection, table, chance)?;
    let done = connection.execute(&format!("DELETE FROM {table} WHERE {keys}"), params_from_iter(&row)).ok()?;
    (done > 0).then(|| ("a row taken out", format!("{row:?}")))
}

fn a_row(connection: &Connection, table: &str, chance: &mut Rng) -> Option<Vec<i64>> {
    let keys = if table == "settled" { "closing, invoice" } else { "rowid" };
    let mut statement = connection.prepare(&format!("SELECT {keys} FROM {table} ORDER BY {keys}")).expect("keys");
    let width = statement.column_count();
    let rows = statement.query_map([], |row| (0..width).map(|nth| row.get(nth)).collect()).expect("rows");
    let rows: Vec<Vec<i64>> = rows.collect::<Result<_, _>>().expect("rows");
    (!rows.is_empty()).then(|| rows[chance.usize(..rows.len())].clone())
}

fn a_column(connection: &Connection, table: &str, chance: &mut Rng) -> String {
    let statement = connection.prepare(&format!("SELECT * FROM {table}")).expect("a table");
    let mut columns = statement.column_names();
    // What a row is known by within the file says nothing to anybody, where nothing refers to it.
    columns.retain(|column| *column != "key" || table == "closing");
    columns[chance.usize(..columns.len())].to_owned()
}

fn value(connection: &Connection, table: &str, column: &str, keys: &str, row: &[i64]) -> Value {
    let sql = format!("SELECT {column} FROM {table} WHERE {keys}");
    connection.query_row(&sql, params_from_iter(row), |row| row.get(0)).expect("a value")
}

/// Whether it could be set: a table's own checks hold for everybody.
fn set(connection: &Connection, table: &str, column: &str, keys: &str, row: &[i64], value: &Value) -> bool {
    let sql = format!("UPDATE {table} SET {column} = ? WHERE {keys}");
    let row = row.iter().map(|key| Value::Integer(*key));
    connection.execute(&sql, params_from_iter(std::iter::once(value.clone()).chain(row))).is_ok_and(|done| done > 0)
}

fn changed(value: &Value, chance: &mut Rng) -> Value {
    match value {
        Value::Null => Value::Text("2025-01-01".to_owned()),
        Value::Integer(number) => Value::Integer(number + chance.i64(-3..=3)),
        Value::Real(number) => Value::Real(number + 1.0),
        Value::Text(text) => {
            let mut letters: Vec<char> = text.chars().collect();
            if letters.is_empty() {
                return Value::Text("x".to_owned());
            }
            let at = chance.usize(..letters.len());
            letters[at] = if letters[at].is_ascii_digit() { chance.digit(10) } else { chance.alphabetic() };
            Value::Text(letters.into_iter().collect())
        }
        Value::Blob(bytes) => {
            let mut bytes = bytes.clone();
            if let Some(last) = bytes.len().checked_sub(1) {
                bytes[chance.usize(..=last)] ^= 1 << chance.u8(..8);
            }
            Value::Blob(bytes)
        }
    }
}

fn short(value: &Value) -> String {
    let text = format!("{value:?}");
    text.chars().take(60).collect()
}
