//! A statement as a draft of an e-mail, with the PDF attached.

use rules::month::Month;

use crate::{Desk, DeskError, PageSize};

impl Desk {
    /// The draft (RFC 5322, `X-Unsent: 1`) of the letter that goes with an affiliate's statement.
    pub fn letter(&self, month: Month, affiliate: &str, size: PageSize) -> Result<Vec<u8>, DeskError> {
        let _ = (month, affiliate, size);
        todo!()
    }
}
