//! Secrets: from a file, or asked for. Never an argument or the environment, which every program could read.

use std::fs::{self, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use desk::{DeskError, Passphrase, RecoveryCode};
use zeroize::Zeroizing;

use crate::Failure;
use crate::output::note;

pub fn passphrase_in(file: &Path) -> Result<Passphrase, Failure> {
    Ok(Passphrase::new(first_line("passphrase", file)?)?)
}

pub fn recovery_code_in(file: &Path) -> Result<RecoveryCode, Failure> {
    let text = Zeroizing::new(first_line("recovery code", file)?);
    Ok(RecoveryCode::parse(&text)?)
}

/// For a new book: asked for twice, since nobody can tell later what was mistyped.
pub fn choose_passphrase(file: Option<&Path>) -> Result<Passphrase, Failure> {
    let Some(file) = file else {
        let first = Zeroizing::new(ask("Choose a passphrase for the book: ")?);
        let second = ask("The same once more: ")?;
        if *first != second {
            return Err(Failure("The two differ. Nothing was changed; try again.".to_owned()));
        }
        return Ok(Passphrase::new(second)?);
    };
    passphrase_in(file)
}

/// Asks at the terminal, without echo.
pub fn ask(words: &str) -> Result<String, Failure> {
    rpassword::prompt_password(words).map_err(|_| {
        Failure(
            "There is no terminal to ask for a secret in. Give it with --passphrase-file or --recovery-code-file."
                .to_owned(),
        )
    })
}

/// Shows a recovery code at the terminal, and has it typed back.
pub fn show_and_ask_back(code: &str) -> Result<Zeroizing<String>, Failure> {
    if !(io::stderr().is_terminal() && io::stdin().is_terminal()) {
        return Err(Failure(
            "There is no terminal to show the recovery code in. Give a file for it with --out.".to_owned(),
        ));
    }
    note(&format!("The recovery code, shown only now. Write it down:\n\n  {code}\n"));
    let _ = write!(io::stderr().lock(), "Type it from what you wrote down: ");
    let mut typed = Zeroizing::new(String::new());
    io::stdin().read_line(&mut typed).map_err(|error| Failure(error.to_string()))?;
    Ok(typed)
}

/// Writes a recovery code into a new file of its owner's alone, and reads it back from there.
pub fn write_and_read_back(code: &str, file: &Path) -> Result<Zeroizing<String>, Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(file).and_then(|mut file| {
        file.write_all(code.as_bytes())?;
        file.write_all(b"\n")?;
        file.sync_all()
    });
    // The name survives a power cut, too: what comes next may make the code the only way in.
    let written = written.and_then(|()| desk::sync_name(file));
    written.map_err(|error| Failure(format!("\"{}\" could not be written: {error}.", file.display())))?;
    Ok(Zeroizing::new(first_line("recovery code", file)?))
}

/// In the one place that the file was read into, so that nothing of it stays elsewhere.
fn first_line(what: &str, file: &Path) -> Result<String, Failure> {
    let mut text = fs::read_to_string(file)
        .map_err(|error| Failure(format!("The {what} file \"{}\" could not be read: {error}.", file.display())))?;
    text.truncate(text.find(['\n', '\r']).unwrap_or(text.len()));
    Ok(text)
}

impl From<desk::KeyError> for Failure {
    fn from(error: desk::KeyError) -> Self {
        DeskError::from(error).into()
    }
}

impl From<desk::Mistyped> for Failure {
    fn from(error: desk::Mistyped) -> Self {
        Self(error.to_string())
    }
}
