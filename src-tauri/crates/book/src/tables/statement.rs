//! Sealed statements: stored as they were closed, never changed, never deleted.

use std::collections::{HashMap, HashSet};

use rules::affiliate::Affiliate;
use rules::client::Client;
use rules::id::Id;
use rules::invoice::Invoice;
use rules::money::{Currency, Money};
use rules::month::Month;
use rules::statement::{Statement, YearToDate};
use rusqlite::vtab::array::Array;
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::{money, month};

/// A sealed document, as `statement` keeps it.
#[derive(Clone, Debug)]
pub struct SealedRow {
    pub affiliate: Id<Affiliate>,
    pub month: Month,
    pub number: String,
    pub sha256: [u8; 32],
    pub previous: Option<[u8; 32]>,
    pub mac: [u8; 32],
    /// Still compressed.
    pub document: Vec<u8>,
    pub closed_at: String,
    /// Whether its month was reopened since.
    pub superseded: bool,
    /// What the book takes its own sums from; `verify` compares them with the document.
    pub totals: Totals,
}

impl SealedRow {
    pub fn sha256_hex(&self) -> String {
        hex::encode(self.sha256)
    }
}

/// A statement's totals in the currency's minor unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Totals {
    pub payable_minor: i64,
    pub reversed_minor: i64,
    pub retained_minor: i64,
    pub held_minor: i64,
    pub adjusted_minor: i64,
    pub payout_minor: i64,
    pub carried_forward_minor: i64,
}

impl From<&Statement> for Totals {
    fn from(statement: &Statement) -> Self {
        Self {
            payable_minor: statement.payable.minor(),
            reversed_minor: statement.reversed.minor(),
            retained_minor: statement.retained.minor(),
            held_minor: statement.held.minor(),
            adjusted_minor: statement.adjusted.minor(),
            payout_minor: statement.payout.minor(),
            carried_forward_minor: statement.carried_forward.minor(),
        }
    }
}

/// What the next statement of an affiliate takes over from the newest one.
#[derive(Clone, Copy, Debug)]
pub struct Before {
    pub sha256: Option<[u8; 32]>,
    pub brought_forward: Money,
    pub year: YearToDate,
}

pub struct New<'a> {
    pub closing: i64,
    pub number: &'a str,
    pub sha256: &'a [u8; 32],
    pub previous: Option<&'a [u8; 32]>,
    pub mac: &'a [u8; 32],
    pub document: &'a [u8],
    pub statement: &'a Statement,
}

pub fn insert(connection: &Connection, new: &New<'_>) -> rusqlite::Result<()> {
    const INSERT: &str = "
        INSERT INTO statement
            (closing, affiliate, number, sha256, previous, mac, payable_minor, reversed_minor, retained_minor,
             held_minor, adjusted_minor, payout_minor, carried_forward_minor, document)
        VALUES
            (:closing, (SELECT key FROM affiliate WHERE id = :affiliate), :number, :sha256, :previous, :mac,
             :payable_minor, :reversed_minor, :retained_minor, :held_minor, :adjusted_minor, :payout_minor,
             :carried_forward_minor, :document)";
    let totals = Totals::from(new.statement);
    connection.prepare_cached(INSERT)?.execute(named_params! {
        ":closing": new.closing,
        ":affiliate": new.statement.affiliate.as_str(),
        ":number": new.number,
        ":sha256": new.sha256,
        ":previous": new.previous,
        ":mac": new.mac,
        ":payable_minor": totals.payable_minor,
        ":reversed_minor": totals.reversed_minor,
        ":retained_minor": totals.retained_minor,
        ":held_minor": totals.held_minor,
        ":adjusted_minor": totals.adjusted_minor,
        ":payout_minor": totals.payout_minor,
        ":carried_forward_minor": totals.carried_forward_minor,
        ":document": new.document,
    })?;
    Ok(())
}

/// A closed month's sums over all affiliates.
#[derive(Clone, Copy, Debug)]
pub struct MonthSums {
    pub month: Month,
    pub payable: Money,
    pub retained: Money,
    pub held: Money,
}

