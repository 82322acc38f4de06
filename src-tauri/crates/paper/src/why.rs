//! Why a line says what it says, in the few words that a table has room for. The whole reasons, step by step, are in
//! the embedded `statement.json`.

use rules::day;
use rules::invoice;
use rules::statement::{Line, Reason, Status, Total};
use rules::step::{OpenBill, Rule};

/// One sentence or two on a line.
pub(crate) fn why(line: &Line) -> String {
    let mut sentences = vec![outcome(line)];
    sentences.extend(line.steps.iter().filter_map(|step| base(&step.rule)));
    sentences.extend(settled_before(line));
    sentences.join(" ")
}

/// "NetSource does not pay a commission on setup fees or other one time consulting charges."
pub(crate) fn not_earning(charges: &[invoice::Line]) -> Vec<String> {
    charges.iter().map(|charge| format!("Earns nothing: {} {}.", charge.words(), charge.amount.grouped())).collect()
}

fn outcome(line: &Line) -> String {
    match (line.status, line.reason) {
        (Status::Held, Reason::ClientOverdue) => held_by(line),
        (Status::Held, _) => match missing(line) {
            Some(missing) => format!("Held: {missing} of the invoice is unpaid."),
            None => "Held until the invoice is paid in full.".to_owned(),
        },
        (Status::Reversed, _) => taken_back(line),
        (Status::Retained, _) => format!("{}; you kept it.", paid(line)),
        (Status::Payable, _) => format!("{}.", paid(line)),
    }
}

fn paid(line: &Line) -> String {
    let paid_on = line.steps.iter().find_map(|step| match &step.rule {
        Rule::PaidInFull { paid_on, .. } => Some(*paid_on),
        _ => None,
    });
    paid_on.map_or("Paid in full".to_owned(), |paid_on| format!("Paid in full {}", day::words(paid_on)))
}

fn held_by(line: &Line) -> String {
    let bills = line.steps.iter().find_map(|step| match &step.rule {
        Rule::ClientOverdue { bills, .. } => Some(bills.as_slice()),
        _ => None,
    });
    match bills {
        Some([bill]) => format!("Held: {} is overdue.", bill.number),
        Some([first, rest @ ..]) => format!("Held: {}{} are overdue.", first.number, others(rest)),
        _ => "Held: a bill is overdue.".to_owned(),
    }
}

fn others(bills: &[OpenBill]) -> String {
    match bills {
        [bill] => format!(" and {}", bill.number),
        bills => format!(" and {} other bills", bills.len()),
    }
}

fn taken_back(line: &Line) -> String {
    let cause = line.steps.iter().find_map(|step| match &step.rule {
        Rule::Voided { record, reason, .. } => Some(format!("the {record} was voided ({reason})")),
        Rule::ContractEnded { ended_on, .. } => Some(format!("the contract ended {}", day::words(*ended_on))),
        _ => None,
    });
    let cause = cause.or_else(|| missing(line).map(|missing| format!("{missing} of the invoice is unpaid again")));
    let cause = cause.unwrap_or_else(|| "the base is smaller now".to_owned());
    let whose = if line.sums_into == Total::Retained { ", from what you kept" } else { "" };
    format!("Taken back{whose}: {cause}.")
}

fn missing(line: &Line) -> Option<String> {
    line.steps.iter().find_map(|step| match &step.rule {
        Rule::NotPaidInFull { missing, .. } => Some(missing.grouped()),
        _ => None,
    })
}

/// How the base was chosen, where it is not simply what was billed.
fn base(rule: &Rule) -> Option<String> {
    match rule {
        Rule::Ceiling { reference, months, ceiling, billed, .. } if ceiling < billed => Some(format!(
            "Base: the original {} × {}; {} was billed.",
            reference.grouped(),
            months.words(),
            billed.grouped()
        )),
        Rule::Ceiling { billed, ceiling, .. } if billed < ceiling => {
            Some(format!("Base: as billed, less than the original {}.", ceiling.grouped()))
        }
        _ => None,
    }
}

/// What makes the amount differ from base × rate.
fn settled_before(line: &Line) -> Option<String> {
    line.steps.iter().find_map(|step| match &step.rule {
        Rule::Delta { entitled, settled, .. } if !settled.is_zero() => {
            Some(format!("Earned to date {}; {} settled before.", entitled.grouped(), settled.grouped()))
        }
        _ => None,
    })
}
