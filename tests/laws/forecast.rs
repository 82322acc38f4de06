//! Laws of the whole book's forecast: what changes nothing changes no figure.

use desk::forecast::ForecastAsked;
use exchange::book::write;
use proptest::prelude::*;
use refbook_tests::{Shelf, any, on};
use rules::rate::Rate;

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, max_shrink_iters: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every contract has the rate that is asked for already.
    #[test]
    fn a_what_if_that_changes_nothing_is_the_forecast(records in any::records(), closed in 0_usize..7) {
        let mut records = records;
        for contract in &mut records.contracts {
            contract.rate = Rate::TEN_PERCENT;
        }
        let shelf = Shelf::new();
        let mut desk = shelf.create();
        let today = on("2025-08-03");
        desk.import("book.json", write(&records).as_bytes(), today).expect("the import");
        if let Some(month) = closed.checked_sub(1).and_then(|nth| any::months().nth(nth)) {
            desk.close(month, today, |_| true).expect("it closes");
        }
        let ask = |asked: ForecastAsked| {
            let asked = ForecastAsked { months: 18, ..asked };
            desk.forecast(&asked, today, |_, _| true).expect("a forecast").expect("not stopped")
        };
        let plain = ask(ForecastAsked::default());
        prop_assert!(plain.what_ifs.is_empty());
        let same = ask(ForecastAsked { rate: Some("0.10".to_owned()), ..ForecastAsked::default() });
        for (month, before) in same.months.iter().zip(&plain.months) {
            prop_assert_eq!(&month.paid, &before.paid);
            prop_assert_eq!(month.what_if_paid.as_ref(), Some(&before.paid), "{}", month.month.month);
            prop_assert_eq!(month.what_if_so_far.as_ref(), Some(&before.so_far));
        }
        prop_assert_eq!(&same.what_ifs[0].held.what_if, &plain.held);
    }
}
