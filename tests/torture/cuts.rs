//! The power is cut: images of the disk as it may then be, opened by the program.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use fastrand::Rng;

use crate::Bench;
use crate::cases::Outcome;
use crate::disk::{Call, Disk, calls};
use crate::faults::Fault;
use crate::program::Program;
use crate::story::{BOOK, LOST, Story, ask_of_book, choose_code, files, placed};

/// How a case is told whose image was judged already.
const AGAIN: &str = ", seen before";
/// And one that was cut after the program said that something was done.
const SAID: &str = " after something was said to be";

/// What a story's calls were, and what lay there before.
struct Recording<'a> {
    story: &'a Story,
    before: Disk,
    calls: Vec<Call>,
    /// Where it was played.
    place: PathBuf,
}

pub fn cut(bench: &Bench) -> Outcome {
    let mut outcome = cut_under(bench, &bench.program, "cuts", (100_000, 400), |judged| judged);
    let again = outcome.count(|kind| kind.ends_with(AGAIN));
    let said = outcome.count(|kind| kind.contains(SAID));
    let distinct = outcome.runs - again;
    outcome.notes.push(format!("{distinct} distinct images, {said} from after something was said to be saved"));
    outcome
}

/// With a program that is built to lose things: that nothing is lost would be the failure.
pub fn cut_lossy(bench: &Bench) -> Outcome {
    let Some(lossy) = &bench.lossy else { return Outcome::not_run("no program was given that loses things") };
    let expected = |judged: Result<String, String>| match judged {
        Err(words) if words.contains(LOST) => Ok(LOST.to_owned()),
        // head.json was written already, and misses what nobody was told of.
        Err(words) if words.contains("--accept-older-copy") => Ok("behind head.json".to_owned()),
        judged => judged,
    };
    let mut outcome = cut_under(bench, lossy, "lossy", (2_000, 200), expected);
    let lost = outcome.count(|kind| kind == LOST);
    outcome.notes.push(format!("{lost} images had lost what was said to be done, and the harness said so"));
    if lost == 0 {
        outcome.failures.push((0, "no loss was found".to_owned()));
    }
    outcome
}

fn cut_under(
    bench: &Bench,
    program: &Program,
    name: &str,
    count: (u64, u64),
    expected: impl Fn(Result<String, String>) -> Result<String, String> + Sync,
) -> Outcome {
    let place = bench.extent.place.join("recording");
    let recorded = bench.stories.iter().filter(|story| story.writes());
    let recordings: Vec<Recording<'_>> = recorded.map(|story| record(bench, program, story, &place)).collect();
    let (judged, verified) = (Mutex::default(), Mutex::default());
    let judge = Judge { program, judged: &judged, verified: &verified };
    bench.extent.play(name, count, |chance, place, nth| {
        let recording = &recordings[usize::try_from(nth).unwrap_or_default() % recordings.len()];
        expected(cut_one(recording, &judge, chance, place))
    })
}

fn record<'a>(bench: &Bench, program: &Program, story: &'a Story, place: &Path) -> Recording<'a> {
    story.set_up(place);
    let before = Disk::with(files(place));
    let log = bench.extent.place.join("log");
    let _ = fs::remove_file(&log);
    let told = story.play(program, &bench.library, place, Fault::Record(&log));
    assert!(told.is_done(), "{}: {}", story.plot.name, told.error);
    let calls = calls(&log);
    let mut after = before.clone();
    for call in &calls {
        after.make(call, place);
    }
    // Nothing that the program does to its files passes unseen: the calls alone lead to what is there.
    let is_told = |name: &PathBuf| ["said", "complained"].iter().any(|told| name == Path::new(told));
    let there: BTreeMap<_, _> = files(place).into_iter().filter(|(name, _)| !is_told(name)).collect();
    assert!(after.seen() == there, "{}: some call was not recorded", story.plot.name);
    Recording { story, before, calls, place: place.to_owned() }
}

