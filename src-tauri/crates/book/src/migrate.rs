//! Migrations: numbered, shipped once, never changed, each in one transaction with the version that it leads to.

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use crate::error::BookError;

const STEPS: &[M<'static>] = &[
    M::up(include_str!("../migrations/0001_book.sql")).foreign_key_check(),
    M::up(include_str!("../migrations/0002_own_billing.sql")).foreign_key_check(),
];
const MIGRATIONS: Migrations<'static> = Migrations::from_slice(STEPS);

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

pub fn to_newest(connection: &mut Connection) -> Result<(), BookError> {
    apply(connection, &MIGRATIONS)
}

/// A step that fails leaves the book at the version it had before that step.
fn apply(connection: &mut Connection, migrations: &Migrations<'_>) -> Result<(), BookError> {
    migrations.to_latest(connection).map_err(|error| match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => BookError::from(err),
        other => BookError::Damaged(other.to_string()),
    })
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

    #[test]
    fn the_shipped_migrations_are_valid() {
        MIGRATIONS.validate().expect("valid");
    }

    #[test]
    fn a_step_that_fails_half_way_leaves_the_book_as_it_was() {
        let mut connection = Connection::open_in_memory().expect("a connection");
        to_newest(&mut connection).expect("the shipped steps");
        let before = version(&connection).expect("a version");
        let failing = "CREATE TABLE half (key INTEGER) STRICT; INSERT INTO nowhere VALUES (1);";
        let steps: Vec<M<'_>> = STEPS.iter().cloned().chain([M::up(failing)]).collect();
        let error = apply(&mut connection, &Migrations::new(steps)).expect_err("the step fails");
        assert!(error.to_string().contains("nowhere"), "{error}");
        assert_eq!(version(&connection).expect("a version"), before);
        let half: i64 = connection
            .query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'half'", [], |row| row.get(0))
            .expect("a count");
        assert_eq!(half, 0);
    }
}
