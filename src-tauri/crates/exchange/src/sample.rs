//! A small book with everything in it that can happen, for the tests.

use rules::affiliate::Affiliate;
use rules::inputs::{AffiliateFacts, MonthFacts};
use rules::invoice::InvoiceFacts;
use rules::month::Month;
use rules::records::Records;
use rules::statement::{ContractOf, Inputs, YearToDate};

use crate::book;

const BOOK: &str = r#"{
"format": "refbook/1",
"programme": {"company": "NetSource", "phone": "(866) 778-1212", "currency": "USD", "standard_rate": "0.10",
  "maximum_rate": "0.10", "in_term_changes": "follow_contract", "minimum_payout": "25.00"},
"terms": [
  {"effective_on": "2025-02-01", "in_term_changes": "hold_original"},
  {"effective_on": "2025-03-01", "standard_rate": "0.12", "maximum_rate": "0.15", "minimum_payout": "50.00"}],
"affiliates": [
  {"id": "A1", "name": "Dana \"D\" Reyes", "own_companies": ["Reyes & Søn"], "domains": ["reyes.example"],
   "agreement_signed_on": "2024-01-01", "remittance": "net_of_commission"},
  {"id": "A2", "name": "Eli", "own_companies": [], "domains": [], "agreement_signed_on": null, "remittance": "in_full"}],
"clients": [
  {"id": "C1", "name": "=Acme", "domains": ["acme.example"], "customer_since": null},
  {"id": "C2", "name": "Bolt 東京 😀", "domains": [], "customer_since": "2025-01-02"}],
"referrals": [
  {"id": "R1", "affiliate": "A1", "client": "C1", "registered_on": "2024-12-10"},
  {"id": "R2", "affiliate": "A1", "client": "C2", "registered_on": "2025-01-01"}],
"contracts": [
  {"id": "K1", "referral": "R1", "signed_on": "2024-12-20", "starts_on": "2025-01-01", "term_months": 0,
   "ended_on": null, "rate": "0.10", "billed_by": "company",
   "lines": [{"kind": "hosting", "description": "Server", "amount": "1000.00"}],
   "changes": [{"effective_on": "2025-01-15", "lines": [{"kind": "managed_service", "description": "", "amount": "900.00"}]}]},
  {"id": "K2", "referral": "R1", "signed_on": "2024-12-20", "starts_on": "2025-01-01", "term_months": 12,
   "ended_on": "2025-06-30", "rate": "0.075", "billed_by": "affiliate",
   "lines": [{"kind": "hosting", "description": "Cloud", "amount": "10.05"}], "changes": []},
  {"id": "K3", "referral": "R2", "signed_on": "2025-01-03", "starts_on": "2025-01-03", "term_months": 6,
   "ended_on": null, "rate": "0.05", "billed_by": "company", "lines": [], "changes": []}],
"invoices": [
  {"id": "I1", "number": "-1", "client": "C1", "contract": "K1", "issued_on": "2025-01-01", "due_on": "2025-01-15",
   "period_start": "2025-01-01", "period_end": "2025-01-10",
   "lines": [{"kind": "hosting", "description": "Server", "amount": "1000.00"},
     {"kind": "hosting", "description": "Discount", "amount": "-50.00"},
     {"kind": "setup", "description": "Set-up", "amount": "10.00"}], "tax": "80.00"},
  {"id": "I2", "number": "NS-2", "client": "C1", "contract": "K2", "issued_on": "2025-01-01", "due_on": "2025-03-15",
   "period_start": "2025-01-01", "period_end": "2025-01-31",
   "lines": [{"kind": "hosting", "description": "Cloud", "amount": "10.05"}], "tax": "0.00"},
  {"id": "I3", "number": "NS-3", "client": "C2", "contract": "K3", "issued_on": "2025-01-03", "due_on": "2025-01-04",
   "period_start": "2025-01-03", "period_end": "2025-02-02",
   "lines": [{"kind": "managed_service", "description": "Care", "amount": "200.00"}], "tax": "0.00"},
  {"id": "I4", "number": "NS-4", "client": "C2", "contract": "K3", "issued_on": "2025-01-03", "due_on": "2025-01-04",
   "period_start": "2025-01-03", "period_end": "2025-02-02",
   "lines": [{"kind": "consulting", "description": "Plan", "amount": "99.00"}], "tax": "0.00"},
  {"id": "I5", "number": "NS-5", "client": "C2", "contract": null, "issued_on": "2025-01-03", "due_on": "2025-01-04",
   "period_start": "2025-01-03", "period_end": "2025-02-02",
   "lines": [{"kind": "other", "description": "Cable", "amount": "5.00"}], "tax": "0.40"}],
