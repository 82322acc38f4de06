//! Keys: one random root key a book, wrapped in `key.json` by each of the ways in, and a sub-key for each use.
//!
//! The key file stands beside the database and not in it, so that "wrong passphrase" (no slot opens) and "damaged"
//! (a slot opens, the book does not) are told apart. It has room for several slots; the passphrase is the first kind.

use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use thiserror::Error;
use uuid::Uuid;
use zeroize::{Zeroize, Zeroizing};

use crate::file::write_durably;

pub const FILE: &str = "key.json";

/// The version of the key file that this Refbook writes, and the newest it reads.
const VERSION: u32 = 1;

#[derive(Debug, Error)]
pub enum KeyError {
    #[error("The passphrase is wrong. Check capital letters and the keyboard's layout, and try again.")]
    WrongPassphrase,
    #[error("The passphrase is empty. Choose one of several words.")]
    EmptyPassphrase,
    #[error("key.json is missing. Without it the book can't be opened: put it back from one of the book's backups.")]
    Missing,
    #[error("key.json is damaged ({0}). Put it back from one of the book's backups.")]
    Damaged(String),
    #[error("key.json is of version {file}, and this Refbook knows versions up to {VERSION}. Use a newer Refbook.")]
    Newer { file: u32 },
    #[error("key.json has no passphrase slot. Open the book in the way that it was set up for.")]
    NoPassphraseSlot,
    #[error("The system gives no random numbers: {0}")]
    NoRandomness(getrandom::Error),
    #[error("key.json could not be read or written: {0}")]
    Io(#[from] io::Error),
}

/// What the owner types. Wiped when dropped, never shown.
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    pub fn new(text: String) -> Result<Self, KeyError> {
        let text = Zeroizing::new(text);
        if text.is_empty() { Err(KeyError::EmptyPassphrase) } else { Ok(Self(text)) }
    }

    /// How many characters it has.
    pub fn length(&self) -> usize {
        self.0.chars().count()
    }
}

type Secret = Zeroizing<[u8; 32]>;

/// An open book's keys, each derived from the root key for one use. Wiped when dropped.
pub struct Keys {
    book: Secret,
    journal: Secret,
    seal: Secret,
}

impl Keys {
    /// A new root key for a new book, wrapped by the passphrase.
    pub fn create(folder: &Path, passphrase: &Passphrase) -> Result<Self, KeyError> {
        let root: Secret = Zeroizing::new(random()?);
        let book = Uuid::now_v7().to_string();
        let slot = Slot::passphrase(&book, passphrase, &root)?;
        KeyFile { version: VERSION, book, slots: vec![slot] }.write(folder)?;
        Ok(Self::derive(&root))
    }

    /// Keys of a new root key that is written nowhere: what they seal is gone with them.
    pub fn unwritten() -> Result<Self, KeyError> {
        Ok(Self::derive(&Zeroizing::new(random()?)))
    }

    pub fn open(folder: &Path, passphrase: &Passphrase) -> Result<Self, KeyError> {
        let file = KeyFile::read(folder)?;
        let mut error = KeyError::NoPassphraseSlot;
        for slot in &file.slots {
            match slot.open(&file.book, passphrase) {
                Some(Ok(root)) => return Ok(Self::derive(&root)),
                Some(Err(wrong)) => error = wrong,
                None => {}
            }
        }
        Err(error)
    }

    fn derive(root: &Secret) -> Self {
        let hkdf = Hkdf::<Sha256>::new(None, root.as_slice());
        let sub_key = |label: &str| {
            let mut key = Secret::default();
            hkdf.expand(label.as_bytes(), key.as_mut_slice()).expect("32 bytes are within HKDF's limit");
            key
        };
        Self { book: sub_key("refbook book"), journal: sub_key("refbook journal"), seal: sub_key("refbook seal") }
    }

    /// For `PRAGMA key`: `x'` and exactly 64 hex digits, since any other length is silently taken as a passphrase.
    pub fn book_key_pragma(&self) -> Zeroizing<String> {
        let mut hex = Zeroizing::new([0; 64]);
        hex::encode_to_slice(self.book.as_slice(), hex.as_mut_slice()).expect("64 digits for 32 bytes");
        let digits = std::str::from_utf8(hex.as_slice()).expect("hex is ASCII");
        Zeroizing::new(format!("x'{digits}'"))
    }

    pub fn journal_mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        mac(&self.journal, parts)
    }

    pub fn seal_mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        mac(&self.seal, parts)
    }
}

/// HMAC-SHA256 over the parts, each with its length, so that no two lists of parts read alike.
fn mac(key: &Secret, parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_slice()).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    version: u32,
    book: String,
    slots: Vec<Slot>,
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
    fn write(&self, folder: &Path) -> Result<(), KeyError> {
        let keys = serde_json::value::to_raw_value(self).map_err(io::Error::from)?;
        let sha256 = hex::encode(Sha256::digest(keys.get()));
        let text = serde_json::to_vec(&Written { sha256, keys: &keys }).map_err(io::Error::from)?;
        Ok(write_durably(&folder.join(FILE), &text)?)
    }

    fn read(folder: &Path) -> Result<Self, KeyError> {
        let text = match std::fs::read(folder.join(FILE)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(KeyError::Missing),
            read => read?,
        };
        let damaged = |what: &str| KeyError::Damaged(what.to_owned());
        let written: Written<'_> = serde_json::from_slice(&text).map_err(|_| damaged("it is no JSON of its kind"))?;
        if hex::encode(Sha256::digest(written.keys.get())) != written.sha256 {
            return Err(damaged("its checksum differs"));
        }
        match serde_json::from_str(written.keys.get()) {
            Ok(Versioned { version }) if version > VERSION => Err(KeyError::Newer { file: version }),
            _ => serde_json::from_str(written.keys.get()).map_err(|error| KeyError::Damaged(error.to_string())),
        }
    }
}

