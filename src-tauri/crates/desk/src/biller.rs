//! What an affiliate that bills its clients itself keeps: its letterhead, its logo, and the signed agreement's file,
//! all inside the encrypted book.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use book::{Biller, FileOf, KeptFile};
use rules::affiliate::Affiliate;
use rules::tax::TaxRate;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::file::write_whole;
use crate::logo::problem as problem_of_picture;
use crate::{Code, Desk, DeskError, Now};

/// How an affiliate's own invoices look, and what is kept of its agreement.
#[derive(Clone, Debug, Serialize, TS)]
pub struct BillerView {
    pub letterhead: Letterhead,
    /// As a `data:` URL.
    pub logo: Option<String>,
    /// The name of the signed agreement's file.
    pub agreement: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Letterhead {
    /// Line by line.
    pub address: String,
    /// Where the money goes, line by line.
    pub pay_to: String,
    /// `Sales tax`.
    pub tax_label: String,
    /// A share of the charges, `0.0825`; empty for none.
    pub tax_rate: String,
    /// `30`.
    pub days_to_pay: String,
}

/// Ten megabytes, in bytes: a scanned agreement.
const LARGEST: usize = 10 << 20;
const DAYS_TO_PAY: &str = "30";
const MOST_DAYS: u32 = 365;

impl Desk {
    pub fn biller(&self, affiliate: &str) -> Result<BillerView, DeskError> {
        let affiliate: Affiliate = self.find(affiliate)?;
        let logo = self.book.affiliate_file(&affiliate.id, FileOf::Logo)?;
        Ok(BillerView {
            letterhead: self.letterhead(&affiliate)?,
            logo: logo.map(|file| format!("data:image/png;base64,{}", STANDARD.encode(file.bytes))),
            agreement: self.book.affiliate_file(&affiliate.id, FileOf::Agreement)?.map(|file| file.name),
        })
    }

    /// What was said of it, or what is usual.
    pub(crate) fn letterhead(&self, affiliate: &Affiliate) -> Result<Letterhead, DeskError> {
        let said = self.book.biller(&affiliate.id)?;
        let usual =
            || Letterhead { tax_label: "Tax".to_owned(), days_to_pay: DAYS_TO_PAY.to_owned(), ..Letterhead::default() };
        Ok(said.map_or_else(usual, Letterhead::from))
    }

    pub fn set_letterhead(&mut self, affiliate: &str, form: &Letterhead, now: Now) -> Result<(), DeskError> {
        let affiliate: Affiliate = self.find(affiliate)?;
        let biller = form.read()?;
        self.book.change(now.at, |change| Ok(change.set_biller(&affiliate.id, &biller)?))
    }

    /// Keeps the PNG on the affiliate's own invoices; none takes it away.
    pub fn set_biller_logo(&mut self, affiliate: &str, png: Option<&[u8]>, now: Now) -> Result<(), DeskError> {
        if let Some(problem) = png.and_then(problem_of_picture) {
            return Err(DeskError::new(Code::Refused, problem));
        }
        let file = png.map(|png| KeptFile { name: "logo.png".to_owned(), bytes: png.to_vec() });
        self.set_file(affiliate, FileOf::Logo, file.as_ref(), now)
    }

    /// "You will be required to sign an affiliate contract": keeps the signed file; none takes it away.
    pub fn set_agreement(&mut self, affiliate: &str, file: Option<(&str, &[u8])>, now: Now) -> Result<(), DeskError> {
        if let Some((name, bytes)) = file
            && bytes.len() > LARGEST
        {
            let size = bytes.len().div_ceil(1 << 20);
            let message = format!("\"{name}\" has {size} MB, and an agreement at most 10 MB. Scan it smaller.");
            return Err(DeskError::new(Code::Refused, message));
        }
        let file = file.map(|(name, bytes)| KeptFile { name: name.to_owned(), bytes: bytes.to_vec() });
        self.set_file(affiliate, FileOf::Agreement, file.as_ref(), now)
    }

    fn set_file(&mut self, affiliate: &str, of: FileOf, file: Option<&KeptFile>, now: Now) -> Result<(), DeskError> {
        let affiliate: Affiliate = self.find(affiliate)?;
        self.book.change(now.at, |change| Ok(change.set_affiliate_file(&affiliate.id, of, file)?))
    }

    /// Writes the signed agreement where it is asked for.
    pub fn save_agreement(&self, affiliate: &str, to: &Path) -> Result<(), DeskError> {
        let affiliate: Affiliate = self.find(affiliate)?;
        let file = self.book.affiliate_file(&affiliate.id, FileOf::Agreement)?;
        let file = file.ok_or_else(|| {
            let message = format!("The agreement of {} is not kept in the book. Add its file first.", affiliate.name);
            DeskError::new(Code::UnknownRecord, message)
        })?;
        write_whole(to, &file.bytes)
    }
}

impl Letterhead {
    pub(crate) fn read(&self) -> Result<Biller, DeskError> {
        read_tax_rate(&self.tax_rate)?;
        let text = |text: &str| text.trim().to_owned();
        Ok(Biller {
            address: text(&self.address),
            pay_to: text(&self.pay_to),
            tax_label: Some(text(&self.tax_label)).filter(|label| !label.is_empty()).unwrap_or("Tax".to_owned()),
            tax_rate: text(&self.tax_rate),
            days_to_pay: read_days_to_pay(&self.days_to_pay)?,
        })
    }
}

impl From<Biller> for Letterhead {
    fn from(biller: Biller) -> Self {
        let Biller { address, pay_to, tax_label, tax_rate, days_to_pay } = biller;
        Self { address, pay_to, tax_label, tax_rate, days_to_pay: days_to_pay.to_string() }
    }
}

/// None for an empty text.
pub(crate) fn read_tax_rate(text: &str) -> Result<Option<TaxRate>, DeskError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || DeskError::at("tax_rate", format!("\"{text}\" is no tax rate. Write a percentage such as 8.25."));
    TaxRate::parse(text).map(Some).ok_or_else(wrong)
}

pub(crate) fn read_days_to_pay(text: &str) -> Result<u32, DeskError> {
    let days = text.trim().parse().ok().filter(|days| *days <= MOST_DAYS);
    days.ok_or_else(|| {
        DeskError::at(
            "days_to_pay",
            format!("\"{text}\" is no number of days. Write a whole number, from 0 to {MOST_DAYS}."),
        )
    })
}
