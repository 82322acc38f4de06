//! A call fails: the k-th write, sync, opening, renaming ..., once or from then on.

use std::path::Path;

use fastrand::Rng;

use crate::Bench;
use crate::cases::Outcome;
use crate::faults::{Fault, How};
use crate::program::Told;
use crate::story::Story;

pub fn failed(bench: &Bench) -> Outcome {
    bench.extent.play("calls", (5_000, 60), |chance, place, nth| fail(bench, bench.story(nth), chance, place))
}

fn fail(bench: &Bench, story: &Story, chance: &mut Rng, place: &Path) -> Result<String, String> {
    story.set_up(place);
    let how = How::ALL[chance.usize(..How::ALL.len())];
    let calls: Vec<u8> = story.calls.iter().copied().filter(|call| how == How::Broken || *call != b'r').collect();
    let (at, stays) = (chance.usize(1..=calls.len()), chance.bool());
    let fault = Fault::Fail { at, how, stays };
    let told = story.play(&bench.program, &bench.library, place, fault);
    let judged = well_said(how, stays || calls[at - 1] == b'r', &told).and_then(|()| {
        let reached = story.judge(&bench.program, place, story.acknowledged(&told.out))?;
        if told.is_done() && reached < story.plot.steps.len() {
            return Err("it said that it was done, and it is not".to_owned());
        }
        Ok(format!("{}: {how:?}: {}", story.plot.name, first_words(&told)))
    });
    judged.map_err(|words| format!("{}, {fault:?}: {words}", story.plot.name))
}

/// What it says of the failure: something, and no wrong thing. What can't be read is damaged; what can't be written isn't.
pub fn well_said(how: How, reading: bool, told: &Told) -> Result<(), String> {
    told.disgrace().map_or(Ok(()), Err)?;
    let wrong = ["is wrong", "older than", "not a book", "damaged"];
    let wrong = &wrong[..if how == How::Broken && reading { 3 } else { 4 }];
    if let Some(word) = wrong.iter().find(|word| told.error.contains(**word)) {
        return Err(format!("nothing is \"{word}\", and it said: {}", told.error));
    }
    // A sync or an opening that fails for want of room is told as a disk that fails.
    let full = ["full", "No space left", "MB free", "could not be read or written", "disk failed"];
    if !told.is_done() && how == How::Full && !full.iter().any(|word| told.error.contains(word)) {
        return Err(format!("the disk was full, and it said: {}", told.error));
    }
    Ok(())
}

/// What it said, without the paths that differ from case to case.
fn first_words(told: &Told) -> String {
    let line = told.error.lines().next().unwrap_or("done");
    line.split('"').enumerate().map(|(nth, part)| if nth % 2 == 1 { "..." } else { part }).collect()
}