fn cut_one(recording: &Recording<'_>, judge: &Judge<'_>, chance: &mut Rng, place: &Path) -> Result<String, String> {
    let at = moment(recording, chance);
    let mut disk = recording.before.clone();
    recording.calls[..at].iter().for_each(|call| disk.make(call, &recording.place));
    let said: String = recording.calls[..at].iter().filter_map(Call::said).collect();
    let acknowledged = recording.story.acknowledged(&said);
    let image = disk.after_cut(chance);
    let said = if acknowledged > 0 { SAID } else { "" };
    let plot = recording.story.plot;
    let kind = |state| format!("{}: {state} of {} steps kept{said}", plot.name, plot.steps.len());
    let key = Judge::key(recording.story, &image, acknowledged);
    if let Some(known) = judge.judged.lock().expect("no case panics").get(&key) {
        return known.clone().map(|state| format!("{}{AGAIN}", kind(state)));
    }
    lay(&image, place);
    let reached = judge.reached(recording.story, place, acknowledged).map_err(|words| {
        format!("{}, cut after call {at} of {}: {words}", recording.story.plot.name, recording.calls.len())
    });
    judge.judged.lock().expect("no case panics").insert(key, reached.clone());
    if reached.is_err() {
        // It was opened, and is no longer what it was: it is kept as it was cut.
        lay(&image, place);
    }
    reached.map(kind)
}

/// When the power is cut: after how many calls. Often after something was said to be done, which is soon before the end.
fn moment(recording: &Recording<'_>, chance: &mut Rng) -> usize {
    let all = recording.calls.len();
    let said =
        recording.calls.iter().position(|call| call.said().is_some_and(|said| recording.story.acknowledged(said) > 0));
    match said {
        Some(said) if chance.u8(..3) == 0 => chance.usize(said + 1..=all),
        _ => chance.usize(0..=all),
    }
}

fn lay(image: &BTreeMap<PathBuf, Vec<u8>>, place: &Path) {
    let _ = fs::remove_dir_all(place);
    for (name, bytes) in image {
        let file = place.join(name);
        fs::create_dir_all(file.parent().expect("within a folder")).expect("a folder of ours");
        fs::write(file, bytes).expect("a file of ours");
    }
}

/// Judges what an image holds; what was seen before is not judged again.
struct Judge<'a> {
    program: &'a Program,
    judged: &'a Mutex<HashMap<u64, Result<usize, String>>>,
    /// What `verify` says of a book, once the program has opened it and rolled back what was half done.
    verified: &'a Mutex<HashMap<u64, String>>,
}

impl Judge<'_> {
    fn key(story: &Story, image: &BTreeMap<PathBuf, Vec<u8>>, acknowledged: usize) -> u64 {
        hashed(&(story.plot.name, image, acknowledged))
    }

    fn reached(&self, story: &Story, place: &Path, acknowledged: usize) -> Result<usize, String> {
        choose_code(self.program, place);
        if story.plot.asked[0] == "backup" {
            story.backups_are_whole(self.program, place, acknowledged)?;
        }
        let look = match story.look(self.program, place) {
            Err(words) if words.contains("--accept-older-copy") => {
                return self.lost(story, place, acknowledged, &words);
            }
            look => look?,
        };
        let key = hashed(&(story.plot.name, files(&place.join(BOOK))));
        let known = self.verified.lock().expect("no case panics").get(&key).cloned();
        let verified = match known {
            Some(known) => known,
            None => ask_of_book(self.program, place, &["verify", "./Book.refbook"])?,
        };
        self.verified.lock().expect("no case panics").insert(key, verified.clone());
        story.is_reached(&[verified, look], acknowledged)
    }

    /// The book is behind what is kept beside it: how far, it says when that is accepted.
    fn lost(&self, story: &Story, place: &Path, acknowledged: usize, words: &str) -> Result<usize, String> {
        let accepted = self.program.ask(place, &placed(&["verify", "./Book.refbook", "--accept-older-copy"], place));
        if !accepted.is_done() {
            return Err(format!("{words}; and then: {}", accepted.error));
        }
        let state = [accepted.out, story.look(self.program, place)?];
        story.is_reached(&state, acknowledged).and(Err(format!("it has everything, and says: {words}")))
    }
}

fn hashed(what: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}
