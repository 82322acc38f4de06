//! The ways into a book on the command line: recovery codes, passphrases, a new key, and what slows guessing down.

use std::fs;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use refbook_tests::PASSPHRASE;

use crate::{Place, text};

/// A place with an empty book, and a recovery code for it in the file `code`.
fn with_code() -> Place {
    let place = Place::new();
    place.done(&["new", "BOOK"]);
    place.done(&["keys", "BOOK", "add", "recovery", "--out", "code"]);
    place
}

fn by_code<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    [&["--recovery-code-file", "code"], arguments].concat()
}

fn read(place: &Place, name: &str) -> String {
    fs::read_to_string(place.path(name)).expect(name)
}

/// The code with another character in one of its groups, from 0.
fn mistyped(code: &str, group: usize) -> String {
    let at = group * 6;
    let other = if code[at..].starts_with('7') { "8" } else { "7" };
    format!("{}{other}{}", &code[..at], &code[at + 1..])
}

#[test]
fn a_recovery_code_opens_the_book_and_the_last_way_stays() {
    let place = with_code();
    let listed = place.done(&["keys", "BOOK"]);
    assert!(listed.contains("1  Passphrase") && listed.contains("2  Recovery code"), "{listed}");
    assert!(place.done(&by_code(&["verify", "BOOK"])).contains("All as it was written"));
    let removed = place.run(&by_code(&["keys", "BOOK", "remove", "1"]));
    assert!(text(&removed.stderr).contains("older copy of key.json"), "what a removal can't do is said");
    assert!(place.refused(&["verify", "BOOK"]).contains("no passphrase as a way in"));
    assert!(place.refused(&by_code(&["keys", "BOOK", "remove", "2"])).contains("the last way into the book"));
    assert!(place.refused(&by_code(&["keys", "BOOK", "remove", "7"])).contains("number 7"));
}

#[test]
fn a_mistyped_code_names_its_group_and_a_wrong_one_is_told_from_it() {
    let (place, other) = (with_code(), with_code());
    let code = read(&place, "code");
    fs::write(place.path("code"), mistyped(&code, 2).to_lowercase().replace('-', " ")).expect("written");
    assert!(place.refused(&by_code(&["verify", "BOOK"])).contains("group 3 is not right"));
    fs::write(place.path("code"), read(&other, "code")).expect("written");
    assert!(place.refused(&by_code(&["verify", "BOOK"])).contains("it is not this book's"));
    fs::write(place.path("code"), code.to_lowercase().replace('-', " ").replace('0', "o")).expect("written");
    place.done(&by_code(&["verify", "BOOK"]));
}

#[test]
fn a_code_is_never_written_over_a_file_or_shown_where_nobody_sees_it() {
    let place = with_code();
    let kept = read(&place, "code");
    assert!(place.refused(&["keys", "BOOK", "add", "recovery", "--out", "code"]).contains("could not be written"));
    assert_eq!(read(&place, "code"), kept);
    assert!(place.refused(&["keys", "BOOK", "add", "recovery"]).contains("--out"));
    assert!(!place.done(&["keys", "BOOK"]).contains('3'), "neither opens anything");
}

#[test]
fn a_new_passphrase_leaves_the_book_as_it_is() {
    let place = with_code();
    let before = fs::read(place.shelf.book().join("book.db")).expect("the book");
    fs::write(place.path("new"), "another correct horse\n").expect("written");
    place.done(&["keys", "BOOK", "new-passphrase", "--new-passphrase-file", "new"]);
    assert_eq!(fs::read(place.shelf.book().join("book.db")).expect("the book"), before);
    assert!(place.refused(&["verify", "BOOK"]).contains("The passphrase is wrong"));
    place.done(&["--passphrase-file", "new", "verify", "BOOK"]);
    fs::write(place.path("new"), "short\n").expect("written");
    let short = by_code(&["keys", "BOOK", "add", "passphrase", "--new-passphrase-file", "new"]);
    assert!(place.refused(&short).contains("12 characters"));
}

#[test]
fn a_new_key_keeps_everything_sealed_and_shuts_the_old_code_out() {
    let place = Place::sample();
    place.done(&["keys", "BOOK", "add", "recovery", "--out", "code"]);
    let (exported, old) = (place.done(&["export", "BOOK"]), fs::read(place.shelf.book().join("key.json")).expect("it"));
    place.done(&["keys", "BOOK", "new-key", "--out", "new"]);
    assert!(place.refused(&by_code(&["verify", "BOOK"])).contains("not this book's"));
    assert!(place.done(&["--recovery-code-file", "new", "verify", "BOOK"]).contains("closed statements"));
    assert_eq!(place.done(&["export", "BOOK"]), exported);
    // Whoever kept the old key file has the old key, and reads nothing with it.
    fs::write(place.shelf.book().join("key.json"), old).expect("put back");
    assert!(place.refused(&by_code(&["verify", "BOOK"])).contains("damaged"));
}

#[test]
fn a_mistyped_passphrase_does_not_lock_its_owner_out_with_a_new_key() {
    let place = with_code();
    fs::write(place.path("passphrase"), "correct horse battery stable\n").expect("written");
    let refused = place.refused(&by_code(&["keys", "BOOK", "new-key", "--out", "new"]));
    assert!(refused.contains("The passphrase is wrong"), "{refused}");
    place.done(&by_code(&["verify", "BOOK"]));
}

