//! `cargo xtask torture`: the program and its books under every fault that we know of. What is done stands in
//! `tests/torture`; here it is built and started.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::setup::{self, Need};
use crate::{Done, built, cargo, finish, root};

/// The program as it is shipped, by the thousand; with `--short`, as the tests do it.
pub fn run(wishes: &[String]) -> Done {
    setup::install(&[Need::Build])?;
    if !cfg!(target_os = "linux") || wishes.iter().any(|wish| wish == "--short") {
        return short(wishes);
    }
    let lossy = root().join("target").join("refbook-lossy");
    cargo(&["build", "--release", "--locked", "--package", "cli", "--features", "lossy"])?;
    fs::copy(built("release", "refbook")?, &lossy).map_err(|error| format!("{}: {error}", lossy.display()))?;
    cargo(&["build", "--release", "--locked", "--package", "cli"])?;
    cargo(&["build", "--locked", "--package", "refbook-tests", "--bin", "torture"])?;
    play(&built("release", "refbook")?, Command::new(built("debug", "torture")?).arg("--lossy").arg(lossy).args(wishes))
}

/// A few cases of each fault, on the program that the tests have built already.
pub fn short(wishes: &[String]) -> Done {
    if !cfg!(target_os = "linux") {
        println!("xtask: the torture was NOT run: calls are made to fail on Linux only.");
        return Ok(());
    }
    cargo(&["build", "--workspace", "--locked", "--quiet", "--bin", "refbook", "--bin", "torture"])?;
    let mut torture = Command::new(built("debug", "torture")?);
    let asked = wishes.iter().filter(|wish| *wish != "--short");
    play(&built("debug", "refbook")?, torture.arg("--short").args(asked))
}

fn play(refbook: &Path, torture: &mut Command) -> Done {
    finish(torture.arg("--refbook").arg(refbook).arg("--out").arg(root().join("target").join("torture")))
}
