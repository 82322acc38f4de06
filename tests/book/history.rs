//! Closed months, the journal, and what somebody with the right key can not change unnoticed.

use std::fs;
use std::path::Path;

use desk::biller::Letterhead;
use desk::reconcile::TypedPaid;
use desk::{Code, Desk, DeskError, Month, OlderCopy, RecordKind, State};
use exchange::book::write;
use refbook_tests::intruder::break_in;
use refbook_tests::{PASSPHRASE, Shelf, later, on, passphrase};
use rules::affiliate::Affiliate;
use rules::id::Id;

fn month(text: &str) -> Month {
    Month::parse(text).expect("a month")
}

/// The sample, closed through March 2024.
fn sample(shelf: &Shelf) -> Desk {
    let mut desk = shelf.create();
    desk.import("small.json", write(&desk::sample::small()).as_bytes(), later()).expect("the import");
    desk.close(month("2024-03"), later(), |_| true).expect("it closes");
    desk
}

fn code<T: std::fmt::Debug>(result: Result<T, DeskError>) -> Code {
    result.expect_err("refused").code
}

#[test]
fn months_close_in_order_and_only_once_they_are_over() {
    let shelf = Shelf::new();
    let mut desk = sample(&shelf);
    let mut closed = Vec::new();
    let hear = |one: desk::Closed| {
        closed.push(one.month);
        true
    };
    desk.close(month("2024-05"), later(), hear).expect("it closes");
    assert_eq!(closed, [month("2024-04"), month("2024-05")]);
    assert_eq!(code(desk.close(month("2024-05"), later(), |_| true)), Code::MonthClosed);
    assert_eq!(code(desk.close(month("2024-06"), on("2024-06-30"), |_| true)), Code::MonthNotOver);
    desk.close(month("2024-06"), on("2024-07-01"), |_| true).expect("the day after the cutoff");
}

#[test]
fn only_the_newest_closed_month_reopens_and_with_a_reason() {
    let shelf = Shelf::new();
    let mut desk = sample(&shelf);
    assert_eq!(code(desk.reopen(month("2024-02"), "a late bill", later())), Code::NotTheNewest);
    assert_eq!(code(desk.reopen(month("2024-04"), "a late bill", later())), Code::MonthOpen);
    assert_eq!(code(desk.reopen(month("2024-03"), " ", later())), Code::ReasonMissing);
    desk.reopen(month("2024-03"), "a late bill", later()).expect("it reopens");
    assert!(matches!(desk.statements(month("2024-03"), None).expect("drafts").statements[0].state, State::Draft));
    desk.close(month("2024-03"), later(), |_| true).expect("it closes");
    let again = &desk.statements(month("2024-03"), None).expect("sealed").statements[0];
    assert!(again.number.ends_with("-r2"), "{}", again.number);
    assert!(matches!(again.state, State::Sealed { revision: 2, .. }));
    assert_eq!(desk.verify().expect("verify").finding, None, "what was sealed first is still there, and whole");
}

#[test]
fn a_book_with_two_reopened_months_is_as_it_was_written() {
    let shelf = Shelf::new();
    let mut desk = sample(&shelf);
    for reopened in ["2024-03", "2024-02"] {
        desk.reopen(month(reopened), "late bills", later()).expect("it reopens");
        assert_eq!(desk.verify().expect("verify").finding, None, "{reopened} is open");
    }
    desk.close(month("2024-04"), later(), |_| true).expect("they close");
    assert_eq!(desk.verify().expect("verify").finding, None, "and closed again");
}

/// Bills that earn nothing are on no line that is settled, and yet are told or hold others.
#[test]
fn a_month_that_is_reopened_says_what_it_said_whatever_was_done_with_since() {
    let shelf = Shelf::new();
    let mut desk = sample(&shelf);
    desk.close(month("2025-12"), later(), |_| true).expect("they close");
    let statements = |desk: &Desk, of: Month| {
        let drawn = desk.statements(of, None).expect("statements").statements;
        drawn.into_iter().map(|view| view.statement).collect::<Vec<_>>()
    };
    let mut reopened = month("2025-12");
    while reopened >= month("2024-01") {
        let before = statements(&desk, reopened);
        desk.reopen(reopened, "looked again", later()).expect("it reopens");
        assert_eq!(statements(&desk, reopened), before, "{reopened}");
        assert_eq!(desk.verify().expect("verify").finding, None, "{reopened} is open");
        reopened = reopened.previous();
    }
}

