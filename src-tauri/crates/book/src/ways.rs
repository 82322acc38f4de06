//! The ways into a book: listed, added, removed, and never the last one.

use std::path::Path;

use rules::day::Day;

use crate::keys::{self, KeyError, KeyFile, Way, WayIn, WaysInto};
use crate::tables::journal;
use crate::{Book, BookError, connection, restore};

/// The book whose folder was chosen, or that it lies in: in a system's dialog one folder too deep is chosen quickly.
pub fn book_around(chosen: &Path) -> &Path {
    let files = [keys::FILE, connection::FILE];
    let is_book = |folder: &Path| files.iter().all(|file| folder.join(file).is_file());
    chosen.ancestors().find(|folder| is_book(folder)).unwrap_or(chosen)
}

/// The ways into a book that is not open, as its key file lists them. A restore that was interrupted is finished first: the
/// key file may be among what it moves.
pub fn ways_into(folder: &Path) -> Result<WaysInto, BookError> {
    restore::finish_begun(folder)?;
    Ok(KeyFile::read_or_copy(folder)?.0.ways_into())
}

impl Book {
    /// What the book's folder is called, without its ending; `None` of a book in memory.
    pub fn name(&self) -> Option<String> {
        let (folder, _) = self.place.as_ref()?;
        Some(folder.file_stem()?.to_string_lossy().into_owned())
    }

    pub fn ways_in(&self) -> Result<WaysInto, BookError> {
        Ok(self.key_file()?.ways_into())
    }

    /// The number of the way in that this is.
    pub fn way_opened_by<'a>(&self, way: impl Into<WayIn<'a>>) -> Result<u32, BookError> {
        let (id, _) = self.key_file()?.root(way.into())?;
        Ok(id)
    }

    /// Adds a way in; the book itself is not written. `on` is the day that the list shows.
    pub fn add_way_in<'a>(&mut self, way: impl Into<WayIn<'a>>, on: Day) -> Result<Way, BookError> {
        let way = way.into();
        let id = self.rewrap(|file, book| file.add(way, &book.keys, on))?;
        Ok(Way { id, kind: way.kind(), added_on: Some(on) })
    }

    /// Puts another secret of the same kind in place of a way in: a new passphrase, say.
    pub fn replace_way_in<'a>(&mut self, id: u32, way: impl Into<WayIn<'a>>, on: Day) -> Result<(), BookError> {
        self.rewrap(|file, book| file.replace(id, way.into(), &book.keys, on))
    }

    /// Removes a way in; the last one stays. Whoever has its secret and an older copy of the key file still gets into what
    /// is in the book under the same root key.
    pub fn remove_way_in(&mut self, id: u32) -> Result<(), BookError> {
        self.rewrap(|file, _| file.remove(id))
    }

    fn rewrap<T>(&self, change: impl FnOnce(&mut KeyFile, &Self) -> Result<T, KeyError>) -> Result<T, BookError> {
        let mut file = self.key_file()?;
        let changed = change(&mut file, self)?;
        let written = file.write(self.own_folder()?);
        if matches!(written, Ok(()) | Err(KeyError::Unsure(_))) {
            // The change is in force by now. A record that lags behind is only weaker evidence, and the next opening mends it.
            let _ = self.keep_head(journal::head(&self.connection)?);
        }
        Ok(written.map(|()| changed)?)
    }

    fn key_file(&self) -> Result<KeyFile, BookError> {
        Ok(KeyFile::read(self.own_folder()?)?)
    }

    pub(crate) fn own_folder(&self) -> Result<&Path, KeyError> {
        self.place.as_ref().map(|(folder, _)| folder.as_path()).ok_or(KeyError::InMemory)
    }
}
