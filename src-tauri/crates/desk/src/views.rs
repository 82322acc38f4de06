//! What a window shows, ready to be shown: amounts beside their currency, every step in words.

use rules::day::{self, Day};
use rules::money::{Currency, Money};
use rules::month::Month;
use rules::name::fold;
use rules::statement::{self, Line, Statement, YearToDate};
use rules::step::{OpenBill, Step};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::affiliates::has_words;
use crate::close::over;
use crate::search::{ListQuery, page_of};
use crate::{Desk, DeskError, Imported, Now, Printed, State, StatementView, Verified, Why};

/// An amount: a decimal as text, which the window formats and never computes with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Amount {
    pub amount: String,
    pub currency: String,
}

impl Amount {
    pub(crate) fn of(money: Money, currency: Currency) -> Self {
        Self { amount: money.to_string(), currency: currency.code().to_owned() }
    }
}

/// What the window begins with.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Start {
    /// As the system has it: the webview's own can't be trusted.
    pub locale: String,
    /// The open book, if one is.
    pub book: Option<BookView>,
    /// The book to open first, if one is known.
    pub door: Option<DoorView>,
}

/// The book that the door leads to: it was chosen, or open last.
#[derive(Clone, Debug, Serialize, TS)]
pub struct DoorView {
    pub name: String,
    /// Why it is locked; none of one that was closed.
    pub locked: Option<Locked>,
    /// Whether a recovery code opens it, beside a passphrase.
    pub recovery_code: bool,
    /// Whether a keychain does.
    pub keychain: bool,
}

/// Why a book was locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum Locked {
    Asked,
    /// Nobody was there for a while.
    Unused,
    /// The computer slept.
    Slept,
    /// The computer's clock went back, so that nobody knows for how long nobody was there.
    Clock,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct BookView {
    pub name: String,
    /// Thrown away when it is closed.
    pub sample: bool,
    /// The affiliate whose book it is; none in the office's.
    pub own: Option<String>,
}

/// A month, for programs and for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct MonthName {
    /// `2025-12`.
    pub month: String,
    /// `December 2025`.
    pub words: String,
}

impl From<Month> for MonthName {
    fn from(month: Month) -> Self {
        Self { month: month.to_string(), words: month.words() }
    }
}

/// The months of a book that have statements, newest first.
#[derive(Clone, Debug, Default, Serialize, TS)]
pub struct MonthsView {
    /// Empty in a book with nothing to tell.
    pub months: Vec<MonthName>,
    /// The first that is open.
    pub open: Option<MonthName>,
}

/// A month to come, over one quote or the whole book.
#[derive(Clone, Debug, Serialize, TS)]
pub struct MonthAhead {
    pub month: MonthName,
    /// What is paid out, or kept by whoever bills.
    pub paid: Amount,
    pub held: Amount,
    /// Paid from the first month on.
    pub so_far: Amount,
    /// What reaches the company of the bills paid in the month, where the affiliate bills.
    pub remitted: Option<Amount>,
    /// The last what-if's, if one is asked.
    pub what_if_paid: Option<Amount>,
    pub what_if_so_far: Option<Amount>,
    /// Of the highest month's, in thousandths: the window computes nothing.
    pub share: u32,
    pub what_if_share: Option<u32>,
}

/// A month's statements, an affiliate a row: a page of them.
#[derive(Clone, Debug, Serialize, TS)]
pub struct MonthView {
    pub month: MonthName,
    pub sealed: bool,
    pub rows: Vec<StatementRow>,
    /// Statements on all pages.
    pub total: u32,
    /// Over all affiliates, also those not asked for; `None` without a statement.
    pub sums: Option<Sums>,
    /// Whether it is the next month to close, and over.
    pub can_close: bool,
    /// What can be closed in one go with it, where that is more than one month.
    pub closable: Option<ClosableView>,
    /// Why it can't be closed yet, if it is open.
    pub why_open: Option<String>,
    /// Whether it is the newest closed month.
    pub can_reopen: bool,
}

/// Months that are over and open, from the next one to close on.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ClosableView {
    pub through: MonthName,
    pub months: u32,
}

/// How far closing is: the month that is being closed, after how many of how many.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ClosingSoFar {
    pub month: MonthName,
    pub done: u32,
    pub of: u32,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct StatementRow {
    pub affiliate: String,
    pub name: String,
    pub sums: Sums,
}

