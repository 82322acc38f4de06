//! Every worked example, through the command line.

use std::fs;

use refbook_tests::cases::{Case, Expect, all, differences};
use serde_json::Value;

use crate::{Place, text};

#[test]
fn every_worked_example_comes_out_on_the_command_line() {
    let failures: Vec<String> = all().iter().flat_map(failures).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn failures(case: &Case) -> Vec<String> {
    let place = Place::new();
    fs::write(place.path("case.json"), &case.book).expect("a file");
    place.done(&["new", "BOOK"]);
    let found = match &case.expect {
        Expect::Refused(code) => {
            let output = place.run(&["import", "BOOK", "case.json", "--json"]);
            let problems: Value = serde_json::from_slice(&output.stdout).expect("problems as JSON");
            let codes: Vec<&Value> =
                problems["problems"].as_array().expect("a list").iter().map(|one| &one["code"]).collect();
            let as_expected = output.status.code() == Some(1) && codes == [code.as_str()];
            if as_expected {
                Vec::new()
            } else {
                vec![format!("{codes:?} instead of {code}: {}", text(&output.stderr))]
            }
        }
        Expect::Statements(months) => {
            place.done(&["import", "BOOK", "case.json"]);
            let mut found = Vec::new();
            for (month, expected) in months {
                place.done(&["close", "BOOK", "--through", month]);
                let statements = place.done(&["statement", "BOOK", "--month", month, "--json"]);
                let statements: Value = serde_json::from_str(&statements).expect("JSON");
                assert_eq!(statements["month"], month.as_str());
                found.extend(differences(expected, &statements).into_iter().map(|what| format!("{month}: {what}")));
            }
            found
        }
    };
    found.into_iter().map(|what| format!("{}: {what}", case.name)).collect()
}
