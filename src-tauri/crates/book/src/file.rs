//! Small files, of the book's and of the user's, written so that a crash leaves the old one or the new one.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What a file is called until it is whole ends so.
pub const PART: &str = ".part";

/// Writes a file: first under another name, synced, then renamed over what was there.
pub fn write_durably(path: &Path, bytes: &[u8]) -> io::Result<()> {
    replace(path, bytes, File::sync_all)?;
    sync_name(path)
}

/// The same without waiting for the disk: of what can be written again.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    replace(path, bytes, |_| Ok(()))
}

fn replace(path: &Path, bytes: &[u8], sync: fn(&File) -> io::Result<()>) -> io::Result<()> {
    let unfinished = unfinished(path);
    let written = write_new(&unfinished, bytes).and_then(|file| sync(&file));
    let replaced = written.and_then(|()| fs::rename(&unfinished, path));
    replaced.inspect_err(|_| drop(fs::remove_file(&unfinished)))
}

/// Always the same: what an interrupted program left, the next one takes away.
fn unfinished(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(PART);
    PathBuf::from(name)
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<File> {
    let _ = fs::remove_file(path);
    let mut file = for_owner().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    Ok(file)
}

#[cfg(unix)]
fn for_owner() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

/// The folder is the owner's alone already.
#[cfg(not(unix))]
fn for_owner() -> OpenOptions {
    OpenOptions::new()
}

/// What failed, by its kind alone: a library adds the whole path of what it tried to make, which is nobody's to read.
pub fn without_path(error: &io::Error) -> io::Error {
    error.kind().into()
}

/// Takes a file away, if it is there.
pub fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The same, and it stays away after a power cut.
pub fn remove_durably(path: &Path) -> io::Result<()> {
    remove(path)?;
    sync_name(path)
}

/// Renames within one folder, so that the new name survives a power cut.
pub fn rename_durably(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)?;
    sync_name(to)
}

/// Makes a folder that is its owner's alone, and whose name survives a power cut.
pub fn make_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    keep_to_owner(folder)?;
    sync_name(folder)
}

/// The folder that it stands in: of a mere name, where we are.
fn above(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// What is in a file survives a power cut from here on.
pub fn sync(path: &Path) -> io::Result<()> {
    // Opened for writing: Windows flushes no other.
    File::options().write(true).open(path)?.sync_all()
}

/// What a file or folder is called, without where it lies: a message may be shown to anybody.
pub fn name(path: &Path) -> String {
    path.components().next_back().map_or_else(String::new, |last| last.as_os_str().to_string_lossy().into_owned())
}

/// The system's words, without the number and the temporary name that a library adds.
pub fn words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "it may not be written to".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "its disk is read-only".to_owned(),
        io::ErrorKind::StorageFull if error.get_ref().is_none() => "its disk is full".to_owned(),
        _ => error.to_string(),
    }
}

/// What a file or folder is called survives a power cut from here on.
pub fn sync_name(path: &Path) -> io::Result<()> {
    sync_folder(above(path))
}

/// On Windows a folder can't be opened as a file, and a rename needs no sync of its own.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Leaves a folder to its owner alone.
#[cfg(unix)]
fn keep_to_owner(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

/// Windows gives a folder in the user's own place to the user alone already.
#[cfg(not(unix))]
fn keep_to_owner(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_in_our_words_and_how_much_it_lacks_in_theirs() {
        assert_eq!(words(&io::ErrorKind::StorageFull.into()), "its disk is full");
        assert_eq!(words(&io::Error::new(io::ErrorKind::StorageFull, "it lacks 3 MB")), "it lacks 3 MB");
    }

    #[test]
    fn a_mere_name_stands_where_we_are() {
        assert_eq!(above(Path::new("whole.json")), Path::new("."));
        assert_eq!(above(Path::new("a/whole.json")), Path::new("a"));
    }

    #[test]
    fn what_an_interrupted_program_left_is_taken_away_and_a_failure_leaves_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let (file, left) = (folder.path().join("head.json"), folder.path().join("head.json.part"));
        fs::write(&left, "half of so").expect("left behind");
        write_durably(&file, b"whole").expect("written");
        assert_eq!(fs::read(&file).expect("the file"), b"whole");
        assert!(!left.exists());
        let taken = folder.path().join("taken");
        fs::create_dir(&taken).expect("a folder in its place");
        write_durably(&taken, b"whole").expect_err("a folder can't be replaced");
        assert!(!folder.path().join("taken.part").exists());
    }
}
