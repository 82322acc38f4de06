//! Names that would do something if anything took them for more than text: they are inert and legible wherever they go.
//! The same table goes through the window (`tests/window/hostile.test.ts`) and the terminal (`tests/cli/hostile.rs`).

use std::fs;
use std::path::Path;
use std::process::Command;

use desk::search::ListQuery;
use desk::{Desk, PageSize, Printing};
use mail_parser::MessageParser;
use refbook_tests::hostile::{book_of_names, names};
use refbook_tests::{Shelf, on};
use rules::month::Month;

fn book(shelf: &Shelf) -> Desk {
    let mut desk = shelf.create();
    desk.import("names.json", book_of_names().as_bytes(), on("2025-02-03")).expect("names are text");
    desk
}

fn january() -> Month {
    Month::parse("2025-01").expect("a month")
}

/// Whether a letter would turn the text around it, hide, or drive a terminal.
fn is_unseen(letter: char) -> bool {
    (letter.is_control() && !"\n\u{c}".contains(letter))
        || matches!(letter, '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[test]
fn they_are_kept_and_found_as_they_are() {
    let shelf = Shelf::new();
    let mut desk = book(&shelf);
    for (nth, name) in names().iter().enumerate() {
        let page = desk.client_page(&format!("C{nth}"), on("2025-02-03")).expect("a page");
        assert_eq!(page.name, *name);
        let found = desk.search(name).expect("a search is no query");
        let has_words = name.chars().any(char::is_alphanumeric);
        assert!(
            !has_words || name.len() > 1000 || found.iter().any(|one| one.id == format!("C{nth}")),
            "{name:?}: {found:?}"
        );
        let query = ListQuery { text: name.clone(), sort: name.clone(), only: name.clone(), from: u32::MAX };
        let _ = desk.clients(&query, on("2025-02-03"));
        let noted = desk.write_note(&format!("C{nth}"), name, on("2025-02-03"));
        assert_eq!(noted.is_ok(), !name.trim().is_empty(), "{name:?}: {noted:?}");
    }
    let exported = desk.export().expect("an export");
    let again = exchange::book::read(exported.as_bytes(), None);
    assert_eq!(again.problems, []);
    assert_eq!(again.offer.records.clients.len(), names().len());
}

#[test]
fn a_nul_is_refused_where_it_stands() {
    let book = book_of_names().replacen("\"C0\",\"name\":\"", "\"C0\",\"name\":\"a\\u0000b", 1);
    let error = Shelf::new().create().import("nul.json", book.as_bytes(), on("2025-02-03")).expect_err("a NUL");
    assert_eq!(error.fields.iter().map(|problem| problem.at.as_str()).collect::<Vec<_>>(), ["clients[0].name"]);
    let lone = book_of_names().replacen("\"C0\",\"name\":\"", "\"C0\",\"name\":\"\\ud800", 1);
    let error =
        Shelf::new().create().import("lone.json", lone.as_bytes(), on("2025-02-03")).expect_err("half a letter");
    assert!(error.fields[0].message.contains("hex escape"), "{}", error.fields[0]);
}

#[test]
fn no_cell_of_a_table_begins_a_formula() {
    let shelf = Shelf::new();
    let statements = book(&shelf).statements(january(), None).expect("statements").statements;
    let lines: usize = statements.iter().map(|view| view.statement.lines.len()).sum();
    assert_eq!(lines, names().len());
    for view in &statements {
        let table = String::from_utf8(exchange::statements::csv(&view.statement)).expect("UTF-8");
        for cell in cells(&table) {
            let begins = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
            assert!(!begins || cell.parse::<f64>().is_ok(), "{cell:?}");
        }
    }
}

/// The cells of a table, as its quotes part them.
fn cells(table: &str) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    for letter in table.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' | '\n' if !quoted => cells.push(std::mem::take(&mut cell)),
            _ => cell.push(letter),
        }
    }
    cells
}

#[test]
fn paper_shows_them_in_files_with_plain_names_inside_their_folder() {
    let shelf = Shelf::new();
    let desk = book(&shelf);
    let folder = shelf.path("deep").join("pdfs");
    let printing = Printing { month: january(), affiliate: None, folder: &folder, size: PageSize::A4 };
    let files = desk.print(&printing, |_| true).expect("printed").files;
    assert!(files.len() > 5, "{files:?}");
    for file in &files {
        let name = file.file_name().expect("a name").to_str().expect("plain");
        assert_eq!(file.parent(), Some(folder.as_path()));
        assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)), "{name}");
    }
    assert_eq!(fs::read_dir(shelf.path("deep")).expect("a folder").count(), 1);
    let text: String = files.iter().map(|file| text_of(file)).collect();
    assert_eq!(text.chars().find(|letter| is_unseen(*letter)), None);
    for word in ["=cmd|'/c", "<img", "onerror=", "fdp.exe", "../../../../tmp/owned", "CON", "DROP TABLE", "NUL.txt"] {
        assert!(text.contains(word), "{word} is not legible");
    }
}

fn text_of(pdf: &Path) -> String {
    let output = Command::new("pdftotext").args(["-layout"]).arg(pdf).arg("-").output().expect("pdftotext runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn a_letter_has_the_headers_that_it_should_and_no_other() {
    let shelf = Shelf::new();
    let desk = book(&shelf);
    for affiliate in desk.statements(january(), None).expect("statements").statements {
        let letter = desk.letter(january(), affiliate.statement.affiliate.as_str(), PageSize::A4).expect("a letter");
        let message = MessageParser::default().parse(&letter).expect("a message");
        let mut headers: Vec<&str> = message.headers().iter().map(|header| header.name()).collect();
        headers.sort_unstable();
        assert_eq!(headers, ["Content-Type", "MIME-Version", "Subject", "X-Unsent"]);
        assert_eq!(message.attachment_count(), 1);
        assert!(!message.subject().expect("a subject").chars().any(is_unseen), "{:?}", message.subject());
    }
}
