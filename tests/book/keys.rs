//! Who gets in, and what the key file says when it can't say yes.

use std::fs;

use desk::ways::{NewKey, ways_into};
use desk::{Code, Desk, OlderCopy, PageSize, Passphrase, RecoveryCode, book_around};
use refbook_tests::{Shelf, later, passphrase};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

fn open_code(shelf: &Shelf, passphrase: &Passphrase) -> Option<Code> {
    Desk::open(&shelf.book(), passphrase, OlderCopy::Refuse).err().map(|error| error.code)
}

#[test]
fn a_wrong_passphrase_is_told_from_damage() {
    let shelf = Shelf::new();
    drop(shelf.create());
    let wrong = Passphrase::new("correct horse battery stapler".to_owned()).expect("not empty");
    assert_eq!(open_code(&shelf, &wrong), Some(Code::WrongPassphrase));
    assert_eq!(open_code(&shelf, &passphrase()), None);
}

#[test]
fn an_empty_passphrase_is_none() {
    assert!(Passphrase::new(String::new()).is_err());
}

#[test]
fn a_changed_key_file_is_damage_and_never_a_wrong_passphrase() {
    let shelf = Shelf::new();
    drop(shelf.create());
    let file = shelf.book().join("key.json");
    let whole = fs::read(&file).expect("a key file");
    fs::remove_file(shelf.book().join("key.previous.json")).expect("nothing stands in for it");
    for at in (0..whole.len()).step_by(7) {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        fs::write(&file, &changed).expect("written");
        assert_eq!(open_code(&shelf, &passphrase()), Some(Code::Damaged), "byte {at}");
    }
    fs::write(&file, &whole[..whole.len() / 2]).expect("written");
    assert_eq!(open_code(&shelf, &passphrase()), Some(Code::Damaged));
    fs::remove_file(&file).expect("removed");
    assert_eq!(open_code(&shelf, &passphrase()), Some(Code::Damaged));
    fs::write(&file, &whole).expect("written");
    assert_eq!(open_code(&shelf, &passphrase()), None);
}

#[test]
fn a_key_file_of_another_book_opens_nothing() {
    let (shelf, other) = (Shelf::new(), Shelf::new());
    drop(shelf.create());
    drop(other.create());
    fs::copy(other.book().join("key.json"), shelf.book().join("key.json")).expect("copied");
    assert_eq!(open_code(&shelf, &passphrase()), Some(Code::Damaged));
}

#[test]
fn one_folder_too_deep_is_still_the_book_and_one_outside_is_itself() {
    let shelf = Shelf::new();
    drop(shelf.create());
    let book = shelf.book();
    for chosen in [book.clone(), book.join("backups"), book.join("backups").join("gone")] {
        assert_eq!(book_around(&chosen), book);
    }
    // Others call their files that too.
    fs::write(shelf.path("key.json"), "{}").expect("written");
    assert_eq!(book_around(&shelf.path("backups")), shelf.path("backups"));
}

#[test]
fn nothing_of_the_key_or_of_the_records_is_readable_in_the_folder() {
    let shelf = Shelf::new();
    let mut desk = shelf.create();
    let file = r#"{"format": "refbook/1", "programme": {"company": "Findable Hosting", "phone": "555-0199", "currency": "USD",
        "standard_rate": "0.10", "maximum_rate": "0.10", "in_term_changes": "follow_contract", "minimum_payout": "0.00"}}"#;
    desk.import("file.json", file.as_bytes(), later()).expect("the import");
    drop(desk);
    for entry in fs::read_dir(shelf.book()).expect("the folder") {
        let path = entry.expect("a file").path();
        let bytes = if path.is_file() { fs::read(&path).expect("its bytes") } else { continue };
        for secret in ["Findable", "555-0199", refbook_tests::PASSPHRASE, "CREATE TABLE"] {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{secret:?} stands in {}", path.display());
        }
    }
}

#[test]
fn one_program_at_a_time_has_a_book_open() {
    let shelf = Shelf::new();
    let desk = shelf.create();
    assert_eq!(open_code(&shelf, &passphrase()), Some(Code::InUse));
    drop(desk);
    assert_eq!(open_code(&shelf, &passphrase()), None);
}

