//! The programme: its identity, and the choices it began with. One row.

use rules::money::{Currency, Money};
use rules::terms::Programme;
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::{rate, serde_word, to_word, word};

pub fn put(connection: &Connection, programme: &Programme, batch: Option<i64>) -> rusqlite::Result<()> {
    const PUT: &str = "
        INSERT INTO programme
            (key, company, phone, currency, standard_rate_bp, maximum_rate_bp, in_term_changes, minimum_payout_minor,
             batch)
        VALUES
            (1, :company, :phone, :currency, :standard_rate_bp, :maximum_rate_bp, :in_term_changes,
             :minimum_payout_minor, :batch)
        ON CONFLICT (key) DO UPDATE
        SET company = excluded.company, phone = excluded.phone, currency = excluded.currency,
            standard_rate_bp = excluded.standard_rate_bp, maximum_rate_bp = excluded.maximum_rate_bp,
            in_term_changes = excluded.in_term_changes, minimum_payout_minor = excluded.minimum_payout_minor";
    connection.prepare_cached(PUT)?.execute(named_params! {
        ":company": programme.company,
        ":phone": programme.phone,
        ":currency": programme.currency.code(),
        ":standard_rate_bp": programme.standard_rate.basis_points(),
        ":maximum_rate_bp": programme.maximum_rate.basis_points(),
        ":in_term_changes": to_word(programme.in_term_changes),
        ":minimum_payout_minor": programme.minimum_payout.minor(),
        ":batch": batch,
    })?;
    Ok(())
}

pub fn read(connection: &Connection) -> rusqlite::Result<Option<Programme>> {
    const SELECT: &str = "
        SELECT company, phone, currency, standard_rate_bp, maximum_rate_bp, in_term_changes, minimum_payout_minor
        FROM programme
        WHERE key = 1";
    let programme = |row: &Row<'_>| {
        let currency = word(row, 2, Currency::parse)?;
        Ok(Programme {
            company: row.get(0)?,
            phone: row.get(1)?,
            currency,
            standard_rate: rate(row, 3)?,
            maximum_rate: rate(row, 4)?,
            in_term_changes: serde_word(row, 5)?,
            minimum_payout: Money::from_minor(row.get(6)?, currency),
        })
    };
    connection.prepare_cached(SELECT)?.query_row([], programme).optional()
}