/// A statement's totals, in the order in which they are read.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Sums {
    pub brought_forward: Amount,
    pub payable: Amount,
    pub reversed: Amount,
    pub adjusted: Amount,
    pub payout: Amount,
    pub carried_forward: Amount,
    pub retained: Amount,
    pub held: Amount,
}

/// One statement with its lines.
#[derive(Clone, Debug, Serialize, TS)]
pub struct StatementPage {
    pub affiliate: String,
    pub name: String,
    pub number: String,
    pub month: MonthName,
    pub seal: Option<SealView>,
    pub sums: Sums,
    pub minimum_payout: Amount,
    pub clients: Vec<ClientLines>,
    pub releases: Vec<ReleaseView>,
    pub adjustments: Vec<AdjustmentView>,
    pub year: YearView,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct SealView {
    pub sha256: String,
    /// `3 Jan 2026`.
    pub closed_on: String,
    pub revision: u32,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ClientLines {
    pub client: String,
    pub name: String,
    pub lines: Vec<LineView>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct LineView {
    pub invoice: String,
    pub number: String,
    /// `1 Dec 2025 to 31 Dec 2025`.
    pub period: String,
    #[ts(type = "\"payable\" | \"retained\" | \"held\" | \"reversed\"")]
    pub status: statement::Status,
    pub base: Amount,
    /// `10%`.
    pub rate: String,
    pub commission: Amount,
}

/// What a client has to pay, and what is released then.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ReleaseView {
    pub client_name: String,
    pub held: Amount,
    /// `NS-1004, due 15 Jan 2025, 300.00 missing`.
    pub bills: Vec<String>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct AdjustmentView {
    pub reason: String,
    pub amount: Amount,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct YearView {
    pub year: String,
    pub payable: Amount,
    pub reversed: Amount,
    pub retained: Amount,
    pub adjusted: Amount,
    pub payout: Amount,
}

/// Why an invoice came to what it did in a month.
#[derive(Clone, Debug, Serialize, TS)]
pub struct WhyView {
    pub invoice: String,
    pub number: String,
    pub client_name: String,
    pub month: MonthName,
    pub sealed: bool,
    /// `None` when the statement has no line for it.
    pub outcome: Option<OutcomeView>,
    pub steps: Vec<StepView>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct OutcomeView {
    #[ts(type = "\"payable\" | \"retained\" | \"held\" | \"reversed\"")]
    pub status: statement::Status,
    pub amount: Amount,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct StepView {
    pub title: String,
    pub words: String,
    /// The sentence of the programme's page.
    pub page: String,
}

/// How far a print is.
#[derive(Clone, Copy, Debug, Serialize, TS)]
pub struct PrintedSoFar {
    pub done: u32,
    pub of: u32,
}

/// The PDFs that a print left behind.
#[derive(Clone, Debug, Serialize, TS)]
pub struct SavedView {
    pub count: u32,
    /// The folder's own name.
    pub folder: String,
    /// Characters that no font of the paper's has.
    pub warnings: u32,
}

/// A file that waits to be imported.
#[derive(Clone, Debug, Serialize, TS)]
pub struct PreviewView {
    pub file: String,
    pub import: ImportView,
}

/// What was gone over, and the first thing that is not as it was written.
#[derive(Clone, Debug, Serialize, TS)]
pub struct VerifiedView {
    pub statements: u32,
    pub lines: u32,
    pub finding: Option<String>,
}

/// What an import did, or would do.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ImportView {
    pub tallies: Vec<TallyView>,
    /// To confirm: names that are nearly an affiliate's own company's, and what takes another record's place.
    pub near_misses: Vec<String>,
    pub changes_nothing: bool,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct TallyView {
    /// `credit note`.
    pub kind: String,
    pub new: u32,
    pub corrected: u32,
    pub unchanged: u32,
    pub amount: Option<Amount>,
    pub correction: Option<Amount>,
}

impl Desk {
    /// The months to choose from: from the book's first to the one that `today` is in, or to the first open one.
    pub fn months(&self, today: Day) -> Result<MonthsView, DeskError> {
        let (Some(first), Some(open)) = (self.book.first_month()?, self.next_month()?) else {
            return Ok(MonthsView::default());
        };
        let last = open.max(Month::of(today));
        let months = (first.index()..=last.index()).rev().filter_map(Month::from_index);
        Ok(MonthsView { months: months.map(MonthName::from).collect(), open: Some(open.into()) })
    }

    /// A month with an affiliate a row. `text`: words that an affiliate's name or id has, however they are written.
    pub fn month_view(&self, month: Month, query: &ListQuery, now: Now) -> Result<MonthView, DeskError> {
        let currency = self.programme()?.currency;
        let sealed = self.book.is_closed(month)?;
        let told = self.told(month)?;
        let typed = fold(&query.text);
        let rows: Vec<&StatementRow> =
            told.rows.iter().filter(|row| has_words(&row.name, &row.affiliate, &typed)).collect();
        let (rows, total) = page_of(rows.into_iter().cloned(), query.from);
        let why_open = if sealed { None } else { self.why_open(month, now)? };
        let can_close = !sealed && why_open.is_none();
        let closable = over(month, now.today).filter(|(_, months)| can_close && *months > 1);
        Ok(MonthView {
            month: month.into(),
            sealed,
            rows,
            total,
            sums: told.sums.map(|sums| sums.sums(currency)),
            can_close,
            closable: closable.map(|(last, months)| ClosableView { through: last.into(), months }),
            why_open,
            can_reopen: sealed && self.book.closed_through()? == Some(month),
        })
    }

    /// Why an open month can't be closed now, if it can't.
    fn why_open(&self, month: Month, now: Now) -> Result<Option<String>, DeskError> {
        if month.cutoff() >= now.today {
            return Ok(Some(format!("It can be closed after its last day, {}.", day::words(month.cutoff()))));
        }
        let next = self.next_month()?;
        Ok(next.filter(|next| *next < month).map(|next| format!("Months close in order: {} is next.", next.words())))
    }

    /// Why an invoice came to what it did in a month.
    pub fn why_view(&self, invoice: &str, month: Month) -> Result<WhyView, DeskError> {
        Ok(WhyView::of(self.why(invoice, Some(month))?, self.programme()?.currency))
    }

    /// One statement with its lines.
    pub fn statement_page(&self, month: Month, affiliate: &str) -> Result<StatementPage, DeskError> {
        Ok(StatementPage::from(self.statement_of(month, affiliate)?))
    }
}

/// A statement's totals as figures.
#[derive(Clone, Copy)]
pub(crate) struct Totals([Money; 8]);

impl Totals {
    pub(crate) fn of(statement: &Statement) -> Self {
        Self([
            statement.brought_forward,
            statement.payable,
            statement.reversed,
            statement.adjusted,
            statement.payout,
            statement.carried_forward,
            statement.retained,
            statement.held,
        ])
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        Self(std::array::from_fn(|at| self.0[at] + other.0[at]))
    }

    /// Payable, retained, held.
    pub(crate) fn bar(self) -> [Money; 3] {
        let [_, payable, .., retained, held] = self.0;
        [payable, retained, held]
    }

    pub(crate) fn sums(self, currency: Currency) -> Sums {
        let [brought_forward, payable, reversed, adjusted, payout, carried_forward, retained, held] =
            self.0.map(|money| Amount::of(money, currency));
        Sums { brought_forward, payable, reversed, adjusted, payout, carried_forward, retained, held }
    }
}

impl From<StatementView> for StatementPage {
    fn from(view: StatementView) -> Self {
        let currency = view.inputs.currency();
        let amount = |money| Amount::of(money, currency);
        let StatementView { number, state, statement, .. } = view;
        let sums = Totals::of(&statement).sums(currency);
        let Statement { affiliate, affiliate_name, month, lines, adjustments, releases, year_to_date, .. } = statement;
        Self {
            affiliate: affiliate.to_string(),
            name: affiliate_name,
            number,
            month: month.into(),
            seal: SealView::of(state),
            sums,
            minimum_payout: amount(statement.minimum_payout),
            clients: by_client(&lines, currency),
            releases: releases
                .into_iter()
                .map(|release| ReleaseView {
                    client_name: release.client_name,
                    held: amount(release.held),
                    bills: release.bills.iter().map(OpenBill::words).collect(),
                })
                .collect(),
            adjustments: adjustments
                .into_iter()
                .map(|adjustment| AdjustmentView { reason: adjustment.reason, amount: amount(adjustment.amount) })
                .collect(),
            year: YearView::of(month.year(), year_to_date, currency),
        }
    }
}

impl YearView {
    pub(crate) fn of(year: i32, sums: YearToDate, currency: Currency) -> Self {
        let amount = |money| Amount::of(money, currency);
        Self {
            year: year.to_string(),
            payable: amount(sums.payable),
            reversed: amount(sums.reversed),
            retained: amount(sums.retained),
            adjusted: amount(sums.adjusted),
            payout: amount(sums.payout),
        }
    }
}

impl SealView {
    fn of(state: State) -> Option<Self> {
        let State::Sealed { sha256, closed_at, revision, .. } = state else { return None };
        let closed_on = closed_at.get(..10).and_then(day::parse).map_or(closed_at, day::words);
        Some(Self { sha256, closed_on, revision })
    }
}

/// The lines stand by client already.
fn by_client(lines: &[Line], currency: Currency) -> Vec<ClientLines> {
    let groups = lines.chunk_by(|a, b| a.client == b.client);
    groups
        .map(|lines| ClientLines {
            client: lines[0].client.to_string(),
            name: lines[0].client_name.clone(),
            lines: lines.iter().map(|line| LineView::of(line, currency)).collect(),
        })
        .collect()
}

impl LineView {
    fn of(line: &Line, currency: Currency) -> Self {
        Self {
            invoice: line.invoice.to_string(),
            number: line.number.clone(),
            period: format!("{} to {}", day::words(line.period_start), day::words(line.period_end)),
            status: line.status,
            base: Amount::of(line.base, currency),
            rate: line.rate.percent(),
            commission: Amount::of(line.commission, currency),
        }
    }
}

impl WhyView {
    fn of(why: Why, currency: Currency) -> Self {
        let outcome = why
            .outcome
            .map(|outcome| OutcomeView { status: outcome.status, amount: Amount::of(outcome.amount, currency) });
        Self {
            invoice: why.invoice,
            number: why.number,
            client_name: why.client_name,
            month: why.month.into(),
            sealed: why.sealed,
            outcome,
            steps: why.steps.iter().map(StepView::of).collect(),
        }
    }
}

impl StepView {
    pub(crate) fn of(step: &Step) -> Self {
        Self { title: step.rule.title().to_owned(), words: step.rule.words(), page: step.page.clone().into_owned() }
    }
}

impl SavedView {
    /// Of the PDFs in a folder with this name.
    pub fn of(printed: &Printed, folder: String) -> Self {
        Self { count: count(printed.files.len()), folder, warnings: count(printed.warnings.len()) }
    }
}

impl From<Verified> for VerifiedView {
    fn from(verified: Verified) -> Self {
        let finding = verified.finding.map(|finding| format!("{}: {}", finding.at, finding.what));
        Self { statements: count(verified.statements), lines: count(verified.lines), finding }
    }
}

/// How many, for JavaScript.
pub(crate) fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

impl From<Imported> for ImportView {
    fn from(imported: Imported) -> Self {
        let changes_nothing = imported.changes_nothing();
        let currency = imported.currency;
        let amount = |money: Option<Money>| Some(Amount::of(money?, currency?));
        let tallies = imported.tallies.into_iter().map(|tally| TallyView {
            kind: tally.kind.words().to_owned(),
            new: count(tally.new),
            corrected: count(tally.corrected),
            unchanged: count(tally.unchanged),
            amount: amount(tally.amount),
            correction: amount(tally.correction),
        });
        let near_misses = imported.near_misses.into_iter().map(|near| near.message).collect();
        Self { tallies: tallies.collect(), near_misses, changes_nothing }
    }
}

/// How high each month's amount and the what-if's beside it stand, in thousandths of the highest.
pub(crate) fn shares(plain: &[Money], what_if: Option<&[Money]>) -> Vec<(u32, u32)> {
    let highest = plain.iter().chain(what_if.unwrap_or_default()).map(|money| money.minor()).max().unwrap_or(0).max(1);
    let share = |money: Money| u32::try_from(money.minor().saturating_mul(1000) / highest).unwrap_or(0);
    let other = |nth: usize| what_if.and_then(|what_if| what_if.get(nth)).map_or(0, |money| share(*money));
    plain.iter().enumerate().map(|(nth, money)| (share(*money), other(nth))).collect()
}
