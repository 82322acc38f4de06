//! Which crate may lean on which, and where versions stand.

use std::collections::BTreeSet;

use crate::{assert_none, files};

/// One way: `{window, cli} → desk → {book, paper, exchange} → rules`.
const ARROWS: &[(&str, &[&str])] = &[
    ("rules", &[]),
    ("book", &["rules"]),
    ("paper", &["rules"]),
    ("exchange", &["rules"]),
    ("desk", &["book", "exchange", "paper", "rules"]),
    ("cli", &["desk"]),
    ("src-tauri", &["desk"]),
    ("xtask", &[]),
];

/// Which manifest alone may name a package, or one whose name begins so.
const OWNERS: &[(&str, &str)] = &[
    ("rusqlite", "src-tauri/crates/book/Cargo.toml"),
    ("printpdf", "src-tauri/crates/paper/Cargo.toml"),
    ("lopdf", "src-tauri/crates/paper/Cargo.toml"),
    ("tauri", "src-tauri/Cargo.toml"),
    ("keyring", "src-tauri/crates/desk/Cargo.toml"),
    ("apple-native-keyring", "src-tauri/crates/desk/Cargo.toml"),
    ("windows-native-keyring", "src-tauri/crates/desk/Cargo.toml"),
    ("zbus", "src-tauri/crates/desk/Cargo.toml"),
    ("secret-service", "src-tauri/crates/desk/Cargo.toml"),
];

/// What a manifest says of one package.
struct Dependency<'a> {
    name: &'a str,
    said: &'a str,
    for_tests: bool,
}

/// Everything that a manifest leans on, in whichever section; a `[dependencies.name]` of its own is not our style, and
/// shows here as a name with nothing said.
fn dependencies(manifest: &str) -> Vec<Dependency<'_>> {
    let mut found = Vec::new();
    let mut section = "";
    for line in manifest.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        if let Some(title) = line.strip_prefix('[') {
            section = title.trim_end_matches(']');
            if let Some((_, name)) = section.split_once("dependencies.") {
                found.push(Dependency { name, said: "", for_tests: section.contains("dev-") });
            }
        } else if section.ends_with("dependencies")
            && let Some((name, _)) = line.split_once('=')
        {
            let name = name.trim().trim_end_matches(".workspace");
            found.push(Dependency { name, said: line, for_tests: section.contains("dev-") });
        }
    }
    found
}

/// Tests may lean on anything; what ships may not.
fn wrong_arrows(crate_name: &str, manifest: &str) -> Vec<String> {
    let allowed = ARROWS.iter().find(|(name, _)| *name == crate_name).map_or(&[][..], |(_, allowed)| *allowed);
    let ours: BTreeSet<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    let leans = dependencies(manifest).into_iter().filter(|dependency| !dependency.for_tests);
    leans
        .filter(|dependency| ours.contains(dependency.name) && !allowed.contains(&dependency.name))
        .map(|dependency| format!("{crate_name} must not lean on {}", dependency.name))
        .collect()
}

fn not_its_own(path: &str, manifest: &str) -> Vec<String> {
    let names = dependencies(manifest).into_iter().filter(|dependency| !dependency.for_tests);
    let owned = names.flat_map(|dependency| OWNERS.iter().map(move |owner| (dependency.name, owner)));
    owned
        .filter(|(name, (begins, owner))| name.starts_with(begins) && path != *owner)
        .map(|(name, (_, owner))| format!("{path}: {name} belongs to {owner} alone"))
        .collect()
}

fn versions(path: &str, manifest: &str) -> Vec<String> {
    let stated = dependencies(manifest).into_iter().filter(|dependency| !dependency.said.contains("workspace = true"));
    stated
        .map(|dependency| format!("{path}: the version of {} belongs into the root's Cargo.toml", dependency.name))
        .collect()
}

fn lints(path: &str, manifest: &str) -> Option<String> {
    let mut lines = manifest.lines().map(str::trim).skip_while(|line| *line != "[lints]").skip(1);
    (lines.next() != Some("workspace = true")).then(|| format!("{path}: the workspace's lints are not on"))
}

