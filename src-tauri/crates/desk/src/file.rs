//! Files of the user's: each is there whole, or as it was before.

use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::{Code, DeskError};

/// Under another name until it is whole.
pub fn write_whole(file: &Path, bytes: &[u8]) -> Result<(), DeskError> {
    let written = NamedTempFile::new_in(file.parent().unwrap_or(Path::new("."))).and_then(|mut unfinished| {
        unfinished.write_all(bytes)?;
        Ok(unfinished.persist(file)?)
    });
    written.map(drop).map_err(|error| unwritable(file, &error))
}

pub fn unwritable(place: &Path, error: &io::Error) -> DeskError {
    // The system's word for it, without the temporary name that a library adds.
    let why = error.get_ref().map_or_else(|| error.to_string(), |_| error.kind().to_string());
    let code = if error.kind() == io::ErrorKind::StorageFull { Code::DiskFull } else { Code::Failed };
    DeskError::new(code, format!("\"{}\" could not be written: {why}. Choose another place.", place.display()))
}
