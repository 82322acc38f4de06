//! Backups hold what the book held, and a restore is whole, told beforehand, and can be taken back.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use desk::backups::{BackupRow, Next, Unfinished, Which, backups_of, finish_backup, preview_restore_of, restore_of};
use desk::ways::NewKey;
use desk::{Code, Desk, Month, Now, OlderCopy, Passphrase, RecordKind};
use exchange::book::write;
use refbook_tests::intruder::break_in;
use refbook_tests::{PASSPHRASE, Shelf, on, passphrase};

fn month(text: &str) -> Month {
    Month::parse(text).expect("a month")
}

/// The small sample's records, closed through March 2024.
fn book(shelf: &Shelf) -> Desk {
    let mut desk = shelf.create();
    desk.import("small.json", write(&desk::sample::small()).as_bytes(), day(1)).expect("the import");
    desk.close(month("2024-03"), day(1), |_| true).expect("it closes");
    desk
}

/// A day long after every record.
fn day(of: u32) -> Now {
    on(&format!("2035-01-{of:02}"))
}

fn folder(shelf: &Shelf, backup: &BackupRow) -> PathBuf {
    shelf.book().join(backup.id.replacen("own", "backups", 1))
}

/// A backup that is copied, and waits for its check.
fn copied(desk: &Desk, now: Now) -> Unfinished {
    let mut unfinished = desk.begin_backup(false, now).expect("begun");
    assert!(desk.copy_into(&mut unfinished, |_| Next::GoOn).expect("copied"));
    unfinished
}

/// What lies in a folder, by its name.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn opens(shelf: &Shelf, passphrase: &Passphrase) -> bool {
    Desk::open(&shelf.book(), passphrase, OlderCopy::Refuse).is_ok()
}

/// All files under a folder, by their names and contents.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(contents(&path));
        } else {
            files.push((path.clone(), fs::read(&path).expect("a file")));
        }
    }
    files.sort();
    files
}

#[test]
fn a_restore_says_what_is_lost_keeps_what_it_replaces_and_can_be_taken_back() {
    let shelf = Shelf::new();
    let mut desk = book(&shelf);
    let then = desk.export().expect("an export");
    let backup = desk.back_up(day(2)).expect("a backup");
    assert_eq!((backup.sound, backup.why.as_str()), ("good", "asked for"));
    desk.close(month("2024-04"), day(3), |_| true).expect("it closes");
    let payment = desk::sample::small().payments.pop().expect("a payment").id;
    desk.void(RecordKind::Payment, payment.as_str(), "bounced", day(3)).expect("voided");
    let now = desk.export().expect("an export");

    let preview = desk.preview_restore(&backup.id, None).expect("a preview");
    assert_eq!(preview.lost, ["April 2024 closed", "1 payment voided"]);
    assert!(preview.gained.is_empty() && !preview.is_another && preview.unreadable.is_none());
    desk.stage_restore(&backup.id, None, day(3)).expect("staged");
    desk.restore(day(4)).expect("restored");

    let desk = shelf.open();
    assert_eq!(desk.export().expect("an export"), then);
    assert!(!desk.backups().expect("backups").backups.iter().any(|row| row.sound == "damaged"));
    let replaced = desk.backups().expect("backups").backups;
    let replaced = replaced.iter().find(|row| row.id.starts_with("replaced/")).expect("what was replaced");
    let preview = desk.preview_restore(&replaced.id, None).expect("a preview");
    assert_eq!(preview.gained, ["April 2024 closed", "1 payment voided"]);
    assert!(preview.lost.is_empty());
    desk.stage_restore(&replaced.id, None, day(3)).expect("staged");
    desk.restore(day(5)).expect("taken back");
    let mut desk = shelf.open();
    assert_eq!(desk.export().expect("an export"), now);
    assert_eq!(desk.verify().expect("verify").finding, None);
}

#[test]
fn two_restores_in_one_second_keep_what_each_of_them_replaced() {
    let shelf = Shelf::new();
    let mut desk = book(&shelf);
    let backup = desk.back_up(day(2)).expect("a backup");
    desk.close(month("2024-04"), day(3), |_| true).expect("it closes");
    let now = desk.export().expect("an export");
    for _ in 0..2 {
        desk.stage_restore(&backup.id, None, day(3)).expect("staged");
        desk.restore(day(4)).expect("restored");
        desk = shelf.open();
    }
    let rows = desk.backups().expect("backups").backups;
    let mut replaced: Vec<&str> = rows.iter().map(|row| row.id.as_str()).filter(|id| id.contains("replaced")).collect();
    replaced.sort_unstable();
    assert_eq!(replaced.len(), 2, "{replaced:?}");
    desk.stage_restore(replaced[0], None, day(3)).expect("staged");
    desk.restore(day(5)).expect("taken back");
    assert_eq!(shelf.open().export().expect("an export"), now);
}

