//! A billing run: the invoices of an affiliate that bills its clients itself, for a month, a quarter or a year, in one
//! step that is looked at first.

use std::ops::Add;

use book::{BilledDays, Change, Direct};
use rules::affiliate::Affiliate;
use rules::billing::{Bill, Period, bill};
use rules::day::{self, Day, days_after};
use rules::invoice::Line;
use rules::money::{Currency, Money};
use rules::own_price::as_client_pays;
use rules::tax::TaxRate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use ts_rs::TS;

use crate::biller::{Letterhead, read_days_to_pay, read_tax_rate};
use crate::invoices::{ChargeView, charge};
use crate::record::RecordedView;
use crate::views::Amount;
use crate::{Code, Desk, DeskError, Now};

/// What is to be billed, as a form or the command line asks it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct BillingAsked {
    /// Who bills.
    pub affiliate: String,
    /// `2026-12`, `2026-Q4` or `2026`.
    pub period: String,
    /// `2026-12-01`.
    pub issued_on: String,
    /// `30`.
    pub days_to_pay: String,
    /// The first invoice's number; empty for the one after the newest.
    pub first_number: String,
    /// A share of the charges, such as `0.0825`; empty for none.
    pub tax_rate: String,
    /// Contracts that are left out.
    pub left_out: Vec<String>,
}

/// The invoices that would be made, and what would not be billed.
#[derive(Clone, Debug, Serialize, TS)]
pub struct BillingView {
    /// `December 2026`.
    pub period: String,
    pub bills: Vec<BillRow>,
    pub skipped: Vec<SkippedRow>,
    pub net: Amount,
    pub tax: Amount,
    pub total: Amount,
    /// What the affiliate's own prices bring in all, if any of the bills has one.
    pub margin: Option<Amount>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct BillRow {
    pub contract: String,
    pub client: String,
    pub client_name: String,
    pub number: String,
    pub period_start: String,
    pub period_end: String,
    pub due_on: String,
    /// As the client pays them.
    pub charges: Vec<ChargeView>,
    pub net: Amount,
    pub tax: Amount,
    pub total: Amount,
    /// Where the affiliate has a price of its own: what the company charges for it, without tax.
    pub cost: Option<Amount>,
    pub margin: Option<Amount>,
}

/// A contract that is not billed for the period.
#[derive(Clone, Debug, Serialize, TS)]
pub struct SkippedRow {
    pub contract: String,
    pub client_name: String,
    /// `Billed already, on 1007: 1 Dec 2026 to 31 Dec 2026.`
    pub why: String,
    /// Whether it can be billed after all: it was only left out.
    pub left_out: bool,
}

/// What is asked, read.
struct Asked {
    affiliate: Affiliate,
    period: Period,
    issued_on: Day,
    due_on: Day,
    number: String,
    tax_rate: Option<TaxRate>,
    left_out: Vec<String>,
}

/// An invoice in the making: what the company charges, and what the client pays where that is another matter.
struct Made {
    direct: Direct,
    bill: Bill,
    number: String,
    cost: Sums,
    own: Option<(Bill, Sums)>,
}

#[derive(Clone, Copy)]
struct Sums {
    net: Money,
    tax: Money,
}

impl Made {
    /// What the client is billed.
    fn billed(&self) -> (&Bill, Sums) {
        self.own.as_ref().map_or((&self.bill, self.cost), |(bill, sums)| (bill, *sums))
    }

    fn margin(&self) -> Option<Money> {
        self.own.as_ref().map(|(_, own)| own.net - self.cost.net)
    }
}

/// Why a contract is not billed, and whether it was left out; nothing where there is nothing to say of it.
type NotBilled = Option<(String, bool)>;

/// What becomes of a contract in the run.
enum Outcome {
    Made(Box<Made>),
    Skipped(SkippedRow),
}

impl Desk {
    /// What [`Desk::bill`] would make. Reads only.
    pub fn billing(&self, asked: &BillingAsked) -> Result<BillingView, DeskError> {
        let currency = self.programme()?.currency;
        let asked = self.read_billing(asked)?;
        let (mut made, mut skipped) = (Vec::new(), Vec::new());
        for outcome in self.run(&asked, currency)? {
            match outcome {
                Outcome::Made(one) => made.push(*one),
                Outcome::Skipped(row) => skipped.push(row),
            }
        }
        let sum = |of: fn(&Made) -> Money| Amount::of(currency.sum(made.iter().map(of)), currency);
        Ok(BillingView {
            period: asked.period.words(),
            net: sum(|made| made.billed().1.net),
            tax: sum(|made| made.billed().1.tax),
            total: sum(|made| made.billed().1.total()),
            margin: made.iter().filter_map(Made::margin).reduce(Money::add).map(|sum| Amount::of(sum, currency)),
            bills: made.iter().map(|made| row(made, asked.due_on, currency)).collect(),
            skipped,
        })
    }