/// A way in: the root key, wrapped.
#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Slot {
    Passphrase {
        #[serde(flatten)]
        cost: Cost,
        #[serde(with = "hex::serde")]
        salt: [u8; 16],
        #[serde(with = "hex::serde")]
        nonce: [u8; 24],
        #[serde(with = "hex::serde")]
        wrapped: [u8; 48],
    },
    /// Of a kind that this Refbook doesn't know; kept as it is.
    #[serde(untagged)]
    Other(serde_json::Value),
}

impl Slot {
    fn passphrase(book: &str, passphrase: &Passphrase, root: &Secret) -> Result<Self, KeyError> {
        let (salt, nonce) = (random()?, random()?);
        let cost = Cost::calibrated(passphrase, &salt)?;
        let key = cost.stretch(passphrase, &salt)?;
        let payload = Payload { msg: root.as_slice(), aad: &cost.bound_to(book) };
        let wrapped = XChaCha20Poly1305::new((&*key).into()).encrypt(&XNonce::from(nonce), payload);
        let wrapped = wrapped.ok().and_then(|wrapped| wrapped.try_into().ok());
        Ok(Self::Passphrase { cost, salt, nonce, wrapped: wrapped.expect("32 bytes and a tag are 48") })
    }

    /// The root key; `None` if the slot is not for a passphrase.
    fn open(&self, book: &str, passphrase: &Passphrase) -> Option<Result<Secret, KeyError>> {
        let Self::Passphrase { cost, salt, nonce, wrapped } = self else { return None };
        Some(cost.stretch(passphrase, salt).and_then(|key| {
            let payload = Payload { msg: wrapped, aad: &cost.bound_to(book) };
            let opened = XChaCha20Poly1305::new((&*key).into()).decrypt(&XNonce::from(*nonce), payload);
            let mut opened = opened.map_err(|_| KeyError::WrongPassphrase)?;
            let root = opened.as_slice().try_into().map(Zeroizing::new);
            opened.zeroize();
            root.map_err(|_| KeyError::Damaged("a slot holds no key".to_owned()))
        }))
    }
}

/// What a guess costs: Argon2id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl Cost {
    const LEAST: Cost = Cost { memory_kib: 128 * 1024, passes: 3, lanes: 1 };
    /// What one try at the passphrase is to take on the machine that made the book.
    const TARGET: Duration = Duration::from_millis(500);
    /// A file that asks for less was tampered with; one that asks for more would never open.
    const MEMORY_KIB: std::ops::RangeInclusive<u32> = 64 * 1024..=1024 * 1024;
    const PASSES: std::ops::RangeInclusive<u32> = 1..=64;
    const LANES: std::ops::RangeInclusive<u32> = 1..=16;

    /// As many passes as fit into the target on this machine, and never fewer than the least.
    fn calibrated(passphrase: &Passphrase, salt: &[u8; 16]) -> Result<Self, KeyError> {
        let start = Instant::now();
        Self::LEAST.stretch(passphrase, salt)?;
        let took = start.elapsed().max(Duration::from_millis(1));
        let passes = Self::TARGET.as_millis() * u128::from(Self::LEAST.passes) / took.as_millis();
        let passes = u32::try_from(passes).unwrap_or(u32::MAX).clamp(Self::LEAST.passes, *Self::PASSES.end());
        Ok(Self { passes, ..Self::LEAST })
    }

    fn stretch(&self, passphrase: &Passphrase, salt: &[u8; 16]) -> Result<Secret, KeyError> {
        let Self { memory_kib, passes, lanes } = *self;
        let within =
            Self::MEMORY_KIB.contains(&memory_kib) && Self::PASSES.contains(&passes) && Self::LANES.contains(&lanes);
        let params = within.then(|| Params::new(memory_kib, passes, lanes, Some(32)).ok()).flatten();
        let refused = || KeyError::Damaged(format!("Argon2id of {memory_kib} KiB, {passes} passes, {lanes} lanes"));
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.ok_or_else(refused)?);
        let mut key = Secret::default();
        let stretched = argon2.hash_password_into(passphrase.0.as_bytes(), salt, key.as_mut_slice());
        stretched.map_err(|error| KeyError::Io(io::Error::other(error.to_string())))?;
        Ok(key)
    }

    /// What the wrapping vouches for beside the key: version, book, kind and cost.
    fn bound_to(&self, book: &str) -> Vec<u8> {
        let Self { memory_kib, passes, lanes } = self;
        format!("refbook-key/{VERSION} {book} passphrase argon2id {memory_kib} {passes} {lanes}").into_bytes()
    }
}

fn random<const N: usize>() -> Result<[u8; N], KeyError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(KeyError::NoRandomness)?;
    Ok(bytes)
}
