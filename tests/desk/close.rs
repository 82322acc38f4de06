//! Closing what is over: in one go where there are more months than one, and stopped between two of them.

use desk::search::ListQuery;
use desk::views::{ClosableView, MonthView};
use desk::{Code, Desk, Month};
use refbook_tests::{Shelf, on};

fn month(text: &str) -> Month {
    Month::parse(text).expect("a month")
}

fn view(desk: &Desk, of: &str, today: &str) -> MonthView {
    desk.month_view(month(of), &ListQuery::default(), on(today)).expect("a month")
}

/// The last month, and how many.
fn offered(view: MonthView) -> Option<(String, u32)> {
    view.closable.map(|ClosableView { through, months }| (through.month, months))
}

#[test]
fn all_months_that_are_over_are_offered_with_the_next_one_to_close() {
    let shelf = Shelf::new();
    let desk = shelf.sample();
    assert_eq!(offered(view(&desk, "2025-12", "2026-03-01")), Some(("2026-02".to_owned(), 3)));
    assert_eq!(offered(view(&desk, "2025-12", "2026-01-31")), None, "one month has a button of its own");
    assert_eq!(offered(view(&desk, "2025-12", "2025-12-31")), None);
    assert_eq!(offered(view(&desk, "2026-01", "2026-03-01")), None, "it is not the next");
    assert_eq!(offered(view(&desk, "2025-11", "2026-03-01")), None, "it is closed");
}

#[test]
fn months_are_closed_one_by_one_and_a_stop_leaves_whole_what_is_closed() {
    let shelf = Shelf::new();
    let mut desk = shelf.sample();
    let mut heard = Vec::new();
    let closed = desk.close_through(month("2026-03"), on("2026-04-01"), |so_far| {
        heard.push((so_far.month.month, so_far.done, so_far.of));
        heard.len() < 2
    });
    let closed: Vec<_> = closed.expect("they close").into_iter().map(|month| month.month).collect();
    assert_eq!(heard, [("2026-01".to_owned(), 1, 4), ("2026-02".to_owned(), 2, 4)]);
    assert_eq!(closed, ["2025-12", "2026-01"]);
    assert!(view(&desk, "2026-01", "2026-04-01").can_reopen);
    assert_eq!(offered(view(&desk, "2026-02", "2026-04-01")), Some(("2026-03".to_owned(), 2)));
    let rest = desk.close_through(month("2026-03"), on("2026-04-01"), |_| true).expect("they close");
    assert_eq!(rest.len(), 2);
    assert_eq!(desk.verify().expect("verify").finding, None);
    let early = desk.close_through(month("2026-04"), on("2026-04-01"), |_| true).expect_err("not over");
    assert_eq!(early.code, Code::MonthNotOver);
}
