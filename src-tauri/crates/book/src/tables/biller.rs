//! What an affiliate that bills its clients itself keeps beside its record: its letterhead, its logo, and the signed
//! agreement's file.

use rules::affiliate::Affiliate;
use rules::id::Id;
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// How an affiliate's own invoices look.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Biller {
    /// Under the affiliate's name, line by line.
    pub address: String,
    /// Where the money goes, line by line.
    pub pay_to: String,
    /// What the tax is called: `Sales tax`.
    pub tax_label: String,
    /// A share of the charges: `0.0825`; empty for none.
    pub tax_rate: String,
    /// From an invoice's day to its due day.
    pub days_to_pay: u32,
}

/// A file that is kept in the book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptFile {
    pub name: String,
    pub bytes: Vec<u8>,
}

pub fn read(connection: &Connection, affiliate: &Id<Affiliate>) -> rusqlite::Result<Option<Biller>> {
    const SELECT: &str = "
        SELECT address, pay_to, tax_label, tax_rate, days_to_pay
        FROM biller
        JOIN affiliate ON affiliate.key = biller.affiliate
        WHERE affiliate.id = :affiliate";
    connection.prepare_cached(SELECT)?.query_row(named_params! { ":affiliate": affiliate.as_str() }, biller).optional()
}

/// All of them, with their affiliates' ids.
pub fn all(connection: &Connection) -> rusqlite::Result<Vec<(String, Biller)>> {
    const SELECT: &str = "
        SELECT address, pay_to, tax_label, tax_rate, days_to_pay, affiliate.id
        FROM biller
        JOIN affiliate ON affiliate.key = biller.affiliate
        ORDER BY biller.affiliate";
    connection.prepare_cached(SELECT)?.query_map([], |row| Ok((row.get(5)?, biller(row)?)))?.collect()
}

fn biller(row: &Row<'_>) -> rusqlite::Result<Biller> {
    Ok(Biller {
        address: row.get(0)?,
        pay_to: row.get(1)?,
        tax_label: row.get(2)?,
        tax_rate: row.get(3)?,
        days_to_pay: row.get(4)?,
    })
}

pub fn put(connection: &Connection, affiliate: &Id<Affiliate>, biller: &Biller) -> rusqlite::Result<()> {
    const PUT: &str = "
        INSERT INTO biller (affiliate, address, pay_to, tax_label, tax_rate, days_to_pay)
        VALUES (
            (SELECT key FROM affiliate WHERE id = :affiliate), :address, :pay_to, :tax_label, :tax_rate, :days_to_pay)
        ON CONFLICT (affiliate) DO UPDATE
        SET address = excluded.address, pay_to = excluded.pay_to, tax_label = excluded.tax_label,
            tax_rate = excluded.tax_rate, days_to_pay = excluded.days_to_pay";
    connection.prepare_cached(PUT)?.execute(named_params! {
        ":affiliate": affiliate.as_str(),
        ":address": biller.address,
        ":pay_to": biller.pay_to,
        ":tax_label": biller.tax_label,
        ":tax_rate": biller.tax_rate,
        ":days_to_pay": biller.days_to_pay,
    })?;
    Ok(())
}

/// What a file of an affiliate's is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileOf {
    /// "You will be required to sign an affiliate contract."
    Agreement,
    /// A PNG on the affiliate's own invoices.
    Logo,
}

impl KeptFile {
    /// As the journal has it: its name and SHA-256.
    pub fn journalled(&self) -> String {
        serde_json::json!([self.name, hex::encode(Sha256::digest(&self.bytes))]).to_string()
    }
}

impl FileOf {
    pub fn as_str(self) -> &'static str {
        match self {
            FileOf::Agreement => "agreement",
            FileOf::Logo => "logo",
        }
    }
}

pub fn file(connection: &Connection, affiliate: &Id<Affiliate>, of: FileOf) -> rusqlite::Result<Option<KeptFile>> {
    const SELECT: &str = "
        SELECT affiliate_file.name, affiliate_file.bytes
        FROM affiliate_file
        JOIN affiliate ON affiliate.key = affiliate_file.affiliate
        WHERE affiliate.id = :affiliate AND affiliate_file.kind = :kind";
    let parameters = named_params! { ":affiliate": affiliate.as_str(), ":kind": of.as_str() };
    let file = |row: &Row<'_>| Ok(KeptFile { name: row.get(0)?, bytes: row.get(1)? });
    connection.prepare_cached(SELECT)?.query_row(parameters, file).optional()
}

/// All of them: the kind, the affiliate's id, the file.
pub fn files(connection: &Connection) -> rusqlite::Result<Vec<(String, String, KeptFile)>> {
    const SELECT: &str = "
        SELECT affiliate_file.kind, affiliate.id, affiliate_file.name, affiliate_file.bytes
        FROM affiliate_file
        JOIN affiliate ON affiliate.key = affiliate_file.affiliate
        ORDER BY affiliate_file.affiliate, affiliate_file.kind";
    let file = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, KeptFile { name: row.get(2)?, bytes: row.get(3)? }));
    connection.prepare_cached(SELECT)?.query_map([], file)?.collect()
}

pub fn put_file(
    connection: &Connection,
    affiliate: &Id<Affiliate>,
    of: FileOf,
    file: Option<&KeptFile>,
) -> rusqlite::Result<()> {
    const REMOVE: &str = "
        DELETE FROM affiliate_file
        WHERE affiliate = (SELECT key FROM affiliate WHERE id = :affiliate) AND kind = :kind";
    const PUT: &str = "
        INSERT INTO affiliate_file (affiliate, kind, name, bytes)
        VALUES ((SELECT key FROM affiliate WHERE id = :affiliate), :kind, :name, :bytes)";
    let (affiliate, kind) = (affiliate.as_str(), of.as_str());
    connection.prepare_cached(REMOVE)?.execute(named_params! { ":affiliate": affiliate, ":kind": kind })?;
    if let Some(KeptFile { name, bytes }) = file {
        let mut statement = connection.prepare_cached(PUT)?;
        statement.execute(named_params! { ":affiliate": affiliate, ":kind": kind, ":name": name, ":bytes": bytes })?;
    }
    Ok(())
}
