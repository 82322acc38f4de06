//! Laws of the whole book's forecast: what changes nothing changes no figure.

use desk::Now;
use desk::forecast::ForecastAsked;
use exchange::book::write;
use proptest::prelude::*;
use refbook_tests::{Shelf, any, on};
use rules::client::Client;
use rules::id::Id;
use rules::rate::Rate;
use rules::records::Records;

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, max_shrink_iters: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every contract has the rate that is asked for already, costs less by nothing, or is of another client.
    #[test]
    fn a_what_if_that_changes_nothing_is_the_forecast(records in any::records(), closed in 0_usize..7) {
        let mut records = records;
        for contract in &mut records.contracts {
            contract.rate = Rate::TEN_PERCENT;
        }
        let name = "Yew Works".to_owned();
        records.clients.push(Client { id: Id::new("C9"), name, domains: Vec::new(), customer_since: None });
        let nothing = [
            ForecastAsked { rate: Some("0.10".to_owned()), ..ForecastAsked::default() },
            ForecastAsked { smaller_by: Some("0.00".to_owned()), ..ForecastAsked::default() },
            ForecastAsked { leaves: Some("C9".to_owned()), ..ForecastAsked::default() },
        ];
        changes_nothing(&records, closed, nothing)?;
    }

    /// Whatever is open is due today or later.
    #[test]
    fn curing_changes_nothing_where_nobody_is_late(records in any::records(), closed in 0_usize..7) {
        let mut records = records;
        for invoice in &mut records.invoices {
            invoice.due_on = invoice.due_on.max(today().today);
        }
        changes_nothing(&records, closed, [ForecastAsked { cured: true, ..ForecastAsked::default() }])?;
    }
}

fn today() -> Now {
    on("2025-08-03")
}

/// Each of what is asked, month by month.
fn changes_nothing<const N: usize>(
    records: &Records,
    closed: usize,
    nothing: [ForecastAsked; N],
) -> Result<(), TestCaseError> {
    let shelf = Shelf::new();
    let mut desk = shelf.create();
    desk.import("book.json", write(records).as_bytes(), today()).expect("the import");
    if let Some(month) = closed.checked_sub(1).and_then(|nth| any::months().nth(nth)) {
        desk.close(month, today(), |_| true).expect("it closes");
    }
    let ask = |asked: ForecastAsked| {
        let asked = ForecastAsked { months: 18, ..asked };
        desk.forecast(&asked, today(), |_, _| true).expect("a forecast").expect("not stopped")
    };
    let plain = ask(ForecastAsked::default());
    prop_assert!(plain.what_ifs.is_empty());
    for asked in nothing {
        let same = ask(asked);
        prop_assert_eq!(same.what_ifs.len(), 1);
        let title = &same.what_ifs[0].title;
        for (month, before) in same.months.iter().zip(&plain.months) {
            prop_assert_eq!(&month.paid, &before.paid);
            prop_assert_eq!(month.what_if_paid.as_ref(), Some(&before.paid), "{}: {}", title, month.month.month);
            prop_assert_eq!(month.what_if_so_far.as_ref(), Some(&before.so_far));
        }
        prop_assert_eq!(&same.what_ifs[0].held.what_if, &plain.held, "{}", title);
    }
    Ok(())
}
