//! The ways into a book, as a shell offers them: listed, added, changed, removed; a new key; the recovery sheet.
//!
//! A recovery code is issued, shown (and printed) once, and typed back: only then does it open anything. The desk keeps
//! it between the two and forgets it then; no shell has to.

use std::path::Path;

use book::{BookError, KeyError, KeyFileWas, KeychainKey, Mistyped, Passphrase, RecoveryCode, Way, WayIn, WayKind};
use paper::{Fonts, RecoveryPaper};
use rules::day;
use serde::Serialize;
use ts_rs::TS;

use crate::begin::is_long;
use crate::file::write_durably;
use crate::{Code, Desk, DeskError, Now, OlderCopy, PageSize, Patience, keychain};

/// A way in, as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct WayView {
    pub id: u32,
    #[ts(type = "\"passphrase\" | \"recovery_code\" | \"keychain\" | \"other\"")]
    pub kind: &'static str,
    /// `Recovery code`.
    pub title: &'static str,
    /// `25 Nov 2026`; none if the key file does not say.
    pub added: Option<String>,
}

/// A recovery code that was just issued. It opens nothing until it is typed back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct IssuedView {
    /// Seven groups of five characters.
    pub groups: Vec<String>,
}

/// What a new key has to be wrapped for anew, and so has to be asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct NewKeyAsks {
    /// The passphrase has to be typed.
    pub passphrase: bool,
    /// A new recovery code has to be issued and typed back: the old one opens nothing any more.
    pub recovery_code: bool,
    /// The keychain has to hold the book's key.
    pub keychain: bool,
    /// How many ways in will be gone: further passphrases and codes, other computers' keychains.
    pub lost: usize,
}

/// What a new key is wrapped for, as [`NewKeyAsks`] asks.
#[derive(Clone, Copy, Default)]
pub struct NewKey<'a> {
    pub passphrase: Option<&'a Passphrase>,
    /// The issued code, typed back.
    pub recovery_code: Option<&'a str>,
}

/// The ways into a book that is not open.
pub fn ways_into(folder: &Path) -> Result<Vec<WayView>, DeskError> {
    Ok(book::ways_into(folder)?.ways.into_iter().map(WayView::from).collect())
}

/// The key that the system's keychain keeps for a book that is not open.
pub fn keychain_key(folder: &Path, patience: Patience) -> Result<KeychainKey, DeskError> {
    let into = book::ways_into(folder)?;
    if !into.ways.iter().any(|way| way.kind == WayKind::Keychain) {
        return Err(KeyError::NoSuchWay(WayKind::Keychain).into());
    }
    keychain::key(&into.book, patience)?.ok_or_else(keychain::empty)
}

impl Desk {
    /// Opens a book by the key that the system's keychain keeps for it.
    pub fn open_by_keychain(folder: &Path, older: OlderCopy, patience: Patience) -> Result<Self, DeskError> {
        Self::open(folder, &keychain_key(folder, patience)?, older)
    }

    /// What was wrong with the key file when the book was opened, if anything was.
    pub fn key_file_warning(&self) -> Option<String> {
        let KeyFileWas { wrong, is_written_anew } = self.book.key_file_was()?;
        let was = match wrong {
            KeyError::Damaged(what) => format!("damaged ({what})"),
            _ => "missing".to_owned(),
        };
        let now = if *is_written_anew {
            "key.json was written anew from it. Nothing is lost; look after the disk."
        } else {
            "key.json could not be written anew from it. Nothing is lost as long as the copy stays: make room on the disk or \
             look after it, then open the book again."
        };
        Some(format!("key.json was {was}. Its copy, key.previous.json, opened the book, and {now}"))
    }

    pub fn ways_in(&self) -> Result<Vec<WayView>, DeskError> {
        Ok(self.book.ways_in()?.ways.into_iter().map(WayView::from).collect())
    }

    /// Adds a further passphrase, somebody else's say.
    pub fn add_passphrase(&mut self, passphrase: &Passphrase, now: Now) -> Result<WayView, DeskError> {
        is_long(passphrase, "The passphrase was not added.")?;
        Ok(self.book.add_way_in(passphrase, now.today)?.into())
    }

    /// Puts a new passphrase in place of the one with this number, or of the only one. The book itself is not rewritten.
    pub fn change_passphrase(&mut self, id: Option<u32>, new: &Passphrase, now: Now) -> Result<(), DeskError> {
        is_long(new, "The passphrase was not changed.")?;
        let id = match id {
            Some(id) => id,
            None => only(&self.passphrases()?)?,
        };
        Ok(self.book.replace_way_in(id, new, now.today)?)
    }

