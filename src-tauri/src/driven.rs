//! What the window hears from its surroundings when it was built for tests and benchmarks (`--features driven`). The one that is
//! shipped hears none of it: whoever could set a variable would drive it, and read what is on its pages.

use std::env;
use std::ffi::OsString;
use std::process::{Command, ExitCode};
use std::time::Duration;

/// What lets a program from outside into the pages: Tauri's own, WebKit's and WebView2's.
const DOORS: [&str; 5] = [
    "TAURI_AUTOMATION",
    "TAURI_WEBVIEW_AUTOMATION",
    "WEBKIT_INSPECTOR_SERVER",
    "WEBKIT_INSPECTOR_HTTP_SERVER",
    "WEBVIEW2_ADDITIONAL_BROWSER_ARGUMENTS",
];

/// A variable, for a build that may hear it.
fn told(name: &str) -> Option<OsString> {
    cfg!(feature = "driven").then(|| env::var_os(name)).flatten()
}

/// Whether WebKit's driver has the window in its hands.
pub fn by_driver() -> bool {
    told("TAURI_WEBVIEW_AUTOMATION").is_some()
}

/// Whether it is measured how quick the window is: then it takes no pictures.
pub fn for_speed() -> bool {
    told("REFBOOK_SPEED").is_some()
}

/// Tells `tests/window/speed.ts`, which measures from outside, that something is there.
pub fn mark(what: &str) {
    if for_speed() {
        eprintln!("{what}");
    }
}

/// So many seconds in place of what is usual.
pub fn seconds(name: &str) -> Option<Duration> {
    let typed = told(name)?.into_string().ok()?.parse().ok()?;
    Some(Duration::from_secs(typed))
}

/// Starts the program anew without what would open it to others, if that is set; `None` where it is not. A variable can't be
/// taken from a program that runs already without unsafe code.
pub fn start_anew() -> Option<ExitCode> {
    if cfg!(feature = "driven") || DOORS.iter().all(|name| env::var_os(name).is_none()) {
        return None;
    }
    let started = env::current_exe().and_then(|program| {
        let mut command = Command::new(program);
        command.args(env::args_os().skip(1));
        for name in DOORS {
            command.env_remove(name);
        }
        become_it(&mut command)
    });
    if let Err(error) = started {
        eprintln!(
            "Refbook won't start while another program may look into its window: {error}. Unset {}.",
            DOORS.join(", ")
        );
        return Some(ExitCode::FAILURE);
    }
    Some(ExitCode::SUCCESS)
}

#[cfg(unix)]
fn become_it(command: &mut Command) -> std::io::Result<()> {
    use std::os::unix::process::CommandExt;
    Err(command.exec())
}

#[cfg(not(unix))]
fn become_it(command: &mut Command) -> std::io::Result<()> {
    command.spawn().map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_build_for_tests_hears_its_surroundings() {
        // Set on every system that runs tests.
        assert_eq!(told("PATH").is_some(), cfg!(feature = "driven"));
        assert!(told("REFBOOK_NOBODY_SETS_THIS").is_none());
    }
}
