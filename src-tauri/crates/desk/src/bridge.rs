//! The bridge: how one month's commission comes out of the last month's.

use std::collections::{BTreeMap, HashSet};

use rules::client::Client;
use rules::contract::Contract;
use rules::day::Day;
use rules::id::Id;
use rules::invoice::Invoice;
use rules::money::{Currency, Money};
use rules::month::Month;
use rules::statement::{Line, Status};
use rules::step::Rule;
use serde::Serialize;
use ts_rs::TS;

use crate::views::{Amount, MonthName};
use crate::{Desk, DeskError};

/// From the last month's earned commission (payable, retained and reversed) to this month's; the parts add up.
#[derive(Clone, Debug, Serialize, TS)]
pub struct BridgeView {
    pub from: MonthName,
    pub to: MonthName,
    pub start: Amount,
    pub parts: Vec<BridgePart>,
    pub end: Amount,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct BridgePart {
    /// `new`, `lost`, `released`, `held`, `reversed`, `capped`, `changed`.
    #[ts(type = "\"new\" | \"lost\" | \"released\" | \"held\" | \"reversed\" | \"capped\" | \"changed\"")]
    pub cause: &'static str,
    /// `New clients: earning for the first time`.
    pub words: String,
    pub amount: Amount,
    /// The clients that it is of, the largest amount first.
    pub clients: Vec<BridgeClient>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct BridgeClient {
    pub client: String,
    pub client_name: String,
    pub amount: Amount,
}

/// Why a client's commission is not what it was. Whatever no other cause explains is `Changed`, so that a client's parts
/// add up to the difference between its two months.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    New,
    Lost,
    Released,
    Held,
    Reversed,
    Capped,
    Changed,
}

impl Cause {
    fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Lost => "lost",
            Self::Released => "released",
            Self::Held => "held",
            Self::Reversed => "reversed",
            Self::Capped => "capped",
            Self::Changed => "changed",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::New => "New clients: earning for the first time",
            Self::Lost => "Lost: the contract ended, or nothing was billed for this month",
            Self::Released => "Released: held last month, paid up now",
            Self::Held => "Held: earned last month, unpaid or past due now",
            Self::Reversed => "Taken back for refunds, credit notes and corrections, against last month",
            Self::Capped => "Capped: billed above the original amount, which earns no more than that",
            Self::Changed => "Changed: another amount or rate, a part month, or arrears paid last month",
        }
    }
}

impl Desk {
    /// Of all affiliates, or of one. `None` for the book's first month.
    pub fn bridge(&self, month: Month, affiliate: Option<&str>) -> Result<Option<BridgeView>, DeskError> {
        if self.book.first_month()?.is_none_or(|first| month <= first) {
            return Ok(None);
        }
        let currency = self.programme()?.currency;
        let from = month.previous();
        let mut clients = BTreeMap::new();
        let mut start = currency.zero();
        self.each_earned(from, affiliate, &mut |earned, lines| {
            start += earned;
            enter(&mut clients, lines, |months| &mut months.before);
        })?;
        let mut end = currency.zero();
        let has_statement = self.each_earned(month, affiliate, &mut |earned, lines| {
            end += earned;
            enter(&mut clients, lines, |months| &mut months.now);
        })?;
        if let Some(affiliate) = affiliate.filter(|_| !has_statement) {
            return Err(self.no_statement(month, affiliate)?);
        }
        let new = self.new_clients(month, affiliate, &clients)?;
        let amount = |money| Amount::of(money, currency);
        let parts = parts(&clients, &new, month, currency);
        Ok(Some(BridgeView { from: from.into(), to: month.into(), start: amount(start), parts, end: amount(end) }))
    }

