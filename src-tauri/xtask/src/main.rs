//! `cargo xtask run | test | bench`: set-up and chores in Rust, so that they work on every platform.

mod setup;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

use setup::Need;

const USAGE: &str = "\
cargo xtask run     installs what is missing, builds, and does the main job on the sample book:
                    a month's sealed statements as PDF in target/sample/statements
cargo xtask test    the same set-up, then every test
cargo xtask bench   the same set-up, then the benchmarks, as ratios";

/// A chore that failed, in words.
type Done = Result<(), String>;

fn main() -> ExitCode {
    let chore = env::args().nth(1).unwrap_or_default();
    let done = match chore.as_str() {
        "run" => run(),
        "test" => test(),
        "bench" => bench(),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(words) => {
            eprintln!("xtask: {words}");
            ExitCode::FAILURE
        }
    }
}

/// Until there is a window: the main job on the sample book, headless.
fn run() -> Done {
    setup::install(&[Need::Build])?;
    cargo(&["build", "--release", "--locked", "--package", "cli"])?;
    let place = root().join("target").join("sample");
    let (book, passphrase, pdfs) = (place.join("Sample.refbook"), place.join("passphrase"), place.join("statements"));
    if place.exists() {
        fs::remove_dir_all(&place).map_err(|error| format!("{} can't be emptied: {error}", place.display()))?;
    }
    fs::create_dir_all(&place)
        .and_then(|()| fs::write(&passphrase, "sample\n"))
        .map_err(|error| format!("{} can't be written: {error}", place.display()))?;
    let program = built(&format!("refbook{}", env::consts::EXE_SUFFIX))?;
    let refbook = |arguments: &[&str], rest: &[&Path]| {
        let mut command = Command::new(&program);
        command.arg(arguments[0]).arg(&book).args(&arguments[1..]).args(rest);
        finish(command.env("REFBOOK_PASSPHRASE_FILE", &passphrase))
    };
    refbook(&["sample"], &[])?;
    refbook(&["statement", "--month", "2025-12"], &[])?;
    refbook(&["close", "--through", "2025-12"], &[])?;
    refbook(&["print", "--month", "2025-12", "--out"], &[&pdfs])?;
    refbook(&["verify"], &[])?;
    println!("\nThe statements of December 2025 are in {}", pdfs.display());
    println!("The book is {}, its passphrase \"sample\". Ask it more:", book.display());
    println!("  {} why {} --invoice NS-25-0534", program.display(), book.display());
    Ok(())
}

fn test() -> Done {
    setup::install(&[Need::Build, Need::Test])?;
    stage("format", || cargo(&["fmt", "--all", "--check"]))?;
    stage("lints", || {
        cargo(&["clippy", "--workspace", "--all-targets", "--locked", "--quiet", "--", "--deny", "warnings"])
    })?;
    stage("tests", || cargo(&["test", "--workspace", "--locked", "--quiet"]))
}

fn bench() -> Done {
    setup::install(&[Need::Build, Need::Bench])?;
    setup::reportlab(&root().join("target").join("bench-venv"))?;
    cargo(&["bench", "--package", "refbook-tests", "--bench", "ratios", "--locked", "--quiet"])
}

/// Runs one part of the tests, and says how long it took.
fn stage(name: &str, run: impl FnOnce() -> Done) -> Done {
    println!("xtask: {name} ...");
    let start = Instant::now();
    run().map_err(|words| format!("{name}: {words}"))?;
    println!("xtask: {name}: passed in {} s", start.elapsed().as_secs());
    Ok(())
}

fn cargo(arguments: &[&str]) -> Done {
    let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    finish(Command::new(cargo).args(arguments).current_dir(root()))
}

/// Runs a command to its end; its output is seen as it comes.
fn finish(command: &mut Command) -> Done {
    let program = command.get_program().to_string_lossy().into_owned();
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("\"{program}\" ended with {status}")),
        Err(error) => Err(format!("\"{program}\" can't be run: {error}")),
    }
}

/// A released program: beside this one, wherever the machine's settings have cargo build.
fn built(name: &str) -> Result<PathBuf, String> {
    let this = env::current_exe().map_err(|error| format!("this program's own place is unknown: {error}"))?;
    let target = this.parent().and_then(Path::parent).unwrap_or(Path::new("target"));
    Ok(target.join("release").join(name))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap_or_else(|_| PathBuf::from("."))
}
