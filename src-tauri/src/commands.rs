//! The table of contents: what the window can ask for. What is asked is done by the desk.

#![expect(clippy::needless_pass_by_value, reason = "tauri hands a command its arguments by value")]

use std::ffi::OsStr;
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Instant;

use chrono::{Local, Utc};
use desk::account::AccountView;
use desk::affiliates::{AffiliatePage, AffiliatesView};
use desk::backups::{BackupRow, BackupsView, Copied, RestorePreview, backups_of};
use desk::bank::{BankMapping, BankView};
use desk::begin::NewBook;
use desk::biller::{BillerView, Letterhead};
use desk::billing::{BillingAsked, BillingView};
use desk::bridge::BridgeView;
use desk::clients::{ClientPage, ClientsView};
use desk::cockpit::CockpitView;
use desk::contracts::ChangeEffect;
use desk::forecast::{ForecastAsked, ForecastView};
use desk::incoming::{Incoming, read_file};
use desk::invoices::{InvoicePage, InvoicesView, MatchedReceipt, TypedReceipt};
use desk::overview::Overview;
use desk::own::OwnEffect;
use desk::quotes::{
    AcceptanceView, QuotePage, QuoteSheet, QuoteView, QuotesView, WhatIfs, print_quote_without_book,
    quote_view_without_book,
};
use desk::reconcile::{ReconcileView, TypedPaid};
use desk::record::{CheckView, RecordedView};
use desk::referrals::ReferralsView;
use desk::search::{FoundView, ListQuery};
use desk::terms::TermsPage;
use desk::tries::Typed;
use desk::views::{
    BookView, ClosingSoFar, DoorView, ImportView, Locked, MonthName, MonthView, MonthsView, PreviewView, PrintedSoFar,
    SavedView, Start, StatementPage, VerifiedView, WhyView,
};
use desk::ways::{IssuedView, NewKey, NewKeyAsks, WayView};
use desk::{
    Code, Desk, DeskError, Month, Now, OlderCopy, PageSize, Passphrase, Patience, Printing, Progress, RecordKind,
    book_around,
};
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager, WebviewWindow};
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder};
use tauri_plugin_opener::OpenerExt;
use zeroize::Zeroizing;

use crate::backups::back_up as back_up_now;
use crate::driven::{self, mark};
use crate::idle::{self, Moment};
use crate::state::{Chosen, Open, State, aside, book_name, lock};
use crate::{last, locking, restores};

type Shared<'a> = tauri::State<'a, State>;
type Done<T = ()> = Result<T, DeskError>;
/// What is typed and nobody may read: wiped wherever it is left.
type Secret = Zeroizing<String>;

#[tauri::command]
pub async fn start(state: Shared<'_>) -> Done<Start> {
    let locale = sys_locale::get_locale().unwrap_or_else(|| "en-US".to_owned());
    Ok(Start { locale, book: state.view().await?, door: state.door() })
}

/// Shows the window: it calls this with its first paint, so that nobody sees a blank one.
#[tauri::command]
pub fn show(window: WebviewWindow, state: Shared<'_>) {
    let _ = window.show();
    state.shown.store(true, Ordering::Relaxed);
    mark("shown");
}

#[tauri::command]
pub async fn look_around(state: Shared<'_>) -> Done<BookView> {
    state.put(Open::sample).await
}

#[tauri::command]
pub async fn choose_book(app: AppHandle, state: Shared<'_>) -> Done<Option<DoorView>> {
    let chosen = ask(&app, "Open a book", FileDialogBuilder::blocking_pick_folder).await?;
    if chosen.is_none() {
        return Ok(None);
    }
    state.choose(chosen.map(|folder| book_around(&folder).to_owned()));
    Ok(state.door())
}

/// Opens the book at the door by its passphrase or its recovery code.
#[tauri::command]
pub async fn open_book(
    app: AppHandle,
    state: Shared<'_>,
    mut passphrase: Secret,
    accept_older: bool,
) -> Done<BookView> {
    let (folder, tries) = (state.at_the_door()?, Arc::clone(&state.tries));
    let open = move || {
        let typed = Typed::read(mem::take(&mut *passphrase))?;
        let desk = lock(&tries).open(&folder, &typed, of(accept_older), Instant::now)?;
        opened(&app, folder, desk)
    };
    state.put(open).await
}

/// Opens it by the key that the system's keychain keeps; one that was not asked for waits for no password.
#[tauri::command]
pub async fn open_by_keychain(app: AppHandle, state: Shared<'_>, asked: bool, accept_older: bool) -> Done<BookView> {
    let folder = state.at_the_door()?;
    let patience = if asked { Patience::Long } else { Patience::Short };
    let open = move || opened(&app, folder.clone(), Desk::open_by_keychain(&folder, of(accept_older), patience)?);
    state.put(open).await
}

/// How long the next try at the passphrase has to wait, in milliseconds.
#[tauri::command]
pub fn wait_at_door(state: Shared<'_>) -> u64 {
    let wait = state.chosen().map(|folder| lock(&state.tries).wait(&folder, Instant::now()));
    wait.map_or(0, |wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX))
}

