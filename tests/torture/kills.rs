//! The program is killed: between any two of its calls, half way through a write, and at any time.

use std::path::Path;

use fastrand::Rng;

use crate::Bench;
use crate::cases::Outcome;
use crate::faults::Fault;
use crate::program::run;
use crate::story::Story;

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
