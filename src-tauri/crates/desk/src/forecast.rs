//! The whole book's months to come: as they would go if everything goes on as it stands, and what if it does not.

use std::cmp::Ordering;
use std::collections::HashMap;

use book::{Live, Outlook};
use rules::affiliate::Affiliate;
use rules::client::Client;
use rules::contract::Contract;
use rules::day::{Day, plus_months};
use rules::forecast::{Forecast, month_s_bill, pay};
use rules::id::Id;
use rules::inputs::MonthFacts;
use rules::invoice::InvoiceFacts;
use rules::money::{Currency, Money};
use rules::month::Month;
use rules::rate::{Rate, RateError};
use rules::statement::ContractOf;
use rules::terms::{Programme, TermsVersion};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::month::draw;
use crate::quotes::ComparedView;
use crate::views::{Amount, MonthAhead, MonthName, shares};
use crate::{Desk, DeskError, Now};

/// What is asked of all contracts.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(optional_fields = nullable)]
pub struct ForecastAsked {
    /// 12 to 36.
    pub months: u32,
    /// Every contract pays this share from now on: `0.08`.
    pub rate: Option<String>,
    /// Every contract costs this share less: `0.075`.
    pub smaller_by: Option<String>,
    /// The client that leaves now.
    pub leaves: Option<String>,
    /// Everybody who is late pays now.
    pub cured: bool,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ForecastView {
    pub from: MonthName,
    pub to: MonthName,
    pub months: Vec<MonthAhead>,
    /// What is paid out or kept in all of them.
    pub paid: Amount,
    /// What is still held at the end.
    pub held: Amount,
    /// How many contracts go on.
    pub contracts: u32,
    /// Each alone beside the plain forecast; of more than one, all together as the last.
    pub what_ifs: Vec<ForecastWhatIf>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ForecastWhatIf {
    /// `Every contract pays 8%`.
    pub title: String,
    pub words: String,
    pub paid: ComparedView,
    pub held: ComparedView,
}

/// One thing that goes otherwise than it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Otherwise {
    Rate(Rate),
    /// In basis points; by nothing too.
    SmallerBy(u32),
    Leaves(Client),
    Cured,
}

/// What a month brings, over all affiliates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthForecast {
    pub month: Month,
    /// Paid out, or kept by whoever bills.
    pub paid: Money,
    pub held: Money,
}

/// Where no invoice tells better.
const DAYS_TO_PAY: u32 = 30;
const MONTHS: std::ops::RangeInclusive<u32> = 12..=36;

impl Desk {
    /// The forecast and its what-ifs. `heard` is told how many months of how many are done, and stops it with `false`.
    pub fn forecast(
        &self,
        asked: &ForecastAsked,
        now: Now,
        mut heard: impl FnMut(u32, u32) -> bool,
    ) -> Result<Option<ForecastView>, DeskError> {
        let programme = self.programme()?;
        let currency = programme.currency;
        let Some(month) = self.next_month()? else { return Ok(None) };
        let months = asked.months.clamp(*MONTHS.start(), *MONTHS.end());
        let scenarios = scenarios(self.otherwise(asked)?);
        let runs = u32::try_from(scenarios.len()).unwrap_or(u32::MAX) + 1;
        let mut done = 0;
        let mut hear = || {
            done += 1;
            heard(done, runs * months)
        };
        let mut run = |scenario: &[Otherwise]| -> Result<Option<Vec<MonthForecast>>, DeskError> {
            let outlook = self.book.outlook(programme.clone(), month)?;
            Ok(Run::of(outlook, scenario, now.today, &programme).months(months, &mut hear))
        };
        let Some(plain) = run(&[])? else { return Ok(None) };
        let mut whats = Vec::with_capacity(scenarios.len());
        for scenario in &scenarios {
            let Some(what_if) = run(scenario)? else { return Ok(None) };
            whats.push((title(scenario), what_if));
        }
        let contracts = self.book.outlook(programme.clone(), month)?.live.len();
        Ok(Some(ForecastView {
            from: month.into(),
            to: plain.last().map_or(month, |last| last.month).into(),
            months: ahead(&plain, whats.last().map(|(_, what_if)| what_if.as_slice()), currency),
            paid: Amount::of(paid(&plain, currency), currency),
            held: Amount::of(held(&plain, currency), currency),
            contracts: u32::try_from(contracts).unwrap_or(u32::MAX),
            what_ifs: whats.into_iter().map(|(title, what_if)| beside(title, &plain, &what_if, currency)).collect(),
        }))
    }

