//! The book's records as plain facts: all of them, or those that offered ones touch.

use std::collections::{BTreeSet, HashSet};
use std::rc::Rc;

use rules::money::Currency;
use rules::records::{RecordKind, Records};
use rusqlite::Connection;
use rusqlite::types::Value;
use rusqlite::vtab::array::Array;

use crate::tables::{Table, all, array, column, keys_of, programme, terms, with};

/// Every record in effect, in the order in which it was recorded. What hangs on a voided invoice is left out with it.
pub fn whole(connection: &Connection) -> rusqlite::Result<Records> {
    let Some(programme) = programme::read(connection)? else { return Ok(Records::default()) };
    let currency = programme.currency;
    let live = array(&column(connection, "SELECT key FROM invoice WHERE voided_at IS NULL ORDER BY key", &[])?);
    let whole = column(connection, "SELECT key FROM invoice WHERE voided_at IS NOT NULL ORDER BY key", &[])?.is_empty();
    let contracts = array(&column(connection, "SELECT key FROM contract WHERE voided_at IS NULL ORDER BY key", &[])?);
    let own = own_among(connection, &live)?;
    Ok(Records {
        terms: terms::all(connection, currency)?,
        affiliates: all(connection, currency)?,
        clients: all(connection, currency)?,
        referrals: all(connection, currency)?,
        contracts: all(connection, currency)?,
        invoices: all(connection, currency)?,
        payments: of_live(connection, currency, whole, &live)?,
        refunds: of_live(connection, currency, whole, &live)?,
        credit_notes: of_live(connection, currency, whole, &live)?,
        remittances: of_live(connection, currency, whole, &live)?,
        adjustments: all(connection, currency)?,
        quotes: all(connection, currency)?,
        own_prices: with(connection, currency, "contract", &contracts)?,
        resales: with(connection, currency, "invoice", &own)?,
        own_entries: with(connection, currency, "invoice", &own)?,
        programme: Some(programme),
    })
}

fn of_live<T: Table>(
    connection: &Connection,
    currency: Currency,
    whole: bool,
    live: &Array,
) -> rusqlite::Result<Vec<T>> {
    if whole { all(connection, currency) } else { with(connection, currency, "invoice", live) }
}

/// The records that `offered` ones correct, refer to, or stand beside: the same clients' referrals and contracts, the
/// same affiliates, the same invoices with their facts. The cost follows what is offered, not what the book holds;
/// only new terms look at everything.
pub fn around(connection: &Connection, offered: &Records) -> rusqlite::Result<Records> {
    let Some(programme) = programme::read(connection)? else { return Ok(Records::default()) };
    let currency = programme.currency;
    let terms = terms::all(connection, currency)?;
    let same_programme = offered.programme.as_ref().is_none_or(|offered| *offered == programme);
    if !same_programme || offered.terms.iter().any(|version| !terms.contains(version)) {
        return whole(connection);
    }

    let invoices = invoices_around(connection, offered)?;
    let clients = clients_around(connection, offered, &invoices)?;
    let clients = array(&clients);
    let referrals = array(&column(
        connection,
        "SELECT key FROM referral WHERE client IN (SELECT value FROM rarray(:clients)) AND voided_at IS NULL ORDER BY key",
        &[(":clients", &clients)],
    )?);
    let affiliates = affiliates_around(connection, offered, &referrals)?;
    let contracts = array(&column(
        connection,
        "SELECT key FROM contract WHERE referral IN (SELECT value FROM rarray(:referrals)) AND voided_at IS NULL ORDER BY key",
        &[(":referrals", &referrals)],
    )?);
    let invoices = array(&invoices);
    let own = own_among(connection, &invoices)?;
    Ok(Records {
        terms,
        affiliates: with(connection, currency, "key", &array(&affiliates))?,
        clients: with(connection, currency, "key", &clients)?,
        referrals: with(connection, currency, "key", &referrals)?,
        contracts: with(connection, currency, "key", &contracts)?,
        invoices: with(connection, currency, "key", &invoices)?,
        payments: with(connection, currency, "invoice", &invoices)?,
        refunds: with(connection, currency, "invoice", &invoices)?,
        credit_notes: with(connection, currency, "invoice", &invoices)?,
        remittances: with(connection, currency, "invoice", &invoices)?,
        own_prices: with(connection, currency, "contract", &contracts)?,
        resales: with(connection, currency, "invoice", &own)?,
        own_entries: with(connection, currency, "invoice", &own)?,
        adjustments: with(
            connection,
            currency,
            "key",
            &array(&offered_keys(connection, RecordKind::Adjustment, &ids(&offered.adjustments))?),
        )?,
        quotes: with(
            connection,
            currency,
            "key",
            &array(&offered_keys(connection, RecordKind::Quote, &ids(&offered.quotes))?),
        )?,
        programme: Some(programme),
    })
}

