//! Why a line says what it says: one step a rule, as data, with the records and figures that entered.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::contract::{BilledBy, Contract};
use crate::day::{self, Day, MonthsInPeriod};
use crate::id::Id;
use crate::invoice::{Invoice, Line};
use crate::money::Money;
use crate::page;
use crate::rate::Rate;
use crate::statement::Status;
use crate::terms::InTermChanges;

/// One reason behind a line: the rule with its records and figures, and the sentence of the page that it serves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    #[serde(flatten)]
    pub rule: Rule,
    pub page: Cow<'static, str>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Rule {
    /// Which amounts were added.
    Billed { earning: Vec<Line>, not_earning: Vec<Line>, credited: Vec<Receipt>, billed: Money },
    /// The invoice or its contract was voided: the base is nothing.
    Voided { record: Cow<'static, str>, id: String, reason: String },
    /// The period starts after the contract ended: the base is nothing.
    ContractEnded { contract: Id<Contract>, ended_on: Day, period_start: Day },
    /// The period starts within the original term: the base is what was billed.
    WithinTerm { contract: Id<Contract>, period_start: Day, term_ends_on: Day, base: Money },
    /// The base is the smaller of billed and the ceiling, reference × months.
    Ceiling {
        contract: Id<Contract>,
        period_start: Day,
        term_ends_on: Day,
        in_term_changes: InTermChanges,
        reference: Money,
        /// Since when the reference has been the monthly amount: the signing, or the change that set it.
        reference_since: Day,
        months: MonthsInPeriod,
        ceiling: Money,
        billed: Money,
        base: Money,
    },
    /// Base × rate, rounded half away from zero.
    Commission { base: Money, rate: Rate, commission: Money },
    /// Received is at least owed, since `paid_on`.
    PaidInFull { billed_by: BilledBy, owed: Owed, received: Money, receipts: Vec<Receipt>, paid_on: Day },
    /// Received is less than owed.
    NotPaidInFull { billed_by: BilledBy, owed: Owed, received: Money, receipts: Vec<Receipt>, missing: Money },
    /// No bill of the client was past due at the cutoff.
    Current { cutoff: Day },
    /// Bills that were past due at the cutoff hold what is new.
    ClientOverdue { cutoff: Day, bills: Vec<OpenBill> },
    /// What this statement pays, keeps, holds or takes back.
    Delta { entitled: Money, settled: Money, delta: Money, status: Option<Status> },
}

/// What is owed on an invoice: its lines and tax, less its credit notes, less the commission kept under a net agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owed {
    pub invoiced: Money,
    pub credited: Money,
    pub commission_kept: Money,
    pub owed: Money,
}

/// A record that changed what was owed or received: its kind, day and amount.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    pub record: ReceiptKind,
    pub id: String,
    pub on: Day,
    pub amount: Money,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptKind {
    Payment,
    Remittance,
    Refund,
    CreditNote,
}

impl ReceiptKind {
    pub fn words(self) -> &'static str {
        match self {
            Self::Payment => "payment",
            Self::Remittance => "remittance",
            Self::Refund => "refund",
            Self::CreditNote => "credit note",
        }
    }
}

/// A bill that is not paid in full, and what is missing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct OpenBill {
    pub due_on: Day,
    pub number: String,
    pub invoice: Id<Invoice>,
    pub missing: Money,
    /// Past due at the cutoff.
    pub overdue: bool,
}

impl From<Rule> for Step {
    fn from(rule: Rule) -> Self {
        Self { page: Cow::Borrowed(rule.page()), rule }
    }
}

