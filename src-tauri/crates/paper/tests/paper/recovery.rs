//! Recovery sheets: the code as people copy it, and what they have to know of it.

use paper::{Fonts, PageSize, RecoveryPaper};

use crate::made::date;
use crate::reading::{pages, run, text};

const CODE: &str = "7K3MX-9D0QR-A1B2C-WXYZ5-00112-HJKMN-PQRST";

fn sheet(book_name: &str, size: PageSize) -> Vec<u8> {
    let paper = RecoveryPaper { book_name, code: CODE, made_on: date("2026-11-25") };
    paper::recovery(&paper, size, &Fonts::load()).pdf
}

#[test]
fn a_sheet_has_every_group_under_its_number_and_fits_one_page() {
    for size in [PageSize::A4, PageSize::Letter] {
        let pdf = sheet("NetSource", size);
        assert_eq!(pages(&pdf).len(), 1);
        let text = text(&pdf);
        assert!(text.contains("1 2 3 4 7K3MX 9D0QR A1B2C WXYZ5 5 6 7 00112 HJKMN PQRST"), "two rows:\n{text}");
        for said in ["NetSource", "25 Nov 2026", "key.json", "nobody can open the book", "Recovery sheet"] {
            assert!(text.contains(said), "{said} is missing from\n{text}");
        }
    }
}

#[test]
fn a_sheets_metadata_is_without_the_code() {
    let pdf = sheet("NetSource", PageSize::A4);
    let about = run("pdfinfo", &["-meta"], &pdf, &[]) + &run("pdfinfo", &[], &pdf, &[]);
    assert!(about.contains("Recovery sheet, NetSource"), "{about}");
    for group in CODE.split('-') {
        assert!(!about.contains(group), "{group} stands in\n{about}");
    }
}

#[test]
fn qpdf_finds_nothing_wrong_with_a_sheet_whatever_the_book_is_called() {
    for name in ["NetSource", "", "a\u{202e}b <img src=x>", &"Långt namn ".repeat(40)] {
        let pdf = sheet(name, PageSize::A4);
        assert!(run("qpdf", &["--check"], &pdf, &[]).contains("No syntax or stream encoding errors found"), "{name}");
        assert_eq!(pages(&pdf).len(), 1, "{name}");
    }
}
