//! The whole book's months to come, beside what if they went otherwise.

use desk::forecast::{ForecastAsked, ForecastView};
use desk::{Desk, Month};
use refbook_tests::{Shelf, on};
use serde_json::{Value, json};

/// A contract of 1,000.00 a month since January, billed to the end of March; `paid` of its three bills are paid.
fn book(shelf: &Shelf, paid: usize) -> Desk {
    let mut desk = shelf.create();
    let months = [("2026-01-01", "2026-01-31"), ("2026-02-01", "2026-02-28"), ("2026-03-01", "2026-03-31")];
    let invoices: Vec<Value> = months
        .iter()
        .zip(1..)
        .map(|((first, last), nth)| {
            json!({"id": format!("I{nth}"), "number": format!("N{nth}"), "client": "C1", "contract": "K1",
                "issued_on": first, "due_on": format!("{}-20", &first[..7]), "period_start": first, "period_end": last,
                "lines": [{"kind": "hosting", "description": "", "amount": "1000.00"}], "tax": "0.00"})
        })
        .collect();
    let payments: Vec<Value> = (1..=paid)
        .map(|nth| {
            json!({"id": format!("P{nth}"), "invoice": format!("I{nth}"), "received_on": format!("2026-0{nth}-20"),
                "amount": "1000.00"})
        })
        .collect();
    let book = json!({
        "format": "refbook/1",
        "programme": {"company": "NetSource", "phone": "", "currency": "USD", "standard_rate": "0.10",
            "maximum_rate": "0.10", "in_term_changes": "follow_contract", "minimum_payout": "0.00"},
        "affiliates": [{"id": "A1", "name": "Dana", "own_companies": [], "domains": [], "agreement_signed_on": null,
            "remittance": "in_full"}],
        "clients": [{"id": "C1", "name": "Oak Works", "domains": [], "customer_since": null}],
        "referrals": [{"id": "R1", "affiliate": "A1", "client": "C1", "registered_on": "2025-12-01"}],
        "contracts": [{"id": "K1", "referral": "R1", "signed_on": "2025-12-10", "starts_on": "2026-01-01",
            "term_months": 6, "ended_on": null, "rate": "0.10", "billed_by": "company",
            "lines": [{"kind": "hosting", "description": "", "amount": "1000.00"},
                {"kind": "setup", "description": "", "amount": "300.00"}], "changes": []}],
        "invoices": invoices, "payments": payments,
    });
    desk.import("book.json", book.to_string().as_bytes(), on("2026-04-05")).expect("a book");
    desk.close(Month::parse("2026-03").expect("a month"), on("2026-04-05"), |_| true).expect("it closes");
    desk
}

fn forecast(desk: &Desk, asked: ForecastAsked) -> ForecastView {
    let asked = ForecastAsked { months: 12, ..asked };
    desk.forecast(&asked, on("2026-04-05"), |_, _| true).expect("a forecast").expect("not stopped")
}

fn paid(view: &ForecastView) -> Vec<&str> {
    view.months.iter().map(|month| month.paid.amount.as_str()).collect()
}

#[test]
fn everything_goes_on_as_it_stands() {
    let shelf = Shelf::new();
    let desk = book(&shelf, 3);
    let view = forecast(&desk, ForecastAsked::default());
    assert_eq!((view.from.month.as_str(), view.to.month.as_str()), ("2026-04", "2027-03"));
    assert_eq!(paid(&view), ["100.00"; 12]);
    assert_eq!((view.paid.amount.as_str(), view.held.amount.as_str(), view.contracts), ("1200.00", "0.00", 1));
}

#[test]
fn each_what_if_stands_beside_the_plain_forecast_and_all_of_them_together() {
    let shelf = Shelf::new();
    let desk = book(&shelf, 3);
    let asked = ForecastAsked {
        rate: Some("0.08".to_owned()),
        smaller_by: Some("0.10".to_owned()),
        ..ForecastAsked::default()
    };
    let view = forecast(&desk, asked);
    let told: Vec<_> = view.what_ifs.iter().map(|one| (one.title.as_str(), one.paid.what_if.amount.as_str())).collect();
    assert_eq!(
        told,
        [
            ("Every contract pays 8%", "960.00"),
            ("Every contract costs 10% less", "1080.00"),
            ("All together", "864.00")
        ]
    );
    assert_eq!(view.what_ifs[0].words, "960.00 instead of 1,200.00 over 12 months: 240.00 less.");
    assert_eq!(view.paid.amount, "1200.00");
    let leaves = forecast(&desk, ForecastAsked { leaves: Some("C1".to_owned()), ..ForecastAsked::default() });
    assert_eq!(leaves.what_ifs[0].title, "Oak Works leaves");
    assert_eq!(leaves.what_ifs[0].paid.what_if.amount, "0.00");
}

#[test]
fn contracts_cost_less_by_part_of_a_percent_and_by_nothing() {
    let shelf = Shelf::new();
    let desk = book(&shelf, 3);
    let smaller = |by: &str| {
        let view = forecast(&desk, ForecastAsked { smaller_by: Some(by.to_owned()), ..ForecastAsked::default() });
        let what_if = &view.what_ifs[0];
        (what_if.title.clone(), what_if.words.clone())
    };
    let (title, words) = smaller("0.075");
    assert_eq!(title, "Every contract costs 7.5% less");
    assert_eq!(words, "1,110.00 instead of 1,200.00 over 12 months: 90.00 less.");
    let (title, words) = smaller("0.00");
    assert_eq!(
        (title.as_str(), words.as_str()),
        ("Every contract costs 0% less", "1,200.00 over 12 months, as it stands.")
    );
}

#[test]
fn who_is_late_holds_everything_until_it_is_cured() {
    let shelf = Shelf::new();
    let desk = book(&shelf, 2);
    let view = forecast(&desk, ForecastAsked { cured: true, ..ForecastAsked::default() });
    assert_eq!(paid(&view), ["0.00"; 12]);
    assert_eq!(view.held.amount, "1300.00");
    let cured = &view.what_ifs[0];
    assert_eq!((cured.paid.what_if.amount.as_str(), cured.held.what_if.amount.as_str()), ("1300.00", "0.00"));
    assert_eq!(view.months[0].what_if_paid.as_ref().expect("a what-if").amount, "200.00");
}

#[test]
fn what_is_asked_wrongly_is_told_with_its_field_and_a_stop_stops() {
    let shelf = Shelf::new();
    let desk = book(&shelf, 3);
    let asked = ForecastAsked { months: 12, rate: Some("lots".to_owned()), ..ForecastAsked::default() };
    let error = desk.forecast(&asked, on("2026-04-05"), |_, _| true).expect_err("no rate");
    assert_eq!(error.fields[0].at, "rate");
    for text in ["ten", "1.5", "-0.1", "0.00001"] {
        let asked = ForecastAsked { months: 12, smaller_by: Some(text.to_owned()), ..ForecastAsked::default() };
        let error = desk.forecast(&asked, on("2026-04-05"), |_, _| true).expect_err(text);
        assert_eq!(error.fields[0].at, "smaller_by");
        assert!(error.fields[0].message.contains(&format!("\"{text}\"")), "{}", error.fields[0].message);
    }
    let asked = ForecastAsked { months: 24, ..ForecastAsked::default() };
    let stopped = desk.forecast(&asked, on("2026-04-05"), |done, of| {
        assert_eq!(of, 24);
        done < 3
    });
    assert!(stopped.expect("no error").is_none());
}
