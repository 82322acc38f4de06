//! Stories: what people do with a book, and every state that the book may be in while they do.
//!
//! Whatever happens during a story, the book must then be in one of its states, and in none before what the program
//! said was done.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::faults::{Fault, Library};
use crate::program::{CODE, Program, Told, run};

/// The book's name in every place.
pub const BOOK: &str = "Book.refbook";
/// Where a story's papers go, in every place.
const PAPERS: &str = "papers";

/// A story as it is written. A word that begins with `./` stands for the path in the place where it is played.
pub struct Plot {
    pub name: &'static str,
    /// What is asked of the program.
    pub asked: &'static [&'static str],
    /// How a line begins by which the program says that a step is done, and kept.
    pub said: &'static str,
    /// What leads from each state to the next one: the whole, where it is one transaction; nothing, where what the
    /// program says of the book does not change.
    pub steps: &'static [&'static [&'static str]],
    /// What tells the states apart, beside `verify`.
    pub look: &'static [&'static str],
    /// What lies there before.
    pub begins_with: Before,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// A book with closed, reopened and open months.
    Book,
    /// One of the first version of the file, which has to be migrated.
    FirstVersion,
    /// A backup of the book, and the book as it went on since.
    Restoring,
}

/// Where a story writes the code that opens the book from then on.
pub const NEW_CODE: &str = "new-code";

/// How it is told that something is gone that was said to be saved.
pub const LOST: &str = "LOST";

/// What the program says of a book: that it is as it was written, with how much is sealed; and all records, or all ways
/// in.
pub type State = [String; 2];

/// A story as it goes when nothing happens.
pub struct Story {
    pub plot: &'static Plot,
    /// The folder with what lies there before: the book, and what the story needs beside it.
    pub before: PathBuf,
    /// What the book says before, and after each step.
    pub states: Vec<State>,
    /// What it writes beside the book.
    pub papers: BTreeMap<PathBuf, Vec<u8>>,
    /// The calls that it makes on files, each by its letter.
    pub calls: Vec<u8>,
    pub takes: Duration,
}

impl Story {
    /// Plays it undisturbed, in `place`.
    pub fn rehearse(plot: &'static Plot, before: &Path, program: &Program, library: &Library, place: &Path) -> Self {
        let mut story = Self {
            plot,
            before: before.to_owned(),
            states: Vec::new(),
            papers: BTreeMap::new(),
            calls: Vec::new(),
            takes: Duration::ZERO,
        };
        story.set_up(place);
        story.learn(program, place);
        for step in plot.steps {
            let told = program.ask(place, &placed(step, place));
            assert!(told.is_done(), "{}: {}", plot.name, told.error);
            story.learn(program, place);
        }
        story.set_up(place);
        let begin = Instant::now();
        let told = program.ask(place, &placed(plot.asked, place));
        story.takes = begin.elapsed();
        assert!(told.is_done(), "{}: {}", plot.name, told.error);
        story.papers = files(&place.join(PAPERS));
        story.set_up(place);
        let log = place.join("calls");
        story.play(program, library, place, Fault::Count(&log));
        story.calls = fs::read(log).expect("the calls");
        story
    }

    fn learn(&mut self, program: &Program, place: &Path) {
        choose_code(program, place);
        let state = self.state(program, place).expect("undisturbed, it is whole");
        self.states.push(state);
    }

    /// Whether it writes into the book's folder.
    pub fn writes(&self) -> bool {
        let only_reads = ["print", "export"];
        !only_reads.contains(&self.plot.asked[0])
    }

    /// Puts into `place` what lies there before.
    pub fn set_up(&self, place: &Path) {
        let _ = fs::remove_dir_all(place);
        self.lay(place);
    }

    pub fn lay(&self, place: &Path) {
        copy(&self.before, place);
        fs::create_dir_all(place.join(PAPERS)).expect("a folder of ours");
    }

    pub fn command(&self, program: &Program, place: &Path) -> Command {
        program.command(place, &placed(self.plot.asked, place))
    }

    /// Plays it with a fault.
    pub fn play(&self, program: &Program, library: &Library, place: &Path, fault: Fault<'_>) -> Told {
        run(library.preload(&mut self.command(program, place), place, fault), place, None)
    }

    /// How much the program said was done: steps, or a backup.
    pub fn acknowledged(&self, out: &str) -> usize {
        out.lines().filter(|line| line.starts_with(self.plot.said)).count()
    }

