//! Invoices and their lines.

use rules::affiliate::Affiliate;
use rules::contract::Contract;
use rules::day::Day;
use rules::id::Id;
use rules::invoice::Invoice;
use rules::money::Currency;
use rules::records::RecordKind;
use rusqlite::vtab::array::Array;
use rusqlite::{Connection, OptionalExtension, Row, ToSql, named_params};

use super::client_search::ClientNamed;
use super::{Known, Table, UNDER_NO_VOIDED_CONTRACT, column, day, key_put, lines, money, optional};

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

/// A live invoice, and the days that it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceFor {
    pub id: Id<Invoice>,
    pub number: String,
    pub period_start: Day,
    /// Inclusive.
    pub period_end: Day,
}

/// The live invoices of a contract that are for any of these days, both inclusive, the earliest first.
pub fn for_days(
    connection: &Connection,
    contract: &Id<Contract>,
    first: Day,
    last: Day,
) -> rusqlite::Result<Vec<InvoiceFor>> {
    const FOR_DAYS: &str = "
        SELECT invoice.id, invoice.number, invoice.period_start, invoice.period_end
        FROM contract
        CROSS JOIN invoice ON invoice.contract = contract.key
        WHERE contract.id = :contract AND invoice.voided_at IS NULL
            AND invoice.period_start <= :last AND invoice.period_end >= :first
        ORDER BY invoice.period_start, invoice.key";
    let mut statement = connection.prepare_cached(FOR_DAYS)?;
    let parameters =
        named_params! { ":contract": contract.as_str(), ":first": first.to_string(), ":last": last.to_string() };
    let found = statement.query_map(parameters, |row| {
        Ok(InvoiceFor {
            id: Id::new(row.get_ref(0)?.as_str()?),
            number: row.get(1)?,
            period_start: day(row, 2)?,
            period_end: day(row, 3)?,
        })
    })?;
    found.collect()
}

/// That an invoice was not taken back by an undo: one that was is in no list, one that was voided with a reason is.
const NOT_UNDONE: &str = "
    (invoice.voided_at IS NULL OR invoice.batch IS NULL
        OR invoice.batch NOT IN (SELECT undoes FROM batch WHERE undoes IS NOT NULL))";

/// The invoices of these clients, ascending, but not those that an undo took back. Under a contract they are found by
/// it, the others by the client.
pub fn keys_of_clients(connection: &Connection, clients: &Array) -> rusqlite::Result<Vec<i64>> {
    let keys = format!(
        "
        SELECT invoice.key
        FROM rarray(:clients) AS wanted
        CROSS JOIN referral ON referral.client = wanted.value
        CROSS JOIN contract ON contract.referral = referral.key
        CROSS JOIN invoice ON invoice.contract = contract.key
        WHERE invoice.client = wanted.value AND {NOT_UNDONE}
        UNION
        SELECT invoice.key
        FROM rarray(:clients) AS wanted
        CROSS JOIN invoice ON invoice.client = wanted.value AND invoice.contract IS NULL
        WHERE {NOT_UNDONE}
        ORDER BY 1"
    );
    column(connection, &keys, &[(":clients", clients)])
}

/// The invoices under the contracts whose clients this affiliate bills itself, ascending, but not those that an undo took
/// back.
pub fn keys_billed_by(connection: &Connection, affiliate: &str) -> rusqlite::Result<Vec<i64>> {
    let keys = format!(
        "
        SELECT invoice.key
        FROM affiliate
        CROSS JOIN referral ON referral.affiliate = affiliate.key
        CROSS JOIN contract ON contract.referral = referral.key AND contract.billed_by = 'affiliate'
        CROSS JOIN invoice ON invoice.contract = contract.key
        WHERE affiliate.id = :affiliate AND {NOT_UNDONE}
        ORDER BY 1"
    );
    column(connection, &keys, &[(":affiliate", &affiliate)])
}

/// The invoices issued last, `most` of them after the first `from`; voided ones too, but not those that an undo took
/// back.
pub fn newest(connection: &Connection, from: u32, most: u32) -> rusqlite::Result<Vec<Id<Invoice>>> {
    let newest = format!(
        "
        SELECT invoice.id
        FROM (
            SELECT key, issued_on
            FROM invoice
            WHERE {NOT_UNDONE}
            ORDER BY issued_on DESC, key DESC
            LIMIT :most OFFSET :from
        ) AS newest
        CROSS JOIN invoice ON invoice.key = newest.key
        ORDER BY newest.issued_on DESC, newest.key DESC"
    );
    ids(connection, &newest, named_params! { ":from": from, ":most": most })
}

/// How many invoices there are, voided ones too. None is ever deleted, so that the newest one's key says it; what undos
/// took back stands together in the journal, and is taken off.
pub fn count(connection: &Connection) -> rusqlite::Result<u32> {
    const COUNT: &str = "
        SELECT coalesce(max(key), 0) - (
            SELECT count(*)
            FROM batch AS undo
            CROSS JOIN batch AS undone ON undone.key = undo.undoes
            CROSS JOIN journal ON journal.sequence >= undone.begins_at AND journal.sequence < undo.begins_at
            CROSS JOIN invoice ON invoice.id = journal.id
            WHERE undo.undoes IS NOT NULL AND journal.batch = undone.key
                AND journal.record = 'invoice' AND journal.action = 'record'
                AND invoice.batch = undone.key AND invoice.voided_at IS NOT NULL
        )
        FROM invoice
        ORDER BY 1";
    connection.prepare_cached(COUNT)?.query_row([], |row| row.get(0))
}

