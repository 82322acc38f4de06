//! A client: who was referred, and pays.

use serde::{Deserialize, Serialize};

use crate::day::Day;
use crate::id::Id;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    pub id: Id<Client>,
    pub name: String,
    pub domains: Vec<String>,
    /// Since when it has used the company's services, if it did before it was referred.
    pub customer_since: Option<Day>,
}
