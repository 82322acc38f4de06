//! The table of contents: what the window can ask for. What is asked is done by the desk.

#![expect(clippy::needless_pass_by_value, reason = "tauri hands a command its arguments by value")]

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{Local, Utc};
use desk::sample::Sample;
use desk::views::{
    BookView, ImportView, MonthView, MonthsView, PreviewView, PrintedSoFar, SavedView, Start, StatementPage,
    VerifiedView, WhyView,
};
use desk::{Code, Desk, DeskError, Month, Now, OlderCopy, PageSize, Passphrase, Printing, Progress};
use tauri::ipc::Channel;
use tauri::{AppHandle, WebviewWindow};
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder};
use tempfile::TempDir;
use uuid::Uuid;

use crate::state::{Chosen, Open, State, aside, lock};

type Shared<'a> = tauri::State<'a, State>;
type Done<T = ()> = Result<T, DeskError>;

#[tauri::command]
pub fn start(state: Shared<'_>) -> Start {
    Start { locale: sys_locale::get_locale().unwrap_or_else(|| "en-US".to_owned()), book: state.view() }
}

/// Shows the window: it calls this with its first paint, so that nobody sees a blank one.
#[tauri::command]
pub fn show(window: WebviewWindow) {
    let _ = window.show();
}

#[tauri::command]
pub async fn look_around(state: Shared<'_>) -> Done<BookView> {
    state.put(sample).await
}

#[tauri::command]
pub async fn choose_book(app: AppHandle, state: Shared<'_>) -> Done<Option<String>> {
    let chosen = ask(&app, "Open a book", FileDialogBuilder::blocking_pick_folder).await?;
    let name = chosen.as_deref().map(book_name);
    *lock(&state.chosen_book) = chosen;
    Ok(name)
}

#[tauri::command]
pub async fn open_book(state: Shared<'_>, passphrase: String, accept_older: bool) -> Done<BookView> {
    let Some(folder) = lock(&state.chosen_book).clone() else {
        return Err(DeskError::new(Code::NoBook, "No book was chosen. Choose its folder first."));
    };
    let older = if accept_older { OlderCopy::Accept } else { OlderCopy::Refuse };
    state.put(move || Ok(opened(&folder, Desk::open(&folder, &secret(passphrase)?, older)?))).await
}

#[tauri::command]
pub async fn new_book(app: AppHandle, state: Shared<'_>, passphrase: String) -> Done<Option<BookView>> {
    let Some(folder) = ask(&app, "Where the new book goes", save_book).await? else { return Ok(None) };
    let folder = with_extension(folder, "refbook");
    state.put(move || Ok(opened(&folder, Desk::create(&folder, &secret(passphrase)?)?))).await.map(Some)
}

#[tauri::command]
pub async fn close_book(state: Shared<'_>) -> Done {
    let state = state.inner().clone();
    aside(move || {
        state.close();
        Ok(())
    })
    .await
}

#[tauri::command]
pub async fn months(state: Shared<'_>) -> Done<MonthsView> {
    state.run(|desk| desk.months(now().today)).await
}

#[tauri::command]
pub async fn month(state: Shared<'_>, month: String) -> Done<MonthView> {
    let month = parse(&month)?;
    state.run(move |desk| desk.month_view(month, now())).await
}

#[tauri::command]
pub async fn statement(state: Shared<'_>, month: String, affiliate: String) -> Done<StatementPage> {
    let month = parse(&month)?;
    state.run(move |desk| desk.statement_page(month, &affiliate)).await
}

#[tauri::command]
pub async fn why(state: Shared<'_>, invoice: String, month: String) -> Done<WhyView> {
    let month = parse(&month)?;
    state.run(move |desk| desk.why_view(&invoice, month)).await
}

#[tauri::command]
pub async fn close_month(state: Shared<'_>, month: String) -> Done {
    let month = parse(&month)?;
    state.run(move |desk| desk.close(month, now(), |_| true)).await
}

#[tauri::command]
pub async fn reopen_month(state: Shared<'_>, month: String, reason: String) -> Done {
    let month = parse(&month)?;
    state.run(move |desk| desk.reopen(month, &reason, now())).await
}

/// Saves a month's statements as PDFs in a folder that is asked for: all of them, or one affiliate's.
#[tauri::command]
pub async fn print_month(
    app: AppHandle,
    state: Shared<'_>,
    month: String,
    affiliate: Option<String>,
    letter: bool,
    progress: Channel<PrintedSoFar>,
) -> Done<Option<SavedView>> {
    let month = parse(&month)?;
    let Some(folder) = ask(&app, "Where the statements go", FileDialogBuilder::blocking_pick_folder).await? else {
        return Ok(None);
    };
    let cancelled = Arc::clone(&state.printing_cancelled);
    cancelled.store(false, Ordering::Relaxed);
    let size = if letter { PageSize::Letter } else { PageSize::A4 };
    let print = move |desk: &mut Desk| {
        let printing = Printing { month, affiliate: affiliate.as_deref(), folder: &folder, size };
        let (of, done) = (AtomicU32::new(0), AtomicU32::new(0));
        let printed = desk.print(&printing, |event| {
            match event {
                Progress::Begun(count) => of.store(u32::try_from(count).unwrap_or(u32::MAX), Ordering::Relaxed),
                Progress::Printed => _ = done.fetch_add(1, Ordering::Relaxed),
            }
            let _ = progress.send(PrintedSoFar { done: done.load(Ordering::Relaxed), of: of.load(Ordering::Relaxed) });
            !cancelled.load(Ordering::Relaxed)
        })?;
        Ok(Some(SavedView::of(&printed, file_name(&folder))))
    };
    state.run(print).await
}