/// Of these invoices, those that can have bills and entries of an affiliate's own: one whose contract was voided reads as
/// under none, and they are left out with it.
fn own_among(connection: &Connection, invoices: &Array) -> rusqlite::Result<Array> {
    const OWN: &str = "
        SELECT invoice.key
        FROM invoice
        JOIN contract ON contract.key = invoice.contract
        WHERE invoice.key IN (SELECT value FROM rarray(:invoices)) AND contract.billed_by = 'affiliate'
            AND contract.voided_at IS NULL
        ORDER BY invoice.key";
    Ok(array(&column(connection, OWN, &[(":invoices", invoices)])?))
}

/// Which ids of `records` belong to records that were voided on purpose.
pub fn voided_among(connection: &Connection, records: &Records) -> rusqlite::Result<HashSet<(RecordKind, String)>> {
    among(connection, records, "NOT EXISTS")
}

/// Which ids of `records` belong to records that were voided by an undo of what recorded them.
pub fn undone_among(connection: &Connection, records: &Records) -> rusqlite::Result<HashSet<(RecordKind, String)>> {
    among(connection, records, "EXISTS")
}

fn among(connection: &Connection, records: &Records, undone: &str) -> rusqlite::Result<HashSet<(RecordKind, String)>> {
    let mut voided = HashSet::new();
    // The programme and its terms have no id, and are not voided on purpose.
    for kind in RecordKind::ALL {
        let ids = records.ids(kind);
        if ids.is_empty() {
            continue;
        }
        let sql = format!(
            "SELECT id FROM {0}
            WHERE id IN (SELECT value FROM rarray(:ids)) AND voided_at IS NOT NULL
                AND {undone} (SELECT 1 FROM batch AS undo WHERE undo.undoes = {0}.batch)
            ORDER BY id",
            kind.as_str()
        );
        let mut statement = connection.prepare_cached(&sql)?;
        let found = statement.query_map(&[(":ids", &values(&ids))], |row| row.get(0))?;
        for id in found {
            voided.insert((kind, id?));
        }
    }
    Ok(voided)
}

/// The live records of other kinds that lean on this one and would be left without it. An invoice's or a contract's
/// own are none: what is voided with a reason still shows where they belong.
pub fn dependents(connection: &Connection, kind: RecordKind, id: &str) -> rusqlite::Result<Vec<(RecordKind, String)>> {
    let leaning: &[(RecordKind, &str)] = match kind {
        RecordKind::Affiliate => &[
            (RecordKind::Referral, "affiliate"),
            (RecordKind::Adjustment, "affiliate"),
            (RecordKind::Quote, "affiliate"),
        ],
        RecordKind::Client => &[(RecordKind::Referral, "client"), (RecordKind::Invoice, "client")],
        RecordKind::Referral => &[(RecordKind::Contract, "referral")],
        _ => &[],
    };
    let mut dependents = Vec::new();
    for (leans, column) in leaning {
        let (table, kind) = (leans.as_str(), kind.as_str());
        let sql = format!(
            "SELECT record.id
            FROM {table} AS record
            JOIN {kind} AS target ON target.key = record.{column}
            WHERE target.id = :id AND record.voided_at IS NULL
            ORDER BY record.id"
        );
        let mut statement = connection.prepare_cached(&sql)?;
        let found = statement.query_map(&[(":id", id)], |row| row.get(0))?;
        for id in found {
            dependents.push((*leans, id?));
        }
    }
    Ok(dependents)
}

/// The live invoices that are offered or whose facts are, that carry an offered number, or whose contract is corrected.
fn invoices_around(connection: &Connection, offered: &Records) -> rusqlite::Result<Vec<i64>> {
    const BY_NUMBER: &str = "
        SELECT key FROM invoice
        WHERE number IN (SELECT value FROM rarray(:numbers)) AND voided_at IS NULL
        ORDER BY key";
    const BY_CONTRACT: &str = "
        SELECT key FROM invoice
        WHERE contract IN (SELECT value FROM rarray(:contracts)) AND contract IS NOT NULL AND voided_at IS NULL
        ORDER BY key";
    let mut wanted = ids(&offered.invoices);
    wanted.extend(offered.payments.iter().map(|record| record.invoice.as_str()));
    wanted.extend(offered.refunds.iter().map(|record| record.invoice.as_str()));
    wanted.extend(offered.credit_notes.iter().map(|record| record.invoice.as_str()));
    wanted.extend(offered.remittances.iter().map(|record| record.invoice.as_str()));
    wanted.extend(offered.resales.iter().map(|record| record.invoice.as_str()));
    wanted.extend(offered.own_entries.iter().map(|record| record.invoice.as_str()));
    let mut keys = offered_keys(connection, RecordKind::Invoice, &wanted)?;
    let numbers: Vec<Value> = offered.invoices.iter().map(|invoice| Value::from(invoice.number.clone())).collect();
    keys.extend(column(connection, BY_NUMBER, &[(":numbers", &Rc::new(numbers))])?);
    let contracts = array(&offered_keys(connection, RecordKind::Contract, &ids(&offered.contracts))?);
    keys.extend(column(connection, BY_CONTRACT, &[(":contracts", &contracts)])?);
    // A fact that is moved to another invoice leaves one behind.
    let facts = [
        (RecordKind::Payment, ids(&offered.payments)),
        (RecordKind::Refund, ids(&offered.refunds)),
        (RecordKind::CreditNote, ids(&offered.credit_notes)),
        (RecordKind::Remittance, ids(&offered.remittances)),
        (RecordKind::Resale, ids(&offered.resales)),
        (RecordKind::OwnEntry, ids(&offered.own_entries)),
    ];
    for (kind, ids) in facts {
        let existing = array(&offered_keys(connection, kind, &ids)?);
        let sql = format!(
            "SELECT invoice FROM {} WHERE key IN (SELECT value FROM rarray(:keys)) ORDER BY key",
            kind.as_str()
        );
        keys.extend(column(connection, &sql, &[(":keys", &existing)])?);
    }
    Ok(unique(keys))
}

