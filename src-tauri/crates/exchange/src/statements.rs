//! Statements as JSON, for programs, and as CSV, for spreadsheets.

use rules::month::Month;
use rules::statement::Statement;
use serde::Serialize;

/// A statement, and what it stands on.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Written<'a> {
    pub number: &'a str,
    /// `None` for a draft.
    pub sealed: Option<SealedAs<'a>>,
    #[serde(flatten)]
    pub statement: &'a Statement,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub struct SealedAs<'a> {
    pub sha256: &'a str,
    pub closed_at: &'a str,
    pub revision: u32,
}

#[derive(Serialize)]
struct MonthWritten<'a> {
    month: Month,
    statements: &'a [Written<'a>],
}

/// A month's statements in the form of `book-format.md`, with every step of every line.
pub fn json(month: Month, statements: &[Written<'_>]) -> Vec<u8> {
    let mut json = serde_json::to_vec_pretty(&MonthWritten { month, statements }).expect("statements are JSON");
    json.push(b'\n');
    json
}

/// The statement's lines as a table with a head. Inert in a spreadsheet: a text that a formula could begin with is led
/// by an apostrophe.
pub fn csv(statement: &Statement) -> Vec<u8> {
    const HEAD: [&str; 11] = [
        "invoice",
        "number",
        "client",
        "client_name",
        "period_start",
        "period_end",
        "status",
        "reason",
        "base",
        "rate",
        "commission",
    ];
    let mut table = csv::Writer::from_writer(Vec::new());
    let mut write = |row: &[String]| table.write_record(row).expect("memory takes a row");
    write(&HEAD.map(str::to_owned));
    for line in &statement.lines {
        write(&[
            inert(line.invoice.as_str()),
            inert(&line.number),
            inert(line.client.as_str()),
            inert(&line.client_name),
            line.period_start.to_string(),
            line.period_end.to_string(),
            line.status.as_str().to_owned(),
            line.reason.as_str().to_owned(),
            line.base.to_string(),
            line.rate.to_string(),
            line.commission.to_string(),
        ]);
    }
    table.into_inner().expect("memory takes the rows")
}

fn inert(text: &str) -> String {
    let starts_a_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    if starts_a_formula { format!("'{text}") } else { text.to_owned() }
}
