//! What is wrong with records that are offered to the book: a code, a place, a message.

use std::fmt;

use serde::Serialize;

/// One problem of a file or a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    pub code: Code,
    /// Where: `contracts[3].rate`, counted from 0 as in the file; or `line 12 column 5` where a file is no JSON.
    pub at: String,
    /// What happened, with the value in quotes, then one hint.
    pub message: String,
}

/// Why a record is refused; `rules.md`, "Who can be referred".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    ExistingCustomer,
    OwnCompany,
    AlreadyReferred,
    ContractBeforeReferral,
    RateAboveMaximum,
    RateNotPositive,
    AgreementMissing,
    UnknownReference,
    DuplicateId,
    DuplicateNumber,
    DuplicateChange,
    DuplicateTerms,
    Unreadable,
    NotPositive,
    InvoiceBelowZero,
    CreditAboveInvoice,
    RefundAboveReceived,
    PeriodBackwards,
    BeforeContract,
    WrongClient,
    MonthClosed,
    /// A book's currency is fixed once it has a programme.
    CurrencyFixed,
    /// A quote that was sent is followed by its next version.
    QuoteSent,
    /// An affiliate's own price, bill or entry where the company bills.
    BilledByCompany,
    DuplicatePrice,
    WriteOffAboveOwed,
}

impl Code {
    pub fn as_str(self) -> &'static str {
        match self {
            Code::ExistingCustomer => "existing_customer",
            Code::OwnCompany => "own_company",
            Code::AlreadyReferred => "already_referred",
            Code::ContractBeforeReferral => "contract_before_referral",
            Code::RateAboveMaximum => "rate_above_maximum",
            Code::RateNotPositive => "rate_not_positive",
            Code::AgreementMissing => "agreement_missing",
            Code::UnknownReference => "unknown_reference",
            Code::DuplicateId => "duplicate_id",
            Code::DuplicateNumber => "duplicate_number",
            Code::DuplicateChange => "duplicate_change",
            Code::DuplicateTerms => "duplicate_terms",
            Code::Unreadable => "unreadable",
            Code::NotPositive => "not_positive",
            Code::InvoiceBelowZero => "invoice_below_zero",
            Code::CreditAboveInvoice => "credit_above_invoice",
            Code::RefundAboveReceived => "refund_above_received",
            Code::PeriodBackwards => "period_backwards",
            Code::BeforeContract => "before_contract",
            Code::WrongClient => "wrong_client",
            Code::MonthClosed => "month_closed",
            Code::CurrencyFixed => "currency_fixed",
            Code::QuoteSent => "quote_sent",
            Code::BilledByCompany => "billed_by_company",
            Code::DuplicatePrice => "duplicate_price",
            Code::WriteOffAboveOwed => "write_off_above_owed",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.at, self.message, self.code)
    }
}