#[tauri::command]
pub fn cancel_printing(state: Shared<'_>) {
    state.printing_cancelled.store(true, Ordering::Relaxed);
}

#[tauri::command]
pub async fn choose_import(app: AppHandle, state: Shared<'_>) -> Done<Option<PreviewView>> {
    let Some(path) = ask(&app, "A file to import", pick_json).await? else { return Ok(None) };
    let file = file_name(&path);
    let content = fs::read(&path)?;
    let (import, content) =
        state.run(move |desk| desk.preview(&content).map(|imported| (ImportView::from(imported), content))).await?;
    *lock(&state.chosen_import) = Some(Chosen { name: file.clone(), content });
    Ok(Some(PreviewView { file, import }))
}

#[tauri::command]
pub async fn import_chosen(state: Shared<'_>) -> Done<ImportView> {
    let Some(Chosen { name, content }) = lock(&state.chosen_import).take() else {
        return Err(DeskError::new(Code::Failed, "No file was chosen. Choose one first."));
    };
    state.run(move |desk| Ok(desk.import(&name, &content, now())?.into())).await
}

#[tauri::command]
pub async fn export_book(app: AppHandle, state: Shared<'_>) -> Done<Option<String>> {
    let Some(path) = ask(&app, "Export the whole book, readable by anyone", save_json).await? else { return Ok(None) };
    let path = with_extension(path, "json");
    let name = file_name(&path);
    state
        .run(move |desk| {
            fs::write(&path, desk.export()?)?;
            Ok(Some(name))
        })
        .await
}

#[tauri::command]
pub async fn verify_book(state: Shared<'_>) -> Done<VerifiedView> {
    state.run(|desk| Ok(desk.verify()?.into())).await
}

/// The small sample in a folder of its own, under a passphrase that nobody needs.
fn sample() -> Done<Open> {
    let place = TempDir::new()?;
    let passphrase = secret(Uuid::now_v7().to_string())?;
    let desk = Desk::sample(&place.path().join("Sample.refbook"), &passphrase, Sample::Small, |_| ())?;
    Ok(Open { desk, view: BookView { name: "Sample".to_owned(), sample: true }, _place: Some(place) })
}

fn secret(passphrase: String) -> Done<Passphrase> {
    Passphrase::new(passphrase).map_err(|error| DeskError::new(Code::WrongPassphrase, error.to_string()))
}

fn opened(folder: &Path, desk: Desk) -> Open {
    Open { desk, view: BookView { name: book_name(folder), sample: false }, _place: None }
}

type Dialog = FileDialogBuilder<tauri::Wry>;

/// Asks in a dialog of the system's; `None` if it was left.
async fn ask(
    app: &AppHandle,
    title: &str,
    ask: impl FnOnce(Dialog) -> Option<tauri_plugin_dialog::FilePath> + Send + 'static,
) -> Done<Option<PathBuf>> {
    let dialog = app.dialog().file().set_title(title);
    aside(move || {
        let path = ask(dialog).map(tauri_plugin_dialog::FilePath::into_path).transpose();
        path.map_err(|error| DeskError::new(Code::Failed, format!("That place can't be used: {error}.")))
    })
    .await
}

fn save_book(dialog: Dialog) -> Option<tauri_plugin_dialog::FilePath> {
    dialog.set_file_name("My book").blocking_save_file()
}

/// The path as it was typed, with the extension if it has another one or none.
fn with_extension(path: PathBuf, extension: &str) -> PathBuf {
    if path.extension().is_some_and(|typed| typed == extension) {
        return path;
    }
    let mut name = path.into_os_string();
    name.push(".");
    name.push(extension);
    name.into()
}

fn pick_json(dialog: Dialog) -> Option<tauri_plugin_dialog::FilePath> {
    dialog.add_filter("Refbook's exchange format", &["json"]).blocking_pick_file()
}

fn save_json(dialog: Dialog) -> Option<tauri_plugin_dialog::FilePath> {
    dialog.set_file_name("Book").blocking_save_file()
}

fn parse(month: &str) -> Done<Month> {
    Month::parse(month)
        .ok_or_else(|| DeskError::new(Code::Failed, format!("\"{month}\" is no month, such as \"2025-12\".")))
}

fn now() -> Now {
    Now { at: Utc::now(), today: Local::now().date_naive() }
}

fn book_name(folder: &Path) -> String {
    folder.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(OsStr::new("")).to_string_lossy().into_owned()
}
