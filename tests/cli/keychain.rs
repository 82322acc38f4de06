//! The system's keychain as a way in, with a keyring daemon of the test's own on a message bus of its own.

use std::fs;
use std::process::{Command, Stdio};

use crate::{Place, text};

/// Runs lines of shell beside a message bus, with this place as the home, and gives what they said. In it, `unlocked` and
/// `locked` start a keyring daemon, `stop` ends it, and `refbook` is the program.
fn beside_a_bus(place: &Place, lines: &str) -> String {
    let home = place.path("home");
    fs::create_dir_all(&home).expect("a home");
    let script = format!("{DAEMON}\n{lines}\nstop\n");
    let output = Command::new("dbus-run-session")
        .args(["--", "sh", "-c", &script])
        .env("HOME", &home)
        .env("XDG_DATA_HOME", &home)
        .env("XDG_RUNTIME_DIR", &home)
        .env("REFBOOK", env!("CARGO_BIN_EXE_refbook"))
        .env("BOOK", place.shelf.book())
        .env("REFBOOK_PASSPHRASE_FILE", place.path("passphrase"))
        .env_remove("DISPLAY")
        .current_dir(place.path("."))
        .stdin(Stdio::null())
        .output()
        .expect("dbus-run-session is needed: cargo xtask test installs it");
    text(&output.stdout)
}

const DAEMON: &str = r#"
exec 2>&1
daemon=
refbook() { "$REFBOOK" "$@"; }
begin() {
  gnome-keyring-daemon --foreground --components=secrets --control-directory="$HOME/control" "$1" < "$2" > "$HOME/daemon.log" 2>&1 &
  daemon=$!
  until grep -q GNOME_KEYRING_CONTROL "$HOME/daemon.log" && dbus-send --session --dest=org.freedesktop.DBus --print-reply \
    /org/freedesktop/DBus org.freedesktop.DBus.ListNames | grep -q org.freedesktop.secrets; do sleep 0.05; done
}
unlocked() { printf pw > "$HOME/pw"; begin --unlock "$HOME/pw"; }
locked() { begin --start /dev/null; }
stop() { test -z "$daemon" || { kill -CONT $daemon; kill $daemon; wait $daemon; daemon=; }; }
"#;

fn told_in_order(said: &str, all: &[&str]) {
    let mut at = 0;
    for told in all {
        at += said[at..].find(told).unwrap_or_else(|| panic!("\"{told}\" is missing, or too early, in\n{said}"));
    }
}

