//! `refbook import` and `refbook export`.

use std::path::Path;

use desk::incoming::{Incoming, read_file, read_from};
use desk::{Code, Desk, DeskError, Imported, Tally};
use serde_json::json;

use crate::output::{Output, columns, note, text};
use crate::{Failure, now};

pub fn run(desk: &mut Desk, file: &Path, dry_run: bool, json: bool, output: &mut Output) -> Result<(), Failure> {
    let imported =
        if file.is_dir() { take_everything(desk, file, dry_run) } else { take(desk, file, &read(file)?, dry_run) };
    let imported = imported.map_err(|error| refused(error, json, output))?;
    for near_miss in &imported.near_misses {
        note(&format!("To confirm: {} ({})", near_miss.message, near_miss.at));
    }
    if json {
        let near_misses: Vec<_> =
            imported.near_misses.iter().map(|near| json!({"at": near.at, "message": near.message})).collect();
        let result = json!({"dry_run": dry_run, "records": imported.tallies, "near_misses": near_misses});
        output.line(format_args!("{result:#}"));
    } else {
        tell(&imported, file, dry_run, output);
    }
    Ok(())
}

fn take(desk: &mut Desk, file: &Path, content: &[u8], dry_run: bool) -> Result<Imported, DeskError> {
    if dry_run {
        return desk.preview(content);
    }
    let source = file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    desk.import(&source, content, now())
}

fn take_everything(desk: &mut Desk, folder: &Path, dry_run: bool) -> Result<Imported, DeskError> {
    if dry_run { desk.preview_everything(folder) } else { desk.import_everything(folder, now()) }
}

pub fn export_everything(desk: &Desk, folder: &Path, output: &mut Output) -> Result<(), Failure> {
    desk.export_everything(folder)?;
    output.line(format_args!(
        "Wrote everything in the book to {}, readable by anyone. What comes back and what does not stands in read-me.txt.",
        folder.display()
    ));
    Ok(())
}

pub fn export(desk: &Desk, out: Option<&Path>, output: &mut Output) -> Result<(), Failure> {
    match out {
        None => output.raw(desk.export()?.as_bytes()),
        Some(file) => {
            desk.export_to(file)?;
            output.line(format_args!("Wrote the whole book to {}. It is readable by anyone.", file.display()));
        }
    }
    Ok(())
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    if file == Path::new("-") {
        Ok(read_from(std::io::stdin().lock(), "standard input", Incoming::Book)?)
    } else {
        Ok(read_file(file, Incoming::Book)?)
    }
}

/// "`{"problems": [{"code": …, "at": …, "message": …}]}` listing them all."
fn refused(error: DeskError, json: bool, output: &mut Output) -> Failure {
    if json && error.code == Code::Refused {
        output.line(format_args!("{:#}", json!({"problems": error.fields})));
        return Failure(error.message);
    }
    error.into()
}

fn tell(imported: &Imported, file: &Path, dry_run: bool, output: &mut Output) {
    let file = file.display();
    match (imported.changes_nothing(), dry_run) {
        (true, _) => return output.line(format_args!("The book has everything in {file} already.")),
        (false, true) => output.line(format_args!("Importing {file} would change:")),
        (false, false) => output.line(format_args!("Imported {file}:")),
    }
    let currency = imported.currency.map_or("", desk::Currency::code);
    let new_amount = format!("new {currency}");
    let mut table = columns(["", "new", "corrected", "unchanged", &new_amount, "corrected by"], &[1, 2, 3, 4, 5]);
    for tally in &imported.tallies {
        let Tally { kind, new, corrected, unchanged, amount, correction } = tally;
        let amounts = [amount, correction].map(|amount| amount.map_or_else(String::new, |amount| amount.grouped()));
        let counts = [*new, *corrected, *unchanged].map(|count| count.to_string());
        table.add_row([kind.member().replace('_', " ")].into_iter().chain(counts).chain(amounts));
    }
    output.line(text(&table));
    if dry_run {
        output.line("Nothing was changed: this was a dry run.");
    }
}
