//! The contracts whose clients an affiliate bills itself, and what was billed under them.

use std::collections::HashMap;

use rules::affiliate::Affiliate;
use rules::client::Client;
use rules::contract::Contract;
use rules::day::Day;
use rules::debt::{OwnBill, OwnEntry, Resale};
use rules::id::Id;
use rules::invoice::{Invoice, InvoiceFacts};
use rules::own_price::OwnPrice;
use rules::records::RecordKind;
use rules::statement::ContractOf;
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::Book;
use crate::error::BookError;
use crate::facts::contracts_and_clients;
use crate::tables::{array, day, keys_of, texts_array, with};

/// A contract that the affiliate bills, with its client, its own prices, and what was billed of the days asked for.
#[derive(Clone, Debug)]
pub struct Direct {
    pub of: ContractOf,
    pub client: Client,
    pub prices: Vec<OwnPrice>,
    pub billed: Vec<BilledDays>,
}

/// The period of an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BilledDays {
    pub number: String,
    pub first: Day,
    pub last: Day,
}

impl Book {
    /// The affiliate's own contracts to bill, in the order in which they were recorded, with the invoices that touch the
    /// days from `first` to `last`.
    pub fn direct(&self, affiliate: &Id<Affiliate>, first: Day, last: Day) -> Result<Vec<Direct>, BookError> {
        let Some(programme) = self.programme()? else { return Ok(Vec::new()) };
        let connection = &self.connection;
        let rows = rows(connection, affiliate)?;
        let keys: Vec<i64> = rows.iter().map(|(contract, _)| *contract).collect();
        let mut of_clients: Vec<i64> = rows.iter().map(|(_, client)| *client).collect();
        of_clients.sort_unstable();
        of_clients.dedup();
        let (contracts, clients) = contracts_and_clients(connection, &keys, &of_clients, programme.currency)?;
        let clients: HashMap<Id<Client>, Client> = clients.into_iter().map(|one| (one.id.clone(), one)).collect();
        let mut prices = by_contract(with(connection, programme.currency, "contract", &array(&keys))?);
        let mut billed = billed(connection, affiliate, first, last)?;
        let direct = contracts.into_iter().filter_map(|of| {
            let client = clients.get(&of.referral.client)?.clone();
            let prices = prices.remove(&of.contract.id).unwrap_or_default();
            Some(Direct { billed: billed.remove(&of.contract.id).unwrap_or_default(), of, client, prices })
        });
        Ok(direct.collect())
    }

    /// The affiliate's own prices under these contracts.
    pub fn own_prices(&self, contracts: &[&str]) -> Result<HashMap<Id<Contract>, Vec<OwnPrice>>, BookError> {
        let Some(programme) = self.programme()? else { return Ok(HashMap::new()) };
        let ids = texts_array(contracts.iter().copied());
        let keys = array(&keys_of(&self.connection, RecordKind::Contract, &ids)?);
        Ok(by_contract(with(&self.connection, programme.currency, "contract", &keys)?))
    }

    /// These invoices with what is between the affiliate and its client alone, all of it up to a day.
    pub fn own_bills(&self, facts: Vec<InvoiceFacts>, until: Day) -> Result<Vec<OwnBill>, BookError> {
        let Some(programme) = self.programme()? else { return Ok(Vec::new()) };
        let ids = texts_array(facts.iter().map(|facts| facts.invoice.id.as_str()));
        let keys = array(&keys_of(&self.connection, RecordKind::Invoice, &ids)?);
        let resales: Vec<Resale> = with(&self.connection, programme.currency, "invoice", &keys)?;
        let all: Vec<OwnEntry> = with(&self.connection, programme.currency, "invoice", &keys)?;
        let mut resales: HashMap<Id<Invoice>, Resale> =
            resales.into_iter().map(|one| (one.invoice.clone(), one)).collect();
        let mut entries: HashMap<Id<Invoice>, Vec<OwnEntry>> = HashMap::new();
        for entry in all {
            entries.entry(entry.invoice.clone()).or_default().push(entry);
        }
        let bill = |facts: InvoiceFacts| {
            let resale = resales.remove(&facts.invoice.id);
            let entries = entries.remove(&facts.invoice.id).unwrap_or_default();
            let mut bill = OwnBill { facts, resale, entries };
            bill.keep_up_to(until);
            bill
        };
        Ok(facts.into_iter().map(bill).collect())
    }

