//! Printing a month's statements: a PDF an affiliate, side by side, each whole or not there.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use exchange::statements::{csv, json};
use paper::{Fonts, Logo, PageSize, Seal, StatementPaper, Warning};
use rayon::prelude::*;
use rules::day::{self, Day};
use rules::month::Month;
use rules::statement::Statement;
use sha2::{Digest, Sha256};

use crate::file::{unwritable, write_whole};
use crate::{Code, Desk, DeskError, State, StatementView};

/// What to print, and where to.
#[derive(Clone, Copy, Debug)]
pub struct Printing<'a> {
    pub month: Month,
    pub affiliate: Option<&'a str>,
    pub folder: &'a Path,
    pub size: PageSize,
}

/// The PDFs that were written, in the order of the affiliates.
#[derive(Clone, Debug, Default)]
pub struct Printed {
    pub files: Vec<PathBuf>,
    /// Characters that no font has, by file.
    pub warnings: Vec<(PathBuf, Warning)>,
}

impl Desk {
    /// Prints the statements of a month. `progress` hears how many there are and of each that is done, from several
    /// threads, and says whether to go on; a file that was not finished is not there.
    pub fn print(
        &self,
        printing: &Printing<'_>,
        progress: impl Fn(Progress) -> bool + Sync,
    ) -> Result<Printed, DeskError> {
        let views = self.statements(printing.month, printing.affiliate)?.statements;
        let affiliates: Vec<(&str, Edition)> =
            views.iter().map(|view| (view.statement.affiliate.as_str(), Edition::of(&view.state))).collect();
        let names = file_names(printing.month, &affiliates);
        fs::create_dir_all(printing.folder).map_err(|error| unwritable(printing.folder, &error))?;
        let look = self.look()?;
        let stopped = AtomicBool::new(false);
        let go_on = |event| {
            if !progress(event) {
                stopped.store(true, Ordering::Relaxed);
            }
        };
        go_on(Progress::Begun(views.len()));
        let written: Vec<Option<(PathBuf, Vec<Warning>)>> = views
            .par_iter()
            .zip(&names)
            .map(|(view, name)| {
                if stopped.load(Ordering::Relaxed) {
                    return Ok(None);
                }
                let written = print_one(view, name, printing, &look)?;
                go_on(Progress::Printed);
                Ok(Some(written))
            })
            .collect::<Result<_, DeskError>>()?;
        if written.iter().any(Option::is_none) {
            let done = written.iter().flatten().count();
            let message = format!("Stopped: {done} of {} statements were printed, each of them whole.", views.len());
            return Err(DeskError::new(Code::Cancelled, message));
        }
        let mut printed = Printed::default();
        for (file, warnings) in written.into_iter().flatten() {
            printed.warnings.extend(warnings.into_iter().map(|warning| (file.clone(), warning)));
            printed.files.push(file);
        }
        Ok(printed)
    }

    /// What every paper of this book is drawn with.
    pub(crate) fn look(&self) -> Result<Look, DeskError> {
        // A picture that the paper can't read is none: the mark is drawn in its place.
        let logo = self.book.logo()?.and_then(|png| Logo::read(&png));
        Ok(Look { fonts: Fonts::load(), logo })
    }
}

/// Read once, however many papers there are.
pub(crate) struct Look {
    pub fonts: Fonts,
    pub logo: Option<Logo>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    Begun(usize),
    Printed,
}

fn print_one(
    view: &StatementView,
    name: &str,
    printing: &Printing<'_>,
    look: &Look,
) -> Result<(PathBuf, Vec<Warning>), DeskError> {
    let printed = draw(view, printing.size, look)?;
    let file = printing.folder.join(name);
    write_whole(&file, &printed.pdf)?;
    Ok((file, printed.warnings))
}

/// A statement's PDF, and its file's name where no other affiliate's stands beside it.
pub(crate) fn attachment(view: &StatementView, size: PageSize, look: &Look) -> Result<(String, Vec<u8>), DeskError> {
    let Statement { month, affiliate, .. } = &view.statement;
    let name = file_names(*month, &[(affiliate.as_str(), Edition::of(&view.state))]).remove(0);
    Ok((name, draw(view, size, look)?.pdf))
}

