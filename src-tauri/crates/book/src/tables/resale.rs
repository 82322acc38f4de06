//! What clients are billed at an affiliate's own price, and the lines.

use rules::debt::Resale;
use rules::id::Id;
use rules::money::Currency;
use rules::records::RecordKind;
use rusqlite::{Connection, Row, named_params};

use super::{Known, Table, key_put, lines, money};

impl Table for Resale {
    const KIND: RecordKind = RecordKind::Resale;

    const SELECT: &str = "
        SELECT record.key, record.id, invoice.id, record.tax_minor
        FROM resale AS record
        JOIN invoice ON invoice.key = record.invoice";

    fn put(&self, connection: &Connection, batch: Option<i64>, known: Known) -> rusqlite::Result<()> {
        const PUT: &str = "
            INSERT INTO resale (id, invoice, tax_minor, batch)
            VALUES (:id, (SELECT key FROM invoice WHERE id = :invoice), :tax_minor, :batch)
            ON CONFLICT (id) DO UPDATE
            SET invoice = excluded.invoice, tax_minor = excluded.tax_minor";
        const CLEAR: &str = "DELETE FROM resale_line WHERE resale = :resale";
        const PUT_LINE: &str = "
            INSERT INTO resale_line (resale, position, kind, description, amount_minor)
            VALUES (:resale, :position, :kind, :description, :amount_minor)";
        connection.prepare_cached(PUT)?.execute(named_params! {
            ":id": self.id.as_str(),
            ":invoice": self.invoice.as_str(),
            ":tax_minor": self.tax.minor(),
            ":batch": batch,
        })?;
        let key = key_put(connection, self, known)?;
        if known == Known::Before {
            connection.prepare_cached(CLEAR)?.execute(named_params! { ":resale": key })?;
        }
        let mut put_line = connection.prepare_cached(PUT_LINE)?;
        for (position, line) in (0_i64..).zip(&self.lines) {
            put_line.execute(named_params! {
                ":resale": key,
                ":position": position,
                ":kind": line.kind.as_str(),
                ":description": line.description,
                ":amount_minor": line.amount.minor(),
            })?;
        }
        Ok(())
    }

    fn read(row: &Row<'_>, connection: &Connection, currency: Currency) -> rusqlite::Result<Self> {
        const LINES: &str = "
            SELECT kind, description, amount_minor
            FROM resale_line
            WHERE resale = :resale
            ORDER BY position";
        let key: i64 = row.get(0)?;
        Ok(Self {
            id: Id::new(row.get_ref(1)?.as_str()?),
            invoice: Id::new(row.get_ref(2)?.as_str()?),
            lines: lines(connection, LINES, &[(":resale", &key)], currency)?,
            tax: money(row, 3, currency)?,
        })
    }

    fn id(&self) -> &str {
        self.id.as_str()
    }
}
