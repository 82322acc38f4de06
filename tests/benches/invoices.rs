//! A billing run: the month's invoices of 2,000 contracts that an affiliate bills itself, made and printed.

use std::fs;
use std::path::Path;
use std::time::Duration;

use chrono::Utc;
use desk::billing::BillingAsked;
use desk::{Desk, Now, PageSize};
use refbook_tests::passphrase;
use serde_json::{Value, json};

use crate::{Ratio, folder, open, timed};

const CONTRACTS: u32 = 2_000;

pub fn ratios() -> Vec<Ratio> {
    let (book, papers) = (folder().join("direct.refbook"), folder().join("invoices"));
    make(&book);
    let fastest = (0..3).map(|_| run(&book, &papers)).min().unwrap_or_default();
    let each = fastest.as_secs_f64() * 1000.0 / f64::from(CONTRACTS);
    vec![Ratio {
        what: "An invoice of a month's 2,000 of an affiliate's own, made, recorded and printed, against 5 ms",
        measured: format!("{each:.2} ms"),
        ratio: each / 5.0,
        at_most: 1.0,
    }]
}

/// Bills the month, prints every invoice, and takes the run back for the next round.
fn run(book: &Path, papers: &Path) -> Duration {
    let _ = fs::remove_dir_all(papers);
    fs::create_dir_all(papers).expect("a folder");
    let mut desk = open(book);
    let asked = BillingAsked {
        affiliate: "A1".to_owned(),
        period: "2026-02".to_owned(),
        issued_on: "2026-02-01".to_owned(),
        days_to_pay: "30".to_owned(),
        ..BillingAsked::default()
    };
    let (took, files) = timed(|| {
        let invoices: Vec<String> = desk.bill(&asked, now()).expect("it is billed").ids.into_values().collect();
        desk.print_invoices("A1", &invoices, papers, PageSize::A4, now(), |_| true).expect("printed")
    });
    assert_eq!(files.len(), CONTRACTS as usize);
    desk.undo(now()).expect("it is taken back");
    took
}

fn now() -> Now {
    Now { at: Utc::now(), today: "2026-02-01".parse().expect("a day") }
}

fn make(book: &Path) {
    if book.exists() {
        return;
    }
    let each = |record: fn(u32) -> Value| (1..=CONTRACTS).map(record).collect::<Vec<_>>();
    let document = json!({
        "format": "refbook/1",
        "programme": {"company": "NetSource", "phone": "", "currency": "USD", "standard_rate": "0.10",
            "maximum_rate": "0.10", "in_term_changes": "follow_contract", "minimum_payout": "0.00"},
        "affiliates": [{"id": "A1", "name": "Dana Reyes", "own_companies": [], "domains": [],
            "agreement_signed_on": "2025-01-01", "remittance": "net_of_commission"}],
        "clients": each(|nth| json!({"id": format!("C{nth}"), "name": format!("Client {nth} Works"), "domains": []})),
        "referrals": each(|nth| json!({"id": format!("R{nth}"), "affiliate": "A1", "client": format!("C{nth}"),
            "registered_on": "2025-12-01"})),
        "contracts": each(|nth| json!({"id": format!("K{nth}"), "referral": format!("R{nth}"),
            "signed_on": "2025-12-10", "starts_on": "2026-01-01", "term_months": 12, "rate": "0.10",
            "billed_by": "affiliate", "changes": [], "lines": [
                {"kind": "hosting", "description": "Cloud servers", "amount": "900.00"},
                {"kind": "managed_service", "description": "Backup and patching", "amount": "250.00"}]})),
    });
    let mut desk = Desk::create(book, &passphrase()).expect("a book");
    desk.import("direct.json", document.to_string().as_bytes(), now()).expect("the import");
}
