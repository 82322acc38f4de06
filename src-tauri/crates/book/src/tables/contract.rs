//! Contracts, their changes, and the lines of both.

use rules::contract::{Change, Contract};
use rules::day::Day;
use rules::id::Id;
use rules::invoice::Line;
use rules::money::Currency;
use rules::records::RecordKind;
use rusqlite::vtab::array::Array;
use rusqlite::{Connection, Row, named_params};

use super::{Known, Table, column, day, key_put, lines, optional, rate, select, serde_word, to_word};

/// The live contracts of these clients, ascending.
pub fn keys_of_clients(connection: &Connection, clients: &Array) -> rusqlite::Result<Vec<i64>> {
    const KEYS: &str = "
        SELECT contract.key
        FROM rarray(:clients) AS wanted
        CROSS JOIN referral ON referral.client = wanted.value
        CROSS JOIN contract ON contract.referral = referral.key
        WHERE contract.voided_at IS NULL
        ORDER BY contract.key";
    column(connection, KEYS, &[(":clients", clients)])
}

impl Table for Contract {
    const KIND: RecordKind = RecordKind::Contract;

    const SELECT: &str = "
        SELECT
            record.key, record.id, referral.id, record.signed_on, record.starts_on, record.term_months,
            record.ended_on, record.rate_bp, record.billed_by
        FROM contract AS record
        JOIN referral ON referral.key = record.referral";

    fn put(&self, connection: &Connection, batch: Option<i64>, known: Known) -> rusqlite::Result<()> {
        const PUT: &str = "
            INSERT INTO contract
                (id, referral, signed_on, starts_on, term_months, ended_on, rate_bp, billed_by, batch)
            VALUES (
                :id, (SELECT key FROM referral WHERE id = :referral), :signed_on, :starts_on, :term_months,
                :ended_on, :rate_bp, :billed_by, :batch)
            ON CONFLICT (id) DO UPDATE
            SET referral = excluded.referral, signed_on = excluded.signed_on, starts_on = excluded.starts_on,
                term_months = excluded.term_months, ended_on = excluded.ended_on, rate_bp = excluded.rate_bp,
                billed_by = excluded.billed_by";
        const CLEAR_LINES: &str = "DELETE FROM contract_line WHERE contract = :contract";
        const CLEAR_CHANGES: &str = "DELETE FROM contract_change WHERE contract = :contract";
        const PUT_CHANGE: &str = "
            INSERT INTO contract_change (contract, change, effective_on)
            VALUES (:contract, :change, :effective_on)";
        connection.prepare_cached(PUT)?.execute(named_params! {
                ":id": self.id.as_str(),
                ":referral": self.referral.as_str(),
                ":signed_on": self.signed_on.to_string(),
                ":starts_on": self.starts_on.to_string(),
                ":term_months": self.term_months,
                ":ended_on": self.ended_on.map(|day| day.to_string()),
                ":rate_bp": self.rate.basis_points(),
                ":billed_by": to_word(self.billed_by),
                ":batch": batch,
        })?;
        let key = key_put(connection, self, known)?;
        if known == Known::Before {
            connection.prepare_cached(CLEAR_LINES)?.execute(named_params! { ":contract": key })?;
            connection.prepare_cached(CLEAR_CHANGES)?.execute(named_params! { ":contract": key })?;
        }
        put_lines(connection, key, 0, &self.lines)?;
        for (change, number) in self.changes.iter().zip(1..) {
            connection.prepare_cached(PUT_CHANGE)?.execute(named_params! {
                ":contract": key,
                ":change": number,
                ":effective_on": change.effective_on.to_string(),
            })?;
            put_lines(connection, key, number, &change.lines)?;
        }
        Ok(())
    }

    fn read(row: &Row<'_>, connection: &Connection, currency: Currency) -> rusqlite::Result<Self> {
        let key: i64 = row.get(0)?;
        Ok(Self {
            id: Id::new(row.get_ref(1)?.as_str()?),
            referral: Id::new(row.get_ref(2)?.as_str()?),
            signed_on: day(row, 3)?,
            starts_on: day(row, 4)?,
            term_months: row.get(5)?,
            ended_on: optional(row, 6, day)?,
            rate: rate(row, 7)?,
            billed_by: serde_word(row, 8)?,
            lines: read_lines(connection, key, 0, currency)?,
            changes: changes(connection, key, currency)?,
        })
    }

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// The live contracts whose original term ends from `from` to `to`, the first to end first, at most `most`; none that
/// ends with its term or before.
pub fn with_term_ending(
    connection: &Connection,
    currency: Currency,
    (from, to): (Day, Day),
    most: u32,
) -> rusqlite::Result<Vec<Contract>> {
    const AFTER_TERM: &str = "date(record.starts_on, record.term_months || ' months', 'floor')";
    let filter = format!(
        "WHERE record.voided_at IS NULL AND record.term_months > 0
            AND {AFTER_TERM} > :from AND {AFTER_TERM} <= date(:to, '1 day')
            AND (record.ended_on IS NULL OR record.ended_on >= {AFTER_TERM})
        ORDER BY {AFTER_TERM}, record.id
        LIMIT :most"
    );
    let (from, to) = (from.to_string(), to.to_string());
    select(connection, currency, &filter, &[(":from", &from), (":to", &to), (":most", &most)])
}

fn put_lines(connection: &Connection, contract: i64, change: i64, lines: &[Line]) -> rusqlite::Result<()> {
    const PUT_LINE: &str = "
        INSERT INTO contract_line (contract, change, position, kind, description, amount_minor)
        VALUES (:contract, :change, :position, :kind, :description, :amount_minor)";
    let mut put_line = connection.prepare_cached(PUT_LINE)?;
    for (position, line) in lines.iter().enumerate() {
        put_line.execute(named_params! {
            ":contract": contract,
            ":change": change,
            ":position": i64::try_from(position).unwrap_or(i64::MAX),
            ":kind": line.kind.as_str(),
            ":description": line.description,
            ":amount_minor": line.amount.minor(),
        })?;
    }
    Ok(())
}

fn changes(connection: &Connection, contract: i64, currency: Currency) -> rusqlite::Result<Vec<Change>> {
    const CHANGES: &str = "
        SELECT change, effective_on
        FROM contract_change
        WHERE contract = :contract
        ORDER BY change";
    let mut statement = connection.prepare_cached(CHANGES)?;
    let change = |row: &Row<'_>| {
        Ok(Change { effective_on: day(row, 1)?, lines: read_lines(connection, contract, row.get(0)?, currency)? })
    };
    statement.query_map(named_params! { ":contract": contract }, change)?.collect()
}

fn read_lines(connection: &Connection, contract: i64, change: i64, currency: Currency) -> rusqlite::Result<Vec<Line>> {
    const LINES: &str = "
        SELECT kind, description, amount_minor
        FROM contract_line
        WHERE contract = :contract AND change = :change
        ORDER BY position";
    lines(connection, LINES, &[(":contract", &contract), (":change", &change)], currency)
}
