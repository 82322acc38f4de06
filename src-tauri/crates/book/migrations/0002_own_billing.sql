-- What is between an affiliate that bills its clients itself and its clients alone.

-- What the client of a contract pays from a day on, at the affiliate's own price.
CREATE TABLE own_price (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    contract INTEGER NOT NULL REFERENCES contract (key),
    effective_on TEXT NOT NULL CHECK (length(effective_on) = 10),
    batch INTEGER REFERENCES batch (key),
    voided_at TEXT,
    void_reason TEXT
) STRICT;

CREATE INDEX own_price_by_contract ON own_price (contract);

CREATE TABLE own_price_line (
    own_price INTEGER NOT NULL REFERENCES own_price (key),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('hosting', 'managed_service', 'setup', 'consulting', 'other')),
    description TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    PRIMARY KEY (own_price, position)
) STRICT, WITHOUT ROWID;

-- What a client is billed for an invoice at the affiliate's own price; the invoice stays what the company charges.
CREATE TABLE resale (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    invoice INTEGER NOT NULL REFERENCES invoice (key),
    tax_minor INTEGER NOT NULL CHECK (tax_minor >= 0),
    batch INTEGER REFERENCES batch (key),
    voided_at TEXT,
    void_reason TEXT
) STRICT;

CREATE INDEX resale_by_invoice ON resale (invoice);

CREATE TABLE resale_line (
    resale INTEGER NOT NULL REFERENCES resale (key),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('hosting', 'managed_service', 'setup', 'consulting', 'other')),
    description TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    PRIMARY KEY (resale, position)
) STRICT, WITHOUT ROWID;

-- Between an affiliate and its client alone: refunds of its own, bad debt.
CREATE TABLE own_entry (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    invoice INTEGER NOT NULL REFERENCES invoice (key),
    kind TEXT NOT NULL CHECK (kind IN ('refunded', 'written_off')),
    entered_on TEXT NOT NULL CHECK (length(entered_on) = 10),
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    batch INTEGER REFERENCES batch (key),
    voided_at TEXT,
    void_reason TEXT
) STRICT;

CREATE INDEX own_entry_by_invoice ON own_entry (invoice);
