//! Keys: one random root key a book, wrapped in `key.json` once for each way in, and a sub-key for each use.
//!
//! From the top: a [`WayIn`] is what somebody has (`passphrase`, `recovery`, `keychain`); a `slot` is the root key wrapped
//! for one of them; `file` is `key.json` with all slots. [`Keys`] are an open book's, held in memory of their own.
//!
//! The key file stands beside the database and not in it, so that "wrong passphrase" (no slot opens) and "damaged"
//! (a slot opens, the book does not) are told apart. A new passphrase wraps the root key anew, and the book stays as it
//! is. A new root key is the work of `new_key`: the seals of closed months are to hold, so that the keys for them stay,
//! wrapped by the new root key.

mod file;
mod keychain;
mod passphrase;
mod recovery;
mod slot;
mod wrapped;

use std::io;

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use rules::day::Day;
use sha2::Sha256;
use thiserror::Error;
use zeroize::{Zeroize, Zeroizing};

pub use file::{COPY, FILE, KeyFile, copy, put_back};
pub use keychain::KeychainKey;
pub use passphrase::Passphrase;
pub use recovery::{Mistyped, RecoveryCode};

#[derive(Debug, Error)]
pub enum KeyError {
    #[error("The passphrase is wrong. Check capital letters and the keyboard's layout, and try again.")]
    WrongPassphrase,
    #[error("The passphrase is empty. Choose one of several words.")]
    EmptyPassphrase,
    #[error(
        "The recovery code is read correctly, and it is not this book's. Look for a newer sheet, or another way in."
    )]
    WrongRecoveryCode,
    #[error(transparent)]
    MistypedRecoveryCode(#[from] Mistyped),
    #[error(
        "The keychain holds a key, and it is not this book's. Open the book with its passphrase or recovery code, and \
         add the keychain anew."
    )]
    WrongKeychainKey,
    #[error("The book has no {0} as a way in. Open it in another way.")]
    NoSuchWay(WayKind),
    #[error("The book has no way in with number {0}. List them, and take one that is there.")]
    UnknownWay(u32),
    #[error("It is the last way into the book, so it stays. Add another one first.")]
    LastWay,
    #[error("A book in memory has no key and no way in: it is gone when it is closed.")]
    InMemory,
    #[error(
        "key.json is missing, and no copy stands in for it. Without it the book can't be opened: put back key.json from \
         one of the book's backups."
    )]
    Missing,
    #[error("key.json is damaged ({0}), and no copy stands in for it. Put back key.json from one of the backups.")]
    Damaged(String),
    #[error(
        "key.json is of version {file}, and this Refbook knows versions up to {}. Use a newer Refbook.",
        file::VERSION
    )]
    Newer { file: u32 },
    #[error(
        "The new key is not wholly in place yet ({0}). Close the book and open it again: it goes on from there with \
         nothing lost."
    )]
    Unfinished(String),
    #[error(
        "The ways in are changed, and the disk failed before that was safe ({0}): after a power cut they may be as before. \
         Look after the disk, then look at the ways in."
    )]
    Unsure(String),
    #[error("The system gives no random numbers: {0}")]
    NoRandomness(getrandom::Error),
    #[error("key.json could not be read or written: {0}")]
    Io(#[from] io::Error),
}

/// What opens a book. It has no `Debug` and no `Display`, nor have the secrets: none is shown by mistake.
#[derive(Clone, Copy)]
pub enum WayIn<'a> {
    Passphrase(&'a Passphrase),
    RecoveryCode(&'a RecoveryCode),
    Keychain(&'a KeychainKey),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WayKind {
    Passphrase,
    RecoveryCode,
    Keychain,
    /// Of a newer Refbook's: kept as it is.
    Other,
}

/// A way in, as a list shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    /// Never given again within one book's ways at a time.
    pub id: u32,
    pub kind: WayKind,
    /// `None` if the key file does not say.
    pub added_on: Option<Day>,
}

/// What can be known of a book's key without opening it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaysInto {
    /// The book's own id, which it keeps for as long as it lives.
    pub book: String,
    pub ways: Vec<Way>,
}

impl WayIn<'_> {
    pub fn kind(&self) -> WayKind {
        match self {
            Self::Passphrase(_) => WayKind::Passphrase,
            Self::RecoveryCode(_) => WayKind::RecoveryCode,
            Self::Keychain(_) => WayKind::Keychain,
        }
    }
}

impl<'a> From<&'a Passphrase> for WayIn<'a> {
    fn from(passphrase: &'a Passphrase) -> Self {
        Self::Passphrase(passphrase)
    }
}

impl<'a> From<&'a RecoveryCode> for WayIn<'a> {
    fn from(code: &'a RecoveryCode) -> Self {
        Self::RecoveryCode(code)
    }
}

impl<'a> From<&'a KeychainKey> for WayIn<'a> {
    fn from(key: &'a KeychainKey) -> Self {
        Self::Keychain(key)
    }
}