#[test]
fn a_restore_leaves_the_ways_in_as_they_are_now() {
    let (old, new) = (passphrase(), Passphrase::new("a passphrase of today".to_owned()).expect("not empty"));
    let lasting = Passphrase::new("one that stays".to_owned()).expect("not empty");
    for how in ["by the key", "by a way", "at the door"] {
        let shelf = Shelf::new();
        let mut desk = shelf.create();
        desk.add_passphrase(&lasting, day(1)).expect("added");
        let backup = desk.back_up(day(2)).expect("a backup");
        let first = desk.ways_in().expect("ways")[0].id;
        desk.change_passphrase(Some(first), &new, day(3)).expect("changed");
        if how == "at the door" {
            drop(desk);
            restore_of(&shelf.book(), &backup.id, (&lasting).into(), day(4)).expect("restored");
        } else {
            let way = (how == "by a way").then(|| (&lasting).into());
            desk.stage_restore(&backup.id, way, day(3)).expect("staged");
            desk.restore(day(4)).expect("restored");
        }
        assert!(!opens(&shelf, &old), "{how}: it was removed");
        assert!(opens(&shelf, &new), "{how}: it was added since");
        let mut desk = Desk::open(&shelf.book(), &lasting, OlderCopy::Refuse).expect("it opens");
        assert_eq!(desk.verify().expect("verify").finding, None, "{how}");
    }
}

#[test]
fn a_key_file_that_was_damaged_while_the_book_was_open_is_not_put_in_place() {
    for damage in [None, Some("nothing like it")] {
        let shelf = Shelf::new();
        let desk = shelf.create();
        let backup = desk.back_up(day(2)).expect("a backup");
        let file = shelf.book().join("key.json");
        match damage {
            None => fs::remove_file(file).expect("removed"),
            Some(text) => fs::write(file, text).expect("written"),
        }
        desk.stage_restore(&backup.id, None, day(3)).expect("staged");
        desk.restore(day(3)).expect("restored");
        assert!(opens(&shelf, &passphrase()), "{damage:?}");
    }
}

#[test]
fn a_book_that_a_restore_replaced_and_that_is_put_back_by_hand_is_told() {
    let shelf = Shelf::new();
    let mut desk = book(&shelf);
    let backup = desk.back_up(day(2)).expect("a backup");
    desk.close(month("2024-04"), day(2), |_| true).expect("it closes");
    desk.stage_restore(&backup.id, None, day(3)).expect("staged");
    desk.restore(day(3)).expect("restored");
    let file = shelf.book().join("book.db");
    let restored = fs::read(&file).expect("the book");
    let replaced = names(&shelf.book()).into_iter().find(|name| name.starts_with("replaced-")).expect("it is kept");
    fs::copy(shelf.book().join(replaced).join("book.db"), &file).expect("put back");
    let told = Desk::open(&shelf.book(), &passphrase(), OlderCopy::Refuse).err().expect("refused");
    assert_eq!(told.code, Code::OlderCopy);
    fs::write(&file, restored).expect("as it was");
    assert!(opens(&shelf, &passphrase()));
}

#[test]
fn a_backup_under_another_key_brings_its_ways_in() {
    let (shelf, other) = (Shelf::new(), Shelf::new());
    let theirs = Passphrase::new("another book's".to_owned()).expect("not empty");
    let backup = Desk::create(&other.book(), &theirs).expect("a book").back_up(day(2)).expect("a backup");
    let desk = shelf.create();
    desk.stage_restore(Which::InFolder(folder(&other, &backup)), Some((&theirs).into()), day(3)).expect("staged");
    desk.restore(day(3)).expect("restored");
    assert!(opens(&shelf, &theirs) && !opens(&shelf, &passphrase()));
}

