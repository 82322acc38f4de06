//! Help, wrong usage, the passphrase.

use std::fs;
use std::process::{Command, Stdio};

use crate::{Place, text};

#[test]
fn help_names_every_command_and_the_exit_codes() {
    let place = Place::new();
    let help = place.done(&["--help"]);
    for command in [
        "new",
        "sample",
        "import",
        "export",
        "statement",
        "close",
        "reopen",
        "print",
        "quote",
        "why",
        "verify",
        "backup",
        "backups",
        "restore",
        "keys",
        "void",
    ] {
        assert!(help.contains(&format!("  {command} ")), "{command} is missing from\n{help}");
        assert!(place.done(&[command, "--help"]).contains("--passphrase-file"));
    }
    assert!(help.contains("2 wrong usage"));
}

#[test]
fn wrong_usage_exits_with_2_and_says_what_was_wrong() {
    let place = Place::new();
    for (arguments, word) in [
        (&["statement", "BOOK", "--month", "2025-13"][..], "2025-13"),
        (&["statement", "BOOK"], "--month"),
        (&["sample", "BOOK", "--contracts", "10"], "--months"),
        (&["void", "BOOK", "cat", "C1", "--reason", "x"], "cat"),
        (&["close", "BOOK", "--through", "soon"], "soon"),
        (&["fly"], "fly"),
        (&[], "Usage"),
    ] {
        let output = place.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains(word), "{arguments:?}: {}", text(&output.stderr));
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn a_new_book_takes_no_passphrase_that_is_soon_guessed() {
    let place = Place::new();
    fs::write(place.path("passphrase"), "sample\n").expect("written");
    assert!(place.refused(&["new", "BOOK"]).contains("12 characters"));
    assert!(!place.shelf.book().exists());
}

#[test]
fn a_wrong_passphrase_is_refused_in_words() {
    let place = Place::new();
    place.done(&["new", "BOOK"]);
    fs::write(place.path("passphrase"), "another\n").expect("written");
    assert!(place.refused(&["verify", "BOOK"]).contains("The passphrase is wrong"));
    fs::write(place.path("passphrase"), "\n").expect("written");
    assert!(place.refused(&["verify", "BOOK"]).contains("empty"));
    fs::remove_file(place.path("passphrase")).expect("removed");
    assert!(place.refused(&["verify", "BOOK"]).contains("could not be read"));
}

#[test]
fn without_a_terminal_or_a_file_it_says_how_to_give_the_passphrase() {
    let place = Place::new();
    place.done(&["new", "BOOK"]);
    // A session of its own has no terminal, whatever these tests were started from.
    let output = Command::new("setsid")
        .args(["--wait", env!("CARGO_BIN_EXE_refbook"), "verify"])
        .arg(place.shelf.book())
        .env_remove("REFBOOK_PASSPHRASE_FILE")
        .stdin(Stdio::null())
        .output()
        .expect("setsid runs");
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("--passphrase-file"), "{}", text(&output.stderr));
}

#[test]
fn a_missing_book_is_named_before_the_passphrase_is_asked_for() {
    let place = Place::new();
    assert!(place.refused(&["verify", "BOOK"]).contains("There is no book"));
}

#[test]
fn completions_and_the_manual_page_are_there() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish", "powershell"] {
        assert!(place.done(&["completions", shell]).contains("refbook"), "{shell}");
    }
    assert!(place.done(&["man"]).contains(".TH refbook"));
}
