//! Adjustments: amounts with a reason on one month's statement.

use rules::affiliate::Adjustment;
use rules::id::Id;
use rules::money::Currency;
use rules::records::RecordKind;
use rusqlite::{Connection, Row, named_params};

use super::{Known, Table, money, month};

impl Table for Adjustment {
    const KIND: RecordKind = RecordKind::Adjustment;

    const SELECT: &str = "
        SELECT record.key, record.id, affiliate.id, record.month, record.amount_minor, record.reason
        FROM adjustment AS record
        JOIN affiliate ON affiliate.key = record.affiliate";

    fn put(&self, connection: &Connection, batch: Option<i64>, _: Known) -> rusqlite::Result<()> {
        const PUT: &str = "
            INSERT INTO adjustment (id, affiliate, month, amount_minor, reason, batch)
            VALUES (
                :id, (SELECT key FROM affiliate WHERE id = :affiliate), :month, :amount_minor, :reason, :batch)
            ON CONFLICT (id) DO UPDATE
            SET affiliate = excluded.affiliate, month = excluded.month, amount_minor = excluded.amount_minor,
                reason = excluded.reason";
        connection.prepare_cached(PUT)?.execute(named_params! {
            ":id": self.id.as_str(),
            ":affiliate": self.affiliate.as_str(),
            ":month": self.month.to_string(),
            ":amount_minor": self.amount.minor(),
            ":reason": self.reason,
            ":batch": batch,
        })?;
        Ok(())
    }

    fn read(row: &Row<'_>, _: &Connection, currency: Currency) -> rusqlite::Result<Self> {
        Ok(Self {
            id: Id::new(row.get_ref(1)?.as_str()?),
            affiliate: Id::new(row.get_ref(2)?.as_str()?),
            month: month(row, 3)?,
            amount: money(row, 4, currency)?,
            reason: row.get(5)?,
        })
    }

    fn id(&self) -> &str {
        self.id.as_str()
    }
}