    /// Makes the invoices, all or none, as one step that an undo takes back. Their tax is kept with the letterhead, so that
    /// the next run begins with it.
    pub fn bill(&mut self, asked: &BillingAsked, now: Now) -> Result<RecordedView, DeskError> {
        let currency = self.programme()?.currency;
        let tax_rate = asked.tax_rate.trim().to_owned();
        let asked = self.read_billing(asked)?;
        let made: Vec<Made> = self
            .run(&asked, currency)?
            .into_iter()
            .filter_map(|outcome| if let Outcome::Made(made) = outcome { Some(*made) } else { None })
            .collect();
        if made.is_empty() {
            let message = format!("There is nothing to bill for {}.", asked.period.words());
            return Err(DeskError::new(Code::Refused, message));
        }
        let invoice = |(made, nth): (&Made, usize)| {
            json!({
                "id": format!("new:invoice:{nth:06}"), "number": made.number, "client": made.direct.client.id,
                "contract": made.direct.of.contract.id, "issued_on": asked.issued_on, "due_on": asked.due_on,
                "period_start": made.bill.start, "period_end": made.bill.end, "lines": made.bill.lines,
                "tax": made.cost.tax,
            })
        };
        let resale = |(made, nth): (&Made, usize)| {
            let (bill, sums) = made.own.as_ref()?;
            Some(json!({
                "id": format!("new:resale:{nth:06}"), "invoice": format!("new:invoice:{nth:06}"), "lines": bill.lines,
                "tax": sums.tax,
            }))
        };
        let invoices: Vec<_> = made.iter().zip(1..).map(invoice).collect();
        let resales: Vec<_> = made.iter().zip(1..).filter_map(resale).collect();
        let plural = if invoices.len() == 1 { "" } else { "s" };
        let words = format!("{} invoice{plural} for {}", invoices.len(), asked.period.words());
        let document = json!({ "invoices": invoices, "resales": resales }).to_string();
        let kept = self.letterhead(&asked.affiliate)?;
        let biller = (kept.tax_rate != tax_rate).then(|| Letterhead { tax_rate, ..kept }.read()).transpose()?;
        let keep = |change: &mut Change<'_>| biller.map_or(Ok(()), |one| change.set_biller(&asked.affiliate.id, &one));
        self.record_beside(&words, document.as_bytes(), now, keep)
    }

    /// Contract by contract, by client and then by start.
    fn run(&self, asked: &Asked, currency: Currency) -> Result<Vec<Outcome>, DeskError> {
        let Asked { affiliate, period, .. } = asked;
        let mut contracts = self.book.direct(&affiliate.id, period.start(), period.end())?;
        contracts.sort_by(|a, b| {
            let key = |one: &Direct| (one.client.name.to_lowercase(), one.of.contract.starts_on);
            key(a).cmp(&key(b)).then_with(|| a.of.contract.id.cmp(&b.of.contract.id))
        });
        let mut number = self.free_number(asked.number.clone())?;
        let mut outcomes = Vec::with_capacity(contracts.len());
        for direct in contracts {
            match to_bill(&direct, asked) {
                Ok(bills) => {
                    for (bill, own) in bills {
                        let sums = |lines: &[Line]| Sums::of(lines, asked.tax_rate, currency);
                        let own = own.map(|own| {
                            let sums = sums(&own.lines);
                            (own, sums)
                        });
                        let (cost, direct) = (sums(&bill.lines), direct.clone());
                        outcomes.push(Outcome::Made(Box::new(Made {
                            cost,
                            own,
                            bill,
                            direct,
                            number: number.clone(),
                        })));
                        number = self.free_number(next_number(&number))?;
                    }
                }
                Err(Some((why, left_out))) => outcomes.push(Outcome::Skipped(SkippedRow {
                    contract: direct.of.contract.id.to_string(),
                    client_name: direct.client.name,
                    why,
                    left_out,
                })),
                Err(None) => {}
            }
        }
        Ok(outcomes)
    }

    /// This number or, where an invoice of somebody else's has it, the next that is free.
    fn free_number(&self, mut number: String) -> Result<String, DeskError> {
        while self.book.has_number(&number)? {
            number = next_number(&number);
        }
        Ok(number)
    }

    /// "Should you decide to bill the client directly, you will be required to sign an affiliate contract."
    fn read_billing(&self, asked: &BillingAsked) -> Result<Asked, DeskError> {
        let affiliate: Affiliate = self.find(&asked.affiliate)?;
        if affiliate.agreement_signed_on.is_none() {
            let message = format!(
                "{} has signed no agreement, so the company bills its clients. Record the day of the agreement first.",
                affiliate.name
            );
            return Err(DeskError::at("affiliate", message));
        }
        let period = Period::parse(&asked.period).ok_or_else(|| {
            DeskError::at("period", format!("\"{}\" is no period, such as 2026-12, 2026-Q4 or 2026.", asked.period))
        })?;
        let issued_on = day::parse(&asked.issued_on).ok_or_else(|| {
            DeskError::at("issued_on", format!("\"{}\" is no day, such as 2026-12-01.", asked.issued_on))
        })?;
        let tax_rate = read_tax_rate(&asked.tax_rate)?;
        let number = match asked.first_number.trim() {
            "" => self.book.last_number(&affiliate.id)?.map_or("1001".to_owned(), |last| next_number(&last)),
            number => number.to_owned(),
        };
        let due_on = days_after(issued_on, read_days_to_pay(&asked.days_to_pay)?);
        Ok(Asked { affiliate, period, issued_on, due_on, number, tax_rate, left_out: asked.left_out.clone() })
    }
}

impl Sums {
    fn of(lines: &[Line], tax_rate: Option<TaxRate>, currency: Currency) -> Self {
        let net = currency.sum(lines.iter().map(|line| line.amount));
        Self { net, tax: tax_rate.map_or(currency.zero(), |rate| rate.of(net)) }
    }

