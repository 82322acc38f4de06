//! Affiliates.

use std::collections::HashMap;

use rules::affiliate::Affiliate;
use rules::day::Day;
use rules::id::Id;
use rules::money::Currency;
use rules::records::RecordKind;
use rusqlite::vtab::array::Array;
use rusqlite::{Connection, Row, named_params};

use super::referral::HELD;
use super::{Known, Table, day, optional, serde_word, texts, texts_to_sql, to_word};

/// The ids and names of the live affiliates, by name.
pub fn names(connection: &Connection) -> rusqlite::Result<Vec<(Id<Affiliate>, String)>> {
    const NAMES: &str = "
        SELECT id, name
        FROM affiliate
        WHERE voided_at IS NULL
        ORDER BY name COLLATE NOCASE, key";
    let name = |row: &Row<'_>| Ok((Id::new(row.get_ref(0)?.as_str()?), row.get(1)?));
    connection.prepare_cached(NAMES)?.query_map([], name)?.collect()
}

impl Table for Affiliate {
    const KIND: RecordKind = RecordKind::Affiliate;

    const SELECT: &str = "
        SELECT
            record.key, record.id, record.name, record.own_companies, record.domains, record.agreement_signed_on,
            record.remittance
        FROM affiliate AS record";

    fn put(&self, connection: &Connection, batch: Option<i64>, _: Known) -> rusqlite::Result<()> {
        const PUT: &str = "
            INSERT INTO affiliate (id, name, own_companies, domains, agreement_signed_on, remittance, batch)
            VALUES (:id, :name, :own_companies, :domains, :agreement_signed_on, :remittance, :batch)
            ON CONFLICT (id) DO UPDATE
            SET name = excluded.name, own_companies = excluded.own_companies, domains = excluded.domains,
                agreement_signed_on = excluded.agreement_signed_on, remittance = excluded.remittance";
        connection.prepare_cached(PUT)?.execute(named_params! {
            ":id": self.id.as_str(),
            ":name": self.name,
            ":own_companies": texts_to_sql(&self.own_companies),
            ":domains": texts_to_sql(&self.domains),
            ":agreement_signed_on": self.agreement_signed_on.map(|day| day.to_string()),
            ":remittance": to_word(self.remittance),
            ":batch": batch,
        })?;
        Ok(())
    }

    fn read(row: &Row<'_>, _: &Connection, _: Currency) -> rusqlite::Result<Self> {
        Ok(Self {
            id: Id::new(row.get_ref(1)?.as_str()?),
            name: row.get(2)?,
            own_companies: texts(row, 3)?,
            domains: texts(row, 4)?,
            agreement_signed_on: optional(row, 5, day)?,
            remittance: serde_word(row, 6)?,
        })
    }

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// How many clients each of these affiliates has a live referral of: "it has no contract yet, or one that has not ended
/// before" `today`.
pub fn clients_referred(
    connection: &Connection,
    affiliates: &Array,
    today: Day,
) -> rusqlite::Result<HashMap<Id<Affiliate>, u32>> {
    let sql = format!(
        "SELECT affiliate.id, count(DISTINCT referral.client)
        FROM rarray(:affiliates) AS wanted
        CROSS JOIN affiliate ON affiliate.id = wanted.value
        CROSS JOIN referral ON referral.affiliate = affiliate.key AND referral.voided_at IS NULL
        WHERE coalesce({HELD}, 1)
        GROUP BY affiliate.key
        ORDER BY affiliate.key"
    );
    let parameters = named_params! { ":affiliates": affiliates, ":today": today.to_string() };
    let mut statement = connection.prepare_cached(&sql)?;
    statement.query_map(parameters, |row| Ok((Id::new(row.get_ref(0)?.as_str()?), row.get(1)?)))?.collect()
}
