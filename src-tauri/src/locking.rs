//! The book is locked: when it is asked for, when nobody was there for a while, and before the computer sleeps.
//!
//! The window keeps what was typed inside the book first. Then no command finds the book any more, the window begins anew with
//! nothing of it, and what runs still is done before the book is closed and its keys are wiped.

use std::thread;
use std::time::{Duration, Instant};

use desk::views::Locked;
use tauri::{AppHandle, Emitter, Manager};

use crate::idle::Moment;
use crate::state::{State, lock};

/// How long the window may take to keep what was typed; a computer that goes to sleep waits no longer than five seconds.
const PATIENCE: Duration = Duration::from_secs(2);
const LOOK: Duration = Duration::from_millis(20);

/// Locks the book now, if one is open; the sample has nothing to hide.
pub fn now(app: &AppHandle, why: Locked) {
    let state = app.state::<State>();
    if !state.shut(why) {
        return;
    }
    for window in app.webview_windows().values() {
        if let Err(error) = window.reload() {
            // A window that can't be emptied is no window to leave standing.
            eprintln!("Refbook closes: its window could not be emptied: {error}");
            app.exit(1);
        }
    }
    state.close_locked();
}

/// Has the window keep what was typed and lock the book; locks it without where the window does not answer.
pub fn soon(app: &AppHandle, why: Locked) {
    let state = app.state::<State>();
    let asked = Instant::now();
    if !state.is_open() {
        return;
    }
    let _ = app.emit("locking", why);
    while state.is_open() && asked.elapsed() < PATIENCE {
        thread::sleep(LOOK);
    }
    now(app, why);
}

/// Looks every second whether somebody is there.
pub fn watch(app: AppHandle) {
    thread::spawn(move || {
        loop {
            thread::sleep(Duration::from_secs(1));
            let why = lock(&app.state::<State>().idle).look(Moment::now());
            if let Some(why) = why {
                soon(&app, why);
            }
        }
    });
}
