//! `cargo xtask dist`: the installer of the system that this runs on, with the window and `refbook` in it.
//!
//! Tauri's own bundler makes it. `tauri.conf.json` says what an installer looks like, `tauri.dist.json` what lies in it
//! beside the window: files that are laid out here first, and that a plain build does without.

mod check;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::setup::{self, Need};
use crate::{Done, built, cargo, finish, interface, machine, root};

/// An installer: what the bundler calls it, which is also its folder, and how its file's name ends.
struct Kind(&'static str, &'static str);

const DEB: Kind = Kind("deb", "deb");
const APPIMAGE: Kind = Kind("appimage", "AppImage");
const DMG: Kind = Kind("dmg", "dmg");
const NSIS: Kind = Kind("nsis", "exe");
const MSI: Kind = Kind("msi", "msi");

pub fn run(wishes: &[String]) -> Done {
    if let Some(unknown) = wishes.iter().find(|wish| !["--check", "--appimage"].contains(&wish.as_str())) {
        return Err(format!("\"{unknown}\" is nothing that dist knows. It takes --check and --appimage"));
    }
    let asked = |wish: &str| wishes.iter().any(|one| one == wish);
    setup::install(&[Need::Build])?;
    interface()?;
    lay_out()?;
    let made = bundle(&kinds(asked("--appimage")))?;
    for file in &made {
        println!("xtask: made {}", file.display());
    }
    if asked("--check") { check::run(&made) } else { Ok(()) }
}

/// An AppImage only if it is wished for: to make one, the bundler downloads programs.
fn kinds(appimage: bool) -> Vec<Kind> {
    if cfg!(target_os = "macos") {
        vec![DMG]
    } else if cfg!(windows) {
        vec![NSIS, MSI]
    } else if appimage {
        vec![DEB, APPIMAGE]
    } else {
        vec![DEB]
    }
}

/// Puts `refbook`, its manual page and its completions where `tauri.dist.json` names them.
fn lay_out() -> Done {
    cargo(&["build", "--release", "--locked", "--package", "cli"])?;
    let (place, refbook) = (root().join("target").join("dist"), built("release", "refbook")?);
    let cant = |error: io::Error| format!("{} can't be filled: {error}", place.display());
    fs::create_dir_all(&place).map_err(cant)?;
    // The bundler picks a program by the machine that it is for.
    let named = format!("refbook-{}{}", machine()?, std::env::consts::EXE_SUFFIX);
    fs::copy(&refbook, place.join(named)).map_err(cant)?;
    let write = |arguments: &[&str], name: &str| {
        let file = File::create(place.join(name)).map_err(cant)?;
        finish(Command::new(&refbook).args(arguments).stdout(file))
    };
    write(&["man"], "refbook.1")?;
    for shell in ["bash", "zsh", "fish"] {
        write(&["completions", shell], &format!("refbook.{shell}"))?;
    }
    // Only Debian's package has a place for it, and wants it small.
    if cfg!(target_os = "linux") {
        finish(Command::new("gzip").args(["-9nf"]).arg(place.join("refbook.1")))
    } else {
        Ok(())
    }
}

fn bundle(kinds: &[Kind]) -> Result<Vec<PathBuf>, String> {
    let folder = built("release", "bundle")?;
    // What an earlier run made is not taken for this one's.
    let _ = fs::remove_dir_all(&folder);
    let names: Vec<&str> = kinds.iter().map(|kind| kind.0).collect();
    let mut tauri = Command::new("node");
    tauri.arg(Path::new("ui").join("node_modules").join("@tauri-apps").join("cli").join("tauri.js"));
    tauri.args(["build", "--ci", "--config", "src-tauri/tauri.dist.json", "--bundles", &names.join(",")]);
    finish(tauri.args(["--", "--locked"]).current_dir(root()))?;
    let made: Vec<PathBuf> = kinds.iter().flat_map(|kind| files(&folder.join(kind.0), kind.1)).collect();
    if made.len() == kinds.len() { Ok(made) } else { Err(format!("{} lacks an installer", folder.display())) }
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let found = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    found.filter(|path| path.extension().is_some_and(|found| found == ending)).collect()
}