#[tauri::command]
pub async fn new_book(app: AppHandle, state: Shared<'_>, passphrase: Secret, form: NewBook) -> Done<Option<BookView>> {
    let Some(folder) = ask(&app, "Where the new book goes", save_book).await? else { return Ok(None) };
    let folder = with_extension(folder, "refbook")?;
    let begin = move || opened(&app, folder.clone(), Desk::begin(&folder, &secret(passphrase)?, &form, now())?);
    state.put(begin).await.map(Some)
}

/// Closes the book; gives the door that leads to it again, if it has one.
#[tauri::command]
pub async fn close_book(state: Shared<'_>) -> Done<Option<DoorView>> {
    let state = state.inner().clone();
    aside(move || {
        state.close();
        Ok(state.door())
    })
    .await
}

/// Locks the book: the window begins anew without it.
#[tauri::command]
pub async fn lock_book(app: AppHandle, why: Locked) -> Done {
    aside(move || {
        locking::now(&app, why);
        Ok(())
    })
    .await
}

/// A hand was at the keys or the mouse.
#[tauri::command]
pub fn stirred(state: Shared<'_>) {
    lock(&state.idle).used(Moment::now());
}

/// After how many minutes without a hand the book is locked, or `never`.
#[tauri::command]
pub async fn lock_after(state: Shared<'_>) -> Done<String> {
    state.run(|desk| lock_choice(desk)).await
}

#[tauri::command]
pub async fn choose_lock_after(state: Shared<'_>, choice: String) -> Done {
    let idle = Arc::clone(&state.idle);
    state
        .run(move |desk| {
            desk.keep_unsaved(LOCK_AFTER, &choice)?;
            lock(&idle).begin(idle::after(&lock_choice(desk)?), Moment::now());
            Ok(())
        })
        .await
}

#[tauri::command]
pub async fn months(state: Shared<'_>) -> Done<MonthsView> {
    state.run(|desk| desk.months(now().today)).await
}

