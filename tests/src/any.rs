//! Any book: small, valid, and with everything in it that can happen to an invoice.

use proptest::collection::vec;
use proptest::prelude::{Strategy, any};
use rules::affiliate::{Adjustment, Affiliate, AgreedRemittance};
use rules::client::Client;
use rules::contract::{BilledBy, Change, Contract};
use rules::day::Day;
use rules::debt::{OwnEntry, OwnKind, Resale};
use rules::id::Id;
use rules::invoice::{CreditNote, Invoice, Kind, Line, Payment, Refund, Remittance};
use rules::money::{Currency, Money};
use rules::month::Month;
use rules::own_price::OwnPrice;
use rules::projection::WhatIf;
use rules::quote::{Quote, Stage};
use rules::rate::Rate;
use rules::records::Records;
use rules::referral::Referral;
use rules::terms::{InTermChanges, Programme, TermsVersion};
use rust_decimal::{Decimal, RoundingStrategy};

/// The months in which something happens.
pub fn months() -> impl Iterator<Item = Month> {
    let first = Month::parse("2025-01").expect("a month");
    std::iter::successors(Some(first), |month| Some(month.next())).take(7)
}

pub fn records() -> impl Strategy<Value = Records> {
    // A tape of numbers, read where something is to be chosen: it shrinks well, and any tape is a valid book.
    vec(any::<u16>(), 0..600).prop_map(|numbers| Tape { numbers, at: 0 }.records())
}

/// A quote under any programme, and what may come otherwise than it assumes.
pub fn quote() -> impl Strategy<Value = (Programme, Quote, Vec<WhatIf>)> {
    vec(any::<u16>(), 0..60).prop_map(|numbers| {
        let mut tape = Tape { numbers, at: 0 };
        (tape.programme(), tape.quote(0), tape.what_ifs())
    })
}

struct Tape {
    numbers: Vec<u16>,
    at: usize,
}

impl Tape {
    /// From 0 to below `end`; 0 once the tape has run out.
    fn below(&mut self, end: u16) -> u16 {
        self.at += 1;
        self.numbers.get(self.at - 1).map_or(0, |number| number % end)
    }

    fn once_in(&mut self, times: u16) -> bool {
        self.below(times) == times - 1
    }

    fn day(&mut self, from: Day, days: u16) -> Day {
        from + chrono::Days::new(u64::from(self.below(days)))
    }

    fn records(mut self) -> Records {
        let mut records = Records {
            programme: Some(self.programme()),
            terms: if self.once_in(4) { vec![self.terms()] } else { Vec::new() },
            affiliates: (0..=self.below(2)).map(|nth| self.affiliate(nth)).collect(),
            ..Records::default()
        };
        for nth in 0..=self.below(3) {
            self.client(nth, &mut records);
        }
        for nth in 0..self.below(3) {
            let quote = self.quote(nth);
            records.quotes.push(Quote { affiliate: Some(records.affiliates[0].id.clone()), ..quote });
        }
        for nth in 0..self.below(3) {
            records.adjustments.push(Adjustment {
                id: Id::new(format!("J{nth}")),
                affiliate: records.affiliates[0].id.clone(),
                month: months().nth(usize::from(self.below(7))).expect("one of the months"),
                amount: money(i64::from(self.below(20_000)) - 8_000),
                reason: "As agreed".to_owned(),
            });
        }
        records
    }

    fn programme(&mut self) -> Programme {
        Programme {
            company: "NetSource".to_owned(),
            phone: "(866) 778-1212".to_owned(),
            currency: usd(),
            standard_rate: rate("0.10"),
            maximum_rate: rate("0.10"),
            in_term_changes: self.in_term_changes(),
            minimum_payout: money(if self.once_in(3) { 5_000 } else { 0 }),
        }
    }

    fn in_term_changes(&mut self) -> InTermChanges {
        if self.once_in(3) { InTermChanges::HoldOriginal } else { InTermChanges::FollowContract }
    }

