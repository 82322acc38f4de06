//! Opens books: by the keychain or by what a file holds, if that was said; else by what is typed.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

use clap::Args;
use desk::tries::{Tries, Typed};
use desk::ways::{keychain_key, ways_into};
use desk::{Code, Desk, OlderCopy, Passphrase, Patience, WayIn};

use crate::output::note;
use crate::{BookArgs, Failure, secret};

#[derive(Args)]
pub struct WayInArgs {
    /// Read the book's passphrase from the first line of FILE, instead of asking for it
    #[arg(long, global = true, value_name = "FILE", env = "REFBOOK_PASSPHRASE_FILE", hide_env_values = true)]
    passphrase_file: Option<PathBuf>,
    /// Open the book with the recovery code in the first line of FILE, whatever else is given
    #[arg(long, global = true, value_name = "FILE", env = "REFBOOK_RECOVERY_CODE_FILE", hide_env_values = true)]
    recovery_code_file: Option<PathBuf>,
    /// Open the book with the key that this system's keychain keeps for it
    #[arg(long, global = true)]
    keychain: bool,
}

/// How often somebody at a terminal may try.
const TRIES: u32 = 6;

pub struct Opener {
    pub way_in: WayInArgs,
}

impl Opener {
    pub fn open(&self, book: &BookArgs) -> Result<Desk, Failure> {
        self.open_as(book, OlderCopy::Refuse)
    }

    pub fn open_as(&self, BookArgs { book }: &BookArgs, older: OlderCopy) -> Result<Desk, Failure> {
        // Before anything is asked for: a mistyped name should not cost a passphrase.
        if !book.is_dir() {
            return Err(Failure(format!("There is no book \"{}\". `refbook new` makes one.", book.display())));
        }
        let WayInArgs { passphrase_file, recovery_code_file, keychain } = &self.way_in;
        let desk = match (recovery_code_file, passphrase_file) {
            _ if *keychain => Desk::open_by_keychain(book, older, Patience::Long)?,
            (Some(file), _) => Desk::open(book, &secret::recovery_code_in(file)?, older)?,
            (None, Some(file)) => Desk::open(book, &secret::passphrase_in(file)?, older)?,
            (None, None) => ask(book, older)?,
        };
        [desk.place_warning(), desk.key_file_warning()].iter().flatten().for_each(|warning| note(warning));
        Ok(desk)
    }

    /// Does something with the way in that is given or typed, where the book itself may not open.
    pub fn by_what_is_given<T>(
        &self,
        book: &Path,
        act: impl FnOnce(WayIn<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let WayInArgs { passphrase_file, recovery_code_file, keychain } = &self.way_in;
        match (recovery_code_file, passphrase_file) {
            _ if *keychain => act((&keychain_key(book, Patience::Long)?).into()),
            (Some(file), _) => act((&secret::recovery_code_in(file)?).into()),
            (None, Some(file)) => act((&secret::passphrase_in(file)?).into()),
            (None, None) => act((&Typed::read(secret::ask("Passphrase or recovery code: ")?)?).into()),
        }
    }

    pub fn new_passphrase(&self) -> Result<Passphrase, Failure> {
        secret::choose_passphrase(self.way_in.passphrase_file.as_deref())
    }

    /// The passphrase of a book that is open, by whatever way.
    pub fn passphrase(&self) -> Result<Passphrase, Failure> {
        match self.way_in.passphrase_file.as_deref() {
            Some(file) => secret::passphrase_in(file),
            None => Ok(Passphrase::new(secret::ask("The book's passphrase: ")?)?),
        }
    }
}

/// As often as a hand may slip, and slower each time.
fn ask(book: &Path, older: OlderCopy) -> Result<Desk, Failure> {
    let has_code = ways_into(book).is_ok_and(|ways| ways.iter().any(|way| way.kind == "recovery_code"));
    let prompt = if has_code { "Passphrase or recovery code: " } else { "Passphrase: " };
    let mut tries = Tries::default();
    let mut left = TRIES;
    loop {
        left -= 1;
        let typed = Typed::read(secret::ask(prompt)?);
        match typed.and_then(|typed| tries.open(book, &typed, older, Instant::now)) {
            Err(error) if left > 0 && is_a_slip(error.code) => note(&error.message),
            opened => return Ok(opened?),
        }
        thread::sleep(tries.wait(book, Instant::now()));
    }
}

fn is_a_slip(code: Code) -> bool {
    matches!(code, Code::WrongPassphrase | Code::WrongRecoveryCode | Code::MistypedRecoveryCode)
}