#[test]
fn the_keychain_opens_the_book_until_it_is_removed() {
    let place = Place::new();
    place.done(&["new", "BOOK"]);
    let said = beside_a_bus(
        &place,
        "unlocked
        refbook keys \"$BOOK\" add keychain
        refbook keys \"$BOOK\" add keychain
        refbook --keychain verify \"$BOOK\"
        made=$(refbook --keychain backup \"$BOOK\" | sed 's/^Made //; s/,.*//')
        refbook --keychain restore \"$BOOK\" \"$made\" --dry-run
        refbook --keychain keys \"$BOOK\" new-key
        refbook --keychain keys \"$BOOK\"
        refbook --keychain keys \"$BOOK\" remove 4
        refbook --keychain verify \"$BOOK\"
        refbook keys \"$BOOK\" add keychain",
    );
    told_in_order(
        &said,
        &[
            "Added: 2 Keychain",
            "is a way into the book already",
            "All as it was written",
            "Nothing would be lost",
            "The book has a new key",
            "4  Keychain",
            "Removed: 4",
            "no keychain as a way in",
            "Added: 4 Keychain",
        ],
    );
    assert!(!said.contains("still there"), "its entry was removed: {said}");
}

/// A stolen laptop's, say: that is what a new key is for.
#[test]
fn a_new_key_shuts_out_another_computer_s_keychain() {
    let place = Place::new();
    place.done(&["new", "BOOK"]);
    let said = beside_a_bus(
        &place,
        "unlocked
        refbook keys \"$BOOK\" add keychain
        stop
        rm -r \"$HOME/keyrings\"
        unlocked
        refbook keys \"$BOOK\" new-key
        refbook keys \"$BOOK\"
        refbook verify \"$BOOK\"",
    );
    assert!(said.contains("The book has a new key"), "{said}");
    assert!(said.contains("Ways in that are gone with the old key: 1."), "{said}");
    assert!(!said.contains("  Keychain") && said.contains("All as it was written"), "{said}");
}

/// Over ssh, say: whose keychain it is can't be told.
#[test]
fn a_new_key_drops_no_keychain_that_merely_does_not_answer() {
    let place = Place::new();
    place.done(&["new", "BOOK"]);
    let said = beside_a_bus(
        &place,
        "unlocked
        refbook keys \"$BOOK\" add keychain
        there() { env DBUS_SESSION_BUS_ADDRESS=unix:path=/nowhere \"$REFBOOK\" keys \"$BOOK\" \"$@\"; }
        there new-key
        refbook --keychain verify \"$BOOK\"
        there remove 2
        there new-key",
    );
    told_in_order(
        &said,
        &[
            "none answers here",
            "refbook keys BOOK remove 2",
            "All as it was written",
            "Removed: 2",
            "The book has a new key",
        ],
    );
    assert!(!said.contains("gone with the old key"), "{said}");
}

/// The key file is there by then; its old copy is in the way of the new one.
#[test]
fn a_removal_whose_last_step_fails_leaves_no_key_in_the_keychain() {
    let place = Place::new();
    place.done(&["new", "BOOK"]);
    let said = beside_a_bus(
        &place,
        "unlocked
        refbook keys \"$BOOK\" add keychain
        cp \"$BOOK/key.json\" before
        rm \"$BOOK/key.previous.json\"
        mkdir \"$BOOK/key.previous.json\"
        refbook keys \"$BOOK\" remove 2
        mv before \"$BOOK/key.json\"
        refbook --keychain verify \"$BOOK\"",
    );
    assert!(said.contains("The ways in are changed") && said.contains("holds no key for this book"), "{said}");
}

#[test]
fn whatever_is_wrong_with_the_keychain_has_words_of_its_own_and_a_way_on() {
    let place = Place::new();
    place.done(&["new", "BOOK"]);
    let said = beside_a_bus(
        &place,
        "say() { echo \"[$1]\"; shift; \"$@\"; }
        say none env DBUS_SESSION_BUS_ADDRESS=unix:path=/nowhere \"$REFBOOK\" keys \"$BOOK\" add keychain
        unlocked
        refbook keys \"$BOOK\" add keychain
        kill -STOP $daemon
        say silent refbook --keychain verify \"$BOOK\"
        stop
        locked
        say locked refbook --keychain verify \"$BOOK\"
        stop
        rm -r \"$HOME/keyrings\"
        unlocked
        say empty refbook --keychain verify \"$BOOK\"
        cp -r \"$BOOK\" copy
        refbook keys copy add keychain
        say other refbook --keychain verify \"$BOOK\"
        say on refbook verify \"$BOOK\"",
    );
    let told = |what: &str| {
        let (_, after) = said.split_once(&format!("[{what}]")).unwrap_or_else(|| panic!("no [{what}] in\n{said}"));
        after.split('[').next().unwrap_or_default().to_owned()
    };
    for (what, words) in [
        ("none", "No keychain runs on this system"),
        ("silent", "no answer within 10 seconds"),
        ("locked", "The keychain refused"),
        ("empty", "holds no key for this book"),
        ("other", "it is not this book's"),
    ] {
        let told = told(what);
        assert!(told.contains(words) && told.contains("passphrase"), "[{what}] {told}\n{said}");
    }
    assert!(told("on").contains("All as it was written"), "{said}");
}
