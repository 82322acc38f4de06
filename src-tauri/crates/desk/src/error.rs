//! The one error type of the desk: a code that a shell can treat differently, and words for people.

use book::BookError;
use rules::problem::{Code as Why, Problem};
use serde::Serialize;
use ts_rs::TS;

/// What went wrong. Nothing of the action was kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DeskError {
    pub code: Code,
    /// What happened with the value in quotes, then one hint.
    pub message: String,
    /// What is wrong with which field of a form or a file.
    #[ts(type = "Array<{ code: string, at: string, message: string }>")]
    pub fields: Vec<Problem>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum Code {
    NotABook,
    NoBook,
    Exists,
    WrongPassphrase,
    WrongRecoveryCode,
    /// It names the groups that are not right.
    MistypedRecoveryCode,
    /// The book has no way in of this kind.
    NoSuchWay,
    /// The last way in stays.
    LastWay,
    /// Wrong so often that the next try has to wait.
    TooSoon,
    /// The system has no keychain, or none that runs.
    KeychainMissing,
    KeychainLocked,
    KeychainDenied,
    /// It did not answer in time; most often it waits for its own password.
    KeychainSilent,
    /// It holds no key for this book.
    KeychainEmpty,
    /// It holds a key, of another book or of none.
    KeychainWrongKey,
    KeychainFailed,
    /// What was begun goes on when the book is closed and opened again.
    Reopen,
    InUse,
    Newer,
    OlderCopy,
    /// Nothing says whether it is an older copy: what is kept of that is missing or damaged.
    Unproven,
    Damaged,
    DiskFull,
    ReadOnly,
    BackupFailed,
    EmptyBook,
    Refused,
    UnknownRecord,
    Needed,
    MonthClosed,
    MonthOpen,
    MonthNotOver,
    NotTheNewest,
    ReasonMissing,
    Cancelled,
    Failed,
}

/// More would stop the window that shows them.
const MOST_PROBLEMS: usize = 10_001;

impl DeskError {
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), fields: Vec::new() }
    }

    /// What one field of a form holds can't be read.
    pub fn at(field: &str, message: String) -> Self {
        let problem = Problem { code: Why::Unreadable, at: field.to_owned(), message: message.clone() };
        Self { code: Code::Refused, message, fields: vec![problem] }
    }

    /// An offer that the rules refuse, with all that speaks against it, as far as anybody reads on.
    pub fn refused(mut fields: Vec<Problem>) -> Self {
        let message = match fields.len() {
            1 => "One problem, so nothing was kept.".to_owned(),
            several if several <= MOST_PROBLEMS => format!("{several} problems, so nothing was kept."),
            several => format!("{several} problems, so nothing was kept. The first {MOST_PROBLEMS} are told."),
        };
        fields.truncate(MOST_PROBLEMS);
        Self { code: Code::Refused, message, fields }
    }
}

impl From<BookError> for DeskError {
    fn from(error: BookError) -> Self {
        Self::new(code(&error), error.to_string())
    }
}

impl From<book::KeyError> for DeskError {
    fn from(error: book::KeyError) -> Self {
        BookError::from(error).into()
    }
}

impl From<std::io::Error> for DeskError {
    fn from(error: std::io::Error) -> Self {
        let full = error.kind() == std::io::ErrorKind::StorageFull;
        Self::new(if full { Code::DiskFull } else { Code::Failed }, error.to_string())
    }
}

fn code(error: &BookError) -> Code {
    use book::{HeadError, KeyError, LockError};
    match error {
        BookError::NotABook(_) | BookError::NoPlace(_) => Code::NotABook,
        BookError::Exists(_) => Code::Exists,
        BookError::Keys(KeyError::WrongPassphrase | KeyError::EmptyPassphrase) => Code::WrongPassphrase,
        BookError::Keys(KeyError::WrongRecoveryCode) => Code::WrongRecoveryCode,
        BookError::Keys(KeyError::MistypedRecoveryCode(_)) => Code::MistypedRecoveryCode,
        BookError::Keys(KeyError::WrongKeychainKey) => Code::KeychainWrongKey,
        BookError::Keys(KeyError::NoSuchWay(_)) => Code::NoSuchWay,
        BookError::Keys(KeyError::LastWay) => Code::LastWay,
        BookError::Keys(KeyError::UnknownWay(_)) => Code::UnknownRecord,
        BookError::Keys(KeyError::Unfinished(_)) => Code::Reopen,
        BookError::Keys(KeyError::Missing | KeyError::Damaged(_)) | BookError::Damaged(_) => Code::Damaged,
        BookError::Keys(KeyError::Newer { .. }) | BookError::Newer { .. } => Code::Newer,
        BookError::Lock(LockError::InUse) => Code::InUse,
        BookError::Lock(LockError::ReadOnly) => Code::ReadOnly,
        BookError::Backup { .. } | BookError::NotAsWritten(_) => Code::BackupFailed,
        BookError::Closed => Code::NoBook,
        BookError::OlderCopy { .. } | BookError::OlderKeyFile => Code::OlderCopy,
        BookError::Head(HeadError::Missing | HeadError::Damaged) => Code::Unproven,
        BookError::MonthOpen(_) => Code::MonthOpen,
        BookError::NotTheNewest { .. } => Code::NotTheNewest,
        BookError::DiskFull => Code::DiskFull,
        BookError::Keys(_)
        | BookError::Lock(_)
        | BookError::Head(_)
        | BookError::Migration(_)
        | BookError::Io(_)
        | BookError::DiskFailed(_)
        | BookError::Sql(_) => Code::Failed,
    }
}
