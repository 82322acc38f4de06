//! `cargo xtask run | test | bench | fuzz | torture | dist`: set-up and chores in Rust, so that they work on every platform.

mod dist;
mod fuzz;
mod setup;
mod torture;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

use setup::Need;

const USAGE: &str = "\
cargo xtask run     installs what is missing, builds, and opens the window; without a display, does the main job on
                    the sample book: a month's sealed statements as PDF in target/sample/statements
cargo xtask test    the same set-up, then every test
cargo xtask bench   the same set-up, then the benchmarks, as ratios; with the word window, its own alone
cargo xtask fuzz    looks for bytes that break a parser, two minutes each: a number of seconds and names of parsers may follow
cargo xtask torture the program and its books under faults, by the thousand (half an hour): --short, --runs N, --seed N,
                    --case N and names of faults may follow
cargo xtask dist    builds the installer of this system: --appimage makes that too, on Linux; --check installs Debian's
                    package on this machine, opens the window, and removes it again";

/// Lets WebKit's driver into the window, and is never shipped.
const DRIVEN: &str = "window/driven";

/// A chore that failed, in words.
type Done = Result<(), String>;

fn main() -> ExitCode {
    let mut words = env::args().skip(1);
    let (chore, wishes) = (words.next().unwrap_or_default(), words.collect::<Vec<_>>());
    let done = match chore.as_str() {
        "run" => run(),
        "test" => test(),
        "bench" => bench(&wishes),
        "dist" => dist::run(&wishes),
        "fuzz" => fuzz::run(&wishes),
        "torture" => torture::run(&wishes),
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

/// The window, or what it is for where there is no display.
fn run() -> Done {
    setup::install(&[Need::Build])?;
    if !setup::has_display() {
        return sample();
    }
    interface()?;
    cargo(&["build", "--release", "--locked", "--package", "window"])?;
    finish(&mut Command::new(built("release", "refbook-window")?))
}

/// The main job on the sample book, headless.
fn sample() -> Done {
    cargo(&["build", "--release", "--locked", "--package", "cli"])?;
    let place = empty(&root().join("target").join("sample"))?;
    let (book, pdfs) = (place.join("Sample.refbook"), place.join("statements"));
    let program = built("release", "refbook")?;
    let refbook = |arguments: &[&str], rest: &[&Path]| {
        let mut command = Command::new(&program);
        command.arg(arguments[0]).arg(&book).args(&arguments[1..]).args(rest);
        finish(under_sample(&place, &mut command))
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
    setup::install(&[Need::Build, Need::Test, Need::Screen])?;
    stage("interface", || {
        interface()?;
        npm(&root().join("ui"), &["run", "--silent", "check"])?;
        npm(&root().join("ui"), &["test", "--silent"])
    })?;
    stage("format", || cargo(&["fmt", "--all", "--check"]))?;
    stage("lints", || {
        cargo(&["clippy", "--workspace", "--all-targets", "--locked", "--quiet", "--", "--deny", "warnings"])
    })?;
    // With the window that the stories drive, so that it is built once.
    stage("tests", || cargo(&["test", "--workspace", "--locked", "--quiet", "--features", DRIVEN]))?;
    stage("torture", || torture::short(&[]))?;
    if !cfg!(target_os = "linux") {
        println!("xtask: the window's stories were NOT run: they are driven on Linux only.");
        return Ok(());
    }
    stage("window", window)
}

/// The stories in the real window, on a screen of their own.
fn window() -> Done {
    cargo(&["build", "--locked", "--quiet", "--package", "window", "--package", "cli", "--features", DRIVEN])?;
    let place = empty(&root().join("target").join("window"))?;
    let refbook = built("debug", "refbook")?;
    let (book, export) = (place.join("Sample.refbook"), place.join("sample.json"));
    finish(under_sample(&place, Command::new(&refbook).arg("sample").arg(&book)))?;
    finish(under_sample(&place, Command::new(&refbook).arg("export").arg(&book).arg("--out").arg(&export)))?;
    let mut vitest = stories()?;
    finish(vitest.env("REFBOOK_WINDOW", built("debug", "refbook-window")?).env("REFBOOK_EXPORT", export))
}

/// How quick the window is: with the sample, and with a book of 100,000 clients.
fn speed() -> Done {
    interface()?;
    cargo(&["build", "--release", "--locked", "--quiet", "--package", "cli"])?;
    let window = ["build", "--release", "--locked", "--quiet", "--package", "window", "--features", DRIVEN];
    cargo(&[&window[..], &["--bins", "--example", "blank"]].concat())?;
    let place = empty(&root().join("target").join("speed"))?;
    let large = place.join("Large.refbook");
    // So many contracts have 100,000 clients: the first two of four are one client's.
    let mut sample = Command::new(built("release", "refbook")?);
    finish(under_sample(&place, sample.arg("sample").arg(&large).args(["--contracts", "133334", "--months", "2"])))?;
    let mut vitest = stories()?;
    vitest.env("REFBOOK_WINDOW", built("release", "refbook-window")?);
    vitest.env("REFBOOK_BLANK", built("release/examples", "blank")?);
    finish(vitest.env("REFBOOK_LARGE", large))
}

/// Vitest over `tests/window`.
fn stories() -> Result<Command, String> {
    let stories = root().join("tests").join("window");
    npm(&stories, &["ci", "--no-audit", "--no-fund", "--loglevel=error"])?;
    Ok(npm_command(&stories, &["test", "--silent"]))
}

/// A folder with nothing in it but a file with the passphrase "sample".
fn empty(place: &Path) -> Result<PathBuf, String> {
    if place.exists() {
        fs::remove_dir_all(place).map_err(|error| format!("{} can't be emptied: {error}", place.display()))?;
    }
    fs::create_dir_all(place)
        .and_then(|()| fs::write(place.join("passphrase"), "sample\n"))
        .map_err(|error| format!("{} can't be written: {error}", place.display()))?;
    Ok(place.to_owned())
}

fn under_sample<'c>(place: &Path, command: &'c mut Command) -> &'c mut Command {
    command.env("REFBOOK_PASSPHRASE_FILE", place.join("passphrase"))
}

/// The interface, as the window serves it.
fn interface() -> Done {
    let ui = root().join("ui");
    npm(&ui, &["ci", "--no-audit", "--no-fund", "--loglevel=error"])?;
    npm(&ui, &["run", "--silent", "build"])
}

fn npm(folder: &Path, arguments: &[&str]) -> Done {
    finish(&mut npm_command(folder, arguments))
}

fn npm_command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.args(arguments).current_dir(folder);
    command
}

