//! A client's account with the affiliate that bills it: its entries, its statement on paper, a reminder as an e-mail
//! draft, and what it has paid too much, set against another invoice.

use std::path::Path;

use book::FileOf;
use mail_builder::headers::HeaderType;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::raw::Raw;
use mail_builder::headers::text::Text;
use mail_builder::mime::MimePart;
use paper::{AccountEntry, AccountPaper, Fonts, Logo, PageSize};
use rules::affiliate::Affiliate;
use rules::client::Client;
use rules::day::{self, Day};
use rules::debt::{OwnBill, OwnKind};
use rules::invoice::{InvoiceFacts, Payment};
use rules::money::{Currency, Money};
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use ts_rs::TS;

use crate::file::write_whole;
use crate::invoices::{AgeView, age_sums, ages};
use crate::letter::on_one_line;
use crate::record::RecordedView;
use crate::views::Amount;
use crate::{Code, Desk, DeskError, Now};

#[derive(Clone, Debug, Serialize, TS)]
pub struct AccountView {
    pub client: String,
    pub client_name: String,
    pub entries: Vec<AccountRow>,
    pub balance: Amount,
    pub overdue: Amount,
    pub ages: Vec<AgeView>,
    /// What was paid too much, invoice by invoice.
    pub credits: Vec<CreditView>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct AccountRow {
    pub on: String,
    /// `Invoice 1007`.
    pub words: String,
    pub invoice: String,
    pub billed: Option<Amount>,
    pub paid: Option<Amount>,
    pub balance: Amount,
}

/// What a client has paid too much on an invoice, and the open ones that it can be set against.
#[derive(Clone, Debug, Serialize, TS)]
pub struct CreditView {
    pub invoice: String,
    pub number: String,
    pub amount: Amount,
    pub against: Vec<OwedView>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct OwedView {
    pub invoice: String,
    pub number: String,
    pub owes: Amount,
}

/// The account of one client with one affiliate, up to a day.
struct Account {
    affiliate: Affiliate,
    client: Client,
    bills: Vec<OwnBill>,
    entries: Vec<AccountEntry>,
    /// The invoice that each entry is of.
    of: Vec<String>,
    balance: Money,
}

impl Desk {
    pub fn account(&self, affiliate: &str, client: &str, now: Now) -> Result<AccountView, DeskError> {
        let currency = self.programme()?.currency;
        let account = self.account_of(affiliate, client, now, currency)?;
        let amount = |money| Amount::of(money, currency);
        let row = |(entry, invoice): (&AccountEntry, &String)| AccountRow {
            on: entry.on.to_string(),
            words: entry.words.clone(),
            invoice: invoice.clone(),
            billed: entry.billed.map(amount),
            paid: entry.paid.map(amount),
            balance: amount(entry.balance),
        };
        Ok(AccountView {
            client: account.client.id.to_string(),
            client_name: account.client.name.clone(),
            entries: account.entries.iter().zip(&account.of).map(row).collect(),
            balance: amount(account.balance),
            overdue: amount(account.overdue(now.today, currency)),
            ages: ages(account.owed(currency), now.today, currency),
            credits: account.credits(currency),
        })
    }

    /// Sets what was paid too much on one invoice against another: the newest payments there become payments here, each
    /// on the same day, so that no money comes into being.
    pub fn set_credit(&mut self, from: &str, against: &str, now: Now) -> Result<RecordedView, DeskError> {
        let currency = self.programme()?.currency;
        let ids = [from, against].map(rules::id::Id::new);
        let facts = self.book.facts_of_invoices(&ids)?.into_iter().map(|(facts, _)| facts).collect();
        let mut found = self.book.own_bills(facts, now.today)?.into_iter();
        let (Some(one), Some(two)) = (found.next(), found.next()) else {
            return Err(DeskError::new(Code::UnknownRecord, "One of the invoices is not in the book."));
        };
        let (paid, open) = if one.facts.invoice.id.as_str() == from { (one, two) } else { (two, one) };
        let (credit, owes) = (paid.debt(currency).credit(), open.debt(currency).owes());
        let (paid, open) = (paid.facts, open.facts);
        let moved =
            if paid.invoice.client == open.invoice.client { moved(&paid, &open, credit, owes) } else { Vec::new() };
        if moved.is_empty() {
            let message = format!("Nothing of {} can be set against {}.", paid.invoice.number, open.invoice.number);
            return Err(DeskError::new(Code::Refused, message));
        }
        let there = moved.iter().filter(|payment| payment.invoice == open.invoice.id);
        let amount = currency.sum(there.map(|payment| payment.amount));
        let words = format!("{} of {} set against {}", amount.grouped(), paid.invoice.number, open.invoice.number);
        self.record(&words, json!({ "payments": moved }).to_string().as_bytes(), now)
    }

