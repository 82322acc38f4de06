//! What a disk may hold after a power cut: the calls that a program made, and what of them was not synced by then.
//!
//! Only a sync makes anything certain: a file's makes its content, a folder's makes the names that stand in it. Everything since
//! may be there or not, in any order, and a write may be there in part, by sectors of 512 bytes.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use fastrand::Rng;

const SECTOR: usize = 512;

/// A call that was recorded by the preloaded library.
#[derive(Clone, Debug)]
pub struct Call {
    letter: u8,
    file: u64,
    number: u64,
    path: String,
    data: Vec<u8>,
}

impl Call {
    /// What the program said by this call, if it did.
    pub fn said(&self) -> Option<&str> {
        (self.letter == b'a').then(|| std::str::from_utf8(&self.data).unwrap_or_default())
    }
}

/// Reads what the library recorded: of each call five numbers, then the path, then the data.
pub fn calls(log: &Path) -> Vec<Call> {
    let log = fs::read(log).expect("the library's log");
    let (mut rest, mut calls) = (log.as_slice(), Vec::new());
    while !rest.is_empty() {
        let (numbers, after) = rest.split_at(5 * 8);
        let number = |nth: usize| u64::from_ne_bytes(numbers[nth * 8..][..8].try_into().expect("8 bytes"));
        let (path, after) = after.split_at(size(number(3)));
        let (data, after) = after.split_at(size(number(4)));
        calls.push(Call {
            letter: u8::try_from(number(0)).expect("a letter"),
            file: number(1),
            number: number(2),
            path: String::from_utf8_lossy(path).into_owned(),
            data: data.to_vec(),
        });
        rest = after;
    }
    calls
}

/// A disk on which calls are made.
#[derive(Clone)]
pub struct Disk {
    files: Vec<Content>,
    /// What is certain, and what is seen while there is power.
    names: [Names; 2],
    /// What happened to names since their folder was synced.
    renamings: Vec<Renaming>,
    open: HashMap<u64, Open>,
}

#[derive(Clone, Default)]
struct Content {
    certain: Vec<u8>,
    since: Vec<Writing>,
}

#[derive(Clone)]
enum Writing {
    Bytes(usize, Vec<u8>),
    Size(usize),
}

/// What happens to names, and to all that stand below them.
#[derive(Clone)]
enum Renaming {
    There(PathBuf, What),
    Gone(PathBuf),
    Moved(PathBuf, PathBuf),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    File(usize),
    Folder,
}

type Names = BTreeMap<PathBuf, What>;

#[derive(Clone)]
enum Open {
    File(usize),
    Folder(PathBuf),
}

/// How much of what is not certain is there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Luck {
    None,
    All,
    Some,
    Torn,
}

const CERTAIN: usize = 0;
const SEEN: usize = 1;

impl Disk {
    /// A disk with these files on it, all certain.
    pub fn with(files: BTreeMap<PathBuf, Vec<u8>>) -> Self {
        let mut names: Names = files.keys().cloned().zip((0..).map(What::File)).collect();
        let folders = files.keys().flat_map(|name| name.ancestors().skip(1));
        names.extend(folders.map(|folder| (folder.to_owned(), What::Folder)));
        let files = files.into_values().map(|certain| Content { certain, since: Vec::new() }).collect();
        Self { files, names: [names.clone(), names], renamings: Vec::new(), open: HashMap::new() }
    }

    /// Makes a call, as it was made under `place`.
    pub fn make(&mut self, call: &Call, place: &Path) {
        let here = |path: &str| Path::new(path).strip_prefix(place).unwrap_or(Path::new(path)).to_owned();
        let path = here(&call.path);
        match call.letter {
            b'o' => self.open(call, path),
            b'w' => self.write(call.file, Writing::Bytes(size(call.number), call.data.clone())),
            b't' => self.write(call.file, Writing::Size(size(call.number))),
            b's' => self.sync(call.file),
            b'd' => self.rename(Renaming::There(path, What::Folder)),
            b'u' => self.rename(Renaming::Gone(path)),
            b'n' => self.rename(Renaming::Moved(path, here(std::str::from_utf8(&call.data).expect("a path of ours")))),
            _ => {}
        }
    }

    fn open(&mut self, call: &Call, name: PathBuf) {
        const CREATE: u64 = 0o100;
        const EMPTY: u64 = 0o1000;
        let open = match self.names[SEEN].get(&name) {
            Some(What::File(file)) => Open::File(*file),
            None if call.number & CREATE != 0 => {
                self.files.push(Content::default());
                let file = self.files.len() - 1;
                self.rename(Renaming::There(name, What::File(file)));
                Open::File(file)
            }
            _ => Open::Folder(name),
        };
        self.open.insert(call.file, open);
        if call.number & EMPTY != 0 {
            self.write(call.file, Writing::Size(0));
        }
    }

    fn write(&mut self, file: u64, writing: Writing) {
        if let Some(Open::File(file)) = self.open.get(&file) {
            self.files[*file].since.push(writing);
        }
    }

    fn sync(&mut self, file: u64) {
        match self.open.get(&file) {
            Some(Open::File(file)) => self.files[*file].settle(),
            Some(Open::Folder(folder)) => {
                let folder = folder.clone();
                for renaming in std::mem::take(&mut self.renamings) {
                    if renaming.is_within(&folder) {
                        renaming.happen(&mut self.names[CERTAIN]);
                        // What is not certain within a folder that moved moves with it.
                        self.renamings.iter_mut().for_each(|earlier| earlier.follow(&renaming));
                    } else {
                        self.renamings.push(renaming);
                    }
                }
            }
            None => {}
        }
    }

