//! refbook/1: a whole book as JSON; what an export writes and an import reads.
//!
//! Reading is total: whatever the bytes are, every problem comes with its place, and what could be read is offered.

mod object;
mod read;

use rules::records::{RecordKind, Records};
use serde::Serialize;

pub use read::{Reading, read, read_part};

/// The format's name and number: "the format's number then stays while old files still read".
const FORMAT: &str = "refbook/1";

/// Writes records, one a line, each list in its own order. Reading it gives equal records.
pub fn write(records: &Records) -> String {
    let mut text = format!("{{\n\"format\":\"{FORMAT}\"");
    if let Some(programme) = &records.programme {
        text.push_str(",\n\"programme\":");
        text.push_str(&json(programme));
    }
    list(&mut text, RecordKind::Terms, &records.terms);
    list(&mut text, RecordKind::Affiliate, &records.affiliates);
    list(&mut text, RecordKind::Client, &records.clients);
    list(&mut text, RecordKind::Referral, &records.referrals);
    list(&mut text, RecordKind::Contract, &records.contracts);
    list(&mut text, RecordKind::Invoice, &records.invoices);
    list(&mut text, RecordKind::Payment, &records.payments);
    list(&mut text, RecordKind::Refund, &records.refunds);
    list(&mut text, RecordKind::CreditNote, &records.credit_notes);
    list(&mut text, RecordKind::Remittance, &records.remittances);
    list(&mut text, RecordKind::Adjustment, &records.adjustments);
    list(&mut text, RecordKind::Quote, &records.quotes);
    list(&mut text, RecordKind::OwnPrice, &records.own_prices);
    list(&mut text, RecordKind::Resale, &records.resales);
    list(&mut text, RecordKind::OwnEntry, &records.own_entries);
    text.push_str("\n}\n");
    text
}

fn list<T: Serialize>(text: &mut String, kind: RecordKind, records: &[T]) {
    text.push_str(&format!(",\n\"{}\":[", kind.member()));
    for (nth, record) in records.iter().enumerate() {
        text.push_str(if nth == 0 { "\n" } else { ",\n" });
        text.push_str(&json(record));
    }
    text.push(']');
}

fn json<T: Serialize>(record: &T) -> String {
    serde_json::to_string(record).expect("a record is JSON")
}

#[cfg(test)]
mod tests;
