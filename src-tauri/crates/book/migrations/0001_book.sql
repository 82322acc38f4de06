-- The book, as it first shipped. A shipped migration never changes: tests/house keeps its hash.
--
-- Every record has an integer key for joins, the text id that people and files know it by, and the batch that it was
-- imported with. Amounts are integers in the currency's minor unit (`_minor`), rates in basis points (`_bp`), days are
-- `YYYY-MM-DD` (`_on`), instants RFC 3339 in UTC (`_at`), months `YYYY-MM`. Records are voided, never deleted.

-- What was recorded at once: an import, a form, an undo. What an undo takes back is a batch.
CREATE TABLE batch (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    recorded_at TEXT NOT NULL,
    -- A file's name, or what was done, in words.
    source TEXT NOT NULL,
    sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
    -- The first of its entries in the journal; the others follow.
    begins_at INTEGER NOT NULL,
    -- The batch that this one took back.
    undoes INTEGER UNIQUE REFERENCES batch (key)
) STRICT;

CREATE TABLE programme (
    key INTEGER PRIMARY KEY CHECK (key = 1),
    company TEXT NOT NULL,
    phone TEXT NOT NULL,
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    standard_rate_bp INTEGER NOT NULL CHECK (standard_rate_bp > 0),
    maximum_rate_bp INTEGER NOT NULL CHECK (maximum_rate_bp > 0),
    in_term_changes TEXT NOT NULL CHECK (in_term_changes IN ('follow_contract', 'hold_original')),
    minimum_payout_minor INTEGER NOT NULL CHECK (minimum_payout_minor >= 0),
    batch INTEGER REFERENCES batch (key)
) STRICT;

-- The programme's logo for the paper: a PNG.
CREATE TABLE logo (
    key INTEGER PRIMARY KEY CHECK (key = 1),
    png BLOB NOT NULL
) STRICT;

CREATE TABLE terms (
    key INTEGER PRIMARY KEY,
    effective_on TEXT NOT NULL UNIQUE CHECK (length(effective_on) = 10),
    standard_rate_bp INTEGER CHECK (standard_rate_bp > 0),
    maximum_rate_bp INTEGER CHECK (maximum_rate_bp > 0),
    in_term_changes TEXT CHECK (in_term_changes IN ('follow_contract', 'hold_original')),
    minimum_payout_minor INTEGER CHECK (minimum_payout_minor >= 0),
    batch INTEGER REFERENCES batch (key),
    voided_at TEXT,
    void_reason TEXT
) STRICT;

CREATE TABLE affiliate (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    own_companies TEXT NOT NULL CHECK (json_type(own_companies) = 'array'),
    domains TEXT NOT NULL CHECK (json_type(domains) = 'array'),
    agreement_signed_on TEXT CHECK (length(agreement_signed_on) = 10),
    remittance TEXT NOT NULL CHECK (remittance IN ('in_full', 'net_of_commission')),
    batch INTEGER REFERENCES batch (key),
    voided_at TEXT,
    void_reason TEXT
) STRICT;

-- The affiliate whose own book it is; none in the office's.
CREATE TABLE owner (
    key INTEGER PRIMARY KEY CHECK (key = 1),
    affiliate INTEGER NOT NULL REFERENCES affiliate (key)
) STRICT;

CREATE TABLE client (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    -- Without what people leave out when they type: łódź is lodz, and O'Malley omalley.
    plain_name TEXT NOT NULL,
    domains TEXT NOT NULL CHECK (json_type(domains) = 'array'),
    customer_since TEXT CHECK (length(customer_since) = 10),
    batch INTEGER REFERENCES batch (key),
    voided_at TEXT,
    void_reason TEXT
) STRICT;

CREATE INDEX client_by_name ON client (name COLLATE NOCASE, key) WHERE voided_at IS NULL;
CREATE INDEX client_voided ON client (key) WHERE voided_at IS NOT NULL;

-- Names, domains and ids of clients, found by how their words begin.
CREATE VIRTUAL TABLE client_search USING fts5 (
    id, name, plain_name, domains,
    content = 'client', content_rowid = 'key', tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
);
CREATE TRIGGER client_found AFTER INSERT ON client
BEGIN
    INSERT INTO client_search (rowid, id, name, plain_name, domains)
    VALUES (NEW.key, NEW.id, NEW.name, NEW.plain_name, NEW.domains);
