//! Starting a book: whose it is, and the programme that it keeps.

use std::path::Path;

use book::BookError;
use rules::affiliate::{Affiliate, AgreedRemittance};
use rules::money::Currency;
use rules::problem::{Code as Why, Problem};
use rules::rate::Rate;
use rules::records::Records;
use rules::terms::{InTermChanges, Programme};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::import::record_new;
use crate::{Code, Desk, DeskError, Now, Passphrase};

/// The form of a new book.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct NewBook {
    #[ts(type = "\"office\" | \"affiliate\"")]
    pub owner: Owner,
    /// The programme's company: `NetSource`.
    pub company: String,
    pub phone: String,
    /// ISO 4217: `USD`.
    pub currency: String,
    /// The affiliate's own, where it is its book.
    pub name: String,
    pub own_companies: Vec<String>,
    pub domains: Vec<String>,
}

/// Whose book it is: the programme's office sees many affiliates, an affiliate's book has just itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    Office,
    Affiliate,
}

impl Desk {
    /// Makes a book with its programme and, where it is an affiliate's, the affiliate. Nothing is left behind of one
    /// that was refused; what is wrong with a field comes with the field's name.
    pub fn begin(folder: &Path, passphrase: &Passphrase, form: &NewBook, now: Now) -> Result<Self, DeskError> {
        let records = form.records()?;
        is_long(passphrase, "The book was not made.")?;
        let mut desk = Self::create(folder, passphrase)?;
        desk.book.change(now.at, |change| -> Result<(), BookError> {
            record_new(change, &records)?;
            records.affiliates.iter().try_for_each(|own| change.give_to(own.id.as_str()))
        })?;
        Ok(desk)
    }

    /// The affiliate whose book it is; `None` in the office's.
    pub fn own_affiliate(&self) -> Result<Option<String>, DeskError> {
        Ok(self.book.owner()?)
    }
}

impl NewBook {
    /// What the book begins with. The choices are those of the programme's page: "up to 10%".
    fn records(&self) -> Result<Records, DeskError> {
        let currency = Currency::parse(self.currency.trim());
        let own = (self.owner == Owner::Affiliate).then(|| self.affiliate());
        let mut fields = Vec::new();
        if self.company.trim().is_empty() {
            fields.push(problem("company", "The programme's company has no name. Say who pays the commission."));
        }
        if own.as_ref().is_some_and(|own| own.name.is_empty()) {
            fields.push(problem("name", "The affiliate has no name. Say whose book it is."));
        }
        match currency {
            Some(currency) if fields.is_empty() => Ok(Records {
                programme: Some(programme(self.company.trim(), self.phone.trim(), currency)),
                affiliates: own.into_iter().collect(),
                ..Records::default()
            }),
            _ => {
                if currency.is_none() {
                    let message = format!("\"{}\" is no currency, such as \"USD\".", self.currency.trim());
                    fields.push(problem("currency", message));
                }
                Err(DeskError { fields, ..DeskError::new(Code::Refused, "The book was not made.") })
            }
        }
    }

    fn affiliate(&self) -> Affiliate {
        let texts =
            |texts: &[String]| texts.iter().map(|text| text.trim().to_owned()).filter(|t| !t.is_empty()).collect();
        Affiliate {
            id: "A01".into(),
            name: self.name.trim().to_owned(),
            own_companies: texts(&self.own_companies),
            domains: texts(&self.domains),
            agreement_signed_on: None,
            remittance: AgreedRemittance::InFull,
        }
    }
}

/// Whoever has the folder can try passphrases for as long as they like.
const LEAST_CHARACTERS: usize = 12;

/// Refuses a passphrase that would not hold for long.
pub fn is_long(passphrase: &Passphrase, refused: &str) -> Result<(), DeskError> {
    if passphrase.length() >= LEAST_CHARACTERS {
        return Ok(());
    }
    let message = format!("It has fewer than {LEAST_CHARACTERS} characters. Take three or four words.");
    let fields = vec![problem("passphrase", message)];
    Err(DeskError { fields, ..DeskError::new(Code::Refused, refused) })
}

/// The programme as its page publishes it: what is quoted by while no book is open.
pub(crate) fn published() -> Programme {
    programme("NetSource", "(866) 778-1212", Currency::USD)
}

/// "Referral commissions are up to 10% of the monthly contract cost."
fn programme(company: &str, phone: &str, currency: Currency) -> Programme {
    Programme {
        company: company.to_owned(),
        phone: phone.to_owned(),
        currency,
        standard_rate: Rate::TEN_PERCENT,
        maximum_rate: Rate::TEN_PERCENT,
        in_term_changes: InTermChanges::FollowContract,
        minimum_payout: currency.zero(),
    }
}

fn problem(at: &str, message: impl Into<String>) -> Problem {
    Problem { code: Why::Unreadable, at: at.to_owned(), message: message.into() }
}
