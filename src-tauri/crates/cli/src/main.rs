//! `refbook`: the book from the command line, for scripts, schedulers and tests. The second shell over the desk.

mod backup;
mod close;
mod import;
mod keys;
mod opener;
mod output;
mod print;
mod quote;
mod sample;
mod secret;
mod statement;
mod verify;
mod void;
mod why;

use std::path::PathBuf;
use std::process::ExitCode;

use chrono::{Local, Utc};
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use desk::{Desk, DeskError, Month, Now, OlderCopy, RecordKind};

use opener::{Opener, WayInArgs};
use output::Output;

/// Keeps a referral programme's book: contracts, invoices, payments, and each month's commission with its reasons.
///
/// A book is a folder, NAME.refbook, with everything in it encrypted. Months are drafted until they are closed; a
/// closed month's statements are sealed and never change. Every figure can be asked why.
///
/// A month's work: import what was billed and paid, look at the drafts, close the month, print the statements.
#[derive(Parser)]
#[command(name = "refbook", version, max_term_width = 100)]
#[command(after_help = "Exit status: 0 done, 1 refused or failed, 2 wrong usage. \
    Errors go to standard error; with --json, results go to standard output as JSON.")]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    way_in: WayInArgs,
}

#[derive(Subcommand)]
enum Command {
    /// Make a new, empty book
    New(BookArgs),
    /// Make a book of invented records, to look around in or to measure with
    ///
    /// Without numbers: a dozen affiliates and forty-odd clients over two years, in which every rule happens. With
    /// numbers: as many contracts and months as asked for. The same every time.
    Sample {
        #[command(flatten)]
        book: BookArgs,
        /// How many contracts
        #[arg(long, requires = "months", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
        contracts: Option<u32>,
        /// How many months of invoices and payments
        #[arg(long, requires = "contracts", value_parser = clap::value_parser!(u32).range(1..=600))]
        months: Option<u32>,
    },
    /// Import a file in the exchange format, refbook/1: all of it, or nothing
    ///
    /// What is new is added, what has the id of a record in the book corrects it, what the file does not name stays.
    Import {
        #[command(flatten)]
        book: BookArgs,
        /// The file, or - for standard input; or the folder that `export --everything` wrote
        file: PathBuf,
        /// Say what would change, and change nothing
        #[arg(long)]
        dry_run: bool,
        /// Print the result, or all problems, as JSON
        #[arg(long)]
        json: bool,
    },
    /// Write the book's records in the exchange format, refbook/1; or everything in it, as a folder
    ///
    /// The records come back with `refbook import`, and so does what `--everything` adds: notes, letterheads, logos,
    /// agreements, what was really paid. Closed statements, receipts and the journal are there to be read.
    Export {
        #[command(flatten)]
        book: BookArgs,
        /// Write to FILE instead of standard output
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// Write everything in the book into this new folder, as files that anybody can read
        #[arg(long, value_name = "DIR", conflicts_with = "out")]
        everything: Option<PathBuf>,
    },
    /// Show a month's statements: drafts of an open month, sealed ones of a closed month
    Statement {
        #[command(flatten)]
        book: BookArgs,
        #[command(flatten)]
        month: MonthArg,
        /// One affiliate's statement, with its lines
        #[arg(long, value_name = "ID")]
        affiliate: Option<String>,
        /// Print the statements as JSON, with every step
        #[arg(long)]
        json: bool,
    },
    /// Close every open month through this one, in order: their statements are sealed
    Close {
        #[command(flatten)]
        book: BookArgs,
        /// The last month to close
        #[arg(long, value_name = "YYYY-MM", value_parser = month)]
        through: Month,
    },
    /// Reopen the newest closed month
    Reopen {
        #[command(flatten)]
        book: BookArgs,
        #[command(flatten)]
        month: MonthArg,
        /// Why; it is kept in the journal
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Print a month's statements as PDF, one an affiliate
    Print {
        #[command(flatten)]
        book: BookArgs,
        #[command(flatten)]
        month: MonthArg,
        /// Only this affiliate's
        #[arg(long, value_name = "ID")]
        affiliate: Option<String>,
        /// The folder for the PDFs; made if it is not there
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        #[arg(long, value_enum, default_value_t = Paper::A4)]
        paper: Paper,
    },
    /// Quote a payout: what a prospect would pay, and what whoever refers it would be paid
    ///
    /// Needs no book: without one, the terms are those that the programme publishes.
    Quote(Box<quote::QuoteArgs>),
    /// Tell why an invoice earned what it did, step by step
    Why {
        #[command(flatten)]
        book: BookArgs,
        /// The invoice's id or number
        #[arg(long, value_name = "ID")]
        invoice: String,
        /// In this month's statement; without it, in the newest one that has something to say of the invoice
        #[arg(long, value_name = "YYYY-MM", value_parser = month)]
        month: Option<Month>,
    },
    /// Check that everything is as it was written: the file, the journal, every closed statement
    Verify {
        #[command(flatten)]
        book: BookArgs,
        /// The book is an older copy, put back on purpose: take it as the newest from here on
        #[arg(long)]
        accept_older_copy: bool,
    },
    /// Make a backup of the book: whole, encrypted, verified by opening it
    ///
    /// For schedulers: exit status 0 says that it is there and good. All of the last 24 hours are kept, and the newest of
    /// each of the last 7 days, 4 weeks and 12 months that have one. The window makes one a day by itself.
    Backup {
        #[command(flatten)]
        book: BookArgs,
        /// From now on, the backups go to this folder
        #[arg(long, value_name = "DIR", conflicts_with = "own_folder")]
        folder: Option<PathBuf>,
        /// From now on, the backups go to the book's own folder again
        #[arg(long)]
        own_folder: bool,
    },
    /// List the book's backups, and whether each is as it was made
    ///
    /// Needs no passphrase: also of a book that no longer opens.
    Backups {
        #[command(flatten)]
        book: BookArgs,
        /// Print the list as JSON
        #[arg(long)]
        json: bool,
    },
    /// Put a backup in the book's place
    ///
    /// Says what that loses and gains, and keeps what it replaces: that is in the list of backups afterwards. Also for a
    /// book that is damaged or gone. The way in is one that the book had when the backup was made or,
    /// unless it got a new key since, has now.
    Restore {
        #[command(flatten)]
        book: BookArgs,
        /// The backup, by its name in the list, or its folder
        backup: String,
        /// Say what would be lost and gained, and change nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// List the ways into the book, add or remove one, or give the book a new key
    Keys {
        #[command(flatten)]
        book: BookArgs,
        #[command(subcommand)]
        action: Option<keys::Action>,
    },
    /// Void a record, with a reason: it stays in the book, and counts for nothing
    Void {
        #[command(flatten)]
        book: BookArgs,
        /// The kind of record
        #[arg(value_parser = record_kind)]
        kind: RecordKind,
        /// Its id
        id: String,
        /// Why; it is kept in the journal
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Write the completions of a shell to standard output
    Completions { shell: Shell },
    /// Write the manual page to standard output
    Man,
}

#[derive(Args)]
struct BookArgs {
    /// The book's folder, such as NetSource.refbook
    book: PathBuf,
}

#[derive(Args)]
struct MonthArg {
    /// The month
    #[arg(long, value_name = "YYYY-MM", value_parser = month)]
    month: Month,
}

#[derive(Clone, Copy, ValueEnum)]
enum Paper {
    A4,
    Letter,
}

/// What went wrong: words for standard error.
#[derive(Debug)]
struct Failure(String);

impl From<DeskError> for Failure {
    fn from(error: DeskError) -> Self {
        let problems = error.fields.iter().map(|problem| format!("\n  {problem}"));
        Self(problems.fold(error.message, |words, problem| words + &problem))
    }
}

fn main() -> ExitCode {
    desk::secrecy::no_core_dump();
    desk::secrecy::no_words_of_a_panic();
    let Cli { command, way_in } = Cli::parse();
    let mut output = Output::default();
    let done = run(command, &Opener { way_in }, &mut output);
    if let Err(Failure(words)) = done {
        output::note(&format!("refbook: {words}"));
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn run(command: Command, opener: &Opener, output: &mut Output) -> Result<(), Failure> {
    match command {
        Command::New(BookArgs { book }) => {
            let passphrase = opener.new_passphrase()?;
            desk::begin::is_long(&passphrase, "The book was not made.")?;
            let desk = Desk::create(&book, &passphrase)?;
            if let Some(warning) = desk.place_warning() {
                output::note(&warning);
            }
            output.line(format_args!("Made {}. Import a file into it next: refbook import.", book.display()));
            Ok(())
        }
        Command::Sample { book, contracts, months } => sample::run(&book.book, contracts.zip(months), opener, output),
        Command::Import { book, file, dry_run, json } => {
            import::run(&mut opener.open(&book)?, &file, dry_run, json, output)
        }
        Command::Export { book, everything: Some(folder), .. } => {
            import::export_everything(&opener.open(&book)?, &folder, output)
        }
        Command::Export { book, out, .. } => import::export(&opener.open(&book)?, out.as_deref(), output),
        Command::Statement { book, month, affiliate, json } => {
            statement::run(&opener.open(&book)?, month.month, affiliate.as_deref(), json, output)
        }
        Command::Close { book, through } => close::close(&mut opener.open(&book)?, through, output),
        Command::Reopen { book, month, reason } => {
            close::reopen(&mut opener.open(&book)?, month.month, &reason, output)
        }
        Command::Print { book, month, affiliate, out, paper } => {
            print::run(&opener.open(&book)?, month.month, affiliate.as_deref(), &out, paper, output)
        }
        Command::Quote(args) => quote::run(&args, opener, output),
        Command::Why { book, invoice, month } => why::run(&opener.open(&book)?, &invoice, month, output),
        Command::Verify { book, accept_older_copy } => {
            let older = if accept_older_copy { OlderCopy::Accept } else { OlderCopy::Refuse };
            verify::run(&mut opener.open_as(&book, older)?, output)
        }
        Command::Backup { book, folder, own_folder } => {
            backup::make(&opener.open(&book)?, folder.as_deref(), own_folder, output)
        }
        Command::Backups { book, json } => backup::list(&book.book, json, output),
        Command::Restore { book, backup, dry_run } => {
            opener.by_what_is_given(&book.book, |way| backup::restore(&book.book, &backup, way, dry_run, output))
        }
        Command::Keys { book, action } => keys::run(&mut opener.open(&book)?, action, opener, output),
        Command::Void { book, kind, id, reason } => void::run(&mut opener.open(&book)?, kind, &id, &reason, output),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "refbook", &mut script);
            output.raw(&script);
            Ok(())
        }
        Command::Man => {
            let mut page = Vec::new();
            let rendered = clap_mangen::Man::new(Cli::command()).render(&mut page);
            rendered.map_err(|error| Failure(error.to_string()))?;
            output.raw(&page);
            Ok(())
        }
    }
}

fn now() -> Now {
    Now { at: Utc::now(), today: Local::now().date_naive() }
}

fn month(text: &str) -> Result<Month, String> {
    Month::parse(text).ok_or_else(|| "a month is written YYYY-MM, such as 2025-01".to_owned())
}

fn record_kind(text: &str) -> Result<RecordKind, String> {
    let kinds = RecordKind::ALL.map(RecordKind::as_str).join(", ");
    RecordKind::parse(text).ok_or_else(|| format!("the kinds are {kinds}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
