//! The files are damaged: bits flipped, pages zeroed, swapped, cut off and put back from before, files gone or old.
//!
//! Either the program says so, by name, or it makes no difference to what it says of the book.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use fastrand::Rng;

use crate::Bench;
use crate::cases::Outcome;
use crate::faults::Fault;
use crate::story::{BOOK, Story, files, placed};

const PAGE: usize = 4096;
/// What belongs to a book, and can be damaged.
const PARTS: [&str; 4] = ["book.db", "book.db-journal", "key.json", "head.json"];

type Files = BTreeMap<PathBuf, Vec<u8>>;

/// A book that is damaged, and an older state of the same one, whose pages and files are put back.
struct Victim<'a> {
    story: &'a Story,
    book: Files,
    older: Files,
    /// How many steps were said to be done.
    acknowledged: usize,
}

pub fn damaged(bench: &Bench) -> Outcome {
    let victims: Vec<Victim<'_>> = bench
        .stories
        .iter()
        .filter(|story| !story.plot.steps.is_empty())
        .flat_map(|story| victims(bench, story))
        .collect();
    bench.extent.play("damage", (10_000, 120), |chance, place, _| {
        let victim = &victims[chance.usize(..victims.len())];
        let mut book = victim.book.clone();
        let done = injure(&mut book, &victim.older, chance);
        lay(&book, place);
        let judged = judge(bench, victim, place).map(|kind| format!("{}: {kind}", done.kind));
        judged.map_err(|words| {
            lay(&book, place);
            format!("{}, {} {}: {words}", victim.story.plot.name, done.kind, done.what)
        })
    })
}

/// A book at rest, and books whose last writer was killed while it had a journal.
fn victims<'a>(bench: &Bench, story: &'a Story) -> Vec<Victim<'a>> {
    let place = bench.extent.place.join("victim");
    story.set_up(&place);
    let older = files(&place.join(BOOK));
    let told = bench.program.ask(&place, &placed(story.plot.asked, &place));
    let at_rest = Victim { story, book: files(&place.join(BOOK)), older, acknowledged: story.acknowledged(&told.out) };
    let hot = |at: usize| {
        story.set_up(&place);
        let older = files(&place.join(BOOK));
        let told = story.play(&bench.program, &bench.library, &place, Fault::Kill { at, half: false });
        let book = files(&place.join(BOOK));
        let has_journal = book.get(Path::new("book.db-journal")).is_some_and(|journal| !journal.is_empty());
        has_journal.then(|| Victim { story, book, older, acknowledged: story.acknowledged(&told.out) })
    };
    let calls = story.calls.iter().filter(|call| **call != b'r').count();
    // Some moments of all that there are: most of them are while the journal or the book is written.
    let moments = (1..=calls).step_by((calls / 12).max(1));
    std::iter::once(at_rest).chain(moments.filter_map(hot)).collect()
}

/// What was done to a book.
struct Injury {
    kind: String,
    what: String,
}

fn injure(book: &mut Files, older: &Files, chance: &mut Rng) -> Injury {
    let there: Vec<&str> =
        PARTS.into_iter().filter(|part| book.get(Path::new(part)).is_some_and(|b| !b.is_empty())).collect();
    // The book itself more often than all others together.
    let part = if chance.bool() { "book.db" } else { there[chance.usize(..there.len())] };
    let bytes = book[Path::new(part)].clone();
    let before = older.get(Path::new(part)).cloned().unwrap_or_default();
    let (kind, what, bytes) = hurt(bytes, &before, chance);
    match bytes {
        Some(bytes) => book.insert(part.into(), bytes),
        None => book.remove(Path::new(part)),
    };
    Injury { kind: format!("{part}: {kind}"), what }
}

