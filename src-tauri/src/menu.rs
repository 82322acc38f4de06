//! The window's menu. An item tells the interface its id, and the interface does it: it knows all that can be done.
//!
//! Items have no accelerators: their keys are the interface's, which says them beside each action.

use tauri::menu::{Menu, MenuBuilder, MenuEvent, Submenu, SubmenuBuilder};
use tauri::{AppHandle, Emitter, Manager, Runtime};

/// The actions of `ui/src/shared/actions.ts`, by their ids there.
const PAGES: [(&str, &str); 13] = [
    ("go-overview", "Overview"),
    ("go-referrals", "Referrals"),
    ("go-quotes", "Quotes"),
    ("go-clients", "Clients"),
    ("go-invoices", "Invoices and payments"),
    ("go-billing", "Direct billing"),
    ("go-month", "Statements"),
    ("go-reconcile", "What was really paid"),
    ("go-forecast", "Forecast"),
    ("go-affiliates", "Affiliates"),
    ("go-terms", "Terms"),
    ("go-import", "Import and export"),
    ("go-backups", "Backups"),
];

/// WebKit's names of what is done with the text at the cursor.
const EDITING: [(&str, &str); 4] = [("Cut", "Cut"), ("Copy", "Copy"), ("Paste", "Paste"), ("SelectAll", "Select all")];

const QUIT: &str = "quit";

pub fn of<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<Menu<R>> {
    let menu = MenuBuilder::new(app);
    // A Mac gives the first menu the app's name, and looks for these in it.
    let menu = if cfg!(target_os = "macos") { menu.item(&of_mac(app)?) } else { menu };
    let pages =
        PAGES.iter().fold(SubmenuBuilder::new(app, "Go"), |menu, (id, words)| menu.text(*id, *words)).build()?;
    let help = SubmenuBuilder::new(app, "Help").text("help", "Keyboard").build()?;
    menu.items(&[&file(app)?, &edit(app)?, &pages, &help]).build()
}

fn of_mac<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<Submenu<R>> {
    let menu = SubmenuBuilder::new(app, "Refbook").about(None).separator();
    menu.hide().hide_others().show_all().separator().quit().build()
}

fn file<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<Submenu<R>> {
    let menu = SubmenuBuilder::new(app, "File")
        .text("register-referral", "Register a referral…")
        .text("quote", "Quote a payout")
        .text("enter-payments", "Enter payments…")
        .text("enter-invoice", "Enter an invoice…")
        .separator()
        .text("start-book", "Start a book…")
        .text("open-book", "Open a book…")
        .text("close-book", "Close the book")
        .separator()
        .text("go-import", "Import and export");
    // An item of our own: the library's is greyed out on Linux.
    if cfg!(target_os = "macos") { menu.build() } else { menu.separator().text(QUIT, "Quit Refbook").build() }
}

fn edit<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<Submenu<R>> {
    let menu = SubmenuBuilder::new(app, "Edit").text("undo", "Undo the last change").separator();
    // The library's do nothing on Linux, and are what a Mac hears Cmd+C by.
    if cfg!(target_os = "linux") {
        EDITING.iter().fold(menu, |menu, (id, words)| menu.text(*id, *words)).build()
    } else {
        menu.cut().copy().paste().select_all().build()
    }
}

/// Does what the system alone can do; what else was chosen, the interface is told.
#[expect(clippy::needless_pass_by_value, reason = "tauri hands an event by value")]
pub fn tell<R: Runtime>(app: &AppHandle<R>, event: MenuEvent) {
    let id = event.id().as_ref();
    if id == QUIT {
        app.webview_windows().values().for_each(|window| _ = window.close());
    } else if let Some((command, _)) = EDITING.iter().find(|(command, _)| *command == id) {
        edit_text(app, command);
    } else {
        let _ = app.emit("menu", id);
    }
}

#[cfg(target_os = "linux")]
fn edit_text<R: Runtime>(app: &AppHandle<R>, command: &'static str) {
    use webkit2gtk::WebViewExt;
    for window in app.webview_windows().values() {
        let _ = window.with_webview(move |view| view.inner().execute_editing_command(command));
    }
}

/// Elsewhere these items are the system's own, and never ask us.
#[cfg(not(target_os = "linux"))]
fn edit_text<R: Runtime>(_: &AppHandle<R>, _: &'static str) {}