#[test]
fn what_is_no_book_is_said_to_be_none() {
    let shelf = Shelf::new();
    assert_eq!(open_code(&shelf, &passphrase()), Some(Code::NotABook));
    fs::create_dir(shelf.book()).expect("a folder");
    assert_eq!(open_code(&shelf, &passphrase()), Some(Code::NotABook));
    let made = Desk::create(&shelf.book(), &passphrase()).err().map(|error| error.code);
    assert_eq!(made, Some(Code::Exists), "a folder that is there is never written over");
}

/// Issues a recovery code for the book, types it back, and gives it.
fn recovery_code(desk: &mut Desk) -> RecoveryCode {
    let code = desk.issue_recovery_code().expect("a code").groups.join("-");
    desk.confirm_recovery_code(&code, later()).expect("typed back");
    RecoveryCode::parse(&code).expect("it reads")
}

fn rewrite_key_file(shelf: &Shelf, rewrite: impl FnOnce(&mut Value)) {
    let file = shelf.book().join("key.json");
    let mut whole: Value = serde_json::from_slice(&fs::read(&file).expect("the key file")).expect("JSON");
    rewrite(&mut whole["keys"]);
    whole["sha256"] = hex::encode(Sha256::digest(whole["keys"].to_string())).into();
    fs::write(file, whole.to_string()).expect("written");
}

fn key_file(shelf: &Shelf) -> Vec<u8> {
    fs::read(shelf.book().join("key.json")).expect("the key file")
}

/// The second copy of the key file, if there is one.
fn copy_of_it(shelf: &Shelf) -> Option<Vec<u8>> {
    fs::read(shelf.book().join("key.previous.json")).ok()
}

/// What opening says once the second copy was put in the key file's place. The key file is as before then.
fn open_code_of_copy(shelf: &Shelf, passphrase: &Passphrase) -> Option<Code> {
    let (copy, whole) = (copy_of_it(shelf).expect("a copy"), key_file(shelf));
    fs::write(shelf.book().join("key.json"), copy).expect("put in its place");
    let code = open_code(shelf, passphrase);
    fs::write(shelf.book().join("key.json"), whole).expect("put back");
    code
}

fn another() -> Passphrase {
    Passphrase::new("another horse battery".to_owned()).expect("not empty")
}

#[test]
fn a_key_file_that_is_lost_or_damaged_is_written_anew_from_its_copy() {
    let shelf = Shelf::new();
    assert_eq!(shelf.create().key_file_warning(), None);
    let (file, whole) = (shelf.book().join("key.json"), key_file(&shelf));
    let wrong = Passphrase::new("nobody's words at all".to_owned()).expect("not empty");
    for (damage, told) in [(None, "missing"), (Some(&whole[..whole.len() / 2]), "damaged")] {
        match damage {
            None => fs::remove_file(&file).expect("lost"),
            Some(half) => fs::write(&file, half).expect("damaged"),
        }
        assert_eq!(open_code(&shelf, &wrong), Some(Code::WrongPassphrase), "the copy tells");
        assert_eq!(ways_into(&shelf.book()).expect("by the copy").len(), 1);
        assert_eq!(fs::read(&file).ok().as_deref(), damage, "who does not get in changes nothing");
        let desk = shelf.open();
        let warning = desk.key_file_warning().expect("it is told");
        assert!(warning.contains(told) && warning.contains("key.previous.json"), "{warning}");
        assert_eq!(key_file(&shelf), whole);
        drop(desk);
        assert_eq!(shelf.open().key_file_warning(), None);
    }
}

#[test]
fn a_key_file_that_can_not_be_written_anew_is_told_until_it_can() {
    let shelf = Shelf::new();
    drop(shelf.create());
    let (file, in_the_way) = (shelf.book().join("key.json"), shelf.book().join("key.json.part"));
    fs::write(&file, "nothing like it").expect("damaged");
    fs::create_dir(&in_the_way).expect("in the way");
    let warning = shelf.open().key_file_warning().expect("it is told");
    assert!(warning.contains("damaged") && warning.contains("could not be written anew"), "{warning}");
    fs::remove_dir(&in_the_way).expect("out of the way");
    let warning = shelf.open().key_file_warning().expect("it is told");
    assert!(warning.contains("was written anew"), "{warning}");
    assert_eq!(shelf.open().key_file_warning(), None);
}

