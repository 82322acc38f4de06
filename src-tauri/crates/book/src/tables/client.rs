//! Clients.

use rules::client::Client;
use rules::id::Id;
use rules::money::Currency;
use rules::name::plain;
use rules::records::RecordKind;
use rusqlite::{Connection, Row, named_params};

use super::{Known, Table, array, column, day, optional, texts, texts_to_sql};

/// The keys of a page of all live clients, by name or the newest first.
pub fn page(connection: &Connection, newest: bool, from: u32, most: u32) -> rusqlite::Result<Vec<i64>> {
    const BY_NAME: &str = "
        SELECT key
        FROM client
        WHERE voided_at IS NULL
        ORDER BY name COLLATE NOCASE, key
        LIMIT :most OFFSET :from";
    const NEWEST: &str = "
        SELECT key
        FROM client
        WHERE voided_at IS NULL
        ORDER BY key DESC
        LIMIT :most OFFSET :from";
    let sql = if newest { NEWEST } else { BY_NAME };
    column(connection, sql, named_params! { ":from": from, ":most": most })
}

pub fn count(connection: &Connection) -> rusqlite::Result<u32> {
    const COUNT: &str = "SELECT count(*) FROM client WHERE voided_at IS NULL ORDER BY 1";
    connection.prepare_cached(COUNT)?.query_row([], |row| row.get(0))
}

/// These clients, in the order of `keys`.
pub fn in_order(connection: &Connection, keys: &[i64], currency: Currency) -> rusqlite::Result<Vec<Client>> {
    let sql =
        format!("{} JOIN rarray(:keys) AS wanted ON wanted.value = record.key ORDER BY wanted.rowid", Client::SELECT);
    let mut statement = connection.prepare_cached(&sql)?;
    let parameters = named_params! { ":keys": array(keys) };
    statement.query_map(parameters, |row| Client::read(row, connection, currency))?.collect()
}

impl Table for Client {
    const KIND: RecordKind = RecordKind::Client;

    const SELECT: &str = "
        SELECT record.key, record.id, record.name, record.domains, record.customer_since
        FROM client AS record";

    fn put(&self, connection: &Connection, batch: Option<i64>, _: Known) -> rusqlite::Result<()> {
        const PUT: &str = "
            INSERT INTO client (id, name, plain_name, domains, customer_since, batch)
            VALUES (:id, :name, :plain_name, :domains, :customer_since, :batch)
            ON CONFLICT (id) DO UPDATE
            SET name = excluded.name, plain_name = excluded.plain_name, domains = excluded.domains,
                customer_since = excluded.customer_since";
        connection.prepare_cached(PUT)?.execute(named_params! {
            ":id": self.id.as_str(),
            ":name": self.name,
            ":plain_name": plain(&self.name),
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
