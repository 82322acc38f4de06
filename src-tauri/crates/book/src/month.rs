//! What a month's statements are made from, read out of the book.
//!
//! Only the open invoices are read, so that the cost follows the month's activity and not the book's history. Each
//! table is read once, in the order of the invoices, and merged: no query per invoice.

use hashbrown::{HashMap, HashSet};
use rules::affiliate::{Adjustment, Affiliate};
use rules::client::Client;
use rules::contract::{Change, Contract};
use rules::day::Day;
use rules::id::Id;
use rules::inputs::{AffiliateFacts, MonthFacts, first_month};
use rules::invoice::{CreditNote, Invoice, InvoiceFacts, Line, Payment, Refund, Remittance};
use rules::money::{Currency, Money};
use rules::month::Month;
use rules::referral::Referral;
use rules::statement::ContractOf;
use rules::terms::Programme;
use rusqlite::{Connection, Row, named_params};

use crate::error::BookError;
use crate::tables::statement::{self, Before};
use crate::tables::{Table, array, day, line, money, month as month_column, optional, rate, serde_word, terms, texts};

/// A month of the book that is not closed.
#[derive(Debug)]
pub struct OpenMonth {
    pub facts: MonthFacts,
    /// The open invoices' keys in the book.
    pub keys: HashMap<Id<Invoice>, i64>,
    /// Invoices of which something is dated after the cutoff: they stay open whatever the month settles.
    pub later: HashSet<Id<Invoice>>,
    /// The seal that each affiliate's next statement stands on.
    pub previous: HashMap<Id<Affiliate>, Option<[u8; 32]>>,
}

/// Reads a month.
pub fn read(connection: &Connection, programme: Programme, month: Month) -> Result<OpenMonth, BookError> {
    let currency = programme.currency;
    let terms = terms::all(connection, currency)?;
    let OpenInvoices { rows, facts: mut invoices } = open_invoices(connection, month.cutoff(), currency)?;
    let clients = clients(connection, &rows)?;
    let contracts = contracts(connection, &rows, &clients, currency)?;
    let affiliates = affiliates(connection, month, currency)?;

    let mut keys = HashMap::with_capacity(rows.len());
    let mut later = HashSet::new();
    for (row, facts) in rows.iter().zip(&mut invoices) {
        facts.invoice.client = clients.at(row.client)?.id.clone();
        facts.invoice.contract = match row.contract {
            Some(key) => Some(contracts.at(key)?.contract.id.clone()),
            None => None,
        };
        keys.insert(facts.invoice.id.clone(), row.key);
        if facts.keep_up_to(month.cutoff()) {
            later.insert(facts.invoice.id.clone());
        }
    }
    Ok(OpenMonth {
        previous: affiliates.iter().map(|(facts, before)| (facts.affiliate.id.clone(), before.sha256)).collect(),
        facts: MonthFacts {
            month,
            programme,
            terms,
            affiliates: affiliates.into_iter().map(|(facts, _)| facts).collect(),
            clients: clients.rows,
            contracts: contracts.rows,
            invoices,
        },
        keys,
        later,
    })
}

/// The open invoices with their facts, side by side, in the order of their keys.
struct OpenInvoices {
    rows: Vec<OpenRow>,
    /// Their clients and contracts are still to be filled in.
    facts: Vec<InvoiceFacts>,
}

struct OpenRow {
    key: i64,
    client: i64,
    contract: Option<i64>,
}

