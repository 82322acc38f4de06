//! The receipt of a registration as it is sealed: who referred whom and when, and what the checks found, as canonical
//! JSON (RFC 8785).

use rules::affiliate::Affiliate;
use rules::client::Client;
use rules::referral::Referral;
use rules::registration::Check;
use rules::terms::Programme;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::canonical;

const FORMAT: &str = "refbook-receipt/1";

/// A registration as it was recorded, with everything that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The version of the rules that checked it.
    pub engine: u32,
    pub programme: Programme,
    pub affiliate: Affiliate,
    pub client: Client,
    pub referral: Referral,
    /// RFC 3339, in UTC.
    pub recorded_at: String,
    pub checks: Vec<Check>,
}

#[derive(Debug, Error)]
pub enum ReceiptError {
    #[error("it is no document of this kind: {0}")]
    Unreadable(#[from] serde_json::Error),
    #[error("its format is \"{0}\", and this Refbook reads \"{FORMAT}\"")]
    Format(String),
    #[error("its bytes are not in canonical form (RFC 8785)")]
    NotCanonical,
}

// Declared in the order of the canonical form.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    affiliate: Affiliate,
    checks: Vec<Check>,
    client: Client,
    engine: u32,
    format: String,
    programme: Programme,
    recorded_at: String,
    referral: Referral,
}

/// The document's bytes: canonical JSON, RFC 8785.
pub fn write(receipt: &Receipt) -> Vec<u8> {
    let Receipt { engine, programme, affiliate, client, referral, recorded_at, checks } = receipt.clone();
    let format = FORMAT.to_owned();
    canonical::to_vec(&Document { affiliate, checks, client, engine, format, programme, recorded_at, referral })
}

/// Reads a document back: whatever is read is written again as the same bytes.
pub fn read(bytes: &[u8]) -> Result<Receipt, ReceiptError> {
    let Document { affiliate, checks, client, engine, format, programme, recorded_at, referral } =
        serde_json::from_slice(bytes)?;
    if format != FORMAT {
        return Err(ReceiptError::Format(format));
    }
    let receipt = Receipt { engine, programme, affiliate, client, referral, recorded_at, checks };
    if write(&receipt) == bytes { Ok(receipt) } else { Err(ReceiptError::NotCanonical) }
}
