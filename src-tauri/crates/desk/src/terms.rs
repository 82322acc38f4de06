//! The programme's identity, and the dated versions of its terms with what each choice means.

use serde::Serialize;
use ts_rs::TS;

use crate::{Desk, DeskError, Now};

#[derive(Clone, Debug, Serialize, TS)]
pub struct TermsPage {
    pub company: String,
    pub phone: String,
    pub currency: String,
    /// A PNG as a `data:` URL.
    pub logo: Option<String>,
    /// Newest first; the last is what the programme began with.
    pub versions: Vec<VersionView>,
    /// How far months are closed, so that a form can say which months a change reaches.
    pub closed_through: Option<String>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct VersionView {
    /// `None`: what the programme began with.
    pub effective_on: Option<String>,
    pub in_force: bool,
    /// The choices in force from that day, those that this version made first.
    pub choices: Vec<ChoiceView>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ChoiceView {
    #[ts(type = "\"standard_rate\" | \"maximum_rate\" | \"in_term_changes\" | \"minimum_payout\"")]
    pub name: &'static str,
    /// `10%`, `Follow the contract`.
    pub value: String,
    /// What it means, in a sentence.
    pub means: String,
    /// With figures.
    pub example: String,
    /// Whether this version made it, or an earlier one.
    pub made_here: bool,
}

impl Desk {
    pub fn terms_page(&self, now: Now) -> Result<TermsPage, DeskError> {
        let _ = now;
        todo!()
    }

    /// Keeps a PNG as the programme's logo; none takes it away.
    pub fn set_logo(&mut self, png: Option<&[u8]>, now: Now) -> Result<(), DeskError> {
        let _ = (png, now);
        todo!()
    }
}
