//! What a month's statements are made from: the facts of all affiliates, dealt out to each.

use std::collections::BTreeSet;

use hashbrown::{HashMap, HashSet};

use crate::affiliate::{Adjustment, Affiliate};
use crate::client::Client;
use crate::contract::Contract;
use crate::day::Day;
use crate::id::Id;
use crate::invoice::{Invoice, InvoiceFacts};
use crate::money::Money;
use crate::month::Month;
use crate::standing::standing_under;
use crate::statement::{ContractOf, Inputs, YearToDate};
use crate::step::OpenBill;
use crate::terms::{Programme, TermsVersion};

/// The facts that a month's statements are made from, dated up to its cutoff.
#[derive(Clone, Debug)]
pub struct MonthFacts {
    pub month: Month,
    pub programme: Programme,
    pub terms: Vec<TermsVersion>,
    /// All that a contract here belongs to.
    pub affiliates: Vec<AffiliateFacts>,
    /// All that a contract here belongs to.
    pub clients: Vec<Client>,
    /// All that an invoice here is under.
    pub contracts: Vec<ContractOf>,
    /// Every invoice issued by the cutoff, or at least those that are not both paid in full and settled: the others
    /// can have no line and hold none.
    pub invoices: Vec<InvoiceFacts>,
}

#[derive(Clone, Debug)]
pub struct AffiliateFacts {
    pub affiliate: Affiliate,
    /// Of the month.
    pub adjustments: Vec<Adjustment>,
    pub brought_forward: Money,
    pub year_before: YearToDate,
}

/// The month from which an affiliate has statements: "from the affiliate's first referral on". An adjustment before
/// that is not lost: the statements then begin with it.
pub fn first_month(first_referral: Option<Day>, first_adjustment: Option<Month>) -> Option<Month> {
    first_referral.map(Month::of).into_iter().chain(first_adjustment).min()
}

/// A bill that is past due at the cutoff, and whose contract it is under, if any.
struct OverdueBill {
    affiliate: Option<Id<Affiliate>>,
    bill: OpenBill,
}

impl MonthFacts {
    /// Deals the facts out: one affiliate's inputs at a time, in the order of their ids.
    pub fn into_inputs(self) -> impl Iterator<Item = Inputs> {
        let overdue = self.overdue_by_client();
        let Self { month, programme, terms, mut affiliates, clients, contracts, invoices } = self;
        affiliates.sort_by(|a, b| a.affiliate.id.cmp(&b.affiliate.id));
        let clients: HashMap<Id<Client>, Client> = clients.into_iter().map(|c| (c.id.clone(), c)).collect();
        let affiliate_of: HashMap<&Id<Contract>, &Id<Affiliate>> =
            contracts.iter().map(|of| (&of.contract.id, &of.referral.affiliate)).collect();
        let mut invoices_of: HashMap<Id<Affiliate>, Vec<InvoiceFacts>> = HashMap::new();
        for facts in invoices {
            let contract = facts.invoice.contract.as_ref();
            if let Some(affiliate) = contract.and_then(|contract| affiliate_of.get(contract)) {
                invoices_of.entry((*affiliate).clone()).or_default().push(facts);
            }
        }
        drop(affiliate_of);
        let mut contracts_of: HashMap<Id<Affiliate>, Vec<ContractOf>> = HashMap::new();
        for of in contracts {
            contracts_of.entry(of.referral.affiliate.clone()).or_default().push(of);
        }
        affiliates.into_iter().map(move |facts| {
            let AffiliateFacts { affiliate, adjustments, brought_forward, year_before } = facts;
            let mut contracts = contracts_of.remove(&affiliate.id).unwrap_or_default();
            contracts.sort_by(|a, b| a.contract.id.cmp(&b.contract.id));
            let mut invoices = invoices_of.remove(&affiliate.id).unwrap_or_default();
            invoices.sort_by(|a, b| a.invoice.id.cmp(&b.invoice.id));
            let of_affiliate: BTreeSet<&Id<Client>> = contracts.iter().map(|of| &of.referral.client).collect();
            let overdue_elsewhere = of_affiliate
                .iter()
                .flat_map(|client| overdue.get(*client).into_iter().flatten().map(move |bill| (client, bill)))
                .filter(|(_, overdue)| overdue.affiliate.as_ref() != Some(&affiliate.id))
                .map(|(client, overdue)| ((*client).clone(), overdue.bill.clone()))
                .collect();
            // A client under two affiliates' contracts is on both their statements, so it is copied, not moved.
            let clients = of_affiliate.iter().filter_map(|id| clients.get(*id).cloned()).collect();
            Inputs {
                month,
                programme: programme.clone(),
                terms: terms.clone(),
                affiliate,
                clients,
                contracts,
                invoices,
                overdue_elsewhere,
                adjustments,
                brought_forward,
                year_before,
            }
        })
    }

