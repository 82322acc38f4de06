//! Quotes and their lines, and the versions that they had before.

use rules::id::Id;
use rules::invoice::Line;
use rules::money::Currency;
use rules::quote::Quote;
use rules::records::RecordKind;
use rusqlite::{Connection, Row, named_params};

use super::{
    Known, Table, UNDER_NO_VOIDED_CONTRACT, day, key_put, lines, rate, serde_word, texts, texts_to_sql, to_word,
    unreadable,
};

impl Table for Quote {
    const KIND: RecordKind = RecordKind::Quote;

    const SELECT: &str = "
        SELECT
            record.key, record.id, record.version, record.prospect, record.domains, affiliate.id, record.quoted_on,
            record.valid_until, record.term_months, record.starts_on, record.rate_bp, record.billed_by,
            record.remittance, record.days_to_pay, record.stage, contract.id
        FROM quote AS record
        LEFT JOIN affiliate ON affiliate.key = record.affiliate
        LEFT JOIN contract ON contract.key = record.contract";
    const AS_TOLD: &str = UNDER_NO_VOIDED_CONTRACT;

    fn put(&self, connection: &Connection, batch: Option<i64>, known: Known) -> rusqlite::Result<()> {
        const PUT: &str = "
            INSERT INTO quote (
                id, version, prospect, domains, affiliate, quoted_on, valid_until, term_months, starts_on, rate_bp,
                billed_by, remittance, days_to_pay, stage, contract, batch)
            VALUES (
                :id, :version, :prospect, :domains, (SELECT key FROM affiliate WHERE id = :affiliate), :quoted_on,
                :valid_until, :term_months, :starts_on, :rate_bp, :billed_by, :remittance, :days_to_pay, :stage,
                (SELECT key FROM contract WHERE id = :contract), :batch)
            ON CONFLICT (id) DO UPDATE
            SET version = excluded.version, prospect = excluded.prospect, domains = excluded.domains,
                affiliate = excluded.affiliate, quoted_on = excluded.quoted_on, valid_until = excluded.valid_until,
                term_months = excluded.term_months, starts_on = excluded.starts_on, rate_bp = excluded.rate_bp,
                billed_by = excluded.billed_by, remittance = excluded.remittance,
                days_to_pay = excluded.days_to_pay, stage = excluded.stage, contract = excluded.contract";
        const CLEAR_LINES: &str = "DELETE FROM quote_line WHERE quote = :quote";
        connection.prepare_cached(PUT)?.execute(named_params! {
            ":id": self.id.as_str(),
            ":version": self.version,
            ":prospect": self.prospect,
            ":domains": texts_to_sql(&self.domains),
            ":affiliate": self.affiliate.as_ref().map(Id::as_str),
            ":quoted_on": self.quoted_on.to_string(),
            ":valid_until": self.valid_until.to_string(),
            ":term_months": self.term_months,
            ":starts_on": self.starts_on.to_string(),
            ":rate_bp": self.rate.basis_points(),
            ":billed_by": to_word(self.billed_by),
            ":remittance": to_word(self.remittance),
            ":days_to_pay": self.days_to_pay,
            ":stage": self.stage.as_str(),
            ":contract": self.contract.as_ref().map(Id::as_str),
            ":batch": batch,
        })?;
        let key = key_put(connection, self, known)?;
        if known == Known::Before {
            connection.prepare_cached(CLEAR_LINES)?.execute(named_params! { ":quote": key })?;
        }
        put_lines(connection, key, &self.lines)
    }

    fn read(row: &Row<'_>, connection: &Connection, currency: Currency) -> rusqlite::Result<Self> {
        const LINES: &str = "
            SELECT kind, description, amount_minor
            FROM quote_line
            WHERE quote = :quote
            ORDER BY position";
        let key: i64 = row.get(0)?;
        Ok(Self {
            id: Id::new(row.get_ref(1)?.as_str()?),
            version: row.get(2)?,
            prospect: row.get(3)?,
            domains: texts(row, 4)?,
            affiliate: row.get_ref(5)?.as_str_or_null()?.map(Id::new),
            quoted_on: day(row, 6)?,
            valid_until: day(row, 7)?,
            lines: lines(connection, LINES, &[(":quote", &key)], currency)?,
            term_months: row.get(8)?,
            starts_on: day(row, 9)?,
            rate: rate(row, 10)?,
            billed_by: serde_word(row, 11)?,
            remittance: serde_word(row, 12)?,
            days_to_pay: row.get(13)?,
            stage: serde_word(row, 14)?,
            contract: row.get_ref(15)?.as_str_or_null()?.map(Id::new),
        })
    }

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// What the quote was after each change of it, as the journal tells, the oldest first; without those of an undo.
pub fn history(connection: &Connection, id: &str) -> rusqlite::Result<Vec<Quote>> {
    const HISTORY: &str = "
        SELECT after
        FROM journal
        WHERE record = 'quote' AND id = :id AND after IS NOT NULL
        ORDER BY sequence";
    let mut statement = connection.prepare_cached(HISTORY)?;
    let quote = |row: &Row<'_>| serde_json::from_str(row.get_ref(0)?.as_str()?).map_err(|_| unreadable(0));
    statement.query_map(named_params! { ":id": id }, quote)?.collect()
}

fn put_lines(connection: &Connection, quote: i64, lines: &[Line]) -> rusqlite::Result<()> {
    const PUT_LINE: &str = "
        INSERT INTO quote_line (quote, position, kind, description, amount_minor)
        VALUES (:quote, :position, :kind, :description, :amount_minor)";
    let mut put_line = connection.prepare_cached(PUT_LINE)?;
    for (position, line) in lines.iter().enumerate() {
        put_line.execute(named_params! {
            ":quote": quote,
            ":position": i64::try_from(position).unwrap_or(i64::MAX),
            ":kind": line.kind.as_str(),
            ":description": line.description,
            ":amount_minor": line.amount.minor(),
        })?;
    }
    Ok(())
}