fn draw(view: &StatementView, size: PageSize, look: &Look) -> Result<paper::Printed, DeskError> {
    let drafted;
    let (seal, json) = match &view.state {
        State::Draft => {
            drafted = json(view.statement.month, &[view.written()]);
            (Seal::Draft, drafted.as_slice())
        }
        State::Sealed { sha256, closed_at, revision, document } => {
            (Seal::Sealed { sha256, closed_on: day_of(closed_at)?, revision: *revision }, document.as_slice())
        }
    };
    Ok(paper::statement(
        &StatementPaper {
            programme: &view.inputs.programme,
            affiliate: &view.inputs.affiliate,
            statement: &view.statement,
            number: &view.number,
            seal,
            json,
            csv: &csv(&view.statement),
            logo: look.logo.as_ref(),
        },
        size,
        &look.fonts,
    ))
}

/// Which of an affiliate's statements of a month it is: each has a file of its own.
#[derive(Clone, Copy, Debug)]
enum Edition {
    Draft,
    Sealed { revision: u32 },
}

impl Edition {
    fn of(state: &State) -> Self {
        match state {
            State::Draft => Self::Draft,
            State::Sealed { revision, .. } => Self::Sealed { revision: *revision },
        }
    }

    fn suffix(self) -> String {
        match self {
            Self::Draft => "-draft".to_owned(),
            Self::Sealed { revision: 1 } => String::new(),
            Self::Sealed { revision } => format!("-r{revision}"),
        }
    }
}

/// `statement-2025-01-A1.pdf`, `statement-2025-01-A1-r2.pdf`, `statement-2025-01-A1-draft.pdf`, by affiliate. An id that a
/// file system might not take as it is, or whose name another one's takes, be it in another case, is told apart by the
/// start of its SHA-256.
fn file_names(month: Month, affiliates: &[(&str, Edition)]) -> Vec<String> {
    let plain = |id: &str| -> String { id.chars().map(|c| if is_plain(c) { c } else { '_' }).take(LONGEST).collect() };
    let file = |id: &str, edition: Edition| format!("statement-{month}-{id}{}.pdf", edition.suffix());
    let mut taken: HashMap<String, usize> = HashMap::new();
    for (id, edition) in affiliates {
        *taken.entry(file(&plain(id), *edition).to_lowercase()).or_default() += 1;
    }
    let name = |(id, edition): &(&str, Edition)| {
        let (plain, hash) = (plain(id), &hex::encode(Sha256::digest(id))[..8]);
        let name = file(&plain, *edition);
        let is_its_own = plain == *id && taken[&name.to_lowercase()] == 1;
        if is_its_own { name } else { file(&format!("{plain}-{hash}"), *edition) }
    };
    affiliates.iter().map(name).collect()
}

/// Of an id in a file's name, in characters.
const LONGEST: usize = 64;

fn is_plain(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '-'
}

/// The day of an instant that Refbook wrote.
fn day_of(instant: &str) -> Result<Day, DeskError> {
    let day = instant.get(..10).and_then(day::parse);
    day.ok_or_else(|| {
        DeskError::new(Code::Damaged, format!("A statement was closed at \"{instant}\", which is no time."))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_affiliates_never_share_a_file() {
        let ids = ["A1", "a1", "../../x", "..-..-x", "CON", "\u{202e}fdp"];
        let editions = ids.map(|id| (id, Edition::Sealed { revision: 1 }));
        let names = file_names(Month::parse("2025-01").expect("a month"), &editions);
        let again = Edition::Sealed { revision: 2 };
        let one_s_edition = [("A1", again), ("A1-r2", Edition::Sealed { revision: 1 }), ("A1-draft", again)];
        let clashing = file_names(Month::parse("2025-01").expect("a month"), &one_s_edition);
        assert!(clashing[0] != clashing[1] && clashing[0].contains("-r2"), "{clashing:?}");
        let folded: std::collections::HashSet<String> = names.iter().map(|name| name.to_lowercase()).collect();
        assert_eq!(folded.len(), ids.len(), "{names:?}");
        assert!(names.iter().all(|name| name.chars().all(|c| is_plain(c) || c == '_' || c == '.')), "{names:?}");
        assert!(names.iter().all(|name| name.matches('.').count() == 1), "{names:?}");
    }

    #[test]
    fn a_plain_id_and_its_edition_name_the_file() {
        let editions = [Edition::Sealed { revision: 1 }, Edition::Sealed { revision: 2 }, Edition::Draft];
        let month = Month::parse("2025-01").expect("a month");
        let names = editions.map(|edition| file_names(month, &[("A1", edition)]).remove(0));
        assert_eq!(
            names,
            ["statement-2025-01-A1.pdf", "statement-2025-01-A1-r2.pdf", "statement-2025-01-A1-draft.pdf"]
        );
    }
}
