//! Backups while the book works: one a day by itself, and those that are asked for.
//!
//! The copy takes the book in steps and gives way to whoever waits for it: what was copied is left, and begun anew in the
//! next quiet moment. Only after many such tries it is finished in one go. The copy is checked without the book.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use desk::backups::{BackupRow, Copied, Next, finish_backup, was_left};
use desk::{Code, DeskError};

use crate::commands::now;
use crate::state::State;

/// How often it is looked whether a backup is due; after one that failed, it is not tried again before long.
const LOOK_EVERY: Duration = Duration::from_mins(1);
const AFTER_A_FAILURE: Duration = Duration::from_hours(1);
/// How often whoever waits comes first, and how long it is quiet then.
const WAYS_GIVEN: u32 = 60;
const A_MOMENT: Duration = Duration::from_millis(500);

/// Backs up whatever book is open once its last backup is older than a day, as long as the program runs.
pub fn keep(state: State) {
    thread::spawn(move || {
        loop {
            thread::sleep(LOOK_EVERY);
            let is_due = state.wait_for(|desk| Ok(desk.backup_is_due(now())));
            let made = if is_due.is_ok_and(|due| due) { back_up(&state, true, |_| ()).map(|_| ()) } else { Ok(()) };
            // What failed is told in the overview; one that was left is made at the next look.
            if made.is_err_and(|error| !was_left(&error)) {
                thread::sleep(AFTER_A_FAILURE);
            }
        }
    });
}

/// Makes a backup of the open book; `heard` is told how far the copy is.
pub fn back_up(state: &State, by_schedule: bool, heard: impl Fn(Copied)) -> Result<BackupRow, DeskError> {
    state.backup_cancelled.store(false, Ordering::Relaxed);
    let (mut unfinished, folder) = state.wait_for(|desk| {
        let unfinished = desk.begin_backup(by_schedule, now())?;
        Ok((unfinished, desk.folder().unwrap_or(std::path::Path::new("")).to_owned()))
    })?;
    let ways_given = AtomicU32::new(0);
    let next = |copied| {
        heard(copied);
        let gives_way = state.is_waited_for() && ways_given.load(Ordering::Relaxed) < WAYS_GIVEN;
        if gives_way || state.backup_cancelled.load(Ordering::Relaxed) { Next::Leave } else { Next::GoOn }
    };
    while !state.wait_for(|desk| desk.copy_into(&mut unfinished, next))? {
        if state.backup_cancelled.load(Ordering::Relaxed) {
            return Err(DeskError::new(
                Code::Cancelled,
                "Stopped: no backup was made. Those before it are as they were.",
            ));
        }
        ways_given.fetch_add(1, Ordering::Relaxed);
        thread::sleep(A_MOMENT);
    }
    let cancelled = Arc::clone(&state.backup_cancelled);
    let goes_on = move || if cancelled.load(Ordering::Relaxed) { Next::Leave } else { Next::GoOn };
    let made = finish_backup(unfinished, &folder, goes_on);
    let _ = state.wait_for(|desk| {
        desk.note_backup(made.as_ref().map(|_| ()));
        Ok(())
    });
    made
}
