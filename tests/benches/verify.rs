//! How long `verify` takes over a book of 50,000 closed lines: an edit is found by then at the latest.

use std::time::Duration;

use crate::{Ratio, book, median, ms, open, rounds, timed};

const AT_MOST: Duration = Duration::from_secs(2);

pub fn ratios() -> Vec<Ratio> {
    let path = book(2_200, 24);
    let mut lines = 0;
    let [took] = rounds(
        5,
        [&mut || {
            let mut desk = open(&path);
            let (took, verified) = timed(|| desk.verify().expect("verified"));
            assert_eq!(verified.finding, None);
            lines = verified.lines;
            took
        }],
    );
    vec![Ratio {
        what: "Verifying all of a book of 50,000 closed lines, against 2 s",
        measured: format!("{} for {lines} lines", ms(&took)),
        ratio: median(took.iter().map(Duration::as_secs_f64)) / AT_MOST.as_secs_f64(),
        at_most: 1.0,
    }]
}
