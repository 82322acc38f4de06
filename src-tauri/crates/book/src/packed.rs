//! Sealed documents as the book stores them: their SHA-256, and their bytes compressed.
//!
//! A statement with its inputs and steps is text that repeats itself; LZ4 makes it about a sixth in less time than
//! encrypting and writing the rest would take.

use sha2::{Digest, Sha256};

use crate::error::BookError;

/// More than any statement: a damaged length must not ask for all memory.
const LARGEST: usize = 1 << 30;
/// A byte of LZ4 stands for at most so many, so that a short bomb is no long one.
const MOST_A_BYTE: usize = 255;

#[derive(Clone, Debug)]
pub struct Packed {
    /// Of the document itself, not of its compressed form.
    pub sha256: [u8; 32],
    pub bytes: Vec<u8>,
}

impl Packed {
    pub fn new(document: &[u8]) -> Self {
        Self { sha256: sha256(document), bytes: lz4_flex::compress_prepend_size(document) }
    }
}

pub fn sha256(document: &[u8]) -> [u8; 32] {
    Sha256::digest(document).into()
}

/// The document again; damage is told by name.
pub fn unpack(bytes: &[u8]) -> Result<Vec<u8>, BookError> {
    let damaged = || BookError::Damaged("a sealed statement can't be unpacked".to_owned());
    let length = bytes.first_chunk().map(|length| u32::from_le_bytes(*length) as usize).ok_or_else(damaged)?;
    if length > LARGEST.min(bytes.len() * MOST_A_BYTE) {
        return Err(damaged());
    }
    lz4_flex::decompress_size_prepended(bytes).map_err(|_| damaged())
}