fn open_invoices(connection: &Connection, cutoff: Day, currency: Currency) -> rusqlite::Result<OpenInvoices> {
    const COUNT: &str = "SELECT count(*) FROM open_invoice ORDER BY 1";
    const INVOICES: &str = "
        SELECT
            invoice.key, invoice.id, invoice.number, invoice.client, invoice.contract, invoice.issued_on,
            invoice.due_on, invoice.period_start, invoice.period_end, invoice.tax_minor, invoice.void_reason
        FROM open_invoice
        CROSS JOIN invoice ON invoice.key = open_invoice.invoice
        WHERE invoice.issued_on <= :cutoff
        ORDER BY open_invoice.invoice";
    const LINES: &str = "
        SELECT invoice_line.invoice, invoice_line.kind, invoice_line.description, invoice_line.amount_minor
        FROM open_invoice
        CROSS JOIN invoice_line ON invoice_line.invoice = open_invoice.invoice
        ORDER BY open_invoice.invoice, invoice_line.position";
    const SETTLED: &str = "
        SELECT settled.invoice, settled.amount_minor
        FROM open_invoice
        CROSS JOIN settled ON settled.invoice = open_invoice.invoice
        ORDER BY open_invoice.invoice";
    let count: u32 = connection.prepare_cached(COUNT)?.query_row([], |row| row.get(0))?;
    let count = count as usize;
    let mut open = OpenInvoices { rows: Vec::with_capacity(count), facts: Vec::with_capacity(count) };
    let mut statement = connection.prepare_cached(INVOICES)?;
    let mut found = statement.query(named_params! { ":cutoff": cutoff.to_string() })?;
    while let Some(row) = found.next()? {
        open.rows.push(OpenRow { key: row.get(0)?, client: row.get(3)?, contract: row.get(4)? });
        open.facts.push(facts(row, currency)?);
    }
    merge(connection, LINES, &mut open, |facts, row| {
        push(&mut facts.invoice.lines, line(row, 1, currency)?);
        Ok(())
    })?;
    merge(connection, &dated("payment", "received_on"), &mut open, |facts, row| {
        let (id, received_on, amount) = dated_row(row, currency)?;
        let invoice = facts.invoice.id.clone();
        push(&mut facts.payments, Payment { id: Id::new(id), invoice, received_on, amount });
        Ok(())
    })?;
    merge(connection, &dated("refund", "refunded_on"), &mut open, |facts, row| {
        let (id, refunded_on, amount) = dated_row(row, currency)?;
        let invoice = facts.invoice.id.clone();
        facts.refunds.push(Refund { id: Id::new(id), invoice, refunded_on, amount });
        Ok(())
    })?;
    merge(connection, &dated("remittance", "received_on"), &mut open, |facts, row| {
        let (id, received_on, amount) = dated_row(row, currency)?;
        let invoice = facts.invoice.id.clone();
        facts.remittances.push(Remittance { id: Id::new(id), invoice, received_on, amount });
        Ok(())
    })?;
    merge_credit_notes(connection, &mut open, currency)?;
    merge(connection, SETTLED, &mut open, |facts, row| {
        facts.settled += money(row, 1, currency)?;
        Ok(())
    })?;
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

/// The query for a table of dated amounts of the open invoices.
fn dated(table: &str, on: &str) -> String {
    format!(
        "SELECT record.invoice, record.id, record.{on}, record.amount_minor
        FROM open_invoice
        CROSS JOIN {table} AS record ON record.invoice = open_invoice.invoice
        WHERE record.voided_at IS NULL
        ORDER BY open_invoice.invoice, record.key"
    )
}

fn dated_row<'a>(row: &'a Row<'_>, currency: Currency) -> rusqlite::Result<(&'a str, Day, Money)> {
    Ok((row.get_ref(1)?.as_str()?, day(row, 2)?, money(row, 3, currency)?))
}