END;
CREATE TRIGGER client_found_anew AFTER UPDATE OF id, name, domains ON client
BEGIN
    INSERT INTO client_search (client_search, rowid, id, name, plain_name, domains)
    VALUES ('delete', OLD.key, OLD.id, OLD.name, OLD.plain_name, OLD.domains);
    INSERT INTO client_search (rowid, id, name, plain_name, domains)
    VALUES (NEW.key, NEW.id, NEW.name, NEW.plain_name, NEW.domains);
END;

-- What a form holds that was not recorded yet, so that no error, lock or close of the window loses it.
CREATE TABLE unsaved (
    form TEXT PRIMARY KEY,
    text TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Written by hand, for whoever keeps the book: on no statement and no paper, and in no export.
CREATE TABLE note (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    client INTEGER NOT NULL REFERENCES client (key),
    written_on TEXT NOT NULL CHECK (length(written_on) = 10),
    text TEXT NOT NULL,
    voided_at TEXT,
    void_reason TEXT
) STRICT;

CREATE INDEX note_by_client ON note (client);

CREATE TABLE referral (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    affiliate INTEGER NOT NULL REFERENCES affiliate (key),
    client INTEGER NOT NULL REFERENCES client (key),
    registered_on TEXT NOT NULL CHECK (length(registered_on) = 10),
    batch INTEGER REFERENCES batch (key),
    voided_at TEXT,
    void_reason TEXT
) STRICT;

CREATE INDEX referral_by_affiliate ON referral (affiliate, registered_on) WHERE voided_at IS NULL;
CREATE INDEX referral_by_client ON referral (client);
-- The list of referrals is walked here, whatever it is searched for.
CREATE INDEX referral_by_day ON referral (registered_on, key, client, affiliate) WHERE voided_at IS NULL;

-- The receipt of a registration: canonical JSON with who, when and what the check said, sealed like a statement.
CREATE TABLE receipt (
    key INTEGER PRIMARY KEY,
    referral INTEGER NOT NULL UNIQUE REFERENCES referral (key),
    sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
    mac BLOB NOT NULL CHECK (length(mac) = 32),
    document BLOB NOT NULL
) STRICT;

CREATE TRIGGER receipt_is_sealed BEFORE UPDATE ON receipt
BEGIN SELECT RAISE(ABORT, 'a receipt never changes'); END;
CREATE TRIGGER receipt_is_kept BEFORE DELETE ON receipt
BEGIN SELECT RAISE(ABORT, 'a receipt is never deleted'); END;

CREATE TABLE contract (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    referral INTEGER NOT NULL REFERENCES referral (key),
    signed_on TEXT NOT NULL CHECK (length(signed_on) = 10),
    starts_on TEXT NOT NULL CHECK (length(starts_on) = 10),
    term_months INTEGER NOT NULL CHECK (term_months >= 0),
    ended_on TEXT CHECK (length(ended_on) = 10),
    rate_bp INTEGER NOT NULL CHECK (rate_bp > 0),
    billed_by TEXT NOT NULL CHECK (billed_by IN ('company', 'affiliate')),
    batch INTEGER REFERENCES batch (key),
    voided_at TEXT,
    void_reason TEXT
) STRICT;

CREATE INDEX contract_by_referral ON contract (referral, voided_at, ended_on);
-- The day after the original term; a day that the month lacks becomes its last.
CREATE INDEX contract_by_term ON contract (date(starts_on, term_months || ' months', 'floor'))
    WHERE voided_at IS NULL AND term_months > 0;

CREATE TABLE contract_change (
    contract INTEGER NOT NULL REFERENCES contract (key),
    change INTEGER NOT NULL CHECK (change > 0),
    effective_on TEXT NOT NULL CHECK (length(effective_on) = 10),
    PRIMARY KEY (contract, change),
    UNIQUE (contract, effective_on)
) STRICT, WITHOUT ROWID;

-- Change 0 is what was signed.
CREATE TABLE contract_line (
    contract INTEGER NOT NULL REFERENCES contract (key),
    change INTEGER NOT NULL CHECK (change >= 0),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('hosting', 'managed_service', 'setup', 'consulting', 'other')),
    description TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    PRIMARY KEY (contract, change, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE invoice (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    number TEXT NOT NULL,
    client INTEGER NOT NULL REFERENCES client (key),
    contract INTEGER REFERENCES contract (key),
    issued_on TEXT NOT NULL CHECK (length(issued_on) = 10),
    due_on TEXT NOT NULL CHECK (length(due_on) = 10),
    period_start TEXT NOT NULL CHECK (length(period_start) = 10),
    period_end TEXT NOT NULL CHECK (length(period_end) = 10),
    tax_minor INTEGER NOT NULL CHECK (tax_minor >= 0),
    batch INTEGER REFERENCES batch (key),
    voided_at TEXT,
    void_reason TEXT
) STRICT;

CREATE UNIQUE INDEX invoice_by_number ON invoice (number) WHERE voided_at IS NULL;
CREATE INDEX invoice_by_day ON invoice (issued_on);
CREATE INDEX invoice_by_contract ON invoice (contract) WHERE contract IS NOT NULL;
-- A client's other invoices are found by its contracts.
CREATE INDEX invoice_by_client ON invoice (client) WHERE contract IS NULL;

CREATE TABLE invoice_line (
    invoice INTEGER NOT NULL REFERENCES invoice (key),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('hosting', 'managed_service', 'setup', 'consulting', 'other')),
    description TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    PRIMARY KEY (invoice, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE payment (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    invoice INTEGER NOT NULL REFERENCES invoice (key),
    received_on TEXT NOT NULL CHECK (length(received_on) = 10),
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    batch INTEGER REFERENCES batch (key),
    voided_at TEXT,
    void_reason TEXT
) STRICT;

CREATE INDEX payment_by_invoice ON payment (invoice);

CREATE TABLE refund (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    invoice INTEGER NOT NULL REFERENCES invoice (key),
    refunded_on TEXT NOT NULL CHECK (length(refunded_on) = 10),
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    batch INTEGER REFERENCES batch (key),
    voided_at TEXT,
    void_reason TEXT
) STRICT;

CREATE INDEX refund_by_invoice ON refund (invoice);

CREATE TABLE credit_note (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    invoice INTEGER NOT NULL REFERENCES invoice (key),
    issued_on TEXT NOT NULL CHECK (length(issued_on) = 10),
    batch INTEGER REFERENCES batch (key),
    voided_at TEXT,
    void_reason TEXT
) STRICT;

CREATE INDEX credit_note_by_invoice ON credit_note (invoice);

CREATE TABLE credit_note_line (
    credit_note INTEGER NOT NULL REFERENCES credit_note (key),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('hosting', 'managed_service', 'setup', 'consulting', 'other')),
    description TEXT NOT NULL,
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    PRIMARY KEY (credit_note, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE remittance (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    invoice INTEGER NOT NULL REFERENCES invoice (key),
    received_on TEXT NOT NULL CHECK (length(received_on) = 10),
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    batch INTEGER REFERENCES batch (key),
    voided_at TEXT,
    void_reason TEXT
) STRICT;

CREATE INDEX remittance_by_invoice ON remittance (invoice);

CREATE TABLE adjustment (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    affiliate INTEGER NOT NULL REFERENCES affiliate (key),
    month TEXT NOT NULL CHECK (length(month) = 7),
    amount_minor INTEGER NOT NULL,
    reason TEXT NOT NULL,
    batch INTEGER REFERENCES batch (key),
    voided_at TEXT,
    void_reason TEXT
) STRICT;

CREATE INDEX adjustment_by_affiliate ON adjustment (affiliate, month) WHERE voided_at IS NULL;

-- How an affiliate that bills its clients itself presents itself on its invoices.
CREATE TABLE biller (
    affiliate INTEGER PRIMARY KEY REFERENCES affiliate (key),
    address TEXT NOT NULL,
    pay_to TEXT NOT NULL,
    tax_label TEXT NOT NULL,
    tax_rate TEXT NOT NULL,
    days_to_pay INTEGER NOT NULL CHECK (days_to_pay >= 0)
) STRICT;

-- The signed agreement, and the logo on the affiliate's own invoices.
CREATE TABLE affiliate_file (
    affiliate INTEGER NOT NULL REFERENCES affiliate (key),
    kind TEXT NOT NULL CHECK (kind IN ('agreement', 'logo')),
    name TEXT NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (affiliate, kind)
) STRICT;

-- What the company says that it paid an affiliate for a month, to be compared with the statement.
CREATE TABLE company_line (
    affiliate INTEGER NOT NULL REFERENCES affiliate (key),
    month TEXT NOT NULL CHECK (length(month) = 7),
    position INTEGER NOT NULL,
    number TEXT NOT NULL,
    client TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    PRIMARY KEY (affiliate, month, position)
) STRICT, WITHOUT ROWID;

-- What prospects are offered. A quote is corrected in place; its earlier versions are in the journal.
CREATE TABLE quote (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL CHECK (version > 0),
    prospect TEXT NOT NULL,
    domains TEXT NOT NULL CHECK (json_type(domains) = 'array'),
    affiliate INTEGER REFERENCES affiliate (key),
    quoted_on TEXT NOT NULL CHECK (length(quoted_on) = 10),
    valid_until TEXT NOT NULL CHECK (length(valid_until) = 10),
    term_months INTEGER NOT NULL CHECK (term_months >= 0),
    starts_on TEXT NOT NULL CHECK (length(starts_on) = 10),
    rate_bp INTEGER NOT NULL CHECK (rate_bp > 0),
    billed_by TEXT NOT NULL CHECK (billed_by IN ('company', 'affiliate')),
    remittance TEXT NOT NULL CHECK (remittance IN ('in_full', 'net_of_commission')),
    days_to_pay INTEGER NOT NULL CHECK (days_to_pay >= 0),
    stage TEXT NOT NULL CHECK (stage IN ('draft', 'sent', 'accepted', 'declined')),
    contract INTEGER REFERENCES contract (key),
    batch INTEGER REFERENCES batch (key),
    voided_at TEXT,
    void_reason TEXT
) STRICT;

CREATE TABLE quote_line (
    quote INTEGER NOT NULL REFERENCES quote (key),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('hosting', 'managed_service', 'setup', 'consulting', 'other')),
    description TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    PRIMARY KEY (quote, position)
) STRICT, WITHOUT ROWID;

-- Closing. A month that was reopened keeps its row and its sealed statements, with the reason.
CREATE TABLE closing (
    key INTEGER PRIMARY KEY,
    month TEXT NOT NULL CHECK (length(month) = 7),
    closed_at TEXT NOT NULL,
    reopened_at TEXT,
    reopen_reason TEXT
) STRICT;

CREATE UNIQUE INDEX closing_by_month ON closing (month) WHERE reopened_at IS NULL;

CREATE TABLE statement (
    key INTEGER PRIMARY KEY,
    closing INTEGER NOT NULL REFERENCES closing (key),
    affiliate INTEGER NOT NULL REFERENCES affiliate (key),
    number TEXT NOT NULL UNIQUE,
    sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
    previous BLOB CHECK (length(previous) = 32),
    mac BLOB NOT NULL CHECK (length(mac) = 32),
    payable_minor INTEGER NOT NULL,
    reversed_minor INTEGER NOT NULL,
    retained_minor INTEGER NOT NULL,
    held_minor INTEGER NOT NULL,
    adjusted_minor INTEGER NOT NULL,
    payout_minor INTEGER NOT NULL,
    carried_forward_minor INTEGER NOT NULL,
    -- Canonical JSON, compressed: the sealed document, whose SHA-256 stands above.
    document BLOB NOT NULL,
    UNIQUE (affiliate, closing)
) STRICT;

-- A month's and a year's sums without the rows, of which each fills a page with its document.
CREATE INDEX statement_by_closing ON statement (closing, payable_minor, retained_minor, held_minor);
CREATE INDEX statement_by_affiliate ON statement
    (affiliate, closing, payable_minor, reversed_minor, retained_minor, adjusted_minor, payout_minor);

CREATE TRIGGER statement_is_sealed BEFORE UPDATE ON statement
BEGIN SELECT RAISE(ABORT, 'a closed statement never changes'); END;
CREATE TRIGGER statement_is_kept BEFORE DELETE ON statement
BEGIN SELECT RAISE(ABORT, 'a closed statement is never deleted'); END;

-- What closed statements paid, kept or took back, by invoice: an index of their lines, checked against them by `verify`.
CREATE TABLE settled (
    invoice INTEGER NOT NULL REFERENCES invoice (key),
    closing INTEGER NOT NULL REFERENCES closing (key),
    amount_minor INTEGER NOT NULL,
    PRIMARY KEY (invoice, closing)
) STRICT, WITHOUT ROWID;

CREATE INDEX settled_by_closing ON settled (closing);

-- The invoices that the next statement may have something to say of: not paid in full, not settled, or touched since.
-- All others have nothing to settle and hold nothing, so that a month's cost follows its activity and not its history.
-- The triggers say ON CONFLICT and not OR IGNORE, which an upsert that fires them would override.
CREATE TABLE open_invoice (
    invoice INTEGER PRIMARY KEY REFERENCES invoice (key)
) STRICT;

CREATE TRIGGER invoice_recorded AFTER INSERT ON invoice
BEGIN INSERT INTO open_invoice (invoice) VALUES (NEW.key) ON CONFLICT DO NOTHING; END;
CREATE TRIGGER invoice_corrected AFTER UPDATE ON invoice
BEGIN INSERT INTO open_invoice (invoice) VALUES (NEW.key) ON CONFLICT DO NOTHING; END;
CREATE TRIGGER payment_recorded AFTER INSERT ON payment
BEGIN INSERT INTO open_invoice (invoice) VALUES (NEW.invoice) ON CONFLICT DO NOTHING; END;
CREATE TRIGGER payment_corrected AFTER UPDATE ON payment
BEGIN INSERT INTO open_invoice (invoice) VALUES (OLD.invoice), (NEW.invoice) ON CONFLICT DO NOTHING; END;
CREATE TRIGGER refund_recorded AFTER INSERT ON refund
BEGIN INSERT INTO open_invoice (invoice) VALUES (NEW.invoice) ON CONFLICT DO NOTHING; END;
CREATE TRIGGER refund_corrected AFTER UPDATE ON refund
BEGIN INSERT INTO open_invoice (invoice) VALUES (OLD.invoice), (NEW.invoice) ON CONFLICT DO NOTHING; END;
CREATE TRIGGER credit_note_recorded AFTER INSERT ON credit_note
BEGIN INSERT INTO open_invoice (invoice) VALUES (NEW.invoice) ON CONFLICT DO NOTHING; END;
CREATE TRIGGER credit_note_corrected AFTER UPDATE ON credit_note
BEGIN INSERT INTO open_invoice (invoice) VALUES (OLD.invoice), (NEW.invoice) ON CONFLICT DO NOTHING; END;
CREATE TRIGGER remittance_recorded AFTER INSERT ON remittance
BEGIN INSERT INTO open_invoice (invoice) VALUES (NEW.invoice) ON CONFLICT DO NOTHING; END;
CREATE TRIGGER remittance_corrected AFTER UPDATE ON remittance
BEGIN INSERT INTO open_invoice (invoice) VALUES (OLD.invoice), (NEW.invoice) ON CONFLICT DO NOTHING; END;

-- A contract's rate, lines, term or end, an affiliate's agreement, the programme's terms: each may change what was
-- earned on invoices long settled.
CREATE TRIGGER contract_corrected AFTER UPDATE ON contract
BEGIN
    INSERT INTO open_invoice (invoice) SELECT key FROM invoice WHERE contract = NEW.key ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER referral_corrected AFTER UPDATE ON referral
BEGIN
    INSERT INTO open_invoice (invoice)
    SELECT invoice.key FROM invoice JOIN contract ON contract.key = invoice.contract WHERE contract.referral = NEW.key
    ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER affiliate_corrected AFTER UPDATE OF remittance ON affiliate WHEN OLD.remittance <> NEW.remittance
BEGIN
    INSERT INTO open_invoice (invoice)
    SELECT invoice.key
    FROM referral
    JOIN contract ON contract.referral = referral.key
    JOIN invoice ON invoice.contract = contract.key
    WHERE referral.affiliate = NEW.key AND referral.voided_at IS NULL AND contract.billed_by = 'affiliate'
    ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER terms_recorded AFTER INSERT ON terms
BEGIN INSERT INTO open_invoice (invoice) SELECT key FROM invoice WHERE contract IS NOT NULL ON CONFLICT DO NOTHING; END;
CREATE TRIGGER terms_corrected AFTER UPDATE ON terms
BEGIN INSERT INTO open_invoice (invoice) SELECT key FROM invoice WHERE contract IS NOT NULL ON CONFLICT DO NOTHING; END;
CREATE TRIGGER programme_corrected AFTER UPDATE ON programme
BEGIN INSERT INTO open_invoice (invoice) SELECT key FROM invoice WHERE contract IS NOT NULL ON CONFLICT DO NOTHING; END;

-- Every change of a record: when, what, before, after; append-only, each row's hash over the one before.
CREATE TABLE journal (
    sequence INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    action TEXT NOT NULL,
    record TEXT NOT NULL,
    id TEXT NOT NULL,
    batch INTEGER REFERENCES batch (key),
    before TEXT,
    after TEXT,
    reason TEXT,
    previous BLOB NOT NULL CHECK (length(previous) = 32),
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE INDEX journal_of_months ON journal (sequence) WHERE record = 'month';
CREATE INDEX journal_of_quotes ON journal (id, sequence) WHERE record = 'quote';

CREATE TRIGGER journal_is_append_only BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal never changes'); END;
CREATE TRIGGER journal_is_kept BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is never deleted'); END;