    fn terms(&mut self) -> TermsVersion {
        TermsVersion {
            effective_on: self.day(day("2024-12-20"), 90),
            standard_rate: None,
            maximum_rate: None,
            in_term_changes: Some(self.in_term_changes()),
            minimum_payout: self.once_in(2).then(|| money(2_500)),
        }
    }

    fn affiliate(&mut self, nth: u16) -> Affiliate {
        let net = self.once_in(3);
        Affiliate {
            id: Id::new(format!("A{nth}")),
            name: format!("Affiliate {nth}"),
            own_companies: Vec::new(),
            domains: Vec::new(),
            agreement_signed_on: Some(day("2024-01-01")),
            remittance: if net { AgreedRemittance::NetOfCommission } else { AgreedRemittance::InFull },
        }
    }

    /// A client with its referral, one or two contracts and their bills, and at times a bill under none.
    fn client(&mut self, nth: u16, records: &mut Records) {
        let client = Client {
            id: Id::new(format!("C{nth}")),
            name: format!("{} Works", ["Oak", "Elm", "Fir"][usize::from(nth)]),
            domains: Vec::new(),
            customer_since: None,
        };
        let affiliate = usize::from(self.below(u16::try_from(records.affiliates.len()).expect("few")));
        let referral = Referral {
            id: Id::new(format!("R{nth}")),
            affiliate: records.affiliates[affiliate].id.clone(),
            client: client.id.clone(),
            registered_on: day("2024-11-15"),
        };
        for which in 0..=self.below(2) {
            let contract = self.contract(&format!("K{nth}-{which}"), &referral.id);
            for month in months() {
                if !self.once_in(6) {
                    self.bill(&format!("{}-{month}", contract.id), &client.id, Some(&contract), month, records);
                }
            }
            if contract.billed_by == BilledBy::Affiliate && self.once_in(2) {
                records.own_prices.push(self.own_price(&contract.id));
            }
            records.contracts.push(contract);
        }
        if self.once_in(3) {
            let month = months().nth(usize::from(self.below(7))).expect("one of the months");
            self.bill(&format!("S{nth}"), &client.id, None, month, records);
        }
        records.clients.push(client);
        records.referrals.push(referral);
    }

    fn contract(&mut self, id: &str, referral: &Id<Referral>) -> Contract {
        let monthly = money(1 + i64::from(self.below(60_000)));
        let mut changes: Vec<Change> = (0..self.below(3))
            .map(|_| Change {
                effective_on: self.day(day("2025-01-05"), 150),
                lines: vec![line(Kind::Hosting, money(1 + i64::from(self.below(60_000))))],
            })
            .collect();
        changes.sort_by_key(|change| change.effective_on);
        changes.dedup_by_key(|change| change.effective_on);
        Contract {
            id: Id::new(id),
            referral: referral.clone(),
            signed_on: self.day(day("2024-12-01"), 31),
            starts_on: day("2025-01-01"),
            term_months: u32::from(self.below(6)),
            ended_on: self.once_in(4).then(|| self.day(day("2025-02-10"), 120)),
            rate: Rate::from_basis_points(1 + u32::from(self.below(1000))).expect("a rate"),
            billed_by: if self.once_in(3) { BilledBy::Affiliate } else { BilledBy::Company },
            lines: vec![line(Kind::ManagedService, monthly)],
            changes,
        }
    }

    fn own_price(&mut self, contract: &Id<Contract>) -> OwnPrice {
        let mut lines = vec![line(Kind::ManagedService, money(i64::from(self.below(60_000))))];
        if self.once_in(3) {
            lines.push(line(Kind::Setup, money(1 + i64::from(self.below(30_000)))));
        }
        let effective_on = self.day(day("2024-12-20"), 150);
        OwnPrice { id: Id::new(format!("L-{contract}")), contract: contract.clone(), effective_on, lines }
    }

