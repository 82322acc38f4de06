//! `refbook backup`, `refbook backups` and `refbook restore`.

use std::path::Path;

use desk::backups::{BackupRow, RestorePreview, Which, backups_of, preview_restore_of, restore_of};
use desk::{Desk, WayIn};
use serde_json::json;

use crate::output::{Output, columns, text};
use crate::{Failure, now};

pub fn make(desk: &Desk, folder: Option<&Path>, own_folder: bool, output: &mut Output) -> Result<(), Failure> {
    if folder.is_some() || own_folder {
        desk.choose_backup_folder(folder)?;
    }
    let BackupRow { id, size, journal_end, .. } = desk.back_up(now())?;
    let end = journal_end.map_or_else(String::new, |end| format!(", its journal to entry {end}"));
    output.line(format_args!("Made {id}, {size}{end}: opened, checked, and as the book is now."));
    Ok(())
}

pub fn list(book: &Path, json: bool, output: &mut Output) -> Result<(), Failure> {
    is_there(book)?;
    let view = backups_of(book);
    if json {
        output.line(format_args!("{:#}", json!(view)));
        return Ok(());
    }
    if let Some(problem) = &view.problem {
        output.line(problem);
    }
    if view.backups.is_empty() {
        output.line("There is no backup yet. `refbook backup` makes one.");
        return Ok(());
    }
    let mut table = columns(["backup", "made", "why", "size", "journal to", "state"], &[3, 4]);
    for row in &view.backups {
        let end = row.journal_end.map_or_else(|| "?".to_owned(), |end| end.to_string());
        let state = row.damage.as_ref().map_or_else(|| row.sound.to_owned(), |what| format!("damaged: {what}"));
        table.add_row([row.id.clone(), row.made_at.clone(), row.why.clone(), row.size.clone(), end, state]);
    }
    output.line(text(&table));
    Ok(())
}

pub fn restore(book: &Path, backup: &str, way: WayIn<'_>, dry_run: bool, output: &mut Output) -> Result<(), Failure> {
    let is_folder = Path::new(backup).is_dir();
    let which = if is_folder { Which::InFolder(backup.into()) } else { Which::Listed(backup.to_owned()) };
    tell(&preview_restore_of(book, which.clone(), way)?, output);
    if dry_run {
        output.line("Nothing was changed: this was a dry run.");
        return Ok(());
    }
    restore_of(book, which, way, now())?;
    output.line(format_args!(
        "Restored {}. What it replaced is kept: refbook backups {} lists it.",
        book.display(),
        book.display()
    ));
    Ok(())
}

fn tell(preview: &RestorePreview, output: &mut Output) {
    if preview.is_another {
        output.line("The backup is of another book: the two have nothing in common.");
    }
    match &preview.unreadable {
        Some(why) => output.line(format_args!("What would be lost can't be told, since the book does not open: {why}")),
        None if preview.lost.is_empty() => output.line("Nothing would be lost: the backup has all that the book has."),
        None => list_words("Lost, since the backup lacks it:", &preview.lost, output),
    }
    if !preview.gained.is_empty() {
        list_words("Gained, since the book lacks it:", &preview.gained, output);
    }
}

fn list_words(title: &str, words: &[String], output: &mut Output) {
    output.line(title);
    for line in words {
        output.line(format_args!("  {line}"));
    }
}

fn is_there(book: &Path) -> Result<(), Failure> {
    if book.is_dir() {
        return Ok(());
    }
    Err(Failure(format!(
        "There is no folder \"{}\". Where the book is gone, name the backup's own folder: refbook restore.",
        book.display()
    )))
}
