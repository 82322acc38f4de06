//! The open book, and what was chosen in a dialog and waits for the next step. No path ever goes to the window.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;

use desk::tries::{Tries, Wrong};
use desk::views::{BookView, DoorView, Locked};
use desk::ways::ways_into;
use desk::{Code, Desk, DeskError};
use tauri::async_runtime::spawn_blocking;

use crate::backups::Making;
use crate::idle::Idle;

/// Shared by all commands.
#[derive(Clone, Default)]
pub struct State {
    open: Arc<Mutex<Option<Open>>>,
    /// How many wait for the open book: a backup gives way to them.
    waiting: Arc<AtomicUsize>,
    door: Arc<Mutex<Door>>,
    pub idle: Arc<Mutex<Idle>>,
    /// At each book's passphrase.
    pub tries: Arc<Mutex<Tries>>,
    /// At the passphrases of backups, since the program began.
    pub wrong_at_backups: Arc<Mutex<Wrong>>,
    /// Whether the window has shown itself.
    pub shown: Arc<AtomicBool>,
    pub chosen_import: Arc<Mutex<Option<Arc<Chosen>>>>,
    /// A bank's file, while it is said how to read it.
    pub chosen_bank: Arc<Mutex<Option<Arc<Chosen>>>>,
    /// A backup that lies elsewhere than the book's others.
    pub chosen_backup: Arc<Mutex<Option<PathBuf>>>,
    pub backups: Arc<Making>,
    pub closing_cancelled: Arc<AtomicBool>,
    pub printing_cancelled: Arc<AtomicBool>,
    pub forecast_cancelled: Arc<AtomicBool>,
}

/// A book with a desk over it.
pub struct Open {
    pub desk: Desk,
    pub view: BookView,
    /// Where it lies; `None` of the sample, which lies nowhere.
    pub folder: Option<PathBuf>,
}

/// The way to the book that was chosen, or open last.
#[derive(Default)]
struct Door {
    folder: Option<PathBuf>,
    stands: Stands,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Stands {
    #[default]
    Shut,
    Open,
    Locked(Locked),
}

/// A file to import, read when it was chosen, so that what is imported is what was previewed.
pub struct Chosen {
    pub name: String,
    pub content: Vec<u8>,
    /// Where all of it lies, if it is the export of everything.
    pub folder: Option<PathBuf>,
}

impl Open {
    /// The small sample, in memory.
    pub fn sample() -> Result<Self, DeskError> {
        let view = BookView { name: "Sample".to_owned(), sample: true, own: None };
        Ok(Self { desk: Desk::look_around()?, view, folder: None })
    }
}

impl State {
    /// Begins at once to open a book on a thread of its own; everything else waits for it.
    pub fn opening(open_one: impl FnOnce() -> Result<Open, DeskError> + Send + 'static) -> Self {
        let state = Self::default();
        let open = Arc::clone(&state.open);
        let (begun, waiting) = mpsc::channel();
        thread::spawn(move || {
            let mut open = lock(&open);
            let _ = begun.send(());
            match open_one() {
                Ok(opened) => *open = Some(opened),
                Err(error) => eprintln!("{}", error.message),
            }
        });
        // From here on the lock is taken.
        let _ = waiting.recv();
        state
    }

    /// Does something with the open book, off the window's thread.
    pub async fn run<T: Send + 'static>(
        &self,
        action: impl FnOnce(&mut Desk) -> Result<T, DeskError> + Send + 'static,
    ) -> Result<T, DeskError> {
        self.with_or_without(|desk| match desk {
            Some(desk) => action(desk),
            None => Err(DeskError::new(Code::NoBook, "No book is open. Open one first.")),
        })
        .await
    }

