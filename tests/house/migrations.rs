//! A shipped migration never changes: its hash is kept.

use sha2::{Digest, Sha256};

use crate::{assert_none, files};

/// As `sha256sum` writes them.
const KEPT: &str = include_str!("migrations.sha256");

fn differences(migrations: &[(&str, &str)], kept: &str) -> Vec<String> {
    let kept: Vec<(&str, &str)> = kept.lines().filter_map(|line| line.split_once("  ")).collect();
    let mut found = Vec::new();
    for (path, text) in migrations {
        let hash = hex::encode(Sha256::digest(text));
        match kept.iter().find(|(_, name)| name == path) {
            Some((kept, _)) if *kept == hash => {}
            Some(_) => found.push(format!("{path} was changed. Books were made with it: add a new migration instead")),
            None => found.push(format!("{path} is new. Add to tests/house/migrations.sha256: {hash}  {path}")),
        }
    }
    let gone = kept.iter().filter(|(_, name)| !migrations.iter().any(|(path, _)| path == name));
    found.extend(gone.map(|(_, name)| format!("{name} is gone. Books were made with it: put it back")));
    found
}

#[test]
fn shipped_migrations_are_unchanged() {
    let files = files();
    let migrations = files.iter().filter(|(path, _)| path.starts_with("src-tauri/crates/book/migrations/"));
    let migrations: Vec<(&str, &str)> = migrations.map(|(path, text)| (path.as_str(), text.as_str())).collect();
    assert!(!migrations.is_empty());
    assert_none(&differences(&migrations, KEPT));
}

#[test]
fn a_changed_a_new_and_a_missing_migration_would_be_found() {
    let kept = format!("{}  a.sql\n", hex::encode(Sha256::digest("one")));
    assert_eq!(differences(&[("a.sql", "one")], &kept).len(), 0);
    assert_eq!(differences(&[("a.sql", "two")], &kept).len(), 1);
    assert_eq!(differences(&[("a.sql", "one"), ("b.sql", "one")], &kept).len(), 1);
    assert_eq!(differences(&[], &kept).len(), 1);
}