#[test]
fn a_book_that_no_longer_opens_is_restored() {
    let shelf = Shelf::new();
    let desk = book(&shelf);
    let then = desk.export().expect("an export");
    let backup = desk.back_up(day(2)).expect("a backup");
    drop(desk);
    let file = |name: &str| shelf.book().join(name);
    let without_copy = || fs::remove_file(file("key.previous.json")).expect("removed");
    let damages: [(&str, &dyn Fn()); 4] = [
        ("book.db is missing", &|| fs::remove_file(file("book.db")).expect("removed")),
        ("key.json is missing", &|| {
            without_copy();
            fs::remove_file(file("key.json")).expect("removed");
        }),
        ("book.db is damaged", &|| fs::write(file("book.db"), vec![7; 8192]).expect("written")),
        ("key.json is damaged", &|| {
            without_copy();
            fs::write(file("key.json"), "{}").expect("written");
        }),
    ];
    for (nth, (what, damage)) in (3..).zip(damages) {
        damage();
        let refused = Desk::open(&shelf.book(), &passphrase(), OlderCopy::Refuse).err().expect(what);
        assert_eq!(refused.code, Code::Damaged, "{what}: {}", refused.message);
        assert!(
            backups_of(&shelf.book()).backups.iter().any(|row| row.id == backup.id),
            "{what}: the list needs no key"
        );
        let preview = preview_restore_of(&shelf.book(), &backup.id, (&passphrase()).into()).expect(what);
        assert!(preview.unreadable.is_some(), "{what}");
        restore_of(&shelf.book(), &backup.id, (&passphrase()).into(), day(nth)).expect(what);
        assert_eq!(shelf.open().export().expect("an export"), then, "{what}");
    }
}

#[test]
fn a_backup_elsewhere_opens_where_there_is_no_book_left() {
    let shelf = Shelf::new();
    let desk = book(&shelf);
    let then = desk.export().expect("an export");
    fs::create_dir(shelf.path("disk")).expect("a folder");
    desk.choose_backup_folder(Some(&shelf.path("disk"))).expect("chosen");
    let backup = desk.back_up(day(2)).expect("a backup");
    assert!(backup.id.starts_with("chosen/"), "{}", backup.id);
    drop(desk);
    fs::remove_dir_all(shelf.book()).expect("gone");
    let there = shelf.path("disk").join("Test backups").join(backup.id.trim_start_matches("chosen/"));
    restore_of(&shelf.book(), Which::InFolder(there), (&passphrase()).into(), day(3)).expect("restored");
    assert_eq!(shelf.open().export().expect("an export"), then);
}

#[test]
fn a_restore_leaves_alone_what_is_not_the_book_s() {
    let shelf = Shelf::new();
    let backup = book(&shelf).back_up(day(2)).expect("a backup");
    let from = Which::InFolder(folder(&shelf, &backup));
    let documents = shelf.path("Documents");
    fs::create_dir_all(documents.join("backups")).expect("a folder");
    fs::write(documents.join("letter.txt"), "Dear all").expect("written");
    let before = contents(&documents);
    let own = passphrase();
    let refused = preview_restore_of(&documents, from.clone(), (&own).into()).expect_err("no book's folder");
    assert_eq!(refused.code, Code::NotABook, "{}", refused.message);
    let refused = restore_of(&documents, from.clone(), (&own).into(), day(3)).expect_err("no book's folder");
    assert_eq!(refused.code, Code::NotABook, "{}", refused.message);
    assert!(contents(&documents) == before);
    let opened = Desk::open(&documents, &own, OlderCopy::Refuse).err().expect("no book");
    assert_eq!(opened.code, Code::NotABook, "a folder of backups makes no book of another");

    fs::write(shelf.book().join("letter.txt"), "Dear all").expect("written");
    fs::write(shelf.book().join("book.db.bak"), "an own copy").expect("written");
    fs::write(shelf.book().join("book.db-wal"), "of nobody's").expect("written");
    restore_of(&shelf.book(), from.clone(), (&own).into(), day(3)).expect("restored");
    let there = names(&shelf.book());
    let is_there = |name: &str| there.iter().any(|there| there == name);
    assert!(is_there("letter.txt") && is_there("book.db.bak") && !is_there("book.db-wal"), "{there:?}");

    fs::create_dir(shelf.path("New.refbook")).expect("a folder");
    fs::write(shelf.path("New.refbook").join("lock"), "").expect("of one that was interrupted");
    for shown in [".DS_Store", "Desktop.ini"] {
        fs::write(shelf.path("New.refbook").join(shown), "").expect("how a system shows the folder");
    }
    restore_of(&shelf.path("New.refbook"), from, (&own).into(), day(3)).expect("into a folder of its own");
    assert!(Desk::open(&shelf.path("New.refbook"), &own, OlderCopy::Refuse).is_ok());
}

