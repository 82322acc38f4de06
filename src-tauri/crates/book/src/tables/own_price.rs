//! What clients pay at an affiliate's own price from a day on, and the lines.

use rules::id::Id;
use rules::money::Currency;
use rules::own_price::OwnPrice;
use rules::records::RecordKind;
use rusqlite::{Connection, Row, named_params};

use super::{Known, Table, day, key_put, lines, put_lines};

impl Table for OwnPrice {
    const KIND: RecordKind = RecordKind::OwnPrice;

    const SELECT: &str = "
        SELECT record.key, record.id, contract.id, record.effective_on
        FROM own_price AS record
        JOIN contract ON contract.key = record.contract";

    fn put(&self, connection: &Connection, batch: Option<i64>, known: Known) -> rusqlite::Result<()> {
        const PUT: &str = "
            INSERT INTO own_price (id, contract, effective_on, batch)
            VALUES (:id, (SELECT key FROM contract WHERE id = :contract), :effective_on, :batch)
            ON CONFLICT (id) DO UPDATE
            SET contract = excluded.contract, effective_on = excluded.effective_on";
        const CLEAR: &str = "DELETE FROM own_price_line WHERE own_price = :key";
        const PUT_LINE: &str = "
            INSERT INTO own_price_line (own_price, position, kind, description, amount_minor)
            VALUES (:key, :position, :kind, :description, :amount_minor)";
        connection.prepare_cached(PUT)?.execute(named_params! {
            ":id": self.id.as_str(),
            ":contract": self.contract.as_str(),
            ":effective_on": self.effective_on.to_string(),
            ":batch": batch,
        })?;
        let key = key_put(connection, self, known)?;
        if known == Known::Before {
            connection.prepare_cached(CLEAR)?.execute(named_params! { ":key": key })?;
        }
        put_lines(connection, PUT_LINE, key, &self.lines)
    }

    fn read(row: &Row<'_>, connection: &Connection, currency: Currency) -> rusqlite::Result<Self> {
        const LINES: &str = "
            SELECT kind, description, amount_minor
            FROM own_price_line
            WHERE own_price = :key
            ORDER BY position";
        let key: i64 = row.get(0)?;
        Ok(Self {
            id: Id::new(row.get_ref(1)?.as_str()?),
            contract: Id::new(row.get_ref(2)?.as_str()?),
            effective_on: day(row, 3)?,
            lines: lines(connection, LINES, &[(":key", &key)], currency)?,
        })
    }

    fn id(&self) -> &str {
        self.id.as_str()
    }
}
