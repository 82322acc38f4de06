//! `refbook quote`.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use desk::quotes::{QuoteAnswer, QuoteSheet, QuoteView, WhatIfs, print_quote_without_book, quote_view_without_book};
use desk::views::Amount;
use desk::{Desk, PageSize, RecordKind};
use serde_json::{Value, json};

use crate::opener::Opener;
use crate::output::{Output, columns, note, text};
use crate::{BookArgs, Failure, Paper, now};

#[derive(Args)]
pub struct QuoteArgs {
    /// A charge: hosting, `managed_service` and other a month, setup and consulting once. Such as `hosting=1000`, or
    /// `setup=1500=Migration`. Can be given again
    #[arg(long, value_name = "KIND=AMOUNT[=TEXT]", required_unless_present = "quote")]
    line: Vec<String>,
    /// To whom it is offered
    #[arg(long, value_name = "NAME", default_value = "")]
    prospect: String,
    /// A domain of the prospect's. Can be given again
    #[arg(long, value_name = "DOMAIN")]
    domain: Vec<String>,
    /// Who would refer the prospect
    #[arg(long, value_name = "ID", requires = "book")]
    affiliate: Option<String>,
    /// The original term in months; 0 is month to month
    #[arg(long, value_name = "MONTHS", default_value_t = 24)]
    term: u32,
    /// The first day; without it, the first of the next month
    #[arg(long, value_name = "YYYY-MM-DD")]
    starts: Option<String>,
    /// The last day on which it can be accepted; without it, in thirty days
    #[arg(long, value_name = "YYYY-MM-DD")]
    valid_until: Option<String>,
    /// The commission's share: 0.10 is 10%. Without it, the standard rate of the book's terms; without a book 10%
    #[arg(long, value_name = "FRACTION")]
    rate: Option<String>,
    /// How long a bill is assumed to wait for its payment
    #[arg(long, value_name = "DAYS", default_value_t = 20)]
    days_to_pay: u32,
    #[arg(long, value_enum, default_value_t = Bills::Company)]
    billed_by: Bills,
    /// What the affiliate passes on, where it bills. Without it, what the affiliate's agreement says; without an
    /// affiliate, net of the commission
    #[arg(long, value_enum)]
    remits: Option<Remits>,
    /// What if every bill is paid so many days late
    #[arg(long, value_name = "DAYS")]
    late: Option<u32>,
    /// What if the client leaves in this month, counted from 1
    #[arg(long, value_name = "MONTH")]
    leaves: Option<u32>,
    /// What if the monthly amount changes, such as 25=800 from month 25 on
    #[arg(long, value_name = "MONTH=AMOUNT")]
    changes: Option<String>,
    /// Under this book's terms; without it, under those that the programme publishes
    #[arg(long, value_name = "BOOK")]
    book: Option<PathBuf>,
    /// A quote that is kept in the book, by its number
    #[arg(long, value_name = "ID", requires = "book", conflicts_with = "line")]
    quote: Option<String>,
    /// Keep it in the book
    #[arg(long, requires = "book", conflicts_with = "quote")]
    keep: bool,
    /// Print the answer as JSON
    #[arg(long)]
    json: bool,
    /// Print the solution quote and the payout sheet into this folder; made if it is not there
    #[arg(long, value_name = "DIR")]
    pdf: Option<PathBuf>,
    #[arg(long, value_enum, default_value_t = Paper::A4)]
    paper: Paper,
}

#[derive(Clone, Copy, ValueEnum)]
enum Bills {
    Company,
    Affiliate,
}

#[derive(Clone, Copy, ValueEnum)]
enum Remits {
    Full,
    Net,
}

pub fn run(args: &QuoteArgs, opener: &Opener, output: &mut Output) -> Result<(), Failure> {
    let mut desk = args.book.as_ref().map(|book| opener.open(&BookArgs { book: book.clone() })).transpose()?;
    let quote = match (&args.quote, &desk) {
        (Some(id), Some(desk)) => desk.record_of(RecordKind::Quote, id)?,
        (_, desk) => args.quote(&args.rate(desk.as_ref())?, &args.remittance(desk.as_ref())?)?,
    };
    let document = json!({ "quotes": [quote] }).to_string().into_bytes();
    let what_ifs = args.what_ifs()?;
    let view = match &desk {
        Some(desk) => desk.quote_view(&document, &what_ifs, now())?,
        None => quote_view_without_book(&document, &what_ifs),
    };
    let Some(answer) = view.answer.as_ref().filter(|_| view.problems.is_empty()) else { return Err(refused(&view)) };
    if args.json {
        output.line(format_args!("{}", json!({ "quote": quote, "answer": answer })));
    } else {
        tell(answer, output);
    }
    if let Some(folder) = &args.pdf {
        print(desk.as_ref(), &document, &what_ifs, folder, args.paper)?;
    }
    if let Some(desk) = desk.as_mut().filter(|_| args.keep) {
        let kept = desk.record(&format!("Quote of {} kept", args.prospect), &document, now())?;
        note(&format!("Kept as quote {}.", kept.ids.values().next().map_or("", String::as_str)));
    }
    Ok(())
}

impl QuoteArgs {
    /// "Referral commissions are up to 10%" where no book says otherwise.
    fn rate(&self, desk: Option<&Desk>) -> Result<String, Failure> {
        match (&self.rate, desk) {
            (Some(rate), _) => Ok(rate.clone()),
            (None, Some(desk)) => Ok(desk.quote_rate(now())?.to_string()),
            (None, None) => Ok("0.10".to_owned()),
        }
    }

