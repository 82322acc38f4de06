//! The worked examples: figures by hand from the programme's page, never regenerated from the program.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value};

pub struct Case {
    /// The file's name is the rule.
    pub name: String,
    /// In the exchange format.
    pub book: String,
    pub expect: Expect,
}

pub enum Expect {
    Refused(String),
    /// By month, then affiliate.
    Statements(BTreeMap<String, Map<String, Value>>),
}

pub fn all() -> Vec<Case> {
    // From `tests` or, built for fuzzing, from the folder below it.
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let folder = above.map(|folder| folder.join("cases")).find(|folder| folder.is_dir()).expect("tests/cases");
    let mut files: Vec<_> =
        fs::read_dir(folder).expect("tests/cases").map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    files.iter().map(|file| read(file)).collect()
}

fn read(file: &Path) -> Case {
    let text = fs::read_to_string(file).expect("a case");
    let case: Value = serde_json::from_str(&text).expect("a case is JSON");
    let name = file.file_stem().expect("a name").to_string_lossy().into_owned();
    let expect = match case["expect"]["refused"].as_str() {
        Some(code) => Expect::Refused(code.to_owned()),
        None => Expect::Statements(serde_json::from_value(case["expect"].clone()).expect("months and affiliates")),
    };
    Case { name, book: case["book"].to_string(), expect }
}

/// Where statements (in the form of `statement --json`) differ from what a case expects of a month.
pub fn differences(expected: &Map<String, Value>, statements: &Value) -> Vec<String> {
    let mut differences = Vec::new();
    for (affiliate, expected) in expected {
        let all = statements["statements"].as_array().expect("a list of statements");
        let Some(statement) = all.iter().find(|statement| statement["affiliate"] == affiliate.as_str()) else {
            differences.push(format!("{affiliate} has no statement"));
            continue;
        };
        for (member, expected) in expected.as_object().expect("members") {
            if member == "lines" {
                let (expected, found) = (lines(expected), lines(&statement["lines"]));
                if expected != found {
                    differences.push(format!("{affiliate}: lines {found:#?} instead of {expected:#?}"));
                }
            } else if statement[member] != *expected {
                differences.push(format!("{affiliate}: {member} {} instead of {expected}", statement[member]));
            }
        }
    }
    differences
}

/// "Compared by invoice, status, base and commission", order free.
fn lines(lines: &Value) -> Vec<[String; 4]> {
    let text = |line: &Value, member: &str| line[member].as_str().unwrap_or("missing").to_owned();
    let line = |line: &Value| ["invoice", "status", "base", "commission"].map(|member| text(line, member));
    let mut lines: Vec<_> = lines.as_array().expect("a list of lines").iter().map(line).collect();
    lines.sort();
    lines
}
