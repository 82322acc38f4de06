//! One secret wrapped by another: XChaCha20-Poly1305, bound to what it is for.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{KeyError, Secret, random};

#[derive(Serialize, Deserialize)]
pub struct Wrapped {
    #[serde(with = "hex::serde")]
    nonce: [u8; 24],
    #[serde(with = "hex::serde")]
    wrapped: Vec<u8>,
}

impl Wrapped {
    /// `bound_to` is vouched for beside the secret.
    pub fn new(key: &Secret, secret: &[u8], bound_to: &str) -> Result<Self, KeyError> {
        let nonce = random()?;
        let payload = Payload { msg: secret, aad: bound_to.as_bytes() };
        let wrapped = XChaCha20Poly1305::new((&**key).into()).encrypt(&XNonce::from(nonce), payload);
        Ok(Self { nonce, wrapped: wrapped.expect("a few bytes are within the cipher's limit") })
    }

    /// The secret; `None` if it was not wrapped by this key for this.
    pub fn open(&self, key: &Secret, bound_to: &str) -> Option<Zeroizing<Vec<u8>>> {
        let payload = Payload { msg: &self.wrapped, aad: bound_to.as_bytes() };
        let opened = XChaCha20Poly1305::new((&**key).into()).decrypt(&XNonce::from(self.nonce), payload);
        opened.ok().map(Zeroizing::new)
    }
}
