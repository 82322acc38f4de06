//! OFX, by a parser that knows both kinds: SGML of the nineties and XML.

use ofx_rs::aggregates::StatementTransaction;
use rules::day;
use rules::money::{Currency, Money};

use super::{BankError, BankLine, BankLines, id};

pub fn read(text: &str, currency: Currency) -> Result<BankLines, BankError> {
    let document =
        ofx_rs::parse(&tamed(text)).map_err(|error| BankError::new("the file", format!("It is no OFX: {error}.")))?;
    let mut lines = BankLines::default();
    let accounts = document.banking().map(|banking| banking.statement_responses()).unwrap_or_default();
    for statement in accounts.iter().filter_map(|account| account.response()) {
        let account = &plain(statement.bank_account().account_id().as_str());
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

/// The same document as the parser reads it right: it takes the letters of SGML for bytes of Latin-1, leaves references
/// out, and fails at a day with a bracket that is closed before it is opened. So all those are written as `^fc;`, which
/// [`plain`] reads again. A bracket behind a day holds the zone, which nobody asks for.
fn tamed(text: &str) -> String {
    let mut tamed = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        if let Some(inside) = rest.strip_prefix("<![CDATA[") {
            let (inside, after) = inside.split_once("]]>").unwrap_or((inside, ""));
            inside.chars().for_each(|letter| push(&mut tamed, letter));
            rest = after;
        } else if let Some((letter, after)) = reference(rest) {
            push(&mut tamed, letter);
            rest = after;
        } else if let Some(after) = zone(&tamed, rest) {
            rest = after;
        } else {
            if "<>".contains(next) {
                tamed.push(next);
            } else {
                push(&mut tamed, next);
            }
            rest = &rest[next.len_utf8()..];
        }
    }
    tamed
}

/// A letter of a text, which markup is not.
fn push(text: &mut String, letter: char) {
    let is_plain = letter.is_ascii() && !"<>&[]^".contains(letter);
    if is_plain { text.push(letter) } else { text.push_str(&format!("^{:x};", u32::from(letter))) }
}

/// What [`tamed`] wrote, as it stood in the file.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for (nth, part) in text.split('^').enumerate() {
        let letter = part.split_once(';').filter(|_| nth > 0);
        let letter = letter.and_then(|(code, rest)| Some((char::from_u32(u32::from_str_radix(code, 16).ok()?)?, rest)));
        plain.extend(letter.map(|(letter, _)| letter));
        plain.push_str(letter.map_or(part, |(_, rest)| rest));
    }
    plain
}

/// The letter of `&amp;`, `&#252;` or `&#xFC;`, and what comes after it.
fn reference(rest: &str) -> Option<(char, &str)> {
    const NAMED: [(&str, char); 5] = [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\'')];
    let end = rest.strip_prefix('&')?.bytes().take(9).position(|byte| byte == b';')?;
    let (name, after) = (&rest[1..=end], &rest[end + 2..]);
    let code = match name.strip_prefix('#') {
        Some(number) => match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        },
        None => NAMED.iter().find(|(named, _)| *named == name).map(|(_, letter)| u32::from(*letter))?,
    };
    Some((char::from_u32(code)?, after))
}

/// What comes after `[-5:EST]`, if it follows a day.
fn zone<'a>(before: &str, rest: &'a str) -> Option<&'a str> {
    const LONGEST: usize = 24;
    let day = before.len().checked_sub(8).and_then(|from| before.as_bytes().get(from..))?;
    let is_day = day.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
    let end = rest.strip_prefix('[')?.bytes().take(LONGEST).position(|byte| byte == b']')?;
    is_day.then(|| &rest[end + 2..])
}

/// Nothing of money that went out.
fn line(of: &StatementTransaction, account: &str, currency: Currency) -> Result<Option<BankLine>, BankError> {
    let fit_id = &plain(of.fit_id().as_str());
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
    let said = said.into_iter().flatten().map(plain);
    let text = said.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ");
    Ok(Some(BankLine { on, amount, text, id: id(&["ofx", account, fit_id]) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(transaction: &str, xml: bool) -> Result<BankLines, BankError> {
        let head = if xml {
            "<?xml version=\"1.0\"?><?OFX OFXHEADER=\"200\" VERSION=\"211\" SECURITY=\"NONE\"?>"
        } else {
            "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\n\n"
        };
        let status = "<STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS>";
        let account = "<BANKACCTFROM><BANKID>1</BANKID><ACCTID>7</ACCTID><ACCTTYPE>CHECKING</ACCTTYPE></BANKACCTFROM>";
        let signed = format!(
            "<SIGNONMSGSRSV1><SONRS>{status}<DTSERVER>20260101</DTSERVER><LANGUAGE>ENG</LANGUAGE></SONRS></SIGNONMSGSRSV1>"
        );
        let list = format!(
            "<BANKTRANLIST><DTSTART>20251201</DTSTART><DTEND>20251231</DTEND><STMTTRN><TRNTYPE>CREDIT</TRNTYPE>{transaction}</STMTTRN></BANKTRANLIST>"
        );
        let balance = "<LEDGERBAL><BALAMT>1.00</BALAMT><DTASOF>20251231</DTASOF></LEDGERBAL>";
        let text = format!(
            "{head}<OFX>{signed}<BANKMSGSRSV1><STMTTRNRS><TRNUID>1</TRNUID>{status}<STMTRS><CURDEF>USD</CURDEF>{account}{list}{balance}</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
        );
        read(&text, Currency::USD)
    }

    fn transaction(posted: &str, name: &str) -> String {
        format!("<DTPOSTED>{posted}</DTPOSTED><TRNAMT>1.00</TRNAMT><FITID>F1</FITID><NAME>{name}</NAME>")
    }

    #[test]
    fn letters_of_every_language_are_read_as_they_stand() {
        for xml in [true, false] {
            for name in ["M\u{fc}ller", "M&#252;ller", "M&#xfc;ller", "<![CDATA[M\u{fc}ller]]>"] {
                let lines = one(&transaction("20251230", name), xml).expect("OFX");
                assert_eq!(lines.received[0].text, "M\u{fc}ller", "{name} {xml}");
            }
            let lines = one(&transaction("20251230", "A &amp; B &#60;[7] \u{6771}\u{4eac}"), xml).expect("OFX");
            assert_eq!(lines.received[0].text, "A & B <[7] \u{6771}\u{4eac}", "{xml}");
        }
    }

    #[test]
    fn a_day_is_the_banks_whatever_its_zone() {
        for posted in ["20251230", "20251230235959.123[-5:EST]", "20251230000000[+13]", "20251230[0:GMT]"] {
            let lines = one(&transaction(posted, "A"), false).expect(posted);
            assert_eq!(lines.received[0].on.to_string(), "2025-12-30", "{posted}");
        }
    }

    #[test]
    fn a_bracket_that_is_closed_before_it_is_opened_is_refused() {
        for posted in ["20251230]1[", "]20251230[", "20251230&#93;&#91;", "2025]<!-- -->[", "<![CDATA[20251230][]]>"] {
            assert!(one(&transaction(posted, "A"), true).is_err(), "{posted}");
            assert!(one(&transaction(posted, "A"), false).is_err(), "{posted}");
        }
    }
}
