//! The window: a shell over the desk. It starts, holds the open book, and asks where files are; it decides nothing.

// No console beside the window on Windows.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod arguments;
mod backups;
mod commands;
mod menu;
mod state;

use std::process::ExitCode;

use arguments::Arguments;
use state::{Open, State};
use tauri::{App, AppHandle, Manager};
use tauri_plugin_window_state::StateFlags;

#[expect(clippy::too_many_lines, reason = "a list of what the window may call")]
fn main() -> ExitCode {
    desk::secrecy::no_core_dump();
    let Arguments { sample } = match Arguments::read(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(words) => {
            eprintln!("{words}");
            return ExitCode::from(2);
        }
    };
    // Made while the window is: whoever is quicker waits.
    let state = if sample { State::opening(Open::sample) } else { State::default() };
    let built = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|app, _, _| focus(app)))
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        // Where it was and how large; not whether it was seen: it shows itself with its first paint.
        .plugin(tauri_plugin_window_state::Builder::new().with_state_flags(remembered()).build())
        .menu(menu::of)
        .on_menu_event(menu::tell)
        .manage(state.clone())
        .setup(move |app| {
            backups::keep(state);
            Ok(paint_without_graphics_card(app)?)
        })
        .invoke_handler(tauri::generate_handler![
            commands::start,
            commands::show,
            commands::look_around,
            commands::choose_book,
            commands::open_book,
            commands::new_book,
            commands::close_book,
            commands::months,
            commands::month,
            commands::statement,
            commands::why,
            commands::close_month,
            commands::reopen_month,
            commands::print_month,
            commands::cancel_printing,
            commands::choose_import,
            commands::choose_everything,
            commands::import_chosen,
            commands::export_book,
            commands::export_everything,
            commands::verify_book,
            commands::record,
            commands::check,
            commands::record_of,
            commands::void_record,
            commands::undo_offered,
            commands::undo,
            commands::search,
            commands::overview,
            commands::bridge,
            commands::clients,
            commands::client_page,
            commands::write_note,
            commands::referrals,
            commands::save_receipt,
            commands::change_effect,
            commands::invoices,
            commands::invoice_page,
            commands::match_receipts,
            commands::affiliates,
            commands::affiliate_page,
            commands::terms_page,
            commands::choose_logo,
            commands::remove_logo,
            commands::quote_view,
            commands::quotes,
            commands::quote_page,
            commands::acceptance,
            commands::forecast,
            commands::cancel_forecast,
            commands::print_quote,
            commands::cockpit,
            commands::billing,
            commands::bill,
            commands::print_invoices,
            commands::biller,
            commands::set_letterhead,
            commands::choose_biller_logo,
            commands::remove_biller_logo,
            commands::choose_agreement,
            commands::remove_agreement,
            commands::save_agreement,
            commands::account,
            commands::set_credit,
            commands::print_account,
            commands::draft_reminder,
            commands::choose_bank,
            commands::read_bank,
            commands::reconcile,
            commands::set_paid,
            commands::import_paid,
            commands::print_claim,
            commands::backups,
            commands::back_up,
            commands::cancel_backup,
            commands::choose_backup_folder,
            commands::use_own_backup_folder,
            commands::choose_backup,
            commands::preview_restore,
            commands::restore,
            commands::keep_unsaved,
            commands::unsaved,
            commands::draft_letter,
        ])
        .run(tauri::generate_context!());
    match built {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Refbook's window could not be opened: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Forms and tables need none, and what drives it is a fifth of such a window's memory and a third of its start.
/// Linux alone has it as a choice.
#[cfg(target_os = "linux")]
fn paint_without_graphics_card(app: &App) -> tauri::Result<()> {
    use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt, WebViewExt};
    let off = |view: tauri::webview::PlatformWebview| {
        if let Some(settings) = WebViewExt::settings(&view.inner()) {
            settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
        }
    };
    if is_photographed() {
        return Ok(());
    }
    app.webview_windows().values().try_for_each(|window| window.with_webview(off))
}

/// WebKit's driver takes its pictures from the card's side only, and waits for ever where there is none. When it measures
/// how quick the window is, it takes none.
#[cfg(target_os = "linux")]
fn is_photographed() -> bool {
    let is_set = |name| std::env::var_os(name).is_some();
    is_set("TAURI_WEBVIEW_AUTOMATION") && !is_set("REFBOOK_SPEED")
}

#[cfg(not(target_os = "linux"))]
fn paint_without_graphics_card(_: &App) -> tauri::Result<()> {
    Ok(())
}

fn remembered() -> StateFlags {
    StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED
}

/// A second start brings the first window to the front.
fn focus(app: &AppHandle) {
    if let Some(window) = app.get_webview_window("main") {
        let _ = window.unminimize();
        let _ = window.set_focus();
    }
}