    /// Hands over what each statement of a month earned (payable, retained and reversed), and its lines. Says whether
    /// there was one.
    fn each_earned(
        &self,
        month: Month,
        affiliate: Option<&str>,
        visit: &mut impl FnMut(Money, Vec<Line>),
    ) -> Result<bool, DeskError> {
        let mut any = false;
        self.each_statement(month, affiliate, |view| {
            any = true;
            let statement = view.statement;
            visit(statement.payable + statement.retained + statement.reversed, statement.lines);
        })?;
        Ok(any)
    }

    /// The clients that earn in `month` and never did before.
    fn new_clients(
        &self,
        month: Month,
        affiliate: Option<&str>,
        clients: &BTreeMap<Id<Client>, Account>,
    ) -> Result<HashSet<Id<Client>>, DeskError> {
        let begins = |account: &Account| {
            let mut contracts = account.contracts.values();
            contracts.clone().any(|months| months.now.any(Told::is_earned))
                && contracts.all(|months| !months.before.any(|line| !line.is_held()))
        };
        let begin: Vec<&Id<Client>> = clients.iter().filter(|(_, account)| begins(account)).map(|(id, _)| id).collect();
        let mut known = self.book.clients_settled_before(month, affiliate, &begin)?;
        // What open months before the last would leave behind if they were closed now.
        let mut open = self.next_month()?.filter(|_| !begin.is_empty());
        while let Some(earlier) = open.filter(|open| *open < month.previous()) {
            self.each_earned(earlier, affiliate, &mut |_, lines| {
                known.extend(lines.into_iter().filter(|line| line.status != Status::Held).map(|line| line.client));
            })?;
            open = Some(earlier.next());
        }
        Ok(begin.into_iter().filter(|client| !known.contains(*client)).cloned().collect())
    }
}

/// A client's lines of the two months.
struct Account {
    name: String,
    contracts: BTreeMap<Id<Contract>, Months>,
}

#[derive(Default)]
struct Months {
    before: Lines,
    now: Lines,
}

#[derive(Default)]
struct Lines(Vec<Told>);

/// What a bridge needs of a line.
struct Told {
    invoice: Id<Invoice>,
    status: Status,
    period_start: Day,
    period_end: Day,
    commission: Money,
    /// What the ceiling cut off the commission.
    cut: Option<Money>,
}

impl Told {
    fn is_earned(&self) -> bool {
        matches!(self.status, Status::Payable | Status::Retained)
    }

    fn is_held(&self) -> bool {
        self.status == Status::Held
    }

    fn is_reversed(&self) -> bool {
        self.status == Status::Reversed
    }
}

impl From<Line> for Told {
    fn from(line: Line) -> Self {
        let cut = line.steps.iter().find_map(|step| match step.rule {
            Rule::Ceiling { billed, base, .. } => Some(line.rate.of(billed) - line.rate.of(base)),
            _ => None,
        });
        Self {
            invoice: line.invoice,
            status: line.status,
            period_start: line.period_start,
            period_end: line.period_end,
            commission: line.commission,
            cut,
        }
    }
}

impl Lines {
    fn any(&self, counts: impl Fn(&Told) -> bool) -> bool {
        self.0.iter().any(counts)
    }

    fn sum(&self, currency: Currency, counts: impl Fn(&Told) -> bool) -> Money {
        currency.sum(self.0.iter().filter(|line| counts(line)).map(|line| line.commission))
    }

    /// Whether a period that earned goes on to `day`: a quarter's bill is on one statement, and not lost on the next.
    fn reaches(&self, day: Day) -> bool {
        self.any(|line| line.is_earned() && line.period_end >= day)
    }

    /// What the ceiling cut off the newest period's commission.
    fn cut(&self, currency: Currency) -> Money {
        let newest = self.0.iter().filter(|line| !line.is_reversed()).map(|line| line.period_start).max();
        let lines = self.0.iter().filter(|line| !line.is_reversed() && Some(line.period_start) == newest);
        currency.sum(lines.filter_map(|line| line.cut))
    }
}