/// A book whose passphrase is another one than when it was backed up.
struct Since {
    desk: Desk,
    then: String,
    backup: BackupRow,
    new: Passphrase,
}

impl Since {
    fn of(shelf: &Shelf) -> Self {
        let mut desk = book(shelf);
        let then = desk.export().expect("an export");
        let backup = desk.back_up(day(2)).expect("a backup");
        let new = Passphrase::new("a passphrase of today".to_owned()).expect("not empty");
        desk.change_passphrase(None, &new, day(3)).expect("changed");
        Self { desk, then, backup, new }
    }
}

/// The backup's own key file knows nothing of it, and the book's does: both are under one key.
#[test]
fn a_way_that_was_added_since_opens_a_backup_at_the_door() {
    let shelf = Shelf::new();
    let Since { mut desk, then, backup, new } = Since::of(&shelf);
    desk.close(month("2024-04"), day(3), |_| true).expect("it closes");
    drop(desk);
    let nobodys = Passphrase::new("nobody's words at all".to_owned()).expect("not empty");
    let refused = preview_restore_of(&shelf.book(), &backup.id, (&nobodys).into()).expect_err("a wrong one");
    assert_eq!(refused.code, Code::WrongPassphrase);
    let preview = preview_restore_of(&shelf.book(), &backup.id, (&new).into()).expect("a preview");
    assert_eq!(preview.lost, ["April 2024 closed"]);
    restore_of(&shelf.book(), &backup.id, (&new).into(), day(4)).expect("restored");
    assert!(!opens(&shelf, &passphrase()), "it was replaced");
    let desk = Desk::open(&shelf.book(), &new, OlderCopy::Refuse).expect("it opens");
    assert_eq!(desk.export().expect("an export"), then);
}

/// Its copy stands in for it, and takes its place.
#[test]
fn a_way_that_was_added_since_opens_a_backup_where_the_key_file_is_damaged_too() {
    let shelf = Shelf::new();
    let Since { desk, then, backup, new } = Since::of(&shelf);
    drop(desk);
    for file in ["book.db", "key.json"] {
        fs::write(shelf.book().join(file), vec![7; 8192]).expect("damaged");
    }
    restore_of(&shelf.book(), &backup.id, (&new).into(), day(4)).expect("restored");
    assert!(!opens(&shelf, &passphrase()), "it was replaced");
    let desk = Desk::open(&shelf.book(), &new, OlderCopy::Refuse).expect("it opens");
    assert_eq!(desk.export().expect("an export"), then);
    assert_eq!(desk.key_file_warning(), None, "it was put in place whole");
}

#[test]
fn a_backup_of_another_book_is_told() {
    let (shelf, other) = (Shelf::new(), Shelf::new());
    let desk = book(&shelf);
    let backup = book(&other).back_up(day(2)).expect("a backup");
    let there = Which::InFolder(folder(&other, &backup));
    assert_eq!(desk.preview_restore(there.clone(), None).expect_err("another key").code, Code::Damaged);
    assert!(desk.preview_restore(there, Some((&passphrase()).into())).expect("a preview").is_another);
}

#[test]
fn a_text_names_a_backup_of_the_list_and_never_a_path() {
    let (shelf, other) = (Shelf::new(), Shelf::new());
    let desk = book(&shelf);
    let backup = book(&other).back_up(day(2)).expect("a backup");
    let path = folder(&other, &backup).to_string_lossy().into_owned();
    let passphrase = passphrase();
    let way = || (&passphrase).into();
    assert_eq!(desk.preview_restore(&path, Some(way())).expect_err("a path").code, Code::UnknownRecord);
    assert_eq!(desk.stage_restore(&path, Some(way()), day(3)).expect_err("a path").code, Code::UnknownRecord);
    let refused = restore_of(&shelf.book(), &path, way(), day(3));
    assert_eq!(refused.expect_err("a path").code, Code::UnknownRecord);
}

