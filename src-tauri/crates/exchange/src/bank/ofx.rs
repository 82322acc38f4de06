//! OFX, by a parser that knows both kinds: SGML of the nineties and XML.

use ofx_rs::aggregates::StatementTransaction;
use rules::day;
use rules::money::{Currency, Money};

use super::{BankError, BankLine, BankLines, id};

pub fn read(text: &str, currency: Currency) -> Result<BankLines, BankError> {
    let document =
        ofx_rs::parse(text).map_err(|error| BankError::new("the file", format!("It is no OFX: {error}.")))?;
    let mut lines = BankLines::default();
    let accounts = document.banking().map(|banking| banking.statement_responses()).unwrap_or_default();
    for statement in accounts.iter().filter_map(|account| account.response()) {
        let account = statement.bank_account().account_id().as_str();
        let code = statement.currency_default().as_str();
        if code != currency.code() {
            let message = format!("Account \"{account}\" is in \"{code}\", and the book is in {}.", currency.code());
            return Err(BankError::new("the file", message));
        }
        let transactions = statement.transaction_list().map(|list| list.transactions()).unwrap_or_default();
        for transaction in transactions {
            match line(transaction, account, currency)? {
                Some(line) => lines.received.push(line),
                None => lines.others += 1,
            }
        }
    }
    Ok(lines)
}

/// Nothing of money that went out.
fn line(of: &StatementTransaction, account: &str, currency: Currency) -> Result<Option<BankLine>, BankError> {
    let fit_id = of.fit_id().as_str();
    let at = || format!("transaction {fit_id}");
    let decimal = of.amount().as_decimal().normalize().to_string();
    let amount = Money::parse(&decimal, currency)
        .ok_or_else(|| BankError::new(at(), format!("\"{decimal}\" is no amount of {}.", currency.code())))?;
    if !amount.is_positive() {
        return Ok(None);
    }
    // The day as the bank wrote it, in its own zone.
    let posted = of.date_posted().as_offset_date_time();
    let posted = format!("{:04}-{:02}-{:02}", posted.year(), u8::from(posted.month()), posted.day());
    let on = day::parse(&posted).ok_or_else(|| BankError::new(at(), format!("\"{posted}\" is no day.")))?;
    let payee = of.payee().map(|payee| payee.name());
    let said = [of.name().or(payee), of.memo()];
    let text = said.into_iter().flatten().map(str::trim).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ");
    Ok(Some(BankLine { on, amount, text, id: id(&["ofx", account, fit_id]) }))
}