    /// What the affiliate's agreement says, unless it is asked otherwise.
    fn remittance(&self, desk: Option<&Desk>) -> Result<Value, Failure> {
        match (self.remits, desk, &self.affiliate) {
            (Some(Remits::Full), ..) => Ok(json!("in_full")),
            (None, Some(desk), Some(id)) => Ok(desk.record_of(RecordKind::Affiliate, id)?["remittance"].clone()),
            _ => Ok(json!("net_of_commission")),
        }
    }

    /// The quote as the exchange format writes it.
    fn quote(&self, rate: &str, remittance: &Value) -> Result<Value, Failure> {
        let today = now().today;
        let lines = self.line.iter().map(|line| charge(line)).collect::<Result<Vec<_>, _>>()?;
        let starts_on = self.starts.clone().unwrap_or_else(|| desk::Month::of(today).next().first_day().to_string());
        let valid_until = self.valid_until.clone().unwrap_or_else(|| (today + chrono::Days::new(30)).to_string());
        Ok(json!({
            "id": "new:quote", "version": 1, "prospect": self.prospect, "domains": self.domain,
            "affiliate": self.affiliate, "quoted_on": today, "valid_until": valid_until, "lines": lines,
            "term_months": self.term, "starts_on": starts_on, "rate": rate,
            "billed_by": match self.billed_by { Bills::Company => "company", Bills::Affiliate => "affiliate" },
            "remittance": remittance, "days_to_pay": self.days_to_pay, "stage": "draft", "contract": null,
        }))
    }

    fn what_ifs(&self) -> Result<WhatIfs, Failure> {
        let change = self.changes.as_ref().map(|text| {
            let parts = text.split_once('=').map(|(month, amount)| (month.to_owned(), amount.to_owned()));
            parts.ok_or_else(|| Failure(format!("--changes \"{text}\" is no MONTH=AMOUNT, such as 25=800.")))
        });
        let (changes_in, changes_to) = change.transpose()?.unzip();
        let (days_late, leaves_after) =
            (self.late.map(|days| days.to_string()), self.leaves.map(|month| month.to_string()));
        Ok(WhatIfs { days_late, leaves_after, changes_in, changes_to })
    }
}

/// `hosting=1000`, `setup=1500=Migration`.
fn charge(text: &str) -> Result<Value, Failure> {
    let mut parts = text.splitn(3, '=');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(kind), Some(amount), description) => {
            Ok(json!({ "kind": kind, "description": description.unwrap_or_default(), "amount": amount }))
        }
        _ => Err(Failure(format!("--line \"{text}\" is no KIND=AMOUNT, such as hosting=1000."))),
    }
}

fn refused(view: &QuoteView) -> Failure {
    let problems = view.problems.iter().map(|problem| format!("\n  {problem}"));
    Failure(problems.fold("The quote can't be answered.".to_owned(), |words, problem| words + &problem))
}

fn tell(answer: &QuoteAnswer, output: &mut Output) {
    let currency = &answer.commission.currency;
    let first = answer.first_paid.as_ref().map_or("no month", |month| month.words.as_str());
    output.line(format_args!(
        "The client pays {} a month, and {} once ({currency}).",
        plain(&answer.monthly),
        plain(&answer.once)
    ));
    output.line(format_args!(
        "Commission a month: {}, {} of {}.",
        plain(&answer.commission),
        answer.rate,
        plain(&answer.earning)
    ));
    output.line(format_args!("First paid in {first}, {}.", answer.first_paid_words));
    let term = answer.term.as_ref().map_or(String::new(), |term| format!("; in the original term {}", plain(term)));
    output.line(format_args!(
        "On the first year's bills {}{term}; then {} a month.",
        plain(&answer.first_year),
        plain(&answer.after)
    ));
    for nothing in &answer.earns_nothing {
        output.line(format_args!(
            "{} {} earns nothing: {}.",
            nothing.charge.kind,
            plain(&nothing.charge.amount),
            nothing.why
        ));
    }
    output.line(format_args!("{}", answer.ceiling.words));
    if let Some(passed_on) = &answer.passed_on {
        output.line(format_args!("{}", passed_on.words));
    }
    for what_if in &answer.what_ifs {
        output.line(format_args!("What if: {}. {}", what_if.title, what_if.words));
    }
    let mut table = columns(["\nmonth", "\npaid", "\nso far"], &[1, 2]);
    for month in &answer.months {
        table.add_row([month.month.words.clone(), plain(&month.paid).to_owned(), plain(&month.so_far).to_owned()]);
    }
    output.line(text(&table));
}

fn plain(amount: &Amount) -> &str {
    &amount.amount
}

fn print(desk: Option<&Desk>, document: &[u8], what_ifs: &WhatIfs, folder: &Path, paper: Paper) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|error| Failure(format!("\"{}\" can't be made: {error}.", folder.display())))?;
    let size = match paper {
        Paper::A4 => PageSize::A4,
        Paper::Letter => PageSize::Letter,
    };
    for (sheet, name) in [(QuoteSheet::Solution, "solution.pdf"), (QuoteSheet::Payout, "payout.pdf")] {
        let file = folder.join(name);
        match desk {
            Some(desk) => desk.print_quote(document, what_ifs, sheet, &file, size)?,
            None => print_quote_without_book(document, what_ifs, sheet, &file, size)?,
        }
        note(&format!("Printed {}.", file.display()));
    }
    Ok(())
}