    fn passphrases(&self) -> Result<Vec<u32>, DeskError> {
        let ways = self.book.ways_in()?.ways.into_iter();
        Ok(ways.filter(|way| way.kind == WayKind::Passphrase).map(|way| way.id).collect())
    }

    /// Makes a recovery code to be shown once. One that was issued before and not typed back is forgotten.
    pub fn issue_recovery_code(&mut self) -> Result<IssuedView, DeskError> {
        self.book.ways_in()?;
        let code = RecoveryCode::random()?;
        let groups = code.text().split('-').map(str::to_owned).collect();
        self.issued = Some(code);
        Ok(IssuedView { groups })
    }

    /// Prints the sheet of the code that was issued.
    pub fn print_recovery_sheet(&self, file: &Path, size: PageSize, now: Now) -> Result<(), DeskError> {
        let code = self.issued_code()?;
        let name = self.book.name().unwrap_or_default();
        let sheet = RecoveryPaper { book_name: &name, code: code.text(), made_on: now.today };
        write_durably(file, &paper::recovery(&sheet, size, &Fonts::load()).pdf)
    }

    /// Makes the code that was issued a way in, once it is typed back, and forgets it.
    pub fn confirm_recovery_code(&mut self, typed: &str, now: Now) -> Result<WayView, DeskError> {
        let code = self.typed_back(typed)?;
        let added = self.book.add_way_in(&code, now.today)?;
        self.issued = None;
        Ok(added.into())
    }

    /// Forgets a code that was issued and is not wanted.
    pub fn forget_recovery_code(&mut self) {
        self.issued = None;
    }

    fn issued_code(&self) -> Result<&RecoveryCode, DeskError> {
        let none = || DeskError::new(Code::Failed, "No recovery code waits to be typed back. Issue one first.");
        self.issued.as_ref().ok_or_else(none)
    }

    /// The code as it was typed, if it is the one that was issued.
    fn typed_back(&self, typed: &str) -> Result<RecoveryCode, DeskError> {
        let issued = self.issued_code()?;
        let typed = RecoveryCode::parse(typed).map_err(KeyError::from)?;
        match issued.differs_in(&typed) {
            groups if groups.is_empty() => Ok(typed),
            // Each group reads correctly: it is of another sheet.
            groups => Err(KeyError::from(Mistyped::Groups(groups)).into()),
        }
    }

    /// Has the system's keychain keep a key for this book. One that it keeps already is taken: it may be another copy's.
    pub fn add_keychain(&mut self, now: Now) -> Result<WayView, DeskError> {
        let book = self.book.ways_in()?.book;
        let kept = match keychain::key(&book, Patience::Long) {
            Err(error) if error.code != Code::KeychainWrongKey => return Err(error),
            kept => kept.ok().flatten(),
        };
        if let Some(key) = &kept
            && self.book.way_opened_by(key).is_ok()
        {
            return Err(DeskError::new(Code::Exists, "This computer's keychain is a way into the book already."));
        }
        let key = kept.map_or_else(|| new_keychain_key(&book), Ok)?;
        Ok(self.book.add_way_in(&key, now.today)?.into())
    }

    /// Removes a way in; the last one stays. Gives words for what the keychain would not let go of, if anything.
    pub fn remove_way_in(&mut self, id: u32) -> Result<Option<String>, DeskError> {
        let into = self.book.ways_in()?;
        let is_keychain = into.ways.iter().any(|way| way.id == id && way.kind == WayKind::Keychain);
        let here = is_keychain.then(|| keychain::key(&into.book, Patience::Long));
        let is_here =
            matches!(&here, Some(Ok(Some(key))) if self.book.way_opened_by(key).is_ok_and(|opened| opened == id));
        let removed = self.book.remove_way_in(id);
        let is_removed = matches!(removed, Ok(()) | Err(BookError::Keys(KeyError::Unsure(_))));
        let left = match here {
            Some(Err(error)) => Some(error),
            _ if is_here && is_removed => keychain::forget(&into.book).err(),
            _ => None,
        };
        removed?;
        Ok(left.map(|error| format!("The key in the keychain is still there, and opens nothing. {}", error.message)))
    }

