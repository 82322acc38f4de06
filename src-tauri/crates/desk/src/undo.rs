//! Undo: takes back the newest batch, be it a form or a whole import. What it recorded is voided, what it corrected is
//! as before, what it voided is back. The journal keeps both the doing and the undoing.

use crate::{Desk, DeskError, Now};

impl Desk {
    /// What an undo would take back, in words: `Payment of 300.00 recorded`. `None` if there is nothing to undo.
    pub fn undo_offered(&self) -> Result<Option<String>, DeskError> {
        todo!()
    }

    /// Takes back the newest batch that was not undone; says what it was. Refused, with nothing changed, where a closed
    /// month or a later record leans on it.
    pub fn undo(&mut self, now: Now) -> Result<String, DeskError> {
        let _ = now;
        todo!()
    }
}
