//! What the company really paid, beside what the rules say: invoice by invoice, with a tolerance of nothing; and the
//! claim for what is missing, with its evidence.

use std::collections::BTreeMap;
use std::path::Path;

use book::{CompanyPaid, FileOf};
use exchange::company::{COLUMNS, Column, CompanyLine, read};
use paper::{ClaimPaper, ClaimRow, Fonts, Logo, PageSize};
use rules::affiliate::Affiliate;
use rules::money::{Currency, Money};
use rules::month::Month;
use rules::statement::{Line, Statement, Status, Total};
use rules::step::Rule;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use ts_rs::TS;

use crate::file::write_whole;
use crate::views::{Amount, MonthName};
use crate::{Code, Desk, DeskError, Now};

#[derive(Clone, Debug, Serialize, TS)]
pub struct ReconcileView {
    pub month: MonthName,
    /// Whether anything was said of what the company paid.
    pub told: bool,
    pub rows: Vec<ReconcileRow>,
    pub expected: Amount,
    pub paid: Amount,
    pub difference: Amount,
    /// What is missing, of the invoices that are short or unpaid.
    pub claim: Amount,
    /// What was paid beyond the rules, invoice by invoice: it is not set off against the claim.
    pub overpaid: Amount,
    /// What the affiliate kept from its remittances and the company does not name: it is not compared.
    pub kept: Amount,
    /// What a table to import may have.
    pub columns: Vec<PaidColumn>,
}

/// A column of the company's table.
#[derive(Clone, Debug, Serialize, TS)]
pub struct PaidColumn {
    /// `the number of the invoice`.
    pub is: &'static str,
    /// The names that it may have.
    pub names: Vec<&'static str>,
    pub needed: bool,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ReconcileRow {
    /// None of one that the book does not know.
    pub invoice: Option<String>,
    pub number: String,
    pub client_name: String,
    #[ts(type = "\"correct\" | \"short\" | \"unpaid\" | \"unexpected\"")]
    pub state: &'static str,
    pub expected: Amount,
    pub paid: Amount,
    pub difference: Amount,
    /// Why the rules say what they say.
    pub evidence: String,
}

/// A line of the company's statement as it was typed.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct TypedPaid {
    pub number: String,
    pub client: String,
    /// Empty is nothing.
    pub amount: String,
}

/// One invoice, as the statement has it and as the company says.
struct Compared {
    invoice: Option<String>,
    number: String,
    client: String,
    expected: Money,
    paid: Money,
    /// Whether the affiliate keeps it from its remittance: then the company pays nothing for it.
    is_kept: bool,
    evidence: String,
}

/// A month, invoice by invoice.
struct Comparison {
    compared: Vec<Compared>,
    /// What was kept, of the invoices that the company does not name.
    kept: Money,
}

impl Desk {
    /// The month's statement of an affiliate beside what the company says. Reads only.
    pub fn reconcile(&self, affiliate: &str, month: Month) -> Result<ReconcileView, DeskError> {
        let currency = self.programme()?.currency;
        let (statement, lines) = self.both(affiliate, month)?;
        let Comparison { compared, kept } = compare(&statement, &lines, currency);
        let amount = |money| Amount::of(money, currency);
        let (expected, paid) = (sum(&compared, |one| one.expected, currency), sum(&compared, |one| one.paid, currency));
        Ok(ReconcileView {
            month: month.into(),
            told: !lines.is_empty(),
            expected: amount(expected),
            paid: amount(paid),
            difference: amount(paid - expected),
            claim: amount(sum(&compared, Compared::missing, currency)),
            overpaid: amount(sum(&compared, Compared::beyond, currency)),
            kept: amount(kept),
            columns: COLUMNS.iter().map(PaidColumn::from).collect(),
            rows: compared.iter().map(|one| row(one, currency)).collect(),
        })
    }