/// The sums of the closed months from `from` on, oldest first.
pub fn sums_since(connection: &Connection, from: Month, currency: Currency) -> rusqlite::Result<Vec<MonthSums>> {
    const SUMS: &str = "
        SELECT
            closing.month,
            coalesce(sum(statement.payable_minor), 0),
            coalesce(sum(statement.retained_minor), 0),
            coalesce(sum(statement.held_minor), 0)
        FROM closing
        LEFT JOIN statement ON statement.closing = closing.key
        WHERE closing.month >= :from AND closing.reopened_at IS NULL
        GROUP BY closing.key
        ORDER BY closing.month";
    let sums = |row: &Row<'_>| {
        Ok(MonthSums {
            month: month(row, 0)?,
            payable: money(row, 1, currency)?,
            retained: money(row, 2, currency)?,
            held: money(row, 3, currency)?,
        })
    };
    connection.prepare_cached(SUMS)?.query_map(named_params! { ":from": from.to_string() }, sums)?.collect()
}

/// What an affiliate's statement of `month` takes over: the balance, the seal to stand on, the sums of the same
/// calendar year. Nothing before its first statement.
pub fn before(connection: &Connection, affiliate: i64, month: Month, currency: Currency) -> rusqlite::Result<Before> {
    const NEWEST: &str = "
        SELECT sha256, carried_forward_minor
        FROM statement
        WHERE affiliate = :affiliate
            AND closing = (SELECT key FROM closing WHERE month = :month AND reopened_at IS NULL)";
    // By closing and not by a join, so that the cost does not grow with the years.
    const YEAR: &str = "
        SELECT sum(payable_minor), sum(reversed_minor), sum(retained_minor), sum(adjusted_minor), sum(payout_minor)
        FROM statement
        WHERE affiliate = :affiliate
            AND closing IN (
                SELECT key FROM closing WHERE month >= :january AND month < :month AND reopened_at IS NULL)
        ORDER BY 1";
    let newest = connection
        .prepare_cached(NEWEST)?
        .query_row(named_params! { ":affiliate": affiliate, ":month": month.previous().to_string() }, |row| {
            Ok((row.get::<_, [u8; 32]>(0)?, money(row, 1, currency)?))
        })
        .optional()?;
    let january = format!("{:04}-01", month.year());
    let year = connection.prepare_cached(YEAR)?.query_row(
        named_params! { ":affiliate": affiliate, ":january": january, ":month": month.to_string() },
        |row| year(row, currency),
    )?;
    Ok(Before {
        sha256: newest.map(|(sha256, _)| sha256),
        brought_forward: newest.map_or(currency.zero(), |(_, carried)| carried),
        year,
    })
}

fn year(row: &Row<'_>, currency: Currency) -> rusqlite::Result<YearToDate> {
    let amount =
        |at| Ok::<_, rusqlite::Error>(Money::from_minor(row.get::<_, Option<i64>>(at)?.unwrap_or(0), currency));
    Ok(YearToDate {
        payable: amount(0)?,
        reversed: amount(1)?,
        retained: amount(2)?,
        adjusted: amount(3)?,
        payout: amount(4)?,
    })
}

/// The sums of a calendar year's closed statements of these affiliates; of those that have one.
pub fn years(
    connection: &Connection,
    affiliates: &Array,
    year_of: i32,
    currency: Currency,
) -> rusqlite::Result<HashMap<Id<Affiliate>, YearToDate>> {
    const YEARS: &str = "
        SELECT
            sum(statement.payable_minor), sum(statement.reversed_minor), sum(statement.retained_minor),
            sum(statement.adjusted_minor), sum(statement.payout_minor), affiliate.id
        FROM rarray(:affiliates) AS wanted
        CROSS JOIN affiliate ON affiliate.id = wanted.value
        CROSS JOIN statement ON statement.affiliate = affiliate.key
        WHERE statement.closing IN (
            SELECT key FROM closing WHERE month >= :january AND month <= :december AND reopened_at IS NULL)
        GROUP BY affiliate.key
        ORDER BY affiliate.key";
    let (january, december) = (format!("{year_of:04}-01"), format!("{year_of:04}-12"));
    let parameters = named_params! { ":affiliates": affiliates, ":january": january, ":december": december };
    let mut statement = connection.prepare_cached(YEARS)?;
    let found =
        statement.query_map(parameters, |row| Ok((Id::new(row.get_ref(5)?.as_str()?), year(row, currency)?)))?;
    found.collect()
}

