//! Later versions of the programme's terms, known by the day they take effect.

use rules::money::Currency;
use rules::terms::TermsVersion;
use rusqlite::{Connection, Row, named_params};

use super::{day, money, optional, rate, serde_word, to_word};

pub fn put(connection: &Connection, version: &TermsVersion, batch: Option<i64>) -> rusqlite::Result<()> {
    const PUT: &str = "
        INSERT INTO terms
            (effective_on, standard_rate_bp, maximum_rate_bp, in_term_changes, minimum_payout_minor, batch)
        VALUES
            (:effective_on, :standard_rate_bp, :maximum_rate_bp, :in_term_changes, :minimum_payout_minor, :batch)
        ON CONFLICT (effective_on) DO UPDATE
        SET standard_rate_bp = excluded.standard_rate_bp, maximum_rate_bp = excluded.maximum_rate_bp,
            in_term_changes = excluded.in_term_changes, minimum_payout_minor = excluded.minimum_payout_minor,
            voided_at = NULL, void_reason = NULL, batch = excluded.batch";
    connection.prepare_cached(PUT)?.execute(named_params! {
        ":effective_on": version.effective_on.to_string(),
        ":standard_rate_bp": version.standard_rate.map(rules::rate::Rate::basis_points),
        ":maximum_rate_bp": version.maximum_rate.map(rules::rate::Rate::basis_points),
        ":in_term_changes": version.in_term_changes.map(to_word),
        ":minimum_payout_minor": version.minimum_payout.map(rules::money::Money::minor),
        ":batch": batch,
    })?;
    Ok(())
}

/// All versions in effect, by the day.
pub fn all(connection: &Connection, currency: Currency) -> rusqlite::Result<Vec<TermsVersion>> {
    const SELECT: &str = "
        SELECT effective_on, standard_rate_bp, maximum_rate_bp, in_term_changes, minimum_payout_minor
        FROM terms
        WHERE voided_at IS NULL
        ORDER BY effective_on";
    let version = |row: &Row<'_>| {
        Ok(TermsVersion {
            effective_on: day(row, 0)?,
            standard_rate: optional(row, 1, rate)?,
            maximum_rate: optional(row, 2, rate)?,
            in_term_changes: optional(row, 3, serde_word)?,
            minimum_payout: optional(row, 4, |row, at| money(row, at, currency))?,
        })
    };
    connection.prepare_cached(SELECT)?.query_map([], version)?.collect()
}
