//! A backup is put in the book's place: of the open book, or of one that does not open.
//!
//! Its passphrase is tried no quicker than the book's at the door: after three wrong ones each further one waits longer. A
//! right one forgets none of them, since whoever guesses could bring a backup of his own between two guesses.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use desk::backups::{RestorePreview, Which, preview_restore_of, restore_of};
use desk::{Code, DeskError, Passphrase, WayIn};

use crate::commands::now;
use crate::state::{Open, State, lock};

/// The wrong passphrases of backups since the program began.
#[derive(Default)]
pub struct WrongTries {
    times: u32,
    last: Option<Instant>,
}

/// By its id in the list, or the one that was chosen in a dialog.
pub fn which(state: &State, id: Option<String>) -> Result<Which, DeskError> {
    let chosen = || lock(&state.chosen_backup).clone().map(Which::InFolder);
    id.map(Which::Listed)
        .or_else(chosen)
        .ok_or_else(|| DeskError::new(Code::Failed, "No backup was chosen. Choose one first."))
}

/// What a restore would change.
pub fn preview(state: &State, which: Which, passphrase: Option<&Passphrase>) -> Result<RestorePreview, DeskError> {
    slowly(state, passphrase, || {
        state.with_or_without_now(|desk| match desk {
            Some(desk) => desk.preview_restore(which, passphrase.map(WayIn::from)),
            None => preview_restore_of(&state.at_the_door()?, which, needed(passphrase)?),
        })
    })
}

/// Closes the book, if one is open, and puts the backup in its place; gives the folder. A backup that is refused leaves the
/// book open.
pub fn restore(state: &State, which: Which, passphrase: Option<&Passphrase>) -> Result<PathBuf, DeskError> {
    slowly(state, passphrase, || {
        let staged = state.take_after(|desk| desk.stage_restore(which.clone(), passphrase.map(WayIn::from)))?;
        if let Some(Open { desk, folder, .. }) = staged {
            // The door leads to what was open, also where it was sent elsewhere meanwhile.
            state.choose(folder);
            desk.restore(now())?;
            return state.at_the_door();
        }
        let folder = state.at_the_door()?;
        let way = needed(passphrase)?;
        // One that was locked, and is still open underneath.
        state.close_locked();
        restore_of(&folder, which, way, now())?;
        Ok(folder)
    })
}

fn needed(passphrase: Option<&Passphrase>) -> Result<WayIn<'_>, DeskError> {
    let empty = || DeskError::new(Code::WrongPassphrase, "The passphrase is empty. Type the backup's.");
    passphrase.map(WayIn::from).ok_or_else(empty)
}

/// Tries a passphrase, one at a time, or says how long to wait first. What the open book's own key does waits for nothing.
fn slowly<T>(
    state: &State,
    passphrase: Option<&Passphrase>,
    action: impl FnOnce() -> Result<T, DeskError>,
) -> Result<T, DeskError> {
    if passphrase.is_none() {
        return action();
    }
    let mut wrong = lock(&state.wrong_at_backups);
    let at_the_door = state.chosen().map(|folder| lock(&state.tries).wait(&folder, Instant::now()));
    let wait = wrong.wait(Instant::now()).max(at_the_door.unwrap_or_default());
    if !wait.is_zero() {
        let words = format!("Wrong too often. Wait {:.0} s, and try again.", wait.as_secs_f64().ceil());
        return Err(DeskError::new(Code::TooSoon, words));
    }
    let done = action();
    if done.as_ref().is_err_and(|error| error.code == Code::WrongPassphrase) {
        *wrong = WrongTries { times: wrong.times.saturating_add(1), last: Some(Instant::now()) };
    }
    done
}

impl WrongTries {
    /// As long as at the door: after three a second, then 2, 4, 8, 16, and 30 from there on.
    fn wait(&self, now: Instant) -> Duration {
        let (Some(last), Some(more)) = (self.last, self.times.checked_sub(3)) else { return Duration::ZERO };
        let whole = Duration::from_secs((1 << more.min(5)).min(30));
        whole.saturating_sub(now.saturating_duration_since(last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_passphrase_of_a_backup_waits_as_at_the_door() {
        let last = Instant::now();
        let wait = |times| WrongTries { times, last: Some(last) }.wait(last).as_secs();
        assert_eq!((0..11).map(wait).collect::<Vec<_>>(), [0, 0, 0, 1, 2, 4, 8, 16, 30, 30, 30]);
        assert_eq!(wait(u32::MAX), 30);
        let later = last + Duration::from_secs(31);
        assert_eq!(WrongTries { times: 20, last: Some(last) }.wait(later), Duration::ZERO);
    }

    #[test]
    fn only_what_was_wrong_slows_down() {
        let state = State::default();
        let passphrase = Passphrase::new("correct horse".to_owned()).ok();
        let tried = |code| {
            let refused = slowly(&state, passphrase.as_ref(), || Err::<(), _>(DeskError::new(code, "")));
            refused.err().map(|error| error.code)
        };
        (0..9).for_each(|_| assert_eq!(tried(Code::UnknownRecord), Some(Code::UnknownRecord)));
        (0..3).for_each(|_| assert_eq!(tried(Code::WrongPassphrase), Some(Code::WrongPassphrase)));
        assert_eq!(tried(Code::WrongPassphrase), Some(Code::TooSoon));
        assert!(slowly(&state, None, || Ok(())).is_ok(), "the open book's own key");
    }
}
