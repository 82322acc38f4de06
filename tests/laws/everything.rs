//! Laws of the export of everything: what comes back is equal, and what does not is there to be read.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use desk::biller::Letterhead;
use desk::reconcile::TypedPaid;
use desk::{Code, Desk};
use exchange::book::write;
use proptest::prelude::*;
use refbook_tests::{Shelf, any, later, own_form, passphrase};
use rules::records::Records;

proptest! {
    // Each case makes two books, and that costs what two guesses at a passphrase cost.
    #![proptest_config(ProptestConfig { cases: 8, max_shrink_iters: 30, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn everything_exported_and_imported_into_a_new_book_exports_equal(
        records in any::records(),
        words in proptest::collection::vec("\\PC{1,40}", 6),
        agreement in proptest::collection::vec(any::<u8>(), 1..400),
    ) {
        let (shelf, other) = (Shelf::new(), Shelf::new());
        let mut desk = filled(&shelf, &records, &words, &agreement);
        desk.close(any::months().nth(2).expect("a month"), later(), |_| true).expect("it closes");
        desk.export_everything(&shelf.path("everything")).expect("an export");
        let mut copy = other.create();
        copy.import_everything(&shelf.path("everything"), later()).expect("the import");
        copy.export_everything(&other.path("everything")).expect("an export");
        let (one, two) = (comes_back(&shelf.path("everything")), comes_back(&other.path("everything")));
        prop_assert!(one.len() >= 3, "{:?}", one.keys());
        prop_assert_eq!(&one, &two);

        // Once more changes nothing, not even the journal.
        let end = fs::read(other.path("everything").join("journal.jsonl")).expect("the journal");
        prop_assert!(copy.import_everything(&shelf.path("everything"), later()).expect("again").changes_nothing());
        copy.export_everything(&other.path("again")).expect("an export");
        prop_assert!(fs::read(other.path("again").join("journal.jsonl")).expect("the journal") == end);
        prop_assert_eq!(copy.verify().expect("verify").finding, None);
    }
}

/// The records, and something of everything that is kept beside them.
fn filled(shelf: &Shelf, records: &Records, words: &[String], agreement: &[u8]) -> Desk {
    let mut desk = shelf.create();
    desk.import("book.json", write(records).as_bytes(), later()).expect("the import");
    let said = |nth: usize| format!("said: {}", words[nth]);
    desk.set_logo(Some(&png()), later()).expect("a logo");
    if let Some(affiliate) = records.affiliates.first().map(|one| one.id.as_str()) {
        let form = Letterhead {
            address: said(0),
            pay_to: said(1),
            tax_label: "Tax".to_owned(),
            tax_rate: "0.0825".to_owned(),
            days_to_pay: "14".to_owned(),
        };
        desk.set_letterhead(affiliate, &form, later()).expect("a letterhead");
        desk.set_biller_logo(affiliate, Some(&png()), later()).expect("a logo");
        desk.set_agreement(affiliate, Some((&said(2), agreement)), later()).expect("an agreement");
        let paid = TypedPaid { number: said(3), client: String::new(), amount: "12.34".to_owned() };
        let month = any::months().next().expect("a month");
        desk.set_paid(affiliate, month, &[paid], later()).expect("what was paid");
    }
    for client in &records.clients {
        desk.write_note(client.id.as_str(), &said(4), later()).expect("a note");
    }
    desk.keep_unsaved("preference: single keys", &said(5)).expect("a choice");
    desk
}

fn png() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 1, 1);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(&[0]).expect("a picture");
    writer.finish().expect("whole");
    bytes
}

/// The files of an export that an import takes, by name.
fn comes_back(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let named = |name: &str| (name.to_owned(), fs::read(folder.join(name)).expect(name));
    let files = fs::read_dir(folder.join("files")).expect("files").map(|file| file.expect("a file").file_name());
    let files = files.map(|name| named(&format!("files/{}", name.to_string_lossy())));
    files.chain(["book.json", "beside.json"].map(named)).collect()
}

#[test]
fn closed_statements_are_there_as_the_bytes_that_were_sealed() {
    let shelf = Shelf::new();
    let desk = shelf.sample();
    desk.export_everything(&shelf.path("everything")).expect("an export");
    let statements = fs::read_dir(shelf.path("everything").join("statements")).expect("statements").count();
    let closed = desk.statements(desk::Month::parse("2025-11").expect("a month"), None).expect("statements");
    assert!(statements > closed.statements.len());
    for view in &closed.statements {
        let desk::State::Sealed { document, .. } = &view.state else { panic!("{} is a draft", view.number) };
        let file = shelf.path("everything").join("statements").join(format!("{}.json", view.number));
        assert!(fs::read(&file).expect("the statement") == document.as_slice(), "{}", view.number);
    }
    let journal = fs::read_to_string(shelf.path("everything").join("journal.jsonl")).expect("the journal");
    assert!(journal.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()));
    assert_eq!(desk.export_everything(&shelf.path("everything")).expect_err("it is there").code, Code::Exists);
}

#[test]
fn an_affiliates_own_book_comes_back_as_its_own() {
    let (shelf, other) = (Shelf::new(), Shelf::new());
    let desk = Desk::begin(&shelf.book(), &passphrase(), &own_form(), later()).expect("a book");
    desk.export_everything(&shelf.path("everything")).expect("an export");
    let mut copy = other.create();
    copy.import_everything(&shelf.path("everything"), later()).expect("the import");
    assert_eq!(copy.own_affiliate().expect("an owner"), desk.own_affiliate().expect("an owner"));
    assert!(copy.own_affiliate().expect("an owner").is_some());
}

#[test]
fn a_folder_that_was_tampered_with_is_refused_and_nothing_is_read_outside_it() {
    let shelf = Shelf::new();
    shelf.sample().export_everything(&shelf.path("everything")).expect("an export");
    fs::write(shelf.path("secret.png"), png()).expect("written");
    let beside = shelf.path("everything").join("beside.json");
    let text = fs::read_to_string(&beside).expect("what is beside");
    let with_file = |file: &str| {
        let entry = format!(r#"{{"affiliate": null, "kind": "logo", "name": "x", "file": "{file}"}}"#);
        let mut value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        value["files"] = serde_json::from_str(&format!("[{entry}]")).expect("JSON");
        value.to_string()
    };
    for tampered in [
        with_file("../../secret.png"),
        with_file("/etc/passwd"),
        with_file(".."),
        with_file("gone.png"),
        text.replace("refbook-beside/1", "refbook-beside/9"),
        "{}".to_owned(),
    ] {
        fs::write(&beside, &tampered).expect("written");
        let other = Shelf::new();
        let mut desk = other.create();
        let before = desk.export().expect("an export");
        let error = desk.import_everything(&shelf.path("everything"), later()).expect_err("refused");
        assert_eq!(error.code, Code::Refused, "{tampered}");
        assert_eq!(desk.export().expect("an export"), before, "nothing was taken");
    }
    fs::write(&beside, &text).expect("written");
    let records = shelf.path("everything").join("book.json");
    fs::rename(&records, shelf.path("elsewhere.json")).expect("moved");
    let refused = || Shelf::new().create().import_everything(&shelf.path("everything"), later()).expect_err("refused");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(shelf.path("elsewhere.json"), &records).expect("a link");
        assert!(refused().message.contains("it is no file"), "a link leads out of the folder");
        fs::remove_file(&records).expect("removed");
    }
    fs::write(&records, format!("\"{}\"", "x".repeat(1 << 20))).expect("written");
    assert!(refused().message.contains("a text of more than"), "one field that does not end");
}
