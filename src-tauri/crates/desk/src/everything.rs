//! Everything in the book, as files that anybody can read, and back into a book what can come back.
//!
//! `book.json` has the records in refbook/1 and `beside.json` what is kept beside them, with the files that it names. Both
//! come back. What is sealed does not come back as such, since its seals are by the book's own key: the closed
//! statements, the receipts and the journal are there to be read, each statement as the very bytes that were sealed.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io::Write;
use std::path::Path;

use book::{Biller, BookError, Change, CompanyPaid, FileOf, KeptFile, Note};
use rules::affiliate::Affiliate;
use rules::client::Client;
use rules::id::Id;
use rules::money::{Currency, Money};
use rules::month::Month;
use rules::records::{RecordKind, Records};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::biller::Letterhead;
use crate::file::{unwritable, write_durably};
use crate::import::Plan;
use crate::incoming::{Incoming, read_file};
use crate::logo::problem as problem_of_picture;
use crate::{Code, Desk, DeskError, Imported, Now};

const RECORDS: &str = "book.json";
const BESIDE: &str = "beside.json";
const FORMAT: &str = "refbook-beside/1";

const READ_ME: &str = "\
Everything in a Refbook book, readable by anyone who has this folder. It is not encrypted.

book.json      every record in effect, in the exchange format refbook/1
beside.json    whose book it is, notes, letterheads, what was really paid, choices and drafts
files/         logos and signed agreements, named by beside.json
statements/    every closed statement, as the very bytes whose SHA-256 was sealed
receipts/      every receipt of a registration, in the same way
journal.jsonl  every change that was ever made, with before and after; earlier versions of quotes are here

`refbook import BOOK FOLDER` takes book.json, beside.json and files/ into a book. Closed months come back open: a seal is
by a book's own key, and can't be made anew for another. Voided records and the journal stay here to be read.
";

