//! The house's invariants, read off its own files: each check is a pure function of a path and a text, and is shown
//! here to find what it looks for.

#![expect(clippy::case_sensitive_file_extension_comparisons, reason = "our own files, whose case we know")]

mod arrows;
mod migrations;
mod packages;
mod recorded;
mod text;
mod types;

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().expect("the checkout")
}

/// Every text file of ours: its path from the root, with `/`, and what it says.
fn files() -> Vec<(String, String)> {
    let mut files = Vec::new();
    walk(&root(), &mut files);
    files.sort();
    assert!(files.len() > 50, "the tree was not found");
    files
}

fn walk(folder: &Path, files: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() && !["target", ".git", "node_modules", "out"].contains(&name.as_str()) {
            walk(&path, files);
        } else if let Ok(text) = fs::read_to_string(&path) {
            let path = path.strip_prefix(root()).expect("within").to_string_lossy().replace('\\', "/");
            files.push((path, text));
        }
    }
}

/// Fails with everything that was found.
fn assert_none(found: &[String]) {
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

/// What belongs at the top, beside the dot files and what cargo builds.
const TOP: [&str; 8] = ["Cargo.toml", "Cargo.lock", "README.md", "icons", "src-tauri", "tests", "ui", "target"];

fn stranger(name: &str) -> Option<String> {
    (!name.starts_with('.') && !TOP.contains(&name)).then(|| format!("{name}: the top of the house is no place for it"))
}

fn missing_commands(readme: &str) -> Vec<String> {
    let opening: Vec<&str> = readme.lines().take(20).collect();
    let commands = ["cargo xtask run", "cargo xtask test"];
    let missing = commands.iter().filter(|command| !opening.iter().any(|line| line.starts_with(*command)));
    missing.map(|command| format!("README.md does not open with \"{command}\"")).collect()
}

fn unmapped(name: &str, readme: &str) -> Option<String> {
    let mapped = readme.lines().any(|line| line.trim_start().starts_with(&format!("{name}/ ")));
    (!mapped).then(|| format!("README.md: the map has no {name}/"))
}

/// The names in one of our folders.
fn names(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(folder)).expect("a folder of ours");
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn the_top_of_the_house_holds_only_what_belongs_there() {
    let strangers: Vec<String> = names("").iter().filter_map(|name| stranger(name)).collect();
    assert_none(&strangers);
}

#[test]
fn the_readme_opens_with_the_two_commands_and_maps_every_crate() {
    let readme = fs::read_to_string(root().join("README.md")).expect("README.md");
    let mut found = missing_commands(&readme);
    let mut parts = names("src-tauri/crates");
    parts.extend(["xtask", "tests"].map(str::to_owned));
    found.extend(parts.iter().filter_map(|name| unmapped(name, &readme)));
    assert_none(&found);
}

#[test]
fn a_stranger_at_the_top_or_a_gap_in_the_readme_would_be_found() {
    assert!(stranger("docs").is_some() && stranger(".ci").is_none() && stranger("tests").is_none());
    assert_eq!(missing_commands("# Refbook\n\ncargo xtask run\n").len(), 1);
    assert_eq!(missing_commands("cargo xtask run\ncargo xtask test\n").len(), 0);
    assert!(unmapped("paper", "    book/   THE FILE; no paper/ here\n").is_some());
    assert!(unmapped("paper", "    paper/  THE PAPER\n").is_none());
}
