//! Statements to print, made from believable facts by the rules themselves.

use paper::{Fonts, PageSize, Printed, Seal, StatementPaper};
use rules::affiliate::{Adjustment, Affiliate, AgreedRemittance};
use rules::client::Client;
use rules::contract::{BilledBy, Contract};
use rules::day::{self, Day};
use rules::id::Id;
use rules::invoice::{Invoice, InvoiceFacts, Kind, Line, Payment};
use rules::money::{Currency, Money};
use rules::month::Month;
use rules::rate::Rate;
use rules::referral::Referral;
use rules::statement::{ContractOf, Inputs, Statement, YearToDate};
use rules::terms::{InTermChanges, Programme};

pub const SHA256: &str = "3f8a91c27be04d5591aa0e6cd2b7f4183f8a91c27be04d5591aa0e6cd2b7f418";

const CLIENTS: [&str; 15] = [
    "Alder & Finch Accountants",
    "Birchwood Dental",
    "Cedar Hill Veterinary Clinic",
    "Dogwood Press",
    "Elm Street Bakery",
    "Fir Mountain Guides",
    "Ginkgo Design Studio",
    "Hazel Grove Primary School",
    "Ivy League Tutors",
    "Juniper Logistics",
    "Katsura Gardens",
    "Larch Legal LLP",
    "Maple Leaf Insurance Brokers",
    "Nutmeg Kitchens",
    "Oak Works",
];

/// What [`print`] needs besides the statement.
pub struct Made {
    pub inputs: Inputs,
    pub statement: Statement,
    pub json: Vec<u8>,
    pub csv: Vec<u8>,
}

pub fn usd(minor: i64) -> Money {
    Money::from_minor(minor, currency())
}

pub fn currency() -> Currency {
    Currency::parse("USD").expect("USD is a currency")
}

pub fn date(text: &str) -> Day {
    day::parse(text).expect(text)
}

impl Made {
    /// A month with so many invoices, of fifteen clients in turn. Nearly all are paid; one client in seven is behind.
    pub fn with_lines(lines: usize) -> Self {
        let mut inputs = nothing();
        let clients = lines.clamp(1, CLIENTS.len());
        for (nth, name) in CLIENTS.iter().take(if lines == 0 { 0 } else { clients }).enumerate() {
            client(nth, name, &mut inputs);
        }
        for nth in 0..lines {
            let facts = invoice(nth, nth % clients, &inputs);
            inputs.invoices.push(facts);
        }
        Self::of(inputs)
    }

    /// A month with all that can happen: every status, adjustments, one-time charges, money brought forward.
    pub fn varied() -> Self {
        let mut inputs = Self::with_lines(9).inputs;
        inputs.brought_forward = usd(1_850);
        inputs.adjustments = vec![
            adjustment("J1", 5_000, "Bonus for the third referral of the quarter"),
            adjustment(
                "J2",
                -1_250,
                "Correction of a double payment in December, as agreed by telephone with Maria Gomez",
            ),
        ];
        inputs.invoices[0].invoice.lines.push(charge(Kind::Setup, "Migration of two servers", 50_000));
        inputs.invoices[0].payments[0].amount = inputs.invoices[0].invoice.total();
        inputs.invoices[1].payments.clear();
        inputs.invoices[1].settled = usd(4_700);
        inputs.contracts[2].contract.billed_by = BilledBy::Affiliate;
        inputs.affiliate.remittance = AgreedRemittance::NetOfCommission;
        let paid = inputs.invoices[2].payments.drain(..).next();
        inputs.invoices[2].remittances.extend(paid.map(|payment| rules::invoice::Remittance {
            id: "M1".into(),
            invoice: payment.invoice,
            received_on: payment.received_on,
            amount: payment.amount,
        }));
        // After its term, with less and with more than the original.
        for nth in [4, 5] {
            inputs.contracts[nth].contract.starts_on = date("2023-06-01");
            inputs.contracts[nth].contract.signed_on = date("2023-05-20");
        }
        inputs.contracts[4].contract.lines[0].amount = usd(30_000);
        inputs.contracts[5].contract.lines[0].amount = usd(90_000);
        let mut consulting = invoice(90, 7, &inputs);
        consulting.invoice.lines =
            vec![charge(Kind::Consulting, "Security review", 120_000), charge(Kind::Setup, "Firewall", 35_000)];
        inputs.invoices.push(consulting);
        Self::of(inputs)
    }

    pub fn of(inputs: Inputs) -> Self {
        let statement = inputs.statement();
        Self::of_statement(inputs, statement)
    }

    pub fn of_statement(inputs: Inputs, statement: Statement) -> Self {
        let json = serde_json::json!({ "inputs": records(&inputs), "statement": &statement });
        let json = serde_json::to_vec(&json).expect("JSON");
        let mut csv = String::from("invoice,client,period_start,period_end,base,rate,commission,status\r\n");
        for line in &statement.lines {
            let (start, end, status) = (line.period_start, line.period_end, line.status.as_str());
            let (number, client, base, rate) = (&line.number, &line.client_name, line.base, line.rate);
            csv.push_str(&format!("{number},{client},{start},{end},{base},{rate},{},{status}\r\n", line.commission));
        }
        Self { inputs, statement, json, csv: csv.into_bytes() }
    }

