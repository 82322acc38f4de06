//! Backups while the book works: one a day by itself, and those that are asked for.
//!
//! The copy takes the book in steps and gives way to whoever waits for it: what was copied is left, and begun anew in the
//! next quiet moment. Only after many such tries it is finished in one go. The copy is checked without the book.

use std::path::Path;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

use desk::DeskError;
use desk::backups::{BackupRow, Copied, Next, finish_backup, stopped, was_left};

use crate::commands::now;
use crate::state::{State, lock};

/// How often it is looked whether a backup is due; after one that failed, it is not tried again before long.
const LOOK_EVERY: Duration = Duration::from_mins(1);
const AFTER_A_FAILURE: Duration = Duration::from_hours(1);
/// How often whoever waits comes first, and how long it is quiet then.
const WAYS_GIVEN: u32 = 60;
const A_MOMENT: Duration = Duration::from_millis(500);
/// How long the program's end waits for a backup that is stopped.
const LAST_WAIT: Duration = Duration::from_secs(10);

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

/// The backups of this program: one at a time, and how often somebody asked that they stop.
#[derive(Default)]
pub struct Making {
    at_work: Mutex<()>,
    stops: AtomicU64,
}

impl Making {
    /// Stops all that were begun.
    pub fn stop(&self) {
        self.stops.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether what begins now is to stop.
    pub fn stopping(self: &Arc<Self>) -> impl Fn() -> bool + Send + Sync + use<> {
        let (making, before) = (Arc::clone(self), self.stops.load(Ordering::Relaxed));
        move || making.stops.load(Ordering::Relaxed) != before
    }

    /// Stops them as the program ends, so that no half of one is left behind; not for ever, where a disk hangs.
    pub fn end(&self) {
        self.stop();
        let is_over = || !matches!(self.at_work.try_lock(), Err(TryLockError::WouldBlock));
        let end = Instant::now() + LAST_WAIT;
        while !is_over() && Instant::now() < end {
            thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Makes a backup of the open book; `heard` is told how far the copy is.
pub fn back_up(state: &State, by_schedule: bool, heard: impl Fn(Copied)) -> Result<BackupRow, DeskError> {
    let is_stopped = state.backups.stopping();
    let _one = lock(&state.backups.at_work);
    let (mut unfinished, folder) = state.wait_for(|desk| {
        let unfinished = desk.begin_backup(by_schedule, now())?;
        Ok((unfinished, desk.folder().unwrap_or(Path::new("")).to_owned()))
    })?;
    let ways_given = AtomicU32::new(0);
    let next = |copied| {
        heard(copied);
        let gives_way = state.is_waited_for() && ways_given.load(Ordering::Relaxed) < WAYS_GIVEN;
        if gives_way || is_stopped() { Next::Leave } else { Next::GoOn }
    };
    while !state.wait_for(|desk| desk.copy_into(&mut unfinished, next))? {
        if is_stopped() {
            return Err(stopped());
        }
        ways_given.fetch_add(1, Ordering::Relaxed);
        thread::sleep(A_MOMENT);
    }
    let made = finish_backup(unfinished, &folder, move || if is_stopped() { Next::Leave } else { Next::GoOn });
    let _ = state.wait_for(|desk| {
        desk.note_backup(made.as_ref().map(|_| ()));
        Ok(())
    });
    made
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    #[test]
    fn a_stop_stops_what_was_begun_and_nothing_that_begins_later() {
        let making = Arc::new(Making::default());
        let first = making.stopping();
        assert!(!first());
        making.stop();
        let second = making.stopping();
        assert!(first() && !second());
    }

    #[test]
    fn the_program_ends_once_a_backup_has_stopped() {
        let making = Arc::new(Making::default());
        let (is_stopped, begun) = (making.stopping(), Arc::new(Barrier::new(2)));
        let at_work = thread::spawn({
            let (making, begun) = (Arc::clone(&making), Arc::clone(&begun));
            move || {
                let _one = lock(&making.at_work);
                begun.wait();
                while !is_stopped() {
                    thread::sleep(Duration::from_millis(1));
                }
                thread::sleep(Duration::from_millis(50));
                Instant::now()
            }
        });
        begun.wait();
        making.end();
        let ended = Instant::now();
        assert!(at_work.join().is_ok_and(|over| over <= ended));
    }
}
