//! What we build on: each package that we name has its reason, and all that come with it have a licence that we can ship.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

use crate::{assert_none, files, root};

/// The texts of one of the lists in `.cargo/deny.toml`.
fn listed(list: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string(root().join(".cargo/deny.toml")).expect(".cargo/deny.toml");
    let plain: String = text.lines().filter(|line| !line.trim().starts_with('#')).collect::<Vec<_>>().join("\n");
    let inside = plain.split_once(&format!("\n{list} = [")).and_then(|(_, rest)| rest.split_once(']')).expect("a list");
    inside.0.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Whether an SPDX expression can be met with what is allowed; an older manifest's slash says OR.
fn can_ship(licence: &str, allowed: &BTreeSet<String>) -> bool {
    let plain = licence.replace('/', " OR ").replace(['(', ')'], "");
    let can = |one: &str| allowed.contains(one.trim());
    plain.split(" AND ").all(|choice| choice.split(" OR ").any(can))
}

/// Packages that our manifests name, and nobody says why.
fn without_reason(manifest: &str, readme: &str) -> Vec<String> {
    let table = readme.split_once("## What it is built on").map_or("", |(_, table)| table);
    let mut section = "";
    let mut found = Vec::new();
    let (mut above, mut is_dependency) = ("", false);
    for line in manifest.lines() {
        if let Some(title) = line.strip_prefix('[') {
            section = title.trim_end_matches(']');
            is_dependency = section == "workspace.dependencies";
            above = "";
        } else if line.starts_with('#') {
            above = line;
        } else if line.is_empty() {
            above = "";
        } else if let Some((name, said)) = line.split_once(" = ").filter(|_| is_dependency) {
            let is_told = !above.is_empty() || said.contains('#') || said.contains("path =") || names(table, name);
            if !is_told {
                found.push(format!(
                    "{section}: why {name}? Say it beside it, or in README's table of what it is built on"
                ));
            }
        }
    }
    found
}

fn names(table: &str, name: &str) -> bool {
    table.split(|c: char| !c.is_alphanumeric() && !"-_".contains(c)).any(|word| word == name)
}

#[test]
fn every_package_that_we_name_has_its_reason() {
    let files = files();
    let text = |name: &str| {
        files.iter().find(|(path, _)| path == name).map(|(_, text)| text.as_str()).expect("a file of ours")
    };
    assert_none(&without_reason(text("Cargo.toml"), text("README.md")));
}

#[test]
fn every_package_that_comes_along_has_a_licence_that_we_can_ship_and_comes_from_the_registry() {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let told = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", &here()])
        .current_dir(root())
        .output();
    let told = told.expect("cargo runs");
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let metadata: Value = serde_json::from_slice(&told.stdout).expect("JSON");
    let (allowed, banned, mut found) = (listed("allow"), listed("deny"), Vec::new());
    let packages = metadata["packages"].as_array().expect("packages");
    assert!(packages.len() > 300, "{} packages", packages.len());
    for package in packages.iter().filter(|package| !package["source"].is_null()) {
        let (name, source) = (&package["name"], package["source"].as_str().unwrap_or_default());
        let licence = package["license"].as_str().unwrap_or_default();
        if !can_ship(licence, &allowed) {
            found.push(format!("{name}: its licence is \"{licence}\""));
        }
        if banned.contains(name.as_str().unwrap_or_default()) {
            found.push(format!("{name}: it is banned in .cargo/deny.toml"));
        }
        if !source.starts_with("registry+https://github.com/rust-lang/crates.io-index") {
            found.push(format!("{name}: it comes from {source}"));
        }
    }
    assert_none(&found);
}

/// The machine: what other systems need is not on it, and the registry is not asked.
fn here() -> String {
    let told = Command::new("rustc").args(["--print", "host-tuple"]).output().expect("rustc runs");
    String::from_utf8(told.stdout).expect("a name").trim().to_owned()
}

#[test]
fn a_package_without_a_reason_or_a_licence_would_be_found() {
    let readme = "## What it is built on\n| x | serde | y |";
    let manifest = "[workspace.dependencies]\nserde = \"1\"\nserde_json = \"1\"\n# Why.\na = \"1\"\nb = \"1\"\n\nc = \"1\" # why\n\nd = \"1\"\n";
    assert_eq!(without_reason(manifest, readme).len(), 2);
    let allowed = BTreeSet::from(["MIT".to_owned(), "Zlib".to_owned()]);
    for (licence, ships) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("GPL-3.0 OR MIT", true),
        ("MIT/Apache-2.0", true),
        ("MIT AND GPL-3.0", false),
        ("MIT AND Zlib", true),
        ("", false),
        ("(MIT OR Apache-2.0) AND Zlib", true),
        ("(MIT OR Apache-2.0) AND GPL-3.0", false),
    ] {
        assert_eq!(can_ship(licence, &allowed), ships, "{licence}");
    }
    assert!(listed("allow").contains("MIT") && listed("deny").contains("reqwest"));
}
