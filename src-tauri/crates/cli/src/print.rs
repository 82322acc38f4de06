//! `refbook print`.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use desk::{Desk, Month, PageSize, Printing, Progress};
use indicatif::{ProgressBar, ProgressStyle};

use crate::output::{Output, note};
use crate::{Failure, Paper};

pub fn run(
    desk: &Desk,
    month: Month,
    affiliate: Option<&str>,
    folder: &Path,
    paper: Paper,
    output: &mut Output,
) -> Result<(), Failure> {
    let size = match paper {
        Paper::A4 => PageSize::A4,
        Paper::Letter => PageSize::Letter,
    };
    let stopped = stops_on_interrupt()?;
    let bar = bar();
    let printed = desk.print(&Printing { month, affiliate, folder, size }, |progress| {
        match progress {
            Progress::Begun(statements) => bar.set_length(statements as u64),
            Progress::Printed => bar.inc(1),
        }
        !stopped.load(Ordering::Relaxed)
    });
    bar.finish_and_clear();
    let printed = printed?;
    for (file, warning) in &printed.warnings {
        note(&format!("{}: {warning}", file.display()));
    }
    match printed.files.as_slice() {
        [] => output.line(format_args!("There is no statement for {month}.")),
        [file] => output.line(format_args!("Printed {}.", file.display())),
        files => output.line(format_args!("Printed {} statements into {}.", files.len(), folder.display())),
    }
    Ok(())
}

/// The first Ctrl-C stops between two files; the handler leaves the second to the system.
fn stops_on_interrupt() -> Result<Arc<AtomicBool>, Failure> {
    let stopped = Arc::new(AtomicBool::new(false));
    let set = Arc::clone(&stopped);
    ctrlc::set_handler(move || set.store(true, Ordering::Relaxed)).map_err(|error| Failure(error.to_string()))?;
    Ok(stopped)
}

/// On standard error, and only if that is a terminal.
fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("Printing {bar:40} {pos} of {len}, {eta} left (Ctrl-C stops)");
    ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
