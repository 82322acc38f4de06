use std::fs;

use book::{Passphrase, Table};
use chrono::TimeZone;
use rules::id::Id;
use rules::registration::Checked;

use super::*;
use crate::sample::small;

/// A book with the sample's affiliates and clients, and a referral registered with a receipt.
struct Registered {
    folder: tempfile::TempDir,
    desk: Desk,
    referral: Referral,
}

fn now() -> Now {
    let at = Utc.with_ymd_and_hms(2026, 1, 2, 9, 30, 0).single().expect("an instant");
    Now { at, today: at.date_naive() }
}

fn registered(client_name: &str) -> Registered {
    let folder = tempfile::tempdir().expect("a folder");
    let passphrase = Passphrase::new("a passphrase".to_owned()).expect("not empty");
    let mut desk = Desk::create(&folder.path().join("Test.refbook"), &passphrase).expect("a book");
    let records = small();
    let programme = records.programme.expect("the programme");
    let affiliate = records.affiliates[0].clone();
    let domains = vec!["nuthatch.example".to_owned()];
    let client = Client { id: Id::new("C90"), name: client_name.to_owned(), domains, customer_since: None };
    let referral = Referral {
        id: Id::new("R90"),
        affiliate: affiliate.id.clone(),
        client: client.id.clone(),
        registered_on: now().today,
    };
    let registration =
        Registration { programme: &programme, affiliate: &affiliate, client: &client, referral: &referral };
    desk.book
        .change(now().at, |change| -> Result<(), BookError> {
            change.record_programme(&programme)?;
            change.record(&affiliate, None)?;
            change.record(&client, None)?;
            change.record(&referral, None)?;
            seal(change, registration, now())
        })
        .expect("recorded");
    Registered { folder, desk, referral }
}

impl Registered {
    fn sealed(&self) -> Receipt {
        let row = self.desk.book.receipt(self.referral.id()).expect("a look").expect("a receipt");
        receipt::read(&book::unpack(&row.document).expect("unpacked")).expect("a document")
    }

    fn print(&self) -> Result<Vec<u8>, DeskError> {
        let file = self.folder.path().join("receipt.pdf");
        self.desk.print_receipt(self.referral.id(), &file, PageSize::A4)?;
        Ok(fs::read(file).expect("the file"))
    }
}

#[test]
fn a_receipt_says_who_when_and_what_was_checked_and_is_always_the_same() {
    let mut registered = registered("Nuthatch Bakery");
    let sealed = registered.sealed();
    assert_eq!((sealed.client.name.as_str(), sealed.recorded_at.as_str()), ("Nuthatch Bakery", "2026-01-02T09:30:00Z"));
    let checked: Vec<Checked> = sealed.checks.iter().map(|check| check.checked).collect();
    assert_eq!(checked, [Checked::ExistingCustomer, Checked::OwnCompany, Checked::AlreadyReferred]);
    assert!(sealed.checks.iter().all(|check| !check.confirmed));
    assert_eq!(registered.print().expect("printed"), registered.print().expect("printed"));
    assert_eq!(registered.desk.verify().expect("verified").finding, None);
}

#[test]
fn a_near_miss_is_on_the_receipt_as_confirmed() {
    let sealed = registered("Meridian Tech Advisers Ltd").sealed();
    assert!(sealed.checks[1].confirmed);
    let words = &sealed.checks[1].words;
    assert!(words.contains("\u{201c}Meridian Tech Advisors\u{201d}") && words.contains("confirmed"), "{words}");
}

#[test]
fn a_referral_that_was_voided_has_no_receipt_to_print_and_the_sealed_one_stays() {
    let mut registered = registered("Nuthatch Bakery");
    let referral = registered.referral.clone();
    let voided = |change: &mut Change<'_>| -> Result<(), BookError> { change.void(&referral, "a slip") };
    registered.desk.book.change(now().at, voided).expect("voided");
    assert_eq!(registered.print().expect_err("nothing to print").code, Code::UnknownRecord);
    assert_eq!(registered.desk.verify().expect("verified").finding, None);
}

/// A correction of the referral is told by the journal; the receipt stays what was registered.
#[test]
fn a_corrected_referral_keeps_its_receipt() {
    let mut registered = registered("Nuthatch Bakery");
    let before = registered.referral.clone();
    let after = Referral { registered_on: before.registered_on.pred_opt().expect("a day before"), ..before.clone() };
    let correct = |change: &mut Change<'_>| -> Result<(), BookError> { change.record(&after, Some(&before)) };
    registered.desk.book.change(now().at, correct).expect("corrected");
    assert_eq!(registered.sealed().referral, before);
    assert_eq!(registered.desk.verify().expect("verified").finding, None);
}
