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
        Some(before) => before.compare(&before.again(transaction)?).map_err(HookError::Hook),
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

/// What no migration changes: the money, by column, and every hash that was sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Kept {
    sums: Vec<Sum>,
    sealed: Vec<(&'static str, [u8; 32])>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Sum {
    table: String,
    column: String,
    rows: i64,
    amount: i64,
}

impl Kept {
    /// Of a book before it is touched.
    fn of(connection: &Connection) -> rusqlite::Result<Self> {
        let sums = amounts(connection)?.into_iter().map(|(table, column)| Sum::of(connection, table, column));
        Ok(Self { sums: sums.collect::<rusqlite::Result<_>>()?, sealed: sealed(connection)? })
    }

    /// The same afterwards: a step may add tables and amounts of its own.
    fn again(&self, connection: &Connection) -> rusqlite::Result<Self> {
        let again = |sum: &Sum| Sum::of(connection, sum.table.clone(), sum.column.clone());
        Ok(Self { sums: self.sums.iter().map(again).collect::<rusqlite::Result<_>>()?, sealed: sealed(connection)? })
    }

    fn compare(&self, after: &Self) -> Result<(), String> {
        let sums = self.sums.iter().zip(&after.sums).find(|(before, after)| before != after);
        let seals = self.sealed.iter().zip(&after.sealed).find(|(before, after)| before != after);
        match (sums, seals) {
            (Some((Sum { table, column, .. }, _)), _) => {
                Err(format!("the sum of \"{table}.{column}\" would not be what it was"))
            }
            (_, Some(((table, _), _))) => Err(format!("what is sealed in \"{table}\" would not be what it was")),
            _ => Ok(()),
        }
    }
}

impl Sum {
    fn of(connection: &Connection, table: String, column: String) -> rusqlite::Result<Self> {
        let sql = format!("SELECT count(*), coalesce(sum({column}), 0) FROM {table} ORDER BY 1");
        let (rows, amount) = connection.query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(Self { table, column, rows, amount })
    }
}

/// Every column of money, with its table: their names say so.
fn amounts(connection: &Connection) -> rusqlite::Result<Vec<(String, String)>> {
    const AMOUNTS: &str = "
        SELECT stored.name, part.name
        FROM sqlite_schema AS stored
        JOIN pragma_table_info(stored.name) AS part
        WHERE stored.type = 'table' AND part.name GLOB '*_minor'
        ORDER BY stored.name, part.cid";
    connection.prepare(AMOUNTS)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

fn sealed(connection: &Connection) -> rusqlite::Result<Vec<(&'static str, [u8; 32])>> {
    const SEALED: [(&str, &str); 3] = [("journal", "hash"), ("statement", "mac"), ("receipt", "mac")];
    SEALED.into_iter().map(|(table, column)| Ok((table, all_hashed(connection, table, column)?))).collect()
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

    /// A book in memory with one of each amount that an affiliate has with its client, and what a further step says of it.
    fn after_step(step: &'static str) -> (Connection, Result<(), BookError>) {
        let mut connection = Connection::open_in_memory().expect("a connection");
        to_newest(&mut connection).expect("the shipped steps");
        let money = "
            INSERT INTO affiliate (key, id, name, own_companies, domains, remittance)
            VALUES (1, 'A1', 'Dana', '[]', '[]', 'in_full');
            INSERT INTO adjustment (key, id, affiliate, month, amount_minor, reason)
            VALUES (1, 'X1', 1, '2026-01', 500, 'forgotten');
            INSERT INTO company_line (affiliate, month, position, number, client, amount_minor)
            VALUES (1, '2026-01', 0, '7', 'Acme', 500);
            INSERT INTO client (key, id, name, plain_name, domains)
            VALUES (1, 'C1', 'Acme', 'acme', '[]');
            INSERT INTO referral (key, id, affiliate, client, registered_on)
            VALUES (1, 'R1', 1, 1, '2025-12-01');
            INSERT INTO contract (key, id, referral, signed_on, starts_on, term_months, rate_bp, billed_by)
            VALUES (1, 'K1', 1, '2026-01-01', '2026-01-01', 12, 1000, 'affiliate');
            INSERT INTO invoice (key, id, number, client, contract, issued_on, due_on, period_start, period_end, tax_minor)
            VALUES (1, 'I1', '7', 1, 1, '2026-01-01', '2026-01-31', '2026-01-01', '2026-01-31', 500);
            INSERT INTO own_price (key, id, contract, effective_on)
            VALUES (1, 'O1', 1, '2026-01-01');
            INSERT INTO own_price_line (own_price, position, kind, description, amount_minor)
            VALUES (1, 0, 'hosting', 'hosting', 500);
            INSERT INTO resale (key, id, invoice, tax_minor)
            VALUES (1, 'S1', 1, 500);
            INSERT INTO resale_line (resale, position, kind, description, amount_minor)
            VALUES (1, 0, 'hosting', 'hosting', 500);
            INSERT INTO own_entry (key, id, invoice, kind, entered_on, amount_minor)
            VALUES (1, 'E1', 1, 'written_off', '2026-01-31', 500);";
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
        for (step, amount) in [
            ("UPDATE adjustment SET amount_minor = 400;", "adjustment.amount_minor"),
            ("UPDATE company_line SET amount_minor = 400;", "company_line.amount_minor"),
            ("UPDATE own_price_line SET amount_minor = 400;", "own_price_line.amount_minor"),
            ("UPDATE resale SET tax_minor = 400;", "resale.tax_minor"),
            ("UPDATE resale_line SET amount_minor = 400;", "resale_line.amount_minor"),
            ("UPDATE own_entry SET amount_minor = 400;", "own_entry.amount_minor"),
            ("DELETE FROM own_entry;", "own_entry.amount_minor"),
            ("ALTER TABLE own_entry RENAME COLUMN amount_minor TO amount;", "no such column: amount_minor"),
        ] {
            refused(step, amount);
        }
    }

    #[test]
    fn every_amount_of_the_schema_is_compared() {
        let mut connection = Connection::open_in_memory().expect("a connection");
        to_newest(&mut connection).expect("the shipped steps");
        let written = STEPS.join("\n");
        let columns =
            written.lines().filter(|line| line.trim().split(' ').next().is_some_and(|w| w.ends_with("_minor")));
        assert_eq!(amounts(&connection).expect("the amounts").len(), columns.count());
    }

    #[test]
    fn a_step_that_leaves_a_reference_to_nothing_is_not_kept() {
        refused("PRAGMA defer_foreign_keys = ON; UPDATE adjustment SET affiliate = 7;", "oreign");
    }

    #[test]
    fn a_step_that_adds_something_is_kept() {
        let (connection, applied) = after_step("CREATE TABLE more (key INTEGER, amount_minor INTEGER) STRICT;");
        applied.expect("it is kept");
        assert_eq!(version(&connection).expect("a version"), newest() + 1);
    }
}