#[test]
fn an_adjustment_of_a_closed_month_is_refused_and_a_late_payment_is_welcome() {
    let shelf = Shelf::new();
    let mut desk = sample(&shelf);
    let records = desk::sample::small();
    let affiliate = &records.affiliates[0].id;
    let adjust = |month: &str| {
        format!(
            r#"{{"format": "refbook/1", "adjustments": [{{"id": "late", "affiliate": "{affiliate}", "month": "{month}",
            "amount": "5.00", "reason": "forgotten"}}]}}"#
        )
    };
    let error = desk.import("late.json", adjust("2024-03").as_bytes(), later()).expect_err("refused");
    assert_eq!(error.fields[0].code.as_str(), "month_closed");
    assert_eq!(error.fields[0].at, "adjustments[0].month");
    desk.import("late.json", adjust("2024-04").as_bytes(), later()).expect("the next open month");
}

#[test]
fn a_voided_record_counts_for_nothing_and_its_id_stays_taken() {
    let shelf = Shelf::new();
    let mut desk = sample(&shelf);
    let records = desk::sample::small();
    let payment = records.payments.iter().find(|payment| payment.received_on.to_string().as_str() < "2024-03-01");
    let payment = payment.expect("an early payment");
    let statements = |desk: &Desk, of: &str| desk.statements(month(of), None).expect("statements").json();
    let before = statements(&desk, "2024-03");
    desk.void(RecordKind::Payment, payment.id.as_str(), "of another company", later()).expect("voided");
    assert_eq!(statements(&desk, "2024-03"), before, "closed months stay");
    assert!(!desk.export().expect("an export").contains(&format!("\"id\":\"{}\"", payment.id)));
    let again = desk.import("small.json", write(&records).as_bytes(), later()).expect_err("its id is taken");
    assert_eq!(again.fields.iter().map(|problem| problem.code.as_str()).collect::<Vec<_>>(), ["duplicate_id"]);
    let client = records.clients[0].id.as_str();
    assert_eq!(code(desk.void(RecordKind::Client, client, "left", later())), Code::Needed);
    assert_eq!(code(desk.void(RecordKind::Payment, "nobody's", "gone", later())), Code::UnknownRecord);
    desk.close(month("2024-04"), later(), |_| true).expect("it closes");
    assert_eq!(desk.verify().expect("verify").finding, None);
}

/// Action, before, after, reason.
type Entry = (String, Option<String>, Option<String>, Option<String>);

#[test]
fn every_change_is_in_the_journal_with_before_and_after() {
    let shelf = Shelf::new();
    let mut desk = sample(&shelf);
    let mut records = desk::sample::small();
    records.invoices[0].number.push_str("-corrected");
    let corrected = records.invoices[0].clone();
    desk.import("again.json", write(&records).as_bytes(), later()).expect("the import");
    desk.void(RecordKind::Invoice, corrected.id.as_str(), "never sent", later()).expect("voided");
    drop(desk);
    let book = break_in(&shelf.book(), PASSPHRASE);
    let entries: Vec<Entry> = book
        .prepare(
            "SELECT action, before, after, reason FROM journal WHERE record = 'invoice' AND id = ? ORDER BY sequence",
        )
        .and_then(|mut entries| {
            let entry = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
            entries.query_map([corrected.id.as_str()], entry)?.collect()
        })
        .expect("the journal");
    let actions: Vec<&str> = entries.iter().map(|(action, ..)| action.as_str()).collect();
    assert_eq!(actions, ["record", "correct", "void"]);
    assert_eq!(entries[1].1, entries[0].2, "what it was before is what was recorded first");
    assert!(entries[1].2.as_deref().is_some_and(|after| after.contains("-corrected")));
    assert_eq!(entries[2].3.as_deref(), Some("never sent"));
}