#[test]
fn a_damaged_backup_is_told_and_never_put_in_the_books_place() {
    let shelf = Shelf::new();
    let desk = book(&shelf);
    let backup = desk.back_up(day(2)).expect("a backup");
    drop(desk);
    let before = contents(&shelf.book()).into_iter().filter(|(path, _)| !path.ends_with("lock"));
    let before: Vec<_> = before.filter(|(path, _)| path.parent() == Some(&shelf.book())).collect();
    let file = folder(&shelf, &backup).join("book.db");
    let whole = fs::read(&file).expect("the copy");
    for at in [whole.len() / 3, whole.len() - 9] {
        let mut flipped = whole.clone();
        flipped[at] ^= 4;
        fs::write(&file, &flipped).expect("written");
        let row = &backups_of(&shelf.book()).backups[0];
        assert_eq!((row.sound, row.damage.is_some()), ("damaged", true));
        let error = restore_of(&shelf.book(), &backup.id, (&passphrase()).into(), day(3)).expect_err("refused");
        assert_eq!(error.code, Code::Damaged, "byte {at}");
        let desk = shelf.open();
        let error = desk.stage_restore(&backup.id, None, day(3)).expect_err("refused");
        assert_eq!(error.code, Code::Damaged, "byte {at}");
        let left: Vec<String> = names(&shelf.book()).into_iter().filter(|name| name.starts_with("restore")).collect();
        assert!(left.is_empty(), "{left:?}");
    }
    for (path, content) in before {
        assert!(fs::read(&path).expect("still there") == content, "{}", path.display());
    }
    fs::write(&file, &whole).expect("as it was");
    fs::remove_file(folder(&shelf, &backup).join("key.json")).expect("removed");
    assert_eq!(backups_of(&shelf.book()).backups[0].sound, "damaged");
    drop(shelf.open());
}

#[test]
fn a_backup_that_fails_is_told_and_harms_nothing() {
    let shelf = Shelf::new();
    let desk = book(&shelf);
    fs::create_dir(shelf.path("disk")).expect("a folder");
    desk.choose_backup_folder(Some(&shelf.path("disk"))).expect("chosen");
    desk.back_up(day(2)).expect("a backup");
    let made = contents(&shelf.path("disk"));
    fs::rename(shelf.path("disk"), shelf.path("unplugged")).expect("unplugged");
    let error = desk.back_up(day(3)).expect_err("there is no disk");
    assert_eq!(error.code, Code::BackupFailed);
    assert!(!error.message.contains(shelf.path("").to_str().expect("text")), "no path is told: {}", error.message);
    assert!(error.message.contains("unplugged") && !shelf.path("disk").exists(), "{}", error.message);
    let attention = desk.overview(day(3)).expect("the overview").attention;
    assert_eq!(attention[0].kind, "backup");
    assert!(attention[0].words.contains("disk"), "{}", attention[0].words);
    let problem = backups_of(&shelf.book()).problem.expect("the folder is gone");
    assert!(problem.contains("\"disk\""), "no path is told: {problem}");
    fs::rename(shelf.path("unplugged"), shelf.path("disk")).expect("plugged in");
    assert!(contents(&shelf.path("disk")) == made);
    desk.back_up(day(4)).expect("a backup");
    desk.note_backup(Ok(()));
    assert!(desk.overview(day(4)).expect("the overview").attention.iter().all(|one| one.kind != "backup"));
}

/// A page that a disk gives back as it was once does the same. Nobody has to run `verify` to hear of it.
#[test]
fn a_book_that_is_not_as_the_journal_says_makes_no_backup_and_is_told() {
    let edits = [
        ("payment", "UPDATE payment SET amount_minor = amount_minor + 1 WHERE key = 2"),
        ("invoice", "DELETE FROM open_invoice"),
        ("month", "DELETE FROM settled WHERE closing = (SELECT max(closing) FROM settled)"),
    ];
    for (what, edit) in edits {
        let shelf = Shelf::new();
        drop(book(&shelf));
        break_in(&shelf.book(), PASSPHRASE).execute(edit, []).expect("edited");
        let desk = shelf.open();
        let refused = desk.back_up(day(2)).expect_err(what);
        assert_eq!(refused.code, Code::BackupFailed);
        assert!(refused.message.contains(&format!("not as it was written: {what} ")), "{}", refused.message);
        assert!(refused.message.contains("refbook verify") && refused.message.contains("earlier backup"));
        assert_eq!(desk.backups().expect("backups").backups.len(), 0);
    }
}

