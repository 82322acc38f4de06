//! Receipts of registrations: sealed documents beside their referrals, never changed and never deleted.

use rules::id::Id;
use rules::referral::Referral;
use rusqlite::{Connection, OptionalExtension, Row, named_params};

/// A receipt as it is stored, beside what the journal says of its referral.
#[derive(Clone, Debug)]
pub struct ReceiptRow {
    pub referral: Id<Referral>,
    pub sha256: [u8; 32],
    pub mac: [u8; 32],
    /// Compressed.
    pub document: Vec<u8>,
    /// When the journal has the referral as recorded, and as what: an instant and JSON. Read to verify.
    pub journalled: Option<(String, String)>,
}

impl ReceiptRow {
    pub fn sha256_hex(&self) -> String {
        hex::encode(self.sha256)
    }
}

pub struct New<'a> {
    pub referral: &'a Id<Referral>,
    pub sha256: &'a [u8; 32],
    pub mac: &'a [u8; 32],
    pub document: &'a [u8],
}

pub fn insert(connection: &Connection, new: &New<'_>) -> rusqlite::Result<()> {
    const INSERT: &str = "
        INSERT INTO receipt (referral, sha256, mac, document)
        VALUES ((SELECT key FROM referral WHERE id = :referral), :sha256, :mac, :document)";
    connection.prepare_cached(INSERT)?.execute(named_params! {
        ":referral": new.referral.as_str(),
        ":sha256": new.sha256,
        ":mac": new.mac,
        ":document": new.document,
    })?;
    Ok(())
}

/// The receipt of a live referral, without what the journal says.
pub fn of(connection: &Connection, referral: &str) -> rusqlite::Result<Option<ReceiptRow>> {
    const OF: &str = "
        SELECT referral.id, receipt.sha256, receipt.mac, receipt.document, NULL, NULL
        FROM referral
        JOIN receipt ON receipt.referral = referral.key
        WHERE referral.id = :referral AND referral.voided_at IS NULL";
    connection.prepare_cached(OF)?.query_row(named_params! { ":referral": referral }, row).optional()
}

/// Every receipt, in the order in which they were sealed.
pub fn for_each<E: From<rusqlite::Error>>(
    connection: &Connection,
    mut visit: impl FnMut(ReceiptRow) -> Result<(), E>,
) -> Result<(), E> {
    const ALL: &str = "
        SELECT referral.id, receipt.sha256, receipt.mac, receipt.document, entry.at, entry.after
        FROM receipt
        JOIN referral ON referral.key = receipt.referral
        LEFT JOIN (
            -- The first: one that was undone may be recorded again by an import.
            SELECT id, at, after, min(sequence) FROM journal WHERE action = 'record' AND record = 'referral' GROUP BY id
        ) AS entry ON entry.id = referral.id
        ORDER BY receipt.key";
    let mut statement = connection.prepare_cached(ALL)?;
    let mut rows = statement.query([])?;
    while let Some(found) = rows.next()? {
        visit(row(found)?)?;
    }
    Ok(())
}

/// A referral whose receipt the journal says was sealed and that has none like this, or the other way round.
pub fn first_unjournalled(connection: &Connection) -> rusqlite::Result<Option<String>> {
    const DIFFERENT: &str = "
        SELECT coalesce(entry.id, stored.id)
        FROM (SELECT id, after FROM journal WHERE action = 'seal' AND record = 'receipt') AS entry
        FULL JOIN (
            SELECT referral.id, receipt.sha256 FROM receipt JOIN referral ON referral.key = receipt.referral
        ) AS stored ON stored.id = entry.id
        WHERE entry.after IS NOT '\"' || lower(hex(stored.sha256)) || '\"'
        ORDER BY 1
        LIMIT 1";
    connection.prepare_cached(DIFFERENT)?.query_row([], |row| row.get(0)).optional()
}

fn row(row: &Row<'_>) -> rusqlite::Result<ReceiptRow> {
    let at: Option<String> = row.get(4)?;
    let after: Option<String> = row.get(5)?;
    Ok(ReceiptRow {
        referral: Id::new(row.get_ref(0)?.as_str()?),
        sha256: row.get(1)?,
        mac: row.get(2)?,
        document: row.get(3)?,
        journalled: at.zip(after),
    })
}
