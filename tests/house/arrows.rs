//! Which crate may lean on which, and where versions stand.

use std::collections::BTreeSet;

use crate::{assert_none, files};

/// One way: `cli → desk → {book, paper, exchange} → rules`.
const ARROWS: &[(&str, &[&str])] = &[
    ("rules", &[]),
    ("book", &["rules"]),
    ("paper", &["rules"]),
    ("exchange", &["rules"]),
    ("desk", &["book", "exchange", "paper", "rules"]),
    ("cli", &["desk"]),
    ("xtask", &[]),
];

/// The dependencies of a manifest's own `[dependencies]`, each with what is said of it.
fn dependencies(manifest: &str) -> Vec<(String, String)> {
    let section = manifest.lines().skip_while(|line| line.trim() != "[dependencies]").skip(1);
    let entries = section.take_while(|line| !line.starts_with('[')).filter_map(|line| line.split_once('='));
    entries
        .map(|(name, of)| (name.trim().trim_end_matches(".workspace").to_owned(), format!("{} ={of}", name.trim())))
        .collect()
}

fn wrong_arrows(crate_name: &str, manifest: &str) -> Vec<String> {
    let allowed = ARROWS.iter().find(|(name, _)| *name == crate_name).map_or(&[][..], |(_, allowed)| *allowed);
    let ours: BTreeSet<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    let leans = dependencies(manifest).into_iter().map(|(name, _)| name);
    leans
        .filter(|name| ours.contains(name.as_str()) && !allowed.contains(&name.as_str()))
        .map(|name| format!("{crate_name} must not lean on {name}"))
        .collect()
}

fn versions(path: &str, manifest: &str) -> Vec<String> {
    let stated = dependencies(manifest).into_iter().filter(|(_, of)| !of.contains("workspace"));
    stated.map(|(name, _)| format!("{path}: the version of {name} belongs into the root's Cargo.toml")).collect()
}

#[test]
fn arrows_point_one_way_and_versions_stand_once() {
    let mut found = Vec::new();
    let mut seen = 0;
    for (path, text) in files().iter().filter(|(path, _)| path.ends_with("/Cargo.toml")) {
        let name = path.rsplit('/').nth(1).unwrap_or_default();
        if path.starts_with("src-tauri/") {
            seen += 1;
            found.extend(wrong_arrows(name, text));
            if !ARROWS.iter().any(|(known, _)| *known == name) {
                found.push(format!("{path}: which way does its arrow point? Say so in ARROWS"));
            }
        }
        found.extend(versions(path, text));
        if !text.contains("[lints]\nworkspace = true") {
            found.push(format!("{path}: the workspace's lints are not on"));
        }
    }
    assert_eq!(seen, ARROWS.len());
    assert_none(&found);
}

#[test]
fn a_wrong_arrow_or_a_second_version_would_be_found() {
    assert_eq!(wrong_arrows("rules", "[dependencies]\nbook.workspace = true\n").len(), 1);
    assert_eq!(wrong_arrows("cli", "[dependencies]\ndesk.workspace = true\nbook = { workspace = true }\n").len(), 1);
    assert_eq!(
        wrong_arrows("cli", "[dependencies]\ndesk.workspace = true\n\n[dev-dependencies]\nbook.workspace = true\n")
            .len(),
        0
    );
    assert_eq!(versions("Cargo.toml", "[dependencies]\nserde = \"1\"\n").len(), 1);
}
