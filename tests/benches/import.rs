//! An import of refbook/1, against a bare insert of the same rows.

use std::time::Duration;

use desk::{Desk, Now};
use exchange::book::read;
use refbook_tests::intruder::break_in;
use refbook_tests::{PASSPHRASE, Shelf, passphrase};
use rules::id::Id;
use rules::records::Records;
use rusqlite::{Connection, params};

use crate::{Ratio, book, ms, open, ratio, rounds, timed};

pub fn ratios() -> Vec<Ratio> {
    let file = open(&book(2_000, 24)).export().expect("an export");
    let records = read(file.as_bytes(), None).offer.records;
    let [import, bare] = rounds(7, [&mut || import(&file), &mut || bare(&records)]);
    vec![Ratio {
        what: "Importing 2,000 contracts with 24 months, checked and journalled, against bare prepared inserts",
        measured: format!("{} against {}", ms(&import), ms(&bare)),
        ratio: ratio(&import, &bare),
        at_most: 3.0,
    }]
}

fn import(file: &str) -> Duration {
    let shelf = Shelf::new();
    let mut desk = Desk::create(&shelf.book(), &passphrase()).expect("a book");
    let at = chrono::Utc::now();
    let now = Now { at, today: at.date_naive() };
    timed(|| desk.import("book.json", file.as_bytes(), now).expect("the import")).0
}

/// The same rows of the same tables with the same indexes in an encrypted file, one transaction: nothing read, nothing
/// checked, nothing journalled, no trigger.
fn bare(records: &Records) -> Duration {
    let shelf = Shelf::new();
    drop(Desk::create(&shelf.book(), &passphrase()).expect("a book"));
    let mut connection = break_in(&shelf.book(), PASSPHRASE);
    connection.pragma_update(None, "journal_mode", "TRUNCATE").expect("as the book");
    connection.pragma_update(None, "synchronous", "EXTRA").expect("as the book");
    connection.pragma_update(None, "secure_delete", true).expect("as the book");
    connection.pragma_update(None, "cache_size", -32 * 1024).expect("as the book");
    timed(|| insert(&mut connection, records).expect("inserted")).0
}

fn insert(connection: &mut Connection, records: &Records) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    // Keys as they will be: each table's rows are numbered from 1.
    let position = |ids: Vec<&str>| -> std::collections::HashMap<String, i64> {
        ids.into_iter().map(str::to_owned).zip(1..).collect()
    };
    let affiliates = position(records.affiliates.iter().map(|one| one.id.as_str()).collect());
    let clients = position(records.clients.iter().map(|one| one.id.as_str()).collect());
    let referrals = position(records.referrals.iter().map(|one| one.id.as_str()).collect());
    let contracts = position(records.contracts.iter().map(|one| one.id.as_str()).collect());
    let invoices = position(records.invoices.iter().map(|one| one.id.as_str()).collect());
    {
        let mut put = transaction.prepare(
            "INSERT INTO affiliate (id, name, own_companies, domains, agreement_signed_on, remittance)
            VALUES (?, ?, '[]', '[]', ?, 'in_full')",
        )?;
        for one in &records.affiliates {
            put.execute(params![one.id.as_str(), one.name, one.agreement_signed_on.map(|day| day.to_string())])?;
        }
        let mut put =
            transaction.prepare("INSERT INTO client (id, name, plain_name, domains) VALUES (?1, ?2, ?2, '[]')")?;
        for one in &records.clients {
            put.execute(params![one.id.as_str(), one.name])?;
        }
        let mut put =
            transaction.prepare("INSERT INTO referral (id, affiliate, client, registered_on) VALUES (?, ?, ?, ?)")?;
        for one in &records.referrals {
            let (affiliate, client) = (affiliates[one.affiliate.as_str()], clients[one.client.as_str()]);
            put.execute(params![one.id.as_str(), affiliate, client, one.registered_on.to_string()])?;
        }
        insert_contracts(&transaction, records, &referrals)?;
        let mut put = transaction.prepare(
            "INSERT INTO invoice
                (id, number, client, contract, issued_on, due_on, period_start, period_end, tax_minor)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?;
        let mut put_line = transaction.prepare("INSERT INTO invoice_line VALUES (?, ?, ?, ?, ?)")?;
        for one in &records.invoices {
            put.execute(params![
                one.id.as_str(),
                one.number,
                clients[one.client.as_str()],
                one.contract.as_ref().map(Id::as_str).map(|id| contracts[id]),
                one.issued_on.to_string(),
                one.due_on.to_string(),
                one.period_start.to_string(),
                one.period_end.to_string(),
                one.tax.minor(),
            ])?;
            for (line, at) in one.lines.iter().zip(0..) {
                let key = invoices[one.id.as_str()];
                put_line.execute(params![key, at, line.kind.as_str(), line.description, line.amount.minor()])?;
            }
        }
        let mut put =
            transaction.prepare("INSERT INTO payment (id, invoice, received_on, amount_minor) VALUES (?, ?, ?, ?)")?;
        for one in &records.payments {
            let invoice = invoices[one.invoice.as_str()];
            put.execute(params![one.id.as_str(), invoice, one.received_on.to_string(), one.amount.minor()])?;
        }
    }
    transaction.commit()
}

fn insert_contracts(
    connection: &Connection,
    records: &Records,
    referrals: &std::collections::HashMap<String, i64>,
) -> rusqlite::Result<()> {
    let mut put = connection.prepare(
        "INSERT INTO contract (id, referral, signed_on, starts_on, term_months, ended_on, rate_bp, billed_by)
        VALUES (?, ?, ?, ?, ?, ?, ?, 'company')",
    )?;
    let mut put_line = connection.prepare("INSERT INTO contract_line VALUES (?, ?, ?, ?, ?, ?)")?;
    for (one, key) in records.contracts.iter().zip(1_i64..) {
        put.execute(params![
            one.id.as_str(),
            referrals[one.referral.as_str()],
            one.signed_on.to_string(),
            one.starts_on.to_string(),
            one.term_months,
            one.ended_on.map(|day| day.to_string()),
            one.rate.basis_points(),
        ])?;
        for (line, at) in one.lines.iter().zip(0..) {
            put_line.execute(params![key, 0, at, line.kind.as_str(), line.description, line.amount.minor()])?;
        }
    }
    Ok(())
}