/// After a theft, say, what differs can be looked into later.
#[test]
fn a_book_that_is_not_as_the_journal_says_gets_a_new_key_all_the_same() {
    let shelf = Shelf::new();
    drop(book(&shelf));
    break_in(&shelf.book(), PASSPHRASE).execute("DELETE FROM open_invoice", []).expect("edited");
    let (mut desk, own) = (shelf.open(), passphrase());
    desk.new_key(NewKey { passphrase: Some(&own), recovery_code: None }, day(2)).expect("a new key");
    let backups = desk.backups().expect("backups").backups;
    assert_eq!((backups[0].sound, backups[0].why.as_str()), ("good", "before a new key"));
}

#[test]
fn a_backup_that_gave_way_is_begun_anew_with_what_was_recorded_meanwhile() {
    let shelf = Shelf::new();
    let mut desk = book(&shelf);
    let mut unfinished = desk.begin_backup(true, day(2)).expect("begun");
    assert!(!desk.copy_into(&mut unfinished, |_| Next::Leave).expect("left"));
    desk.close(month("2024-04"), day(2), |_| true).expect("the book is there for others");
    assert!(desk.copy_into(&mut unfinished, |_| Next::GoOn).expect("copied"));
    desk.close(month("2024-05"), day(2), |_| true).expect("and while the copy is checked");
    let backup = finish_backup(unfinished, &shelf.book(), || Next::GoOn).expect("made");
    let preview = desk.preview_restore(&backup.id, None).expect("a preview");
    assert_eq!(preview.lost, ["May 2024 closed"]);
    assert!(!desk.backup_is_due(day(2)) && desk.backup_is_due(day(3)));
}

#[test]
fn two_backups_at_once_are_both_made() {
    let shelf = Shelf::new();
    let mut desk = book(&shelf);
    let one = copied(&desk, day(2));
    desk.close(month("2024-04"), day(2), |_| true).expect("it closes");
    let other = copied(&desk, day(2));
    assert!(desk.backups().expect("backups").backups.is_empty(), "none is listed before it is whole");
    let made = [one, other].map(|unfinished| finish_backup(unfinished, &shelf.book(), || Next::GoOn).expect("made"));
    assert_eq!(made.each_ref().map(|row| row.sound), ["good"; 2]);
    assert_ne!(made[0].id, made[1].id);
    let lost = |row: &BackupRow| desk.preview_restore(&row.id, None).expect("a preview").lost;
    assert_eq!(made.each_ref().map(lost), [vec!["April 2024 closed".to_owned()], Vec::new()]);
    assert_eq!(names(&shelf.book().join("backups")).len(), 2);
}

#[test]
fn a_backup_may_be_stopped_while_its_copy_is_checked() {
    let shelf = Shelf::new();
    let desk = book(&shelf);
    for nth in [1, 2, 20] {
        let asked = AtomicUsize::new(0);
        let stop = move || if asked.fetch_add(1, Ordering::Relaxed) + 1 >= nth { Next::Leave } else { Next::GoOn };
        let stopped = finish_backup(copied(&desk, day(2)), &shelf.book(), stop);
        assert_eq!(stopped.expect_err("stopped").code, Code::Cancelled, "at question {nth}");
        assert!(names(&shelf.book().join("backups")).is_empty(), "at question {nth}");
    }
    desk.back_up(day(2)).expect("a backup");
}

#[test]
fn a_backup_whose_book_is_closed_is_left() {
    let shelf = Shelf::new();
    let desk = book(&shelf);
    let unfinished = copied(&desk, day(2));
    drop(desk);
    assert_eq!(finish_backup(unfinished, &shelf.book(), || Next::GoOn).expect_err("left").code, Code::NoBook);
    let desk = shelf.open();
    let (unfinished, desk, asked) = (copied(&desk, day(2)), Mutex::new(Some(desk)), AtomicUsize::new(0));
    let close = move || {
        if asked.fetch_add(1, Ordering::Relaxed) == 10 {
            drop(desk.lock().expect("ours").take());
        }
        Next::GoOn
    };
    let left = finish_backup(unfinished, &shelf.book(), close).expect_err("closed while it is checked");
    assert_eq!(left.code, Code::NoBook);
    assert!(names(&shelf.book().join("backups")).is_empty());
    let desk = shelf.open();
    desk.note_backup(Err(&left));
    assert_eq!(desk.backup_problem(), None, "it was not the next one's fault");
}

