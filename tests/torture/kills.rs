//! The program is killed: between any two of its calls, half way through a write, and at any time.

use std::path::Path;

use fastrand::Rng;

use crate::Bench;
use crate::cases::Outcome;
use crate::faults::Fault;
use crate::program::{Told, run};
use crate::story::{Story, ask_of_book, choose_code};

/// Two are started at once: one of them works on the book, and the other is told so or comes after it.
pub fn twice(bench: &Bench) -> Outcome {
    bench.extent.play("twice", (500, 20), |chance, place, nth| {
        let story = bench.story(nth);
        story.set_up(place);
        let other = &bench.stories[chance.usize(..bench.stories.len())];
        let asked = if other.plot.begins_with == story.plot.begins_with { other } else { story };
        let places = ["one", "other"].map(|name| place.join(name));
        for place in &places {
            std::fs::create_dir(place).expect("a folder of ours");
        }
        let told: [Told; 2] = std::thread::scope(|scope| {
            let runs = [(story, &places[0]), (asked, &places[1])];
            let runs = runs.map(|(story, said)| {
                let mut command = story.command(&bench.program, place);
                scope.spawn(move || run(&mut command, said, None))
            });
            runs.map(|run| run.join().expect("no case panics"))
        });
        for told in &told {
            told.disgrace().map_or(Ok(()), Err)?;
        }
        let refused = told.iter().filter(|told| !told.is_done());
        let refused: Vec<_> = refused.map(|told| told.error.trim().to_owned()).collect();
        let is_fair = |words: &String| {
            ["open in another program", "could not be written", "not this book's", "closed already"]
                .iter()
                .any(|fair| words.contains(fair))
        };
        if let Some(words) = refused.iter().find(|words| !is_fair(words)) {
            return Err(format!("{} and {}: {words}", story.plot.name, asked.plot.name));
        }
        choose_code(&bench.program, place);
        ask_of_book(&bench.program, place, &["verify", "./Book.refbook"])?;
        Ok(format!("{} refused of two", refused.len()))
    })
}

pub fn killed(bench: &Bench) -> Outcome {
    bench.extent.play("kills", (10_000, 60), |chance, place, nth| {
        let story = bench.story(nth);
        kill(bench, story, chance, place)
    })
}

fn kill(bench: &Bench, story: &Story, chance: &mut Rng, place: &Path) -> Result<String, String> {
    story.set_up(place);
    let told = if chance.bool() {
        let after = story.takes.mul_f64(chance.f64() * 1.1);
        run(&mut story.command(&bench.program, place), place, Some(after))
    } else {
        let calls = story.calls.iter().filter(|call| **call != b'r').count();
        let fault = Fault::Kill { at: chance.usize(1..=calls), half: chance.bool() };
        story.play(&bench.program, &bench.library, place, fault)
    };
    if told.code.is_some() {
        told.disgrace().map_or(Ok(()), Err)?;
    }
    let reached = story.judge(&bench.program, place, story.acknowledged(&told.out))?;
    let how = if told.code.is_none() { "killed" } else { "through before" };
    Ok(format!("{}: {how}, {reached} of {} steps kept", story.plot.name, story.plot.steps.len()))
}
