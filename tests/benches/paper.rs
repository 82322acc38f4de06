//! A statement of 60 lines as PDF, against reportlab drawing just its table.

use std::hint::black_box;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use exchange::sealed::{Sealed, write};
use exchange::statements::csv;
use paper::{Fonts, PageSize, Seal, StatementPaper};
use refbook_tests::oracle::Oracle;
use rules::affiliate::{Affiliate, AgreedRemittance};
use rules::client::Client;
use rules::contract::{BilledBy, Contract};
use rules::day::{Day, parse, words};
use rules::id::Id;
use rules::invoice::{Invoice, Kind, Line, Payment};
use rules::money::{Currency, Money};
use rules::month::Month;
use rules::rate::Rate;
use rules::records::Records;
use rules::referral::Referral;
use rules::statement::{Inputs, Statement};
use rules::step::Rule;
use rules::terms::{InTermChanges, Programme};
use serde_json::json;

use crate::{Ratio, folder, ms, ratio, rounds, timed};

const LINES: u32 = 60;
/// Statements drawn in a row: as when a month is printed.
const AT_ONCE: u32 = 10;

pub fn ratios() -> Vec<Ratio> {
    let inputs = inputs();
    let statement = inputs.statement();
    assert_eq!(statement.lines.len(), LINES as usize);
    let fonts = Fonts::load();
    let json = write(&sealed(&inputs, &statement));
    let pdf = print(&inputs, &statement, &json, &fonts);
    std::fs::write(folder().join("statement.pdf"), &pdf).expect("written");
    let bytes = f64::from(u32::try_from(pdf.len()).expect("a small file"));
    let mut ratios = vec![Ratio {
        what: "A statement of 60 lines, tagged, with its files inside, against 40 KB",
        measured: format!("{:.1} KB", bytes / 1000.0),
        ratio: bytes / 40_000.0,
        at_most: 1.0,
    }];
    let Some(mut reportlab) = Reportlab::start(&statement) else {
        eprintln!("No reportlab in target/bench-venv: `cargo xtask bench` installs it.");
        return ratios;
    };
    let ours = &mut || {
        let draw = || print(&inputs, &statement, &json, &fonts);
        timed(|| (0..AT_ONCE).for_each(|_| drop(black_box(draw())))).0 / AT_ONCE
    };
    let [ours, reportlab] = rounds(15, [ours, &mut || reportlab.draw()]);
    ratios.push(Ratio {
        what: "Making it, against reportlab drawing just the same table untagged",
        measured: format!("{} against {}", ms(&ours), ms(&reportlab)),
        ratio: ratio(&ours, &reportlab),
        at_most: 1.0 / 1.5,
    });
    ratios
}

/// As it lies in the book.
fn sealed(inputs: &Inputs, statement: &Statement) -> Sealed {
    Sealed {
        engine: rules::ENGINE,
        number: "2025-12-A1".to_owned(),
        revision: 1,
        previous: Some("0".repeat(64)),
        closed_at: "2026-01-03T09:00:00Z".to_owned(),
        inputs: inputs.clone(),
        statement: statement.clone(),
    }
}

/// As `refbook print` does it.
fn print(inputs: &Inputs, statement: &Statement, json: &[u8], fonts: &Fonts) -> Vec<u8> {
    let paper = StatementPaper {
        programme: &inputs.programme,
        affiliate: &inputs.affiliate,
        statement,
        number: "2025-12-A1",
        seal: Seal::Sealed { sha256: &"0123456789abcdef".repeat(4), closed_on: day("2026-01-03"), revision: 1 },
        json,
        csv: &csv(statement),
        logo: None,
    };
    paper::statement(&paper, PageSize::A4, fonts).pdf
}

/// Python with reportlab and the table, waiting.
struct Reportlab {
    ask: ChildStdin,
    answer: BufReader<ChildStdout>,
}

impl Reportlab {
    fn start(statement: &Statement) -> Option<Self> {
        let python = folder().join("../bench-venv/bin/python");
        let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("benches/reportlab_table.py");
        let mut child = Command::new(python).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
        let (mut ask, answer) = (child.stdin.take()?, BufReader::new(child.stdout.take()?));
        writeln!(ask, "{}", json!(rows(statement))).ok()?;
        Some(Self { ask, answer })
    }

    /// A drawing, as it measures itself: no start of Python and no pipe is in it.
    fn draw(&mut self) -> Duration {
        let mut seconds = String::new();
        writeln!(self.ask, "{AT_ONCE}").expect("it listens");
        self.answer.read_line(&mut seconds).expect("it answers");
        Duration::from_secs_f64(seconds.trim().parse().expect("seconds")) / AT_ONCE
    }
}