impl Rule {
    /// The sentence of the page that the rule serves.
    pub fn page(&self) -> &'static str {
        match self {
            Rule::Billed { .. } => page::WHAT_EARNS,
            Rule::Voided { .. } | Rule::ContractEnded { .. } => page::HOLDS_THE_CONTRACT,
            Rule::WithinTerm { .. } | Rule::Ceiling { .. } => page::ORIGINAL_AMOUNT,
            Rule::Commission { .. } => page::UP_TO_TEN_PERCENT,
            Rule::PaidInFull { billed_by: BilledBy::Affiliate, .. } => page::BILLING_DIRECTLY,
            Rule::PaidInFull { .. } | Rule::NotPaidInFull { .. } => page::BILLS_IN_FULL,
            Rule::Current { .. } | Rule::ClientOverdue { .. } | Rule::Delta { .. } => page::FULL_AND_CURRENT,
        }
    }

    /// What the step is about, in a word or two.
    pub fn title(&self) -> &'static str {
        match self {
            Rule::Billed { .. } => "Billed",
            Rule::Voided { .. } | Rule::ContractEnded { .. } | Rule::WithinTerm { .. } | Rule::Ceiling { .. } => "Base",
            Rule::Commission { .. } => "Commission",
            Rule::PaidInFull { .. } => "Paid in full",
            Rule::NotPaidInFull { .. } => "Not paid in full",
            Rule::Current { .. } => "Current",
            Rule::ClientOverdue { .. } => "Overdue",
            Rule::Delta { .. } => "This statement",
        }
    }

    /// The step in plain words, one sentence or two.
    pub fn words(&self) -> String {
        match self {
            Rule::Billed { earning, not_earning, credited, billed } => {
                billed_words(earning, not_earning, credited, *billed)
            }
            Rule::Voided { record, id, reason } => {
                format!("The {record} {id} was voided (\u{201c}{reason}\u{201d}), so it earns nothing.")
            }
            Rule::ContractEnded { contract, ended_on, period_start } => format!(
                "The period starts on {}, after contract {contract} ended on {}, so it earns nothing.",
                day::words(*period_start),
                day::words(*ended_on)
            ),
            Rule::WithinTerm { contract, period_start, term_ends_on, base } => format!(
                "The period starts on {}, within the original term of contract {contract} (to {}), so the base is what \
                 was billed: {}.",
                day::words(*period_start),
                day::words(*term_ends_on),
                base.grouped()
            ),
            Rule::Ceiling { .. } => self.ceiling_words(),
            Rule::Commission { base, rate, commission } => {
                format!("{} × {} = {}.", base.grouped(), rate.percent(), commission.grouped())
            }
            Rule::PaidInFull { billed_by, owed, received, receipts, paid_on } => format!(
                "{} {} received: {}. Paid in full on {}.",
                owed.words(),
                received.grouped(),
                receipts_words(receipts, *billed_by),
                day::words(*paid_on)
            ),
            Rule::NotPaidInFull { billed_by, owed, received, receipts, missing } => format!(
                "{} {} received: {}. {} is missing.",
                owed.words(),
                received.grouped(),
                receipts_words(receipts, *billed_by),
                missing.grouped()
            ),
            Rule::Current { cutoff } => format!("No bill of the client was past due on {}.", day::words(*cutoff)),
            Rule::ClientOverdue { cutoff, bills } => format!(
                "Past due on {}: {}. What is new is held until that is paid.",
                day::words(*cutoff),
                list(bills.iter().map(OpenBill::words))
            ),
            Rule::Delta { entitled, settled, delta, status } => delta_words(*entitled, *settled, *delta, *status),
        }
    }

    fn ceiling_words(&self) -> String {
        let Rule::Ceiling {
            contract,
            period_start,
            term_ends_on,
            in_term_changes,
            reference,
            reference_since,
            months,
            ceiling,
            billed,
            base,
        } = self
        else {
            return String::new();
        };
        let when = if period_start > term_ends_on {
            format!("starts after the original term of contract {contract} (to {})", day::words(*term_ends_on))
        } else {
            format!("is under terms of contract {contract} that hold the original amount from the first day")
        };
        let original = match in_term_changes {
            InTermChanges::HoldOriginal => "as signed".to_owned(),
            InTermChanges::FollowContract => format!("in force since {}", day::words(*reference_since)),
        };
        let smaller = if billed <= ceiling { "what was billed" } else { "the ceiling" };
        format!(
            "The period starts on {} and {when}. The original {} a month, {original}, × {} is a ceiling of {}; {} was \
             billed. The base is the smaller, {smaller}: {}.",
            day::words(*period_start),
            reference.grouped(),
            months.words(),
            ceiling.grouped(),
            billed.grouped(),
            base.grouped()
        )
    }
}

impl Owed {
    fn words(&self) -> String {
        let mut text = format!("{} owed", self.owed.grouped());
        let less = [(self.credited, "credited"), (self.commission_kept, "commission kept")];
        if less.iter().any(|(amount, _)| !amount.is_zero()) {
            text.push_str(&format!(" ({} invoiced", self.invoiced.grouped()));
            for (amount, why) in less.into_iter().filter(|(amount, _)| !amount.is_zero()) {
                text.push_str(&format!(", less {} {why}", amount.grouped()));
            }
            text.push(')');
        }
        text.push(',');
        text
    }
}

impl OpenBill {
    /// `NS-1004, due 15 Jan 2025, 300.00 missing`.
    pub fn words(&self) -> String {
        format!("{}, due {}, {} missing", self.number, day::words(self.due_on), self.missing.grouped())
    }
}

fn billed_words(earning: &[Line], not_earning: &[Line], credited: &[Receipt], billed: Money) -> String {
    let lines = |lines: &[Line]| list(lines.iter().map(|line| format!("{} {}", line.words(), line.amount.grouped())));
    let mut text = match earning {
        [] => "No line of the invoice earns".to_owned(),
        earning => format!("What earns: {}", lines(earning)),
    };
    if !credited.is_empty() {
        let credits = credited.iter().map(|credit| {
            format!("credit note {} of {}, {}", credit.id, day::words(credit.on), credit.amount.grouped())
        });
        text.push_str(&format!("; less {}", list(credits)));
    }
    text.push_str(&format!(". Billed: {}.", billed.grouped()));
    if !not_earning.is_empty() {
        text.push_str(&format!(" What does not: {}.", lines(not_earning)));
    }
    text
}

fn receipts_words(receipts: &[Receipt], billed_by: BilledBy) -> String {
    if receipts.is_empty() {
        return match billed_by {
            BilledBy::Company => "no payment".to_owned(),
            BilledBy::Affiliate => "no remittance".to_owned(),
        };
    }
    list(receipts.iter().map(|receipt| {
        format!("{} {} on {}, {}", receipt.record.words(), receipt.id, day::words(receipt.on), receipt.amount.grouped())
    }))
}

fn delta_words(entitled: Money, settled: Money, delta: Money, status: Option<Status>) -> String {
    let outcome = match status {
        Some(Status::Payable) => "is payable",
        Some(Status::Retained) => "was retained by the affiliate",
        Some(Status::Held) => "is held",
        Some(Status::Reversed) => "is taken back",
        None => "is left to settle",
    };
    let held_whole = status == Some(Status::Held) && delta.is_zero();
    if held_whole {
        return format!("Nothing is due until the invoice is paid in full; {} was settled before.", settled.grouped());
    }
    format!(
        "{} earned to date, {} settled on earlier statements: {} {outcome}.",
        entitled.grouped(),
        settled.grouped(),
        delta.grouped()
    )
}

/// `a`, `a; b`.
fn list(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join("; ")
}