#[test]
fn a_copy_from_before_a_change_stands_in_for_nothing() {
    let shelf = Shelf::new();
    let mut desk = shelf.create();
    let before = key_file(&shelf);
    desk.change_passphrase(None, &another(), later()).expect("changed");
    drop(desk);
    fs::write(shelf.book().join("key.previous.json"), before).expect("put back");
    fs::remove_file(shelf.book().join("key.json")).expect("lost");
    assert_eq!(open_code(&shelf, &passphrase()), Some(Code::Damaged));
    assert!(!shelf.book().join("key.json").exists());
}

#[test]
fn what_was_replaced_or_removed_opens_no_copy_of_the_key_file() {
    let shelf = Shelf::new();
    let mut desk = shelf.create();
    desk.change_passphrase(None, &another(), later()).expect("changed");
    drop(desk);
    assert_eq!(open_code_of_copy(&shelf, &passphrase()), Some(Code::WrongPassphrase));
    assert_eq!(open_code_of_copy(&shelf, &another()), None);
    let mut desk = Desk::open(&shelf.book(), &another(), OlderCopy::Refuse).expect("it opens");
    let added = desk.add_passphrase(&passphrase(), later()).expect("added");
    desk.remove_way_in(added.id).expect("removed");
    drop(desk);
    assert_eq!(open_code_of_copy(&shelf, &passphrase()), Some(Code::WrongPassphrase));
    assert_eq!(open_code_of_copy(&shelf, &another()), None);
}

#[test]
fn an_older_key_file_put_back_is_told_and_the_newer_copy_stays() {
    let shelf = Shelf::new();
    let mut desk = shelf.create();
    let before = key_file(&shelf);
    desk.change_passphrase(None, &another(), later()).expect("changed");
    let after = key_file(&shelf);
    drop(desk);
    fs::write(shelf.book().join("key.json"), &before).expect("put back");
    let told = Desk::open(&shelf.book(), &passphrase(), OlderCopy::Refuse).err().expect("refused");
    assert_eq!(told.code, Code::OlderCopy);
    assert!(told.message.contains("Put key.previous.json in its place"), "{}", told.message);
    assert_eq!(copy_of_it(&shelf).as_ref(), Some(&after));
    fs::copy(shelf.book().join("key.previous.json"), shelf.book().join("key.json")).expect("as it says");
    assert_eq!(open_code(&shelf, &another()), None);
    fs::write(shelf.book().join("key.json"), &before).expect("put back on purpose");
    drop(Desk::open(&shelf.book(), &passphrase(), OlderCopy::Accept).expect("it was meant"));
    assert_eq!(open_code(&shelf, &passphrase()), None);
}

#[test]
fn cut_off_anywhere_in_a_change_of_passphrase_each_copy_opens_and_the_next_opening_makes_them_one() {
    let shelf = Shelf::new();
    let mut desk = shelf.create();
    let (before, head) = (key_file(&shelf), shelf.book().join("head.json"));
    let head_before = fs::read(&head).expect("the head");
    desk.change_passphrase(None, &another(), later()).expect("changed");
    drop(desk);
    let (after, own) = (key_file(&shelf), passphrase());
    let half = &after[..after.len() / 2];
    for (key, copy, part, opener) in [
        (&before, Some(&before), Some(("key.json.part", half)), &own),
        (&after, Some(&before), None, &another()),
        (&after, Some(&before), Some(("key.previous.json.part", half)), &another()),
        (&after, None, None, &another()),
    ] {
        let write = |name: &str, bytes: &[u8]| fs::write(shelf.book().join(name), bytes).expect("written");
        write("key.json", key);
        // It is written last.
        write("head.json", &head_before);
        if let Some((name, bytes)) = part {
            write(name, bytes);
        }
        match copy {
            Some(copy) => write("key.previous.json", copy),
            None => fs::remove_file(shelf.book().join("key.previous.json")).expect("removed"),
        }
        let wrong = Passphrase::new("nobody's words at all".to_owned()).expect("not empty");
        assert_eq!(open_code(&shelf, &wrong), Some(Code::WrongPassphrase));
        assert_eq!(copy_of_it(&shelf).as_ref(), copy, "who does not get in changes nothing");
        assert_eq!(open_code(&shelf, opener), None);
        assert_eq!(copy_of_it(&shelf).as_ref(), Some(key));
    }
}

