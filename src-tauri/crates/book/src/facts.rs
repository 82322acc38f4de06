//! Invoices with everything that happened to them and the contracts that they are under, read out of the book.
//!
//! Each table is read once, in the order of the invoices, and merged: no query per invoice.

use rules::affiliate::Affiliate;
use rules::client::Client;
use rules::contract::{Change, Contract};
use rules::day::Day;
use rules::id::Id;
use rules::invoice::{CreditNote, Invoice, InvoiceFacts, Line, Payment, Refund, Remittance};
use rules::money::{Currency, Money};
use rules::records::RecordKind;
use rules::referral::Referral;
use rules::statement::ContractOf;
use rusqlite::vtab::array::Array;
use rusqlite::{Connection, Row, ToSql, named_params};

use crate::Book;
use crate::error::BookError;
use crate::tables::{array, day, invoice, keys_of, line, money, optional, rate, serde_word, texts, texts_array};

/// An invoice and, unless it is under none, its contract.
pub type FactsOf = (InvoiceFacts, Option<ContractOf>);

impl Book {
    /// Every invoice of these clients with all that happened to it, in the order in which they were recorded; voided
    /// ones too, but not those that an undo took back.
    pub fn facts_of_clients(&self, clients: &[Id<Client>]) -> Result<Vec<FactsOf>, BookError> {
        let clients = keys_of(&self.connection, RecordKind::Client, &ids(clients))?;
        self.facts_of(&invoice::keys_of_clients(&self.connection, &array(&clients))?)
    }

    /// Every invoice under the contracts whose clients this affiliate bills itself, as those of clients are.
    pub fn facts_billed_by(&self, affiliate: &Id<Affiliate>) -> Result<Vec<FactsOf>, BookError> {
        self.facts_of(&invoice::keys_billed_by(&self.connection, affiliate.as_str())?)
    }

    /// These invoices with all that happened to them, in the order in which they were recorded; voided ones too.
    pub fn facts_of_invoices(&self, invoices: &[Id<Invoice>]) -> Result<Vec<FactsOf>, BookError> {
        self.facts_of(&keys_of(&self.connection, RecordKind::Invoice, &ids(invoices))?)
    }

    fn facts_of(&self, invoices: &[i64]) -> Result<Vec<FactsOf>, BookError> {
        let Some(programme) = self.programme()? else { return Ok(Vec::new()) };
        let facts = read(&self.connection, &Chosen::these(invoices), programme.currency)?;
        Ok(facts.into_pairs())
    }
}

fn ids<T>(ids: &[Id<T>]) -> Array {
    texts_array(ids.iter().map(Id::as_str))
}

/// Which invoices are read.
pub struct Chosen {
    /// Where their keys stand, in order.
    from: &'static str,
    key: &'static str,
    keys: Option<Array>,
    issued_by: Option<Day>,
}

impl Chosen {
    /// Those that the next statement may have something to say of, issued up to a day.
    pub fn open(issued_by: Day) -> Self {
        Self { from: "open_invoice AS chosen", key: "chosen.invoice", keys: None, issued_by: Some(issued_by) }
    }

    /// Those with these keys, which ascend.
    pub fn these(keys: &[i64]) -> Self {
        Self { from: "rarray(:keys) AS chosen", key: "chosen.value", keys: Some(array(keys)), issued_by: None }
    }

    /// A query of theirs: it reads `{chosen}`, where `{key}` is an invoice's key.
    fn sql(&self, sql: &str) -> String {
        sql.replace("{chosen}", self.from).replace("{key}", self.key)
    }

    fn parameters(&self) -> Vec<(&str, &dyn ToSql)> {
        self.keys.iter().map(|keys| (":keys", keys as &dyn ToSql)).collect()
    }
}

/// Invoices with their facts, in the order of their keys, and the clients and contracts that they name.
pub struct Facts {
    pub keys: Vec<i64>,
    pub invoices: Vec<InvoiceFacts>,
    pub clients: Vec<Client>,
    pub contracts: Vec<ContractOf>,
    /// Where each invoice's contract stands among the contracts.
    contract_at: Vec<Option<usize>>,
}

