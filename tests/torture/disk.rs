//! What a disk may hold after a power cut: the calls that a program made, and what of them was not synced by then.
//!
//! Only a sync makes anything certain: a file's makes its content, a folder's makes the names in it. Everything since
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
    names: [BTreeMap<PathBuf, usize>; 2],
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

#[derive(Clone)]
struct Renaming {
    gone: Option<PathBuf>,
    there: Option<(PathBuf, usize)>,
}

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
        let names: BTreeMap<PathBuf, usize> = files.keys().cloned().zip(0..).collect();
        let files = files.into_values().map(|certain| Content { certain, since: Vec::new() }).collect();
        Self { files, names: [names.clone(), names], renamings: Vec::new(), open: HashMap::new() }
    }

    /// Makes a call, as it was made under `place`.
    pub fn make(&mut self, call: &Call, place: &Path) {
        let here = |path: &str| Path::new(path).strip_prefix(place).unwrap_or(Path::new(path)).to_owned();
        match call.letter {
            b'o' => self.open(call, here(&call.path)),
            b'w' => self.write(call.file, Writing::Bytes(size(call.number), call.data.clone())),
            b't' => self.write(call.file, Writing::Size(size(call.number))),
            b's' => self.sync(call.file),
            b'n' => {
                let to = here(std::str::from_utf8(&call.data).expect("a path of ours"));
                let file = self.names[SEEN][&here(&call.path)];
                self.rename(Renaming { gone: Some(here(&call.path)), there: Some((to, file)) });
            }
            b'u' => self.rename(Renaming { gone: Some(here(&call.path)), there: None }),
            _ => {}
        }
    }

    fn open(&mut self, call: &Call, name: PathBuf) {
        const CREATE: u64 = 0o100;
        const EMPTY: u64 = 0o1000;
        let file = match self.names[SEEN].get(&name) {
            Some(file) => *file,
            // What is opened and is no file that we know is a folder, to be synced.
            None if call.number & CREATE == 0 => {
                self.open.insert(call.file, Open::Folder(name));
                return;
            }
            None => {
                self.files.push(Content::default());
                let file = self.files.len() - 1;
                self.rename(Renaming { gone: None, there: Some((name, file)) });
                file
            }
        };
        self.open.insert(call.file, Open::File(file));
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
                let within = |path: &Path| path.parent() == Some(&folder);
                let (settled, rest) =
                    std::mem::take(&mut self.renamings).into_iter().partition(|renaming: &Renaming| {
                        renaming.there.as_ref().is_some_and(|(path, _)| within(path))
                            || renaming.gone.as_deref().is_some_and(within)
                    });
                self.renamings = rest;
                settled.iter().for_each(|renaming: &Renaming| renaming.happen(&mut self.names[CERTAIN]));
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
        let content = |(name, file): (&PathBuf, &usize)| {
            let mut content = self.files[*file].clone();
            content.settle();
            (name.clone(), content.certain)
        };
        self.names[SEEN].iter().map(content).collect()
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
        names.into_iter().map(|(name, file)| (name, self.files[file].after_cut(chance))).collect()
    }
}

impl Renaming {
    fn happen(&self, names: &mut BTreeMap<PathBuf, usize>) {
        if let Some(gone) = &self.gone {
            names.remove(gone);
        }
        if let Some((name, file)) = &self.there {
            names.insert(name.clone(), *file);
        }
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
