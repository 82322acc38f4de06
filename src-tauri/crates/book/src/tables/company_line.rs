//! What the company says that it paid an affiliate for a month: kept beside the statements, and compared with them.

use rules::affiliate::Affiliate;
use rules::id::Id;
use rules::money::{Currency, Money};
use rules::month::Month;
use rusqlite::{Connection, Row, named_params};
use serde::{Deserialize, Serialize};

use super::{money, month};

/// One line of the company's statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanyPaid {
    /// The invoice's number.
    pub number: String,
    pub client: String,
    pub amount: Money,
}

pub fn read(
    connection: &Connection,
    affiliate: &Id<Affiliate>,
    month: Month,
    currency: Currency,
) -> rusqlite::Result<Vec<CompanyPaid>> {
    const SELECT: &str = "
        SELECT company_line.number, company_line.client, company_line.amount_minor
        FROM company_line
        JOIN affiliate ON affiliate.key = company_line.affiliate
        WHERE affiliate.id = :affiliate AND company_line.month = :month
        ORDER BY company_line.position";
    let mut statement = connection.prepare_cached(SELECT)?;
    let line =
        |row: &Row<'_>| Ok(CompanyPaid { number: row.get(0)?, client: row.get(1)?, amount: money(row, 2, currency)? });
    statement
        .query_map(named_params! { ":affiliate": affiliate.as_str(), ":month": month.to_string() }, line)?
        .collect()
}

/// Of which live affiliates' months something is kept, by month.
pub fn months(connection: &Connection) -> rusqlite::Result<Vec<(Id<Affiliate>, Month)>> {
    const MONTHS: &str = "
        SELECT DISTINCT affiliate.id, company_line.month
        FROM company_line
        JOIN affiliate ON affiliate.key = company_line.affiliate
        WHERE affiliate.voided_at IS NULL
        ORDER BY company_line.month, affiliate.id";
    let of = |row: &Row<'_>| Ok((Id::new(row.get_ref(0)?.as_str()?), month(row, 1)?));
    connection.prepare_cached(MONTHS)?.query_map([], of)?.collect()
}

/// All that is kept, by the affiliate's id and the month.
pub fn all(connection: &Connection, currency: Currency) -> rusqlite::Result<Vec<(String, Month, Vec<CompanyPaid>)>> {
    const KEPT: &str = "
        SELECT DISTINCT affiliate.id, company_line.month
        FROM company_line
        JOIN affiliate ON affiliate.key = company_line.affiliate
        ORDER BY affiliate.id, company_line.month";
    let of = |row: &Row<'_>| Ok((row.get(0)?, month(row, 1)?));
    let kept: Vec<(String, Month)> = connection.prepare_cached(KEPT)?.query_map([], of)?.collect::<Result<_, _>>()?;
    let with_lines = |(affiliate, month): (String, Month)| {
        let lines = read(connection, &Id::new(affiliate.as_str()), month, currency)?;
        Ok((affiliate, month, lines))
    };
    kept.into_iter().map(with_lines).collect()
}

pub fn put(
    connection: &Connection,
    affiliate: &Id<Affiliate>,
    month: Month,
    lines: &[CompanyPaid],
) -> rusqlite::Result<()> {
    const CLEAR: &str = "
        DELETE FROM company_line
        WHERE affiliate = (SELECT key FROM affiliate WHERE id = :affiliate) AND month = :month";
    const PUT: &str = "
        INSERT INTO company_line (affiliate, month, position, number, client, amount_minor)
        VALUES ((SELECT key FROM affiliate WHERE id = :affiliate), :month, :position, :number, :client, :amount_minor)";
    let (affiliate, month) = (affiliate.as_str(), month.to_string());
    connection.prepare_cached(CLEAR)?.execute(named_params! { ":affiliate": affiliate, ":month": month })?;
    let mut statement = connection.prepare_cached(PUT)?;
    for (position, line) in (0_i64..).zip(lines) {
        statement.execute(named_params! {
            ":affiliate": affiliate,
            ":month": month,
            ":position": position,
            ":number": line.number,
            ":client": line.client,
            ":amount_minor": line.amount.minor(),
        })?;
    }
    Ok(())
}
