//! The house's invariants, read off its own files: each check is a pure function of a path and a text, and is shown
//! here to find what it looks for.

#![expect(clippy::case_sensitive_file_extension_comparisons, reason = "our own files, whose case we know")]

mod arrows;
mod migrations;
mod text;

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

#[test]
fn the_top_of_the_house_holds_only_what_belongs_there() {
    const BELONGS: [&str; 6] = ["Cargo.toml", "Cargo.lock", "README.md", "icons", "src-tauri", "tests"];
    let entries = fs::read_dir(root()).expect("the checkout");
    let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    let strange: Vec<String> = names
        .filter(|name| !name.starts_with('.') && name != "target" && name != "ui" && !BELONGS.contains(&name.as_str()))
        .collect();
    assert_none(&strange);
}

#[test]
fn the_readme_opens_with_the_two_commands_and_maps_every_crate() {
    let readme = fs::read_to_string(root().join("README.md")).expect("README.md");
    let opening: String = readme.lines().take(20).collect::<Vec<_>>().join("\n");
    assert!(opening.contains("cargo xtask run") && opening.contains("cargo xtask test"), "{opening}");
    let crates = fs::read_dir(root().join("src-tauri/crates")).expect("the crates");
    let unnamed: Vec<String> = crates
        .map(|entry| entry.expect("a crate").file_name().to_string_lossy().into_owned())
        .filter(|name| !readme.contains(&format!("{name}/")))
        .collect();
    assert_none(&unnamed);
}
