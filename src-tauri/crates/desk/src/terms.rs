//! The programme's identity, and the dated versions of its terms with what each choice means.

use rules::base::{WholeMonth, whole_month};
use rules::contract::{BilledBy, Change, Contract};
use rules::day::{self, Day};
use rules::id::Id;
use rules::invoice::{Kind, Line};
use rules::money::{Currency, Money};
use rules::rate::Rate;
use rules::referral::Referral;
use rules::statement::ContractOf;
use rules::terms::{Choices, InTermChanges, TermsVersion};
use serde::Serialize;
use ts_rs::TS;

use crate::{Desk, DeskError, Now};

#[derive(Clone, Debug, Serialize, TS)]
pub struct TermsPage {
    pub company: String,
    pub phone: String,
    pub currency: String,
    /// A PNG as a `data:` URL.
    pub logo: Option<String>,
    /// Newest first; the last is what the programme began with.
    pub versions: Vec<VersionView>,
    /// How far months are closed, so that a form can say which months a change reaches.
    pub closed_through: Option<String>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct VersionView {
    /// `None`: what the programme began with.
    pub effective_on: Option<String>,
    pub in_force: bool,
    /// The choices in force from that day, those that this version made first.
    pub choices: Vec<ChoiceView>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ChoiceView {
    #[ts(type = "\"standard_rate\" | \"maximum_rate\" | \"in_term_changes\" | \"minimum_payout\"")]
    pub name: &'static str,
    /// `10%`, `Follow the contract`.
    pub value: String,
    /// What it means, in a sentence.
    pub means: String,
    /// With figures.
    pub example: String,
    /// Whether this version made it, or an earlier one.
    pub made_here: bool,
}

impl Desk {
    /// The programme and every version of its terms in effect.
    pub fn terms_page(&self, now: Now) -> Result<TermsPage, DeskError> {
        let programme = self.programme()?;
        let terms = self.book.terms()?;
        let in_force = terms.iter().rposition(|version| version.effective_on <= now.today);
        let mut versions = vec![VersionView {
            effective_on: None,
            in_force: in_force.is_none(),
            choices: choices(&programme.choices_on(Day::MIN, &[]), programme.currency, |_| true),
        }];
        versions.extend(terms.iter().enumerate().map(|(at, version)| VersionView {
            effective_on: Some(version.effective_on.to_string()),
            in_force: in_force == Some(at),
            choices: choices(&programme.choices_on(version.effective_on, &terms), programme.currency, |choice| {
                choice.is_made_by(version)
            }),
        }));
        versions.reverse();
        Ok(TermsPage {
            company: programme.company,
            phone: programme.phone,
            currency: programme.currency.code().to_owned(),
            logo: self.logo_url()?,
            versions,
            closed_through: self.book.closed_through()?.map(|month| month.to_string()),
        })
    }
}

/// A choice of the terms.
#[derive(Clone, Copy)]
enum Choice {
    StandardRate,
    MaximumRate,
    InTermChanges,
    MinimumPayout,
}

impl Choice {
    const ALL: [Self; 4] = [Self::StandardRate, Self::MaximumRate, Self::InTermChanges, Self::MinimumPayout];

    fn as_str(self) -> &'static str {
        match self {
            Self::StandardRate => "standard_rate",
            Self::MaximumRate => "maximum_rate",
            Self::InTermChanges => "in_term_changes",
            Self::MinimumPayout => "minimum_payout",
        }
    }

    fn is_made_by(self, version: &TermsVersion) -> bool {
        match self {
            Self::StandardRate => version.standard_rate.is_some(),
            Self::MaximumRate => version.maximum_rate.is_some(),
            Self::InTermChanges => version.in_term_changes.is_some(),
            Self::MinimumPayout => version.minimum_payout.is_some(),
        }
    }

    fn value(self, choices: &Choices) -> String {
        match self {
            Self::StandardRate => choices.standard_rate.percent(),
            Self::MaximumRate => choices.maximum_rate.percent(),
            Self::InTermChanges => match choices.in_term_changes {
                InTermChanges::FollowContract => "Follow the contract".to_owned(),
                InTermChanges::HoldOriginal => "Hold the original".to_owned(),
            },
            Self::MinimumPayout if choices.minimum_payout.is_zero() => "None".to_owned(),
            Self::MinimumPayout => choices.minimum_payout.grouped(),
        }
    }

    fn means(self, choices: &Choices) -> &'static str {
        match (self, choices.in_term_changes) {
            (Self::StandardRate, _) => {
                "What a new contract starts with; the rate that a contract agrees is the one that counts."
            }
            (Self::MaximumRate, _) => {
                "The most that a contract may agree if it is signed under these terms; earlier ones keep their rate."
            }
            (Self::InTermChanges, InTermChanges::FollowContract) => {
                "A change within the original term earns at once, and what is in force on the term's last day is the \
                 most that earns after it."
            }
            (Self::InTermChanges, InTermChanges::HoldOriginal) => {
                "What was signed is the most that earns, from the contract's first day on."
            }
            (Self::MinimumPayout, _) if choices.minimum_payout.is_zero() => {
                "Every balance above nothing is paid out at the end of its month."
            }
            (Self::MinimumPayout, _) => {
                "A smaller balance is carried into the next month, until it comes to as much; what is in force on a \
                 month's last day counts."
            }
        }
    }