fn clients_around(connection: &Connection, offered: &Records, invoices: &[i64]) -> rusqlite::Result<Vec<i64>> {
    const BY_REFERRAL: &str = "
        SELECT client FROM referral
        WHERE key IN (SELECT value FROM rarray(:keys)) OR affiliate IN (SELECT value FROM rarray(:affiliates))
        ORDER BY key";
    const BY_CONTRACT: &str = "
        SELECT referral.client
        FROM contract
        JOIN referral ON referral.key = contract.referral
        WHERE contract.key IN (SELECT value FROM rarray(:keys))
        ORDER BY contract.key";
    const BY_INVOICE: &str = "
        SELECT client FROM invoice WHERE key IN (SELECT value FROM rarray(:keys))
        UNION
        SELECT referral.client
        FROM invoice
        JOIN contract ON contract.key = invoice.contract
        JOIN referral ON referral.key = contract.referral
        WHERE invoice.key IN (SELECT value FROM rarray(:keys))
        ORDER BY 1";
    let mut wanted = ids(&offered.clients);
    wanted.extend(offered.referrals.iter().map(|referral| referral.client.as_str()));
    wanted.extend(offered.invoices.iter().map(|invoice| invoice.client.as_str()));
    let mut keys = offered_keys(connection, RecordKind::Client, &wanted)?;

    let mut wanted = ids(&offered.referrals);
    wanted.extend(offered.contracts.iter().map(|contract| contract.referral.as_str()));
    let referrals = array(&offered_keys(connection, RecordKind::Referral, &wanted)?);
    let affiliates = array(&offered_keys(connection, RecordKind::Affiliate, &ids(&offered.affiliates))?);
    keys.extend(column(connection, BY_REFERRAL, &[(":keys", &referrals), (":affiliates", &affiliates)])?);

    let mut wanted = ids(&offered.contracts);
    wanted.extend(offered.invoices.iter().filter_map(|invoice| invoice.contract.as_ref()).map(rules::id::Id::as_str));
    wanted.extend(offered.quotes.iter().filter_map(|quote| quote.contract.as_ref()).map(rules::id::Id::as_str));
    wanted.extend(offered.own_prices.iter().map(|price| price.contract.as_str()));
    let contracts = array(&offered_keys(connection, RecordKind::Contract, &wanted)?);
    keys.extend(column(connection, BY_CONTRACT, &[(":keys", &contracts)])?);
    keys.extend(column(connection, BY_INVOICE, &[(":keys", &array(invoices))])?);
    Ok(unique(keys))
}

fn affiliates_around(connection: &Connection, offered: &Records, referrals: &Array) -> rusqlite::Result<Vec<i64>> {
    const BY_REFERRAL: &str = "
        SELECT affiliate FROM referral WHERE key IN (SELECT value FROM rarray(:keys)) ORDER BY key";
    let mut wanted = ids(&offered.affiliates);
    wanted.extend(offered.referrals.iter().map(|referral| referral.affiliate.as_str()));
    wanted.extend(offered.adjustments.iter().map(|adjustment| adjustment.affiliate.as_str()));
    wanted.extend(offered.quotes.iter().filter_map(|quote| quote.affiliate.as_ref()).map(rules::id::Id::as_str));
    let mut keys = offered_keys(connection, RecordKind::Affiliate, &wanted)?;
    keys.extend(column(connection, BY_REFERRAL, &[(":keys", referrals)])?);
    Ok(unique(keys))
}

fn ids<T: Table>(records: &[T]) -> Vec<&str> {
    records.iter().map(Table::id).collect()
}

fn offered_keys(connection: &Connection, kind: RecordKind, ids: &[&str]) -> rusqlite::Result<Vec<i64>> {
    let ids: BTreeSet<&str> = ids.iter().copied().collect();
    keys_of(connection, kind, &values(&ids.into_iter().collect::<Vec<_>>()))
}

fn values(texts: &[&str]) -> Array {
    Rc::new(texts.iter().map(|text| Value::from((*text).to_owned())).collect())
}

fn unique(mut keys: Vec<i64>) -> Vec<i64> {
    keys.sort_unstable();
    keys.dedup();
    keys
}