    fn total(self) -> Money {
        self.net + self.tax
    }
}

/// A bill for each stretch of the contract's days that no invoice has yet, and the client's where the affiliate has a price
/// of its own.
fn to_bill(direct: &Direct, asked: &Asked) -> Result<Vec<(Bill, Option<Bill>)>, NotBilled> {
    let contract = &direct.of.contract;
    let Some(held) = bill(contract, asked.period.start(), asked.period.end()) else {
        let soon = contract.starts_on > asked.period.end();
        let why = soon.then(|| (format!("It starts on {}.", day::words(contract.starts_on)), false));
        return Err(why);
    };
    let unbilled = unbilled(&direct.billed, held.start, held.end);
    if unbilled.is_empty() {
        let on = direct.billed.iter().find(|days| days.first <= held.end && held.start <= days.last);
        let words = |on: &BilledDays| {
            let (first, last) = (day::words(on.first), day::words(on.last));
            (format!("Billed already, on {}: {first} to {last}.", on.number), false)
        };
        return Err(on.map(words));
    }
    let paid = as_client_pays(contract, &direct.prices);
    let both = |(first, last): (Day, Day)| {
        let cost = bill(contract, first, last)?;
        let own = paid.as_ref().and_then(|paid| bill(paid, first, last)).filter(|own| own.lines != cost.lines);
        (!cost.lines.is_empty() || own.is_some()).then_some((cost, own))
    };
    let bills: Vec<_> = unbilled.into_iter().filter_map(both).collect();
    if bills.is_empty() {
        return Err(Some(("Its charges come to nothing.".to_owned(), false)));
    }
    if asked.left_out.contains(&contract.id.to_string()) {
        return Err(Some(("Left out.".to_owned(), true)));
    }
    Ok(bills)
}

/// The stretches of days, from `start` to `end`, that no invoice has.
fn unbilled(billed: &[BilledDays], start: Day, end: Day) -> Vec<(Day, Day)> {
    let mut billed: Vec<(Day, Day)> = billed.iter().map(|days| (days.first, days.last)).collect();
    billed.sort_unstable();
    let (mut first, mut stretches) = (start, Vec::new());
    for (begins, ends) in billed {
        if let Some(last) = begins.pred_opt().filter(|last| first <= *last) {
            stretches.push((first, last.min(end)));
        }
        first = first.max(ends.succ_opt().unwrap_or(Day::MAX));
    }
    stretches.push((first, end));
    stretches.retain(|(first, last)| first <= last);
    stretches
}

fn row(made: &Made, due_on: Day, currency: Currency) -> BillRow {
    let amount = |money| Amount::of(money, currency);
    let (billed, sums) = made.billed();
    BillRow {
        contract: made.direct.of.contract.id.to_string(),
        client: made.direct.client.id.to_string(),
        client_name: made.direct.client.name.clone(),
        number: made.number.clone(),
        period_start: made.bill.start.to_string(),
        period_end: made.bill.end.to_string(),
        due_on: due_on.to_string(),
        charges: billed.lines.iter().map(|line| charge(line, currency)).collect(),
        net: amount(sums.net),
        tax: amount(sums.tax),
        total: amount(sums.total()),
        cost: made.own.is_some().then(|| amount(made.cost.net)),
        margin: made.margin().map(amount),
    }
}

/// The number after one, without a gap: `1007` is followed by `1008`, `D-0099` by `D-0100`, `Rev` by `Rev-2`.
fn next_number(number: &str) -> String {
    let digits = number.chars().rev().take_while(char::is_ascii_digit).count();
    let (before, counted) = number.split_at(number.len() - digits);
    match counted.parse::<u64>() {
        Ok(last) => format!("{before}{:0digits$}", last + 1),
        Err(_) => format!("{number}-2"),
    }
}

#[cfg(test)]
mod tests {
    use super::next_number;

    #[test]
    fn numbers_go_on_without_a_gap_and_keep_their_form() {
        for (number, next) in
            [("1007", "1008"), ("D-0099", "D-0100"), ("2026/9", "2026/10"), ("99", "100"), ("Rev", "Rev-2")]
        {
            assert_eq!(next_number(number), next);
        }
    }
}
