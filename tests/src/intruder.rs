//! Somebody with the passphrase and a database tool: opens a book without Refbook, and changes what must not change.
//!
//! Written from the description of the key file alone, so that it also shows that the description is enough.

use std::fs;
use std::path::Path;

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use rusqlite::Connection;
use serde_json::Value;
use sha2::Sha256;

/// Opens the database of a book with its passphrase, with no trigger of Refbook's on.
pub fn break_in(book: &Path, passphrase: &str) -> Connection {
    let connection = Connection::open(book.join("book.db")).expect("the database");
    connection.pragma_update(None, "key", key(book, passphrase)).expect("the key");
    // It need not last longer than a test.
    connection.pragma_update(None, "synchronous", "OFF").expect("no waiting for the disk");
    let triggers: Vec<String> = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger' ORDER BY name")
        .and_then(|mut all| all.query_map([], |row| row.get(0))?.collect())
        .expect("the key opens it");
    for trigger in triggers {
        connection.execute_batch(&format!("DROP TRIGGER {trigger}")).expect("dropped");
    }
    connection
}

/// What SQLCipher takes as the key of a book.
pub fn key(book: &Path, passphrase: &str) -> String {
    let file: Value = serde_json::from_slice(&fs::read(book.join("key.json")).expect("key.json")).expect("JSON");
    let keys = &file["keys"];
    let slot = &keys["slots"][0];
    let number = |member: &str| u32::try_from(slot[member].as_u64().expect(member)).expect(member);
    let bytes = |member: &str| hex::decode(slot[member].as_str().expect(member)).expect(member);
    let (memory, passes, lanes) = (number("memory_kib"), number("passes"), number("lanes"));
    let params = Params::new(memory, passes, lanes, Some(32)).expect("parameters");
    let mut wrapping = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), &bytes("salt"), &mut wrapping)
        .expect("stretched");
    // What a slot is bound to has stayed as in the first version of the key file.
    let id = keys["book"].as_str().expect("book");
    let aad = format!("refbook-key/1 {id} passphrase argon2id {memory} {passes} {lanes}");
    let nonce: [u8; 24] = bytes("nonce").try_into().expect("24 bytes");
    let root = XChaCha20Poly1305::new((&wrapping).into())
        .decrypt(&XNonce::from(nonce), Payload { msg: &bytes("wrapped"), aad: aad.as_bytes() })
        .expect("the passphrase");
    let mut key = [0; 32];
    Hkdf::<Sha256>::new(None, &root).expand(b"refbook book", &mut key).expect("32 bytes");
    format!("x'{}'", hex::encode(key))
}
