//! Names on the terminal, and arguments that no one would type.

use std::fs;

use refbook_tests::hostile::{DICTIONARY, book_of_names, names};

use crate::{Place, text};

/// Whether a letter would drive the terminal, or turn the text.
fn drives(letter: char) -> bool {
    (letter.is_control() && letter != '\n') || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[test]
fn no_name_drives_the_terminal() {
    let place = Place::new();
    fs::write(place.path("names.json"), book_of_names()).expect("a file");
    place.done(&["new", "BOOK"]);
    let commands: [&[&str]; 7] = [
        &["import", "BOOK", "names.json"],
        &["statement", "BOOK", "--month", "2025-01"],
        &["statement", "BOOK", "--month", "2025-01", "--affiliate", "CON"],
        &["why", "BOOK", "--invoice", "I7"],
        &["why", "BOOK", "--invoice", "\u{1b}[2J\u{202e}"],
        &["void", "BOOK", "client", "C7", "--reason", "\u{1b}]0;owned\u{7}"],
        &["statement", "BOOK\u{1b}[2J", "--month", "2025-01"],
    ];
    for command in commands {
        let output = place.run(command);
        let said = text(&output.stdout) + &text(&output.stderr);
        assert!(!said.is_empty() && !said.chars().any(drives), "{command:?}: {said:?}");
    }
    let statement = text(&place.run(&["statement", "BOOK", "--month", "2025-01"]).stdout);
    assert!(statement.contains("<img src=x onerror") && statement.contains("../../x"), "{statement}");
}

#[test]
fn no_argument_makes_it_fail_otherwise_than_with_a_word() {
    let place = Place::new();
    let long = "9".repeat(100_000);
    let mut words: Vec<&str> = DICTIONARY.iter().copied().filter(|word| !word.contains('\0')).collect();
    words.extend([long.as_str(), "--", "-", "--month", "--book", "\u{1b}[2J"]);
    let names = names();
    words.extend(names.iter().map(String::as_str));
    for word in words {
        let line = format!("hosting={word}");
        let commands: [&[&str]; 6] = [
            &["quote", "--line", &line, "--rate", "0.10"],
            &["quote", "--line", "hosting=10", "--rate", word, "--starts", word, "--changes", word],
            &["quote", "--line", "hosting=10", "--term", word, "--late", word],
            &["statement", "nowhere", "--month", word],
            &["void", "nowhere", word, word, "--reason", word],
            &[word, word],
        ];
        for command in commands {
            let output = place.run(command);
            let said = text(&output.stderr);
            assert!(matches!(output.status.code(), Some(0..=2)), "{command:?}: {said}");
            assert!(!said.contains("panicked"), "{command:?}: {said}");
        }
    }
}