#[test]
fn a_second_copy_that_can_not_be_written_is_rather_none_until_the_book_is_opened_again() {
    let shelf = Shelf::new();
    let mut desk = shelf.create();
    let in_the_way = shelf.book().join("key.previous.json.part");
    fs::create_dir(&in_the_way).expect("in the way");
    desk.change_passphrase(None, &another(), later()).expect("changed");
    assert_eq!(copy_of_it(&shelf), None);
    fs::remove_dir(&in_the_way).expect("out of the way");
    drop(desk);
    assert_eq!(open_code(&shelf, &another()), None);
    assert_eq!(copy_of_it(&shelf), Some(key_file(&shelf)));
}

/// The key file is there by then; its old copy is in the way of the new one.
#[test]
fn a_change_whose_last_step_fails_is_told_as_made_and_counted() {
    let shelf = Shelf::new();
    let mut desk = shelf.create();
    let before = key_file(&shelf);
    let copy = shelf.book().join("key.previous.json");
    fs::remove_file(&copy).expect("removed");
    fs::create_dir(&copy).expect("in the way");
    let told = desk.change_passphrase(None, &another(), later()).expect_err("the disk failed");
    assert!(told.message.contains("The ways in are changed"), "{}", told.message);
    assert!(told.message.ends_with("then look at the ways in."), "made once more, it would fail: {}", told.message);
    drop(desk);
    fs::remove_dir(&copy).expect("out of the way");
    assert_eq!(open_code(&shelf, &passphrase()), Some(Code::WrongPassphrase));
    assert_eq!(open_code(&shelf, &another()), None);
    fs::write(shelf.book().join("key.json"), before).expect("put back");
    assert_eq!(open_code(&shelf, &passphrase()), Some(Code::OlderCopy));
}

#[test]
fn a_key_file_of_version_1_opens_and_is_written_as_the_newest_once_it_changes() {
    let shelf = Shelf::new();
    drop(shelf.create());
    rewrite_key_file(&shelf, |keys| {
        keys["version"] = json!(1);
        keys["slots"][0].as_object_mut().expect("a slot").remove("id");
    });
    let mut desk = shelf.open();
    assert_eq!(desk.ways_in().expect("ways").iter().map(|way| way.id).collect::<Vec<_>>(), [1]);
    let code = recovery_code(&mut desk);
    drop(desk);
    let text = fs::read_to_string(shelf.book().join("key.json")).expect("the key file");
    assert!(text.contains("\"version\":2"), "{text}");
    drop(shelf.open());
    Desk::open(&shelf.book(), &code, OlderCopy::Refuse).expect("it opens");
}

#[test]
fn a_way_in_of_a_newer_refbook_is_kept_and_a_newer_file_is_named() {
    let shelf = Shelf::new();
    drop(shelf.create());
    let strange = json!({"id": 9, "kind": "smart_card", "added_on": "2030-01-01", "card": {"serial": 7}});
    rewrite_key_file(&shelf, |keys| keys["slots"].as_array_mut().expect("slots").push(strange.clone()));
    let mut desk = shelf.open();
    recovery_code(&mut desk);
    drop(desk);
    let file: Value =
        serde_json::from_slice(&fs::read(shelf.book().join("key.json")).expect("the key file")).expect("JSON");
    assert_eq!(file["keys"]["slots"][1], strange);
    rewrite_key_file(&shelf, |keys| keys["version"] = json!(3));
    assert_eq!(open_code(&shelf, &passphrase()), Some(Code::Newer));
}

