//! Speed and memory, as ratios measured in one run: `cargo xtask bench`.
//!
//! Each figure stands beside what it is held against, measured by the same clock in the same run. The books are made
//! once and kept in `target/bench`; a measurement opens them anew each time, so that nothing is in SQLite's cache.

mod import;
mod invoices;
mod month;
mod paper;
mod verify;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use desk::sample::Sample;
use desk::{Desk, OlderCopy};
use refbook_tests::passphrase;

/// A line of the table: what, how it was measured, the ratio, and what it must not exceed.
struct Ratio {
    what: &'static str,
    measured: String,
    ratio: f64,
    at_most: f64,
}

fn main() {
    // A child of the memory measurement: opens one book, works out a month, and tells its peak.
    if let Some(book) = std::env::args().skip_while(|argument| argument != "--peak").nth(1) {
        return month::tell_peak(Path::new(&book));
    }
    // `cargo xtask bench` measures all; a word after `--bench` one part.
    let wanted = |part: &str| std::env::args().skip(1).all(|word| word.starts_with("--") || word == part);
    let mut ratios = Vec::new();
    if wanted("month") {
        ratios.extend(month::ratios());
    }
    if wanted("paper") {
        ratios.extend(paper::ratios());
    }
    if wanted("import") {
        ratios.extend(import::ratios());
    }
    if wanted("invoices") {
        ratios.extend(invoices::ratios());
    }
    if wanted("verify") {
        ratios.extend(verify::ratios());
    }
    println!("\n| what | measured | ratio | at most | |\n|---|---|--:|--:|---|");
    let mut missed = 0;
    for Ratio { what, measured, ratio, at_most } in ratios {
        let mark = if ratio <= at_most { "" } else { "missed" };
        missed += usize::from(ratio > at_most);
        println!("| {what} | {measured} | {ratio:.2} | {at_most} | {mark} |");
    }
    println!("\n{missed} missed.");
}

/// A book of this size, with all months but the newest closed; made on the first run.
fn book(contracts: u32, months: u32) -> PathBuf {
    let book = folder().join(format!("{contracts}x{months}.refbook"));
    if !book.exists() {
        eprintln!("Making a book of {contracts} contracts and {months} months ...");
        let unfinished = folder().join("unfinished.refbook");
        let _ = fs::remove_dir_all(&unfinished);
        let sample = Sample::Large { contracts, months };
        drop(Desk::sample(&unfinished, &passphrase(), sample, |_| ()).expect("the sample"));
        fs::rename(&unfinished, &book).expect("renamed");
    }
    book
}

fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench");
    fs::create_dir_all(&folder).expect("target/bench");
    folder
}

fn open(book: &Path) -> Desk {
    Desk::open(book, &passphrase(), OlderCopy::Refuse).expect("the book opens")
}

/// How long each of some runs took.
type Times = Vec<Duration>;

/// Each of `times` rounds runs all once, so that what slows the machine down for a while slows all of them down.
fn rounds<const N: usize>(times: usize, mut runs: [&mut dyn FnMut() -> Duration; N]) -> [Times; N] {
    let mut took = [const { Vec::new() }; N];
    for _ in 0..times {
        for (took, run) in took.iter_mut().zip(&mut runs) {
            took.push(run());
        }
    }
    took
}

fn timed<T>(run: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let result = run();
    (start.elapsed(), result)
}

/// The median, as text.
fn ms(times: &[Duration]) -> String {
    format!("{:.1} ms", median(times.iter().map(Duration::as_secs_f64)) * 1000.0)
}

/// The median of the rounds' ratios.
fn ratio(of: &[Duration], to: &[Duration]) -> f64 {
    median(of.iter().zip(to).map(|(of, to)| of.as_secs_f64() / to.as_secs_f64()))
}

fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_unstable_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// A copy to change, in place of one from an earlier run. It is on the disk before anything is measured: else the first
/// sync of what is measured would write the copy too.
fn copy(book: &Path) -> PathBuf {
    let copy = folder().join("copy.refbook");
    let _ = fs::remove_dir_all(&copy);
    fs::create_dir(&copy).expect("a folder");
    for name in ["book.db", "key.json", "head.json"] {
        fs::copy(book.join(name), copy.join(name)).expect("copied");
        File::open(copy.join(name)).and_then(|file| file.sync_all()).expect("synced");
    }
    copy
}
