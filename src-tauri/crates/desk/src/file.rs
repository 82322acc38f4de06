//! Files of the user's: each is there whole, or as it was before.

use std::io;
use std::path::Path;

use crate::{Code, DeskError};

/// Under another name until it is whole. Of what the book can give again, such as a PDF.
pub fn write_whole(file: &Path, bytes: &[u8]) -> Result<(), DeskError> {
    book::write_whole(file, bytes).map_err(|error| unwritable(file, &error))
}

/// The same, and on the disk when it is said to be: of what may outlive the book.
pub fn write_durably(file: &Path, bytes: &[u8]) -> Result<(), DeskError> {
    book::write_durably(file, bytes).map_err(|error| unwritable(file, &error))
}

pub fn unwritable(place: &Path, error: &io::Error) -> DeskError {
    // The system's word for it, without the temporary name that a library adds.
    let why = error.get_ref().map_or_else(|| error.to_string(), |_| error.kind().to_string());
    let code = if error.kind() == io::ErrorKind::StorageFull { Code::DiskFull } else { Code::Failed };
    DeskError::new(code, format!("\"{}\" could not be written: {why}. Choose another place.", book::name(place)))
}