#[test]
fn a_book_of_a_newer_version_is_refused_by_name_and_left_alone() {
    let shelf = Shelf::new();
    drop(sample(&shelf));
    let book = break_in(&shelf.book(), PASSPHRASE);
    book.pragma_update(None, "user_version", 99).expect("a newer version");
    drop(book);
    let before = fs::read(shelf.book().join("book.db")).expect("the book");
    let error = Desk::open(&shelf.book(), &passphrase(), OlderCopy::Refuse).err().expect("refused");
    assert_eq!(error.code, Code::Newer);
    assert!(error.message.contains("99"), "{}", error.message);
    assert_eq!(fs::read(shelf.book().join("book.db")).expect("the book"), before);
}

#[test]
fn reading_writes_nothing() {
    let shelf = Shelf::new();
    drop(sample(&shelf));
    let files = || ["book.db", "key.json", "head.json"].map(|name| fs::read(shelf.book().join(name)).expect(name));
    let before = files();
    let mut desk = shelf.open();
    desk.statements(month("2024-03"), None).expect("sealed");
    desk.statements(month("2024-08"), None).expect("drafts");
    desk.preview(write(&desk::sample::small()).as_bytes()).expect("a preview");
    desk.export().expect("an export");
    desk.verify().expect("verify");
    drop(desk);
    assert!(files() == before);
}

/// Each edit is made with the right key and the triggers gone, in a copy of its own.
#[test]
fn verify_names_every_edit_of_what_is_sealed() {
    let shelf = Shelf::new();
    drop(sample(&shelf));
    let edits = [
        ("a payout", "UPDATE statement SET payout_minor = payout_minor + 1 WHERE key = 3"),
        ("a balance", "UPDATE statement SET carried_forward_minor = 7 WHERE key = 5"),
        ("what was held", "UPDATE statement SET held_minor = 7 WHERE key = 5"),
        ("a document", "UPDATE statement SET document = (SELECT document FROM statement WHERE key = 2) WHERE key = 1"),
        ("a hash", "UPDATE statement SET sha256 = zeroblob(32) WHERE key = 4"),
        ("a seal", "UPDATE statement SET mac = zeroblob(32) WHERE key = 4"),
        ("a number", "UPDATE statement SET number = 'other' WHERE key = 4"),
        ("a statement taken out", "DELETE FROM statement WHERE closing = 1"),
        ("the newest statements taken out", "DELETE FROM statement WHERE closing = 3"),
        ("a settled amount", "UPDATE settled SET amount_minor = amount_minor + 1"),
        ("a settled amount taken out", "DELETE FROM settled WHERE closing = (SELECT max(closing) FROM settled)"),
        ("the journal's words", "UPDATE journal SET after = after || ' ' WHERE sequence = 40"),
        ("the journal's reason", "UPDATE journal SET reason = 'none' WHERE sequence = 1"),
        ("an entry of the journal taken out", "DELETE FROM journal WHERE sequence = 17"),
        ("a month", "UPDATE closing SET month = '2023-01' WHERE key = 1"),
        ("a month taken out", "DELETE FROM closing WHERE key = (SELECT max(key) FROM closing)"),
        ("a reopening", "UPDATE closing SET reopened_at = closed_at, reopen_reason = 'late bills' WHERE key = 3"),
        ("a statement of nobody", "UPDATE statement SET affiliate = 999 WHERE key = 4"),
        ("a payment's amount", "UPDATE payment SET amount_minor = amount_minor + 1 WHERE key = 2"),
        ("an invoice's line", "UPDATE invoice_line SET amount_minor = amount_minor + 1 WHERE invoice = 1"),
        ("a payment taken out", "DELETE FROM payment WHERE key = 2"),
        ("the programme taken out", "DELETE FROM programme"),
        (
            "an open invoice taken out",
            "DELETE FROM open_invoice WHERE invoice = (SELECT min(invoice) FROM open_invoice)",
        ),
        ("all open invoices taken out", "DELETE FROM open_invoice"),
    ];
    for (what, sql) in edits {
        let copy = Shelf::new();
        copy_folder(&shelf.book(), &copy.book());
        let book = break_in(&copy.book(), PASSPHRASE);
        book.pragma_update(None, "foreign_keys", false).expect("no checks");
        let changed = book.execute(sql, []).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert!(changed > 0, "{what}: nothing was edited");
        drop(book);
        let verified = copy.open().verify().expect("verify");
        let finding = verified.finding.unwrap_or_else(|| panic!("{what}: not found"));
        assert!(!finding.at.is_empty() && !finding.what.is_empty(), "{what}: {finding:?}");
    }
}