/// What a closed month paid out to an affiliate, and carried.
#[derive(Clone, Copy, Debug)]
pub struct Payout {
    pub month: Month,
    pub payable: Money,
    pub payout: Money,
    pub carried_forward: Money,
}

/// An affiliate's closed months, newest first.
pub fn payouts(connection: &Connection, affiliate: &str, currency: Currency) -> rusqlite::Result<Vec<Payout>> {
    const PAYOUTS: &str = "
        SELECT closing.month, statement.payable_minor, statement.payout_minor, statement.carried_forward_minor
        FROM affiliate
        CROSS JOIN statement ON statement.affiliate = affiliate.key
        JOIN closing ON closing.key = statement.closing
        WHERE affiliate.id = :affiliate AND closing.reopened_at IS NULL
        ORDER BY closing.month DESC";
    let payout = |row: &Row<'_>| {
        Ok(Payout {
            month: month(row, 0)?,
            payable: money(row, 1, currency)?,
            payout: money(row, 2, currency)?,
            carried_forward: money(row, 3, currency)?,
        })
    };
    connection.prepare_cached(PAYOUTS)?.query_map(named_params! { ":affiliate": affiliate }, payout)?.collect()
}

const SELECT: &str = "
    SELECT
        affiliate.id, closing.month, statement.number, statement.sha256, statement.previous, statement.mac,
        closing.closed_at, closing.reopened_at IS NOT NULL, statement.document,
        statement.payable_minor, statement.reversed_minor, statement.retained_minor, statement.held_minor,
        statement.adjusted_minor, statement.payout_minor, statement.carried_forward_minor
    FROM statement
    JOIN closing ON closing.key = statement.closing
    JOIN affiliate ON affiliate.key = statement.affiliate";

/// A closed month's statements, by affiliate.
pub fn of_month(connection: &Connection, closing: i64) -> rusqlite::Result<Vec<SealedRow>> {
    let sql = format!("{SELECT} WHERE statement.closing = :closing ORDER BY affiliate.id");
    connection.prepare_cached(&sql)?.query_map(named_params! { ":closing": closing }, sealed_row)?.collect()
}

/// One affiliate's statement of a closed month.
pub fn one(connection: &Connection, closing: i64, affiliate: &str) -> rusqlite::Result<Option<SealedRow>> {
    let sql = format!("{SELECT} WHERE statement.closing = :closing AND affiliate.id = :affiliate");
    let parameters = named_params! { ":closing": closing, ":affiliate": affiliate };
    connection.prepare_cached(&sql)?.query_row(parameters, sealed_row).optional()
}

/// Every sealed statement, those of reopened months too, in the order in which they were sealed.
pub fn for_each<E: From<rusqlite::Error>>(
    connection: &Connection,
    mut visit: impl FnMut(SealedRow) -> Result<(), E>,
) -> Result<(), E> {
    let sql = format!("{SELECT} ORDER BY statement.key");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        visit(sealed_row(row)?)?;
    }
    Ok(())
}

/// The number of a statement that the journal says was sealed and that is not there like this, or the other way round.
pub fn first_unjournalled(connection: &Connection) -> rusqlite::Result<Option<String>> {
    const DIFFERENT: &str = "
        SELECT coalesce(entry.id, statement.number)
        FROM (SELECT id, after FROM journal WHERE action = 'seal' AND record = 'statement') AS entry
        FULL JOIN (
            SELECT statement.number, statement.sha256
            FROM statement
            JOIN closing ON closing.key = statement.closing
            JOIN affiliate ON affiliate.key = statement.affiliate
        ) AS statement ON statement.number = entry.id
        WHERE entry.after IS NOT '\"' || lower(hex(statement.sha256)) || '\"'
        ORDER BY 1
        LIMIT 1";
    connection.prepare_cached(DIFFERENT)?.query_row([], |row| row.get(0)).optional()
}

