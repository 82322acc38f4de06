//! Credit notes and their lines.

use rules::id::Id;
use rules::invoice::CreditNote;
use rules::money::Currency;
use rules::records::RecordKind;
use rusqlite::{Connection, Row, named_params};

use super::{Known, Table, day, key_put, lines};

impl Table for CreditNote {
    const KIND: RecordKind = RecordKind::CreditNote;

    const SELECT: &str = "
        SELECT record.key, record.id, invoice.id, record.issued_on
        FROM credit_note AS record
        JOIN invoice ON invoice.key = record.invoice";

    fn put(&self, connection: &Connection, batch: Option<i64>, known: Known) -> rusqlite::Result<()> {
        const PUT: &str = "
            INSERT INTO credit_note (id, invoice, issued_on, batch)
            VALUES (:id, (SELECT key FROM invoice WHERE id = :invoice), :issued_on, :batch)
            ON CONFLICT (id) DO UPDATE
            SET invoice = excluded.invoice, issued_on = excluded.issued_on";
        const CLEAR: &str = "DELETE FROM credit_note_line WHERE credit_note = :credit_note";
        const PUT_LINE: &str = "
            INSERT INTO credit_note_line (credit_note, position, kind, description, amount_minor)
            VALUES (:credit_note, :position, :kind, :description, :amount_minor)";
        connection.prepare_cached(PUT)?.execute(named_params! {
                ":id": self.id.as_str(),
                ":invoice": self.invoice.as_str(),
                ":issued_on": self.issued_on.to_string(),
                ":batch": batch,
        })?;
        let key = key_put(connection, self, known)?;
        if known == Known::Before {
            connection.prepare_cached(CLEAR)?.execute(named_params! { ":credit_note": key })?;
        }
        let mut put_line = connection.prepare_cached(PUT_LINE)?;
        for (position, line) in self.lines.iter().enumerate() {
            put_line.execute(named_params! {
                ":credit_note": key,
                ":position": i64::try_from(position).unwrap_or(i64::MAX),
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
            FROM credit_note_line
            WHERE credit_note = :credit_note
            ORDER BY position";
        let key: i64 = row.get(0)?;
        Ok(Self {
            id: Id::new(row.get_ref(1)?.as_str()?),
            invoice: Id::new(row.get_ref(2)?.as_str()?),
            issued_on: day(row, 3)?,
            lines: lines(connection, LINES, &[(":credit_note", &key)], currency)?,
        })
    }

    fn id(&self) -> &str {
        self.id.as_str()
    }
}
