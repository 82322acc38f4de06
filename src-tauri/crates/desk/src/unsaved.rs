//! What was typed into a form and not recorded yet: kept in the book, so that no error, lock or close of the window
//! loses it.

use crate::{Desk, DeskError};

impl Desk {
    /// Keeps what a form holds; an empty text forgets it.
    pub fn keep_unsaved(&mut self, form: &str, text: &str) -> Result<(), DeskError> {
        Ok(self.book.keep_unsaved(form, text)?)
    }

    /// What a form held when it was left.
    pub fn unsaved(&self, form: &str) -> Result<Option<String>, DeskError> {
        Ok(self.book.unsaved(form)?)
    }
}