    fn quote(&mut self, nth: u16) -> Quote {
        let quoted_on = self.day(day("2024-11-20"), 60);
        let net = self.once_in(2);
        let mut lines = vec![line(Kind::Hosting, money(1 + i64::from(self.below(60_000))))];
        for kind in [Kind::Setup, Kind::Other, Kind::ManagedService, Kind::Consulting] {
            if self.once_in(3) {
                lines.push(line(kind, money(1 + i64::from(self.below(30_000)))));
            }
        }
        Quote {
            id: Id::new(format!("Q{nth}")),
            version: 1 + u32::from(self.below(3)),
            prospect: "Ash Works".to_owned(),
            domains: vec!["ash.example".to_owned()],
            affiliate: None,
            quoted_on,
            valid_until: self.day(quoted_on, 60),
            lines,
            term_months: u32::from(self.below(19)),
            starts_on: self.day(day("2024-12-15"), 60),
            rate: Rate::from_basis_points(1 + u32::from(self.below(1000))).expect("a rate"),
            billed_by: if self.once_in(2) { BilledBy::Affiliate } else { BilledBy::Company },
            remittance: if net { AgreedRemittance::NetOfCommission } else { AgreedRemittance::InFull },
            days_to_pay: u32::from(self.below(70)),
            stage: Stage::ALL[usize::from(self.below(4))],
            contract: None,
        }
    }

    fn what_ifs(&mut self) -> Vec<WhatIf> {
        let late = WhatIf::PaysLate { days: u32::from(self.below(60)) };
        let leaves = WhatIf::LeavesAfter { month: 1 + u32::from(self.below(24)) };
        let amount = money(i64::from(self.below(60_000)));
        let changes = WhatIf::ChangesTo { month: 1 + u32::from(self.below(24)), amount };
        [late, leaves, changes].into_iter().filter(|_| self.once_in(2)).collect()
    }

    /// One bill with what happens to it.
    fn bill(
        &mut self,
        name: &str,
        client: &Id<Client>,
        contract: Option<&Contract>,
        month: Month,
        records: &mut Records,
    ) {
        let mut lines = vec![line(Kind::Hosting, money(1 + i64::from(self.below(60_000))))];
        if self.once_in(5) {
            lines.push(line(Kind::Setup, money(1 + i64::from(self.below(30_000)))));
        }
        let first = month.first_day();
        let invoice = Invoice {
            id: Id::new(format!("I-{name}")),
            number: format!("N-{name}"),
            client: client.clone(),
            contract: contract.map(|contract| contract.id.clone()),
            issued_on: first,
            due_on: self.day(first, 45),
            period_start: first,
            period_end: month.cutoff(),
            lines,
            tax: money(i64::from(self.below(3)) * 500),
        };
        let by_affiliate = contract.is_some_and(|contract| contract.billed_by == BilledBy::Affiliate);
        let receipts = self.receipts(name, &invoice, by_affiliate, records);
        if self.once_in(6) {
            let refunded_on = self.day(first, 150);
            let by_then = receipts.iter().filter(|(on, _)| *on <= refunded_on).map(|(_, amount)| *amount);
            let received = usd().sum(by_then);
            let amount = money(1 + received.minor() * i64::from(self.below(4)) / 4).min(received);
            if amount.is_positive() {
                let (id, invoice) = (Id::new(format!("F-{name}")), invoice.id.clone());
                records.refunds.push(Refund { id, invoice, refunded_on, amount });
            }
        }
        if self.once_in(8) {
            let amount = money(1 + invoice.lines[0].amount.minor() * i64::from(self.below(5)) / 5);
            let lines = vec![line(Kind::Hosting, amount.min(invoice.lines[0].amount))];
            let issued_on = self.day(first, 100);
            records.credit_notes.push(CreditNote {
                id: Id::new(format!("X-{name}")),
                invoice: invoice.id.clone(),
                issued_on,
                lines,
            });
        }
        if by_affiliate {
            self.with_the_client(name, &invoice, records);
        }
        records.invoices.push(invoice);
    }

