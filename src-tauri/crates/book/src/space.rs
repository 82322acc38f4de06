//! Room on a disk, looked at before something large is written.

use std::io;
use std::path::Path;

/// Beside what is written there is always a little more: a journal, a page to fill.
const SPARE: u64 = 1024 * 1024;

/// Refuses what would not fit.
pub fn check(folder: &Path, needed: u64) -> io::Result<()> {
    match free(folder) {
        Some(free) if free < needed + SPARE => Err(io::Error::new(
            io::ErrorKind::StorageFull,
            format!("its disk has {} free, and {} are needed", megabytes(free), megabytes(needed + SPARE)),
        )),
        _ => Ok(()),
    }
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes.div_ceil(1024 * 1024))
}

#[cfg(unix)]
fn free(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    disk.f_bavail.checked_mul(disk.f_frsize)
}

/// Windows says so when it is written.
#[cfg(not(unix))]
fn free(_: &Path) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_not_fit_is_refused_with_both_figures() {
        let folder = tempfile::tempdir().expect("a folder");
        check(folder.path(), 1).expect("a byte fits");
        if let Some(free) = free(folder.path()) {
            let error = check(folder.path(), free).expect_err("there is always a little more");
            assert_eq!(error.kind(), io::ErrorKind::StorageFull);
            assert!(error.to_string().contains("MB free"), "{error}");
        }
    }
}
