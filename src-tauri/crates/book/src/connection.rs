//! The connection: keyed, checked and set to lose nothing.
//!
//! The rollback journal with TRUNCATE and EXTRA, not WAL: in a WAL one flipped bit silently drops committed money.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::error::BookError;
use crate::keys::Keys;

pub const FILE: &str = "book.db";

pub fn create(file: &Path, keys: &Keys) -> Result<Connection, BookError> {
    connect(file, keys, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)
}

pub fn open(file: &Path, keys: &Keys) -> Result<Connection, BookError> {
    if starts_as_plain_sqlite(file)? {
        return Err(BookError::Damaged("book.db is a plain SQLite file, not an encrypted book".to_owned()));
    }
    connect(file, keys, OpenFlags::SQLITE_OPEN_READ_WRITE)
}

/// Of a backup, which nobody writes and which may lie where nobody can.
pub fn open_to_read(file: &Path, keys: &Keys) -> Result<Connection, BookError> {
    let connection = unlock(file, keys, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    settle(&connection)?;
    Ok(connection)
}

/// Of a book that is never written: what needs no file needs no cipher either.
pub fn in_memory() -> Result<Connection, BookError> {
    let connection = Connection::open_in_memory()?;
    settle(&connection)?;
    Ok(connection)
}

fn connect(file: &Path, keys: &Keys, access: OpenFlags) -> Result<Connection, BookError> {
    let connection = unlock(file, keys, access)?;
    lose_nothing(&connection)?;
    settle(&connection)?;
    Ok(connection)
}

fn unlock(file: &Path, keys: &Keys, access: OpenFlags) -> Result<Connection, BookError> {
    // No shared cache, no URI: the path is a path.
    let connection = Connection::open_with_flags(file, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.pragma_update(None, "cipher_log_level", "NONE")?;
    // SQLCipher locks and wipes its keys' memory by itself. This would do the same to every page and row that SQLite
    // holds, in 250,000 system calls for 3,000 bills: a month then takes seven times as long.
    connection.pragma_update(None, "cipher_memory_security", false)?;
    connection.execute_batch(&keys.book_key_pragma())?;
    let cipher: String = connection.query_row("PRAGMA cipher_version", [], |row| row.get(0))?;
    if cipher.is_empty() {
        return Err(BookError::Damaged("this build of Refbook has no SQLCipher".to_owned()));
    }
    // The key file opened, so a file that this key does not read is damaged: it is not a wrong passphrase.
    connection.query_row("SELECT count(*) FROM sqlite_schema ORDER BY 1", [], |row| row.get::<_, i64>(0))?;
    Ok(connection)
}

/// With the feature `lossy`, those that lose things: they show that the torture harness would see it.
const MODES: (&str, &str) = if cfg!(feature = "lossy") { ("WAL", "NORMAL") } else { ("TRUNCATE", "EXTRA") };

fn lose_nothing(connection: &Connection) -> Result<(), BookError> {
    let (journal, synchronous) = MODES;
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", journal, |row| row.get(0))?;
    if !mode.eq_ignore_ascii_case(journal) {
        return Err(BookError::Damaged(format!("the rollback journal is in mode \"{mode}\"")));
    }
    connection.pragma_update(None, "synchronous", synchronous)?;
    connection.pragma_update(None, "fullfsync", true)?;
    Ok(())
}

fn settle(connection: &Connection) -> Result<(), BookError> {
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "mmap_size", 0)?;
    connection.pragma_update(None, "secure_delete", true)?;
    // A month of 100,000 contracts hardly decrypts a page twice.
    connection.pragma_update(None, "cache_size", -32 * 1024)?;
    connection.set_prepared_statement_cache_capacity(128);
    rusqlite::vtab::array::load_module(connection)?;
    Ok(())
}

fn starts_as_plain_sqlite(file: &Path) -> Result<bool, BookError> {
    let mut start = Vec::new();
    File::open(file)?.take(16).read_to_end(&mut start)?;
    Ok(start.starts_with(b"SQLite format 3"))
}