/// The invoices of these clients, and at most `most` of those whose numbers begin with `text` or with it in capitals;
/// voided ones only of the clients, and none that an undo took back. The newest first.
pub fn found(connection: &Connection, clients: &Array, text: &str, most: u32) -> rusqlite::Result<Vec<Id<Invoice>>> {
    let found = format!(
        "
        SELECT invoice.id
        FROM (
            SELECT invoice.key
            FROM rarray(:clients) AS wanted
            CROSS JOIN client ON client.id = wanted.value
            CROSS JOIN referral ON referral.client = client.key
            CROSS JOIN contract ON contract.referral = referral.key
            CROSS JOIN invoice ON invoice.contract = contract.key
            UNION
            SELECT invoice.key
            FROM rarray(:clients) AS wanted
            CROSS JOIN client ON client.id = wanted.value
            CROSS JOIN invoice ON invoice.client = client.key AND invoice.contract IS NULL
            UNION
            SELECT key FROM (
                SELECT key FROM invoice
                WHERE number >= :text AND number < :text || char(0x10FFFF) AND voided_at IS NULL
                ORDER BY number DESC LIMIT :most
            )
            UNION
            SELECT key FROM (
                SELECT key FROM invoice
                WHERE number >= :capitals AND number < :capitals || char(0x10FFFF) AND voided_at IS NULL
                ORDER BY number DESC LIMIT :most
            )
        ) AS found
        CROSS JOIN invoice ON invoice.key = found.key
        WHERE {NOT_UNDONE}
        ORDER BY invoice.issued_on DESC, invoice.key DESC"
    );
    let parameters =
        named_params! { ":clients": clients, ":text": text, ":capitals": text.to_uppercase(), ":most": most };
    ids(connection, &found, parameters)
}

/// A live invoice, by its number, and the client that pays it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceNumbered {
    pub id: Id<Invoice>,
    pub number: String,
    pub client: ClientNamed,
}

/// At most `most` of the live invoices whose numbers begin with `text`; one with just this number comes first.
pub fn numbered(connection: &Connection, text: &str, most: u32) -> rusqlite::Result<Vec<InvoiceNumbered>> {
    const NUMBERED: &str = "
        SELECT invoice.id, invoice.number, client.id, client.name
        FROM invoice
        CROSS JOIN client ON client.key = invoice.client
        WHERE invoice.number >= :text AND invoice.number < :text || char(0x10FFFF) AND invoice.voided_at IS NULL
        ORDER BY invoice.number
        LIMIT :most";
    let mut statement = connection.prepare_cached(NUMBERED)?;
    let found = statement.query_map(named_params! { ":text": text, ":most": most }, |row| {
        Ok(InvoiceNumbered {
            id: Id::new(row.get_ref(0)?.as_str()?),
            number: row.get(1)?,
            client: ClientNamed { id: Id::new(row.get_ref(2)?.as_str()?), name: row.get(3)? },
        })
    })?;
    found.collect()
}

fn ids(connection: &Connection, sql: &str, parameters: &[(&str, &dyn ToSql)]) -> rusqlite::Result<Vec<Id<Invoice>>> {
    connection.prepare_cached(sql)?.query_map(parameters, |row| Ok(Id::new(row.get_ref(0)?.as_str()?)))?.collect()
}

impl Table for Invoice {
    const KIND: RecordKind = RecordKind::Invoice;

    const SELECT: &str = "
        SELECT
            record.key, record.id, record.number, client.id, contract.id, record.issued_on, record.due_on,
            record.period_start, record.period_end, record.tax_minor
        FROM invoice AS record
        JOIN client ON client.key = record.client
        LEFT JOIN contract ON contract.key = record.contract";
    const AS_TOLD: &str = UNDER_NO_VOIDED_CONTRACT;

    /// An invoice reads as under no contract when its contract was voided, and then stays under it.
    fn put(&self, connection: &Connection, batch: Option<i64>, known: Known) -> rusqlite::Result<()> {
        const PUT: &str = "
            INSERT INTO invoice
                (id, number, client, contract, issued_on, due_on, period_start, period_end, tax_minor, batch)
            VALUES (
                :id, :number,
                (SELECT key FROM client WHERE id = :client), (SELECT key FROM contract WHERE id = :contract),
                :issued_on, :due_on, :period_start, :period_end, :tax_minor, :batch)
            ON CONFLICT (id) DO UPDATE
            SET number = excluded.number, client = excluded.client,
                contract = coalesce(
                    excluded.contract,
                    (SELECT key FROM contract WHERE key = invoice.contract AND voided_at IS NOT NULL ORDER BY key)),
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

/// Takes away the index that keeps numbers apart, as a transaction may; gives the statement that makes it again.
pub fn drop_number_index(connection: &Connection) -> rusqlite::Result<String> {
    const MADE: &str = "SELECT sql FROM sqlite_schema WHERE name = 'invoice_by_number' ORDER BY name";
    let made = connection.query_row(MADE, [], |row| row.get(0))?;
    connection.execute_batch("DROP INDEX invoice_by_number")?;
    Ok(made)
}
