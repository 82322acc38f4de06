//! The invoices that are not known to be paid and settled: what is to be received, and whose they are.

use rules::day::Day;
use rules::id::Id;
use rules::invoice::Invoice;
use rules::money::{Currency, Money};
use rusqlite::vtab::array::Array;
use rusqlite::{Connection, named_params};

use super::{column, day, money};

/// An invoice of which something may be missing, or on which too much was received.
#[derive(Clone, Debug)]
pub struct OpenSum {
    pub id: Id<Invoice>,
    pub due_on: Day,
    /// What is missing, below nothing where too much was received; where the affiliate keeps a commission, that is to be
    /// taken off still.
    pub missing: Money,
    /// The affiliate bills, so that it may keep a commission.
    pub by_affiliate: bool,
}

/// One pass over the open invoices, summed from what is dated up to `today`: the live ones that are not just paid, in the
/// order of their keys.
///
/// With a hundred thousand of them this is a list's whole cost, so that it adds up in the file and reads no names.
pub fn sums(connection: &Connection, today: Day, currency: Currency) -> rusqlite::Result<Vec<OpenSum>> {
    const SUMS: &str = "
        SELECT open.id, open.due_on, open.missing_minor, open.by_affiliate
        FROM (
            SELECT
                invoice.key, invoice.id, invoice.due_on, contract.billed_by IS 'affiliate' AS by_affiliate,
                invoice.tax_minor
                + (
                    SELECT coalesce(sum(amount_minor), 0) FROM invoice_line
                    WHERE invoice_line.invoice = invoice.key
                ) - (
                    SELECT coalesce(sum(amount_minor), 0)
                    FROM credit_note
                    JOIN credit_note_line ON credit_note_line.credit_note = credit_note.key
                    WHERE credit_note.invoice = invoice.key AND voided_at IS NULL AND issued_on <= :today
                ) - CASE WHEN contract.billed_by IS 'affiliate' THEN (
                    SELECT coalesce(sum(amount_minor), 0) FROM remittance
                    WHERE remittance.invoice = invoice.key AND voided_at IS NULL AND received_on <= :today
                ) ELSE (
                    SELECT coalesce(sum(amount_minor), 0) FROM payment
                    WHERE payment.invoice = invoice.key AND voided_at IS NULL AND received_on <= :today
                ) END + (
                    SELECT coalesce(sum(amount_minor), 0) FROM refund
                    WHERE refund.invoice = invoice.key AND voided_at IS NULL AND refunded_on <= :today
                ) AS missing_minor
            FROM open_invoice
            CROSS JOIN invoice ON invoice.key = open_invoice.invoice
            LEFT JOIN contract ON contract.key = invoice.contract
            WHERE invoice.voided_at IS NULL AND invoice.issued_on <= :today
        ) AS open
        WHERE open.missing_minor <> 0
        ORDER BY open.key";
    let mut statement = connection.prepare_cached(SUMS)?;
    let mut found = statement.query(named_params! { ":today": today.to_string() })?;
    let mut sums = Vec::new();
    while let Some(row) = found.next()? {
        sums.push(OpenSum {
            id: Id::new(row.get_ref(0)?.as_str()?),
            due_on: day(row, 1)?,
            missing: money(row, 2, currency)?,
            by_affiliate: row.get(3)?,
        });
    }
    Ok(sums)
}

/// The keys of the first invoices after `after` that are not open, at most `most`.
pub fn not_open(connection: &Connection, after: i64, most: i64) -> rusqlite::Result<Vec<i64>> {
    const NOT_OPEN: &str = "
        SELECT key
        FROM invoice
        WHERE key > :after AND NOT EXISTS (SELECT 1 FROM open_invoice WHERE open_invoice.invoice = invoice.key)
        ORDER BY key
        LIMIT :most";
    column(connection, NOT_OPEN, &[(":after", &after), (":most", &most)])
}

/// The open invoices of these clients, under their contracts and under none, voided ones too.
pub fn of_clients(connection: &Connection, clients: &Array) -> rusqlite::Result<Vec<Id<Invoice>>> {
    const OPEN: &str = "
        SELECT invoice.key, invoice.id
        FROM rarray(:clients) AS wanted
        CROSS JOIN client ON client.id = wanted.value
        CROSS JOIN referral ON referral.client = client.key
        CROSS JOIN contract ON contract.referral = referral.key
        CROSS JOIN invoice ON invoice.contract = contract.key
        CROSS JOIN open_invoice ON open_invoice.invoice = invoice.key
        UNION
        SELECT invoice.key, invoice.id
        FROM rarray(:clients) AS wanted
        CROSS JOIN client ON client.id = wanted.value
        CROSS JOIN invoice ON invoice.client = client.key AND invoice.contract IS NULL
        CROSS JOIN open_invoice ON open_invoice.invoice = invoice.key
        ORDER BY 1";
    let mut statement = connection.prepare_cached(OPEN)?;
    statement.query_map(named_params! { ":clients": clients }, |row| Ok(Id::new(row.get_ref(1)?.as_str()?)))?.collect()
}