    fn example(self, choices: &Choices, currency: Currency) -> String {
        let rate = choices.standard_rate;
        match self {
            Self::StandardRate => {
                let billed = whole(1000, currency);
                format!("{} of {} is {}.", rate.percent(), billed.grouped(), rate.of(billed).grouped())
            }
            Self::MaximumRate => {
                let above = Rate::from_basis_points(choices.maximum_rate.basis_points() + 1);
                let above = above.map_or_else(String::new, Rate::percent);
                format!("A contract at {} is taken, one at {above} is refused.", choices.maximum_rate.percent())
            }
            Self::InTermChanges => upgraded_twice(choices, currency),
            Self::MinimumPayout => payout_example(choices.minimum_payout, currency),
        }
    }
}

/// The choices in force, those first that `made_here` says.
fn choices(in_force: &Choices, currency: Currency, made_here: impl Fn(Choice) -> bool) -> Vec<ChoiceView> {
    let mut views = Choice::ALL.map(|choice| ChoiceView {
        name: choice.as_str(),
        value: choice.value(in_force),
        means: choice.means(in_force).to_owned(),
        example: choice.example(in_force, currency),
        made_here: made_here(choice),
    });
    views.sort_by_key(|view| !view.made_here);
    views.into()
}

/// An amount of the currency's main unit.
fn whole(amount: i64, currency: Currency) -> Money {
    Money::from_minor(amount * 10_i64.pow(currency.digits()), currency)
}

fn payout_example(minimum: Money, currency: Currency) -> String {
    let smallest = Money::from_minor(1, currency);
    if minimum.is_zero() {
        return format!("Even a balance of {} is paid out.", smallest.grouped());
    }
    let below = (minimum - smallest).grouped();
    format!("A balance of {below} is carried into the next month, one of {} is paid out.", minimum.grouped())
}

/// An upgrade within the original term and one after it, as the rules see them.
fn upgraded_twice(choices: &Choices, currency: Currency) -> String {
    let of = example_contract(choices.standard_rate, currency);
    let rate = of.contract.rate;
    let signed = whole_month(first_day_of(1), &of, choices, currency).billed;
    let mut words = format!("A contract of {TERM} months is signed at {} a month.", signed.grouped());
    for month in [WITHIN, AFTER] {
        let WholeMonth { billed, base, .. } = whole_month(first_day_of(month), &of, choices, currency);
        let earned = format!("{} earns {} at {}", base.grouped(), rate.of(base).grouped(), rate.percent());
        words.push_str(&format!(" Upgraded to {} in month {month}: {earned}.", billed.grouped()));
    }
    words
}

/// The months of the example, counted from 1.
const TERM: u32 = 12;
const WITHIN: u32 = 7;
const AFTER: u32 = 15;

fn first_day_of(month: u32) -> Day {
    day::plus_months(Day::default(), month - 1)
}

fn example_contract(rate: Rate, currency: Currency) -> ContractOf {
    let lines =
        |amount| vec![Line { kind: Kind::Hosting, description: String::new(), amount: whole(amount, currency) }];
    let (first, id) = (first_day_of(1), Id::new("example"));
    ContractOf {
        referral: Referral { id: id.clone(), affiliate: Id::new(""), client: Id::new(""), registered_on: first },
        contract: Contract {
            id: Id::new("example"),
            referral: id,
            signed_on: first,
            starts_on: first,
            term_months: TERM,
            ended_on: None,
            rate,
            billed_by: BilledBy::Company,
            lines: lines(1000),
            changes: vec![
                Change { effective_on: first_day_of(WITHIN), lines: lines(1200) },
                Change { effective_on: first_day_of(AFTER), lines: lines(1500) },
            ],
        },
        voided: None,
    }
}
