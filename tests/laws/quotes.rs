//! Laws of quotes: what is promised is what the same contract's statements say.

use chrono::{Days, Months};
use desk::Desk;
use desk::quotes::{QuoteAnswer, WhatIfs};
use exchange::book::write;
use proptest::prelude::*;
use refbook_tests::{Shelf, any, later};
use rules::affiliate::{Affiliate, AgreedRemittance};
use rules::client::Client;
use rules::contract::{BilledBy, Change, Contract};
use rules::day::Day;
use rules::id::Id;
use rules::invoice::{Invoice, Kind, Line, Payment, Remittance};
use rules::money::{Currency, Money};
use rules::month::Month;
use rules::projection::{WhatIf, months_shown, project};
use rules::quote::{Quote, Stage};
use rules::rate::Rate;
use rules::records::Records;
use rules::referral::Referral;
use rules::statement::{Statement, Status};
use rules::terms::{InTermChanges, Programme};

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, max_shrink_iters: 8, failure_persistence: None, ..ProptestConfig::default() })]

    /// The contract, its bills and their payments as assumed, made of the quote alone, entered in a book and closed
    /// month by month.
    #[test]
    fn a_quote_s_schedule_is_the_statements_of_its_contract((programme, quote, what_ifs) in any::quote()) {
        let (company, affiliate) = (BilledBy::Company, BilledBy::Affiliate);
        for (billed_by, what_ifs) in [(company, &[][..]), (affiliate, &[]), (quote.billed_by, &what_ifs)] {
            comes_true(&programme, &Quote { billed_by, ..quote.clone() }, what_ifs)?;
        }
    }
}

/// February lacks the 31st: its bill is for all days until the next begins. And a change in the first month leaves what
/// is charged once.
#[test]
fn a_month_without_the_first_day_and_a_change_in_the_first_month_leave_nothing_out() {
    let programme = published();
    let line = |kind, amount| Line { kind, description: String::new(), amount: money(amount) };
    let quote = Quote {
        id: Id::new("Q1"),
        version: 1,
        prospect: "Ash Works".to_owned(),
        domains: Vec::new(),
        affiliate: None,
        quoted_on: day("2025-01-10"),
        valid_until: day("2025-02-10"),
        lines: vec![line(Kind::Setup, "1500.00"), line(Kind::Hosting, "1000.00")],
        term_months: 1,
        starts_on: day("2025-01-31"),
        rate: Rate::TEN_PERCENT,
        billed_by: BilledBy::Affiliate,
        remittance: AgreedRemittance::NetOfCommission,
        days_to_pay: 20,
        stage: Stage::Draft,
        contract: None,
    };
    for month in [1, 2] {
        let changes = WhatIf::ChangesTo { month, amount: money("1200.00") };
        comes_true(&programme, &quote, &[changes]).expect("the schedule");
    }
}

/// Whether what is promised of a quote is what the statements of its contract say, to the cent.
fn comes_true(programme: &Programme, quote: &Quote, what_ifs: &[WhatIf]) -> Result<(), TestCaseError> {
    let projection = project(quote, what_ifs, programme, &[]);
    let months = u32::try_from(projection.statements.len()).expect("some months");
    let entered = Assumed { quote, what_ifs, programme }.records(months);
    let shelf = Shelf::new();
    let mut desk = shelf.create();
    desk.import("quote.json", write(&entered).as_bytes(), later()).expect("what a quote assumes can be entered");
    let mut closed = Vec::with_capacity(projection.statements.len());
    for projected in &projection.statements {
        desk.close(projected.month, later(), |_| true).expect("it closes");
        closed.push(statement(&desk, projected.month));
        prop_assert_eq!(closed.last(), Some(projected), "{}", projected.month);
    }
    let said = paid(quote, what_ifs, &closed, programme.currency);
    prop_assert_eq!(promised(&desk, quote, what_ifs), said, "{:?}", what_ifs);
    if quote.billed_by == BilledBy::Affiliate && what_ifs.is_empty() {
        let passed_on = answer(&desk, quote, &[]).passed_on.map(|of| of.remitted.amount);
        let second = entered.remittances.iter().find(|of| of.invoice.as_str() == "2");
        prop_assert_eq!(passed_on, Some(second.map_or("0.00".to_owned(), |of| of.amount.to_string())));
    }
    Ok(())
}