    /// "Current: at the cutoff the client has no invoice, under any contract or none, that is past due [...] and not
    /// paid in full." Case: `arrears-on-another-contract-hold-too.json`.
    ///
    /// Only of clients with a bill outside of one affiliate's contracts: for the others, the affiliate's own inputs say.
    fn overdue_by_client(&self) -> HashMap<Id<Client>, Vec<OverdueBill>> {
        let cutoff = self.month.cutoff();
        let shared = self.shared_clients();
        let contracts = self.contracts.iter().filter(|of| shared.contains(&of.referral.client));
        let contracts: HashMap<&Id<Contract>, &ContractOf> = contracts.map(|of| (&of.contract.id, of)).collect();
        let affiliates: HashMap<&Id<Affiliate>, &Affiliate> =
            self.affiliates.iter().map(|facts| (&facts.affiliate.id, &facts.affiliate)).collect();
        let mut overdue: HashMap<Id<Client>, Vec<OverdueBill>> = HashMap::new();
        let matters = |invoice: &Invoice| invoice.due_on < cutoff && shared.contains(&invoice.client);
        for facts in self.invoices.iter().filter(|facts| matters(&facts.invoice)) {
            let contract = facts.invoice.contract.as_ref().and_then(|id| contracts.get(id)).copied();
            let affiliate = contract.and_then(|contract| affiliates.get(&contract.referral.affiliate)).copied();
            let Some(bill) = self.open_bill(facts, contract, affiliate) else { continue };
            let bill = OverdueBill { affiliate: affiliate.map(|affiliate| affiliate.id.clone()), bill };
            overdue.entry(facts.invoice.client.clone()).or_default().push(bill);
        }
        overdue
    }

    /// The clients with a bill under no contract, or under the contracts of more than one affiliate.
    fn shared_clients(&self) -> HashSet<&Id<Client>> {
        let mut affiliate_of: HashMap<&Id<Client>, &Id<Affiliate>> = HashMap::with_capacity(self.clients.len());
        let without = self.invoices.iter().filter(|facts| facts.invoice.contract.is_none());
        let mut shared: HashSet<&Id<Client>> = without.map(|facts| &facts.invoice.client).collect();
        for ContractOf { referral, .. } in &self.contracts {
            if *affiliate_of.entry(&referral.client).or_insert(&referral.affiliate) != &referral.affiliate {
                shared.insert(&referral.client);
            }
        }
        shared
    }

    /// The invoices under no contract that are paid in full: they hold nothing any more.
    pub fn done_without_contract(&self) -> Vec<Id<Invoice>> {
        let without = self.invoices.iter().filter(|facts| facts.invoice.contract.is_none());
        without.filter(|facts| self.open_bill(facts, None, None).is_none()).map(|f| f.invoice.id.clone()).collect()
    }

    fn open_bill(
        &self,
        facts: &InvoiceFacts,
        contract: Option<&ContractOf>,
        affiliate: Option<&Affiliate>,
    ) -> Option<OpenBill> {
        let standing = standing_under(facts, contract, affiliate, &self.programme, &self.terms);
        standing.open_bill(facts, self.month.cutoff())
    }
}
