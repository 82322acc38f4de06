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
            "fs::",
            "env::",
            "net::",
            "tokio",
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
        inside: |path| is_source(path) && !is_window(path) && !path.contains("/xtask/"),
        words: &["tauri::", "tauri_"],
        why: "only the window names tauri",
    },
    Ban {
        inside: |path| path.starts_with("ui/src/") && !path.starts_with("ui/src/desk/"),
        words: &["@tauri-apps"],
        why: "only the window's desk names @tauri-apps",
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

fn is_window(path: &str) -> bool {
    path.starts_with("src-tauri/src/") || path.starts_with("src-tauri/examples/") || path == "src-tauri/build.rs"
}

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

/// How SQL begins, a word and the one that follows it; with how many words may stand between them.
const STARTS: &[(&str, &str, usize)] = &[
    ("SELECT", "FROM", 100),
    ("INSERT", "INTO", 2),
    ("REPLACE", "INTO", 0),
    ("UPDATE", "SET", 4),
    ("DELETE", "FROM", 0),
    ("CREATE", "TABLE", 2),
    ("CREATE", "INDEX", 1),
];

/// SQL outside of the book, over however many lines: its capital keywords give it away.
fn sql(path: &str, text: &str) -> Vec<String> {
    if !is_source(path) || path.starts_with("src-tauri/crates/book/") {
        return Vec::new();
    }
    let words = words(text);
    let begins = |nth: usize, first: &str, then: &str, between: usize| {
        words[nth].1 == first && words[nth + 1..].iter().take(between + 1).any(|(_, word)| *word == then)
    };
    let begun = (0..words.len()).filter(|nth| {
        words[*nth].1 == "PRAGMA" || STARTS.iter().any(|(first, then, between)| begins(*nth, first, then, *between))
    });
    begun.map(|nth| format!("{path}:{}: only the book holds SQL: {}", words[nth].0, words[nth].1)).collect()
}

/// The words of the code, each with its line: what a comment says is no SQL.
fn words(text: &str) -> Vec<(usize, &str)> {
    let code = text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
    code.flat_map(|(nth, line)| {
        let words = line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
        words.map(move |word| (nth + 1, word))
    })
    .collect()
}

const EMPTY: [&str; 10] =
    ["utils", "util", "helpers", "helper", "managers", "manager", "services", "service", "misc", "common"];

/// Names, of a file or of a folder on the way to it, that say nothing of what is in it.
fn empty_name(path: &str) -> Option<String> {
    let names = path.split('/').map(|name| name.split('.').next().unwrap_or_default().to_lowercase());
    let empty = names.into_iter().any(|name| EMPTY.contains(&name.as_str()));
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
    assert_eq!(banned("ui/src/features/invoice/page.svelte", "from '@tauri-apps/api/core'").len(), 1);
    assert_eq!(banned("ui/src/desk/commands.ts", "from '@tauri-apps/api/core'").len(), 0);
}

#[test]
fn sql_outside_of_the_book_would_be_found() {
    for text in [
        "let sql = \"SELECT key FROM invoice\";",
        "const SQL: &str = \"\n    SELECT key,\n           id\n    FROM invoice\n\";",
        "r#\"INSERT OR REPLACE INTO invoice\"#",
        "\"UPDATE invoice\n SET note = :note\"",
        "\"DELETE FROM invoice\"",
        "\"CREATE TEMP TABLE month (key)\"",
        "\"PRAGMA user_version\"",
    ] {
        assert!(!sql("src-tauri/crates/desk/src/why.rs", text).is_empty(), "{text}");
        assert_eq!(sql("src-tauri/crates/book/src/month.rs", text).len(), 0, "{text}");
    }
    for text in ["// SELECT key FROM invoice", "\"Select an invoice from the list\"", "/// an UPDATE of all"] {
        assert_eq!(sql("src-tauri/crates/desk/src/why.rs", text).len(), 0, "{text}");
    }
}

#[test]
fn a_name_that_says_nothing_would_be_found() {
    for path in ["src-tauri/crates/desk/src/utils.rs", "ui/src/helpers/dates.ts", "ui/src/shared/Manager.svelte"] {
        assert!(empty_name(path).is_some(), "{path}");
    }
    assert!(empty_name("src-tauri/crates/desk/src/why.rs").is_none());
}
