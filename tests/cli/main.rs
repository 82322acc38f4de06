//! The command line as its users run it: the real program, a real book, its exit codes and words.

mod backup;
mod cases;
mod hostile;
mod import;
mod month;
mod quote;
mod usage;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use refbook_tests::{PASSPHRASE, Shelf};

/// A place for a book, and its passphrase in a file.
struct Place {
    shelf: Shelf,
}

impl Place {
    fn new() -> Self {
        let shelf = Shelf::new();
        fs::write(shelf.path("passphrase"), format!("{PASSPHRASE}\n")).expect("a passphrase file");
        Self { shelf }
    }

    /// A place with the sample in it.
    fn sample() -> Self {
        let place = Self::new();
        place.done(&["sample", "BOOK"]);
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.shelf.path(name)
    }

    /// Runs `refbook`; BOOK stands for the book.
    fn run(&self, arguments: &[&str]) -> Output {
        let book = self.shelf.book();
        let arguments = arguments.iter().map(|one| if *one == "BOOK" { book.as_os_str() } else { one.as_ref() });
        Command::new(env!("CARGO_BIN_EXE_refbook"))
            .args(arguments)
            .env("REFBOOK_PASSPHRASE_FILE", self.path("passphrase"))
            .current_dir(self.path("."))
            .output()
            .expect("refbook runs")
    }

    /// Runs it and gives what it wrote; it must succeed.
    fn done(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    /// Runs it and gives its words on standard error; it must refuse.
    fn refused(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {}", text(&output.stdout));
        text(&output.stderr)
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
