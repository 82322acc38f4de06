//! What the journals say, and what is wrong with a place, in words.

use book::Changed;
use book::backup::{Backup, Reason};
use book::place::Shared;
use rules::month::Month;
use rules::records::RecordKind;

/// Why a backup was made.
pub fn why(backup: &Backup) -> &'static str {
    if backup.was_replaced {
        return "what a restore replaced";
    }
    match backup.about.as_ref().map(|about| about.reason) {
        Some(Reason::Schedule) => "by itself",
        Some(Reason::Asked) => "asked for",
        Some(Reason::Import) => "before a large import",
        Some(Reason::Migration) | None => "before a new version",
        Some(Reason::KeyChange) => "before a new key",
    }
}

/// `2.4 MB`.
pub fn size(bytes: u64) -> String {
    let tenths = (bytes * 10).div_ceil(1024 * 1024);
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

/// What entries of the journal did: `12 payments recorded`, `October 2025 closed`.
pub fn changed(changed: &Changed) -> Vec<String> {
    let records = changed
        .records
        .iter()
        .map(|(action, record, count)| format!("{count} {} {}", kind(record, *count), done(action)));
    let months = changed.months.iter().map(|(action, month)| {
        let month = Month::parse(month).map_or_else(|| month.clone(), |month| month.words());
        format!("{month} {}", done(action))
    });
    months.chain(records).collect()
}

fn done(action: &str) -> &str {
    match action {
        "record" => "recorded",
        "correct" => "corrected",
        "void" => "voided",
        "restore" => "brought back",
        "close" => "closed",
        "reopen" => "reopened",
        other => other,
    }
}

fn kind(record: &str, count: i64) -> String {
    let (one, many) = match record {
        "note" => ("note", "notes"),
        "logo" => ("logo", "logos"),
        "affiliate_logo" => ("affiliate's logo", "affiliates' logos"),
        "biller" => ("letterhead", "letterheads"),
        "agreement" => ("agreement's file", "agreements' files"),
        "company_paid" => ("statement of what was really paid", "statements of what was really paid"),
        "owner" => ("owner", "owners"),
        record => match RecordKind::parse(record) {
            Some(kind) if count == 1 => return kind.words().to_owned(),
            Some(kind) => return kind.member().replace('_', " "),
            None => (record, record),
        },
    };
    if count == 1 { one.to_owned() } else { many.to_owned() }
}

/// Who else writes where the book lies.
pub fn shared(shared: &Shared) -> String {
    match shared {
        Shared::Synced(program) => format!(
            "The book lies in a folder that {program} copies elsewhere. It may put an older file back, or mix two days: \
             keep the book in a folder of this computer, and send its backups there instead."
        ),
        Shared::Network(kind) => format!(
            "The book lies on another machine ({kind}). Over a network nobody promises that what was saved is there \
             after a fault: keep the book on this computer, and send its backups there instead."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_journal_did_is_told_in_words() {
        let told = changed(&Changed {
            entries: 16,
            last_at: None,
            records: vec![
                ("record".to_owned(), "payment".to_owned(), 12),
                ("correct".to_owned(), "credit_note".to_owned(), 2),
                ("void".to_owned(), "client".to_owned(), 1),
                ("record".to_owned(), "note".to_owned(), 1),
            ],
            months: vec![("close".to_owned(), "2025-10".to_owned())],
        });
        assert_eq!(
            told,
            [
                "October 2025 closed",
                "12 payments recorded",
                "2 credit notes corrected",
                "1 client voided",
                "1 note recorded",
            ]
        );
    }

    #[test]
    fn a_size_is_told_in_megabytes() {
        assert_eq!([0, 1, 405_504, 2_441_216].map(size), ["0.0 MB", "0.1 MB", "0.4 MB", "2.4 MB"]);
    }
}