    /// The client's statement of account as a PDF.
    pub fn print_account(
        &self,
        affiliate: &str,
        client: &str,
        file: &Path,
        size: PageSize,
        now: Now,
    ) -> Result<(), DeskError> {
        let currency = self.programme()?.currency;
        let account = self.account_of(affiliate, client, now, currency)?;
        write_whole(file, &self.account_pdf(&account, size, now, currency)?)
    }

    /// A polite reminder of what is overdue, as a draft with the statement of account attached.
    pub fn remind(
        &self,
        affiliate: &str,
        client: &str,
        file: &Path,
        size: PageSize,
        now: Now,
    ) -> Result<(), DeskError> {
        let currency = self.programme()?.currency;
        let account = self.account_of(affiliate, client, now, currency)?;
        if !account.overdue(now.today, currency).is_positive() {
            let message =
                format!("{} owes nothing that is overdue: there is nothing to remind of.", account.client.name);
            return Err(DeskError::new(Code::Refused, message));
        }
        let pdf = self.account_pdf(&account, size, now, currency)?;
        let boundary = format!("refbook-{}", &hex::encode(Sha256::digest(&pdf))[..32]);
        let body = MimePart::new("text/plain", account.reminder(now.today, currency));
        let attached = MimePart::new("application/pdf", pdf).attachment("statement-of-account.pdf");
        let subject = format!("A reminder from {}", on_one_line(&account.affiliate.name));
        let letter =
            MimePart::new(ContentType::new("multipart/mixed").attribute("boundary", boundary), vec![body, attached])
                .header("MIME-Version", HeaderType::Raw(Raw::new("1.0")))
                .header("X-Unsent", HeaderType::Raw(Raw::new("1")))
                .header("Subject", HeaderType::Text(Text::new(subject)));
        let mut bytes = Vec::new();
        letter.write_part(&mut bytes)?;
        write_whole(file, &bytes)
    }

    fn account_pdf(
        &self,
        account: &Account,
        size: PageSize,
        now: Now,
        currency: Currency,
    ) -> Result<Vec<u8>, DeskError> {
        let letterhead = self.letterhead(&account.affiliate)?;
        let logo = self.book.affiliate_file(&account.affiliate.id, FileOf::Logo)?.and_then(|f| Logo::read(&f.bytes));
        let paper = AccountPaper {
            currency,
            biller_name: &account.affiliate.name,
            address: &letterhead.address,
            pay_to: &letterhead.pay_to,
            client_name: &account.client.name,
            on: now.today,
            entries: &account.entries,
            ages: &age_sums(account.owed(currency), now.today, currency),
            balance: account.balance,
            logo: logo.as_ref(),
        };
        Ok(paper::account(&paper, size, &Fonts::load()).pdf)
    }

