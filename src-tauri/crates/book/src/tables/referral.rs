//! Referrals.

use std::collections::HashMap;

use rules::client::Client;
use rules::day::Day;
use rules::id::Id;
use rules::money::Currency;
use rules::records::RecordKind;
use rules::referral::Referral;
use rusqlite::vtab::array::Array;
use rusqlite::{Connection, Row, named_params};

use super::{Known, Table, array, column, day};

/// A referral as a list shows it.
#[derive(Clone, Debug)]
pub struct ReferralListed {
    pub referral: Referral,
    pub client_name: String,
    pub affiliate_name: String,
    pub stage: Stage,
    /// Whether a receipt was sealed for it.
    pub has_receipt: bool,
}

/// How far a referral has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It has no contract yet.
    Registered,
    /// It has a contract that has not ended.
    Contract,
    /// It had contracts, and all have ended.
    Lapsed,
}

impl Stage {
    pub const ALL: [Stage; 3] = [Stage::Registered, Stage::Contract, Stage::Lapsed];

    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Registered => "registered",
            Stage::Contract => "contract",
            Stage::Lapsed => "lapsed",
        }
    }

    /// What [`HELD`] says of it.
    fn held(self) -> Option<bool> {
        match self {
            Stage::Registered => None,
            Stage::Contract => Some(true),
            Stage::Lapsed => Some(false),
        }
    }
}

/// Whether one of a referral's contracts is held on a day; null if it has none.
pub(super) const HELD: &str = "(
    SELECT max(contract.ended_on IS NULL OR contract.ended_on >= :today)
    FROM contract
    WHERE contract.referral = referral.key AND contract.voided_at IS NULL
    ORDER BY 1)";

/// The keys of a page of all live referrals, the newest first.
pub fn page(connection: &Connection, from: u32, most: u32) -> rusqlite::Result<Vec<i64>> {
    const PAGE: &str = "
        SELECT key
        FROM referral
        WHERE voided_at IS NULL
        ORDER BY registered_on DESC, key DESC
        LIMIT :most OFFSET :from";
    column(connection, PAGE, named_params! { ":from": from, ":most": most })
}

pub fn count(connection: &Connection) -> rusqlite::Result<u32> {
    const COUNT: &str = "SELECT count(*) FROM referral WHERE voided_at IS NULL ORDER BY 1";
    connection.prepare_cached(COUNT)?.query_row([], |row| row.get(0))
}

/// The keys of the live referrals whose client is found by `words` (see [`super::client_search::words`]) or whose affiliate is
/// one of `affiliates`, the newest first.
pub fn found(connection: &Connection, words: &str, affiliates: &Array) -> rusqlite::Result<Vec<i64>> {
    // Walked by the day, whatever is found: the `+` keeps the planner from sorting it.
    const FOUND: &str = "
        SELECT key
        FROM referral
        WHERE voided_at IS NULL AND (
            +client IN (SELECT rowid FROM client_search WHERE client_search MATCH :words)
            OR +affiliate IN (SELECT affiliate.key FROM rarray(:affiliates) JOIN affiliate ON affiliate.id = value))
        ORDER BY registered_on DESC, key DESC";
    column(connection, FOUND, named_params! { ":words": words, ":affiliates": affiliates })
}

/// The keys of the live referrals at a stage, the newest first.
pub fn at_stage(connection: &Connection, stage: Stage, today: Day) -> rusqlite::Result<Vec<i64>> {
    let sql = format!(
        "SELECT key
        FROM referral
        WHERE voided_at IS NULL AND {HELD} IS :held
        ORDER BY registered_on DESC, key DESC"
    );
    column(connection, &sql, named_params! { ":today": today.to_string(), ":held": stage.held() })
}

/// The keys of the live referrals of these clients, the newest first.
pub fn of_clients(connection: &Connection, clients: &Array) -> rusqlite::Result<Vec<i64>> {
    const OF: &str = "
        SELECT referral.key
        FROM rarray(:clients) AS wanted
        CROSS JOIN referral ON referral.client = wanted.value
        WHERE referral.voided_at IS NULL
        ORDER BY referral.registered_on DESC, referral.key DESC";
    column(connection, OF, &[(":clients", clients)])
}

