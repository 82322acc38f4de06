//! A month: computing it, closing it, and what it takes of memory.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use chrono::Utc;
use desk::{Month, Now, StatementView};
use refbook_tests::PASSPHRASE;
use refbook_tests::intruder::key;
use rusqlite::Connection;

use crate::{Ratio, book, copy, ms, open, ratio, rounds, timed};

/// The month's commission by affiliate, with far fewer rules: per invoice the sum of its payments, contracts with any
/// unpaid invoice dropped. One grouped join over all invoices and payments.
const PLAIN_SQL: &str = "
    WITH bill AS (
        SELECT
            invoice.key, invoice.contract, invoice.period_start,
            invoice.tax_minor + (SELECT sum(amount_minor) FROM invoice_line WHERE invoice = invoice.key) AS total,
            coalesce(sum(payment.amount_minor), 0) AS paid
        FROM invoice
        LEFT JOIN payment ON payment.invoice = invoice.key
        GROUP BY invoice.key
    )
    SELECT referral.affiliate, sum(bill.total * contract.rate_bp / 10000)
    FROM bill
    JOIN contract ON contract.key = bill.contract
    JOIN referral ON referral.key = contract.referral
    WHERE bill.period_start >= '2025-12-01'
        AND bill.contract NOT IN (SELECT contract FROM bill WHERE paid < total AND contract IS NOT NULL)
    GROUP BY referral.affiliate
    ORDER BY referral.affiliate";

pub fn ratios() -> Vec<Ratio> {
    let (small, long, large) = (book(10_000, 24), book(10_000, 120), book(100_000, 24));
    let [plain, month, month_long, month_large, close] = rounds(
        9,
        [
            &mut || plain_sql(&small),
            &mut || compute(&small),
            &mut || compute(&long),
            &mut || compute(&large),
            &mut || close(&copy(&small)),
        ],
    );
    let peak = peak_mb(&large);
    vec![
        Ratio {
            what: "A month of 10,000 contracts with 24 months behind it, against one plain SQL query",
            measured: format!("{} against {}", ms(&month), ms(&plain)),
            ratio: ratio(&month, &plain),
            at_most: 0.5,
        },
        Ratio {
            what: "The same with 120 months behind it, against 24",
            measured: format!("{} against {}", ms(&month_long), ms(&month)),
            ratio: ratio(&month_long, &month),
            at_most: 1.2,
        },
        Ratio {
            what: "100,000 contracts, against 10,000",
            measured: format!("{} against {}", ms(&month_large), ms(&month)),
            ratio: ratio(&month_large, &month),
            at_most: 11.0,
        },
        Ratio {
            what: "Peak memory of a month of 100,000 contracts, against 300 MB",
            measured: format!("{peak:.0} MB"),
            ratio: peak / 300.0,
            at_most: 1.0,
        },
        Ratio {
            what: "Closing the month of 10,000 contracts durably, against computing it",
            measured: format!("{} against {}", ms(&close), ms(&month)),
            ratio: ratio(&close, &month),
            at_most: 3.0,
        },
    ]
}

fn december() -> Month {
    Month::parse("2025-12").expect("a month")
}

/// From the encrypted book to complete statements with their steps.
fn compute(book: &Path) -> Duration {
    let desk = open(book);
    let mut steps = 0;
    let (took, ()) = timed(|| {
        let count =
            |view: StatementView| steps += view.statement.lines.iter().map(|line| line.steps.len()).sum::<usize>();
        desk.each_statement(december(), None, count).expect("statements");
    });
    assert!(steps > 10_000);
    took
}

fn close(book: &Path) -> Duration {
    let mut desk = open(book);
    let at = Utc::now();
    let (took, ()) = timed(|| desk.close(december(), Now { at, today: at.date_naive() }, |_| true).expect("closed"));
    took
}

fn plain_sql(book: &Path) -> Duration {
    let connection = Connection::open(book.join("book.db")).expect("the database");
    connection.pragma_update(None, "key", key(book, PASSPHRASE)).expect("the key");
    connection.pragma_update(None, "cache_size", -32 * 1024).expect("as much cache as the book has");
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(())).expect("it opens");
    let (took, sums) = timed(|| {
        let mut statement = connection.prepare(PLAIN_SQL).expect("the query");
        let sums = statement.query_map([], |row| row.get::<_, i64>(1)).expect("sums");
        sums.collect::<Result<Vec<_>, _>>().expect("sums")
    });
    assert!(!sums.is_empty());
    took
}

/// Peak resident memory of a process of its own that works out the month, in MB.
fn peak_mb(book: &Path) -> f64 {
    let myself = std::env::current_exe().expect("this program");
    let output = Command::new(myself).arg("--peak").arg(book).output().expect("it runs");
    String::from_utf8_lossy(&output.stdout).trim().parse().expect("a number")
}

/// Prints the peak: what the system says of this process after the month is worked out. Argon2's 128 MiB of the
/// opening are in it.
pub fn tell_peak(book: &Path) {
    compute(book);
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux tells it");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("VmHWM");
    let kib: f64 = peak.trim().trim_end_matches(" kB").parse().expect("a number");
    println!("{}", kib * 1024.0 / 1e6);
}
