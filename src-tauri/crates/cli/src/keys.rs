//! `refbook keys`.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use desk::ways::{NewKey, WayView};
use desk::{Desk, PageSize};
use zeroize::Zeroizing;

use crate::opener::Opener;
use crate::output::{Output, columns, note, text};
use crate::{Failure, Paper, now, secret};

#[derive(Subcommand)]
pub enum Action {
    /// Add a way in
    Add {
        #[command(subcommand)]
        way: Add,
    },
    /// Remove a way in; the last one stays
    Remove {
        /// Its number in the list
        id: u32,
    },
    /// Put a new passphrase in place of one; the book itself is not rewritten
    NewPassphrase {
        /// Its number in the list, where there are several
        id: Option<u32>,
        #[command(flatten)]
        new: NewPassphraseArgs,
    },
    /// Give the book a new key: it is written anew, after a backup, and older key files and copies open it no longer
    ///
    /// The passphrase is asked for and goes on opening it, the keychain stays, and a recovery code is replaced by a new
    /// one. Whoever knows the passphrase is shut out only if it is changed, first or after: new-passphrase. Closed
    /// months keep their seals. Backups made before open as they did.
    NewKey {
        #[command(flatten)]
        code: CodeArgs,
    },
}

#[derive(Subcommand)]
pub enum Add {
    /// A recovery code for paper: shown once, and typed back before it opens anything
    Recovery {
        #[command(flatten)]
        code: CodeArgs,
    },
    /// A key in this system's keychain
    Keychain,
    /// A further passphrase
    Passphrase {
        #[command(flatten)]
        new: NewPassphraseArgs,
    },
}

#[derive(Args)]
pub struct NewPassphraseArgs {
    /// Read the new passphrase from the first line of FILE, instead of asking for it
    #[arg(long, value_name = "FILE")]
    new_passphrase_file: Option<PathBuf>,
}

#[derive(Args)]
pub struct CodeArgs {
    /// Print the recovery sheet
    #[arg(long, value_name = "FILE.pdf")]
    sheet: Option<PathBuf>,
    #[arg(long, value_enum, default_value_t = Paper::A4)]
    paper: Paper,
    /// Write the code into FILE, a new one, and take it as typed back: for scripts
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub fn run(desk: &mut Desk, action: Option<Action>, opener: &Opener, output: &mut Output) -> Result<(), Failure> {
    match action {
        None => list(&desk.ways_in()?, output),
        Some(Action::Add { way }) => {
            let added = add(desk, &way)?;
            output.line(format_args!("Added: {} {}.", added.id, added.title));
        }
        Some(Action::Remove { id }) => {
            let left = desk.remove_way_in(id)?;
            output.line(format_args!("Removed: {id}."));
            if let Some(words) = left {
                note(&words);
            }
            note(OLD_COPIES);
        }
        Some(Action::NewPassphrase { id, new }) => {
            desk.change_passphrase(id, &new.passphrase()?, now())?;
            output.line("Changed. The book itself was not rewritten.");
            note(OLD_COPIES);
        }
        Some(Action::NewKey { code }) => new_key(desk, &code, opener, output)?,
    }
    Ok(())
}

const OLD_COPIES: &str = "Whoever knows what opened the book before and has an older copy of key.json, as in a backup, still \
    gets in. A new key shuts them out of all that the book holds from then on: refbook keys BOOK new-key.";

fn list(ways: &[WayView], output: &mut Output) {
    let mut table = columns(["number", "way in", "added"], &[0]);
    for WayView { id, title, added, .. } in ways {
        table.add_row([id.to_string(), (*title).to_owned(), added.clone().unwrap_or_default()]);
    }
    output.line(text(&table));
}

fn add(desk: &mut Desk, way: &Add) -> Result<WayView, Failure> {
    Ok(match way {
        Add::Recovery { code } => {
            let typed = issue(desk, code)?;
            desk.confirm_recovery_code(&typed, now())?
        }
        Add::Keychain => desk.add_keychain(now())?,
        Add::Passphrase { new } => desk.add_passphrase(&new.passphrase()?, now())?,
    })
}

fn new_key(desk: &mut Desk, code: &CodeArgs, opener: &Opener, output: &mut Output) -> Result<(), Failure> {
    let asks = desk.new_key_asks()?;
    let passphrase = asks.passphrase.then(|| opener.passphrase()).transpose()?;
    let typed = asks.recovery_code.then(|| issue(desk, code)).transpose()?;
    let recovery_code = typed.as_ref().map(|typed| typed.as_str());
    desk.new_key(NewKey { passphrase: passphrase.as_ref(), recovery_code }, now())?;
    output.line("The book has a new key, and its closed months keep their seals.");
    output.line("Older key files and copies no longer open it.");
    if asks.passphrase {
        output.line("The passphrase goes on opening it: whoever knows it is shut out only if it is changed.");
    }
    if asks.recovery_code {
        output.line("The old recovery code opens it no longer: destroy the old sheet.");
    }
    if asks.lost > 0 {
        output.line(format_args!("Ways in that are gone with the old key: {}. Add them anew.", asks.lost));
    }
    note("A backup under the old key is in backups/. It opens as it did: keep it, or delete it.");
    Ok(())
}

/// Issues a recovery code, prints its sheet, and gives what was typed back.
fn issue(desk: &mut Desk, args: &CodeArgs) -> Result<Zeroizing<String>, Failure> {
    let code = Zeroizing::new(desk.issue_recovery_code()?.groups.join("-"));
    if let Some(sheet) = &args.sheet {
        print(desk, sheet, args.paper)?;
    }
    match &args.out {
        Some(file) => secret::write_and_read_back(&code, file),
        None => secret::show_and_ask_back(&code),
    }
}

fn print(desk: &Desk, sheet: &Path, paper: Paper) -> Result<(), Failure> {
    let size = match paper {
        Paper::A4 => PageSize::A4,
        Paper::Letter => PageSize::Letter,
    };
    desk.print_recovery_sheet(sheet, size, now())?;
    note(&format!("Printed {}. It holds the code: put it on paper, and delete the file.", sheet.display()));
    Ok(())
}

impl NewPassphraseArgs {
    fn passphrase(&self) -> Result<desk::Passphrase, Failure> {
        secret::choose_passphrase(self.new_passphrase_file.as_deref())
    }
}
