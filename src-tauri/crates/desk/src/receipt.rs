//! The receipt of a registration: sealed when a form records a referral, printed whenever the affiliate asks for it.

use std::path::Path;

use book::{BookError, Change, Finding, Packed, Reader, ReceiptRow};
use chrono::{DateTime, SecondsFormat, Utc};
use exchange::receipt::{self, Receipt};
use paper::ReceiptPaper;
use rules::affiliate::Affiliate;
use rules::client::Client;
use rules::day;
use rules::referral::Referral;
use rules::registration::checks;
use rules::terms::Programme;

use crate::file::write_whole;
use crate::{Code, Desk, DeskError, Now, PageSize};

/// Who registered whom, under whose programme.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Registration<'a> {
    pub programme: &'a Programme,
    pub affiliate: &'a Affiliate,
    pub client: &'a Client,
    pub referral: &'a Referral,
}

/// Seals the receipt of a referral that is recorded in the same change, once nothing speaks against it and its near
/// misses are confirmed.
pub(crate) fn seal(change: &mut Change<'_>, registration: Registration<'_>, now: Now) -> Result<(), BookError> {
    let Registration { programme, affiliate, client, referral } = registration;
    let sealed = Receipt {
        engine: rules::ENGINE,
        programme: programme.clone(),
        affiliate: affiliate.clone(),
        client: client.clone(),
        referral: referral.clone(),
        recorded_at: now.at.to_rfc3339_opts(SecondsFormat::Secs, true),
        checks: checks(referral, affiliate, client).into(),
    };
    change.seal_receipt(&referral.id, &Packed::new(&receipt::write(&sealed)))
}

impl Desk {
    /// Prints the sealed receipt of a registration.
    pub fn print_receipt(&self, referral: &str, file: &Path, size: PageSize) -> Result<(), DeskError> {
        let row = self.book.receipt(referral)?.ok_or_else(|| {
            let message = format!(
                "Referral \"{referral}\" has no receipt: it was not registered with a form, or it was voided since."
            );
            DeskError::new(Code::UnknownRecord, message)
        })?;
        let document = book::unpack(&row.document)?;
        let sealed = receipt::read(&document).map_err(damaged)?;
        let recorded_at = DateTime::parse_from_rfc3339(&sealed.recorded_at).map_err(damaged)?.with_timezone(&Utc);
        let look = self.look()?;
        let printed = paper::receipt(
            &ReceiptPaper {
                programme: &sealed.programme,
                affiliate: &sealed.affiliate,
                client: &sealed.client,
                referral: &sealed.referral,
                checks: &sealed.checks,
                recorded_words: &words(recorded_at),
                recorded_on: recorded_at.date_naive(),
                sha256: &row.sha256_hex(),
                json: &document,
                logo: look.logo.as_ref(),
            },
            size,
            &look.fonts,
        );
        write_whole(file, &printed.pdf)
    }
}

/// The first receipt that is not as it was sealed, or not of the referral that the journal has.
pub(crate) fn first_broken(book: &Reader) -> Result<Option<Finding>, BookError> {
    book.first_broken_receipt(|row, document| difference(row, document).err())
}

/// `3 Jan 2026, 12:00 UTC`.
fn words(at: DateTime<Utc>) -> String {
    format!("{}, {} UTC", day::words(at.date_naive()), at.format("%H:%M"))
}

fn damaged(error: impl std::fmt::Display) -> DeskError {
    DeskError::new(Code::Damaged, format!("A sealed receipt can't be read: {error}. Run `refbook verify`."))
}

/// What differs between a receipt and its own facts, or what the journal says of its referral.
fn difference(row: &ReceiptRow, document: &[u8]) -> Result<(), String> {
    let sealed = receipt::read(document).map_err(|error| error.to_string())?;
    if sealed.referral.id != row.referral {
        return Err(format!("the document is of referral {}", sealed.referral.id));
    }
    let Some((at, recorded)) = &row.journalled else {
        return Err("the journal does not know of its referral".to_owned());
    };
    let recorded: Referral = serde_json::from_str(recorded).map_err(|error| error.to_string())?;
    if recorded != sealed.referral || *at != sealed.recorded_at {
        return Err("the journal has its referral recorded otherwise".to_owned());
    }
    let Receipt { referral, affiliate, client, .. } = &sealed;
    let is_of_its_facts = referral.affiliate == affiliate.id && referral.client == client.id;
    // Another version of the rules may have said it in other words.
    if !is_of_its_facts || (sealed.engine == rules::ENGINE && sealed.checks != checks(referral, affiliate, client)) {
        return Err("its checks are not what its own facts give".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests;
