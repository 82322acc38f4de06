//! Backups, restores and exports of everything as a scheduler and their owner run them; and disks that refuse.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use serde_json::Value;

use crate::{Place, text};

/// The names of the backups, the newest first.
fn backups(place: &Place) -> Vec<String> {
    let list: Value = serde_json::from_str(&place.done(&["backups", "BOOK", "--json"])).expect("JSON");
    let ids = list["backups"].as_array().expect("a list").iter();
    ids.map(|row| row["id"].as_str().expect("an id").to_owned()).collect()
}

#[test]
fn a_backup_is_made_listed_and_put_back_after_saying_what_that_loses() {
    let place = Place::sample();
    assert!(place.done(&["backups", "BOOK"]).contains("no backup yet"));
    let before = place.done(&["export", "BOOK"]);
    assert!(place.done(&["backup", "BOOK"]).contains("opened, checked"));
    let [backup] = &backups(&place)[..] else { panic!("{:?}", backups(&place)) };
    assert!(place.done(&["backups", "BOOK"]).contains("good"));
    place.done(&["close", "BOOK", "--through", "2025-12"]);
    let dry = place.done(&["restore", "BOOK", backup, "--dry-run"]);
    assert!(dry.contains("December 2025 closed") && dry.contains("Nothing was changed"), "{dry}");
    assert!(place.done(&["statement", "BOOK", "--month", "2025-12"]).contains("sealed"));
    assert!(place.done(&["restore", "BOOK", backup]).contains("is kept"));
    assert!(place.done(&["statement", "BOOK", "--month", "2025-12"]).contains("draft"));
    assert_eq!(place.done(&["export", "BOOK"]), before);
    let replaced = backups(&place).into_iter().find(|id| id.starts_with("replaced/")).expect("what was replaced");
    place.done(&["restore", "BOOK", &replaced]);
    assert!(place.done(&["statement", "BOOK", "--month", "2025-12"]).contains("sealed"));
    assert!(place.done(&["verify", "BOOK"]).contains("All as it was written"));
    assert!(place.refused(&["restore", "BOOK", "own/nothing"]).contains("\"own/nothing\""));
}

#[test]
fn backups_go_to_the_folder_that_was_chosen_and_say_so_when_it_is_gone() {
    let place = Place::new();
    place.done(&["new", "BOOK"]);
    fs::create_dir(place.path("disk")).expect("a folder");
    place.done(&["backup", "BOOK", "--folder", "disk"]);
    place.done(&["backup", "BOOK"]);
    assert!(backups(&place).iter().all(|id| id.starts_with("chosen/")));
    assert!(place.path("disk/Test backups").is_dir());
    fs::rename(place.path("disk"), place.path("unplugged")).expect("unplugged");
    assert!(place.refused(&["backup", "BOOK"]).contains("unplugged"));
    assert!(place.done(&["backups", "BOOK"]).contains("is not there"));
    place.done(&["backup", "BOOK", "--own-folder"]);
    assert!(backups(&place)[0].starts_with("own/"));
}

#[test]
fn everything_goes_out_as_a_folder_and_comes_back() {
    let (place, other) = (Place::sample(), Place::new());
    let folder = place.path("everything").to_string_lossy().into_owned();
    assert!(place.done(&["export", "BOOK", "--everything", &folder]).contains("readable by anyone"));
    other.done(&["new", "BOOK"]);
    assert!(other.done(&["import", "BOOK", &folder, "--dry-run"]).contains("Nothing was changed"));
    other.done(&["import", "BOOK", &folder]);
    assert_eq!(other.done(&["export", "BOOK"]), place.done(&["export", "BOOK"]));
    assert!(place.refused(&["export", "BOOK", "--everything", &folder]).contains("exists already"));
}

/// Runs a script with DISK, a disk of its own of so many kilobytes, with a copy of the book on it; REFBOOK runs the
/// program.
#[cfg(target_os = "linux")]
fn on_a_disk(place: &Place, kilobytes: u64, script: &str) -> Output {
    let disk = place.path("disk");
    fs::create_dir_all(&disk).expect("a folder");
    let script = format!(
        "set -e; mount -t tmpfs -o size={kilobytes}k none \"$DISK\"; cp -r \"$BOOK\" \"$DISK/Test.refbook\"; set +e; {script}"
    );
    Command::new("unshare")
        .args(["--map-root-user", "--mount", "sh", "-c", &script])
        .env("DISK", disk)
        .env("BOOK", place.shelf.book())
        .env("REFBOOK", env!("CARGO_BIN_EXE_refbook"))
        .env("REFBOOK_PASSPHRASE_FILE", place.path("passphrase"))
        .output()
        .expect("unshare runs")
}

