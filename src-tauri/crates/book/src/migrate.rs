//! Migrations: numbered, shipped once, never changed. All that are due go in one transaction, with the version that they
//! lead to and a comparison of what must not change.

use std::path::Path;

use rusqlite::Connection;
use rusqlite_migration::{HookError, M, Migrations};
use sha2::{Digest, Sha256};

use crate::error::BookError;
use crate::{connection, space, verify};

const STEPS: &[&str] =
    &[include_str!("../migrations/0001_book.sql"), include_str!("../migrations/0002_own_billing.sql")];

/// A book that a newer Refbook wrote is refused by name, an emptied one as damaged; both are left as they are.
pub fn check_version(connection: &Connection) -> Result<(), BookError> {
    let (book, program) = (version(connection)?, newest());
    match book {
        ..1 => Err(BookError::Damaged("book.db is empty".to_owned())),
        _ if book > program => Err(BookError::Newer { book, program }),
        _ => Ok(()),
    }
}

pub fn is_due(connection: &Connection) -> Result<bool, BookError> {
    Ok(version(connection)? < newest())
}

/// What must hold before a book is touched: nothing is wrong with its file, and there is room for the backup and for
/// the pages that are kept until the migration is through.
pub fn check_before(connection: &Connection, folder: &Path) -> Result<(), BookError> {
    if let Some(problem) = verify::damage_of(connection)? {
        return Err(BookError::Damaged(problem));
    }
    let bytes = std::fs::metadata(folder.join(connection::FILE))?.len();
    space::check(folder, bytes * 2).map_err(|error| BookError::Migration(error.to_string()))
}

pub fn to_newest(connection: &mut Connection) -> Result<(), BookError> {
    apply(connection, STEPS)
}

/// A step that fails, or that changes what must not change, leaves the book at the version that it had.
fn apply(connection: &mut Connection, steps: &[&'static str]) -> Result<(), BookError> {
    let before = if version(connection)? == 0 { None } else { Some(Kept::of(connection)?) };
    let compared = move |transaction: &rusqlite::Transaction<'_>| match &before {
        Some(before) => before.compare(&Kept::of(transaction)?).map_err(HookError::Hook),
        None => Ok(()),
    };
    let steps = steps.iter().map(|sql| M::up_with_hook(sql, compared.clone()).foreign_key_check());
    Migrations::new(steps.collect()).to_latest(connection).map_err(|error| match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => match BookError::from(err) {
            BookError::Sql(error) => BookError::Migration(error.to_string()),
            other => other,
        },
        rusqlite_migration::Error::Hook(what) => BookError::Migration(what),
        other => BookError::Migration(other.to_string()),
    })
}

/// What no migration changes: the money, by table, and every hash that was sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Kept {
    sums: Vec<(&'static str, i64, i64)>,
    sealed: Vec<(&'static str, [u8; 32])>,
}

impl Kept {
    fn of(connection: &Connection) -> rusqlite::Result<Self> {
        const AMOUNTS: [(&str, &str); 9] = [
            ("invoice", "tax_minor"),
            ("invoice_line", "amount_minor"),
            ("payment", "amount_minor"),
            ("refund", "amount_minor"),
            ("credit_note_line", "amount_minor"),
            ("remittance", "amount_minor"),
            ("adjustment", "amount_minor"),
            ("settled", "amount_minor"),
            ("statement", "payout_minor"),
        ];
        const SEALED: [(&str, &str); 3] = [("journal", "hash"), ("statement", "mac"), ("receipt", "mac")];
        let sum = |(table, column): (&'static str, &str)| {
            let sql = format!("SELECT count(*), coalesce(sum({column}), 0) FROM {table} ORDER BY 1");
            connection.query_row(&sql, [], |row| Ok((table, row.get(0)?, row.get(1)?)))
        };
        let seal = |(table, column): (&'static str, &str)| Ok((table, all_hashed(connection, table, column)?));
        Ok(Self {
            sums: AMOUNTS.into_iter().map(sum).collect::<rusqlite::Result<_>>()?,
            sealed: SEALED.into_iter().map(seal).collect::<rusqlite::Result<_>>()?,
        })
    }

    fn compare(&self, after: &Self) -> Result<(), String> {
        let sums = self.sums.iter().zip(&after.sums).find(|(before, after)| before != after);
        let seals = self.sealed.iter().zip(&after.sealed).find(|(before, after)| before != after);
        match (sums, seals) {
            (Some(((table, ..), _)), _) => Err(format!("the sum of \"{table}\" would not be what it was")),
            (_, Some(((table, _), _))) => Err(format!("what is sealed in \"{table}\" would not be what it was")),
            _ => Ok(()),
        }
    }
}

fn all_hashed(connection: &Connection, table: &str, column: &str) -> rusqlite::Result<[u8; 32]> {
    let mut hasher = Sha256::new();
    let mut statement = connection.prepare(&format!("SELECT {column} FROM {table} ORDER BY rowid"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        hasher.update(row.get_ref(0)?.as_blob()?);
    }
    Ok(hasher.finalize().into())
}

fn newest() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

fn version(connection: &Connection) -> Result<i64, BookError> {
    Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A book in memory with one adjustment, and what a further step says of it.
    fn after_step(step: &'static str) -> (Connection, Result<(), BookError>) {
        let mut connection = Connection::open_in_memory().expect("a connection");
        to_newest(&mut connection).expect("the shipped steps");
        let money = "
            INSERT INTO affiliate (key, id, name, own_companies, domains, remittance)
            VALUES (1, 'A1', 'Dana', '[]', '[]', 'in_full');
            INSERT INTO adjustment (key, id, affiliate, month, amount_minor, reason)
            VALUES (1, 'X1', 1, '2026-01', 500, 'forgotten');";
        connection.execute_batch(money).expect("recorded");
        let steps: Vec<&'static str> = STEPS.iter().copied().chain([step]).collect();
        let applied = apply(&mut connection, &steps);
        (connection, applied)
    }

    fn refused(step: &'static str, because: &str) {
        let (connection, applied) = after_step(step);
        let error = applied.expect_err("the step fails").to_string();
        assert!(error.contains(because) && error.contains("is as it was"), "{error}");
        assert_eq!(version(&connection).expect("a version"), newest());
        let amount: i64 = connection
            .query_row("SELECT sum(amount_minor) FROM adjustment ORDER BY 1", [], |row| row.get(0))
            .expect("a sum");
        assert_eq!(amount, 500);
    }

    #[test]
    fn a_step_that_fails_half_way_leaves_the_book_as_it_was() {
        refused("CREATE TABLE half (key INTEGER) STRICT; INSERT INTO nowhere VALUES (1);", "nowhere");
    }

    #[test]
    fn a_step_that_changes_an_amount_is_not_kept() {
        refused("UPDATE adjustment SET amount_minor = 400;", "\"adjustment\"");
    }

    #[test]
    fn a_step_that_leaves_a_reference_to_nothing_is_not_kept() {
        refused("PRAGMA defer_foreign_keys = ON; UPDATE adjustment SET affiliate = 7;", "oreign");
    }

    #[test]
    fn a_step_that_adds_something_is_kept() {
        let (connection, applied) = after_step("CREATE TABLE more (key INTEGER) STRICT;");
        applied.expect("it is kept");
        assert_eq!(version(&connection).expect("a version"), newest() + 1);
    }
}
