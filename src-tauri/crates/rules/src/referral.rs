//! A referral: that an affiliate brought a client, and when.

use serde::{Deserialize, Serialize};

use crate::affiliate::Affiliate;
use crate::client::Client;
use crate::day::Day;
use crate::id::Id;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Referral {
    pub id: Id<Referral>,
    pub affiliate: Id<Affiliate>,
    pub client: Id<Client>,
    pub registered_on: Day,
}