"payments": [
  {"id": "P1", "invoice": "I1", "received_on": "2025-01-14", "amount": "1100.00"},
  {"id": "P2", "invoice": "I4", "received_on": "2025-01-20", "amount": "99.00"}],
"refunds": [{"id": "F1", "invoice": "I1", "refunded_on": "2025-01-20", "amount": "60.00"}],
"credit_notes": [{"id": "X1", "invoice": "I1", "issued_on": "2025-01-19",
  "lines": [{"kind": "hosting", "description": "Outage", "amount": "100.00"}]}],
"remittances": [{"id": "T1", "invoice": "I2", "received_on": "2025-01-20", "amount": "9.30"}],
"adjustments": [{"id": "J1", "affiliate": "A1", "month": "2025-01", "amount": "-5.00", "reason": "As agreed"}]
}"#;

pub fn records() -> Records {
    let reading = book::read(BOOK.as_bytes(), None);
    assert_eq!(reading.problems, []);
    reading.offer.records
}

/// Of each affiliate, January 2025, with something voided, settled and brought forward.
pub fn inputs() -> Vec<Inputs> {
    let records = records();
    let programme = records.programme.expect("a programme");
    let currency = programme.currency;
    let money = |text: &str| rules::money::Money::parse(text, currency).expect("an amount");
    let contracts = records.contracts.iter().map(|contract| ContractOf {
        referral: records.referrals.iter().find(|one| one.id == contract.referral).expect("a referral").clone(),
        contract: contract.clone(),
        voided: (contract.id.as_str() == "K2").then(|| "entered twice".to_owned()),
    });
    let invoices = records.invoices.iter().map(|invoice| InvoiceFacts {
        payments: records.payments.iter().filter(|one| one.invoice == invoice.id).cloned().collect(),
        refunds: records.refunds.iter().filter(|one| one.invoice == invoice.id).cloned().collect(),
        credit_notes: records.credit_notes.iter().filter(|one| one.invoice == invoice.id).cloned().collect(),
        remittances: records.remittances.iter().filter(|one| one.invoice == invoice.id).cloned().collect(),
        settled: money(if invoice.id.as_str() == "I2" { "1.25" } else { "0" }),
        voided: (invoice.id.as_str() == "I4").then(|| "wrong client".to_owned()),
        invoice: invoice.clone(),
    });
    let affiliates = records.affiliates.iter().map(|affiliate: &Affiliate| AffiliateFacts {
        affiliate: affiliate.clone(),
        adjustments: records.adjustments.iter().filter(|one| one.affiliate == affiliate.id).cloned().collect(),
        brought_forward: money("-12.50"),
        year_before: YearToDate { payable: money("7.00"), ..YearToDate::nothing(currency) },
    });
    let facts = MonthFacts {
        month: Month::parse("2025-01").expect("a month"),
        affiliates: affiliates.collect(),
        contracts: contracts.collect(),
        invoices: invoices.collect(),
        clients: records.clients.clone(),
        terms: records.terms.clone(),
        programme,
    };
    facts.into_inputs().collect()
}