    /// Keeps what the company says for a month, in place of what was kept before, which an undo puts back. The same again
    /// changes nothing.
    pub fn set_paid(&mut self, affiliate: &str, month: Month, typed: &[TypedPaid], now: Now) -> Result<(), DeskError> {
        let currency = self.programme()?.currency;
        let lines = typed.iter().map(|typed| typed.read(currency)).collect::<Result<Vec<_>, DeskError>>()?;
        self.keep_paid(affiliate, month, &lines, now)
    }

    /// Keeps what a file says: a CSV, or a sealed statement from another Refbook, which must be of this affiliate and
    /// month. What it replaces is as with [`Desk::set_paid`].
    pub fn import_paid(&mut self, affiliate: &str, month: Month, bytes: &[u8], now: Now) -> Result<(), DeskError> {
        let refused = |why| DeskError::new(Code::Refused, format!("The company's statement can't be taken. {why}"));
        let read = read(bytes, self.programme()?.currency).map_err(refused)?;
        read.is_of(&self.find(affiliate)?, month).map_err(refused)?;
        let line = |line: CompanyLine| CompanyPaid { number: line.number, client: line.client, amount: line.amount };
        let lines: Vec<CompanyPaid> = read.lines.into_iter().map(line).collect();
        self.keep_paid(affiliate, month, &lines, now)
    }

    /// Prints the claim for what is missing, each invoice with its evidence.
    pub fn print_claim(
        &self,
        affiliate: &str,
        month: Month,
        file: &Path,
        size: PageSize,
        now: Now,
    ) -> Result<(), DeskError> {
        let programme = self.programme()?;
        let currency = programme.currency;
        let (statement, lines) = self.both(affiliate, month)?;
        let affiliate: Affiliate = self.find(affiliate)?;
        let Comparison { compared, kept } = compare(&statement, &lines, currency);
        let wrong: Vec<Compared> = compared.into_iter().filter(|one| one.expected != one.paid).collect();
        if wrong.is_empty() {
            let message = format!("All of {} is paid as the rules say: there is nothing to claim.", month.words());
            return Err(DeskError::new(Code::Refused, message));
        }
        let letterhead = self.letterhead(&affiliate)?;
        let logo = self.book.affiliate_file(&affiliate.id, FileOf::Logo)?.and_then(|file| Logo::read(&file.bytes));
        let claim = sum(&wrong, Compared::missing, currency);
        // What was paid too much is no part of a claim: it is all that a query asks about.
        let told = |one: &&Compared| !claim.is_positive() || one.missing().is_positive();
        let rows: Vec<ClaimRow> = wrong
            .iter()
            .filter(told)
            .map(|one| ClaimRow {
                number: one.number.clone(),
                client_name: one.client.clone(),
                state: one.state(),
                expected: one.expected,
                paid: one.paid,
                difference: one.expected - one.paid,
                evidence: one.evidence.clone(),
            })
            .collect();
        let paper = ClaimPaper {
            currency,
            company: &programme.company,
            affiliate_name: &affiliate.name,
            address: &letterhead.address,
            month,
            on: now.today,
            rows: &rows,
            claim,
            difference: sum(&wrong, |one| one.expected - one.paid, currency),
            kept,
            logo: logo.as_ref(),
        };
        write_whole(file, &paper::claim(&paper, size, &Fonts::load()).pdf)
    }

    fn both(&self, affiliate: &str, month: Month) -> Result<(Statement, Vec<CompanyPaid>), DeskError> {
        let statement = self.statement_of(month, affiliate)?.statement;
        Ok((statement, self.book.company_paid(&affiliate.into(), month)?))
    }

    fn keep_paid(&mut self, affiliate: &str, month: Month, lines: &[CompanyPaid], now: Now) -> Result<(), DeskError> {
        let affiliate: Affiliate = self.find(affiliate)?;
        if self.book.company_paid(&affiliate.id, month)? == lines {
            return Ok(());
        }
        let words = format!("What {} was paid for {}", affiliate.name, month.words());
        self.book.change(now.at, |change| {
            change.begin_batch(&words, &Sha256::digest(&words).into())?;
            Ok(change.set_company_paid(&affiliate.id, month, lines)?)
        })
    }
}