    /// Does something with the open book, or without one.
    pub async fn with_or_without<T: Send + 'static>(
        &self,
        action: impl FnOnce(Option<&mut Desk>) -> Result<T, DeskError> + Send + 'static,
    ) -> Result<T, DeskError> {
        let state = self.clone();
        aside(move || state.with_or_without_now(action)).await
    }

    /// The same on a thread that may wait.
    pub fn with_or_without_now<T>(
        &self,
        action: impl FnOnce(Option<&mut Desk>) -> Result<T, DeskError>,
    ) -> Result<T, DeskError> {
        let mut open = self.come_first();
        // What was asked before the book was locked, and waited, finds none.
        let there = if self.is_locked() { None } else { open.as_mut() };
        action(there.map(|open| &mut open.desk))
    }

    /// Does something with the open book from a thread of its own, once nobody else has it.
    pub fn wait_for<T>(&self, action: impl FnOnce(&Desk) -> Result<T, DeskError>) -> Result<T, DeskError> {
        match lock(&self.open).as_ref().filter(|_| !self.is_locked()) {
            Some(open) => action(&open.desk),
            None => Err(DeskError::new(Code::NoBook, "No book is open. Open one first.")),
        }
    }

    /// Whether somebody waits for the open book.
    pub fn is_waited_for(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) > 0
    }

    /// The open book, for good, once this is done with it: nobody comes in between. `None` if none is open; where it fails,
    /// the book stays open.
    pub fn take_after(&self, action: impl FnOnce(&Desk) -> Result<(), DeskError>) -> Result<Option<Open>, DeskError> {
        let mut open = self.come_first();
        let Some(there) = open.as_ref().filter(|_| !self.is_locked()) else { return Ok(None) };
        action(&there.desk)?;
        lock(&self.door).stands = Stands::Shut;
        Ok(open.take())
    }

    /// The place of the open book, before a backup that copies it.
    fn come_first(&self) -> MutexGuard<'_, Option<Open>> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let open = lock(&self.open);
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        open
    }

    /// Opens a book in place of the one that is open.
    pub async fn put(
        &self,
        open_one: impl FnOnce() -> Result<Open, DeskError> + Send + 'static,
    ) -> Result<BookView, DeskError> {
        let state = self.clone();
        aside(move || {
            if state.is_locked() {
                // What it still did is done, and it is closed before it is opened anew.
                lock(&state.open).take();
            }
            let opened = open_one()?;
            let view = opened.view.clone();
            let mut open = lock(&state.open);
            state.led_to(opened.folder.as_ref());
            *open = Some(opened);
            Ok(view)
        })
        .await
    }

    /// The open book, once it is open.
    pub async fn view(&self) -> Result<Option<BookView>, DeskError> {
        if self.is_locked() {
            return Ok(None);
        }
        let open = Arc::clone(&self.open);
        aside(move || Ok(lock(&open).as_ref().map(|open| open.view.clone()))).await
    }

    /// Closes the book, once what runs is done. Its keys are wiped.
    pub fn close(&self) {
        self.let_go();
        lock(&self.open).take();
        lock(&self.door).stands = Stands::Shut;
    }

    /// Closes the book that was locked, once what runs is done; one that was unlocked meanwhile stays open.
    pub fn close_locked(&self) {
        let mut open = lock(&self.open);
        if self.is_locked() {
            open.take();
        }
    }

    /// Leads the door to a book.
    pub fn choose(&self, folder: Option<PathBuf>) {
        lock(&self.door).folder = folder;
    }

    /// The folder that the door leads to.
    pub fn chosen(&self) -> Option<PathBuf> {
        lock(&self.door).folder.clone()
    }

    /// The same where there has to be one.
    pub fn at_the_door(&self) -> Result<PathBuf, DeskError> {
        self.chosen().ok_or_else(|| DeskError::new(Code::NoBook, "No book was chosen. Choose its folder first."))
    }

    /// What the window may know of the door: no path.
    pub fn door(&self) -> Option<DoorView> {
        let (folder, stands) = {
            let door = lock(&self.door);
            (door.folder.clone()?, door.stands)
        };
        let locked = if let Stands::Locked(why) = stands { Some(why) } else { None };
        // What is wrong with its key file is said when it is opened.
        let ways = ways_into(&folder).unwrap_or_default();
        let has = |kind| ways.iter().any(|way| way.kind == kind);
        Some(DoorView {
            name: book_name(&folder),
            locked,
            recovery_code: has("recovery_code"),
            keychain: has("keychain"),
        })
    }

    /// Whether a book of the disk is open: what can be locked.
    pub fn is_open(&self) -> bool {
        lock(&self.door).stands == Stands::Open
    }

    fn is_locked(&self) -> bool {
        matches!(lock(&self.door).stands, Stands::Locked(_))
    }

    /// Locks the door, if a book of the disk is open: no command finds the book any more, and what was read from elsewhere for it
    /// is forgotten. The book itself is closed by `close_locked`.
    pub fn shut(&self, why: Locked) -> bool {
        let mut door = lock(&self.door);
        if door.stands != Stands::Open {
            return false;
        }
        door.stands = Stands::Locked(why);
        drop(door);
        lock(&self.chosen_import).take();
        lock(&self.chosen_bank).take();
        self.let_go();
        true
    }

    /// Whatever holds the book for long lets go of it, so that its keys are wiped soon.
    fn let_go(&self) {
        self.backups.stop();
        self.closing_cancelled.store(true, Ordering::Relaxed);
        self.forecast_cancelled.store(true, Ordering::Relaxed);
        self.printing_cancelled.store(true, Ordering::Relaxed);
    }

    fn led_to(&self, folder: Option<&PathBuf>) {
        let mut door = lock(&self.door);
        door.stands = if folder.is_some() { Stands::Open } else { Stands::Shut };
        if folder.is_some() {
            door.folder = folder.cloned();
        }
    }
}

/// `mine`, of `mine.refbook`.
pub fn book_name(folder: &Path) -> String {
    folder.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// Off the window's thread, which would freeze.
pub async fn aside<T: Send + 'static>(
    action: impl FnOnce() -> Result<T, DeskError> + Send + 'static,
) -> Result<T, DeskError> {
    let done = spawn_blocking(action).await;
    // A panic's words may quote what is nobody's business.
    done.unwrap_or_else(|_| {
        Err(DeskError::new(Code::Failed, "Refbook failed at this. What was recorded before is there."))
    })
}

/// What a panic left behind is still whole: every change of the book is one transaction.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_the_book_for_long_lets_go_of_it_when_it_is_locked() {
        let state = State::default();
        assert!(!state.shut(Locked::Asked), "nothing is open");
        state.led_to(Some(&PathBuf::from("mine.refbook")));
        let is_stopped = state.backups.stopping();
        assert!(state.shut(Locked::Asked));
        let cancelled = [&state.closing_cancelled, &state.forecast_cancelled, &state.printing_cancelled];
        assert!(cancelled.iter().all(|cancelled| cancelled.load(Ordering::Relaxed)));
        assert!(is_stopped());
    }
}
