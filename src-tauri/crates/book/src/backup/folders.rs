//! Where backups lie, and which there are.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Weak;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::manifest::{Manifest, Reason};
use super::{UNFINISHED, rotation, sha256};
use crate::error::BookError;
use crate::file::{self, write_durably};
use crate::keys::{self, Keys};
use crate::{connection, restore};

pub const OWN: &str = "backups";
/// The folder that the owner chose, beside the book and not in it: it is needed when the book can't be opened.
pub const CHOSEN: &str = "backups.json";

#[derive(Serialize, Deserialize)]
struct Chosen {
    folder: PathBuf,
}

/// A backup, as it lies there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    pub folder: PathBuf,
    /// `None` of one that says nothing of itself: what a restore replaced, or what an earlier Refbook made.
    pub about: Option<Manifest>,
    pub made_at: DateTime<Utc>,
    pub bytes: u64,
    pub sound: Sound,
    /// It is what a restore replaced.
    pub was_replaced: bool,
}

/// Whether a backup is as it was when it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sound {
    Yes,
    No(String),
    /// It says nothing of itself: a restore checks it.
    Unknown,
}

/// All backups of the book in `folder`, the newest first. With the book's keys, one made with other keys is told
/// apart.
pub fn backups(folder: &Path, keys: Option<&Weak<Keys>>) -> Vec<Backup> {
    let mut places = vec![own(folder)];
    places.extend(chosen_folder(folder).map(|_| usual(folder)));
    let mut found: Vec<Backup> = places.iter().flat_map(|place| within(place, keys)).collect();
    found.extend(replaced(folder));
    found.sort_by(|a, b| (b.made_at, &b.folder).cmp(&(a.made_at, &a.folder)));
    found
}

/// When the ordinary backups that are whole by their size and name were made. Cheap: nothing is hashed.
pub fn made(folder: &Path, keys: &Keys) -> Vec<DateTime<Utc>> {
    ordinary(&usual(folder), keys).into_iter().map(|(about, _)| about.made_at).collect()
}

/// The folder that was chosen for the backups; `None` for the book's own.
pub fn chosen_folder(folder: &Path) -> Option<PathBuf> {
    let text = fs::read(folder.join(CHOSEN)).ok()?;
    serde_json::from_slice::<Chosen>(&text).ok().map(|chosen| chosen.folder)
}

/// Sends the backups to another folder from now on, or to the book's own. Those that are made already stay.
pub fn choose_folder(folder: &Path, chosen: Option<&Path>) -> Result<(), BookError> {
    match chosen {
        Some(chosen) => {
            let written = Chosen { folder: fs::canonicalize(chosen)? };
            let why = |error: io::Error| file::words(&file::without_path(&error));
            let probe = tempfile::NamedTempFile::new_in(chosen);
            probe.map_err(|error| BookError::Backup { place: chosen.to_owned(), why: why(error) })?;
            Ok(write_durably(&folder.join(CHOSEN), &serde_json::to_vec(&written).map_err(io::Error::from)?)?)
        }
        None => Ok(file::remove(&folder.join(CHOSEN))?),
    }
}

/// In the book's own folder.
pub fn own(folder: &Path) -> PathBuf {
    folder.join(OWN)
}

/// Where ordinary backups go: several books may share a chosen folder, so each has one of its own in it.
pub fn usual(folder: &Path) -> PathBuf {
    let name = folder.file_stem().unwrap_or_default().to_string_lossy();
    chosen_folder(folder).map_or_else(|| own(folder), |chosen| chosen.join(format!("{name} backups")))
}

/// Makes the folder for backups. Not a chosen one itself: where a disk is unplugged, its name is an empty folder.
pub fn make(folder: &Path, place: &Path) -> io::Result<()> {
    if let Some(chosen) = chosen_folder(folder).filter(|chosen| place.starts_with(chosen) && !chosen.is_dir()) {
        return Err(io::Error::new(
            io::ErrorKind::NotFound,
            format!("the folder \"{}\" is not there; is its disk unplugged?", file::name(&chosen)),
        ));
    }
    file::make_folder(place)
}

/// `name`, or the next that nobody has: `name-2`.
pub fn free_name(place: &Path, name: &str) -> PathBuf {
    let names = std::iter::once(name.to_owned()).chain((2..).map(|nth| format!("{name}-{nth}")));
    names.map(|name| place.join(name)).find(|place| !place.exists()).unwrap_or_else(|| place.join(name))
}