#[test]
fn a_recovery_code_opens_nothing_until_it_is_typed_back() {
    let shelf = Shelf::new();
    let mut desk = shelf.create();
    let sheet = shelf.path("sheet.pdf");
    assert!(desk.print_recovery_sheet(&sheet, PageSize::A4, later()).is_err(), "none is issued");
    let before = fs::read(shelf.book().join("key.json")).expect("the key file");
    let first = desk.issue_recovery_code().expect("a code").groups;
    let code = desk.issue_recovery_code().expect("another").groups;
    let code_of = |typed: &str, desk: &mut Desk| desk.confirm_recovery_code(typed, later()).err().map(|e| e.code);
    let mut one_off = code.clone();
    one_off[3] = if code[3].starts_with('A') { "BBBBB".to_owned() } else { "AAAAA".to_owned() };
    for wrong in ["", &code[..6].join("-"), &one_off.join("-"), &first.join("-")] {
        assert_eq!(code_of(wrong, &mut desk), Some(Code::MistypedRecoveryCode), "{wrong}");
    }
    assert_eq!(fs::read(shelf.book().join("key.json")).expect("the key file"), before, "nothing was written");
    desk.print_recovery_sheet(&sheet, PageSize::A4, later()).expect("printed");
    assert_eq!(code_of(&code.join(" ").to_lowercase(), &mut desk), None);
    assert!(desk.print_recovery_sheet(&sheet, PageSize::A4, later()).is_err(), "it is forgotten");
    assert_eq!(code_of(&code.join("-"), &mut desk), Some(Code::Failed));
}

#[test]
fn a_new_key_asks_for_what_it_can_not_know_and_changes_nothing_without_it() {
    let shelf = Shelf::new();
    let mut desk = shelf.create();
    recovery_code(&mut desk);
    let second = Passphrase::new("somebody else's words".to_owned()).expect("not empty");
    desk.add_passphrase(&second, later()).expect("added");
    let asks = desk.new_key_asks().expect("what it asks");
    assert!(asks.passphrase && asks.recovery_code && !asks.keychain && asks.lost == 1, "{asks:?}");
    let wrong = Passphrase::new("nobody's words at all".to_owned()).expect("not empty");
    let (own, code) = (passphrase(), desk.issue_recovery_code().expect("a code").groups.join("-"));
    for (passphrase, recovery_code, refused) in [
        (None, Some(code.as_str()), Code::WrongPassphrase),
        (Some(&wrong), Some(code.as_str()), Code::WrongPassphrase),
        (Some(&own), None, Code::MistypedRecoveryCode),
    ] {
        let error = desk.new_key(NewKey { passphrase, recovery_code }, later()).expect_err("refused");
        assert_eq!(error.code, refused);
    }
    desk.new_key(NewKey { passphrase: Some(&own), recovery_code: Some(&code) }, later()).expect("a new key");
    assert_eq!(desk.ways_in().expect("ways").len(), 2);
    drop(desk);
    assert_eq!(open_code(&shelf, &second), Some(Code::WrongPassphrase), "it is told beforehand");
    drop(shelf.open());
}

#[test]
fn a_sample_in_memory_has_no_way_in() {
    let mut desk = Desk::look_around().expect("the sample");
    assert!(desk.ways_in().is_err() && desk.issue_recovery_code().is_err());
}

#[test]
fn no_error_about_a_secret_shows_the_secret() {
    let shelf = Shelf::new();
    let mut desk = shelf.create();
    let secret = "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE-FFFFF-GGGGG";
    desk.issue_recovery_code().expect("a code");
    let error = desk.confirm_recovery_code(secret, later()).expect_err("refused");
    drop(desk);
    let wrong = Passphrase::new("hunter2 hunter2".to_owned()).expect("not empty");
    let opened = Desk::open(&shelf.book(), &wrong, OlderCopy::Refuse).err().expect("refused");
    for told in [format!("{error:?}"), format!("{opened:?}")] {
        assert!(!told.contains("AAAAA") && !told.contains("hunter2"), "{told}");
    }
}
