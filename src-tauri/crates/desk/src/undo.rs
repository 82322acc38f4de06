//! Undo: takes back the newest batch, be it a form or a whole import. What it recorded is voided, what it corrected is
//! as before, what it voided is back. The journal keeps both the doing and the undoing.
//!
//! A record that was undone may be recorded again under its id, by another import of the same file, say; one that was
//! voided on purpose stays voided.

use book::{Change, Deed};
use rules::problem::Code as Why;
use rules::records::{RecordKind, Records};
use rules::refusal::{Offer, review};
use serde_json::value::RawValue;

use crate::import::{Undone, record};
use crate::{Code, Desk, DeskError, Now};

impl Desk {
    /// What an undo would take back, in words: `Payment of 300.00 recorded`. `None` if there is nothing to undo; a
    /// month that was closed or reopened since ends it: that is taken back by reopening, or by a correction.
    pub fn undo_offered(&self) -> Result<Option<String>, DeskError> {
        Ok(self.book.newest_batch()?.map(|batch| batch.source))
    }

    /// Takes back the newest batch that was not undone; says what it was. Refused, with nothing changed, where another
    /// record leans on it.
    pub fn undo(&mut self, now: Now) -> Result<String, DeskError> {
        let Some(batch) = self.book.newest_batch()? else {
            return Err(DeskError::new(Code::Needed, "There is nothing to undo since the last month was closed."));
        };
        let deeds = self.book.deeds(&batch)?;
        let currency = self.book.programme()?.map(|programme| programme.currency);
        let before = read(&deeds, currency, |deed| (deed.action == "correct").then_some(deed.before.as_deref()?));
        let touched = read(&deeds, currency, |deed| deed.before.as_deref().or(deed.after.as_deref()));
        let reason = format!("Undone: {}", batch.source);
        self.book.change(now.at, |change| {
            change.begin_undo(&batch)?;
            deeds.iter().try_for_each(|deed| take_back(change, deed, &reason))?;
            record(change, &change.records_around(&before)?, &before, &Undone::new())?;
            still_holds(&change.records_around(&touched)?)
        })?;
        Ok(batch.source)
    }
}

/// Takes back what was recorded or voided; what was corrected is put back by its batch's records from before.
fn take_back(change: &mut Change<'_>, deed: &Deed, reason: &str) -> Result<(), DeskError> {
    if change.put_back_company_paid(deed)? {
        return Ok(());
    }
    match deed.action.as_str() {
        "record" => {
            let kind = RecordKind::parse(&deed.record);
            let dependents = kind.map(|kind| change.dependents(kind, &deed.id)).transpose()?.unwrap_or_default();
            if let Some((leaning, first)) = dependents.first() {
                let (record, id, leaning) = (&deed.record, &deed.id, leaning.words());
                let message = format!("The {record} \"{id}\" is needed by {leaning} \"{first}\". Void that one first.");
                return Err(DeskError::new(Code::Needed, message));
            }
            Ok(change.unrecord(deed, reason)?)
        }
        "void" => Ok(change.restore(deed)?),
        _ => Ok(()),
    }
}

/// The records behind deeds. The journal has them as the exchange format does, in the order in which they were done.
fn read<'d>(
    deeds: &'d [Deed],
    currency: Option<rules::money::Currency>,
    json: impl Fn(&'d Deed) -> Option<&'d str>,
) -> Records {
    let mut lists: std::collections::BTreeMap<&str, Vec<&RawValue>> = std::collections::BTreeMap::new();
    let mut file = serde_json::Map::new();
    for deed in deeds.iter().rev() {
        let raw = json(deed).and_then(|json| serde_json::from_str(json).ok());
        let (Some(kind), Some(raw)) = (RecordKind::parse(&deed.record), raw) else { continue };
        lists.entry(kind.member()).or_default().push(raw);
    }
    for (member, records) in lists {
        let value = match (member, records.as_slice()) {
            ("programme", [programme, ..]) => serde_json::to_value(programme),
            _ => serde_json::to_value(&records),
        };
        file.extend(value.ok().map(|value| (member.to_owned(), value)));
    }
    exchange::book::read_part(serde_json::Value::Object(file).to_string().as_bytes(), currency).offer.records
}

/// What is left must be as the rules would take it; but a fact of an invoice that was voided since is its own again.
fn still_holds(around: &Records) -> Result<(), DeskError> {
    let mut problems = review(&Records::default(), &Offer::of(around.clone())).problems.into_iter();
    match problems.find(|problem| problem.code != Why::UnknownReference) {
        None => Ok(()),
        Some(problem) => Err(DeskError::new(Code::Needed, format!("Without it: {}", problem.message))),
    }
}
