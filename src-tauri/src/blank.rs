//! A window that stays blank says nothing; where it has not shown itself for five seconds, a dialog of the system's does.

use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use tauri::{AppHandle, Manager};
use tauri_plugin_dialog::{DialogExt, MessageDialogKind};

use crate::driven;
use crate::state::State;

/// On a machine that runs tests beside it, a window may take longer, and nobody would close the dialog.
const PATIENCE: Duration = Duration::from_secs(if cfg!(feature = "driven") { 120 } else { 5 });

const REMEDY: &str = if cfg!(target_os = "linux") {
    "The driver of a graphics card is the usual cause: close Refbook, and start it with WEBKIT_DISABLE_DMABUF_RENDERER=1 set."
} else if cfg!(windows) {
    "Close Refbook, repair \"Microsoft Edge WebView2 Runtime\" in the system's list of apps, and start it again."
} else {
    "Close Refbook, bring the system up to date, and start it again."
};

/// Says so, unless the window shows itself in time.
pub fn tell(app: AppHandle) {
    thread::spawn(move || {
        thread::sleep(driven::seconds("REFBOOK_BLANK_AFTER").unwrap_or(PATIENCE));
        if app.state::<State>().shown.load(Ordering::Relaxed) {
            return;
        }
        let words = format!(
            "Refbook's window has not come yet. On a busy computer it may still come.\n\nIf it does not: {REMEDY}\n\nYour books \
             are as you left them, and the command line, refbook, opens them too."
        );
        app.dialog().message(words).title("Refbook's window is late").kind(MessageDialogKind::Warning).show(|_| ());
    });
}
