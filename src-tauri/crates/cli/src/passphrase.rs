//! The passphrase: from a file, or asked for without echo. Never an argument, which every program could read.

use std::fs;
use std::path::Path;

use desk::Passphrase;

use crate::Failure;

pub fn read(file: Option<&Path>) -> Result<Passphrase, Failure> {
    match file {
        Some(file) => from_file(file),
        None => ask("Passphrase: "),
    }
}

/// For a new book: asked for twice, since nobody can tell later what was mistyped.
pub fn choose(file: Option<&Path>) -> Result<Passphrase, Failure> {
    let Some(file) = file else {
        let first = prompt("Choose a passphrase for the book: ")?;
        if first != prompt("The same once more: ")? {
            return Err(Failure("The two differ. Nothing was made; try again.".to_owned()));
        }
        return new(first);
    };
    from_file(file)
}

fn from_file(file: &Path) -> Result<Passphrase, Failure> {
    let text = fs::read_to_string(file)
        .map_err(|error| Failure(format!("The passphrase file \"{}\" could not be read: {error}.", file.display())))?;
    new(text.lines().next().unwrap_or_default().to_owned())
}

fn ask(words: &str) -> Result<Passphrase, Failure> {
    new(prompt(words)?)
}

fn prompt(words: &str) -> Result<String, Failure> {
    rpassword::prompt_password(words).map_err(|_| {
        Failure("There is no terminal to ask for the passphrase in. Give it with --passphrase-file.".to_owned())
    })
}

fn new(text: String) -> Result<Passphrase, Failure> {
    Passphrase::new(text).map_err(|error| Failure(error.to_string()))
}
