//! Which book was open last. Its place is kept beside the window's own place, and never goes to the window.

use std::fs;
use std::path::{Path, PathBuf};

use tauri::{AppHandle, Manager};

/// Where it lies, if it is still there.
pub fn recall(app: &AppHandle) -> Option<PathBuf> {
    let kept = fs::read_to_string(file(app)?).ok()?;
    Some(PathBuf::from(kept)).filter(|folder| folder.is_dir())
}

/// Keeps it; a place that can't be written down is asked for again next time.
pub fn remember(app: &AppHandle, folder: &Path) {
    let (Some(file), Some(place)) = (file(app), folder.to_str()) else { return };
    let _ = file.parent().map(fs::create_dir_all);
    let _ = fs::write(file, place);
}

fn file(app: &AppHandle) -> Option<PathBuf> {
    app.path().app_config_dir().ok().map(|folder| folder.join("last-book"))
}