impl WayKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passphrase => "passphrase",
            Self::RecoveryCode => "recovery code",
            Self::Keychain => "keychain",
            Self::Other => "other way",
        }
    }
}

impl std::fmt::Display for WayKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// 32 bytes on their way from one place to the next; wiped when dropped.
type Secret = Zeroizing<[u8; 32]>;

/// An open book's keys, each for one use. In memory that is kept from swap where the system allows it, and wiped when
/// dropped.
pub struct Keys {
    /// Let go of first: `held` is freed after it.
    _kept_from_swap: Option<region::LockGuard>,
    held: Box<Held>,
}

/// Aligned so that nothing else shares its pages, of 4 or of 16 KiB: a page is locked and let go of as a whole.
#[derive(Default, Zeroize)]
#[repr(align(16384))]
struct Held {
    root: [u8; 32],
    book: [u8; 32],
    journal: [u8; 32],
    seal: [u8; 32],
}

impl Keys {
    /// Of a new book: a new root key, from which all others come.
    pub fn random() -> Result<Self, KeyError> {
        Ok(Self::derive(&Zeroizing::new(random()?)))
    }

    /// With a new root key, and so a new key for the book's file; what seals stays as it was.
    pub fn successor(&self) -> Result<Self, KeyError> {
        let mut keys = Self::random()?;
        keys.held.journal = self.held.journal;
        keys.held.seal = self.held.seal;
        Ok(keys)
    }

    fn derive(root: &Secret) -> Self {
        let held = Box::new(Held::default());
        let mut keys = Self { _kept_from_swap: region::lock(&raw const *held, size_of::<Held>()).ok(), held };
        let Held { root: own, book, journal, seal } = &mut *keys.held;
        own.copy_from_slice(root.as_slice());
        let hkdf = Hkdf::<Sha256>::new(None, own);
        for (label, key) in [("refbook book", book), ("refbook journal", journal), ("refbook seal", seal)] {
            hkdf.expand(label.as_bytes(), key).expect("32 bytes are within HKDF's limit");
        }
        keys
    }

    /// Wraps what a change of the root key keeps: the root key itself is for deriving alone.
    fn wrapping(&self) -> Secret {
        let mut key = Secret::default();
        let hkdf = Hkdf::<Sha256>::new(None, &self.held.root);
        hkdf.expand(b"refbook kept", key.as_mut_slice()).expect("32 bytes are within HKDF's limit");
        key
    }

    /// `PRAGMA key` with `x'` and exactly 64 hex digits, since any other length is silently taken as a passphrase. Written
    /// here and whole at once: what puts a statement together elsewhere leaves the key behind.
    pub fn book_key_pragma(&self) -> Zeroizing<String> {
        let mut hex = Zeroizing::new([0; 64]);
        hex::encode_to_slice(self.held.book, hex.as_mut_slice()).expect("64 digits for 32 bytes");
        let digits = std::str::from_utf8(hex.as_slice()).expect("hex is ASCII");
        let mut pragma = Zeroizing::new(String::with_capacity(96));
        pragma.extend(["PRAGMA key = \"x'", digits, "'\""]);
        pragma
    }

    pub fn journal_mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        mac(&self.held.journal, parts)
    }

    pub fn seal_mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        mac(&self.held.seal, parts)
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        self.held.zeroize();
    }
}

/// HMAC-SHA256 over the parts, each with its length, so that no two lists of parts read alike.
fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn random<const N: usize>() -> Result<[u8; N], KeyError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(KeyError::NoRandomness)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_wiped_and_lie_on_pages_of_their_own() {
        let mut keys = Keys::random().expect("keys");
        assert_eq!((&raw const *keys.held).addr() % 16384, 0);
        assert_eq!(size_of::<Held>() % 16384, 0);
        assert_ne!(keys.held.root, [0; 32]);
        keys.held.zeroize();
        let Held { root, book, journal, seal } = *keys.held;
        assert_eq!([root, book, journal, seal], [[0; 32]; 4]);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn keys_are_kept_from_swap() {
        let locked = || {
            let status = std::fs::read_to_string("/proc/self/status").expect("what Linux says of us");
            let line = status.lines().find_map(|line| line.strip_prefix("VmLck:")).expect("what is locked");
            line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number")
        };
        let keys: Vec<Keys> = (0..3).map(|_| Keys::random().expect("keys")).collect();
        assert!(locked() >= 3 * 16, "{} kB", locked());
        drop(keys);
    }

    #[test]
    fn a_successor_seals_as_before_and_reads_nothing_of_the_old_file() {
        let keys = Keys::random().expect("keys");
        let next = keys.successor().expect("keys");
        assert_eq!(keys.seal_mac(&[b"statement"]), next.seal_mac(&[b"statement"]));
        assert_eq!(keys.journal_mac(&[b"head"]), next.journal_mac(&[b"head"]));
        assert_ne!(keys.book_key_pragma(), next.book_key_pragma());
        assert_ne!(keys.held.root, next.held.root);
    }
}