#[tauri::command]
pub async fn month(state: Shared<'_>, month: String, query: ListQuery) -> Done<MonthView> {
    let month = parse(&month)?;
    state.run(move |desk| desk.month_view(month, &query, now())).await
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

/// Closes the open months through this one; gives those that were closed.
#[tauri::command]
pub async fn close_through(state: Shared<'_>, month: String, progress: Channel<ClosingSoFar>) -> Done<Vec<MonthName>> {
    let month = parse(&month)?;
    let cancelled = Arc::clone(&state.closing_cancelled);
    cancelled.store(false, Ordering::Relaxed);
    let heard = move |so_far| {
        let _ = progress.send(so_far);
        !cancelled.load(Ordering::Relaxed)
    };
    state.run(move |desk| desk.close_through(month, now(), heard)).await
}

/// The month that is being closed is closed whole; those after it stay open.
#[tauri::command]
pub fn cancel_closing(state: Shared<'_>) {
    state.closing_cancelled.store(true, Ordering::Relaxed);
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
    let print = move |desk: &mut Desk| {
        let printing = Printing { month, affiliate: affiliate.as_deref(), folder: &folder, size: size(letter) };
        let printed = desk.print(&printing, hear(&progress, &cancelled))?;
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
    let content = read_file(&path, Incoming::Book)?;
    let (import, content) =
        state.run(move |desk| desk.preview(&content).map(|imported| (ImportView::from(imported), content))).await?;
    *lock(&state.chosen_import) = Some(Arc::new(Chosen { name: file.clone(), content, folder: None }));
    Ok(Some(PreviewView { file, import }))
}

/// Asks for the folder that an export of everything made, and says what taking it would change.
#[tauri::command]
pub async fn choose_everything(app: AppHandle, state: Shared<'_>) -> Done<Option<PreviewView>> {
    let Some(folder) = ask(&app, "An export of everything", FileDialogBuilder::blocking_pick_folder).await? else {
        return Ok(None);
    };
    let (file, from) = (file_name(&folder), folder.clone());
    let import = state.run(move |desk| desk.preview_everything(&from).map(ImportView::from)).await?;
    let chosen = Chosen { name: file.clone(), content: Vec::new(), folder: Some(folder) };
    *lock(&state.chosen_import) = Some(Arc::new(chosen));
    Ok(Some(PreviewView { file, import }))
}

#[tauri::command]
pub async fn import_chosen(state: Shared<'_>) -> Done<ImportView> {
    let Some(chosen) = lock(&state.chosen_import).clone() else {
        return Err(DeskError::new(Code::Failed, "No file was chosen. Choose one first."));
    };
    let import = move |desk: &mut Desk| match &chosen.folder {
        Some(folder) => Ok(desk.import_everything(folder, now())?.into()),
        None => Ok(desk.import(&chosen.name, &chosen.content, now())?.into()),
    };
    let imported = state.run(import).await?;
    // Kept until then: what failed, on a full disk say, can be tried again.
    lock(&state.chosen_import).take();
    Ok(imported)
}

#[tauri::command]
pub async fn export_book(app: AppHandle, state: Shared<'_>) -> Done<Option<String>> {
    let Some(path) = ask(&app, "Export the whole book, readable by anyone", save_json).await? else { return Ok(None) };
    let path = with_extension(path, "json")?;
    let name = file_name(&path);
    state.run(move |desk| desk.export_to(&path).map(|()| Some(name))).await
}

/// Writes everything in the book into a new folder, where it is asked for; gives the folder's name.
#[tauri::command]
pub async fn export_everything(app: AppHandle, state: Shared<'_>) -> Done<Option<String>> {
    let Some(folder) = ask(&app, "A folder for everything in the book", save_everything).await? else {
        return Ok(None);
    };
    let name = file_name(&folder);
    state.run(move |desk| desk.export_everything(&folder).map(|()| Some(name))).await
}

#[tauri::command]
pub async fn verify_book(state: Shared<'_>) -> Done<VerifiedView> {
    state.run(|desk| Ok(desk.verify()?.into())).await
}

#[tauri::command]
pub async fn record(state: Shared<'_>, words: String, document: String) -> Done<RecordedView> {
    state.run(move |desk| desk.record(&words, document.as_bytes(), now())).await
}

#[tauri::command]
pub async fn check(state: Shared<'_>, document: String) -> Done<CheckView> {
    state.run(move |desk| desk.check(document.as_bytes(), now())).await
}

#[tauri::command]
pub async fn record_of(state: Shared<'_>, kind: String, id: String) -> Done<serde_json::Value> {
    let kind = kind_of(&kind)?;
    state.run(move |desk| desk.record_of(kind, &id)).await
}

#[tauri::command]
pub async fn void_record(state: Shared<'_>, kind: String, id: String, reason: String) -> Done {
    let kind = kind_of(&kind)?;
    state.run(move |desk| desk.void(kind, &id, &reason, now())).await
}

#[tauri::command]
pub async fn undo_offered(state: Shared<'_>) -> Done<Option<String>> {
    state.run(|desk| desk.undo_offered()).await
}

#[tauri::command]
pub async fn undo(state: Shared<'_>) -> Done<String> {
    state.run(|desk| desk.undo(now())).await
}

#[tauri::command]
pub async fn search(state: Shared<'_>, text: String) -> Done<Vec<FoundView>> {
    state.run(move |desk| desk.search(&text)).await
}

#[tauri::command]
pub async fn overview(state: Shared<'_>) -> Done<Overview> {
    let overview = state.run(|desk| desk.overview(now())).await;
    mark("overview");
    overview
}

#[tauri::command]
pub async fn bridge(state: Shared<'_>, month: String, affiliate: Option<String>) -> Done<Option<BridgeView>> {
    let month = parse(&month)?;
    state.run(move |desk| desk.bridge(month, affiliate.as_deref())).await
}

#[tauri::command]
pub async fn clients(state: Shared<'_>, query: ListQuery) -> Done<ClientsView> {
    state.run(move |desk| desk.clients(&query, now())).await
}

#[tauri::command]
pub async fn client_page(state: Shared<'_>, id: String) -> Done<ClientPage> {
    state.run(move |desk| desk.client_page(&id, now())).await
}

#[tauri::command]
pub async fn write_note(state: Shared<'_>, client: String, text: String) -> Done {
    state.run(move |desk| desk.write_note(&client, &text, now())).await
}

#[tauri::command]
pub async fn referrals(state: Shared<'_>, query: ListQuery) -> Done<ReferralsView> {
    state.run(move |desk| desk.referrals(&query, now())).await
}

/// Saves the sealed receipt of a registration as a PDF, where it is asked for; gives its name.
#[tauri::command]
pub async fn save_receipt(app: AppHandle, state: Shared<'_>, referral: String, letter: bool) -> Done<Option<String>> {
    let Some(path) = ask(&app, "Where the receipt goes", |dialog| save_pdf(dialog, "receipt.pdf")).await? else {
        return Ok(None);
    };
    let path = with_extension(path, "pdf")?;
    let name = file_name(&path);
    state.run(move |desk| desk.print_receipt(&referral, &path, size(letter)).map(|()| Some(name))).await
}

#[tauri::command]
pub async fn change_effect(state: Shared<'_>, document: String) -> Done<ChangeEffect> {
    state.run(move |desk| desk.change_effect(document.as_bytes())).await
}

#[tauri::command]
pub async fn invoices(state: Shared<'_>, query: ListQuery) -> Done<InvoicesView> {
    state.run(move |desk| desk.invoices(&query, now())).await
}

#[tauri::command]
pub async fn invoice_page(state: Shared<'_>, id: String) -> Done<InvoicePage> {
    state.run(move |desk| desk.invoice_page(&id, now())).await
}

#[tauri::command]
pub async fn match_receipts(state: Shared<'_>, receipts: Vec<TypedReceipt>) -> Done<Vec<MatchedReceipt>> {
    state.run(move |desk| desk.match_receipts(&receipts, now())).await
}

#[tauri::command]
pub async fn affiliates(state: Shared<'_>, query: ListQuery) -> Done<AffiliatesView> {
    state.run(move |desk| desk.affiliates(&query, now())).await
}

#[tauri::command]
pub async fn affiliate_page(state: Shared<'_>, id: String) -> Done<AffiliatePage> {
    state.run(move |desk| desk.affiliate_page(&id, now())).await
}

#[tauri::command]
pub async fn terms_page(state: Shared<'_>) -> Done<TermsPage> {
    state.run(|desk| desk.terms_page(now())).await
}

/// Asks for a picture and keeps it as the programme's logo; `false` if none was chosen.
#[tauri::command]
pub async fn choose_logo(app: AppHandle, state: Shared<'_>) -> Done<bool> {
    let Some(path) = ask(&app, "A logo for the paper", pick_png).await? else { return Ok(false) };
    let png = read_file(&path, Incoming::Picture)?;
    state.run(move |desk| desk.set_logo(Some(&png), now()).map(|()| true)).await
}

#[tauri::command]
pub async fn remove_logo(state: Shared<'_>) -> Done {
    state.run(|desk| desk.set_logo(None, now())).await
}

/// What an affiliate that bills its clients itself has before it.
#[tauri::command]
pub async fn cockpit(state: Shared<'_>, affiliate: String) -> Done<CockpitView> {
    state.run(move |desk| desk.cockpit(&affiliate, now())).await
}

/// A client's account with the affiliate that bills it.
#[tauri::command]
pub async fn account(state: Shared<'_>, affiliate: String, client: String) -> Done<AccountView> {
    state.run(move |desk| desk.account(&affiliate, &client, now())).await
}

/// Sets what was paid too much on one invoice against another.
#[tauri::command]
pub async fn set_credit(state: Shared<'_>, from: String, against: String) -> Done<RecordedView> {
    state.run(move |desk| desk.set_credit(&from, &against, now())).await
}

/// Saves a client's statement of account as a PDF, where it is asked for; gives its name.
#[tauri::command]
pub async fn print_account(
    app: AppHandle,
    state: Shared<'_>,
    affiliate: String,
    client: String,
    letter: bool,
) -> Done<Option<String>> {
    let Some(path) = ask(&app, "Where the statement of account goes", |dialog| save_pdf(dialog, "account.pdf")).await?
    else {
        return Ok(None);
    };
    let path = with_extension(path, "pdf")?;
    let name = file_name(&path);
    state.run(move |desk| desk.print_account(&affiliate, &client, &path, size(letter), now())).await?;
    Ok(Some(name))
}

/// Saves a reminder as an e-mail draft, and hands it to the mail program; gives its name.
#[tauri::command]
pub async fn draft_reminder(
    app: AppHandle,
    state: Shared<'_>,
    affiliate: String,
    client: String,
    letter: bool,
) -> Done<Option<String>> {
    let Some(path) = ask(&app, "Where the e-mail draft goes", save_eml).await? else { return Ok(None) };
    let path = with_extension(path, "eml")?;
    let name = file_name(&path);
    let draft = path.clone();
    state.run(move |desk| desk.remind(&affiliate, &client, &draft, size(letter), now())).await?;
    let _ = app.opener().open_path(path.to_string_lossy(), None::<&str>);
    Ok(Some(name))
}

/// Asks for a bank's file and reads it as it looks, or as such a file was read before.
#[tauri::command]
pub async fn choose_bank(app: AppHandle, state: Shared<'_>) -> Done<Option<BankView>> {
    let Some(path) = ask(&app, "A bank's file", pick_bank).await? else { return Ok(None) };
    let chosen = Arc::new(Chosen { name: file_name(&path), content: read_file(&path, Incoming::Table)?, folder: None });
    *lock(&state.chosen_bank) = Some(Arc::clone(&chosen));
    state.run(move |desk| desk.bank(&chosen.content, None).map(Some)).await
}

/// Reads the chosen file in another way; `keep` remembers it for such files.
#[tauri::command]
pub async fn read_bank(state: Shared<'_>, mapping: BankMapping, keep: bool) -> Done<BankView> {
    let Some(chosen) = lock(&state.chosen_bank).clone() else {
        return Err(DeskError::new(Code::Failed, "No file was chosen. Choose one first."));
    };
    let read = move |desk: &mut Desk| {
        if keep {
            desk.keep_bank_mapping(&chosen.content, mapping.clone())?;
        }
        desk.bank(&chosen.content, Some(mapping))
    };
    state.run(read).await
}

/// A month's statement beside what the company says that it paid.
#[tauri::command]
pub async fn reconcile(state: Shared<'_>, affiliate: String, month: String) -> Done<ReconcileView> {
    let month = parse(&month)?;
    state.run(move |desk| desk.reconcile(&affiliate, month)).await
}

#[tauri::command]
pub async fn set_paid(state: Shared<'_>, affiliate: String, month: String, paid: Vec<TypedPaid>) -> Done {
    let month = parse(&month)?;
    state.run(move |desk| desk.set_paid(&affiliate, month, &paid, now())).await
}

/// Asks for the company's statement and keeps what it says; whether one was chosen.
#[tauri::command]
pub async fn import_paid(app: AppHandle, state: Shared<'_>, affiliate: String, month: String) -> Done<bool> {
    let month = parse(&month)?;
    let Some(path) = ask(&app, "The company's statement", pick_company).await? else { return Ok(false) };
    let bytes = read_file(&path, Incoming::Table)?;
    state.run(move |desk| desk.import_paid(&affiliate, month, &bytes, now()).map(|()| true)).await
}

/// Saves the claim for what is missing as a PDF, where it is asked for; gives its name.
#[tauri::command]
pub async fn print_claim(
    app: AppHandle,
    state: Shared<'_>,
    affiliate: String,
    month: String,
    letter: bool,
) -> Done<Option<String>> {
    let month = parse(&month)?;
    let Some(path) = ask(&app, "Where the claim goes", |dialog| save_pdf(dialog, "claim.pdf")).await? else {
        return Ok(None);
    };
    let path = with_extension(path, "pdf")?;
    let name = file_name(&path);
    state.run(move |desk| desk.print_claim(&affiliate, month, &path, size(letter), now())).await?;
    Ok(Some(name))
}

/// The invoices that would be made.
#[tauri::command]
pub async fn billing(state: Shared<'_>, asked: BillingAsked) -> Done<BillingView> {
    state.run(move |desk| desk.billing(&asked)).await
}

#[tauri::command]
pub async fn bill(state: Shared<'_>, asked: BillingAsked) -> Done<RecordedView> {
    state.run(move |desk| desk.bill(&asked, now())).await
}

#[tauri::command]
pub async fn own_effect(state: Shared<'_>, document: String) -> Done<OwnEffect> {
    state.run(move |desk| desk.own_effect(document.as_bytes(), now())).await
}

/// Saves an affiliate's own invoices as PDFs in a folder that is asked for.
#[tauri::command]
pub async fn print_invoices(
    app: AppHandle,
    state: Shared<'_>,
    affiliate: String,
    invoices: Vec<String>,
    letter: bool,
    progress: Channel<PrintedSoFar>,
) -> Done<Option<SavedView>> {
    let Some(folder) = ask(&app, "Where the invoices go", FileDialogBuilder::blocking_pick_folder).await? else {
        return Ok(None);
    };
    let cancelled = Arc::clone(&state.printing_cancelled);
    cancelled.store(false, Ordering::Relaxed);
    let print = move |desk: &mut Desk| {
        let heard = hear(&progress, &cancelled);
        let files = desk.print_invoices(&affiliate, &invoices, &folder, size(letter), now(), heard)?;
        let count = u32::try_from(files.len()).unwrap_or(u32::MAX);
        Ok(Some(SavedView { count, folder: file_name(&folder), warnings: 0 }))
    };
    state.run(print).await
}

/// Tells the window how a printing goes, and whether it goes on.
fn hear<'a>(progress: &'a Channel<PrintedSoFar>, cancelled: &'a AtomicBool) -> impl Fn(Progress) -> bool + Sync + 'a {
    let (of, done) = (AtomicU32::new(0), AtomicU32::new(0));
    move |event| {
        match event {
            Progress::Begun(count) => of.store(u32::try_from(count).unwrap_or(u32::MAX), Ordering::Relaxed),
            Progress::Printed => _ = done.fetch_add(1, Ordering::Relaxed),
        }
        let _ = progress.send(PrintedSoFar { done: done.load(Ordering::Relaxed), of: of.load(Ordering::Relaxed) });
        !cancelled.load(Ordering::Relaxed)
    }
}

#[tauri::command]
pub async fn biller(state: Shared<'_>, affiliate: String) -> Done<BillerView> {
    state.run(move |desk| desk.biller(&affiliate)).await
}

#[tauri::command]
pub async fn set_letterhead(state: Shared<'_>, affiliate: String, letterhead: Letterhead) -> Done {
    state.run(move |desk| desk.set_letterhead(&affiliate, &letterhead, now())).await
}

/// Asks for a picture and keeps it for the affiliate's own invoices; `false` if none was chosen.
#[tauri::command]
pub async fn choose_biller_logo(app: AppHandle, state: Shared<'_>, affiliate: String) -> Done<bool> {
    let Some(path) = ask(&app, "A logo for your invoices", pick_png).await? else { return Ok(false) };
    let png = read_file(&path, Incoming::Picture)?;
    state.run(move |desk| desk.set_biller_logo(&affiliate, Some(&png), now()).map(|()| true)).await
}

#[tauri::command]
pub async fn remove_biller_logo(state: Shared<'_>, affiliate: String) -> Done {
    state.run(move |desk| desk.set_biller_logo(&affiliate, None, now())).await
}

/// Asks for the signed agreement and keeps it in the book; `false` if none was chosen.
#[tauri::command]
pub async fn choose_agreement(app: AppHandle, state: Shared<'_>, affiliate: String) -> Done<bool> {
    let Some(path) = ask(&app, "The signed agreement", FileDialogBuilder::blocking_pick_file).await? else {
        return Ok(false);
    };
    let (name, bytes) = (file_name(&path), read_file(&path, Incoming::Agreement)?);
    state.run(move |desk| desk.set_agreement(&affiliate, Some((&name, &bytes)), now()).map(|()| true)).await
}

#[tauri::command]
pub async fn remove_agreement(state: Shared<'_>, affiliate: String) -> Done {
    state.run(move |desk| desk.set_agreement(&affiliate, None, now())).await
}

/// Writes the agreement out of the book, where it is asked for; gives the file's name.
#[tauri::command]
pub async fn save_agreement(app: AppHandle, state: Shared<'_>, affiliate: String) -> Done<Option<String>> {
    let Some(path) = ask(&app, "Where the agreement goes", FileDialogBuilder::blocking_save_file).await? else {
        return Ok(None);
    };
    let name = file_name(&path);
    state.run(move |desk| desk.save_agreement(&affiliate, &path).map(|()| Some(name))).await
}

/// What a quote comes to: under the open book's terms, or under those that the programme publishes.
#[tauri::command]
pub async fn quote_view(state: Shared<'_>, document: String, what_ifs: WhatIfs) -> Done<QuoteView> {
    let view = move |desk: Option<&mut Desk>| match desk {
        Some(desk) => desk.quote_view(document.as_bytes(), &what_ifs, now()),
        None => Ok(quote_view_without_book(document.as_bytes(), &what_ifs)),
    };
    state.with_or_without(view).await
}

#[tauri::command]
pub async fn quotes(state: Shared<'_>) -> Done<QuotesView> {
    state.run(|desk| desk.quotes(now())).await
}

#[tauri::command]
pub async fn quote_page(state: Shared<'_>, id: String) -> Done<QuotePage> {
    state.run(move |desk| desk.quote_page(&id, now())).await
}

/// Prints a quote where it is asked for, for the prospect or for whoever refers it; gives the file's name.
#[tauri::command]
pub async fn print_quote(
    app: AppHandle,
    state: Shared<'_>,
    document: String,
    what_ifs: WhatIfs,
    prospect: bool,
    letter: bool,
) -> Done<Option<String>> {
    // Named as `refbook quote --pdf` names them.
    let (title, named, sheet) = if prospect {
        ("Where the solution quote goes", "solution.pdf", QuoteSheet::Solution)
    } else {
        ("Where the payout sheet goes", "payout.pdf", QuoteSheet::Payout)
    };
    let Some(path) = ask(&app, title, |dialog| save_pdf(dialog, named)).await? else { return Ok(None) };
    let path = with_extension(path, "pdf")?;
    let name = file_name(&path);
    let print = move |desk: Option<&mut Desk>| match desk {
        Some(desk) => desk.print_quote(document.as_bytes(), &what_ifs, sheet, &path, size(letter)),
        None => print_quote_without_book(document.as_bytes(), &what_ifs, sheet, &path, size(letter)),
    };
    state.with_or_without(print).await?;
    Ok(Some(name))
}

/// The whole book's months to come; none of an empty book, or where it was stopped.
#[tauri::command]
pub async fn forecast(
    state: Shared<'_>,
    asked: ForecastAsked,
    progress: Channel<PrintedSoFar>,
) -> Done<Option<ForecastView>> {
    let cancelled = Arc::clone(&state.forecast_cancelled);
    cancelled.store(false, Ordering::Relaxed);
    let heard = move |done, of| {
        let _ = progress.send(PrintedSoFar { done, of });
        !cancelled.load(Ordering::Relaxed)
    };
    state.run(move |desk| desk.forecast(&asked, now(), heard)).await
}

#[tauri::command]
pub fn cancel_forecast(state: Shared<'_>) {
    state.forecast_cancelled.store(true, Ordering::Relaxed);
}

/// What accepting a quote would record; of `another` company than a client of the book that is called so.
#[tauri::command]
pub async fn acceptance(state: Shared<'_>, id: String, another: bool) -> Done<AcceptanceView> {
    state.run(move |desk| desk.acceptance(&id, another, now())).await
}

/// How the backups stand: of the open book, which works on meanwhile, or of the one that was chosen and does not open.
#[tauri::command]
pub async fn backups(state: Shared<'_>) -> Done<BackupsView> {
    let look = state.with_or_without(|desk| desk.map(|desk| desk.look_at_backups()).transpose()).await?;
    if let Some(look) = look {
        return aside(move || Ok(look())).await;
    }
    let folder = state.at_the_door()?;
    aside(move || Ok(backups_of(&folder))).await
}

#[tauri::command]
pub async fn back_up(state: Shared<'_>, progress: Channel<PrintedSoFar>) -> Done<BackupRow> {
    let state = state.inner().clone();
    let heard = move |copied: Copied| _ = progress.send(PrintedSoFar { done: copied.done, of: copied.of });
    aside(move || back_up_now(&state, false, heard)).await
}

#[tauri::command]
pub fn cancel_backup(state: Shared<'_>) {
    state.backups.stop();
}

/// Asks for the folder that backups go to from now on; `false` if none was chosen.
#[tauri::command]
pub async fn choose_backup_folder(app: AppHandle, state: Shared<'_>) -> Done<bool> {
    let Some(folder) = ask(&app, "Where backups go", FileDialogBuilder::blocking_pick_folder).await? else {
        return Ok(false);
    };
    state.run(move |desk| desk.choose_backup_folder(Some(&folder)).map(|()| true)).await
}

#[tauri::command]
pub async fn use_own_backup_folder(state: Shared<'_>) -> Done {
    state.run(|desk| desk.choose_backup_folder(None)).await
}

/// Asks for a backup that is in no list: on a disk from elsewhere; gives its name.
#[tauri::command]
pub async fn choose_backup(app: AppHandle, state: Shared<'_>) -> Done<Option<String>> {
    let chosen = ask(&app, "A backup's folder", FileDialogBuilder::blocking_pick_folder).await?;
    let name = chosen.as_deref().map(file_name);
    *lock(&state.chosen_backup) = chosen;
    Ok(name)
}

/// What putting a backup in the book's place would change; without an id, the backup that was chosen. What is typed, a
/// passphrase or a recovery code, opens the backup where the open book's key does not.
#[tauri::command]
pub async fn preview_restore(state: Shared<'_>, id: Option<String>, typed: Secret) -> Done<RestorePreview> {
    let (which, state) = (restores::which(&state, id)?, state.inner().clone());
    aside(move || restores::preview(&state, which, way_typed(typed)?.as_ref())).await
}

/// Closes the book, if it is open, and puts a backup in its place; gives the book's name, to be opened next. A backup
/// that is refused leaves the book open.
#[tauri::command]
pub async fn restore(state: Shared<'_>, id: Option<String>, typed: Secret) -> Done<String> {
    let (which, state) = (restores::which(&state, id)?, state.inner().clone());
    aside(move || restores::restore(&state, which, way_typed(typed)?.as_ref()).map(|folder| book_name(&folder))).await
}

fn way_typed(mut typed: Secret) -> Done<Option<Typed>> {
    if typed.is_empty() { Ok(None) } else { Typed::read(mem::take(&mut *typed)).map(Some) }
}

fn optional(passphrase: Secret) -> Done<Option<Passphrase>> {
    if passphrase.is_empty() { Ok(None) } else { secret(passphrase).map(Some) }
}

#[tauri::command]
pub async fn ways_in(state: Shared<'_>) -> Done<Vec<WayView>> {
    state.run(|desk| desk.ways_in()).await
}

#[tauri::command]
pub async fn add_passphrase(state: Shared<'_>, passphrase: Secret) -> Done<WayView> {
    state.run(move |desk| desk.add_passphrase(&secret(passphrase)?, now())).await
}

/// The book itself is not rewritten.
#[tauri::command]
pub async fn change_passphrase(state: Shared<'_>, id: u32, passphrase: Secret) -> Done {
    state.run(move |desk| desk.change_passphrase(Some(id), &secret(passphrase)?, now())).await
}

/// Makes a recovery code, to be shown this once. It opens nothing until it is typed back.
#[tauri::command]
pub async fn issue_recovery_code(state: Shared<'_>) -> Done<IssuedView> {
    state.run(|desk| desk.issue_recovery_code()).await
}

/// Saves the sheet of the code that was issued as a PDF, where it is asked for; gives its name.
#[tauri::command]
pub async fn print_recovery_sheet(app: AppHandle, state: Shared<'_>, letter: bool) -> Done<Option<String>> {
    let Some(path) = ask(&app, "Where the recovery sheet goes", |dialog| save_pdf(dialog, "recovery.pdf")).await?
    else {
        return Ok(None);
    };
    let path = with_extension(path, "pdf")?;
    let name = file_name(&path);
    state.run(move |desk| desk.print_recovery_sheet(&path, size(letter), now()).map(|()| Some(name))).await
}

#[tauri::command]
pub async fn confirm_recovery_code(state: Shared<'_>, typed: Secret) -> Done<WayView> {
    state.run(move |desk| desk.confirm_recovery_code(&typed, now())).await
}

#[tauri::command]
pub async fn forget_recovery_code(state: Shared<'_>) -> Done {
    state
        .run(|desk| {
            desk.forget_recovery_code();
            Ok(())
        })
        .await
}

#[tauri::command]
pub async fn add_keychain(state: Shared<'_>) -> Done<WayView> {
    state.run(|desk| desk.add_keychain(now())).await
}

/// Removes a way in; gives words for what the keychain would not let go of, if anything.
#[tauri::command]
pub async fn remove_way_in(state: Shared<'_>, id: u32) -> Done<Option<String>> {
    state.run(move |desk| desk.remove_way_in(id)).await
}

#[tauri::command]
pub async fn new_key_asks(state: Shared<'_>) -> Done<NewKeyAsks> {
    state.run(|desk| desk.new_key_asks()).await
}

/// Writes the book anew under a new key.
#[tauri::command]
pub async fn new_key(state: Shared<'_>, passphrase: Secret, recovery_code: Secret) -> Done {
    let renew = move |desk: &mut Desk| {
        let passphrase = optional(passphrase)?;
        desk.new_key(NewKey { passphrase: passphrase.as_ref(), recovery_code: Some(&recovery_code) }, now())
    };
    state.run(renew).await
}

#[tauri::command]
pub async fn keep_unsaved(state: Shared<'_>, form: String, text: String) -> Done {
    state.run(move |desk| desk.keep_unsaved(&form, &text)).await
}

#[tauri::command]
pub async fn unsaved(state: Shared<'_>, form: String) -> Done<Option<String>> {
    state.run(move |desk| desk.unsaved(&form)).await
}

/// Saves a statement as a draft of a letter with the PDF attached, where it is asked for, and opens it in the user's
/// mail program, if there is one; gives the file's name.
#[tauri::command]
pub async fn draft_letter(
    app: AppHandle,
    state: Shared<'_>,
    month: String,
    affiliate: String,
    letter: bool,
) -> Done<Option<String>> {
    let month = parse(&month)?;
    let Some(path) = ask(&app, "Where the e-mail draft goes", save_eml).await? else { return Ok(None) };
    let path = with_extension(path, "eml")?;
    let name = file_name(&path);
    let draft = path.clone();
    state.run(move |desk| desk.letter_to(&draft, month, &affiliate, size(letter))).await?;
    let _ = app.opener().open_path(path.to_string_lossy(), None::<&str>);
    Ok(Some(name))
}

fn of(accept_older: bool) -> OlderCopy {
    if accept_older { OlderCopy::Accept } else { OlderCopy::Refuse }
}

fn secret(mut passphrase: Secret) -> Done<Passphrase> {
    Passphrase::new(mem::take(&mut *passphrase))
        .map_err(|error| DeskError::new(Code::WrongPassphrase, error.to_string()))
}

fn opened(app: &AppHandle, folder: PathBuf, desk: Desk) -> Done<Open> {
    let view = BookView { name: book_name(&folder), sample: false, own: desk.own_affiliate()? };
    let after = driven::seconds("REFBOOK_LOCK_AFTER").or(idle::after(&lock_choice(&desk)?));
    lock(&app.state::<State>().idle).begin(after, Moment::now());
    last::remember(app, &folder);
    Ok(Open { desk, view, folder: Some(folder) })
}

/// Kept in the book beside the window's other preferences.
const LOCK_AFTER: &str = "preference: lock after";

fn lock_choice(desk: &Desk) -> Done<String> {
    Ok(idle::choice(desk.unsaved(LOCK_AFTER)?.as_deref()).to_owned())
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

/// The path as it was typed, with the extension if it has another one or none. Refused where that is another file's: the
/// system's dialog asked of the name without it.
fn with_extension(path: PathBuf, extension: &str) -> Result<PathBuf, DeskError> {
    if path.extension().is_some_and(|typed| typed == extension) {
        return Ok(path);
    }
    let mut name = path.into_os_string();
    name.push(".");
    name.push(extension);
    let path = PathBuf::from(name);
    if path.exists() {
        let message = format!("\"{}\" is there already. Choose another name.", file_name(&path));
        return Err(DeskError::new(Code::Exists, message));
    }
    Ok(path)
}

fn pick_json(dialog: Dialog) -> Option<tauri_plugin_dialog::FilePath> {
    dialog.add_filter("Refbook's exchange format", &["json"]).blocking_pick_file()
}

fn pick_bank(dialog: Dialog) -> Option<tauri_plugin_dialog::FilePath> {
    dialog.add_filter("OFX or CSV", &["ofx", "qfx", "csv", "txt"]).blocking_pick_file()
}

fn pick_company(dialog: Dialog) -> Option<tauri_plugin_dialog::FilePath> {
    dialog.add_filter("CSV, or a sealed statement", &["csv", "json"]).blocking_pick_file()
}

fn save_json(dialog: Dialog) -> Option<tauri_plugin_dialog::FilePath> {
    dialog.set_file_name("Book.json").blocking_save_file()
}

fn save_everything(dialog: Dialog) -> Option<tauri_plugin_dialog::FilePath> {
    dialog.set_file_name("Everything").blocking_save_file()
}

/// The name has its extension: the system's dialog then asks before it replaces a file.
fn save_pdf(dialog: Dialog, name: &str) -> Option<tauri_plugin_dialog::FilePath> {
    dialog.set_file_name(name).blocking_save_file()
}

fn save_eml(dialog: Dialog) -> Option<tauri_plugin_dialog::FilePath> {
    dialog.set_file_name("Statement.eml").blocking_save_file()
}

fn pick_png(dialog: Dialog) -> Option<tauri_plugin_dialog::FilePath> {
    dialog.add_filter("PNG", &["png"]).blocking_pick_file()
}

fn size(letter: bool) -> PageSize {
    if letter { PageSize::Letter } else { PageSize::A4 }
}

fn kind_of(kind: &str) -> Done<RecordKind> {
    RecordKind::parse(kind).ok_or_else(|| DeskError::new(Code::Failed, format!("\"{kind}\" is no kind of record.")))
}

fn parse(month: &str) -> Done<Month> {
    Month::parse(month)
        .ok_or_else(|| DeskError::new(Code::Failed, format!("\"{month}\" is no month, such as \"2025-12\".")))
}

pub fn now() -> Now {
    Now { at: Utc::now(), today: Local::now().date_naive() }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(OsStr::new("")).to_string_lossy().into_owned()
}