    /// What is between the affiliate and its client alone: a price of its own, what the client pays and gets back, and
    /// what it will never pay or pays after all.
    fn with_the_client(&mut self, name: &str, invoice: &Invoice, records: &mut Records) {
        let mut owes = invoice.total();
        if self.once_in(3) {
            let lines = vec![line(Kind::Hosting, money(i64::from(self.below(60_000))))];
            let resale =
                Resale { id: Id::new(format!("S-{name}")), invoice: invoice.id.clone(), lines, tax: invoice.tax };
            owes = resale.total();
            records.resales.push(resale);
        }
        let of_it = |tape: &mut Self| money(owes.minor() * i64::from(1 + tape.below(4)) / 3).max(money(1));
        let mut on = invoice.issued_on;
        let mut left = left_by_credits(owes, invoice, records);
        if self.once_in(2) {
            let (id, amount) = (Id::new(format!("P-{name}")), of_it(self));
            on = self.day(on, 60);
            records.payments.push(Payment { id, invoice: invoice.id.clone(), received_on: on, amount });
            left = left - amount;
            if self.once_in(3) {
                on = self.day(on, 20);
                let refunded = money(1 + amount.minor() * i64::from(self.below(4)) / 4).min(amount);
                records.own_entries.push(own_entry("E", name, invoice, (OwnKind::Refunded, on, refunded)));
                left += refunded;
            }
        }
        if left.is_positive() && self.once_in(3) {
            on = self.day(on, 60);
            let amount = money(1 + left.minor() * i64::from(self.below(4)) / 4).min(left);
            records.own_entries.push(own_entry("W", name, invoice, (OwnKind::WrittenOff, on, amount)));
            if self.once_in(2) {
                let (id, amount) = (Id::new(format!("P-{name}-after-all")), of_it(self));
                let received_on = on + chrono::Days::new(1);
                records.payments.push(Payment { id, invoice: invoice.id.clone(), received_on, amount });
            }
        }
    }

    /// Payments or, where the affiliate bills, remittances.
    fn receipts(
        &mut self,
        name: &str,
        invoice: &Invoice,
        by_affiliate: bool,
        records: &mut Records,
    ) -> Vec<(Day, Money)> {
        let parts = self.below(4);
        let mut receipts = Vec::new();
        for part in 0..parts {
            // Once the whole, else halves: under, exactly and over what is owed all happen.
            let amount = if parts == 1 { invoice.total() } else { money((invoice.total().minor() / 2).max(1)) };
            let received_on = self.day(invoice.issued_on, 120);
            let (id, invoice) = (format!("{name}-{part}"), invoice.id.clone());
            if by_affiliate {
                let id = Id::new(format!("T-{id}"));
                records.remittances.push(Remittance { id, invoice, received_on, amount });
            } else {
                let id = Id::new(format!("P-{id}"));
                records.payments.push(Payment { id, invoice, received_on, amount });
            }
            receipts.push((received_on, amount));
        }
        receipts
    }
}

/// What credit notes leave of an amount: they take the same share of it as of what the company charges.
pub fn left_by_credits(amount: Money, invoice: &Invoice, records: &Records) -> Money {
    let credited =
        usd().sum(records.credit_notes.iter().filter(|of| of.invoice == invoice.id).map(|of| of.total(usd())));
    if credited.is_zero() {
        return amount;
    }
    let of = |money: Money| Decimal::from(money.minor());
    let share = of(amount) * of(credited) / of(invoice.total());
    let share = share.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    amount - Money::from_minor(i64::try_from(share.mantissa()).expect("a share"), usd())
}

fn own_entry(letter: &str, name: &str, of: &Invoice, (kind, on, amount): (OwnKind, Day, Money)) -> OwnEntry {
    OwnEntry { id: Id::new(format!("{letter}-{name}")), invoice: of.id.clone(), kind, on, amount }
}

fn line(kind: Kind, amount: Money) -> Line {
    Line { kind, description: kind.words().to_owned(), amount }
}

fn usd() -> Currency {
    Currency::parse("USD").expect("a currency")
}

fn money(minor: i64) -> Money {
    Money::from_minor(minor, usd())
}

fn rate(text: &str) -> Rate {
    Rate::parse(text).expect("a rate")
}

fn day(text: &str) -> Day {
    rules::day::parse(text).expect("a day")
}