impl Facts {
    /// Each invoice, and its contract unless it is under none.
    pub fn pairs(&self) -> impl Iterator<Item = (&InvoiceFacts, Option<&ContractOf>)> {
        let contract = |at: &Option<usize>| at.map(|at| &self.contracts[at]);
        self.invoices.iter().zip(self.contract_at.iter().map(contract))
    }

    fn into_pairs(self) -> Vec<FactsOf> {
        let contract = |at: Option<usize>| at.map(|at| self.contracts[at].clone());
        self.invoices.into_iter().zip(self.contract_at.into_iter().map(contract)).collect()
    }
}

/// Reads the chosen invoices.
pub fn read(connection: &Connection, chosen: &Chosen, currency: Currency) -> rusqlite::Result<Facts> {
    let Found { rows, mut invoices } = invoices(connection, chosen, currency)?;
    let clients = clients(connection, &sorted(rows.iter().map(|row| row.client)))?;
    let contracts = contracts(connection, &sorted(rows.iter().filter_map(|row| row.contract)), &clients, currency)?;
    let contract_at: Vec<Option<usize>> =
        rows.iter().map(|row| row.contract.map(|key| contracts.find(key)).transpose()).collect::<Result<_, _>>()?;
    for ((row, facts), at) in rows.iter().zip(&mut invoices).zip(&contract_at) {
        facts.invoice.client = clients.at(row.client)?.id.clone();
        facts.invoice.contract = at.map(|at| contracts.rows[at].contract.id.clone());
    }
    let keys = rows.into_iter().map(|row| row.key).collect();
    Ok(Facts { keys, invoices, clients: clients.rows, contracts: contracts.rows, contract_at })
}

/// The contracts with these keys, which ascend, whose clients are among `of_clients`, which ascend too.
pub fn contracts_of(
    connection: &Connection,
    keys: &[i64],
    of_clients: &[i64],
    currency: Currency,
) -> rusqlite::Result<Vec<ContractOf>> {
    Ok(contracts(connection, keys, &clients(connection, of_clients)?, currency)?.rows)
}

/// These contracts and their clients, both in the order of their keys.
pub fn contracts_and_clients(
    connection: &Connection,
    keys: &[i64],
    of_clients: &[i64],
    currency: Currency,
) -> rusqlite::Result<(Vec<ContractOf>, Vec<Client>)> {
    let clients = clients(connection, of_clients)?;
    Ok((contracts(connection, keys, &clients, currency)?.rows, clients.rows))
}

/// Invoices with their facts, side by side, in the order of their keys.
struct Found {
    rows: Vec<InvoiceRow>,
    /// Their clients and contracts are still to be filled in.
    invoices: Vec<InvoiceFacts>,
}

struct InvoiceRow {
    key: i64,
    client: i64,
    contract: Option<i64>,
}

fn invoices(connection: &Connection, chosen: &Chosen, currency: Currency) -> rusqlite::Result<Found> {
    const LINES: &str = "
        SELECT invoice_line.invoice, invoice_line.kind, invoice_line.description, invoice_line.amount_minor
        FROM {chosen}
        CROSS JOIN invoice_line ON invoice_line.invoice = {key}
        ORDER BY chosen.rowid, invoice_line.position";
    const SETTLED: &str = "
        SELECT settled.invoice, settled.amount_minor
        FROM {chosen}
        CROSS JOIN settled ON settled.invoice = {key}
        ORDER BY chosen.rowid";
    let mut found = bare_invoices(connection, chosen, currency)?;
    merge(connection, LINES, chosen, &mut found, |facts, row| {
        push(&mut facts.invoice.lines, line(row, 1, currency)?);
        Ok(())
    })?;
    merge(connection, &dated("payment", "received_on"), chosen, &mut found, |facts, row| {
        let (id, received_on, amount) = dated_row(row, currency)?;
        let invoice = facts.invoice.id.clone();
        push(&mut facts.payments, Payment { id: Id::new(id), invoice, received_on, amount });
        Ok(())
    })?;
    merge(connection, &dated("refund", "refunded_on"), chosen, &mut found, |facts, row| {
        let (id, refunded_on, amount) = dated_row(row, currency)?;
        let invoice = facts.invoice.id.clone();
        facts.refunds.push(Refund { id: Id::new(id), invoice, refunded_on, amount });
        Ok(())
    })?;
    merge(connection, &dated("remittance", "received_on"), chosen, &mut found, |facts, row| {
        let (id, received_on, amount) = dated_row(row, currency)?;
        let invoice = facts.invoice.id.clone();
        facts.remittances.push(Remittance { id: Id::new(id), invoice, received_on, amount });
        Ok(())
    })?;
    merge_credit_notes(connection, chosen, &mut found, currency)?;
    merge(connection, SETTLED, chosen, &mut found, |facts, row| {
        facts.settled += money(row, 1, currency)?;
        Ok(())
    })?;
    Ok(found)
}