/// The first closed month of which another sum is settled than its statements come to.
pub fn first_settled_otherwise(connection: &Connection) -> rusqlite::Result<Option<String>> {
    const DIFFERENT: &str = "
        SELECT closing.month
        FROM closing
        LEFT JOIN (
            SELECT closing, sum(payable_minor + reversed_minor + retained_minor) AS minor FROM statement GROUP BY closing
        ) AS sealed ON sealed.closing = closing.key
        LEFT JOIN (
            SELECT closing, sum(amount_minor) AS minor FROM settled GROUP BY closing
        ) AS settled ON settled.closing = closing.key
        WHERE closing.reopened_at IS NULL AND coalesce(sealed.minor, 0) <> coalesce(settled.minor, 0)
        ORDER BY closing.month
        LIMIT 1";
    connection.prepare_cached(DIFFERENT)?.query_row([], |row| row.get(0)).optional()
}

/// The months of the closed statements with a line for this invoice that paid, kept or took back, oldest first.
pub fn months_settling(connection: &Connection, invoice: &str) -> rusqlite::Result<Vec<Month>> {
    const MONTHS: &str = "
        SELECT closing.month
        FROM settled
        JOIN closing ON closing.key = settled.closing
        JOIN invoice ON invoice.key = settled.invoice
        WHERE invoice.id = :invoice
        ORDER BY closing.month";
    let mut statement = connection.prepare_cached(MONTHS)?;
    statement.query_map(named_params! { ":invoice": invoice }, |row| month(row, 0))?.collect()
}

/// Which of `clients` a closed month before `month` paid, kept or took back something for: of all affiliates' referrals,
/// or of one's.
pub fn clients_settled_before(
    connection: &Connection,
    month: Month,
    affiliate: Option<&str>,
    clients: &Array,
) -> rusqlite::Result<HashSet<Id<Client>>> {
    const CLIENTS: &str = "
        SELECT DISTINCT client.id
        FROM client
        CROSS JOIN referral ON referral.client = client.key
        CROSS JOIN affiliate ON affiliate.key = referral.affiliate
        CROSS JOIN contract ON contract.referral = referral.key
        CROSS JOIN invoice ON invoice.contract = contract.key
        CROSS JOIN settled ON settled.invoice = invoice.key
        CROSS JOIN closing ON closing.key = settled.closing
        WHERE client.id IN (SELECT value FROM rarray(:clients))
            AND closing.month < :month
            AND (:affiliate IS NULL OR affiliate.id = :affiliate)
        ORDER BY client.id";
    let parameters = named_params! { ":clients": clients, ":month": month.to_string(), ":affiliate": affiliate };
    let mut statement = connection.prepare_cached(CLIENTS)?;
    statement.query_map(parameters, |row| Ok(Id::new(row.get_ref(0)?.as_str()?)))?.collect()
}

/// What each closed month settled by invoice, in minor units.
pub fn settled(connection: &Connection) -> rusqlite::Result<HashMap<(Month, Id<Invoice>), i64>> {
    const SETTLED: &str = "
        SELECT closing.month, invoice.id, settled.amount_minor
        FROM settled
        JOIN closing ON closing.key = settled.closing AND closing.reopened_at IS NULL
        JOIN invoice ON invoice.key = settled.invoice
        ORDER BY settled.invoice, settled.closing";
    let mut statement = connection.prepare_cached(SETTLED)?;
    let settled = |row: &Row<'_>| Ok(((month(row, 0)?, Id::new(row.get_ref(1)?.as_str()?)), row.get(2)?));
    statement.query_map([], settled)?.collect()
}

fn sealed_row(row: &Row<'_>) -> rusqlite::Result<SealedRow> {
    Ok(SealedRow {
        affiliate: Id::new(row.get_ref(0)?.as_str()?),
        month: month(row, 1)?,
        number: row.get(2)?,
        sha256: row.get(3)?,
        previous: row.get(4)?,
        mac: row.get(5)?,
        closed_at: row.get(6)?,
        superseded: row.get(7)?,
        document: row.get(8)?,
        totals: Totals {
            payable_minor: row.get(9)?,
            reversed_minor: row.get(10)?,
            retained_minor: row.get(11)?,
            held_minor: row.get(12)?,
            adjusted_minor: row.get(13)?,
            payout_minor: row.get(14)?,
            carried_forward_minor: row.get(15)?,
        },
    })
}
