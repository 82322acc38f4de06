//! Laws of the book: it forgets nothing and adds nothing.

use desk::Desk;
use exchange::book::write;
use proptest::prelude::*;
use refbook_tests::oracle::Oracle;
use refbook_tests::{Shelf, any, later};
use rules::month::Month;
use rules::records::Records;
use rules::statement::Statement;

proptest! {
    // Each case makes a book, and that costs what a guess at its passphrase costs.
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// The book reads only the invoices that it holds open; the oracle reads everything, every month.
    #[test]
    fn the_book_s_statements_are_those_of_all_records(records in any::records()) {
        let shelf = Shelf::new();
        let mut desk = imported(&shelf, &records);
        let mut oracle = Oracle::default();
        let drafted: Vec<_> = any::months().map(|month| statements(&desk, month)).collect();
        for (month, drafted) in any::months().zip(drafted) {
            let expected = oracle.close(&records, month);
            prop_assert_eq!(&drafted, &expected, "drafted {}", month);
            desk.close(month, later(), |_| true).expect("it closes");
            prop_assert_eq!(&statements(&desk, month), &expected, "closed {}", month);
        }
        prop_assert_eq!(desk.verify().expect("verify").finding, None);
    }

    /// A fact that is recorded late, corrected or voided reaches the next open month; closed ones stay, to the byte.
    #[test]
    fn a_later_fact_never_changes_a_closed_month(records in any::records(), again in any::records()) {
        let shelf = Shelf::new();
        let mut desk = imported(&shelf, &records);
        let months: Vec<Month> = any::months().collect();
        desk.close(months[3], later(), |_| true).expect("it closes");
        let before: Vec<Vec<u8>> = months[..=3].iter().map(|month| desk.statements(*month, None).expect("them").json()).collect();
        // The same clients and invoices, told differently: everything that differs is a correction.
        let mut later_records = again;
        later_records.programme = None;
        later_records.adjustments.clear();
        let _refused_or_not = desk.import("again.json", write(&later_records).as_bytes(), later());
        for (month, before) in months[..=3].iter().zip(before) {
            prop_assert!(desk.statements(*month, None).expect("them").json() == before, "{} changed", month);
        }
        desk.close(months[6], later(), |_| true).expect("it closes");
        prop_assert_eq!(desk.verify().expect("verify").finding, None);
    }

    #[test]
    fn export_then_import_gives_an_equal_book(records in any::records()) {
        let (shelf, other) = (Shelf::new(), Shelf::new());
        let exported = imported(&shelf, &records).export().expect("an export");
        prop_assert_eq!(&exported, &write(&records));
        let mut copy = other.create();
        copy.import("book.json", exported.as_bytes(), later()).expect("the import");
        prop_assert_eq!(copy.export().expect("an export"), exported);
        prop_assert!(copy.import("book.json", write(&records).as_bytes(), later()).expect("again").changes_nothing());
    }

    #[test]
    fn reopening_and_closing_again_without_a_change_says_the_same(records in any::records()) {
        let shelf = Shelf::new();
        let mut desk = imported(&shelf, &records);
        let months: Vec<Month> = any::months().collect();
        desk.close(months[4], later(), |_| true).expect("it closes");
        let before = statements(&desk, months[4]);
        desk.reopen(months[4], "looked again", later()).expect("it reopens");
        prop_assert_eq!(desk.verify().expect("verify").finding, None);
        prop_assert_eq!(&statements(&desk, months[4]), &before);
        desk.close(months[4], later(), |_| true).expect("it closes");
        prop_assert_eq!(&statements(&desk, months[4]), &before);
        prop_assert_eq!(desk.verify().expect("verify").finding, None);
    }
}

fn imported(shelf: &Shelf, records: &Records) -> Desk {
    let mut desk = shelf.create();
    desk.import("book.json", write(records).as_bytes(), later()).expect("the import");
    desk
}

fn statements(desk: &Desk, month: Month) -> Vec<Statement> {
    let statements = desk.statements(month, None).expect("statements").statements;
    statements.into_iter().map(|view| view.statement).collect()
}