#[test]
fn killed_at_any_moment_of_a_new_key_the_old_or_the_new_opens() {
    let place = with_code();
    place.done(&by_code(&["keys", "BOOK", "remove", "1"]));
    let (mut old, mut new) = (0, 0);
    let took = {
        let start = Instant::now();
        place.done(&by_code(&["keys", "BOOK", "new-key", "--out", "new-code"]));
        start.elapsed()
    };
    fs::rename(place.path("new-code"), place.path("code")).expect("the code from here on");
    // Later and later; on a machine that is busy by now, until one was late enough.
    for nth in 0..64 {
        if nth >= 16 && new > 0 {
            break;
        }
        let mut child = begin(&place, &by_code(&["keys", "BOOK", "new-key", "--out", "new-code"]));
        thread::sleep(took * nth / 13);
        let _ = child.kill();
        child.wait().expect("it ended");
        if place.run(&by_code(&["verify", "BOOK"])).status.success() {
            old += 1;
            let _ = fs::remove_file(place.path("new-code"));
        } else {
            place.done(&["--recovery-code-file", "new-code", "verify", "BOOK"]);
            new += 1;
            fs::rename(place.path("new-code"), place.path("code")).expect("the code from here on");
        }
        assert!(!place.shelf.book().join("book.db.new").exists(), "tidied up");
    }
    assert!(old > 0 && new > 0, "killed before and after: {old} old, {new} new");
}

#[test]
fn the_sheet_has_the_code_to_read_and_its_metadata_has_not() {
    let place = Place::new();
    place.done(&["new", "BOOK"]);
    place.done(&["keys", "BOOK", "add", "recovery", "--out", "code", "--sheet", "sheet.pdf"]);
    let run = |tool: &str, arguments: &[&str]| {
        let output = Command::new(tool).args(arguments).current_dir(place.path(".")).output().expect(tool);
        text(&output.stdout)
    };
    let (read_back, about) = (run("pdftotext", &["sheet.pdf", "-"]), run("pdfinfo", &["-meta", "sheet.pdf"]));
    let code = read(&place, "code");
    assert_eq!(code.trim().split('-').filter(|group| read_back.contains(group)).count(), 7, "{read_back}");
    assert!(code.trim().split('-').all(|group| !about.contains(group)) && !about.is_empty());
    place.done(&by_code(&["verify", "BOOK"]));
}

/// Begins `refbook` with nothing on its standard input yet.
fn begin(place: &Place, arguments: &[&str]) -> Child {
    let book = place.shelf.book();
    let arguments = arguments.iter().map(|one| if *one == "BOOK" { book.as_os_str() } else { one.as_ref() });
    Command::new(env!("CARGO_BIN_EXE_refbook"))
        .args(arguments)
        .env("REFBOOK_PASSPHRASE_FILE", place.path("passphrase"))
        .current_dir(place.path("."))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("refbook runs")
}

#[test]
#[cfg(target_os = "linux")]
fn a_program_with_an_open_book_dumps_no_core_keeps_its_keys_from_swap_and_shows_no_secret() {
    let place = with_code();
    // It waits for its standard input with the book open.
    let mut child = begin(&place, &["import", "BOOK", "-"]);
    let told = |name: &str| {
        let told = fs::read(format!("/proc/{}/{name}", child.id())).expect(name);
        String::from_utf8_lossy(&told).into_owned()
    };
    let deadline = Instant::now() + Duration::from_secs(30);
    let locked = || told("status").lines().any(|line| line.starts_with("VmLck:") && !line.contains("\t       0 kB"));
    while !locked() {
        assert!(Instant::now() < deadline, "nothing is locked: {}", told("status"));
        thread::sleep(Duration::from_millis(20));
    }
    let limits = told("limits");
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).expect("the limit");
    assert_eq!(core.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["1", "1"], "{core}");
    for shown in ["cmdline", "environ"] {
        assert!(!told(shown).contains(PASSPHRASE), "{shown}");
    }
    child.kill().expect("ended");
    child.wait().expect("ended");
}

/// Types lines into `refbook verify` at a terminal, each once it was asked for, and gives what the terminal showed.
#[cfg(target_os = "linux")]
fn at_a_terminal(place: &Place, lines: &[&str]) -> String {
    let command = format!("{} verify {}", env!("CARGO_BIN_EXE_refbook"), place.shelf.book().display());
    let mut terminal = Command::new("script")
        .args(["--quiet", "--return", "--command", &command, "/dev/null"])
        .env_remove("REFBOOK_PASSPHRASE_FILE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("script runs");
    let (mut keys, mut screen) =
        (terminal.stdin.take().expect("its keys"), terminal.stdout.take().expect("its screen"));
    let mut shown = String::new();
    for line in lines {
        while !shown.ends_with(": ") {
            let mut bytes = [0; 4096];
            let read = screen.read(&mut bytes).expect("its screen");
            assert!(read > 0, "it ended: {shown}");
            shown.push_str(&String::from_utf8_lossy(&bytes[..read]));
        }
        shown.push('\n');
        writeln!(keys, "{line}").expect("typed");
    }
    screen.read_to_string(&mut shown).expect("the rest");
    terminal.wait().expect("it ended");
    shown
}

#[test]
#[cfg(target_os = "linux")]
fn at_a_terminal_it_asks_again_and_more_slowly_each_time() {
    let place = with_code();
    let code = read(&place, "code");
    let start = Instant::now();
    let wrong = mistyped(&code, 0);
    let shown = at_a_terminal(&place, &["wrong", wrong.trim(), "wrong", "wrong", "wrong", code.trim()]);
    assert!(shown.contains("group 1 is not right"), "{shown}");
    assert_eq!(shown.matches("The passphrase is wrong").count(), 4, "{shown}");
    assert!(shown.contains("has to wait a second") && shown.contains("has to wait 2 seconds"), "{shown}");
    assert!(start.elapsed() >= Duration::from_secs(3), "{:?}", start.elapsed());
    assert!(shown.contains("All as it was written"), "{shown}");
    assert!(!shown.contains(code.trim()), "what is typed is not shown");
}
