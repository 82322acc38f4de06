//! Clients as the window lists them, and a client's own page. The cases are the sample's; see its table of rules.

use desk::clients::{ClientPage, ClientRow};
use desk::sample::Sample;
use desk::search::{ListQuery, PAGE};
use desk::{Code, Desk, Now};
use refbook_tests::{Shelf, on, passphrase};
use serde_json::json;

fn now() -> Now {
    on("2026-01-03")
}

fn sample(shelf: &Shelf) -> Desk {
    Desk::sample(&shelf.book(), &passphrase(), Sample::Small, |_| ()).expect("the sample")
}

fn query(text: &str) -> ListQuery {
    ListQuery { text: text.to_owned(), ..ListQuery::default() }
}

fn row(desk: &Desk, name: &str) -> ClientRow {
    let view = desk.clients(&query(name), now()).expect("a list");
    assert_eq!((view.total, view.rows.len()), (1, 1), "{name}");
    view.rows.into_iter().next().expect("a row")
}

/// Stage, monthly, open, overdue.
fn figures(row: &ClientRow) -> (Option<&str>, &str, &str, &str) {
    (row.stage.as_deref(), &row.monthly.amount, &row.open.amount, &row.overdue.amount)
}

#[test]
fn a_row_tells_what_a_client_holds_and_what_it_owes() {
    let shelf = Shelf::new();
    let desk = sample(&shelf);
    for (name, expected) in [
        // K01 was upgraded to 1,200.00: that is what is held, whatever of it earns.
        ("acme", (Some("contract"), "1200.00", "0.00", "0.00")),
        // K05, 380.00 less a discount of 30.00: October is not paid, and was due on 15 October.
        ("elm street", (Some("contract"), "350.00", "350.00", "350.00")),
        // K06 in December: 900.00 of 1,350.00 came, and the bill was due on 15 December.
        ("fjordland", (Some("contract"), "1350.00", "450.00", "450.00")),
        // A consulting bill under no contract: 1,150.00 since 18 November. K17 is 330.00 and 95.00.
        ("quillfeather", (Some("contract"), "425.00", "1150.00", "1150.00")),
        // K34 under a net agreement: 425.00 was not remitted, of which 42.50 are the affiliate's to keep.
        ("eastgate", (Some("contract"), "425.00", "382.50", "382.50")),
        // 24 tills, one of which ended. Castle Hill has until 5 January for 64.00: open, and not overdue on the 3rd.
        ("pelican", (Some("contract"), "1152.00", "64.00", "0.00")),
        // K23 ended in April 2025.
        ("vantage", (Some("lapsed"), "0.00", "0.00", "0.00")),
        // R43 has no contract yet; C44 was never referred.
        ("mosaic", (Some("registered"), "0.00", "0.00", "0.00")),
        ("old mill", (None, "0.00", "0.00", "0.00")),
    ] {
        assert_eq!(figures(&row(&desk, name)), expected, "{name}");
    }
    // K24's client left, and was referred anew by another affiliate.
    let again = row(&desk, "willow creek");
    assert_eq!((again.affiliate_name.as_str(), figures(&again).0), ("Zoë Björklund-Álvarez", Some("contract")));
    assert_eq!(row(&desk, "old mill").affiliate_name, "");
}

#[test]
fn what_is_due_today_is_not_overdue_yet() {
    let shelf = Shelf::new();
    let desk = sample(&shelf);
    let overdue = |day| {
        let view = desk.clients(&query("pelican"), on(day)).expect("a list");
        view.rows[0].overdue.amount.clone()
    };
    // Castle Hill's bill of December is due on 5 January.
    assert_eq!(overdue("2026-01-05"), "0.00");
    assert_eq!(overdue("2026-01-06"), "64.00");
}