    pub fn sealed(&self) -> StatementPaper<'_> {
        StatementPaper {
            programme: &self.inputs.programme,
            affiliate: &self.inputs.affiliate,
            statement: &self.statement,
            number: "2025-01-A1",
            seal: Seal::Sealed { sha256: SHA256, closed_on: date("2025-02-03"), revision: 1 },
            json: &self.json,
            csv: &self.csv,
            logo: None,
        }
    }

    pub fn draft(&self) -> StatementPaper<'_> {
        StatementPaper { seal: Seal::Draft, ..self.sealed() }
    }

    pub fn print(&self, fonts: &Fonts) -> Printed {
        paper::statement(&self.sealed(), PageSize::A4, fonts)
    }
}

/// What went in, as a sealed statement has it, near enough.
fn records(inputs: &Inputs) -> serde_json::Value {
    let contracts: Vec<_> = inputs.contracts.iter().map(|of| (&of.referral, &of.contract)).collect();
    let invoices: Vec<_> =
        inputs.invoices.iter().map(|facts| (&facts.invoice, &facts.payments, &facts.remittances)).collect();
    serde_json::json!({
        "programme": &inputs.programme,
        "affiliate": &inputs.affiliate,
        "clients": &inputs.clients,
        "contracts": contracts,
        "invoices": invoices,
        "adjustments": &inputs.adjustments,
    })
}

/// A month in which nothing happened.
fn nothing() -> Inputs {
    let month = Month::parse("2025-01").expect("a month");
    Inputs {
        month,
        programme: Programme {
            company: "NetSource".to_owned(),
            phone: "(866) 778-1212".to_owned(),
            currency: currency(),
            standard_rate: Rate::parse("0.10").expect("a rate"),
            maximum_rate: Rate::parse("0.10").expect("a rate"),
            in_term_changes: InTermChanges::FollowContract,
            minimum_payout: usd(2_500),
        },
        terms: Vec::new(),
        affiliate: Affiliate {
            id: "A1".into(),
            name: "Maria Gómez".to_owned(),
            own_companies: vec!["Gómez Digital LLC".to_owned()],
            domains: Vec::new(),
            agreement_signed_on: Some(date("2024-03-14")),
            remittance: AgreedRemittance::InFull,
        },
        clients: Vec::new(),
        contracts: Vec::new(),
        invoices: Vec::new(),
        overdue_elsewhere: Vec::new(),
        adjustments: Vec::new(),
        brought_forward: usd(0),
        year_before: YearToDate::nothing(currency()),
    }
}

fn client(nth: usize, name: &str, inputs: &mut Inputs) {
    let id: Id<Client> = Id::new(format!("C{nth}"));
    inputs.clients.push(Client { id: id.clone(), name: name.to_owned(), domains: Vec::new(), customer_since: None });
    let referral = Referral {
        id: Id::new(format!("R{nth}")),
        affiliate: inputs.affiliate.id.clone(),
        client: id,
        registered_on: date("2023-04-02"),
    };
    let contract = Contract {
        id: Id::new(format!("K{nth}")),
        referral: referral.id.clone(),
        signed_on: date("2024-06-20"),
        starts_on: date("2024-07-01"),
        term_months: 12,
        ended_on: None,
        rate: Rate::parse(if nth % 4 == 3 { "0.075" } else { "0.10" }).expect("a rate"),
        billed_by: BilledBy::Company,
        lines: vec![charge(Kind::Hosting, "Managed hosting", 45_000)],
        changes: Vec::new(),
    };
    inputs.contracts.push(ContractOf { referral, contract, voided: None });
}

fn invoice(nth: usize, client: usize, inputs: &Inputs) -> InvoiceFacts {
    let id: Id<Invoice> = Id::new(format!("I{nth}"));
    let price = 12_000 + i64::try_from(nth * 7_919 % 90_000).expect("small");
    let lines = vec![
        charge(Kind::Hosting, "Dedicated server", price),
        charge(Kind::ManagedService, "Backups and monitoring", 4_900),
    ];
    let invoice = Invoice {
        id: id.clone(),
        number: format!("NS-{}", 10_400 + nth),
        client: inputs.clients[client].id.clone(),
        contract: Some(inputs.contracts[client].contract.id.clone()),
        issued_on: date("2025-01-02"),
        due_on: date("2025-01-16"),
        period_start: date("2025-01-01"),
        period_end: date("2025-01-31"),
        lines,
        tax: usd(0),
    };
    let received = invoice.total();
    let behind = nth % 7 == 3;
    let payment =
        Payment { id: Id::new(format!("P{nth}")), invoice: id, received_on: date("2025-01-14"), amount: received };
    InvoiceFacts {
        invoice,
        payments: if behind { Vec::new() } else { vec![payment] },
        refunds: Vec::new(),
        credit_notes: Vec::new(),
        remittances: Vec::new(),
        settled: usd(0),
        voided: None,
    }
}

pub fn charge(kind: Kind, description: &str, minor: i64) -> Line {
    Line { kind, description: description.to_owned(), amount: usd(minor) }
}

pub fn adjustment(id: &str, minor: i64, reason: &str) -> Adjustment {
    let month = Month::parse("2025-01").expect("a month");
    Adjustment { id: id.into(), affiliate: "A1".into(), month, amount: usd(minor), reason: reason.to_owned() }
}
