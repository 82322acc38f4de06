//! The window's menu. An item tells the interface its id, and the interface does it: it knows all that can be done.
//!
//! Items have no accelerators: their keys are the interface's, which says them beside each action.

use tauri::menu::{Menu, MenuBuilder, MenuEvent, SubmenuBuilder};
use tauri::{AppHandle, Emitter, Runtime};

/// The actions of `ui/src/shared/actions.ts`, by their ids there.
const PAGES: [(&str, &str); 8] = [
    ("go-overview", "Overview"),
    ("go-referrals", "Referrals"),
    ("go-clients", "Clients"),
    ("go-invoices", "Invoices and payments"),
    ("go-month", "Statements"),
    ("go-affiliates", "Affiliates"),
    ("go-terms", "Terms"),
    ("go-import", "Import and export"),
];

pub fn of<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<Menu<R>> {
    let file = SubmenuBuilder::new(app, "File")
        .text("register-referral", "Register a referral…")
        .text("enter-payments", "Enter payments…")
        .text("enter-invoice", "Enter an invoice…")
        .separator()
        .text("go-import", "Import and export")
        .text("close-book", "Close the book")
        .separator()
        .quit_with_text("Quit Refbook")
        .build()?;
    let edit = SubmenuBuilder::new(app, "Edit")
        .text("undo", "Undo the last change")
        .separator()
        .cut()
        .copy()
        .paste()
        .select_all()
        .build()?;
    let pages =
        PAGES.iter().fold(SubmenuBuilder::new(app, "Go"), |menu, (id, words)| menu.text(*id, *words)).build()?;
    let help = SubmenuBuilder::new(app, "Help").text("help", "Keyboard").build()?;
    MenuBuilder::new(app).items(&[&file, &edit, &pages, &help]).build()
}

/// Tells the interface what was chosen.
#[expect(clippy::needless_pass_by_value, reason = "tauri hands an event by value")]
pub fn tell<R: Runtime>(app: &AppHandle<R>, event: MenuEvent) {
    let _ = app.emit("menu", event.id().as_ref());
}
