//! An affiliate's own invoices as PDFs, each with a copy inside that another Refbook can import.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use book::FileOf;
use exchange::book::write;
use paper::{Fonts, InvoicePaper, Logo, PageSize};
use rayon::prelude::*;
use rules::affiliate::Affiliate;
use rules::client::Client;
use rules::debt::OwnBill;
use rules::id::Id;
use rules::invoice::{Invoice, InvoiceFacts};
use rules::money::Currency;
use rules::records::Records;

use crate::biller::Letterhead;
use crate::cockpit::is_own;
use crate::file::write_whole;
use crate::{Code, Desk, DeskError, Now, Progress};

/// What all of an affiliate's invoices are printed with.
struct Press {
    currency: Currency,
    affiliate: Affiliate,
    letterhead: Letterhead,
    logo: Option<Logo>,
    fonts: Fonts,
    size: PageSize,
}

/// One invoice to print.
struct Sheet {
    bill: OwnBill,
    client: Client,
}

impl Desk {
    /// Prints invoices, by their ids, into a folder. `heard` is told how it goes, from several threads, and stops it with
    /// `false`; what is printed then stays.
    pub fn print_invoices(
        &self,
        affiliate: &str,
        invoices: &[String],
        folder: &Path,
        size: PageSize,
        now: Now,
        heard: impl Fn(Progress) -> bool + Sync,
    ) -> Result<Vec<PathBuf>, DeskError> {
        let affiliate: Affiliate = self.find(affiliate)?;
        let sheets = self.sheets(&affiliate, invoices, now)?;
        let press = self.press(affiliate, size)?;
        heard(Progress::Begun(sheets.len()));
        let print = |sheet: &Sheet| -> Result<Option<PathBuf>, DeskError> {
            if !heard(Progress::Printed) {
                return Ok(None);
            }
            let file = folder.join(file_name(&sheet.bill.facts.invoice));
            write_whole(&file, &press.print(sheet))?;
            Ok(Some(file))
        };
        let files: Vec<Option<PathBuf>> = sheets.par_iter().map(print).collect::<Result<_, _>>()?;
        Ok(files.into_iter().flatten().collect())
    }

    fn press(&self, affiliate: Affiliate, size: PageSize) -> Result<Press, DeskError> {
        let logo = self.book.affiliate_file(&affiliate.id, FileOf::Logo)?.and_then(|file| Logo::read(&file.bytes));
        let (currency, letterhead) = (self.programme()?.currency, self.letterhead(&affiliate)?);
        Ok(Press { currency, letterhead, affiliate, logo, fonts: Fonts::load(), size })
    }

    fn sheets(&self, affiliate: &Affiliate, invoices: &[String], now: Now) -> Result<Vec<Sheet>, DeskError> {
        let ids: Vec<Id<Invoice>> = invoices.iter().map(|id| Id::new(id.as_str())).collect();
        let found = self.book.facts_of_invoices(&ids)?;
        let clients: Vec<Id<Client>> = found.iter().map(|(facts, _)| facts.invoice.client.clone()).collect();
        let clients = self.book.find_each::<Client>(&clients)?;
        let clients: HashMap<&Id<Client>, &Client> = clients.iter().map(|client| (&client.id, client)).collect();
        let sheet = |(facts, of): book::FactsOf| {
            if facts.voided.is_some() {
                let message = format!("Invoice {} is void: nothing of it is to be paid.", facts.invoice.number);
                return Err(DeskError::new(Code::Refused, message));
            }
            let of = of.filter(|of| is_own(of, affiliate));
            let client = clients.get(&facts.invoice.client);
            of.zip(client).map(|(_, client)| ((*client).clone(), facts)).ok_or_else(|| {
                let message = format!("{} does not bill that invoice itself: the company does.", affiliate.name);
                DeskError::new(Code::Refused, message)
            })
        };
        let found: Vec<(Client, InvoiceFacts)> = found.into_iter().map(sheet).collect::<Result<_, DeskError>>()?;
        let (clients, facts): (Vec<Client>, Vec<InvoiceFacts>) = found.into_iter().unzip();
        let bills = self.book.own_bills(facts, now.today)?;
        Ok(clients.into_iter().zip(bills).map(|(client, bill)| Sheet { bill, client }).collect())
    }
}

impl Press {
    fn print(&self, sheet: &Sheet) -> Vec<u8> {
        let invoice = &as_billed(&sheet.bill);
        let debt = sheet.bill.debt(self.currency);
        // What was written off is the affiliate's own affair: the client still owes it.
        let due = (debt.billed - debt.received).at_least_nothing();
        let copy = copy(sheet);
        let paper = InvoicePaper {
            currency: self.currency,
            biller_name: &self.affiliate.name,
            address: &self.letterhead.address,
            pay_to: &self.letterhead.pay_to,
            client_name: &sheet.client.name,
            invoice,
            net: self.currency.sum(invoice.lines.iter().map(|line| line.amount)),
            total: invoice.total(),
            tax_label: &self.letterhead.tax_label,
            paid: invoice.total() - due,
            due,
            json: copy.as_bytes(),
            logo: self.logo.as_ref(),
        };
        paper::invoice(&paper, self.size, &self.fonts).pdf
    }
}

/// The invoice as the client reads it: at the affiliate's own price, if it has one.
fn as_billed(bill: &OwnBill) -> Invoice {
    Invoice { lines: bill.lines().to_vec(), tax: bill.tax(), ..bill.facts.invoice.clone() }
}

/// A part of a book in the exchange format: the client may import it.
fn copy(sheet: &Sheet) -> String {
    let invoice = Invoice { contract: None, ..as_billed(&sheet.bill) };
    write(&Records { clients: vec![sheet.client.clone()], invoices: vec![invoice], ..Records::default() })
}

/// `invoice-1007.pdf`; what a file system might not take is an underscore.
fn file_name(invoice: &Invoice) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    format!("invoice-{}.pdf", invoice.number.chars().map(plain).take(64).collect::<String>())
}
