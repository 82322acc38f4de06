//! The passphrase: what the owner types, made costly to guess by Argon2id.

use std::io;
use std::ops::RangeInclusive;
use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{KeyError, Secret};

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

/// What a guess costs: Argon2id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    pub memory_kib: u32,
    pub passes: u32,
    pub lanes: u32,
}

impl Cost {
    const LEAST: Cost = Cost { memory_kib: 128 * 1024, passes: 3, lanes: 1 };
    /// What one try at the passphrase is to take on the machine that made the slot.
    const TARGET: Duration = Duration::from_millis(500);
    /// A file that asks for less was tampered with; one that asks for more would never open.
    const MEMORY_KIB: RangeInclusive<u32> = 64 * 1024..=1024 * 1024;
    const PASSES: RangeInclusive<u32> = 1..=64;
    const LANES: RangeInclusive<u32> = 1..=16;

    /// As many passes as fit into the target on this machine, and never fewer than the least.
    pub fn calibrated(passphrase: &Passphrase, salt: &[u8; 16]) -> Result<Self, KeyError> {
        let start = Instant::now();
        Self::LEAST.stretch(passphrase, salt)?;
        let took = start.elapsed().max(Duration::from_millis(1));
        let passes = Self::TARGET.as_millis() * u128::from(Self::LEAST.passes) / took.as_millis();
        let passes = u32::try_from(passes).unwrap_or(u32::MAX).clamp(Self::LEAST.passes, *Self::PASSES.end());
        Ok(Self { passes, ..Self::LEAST })
    }

    pub fn stretch(&self, passphrase: &Passphrase, salt: &[u8; 16]) -> Result<Secret, KeyError> {
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
}
