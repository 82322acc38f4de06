//! What clients are billed at an affiliate's own price, and the lines.

use rules::debt::Resale;
use rules::id::Id;
use rules::money::Currency;
use rules::records::RecordKind;
use rusqlite::{Connection, Row, named_params};

use super::{Known, Table, key_put, lines, money, put_lines};

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
        const CLEAR: &str = "DELETE FROM resale_line WHERE resale = :key";
        const PUT_LINE: &str = "
            INSERT INTO resale_line (resale, position, kind, description, amount_minor)
            VALUES (:key, :position, :kind, :description, :amount_minor)";
        connection.prepare_cached(PUT)?.execute(named_params! {
            ":id": self.id.as_str(),
            ":invoice": self.invoice.as_str(),
            ":tax_minor": self.tax.minor(),
            ":batch": batch,
        })?;
        let key = key_put(connection, self, known)?;
        if known == Known::Before {
            connection.prepare_cached(CLEAR)?.execute(named_params! { ":key": key })?;
        }
        put_lines(connection, PUT_LINE, key, &self.lines)
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
