//! The open book, and what was chosen in a dialog and waits for the next step. No path ever goes to the window.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;

use desk::views::BookView;
use desk::{Code, Desk, DeskError};
use tauri::async_runtime::spawn_blocking;

/// Shared by all commands.
#[derive(Clone, Default)]
pub struct State {
    open: Arc<Mutex<Option<Open>>>,
    /// How many wait for the open book: a backup gives way to them.
    waiting: Arc<AtomicUsize>,
    pub chosen_book: Arc<Mutex<Option<PathBuf>>>,
    pub chosen_import: Arc<Mutex<Option<Arc<Chosen>>>>,
    /// A bank's file, while it is said how to read it.
    pub chosen_bank: Arc<Mutex<Option<Arc<Chosen>>>>,
    /// A backup that lies elsewhere than the book's others.
    pub chosen_backup: Arc<Mutex<Option<PathBuf>>>,
    pub backup_cancelled: Arc<AtomicBool>,
    pub printing_cancelled: Arc<AtomicBool>,
    pub forecast_cancelled: Arc<AtomicBool>,
}

/// A book with a desk over it.
pub struct Open {
    pub desk: Desk,
    pub view: BookView,
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
        Ok(Self { desk: Desk::look_around()?, view })
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
        let (open, waiting) = (Arc::clone(&self.open), Arc::clone(&self.waiting));
        waiting.fetch_add(1, Ordering::Relaxed);
        aside(move || {
            let mut open = lock(&open);
            waiting.fetch_sub(1, Ordering::Relaxed);
            action(open.as_mut().map(|open| &mut open.desk))
        })
        .await
    }

    /// Does something with the open book from a thread of its own, once nobody else has it.
    pub fn wait_for<T>(&self, action: impl FnOnce(&Desk) -> Result<T, DeskError>) -> Result<T, DeskError> {
        match lock(&self.open).as_ref() {
            Some(open) => action(&open.desk),
            None => Err(DeskError::new(Code::NoBook, "No book is open. Open one first.")),
        }
    }

    /// Whether somebody waits for the open book.
    pub fn is_waited_for(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) > 0
    }

    /// The open book, for good: its window has it no longer.
    pub fn take(&self) -> Option<Open> {
        self.backup_cancelled.store(true, Ordering::Relaxed);
        lock(&self.open).take()
    }

    /// Opens a book in place of the one that is open.
    pub async fn put(
        &self,
        open_one: impl FnOnce() -> Result<Open, DeskError> + Send + 'static,
    ) -> Result<BookView, DeskError> {
        let open = Arc::clone(&self.open);
        aside(move || {
            let opened = open_one()?;
            let view = opened.view.clone();
            *lock(&open) = Some(opened);
            Ok(view)
        })
        .await
    }

    /// The open book, once it is open.
    pub async fn view(&self) -> Result<Option<BookView>, DeskError> {
        let open = Arc::clone(&self.open);
        aside(move || Ok(lock(&open).as_ref().map(|open| open.view.clone()))).await
    }

    pub fn close(&self) {
        drop(self.take());
    }
}

/// Off the window's thread, which would freeze.
pub async fn aside<T: Send + 'static>(
    action: impl FnOnce() -> Result<T, DeskError> + Send + 'static,
) -> Result<T, DeskError> {
    let done = spawn_blocking(action).await;
    done.unwrap_or_else(|error| Err(DeskError::new(Code::Failed, format!("Refbook failed at this: {error}."))))
}

/// What a panic left behind is still whole: every change of the book is one transaction.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