fn hurt(mut bytes: Vec<u8>, before: &[u8], chance: &mut Rng) -> (&'static str, String, Option<Vec<u8>>) {
    let pages = bytes.len().div_ceil(PAGE);
    let page = |nth: usize, size: usize| nth * PAGE..((nth + 1) * PAGE).min(size);
    let (one, other) = (chance.usize(..pages), chance.usize(..pages));
    let span = page(one, bytes.len());
    let (kind, what) = match chance.usize(..10) {
        0..4 => {
            let at = chance.usize(..bytes.len());
            bytes[at] ^= 1 << chance.u8(..8);
            ("a bit flipped", format!("of byte {at}"))
        }
        4 => {
            bytes[span].fill(0);
            ("a page zeroed", format!("{one}"))
        }
        5 => {
            let size = chance.usize(..bytes.len());
            bytes.truncate(size);
            ("cut off", format!("at byte {size}"))
        }
        6 => {
            let (first, second) = (bytes[span.clone()].to_vec(), bytes[page(other, bytes.len())].to_vec());
            let to = page(other, bytes.len());
            let size = first.len().min(second.len());
            bytes[to][..size].copy_from_slice(&first[..size]);
            bytes[span][..size].copy_from_slice(&second[..size]);
            ("two pages swapped", format!("{one} and {other}"))
        }
        7 => {
            // A page that the older state has, too, with something else in it.
            let differs = |nth: &usize| before.get(page(*nth, before.len())) != bytes.get(page(*nth, before.len()));
            let changed: Vec<usize> =
                (0..before.len() / PAGE).filter(|nth| nth * PAGE + PAGE <= bytes.len()).filter(differs).collect();
            if changed.is_empty() {
                return ("put back from before", String::new(), Some(before.to_vec()));
            }
            let nth = changed[chance.usize(..changed.len())];
            bytes[page(nth, before.len())].copy_from_slice(&before[page(nth, before.len())]);
            ("a page put back from before", format!("{nth}"))
        }
        8 => return ("put back from before", String::new(), Some(before.to_vec())),
        _ => return ("taken away", String::new(), None),
    };
    (kind, what, Some(bytes))
}

fn lay(book: &Files, place: &Path) {
    let _ = fs::remove_dir_all(place);
    fs::create_dir_all(place.join(BOOK)).expect("a folder of ours");
    for (name, bytes) in book {
        let file = place.join(BOOK).join(name);
        fs::create_dir_all(file.parent().expect("within a folder")).expect("a folder of ours");
        fs::write(file, bytes).expect("a file of ours");
    }
}

fn judge(bench: &Bench, victim: &Victim<'_>, place: &Path) -> Result<String, String> {
    let ask = |word: &str| bench.program.ask(place, &placed(&[word, "./Book.refbook"], place));
    let (verified, exported) = (ask("verify"), ask("export"));
    for told in [&verified, &exported] {
        told.disgrace().map_or(Ok(()), Err)?;
        if ["is wrong", "wrong passphrase"].iter().any(|words| told.error.contains(words)) {
            return Err(format!("it takes damage for a wrong way in: {}", told.error));
        }
    }
    let is_right =
        exported.is_done() && victim.story.states[victim.acknowledged..].iter().any(|state| state[1] == exported.out);
    if verified.is_done() {
        let state = [verified.out, exported.out];
        return victim
            .story
            .is_reached(&state, victim.acknowledged)
            .map(|_| "harmless".to_owned())
            .map_err(|words| format!("NOT FOUND: verify finds nothing, and {words}"));
    }
    let names = ["damaged", "missing", "older", "not as it was written", "is not a book"];
    let said = verified.error.to_lowercase();
    if !names.iter().any(|name| said.contains(name)) {
        return Err(format!("it does not say that it is damage: {}", verified.error));
    }
    Ok(match (exported.is_done(), is_right) {
        (false, _) => "named when it is opened or read",
        (true, true) => "named by verify; what is shown is right",
        (true, false) => "named by verify; until then, older figures are shown",
    }
    .to_owned())
}
