//! Clients.

use rules::client::Client;
use rules::id::Id;
use rules::money::Currency;
use rules::records::RecordKind;
use rusqlite::{Connection, Row, named_params};

use super::{Known, Table, day, optional, texts, texts_to_sql};

impl Table for Client {
    const KIND: RecordKind = RecordKind::Client;

    const SELECT: &str = "
        SELECT record.key, record.id, record.name, record.domains, record.customer_since
        FROM client AS record";

    fn put(&self, connection: &Connection, batch: Option<i64>, _: Known) -> rusqlite::Result<()> {
        const PUT: &str = "
            INSERT INTO client (id, name, domains, customer_since, batch)
            VALUES (:id, :name, :domains, :customer_since, :batch)
            ON CONFLICT (id) DO UPDATE
            SET name = excluded.name, domains = excluded.domains, customer_since = excluded.customer_since";
        connection.prepare_cached(PUT)?.execute(named_params! {
            ":id": self.id.as_str(),
            ":name": self.name,
            ":domains": texts_to_sql(&self.domains),
            ":customer_since": self.customer_since.map(|day| day.to_string()),
            ":batch": batch,
        })?;
        Ok(())
    }

    fn read(row: &Row<'_>, _: &Connection, _: Currency) -> rusqlite::Result<Self> {
        Ok(Self {
            id: Id::new(row.get_ref(1)?.as_str()?),
            name: row.get(2)?,
            domains: texts(row, 3)?,
            customer_since: optional(row, 4, day)?,
        })
    }

    fn id(&self) -> &str {
        self.id.as_str()
    }
}