/// The invoices themselves, without what belongs to them.
fn bare_invoices(connection: &Connection, chosen: &Chosen, currency: Currency) -> rusqlite::Result<Found> {
    const COUNT: &str = "SELECT count(*) FROM {chosen} ORDER BY 1";
    const INVOICES: &str = "
        SELECT
            invoice.key, invoice.id, invoice.number, invoice.client, invoice.contract, invoice.issued_on,
            invoice.due_on, invoice.period_start, invoice.period_end, invoice.tax_minor, invoice.void_reason
        FROM {chosen}
        CROSS JOIN invoice ON invoice.key = {key}
        WHERE :issued_by IS NULL OR invoice.issued_on <= :issued_by
        ORDER BY chosen.rowid";
    let mut statement = connection.prepare_cached(&chosen.sql(COUNT))?;
    let count: u32 = statement.query_row(chosen.parameters().as_slice(), |row| row.get(0))?;
    let count = count as usize;
    let mut open = Found { rows: Vec::with_capacity(count), invoices: Vec::with_capacity(count) };
    let issued_by = chosen.issued_by.map(|day| day.to_string());
    let mut parameters = chosen.parameters();
    parameters.push((":issued_by", &issued_by));
    let mut statement = connection.prepare_cached(&chosen.sql(INVOICES))?;
    let mut found = statement.query(parameters.as_slice())?;
    while let Some(row) = found.next()? {
        open.rows.push(InvoiceRow { key: row.get(0)?, client: row.get(3)?, contract: row.get(4)? });
        open.invoices.push(facts(row, currency)?);
    }
    Ok(open)
}

fn facts(row: &Row<'_>, currency: Currency) -> rusqlite::Result<InvoiceFacts> {
    Ok(InvoiceFacts {
        invoice: Invoice {
            id: Id::new(row.get_ref(1)?.as_str()?),
            number: row.get(2)?,
            client: Id::new(""),
            contract: None,
            issued_on: day(row, 5)?,
            due_on: day(row, 6)?,
            period_start: day(row, 7)?,
            period_end: day(row, 8)?,
            lines: Vec::new(),
            tax: money(row, 9, currency)?,
        },
        payments: Vec::new(),
        refunds: Vec::new(),
        credit_notes: Vec::new(),
        remittances: Vec::new(),
        settled: currency.zero(),
        voided: row.get(10)?,
    })
}

/// Most lists have one entry, and there are hundreds of thousands of them: the first takes no room for three more.
fn push<T>(list: &mut Vec<T>, entry: T) {
    if list.is_empty() {
        list.reserve_exact(1);
    }
    list.push(entry);
}

/// The query for a table of dated amounts of the chosen invoices.
fn dated(table: &str, on: &str) -> String {
    format!(
        "SELECT record.invoice, record.id, record.{on}, record.amount_minor
        FROM {{chosen}}
        CROSS JOIN {table} AS record ON record.invoice = {{key}}
        WHERE record.voided_at IS NULL
        ORDER BY chosen.rowid, record.key"
    )
}

fn dated_row<'a>(row: &'a Row<'_>, currency: Currency) -> rusqlite::Result<(&'a str, Day, Money)> {
    Ok((row.get_ref(1)?.as_str()?, day(row, 2)?, money(row, 3, currency)?))
}

