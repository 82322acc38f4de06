//! `refbook why`.

use desk::{Desk, Month, Why};

use crate::Failure;
use crate::output::Output;

pub fn run(desk: &Desk, invoice: &str, month: Option<Month>, output: &mut Output) -> Result<(), Failure> {
    let Why { invoice, number, client_name, affiliate, month, sealed, outcome, steps } = desk.why(invoice, month)?;
    let state = if sealed { "sealed" } else { "draft" };
    output.line(format_args!("Invoice {number} ({invoice}), {client_name}"));
    output.line(format_args!("On the statement of {month} for affiliate {affiliate} ({state}):"));
    match outcome {
        Some(outcome) => output.line(format_args!("{} {}", outcome.status.as_str(), outcome.amount.grouped())),
        None => output.line("no line: there is nothing to pay, hold or take back."),
    }
    for (nth, step) in steps.iter().enumerate() {
        output.line(format_args!("\n{}. {}. {}", nth + 1, step.rule.title(), step.rule.words()));
        output.line(format_args!("   The page: \u{201c}{}\u{201d}", step.page));
    }
    Ok(())
}