/// What the book keeps beside its records.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Beside {
    format: String,
    /// The affiliate whose own book it is.
    owner: Option<String>,
    notes: Vec<Note>,
    letterheads: BTreeMap<String, Biller>,
    what_was_paid: Vec<PaidMonth>,
    files: Vec<File>,
    /// What forms hold and what was chosen, by form.
    kept: BTreeMap<String, String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PaidMonth {
    affiliate: String,
    month: String,
    lines: Vec<PaidLine>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PaidLine {
    number: String,
    client: String,
    amount: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// `None` for the programme's logo.
    affiliate: Option<String>,
    kind: String,
    /// As it was called when it was chosen.
    name: String,
    /// What it is called in `files/`.
    file: String,
}

/// A file's name, and what is in it.
type NamedBytes = (String, Vec<u8>);

/// What the company says that it paid an affiliate for a month.
type Paid = (Id<Affiliate>, Month, Vec<CompanyPaid>);

impl Desk {
    /// Writes everything into a new folder: whole, or not at all.
    pub fn export_everything(&self, folder: &Path) -> Result<(), DeskError> {
        if folder.exists() {
            let message = format!("\"{}\" exists already. Choose another name for the export.", book::name(folder));
            return Err(DeskError::new(Code::Exists, message));
        }
        let failed = |error: std::io::Error| unwritable(folder, &error);
        let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let unfinished = tempfile::TempDir::with_prefix_in(".refbook-export-", parent).map_err(failed)?;
        self.write_everything(unfinished.path())?;
        fs::rename(unfinished.path(), folder).map_err(failed)
    }

    fn write_everything(&self, folder: &Path) -> Result<(), DeskError> {
        let write = |name: &str, bytes: &[u8]| write_durably(&folder.join(name), bytes);
        for within in ["files", "statements", "receipts"] {
            fs::create_dir(folder.join(within)).map_err(|error| unwritable(folder, &error))?;
        }
        write("read-me.txt", READ_ME.as_bytes())?;
        write(RECORDS, self.export()?.as_bytes())?;
        let (beside, files) = self.beside()?;
        write(BESIDE, format!("{:#}\n", serde_json::json!(beside)).as_bytes())?;
        files.iter().try_for_each(|(name, bytes)| write(&format!("files/{name}"), bytes))?;
        let mut names = Names::default();
        self.book.each_statement(|row, document| {
            write(&format!("statements/{}", names.name(&row.number, "json")), document)
        })?;
        self.book.each_receipt(|row, document| {
            write(&format!("receipts/{}", names.name(row.referral.as_str(), "json")), document)
        })?;
        self.write_journal(&folder.join("journal.jsonl"))
    }

    fn write_journal(&self, file: &Path) -> Result<(), DeskError> {
        let failed = |error: std::io::Error| unwritable(file, &error);
        let mut lines = std::io::BufWriter::new(fs::File::create(file).map_err(failed)?);
        self.book.each_entry(|entry| writeln!(lines, "{}", serde_json::json!(entry)).map_err(failed))?;
        let file = lines.into_inner().map_err(|error| failed(error.into_error()))?;
        file.sync_all().map_err(failed)
    }

    fn beside(&self) -> Result<(Beside, Vec<NamedBytes>), DeskError> {
        let affiliates = self.book.affiliates()?;
        let is_live = |id: &String| affiliates.iter().any(|affiliate| affiliate.id.as_str() == id);
        let mut beside = Beside {
            format: FORMAT.to_owned(),
            owner: self.book.owner()?.filter(is_live),
            notes: self.book.all_notes()?,
            kept: self.book.all_unsaved()?.into_iter().collect(),
            ..Beside::default()
        };
        let (mut files, mut names) = (Vec::new(), Names::default());
        let mut keep = |beside: &mut Beside, affiliate: Option<&str>, kind: &str, KeptFile { name, bytes }| {
            let extension = if kind == "logo" { "png" } else { plain_extension(&name) };
            let file = names.name(&format!("{}-{kind}", affiliate.unwrap_or("programme")), extension);
            let of = File { affiliate: affiliate.map(str::to_owned), kind: kind.to_owned(), name, file: file.clone() };
            beside.files.push(of);
            files.push((file, bytes));
        };
        if let Some(bytes) = self.book.logo()? {
            keep(&mut beside, None, "logo", KeptFile { name: "logo.png".to_owned(), bytes });
        }
        for Affiliate { id, .. } in &affiliates {
            if let Some(biller) = self.book.biller(id)? {
                beside.letterheads.insert(id.to_string(), biller);
            }
            for of in [FileOf::Agreement, FileOf::Logo] {
                if let Some(file) = self.book.affiliate_file(id, of)? {
                    keep(&mut beside, Some(id.as_str()), of.as_str(), file);
                }
            }
        }
        for (affiliate, month) in self.book.months_paid()? {
            let lines = self.book.company_paid(&affiliate, month)?.into_iter().map(|line| PaidLine {
                number: line.number,
                client: line.client,
                amount: line.amount.to_string(),
            });
            let lines = lines.collect();
            beside.what_was_paid.push(PaidMonth { affiliate: affiliate.to_string(), month: month.to_string(), lines });
        }
        Ok((beside, files))
    }

    /// What importing such a folder would do to the records. Reads only.
    pub fn preview_everything(&self, folder: &Path) -> Result<Imported, DeskError> {
        let (_, plan, _) = self.weigh_everything(folder)?;
        Ok(plan.imported())
    }

    /// Takes a folder that [`Desk::export_everything`] wrote: all of it in one transaction, or nothing. The records add
    /// and correct as in any import; of what is beside them, what the book has already stays. Taken twice, the second
    /// time changes nothing.
    pub fn import_everything(&mut self, folder: &Path, now: Now) -> Result<Imported, DeskError> {
        let (records, plan, lacking) = self.weigh_everything(folder)?;
        let imported = plan.imported();
        if imported.changes_nothing() {
            self.book.change(now.at, |change| lacking.put(change))?;
            return Ok(imported);
        }
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        self.keep(&format!("Import of {name}"), &records, &plan, now, |change| {
            // An undo of the import takes back its records alone.
            change.end_batch();
            lacking.put(change)
        })
    }

    /// All of such a folder, held against the book before anything is written.
    fn weigh_everything(&self, folder: &Path) -> Result<(Vec<u8>, Plan, Lacking), DeskError> {
        let records = read(&folder.join(RECORDS), Incoming::Book)?;
        let beside = Beside::read(folder)?;
        let files = beside.files.iter().map(|file| file.read(folder)).collect::<Result<Vec<_>, _>>()?;
        let plan = self.plan(&records)?;
        self.is_known(&beside, &plan.offered)?;
        let currency = match plan.imported().currency {
            Some(currency) => currency,
            None => self.programme()?.currency,
        };
        let lacking = self.lacking(beside, files, currency)?;
        Ok((records, plan, lacking))
    }

    /// Whom `beside.json` names must be in the book, or come with the records.
    fn is_known(&self, beside: &Beside, offered: &Records) -> Result<(), DeskError> {
        let [affiliates, clients] = [RecordKind::Affiliate, RecordKind::Client]
            .map(|kind| offered.ids(kind).into_iter().collect::<HashSet<&str>>());
        let of_files = beside.files.iter().filter_map(|file| file.affiliate.as_ref());
        let of_months = beside.what_was_paid.iter().map(|paid| &paid.affiliate);
        for id in beside.letterheads.keys().chain(of_files).chain(of_months).chain(&beside.owner) {
            if !affiliates.contains(id.as_str()) {
                self.find::<Affiliate>(id)?;
            }
        }
        for client in beside.notes.iter().map(|note| note.client.as_str()) {
            if !clients.contains(client) {
                self.find::<Client>(client)?;
            }
        }
        Ok(())
    }

    /// What of it the book has nothing of yet. Notes are many, and are told apart by their ids as they are written.
    fn lacking(&self, beside: Beside, files: Vec<KeptFile>, currency: Currency) -> Result<Lacking, DeskError> {
        let mut lacking = Lacking::default();
        for paid in beside.paid(currency)? {
            if self.book.company_paid(&paid.0, paid.1)?.is_empty() {
                lacking.paid.push(paid);
            }
        }
        for (id, biller) in beside.letterheads {
            let (id, biller) = (Id::new(id), Letterhead::from(biller).read()?);
            // A billing run that kept its tax made one with nothing in it that is printed on top.
            let is_lacking = |known: Biller| known.address.is_empty() && known.pay_to.is_empty();
            if self.book.biller(&id)?.is_none_or(is_lacking) {
                lacking.letterheads.push((id, biller));
            }
        }
        for (file, kept) in beside.files.into_iter().zip(files) {
            let of = file.of();
            match file.affiliate.map(Id::new) {
                Some(id) if self.book.affiliate_file(&id, of)?.is_none() => lacking.files.push((id, of, kept)),
                None if self.book.logo()?.is_none() => lacking.logo = Some(kept.bytes),
                _ => {}
            }
        }
        for (form, text) in beside.kept {
            if self.book.unsaved(&form)?.is_none() {
                lacking.kept.push((form, text));
            }
        }
        let owner = if self.book.owner()?.is_none() { beside.owner } else { None };
        Ok(Lacking { owner, notes: beside.notes, ..lacking })
    }
}

/// What comes with an import beside its records.
#[derive(Default)]
struct Lacking {
    owner: Option<String>,
    notes: Vec<Note>,
    letterheads: Vec<(Id<Affiliate>, Biller)>,
    paid: Vec<Paid>,
    logo: Option<Vec<u8>>,
    files: Vec<(Id<Affiliate>, FileOf, KeptFile)>,
    kept: Vec<(String, String)>,
}

impl Lacking {
    fn put(&self, change: &mut Change<'_>) -> Result<(), BookError> {
        self.notes.iter().try_for_each(|note| change.keep_note(note))?;
        self.letterheads.iter().try_for_each(|(affiliate, biller)| change.set_biller(affiliate, biller))?;
        self.paid.iter().try_for_each(|(affiliate, month, lines)| change.set_company_paid(affiliate, *month, lines))?;
        self.logo.iter().try_for_each(|png| change.set_logo(Some(png)))?;
        self.files
            .iter()
            .try_for_each(|(affiliate, of, file)| change.set_affiliate_file(affiliate, *of, Some(file)))?;
        self.owner.iter().try_for_each(|owner| change.give_to(owner))?;
        self.kept.iter().try_for_each(|(form, text)| change.keep_unsaved(form, text))
    }
}

impl Beside {
    fn read(folder: &Path) -> Result<Self, DeskError> {
        let file = folder.join(BESIDE);
        let beside: Self = serde_json::from_slice(&read(&file, Incoming::Table)?)
            .map_err(|error| unreadable(&file, &format!("it is no {FORMAT}: {error}")))?;
        if beside.format != FORMAT {
            return Err(unreadable(&file, &format!("its format is \"{}\", not {FORMAT}", beside.format)));
        }
        Ok(beside)
    }

    fn paid(&self, currency: Currency) -> Result<Vec<Paid>, DeskError> {
        let what =
            |text: &str| unreadable(Path::new(BESIDE), &format!("\"{text}\" in what_was_paid is not understood"));
        let line = |line: &PaidLine| {
            let amount = Money::parse(&line.amount, currency).ok_or_else(|| what(&line.amount))?;
            Ok(CompanyPaid { number: line.number.clone(), client: line.client.clone(), amount })
        };
        let month = |paid: &PaidMonth| {
            let month = Month::parse(&paid.month).ok_or_else(|| what(&paid.month))?;
            let lines = paid.lines.iter().map(line).collect::<Result<_, DeskError>>()?;
            Ok((Id::new(paid.affiliate.as_str()), month, lines))
        };
        self.what_was_paid.iter().map(month).collect()
    }
}

impl File {
    fn of(&self) -> FileOf {
        if self.kind == FileOf::Agreement.as_str() { FileOf::Agreement } else { FileOf::Logo }
    }

    fn read(&self, folder: &Path) -> Result<KeptFile, DeskError> {
        // A name and no path: nothing outside the folder is ever read.
        let path = folder.join("files").join(&self.file);
        if Path::new(&self.file).file_name() != Some(self.file.as_ref()) {
            return Err(unreadable(&path, "it is no name of a file"));
        }
        let bytes = read(&path, Incoming::Agreement)?;
        // The programme keeps a logo alone, whatever it is called.
        let is_picture = self.affiliate.is_none() || self.of() == FileOf::Logo;
        let problem = if is_picture { problem_of_picture(&bytes) } else { None };
        match problem {
            Some(problem) => Err(DeskError::new(Code::Refused, problem)),
            None => Ok(KeptFile { name: self.name.clone(), bytes }),
        }
    }
}

fn read(file: &Path, kind: Incoming) -> Result<Vec<u8>, DeskError> {
    // A link would lead out of the folder.
    let about = fs::symlink_metadata(file).map_err(|error| unreadable(file, &error.to_string()))?;
    if !about.is_file() {
        return Err(unreadable(file, "it is no file"));
    }
    read_file(file, kind)
}

fn unreadable(file: &Path, why: &str) -> DeskError {
    let message = format!(
        "\"{}\" could not be read: {why}. Choose a folder that an export of everything made.",
        book::name(file)
    );
    DeskError::new(Code::Refused, message)
}

/// Of a file's name, if no file system minds it.
fn plain_extension(name: &str) -> &str {
    let extension = Path::new(name).extension().and_then(|extension| extension.to_str()).unwrap_or("bin");
    let is_plain = extension.len() <= 8 && extension.chars().all(|c| c.is_ascii_alphanumeric());
    if is_plain { extension } else { "bin" }
}

/// Files' names from ids, each once: what a file system might not take, or takes for another, is told apart by its hash.
#[derive(Default)]
struct Names(HashSet<String>);

impl Names {
    fn name(&mut self, id: &str, extension: &str) -> String {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let plain: String = id.chars().map(|c| if is_plain(c) { c } else { '_' }).take(64).collect();
        let name = format!("{plain}.{extension}");
        if plain == id && self.0.insert(name.to_lowercase()) {
            return name;
        }
        format!("{plain}-{}.{extension}", &hex::encode(Sha256::digest(id))[..12])
    }
}
