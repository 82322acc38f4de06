//! `cargo xtask torture`: the shipped `refbook` and its books under every fault that we know of, by the thousand.
//!
//! Each fault is a file here; each case of it has a seed, so that one that failed can be played again alone. What is
//! judged is what the program says and what is in the files, never a model of it.

mod books;
mod calls;
mod cases;
mod cuts;
mod damage;
mod disk;
mod edits;
mod faults;
mod kills;
mod places;
mod program;
mod story;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use books::{Books, PLOTS};
use cases::{Extent, Outcome};
use clap::Parser;
use faults::Library;
use program::Program;
use serde_json::json;
use story::{Plot, Story};

/// Of every book here.
pub const PASSPHRASE: &str = "sample";

#[derive(Parser)]
struct Wishes {
    /// Only these faults
    faults: Vec<String>,
    /// A few cases of each
    #[arg(long)]
    short: bool,
    /// At most so many cases of each
    #[arg(long, value_name = "N")]
    runs: Option<u64>,
    /// The seed that all cases are made from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only this case
    #[arg(long, value_name = "N")]
    case: Option<u64>,
    /// The program
    #[arg(long, value_name = "FILE")]
    refbook: PathBuf,
    /// The program as it is built to lose things: the harness must see it
    #[arg(long, value_name = "FILE")]
    lossy: Option<PathBuf>,
    /// Where what failed is kept
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Everything that cases are played with.
pub struct Bench {
    pub program: Program,
    pub lossy: Option<Program>,
    pub library: Library,
    pub extent: Extent,
    pub books: Books,
    pub stories: Vec<Story>,
}

impl Bench {
    /// The stories in turn.
    pub fn story(&self, nth: u64) -> &Story {
        let nth = usize::try_from(nth).unwrap_or_default();
        &self.stories[nth % self.stories.len()]
    }
}

/// A promise, what is done to it, and how that is played.
struct Fault {
    name: &'static str,
    promise: &'static str,
    how: &'static str,
    play: fn(&Bench) -> Outcome,
}

const FAULTS: &[Fault] = &[
    Fault {
        name: "kills",
        promise: "Killed at any moment, the book has everything that was said to be saved",
        how: "kill -9 before or half way through a random call, or at a random time, of imports, closings, prints, exports, \
            backups, restores, new keys, migrations; then verified, looked at, and done again",
        play: kills::killed,
    },
    Fault {
        name: "twice",
        promise: "Of two started at once, one works on the book, and the other is told so or comes after it",
        how: "two stories at once on one book; then verified",
        play: kills::twice,
    },
    Fault {
        name: "calls",
        promise: "A call that fails costs nothing that was said to be saved, and is told as what it is",
        how: "the k-th write, sync, opening, reading, renaming fails: a full disk, a broken one, half a write, once or for good",
        play: calls::failed,
    },
    Fault {
        name: "full",
        promise: "A disk that is really full costs nothing",
        how: "a small tmpfs with room for a random part of what a story writes",
        play: places::full,
    },
    Fault {
        name: "read-only",
        promise: "A disk that can't be written to is told",
        how: "a tmpfs mounted read-only",
        play: places::read_only,
    },
    Fault {
        name: "clocks",
        promise: "Any clock, time zone and locale will do",
        how: "stories yesterday, nine years ago, in sixty and two hundred years, and by a clock that begins anew in 1970, under time \
            zones and locales that are there or not",
        play: places::anywhere,
    },
    Fault {
        name: "damage",
        promise: "Damage is found and named, by `verify` or a backup at the latest, and never taken for a wrong way in",
        how: "bits flipped, pages zeroed, swapped, put back from before, files cut off, gone or old: book, journal, keys, \
            head; then verified and looked at",
        play: damage::damaged,
    },
    Fault {
        name: "edits",
        promise: "What is sealed can't be edited unnoticed, not even with the key",
        how: "values changed and swapped, rows taken out of statements, settled amounts, closings, journal, receipts, open \
            invoices",
        play: edits::edited,
    },
    Fault {
        name: "cuts",
        promise: "A power cut costs nothing that was said to be saved",
        how: "images of the disk at a random moment of each story: what was not synced is dropped, torn or reordered",
        play: cuts::cut,
    },
    Fault {
        name: "lossy",
        promise: "The harness can see a loss",
        how: "the same images of a build with a write-ahead log and synchronous=NORMAL: it fails unless some have lost something",
        play: cuts::cut_lossy,
    },
];

fn main() -> ExitCode {
    let wishes = Wishes::parse();
    if let Some(unknown) = wishes.faults.iter().find(|name| FAULTS.iter().all(|fault| fault.name != **name)) {
        eprintln!(
            "torture: there is no \"{unknown}\". There are {}.",
            FAULTS.iter().map(|fault| fault.name).collect::<Vec<_>>().join(", ")
        );
        return ExitCode::from(2);
    }
    let _ = fs::remove_dir_all(&wishes.out);
    fs::create_dir_all(&wishes.out).expect("the folder for what is found");
    // In memory, since books are written by the thousand.
    let memory = Path::new("/dev/shm");
    let place = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    let place = place.expect("a folder to play in");
    let bench = bench(&wishes, place.path());
    let is_asked = |fault: &&Fault| wishes.faults.is_empty() || wishes.faults.iter().any(|name| name == fault.name);
    let outcomes: Vec<(&Fault, Outcome)> =
        FAULTS.iter().filter(is_asked).map(|fault| (fault, played(fault, &bench))).collect();
    let table = table(&outcomes);
    println!("{table}");
    fs::write(wishes.out.join("table.md"), table).expect("the table");
    fs::write(wishes.out.join("outcomes.json"), outcomes_json(&outcomes, wishes.seed)).expect("the outcomes");
    let failed = outcomes.iter().any(|(_, outcome)| !outcome.failures.is_empty());
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn played(fault: &Fault, bench: &Bench) -> Outcome {
    let outcome = (fault.play)(bench);
    println!(
        "torture: {}: {} runs in {} s, {} failed",
        fault.name,
        outcome.runs,
        outcome.seconds,
        outcome.failures.len()
    );
    for note in &outcome.notes {
        println!("torture: {}: {note}", fault.name);
    }
    for (kind, count) in outcome.kinds.iter().filter(|_| !bench.extent.short) {
        println!("    {count:6} {kind}");
    }
    outcome
}

/// For the README.
fn table(outcomes: &[(&Fault, Outcome)]) -> String {
    let mut table = "| promise | how it is tested | runs | failures |\n|---|---|--:|--:|\n".to_owned();
    for (fault, outcome) in outcomes {
        let how = std::iter::once(fault.how).chain(outcome.notes.iter().map(String::as_str));
        let how = how.collect::<Vec<_>>().join("; ");
        table += &format!("| {} | {how} | {} | {} |\n", fault.promise, outcome.runs, outcome.failures.len());
    }
    table
}

/// For programs.
fn outcomes_json(outcomes: &[(&Fault, Outcome)], seed: u64) -> String {
    let outcome = |(fault, outcome): &(&Fault, Outcome)| {
        json!({"fault": fault.name, "promise": fault.promise, "how": fault.how, "seed": seed, "runs": outcome.runs,
            "seconds": outcome.seconds, "notes": outcome.notes, "kinds": outcome.kinds, "failures": outcome.failures})
    };
    json!(outcomes.iter().map(outcome).collect::<Vec<_>>()).to_string()
}

fn bench(wishes: &Wishes, place: &Path) -> Bench {
    let passphrase = place.join("passphrase");
    fs::write(&passphrase, format!("{PASSPHRASE}\n")).expect("a file of ours");
    let program = Program { path: wishes.refbook.clone(), passphrase };
    let lossy = wishes.lossy.as_ref().map(|path| Program { path: path.clone(), ..program.clone() });
    let library = Library::build(place).unwrap_or_else(|words| panic!("{words}"));
    let books = Books::make(&program, place);
    let rehearse = |plot: &'static Plot| {
        let before = books.of(plot.begins_with);
        Story::rehearse(plot, before, &program, &library, &place.join("rehearsal"))
    };
    let stories: Vec<Story> = PLOTS.iter().map(rehearse).collect();
    println!("torture: seed {}", wishes.seed);
    for story in &stories {
        println!("torture: {} makes {} calls in {:?}", story.plot.name, story.calls.len(), story.takes);
    }
    let extent = Extent {
        seed: wishes.seed,
        most: wishes.runs,
        only: wishes.case,
        short: wishes.short,
        place: place.to_owned(),
        kept: wishes.out.clone(),
    };
    Bench { program, lossy, library, extent, books, stories }
}
