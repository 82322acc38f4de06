use rules::inputs::*;
use rules::invoice::Line;
use rules::statement::*;
use rules::{
    affiliate::*, client::*, contract::*, invoice::*, money::*, month::Month, rate::*, records::*, referral::*,
    refusal, terms::*,
};
fn usd() -> Currency {
    Currency::parse("USD").unwrap()
}
fn day(t: &str) -> rules::day::Day {
    rules::day::parse(t).unwrap()
}
fn m(c: i64) -> Money {
    Money::from_minor(c, usd())
}
fn line() -> Line {
    Line { kind: Kind::Hosting, description: "Dedicated server, managed".into(), amount: m(100_000) }
}
fn records() -> Records {
    let mut r = Records {
        programme: Some(Programme {
            company: "NetSource".into(),
            phone: "".into(),
            currency: usd(),
            standard_rate: Rate::parse("0.10").unwrap(),
            maximum_rate: Rate::parse("0.10").unwrap(),
            in_term_changes: InTermChanges::FollowContract,
            minimum_payout: m(0),
        }),
        ..Records::default()
    };
    for a in 0..100 {
        r.affiliates.push(Affiliate {
            id: format!("A{a}").as_str().into(),
            name: format!("Aff {a}"),
            own_companies: vec![],
            domains: vec![],
            agreement_signed_on: None,
            remittance: AgreedRemittance::InFull,
        });
    }
    let first = Month::parse("2023-01").unwrap();
    for k in 0..10_000 {
        let (c, rf, kk) = (format!("C{k}"), format!("R{k}"), format!("K{k}"));
        r.clients.push(Client {
            id: c.as_str().into(),
            name: format!("Client number {k}"),
            domains: vec![format!("c{k}.example")],
            customer_since: None,
        });
        r.referrals.push(Referral {
            id: rf.as_str().into(),
            affiliate: format!("A{}", k % 100).as_str().into(),
            client: c.as_str().into(),
            registered_on: day("2022-12-01"),
        });
        r.contracts.push(Contract {
            id: kk.as_str().into(),
            referral: rf.as_str().into(),
            signed_on: day("2022-12-20"),
            starts_on: day("2023-01-01"),
            term_months: 12,
            ended_on: None,
            rate: Rate::parse("0.10").unwrap(),
            billed_by: BilledBy::Company,
            lines: vec![line()],
            changes: vec![],
        });
        let mut mo = first;
        for i in 0..24 {
            let id = format!("I{k}-{i}");
            r.invoices.push(Invoice {
                id: id.as_str().into(),
                number: format!("NS-{k}-{i}"),
                client: c.as_str().into(),
                contract: Some(kk.as_str().into()),
                issued_on: mo.first_day(),
                due_on: mo.first_day(),
                period_start: mo.first_day(),
                period_end: mo.cutoff(),
                lines: vec![line(), Line { kind: Kind::Other, description: "Domain".into(), amount: m(1500) }],
                tax: m(800),
            });
            r.payments.push(Payment {
                id: format!("P{k}-{i}").as_str().into(),
                invoice: id.as_str().into(),
                received_on: mo.cutoff(),
                amount: m(102_300),
            });
            mo = mo.next();
        }
    }
    r
}
#[derive(serde::Deserialize)]
#[allow(dead_code)]
struct PLine {
    kind: String,
    description: String,
    amount: String,
}
#[derive(serde::Deserialize)]
#[allow(dead_code)]
struct PInv {
    id: String,
    number: String,
    client: String,
    contract: Option<String>,
    issued_on: String,
    due_on: String,
    period_start: String,
    period_end: String,
    lines: Vec<PLine>,
    tax: String,
}
#[derive(serde::Deserialize)]
#[allow(dead_code)]
struct PPay {
    id: String,
    invoice: String,
    received_on: String,
    amount: String,
}
#[derive(serde::Deserialize)]
#[allow(dead_code)]
struct TInv {
    id: String,
    number: String,
    client: String,
    contract: Option<String>,
    issued_on: rules::day::Day,
    due_on: rules::day::Day,
    period_start: rules::day::Day,
    period_end: rules::day::Day,
    lines: Vec<Line>,
    tax: Money,
}
#[derive(serde::Deserialize)]
#[allow(dead_code)]
struct TPay {
    id: String,
    invoice: String,
    received_on: rules::day::Day,
    amount: Money,
}
#[derive(serde::Deserialize)]
#[allow(dead_code)]
struct TFile {
    contracts: Vec<Contract>,
    invoices: Vec<TInv>,
    payments: Vec<TPay>,
    clients: Vec<Client>,
    referrals: Vec<Referral>,
}
#[derive(serde::Deserialize)]
#[allow(dead_code)]
struct PFile {
    contracts: Vec<Contract>,
    invoices: Vec<PInv>,
    payments: Vec<PPay>,
    clients: Vec<Client>,
    referrals: Vec<Referral>,
}
fn cpu() -> f64 {
    std::fs::read_to_string("/proc/thread-self/schedstat").unwrap().split(' ').next().unwrap().parse::<f64>().unwrap()
        / 1e9
}
fn time<T>(what: &str, f: impl Fn() -> T) -> T {
    let mut best = f64::MAX;
    let mut out = None;
    for _ in 0..7 {
        drop(out.take());
        let s = cpu();
        out = Some(f());
        best = best.min(cpu() - s);
    }
    println!("{what}: {:.1} ms", best * 1e3);
    out.unwrap()
}
fn main() {
    let r = records();
    let text = time("write", || exchange::book::write(&r));
    println!("{:.1} MB", text.len() as f64 / 1e6);
    time("plain structs of strings", || serde_json::from_str::<PFile>(&text).unwrap());
    time("plain structs typed", || serde_json::from_str::<TFile>(&text).unwrap());
    let reading = time("read", || exchange::book::read(text.as_bytes(), None));
    assert_eq!(reading.problems, vec![]);
    assert!(reading.offer.records == r);
    time("review", || {
        let v = refusal::review(&Records::default(), &reading.offer);
        assert_eq!(v.problems, vec![]);
    });
    time("review against itself", || {
        let v = refusal::review(&r, &reading.offer);
        assert_eq!(v.problems, vec![]);
    });
    // one month of 10,000 lines
    let month = Month::parse("2024-12").unwrap();
    let contracts: Vec<ContractOf> = r
        .contracts
        .iter()
        .zip(&r.referrals)
        .map(|(c, f)| ContractOf { referral: f.clone(), contract: c.clone(), voided: None })
        .collect();
    let invoices = r
        .invoices
        .iter()
        .zip(&r.payments)
        .filter(|(i, _)| Month::of(i.issued_on) == month)
        .map(|(i, p)| InvoiceFacts {
            invoice: i.clone(),
            payments: vec![p.clone()],
            refunds: vec![],
            credit_notes: vec![],
            remittances: vec![],
            settled: m(0),
            voided: None,
        })
        .collect();
    let facts = MonthFacts {
        month,
        programme: r.programme.clone().unwrap(),
        terms: vec![],
        affiliates: r
            .affiliates
            .iter()
            .map(|a| AffiliateFacts {
                affiliate: a.clone(),
                adjustments: vec![],
                brought_forward: m(0),
                year_before: YearToDate::nothing(usd()),
            })
            .collect(),
        clients: r.clients.clone(),
        contracts,
        invoices,
    };
    let sealed: Vec<_> = facts
        .into_inputs()
        .map(|inputs| {
            let statement = inputs.statement();
            exchange::sealed::Sealed {
                engine: rules::ENGINE,
                number: format!("{month}-{}", inputs.affiliate.id),
                revision: 1,
                previous: None,
                closed_at: "2025-01-01T00:00:00Z".into(),
                inputs,
                statement,
            }
        })
        .collect();
    println!("{} lines", sealed.iter().map(|s| s.statement.lines.len()).sum::<usize>());
    let docs = time("seal write", || sealed.iter().map(exchange::sealed::write).collect::<Vec<_>>());
    println!("{:.1} MB", docs.iter().map(Vec::len).sum::<usize>() as f64 / 1e6);
    time("statement plain serde_json", || {
        sealed.iter().map(|s| serde_json::to_vec(&s.statement).unwrap().len()).sum::<usize>()
    });
    time("seal read", || docs.iter().map(|d| exchange::sealed::read(d).unwrap()).collect::<Vec<_>>());
}
