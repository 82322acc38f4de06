//! Small files beside the book, written so that a crash leaves the old one or the new one.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

/// Writes a file: first under another name, synced, then renamed over what was there.
pub fn write_durably(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    sync_folder(folder)
}

/// Renames within one folder, so that the new name survives a power cut.
pub fn rename_durably(from: &Path, to: &Path) -> io::Result<()> {
    std::fs::rename(from, to)?;
    sync_folder(to.parent().unwrap_or(Path::new(".")))
}

/// What is in a file survives a power cut from here on.
pub fn sync(path: &Path) -> io::Result<()> {
    // Opened for writing: Windows flushes no other.
    File::options().write(true).open(path)?.sync_all()
}

/// The system's words, without the number and the temporary name that a library adds.
pub fn words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "it may not be written to".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "its disk is read-only".to_owned(),
        io::ErrorKind::StorageFull if error.raw_os_error().is_some() => "its disk is full".to_owned(),
        _ => error.to_string(),
    }
}

/// On Windows a folder can't be opened as a file, and a rename needs no sync of its own.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Leaves a folder to its owner alone.
#[cfg(unix)]
pub fn keep_to_owner(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))
}

/// Windows gives a folder in the user's own place to the user alone already.
#[cfg(not(unix))]
pub fn keep_to_owner(_: &Path) -> io::Result<()> {
    Ok(())
}
