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
mod program;
mod story;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use cases::{Extent, Outcome};
use clap::Parser;
use faults::Library;
use program::Program;
use story::Story;

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
        how: "kill -9 at a random call or a random time of each story; then verified, exported, and done again",
        play: kills::killed,
    },
    Fault {
        name: "calls",
        promise: "A call that fails costs nothing that was said to be saved",
        how: "the k-th write, sync, opening, renaming ... fails (full disk, broken disk, half a write), once or for good",
        play: calls::failed,
    },
    Fault {
        name: "cuts",
        promise: "A power cut costs nothing that was said to be saved",
        how: "images of the disk at a random moment of each story: what was not synced is dropped, torn or reordered",
        play: cuts::cut,
    },
    Fault {
        name: "lossy",
        promise: "The harness sees a loss: with a write-ahead log and synchronous=NORMAL it finds some",
        how: "the same images of a program that is built to lose things",
        play: cuts::cut_lossy,
    },
    Fault {
        name: "damage",
        promise: "Damage is found and named, never taken for a wrong passphrase, never a wrong figure",
        how: "bits flipped, pages zeroed, swapped, put back from before, files cut off, gone or old: book, journal, keys, head",
        play: damage::damaged,
    },
    Fault {
        name: "edits",
        promise: "What is sealed can't be edited unnoticed, not even with the key",
        how: "values changed, swapped, rows taken out of statements, settled amounts, closings, journal, receipts",
        play: edits::edited,
    },
];

fn main() -> ExitCode {
    let wishes = Wishes::parse();
    let _ = std::fs::remove_dir_all(&wishes.out);
    let memory = Path::new("/dev/shm");
    let place = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    let place = place.expect("a folder to play in");
    let bench = bench(&wishes, place.path());
    println!("torture: seed {}", wishes.seed);
    let mut failed = false;
    for fault in FAULTS {
        if !wishes.faults.is_empty() && !wishes.faults.iter().any(|name| name == fault.name) {
            continue;
        }
        let outcome = (fault.play)(&bench);
        println!(
            "torture: {}: {} runs in {} s, {} failed",
            fault.name,
            outcome.runs,
            outcome.seconds,
            outcome.failures.len()
        );
        for (kind, count) in &outcome.kinds {
            println!("    {count:6} {kind}");
        }
        println!("| {} | {} | {} | {} |", fault.promise, fault.how, outcome.runs, outcome.failures.len());
        failed |= !outcome.failures.is_empty();
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn bench(wishes: &Wishes, place: &Path) -> Bench {
    let passphrase = place.join("passphrase");
    std::fs::write(&passphrase, format!("{PASSPHRASE}\n")).expect("a file of ours");
    let program = Program { path: wishes.refbook.clone(), way_in: ("REFBOOK_PASSPHRASE_FILE".to_owned(), passphrase) };
    let library = Library::build(place).unwrap_or_else(|words| panic!("{words}"));
    let before = books::make(&program, place);
    let stories = books::PLOTS.iter();
    let stories = stories.map(|plot| Story::rehearse(plot, &before, &program, &library, &place.join("rehearsal")));
    let stories: Vec<Story> = stories.collect();
    for story in &stories {
        println!("torture: {}: {} calls, {:?}", story.plot.name, story.calls.len(), story.takes);
    }
    let extent = Extent {
        seed: wishes.seed,
        most: wishes.runs,
        only: wishes.case,
        short: wishes.short,
        place: place.to_owned(),
        kept: wishes.out.clone(),
    };
    let lossy = wishes.lossy.as_ref().map(|path| Program { path: path.clone(), ..program.clone() });
    Bench { program, lossy, library, extent, stories }
}