    /// What is asked, read; or what is wrong with it.
    fn otherwise(&self, asked: &ForecastAsked) -> Result<Vec<Otherwise>, DeskError> {
        let mut otherwise = Vec::new();
        if let Some(text) = asked.rate.as_deref().filter(|text| !text.is_empty()) {
            let rate = Rate::parse(text).ok().filter(|rate| *rate <= Rate::WHOLE);
            let message = || format!("\"{text}\" is no rate. Write a percentage such as 8.");
            otherwise.push(Otherwise::Rate(rate.ok_or_else(|| DeskError::at("rate", message()))?));
        }
        if let Some(text) = asked.smaller_by.as_deref().filter(|text| !text.is_empty()) {
            let message = || format!("\"{text}\" is no share. Write a percentage from 0 to 100, such as 7.5.");
            otherwise.push(Otherwise::SmallerBy(share(text).ok_or_else(|| DeskError::at("smaller_by", message()))?));
        }
        if let Some(client) = asked.leaves.as_deref().filter(|client| !client.is_empty()) {
            otherwise.push(Otherwise::Leaves(self.find::<Client>(client)?));
        }
        otherwise.extend(asked.cured.then_some(Otherwise::Cured));
        Ok(otherwise)
    }
}

/// In basis points: a rate, or nothing.
fn share(text: &str) -> Option<u32> {
    let points = match Rate::parse(text) {
        Ok(rate) => rate.basis_points(),
        Err(RateError::NotPositive) if !text.starts_with('-') => 0,
        Err(_) => return None,
    };
    (points <= Rate::WHOLE.basis_points()).then_some(points)
}

/// Each alone, and all together if there are several.
fn scenarios(asked: Vec<Otherwise>) -> Vec<Vec<Otherwise>> {
    let mut scenarios: Vec<Vec<Otherwise>> = asked.iter().map(|one| vec![one.clone()]).collect();
    if asked.len() > 1 {
        scenarios.push(asked);
    }
    scenarios
}

fn title(scenario: &[Otherwise]) -> String {
    match scenario {
        [Otherwise::Rate(rate)] => format!("Every contract pays {}", rate.percent()),
        [Otherwise::SmallerBy(points)] => {
            let percent = Rate::from_basis_points(*points).map_or("0%".to_owned(), Rate::percent);
            format!("Every contract costs {percent} less")
        }
        [Otherwise::Leaves(client)] => format!("{} leaves", client.name),
        [Otherwise::Cured] => "All who are late pay now".to_owned(),
        _ => "All together".to_owned(),
    }
}

/// One forecast in the making.
struct Run<'a> {
    forecast: Forecast,
    live: Vec<Going>,
    affiliates: HashMap<Id<Affiliate>, Affiliate>,
    programme: &'a Programme,
    terms: Vec<TermsVersion>,
    /// In basis points.
    smaller_by: u32,
}

/// A contract that goes on, and the first day of the month that is billed next.
struct Going {
    of: ContractOf,
    /// Counted from the contract's start.
    month: u32,
    days_to_pay: u32,
}

impl<'a> Run<'a> {
    fn of(Outlook { mut facts, live }: Outlook, scenario: &[Otherwise], today: Day, programme: &'a Programme) -> Self {
        let affiliates = facts.affiliates.iter().map(|of| (of.affiliate.id.clone(), of.affiliate.clone())).collect();
        let cured = scenario.contains(&Otherwise::Cured);
        settle_open_bills(&mut facts, &affiliates, cured, today);
        let mut going: Vec<Going> = live.into_iter().map(|live| Going::of(live, facts.month.first_day())).collect();
        let mut smaller_by = 0;
        for otherwise in scenario {
            match otherwise {
                Otherwise::Rate(rate) => going.iter_mut().for_each(|going| going.pay_at(*rate, &mut facts.contracts)),
                Otherwise::SmallerBy(points) => smaller_by = *points,
                Otherwise::Leaves(client) => going.retain(|going| going.of.referral.client != client.id),
                Otherwise::Cured => {}
            }
        }
        let terms = facts.terms.clone();
        Self { forecast: Forecast::of(facts), live: going, affiliates, programme, terms, smaller_by }
    }

    /// Month by month; none if it is stopped.
    fn months(mut self, months: u32, heard: &mut impl FnMut() -> bool) -> Option<Vec<MonthForecast>> {
        let mut forecasts = Vec::with_capacity(months as usize);
        for _ in 0..months {
            let month = self.forecast.month();
            let bills = self.bills(month);
            self.forecast.expect(bills);
            let drawn = draw(&self.forecast.inputs());
            self.forecast.close(&drawn);
            let currency = self.programme.currency;
            let of = |amount: fn(&rules::statement::Statement) -> Money| {
                currency.sum(drawn.iter().map(|drawn| amount(&drawn.statement)))
            };
            let paid = of(|statement| statement.payout + statement.retained);
            forecasts.push(MonthForecast { month, paid, held: of(|statement| statement.held) });
            if !heard() {
                return None;
            }
        }
        Some(forecasts)
    }

