//! `refbook sample`.

use std::path::Path;

use desk::Desk;
use desk::sample::Sample;
use indicatif::ProgressBar;

use crate::Failure;
use crate::opener::Opener;
use crate::output::Output;

pub fn run(book: &Path, size: Option<(u32, u32)>, opener: &Opener, output: &mut Output) -> Result<(), Failure> {
    let sample = size.map_or(Sample::Small, |(contracts, months)| Sample::Large { contracts, months });
    let passphrase = opener.new_passphrase()?;
    let bar = ProgressBar::new_spinner();
    let made = Desk::sample(book, &passphrase, sample, |month| bar.set_message(format!("{month} is made")));
    bar.finish_and_clear();
    made?;
    let last = desk::sample::last_month();
    output.line(format_args!(
        "Made {} of invented records through {last}, which is still open. Look at it: refbook statement --month {last}.",
        book.display()
    ));
    Ok(())
}
