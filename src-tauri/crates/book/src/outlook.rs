//! What the months to come are forecast from: every open invoice with all that is recorded of it, and every contract
//! that goes on.

use std::collections::HashSet;

use chrono::NaiveDate;
use rules::affiliate::Affiliate;
use rules::day::Day;
use rules::inputs::{AffiliateFacts, MonthFacts};
use rules::month::Month;
use rules::statement::{ContractOf, YearToDate};
use rules::terms::Programme;
use rusqlite::{Connection, Row, named_params};

use crate::error::BookError;
use crate::facts::{self, Chosen, Facts, contracts_and_clients};
use crate::month::{OpenMonth, read as read_month};
use crate::tables::{all, day, optional};

/// Everything that is known of the months from one on.
#[derive(Debug)]
pub struct Outlook {
    /// Of the first of them; unlike a month's statement it has what is dated later, too.
    pub facts: MonthFacts,
    pub live: Vec<Live>,
}

/// A contract that has not ended by the first month, and how it was billed last.
#[derive(Debug)]
pub struct Live {
    pub of: ContractOf,
    /// The last day that was billed, if any was.
    pub billed_through: Option<Day>,
    /// From the last invoice's day to its due day.
    pub days_to_pay: Option<u32>,
}

/// Reads it, from the open month on.
pub fn read(connection: &Connection, programme: Programme, month: Month) -> Result<Outlook, BookError> {
    let currency = programme.currency;
    let OpenMonth { mut facts, .. } = read_month(connection, programme, month)?;
    let ever = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(NaiveDate::MAX);
    let Facts { invoices, clients, contracts, .. } = facts::read(connection, &Chosen::open(ever), currency)?;
    facts.invoices = invoices;
    facts.clients = clients;
    facts.contracts = contracts;

    let rows = rows(connection, month.first_day())?;
    let keys: Vec<i64> = rows.iter().map(|row| row.contract).collect();
    let mut of_clients: Vec<i64> = rows.iter().map(|row| row.client).collect();
    of_clients.sort_unstable();
    of_clients.dedup();
    let (contracts, clients) = contracts_and_clients(connection, &keys, &of_clients, currency)?;
    let there: HashSet<_> = facts.clients.iter().map(|client| client.id.clone()).collect();
    facts.clients.extend(clients.into_iter().filter(|client| !there.contains(&client.id)));
    let there: HashSet<_> = facts.contracts.iter().map(|of| of.contract.id.clone()).collect();
    facts.contracts.extend(contracts.iter().filter(|of| !there.contains(&of.contract.id)).cloned());
    let there: HashSet<_> = facts.affiliates.iter().map(|facts| facts.affiliate.id.clone()).collect();
    let later = all::<Affiliate>(connection, currency)?.into_iter().filter(|one| !there.contains(&one.id));
    facts.affiliates.extend(later.map(|affiliate| AffiliateFacts {
        affiliate,
        adjustments: Vec::new(),
        brought_forward: currency.zero(),
        year_before: YearToDate::nothing(currency),
    }));
    let live = contracts.into_iter().zip(rows).map(|(of, row)| Live {
        of,
        billed_through: row.billed_through,
        days_to_pay: row.days_to_pay,
    });
    Ok(Outlook { facts, live: live.collect() })
}

struct LiveRow {
    contract: i64,
    client: i64,
    billed_through: Option<Day>,
    days_to_pay: Option<u32>,
}

fn rows(connection: &Connection, from: Day) -> rusqlite::Result<Vec<LiveRow>> {
    const LIVE: &str = "
        SELECT
            contract.key, referral.client, max(invoice.period_end),
            CAST(julianday(invoice.due_on) - julianday(invoice.issued_on) AS INTEGER)
        FROM contract
        JOIN referral ON referral.key = contract.referral
        LEFT JOIN invoice ON invoice.contract = contract.key AND invoice.voided_at IS NULL
        WHERE contract.voided_at IS NULL AND referral.voided_at IS NULL
            AND (contract.ended_on IS NULL OR contract.ended_on >= :from)
        GROUP BY contract.key
        ORDER BY contract.key";
    let row = |row: &Row<'_>| {
        let days: Option<i64> = row.get(3)?;
        Ok(LiveRow {
            contract: row.get(0)?,
            client: row.get(1)?,
            billed_through: optional(row, 2, day)?,
            days_to_pay: days.and_then(|days| u32::try_from(days).ok()),
        })
    };
    let mut statement = connection.prepare_cached(LIVE)?;
    statement.query_map(named_params! { ":from": from.to_string() }, row)?.collect()
}