    /// What a new key asks for. A keychain that is another computer's is lost; one that gives no answer is told first.
    pub fn new_key_asks(&self) -> Result<NewKeyAsks, DeskError> {
        self.asks_with(self.current_keychain_key()?.is_some())
    }

    fn asks_with(&self, keychain: bool) -> Result<NewKeyAsks, DeskError> {
        let ways = self.book.ways_in()?.ways;
        let has = |kind| ways.iter().any(|way| way.kind == kind);
        let [passphrase, recovery_code] = [WayKind::Passphrase, WayKind::RecoveryCode].map(has);
        let kept = [passphrase, recovery_code, keychain].into_iter().filter(|is| *is).count();
        Ok(NewKeyAsks { passphrase, recovery_code, keychain, lost: ways.len() - kept })
    }

    /// Changes the book's root key: the book is written anew under it, after a backup, and keeps its seals. From then on
    /// an old key, an old copy of the key file and an old recovery code open nothing of it any more; backups made before
    /// still open as they did.
    pub fn new_key(&mut self, with: NewKey<'_>, now: Now) -> Result<(), DeskError> {
        let key = self.current_keychain_key()?;
        let asks = self.asks_with(key.is_some())?;
        let passphrase = asks.passphrase.then(|| self.current_passphrase(with.passphrase)).transpose()?;
        let typed = with.recovery_code.unwrap_or_default();
        let code = asks.recovery_code.then(|| self.typed_back(typed)).transpose()?;
        let ways = [passphrase.map(WayIn::from), code.as_ref().map(WayIn::from), key.as_ref().map(WayIn::from)];
        let ways: Vec<WayIn<'_>> = ways.into_iter().flatten().collect();
        self.book.new_key(&ways, now.today)?;
        self.issued = None;
        Ok(())
    }

    /// It has to be a passphrase of the book's: one mistyped now would lock its owner out.
    fn current_passphrase<'p>(&self, passphrase: Option<&'p Passphrase>) -> Result<&'p Passphrase, DeskError> {
        let passphrase = passphrase.ok_or(KeyError::EmptyPassphrase)?;
        self.book.way_opened_by(passphrase)?;
        Ok(passphrase)
    }

    /// The key that this computer's keychain has for the book; none if it has none, and the way in is another computer's.
    fn current_keychain_key(&self) -> Result<Option<KeychainKey>, DeskError> {
        let into = self.book.ways_in()?;
        let Some(way) = into.ways.iter().find(|way| way.kind == WayKind::Keychain) else { return Ok(None) };
        match keychain::key(&into.book, Patience::Long) {
            Ok(key) => Ok(key.filter(|key| self.book.way_opened_by(key).is_ok())),
            Err(error) if error.code == Code::KeychainWrongKey => Ok(None),
            Err(error) if error.code == Code::KeychainMissing => Err(out_of_reach(way.id)),
            Err(error) => Err(error),
        }
    }
}

/// Whose it is can't be told: over ssh, say, this computer's own does not answer either.
fn out_of_reach(id: u32) -> DeskError {
    let words = format!(
        "A keychain is a way into the book, and none answers here, so that the new key can't be kept in it. Give the book its \
         new key where that keychain is, or remove this way in first: `refbook keys BOOK remove {id}`, or its \"Remove…\" in \
         the window."
    );
    DeskError::new(Code::KeychainMissing, words)
}

fn new_keychain_key(book: &str) -> Result<KeychainKey, DeskError> {
    let key = KeychainKey::random()?;
    keychain::keep(book, &key)?;
    Ok(key)
}

fn only(passphrases: &[u32]) -> Result<u32, DeskError> {
    match passphrases {
        [id] => Ok(*id),
        [] => Err(KeyError::NoSuchWay(WayKind::Passphrase).into()),
        several => {
            let words =
                format!("The book has {} passphrases. Say which one is to change, by its number.", several.len());
            Err(DeskError::new(Code::Refused, words))
        }
    }
}

impl From<Way> for WayView {
    fn from(Way { id, kind, added_on }: Way) -> Self {
        let (kind, title) = match kind {
            WayKind::Passphrase => ("passphrase", "Passphrase"),
            WayKind::RecoveryCode => ("recovery_code", "Recovery code"),
            WayKind::Keychain => ("keychain", "Keychain"),
            WayKind::Other => ("other", "Of a newer Refbook"),
        };
        Self { id, kind, title, added: added_on.map(day::words) }
    }
}