impl TypedPaid {
    fn read(&self, currency: Currency) -> Result<CompanyPaid, DeskError> {
        let [number, client, text] = [&self.number, &self.client, &self.amount].map(|text| text.trim());
        let refused = |message| Err(DeskError::new(Code::Refused, message));
        if number.is_empty() {
            return refused(format!("The line of \"{text}\" has no number. Write the number of its invoice."));
        }
        let amount = if text.is_empty() { Some(currency.zero()) } else { Money::parse(text, currency) };
        let Some(amount) = amount else {
            let code = currency.code();
            return refused(format!("\"{text}\" of {number} is no amount of {code}. Write it like 83.33."));
        };
        Ok(CompanyPaid { number: number.to_owned(), client: client.to_owned(), amount })
    }
}

/// By number: what the statement pays, keeps or takes back, and what the company says.
fn compare(statement: &Statement, lines: &[CompanyPaid], currency: Currency) -> Comparison {
    let mut by_number: BTreeMap<String, Compared> = BTreeMap::new();
    for line in statement.lines.iter().filter(|line| line.status != Status::Held) {
        let one = by_number.entry(line.number.clone()).or_insert_with(|| Compared {
            invoice: Some(line.invoice.to_string()),
            number: line.number.clone(),
            client: line.client_name.clone(),
            expected: currency.zero(),
            paid: currency.zero(),
            is_kept: line.sums_into == Total::Retained,
            evidence: evidence(line),
        });
        one.expected += line.commission;
    }
    for line in lines {
        let one = by_number.entry(line.number.clone()).or_insert_with(|| Compared {
            invoice: None,
            number: line.number.clone(),
            client: line.client.clone(),
            expected: currency.zero(),
            paid: currency.zero(),
            is_kept: false,
            evidence: "The rules give nothing for this invoice in this month.".to_owned(),
        });
        one.paid += line.amount;
    }
    let all = by_number.into_values().filter(|one| !(one.expected.is_zero() && one.paid.is_zero()));
    let (kept, compared): (Vec<_>, Vec<_>) = all.partition(|one| one.is_kept && one.paid.is_zero());
    Comparison { compared, kept: sum(&kept, |one| one.expected, currency) }
}

/// Base, commission and payment, in the words of the statement.
fn evidence(line: &Line) -> String {
    let told = |rule: &Rule| !matches!(rule, Rule::Billed { .. } | Rule::Current { .. } | Rule::Delta { .. });
    let words: Vec<String> =
        line.steps.iter().map(|step| &step.rule).filter(|rule| told(rule)).map(Rule::words).collect();
    words.join(" ")
}

impl Compared {
    fn state(&self) -> &'static str {
        let nothing = self.paid.is_zero();
        match self.paid.cmp(&self.expected) {
            std::cmp::Ordering::Equal => "correct",
            std::cmp::Ordering::Less if nothing && self.expected.is_positive() => "unpaid",
            std::cmp::Ordering::Less => "short",
            std::cmp::Ordering::Greater => "unexpected",
        }
    }

    fn missing(&self) -> Money {
        (self.expected - self.paid).at_least_nothing()
    }

    fn beyond(&self) -> Money {
        (self.paid - self.expected).at_least_nothing()
    }
}

impl From<&Column> for PaidColumn {
    fn from(&Column { is, names, needed }: &Column) -> Self {
        Self { is, names: names.to_vec(), needed }
    }
}

fn sum(compared: &[Compared], of: fn(&Compared) -> Money, currency: Currency) -> Money {
    currency.sum(compared.iter().map(of))
}

fn row(one: &Compared, currency: Currency) -> ReconcileRow {
    ReconcileRow {
        invoice: one.invoice.clone(),
        number: one.number.clone(),
        client_name: one.client.clone(),
        state: one.state(),
        expected: Amount::of(one.expected, currency),
        paid: Amount::of(one.paid, currency),
        difference: Amount::of(one.paid - one.expected, currency),
        evidence: one.evidence.clone(),
    }
}
