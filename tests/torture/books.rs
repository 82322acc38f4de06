//! The books that stories begin with, made by the program itself, and the stories.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::program::Program;
use crate::story::{BOOK, Plot, placed};

/// What the stories need: small, so that a run is quick, and with every kind of page in it.
const SAMPLE: [&str; 4] = ["--contracts", "24", "--months", "5"];

const CLOSE: [&str; 3] = ["2025-10", "2025-11", "2025-12"];

pub const PLOTS: &[Plot] = &[
    Plot {
        name: "import",
        asked: &["import", "./Book.refbook", "./import.json"],
        said: "Imported",
        steps: &[&["import", "./Book.refbook", "./import.json"]],
    },
    Plot {
        name: "close",
        asked: &["close", "./Book.refbook", "--through", CLOSE[2]],
        said: "Closed",
        steps: &[
            &["close", "./Book.refbook", "--through", CLOSE[0]],
            &["close", "./Book.refbook", "--through", CLOSE[1]],
            &["close", "./Book.refbook", "--through", CLOSE[2]],
        ],
    },
    Plot {
        name: "print",
        asked: &["print", "./Book.refbook", "--month", "2025-09", "--out", "./papers"],
        said: "nothing of the book changes",
        steps: &[],
    },
    Plot {
        name: "export",
        asked: &["export", "./Book.refbook", "--out", "./papers/whole.json"],
        said: "nothing of the book changes",
        steps: &[],
    },
];

/// Makes what lies there before the stories: a book whose last three months are open, and a file to import.
pub fn make(program: &Program, folder: &Path) -> PathBuf {
    let before = folder.join("before");
    fs::create_dir_all(&before).expect("a folder of ours");
    let ask = |words: &[&str]| {
        let told = program.ask(folder, &placed(words, &before));
        assert!(told.is_done(), "{words:?}: {}", told.error);
        told.out
    };
    ask(&[&["sample", "./Book.refbook"], &SAMPLE[..]].concat());
    for month in ["2025-11", "2025-10"] {
        ask(&["reopen", "./Book.refbook", "--month", month, "--reason", "to be closed again"]);
    }
    let export = ask(&["export", "./Book.refbook"]);
    fs::write(before.join("import.json"), corrections(&export)).expect("a file of ours");
    assert!(before.join(BOOK).is_dir());
    before
}

/// A file that corrects much of a book, and adds to it: its pages change all over.
fn corrections(export: &str) -> String {
    let book: Value = serde_json::from_str(export).expect("an export is JSON");
    let mut clients = book["clients"].clone();
    for client in clients.as_array_mut().expect("clients") {
        client["name"] = format!("{}, corrected", client["name"].as_str().expect("a name")).into();
    }
    let affiliate = &book["affiliates"][0]["id"];
    let adjustment = |nth: usize| {
        json!({"id": format!("torture-{nth}"), "affiliate": affiliate, "month": "2025-12", "amount": "1.25",
            "reason": "added by an import"})
    };
    let adjustments: Vec<Value> = (0..20).map(adjustment).collect();
    json!({"format": "refbook/1", "clients": clients, "adjustments": adjustments}).to_string()
}
