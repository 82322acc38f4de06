//! The key that a system's keychain keeps for us, as text: it wraps the root key, and is never the root key itself.

use zeroize::Zeroizing;

use super::{KeyError, Secret, random};

/// What the keychain holds. Wiped when dropped, never shown.
pub struct KeychainKey(Secret);

impl KeychainKey {
    pub fn random() -> Result<Self, KeyError> {
        Ok(Self(Zeroizing::new(random()?)))
    }

    /// What a keychain gave back. Anything but a key of ours is a wrong key, and never a reason to make a new one.
    pub fn from_text(text: &str) -> Result<Self, KeyError> {
        let mut key = Secret::default();
        let digits = text.strip_prefix(Self::FORMAT).ok_or(KeyError::WrongKeychainKey)?;
        hex::decode_to_slice(digits, key.as_mut_slice()).map_err(|_| KeyError::WrongKeychainKey)?;
        Ok(Self(key))
    }

    /// For the keychain, and for nobody else.
    pub fn to_text(&self) -> Zeroizing<String> {
        let digits = Zeroizing::new(hex::encode(self.0.as_slice()));
        Zeroizing::new(format!("{}{}", Self::FORMAT, *digits))
    }

    pub(super) fn key(&self) -> &Secret {
        &self.0
    }

    const FORMAT: &str = "refbook-keychain/1 ";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_back_from_its_text_and_nothing_else_is_one() {
        let key = KeychainKey::random().expect("a key");
        let text = key.to_text();
        assert!(KeychainKey::from_text(&text).is_ok_and(|again| again.0 == key.0));
        for wrong in ["", "hunter2", "refbook-keychain/1 ", "refbook-keychain/1 00", &text[..text.len() - 1]] {
            assert!(matches!(KeychainKey::from_text(wrong), Err(KeyError::WrongKeychainKey)), "{wrong:?}");
        }
    }
}
