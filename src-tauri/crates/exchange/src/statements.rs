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

/// A spreadsheet may take a semicolon or a tab for the end of a cell, whatever the table is separated by.
fn inert(text: &str) -> String {
    let mut inert = String::with_capacity(text.len() + 1);
    let mut begins = true;
    for c in text.chars() {
        if begins && matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n') {
            inert.push('\'');
        }
        inert.push(c);
        begins = matches!(c, ';' | '\t' | '\r' | '\n') || (begins && c == ' ');
    }
    inert
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::sample;

    fn statements() -> Vec<Statement> {
        sample::inputs().iter().map(rules::statement::Inputs::statement).collect()
    }

    #[test]
    fn a_text_that_a_formula_could_begin_with_is_led_by_an_apostrophe() {
        let csv = csv(&statements()[0]);
        let mut rows = csv::Reader::from_reader(csv.as_slice());
        let rows: Vec<csv::StringRecord> = rows.records().collect::<Result<_, _>>().expect("CSV");
        let cells: Vec<&str> = rows.iter().flatten().collect();
        assert!(cells.contains(&"'=Acme") && cells.contains(&"'-1"), "{cells:?}");
        let is_amount = |cell: &str| cell.parse::<f64>().is_ok();
        assert!(cells.iter().all(|cell| is_amount(cell) || !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])));
    }

    #[test]
    fn no_cell_begins_a_formula_wherever_a_spreadsheet_cuts_the_table() {
        for (text, cell) in [
            ("Acme;=cmd|'/c calc'!A1", "Acme;'=cmd|'/c calc'!A1"),
            ("Acme; =1", "Acme; '=1"),
            ("Acme\t@SUM(1)", "Acme\t'@SUM(1)"),
            (" +1", " '+1"),
            ("Smith - Sons; Co", "Smith - Sons; Co"),
            ("a=b", "a=b"),
        ] {
            assert_eq!(inert(text), cell);
        }
    }

    #[test]
    fn amounts_in_a_table_are_plain_numbers_also_below_nothing() {
        let mut statement = statements().remove(0);
        let reversed = -statement.lines[0].base;
        statement.lines[0].commission = reversed;
        let csv = String::from_utf8(csv(&statement)).expect("UTF-8");
        assert!(csv.contains(&format!(",{reversed}")) && reversed.to_string().starts_with('-'), "{csv}");
        assert_eq!(csv.lines().count(), 1 + statement.lines.len());
    }

    #[test]
    fn a_months_statements_have_the_members_of_the_format() {
        let statements = statements();
        let written: Vec<Written<'_>> =
            statements.iter().map(|statement| Written { number: "N", sealed: None, statement }).collect();
        let json: Value = serde_json::from_slice(&json(statements[0].month, &written)).expect("JSON");
        assert_eq!(json["month"], "2025-01");
        let first = &json["statements"][0];
        for total in
            ["payable", "reversed", "retained", "held", "adjusted", "brought_forward", "payout", "carried_forward"]
        {
            assert!(first[total].is_string(), "{total}");
        }
        let line = &first["lines"][0];
        for member in ["invoice", "status", "reason", "base", "rate", "commission"] {
            assert!(line[member].is_string(), "{member}");
        }
        assert!(line["steps"].is_array() && first["affiliate"] == "A1" && first["sealed"].is_null());
    }
}