fn merge_credit_notes(connection: &Connection, open: &mut OpenInvoices, currency: Currency) -> rusqlite::Result<()> {
    const CREDIT_NOTES: &str = "
        SELECT
            record.invoice, record.id, record.issued_on,
            credit_note_line.kind, credit_note_line.description, credit_note_line.amount_minor
        FROM open_invoice
        CROSS JOIN credit_note AS record ON record.invoice = open_invoice.invoice
        LEFT JOIN credit_note_line ON credit_note_line.credit_note = record.key
        WHERE record.voided_at IS NULL
        ORDER BY open_invoice.invoice, record.key, credit_note_line.position";
    merge(connection, CREDIT_NOTES, open, |facts, row| {
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

/// Runs a query whose first column is an invoice, in the order of the invoices, beside `open` in the same order. What
/// belongs to an invoice that is not among them (issued later) is passed over.
fn merge(
    connection: &Connection,
    sql: &str,
    open: &mut OpenInvoices,
    mut take: impl FnMut(&mut InvoiceFacts, &Row<'_>) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut found = statement.query([])?;
    let mut at = 0;
    while let Some(row) = found.next()? {
        let invoice: i64 = row.get(0)?;
        while open.rows.get(at).is_some_and(|open| open.key < invoice) {
            at += 1;
        }
        if open.rows.get(at).is_some_and(|open| open.key == invoice) {
            take(&mut open.facts[at], row)?;
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

fn clients(connection: &Connection, rows: &[OpenRow]) -> rusqlite::Result<ByKey<Client>> {
    const CLIENTS: &str = "
        SELECT client.key, client.id, client.name, client.domains, client.customer_since
        FROM rarray(:keys) AS wanted
        CROSS JOIN client ON client.key = wanted.value
        ORDER BY wanted.rowid";
    let keys = sorted(rows.iter().map(|row| row.client));
    let mut clients = ByKey::with_capacity(keys.len());
    let mut statement = connection.prepare_cached(CLIENTS)?;
    let mut found = statement.query(named_params! { ":keys": array(&keys) })?;
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

/// The invoices' contracts, whose clients are the invoices'.
fn contracts(
    connection: &Connection,
    rows: &[OpenRow],
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
    let keys = sorted(rows.iter().filter_map(|row| row.contract));
    let mut contracts = ByKey::with_capacity(keys.len());
    let keys = array(&keys);
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

/// The affiliates that get a statement for the month.
fn affiliates(
    connection: &Connection,
    month: Month,
    currency: Currency,
) -> Result<Vec<(AffiliateFacts, Before)>, BookError> {
    let mut affiliates = Vec::new();
    for (key, affiliate) in with_statements(connection, month, currency)? {
        let before = statement::before(connection, key, month, currency)?;
        let facts = AffiliateFacts {
            adjustments: adjustments(connection, key, month, currency)?,
            brought_forward: before.brought_forward,
            year_before: before.year,
            affiliate,
        };
        affiliates.push((facts, before));
    }
    Ok(affiliates)
}

fn with_statements(
    connection: &Connection,
    month: Month,
    currency: Currency,
) -> rusqlite::Result<Vec<(i64, Affiliate)>> {
    const FIRSTS: &str = "
        SELECT
            (SELECT min(registered_on) FROM referral WHERE affiliate = :key AND voided_at IS NULL),
            (SELECT min(month) FROM adjustment WHERE affiliate = :key AND voided_at IS NULL)
        ORDER BY 1";
    let sql = format!("{} WHERE record.voided_at IS NULL ORDER BY record.id", Affiliate::SELECT);
    let mut statement = connection.prepare_cached(&sql)?;
    let affiliate = |row: &Row<'_>| Ok((row.get(0)?, Affiliate::read(row, connection, currency)?));
    let all: Vec<(i64, Affiliate)> = statement.query_map([], affiliate)?.collect::<Result<_, _>>()?;
    let mut firsts = connection.prepare_cached(FIRSTS)?;
    let mut with = Vec::with_capacity(all.len());
    for (key, affiliate) in all {
        let (referral, adjustment) = firsts.query_row(named_params! { ":key": key }, |row| {
            Ok((optional(row, 0, day)?, optional(row, 1, month_column)?))
        })?;
        if first_month(referral, adjustment).is_some_and(|first| first <= month) {
            with.push((key, affiliate));
        }
    }
    Ok(with)
}

fn adjustments(
    connection: &Connection,
    affiliate: i64,
    month: Month,
    currency: Currency,
) -> rusqlite::Result<Vec<Adjustment>> {
    let sql = format!(
        "{} WHERE record.affiliate = :affiliate AND record.month = :month AND record.voided_at IS NULL
        ORDER BY record.id",
        Adjustment::SELECT
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let parameters = named_params! { ":affiliate": affiliate, ":month": month.to_string() };
    statement.query_map(parameters, |row| Adjustment::read(row, connection, currency))?.collect()
}

fn sorted(keys: impl Iterator<Item = i64>) -> Vec<i64> {
    let mut keys: Vec<i64> = keys.collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}
