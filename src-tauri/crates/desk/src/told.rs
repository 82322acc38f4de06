//! What a month's statements tell in all: each month is read or drawn once, and kept until the book changes.
//!
//! A month of 100,000 contracts takes longer to draw than a page may take to open.

use std::collections::BTreeMap;
use std::sync::Arc;

use rules::client::Client;
use rules::id::Id;
use rules::month::Month;
use rules::statement::{Release, Statement};

use crate::views::{StatementRow, Totals};
use crate::{Desk, DeskError};

/// A month over all affiliates.
#[derive(Default)]
pub(crate) struct Told {
    pub rows: Vec<StatementRow>,
    /// `None` without a statement.
    pub sums: Option<Totals>,
    /// Client by client, whoever referred it; the bills that hold it once each, earliest due first.
    pub releases: Vec<Release>,
}

/// Of the months that were asked for, as the book stood when its journal ended where it says.
#[derive(Default)]
pub(crate) struct ToldMonths {
    journal_end: i64,
    months: BTreeMap<Month, Arc<Told>>,
}

impl ToldMonths {
    fn find(&mut self, month: Month, journal_end: i64) -> Option<Arc<Told>> {
        if self.journal_end != journal_end {
            *self = Self { journal_end, months: BTreeMap::new() };
        }
        self.months.get(&month).cloned()
    }
}

impl Desk {
    /// A month over all affiliates, told anew only after a change of the book.
    pub(crate) fn told(&self, month: Month) -> Result<Arc<Told>, DeskError> {
        let journal_end = self.book.journal_end()?;
        if let Some(kept) = self.told_months.borrow_mut().find(month, journal_end) {
            return Ok(kept);
        }
        let told = Arc::new(self.tell(month)?);
        self.told_months.borrow_mut().months.insert(month, Arc::clone(&told));
        Ok(told)
    }

    /// A month, from its statements one by one.
    fn tell(&self, month: Month) -> Result<Told, DeskError> {
        let currency = self.programme()?.currency;
        let mut told = Told::default();
        let mut releases = BTreeMap::new();
        self.each_statement(month, None, |view| {
            let mut statement = view.statement;
            let totals = Totals::of(&statement);
            told.sums = Some(told.sums.map_or(totals, |sums| sums.plus(totals)));
            gather(&mut releases, &mut statement);
            let (affiliate, name) = (statement.affiliate.to_string(), statement.affiliate_name);
            told.rows.push(StatementRow { affiliate, name, sums: totals.sums(currency) });
        })?;
        told.releases = releases.into_values().collect();
        for release in &mut told.releases {
            // A bill that holds two affiliates' commission stands on the statements of both.
            release.bills.sort();
            release.bills.dedup();
        }
        Ok(told)
    }
}

fn gather(releases: &mut BTreeMap<Id<Client>, Release>, statement: &mut Statement) {
    for release in statement.releases.drain(..) {
        if let Some(known) = releases.get_mut(&release.client) {
            known.held += release.held;
            known.bills.extend(release.bills);
        } else {
            releases.insert(release.client.clone(), release);
        }
    }
}
