//! `key.json`: the book's id, a slot for each way in, and what a change of the root key kept.
//!
//! Written whole or not at all. `key.previous.json` is a second copy, written after it, for when the first is missing or
//! damaged: it opens with the same ways in and no others, and the first is written anew from it. What an interruption left
//! in it is made good when the book is opened.

use std::io;
use std::path::Path;

use chrono::DateTime;
use rules::day::Day;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::slot::Slot;
use super::wrapped::Wrapped;
use super::{KeyError, Keys, Secret, Way, WayIn, WaysInto};
use crate::file::{remove_durably, words, write_durably};

pub const FILE: &str = "key.json";
/// Once the copy from before the last change. Its name stays, since older Refbooks tell people to put it back.
pub const COPY: &str = "key.previous.json";

/// The version of the key file that this Refbook writes, and the newest it reads. 1 had the passphrase alone.
pub const VERSION: u32 = 2;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyFile {
    version: u32,
    book: String,
    /// How often the ways in were changed: `head.json` keeps the number, so that an older file put back is noticed.
    #[serde(default)]
    changes: u64,
    slots: Vec<Slot>,
    /// The keys for the journal and the seals, wrapped by the root key: those that the first root key gave. Absent while
    /// that one is in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kept: Option<Wrapped>,
}

/// The file's text: what it says, and that text's SHA-256, so that damage is never taken for a wrong passphrase.
#[derive(Serialize, Deserialize)]
struct Written<'a> {
    sha256: String,
    #[serde(borrow)]
    keys: &'a RawValue,
}

/// Of a key file of any version.
#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

impl KeyFile {
    /// Of a new book, whose first way in is this.
    pub fn new(way: WayIn<'_>, keys: &Keys) -> Result<Self, KeyError> {
        let book = Uuid::now_v7().to_string();
        let slot = Slot::new(1, None, &book, way, &keys.held.root)?;
        Ok(Self { version: VERSION, book, changes: 0, slots: vec![slot], kept: None })
    }