#[test]
fn clients_stand_by_name_or_the_newest_first_page_by_page() {
    let shelf = Shelf::new();
    let mut desk = sample(&shelf);
    let names = |desk: &Desk, query: &ListQuery| {
        let view = desk.clients(query, now()).expect("a list");
        (view.rows.into_iter().map(|row| row.name).collect::<Vec<_>>(), view.total)
    };
    let (all, total) = names(&desk, &query(""));
    assert_eq!((all.len(), total), (46, 46));
    assert_eq!(all[..2], ["Acme Widgets Inc", "Alder & Finch Architects"]);
    let (newest, _) = names(&desk, &ListQuery { sort: "newest".to_owned(), ..query("") });
    assert_eq!(newest[..2], ["Quarterdeck Chandlery", "Pelican Pharmacies"]);

    let more: Vec<_> = (0..10)
        .map(|nth| json!({"id": format!("M{nth}"), "name": format!("Zz {nth}"), "domains": [], "customer_since": null}))
        .collect();
    let file = json!({"format": "refbook/1", "clients": more}).to_string();
    desk.import("more.json", file.as_bytes(), now()).expect("imported");
    let (second, total) = names(&desk, &ListQuery { from: PAGE, ..query("") });
    assert_eq!((second.len(), total), (6, 56));
    let (found, total) = names(&desk, &query("zz"));
    assert_eq!((found.len(), total, found[0].as_str()), (10, 10, "Zz 0"));
    let (found, _) = names(&desk, &ListQuery { sort: "newest".to_owned(), ..query("zz") });
    assert_eq!(found[0], "Zz 9");
    let (found, total) = names(&desk, &ListQuery { from: 8, ..query("zz") });
    assert_eq!((found, total), (vec!["Zz 8".to_owned(), "Zz 9".to_owned()], 10));

    desk.void(rules::records::RecordKind::Client, "M3", "Entered twice", now()).expect("voided");
    assert_eq!(names(&desk, &query("zz")).1, 9);
    assert_eq!(names(&desk, &query("")).1, 55);
    assert_eq!(names(&desk, &query("&")).1, 0);
}

fn page(desk: &Desk, id: &str) -> ClientPage {
    desk.client_page(id, now()).expect("a page")
}

#[test]
fn a_client_s_page_has_all_that_is_known_of_it() {
    let shelf = Shelf::new();
    let desk = sample(&shelf);
    let acme = page(&desk, "C01");
    assert_eq!(
        (acme.name.as_str(), acme.domains.as_slice()),
        ("Acme Widgets Inc", &["acme-widgets.example".to_owned()][..])
    );
    assert_eq!(acme.referrals.len(), 1);
    assert_eq!(acme.contracts.len(), 1);
    assert_eq!(acme.invoices.len(), 24);
    assert_eq!(acme.invoices[0].issued_on, "2025-12-01");
    // 100.00 a month for the 23 months that are closed: the upgrade of February 2025 adds nothing.
    assert_eq!(acme.earned.amount, "2300.00");

    // Two contracts under two affiliates, the newest first. K24 was billed for nine months at 240.00, K47 from 10
    // February 2025 on at 310.00: 19/28 of it first.
    let willow = page(&desk, "C24");
    assert_eq!(willow.contracts.iter().map(|card| card.id.as_str()).collect::<Vec<_>>(), ["K47", "K24"]);
    assert_eq!(willow.referrals.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["R44", "R24"]);
    // 9 × 24.00 + 21.04 (of 210.36) + 9 × 31.00 to November.
    assert_eq!(willow.earned.amount, "516.04");

    // A bill under no contract is the client's too.
    let quill = page(&desk, "C17");
    assert_eq!(quill.open.amount, "1150.00");
    assert!(quill.invoices.iter().any(|row| row.state == "overdue" && row.total.amount == "1150.00"));

    let refused = desk.client_page("C99", now()).expect_err("nobody");
    assert_eq!(refused.code, Code::UnknownRecord);
}

#[test]
fn a_note_is_kept_with_its_day_the_newest_first() {
    let shelf = Shelf::new();
    let mut desk = sample(&shelf);
    let exported = desk.export().expect("an export");
    desk.write_note("C01", "  Asked for a second rack.\n", on("2026-01-02")).expect("kept");
    desk.write_note("C01", "Called back: <b>not</b> before May.", on("2026-01-03")).expect("kept");
    let notes = page(&desk, "C01").notes;
    let notes: Vec<(&str, &str)> = notes.iter().map(|note| (note.written_on.as_str(), note.text.as_str())).collect();
    assert_eq!(
        notes,
        [("2026-01-03", "Called back: <b>not</b> before May."), ("2026-01-02", "Asked for a second rack.")]
    );
    assert_eq!(page(&desk, "C02").notes.len(), 0);
    assert_eq!(desk.export().expect("an export"), exported, "a note is in no export");

    assert_eq!(desk.write_note("C01", " \n", now()).expect_err("empty").code, Code::Refused);
    assert_eq!(desk.write_note("C99", "Who?", now()).expect_err("nobody").code, Code::UnknownRecord);
    drop(desk);
    assert!(shelf.open().verify().expect("verified").finding.is_none());
}
