//! Tries at a book's passphrase: after the third wrong one in a program, each further one waits longer.
//!
//! It slows down whoever tries by hand at a computer that is left alone. Whoever has the folder is slowed down by Argon2id
//! alone. A shell keeps one [`Tries`] for as long as it runs, and says what time it is.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use book::{Mistyped, Passphrase, RecoveryCode, WayIn};

use crate::{Code, Desk, DeskError, OlderCopy};

/// How many wrong tries cost nothing but themselves.
const FREE: u32 = 3;
const LONGEST: Duration = Duration::from_secs(30);

/// What somebody typed to get in.
pub enum Typed {
    Passphrase(Passphrase),
    RecoveryCode(RecoveryCode),
}

impl Typed {
    /// A recovery code if it reads as one, a mistyped one if most of it does; else a passphrase.
    pub fn read(text: String) -> Result<Self, DeskError> {
        match RecoveryCode::parse(&text) {
            Ok(code) => Ok(Self::RecoveryCode(code)),
            Err(mistyped @ Mistyped::Groups(_)) if mistyped.is_nearly_a_code() => {
                // No text that is freed unwiped: a passphrase wipes it.
                drop(Passphrase::new(text));
                Err(book::KeyError::from(mistyped).into())
            }
            Err(_) => Ok(Self::Passphrase(Passphrase::new(text)?)),
        }
    }
}

impl<'a> From<&'a Typed> for WayIn<'a> {
    fn from(typed: &'a Typed) -> Self {
        match typed {
            Typed::Passphrase(passphrase) => passphrase.into(),
            Typed::RecoveryCode(code) => code.into(),
        }
    }
}

/// The wrong tries so far, each book's on their own.
#[derive(Debug, Default)]
pub struct Tries {
    wrong: HashMap<PathBuf, Wrong>,
}

/// The wrong tries at one thing. A right one forgets none of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wrong {
    times: u32,
    last: Option<Instant>,
}

impl Tries {
    /// Opens a book, or says how long to wait first. `clock` tells the time, before and after.
    pub fn open<'a>(
        &mut self,
        folder: &Path,
        way: impl Into<WayIn<'a>>,
        older: OlderCopy,
        clock: impl Fn() -> Instant,
    ) -> Result<Desk, DeskError> {
        let desk = self.wrong.entry(place(folder)).or_default().attempt(clock, || Desk::open(folder, way, older))?;
        self.wrong.remove(&place(folder));
        Ok(desk)
    }

    /// How long the next try has to wait at `now`.
    pub fn wait(&self, folder: &Path, now: Instant) -> Duration {
        self.wrong.get(&place(folder)).map_or(Duration::ZERO, |wrong| wrong.wait(now))
    }
}

impl Wrong {
    /// Tries something, or says how long to wait first. `clock` tells the time, before and after.
    pub fn attempt<T>(
        &mut self,
        clock: impl Fn() -> Instant,
        action: impl FnOnce() -> Result<T, DeskError>,
    ) -> Result<T, DeskError> {
        let wait = self.wait(clock());
        if !wait.is_zero() {
            let words = format!("Wrong too often. Wait {}, and try again.", seconds(wait));
            return Err(DeskError::new(Code::TooSoon, words));
        }
        action().map_err(|error| match error.code {
            Code::WrongPassphrase | Code::WrongRecoveryCode => self.once_more(clock(), error),
            _ => error,
        })
    }

    fn once_more(&mut self, now: Instant, error: DeskError) -> DeskError {
        *self = Self { times: self.times.saturating_add(1), last: Some(now) };
        let wait = self.wait(now);
        let next = format!("{} The next try has to wait {}.", error.message, seconds(wait));
        if wait.is_zero() { error } else { DeskError { message: next, ..error } }
    }

    fn wait(&self, now: Instant) -> Duration {
        let passed = self.last.map_or(Duration::MAX, |last| now.saturating_duration_since(last));
        wait_after(self.times).saturating_sub(passed)
    }
}

/// After three wrong tries a second, then 2, 4, 8, 16, and 30 from there on.
fn wait_after(times: u32) -> Duration {
    match times.checked_sub(FREE) {
        None => Duration::ZERO,
        Some(more) => Duration::from_secs(1 << more.min(6)).min(LONGEST),
    }
}

/// However the folder is named.
fn place(folder: &Path) -> PathBuf {
    folder.canonicalize().unwrap_or_else(|_| folder.to_owned())
}

fn seconds(wait: Duration) -> String {
    match wait.as_secs_f64().ceil() {
        seconds if seconds <= 1.0 => "a second".to_owned(),
        seconds => format!("{seconds} seconds"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_further_wrong_try_waits_longer() {
        let seconds: Vec<u64> = (0..12).map(|times| wait_after(times).as_secs()).collect();
        assert_eq!(seconds, [0, 0, 0, 1, 2, 4, 8, 16, 30, 30, 30, 30]);
        assert_eq!(wait_after(u32::MAX), LONGEST);
    }

    #[test]
    fn the_wait_runs_off_and_is_each_books_own() {
        let (mut tries, start) = (Tries::default(), Instant::now());
        let (one, other) = (Path::new("/one"), Path::new("/other"));
        tries.wrong.insert(place(one), Wrong { times: 5, last: Some(start) });
        let after = |millis| tries.wait(one, start + Duration::from_millis(millis)).as_millis();
        assert_eq!([after(0), after(1500), after(4000), after(9000)], [4000, 2500, 0, 0]);
        assert_eq!(tries.wait(other, start), Duration::ZERO);
    }

    #[test]
    fn only_what_was_wrong_slows_down_and_a_right_try_forgets_nothing() {
        let (mut wrong, start) = (Wrong::default(), Instant::now());
        let mut told = |done: Result<(), Code>| {
            let tried = wrong.attempt(|| start, || done.map_err(|code| DeskError::new(code, "No.")));
            tried.err().map(|error| (error.code, error.message))
        };
        let no = |code, words: &str| Some((code, words.to_owned()));
        for _ in 0..9 {
            assert_eq!(told(Err(Code::Damaged)), no(Code::Damaged, "No."));
        }
        assert_eq!(told(Err(Code::WrongPassphrase)), no(Code::WrongPassphrase, "No."));
        assert_eq!(told(Err(Code::WrongRecoveryCode)), no(Code::WrongRecoveryCode, "No."));
        assert_eq!(told(Ok(())), None);
        let waits = "No. The next try has to wait a second.";
        assert_eq!(told(Err(Code::WrongPassphrase)), no(Code::WrongPassphrase, waits));
        assert_eq!(told(Ok(())), no(Code::TooSoon, "Wrong too often. Wait a second, and try again."));
    }

    #[test]
    fn what_is_typed_is_a_code_only_if_it_reads_as_one() {
        let code = RecoveryCode::random().expect("a code");
        let read = |text: &str| Typed::read(text.to_owned());
        assert!(matches!(read(code.text()), Ok(Typed::RecoveryCode(_))));
        let mut mistyped = code.text().to_owned();
        mistyped.replace_range(..1, if code.text().starts_with('7') { "8" } else { "7" });
        assert_eq!(read(&mistyped).err().map(|error| error.code), Some(Code::MistypedRecoveryCode));
        for passphrase in ["correct horse battery staple", "correcthorsebatterystaplesandahorse"] {
            assert!(matches!(read(passphrase), Ok(Typed::Passphrase(_))), "{passphrase}");
        }
        assert_eq!(read("").err().map(|error| error.code), Some(Code::WrongPassphrase));
    }
}