fn published() -> Programme {
    Programme {
        company: "NetSource".to_owned(),
        phone: String::new(),
        currency: usd(),
        standard_rate: Rate::TEN_PERCENT,
        maximum_rate: Rate::TEN_PERCENT,
        in_term_changes: InTermChanges::FollowContract,
        minimum_payout: usd().zero(),
    }
}

fn usd() -> Currency {
    Currency::parse("USD").expect("USD")
}

fn money(text: &str) -> Money {
    Money::parse(text, usd()).expect("an amount")
}

fn day(text: &str) -> Day {
    rules::day::parse(text).expect("a day")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_what_if_in_which_nothing_is_otherwise_changes_nothing((programme, quote, _) in any::quote()) {
        let plain = project(&quote, &[], &programme, &[]);
        let last = u32::try_from(plain.bills.len()).expect("some months");
        for nothing in [WhatIf::PaysLate { days: 0 }, WhatIf::LeavesAfter { month: last }] {
            let mut same = project(&quote, &[nothing], &programme, &[]);
            same.of.contract.ended_on = None;
            prop_assert_eq!(&same.statements, &plain.statements);
        }
    }

    /// A client who pays every bill in time: the commission is the rate on each bill's base, rounded bill by bill.
    #[test]
    fn a_plain_quote_pays_every_bill_it_counts((programme, quote, _) in any::quote()) {
        let plain = project(&quote, &[], &programme, &[]);
        let a_month = plain.commission_of(1);
        for month in 1..=months_shown(&quote) {
            prop_assert_eq!(plain.commission_of(month), a_month, "month {}", month);
        }
        prop_assert_eq!(a_month, quote.rate.of(quote.earning(programme.currency)));
    }
}

/// What a quote assumes, worked out from it alone and under the names that the projection gives.
struct Assumed<'a> {
    quote: &'a Quote,
    what_ifs: &'a [WhatIf],
    programme: &'a Programme,
}

