//! Referrals.

use rules::id::Id;
use rules::money::Currency;
use rules::records::RecordKind;
use rules::referral::Referral;
use rusqlite::{Connection, Row, named_params};

use super::{Known, Table, day};

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
