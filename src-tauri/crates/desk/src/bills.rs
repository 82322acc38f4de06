//! Bills: invoices as they stand on a day, each under its contract. The rules judge; nothing is worked out here.

use std::collections::{BTreeSet, HashMap};

use book::FactsOf;
use rules::affiliate::Affiliate;
use rules::day::Day;
use rules::id::Id;
use rules::invoice::InvoiceFacts;
use rules::standing::{Standing, standing_under};
use rules::step::OpenBill;

use crate::{Desk, DeskError};

/// An invoice with its facts up to a day, and where it stands on it under its contract.
pub(crate) struct Bill {
    pub facts: InvoiceFacts,
    pub standing: Standing,
    /// If it is issued by that day and not paid in full.
    pub open: Option<OpenBill>,
}

impl Desk {
    /// Invoices as they stand on `today`, in their order: "Only facts dated up to the cutoff count."
    pub(crate) fn bills(&self, read: Vec<FactsOf>, today: Day) -> Result<Vec<Bill>, DeskError> {
        let (programme, terms) = (self.programme()?, self.book.terms()?);
        let affiliates = self.affiliates_of(&read)?;
        let bill = |(mut facts, of): FactsOf| {
            facts.keep_up_to(today);
            let affiliate = of.as_ref().and_then(|of| affiliates.get(&of.referral.affiliate));
            let standing = standing_under(&facts, of.as_ref(), affiliate, &programme, &terms);
            let open = standing.open_bill(&facts, today).filter(|_| facts.invoice.issued_on <= today);
            Bill { facts, standing, open }
        };
        Ok(read.into_iter().map(bill).collect())
    }

    fn affiliates_of(&self, read: &[FactsOf]) -> Result<HashMap<Id<Affiliate>, Affiliate>, DeskError> {
        let ids: BTreeSet<&Id<Affiliate>> =
            read.iter().filter_map(|(_, of)| Some(&of.as_ref()?.referral.affiliate)).collect();
        let ids: Vec<Id<Affiliate>> = ids.into_iter().cloned().collect();
        let affiliates = self.book.find_each::<Affiliate>(&ids)?;
        Ok(affiliates.into_iter().map(|affiliate| (affiliate.id.clone(), affiliate)).collect())
    }
}
