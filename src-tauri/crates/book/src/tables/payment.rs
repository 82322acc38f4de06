//! Payments: money from the client to whoever billed.

use rules::id::Id;
use rules::invoice::Payment;
use rules::money::Currency;
use rules::records::RecordKind;
use rusqlite::{Connection, Row, named_params};

use super::{Known, Table, day, money};

impl Table for Payment {
    const KIND: RecordKind = RecordKind::Payment;

    const SELECT: &str = "
        SELECT record.key, record.id, invoice.id, record.received_on, record.amount_minor
        FROM payment AS record
        JOIN invoice ON invoice.key = record.invoice";

    fn put(&self, connection: &Connection, batch: Option<i64>, _: Known) -> rusqlite::Result<()> {
        const PUT: &str = "
            INSERT INTO payment (id, invoice, received_on, amount_minor, batch)
            VALUES (:id, (SELECT key FROM invoice WHERE id = :invoice), :received_on, :amount_minor, :batch)
            ON CONFLICT (id) DO UPDATE
            SET invoice = excluded.invoice, received_on = excluded.received_on, amount_minor = excluded.amount_minor";
        connection.prepare_cached(PUT)?.execute(named_params! {
            ":id": self.id.as_str(),
            ":invoice": self.invoice.as_str(),
            ":received_on": self.received_on.to_string(),
            ":amount_minor": self.amount.minor(),
            ":batch": batch,
        })?;
        Ok(())
    }

    fn read(row: &Row<'_>, _: &Connection, currency: Currency) -> rusqlite::Result<Self> {
        Ok(Self {
            id: Id::new(row.get_ref(1)?.as_str()?),
            invoice: Id::new(row.get_ref(2)?.as_str()?),
            received_on: day(row, 3)?,
            amount: money(row, 4, currency)?,
        })
    }

    fn id(&self) -> &str {
        self.id.as_str()
    }
}
