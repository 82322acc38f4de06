//! `cargo xtask fuzz`: libFuzzer over every parser of what comes from outside, guided by what of our code was reached.
//!
//! `tests/fuzz` is no member of the workspace: it is built here, with the compiler's own eyes put into everything, by the
//! stable toolchain, and with the workspace's lock file. What breaks a parser is kept in `target/fuzz/PARSER/found`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::setup::{self, Need};
use crate::{Done, finish, machine, root};

/// Of `tests/src/hostile.rs`.
const PARSERS: [&str; 9] = ["book", "form", "bank-csv", "bank-ofx", "company", "sealed", "receipt", "words", "logo"];

/// Of each parser, unless it is said otherwise.
const SECONDS: u32 = 120;

const EYES: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing";

pub fn run(wishes: &[String]) -> Done {
    let (seconds, parsers) = wanted(wishes)?;
    setup::install(&[Need::Build, Need::Fuzz])?;
    let place = root().join("target").join("fuzz");
    let program = build(&place)?;
    let mut all = 0;
    for parser in parsers {
        let runs = look(&program, &place.join(parser), parser, seconds)?;
        println!("xtask: {parser}: {runs} executions in {seconds} s, none failed");
        all += runs;
    }
    println!("xtask: {all} executions in all");
    Ok(())
}

/// `cargo xtask fuzz 600 book` looks for ten minutes at one.
fn wanted(wishes: &[String]) -> Result<(u32, Vec<&str>), String> {
    let (numbers, names): (Vec<&String>, Vec<&String>) = wishes.iter().partition(|wish| wish.parse::<u32>().is_ok());
    if let Some(unknown) = names.iter().find(|name| !PARSERS.contains(&name.as_str())) {
        return Err(format!("\"{unknown}\" is no parser. They are {}", PARSERS.join(", ")));
    }
    let seconds = numbers.first().and_then(|number| number.parse().ok()).unwrap_or(SECONDS);
    let parsers = if names.is_empty() { PARSERS.to_vec() } else { names.into_iter().map(String::as_str).collect() };
    Ok((seconds, parsers))
}

fn build(place: &Path) -> Result<PathBuf, String> {
    let (source, machine) = (root().join("tests").join("fuzz"), machine()?);
    let lent = source.join("Cargo.lock");
    fs::copy(root().join("Cargo.lock"), &lent)
        .map_err(|error| format!("{} can't be written: {error}", lent.display()))?;
    // With a target named, build scripts and macros are built without eyes.
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--release", "--quiet", "--target", &machine, "--target-dir"]).arg(place);
    finish(cargo.current_dir(source).env("RUSTFLAGS", EYES))?;
    Ok(place.join(machine).join("release").join(format!("fuzz{}", std::env::consts::EXE_SUFFIX)))
}

/// How often it was run; an error once one run fails, takes more than five seconds or a gigabyte.
fn look(program: &Path, place: &Path, parser: &str, seconds: u32) -> Result<u64, String> {
    let (corpus, found) = (place.join("corpus"), place.join("found"));
    let cant = |error: io::Error| format!("{} can't be used: {error}", place.display());
    for folder in [&corpus, &found] {
        fs::create_dir_all(folder).map_err(cant)?;
    }
    let mut fuzz = Command::new(program);
    fuzz.arg(&corpus).arg(format!("-artifact_prefix={}/", found.display())).arg(format!("-max_total_time={seconds}"));
    fuzz.args(["-max_len=4096", "-rss_limit_mb=1024", "-timeout=5", "-print_final_stats=1", "-verbosity=0"]);
    fuzz.env("REFBOOK_PARSER", parser).env("REFBOOK_CORPUS", &corpus);
    let output = fuzz.stdin(Stdio::null()).output().map_err(cant)?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("{parser} failed; what did it is in {}\n{said}", found.display()));
    }
    let runs = said.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    runs.and_then(|runs| runs.trim().parse().ok()).ok_or_else(|| format!("{parser} told no count:\n{said}"))
}
