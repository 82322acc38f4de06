//! A backup is put in the book's place: of the open book, or of one that does not open.
//!
//! What is typed for it is tried no quicker than at the book's own door. A right try forgets no wrong ones, since whoever
//! guesses could bring a backup of his own between two guesses.

use std::path::PathBuf;
use std::time::Instant;

use desk::backups::{RestorePreview, Which, preview_restore_of, restore_of};
use desk::tries::Typed;
use desk::{Code, DeskError, WayIn};

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
pub fn preview(state: &State, which: Which, typed: Option<&Typed>) -> Result<RestorePreview, DeskError> {
    slowly(state, typed, || {
        state.with_or_without_now(|desk| match desk {
            Some(desk) => desk.preview_restore(which, typed.map(WayIn::from)),
            None => preview_restore_of(&state.at_the_door()?, which, needed(typed)?),
        })
    })
}

/// Closes the book, if one is open, and puts the backup in its place; gives the folder. A backup that is refused leaves the
/// book open.
pub fn restore(state: &State, which: Which, typed: Option<&Typed>) -> Result<PathBuf, DeskError> {
    slowly(state, typed, || {
        let staged = state.take_after(|desk| desk.stage_restore(which.clone(), typed.map(WayIn::from), now()))?;
        if let Some(Open { desk, folder, .. }) = staged {
            // The door leads to what was open, also where it was sent elsewhere meanwhile.
            state.choose(folder);
            desk.restore(now())?;
            return state.at_the_door();
        }
        let folder = state.at_the_door()?;
        let way = needed(typed)?;
        // One that was locked, and is still open underneath.
        state.close_locked();
        restore_of(&folder, which, way, now())?;
        Ok(folder)
    })
}

fn needed(typed: Option<&Typed>) -> Result<WayIn<'_>, DeskError> {
    let empty =
        || DeskError::new(Code::WrongPassphrase, "Nothing was typed. Type the backup's passphrase or recovery code.");
    typed.map(WayIn::from).ok_or_else(empty)
}

/// Tries what was typed, one at a time, or says how long to wait first. What the open book's own key does waits for nothing.
fn slowly<T>(
    state: &State,
    typed: Option<&Typed>,
    action: impl FnOnce() -> Result<T, DeskError>,
) -> Result<T, DeskError> {
    match typed {
        Some(_) => lock(&state.wrong_at_backups).attempt(Instant::now, action),
        None => action(),
    }
}