    fn rename(&mut self, renaming: Renaming) {
        renaming.happen(&mut self.names[SEEN]);
        self.renamings.push(renaming);
    }

    /// The files as they are seen while there is power.
    pub fn seen(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let whole = |content: &Content| {
            let mut content = content.clone();
            content.settle();
            content.certain
        };
        self.with_content(&self.names[SEEN], whole)
    }

    /// The files as they may be after a power cut.
    pub fn after_cut(&self, chance: &mut Rng) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut names = self.names[CERTAIN].clone();
        let luck = Luck::of(chance);
        for renaming in &self.renamings {
            if luck.keeps(chance) {
                renaming.happen(&mut names);
            }
        }
        self.with_content(&names, |content| content.after_cut(chance))
    }

    /// Files, if the folders that they are in are there.
    fn with_content(&self, names: &Names, mut of: impl FnMut(&Content) -> Vec<u8>) -> BTreeMap<PathBuf, Vec<u8>> {
        let is_reached = |name: &Path| name.ancestors().skip(1).all(|folder| names.get(folder) == Some(&What::Folder));
        let reached = names.iter().filter(|(name, _)| is_reached(name));
        let files = reached.filter_map(|(name, what)| match what {
            What::File(file) => Some((name.clone(), of(&self.files[*file]))),
            What::Folder => None,
        });
        files.collect()
    }
}

impl Renaming {
    fn happen(&self, names: &mut Names) {
        match self {
            Self::There(name, what) => drop(names.insert(name.clone(), *what)),
            Self::Gone(name) => drop(names.remove(name)),
            Self::Moved(from, to) => {
                let moved: Vec<PathBuf> = names.keys().filter(|name| name.starts_with(from)).cloned().collect();
                for name in moved {
                    if let Some(what) = names.remove(&name) {
                        names.insert(moved_to(&name, from, to), what);
                    }
                }
            }
        }
    }

    /// Whether it is certain once this folder is synced.
    fn is_within(&self, folder: &Path) -> bool {
        let within = |name: &Path| name.parent() == Some(folder);
        match self {
            Self::There(name, _) | Self::Gone(name) => within(name),
            Self::Moved(from, to) => within(from) || within(to),
        }
    }

    /// Happens where its folder has come to be.
    fn follow(&mut self, moved: &Renaming) {
        let Self::Moved(from, to) = moved else { return };
        let names = match self {
            Self::There(name, _) | Self::Gone(name) => vec![name],
            Self::Moved(one, other) => vec![one, other],
        };
        for name in names {
            // Not what moved itself, but what is below it.
            if name.starts_with(from) && name != from {
                *name = moved_to(name, from, to);
            }
        }
    }
}

fn moved_to(name: &Path, from: &Path, to: &Path) -> PathBuf {
    match name.strip_prefix(from) {
        Ok(below) if below.as_os_str().is_empty() => to.to_owned(),
        Ok(below) => to.join(below),
        Err(_) => name.to_owned(),
    }
}

impl Content {
    fn settle(&mut self) {
        for writing in std::mem::take(&mut self.since) {
            writing.happen(&mut self.certain);
        }
    }

    fn after_cut(&self, chance: &mut Rng) -> Vec<u8> {
        let (mut content, luck) = (self.certain.clone(), Luck::of(chance));
        // Where a write was lost, its place may be there: the file is longer, and holds nothing.
        let grows = chance.bool();
        for writing in &self.since {
            match writing {
                Writing::Bytes(at, bytes) if luck == Luck::Torn => tear(&mut content, *at, bytes, chance),
                _ if luck.keeps(chance) => writing.happen(&mut content),
                Writing::Bytes(at, bytes) if grows && luck != Luck::None => lengthen(&mut content, at + bytes.len()),
                _ => {}
            }
        }
        content
    }
}

impl Writing {
    fn happen(&self, content: &mut Vec<u8>) {
        match self {
            Writing::Size(size) => content.resize(*size, 0),
            Writing::Bytes(at, bytes) => {
                lengthen(content, at + bytes.len());
                content[*at..at + bytes.len()].copy_from_slice(bytes);
            }
        }
    }
}

impl Luck {
    fn of(chance: &mut Rng) -> Self {
        [Luck::None, Luck::All, Luck::Some, Luck::Torn][chance.usize(..4)]
    }

    fn keeps(self, chance: &mut Rng) -> bool {
        self == Luck::All || (self != Luck::None && chance.bool())
    }
}

/// Some sectors of a write are there.
fn tear(content: &mut Vec<u8>, at: usize, bytes: &[u8], chance: &mut Rng) {
    let mut from = at;
    while from < at + bytes.len() {
        let to = ((from / SECTOR + 1) * SECTOR).min(at + bytes.len());
        if chance.bool() {
            lengthen(content, to);
            content[from..to].copy_from_slice(&bytes[from - at..to - at]);
        }
        from = to;
    }
}

fn lengthen(content: &mut Vec<u8>, size: usize) {
    if content.len() < size {
        content.resize(size, 0);
    }
}

fn size(number: u64) -> usize {
    usize::try_from(number).expect("a file of ours fits into memory")
}