    /// Of the same book under keys with a new root key, with these ways in and no others.
    pub fn renewed(&self, ways: &[WayIn<'_>], keys: &Keys, on: Day) -> Result<Self, KeyError> {
        let changes = self.changes + 1;
        let mut file = Self { version: VERSION, book: self.book.clone(), changes, slots: Vec::new(), kept: None };
        let after = self.highest_id();
        for (id, way) in (after + 1..).zip(ways) {
            file.slots.push(Slot::new(id, Some(on), &file.book, *way, &keys.held.root)?);
        }
        let mut kept = Zeroizing::new([0; 64]);
        kept[..32].copy_from_slice(&keys.held.journal);
        kept[32..].copy_from_slice(&keys.held.seal);
        file.kept = Some(Wrapped::new(&keys.wrapping(), kept.as_slice(), &file.for_kept())?);
        Ok(file)
    }

    /// The book's keys, if `way` is one of its ways in.
    pub fn open(&self, way: WayIn<'_>) -> Result<Keys, KeyError> {
        let (_, root) = self.root(way)?;
        let mut keys = Keys::derive(&root);
        if let Some(kept) = &self.kept {
            let damaged = || KeyError::Damaged("the keys that it keeps do not open".to_owned());
            let kept = kept.open(&keys.wrapping(), &self.for_kept()).filter(|kept| kept.len() == 64);
            let kept = kept.ok_or_else(damaged)?;
            keys.held.journal.copy_from_slice(&kept[..32]);
            keys.held.seal.copy_from_slice(&kept[32..]);
        }
        Ok(keys)
    }

    /// The root key, and the number of the way in that this is.
    pub fn root(&self, way: WayIn<'_>) -> Result<(u32, Secret), KeyError> {
        let mut error = KeyError::NoSuchWay(way.kind());
        for slot in &self.slots {
            match slot.open(&self.book, way) {
                Some(Ok(root)) => return Ok((slot.id, root)),
                Some(Err(wrong)) => error = wrong,
                None => {}
            }
        }
        Err(error)
    }

    /// Gives the new way's number.
    pub fn add(&mut self, way: WayIn<'_>, keys: &Keys, on: Day) -> Result<u32, KeyError> {
        let id = self.highest_id() + 1;
        self.slots.push(Slot::new(id, Some(on), &self.book, way, &keys.held.root)?);
        self.changes += 1;
        Ok(id)
    }

    /// Another secret of the same kind in a way's place, under its number.
    pub fn replace(&mut self, id: u32, way: WayIn<'_>, keys: &Keys, on: Day) -> Result<(), KeyError> {
        let slot = Slot::new(id, Some(on), &self.book, way, &keys.held.root)?;
        let old = self.slots.iter_mut().find(|slot| slot.id == id && slot.way().kind == way.kind());
        *old.ok_or(KeyError::UnknownWay(id))? = slot;
        self.changes += 1;
        Ok(())
    }

    pub fn remove(&mut self, id: u32) -> Result<(), KeyError> {
        let at = self.slots.iter().position(|slot| slot.id == id).ok_or(KeyError::UnknownWay(id))?;
        if self.slots.len() == 1 {
            return Err(KeyError::LastWay);
        }
        self.slots.remove(at);
        self.changes += 1;
        Ok(())
    }

    pub fn ways_into(&self) -> WaysInto {
        let made_on = self.made_on();
        let ways = self.slots.iter().map(Slot::way);
        let ways = ways.map(|way| Way { added_on: way.added_on.or(made_on), ..way }).collect();
        WaysInto { book: self.book.clone(), ways }
    }

    /// The day stands in the book's id.
    fn made_on(&self) -> Option<Day> {
        let (seconds, _) = Uuid::parse_str(&self.book).ok()?.get_timestamp()?.to_unix();
        Some(DateTime::from_timestamp(i64::try_from(seconds).ok()?, 0)?.date_naive())
    }

    pub fn changes(&self) -> u64 {
        self.changes
    }

    fn highest_id(&self) -> u32 {
        self.slots.iter().map(|slot| slot.id).max().unwrap_or(0)
    }

    fn for_kept(&self) -> String {
        format!("refbook-key/1 {} kept", self.book)
    }

    /// In place of the one that is there. Until it is read back, the copy opens as the one before did. An error of the disk
    /// ([`KeyError::Io`]) leaves the one that was there; one that comes too late for that is [`KeyError::Unsure`].
    pub fn write(&self, folder: &Path) -> Result<(), KeyError> {
        let (file, text) = (folder.join(FILE), self.text()?);
        let before = match std::fs::read(&file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            read => Some(read?),
        };
        let Err(error) = put(folder, &text) else { return Ok(()) };
        match std::fs::read(&file).ok() {
            Some(now) if now == text => {
                let _ = copy(folder);
                Err(KeyError::Unsure(words(&error)))
            }
            now if now == before => Err(error.into()),
            _ => Err(KeyError::Damaged("it does not read as it was written".to_owned())),
        }
    }

    fn text(&self) -> io::Result<Vec<u8>> {
        let keys = serde_json::value::to_raw_value(self)?;
        let sha256 = hex::encode(Sha256::digest(keys.get()));
        Ok(serde_json::to_vec(&Written { sha256, keys: &keys })?)
    }

    pub fn read(folder: &Path) -> Result<Self, KeyError> {
        Self::read_from(&folder.join(FILE))
    }

    /// The same, or the copy where the key file itself is missing or damaged; then what is wrong with it, too.
    pub fn read_or_copy(folder: &Path) -> Result<(Self, Option<KeyError>), KeyError> {
        match Self::read(folder) {
            Err(wrong @ (KeyError::Missing | KeyError::Damaged(_))) => match Self::read_from(&folder.join(COPY)) {
                Ok(copy) => Ok((copy, Some(wrong))),
                Err(_) => Err(wrong),
            },
            read => Ok((read?, None)),
        }
    }

    fn read_from(file: &Path) -> Result<Self, KeyError> {
        let text = match std::fs::read(file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(KeyError::Missing),
            read => read?,
        };
        let damaged = |what: &str| KeyError::Damaged(what.to_owned());
        let written: Written<'_> = serde_json::from_slice(&text).map_err(|_| damaged("it is no JSON of its kind"))?;
        if hex::encode(Sha256::digest(written.keys.get())) != written.sha256 {
            return Err(damaged("its checksum differs"));
        }
        let mut file: Self = match serde_json::from_str(written.keys.get()) {
            Ok(Versioned { version }) if version > VERSION => return Err(KeyError::Newer { file: version }),
            _ => serde_json::from_str(written.keys.get()).map_err(|error| KeyError::Damaged(error.to_string()))?,
        };
        for (place, slot) in (1..).zip(&mut file.slots) {
            if file.version == 1 {
                slot.id = place;
            }
        }
        // Whatever it was read as, it is written as the newest.
        file.version = VERSION;
        Ok(file)
    }
}

/// Writes the key file, reads it back, and has its copy be the same.
fn put(folder: &Path, text: &[u8]) -> io::Result<()> {
    let file = folder.join(FILE);
    write_durably(&file, text)?;
    if std::fs::read(&file)? != text {
        return Err(io::ErrorKind::InvalidData.into());
    }
    copy(folder)
}

/// Has the key file be as its copy, which opened the book in its place.
pub fn put_back(folder: &Path) -> io::Result<()> {
    write_durably(&folder.join(FILE), &std::fs::read(folder.join(COPY))?)
}

/// Has the copy be of the key file as it is: no way in that was removed or replaced opens it.
pub fn copy(folder: &Path) -> io::Result<()> {
    let (text, copy) = (std::fs::read(folder.join(FILE))?, folder.join(COPY));
    if std::fs::read(&copy).is_ok_and(|copied| copied == text) {
        return Ok(());
    }
    // Rather none, on a full disk say, than one that opens with what was replaced.
    write_durably(&copy, &text).or_else(|_| remove_durably(&copy))
}