/// With `forbid`, no crate can allow it again.
fn unsafe_code(manifest: &str) -> Option<String> {
    let forbids = manifest.lines().any(|line| line.trim() == "unsafe_code = \"forbid\"");
    (!forbids).then(|| "Cargo.toml: unsafe code is not forbidden".to_owned())
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
            found.extend(not_its_own(path, text));
            if !ARROWS.iter().any(|(known, _)| *known == name) {
                found.push(format!("{path}: which way does its arrow point? Say so in ARROWS"));
            }
        }
        // No member: libFuzzer's macro writes what our lints forbid, and the workspace lends it its lock file.
        if path != "tests/fuzz/Cargo.toml" {
            found.extend(versions(path, text));
            found.extend(lints(path, text));
        }
    }
    assert_none(&found);
    assert_eq!(seen, ARROWS.len());
}

#[test]
fn unsafe_code_is_forbidden_everywhere() {
    let files = files();
    let (_, manifest) = files.iter().find(|(path, _)| path == "Cargo.toml").expect("the workspace");
    assert_none(&unsafe_code(manifest).into_iter().collect::<Vec<_>>());
}

#[test]
fn a_wrong_arrow_would_be_found() {
    assert_eq!(wrong_arrows("rules", "[dependencies]\nbook.workspace = true\n").len(), 1);
    assert_eq!(wrong_arrows("book", "[build-dependencies]\ndesk.workspace = true\n").len(), 1);
    assert_eq!(wrong_arrows("book", "[target.'cfg(unix)'.dependencies]\ndesk.workspace = true\n").len(), 1);
    assert_eq!(wrong_arrows("book", "[dependencies.desk]\nworkspace = true\n").len(), 1);
    assert_eq!(wrong_arrows("cli", "[dependencies]\ndesk.workspace = true\nbook = { workspace = true }\n").len(), 1);
    assert_eq!(wrong_arrows("cli", "[dependencies]\ndesk.workspace = true\n[dev-dependencies]\nbook = {}\n").len(), 0);
}

#[test]
fn a_package_in_the_wrong_hands_would_be_found() {
    let (desk, cli) = ("src-tauri/crates/desk/Cargo.toml", "src-tauri/crates/cli/Cargo.toml");
    for name in ["rusqlite", "rusqlite_migration", "printpdf", "lopdf", "tauri-build"] {
        assert_eq!(not_its_own(desk, &format!("[dependencies]\n{name}.workspace = true\n")).len(), 1, "{name}");
    }
    for name in ["keyring", "keyring-core", "zbus-secret-service-keyring-store", "secret-service"] {
        assert_eq!(not_its_own(cli, &format!("[dependencies]\n{name}.workspace = true\n")).len(), 1, "{name}");
    }
    let book = "src-tauri/crates/book/Cargo.toml";
    assert_eq!(not_its_own(book, "[dependencies]\nrusqlite.workspace = true\n").len(), 0);
}

#[test]
fn a_second_version_would_be_found() {
    assert_eq!(versions("Cargo.toml", "[dependencies]\nserde = \"1\"\n").len(), 1);
    assert_eq!(versions("Cargo.toml", "[dev-dependencies]\nserde = { version = \"1\" }\n").len(), 1);
    assert_eq!(versions("Cargo.toml", "[dependencies]\nserde = { workspace = true, features = [] }\n").len(), 0);
}

#[test]
fn lints_turned_off_would_be_found() {
    assert!(lints("Cargo.toml", "[package]\nname = \"desk\"\n").is_some());
    assert!(lints("Cargo.toml", "[lints]\nworkspace = false\n").is_some());
    assert!(lints("Cargo.toml", "[lints]\nworkspace = true\n").is_none());
    assert!(unsafe_code("[workspace.lints.rust]\nunsafe_code = \"warn\"\n").is_some());
}
