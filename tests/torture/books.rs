//! The books that stories begin with, made by the program itself, and the stories.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::program::Program;
use crate::story::{BOOK, Before, Plot, copy, placed};

/// What the stories need: small, so that a run is quick, and with every kind of page in it.
const SAMPLE: [&str; 4] = ["--contracts", "24", "--months", "5"];

const CLOSE: [&str; 3] = ["2025-10", "2025-11", "2025-12"];
const EXPORT: &[&str] = &["export", "./Book.refbook"];
const NOTHING: &str = "nothing of the book changes";

pub const PLOTS: &[Plot] = &[
    Plot {
        name: "import",
        asked: &["import", "./Book.refbook", "./import.json"],
        said: "Imported",
        steps: &[&["import", "./Book.refbook", "./import.json"]],
        look: EXPORT,
        begins_with: Before::Book,
    },
    Plot {
        name: "close",
        asked: &["close", "./Book.refbook", "--through", CLOSE[2]],
        said: "Closed",
        steps: &[
            &["close", "./Book.refbook", "--through", CLOSE[0]],
            &["close", "./Book.refbook", "--through", CLOSE[1]],
            &["close", "./Book.refbook", "--through", CLOSE[2]],
        ],
        look: EXPORT,
        begins_with: Before::Book,
    },
    Plot {
        name: "print",
        asked: &["print", "./Book.refbook", "--month", "2025-09", "--out", "./papers"],
        said: NOTHING,
        steps: &[],
        look: EXPORT,
        begins_with: Before::Book,
    },
    Plot {
        name: "export",
        asked: &["export", "./Book.refbook", "--out", "./papers/whole.json"],
        said: NOTHING,
        steps: &[],
        look: EXPORT,
        begins_with: Before::Book,
    },
    Plot {
        name: "new key",
        asked: &["keys", "./Book.refbook", "new-key", "--out", "./new-code"],
        said: "The book has a new key",
        steps: &[&["keys", "./Book.refbook", "new-key", "--out", "./new-code"]],
        look: &["keys", "./Book.refbook"],
        begins_with: Before::Book,
    },
    Plot {
        name: "new way in",
        asked: &["keys", "./Book.refbook", "add", "recovery", "--out", "./new-code"],
        said: "Added",
        steps: &[&["keys", "./Book.refbook", "add", "recovery", "--out", "./new-code"]],
        look: &["keys", "./Book.refbook"],
        begins_with: Before::Book,
    },
    Plot {
        name: "back up",
        asked: &["backup", "./Book.refbook"],
        said: "Made",
        steps: &[],
        look: EXPORT,
        begins_with: Before::Book,
    },
    Plot {
        name: "restore",
        asked: &["restore", "./Book.refbook", "./backup"],
        said: "Restored",
        steps: &[&["restore", "./Book.refbook", "./backup"]],
        look: EXPORT,
        begins_with: Before::Restoring,
    },
    Plot {
        name: "migrate",
        asked: &["verify", "./Book.refbook"],
        said: NOTHING,
        steps: &[],
        look: EXPORT,
        begins_with: Before::FirstVersion,
    },
];

/// What lies there before the stories, and the key file that also opens by a passphrase, for an intruder.
pub struct Books {
    pub book: PathBuf,
    pub first_version: PathBuf,
    pub restoring: PathBuf,
    pub with_passphrase: PathBuf,
}

impl Books {
    pub fn make(program: &Program, folder: &Path) -> Self {
        let books = Self {
            book: folder.join("book"),
            first_version: folder.join("first version"),
            restoring: folder.join("restoring"),
            with_passphrase: folder.join("with passphrase"),
        };
        make_book(program, &books);
        make_first_version(program, &books.first_version);
        make_restoring(program, &books);
        books
    }

    pub fn of(&self, before: Before) -> &Path {
        match before {
            Before::Book => &self.book,
            Before::FirstVersion => &self.first_version,
            Before::Restoring => &self.restoring,
        }
    }
}

/// A book whose last three months are open, two of them again, and a file to import.
fn make_book(program: &Program, Books { book, with_passphrase, .. }: &Books) {
    fs::create_dir_all(book).expect("a folder of ours");
    asked(program, book, &[&["sample", "./Book.refbook"], &SAMPLE[..]].concat());
    asked(program, book, &["keys", "./Book.refbook", "add", "recovery", "--out", "./code"]);
    fs::create_dir_all(with_passphrase).expect("a folder of ours");
    fs::copy(book.join(BOOK).join("key.json"), with_passphrase.join("key.json")).expect("a file of ours");
    asked(program, book, &["keys", "./Book.refbook", "remove", "1"]);
    for month in ["2025-11", "2025-10"] {
        asked(program, book, &["reopen", "./Book.refbook", "--month", month, "--reason", "to be closed again"]);
    }
    let export = asked(program, book, EXPORT);
    fs::write(book.join("import.json"), corrections(&export)).expect("a file of ours");
    clear(book);
}

/// The file that the first version wrote, with a key file that opens by a recovery code: of a copy, whose root key is the
/// same.
fn make_first_version(program: &Program, first: &Path) {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("book/fixtures/Version-1.refbook");
    copy(&kept, &first.join(BOOK));
    asked(program, first, &["keys", "./Book.refbook", "add", "recovery", "--out", "./code"]);
    fs::remove_dir_all(first.join(BOOK).join("backups")).expect("the migration's backup");
    for file in ["book.db", "head.json"] {
        fs::copy(kept.join(file), first.join(BOOK).join(file)).expect("a file of ours");
    }
    clear(first);
}

/// A book that went on since a backup was made of it.
fn make_restoring(program: &Program, Books { book, restoring, .. }: &Books) {
    copy(book, restoring);
    asked(program, restoring, &["backup", "./Book.refbook"]);
    let backups = restoring.join(BOOK).join("backups");
    let made = fs::read_dir(&backups).expect("backups").next().expect("the backup that was made").expect("a folder");
    fs::rename(made.path(), restoring.join("backup")).expect("a folder of ours");
    asked(program, restoring, &["import", "./Book.refbook", "./import.json"]);
    clear(restoring);
}

fn asked(program: &Program, place: &Path, words: &[&str]) -> String {
    let told = program.ask(place, &placed(words, place));
    assert!(told.is_done(), "{words:?}: {}", told.error);
    told.out
}

/// What the program said while it was made is no part of it.
fn clear(place: &Path) {
    for said in ["said", "complained"] {
        fs::remove_file(place.join(said)).expect("a file of ours");
    }
}

/// A file that corrects much of a book, and adds to it: its pages change all over.
fn corrections(export: &str) -> String {
    let book: Value = serde_json::from_str(export).expect("an export is JSON");
    let mut clients = book["clients"].clone();
    for client in clients.as_array_mut().expect("clients") {
        client["name"] = format!("{}, corrected", client["name"].as_str().expect("a name")).into();
    }
    let affiliate = &book["affiliates"][0]["id"];
    let adjustment = |nth: usize| {
        json!({"id": format!("torture-{nth}"), "affiliate": affiliate, "month": "2025-12", "amount": "1.25",
            "reason": "added by an import"})
    };
    let adjustments: Vec<Value> = (0..20).map(adjustment).collect();
    json!({"format": "refbook/1", "clients": clients, "adjustments": adjustments}).to_string()
}