#[cfg(target_os = "linux")]
fn kilobytes_of(folder: &Path) -> u64 {
    let files = fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").path());
    files
        .map(
            |path| {
                if path.is_dir() { kilobytes_of(&path) } else { fs::metadata(path).expect("a file").len() / 1024 + 4 }
            },
        )
        .sum()
}

#[cfg(target_os = "linux")]
#[test]
fn a_book_on_a_read_only_disk_is_refused_in_words_and_can_be_copied_off_it() {
    let place = Place::sample();
    let script = "mount -o remount,ro \"$DISK\"; \"$REFBOOK\" verify \"$DISK/Test.refbook\"; echo \"exit $?\";
        cp -r \"$DISK/Test.refbook\" \"$BOOK-copied\"; \"$REFBOOK\" verify \"$BOOK-copied\"";
    let output = on_a_disk(&place, kilobytes_of(&place.shelf.book()) + 2048, script);
    let (said, why) = (text(&output.stdout), text(&output.stderr));
    assert!(
        said.contains("exit 1") && why.contains("read-only disk") && why.contains("Copy its folder"),
        "{said}{why}"
    );
    assert!(said.contains("All as it was written"), "{said}{why}");
}

#[cfg(target_os = "linux")]
#[test]
fn on_a_full_disk_nothing_is_lost_and_a_backup_says_that_there_is_no_room() {
    let place = Place::sample();
    let script = "dd if=/dev/zero of=\"$DISK/fill\" bs=1k 2>/dev/null;
        \"$REFBOOK\" close \"$DISK/Test.refbook\" --through 2025-12; echo \"close $?\";
        \"$REFBOOK\" backup \"$DISK/Test.refbook\"; echo \"backup $?\";
        rm \"$DISK/fill\"; \"$REFBOOK\" verify \"$DISK/Test.refbook\"; echo \"verify $?\";
        \"$REFBOOK\" close \"$DISK/Test.refbook\" --through 2025-12; echo \"again $?\"";
    let output = on_a_disk(&place, kilobytes_of(&place.shelf.book()) + 4096, script);
    let (said, why) = (text(&output.stdout), text(&output.stderr));
    for result in ["close 1", "backup 1", "verify 0", "again 0"] {
        assert!(said.contains(result), "{result}: {said}{why}");
    }
    assert!(why.contains("The disk is full") && why.contains("No backup could be made"), "{why}");
}

/// What is said, whatever time zone and language the machine has.
#[test]
fn time_zones_and_languages_change_nothing() {
    let place = Place::sample();
    place.done(&["backup", "BOOK"]);
    let run = |zone: &str, language: &str| {
        let commands = [&["backups"][..], &["verify"], &["statement", "--month", "2025-12", "--json"], &["export"]];
        commands.map(|words| {
            let output = Command::new(env!("CARGO_BIN_EXE_refbook"))
                .arg(words[0])
                .arg(place.shelf.book())
                .args(&words[1..])
                .env("REFBOOK_PASSPHRASE_FILE", place.path("passphrase"))
                .env("TZ", zone)
                .env("LC_ALL", language)
                .output()
                .expect("refbook runs");
            assert_eq!(output.status.code(), Some(0), "{zone} {language}: {}", text(&output.stderr));
            text(&output.stdout)
        })
    };
    let usual = run("UTC", "C");
    for (zone, language) in
        [("Pacific/Kiritimati", "tr_TR.UTF-8"), ("Pacific/Pago_Pago", "ar_EG.UTF-8"), ("Nowhere/None", "xx")]
    {
        assert_eq!(run(zone, language), usual, "{zone} {language}");
    }
}

/// A book of version 1 is opened, and its program killed: afterwards it opens, as it was or migrated, and is whole.
#[test]
fn a_migration_that_is_killed_leaves_a_whole_book() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/book/fixtures/Version-1.refbook");
    for milliseconds in [150, 400, 600, 700, 800, 900, 1000, 1200] {
        let place = Place::new();
        fs::write(place.path("passphrase"), "sample\n").expect("written");
        fs::create_dir(place.shelf.book()).expect("a folder");
        for file in ["book.db", "key.json", "head.json"] {
            fs::copy(fixture.join(file), place.shelf.book().join(file)).expect(file);
        }
        let mut running = Command::new(env!("CARGO_BIN_EXE_refbook"))
            .args(["verify".as_ref(), place.shelf.book().as_os_str()])
            .env("REFBOOK_PASSPHRASE_FILE", place.path("passphrase"))
            .stdout(std::process::Stdio::null())
            .spawn()
            .expect("refbook runs");
        std::thread::sleep(Duration::from_millis(milliseconds));
        let _ = running.kill();
        running.wait().expect("it ended");
        assert!(place.done(&["verify", "BOOK"]).contains("11 closed statements"), "after {milliseconds} ms");
        assert!(backups(&place).iter().any(|id| id.ends_with("before-migration")), "after {milliseconds} ms");
    }
}