/// Where the money goes to stands on every invoice.
#[test]
fn verify_names_every_edit_of_what_is_kept_beside_the_records() {
    let shelf = Shelf::new();
    let mut desk = sample(&shelf);
    let records = desk::sample::small();
    let (affiliate, client) = (records.affiliates[0].id.as_str(), records.clients[0].id.as_str());
    let letterhead =
        |pay_to: &str| Letterhead { pay_to: pay_to.to_owned(), days_to_pay: "30".to_owned(), ..Letterhead::default() };
    for pay_to in ["Bank of Oak, 12345", "Bank of Elm, 67890"] {
        desk.set_letterhead(affiliate, &letterhead(pay_to), later()).expect("kept");
    }
    desk.set_agreement(affiliate, Some(("signed.pdf", b"%PDF-1.7 signed")), later()).expect("kept");
    desk.write_note(client, "Pays by cheque", later()).expect("kept");
    let paid = |amount: &str| TypedPaid { number: "NS-1".to_owned(), client: String::new(), amount: amount.to_owned() };
    desk.set_paid(affiliate, month("2024-02"), &[paid("12.34")], later()).expect("kept");
    desk.set_paid(affiliate, month("2024-03"), &[paid("1.00")], later()).expect("kept");
    desk.set_paid(affiliate, month("2024-03"), &[], later()).expect("taken back");
    assert_eq!(desk.verify().expect("verify").finding, None);
    drop(desk);
    let edits = [
        ("letterhead", "UPDATE biller SET pay_to = 'Bank of Mine, 666'"),
        ("letterhead", "DELETE FROM biller"),
        ("agreement", "UPDATE affiliate_file SET bytes = x'00'"),
        ("agreement", "UPDATE affiliate_file SET name = 'other.pdf'"),
        ("note", "UPDATE note SET text = 'Pays in cash'"),
        ("what was really paid", "UPDATE company_line SET amount_minor = 1"),
        ("what was really paid", "DELETE FROM company_line"),
        ("logo", "INSERT INTO logo (key, png) VALUES (1, x'00')"),
        ("owner", "INSERT INTO owner (key, affiliate) VALUES (1, 1)"),
    ];
    for (at, sql) in edits {
        let copy = Shelf::new();
        copy_folder(&shelf.book(), &copy.book());
        assert!(break_in(&copy.book(), PASSPHRASE).execute(sql, []).expect(sql) > 0, "{sql}");
        let finding = copy.open().verify().expect("verify").finding.expect(sql);
        assert!(finding.at.starts_with(at), "{sql}: {finding:?}");
    }
}

/// What is kept of an affiliate goes by its id, and the programme's logo by a word.
#[test]
fn an_affiliate_called_logo_has_a_logo_of_its_own() {
    let shelf = Shelf::new();
    let mut desk = shelf.create();
    let mut records = desk::sample::small();
    let called = Affiliate { id: Id::new("logo"), name: "Logo & Sons".to_owned(), ..records.affiliates[0].clone() };
    records.affiliates.push(called);
    desk.import("small.json", write(&records).as_bytes(), later()).expect("the import");
    let [programmes, theirs] = [include_bytes!("../../icons/32.png").as_slice(), include_bytes!("../../icons/128.png")];
    desk.set_logo(Some(programmes), later()).expect("kept");
    desk.set_biller_logo("logo", Some(theirs), later()).expect("kept");
    assert_eq!(desk.verify().expect("verify").finding, None);
    desk.set_logo(None, later()).expect("taken away");
    assert_eq!(desk.verify().expect("verify").finding, None);
    drop(desk);
    break_in(&shelf.book(), PASSPHRASE).execute("DELETE FROM affiliate_file", []).expect("edited");
    let finding = shelf.open().verify().expect("verify").finding.expect("it is missing");
    assert_eq!(finding.at, "affiliate's logo logo");
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir(to).expect("a folder");
    for entry in fs::read_dir(from).expect("the folder") {
        let path = entry.expect("a file").path();
        if path.is_file() {
            fs::copy(&path, to.join(path.file_name().expect("a name"))).expect("copied");
        }
    }
}
