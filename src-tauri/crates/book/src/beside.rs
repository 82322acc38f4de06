//! What the book keeps beside its records, and journals as it does them.

use crate::tables::biller::FileOf;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Beside {
    Owner,
    /// The programme's.
    Logo,
    AffiliateLogo,
    Biller,
    Agreement,
    Note,
    CompanyPaid,
}

impl Beside {
    const ALL: [Beside; 7] = [
        Beside::Owner,
        Beside::Logo,
        Beside::AffiliateLogo,
        Beside::Biller,
        Beside::Agreement,
        Beside::Note,
        Beside::CompanyPaid,
    ];

    /// As the journal writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Beside::Owner => "owner",
            Beside::Logo => "logo",
            Beside::AffiliateLogo => "affiliate_logo",
            Beside::Biller => "biller",
            Beside::Agreement => "agreement",
            Beside::Note => "note",
            Beside::CompanyPaid => "company_paid",
        }
    }

    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            Beside::AffiliateLogo => "affiliate's logo",
            Beside::Biller => "letterhead",
            Beside::CompanyPaid => "what was really paid",
            other => other.as_str(),
        }
    }

    /// From [`Beside::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|beside| beside.as_str() == text)
    }
}

impl From<FileOf> for Beside {
    fn from(of: FileOf) -> Self {
        match of {
            FileOf::Agreement => Beside::Agreement,
            FileOf::Logo => Beside::AffiliateLogo,
        }
    }
}
