//! A bank's file: what of it came in and is not in the book yet, ready for the stack of receipts.

use book::ClientNamed;
use exchange::bank::{BankLine, BankLines, Mapping, columns_of, guess, is_ofx, is_sure, likeness, mapped, ofx};
use rules::id::Id;
use rules::invoice::{Payment, Remittance};
use rules::money::Currency;
use rules::name::fold;
use rules::records::Records;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use ts_rs::TS;

use crate::views::Amount;
use crate::{Code, Desk, DeskError};

/// A bank's file as it is read now, before anything is kept.
#[derive(Clone, Debug, Serialize, TS)]
pub struct BankView {
    /// How a CSV is read; OFX says itself.
    pub mapping: Option<BankMapping>,
    /// Whether only one order of the days fits.
    pub sure: bool,
    pub columns: Vec<BankColumn>,
    /// What came in and is not in the book yet.
    pub receipts: Vec<BankReceipt>,
    /// How many receipts are in the book already.
    pub known: u32,
    /// How many lines are of money that went out.
    pub others: u32,
    /// How many lines stand above the table, or have no day, such as a total.
    pub passed: u32,
    /// Why it can't be read so.
    pub problem: Option<String>,
}

/// [`Mapping`], as the window knows it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct BankMapping {
    pub delimiter: char,
    /// Columns, counted from 0.
    pub day: usize,
    pub amount: usize,
    #[ts(type = "\"year_month_day\" | \"day_month_year\" | \"month_day_year\"")]
    pub day_order: exchange::bank::DayOrder,
    pub decimal_comma: bool,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct BankColumn {
    pub name: String,
    /// What stands in it first.
    pub example: String,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct BankReceipt {
    /// The id that its payment gets: the same whenever the line is read.
    pub id: String,
    pub on: String,
    /// What of the line names the client or its invoice.
    pub who: String,
    pub text: String,
    pub amount: Amount,
}

impl Desk {
    /// Reads a bank's file: a CSV by `mapping` or, without one, by what was said of such a file before, or by what it
    /// looks like. Reads only.
    pub fn bank(&self, bytes: &[u8], mapping: Option<BankMapping>) -> Result<BankView, DeskError> {
        let currency = self.programme()?.currency;
        if is_ofx(bytes) {
            let lines = ofx(bytes, currency).map_err(|error| refused(&error))?;
            return self.bank_view(lines, Vec::new(), None, true, currency);
        }
        let mapping = match mapping {
            Some(mapping) => Mapping::from(mapping),
            None => self.remembered(bytes)?.map_or_else(|| guess(bytes).map_err(|error| refused(&error)), Ok)?,
        };
        let sure = is_sure(bytes, &mapping).map_err(|error| refused(&error))?;
        let columns = columns_of(bytes, &mapping).map_err(|error| refused(&error))?.iter().map(column).collect();
        let (lines, problem) = match mapped(bytes, &mapping, currency) {
            Ok(lines) => (lines, None),
            Err(error) => (BankLines::default(), Some(error.to_string())),
        };
        let view = self.bank_view(lines, columns, Some(mapping), sure, currency)?;
        Ok(BankView { problem, ..view })
    }

    /// Remembers how files with these columns are read.
    pub fn keep_bank_mapping(&mut self, bytes: &[u8], mapping: BankMapping) -> Result<(), DeskError> {
        let text = serde_json::to_string(&Mapping::from(mapping)).expect("a mapping is JSON");
        self.keep_unsaved(&shape(bytes)?, &text)
    }

    fn remembered(&self, bytes: &[u8]) -> Result<Option<Mapping>, DeskError> {
        Ok(self.unsaved(&shape(bytes)?)?.and_then(|text| serde_json::from_str(&text).ok()))
    }

    fn bank_view(
        &self,
        lines: BankLines,
        columns: Vec<BankColumn>,
        mapping: Option<Mapping>,
        sure: bool,
        currency: Currency,
    ) -> Result<BankView, DeskError> {
        let (mut receipts, mut known) = (Vec::new(), 0);
        for line in lines.received {
            if self.has_receipt(&line.id, currency)? {
                known += 1;
            } else {
                receipts.push(self.bank_receipt(line, currency)?);
            }
        }
        Ok(BankView {
            mapping: mapping.map(BankMapping::from),
            sure,
            columns,
            receipts,
            known,
            others: lines.others,
            passed: lines.passed,
            problem: None,
        })
    }

    /// In the book, or voided there on purpose: what an undo took back may come again.
    fn has_receipt(&self, id: &str, currency: Currency) -> Result<bool, DeskError> {
        if self.book.find::<Payment>(id)?.is_some() || self.book.find::<Remittance>(id)?.is_some() {
            return Ok(true);
        }
        let (invoice, received_on, amount) = (Id::new(""), chrono::NaiveDate::MIN, currency.zero());
        let remittance = Remittance { id: Id::new(id), invoice: invoice.clone(), received_on, amount };
        let payment = Payment { id: Id::new(id), invoice, received_on, amount };
        let either = Records { payments: vec![payment], remittances: vec![remittance], ..Records::default() };
        Ok(!self.book.voided_among(&either)?.is_empty())
    }

    fn bank_receipt(&self, line: BankLine, currency: Currency) -> Result<BankReceipt, DeskError> {
        Ok(BankReceipt {
            who: self.named_in(&line.text)?,
            id: line.id,
            on: line.on.to_string(),
            amount: Amount::of(line.amount, currency),
            text: line.text,
        })
    }

    /// What of a bank's words names an invoice, or else a client: a number that an invoice has, or the longest run of
    /// words that some client's name begins with. All of it, if nothing does.
    fn named_in(&self, text: &str) -> Result<String, DeskError> {
        let words: Vec<&str> =
            text.split_whitespace().map(|word| word.trim_matches(|c: char| ",;:#()".contains(c))).collect();
        for word in words.iter().filter(|word| word.len() > 2 && word.chars().any(|c| c.is_ascii_digit())) {
            let found = self.book.invoices_numbered(word, 2)?;
            if found.iter().any(|invoice| invoice.number.eq_ignore_ascii_case(word)) {
                return Ok((*word).to_owned());
            }
        }
        for length in (1..=LONGEST_NAME).rev() {
            for run in words.windows(length) {
                let run = run.join(" ");
                let folded = fold(&run);
                let begins = |client: &ClientNamed| fold(&client.name).starts_with(&folded);
                let is_name = folded.chars().filter(|c| c.is_alphabetic()).count() > 3;
                if is_name && self.book.clients_named(&run, ALIKE)?.iter().any(begins) {
                    return Ok(run);
                }
            }
        }
        Ok(text.to_owned())
    }
}

/// Clients with the same words that are looked at.
const ALIKE: u32 = 50;

/// Words of a client's name that are looked for together.
const LONGEST_NAME: usize = 5;

fn refused(error: &exchange::bank::BankError) -> DeskError {
    DeskError::new(Code::Refused, format!("The bank's file can't be read. {error}"))
}

/// Files with the same columns are of the same bank.
fn shape(bytes: &[u8]) -> Result<String, DeskError> {
    let likeness = likeness(bytes).map_err(|error| refused(&error))?;
    Ok(format!("bank file: {}", &hex::encode(Sha256::digest(likeness))[..16]))
}

fn column(column: &exchange::bank::Column) -> BankColumn {
    BankColumn { name: column.name.clone(), example: column.example.clone() }
}

impl From<BankMapping> for Mapping {
    fn from(mapping: BankMapping) -> Self {
        let BankMapping { delimiter, day, amount, day_order, decimal_comma } = mapping;
        Self { delimiter, day, amount, day_order, decimal_comma }
    }
}

impl From<Mapping> for BankMapping {
    fn from(mapping: Mapping) -> Self {
        let Mapping { delimiter, day, amount, day_order, decimal_comma } = mapping;
        Self { delimiter, day, amount, day_order, decimal_comma }
    }
}
