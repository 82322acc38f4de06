//! A backup is put in the book's place: of the open book, or of one that does not open.
//!
//! Its passphrase is tried no quicker than the book's at the door. A right one forgets no wrong ones, since whoever guesses
//! could bring a backup of his own between two guesses.

use std::path::PathBuf;
use std::time::Instant;

use desk::backups::{RestorePreview, Which, preview_restore_of, restore_of};
use desk::{Code, DeskError, Passphrase, WayIn};

use crate::commands::now;
use crate::state::{Open, State, lock};

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
        let staged = state.take_after(|desk| desk.stage_restore(which.clone(), passphrase.map(WayIn::from), now()))?;
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
    match passphrase {
        Some(_) => lock(&state.wrong_at_backups).attempt(Instant::now, action),
        None => action(),
    }
}
