//! What the company says that it paid: a sealed statement from another Refbook, or a table with numbers and amounts.

use rules::affiliate::Affiliate;
use rules::money::{Currency, Money};
use rules::month::Month;
use rules::name::fold;
use rules::statement::{Statement, Status};

use crate::bank::{BankError, Table};
use crate::node::quoted;
use crate::sealed;

/// One line of the company's statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompanyLine {
    /// The invoice's number.
    pub number: String,
    /// Who it is of, as the company has it.
    pub client: String,
    /// Paid or, where the affiliate keeps it, granted; below nothing where it was taken back.
    pub amount: Money,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompanyStatement {
    /// Whose it is, where it says so.
    pub whose: Option<Whose>,
    pub lines: Vec<CompanyLine>,
}

/// Whose statement it is, and of which month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whose {
    pub name: String,
    pub month: Month,
}

/// A column of a table that is understood.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// What stands in it.
    pub is: &'static str,
    /// The names that it may have, in its first line, whole or within a longer one.
    pub names: &'static [&'static str],
    pub needed: bool,
}

const NUMBER: Column =
    Column { is: "the number of the invoice", names: &["number", "invoice", "rechnung", "nummer"], needed: true };
const AMOUNT: Column = Column {
    is: "what was paid for it",
    names: &["commission", "paid", "payout", "amount", "provision", "betrag"],
    needed: true,
};
const CLIENT: Column =
    Column { is: "the name of the client", names: &["client_name", "client", "customer", "kunde"], needed: false };
const STATUS: Column =
    Column { is: "its state: a line that is \u{201c}held\u{201d} is passed over", names: &["status"], needed: false };

/// All of them, so that they can be told where a file is asked for.
pub const COLUMNS: [Column; 4] = [NUMBER, AMOUNT, CLIENT, STATUS];

/// Reads either kind.
pub fn read(bytes: &[u8], currency: Currency) -> Result<CompanyStatement, BankError> {
    if bytes.trim_ascii_start().first() == Some(&b'{') {
        return sealed(bytes, currency);
    }
    let table = Table::of(bytes)?;
    let column = |of: Column| table.called(of.names);
    let (Some(number), Some(amount)) = (column(NUMBER), column(AMOUNT)) else {
        let message = "It has no columns that are called \"number\" and \"commission\" or \"paid\". Name them so in its first line.";
        return Err(BankError::new("the file", message));
    };
    let (client, status) = (column(CLIENT), column(STATUS));
    let mut lines = Vec::new();
    for (at, row) in table.body() {
        let cell = |column: Option<usize>| column.and_then(|column| row.get(column)).unwrap_or_default().trim();
        // What is held was not paid.
        if cell(status).eq_ignore_ascii_case(Status::Held.as_str()) || cell(Some(number)).is_empty() {
            continue;
        }
        let text = cell(Some(amount));
        let amount = table.amount(text, amount, currency).ok_or_else(|| {
            BankError::new(format!("line {at}"), format!("\"{}\" is no amount of {}.", quoted(text), currency.code()))
        })?;
        // What a spreadsheet must not take for a formula is led by an apostrophe.
        let plain = |text: &str| text.strip_prefix('\'').unwrap_or(text).to_owned();
        lines.push(CompanyLine { number: plain(cell(Some(number))), client: plain(cell(client)), amount });
    }
    Ok(CompanyStatement { whose: None, lines })
}

impl CompanyStatement {
    /// Refused where it says that it is of another affiliate or month. The name alone tells whose it is: in two Refbooks
    /// one affiliate may have two ids, and two affiliates the same one.
    pub fn is_of(&self, affiliate: &Affiliate, month: Month) -> Result<(), BankError> {
        let Some(Whose { name, month: its }) = &self.whose else { return Ok(()) };
        if fold(name) != fold(&affiliate.name) {
            let message = format!("It is of \"{}\", and not of {}.", quoted(name), affiliate.name);
            return Err(BankError::new("its affiliate", message));
        }
        if *its != month {
            let message =
                format!("It is of \"{}\", and not of {}. Choose that month first.", its.words(), month.words());
            return Err(BankError::new("its month", message));
        }
        Ok(())
    }
}

fn sealed(bytes: &[u8], currency: Currency) -> Result<CompanyStatement, BankError> {
    let sealed = sealed::read(bytes)
        .map_err(|error| BankError::new("the file", format!("It is no sealed statement: {error}.")))?;
    let its = sealed.inputs.programme.currency;
    if its != currency {
        let message = format!("It is in \"{}\", and the book is in {}.", its.code(), currency.code());
        return Err(BankError::new("the file", message));
    }
    let Statement { affiliate_name, month, lines, .. } = sealed.statement;
    let whose = Whose { name: affiliate_name, month };
    let paid = lines.into_iter().filter(|line| line.status != Status::Held);
    let line = |line: rules::statement::Line| {
        // Whoever wrote it, an amount is one of the book's own.
        let text = line.commission.to_string();
        let amount = Money::parse(&text, currency)
            .ok_or_else(|| BankError::new(&line.number, format!("\"{text}\" is no amount of {}.", currency.code())))?;
        Ok(CompanyLine { number: line.number, client: line.client_name, amount })
    };
    let lines = paid.map(line).collect::<Result<_, BankError>>()?;
    Ok(CompanyStatement { whose: Some(whose), lines })
}
