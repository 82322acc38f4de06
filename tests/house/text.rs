//! What may stand in which file.

use crate::{assert_none, files};

/// Words that a file must not have, by where it stands; with why.
struct Ban {
    inside: fn(&str) -> bool,
    words: &'static [&'static str],
    why: &'static str,
}

const BANS: &[Ban] = &[
    Ban {
        inside: |path| path.starts_with("src-tauri/crates/rules/src/"),
        words: &[
            "std::fs",
            "std::io",
            "std::time",
            "SystemTime",
            "Instant::",
            "Utc::now",
            "Local::",
            "async ",
            "f32",
            "f64",
            "println!",
        ],
        why: "the rules have no clock, no I/O and no float",
    },
    Ban {
        inside: |path| is_source(path) && !path.starts_with("src-tauri/crates/book/"),
        words: &["rusqlite", "sqlite3_"],
        why: "only the book names its database",
    },
    Ban {
        inside: |path| is_source(path) && !path.starts_with("src-tauri/crates/paper/"),
        words: &["printpdf", "lopdf"],
        why: "only the paper names printpdf",
    },
    Ban {
        inside: |path| is_source(path) && !path.starts_with("src-tauri/src/") && !path.contains("/xtask/"),
        words: &["tauri::", "tauri_"],
        why: "only the window names tauri",
    },
    Ban {
        inside: |path| path.ends_with(".rs") && !path.starts_with("tests/house/"),
        words: &["todo!(", "unimplemented!(", "#[ignore", "dbg!("],
        why: "nothing is left open in silence",
    },
    Ban {
        inside: |path| path.starts_with("src-tauri/") && path.ends_with(".rs"),
        words: &["unsafe {", "allow(unsafe"],
        why: "unsafe is forbidden",
    },
];

/// Of the product, not of its tests.
fn is_source(path: &str) -> bool {
    path.starts_with("src-tauri/") && path.ends_with(".rs")
}

fn banned(path: &str, text: &str) -> Vec<String> {
    let bans = BANS.iter().filter(|ban| (ban.inside)(path));
    bans.flat_map(|ban| {
        let lines = text.lines().enumerate().filter(|(_, line)| ban.words.iter().any(|word| line.contains(word)));
        lines.map(|(nth, line)| format!("{path}:{}: {}: {}", nth + 1, ban.why, line.trim())).collect::<Vec<_>>()
    })
    .collect()
}

const STARTS: [&str; 5] = ["\"SELECT ", "INSERT INTO ", "DELETE FROM ", "CREATE TABLE ", "PRAGMA "];

/// SQL in a string outside of the book: its capital keywords give it away.
fn sql(path: &str, text: &str) -> Vec<String> {
    if !is_source(path) || path.starts_with("src-tauri/crates/book/") {
        return Vec::new();
    }
    let lines = text.lines().enumerate().filter(|(_, line)| STARTS.iter().any(|start| line.contains(start)));
    lines.map(|(nth, line)| format!("{path}:{}: only the book holds SQL: {}", nth + 1, line.trim())).collect()
}

/// Names that say nothing of what is in a file.
fn empty_name(path: &str) -> Option<String> {
    let name = path.rsplit('/').next().unwrap_or(path).split('.').next().unwrap_or_default();
    let empty = ["utils", "util", "helpers", "helper", "manager", "service", "misc", "common"].contains(&name);
    empty.then(|| format!("{path}: the name does not say what is in it"))
}

#[test]
fn each_file_names_only_what_is_its_own() {
    let found: Vec<String> =
        files().iter().flat_map(|(path, text)| [banned(path, text), sql(path, text)].concat()).collect();
    assert_none(&found);
}

#[test]
fn every_file_has_a_name_that_says_what_is_in_it() {
    let found: Vec<String> = files().iter().filter_map(|(path, _)| empty_name(path)).collect();
    assert_none(&found);
}

#[test]
fn what_is_banned_would_be_found() {
    for (path, text) in [
        ("src-tauri/crates/rules/src/day.rs", "let now = Utc::now();"),
        ("src-tauri/crates/rules/src/money.rs", "fn of(x: f64)"),
        ("src-tauri/crates/desk/src/why.rs", "use rusqlite::Connection;"),
        ("src-tauri/crates/desk/src/print.rs", "use printpdf::Op;"),
        ("src-tauri/crates/desk/src/print.rs", "use tauri::State;"),
        ("src-tauri/crates/book/src/keys.rs", "    todo!()"),
        ("tests/laws/main.rs", "#[ignore = \"slow\"]"),
        ("src-tauri/crates/book/src/keys.rs", "unsafe { read() }"),
    ] {
        assert_eq!(banned(path, text).len(), 1, "{path}: {text}");
    }
    assert_eq!(sql("src-tauri/crates/desk/src/why.rs", "let sql = \"SELECT key FROM invoice\";").len(), 1);
    assert_eq!(sql("src-tauri/crates/book/src/month.rs", "let sql = \"SELECT key FROM invoice\";").len(), 0);
    assert!(empty_name("src-tauri/crates/desk/src/utils.rs").is_some());
}
