//! Every worked example, through a real book.

use desk::{Code, DeskError};
use refbook_tests::cases::{Case, Expect, all, differences};
use refbook_tests::{Shelf, later};
use rules::month::Month;

#[test]
fn every_worked_example_comes_out_as_it_was_worked_by_hand() {
    let cases = all();
    assert!(cases.len() >= 34, "only {} cases: some are missing", cases.len());
    let failures: Vec<String> = cases.iter().flat_map(failures).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn failures(case: &Case) -> Vec<String> {
    let shelf = Shelf::new();
    let mut desk = shelf.create();
    let imported = desk.import("case.json", case.book.as_bytes(), later());
    let found = match (&case.expect, imported) {
        (Expect::Refused(code), Err(DeskError { code: Code::Refused, fields, .. })) => {
            let codes: Vec<&str> = fields.iter().map(|problem| problem.code.as_str()).collect();
            let as_expected = codes == [code.as_str()];
            if as_expected { Vec::new() } else { vec![format!("refused with {codes:?} instead of {code}")] }
        }
        (Expect::Refused(code), other) => vec![format!("{other:?} instead of {code}")],
        (Expect::Statements(_), Err(error)) => vec![format!("refused: {error:?}")],
        (Expect::Statements(months), Ok(_)) => {
            let mut found = Vec::new();
            for (month, expected) in months {
                let month = Month::parse(month).expect("a month");
                let mut look = |state: &str, desk: &desk::Desk| {
                    let statements = desk.statements(month, None).expect("statements").json();
                    let statements = serde_json::from_slice(&statements).expect("JSON");
                    found.extend(
                        differences(expected, &statements).into_iter().map(|what| format!("{month} {state}: {what}")),
                    );
                };
                // "Every earlier month having been closed in order": a draft says what the closed month will.
                look("drafted", &desk);
                desk.close(month, later(), |_| true).expect("it closes");
                look("closed", &desk);
            }
            let verified = desk.verify().expect("verify");
            found.extend(verified.finding.map(|finding| format!("{finding:?}")));
            found
        }
    };
    found.into_iter().map(|what| format!("{}: {what}", case.name)).collect()
}
