//! A statement as a draft of an e-mail, with the PDF attached.

use std::borrow::Cow;
use std::path::Path;

use mail_builder::headers::HeaderType;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::raw::Raw;
use mail_builder::headers::text::Text;
use mail_builder::mime::MimePart;
use rules::money::Money;
use rules::month::Month;
use sha2::{Digest, Sha256};

use crate::file::write_whole;
use crate::print::attachment;
use crate::{Desk, DeskError, PageSize, State, StatementView};

impl Desk {
    /// The draft (RFC 5322, `X-Unsent: 1`) of the letter that goes with an affiliate's statement. Who sends it to whom
    /// and when is for the mail program to say: the book knows no addresses, and there is no clock here.
    pub fn letter(&self, month: Month, affiliate: &str, size: PageSize) -> Result<Vec<u8>, DeskError> {
        let view = &self.statement_of(month, affiliate)?;
        let (name, pdf) = attachment(view, size, &self.look()?)?;
        // Not MessageBuilder, which adds the day and the machine's name by itself.
        let boundary = format!("refbook-{}", &hex::encode(Sha256::digest(&pdf))[..32]);
        let parts =
            vec![MimePart::new("text/plain", body(view)), MimePart::new("application/pdf", pdf).attachment(name)];
        let letter = MimePart::new(ContentType::new("multipart/mixed").attribute("boundary", boundary), parts)
            .header("MIME-Version", HeaderType::Raw(Raw::new("1.0")))
            .header("X-Unsent", HeaderType::Raw(Raw::new("1")))
            .header("Subject", HeaderType::Text(Text::new(subject(view))));
        let mut bytes = Vec::new();
        letter.write_part(&mut bytes)?;
        Ok(bytes)
    }

    /// The same in a file, whole or not at all.
    pub fn letter_to(&self, file: &Path, month: Month, affiliate: &str, size: PageSize) -> Result<(), DeskError> {
        write_whole(file, &self.letter(month, affiliate, size)?)
    }
}

fn subject(view: &StatementView) -> String {
    let company = &view.inputs.programme.company;
    let draft = if matches!(view.state, State::Draft) { "Draft: " } else { "" };
    on_one_line(&format!("{draft}{company} referral statement for {}", view.statement.month.words())).into_owned()
}

/// Short and polite: what the statement comes to, and how to ask. The reasons are in the statement.
fn body(view: &StatementView) -> String {
    let programme = &view.inputs.programme;
    let name = on_one_line(&view.statement.affiliate_name);
    let month = view.statement.month.words();
    let mut paragraphs = vec![
        format!("Dear {name},"),
        format!("Your referral statement for {month} is attached as a PDF."),
        figures(view).join("\n"),
        seal(view),
    ];
    let phone = programme.phone.trim();
    let call = if phone.is_empty() { String::new() } else { format!(" or call {}", on_one_line(phone)) };
    paragraphs.push(format!(
        "Each line of the statement says why it is what it is. If anything looks wrong, please reply to this \
         message{call}."
    ));
    paragraphs.push(format!("With kind regards,\n{}", on_one_line(&programme.company)));
    paragraphs.join("\n\n") + "\n"
}

fn figures(view: &StatementView) -> Vec<String> {
    let statement = &view.statement;
    let code = view.inputs.programme.currency.code();
    let line = |words: &str, amount: Money| format!("{words}: {} {code}", amount.grouped());
    let mut lines = vec![line("Paid out to you", statement.payout)];
    if !statement.retained.is_zero() {
        lines.push(line("Kept by you already", statement.retained));
    }
    if !statement.held.is_zero() {
        lines.push(line("Held until your clients have paid", statement.held));
    }
    if !statement.carried_forward.is_zero() {
        let next = statement.month.next().words();
        lines.push(line(&format!("Carried forward to {next}"), statement.carried_forward));
    }
    lines
}

fn seal(view: &StatementView) -> String {
    match &view.state {
        State::Draft => "The month is not closed yet: this is a draft, and its figures may change.".to_owned(),
        State::Sealed { sha256, .. } => format!(
            "The statement is sealed and will not change. Its fingerprint, which stands on each page, is {}.",
            paper::fingerprint(sha256)
        ),
    }
}

/// A name may hold anything; in a letter's head a new line would begin another header, and a mark turn the words around.
pub(crate) fn on_one_line(text: &str) -> Cow<'_, str> {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') || turns(c);
    if text.chars().any(breaks) {
        text.chars().map(|c| if breaks(c) { ' ' } else { c }).collect::<String>().into()
    } else {
        text.into()
    }
}