fn merge_credit_notes(
    connection: &Connection,
    chosen: &Chosen,
    found: &mut Found,
    currency: Currency,
) -> rusqlite::Result<()> {
    const CREDIT_NOTES: &str = "
        SELECT
            record.invoice, record.id, record.issued_on,
            credit_note_line.kind, credit_note_line.description, credit_note_line.amount_minor
        FROM {chosen}
        CROSS JOIN credit_note AS record ON record.invoice = {key}
        LEFT JOIN credit_note_line ON credit_note_line.credit_note = record.key
        WHERE record.voided_at IS NULL
        ORDER BY chosen.rowid, record.key, credit_note_line.position";
    merge(connection, CREDIT_NOTES, chosen, found, |facts, row| {
        let id = row.get_ref(1)?.as_str()?;
        let notes = &mut facts.credit_notes;
        if notes.last().is_none_or(|note| note.id.as_str() != id) {
            let invoice = facts.invoice.id.clone();
            notes.push(CreditNote { id: Id::new(id), invoice, issued_on: day(row, 2)?, lines: Vec::new() });
        }
        let line = optional(row, 3, |row, at| line(row, at, currency))?;
        if let Some(note) = notes.last_mut() {
            note.lines.extend(line);
        }
        Ok(())
    })
}

/// Runs a query whose first column is an invoice, in the order of the invoices, beside `found` in the same order. What
/// belongs to an invoice that is not among them (issued later) is passed over.
fn merge(
    connection: &Connection,
    sql: &str,
    chosen: &Chosen,
    found: &mut Found,
    mut take: impl FnMut(&mut InvoiceFacts, &Row<'_>) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(&chosen.sql(sql))?;
    let mut rows = statement.query(chosen.parameters().as_slice())?;
    let mut at = 0;
    while let Some(row) = rows.next()? {
        let invoice: i64 = row.get(0)?;
        while found.rows.get(at).is_some_and(|found| found.key < invoice) {
            at += 1;
        }
        if found.rows.get(at).is_some_and(|found| found.key == invoice) {
            take(&mut found.invoices[at], row)?;
        }
    }
    Ok(())
}

/// Rows in the order of their keys: searched, not hashed, for there may be a hundred thousand.
struct ByKey<T> {
    keys: Vec<i64>,
    rows: Vec<T>,
}

impl<T> ByKey<T> {
    fn with_capacity(count: usize) -> Self {
        Self { keys: Vec::with_capacity(count), rows: Vec::with_capacity(count) }
    }

    fn push(&mut self, key: i64, row: T) {
        self.keys.push(key);
        self.rows.push(row);
    }

    /// The book's foreign keys promise that it is there.
    fn find(&self, key: i64) -> rusqlite::Result<usize> {
        self.keys.binary_search(&key).map_err(|_| rusqlite::Error::QueryReturnedNoRows)
    }

    fn at(&self, key: i64) -> rusqlite::Result<&T> {
        Ok(&self.rows[self.find(key)?])
    }

    fn at_mut(&mut self, key: i64) -> rusqlite::Result<&mut T> {
        let at = self.find(key)?;
        Ok(&mut self.rows[at])
    }
}

/// The clients with these keys, which ascend.
fn clients(connection: &Connection, keys: &[i64]) -> rusqlite::Result<ByKey<Client>> {
    const CLIENTS: &str = "
        SELECT client.key, client.id, client.name, client.domains, client.customer_since
        FROM rarray(:keys) AS wanted
        CROSS JOIN client ON client.key = wanted.value
        ORDER BY wanted.rowid";
    let mut clients = ByKey::with_capacity(keys.len());
    let mut statement = connection.prepare_cached(CLIENTS)?;
    let mut found = statement.query(named_params! { ":keys": array(keys) })?;
    while let Some(row) = found.next()? {
        let client = Client {
            id: Id::new(row.get_ref(1)?.as_str()?),
            name: row.get(2)?,
            domains: texts(row, 3)?,
            customer_since: optional(row, 4, day)?,
        };
        clients.push(row.get(0)?, client);
    }
    Ok(clients)
}

/// The contracts with these keys, which ascend; `clients` has theirs.
fn contracts(
    connection: &Connection,
    keys: &[i64],
    clients: &ByKey<Client>,
    currency: Currency,
) -> rusqlite::Result<ByKey<ContractOf>> {
    const CONTRACTS: &str = "
        SELECT
            contract.key, contract.id, contract.signed_on, contract.starts_on, contract.term_months,
            contract.ended_on, contract.rate_bp, contract.billed_by, contract.void_reason,
            referral.id, referral.affiliate, referral.client, referral.registered_on
        FROM rarray(:keys) AS wanted
        CROSS JOIN contract ON contract.key = wanted.value
        CROSS JOIN referral ON referral.key = contract.referral
        ORDER BY wanted.rowid";
    const CHANGES: &str = "
        SELECT contract_change.contract, contract_change.effective_on
        FROM rarray(:keys) AS wanted
        CROSS JOIN contract_change ON contract_change.contract = wanted.value
        ORDER BY wanted.rowid, contract_change.change";
    const LINES: &str = "
        SELECT
            contract_line.contract, contract_line.kind, contract_line.description, contract_line.amount_minor,
            contract_line.change
        FROM rarray(:keys) AS wanted
        CROSS JOIN contract_line ON contract_line.contract = wanted.value
        ORDER BY wanted.rowid, contract_line.change, contract_line.position";
    let affiliates = affiliate_ids(connection)?;
    let mut contracts = ByKey::with_capacity(keys.len());
    let keys = array(keys);
    let mut statement = connection.prepare_cached(CONTRACTS)?;
    let mut found = statement.query(named_params! { ":keys": keys })?;
    while let Some(row) = found.next()? {
        contracts.push(row.get(0)?, contract_of(row, &affiliates, clients)?);
    }
    let mut statement = connection.prepare_cached(CHANGES)?;
    let mut found = statement.query(named_params! { ":keys": keys })?;
    while let Some(row) = found.next()? {
        let of = contracts.at_mut(row.get(0)?)?;
        of.contract.changes.push(Change { effective_on: day(row, 1)?, lines: Vec::new() });
    }
    let mut statement = connection.prepare_cached(LINES)?;
    let mut found = statement.query(named_params! { ":keys": keys })?;
    while let Some(row) = found.next()? {
        let of = contracts.at_mut(row.get(0)?)?;
        push(lines_of(&mut of.contract, row.get(4)?), line(row, 1, currency)?);
    }
    Ok(contracts)
}

fn affiliate_ids(connection: &Connection) -> rusqlite::Result<ByKey<Id<Affiliate>>> {
    let mut statement = connection.prepare_cached("SELECT key, id FROM affiliate ORDER BY key")?;
    let mut found = statement.query([])?;
    let mut ids = ByKey::with_capacity(0);
    while let Some(row) = found.next()? {
        ids.push(row.get(0)?, Id::new(row.get_ref(1)?.as_str()?));
    }
    Ok(ids)
}

fn contract_of(
    row: &Row<'_>,
    affiliates: &ByKey<Id<Affiliate>>,
    clients: &ByKey<Client>,
) -> rusqlite::Result<ContractOf> {
    let referral = Referral {
        id: Id::new(row.get_ref(9)?.as_str()?),
        affiliate: affiliates.at(row.get(10)?)?.clone(),
        client: clients.at(row.get(11)?)?.id.clone(),
        registered_on: day(row, 12)?,
    };
    let contract = Contract {
        id: Id::new(row.get_ref(1)?.as_str()?),
        referral: referral.id.clone(),
        signed_on: day(row, 2)?,
        starts_on: day(row, 3)?,
        term_months: row.get(4)?,
        ended_on: optional(row, 5, day)?,
        rate: rate(row, 6)?,
        billed_by: serde_word(row, 7)?,
        lines: Vec::new(),
        changes: Vec::new(),
    };
    Ok(ContractOf { referral, contract, voided: row.get(8)? })
}

/// The lines of change number `change`; 0 is what was signed.
fn lines_of(contract: &mut Contract, change: u32) -> &mut Vec<Line> {
    match change.checked_sub(1).map(|at| at as usize) {
        Some(at) if at < contract.changes.len() => &mut contract.changes[at].lines,
        _ => &mut contract.lines,
    }
}

fn sorted(keys: impl Iterator<Item = i64>) -> Vec<i64> {
    let mut keys: Vec<i64> = keys.collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}