impl Assumed<'_> {
    /// With the bills of so many months.
    fn records(&self, months: u32) -> Records {
        let quote = self.quote;
        let signed_on = quote.quoted_on.min(quote.starts_on);
        let is_held = |month: &u32| self.leaves_after().is_none_or(|last| *month <= last);
        let invoices: Vec<Invoice> = (1..=months).filter(is_held).map(|month| self.bill(month)).collect();
        let (payments, remittances) = match quote.billed_by {
            BilledBy::Company => (invoices.iter().filter_map(|bill| self.payment(bill)).collect(), Vec::new()),
            BilledBy::Affiliate => (Vec::new(), invoices.iter().filter_map(|bill| self.remittance(bill)).collect()),
        };
        Records {
            programme: Some(self.programme.clone()),
            affiliates: vec![Affiliate {
                id: Id::new("A"),
                name: String::new(),
                own_companies: Vec::new(),
                domains: Vec::new(),
                agreement_signed_on: Some(signed_on),
                remittance: quote.remittance,
            }],
            clients: vec![Client {
                id: Id::new("C"),
                name: quote.prospect.clone(),
                domains: Vec::new(),
                customer_since: None,
            }],
            referrals: vec![Referral {
                id: Id::new("R"),
                affiliate: Id::new("A"),
                client: Id::new("C"),
                registered_on: signed_on,
            }],
            contracts: vec![Contract {
                id: Id::new("K"),
                referral: Id::new("R"),
                signed_on,
                starts_on: quote.starts_on,
                term_months: quote.term_months,
                ended_on: self.leaves_after().map(|month| self.last_day(month)),
                rate: quote.rate,
                billed_by: quote.billed_by,
                lines: quote.lines.clone(),
                changes: self
                    .change()
                    .map(|(month, amount)| Change {
                        effective_on: self.first_day(month),
                        lines: self.changed(amount, month),
                    })
                    .into_iter()
                    .collect(),
            }],
            invoices,
            payments,
            remittances,
            ..Records::default()
        }
    }

    /// Of the contract's nth month.
    fn bill(&self, month: u32) -> Invoice {
        Invoice {
            id: Id::new(month.to_string()),
            number: month.to_string(),
            client: Id::new("C"),
            contract: Some(Id::new("K")),
            issued_on: self.first_day(month),
            due_on: self.first_day(month) + Days::new(self.quote.days_to_pay.into()),
            period_start: self.first_day(month),
            period_end: self.last_day(month),
            lines: self.lines(month),
            tax: self.programme.currency.zero(),
        }
    }

    fn payment(&self, bill: &Invoice) -> Option<Payment> {
        let amount = bill.total();
        let id = Id::new(format!("{}, assumed", bill.id));
        let received_on = bill.due_on + Days::new(self.days_late());
        amount.is_positive().then(|| Payment { id, invoice: bill.id.clone(), received_on, amount })
    }

    /// "Under `remittance: net_of_commission` the affiliate keeps the commission."
    fn remittance(&self, bill: &Invoice) -> Option<Remittance> {
        let kept = match self.quote.remittance {
            AgreedRemittance::InFull => self.programme.currency.zero(),
            AgreedRemittance::NetOfCommission => self.quote.rate.of(self.base(bill)),
        };
        let amount = bill.total() - kept;
        let id = Id::new(format!("{}, assumed", bill.id));
        let received_on = bill.due_on + Days::new(self.days_late());
        amount.is_positive().then(|| Remittance { id, invoice: bill.id.clone(), received_on, amount })
    }

    /// "For a period that starts after the term ended: the smaller of billed and the ceiling"; the ceiling, of the days
    /// of the period that begin another month too.
    fn base(&self, bill: &Invoice) -> Money {
        let month: u32 = bill.number.parse().expect("a month");
        let billed = self.earning(&bill.lines);
        let holds = self.programme.in_term_changes == InTermChanges::HoldOriginal;
        if month <= self.quote.term_months && !holds {
            return billed;
        }
        let change = self.change().filter(|(month, _)| *month <= self.quote.term_months && !holds);
        let reference = change.map_or(self.earning(&self.quote.lines), |(_, amount)| amount);
        billed.min(self.ceiling(reference, bill))
    }

    /// A contract's month has all days until the next begins: one that begins on a day that its month lacks has some
    /// beyond a month, counted from its own first day.
    fn ceiling(&self, reference: Money, bill: &Invoice) -> Money {
        let (next, after) = (bill.period_start + Months::new(1), bill.period_start + Months::new(2));
        let beyond = (bill.period_end + Days::new(1) - next).num_days();
        let of = (after - next).num_days();
        // Half a cent up: no amount here is below nothing.
        let minor = (reference.minor() * (of + beyond) * 2 + of) / (of * 2);
        Money::from_minor(minor, self.programme.currency)
    }

    fn lines(&self, month: u32) -> Vec<Line> {
        match self.change().filter(|(from, _)| *from <= month) {
            Some((_, amount)) => self.changed(amount, month),
            None => self.charged(month).cloned().collect(),
        }
    }

    /// What earns is one amount, and what is charged beside it stays.
    fn changed(&self, amount: Money, month: u32) -> Vec<Line> {
        let earning = self.quote.lines.iter().find(|line| line.kind.earns()).expect("every quote earns");
        let besides = self.charged(month).filter(|line| !line.kind.earns()).cloned();
        [Line { amount, ..earning.clone() }].into_iter().chain(besides).collect()
    }

    /// Setup and consulting with the first month alone.
    fn charged(&self, month: u32) -> impl Iterator<Item = &Line> {
        self.quote.lines.iter().filter(move |line| month == 1 || !matches!(line.kind, Kind::Setup | Kind::Consulting))
    }

    fn earning(&self, lines: &[Line]) -> Money {
        self.programme.currency.sum(lines.iter().filter(|line| line.kind.earns()).map(|line| line.amount))
    }

    /// "Months are always added to the first day itself, so that a clamped day does not stick."
    fn first_day(&self, month: u32) -> Day {
        self.quote.starts_on + Months::new(month - 1)
    }

    fn last_day(&self, month: u32) -> Day {
        self.first_day(month + 1) - Days::new(1)
    }

    fn leaves_after(&self) -> Option<u32> {
        self.what_ifs
            .iter()
            .find_map(|what_if| if let WhatIf::LeavesAfter { month } = what_if { Some(*month) } else { None })
    }

    fn change(&self) -> Option<(u32, Money)> {
        self.what_ifs.iter().find_map(|what_if| {
            if let WhatIf::ChangesTo { month, amount } = what_if { Some((*month, *amount)) } else { None }
        })
    }

    fn days_late(&self) -> u64 {
        self.what_ifs
            .iter()
            .find_map(|what_if| if let WhatIf::PaysLate { days } = what_if { Some(u64::from(*days)) } else { None })
            .unwrap_or(0)
    }
}