    /// Whether a live invoice has this number.
    pub fn has_number(&self, number: &str) -> Result<bool, BookError> {
        const THERE: &str = "
            SELECT EXISTS (SELECT 1 FROM invoice WHERE number = :number AND voided_at IS NULL)
            ORDER BY 1";
        let mut statement = self.connection.prepare_cached(THERE)?;
        Ok(statement.query_row(named_params! { ":number": number }, |row| row.get(0))?)
    }

    /// The number of the affiliate's newest invoice; one that an undo took back was never given.
    pub fn last_number(&self, affiliate: &Id<Affiliate>) -> Result<Option<String>, BookError> {
        const LAST: &str = "
            SELECT invoice.number
            FROM invoice
            JOIN contract ON contract.key = invoice.contract
            JOIN referral ON referral.key = contract.referral
            JOIN affiliate ON affiliate.key = referral.affiliate
            WHERE affiliate.id = :affiliate AND contract.billed_by = 'affiliate'
                AND NOT EXISTS (SELECT 1 FROM batch AS undo WHERE undo.undoes = invoice.batch)
            ORDER BY invoice.issued_on DESC, invoice.key DESC
            LIMIT 1";
        let mut statement = self.connection.prepare_cached(LAST)?;
        let last = statement.query_row(named_params! { ":affiliate": affiliate.as_str() }, |row| row.get(0));
        Ok(last.optional()?)
    }
}

fn by_contract(prices: Vec<OwnPrice>) -> HashMap<Id<Contract>, Vec<OwnPrice>> {
    let mut by_contract: HashMap<Id<Contract>, Vec<OwnPrice>> = HashMap::new();
    for price in prices {
        by_contract.entry(price.contract.clone()).or_default().push(price);
    }
    by_contract
}

/// The keys of the contracts and of their clients.
fn rows(connection: &Connection, affiliate: &Id<Affiliate>) -> rusqlite::Result<Vec<(i64, i64)>> {
    const ROWS: &str = "
        SELECT contract.key, referral.client
        FROM contract
        JOIN referral ON referral.key = contract.referral
        JOIN affiliate ON affiliate.key = referral.affiliate
        WHERE affiliate.id = :affiliate AND contract.billed_by = 'affiliate' AND contract.voided_at IS NULL
        ORDER BY contract.key";
    let mut statement = connection.prepare_cached(ROWS)?;
    let row = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    statement.query_map(named_params! { ":affiliate": affiliate.as_str() }, row)?.collect()
}

fn billed(
    connection: &Connection,
    affiliate: &Id<Affiliate>,
    first: Day,
    last: Day,
) -> rusqlite::Result<HashMap<Id<Contract>, Vec<BilledDays>>> {
    const BILLED: &str = "
        SELECT contract.id, invoice.number, invoice.period_start, invoice.period_end
        FROM contract
        JOIN referral ON referral.key = contract.referral
        JOIN affiliate ON affiliate.key = referral.affiliate
        JOIN invoice ON invoice.contract = contract.key
        WHERE affiliate.id = :affiliate AND contract.billed_by = 'affiliate' AND invoice.voided_at IS NULL
            AND invoice.period_start <= :last AND invoice.period_end >= :first
        ORDER BY invoice.key";
    let mut billed: HashMap<Id<Contract>, Vec<BilledDays>> = HashMap::new();
    let mut statement = connection.prepare_cached(BILLED)?;
    let parameters =
        named_params! { ":affiliate": affiliate.as_str(), ":first": first.to_string(), ":last": last.to_string() };
    let mut rows = statement.query(parameters)?;
    while let Some(row) = rows.next()? {
        let days = BilledDays { number: row.get(1)?, first: day(row, 2)?, last: day(row, 3)? };
        billed.entry(Id::new(row.get_ref(0)?.as_str()?)).or_default().push(days);
    }
    Ok(billed)
}
