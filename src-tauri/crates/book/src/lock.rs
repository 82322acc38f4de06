//! One program at a time has a book open.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

use thiserror::Error;

pub const FILE: &str = "lock";

/// Held while the book is open; the system lets go of it when the program ends, however it ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

#[derive(Debug, Error)]
pub enum LockError {
    #[error("The book is open in another program. Close it there, and try again.")]
    InUse,
    #[error(
        "The book is on a read-only disk, or in a folder that you may not write to, so it was left alone. Copy its \
         folder to a place of your own, and open it there."
    )]
    ReadOnly,
    #[error("The book's lock file could not be used: {0}")]
    Io(io::Error),
}

impl Lock {
    pub fn take(folder: &Path) -> Result<Self, LockError> {
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(folder.join(FILE));
        let file = file.map_err(|error| match error.kind() {
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => LockError::ReadOnly,
            _ => LockError::Io(error),
        })?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(LockError::InUse),
            Err(TryLockError::Error(error)) => Err(LockError::Io(error)),
        }
    }
}
