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
use crate::program::CODE;
use crate::story::{BOOK, NEW_CODE, Story, choose_code, files, placed};

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
    /// What opens it.
    code: Vec<u8>,
}

pub fn damaged(bench: &Bench) -> Outcome {
    let victims: Vec<Victim<'_>> = bench
        .stories
        .iter()
        .filter(|story| !story.plot.steps.is_empty())
        .flat_map(|story| victims(bench, story))
        .collect();
    let mut outcome = bench.extent.play("damage", (10_000, 120), |chance, place, _| {
        let victim = &victims[chance.usize(..victims.len())];
        let mut book = victim.book.clone();
        let done = injure(&mut book, &victim.older, chance);
        lay(&book, &victim.code, place);
        let judged = judge(bench, victim, &done, place).map(|kind| format!("{}, {}: {kind}", done.part, done.kind));
        judged.map_err(|words| {
            lay(&book, &victim.code, place);
            format!("{}: {}, {} {}: {words}", victim.story.plot.name, done.part, done.kind, done.what)
        })
    });
    let late = outcome.count(|kind| kind.ends_with(NAMED_LATE));
    outcome.notes.push(format!("{late} showed older figures until `verify` or a backup named the damage"));
    outcome
}

const NAMED_LATE: &str = "named by verify and by a backup, and until then older figures are shown";

/// A book at rest, and books whose last writer was killed while it had a journal.
fn victims<'a>(bench: &Bench, story: &'a Story) -> Vec<Victim<'a>> {
    let place = bench.extent.place.join("victim");
    let victim = |older: Files, acknowledged: usize| Victim {
        story,
        book: files(&place.join(BOOK)),
        older,
        acknowledged,
        code: fs::read(place.join(CODE)).expect("the code"),
    };
    story.set_up(&place);
    let older = files(&place.join(BOOK));
    let told = bench.program.ask(&place, &placed(story.plot.asked, &place));
    choose_code(&bench.program, &place);
    let at_rest = victim(older, story.acknowledged(&told.out));
    let hot = |at: usize| {
        story.set_up(&place);
        let older = files(&place.join(BOOK));
        let told = story.play(&bench.program, &bench.library, &place, Fault::Kill { at, half: false });
        let journal = fs::read(place.join(BOOK).join("book.db-journal")).unwrap_or_default();
        // Which of two codes opens it is not known without opening it.
        (!journal.is_empty() && !place.join(NEW_CODE).is_file()).then(|| victim(older, story.acknowledged(&told.out)))
    };
    let calls = story.calls.iter().filter(|call| **call != b'r').count();
    // Some moments of all that there are: most of them are while the journal or the book is written.
    let moments = (1..=calls).step_by((calls / 12).max(1));
    std::iter::once(at_rest).chain(moments.filter_map(hot)).collect()
}

/// What was done to a book.
struct Injury {
    part: &'static str,
    kind: &'static str,
    what: String,
}

const BEFORE: &str = "put back from before";

fn injure(book: &mut Files, older: &Files, chance: &mut Rng) -> Injury {
    let there: Vec<&'static str> =
        PARTS.into_iter().filter(|part| book.get(Path::new(part)).is_some_and(|b| !b.is_empty())).collect();
    // The book itself more often than all others together.
    let part = if chance.bool() { "book.db" } else { there[chance.usize(..there.len())] };
    let bytes = book[Path::new(part)].clone();
    let before = older.get(Path::new(part)).cloned().unwrap_or_default();
    let (kind, what, bytes) = loop {
        let tried = hurt(bytes.clone(), &before, chance);
        if tried.2.as_ref() != Some(&bytes) {
            break tried;
        }
    };
    match bytes {
        Some(bytes) => book.insert(part.into(), bytes),
        None => book.remove(Path::new(part)),
    };
    Injury { part, kind, what }
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
                return (BEFORE, String::new(), Some(before.to_vec()));
            }
            let nth = changed[chance.usize(..changed.len())];
            bytes[page(nth, before.len())].copy_from_slice(&before[page(nth, before.len())]);
            ("a page put back from before", format!("{nth}"))
        }
        8 => return (BEFORE, String::new(), Some(before.to_vec())),
        _ => return ("taken away", String::new(), None),
    };
    (kind, what, Some(bytes))
}

fn lay(book: &Files, code: &[u8], place: &Path) {
    let _ = fs::remove_dir_all(place);
    fs::create_dir_all(place.join(BOOK)).expect("a folder of ours");
    fs::write(place.join(CODE), code).expect("a file of ours");
    for (name, bytes) in book {
        let file = place.join(BOOK).join(name);
        fs::create_dir_all(file.parent().expect("within a folder")).expect("a folder of ours");
        fs::write(file, bytes).expect("a file of ours");
    }
}

fn judge(bench: &Bench, victim: &Victim<'_>, done: &Injury, place: &Path) -> Result<&'static str, String> {
    let ask = |words: &[&str]| bench.program.ask(place, &placed(words, place));
    let (verified, looked) = (ask(&["verify", "./Book.refbook"]), ask(victim.story.plot.look));
    for told in [&verified, &looked] {
        told.disgrace().map_or(Ok(()), Err)?;
        if told.error.contains("is wrong") || told.error.contains("not this book's") {
            // An older key file is whole, and wants what opened it then.
            let is_older = done.part == "key.json" && done.kind == BEFORE;
            return if is_older {
                Ok("wants the older code")
            } else {
                Err(format!("it blames the code: {}", told.error))
            };
        }
    }
    let may_be = &victim.story.states[victim.acknowledged.min(victim.story.plot.steps.len())..];
    if verified.is_done() {
        let state = [verified.out, looked.out];
        let not_found = |words| format!("NOT FOUND: verify finds nothing, and {words}");
        return victim.story.is_reached(&state, victim.acknowledged).map(|_| "harmless").map_err(not_found);
    }
    let names = ["damaged", "missing", "older", "not as it was written", "is not a book"];
    let said = verified.error.to_lowercase();
    if !names.iter().any(|name| said.contains(name)) {
        return Err(format!("it does not say that it is damage: {}", verified.error));
    }
    if !looked.is_done() {
        return Ok("named when it is opened or read");
    }
    if may_be.iter().any(|state| state[1] == looked.out) {
        return Ok("named by verify, and what is shown is right");
    }
    // What nobody has asked `verify` about is still no backup.
    let backed_up = ask(&["backup", "./Book.refbook"]);
    backed_up.disgrace().map_or(Ok(()), Err)?;
    if backed_up.is_done() {
        return Err(format!("verify names it ({}), and it is backed up as good", verified.error.trim()));
    }
    Ok(NAMED_LATE)
}