    /// The bills of the months that start in this one, each paid on the day that it is due.
    fn bills(&mut self, month: Month) -> Vec<InvoiceFacts> {
        let Self { live, affiliates, programme, terms, smaller_by, .. } = self;
        let mut bills = Vec::with_capacity(live.len());
        for going in live {
            while going.is_billed_in(month) {
                let first = going.first_day();
                let id = format!("{} {first}", going.of.contract.id);
                let mut bill = month_s_bill(&id, &going.of, going.month, going.days_to_pay, programme.currency);
                for line in &mut bill.invoice.lines {
                    line.amount = line.amount.less_basis_points(*smaller_by);
                }
                let (due_on, affiliate) = (bill.invoice.due_on, affiliates.get(&going.of.referral.affiliate));
                pay(&mut bill, due_on, Some(&going.of), affiliate, programme, terms);
                bills.push(bill);
                going.month += 1;
            }
        }
        bills
    }
}

/// What is not due yet is paid when it is due; what is overdue stays so, unless everybody who is late pays now.
fn settle_open_bills(facts: &mut MonthFacts, affiliates: &HashMap<Id<Affiliate>, Affiliate>, cured: bool, today: Day) {
    let now = today.max(facts.month.first_day());
    let MonthFacts { invoices, contracts, programme, terms, .. } = facts;
    let contracts: HashMap<&Id<Contract>, &ContractOf> = contracts.iter().map(|of| (&of.contract.id, of)).collect();
    for bill in invoices.iter_mut().filter(|bill| bill.voided.is_none()) {
        let of = bill.invoice.contract.as_ref().and_then(|id| contracts.get(id).copied());
        let overdue = bill.invoice.due_on < today;
        let on = if overdue { now } else { bill.invoice.due_on };
        if cured || !overdue {
            pay(bill, on, of, of.and_then(|of| affiliates.get(&of.referral.affiliate)), programme, terms);
        }
    }
}

impl Going {
    /// From the day after what was billed last, but not in a month that is closed.
    fn of(Live { of, billed_through, days_to_pay }: Live, from: Day) -> Self {
        let mut going = Self { of, month: 0, days_to_pay: days_to_pay.unwrap_or(DAYS_TO_PAY) };
        while billed_through.is_some_and(|through| going.first_day() <= through) || going.first_day() < from {
            going.month += 1;
        }
        going
    }

    fn first_day(&self) -> Day {
        plus_months(self.of.contract.starts_on, self.month)
    }

    fn is_billed_in(&self, month: Month) -> bool {
        let first = self.first_day();
        Month::of(first) <= month && self.of.contract.ended_on.is_none_or(|ended_on| first <= ended_on)
    }

    /// Under a contract like this one but for its rate: what was billed before keeps the rate that was agreed.
    fn pay_at(&mut self, rate: Rate, contracts: &mut Vec<ContractOf>) {
        self.of.contract.rate = rate;
        self.of.contract.id = Id::new(format!("{} at {rate}", self.of.contract.id));
        contracts.push(self.of.clone());
    }
}

fn paid(months: &[MonthForecast], currency: Currency) -> Money {
    currency.sum(months.iter().map(|month| month.paid))
}

fn held(months: &[MonthForecast], currency: Currency) -> Money {
    months.last().map_or(currency.zero(), |last| last.held)
}

fn ahead(plain: &[MonthForecast], what_if: Option<&[MonthForecast]>, currency: Currency) -> Vec<MonthAhead> {
    let paid = |months: &[MonthForecast]| months.iter().map(|month| month.paid).collect::<Vec<_>>();
    let shares = shares(&paid(plain), what_if.map(paid).as_deref());
    let amount = |money| Amount::of(money, currency);
    let mut so_far = (currency.zero(), currency.zero());
    let month = |(nth, one): (usize, &MonthForecast)| {
        let other = what_if.and_then(|what_if| what_if.get(nth));
        so_far.0 += one.paid;
        so_far.1 += other.map_or(currency.zero(), |other| other.paid);
        MonthAhead {
            month: one.month.into(),
            paid: amount(one.paid),
            held: amount(one.held),
            so_far: amount(so_far.0),
            remitted: None,
            what_if_paid: other.map(|other| amount(other.paid)),
            what_if_so_far: other.map(|_| amount(so_far.1)),
            share: shares[nth].0,
            what_if_share: other.map(|_| shares[nth].1),
        }
    };
    plain.iter().enumerate().map(month).collect()
}

fn beside(title: String, plain: &[MonthForecast], what_if: &[MonthForecast], currency: Currency) -> ForecastWhatIf {
    let compared = |of: fn(&[MonthForecast], Currency) -> Money| {
        let (before, after) = (of(plain, currency), of(what_if, currency));
        ComparedView {
            plain: Amount::of(before, currency),
            what_if: Amount::of(after, currency),
            difference: Amount::of(after - before, currency),
        }
    };
    let (before, after) = (paid(plain, currency), paid(what_if, currency));
    let over = format!("over {} months", plain.len());
    let instead = format!("{} instead of {} {over}", after.grouped(), before.grouped());
    let words = match after.cmp(&before) {
        Ordering::Equal => format!("{} {over}, as it stands.", before.grouped()),
        Ordering::Less => format!("{instead}: {} less.", (before - after).grouped()),
        Ordering::Greater => format!("{instead}: {} more.", (after - before).grouped()),
    };
    ForecastWhatIf { title, words, paid: compared(paid), held: compared(held) }
}
