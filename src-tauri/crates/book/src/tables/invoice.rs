//! Invoices and their lines.

use rules::affiliate::Affiliate;
use rules::day::Day;
use rules::id::Id;
use rules::invoice::Invoice;
use rules::money::Currency;
use rules::records::RecordKind;
use rusqlite::vtab::array::Array;
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::{Known, Table, column, day, key_put, lines, money, optional};

/// An invoice, and whose statements it belongs on.
#[derive(Clone, Debug)]
pub struct InvoiceNamed {
    pub id: Id<Invoice>,
    pub number: String,
    pub issued_on: Day,
    /// `None` under no contract.
    pub affiliate: Option<Id<Affiliate>>,
}

/// The invoice with this id or, failing that, this number; a voided one only if no other has the number.
pub fn named(connection: &Connection, text: &str) -> rusqlite::Result<Option<InvoiceNamed>> {
    const NAMED: &str = "
        SELECT invoice.id, invoice.number, affiliate.id, invoice.issued_on
        FROM invoice
        LEFT JOIN contract ON contract.key = invoice.contract
        LEFT JOIN referral ON referral.key = contract.referral
        LEFT JOIN affiliate ON affiliate.key = referral.affiliate
        WHERE invoice.id = :text OR invoice.number = :text
        ORDER BY invoice.id = :text DESC, invoice.voided_at IS NULL DESC
        LIMIT 1";
    let invoice = |row: &Row<'_>| {
        Ok(InvoiceNamed {
            id: Id::new(row.get_ref(0)?.as_str()?),
            number: row.get(1)?,
            issued_on: day(row, 3)?,
            affiliate: optional(row, 2, |row, at| Ok(Id::new(row.get_ref(at)?.as_str()?)))?,
        })
    };
    connection.prepare_cached(NAMED)?.query_row(named_params! { ":text": text }, invoice).optional()
}

/// The invoices of these clients, ascending. Under a contract they are found by it, the others by the client.
pub fn keys_of_clients(connection: &Connection, clients: &Array) -> rusqlite::Result<Vec<i64>> {
    const KEYS: &str = "
        SELECT invoice.key
        FROM rarray(:clients) AS wanted
        CROSS JOIN referral ON referral.client = wanted.value
        CROSS JOIN contract ON contract.referral = referral.key
        CROSS JOIN invoice ON invoice.contract = contract.key
        WHERE invoice.client = wanted.value
        UNION
        SELECT invoice.key
        FROM rarray(:clients) AS wanted
        CROSS JOIN invoice ON invoice.client = wanted.value AND invoice.contract IS NULL
        ORDER BY 1";
    column(connection, KEYS, &[(":clients", clients)])
}

impl Table for Invoice {
    const KIND: RecordKind = RecordKind::Invoice;

    const SELECT: &str = "
        SELECT
            record.key, record.id, record.number, client.id, contract.id, record.issued_on, record.due_on,
            record.period_start, record.period_end, record.tax_minor
        FROM invoice AS record
        JOIN client ON client.key = record.client
        LEFT JOIN contract ON contract.key = record.contract AND contract.voided_at IS NULL";

    fn put(&self, connection: &Connection, batch: Option<i64>, known: Known) -> rusqlite::Result<()> {
        const PUT: &str = "
            INSERT INTO invoice
                (id, number, client, contract, issued_on, due_on, period_start, period_end, tax_minor, batch)
            VALUES (
                :id, :number,
                (SELECT key FROM client WHERE id = :client), (SELECT key FROM contract WHERE id = :contract),
                :issued_on, :due_on, :period_start, :period_end, :tax_minor, :batch)
            ON CONFLICT (id) DO UPDATE
            SET number = excluded.number, client = excluded.client, contract = excluded.contract,
                issued_on = excluded.issued_on, due_on = excluded.due_on, period_start = excluded.period_start,
                period_end = excluded.period_end, tax_minor = excluded.tax_minor";
        const CLEAR: &str = "DELETE FROM invoice_line WHERE invoice = :invoice";
        const PUT_LINE: &str = "
            INSERT INTO invoice_line (invoice, position, kind, description, amount_minor)
            VALUES (:invoice, :position, :kind, :description, :amount_minor)";
        connection.prepare_cached(PUT)?.execute(named_params! {
                ":id": self.id.as_str(),
                ":number": self.number,
                ":client": self.client.as_str(),
                ":contract": self.contract.as_ref().map(Id::as_str),
                ":issued_on": self.issued_on.to_string(),
                ":due_on": self.due_on.to_string(),
                ":period_start": self.period_start.to_string(),
                ":period_end": self.period_end.to_string(),
                ":tax_minor": self.tax.minor(),
                ":batch": batch,
        })?;
        let key = key_put(connection, self, known)?;
        if known == Known::Before {
            connection.prepare_cached(CLEAR)?.execute(named_params! { ":invoice": key })?;
        }
        let mut put_line = connection.prepare_cached(PUT_LINE)?;
        for (position, line) in self.lines.iter().enumerate() {
            put_line.execute(named_params! {
                ":invoice": key,
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
            FROM invoice_line
            WHERE invoice = :invoice
            ORDER BY position";
        let key: i64 = row.get(0)?;
        Ok(Self {
            id: Id::new(row.get_ref(1)?.as_str()?),
            number: row.get(2)?,
            client: Id::new(row.get_ref(3)?.as_str()?),
            contract: optional(row, 4, |row, at| Ok(Id::new(row.get_ref(at)?.as_str()?)))?,
            issued_on: day(row, 5)?,
            due_on: day(row, 6)?,
            period_start: day(row, 7)?,
            period_end: day(row, 8)?,
            lines: lines(connection, LINES, &[(":invoice", &key)], currency)?,
            tax: money(row, 9, currency)?,
        })
    }

    fn id(&self) -> &str {
        self.id.as_str()
    }
}
