//! The system's keychain, as one of the ways in: it keeps a key that wraps the root key, and never the root key itself.
//!
//! The only place that names keyring. Its entry is called by the book's id, so that a book keeps it where it is moved.
//! Each question is put on a thread of its own and waits for a limited time: a locked keychain may never answer. What goes
//! wrong is told apart, each with its way on; a key that is missing is never made anew by itself, nor kept anywhere else.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use book::KeychainKey;
use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Error};
use zeroize::Zeroizing;

use crate::{Code, DeskError};

#[cfg(target_os = "macos")]
use apple_native_keyring_store::keychain::Store;
#[cfg(windows)]
use windows_native_keyring_store::Store;
#[cfg(all(unix, not(target_os = "macos")))]
use zbus_secret_service_keyring_store::Store;

const SERVICE: &str = "Refbook";

/// How long the keychain may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// Nobody asked for it: a locked keychain is left locked.
    Short,
    /// Somebody did, and may have to type the keychain's own password.
    Long,
}

impl Patience {
    fn limit(self) -> Duration {
        Duration::from_secs(if self == Self::Short { 3 } else { 10 })
    }
}

/// The key for the book with this id, if the keychain has one.
pub fn key(book: &str, patience: Patience) -> Result<Option<KeychainKey>, DeskError> {
    let text = ask(book, patience, move |entry| {
        refuse_prompt(patience, entry)?;
        entry.get_password().map(Zeroizing::new)
    });
    match text {
        Ok(text) => Ok(Some(KeychainKey::from_text(&text)?)),
        Err(error) if error.code == Code::KeychainEmpty => Ok(None),
        Err(error) => Err(error),
    }
}

/// Keeps a key, and reads it back before it counts as kept.
pub fn keep(book: &str, key: &KeychainKey) -> Result<(), DeskError> {
    let text = key.to_text();
    let kept = ask(book, Patience::Long, move |entry| {
        entry.set_password(&text)?;
        Ok(Zeroizing::new(entry.get_password()?) == text)
    })?;
    if kept { Ok(()) } else { Err(failed("it gave back something else than it was given to keep")) }
}

pub fn forget(book: &str) -> Result<(), DeskError> {
    ask(book, Patience::Long, Entry::delete_credential)
}

/// That the keychain has no key for a book which it should have one for.
pub fn empty() -> DeskError {
    explain(&Error::NoEntry)
}

fn ask<T: Send + 'static>(
    book: &str,
    patience: Patience,
    question: impl FnOnce(&Entry) -> Result<T, Error> + Send + 'static,
) -> Result<T, DeskError> {
    let (answer, answered) = mpsc::channel();
    let book = book.to_owned();
    thread::Builder::new().name("keychain".to_owned()).spawn(move || {
        // A store of this question's own: one that failed may work the next time.
        let store = Store::new().map_err(|_| Error::NoDefaultStore);
        let entry = store.and_then(|store| store.build(SERVICE, &book, None));
        // Nobody hears it if it took too long.
        let _ = answer.send(entry.and_then(|entry| question(&entry)));
    })?;
    match answered.recv_timeout(patience.limit()) {
        Ok(answer) => answer.map_err(|error| explain(&error)),
        Err(RecvTimeoutError::Timeout) => Err(silent(patience)),
        Err(RecvTimeoutError::Disconnected) => Err(failed("it gave no answer")),
    }
}

/// Reading from a locked Secret Service asks for its password, in a window that nobody expects.
#[cfg(all(unix, not(target_os = "macos")))]
fn refuse_prompt(patience: Patience, entry: &Entry) -> Result<(), Error> {
    use secret_service::blocking::SecretService;
    use secret_service::{EncryptionType, Error as Told};
    let Some((service, book)) = entry.get_specifiers().filter(|_| patience == Patience::Short) else { return Ok(()) };
    let found = SecretService::connect(EncryptionType::Plain)
        .and_then(|keychain| {
            let found = keychain.search_items([("service", service.as_str()), ("username", &book)].into())?;
            Ok(found.unlocked.is_empty() && !found.locked.is_empty())
        })
        .map_err(|error| Error::PlatformFailure(Box::new(error)))?;
    if found { Err(Error::NoStorageAccess(Box::new(Told::Locked))) } else { Ok(()) }
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn refuse_prompt(_: Patience, _: &Entry) -> Result<(), Error> {
    Ok(())
}

fn explain(error: &Error) -> DeskError {
    match error {
        Error::NoEntry => told(Code::KeychainEmpty, "The keychain holds no key for this book."),
        Error::NoStorageAccess(why) | Error::PlatformFailure(why) => match told_by_service(why.as_ref()) {
            Some(code @ Code::KeychainLocked) => told(code, "The keychain is locked. Unlock it and try again."),
            Some(code @ Code::KeychainMissing) => told(code, "No keychain runs on this system."),
            Some(code) => {
                told(code, "The keychain refused: its password was not given, or access to the key was denied.")
            }
            None if matches!(error, Error::NoStorageAccess(_)) => {
                told(Code::KeychainDenied, &format!("The keychain refused ({why})."))
            }
            None => failed(&why.to_string()),
        },
        Error::NoDefaultStore => told(Code::KeychainMissing, "No keychain runs on this system."),
        Error::BadEncoding(_) | Error::BadDataFormat(..) => {
            told(Code::KeychainWrongKey, "What the keychain holds for this book is no key of Refbook's.")
        }
        // It holds the entries themselves, which are not for showing.
        Error::Ambiguous(_) => failed("it holds several keys for this book"),
        other => failed(&other.to_string()),
    }
}

/// What the Secret Service's own word for it means to us.
#[cfg(all(unix, not(target_os = "macos")))]
fn told_by_service(error: &(dyn std::error::Error + Send + Sync + 'static)) -> Option<Code> {
    use secret_service::Error as Told;
    match error.downcast_ref()? {
        Told::Locked => Some(Code::KeychainLocked),
        Told::Prompt => Some(Code::KeychainDenied),
        Told::Unavailable | Told::NoResult => Some(Code::KeychainMissing),
        _ => None,
    }
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn told_by_service(_: &(dyn std::error::Error + Send + Sync + 'static)) -> Option<Code> {
    None
}

fn silent(patience: Patience) -> DeskError {
    let seconds = patience.limit().as_secs();
    told(
        Code::KeychainSilent,
        &format!(
            "The keychain gave no answer within {seconds} seconds. It may be locked, or wait for its password in a window of \
             its own: unlock it and try again."
        ),
    )
}

fn failed(why: &str) -> DeskError {
    told(Code::KeychainFailed, &format!("The keychain can't be used: {}.", why.trim_end_matches('.')))
}

/// Whatever is wrong with it, there is a way on.
fn told(code: Code, words: &str) -> DeskError {
    DeskError::new(code, format!("{words} The passphrase or the recovery code opens the book without it."))
}
