//! The receipt of a registration, printed and read back.

use std::path::PathBuf;
use std::sync::LazyLock;

use desk::PageSize;
use exchange::receipt::{Receipt, read, write};
use paper::{Fonts, ReceiptPaper};
use rules::client::Client;
use rules::day;
use rules::id::Id;
use rules::referral::Referral;
use rules::registration::checks;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::said;

/// A registration of the sample's first affiliate, with a name that had to be confirmed.
struct Printed {
    _folder: TempDir,
    a4: PathBuf,
    letter: PathBuf,
}

static PRINTED: LazyLock<Printed> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder");
    let receipt = receipt();
    let document = write(&receipt);
    let print = |name: &str, size| {
        let paper = ReceiptPaper {
            programme: &receipt.programme,
            affiliate: &receipt.affiliate,
            client: &receipt.client,
            referral: &receipt.referral,
            checks: &receipt.checks,
            recorded_words: "2 Jan 2026, 09:30 UTC",
            recorded_on: receipt.referral.registered_on,
            sha256: &hex::encode(Sha256::digest(&document)),
            json: &document,
            logo: None,
        };
        let printed = paper::receipt(&paper, size, &Fonts::load());
        assert_eq!(printed.warnings, []);
        let file = folder.path().join(name);
        std::fs::write(&file, printed.pdf).expect("written");
        file
    };
    let (a4, letter) = (print("a4.pdf", PageSize::A4), print("letter.pdf", PageSize::Letter));
    Printed { _folder: folder, a4, letter }
});

fn receipt() -> Receipt {
    let records = desk::sample::small();
    let affiliate = records.affiliates.into_iter().next().expect("the first affiliate");
    let client = Client {
        id: Id::new("C47"),
        name: "Meridian Tech Advisers".to_owned(),
        domains: vec!["mta-consult.example".to_owned(), "meridian-advisers.example".to_owned()],
        customer_since: None,
    };
    let referral = Referral {
        id: Id::new("R47"),
        affiliate: affiliate.id.clone(),
        client: client.id.clone(),
        registered_on: day::parse("2026-01-02").expect("a day"),
    };
    Receipt {
        engine: rules::ENGINE,
        checks: checks(&referral, &affiliate, &client).into(),
        programme: records.programme.expect("the programme"),
        affiliate,
        client,
        referral,
        recorded_at: "2026-01-02T09:30:00Z".to_owned(),
    }
}

#[test]
fn what_the_receipt_says_is_as_kept() {
    insta::with_settings!({ snapshot_path => "snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("receipt-R47", said("pdftotext", &["-layout"], &PRINTED.a4, &["-"]));
    });
}

#[test]
fn a_pdf_checker_finds_nothing_and_it_is_one_tagged_page() {
    for (file, size) in [(&PRINTED.a4, "A4"), (&PRINTED.letter, "letter")] {
        let words = said("qpdf", &["--check"], file, &[]);
        assert!(words.contains("No syntax or stream encoding errors found"), "{words}");
        let info = said("pdfinfo", &[], file, &[]);
        assert!(info.contains("Tagged:          yes") && info.contains(size), "{info}");
        assert!(info.contains("Pages:           1\n"), "{info}");
        assert!(info.contains("Registration receipt R47, Meridian Tech Advisers"), "{info}");
    }
}

/// What is inside is what was sealed: its SHA-256 begins with the fingerprint on the page.
#[test]
fn the_sealed_receipt_travels_inside_and_anyone_can_check_it() {
    let folder = tempfile::tempdir().expect("a folder");
    said("pdfdetach", &["-saveall", "-o", &folder.path().to_string_lossy()], &PRINTED.a4, &[]);
    let sealed = std::fs::read(folder.path().join("receipt.json")).expect("receipt.json");
    let text = said("pdftotext", &["-layout"], &PRINTED.a4, &["-"]);
    let fingerprint = text.lines().rev().find_map(|line| line.split_once("Fingerprint ")).expect("a fingerprint").1;
    let fingerprint: String = fingerprint.chars().filter(char::is_ascii_hexdigit).take(16).collect();
    assert!(hex::encode(Sha256::digest(&sealed)).starts_with(&fingerprint));
    assert_eq!(read(&sealed).expect("a receipt"), receipt());
}