fn enter(clients: &mut BTreeMap<Id<Client>, Account>, lines: Vec<Line>, of: impl Fn(&mut Months) -> &mut Lines) {
    for line in lines {
        let account = clients
            .entry(line.client.clone())
            .or_insert_with(|| Account { name: line.client_name.clone(), contracts: BTreeMap::new() });
        of(account.contracts.entry(line.contract.clone()).or_default()).0.push(line.into());
    }
}

impl Months {
    /// From one contract's commission to the next month's, by cause. The amounts add up to the difference.
    fn differences(&self, month: Month, currency: Currency) -> [(Cause, Money); 6] {
        let Self { before, now } = self;
        let was_held = |line: &Told| before.any(|held| held.is_held() && held.invoice == line.invoice);
        let reversed = now.sum(currency, Told::is_reversed) - before.sum(currency, Told::is_reversed);
        let arrears = now.sum(currency, |line| line.is_earned() && was_held(line));
        let own = now.sum(currency, |line| line.is_earned() && !was_held(line));
        let earned_before = before.sum(currency, Told::is_earned);
        let newly_held = now.sum(currency, |line| line.is_held() && !was_held(line));

        // What is held took the place of what was earned; and what is earned, where nothing was, of what was held.
        let difference = own - earned_before;
        let held = newly_held.min(-difference).at_least_nothing();
        let held_before = if earned_before.is_zero() { before.sum(currency, Told::is_held) } else { currency.zero() };
        let resumed = held_before.min(difference).at_least_nothing();
        let left = difference + held - resumed;

        let is_gone = own.is_zero() && newly_held.is_zero() && !before.reaches(month.first_day());
        let lost = if is_gone { left } else { currency.zero() };
        let capped = if own.is_zero() { currency.zero() } else { before.cut(currency) - now.cut(currency) };
        [
            (Cause::Reversed, reversed),
            (Cause::Released, arrears + resumed),
            (Cause::Held, -held),
            (Cause::Lost, lost),
            (Cause::Capped, capped),
            (Cause::Changed, left - lost - capped),
        ]
    }
}

/// What a client adds to a part.
struct Share<'a> {
    client: &'a Id<Client>,
    name: &'a str,
    amount: Money,
}

/// The parts that come to something, in the order of the causes.
fn parts(
    clients: &BTreeMap<Id<Client>, Account>,
    new: &HashSet<Id<Client>>,
    month: Month,
    currency: Currency,
) -> Vec<BridgePart> {
    let mut by_cause: BTreeMap<Cause, Vec<Share<'_>>> = BTreeMap::new();
    for (client, account) in clients {
        let mut amounts: BTreeMap<Cause, Money> = BTreeMap::new();
        for (cause, amount) in account.contracts.values().flat_map(|months| months.differences(month, currency)) {
            let cause = if new.contains(client) { Cause::New } else { cause };
            *amounts.entry(cause).or_insert(currency.zero()) += amount;
        }
        for (cause, amount) in amounts.into_iter().filter(|(_, amount)| !amount.is_zero()) {
            by_cause.entry(cause).or_default().push(Share { client, name: &account.name, amount });
        }
    }
    by_cause.into_iter().filter_map(|(cause, shares)| part(cause, shares, currency)).collect()
}

fn part(cause: Cause, mut shares: Vec<Share<'_>>, currency: Currency) -> Option<BridgePart> {
    let amount = currency.sum(shares.iter().map(|share| share.amount));
    let size = |share: &Share<'_>| share.amount.max(-share.amount);
    shares.sort_by(|a, b| (size(b), a.name, a.client).cmp(&(size(a), b.name, b.client)));
    let clients = shares.iter().map(|share| BridgeClient {
        client: share.client.to_string(),
        client_name: share.name.to_owned(),
        amount: Amount::of(share.amount, currency),
    });
    (!amount.is_zero()).then(|| BridgePart {
        cause: cause.as_str(),
        words: cause.words().to_owned(),
        amount: Amount::of(amount, currency),
        clients: clients.collect(),
    })
}