/// By client: the name of the affiliate that referred it last.
pub fn referrers_of(connection: &Connection, clients: &Array) -> rusqlite::Result<HashMap<Id<Client>, String>> {
    // The last of a client's stays.
    const REFERRERS: &str = "
        SELECT client.id, affiliate.name
        FROM rarray(:clients) AS wanted
        CROSS JOIN client ON client.id = wanted.value
        CROSS JOIN referral ON referral.client = client.key
        CROSS JOIN affiliate ON affiliate.key = referral.affiliate
        WHERE referral.voided_at IS NULL
        ORDER BY referral.registered_on, referral.key";
    let mut statement = connection.prepare_cached(REFERRERS)?;
    let referrer = |row: &Row<'_>| Ok((Id::new(row.get_ref(0)?.as_str()?), row.get(1)?));
    statement.query_map(named_params! { ":clients": clients }, referrer)?.collect()
}

/// The keys of an affiliate's live referrals, the newest first, at most `most`.
pub fn of_affiliate(connection: &Connection, affiliate: &str, most: u32) -> rusqlite::Result<Vec<i64>> {
    const OF: &str = "
        SELECT referral.key
        FROM affiliate
        CROSS JOIN referral ON referral.affiliate = affiliate.key
        WHERE affiliate.id = :affiliate AND referral.voided_at IS NULL
        ORDER BY referral.registered_on DESC, referral.key DESC
        LIMIT :most";
    column(connection, OF, named_params! { ":affiliate": affiliate, ":most": most })
}

/// These referrals as a list shows them, in the order of `keys`.
pub fn listed(connection: &Connection, keys: &[i64], today: Day) -> rusqlite::Result<Vec<ReferralListed>> {
    let sql = format!(
        "SELECT
            referral.id, affiliate.id, client.id, referral.registered_on, client.name, affiliate.name, {HELD},
            EXISTS (SELECT 1 FROM receipt WHERE receipt.referral = referral.key ORDER BY 1)
        FROM rarray(:keys) AS wanted
        CROSS JOIN referral ON referral.key = wanted.value
        CROSS JOIN affiliate ON affiliate.key = referral.affiliate
        CROSS JOIN client ON client.key = referral.client
        ORDER BY wanted.rowid"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let parameters = named_params! { ":keys": array(keys), ":today": today.to_string() };
    statement.query_map(parameters, read_listed)?.collect()
}

fn read_listed(row: &Row<'_>) -> rusqlite::Result<ReferralListed> {
    let held: Option<bool> = row.get(6)?;
    let stage = Stage::ALL.into_iter().find(|stage| stage.held() == held).unwrap_or(Stage::Registered);
    Ok(ReferralListed {
        referral: Referral {
            id: Id::new(row.get_ref(0)?.as_str()?),
            affiliate: Id::new(row.get_ref(1)?.as_str()?),
            client: Id::new(row.get_ref(2)?.as_str()?),
            registered_on: day(row, 3)?,
        },
        client_name: row.get(4)?,
        affiliate_name: row.get(5)?,
        stage,
        has_receipt: row.get(7)?,
    })
}

impl Table for Referral {
    const KIND: RecordKind = RecordKind::Referral;

    const SELECT: &str = "
        SELECT record.key, record.id, affiliate.id, client.id, record.registered_on
        FROM referral AS record
        JOIN affiliate ON affiliate.key = record.affiliate
        JOIN client ON client.key = record.client";

    fn put(&self, connection: &Connection, batch: Option<i64>, _: Known) -> rusqlite::Result<()> {
        const PUT: &str = "
            INSERT INTO referral (id, affiliate, client, registered_on, batch)
            VALUES (
                :id, (SELECT key FROM affiliate WHERE id = :affiliate), (SELECT key FROM client WHERE id = :client),
                :registered_on, :batch)
            ON CONFLICT (id) DO UPDATE
            SET affiliate = excluded.affiliate, client = excluded.client, registered_on = excluded.registered_on";
        connection.prepare_cached(PUT)?.execute(named_params! {
            ":id": self.id.as_str(),
            ":affiliate": self.affiliate.as_str(),
            ":client": self.client.as_str(),
            ":registered_on": self.registered_on.to_string(),
            ":batch": batch,
        })?;
        Ok(())
    }

    fn read(row: &Row<'_>, _: &Connection, _: Currency) -> rusqlite::Result<Self> {
        Ok(Self {
            id: Id::new(row.get_ref(1)?.as_str()?),
            affiliate: Id::new(row.get_ref(2)?.as_str()?),
            client: Id::new(row.get_ref(3)?.as_str()?),
            registered_on: day(row, 4)?,
        })
    }

    fn id(&self) -> &str {
        self.id.as_str()
    }
}
