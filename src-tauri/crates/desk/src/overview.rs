//! The overview: what the next open month comes to, what would release what is held, a year of months, what needs
//! attention.

use chrono::Days;
use rules::client::Client;
use rules::day::{self, Day};
use rules::id::Id;
use rules::invoice::Invoice;
use rules::money::{Currency, Money};
use rules::month::Month;
use rules::quote::Stage;
use rules::referral::Referral;
use rules::statement::Release;
use rules::step::OpenBill;
use rules::terms::InTermChanges;
use serde::Serialize;
use ts_rs::TS;

use crate::close::over;
use crate::invoices::{InvoiceRow, Overpaid};
use crate::views::{Amount, MonthName, Sums};
use crate::{Desk, DeskError, Now};

#[derive(Clone, Debug, Serialize, TS)]
pub struct Overview {
    /// The next month to close; `None` in a book with nothing to tell.
    pub month: Option<MonthName>,
    pub payable: Amount,
    pub payout: Amount,
    pub retained: Amount,
    pub held: Amount,
    /// What releases most of what is held, most money per overdue amount first; at most 8.
    pub releases: Vec<ReleaseRow>,
    /// Twelve months, or as many as there are, oldest first; the last is the open one, as it stands.
    pub months: Vec<MonthBar>,
    /// What wants somebody's attention, most pressing first; at most 12.
    pub attention: Vec<Attention>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ReleaseRow {
    pub client: String,
    pub client_name: String,
    pub held: Amount,
    /// What the client has to pay for it.
    pub missing: Amount,
    pub bills: Vec<BillView>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct BillView {
    pub invoice: String,
    /// `NS-1004, due 15 Jan 2025, 300.00 missing`.
    pub words: String,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct MonthBar {
    pub month: MonthName,
    pub sealed: bool,
    pub payable: Amount,
    pub retained: Amount,
    pub held: Amount,
    /// The height of each over the highest month's three together, in thousandths: the window computes nothing.
    pub payable_share: u32,
    pub retained_share: u32,
    pub held_share: u32,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct Attention {
    /// `overdue`, `overpaid`, `quote_lapses`, `term_ends`, `ready_to_close`, `backup`, `place`, `key_file`.
    #[ts(
        type = "\"backup\" | \"place\" | \"key_file\" | \"overdue\" | \"overpaid\" | \"quote_lapses\" | \"term_ends\" | \"ready_to_close\""
    )]
    pub kind: &'static str,
    pub words: String,
    /// The client that it is about, if it is about one.
    pub client: Option<String>,
    /// The invoice that it is about, if it is about one.
    pub invoice: Option<String>,
    /// The month that it is about, if it is about one.
    pub month: Option<String>,
    /// The quote that it is about, if it is about one.
    pub quote: Option<String>,
}

/// Bars of the chart, the open month's included.
const MONTHS: i32 = 12;
const RELEASES: usize = 8;
const ATTENTION: usize = 12;
/// Of what wants attention, so that terms that end are not pushed off.
const OVERDUE: usize = 6;
const OVERPAID: usize = 3;
const QUOTES: usize = 2;
/// How far ahead a term that ends is told of.
const TERM_ENDS_WITHIN: Days = Days::new(60);

/// How far ahead a quote that lapses is told of.
const QUOTE_LAPSES_WITHIN: Days = Days::new(10);

impl Desk {
    /// Of all affiliates. In a book with nothing to tell, nothing of everything.
    pub fn overview(&self, now: Now) -> Result<Overview, DeskError> {
        let currency = self.programme()?.currency;
        let of_nothing = || Overview { attention: self.of_the_book().collect(), ..Overview::of_nothing(currency) };
        let Some(month) = self.next_month()? else { return Ok(of_nothing()) };
        let told = self.told(month)?;
        let Some(sums) = told.sums else { return Ok(of_nothing()) };
        let Sums { payable, payout, retained, held, .. } = sums.sums(currency);
        let first = Month::from_index(month.index() - MONTHS + 1).unwrap_or(month);
        let closed = self.book.month_sums(first)?;
        let closed = closed.iter().map(|sums| (sums.month, true, [sums.payable, sums.retained, sums.held]));
        let months: Vec<_> = closed.chain([(month, false, sums.bar())]).collect();
        Ok(Overview {
            month: Some(month.into()),
            payable,
            payout,
            retained,
            held,
            releases: releases(&told.releases, currency),
            months: bars(&months, currency),
            attention: self.attention(month, &told.releases, now)?,
        })
    }

    fn attention(&self, open: Month, releases: &[Release], now: Now) -> Result<Vec<Attention>, DeskError> {
        let mut attention: Vec<Attention> = self.of_the_book().chain(ready_to_close(open, now.today)).collect();
        let currency = self.programme()?.currency;
        attention.extend(overdue(releases, now.today, currency));
        attention.extend(self.overpaid(now.today, currency)?);
        attention.extend(self.quotes_that_lapse(now.today)?);
        let room = ATTENTION.saturating_sub(attention.len());
        attention.extend(self.terms_that_end(now.today, room)?);
        Ok(attention)
    }

    /// What threatens the book itself: backups that can't be made, a place where another program writes, a file that was
    /// damaged.
    fn of_the_book(&self) -> impl Iterator<Item = Attention> {
        let told =
            [("backup", self.backup_problem()), ("place", self.place_warning()), ("key_file", self.key_file_warning())];
        told.into_iter().filter_map(|(kind, words)| {
            words.map(|words| Attention { kind, words, client: None, invoice: None, month: None, quote: None })
        })
    }

    /// What was paid or remitted too much, until the month is closed in which the money came: it is expected back, or credited.
    fn overpaid(&self, today: Day, currency: Currency) -> Result<Vec<Attention>, DeskError> {
        let all = self.open_now(today, currency)?.overpaid;
        let first = &all[..all.len().min(OVERPAID)];
        let ids: Vec<Id<Invoice>> = first.iter().map(|one| one.invoice.clone()).collect();
        let rows = self.invoice_rows(&ids, today, currency)?;
        let attention = rows.into_iter().zip(first).map(|(row, one)| Attention {
            kind: "overpaid",
            words: words_of(one, &row),
            client: Some(row.client),
            invoice: Some(row.id),
            month: None,
            quote: None,
        });
        Ok(attention.collect())
    }

    /// Who was sent a quote and has not answered, the first to lapse first.
    fn quotes_that_lapse(&self, today: Day) -> Result<Vec<Attention>, DeskError> {
        let mut quotes = self.book.quotes()?;
        quotes.retain(|quote| quote.stage == Stage::Sent && !quote.has_lapsed(today));
        quotes.retain(|quote| quote.valid_until <= today + QUOTE_LAPSES_WITHIN);
        quotes.sort_by(|a, b| (a.valid_until, &a.id).cmp(&(b.valid_until, &b.id)));
        let attention = quotes.into_iter().take(QUOTES).map(|quote| Attention {
            kind: "quote_lapses",
            words: format!("Quote {} of {} lapses on {}.", quote.id, quote.prospect, day::words(quote.valid_until)),
            client: None,
            invoice: None,
            month: None,
            quote: Some(quote.id.to_string()),
        });
        Ok(attention.collect())
    }

    fn terms_that_end(&self, today: Day, most: usize) -> Result<Vec<Attention>, DeskError> {
        let (programme, terms) = (self.programme()?, self.book.terms()?);
        let most = u32::try_from(most).unwrap_or(u32::MAX);
        let contracts = self.book.contracts_with_term_ending(today, today + TERM_ENDS_WITHIN, most)?;
        let attention = contracts.into_iter().map(|contract| {
            let referral = self.book.find::<Referral>(contract.referral.as_str())?;
            let client =
                referral.map(|referral| self.book.find::<Client>(referral.client.as_str())).transpose()?.flatten();
            let name = client.as_ref().map_or("", |client| client.name.as_str());
            let ends_on = day::words(contract.term_ends_on());
            let mut words = format!("Contract {} of {name}: its original term ends on {ends_on}.", contract.id);
            let choices = programme.choices_on(contract.signed_on, &terms);
            if choices.in_term_changes == InTermChanges::FollowContract {
                words.push_str(" After that an upgrade adds nothing.");
            }
            let client = client.map(|client| client.id.to_string());
            Ok(Attention { kind: "term_ends", words, client, invoice: None, month: None, quote: None })
        });
        attention.collect()
    }
}

impl BillView {
    fn of(bill: &OpenBill) -> Self {
        Self { invoice: bill.invoice.to_string(), words: bill.words() }
    }
}

impl Overview {
    fn of_nothing(currency: Currency) -> Self {
        let nothing = || Amount::of(currency.zero(), currency);
        Self {
            month: None,
            payable: nothing(),
            payout: nothing(),
            retained: nothing(),
            held: nothing(),
            releases: Vec::new(),
            months: Vec::new(),
            attention: Vec::new(),
        }
    }
}

/// "The shortest list of what would release it, most money per overdue amount first."
fn releases(releases: &[Release], currency: Currency) -> Vec<ReleaseRow> {
    let mut rows: Vec<(&Release, Money)> =
        releases.iter().map(|release| (release, currency.sum(release.bills.iter().map(|bill| bill.missing)))).collect();
    rows.sort_by(|(a, a_missing), (b, b_missing)| {
        // a.held / a_missing against b.held / b_missing, without dividing.
        let (a_per, b_per) = (times(a.held, *b_missing), times(b.held, *a_missing));
        (b_per, b.held, &a.client_name, &a.client).cmp(&(a_per, a.held, &b.client_name, &b.client))
    });
    let rows = rows.into_iter().take(RELEASES).map(|(release, missing)| ReleaseRow {
        client: release.client.to_string(),
        client_name: release.client_name.clone(),
        held: Amount::of(release.held, currency),
        missing: Amount::of(missing, currency),
        bills: release.bills.iter().map(BillView::of).collect(),
    });
    rows.collect()
}

fn times(a: Money, b: Money) -> i128 {
    i128::from(a.minor()) * i128::from(b.minor())
}

/// Each month's bars, with their heights over the highest month's three together.
fn bars(months: &[(Month, bool, [Money; 3])], currency: Currency) -> Vec<MonthBar> {
    let height = |amount: Money| i128::from(amount.at_least_nothing().minor());
    let highest = months.iter().map(|(_, _, bar)| bar.iter().copied().map(height).sum()).max().unwrap_or(0).max(1);
    let share = |amount| u32::try_from(height(amount) * 1000 / highest).unwrap_or(1000);
    let bars = months.iter().map(|&(month, sealed, [payable, retained, held])| MonthBar {
        month: month.into(),
        sealed,
        payable: Amount::of(payable, currency),
        retained: Amount::of(retained, currency),
        held: Amount::of(held, currency),
        payable_share: share(payable),
        retained_share: share(retained),
        held_share: share(held),
    });
    bars.collect()
}

fn words_of(Overpaid { over, remitted, .. }: &Overpaid, row: &InvoiceRow) -> String {
    let (over, client, number) = (over.grouped(), &row.client_name, &row.number);
    if *remitted {
        format!("{over} too much was remitted for {number} of {client}.")
    } else {
        format!("{client} has paid {over} too much on {number}.")
    }
}

/// The months that are over and still open, in one.
fn ready_to_close(open: Month, today: Day) -> Option<Attention> {
    let words = match over(open, today)? {
        (last, 1) => format!("{} is over and can be closed.", last.words()),
        (last, months) => {
            format!("{} to {} are over: {months} months can be closed.", open.words(), last.words())
        }
    };
    Some(Attention {
        kind: "ready_to_close",
        words,
        client: None,
        invoice: None,
        month: Some(open.to_string()),
        quote: None,
    })
}

/// Who holds commission and is past due today; the draft looks as far as its cutoff.
fn overdue(releases: &[Release], today: Day, currency: Currency) -> impl Iterator<Item = Attention> {
    let past_due = |release: &Release| {
        currency.sum(release.bills.iter().filter(|bill| bill.overdue && bill.due_on < today).map(|bill| bill.missing))
    };
    let mut overdue: Vec<(&Release, Money)> = releases.iter().map(|release| (release, past_due(release))).collect();
    overdue.retain(|(_, missing)| missing.is_positive());
    overdue.sort_by(|(a, _), (b, _)| (b.held, &a.client_name, &a.client).cmp(&(a.held, &b.client_name, &b.client)));
    overdue.into_iter().take(OVERDUE).map(|(release, missing)| Attention {
        kind: "overdue",
        words: format!(
            "{} is past due with {}, which holds {} of commission.",
            release.client_name,
            missing.grouped(),
            release.held.grouped()
        ),
        client: Some(release.client.to_string()),
        invoice: None,
        month: None,
        quote: None,
    })
}