    fn account_of(&self, affiliate: &str, client: &str, now: Now, currency: Currency) -> Result<Account, DeskError> {
        let affiliate: Affiliate = self.find(affiliate)?;
        let client: Client = self.find(client)?;
        let own = self.own_bills(&affiliate, now.today)?;
        let bills: Vec<OwnBill> =
            own.into_iter().filter(|(of, ..)| of.id == client.id).map(|(_, bill, _)| bill).collect();
        Ok(Account::of(affiliate, client, bills, currency))
    }
}

/// The newest payments of `paid`, up to its credit, as payments of `open` on the same days, up to what that owes. One that
/// stays in part is corrected down; of an invoice that is void nothing can be recorded, and its payments move whole.
fn moved(paid: &InvoiceFacts, open: &InvoiceFacts, mut credit: Money, mut owes: Money) -> Vec<Payment> {
    let mut newest: Vec<&Payment> = paid.payments.iter().collect();
    newest.sort_by(|a, b| (b.received_on, &b.id).cmp(&(a.received_on, &a.id)));
    let mut moved = Vec::new();
    for (nth, payment) in newest.into_iter().enumerate() {
        let part = if paid.voided.is_some() { payment.amount } else { payment.amount.min(credit).min(owes) };
        if !part.is_positive() || !owes.is_positive() || part > credit {
            continue;
        }
        (credit, owes) = (credit - part, owes - part);
        let (stays, invoice) = (payment.amount - part, open.invoice.id.clone());
        if stays.is_positive() {
            moved.push(Payment { amount: stays, ..payment.clone() });
            let id = format!("new:payment:{nth:04}").as_str().into();
            moved.push(Payment { id, invoice, received_on: payment.received_on, amount: part });
        } else {
            moved.push(Payment { invoice, ..payment.clone() });
        }
    }
    moved
}

impl Account {
    fn of(affiliate: Affiliate, client: Client, bills: Vec<OwnBill>, currency: Currency) -> Self {
        let mut entries: Vec<(AccountEntry, String)> = Vec::new();
        let nothing = currency.zero();
        for bill in &bills {
            let facts = &bill.facts;
            let (number, id) = (&facts.invoice.number, facts.invoice.id.to_string());
            let voided = facts.voided.is_some();
            let mut add = |on: Day, words: String, billed: Option<Money>, paid: Option<Money>| {
                entries.push((AccountEntry { on, words, billed, paid, balance: nothing }, id.clone()));
            };
            if !voided {
                add(facts.invoice.issued_on, format!("Invoice {number}"), Some(bill.total()), None);
                for (on, amount) in bill.credited(currency) {
                    add(on, format!("Credit note for {number}"), None, Some(amount));
                }
            }
            let which = if voided { format!("{number}, which is void") } else { number.clone() };
            for payment in &facts.payments {
                add(payment.received_on, format!("Payment for {which}"), None, Some(payment.amount));
            }
            for refund in bill.entries.iter().filter(|entry| entry.kind == OwnKind::Refunded) {
                add(refund.on, format!("Refund for {number}"), Some(refund.amount), None);
            }
            for (on, amount) in bill.written_off(currency) {
                add(on, format!("Written off of {number}"), None, Some(amount));
            }
        }
        entries.sort_by(|(a, _), (b, _)| (a.on, a.paid.is_some(), &a.words).cmp(&(b.on, b.paid.is_some(), &b.words)));
        let mut balance = nothing;
        for (entry, _) in &mut entries {
            balance = balance + entry.billed.unwrap_or(nothing) - entry.paid.unwrap_or(nothing);
            entry.balance = balance;
        }
        let (entries, of) = entries.into_iter().unzip();
        Self { affiliate, client, bills, entries, of, balance }
    }

    /// What is owed on each bill, and since when it was to be paid.
    fn owed(&self, currency: Currency) -> Vec<(Day, Money)> {
        self.bills.iter().map(|bill| (bill.facts.invoice.due_on, bill.debt(currency).owes())).collect()
    }

    fn overdue(&self, today: Day, currency: Currency) -> Money {
        currency.sum(self.owed(currency).into_iter().filter(|(due_on, _)| *due_on < today).map(|(_, owes)| owes))
    }

    fn credits(&self, currency: Currency) -> Vec<CreditView> {
        let open = self.bills.iter().filter(|bill| bill.debt(currency).owes().is_positive());
        let against: Vec<OwedView> = open
            .map(|bill| OwedView {
                invoice: bill.facts.invoice.id.to_string(),
                number: bill.facts.invoice.number.clone(),
                owes: Amount::of(bill.debt(currency).owes(), currency),
            })
            .collect();
        let paid_too_much = self.bills.iter().filter(|bill| bill.debt(currency).credit().is_positive());
        let credit = |bill: &OwnBill| CreditView {
            invoice: bill.facts.invoice.id.to_string(),
            number: bill.facts.invoice.number.clone(),
            amount: Amount::of(bill.debt(currency).credit(), currency),
            against: against.clone(),
        };
        paid_too_much.map(credit).collect()
    }

    /// Short and polite; what it is about is in the statement that is attached.
    fn reminder(&self, today: Day, currency: Currency) -> String {
        let code = currency.code();
        let line = |bill: &OwnBill| {
            let (facts, owes) = (&bill.facts, bill.debt(currency).owes());
            let overdue = owes.is_positive() && facts.invoice.due_on < today;
            let (number, due_on) = (on_one_line(&facts.invoice.number), day::words(facts.invoice.due_on));
            overdue.then(|| format!("Invoice {number}, due on {due_on}: {} {code}", owes.grouped()))
        };
        let lines: Vec<String> = self.bills.iter().filter_map(line).collect();
        let paragraphs = [
            format!("Dear {},", on_one_line(&self.client.name)),
            "May we remind you of what is still to be paid? If it is on its way already, please take no notice of this."
                .to_owned(),
            lines.join("\n"),
            format!("{} {code} in all is overdue. Our statement of account is attached.", self.overdue(today, currency).grouped()),
            format!("With kind regards,\n{}", on_one_line(&self.affiliate.name)),
        ];
        paragraphs.join("\n\n") + "\n"
    }
}