/// A folder's own time can't be set everywhere.
#[cfg(unix)]
#[test]
fn what_a_killed_backup_left_goes_with_a_backup_of_the_next_day() {
    let shelf = Shelf::new();
    let desk = shelf.create();
    desk.back_up(day(1)).expect("a backup");
    let backups = shelf.book().join("backups");
    let ago = |hours| std::time::SystemTime::now() - std::time::Duration::from_hours(hours);
    for (name, hours) in [("unfinished-old", 25), ("unfinished-young", 23), ("unfinished", 25)] {
        fs::create_dir(backups.join(name)).expect("a folder");
        fs::write(backups.join(name).join("book.db"), "half of a copy").expect("written");
        fs::File::open(backups.join(name)).expect("it").set_modified(ago(hours)).expect("its time");
    }
    assert_eq!(desk.backups().expect("backups").backups.len(), 1, "none of them is listed");
    desk.back_up(day(2)).expect("a backup");
    let left: Vec<String> = names(&backups).into_iter().filter(|name| name.starts_with("unfinished")).collect();
    assert_eq!(left, ["unfinished-young"], "which may be in the making");
}

#[test]
fn a_week_of_days_is_kept_and_a_clock_that_goes_back_lets_nothing_go() {
    let shelf = Shelf::new();
    let desk = shelf.create();
    for of in 1..=12 {
        desk.back_up(day(of)).expect("a backup");
    }
    let kept: Vec<String> = desk.backups().expect("backups").backups.into_iter().map(|row| row.made_at).collect();
    // The last seven days; what is before them in January is of the week and the month of the 7th, a Sunday.
    assert_eq!(
        kept.iter().map(|made| &made[..10]).collect::<Vec<_>>(),
        ["2035-01-12", "2035-01-11", "2035-01-10", "2035-01-09", "2035-01-08", "2035-01-07", "2035-01-06"]
    );
    // The clock goes back: nothing is let go.
    desk.back_up(day(3)).expect("a backup");
    assert_eq!(desk.backups().expect("backups").backups.len(), 8);
}

#[test]
fn a_large_import_is_preceded_by_a_backup_and_refused_with_it() {
    let shelf = Shelf::new();
    let mut desk = book(&shelf);
    assert!(desk.backups().expect("backups").backups.is_empty(), "the first import had nothing to lose");
    let mut records = desk::sample::small();
    for payment in &mut records.payments {
        payment.received_on = payment.received_on + chrono::Days::new(1);
    }
    for invoice in &mut records.invoices {
        invoice.number.push('x');
    }
    let changed = records.payments.len() + records.invoices.len();
    assert!(changed >= 1000, "the sample has {changed} payments and invoices");
    let file = write(&records);
    fs::write(shelf.book().join("backups"), "a file in the way").expect("written");
    let before = desk.export().expect("an export");
    assert_eq!(desk.import("changed.json", file.as_bytes(), day(2)).expect_err("refused").code, Code::BackupFailed);
    assert_eq!(desk.export().expect("an export"), before);
    fs::remove_file(shelf.book().join("backups")).expect("removed");
    desk.import("changed.json", file.as_bytes(), day(2)).expect("imported");
    let whys =
        |desk: &Desk| desk.backups().expect("backups").backups.into_iter().map(|row| row.why).collect::<Vec<_>>();
    assert_eq!(whys(&desk), ["before a large import"]);
    // It outlasts the day's others, for a week.
    let evening = |of| Now { at: day(of).at + chrono::TimeDelta::hours(6), ..day(of) };
    desk.back_up(evening(2)).expect("a backup");
    desk.back_up(day(8)).expect("a backup");
    assert_eq!(whys(&desk), ["asked for", "asked for", "before a large import"]);
    desk.back_up(day(9)).expect("a backup");
    assert_eq!(whys(&desk), ["asked for"; 3]);
}

#[test]
fn nothing_is_readable_in_a_backup() {
    let shelf = Shelf::new();
    let desk = book(&shelf);
    desk.back_up(day(2)).expect("a backup");
    let name = desk::sample::small().clients[0].name.clone();
    for (path, bytes) in contents(&shelf.book().join("backups")) {
        for secret in [name.as_str(), PASSPHRASE, "CREATE TABLE"] {
            assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()), "{}", path.display());
        }
    }
}