/// An instant as a part of a name, on every system.
pub fn stamp(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H%M%SZ").to_string()
}

/// Lets go of what is no longer kept. What can't be deleted stays, and is in nobody's way.
pub fn rotate(place: &Path, keys: &Keys, now: DateTime<Utc>) {
    let rotated = ordinary(place, keys);
    let made: Vec<DateTime<Utc>> = rotated.iter().map(|(about, _)| about.made_at).collect();
    let gone = rotation::let_go(&made, now);
    for (about, folder) in rotated {
        let is_held = about.reason == Reason::Import && rotation::is_held(about.made_at, now);
        if gone.contains(&about.made_at) && !is_held {
            let _ = fs::remove_dir_all(folder);
        }
    }
}

/// Takes away what killed programs left of their backups. Not what was written within a day: it may be in the making,
/// and the clock of another machine's disk may be hours off.
pub fn sweep(place: &Path) {
    let age = |path: &Path| Some(fs::metadata(path).ok()?.modified().ok()?.elapsed().unwrap_or_default());
    for left in subfolders(place).filter(|path| is_unfinished(path)) {
        if age(&left).is_some_and(|age| age > Duration::from_hours(24)) {
            let _ = fs::remove_dir_all(left);
        }
    }
}

/// Those that are rotated. By their manifests alone: hashing all of them would cost more than a backup.
fn ordinary(place: &Path, keys: &Keys) -> Vec<(Manifest, PathBuf)> {
    folders(place)
        .into_iter()
        .filter_map(|folder| Some((Manifest::read(&folder, Some(keys))?, folder)))
        .filter(|(about, folder)| !about.reason.is_kept_apart() && is_of_its_size(folder, about))
        .collect()
}

fn is_of_its_size(folder: &Path, about: &Manifest) -> bool {
    fs::metadata(folder.join(connection::FILE)).is_ok_and(|file| file.len() == about.bytes)
}

fn within(place: &Path, keys: Option<&Weak<Keys>>) -> Vec<Backup> {
    folders(place).into_iter().map(|folder| look(folder, keys)).collect()
}

fn folders(place: &Path) -> Vec<PathBuf> {
    subfolders(place).filter(|path| !is_unfinished(path)).collect()
}

fn subfolders(place: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(place).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.is_dir())
}

/// Also as an earlier Refbook called its only one.
fn is_unfinished(path: &Path) -> bool {
    let name = file::name(path);
    name.starts_with(UNFINISHED) || name == UNFINISHED.trim_end_matches('-')
}

fn replaced(folder: &Path) -> Vec<Backup> {
    let kept = folders(folder).into_iter().filter(|path| restore::is_replaced(path));
    kept.map(|folder| Backup { was_replaced: true, ..look(folder, None) }).collect()
}

/// What a folder holds.
pub fn look(folder: PathBuf, keys: Option<&Weak<Keys>>) -> Backup {
    let file = folder.join(connection::FILE);
    let metadata = fs::metadata(&file);
    let about = Manifest::read(&folder, None);
    let modified = metadata.as_ref().ok().and_then(|file| file.modified().ok()).map(DateTime::<Utc>::from);
    Backup {
        made_at: about.as_ref().map(|about| about.made_at).or(modified).unwrap_or_default(),
        bytes: metadata.map_or(0, |file| file.len()),
        sound: sound(&folder, about.as_ref(), keys),
        about,
        folder,
        was_replaced: false,
    }
}

fn sound(folder: &Path, about: Option<&Manifest>, keys: Option<&Weak<Keys>>) -> Sound {
    let no = |what: &str| Sound::No(what.to_owned());
    if !folder.join(connection::FILE).is_file() {
        return no("its book.db is missing");
    }
    if !folder.join(keys::FILE).is_file() {
        return no("its key.json is missing");
    }
    let Some(about) = about else {
        let says_nothing = !folder.join(super::manifest::FILE).exists();
        return if says_nothing { Sound::Unknown } else { no("its backup.json is damaged") };
    };
    if keys.and_then(Weak::upgrade).is_some_and(|keys| Manifest::read(folder, Some(&keys)).is_none()) {
        return no("its backup.json was not written with this book's key");
    }
    match sha256(&folder.join(connection::FILE)) {
        Ok(sha256) if sha256 == about.sha256 => Sound::Yes,
        Ok(_) => no("its book.db is not what was written"),
        Err(error) => Sound::No(format!("its book.db can't be read: {}", file::words(&error))),
    }
}
