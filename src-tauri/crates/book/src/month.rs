//! What a month's statements are made from, read out of the book.
//!
//! Only the open invoices are read, so that the cost follows the month's activity and not the book's history.

use hashbrown::{HashMap, HashSet};
use rules::affiliate::{Adjustment, Affiliate};
use rules::id::Id;
use rules::inputs::{AffiliateFacts, MonthFacts, first_month};
use rules::invoice::Invoice;
use rules::money::Currency;
use rules::month::Month;
use rules::terms::Programme;
use rusqlite::{Connection, Row, named_params};

use crate::error::BookError;
use crate::facts::{self, Chosen, Facts};
use crate::tables::statement::{self, Before};
use crate::tables::{Table, day, month as month_column, optional, terms};

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
    let chosen = Chosen::open(month.cutoff());
    let Facts { keys, mut invoices, clients, contracts, .. } = facts::read(connection, &chosen, currency)?;
    let affiliates = affiliates(connection, month, currency)?;

    let keys = invoices.iter().map(|facts| facts.invoice.id.clone()).zip(keys).collect();
    let mut later = HashSet::new();
    for facts in &mut invoices {
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
            clients,
            contracts,
            invoices,
        },
        keys,
        later,
    })
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
            (SELECT min(month) FROM adjustment WHERE affiliate = :key AND voided_at IS NULL),
            EXISTS (
                SELECT 1 FROM statement JOIN closing ON closing.key = statement.closing
                WHERE statement.affiliate = :key AND closing.reopened_at IS NULL
            )
        ORDER BY 1";
    let sql = format!("{} WHERE record.voided_at IS NULL ORDER BY record.id", Affiliate::SELECT);
    let mut statement = connection.prepare_cached(&sql)?;
    let affiliate = |row: &Row<'_>| Ok((row.get(0)?, Affiliate::read(row, connection, currency)?));
    let all: Vec<(i64, Affiliate)> = statement.query_map([], affiliate)?.collect::<Result<_, _>>()?;
    let mut firsts = connection.prepare_cached(FIRSTS)?;
    let mut with = Vec::with_capacity(all.len());
    for (key, affiliate) in all {
        let (referral, adjustment, has_closed) = firsts.query_row(named_params! { ":key": key }, |row| {
            Ok((optional(row, 0, day)?, optional(row, 1, month_column)?, row.get(2)?))
        })?;
        // Whoever once had a statement has the next: what was paid may have to be taken back.
        if has_closed || first_month(referral, adjustment).is_some_and(|first| first <= month) {
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