    /// Looks at what is there after whatever happened, and plays the story again: that must lead to its end.
    pub fn judge(&self, program: &Program, place: &Path, acknowledged: usize) -> Result<usize, String> {
        let reached = self.reached(program, place, acknowledged)?;
        self.papers_are_whole(place, false)?;
        self.backups_are_whole(program, place, acknowledged)?;
        if reached > 0 && reached == self.plot.steps.len() {
            return Ok(reached);
        }
        let again = program.ask(place, &placed(self.plot.asked, place));
        if let Some(disgrace) = again.disgrace() {
            return Err(format!("played again, {disgrace}"));
        }
        self.papers_are_whole(place, true)?;
        let end = self.reached(program, place, reached)?;
        if end + 1 != self.states.len() {
            return Err(format!("played again, it leads to state {end} and not to its end: {again:?}"));
        }
        Ok(reached)
    }

    /// Which state the book is in.
    pub fn reached(&self, program: &Program, place: &Path, acknowledged: usize) -> Result<usize, String> {
        choose_code(program, place);
        self.is_reached(&self.state(program, place)?, acknowledged)
    }

    fn state(&self, program: &Program, place: &Path) -> Result<State, String> {
        Ok([ask_of_book(program, place, &["verify", "./Book.refbook"])?, self.look(program, place)?])
    }

    pub fn look(&self, program: &Program, place: &Path) -> Result<String, String> {
        ask_of_book(program, place, self.plot.look)
    }

    /// Which state this is, of those that it may be in after so many steps were said to be done.
    pub fn is_reached(&self, state: &State, acknowledged: usize) -> Result<usize, String> {
        let states = self.states.iter().enumerate().skip(acknowledged.min(self.plot.steps.len()));
        let reached = states.into_iter().find(|(_, known)| *known == state).map(|(nth, _)| nth);
        reached.ok_or_else(|| match self.states.iter().position(|known| known == state) {
            Some(nth) => format!("{LOST}: {acknowledged} steps were said to be done, and the book has {nth}"),
            None => format!("the book is in no state of the story: {}", state[0]),
        })
    }

    /// Every backup that is listed is whole, and one that was said to be made is listed.
    pub fn backups_are_whole(&self, program: &Program, place: &Path, acknowledged: usize) -> Result<(), String> {
        let told = ask_of_book(program, place, &["backups", "./Book.refbook", "--json"])?;
        let listed: Value = serde_json::from_str(&told).map_err(|error| format!("backups: {error}: {told}"))?;
        let rows = listed["backups"].as_array().map(Vec::as_slice).unwrap_or_default();
        match rows.iter().find(|row| !row["damage"].is_null()) {
            Some(row) => Err(format!("the backup {} is damaged: {}", row["id"], row["damage"])),
            None if self.plot.steps.is_empty() && rows.len() < acknowledged => {
                Err(format!("{LOST}: a backup was said to be made, and none is there"))
            }
            None => Ok(()),
        }
    }

    fn papers_are_whole(&self, place: &Path, all: bool) -> Result<(), String> {
        let there = files(&place.join(PAPERS));
        for (name, bytes) in &self.papers {
            match there.get(name) {
                Some(found) if found == bytes => {}
                None if !all => {}
                Some(_) => return Err(format!("{} is not whole", name.display())),
                None => return Err(format!("{} is not there", name.display())),
            }
        }
        let stray = there.keys().find(|name| all && !self.papers.contains_key(*name));
        stray.map_or(Ok(()), |name| Err(format!("{} was left lying", name.display())))
    }
}

/// Where a story gave the book a new code, the one that opens it is taken.
pub fn choose_code(program: &Program, place: &Path) {
    let new = place.join(NEW_CODE);
    if new.is_file() {
        let told = program.ask(place, &placed(&["keys", "./Book.refbook"], place));
        let done = if told.is_done() { fs::remove_file(new) } else { fs::rename(new, place.join(CODE)) };
        done.expect("a file of ours");
    }
}

/// What the program says of the book.
pub fn ask_of_book(program: &Program, place: &Path, words: &[&str]) -> Result<String, String> {
    let told = program.ask(place, &placed(words, place));
    if told.is_done() { Ok(told.out) } else { Err(format!("{}: {:?}: {}", words[0], told.code, told.error.trim())) }
}

/// The words, with the paths that they have in a place.
pub fn placed(words: &[&str], place: &Path) -> Vec<OsString> {
    let word =
        |word: &&str| word.strip_prefix("./").map_or_else(|| OsString::from(word), |name| place.join(name).into());
    words.iter().map(word).collect()
}

/// Every file in a folder and below, by its path from there.
pub fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    collect(folder, Path::new(""), &mut found);
    found
}

fn collect(root: &Path, below: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(root.join(below)).into_iter().flatten().flatten() {
        let name = below.join(entry.file_name());
        if entry.path().is_dir() {
            collect(root, &name, found);
        } else {
            found.insert(name, fs::read(entry.path()).expect("a file of ours"));
        }
    }
}

pub fn copy(from: &Path, to: &Path) {
    for (name, bytes) in files(from) {
        let file = to.join(name);
        fs::create_dir_all(file.parent().expect("within a folder")).expect("a folder of ours");
        fs::write(file, bytes).expect("a file of ours");
    }
}
