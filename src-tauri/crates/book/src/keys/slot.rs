//! A slot of the key file: the root key, wrapped for one way in.

use rules::day::Day;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::passphrase::Cost;
use super::wrapped::Wrapped;
use super::{KeyError, Secret, Way, WayIn, WayKind, random};

#[derive(Serialize, Deserialize)]
pub struct Slot {
    /// Files of version 1 have none: then it is the slot's place, from 1.
    #[serde(default)]
    pub id: u32,
    /// Without one, it came with the book.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub added_on: Option<Day>,
    #[serde(flatten)]
    lock: Lock,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Lock {
    Passphrase {
        #[serde(flatten)]
        cost: Cost,
        #[serde(with = "hex::serde")]
        salt: [u8; 16],
        #[serde(flatten)]
        root: Wrapped,
    },
    RecoveryCode {
        #[serde(with = "hex::serde")]
        salt: [u8; 16],
        #[serde(flatten)]
        root: Wrapped,
    },
    Keychain {
        #[serde(flatten)]
        root: Wrapped,
    },
    /// Of a kind that this Refbook doesn't know; kept as it is.
    #[serde(untagged)]
    Other(Map<String, Value>),
}

impl Slot {
    /// Wraps the root key for a way in.
    pub fn new(id: u32, added_on: Option<Day>, book: &str, way: WayIn<'_>, root: &[u8; 32]) -> Result<Self, KeyError> {
        let lock = match way {
            WayIn::Passphrase(passphrase) => {
                let salt = random()?;
                let cost = Cost::calibrated(passphrase, &salt)?;
                let key = cost.stretch(passphrase, &salt)?;
                Lock::Passphrase { cost, salt, root: Wrapped::new(&key, root, &for_passphrase(book, cost))? }
            }
            WayIn::RecoveryCode(code) => {
                let salt = random()?;
                let root = Wrapped::new(&code.key(&salt), root, &for_recovery_code(book))?;
                Lock::RecoveryCode { salt, root }
            }
            WayIn::Keychain(key) => Lock::Keychain { root: Wrapped::new(key.key(), root, &for_keychain(book))? },
        };
        Ok(Self { id, added_on, lock })
    }

    /// The root key; `None` if the slot is for another kind of way in.
    pub fn open(&self, book: &str, way: WayIn<'_>) -> Option<Result<Secret, KeyError>> {
        let (opened, wrong) = match (&self.lock, way) {
            (Lock::Passphrase { cost, salt, root }, WayIn::Passphrase(passphrase)) => {
                match cost.stretch(passphrase, salt) {
                    Err(error) => return Some(Err(error)),
                    Ok(key) => (root.open(&key, &for_passphrase(book, *cost)), KeyError::WrongPassphrase),
                }
            }
            (Lock::RecoveryCode { salt, root }, WayIn::RecoveryCode(code)) => {
                (root.open(&code.key(salt), &for_recovery_code(book)), KeyError::WrongRecoveryCode)
            }
            (Lock::Keychain { root }, WayIn::Keychain(key)) => {
                (root.open(key.key(), &for_keychain(book)), KeyError::WrongKeychainKey)
            }
            _ => return None,
        };
        Some(opened.ok_or(wrong).and_then(|root| {
            let root = root.as_slice().try_into().map(Secret::new);
            root.map_err(|_| KeyError::Damaged("a slot holds no key".to_owned()))
        }))
    }

    pub fn way(&self) -> Way {
        let kind = match self.lock {
            Lock::Passphrase { .. } => WayKind::Passphrase,
            Lock::RecoveryCode { .. } => WayKind::RecoveryCode,
            Lock::Keychain { .. } => WayKind::Keychain,
            Lock::Other(_) => WayKind::Other,
        };
        Way { id: self.id, kind, added_on: self.added_on }
    }
}

// What a wrapping vouches for beside the key: how it is wrapped, the book, the kind and its cost. The first number is
// that of this wrapping and not of the file, whose slots outlive its versions.

fn for_passphrase(book: &str, cost: Cost) -> String {
    let Cost { memory_kib, passes, lanes } = cost;
    format!("refbook-key/1 {book} passphrase argon2id {memory_kib} {passes} {lanes}")
}

fn for_recovery_code(book: &str) -> String {
    format!("refbook-key/1 {book} recovery_code hkdf-sha256")
}

fn for_keychain(book: &str) -> String {
    format!("refbook-key/1 {book} keychain")
}