/// All of it, or the window's part alone.
fn bench(wishes: &[String]) -> Done {
    setup::install(&[Need::Build, Need::Test, Need::Screen, Need::Bench])?;
    if wishes != ["window"] {
        setup::reportlab(&root().join("target").join("bench-venv"))?;
        cargo(&["bench", "--package", "refbook-tests", "--bench", "ratios", "--locked", "--quiet"])?;
    }
    if cfg!(target_os = "linux") {
        return speed();
    }
    println!("xtask: the window's speed was NOT measured: it is driven on Linux only.");
    Ok(())
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

/// A program that was built: beside this one, wherever the machine's settings have cargo build.
fn built(profile: &str, name: &str) -> Result<PathBuf, String> {
    let this = env::current_exe().map_err(|error| format!("this program's own place is unknown: {error}"))?;
    let target = this.parent().and_then(Path::parent).unwrap_or(Path::new("target"));
    Ok(target.join(profile).join(format!("{name}{}", env::consts::EXE_SUFFIX)))
}

/// The machine that programs are built for here, as Rust calls it: `x86_64-unknown-linux-gnu`.
fn machine() -> Result<String, String> {
    let told = Command::new("rustc").args(["--print", "host-tuple"]).output();
    let told = told.map_err(|error| format!("\"rustc\" can't be run: {error}"))?;
    Ok(String::from_utf8_lossy(&told.stdout).trim().to_owned())
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap_or_else(|_| PathBuf::from("."))
}
