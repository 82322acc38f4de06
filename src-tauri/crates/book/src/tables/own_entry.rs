//! What happened between an affiliate and its client alone: refunds of its own, bad debt.

use rules::debt::OwnEntry;
use rules::id::Id;
use rules::money::Currency;
use rules::records::RecordKind;
use rusqlite::{Connection, Row, named_params};

use super::{Known, Table, day, money, serde_word, to_word};

impl Table for OwnEntry {
    const KIND: RecordKind = RecordKind::OwnEntry;

    const SELECT: &str = "
        SELECT record.key, record.id, invoice.id, record.kind, record.entered_on, record.amount_minor
        FROM own_entry AS record
        JOIN invoice ON invoice.key = record.invoice";

    fn put(&self, connection: &Connection, batch: Option<i64>, _: Known) -> rusqlite::Result<()> {
        const PUT: &str = "
            INSERT INTO own_entry (id, invoice, kind, entered_on, amount_minor, batch)
            VALUES (
                :id, (SELECT key FROM invoice WHERE id = :invoice), :kind, :entered_on, :amount_minor, :batch)
            ON CONFLICT (id) DO UPDATE
            SET invoice = excluded.invoice, kind = excluded.kind, entered_on = excluded.entered_on,
                amount_minor = excluded.amount_minor";
        connection.prepare_cached(PUT)?.execute(named_params! {
            ":id": self.id.as_str(),
            ":invoice": self.invoice.as_str(),
            ":kind": to_word(self.kind),
            ":entered_on": self.on.to_string(),
            ":amount_minor": self.amount.minor(),
            ":batch": batch,
        })?;
        Ok(())
    }

    fn read(row: &Row<'_>, _: &Connection, currency: Currency) -> rusqlite::Result<Self> {
        Ok(Self {
            id: Id::new(row.get_ref(1)?.as_str()?),
            invoice: Id::new(row.get_ref(2)?.as_str()?),
            kind: serde_word(row, 3)?,
            on: day(row, 4)?,
            amount: money(row, 5, currency)?,
        })
    }

    fn id(&self) -> &str {
        self.id.as_str()
    }
}
