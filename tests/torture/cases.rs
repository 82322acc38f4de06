//! Many cases of one fault, side by side, each with a seed of its own that brings it about again.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Instant;

use fastrand::Rng;
use rayon::prelude::*;

/// How much is run, and from which seed.
#[derive(Clone)]
pub struct Extent {
    pub seed: u64,
    /// At most so many cases of each fault.
    pub most: Option<u64>,
    /// Only this case.
    pub only: Option<u64>,
    pub short: bool,
    /// Where cases are played: best in memory, since thousands of them are.
    pub place: PathBuf,
    /// Where what failed is kept.
    pub kept: PathBuf,
}

/// What a fault came to.
#[derive(Debug, Default)]
pub struct Outcome {
    pub runs: u64,
    pub seconds: u64,
    /// How often each thing happened.
    pub kinds: BTreeMap<String, u64>,
    /// What is to be known of the figures.
    pub notes: Vec<String>,
    /// The case, and what went wrong.
    pub failures: Vec<(u64, String)>,
}

impl Extent {
    /// Plays `full` cases of a fault, or `short` of them. A case says what happened, or what went wrong.
    pub fn play(
        &self,
        fault: &str,
        (full, short): (u64, u64),
        case: impl Fn(&mut Rng, &Path, u64) -> Result<String, String> + Sync,
    ) -> Outcome {
        let runs = if self.short { short } else { full };
        let runs = self.most.map_or(runs, |most| runs.min(most));
        let cases: Vec<u64> = self.only.map_or_else(|| (0..runs).collect(), |only| vec![only]);
        let (begin, outcome) = (Instant::now(), Mutex::new(Outcome::default()));
        cases.par_iter().for_each(|nth| {
            let place = self.place.join(format!("{fault}-{nth}"));
            let _ = fs::remove_dir_all(&place);
            fs::create_dir_all(&place).expect("a folder of ours");
            let happened = case(&mut self.chance(fault, *nth), &place, *nth);
            if happened.is_err() {
                crate::story::copy(&place, &self.kept.join(format!("{fault}-{nth}")));
            }
            let _ = fs::remove_dir_all(&place);
            let mut outcome = outcome.lock().expect("no case panics");
            outcome.add(*nth, happened);
            if !self.short && outcome.runs * 10 % runs.max(10) < 10 && outcome.runs < runs {
                println!("torture: {fault}: {} of {runs}, {} failed", outcome.runs, outcome.failures.len());
            }
        });
        let mut outcome = outcome.into_inner().expect("no case panics");
        outcome.seconds = begin.elapsed().as_secs();
        outcome.failures.sort();
        outcome
    }

    /// The chance that a case is made of: always the same for the same seed, fault and case.
    fn chance(&self, fault: &str, case: u64) -> Rng {
        let mut hasher = DefaultHasher::new();
        (self.seed, fault, case).hash(&mut hasher);
        Rng::with_seed(hasher.finish())
    }
}

impl Outcome {
    /// What could not be played on this machine, and why.
    pub fn not_run(why: &str) -> Self {
        Self { notes: vec![format!("NOT run: {why}")], ..Self::default() }
    }

    /// How often something happened.
    pub fn count(&self, is: impl Fn(&str) -> bool) -> u64 {
        self.kinds.iter().filter(|(kind, _)| is(kind)).map(|(_, count)| count).sum()
    }

    fn add(&mut self, case: u64, happened: Result<String, String>) {
        self.runs += 1;
        match happened {
            Ok(kind) => *self.kinds.entry(kind).or_default() += 1,
            Err(words) => {
                println!("torture: FAILED, case {case}: {words}");
                self.failures.push((case, words));
            }
        }
    }
}
