//! What can go wrong with a book, each told apart from the others.

use std::path::PathBuf;

use rules::month::Month;
use thiserror::Error;

use crate::head::HeadError;
use crate::keys::KeyError;
use crate::lock::LockError;

#[derive(Debug, Error)]
pub enum BookError {
    #[error("\"{}\" is not a book. A book is a folder with book.db and key.json in it.", crate::file::name(.0))]
    NotABook(PathBuf),
    #[error(
        "\"{}\" is a folder with other things in it, and no book, so nothing was put there. Name the book's own folder, or \
         a new one.",
        crate::file::name(.0)
    )]
    NoPlace(PathBuf),
    #[error("\"{}\" exists already. Choose another name for the new book.", crate::file::name(.0))]
    Exists(PathBuf),
    #[error(transparent)]
    Keys(#[from] KeyError),
    #[error(transparent)]
    Lock(#[from] LockError),
    #[error(transparent)]
    Head(#[from] HeadError),
    #[error(
        "The book is of version {book}, and this Refbook knows versions up to {program}. Open it with a newer Refbook."
    )]
    Newer { book: i64, program: i64 },
    #[error(
        "The book is older than its own record of it: its journal ends at {book}, and head.json says {head}. An \
         older copy was put back. If that was meant, run `refbook verify --accept-older-copy`."
    )]
    OlderCopy { book: i64, head: i64 },
    #[error(
        "key.json is older than the book's own record of it: an older copy was put back, with ways in from then. Put \
         key.previous.json in its place. If it was meant, run `refbook verify --accept-older-copy`."
    )]
    OlderKeyFile,
    #[error("The book is damaged: {0}. Put back the newest copy from the book's backups.")]
    Damaged(String),
    #[error("No backup could be made in \"{place}\": {why}. Mend that, or choose another folder for the backups.", place = crate::file::name(place))]
    Backup { place: PathBuf, why: String },
    #[error(
        "No backup could be made, since the book is not as it was written: {0}. `refbook verify` goes over all of it. Put back \
         an earlier backup, from before that."
    )]
    NotAsWritten(String),
    #[error("The book was closed, or got another key, before its backup was made.")]
    Closed,
    #[error("The book was not brought to this Refbook's version, and is as it was: {0}.")]
    Migration(String),
    #[error("{0} is not closed, so there is nothing to reopen.")]
    MonthOpen(Month),
    #[error("{month} can't be reopened: {newest} was closed after it. Only the newest closed month can be.")]
    NotTheNewest { month: Month, newest: Month },
    #[error("The disk is full, so nothing was changed. Make room and try again.")]
    DiskFull,
    #[error(
        "A file of the book could not be read or written: {}. What was said to be done is kept; look after the disk.",
        crate::file::words(.0)
    )]
    Io(#[from] std::io::Error),
    #[error(
        "The disk failed while the book was read or written: {0}. What was said to be done is kept; look after the disk."
    )]
    DiskFailed(rusqlite::Error),
    #[error("The book could not be read or written: {0}")]
    Sql(rusqlite::Error),
}

impl From<rusqlite::Error> for BookError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Self::Damaged(error.to_string()),
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::SystemIoFailure) => Self::DiskFailed(error),
            Some(ErrorCode::CannotOpen) => Self::DiskFailed(without_place(error)),
            Some(ErrorCode::ReadOnly) => Self::Lock(LockError::ReadOnly),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Lock(LockError::InUse),
            _ if matches!(error, rusqlite::Error::FromSqlConversionFailure(..)) => Self::Damaged(error.to_string()),
            _ => Self::Sql(error),
        }
    }
}

/// The wrapper adds the whole path of what it could not open.
fn without_place(error: rusqlite::Error) -> rusqlite::Error {
    match error {
        rusqlite::Error::SqliteFailure(code, _) => rusqlite::Error::SqliteFailure(code, None),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_not_be_opened_is_told_without_where_it_lies() {
        let folder = tempfile::tempdir().expect("a folder");
        let error = rusqlite::Connection::open(folder.path().join("gone").join("book.db")).expect_err("no such folder");
        let place = folder.path().to_string_lossy().into_owned();
        assert!(error.to_string().contains(&place), "or there is nothing to take away");
        let told = BookError::from(error).to_string();
        assert!(told.contains("disk failed") && !told.contains(&place), "{told}");
    }
}