/// The table as it stands on our pages: each client's name over its invoices.
fn rows(statement: &Statement) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut client = None;
    for line in &statement.lines {
        if client != Some(&line.client) {
            client = Some(&line.client);
            rows.push(vec![line.client_name.clone()]);
        }
        let paid = line.steps.iter().find_map(|step| match &step.rule {
            Rule::PaidInFull { paid_on, .. } => Some(words(*paid_on)),
            _ => None,
        });
        rows.push(vec![
            line.number.clone(),
            format!("{} to {}", words(line.period_start), words(line.period_end)),
            paid.map_or_else(String::new, |on| format!("Paid in full {on}.")),
            line.base.grouped(),
            line.rate.percent(),
            line.commission.grouped(),
        ]);
    }
    rows
}

fn inputs() -> Inputs {
    let month = Month::parse("2025-12").expect("a month");
    let facts = Oracle::default().facts(&records(), month);
    facts.into_inputs().next().expect("the affiliate's")
}

/// Twenty clients with three contracts each, all paid.
fn records() -> Records {
    let mut records = Records {
        programme: Some(Programme {
            company: "NetSource".to_owned(),
            phone: "(866) 778-1212".to_owned(),
            currency: usd(),
            standard_rate: rate("0.10"),
            maximum_rate: rate("0.10"),
            in_term_changes: InTermChanges::FollowContract,
            minimum_payout: money(0),
        }),
        affiliates: vec![Affiliate {
            id: Id::new("A1"),
            name: "Dana Reyes".to_owned(),
            own_companies: vec!["Reyes Consulting LLC".to_owned()],
            domains: Vec::new(),
            agreement_signed_on: None,
            remittance: AgreedRemittance::InFull,
        }],
        ..Records::default()
    };
    for nth in 0..LINES {
        bill(nth, &mut records);
    }
    records
}

fn bill(nth: u32, records: &mut Records) {
    let amount = money(10_000 + i64::from(nth) * 1_337);
    let id = |letter: &str| format!("{letter}{nth:03}");
    let lines = vec![Line { kind: Kind::Hosting, description: "Hosting".to_owned(), amount }];
    let client = nth / 3;
    if nth.is_multiple_of(3) {
        refer(client, records);
    }
    records.contracts.push(Contract {
        id: Id::new(id("K")),
        referral: Id::new(format!("R{client}")),
        signed_on: day("2024-12-01"),
        starts_on: day("2025-01-01"),
        term_months: if nth.is_multiple_of(2) { 24 } else { 6 },
        ended_on: None,
        rate: rate("0.10"),
        billed_by: BilledBy::Company,
        lines: lines.clone(),
        changes: Vec::new(),
    });
    records.invoices.push(Invoice {
        id: Id::new(id("I")),
        number: format!("NS-25-{:04}", 600 + nth),
        client: Id::new(format!("C{client}")),
        contract: Some(Id::new(id("K"))),
        issued_on: day("2025-12-01"),
        due_on: day("2025-12-15"),
        period_start: day("2025-12-01"),
        period_end: day("2025-12-31"),
        lines,
        tax: money(0),
    });
    let (id, invoice) = (Id::new(id("P")), Id::new(id("I")));
    let received_on = day("2025-12-01") + chrono::Days::new(u64::from(nth % 20));
    records.payments.push(Payment { id, invoice, received_on, amount });
}

fn refer(nth: u32, records: &mut Records) {
    const NAMES: [&str; 4] = ["Alder", "Birch", "Cedar", "Dogwood"];
    const TRADES: [&str; 5] = ["Dental Group", "Freight Inc", "Analytics GmbH", "Legal LLP", "Outdoor Supply Co"];
    records.clients.push(Client {
        id: Id::new(format!("C{nth}")),
        name: format!("{} {}", NAMES[nth as usize % 4], TRADES[nth as usize / 4]),
        domains: Vec::new(),
        customer_since: None,
    });
    records.referrals.push(Referral {
        id: Id::new(format!("R{nth}")),
        affiliate: Id::new("A1"),
        client: Id::new(format!("C{nth}")),
        registered_on: day("2024-11-15"),
    });
}

fn usd() -> Currency {
    Currency::parse("USD").expect("a currency")
}

fn money(minor: i64) -> Money {
    Money::from_minor(minor, usd())
}

fn rate(text: &str) -> Rate {
    Rate::parse(text).expect("a rate")
}

fn day(text: &str) -> Day {
    parse(text).expect("a day")
}
