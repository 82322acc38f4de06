//! `refbook statement`.

use desk::{Desk, Month, MonthStatements, State, StatementView};

use crate::Failure;
use crate::output::{Output, columns, text};

pub fn run(desk: &Desk, month: Month, affiliate: Option<&str>, json: bool, output: &mut Output) -> Result<(), Failure> {
    let statements = desk.statements(month, affiliate)?;
    if json {
        output.raw(&statements.json());
        return Ok(());
    }
    match (affiliate, statements.statements.as_slice()) {
        (Some(_), [view]) => tell_one(view, output),
        (_, []) => output.line(format_args!("There is no statement for {month}: no affiliate had a referral yet.")),
        _ => tell_all(&statements, output),
    }
    Ok(())
}

/// An affiliate a row.
fn tell_all(MonthStatements { month, statements }: &MonthStatements, output: &mut Output) {
    let state = statements.first().map_or("", |view| state(&view.state));
    let currency = statements.first().map_or("", |view| view.inputs.currency().code());
    output.line(format_args!("{month}, {state}, in {currency}\n"));
    let head = ["", "affiliate", "payable", "reversed", "adjusted", "payout", "carried", "retained", "held"];
    let mut table = columns(head, &[2, 3, 4, 5, 6, 7, 8]);
    for StatementView { statement, .. } in statements {
        let amounts = [
            statement.payable,
            statement.reversed,
            statement.adjusted,
            statement.payout,
            statement.carried_forward,
            statement.retained,
            statement.held,
        ];
        let names = [statement.affiliate.to_string(), statement.affiliate_name.clone()];
        table.add_row(names.into_iter().chain(amounts.map(|amount| amount.grouped())));
    }
    output.line(text(&table));
    output.line("\n--affiliate ID shows one with its lines; refbook why tells how a line came about.");
}

/// The whole statement.
fn tell_one(view: &StatementView, output: &mut Output) {
    let StatementView { number, statement, inputs, state: of } = view;
    output.line(format_args!("Statement {number}, {}, {}", statement.affiliate_name, state(of)));
    if let State::Sealed { sha256, .. } = of {
        output.line(format_args!("SHA-256 {sha256}"));
    }
    output.line("");
    let mut sums = columns(["", inputs.currency().code()], &[1]);
    let balance = [
        ("Brought forward", statement.brought_forward),
        ("Payable", statement.payable),
        ("Reversed", statement.reversed),
        ("Adjusted", statement.adjusted),
        ("Payout", statement.payout),
        ("Carried forward", statement.carried_forward),
        ("Retained by the affiliate", statement.retained),
        ("Held", statement.held),
    ];
    for (name, amount) in balance {
        sums.add_row([name.to_owned(), amount.grouped()]);
    }
    output.line(text(&sums));
    tell_lines(view, output);
    for release in &statement.releases {
        let bills: Vec<String> = release.bills.iter().map(|bill| bill.words()).collect();
        output.line(format_args!(
            "\n{} is held for {}, until this is paid: {}.",
            release.held.grouped(),
            release.client_name,
            bills.join("; ")
        ));
    }
}

fn tell_lines(StatementView { statement, .. }: &StatementView, output: &mut Output) {
    if statement.lines.is_empty() {
        return output.line("\nNo invoice has a line in this month.");
    }
    let head = ["client", "invoice", "period", "status", "base", "rate", "commission"];
    let mut table = columns(head, &[4, 5, 6]);
    for line in &statement.lines {
        table.add_row([
            line.client_name.clone(),
            line.number.clone(),
            format!("{} to {}", line.period_start, line.period_end),
            line.status.as_str().to_owned(),
            line.base.grouped(),
            line.rate.percent(),
            line.commission.grouped(),
        ]);
    }
    output.line(format_args!("\n{}", text(&table)));
}

fn state(state: &State) -> &'static str {
    match state {
        State::Draft => "draft",
        State::Sealed { .. } => "sealed",
    }
}
