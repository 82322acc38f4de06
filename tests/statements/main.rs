//! The sample's statements, printed and read back by other programs.
//!
//! What they say is kept as snapshots of what poppler reads: a change of a figure, a word or the layout shows here
//! first. `cargo insta review` takes a change over that is meant.

mod logo;
mod receipt;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use desk::sample::{Sample, last_month};
use desk::{Desk, PageSize, Printing};
use refbook_tests::{Shelf, on, passphrase};

/// The statements of December 2025, closed on a day of its own, on A4 and on Letter.
struct Printed {
    _shelf: Shelf,
    a4: Vec<PathBuf>,
    letter: Vec<PathBuf>,
}

static PRINTED: LazyLock<Printed> = LazyLock::new(|| {
    let shelf = Shelf::new();
    let mut desk = Desk::sample(&shelf.book(), &passphrase(), Sample::Small, |_| ()).expect("the sample");
    desk.close(last_month(), on("2026-01-03"), |_| true).expect("it closes");
    let print = |folder: &str, size| {
        let folder = shelf.path(folder);
        let printing = Printing { month: last_month(), affiliate: None, folder: &folder, size };
        let printed = desk.print(&printing, |_| true).expect("printed");
        assert_eq!(printed.warnings, [], "the sample's names are all of scripts that the fonts have");
        printed.files
    };
    let (a4, letter) = (print("a4", PageSize::A4), print("letter", PageSize::Letter));
    Printed { _shelf: shelf, a4, letter }
});

fn all() -> impl Iterator<Item = &'static PathBuf> {
    PRINTED.a4.iter().chain(&PRINTED.letter)
}

/// What a program says of a file; it must be there, and be content.
fn said(program: &str, arguments: &[&str], file: &Path, rest: &[&str]) -> String {
    let output = Command::new(program).args(arguments).arg(file).args(rest).output();
    let output = output.unwrap_or_else(|error| panic!("{program} is needed by this test: {error}"));
    assert!(output.status.success(), "{program} {}: {}", file.display(), String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn name(file: &Path) -> String {
    file.file_stem().expect("a name").to_string_lossy().into_owned()
}

#[test]
fn what_the_statements_say_is_as_kept() {
    for file in &PRINTED.a4 {
        insta::with_settings!({ snapshot_path => "snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(name(file), said("pdftotext", &["-layout"], file, &["-"]));
        });
    }
}

#[test]
fn a_pdf_checker_finds_nothing() {
    for file in all() {
        let words = said("qpdf", &["--check"], file, &[]);
        assert!(words.contains("No syntax or stream encoding errors found"), "{}: {words}", file.display());
    }
}

#[test]
fn every_font_is_cut_embedded_and_can_be_copied_from() {
    for file in all() {
        let fonts = said("pdffonts", &[], file, &[]);
        let rows: Vec<&str> = fonts.lines().skip(2).collect();
        assert!(!rows.is_empty());
        for row in rows {
            // name, type, encoding, then: embedded, subset, Unicode.
            let words: Vec<&str> = row.split_whitespace().rev().skip(2).take(3).collect();
            assert_eq!(words, ["yes", "yes", "yes"], "{}: {row}", file.display());
        }
    }
}

#[test]
fn the_statements_are_tagged_and_titled_and_of_their_size() {
    for (files, size) in [(&PRINTED.a4, "A4"), (&PRINTED.letter, "letter")] {
        for file in files {
            let info = said("pdfinfo", &[], file, &[]);
            assert!(info.contains("Tagged:          yes"), "{info}");
            assert!(info.contains("PDF version:     1.7"), "{info}");
            assert!(info.contains(size), "{info}");
            let title = info.lines().find_map(|line| line.strip_prefix("Title:")).expect("a title");
            assert!(title.contains("Statement 2025-12-A") && title.contains("December 2025"), "{title}");
        }
    }
}

#[test]
fn clients_come_in_the_order_of_their_names_and_every_page_says_which_it_is() {
    let file = &PRINTED.a4[0];
    let text = said("pdftotext", &["-layout"], file, &["-"]);
    let places: Vec<Option<usize>> =
        ["Acme Widgets Inc", "Bellwether Dental Group", "Cascade Outdoor Supply Co", "Kestrel Aerospace Components"]
            .iter()
            .map(|client| text.find(client))
            .collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?}");
    let pages: Vec<&str> = text.split('\u{c}').filter(|page| !page.trim().is_empty()).collect();
    for (nth, page) in pages.iter().enumerate() {
        assert!(page.contains(&format!("Page {} of {}", nth + 1, pages.len())), "{page}");
        assert!(page.contains("2025-12-A01") && page.contains("Fingerprint"), "{page}");
    }
}

/// What is inside is what was sealed: its SHA-256 begins with the fingerprint on the page.
#[test]
fn the_sealed_document_travels_inside_and_anyone_can_check_it() {
    use sha2::{Digest, Sha256};
    for file in &PRINTED.a4 {
        let folder = tempfile::tempdir().expect("a folder");
        said("pdfdetach", &["-saveall", "-o", &folder.path().to_string_lossy()], file, &[]);
        let sealed = std::fs::read(folder.path().join("statement.json")).expect("statement.json");
        let lines = std::fs::read_to_string(folder.path().join("statement.csv")).expect("statement.csv");
        let hash = hex::encode(Sha256::digest(&sealed));
        let text = said("pdftotext", &["-layout"], file, &["-"]);
        let fingerprint = text.lines().find_map(|line| line.split_once("Fingerprint ")).expect("a fingerprint").1;
        let fingerprint: String = fingerprint.chars().filter(char::is_ascii_hexdigit).take(16).collect();
        assert!(hash.starts_with(&fingerprint), "{}: {fingerprint} is not the start of {hash}", file.display());
        assert!(exchange::sealed::read(&sealed).is_ok());
        assert!(lines.starts_with("invoice,number,client"));
    }
}