/// What people are told of a quote.
#[derive(Debug, PartialEq)]
struct Figures {
    first_paid: Option<String>,
    first_year: String,
    term: Option<String>,
    /// Of the first month after the term; of a plain quote alone.
    after: Option<String>,
    months: Vec<String>,
}

/// As the answer says it: of the what-ifs all together, if there are any.
fn promised(desk: &Desk, quote: &Quote, what_ifs: &[WhatIf]) -> Figures {
    let answer = answer(desk, quote, what_ifs);
    match answer.what_ifs.last() {
        None => Figures {
            first_paid: answer.first_paid.map(|month| month.month),
            first_year: answer.first_year.amount,
            term: answer.term.map(|term| term.amount),
            after: Some(answer.after.amount),
            months: answer.months.into_iter().map(|month| month.paid.amount).collect(),
        },
        Some(what_if) => Figures {
            first_paid: what_if.first_paid.as_ref().map(|month| month.month.clone()),
            first_year: what_if.first_year.what_if.amount.clone(),
            term: what_if.term.as_ref().map(|term| term.what_if.amount.clone()),
            after: None,
            months: answer
                .months
                .iter()
                .filter_map(|month| Some(month.what_if_paid.as_ref()?.amount.clone()))
                .collect(),
        },
    }
}

/// As the closed statements have it.
fn paid(quote: &Quote, what_ifs: &[WhatIf], closed: &[Statement], currency: Currency) -> Figures {
    let on = |first: u32, last: u32| {
        let lines = closed.iter().flat_map(|statement| &statement.lines).filter(|line| line.status != Status::Held);
        let counts = |number: &str| (first..=last).contains(&number.parse().expect("a month"));
        currency.sum(lines.filter(|line| counts(&line.number)).map(|line| line.commission)).to_string()
    };
    let first = closed.iter().find(|statement| (statement.payout + statement.retained).is_positive());
    let shown = usize::try_from(months_shown(quote)).expect("some months");
    Figures {
        first_paid: first.map(|statement| statement.month.to_string()),
        first_year: on(1, 12),
        term: (quote.term_months > 0).then(|| on(1, quote.term_months)),
        after: what_ifs.is_empty().then(|| on(quote.term_months + 1, quote.term_months + 1)),
        months: closed
            .iter()
            .take(shown)
            .map(|statement| (statement.payout + statement.retained).to_string())
            .collect(),
    }
}

fn answer(desk: &Desk, quote: &Quote, what_ifs: &[WhatIf]) -> QuoteAnswer {
    let mut asked = WhatIfs::default();
    for what_if in what_ifs {
        match what_if {
            WhatIf::PaysLate { days } => asked.days_late = Some(days.to_string()),
            WhatIf::LeavesAfter { month } => asked.leaves_after = Some(month.to_string()),
            WhatIf::ChangesTo { month, amount } => {
                (asked.changes_in, asked.changes_to) = (Some(month.to_string()), Some(amount.to_string()));
            }
        }
    }
    let document = serde_json::json!({ "quotes": [quote] }).to_string();
    desk.quote_view(document.as_bytes(), &asked, later()).expect("a view").answer.expect("an answer")
}

fn statement(desk: &Desk, month: Month) -> Statement {
    let mut views = desk.statements(month, None).expect("statements").statements;
    views.remove(0).statement
}
