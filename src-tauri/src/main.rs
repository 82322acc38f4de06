//! The window: a shell over the desk. It starts, holds the open book, and asks where files are; it decides nothing.

// No console beside the window on Windows.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod arguments;
mod backups;
mod blank;
mod commands;
mod driven;
mod idle;
mod last;
mod locking;
mod menu;
mod restores;
#[cfg(target_os = "linux")]
mod sleep;
mod state;

use std::process::ExitCode;
use std::sync::Arc;

use arguments::Arguments;
#[cfg(target_os = "linux")]
use desk::views::Locked;
use state::{Open, State};
use tauri::{App, AppHandle, Manager, RunEvent};
use tauri_plugin_window_state::StateFlags;

#[expect(clippy::too_many_lines, reason = "a list of what the window may call")]
fn main() -> ExitCode {
    if let Some(ended) = driven::start_anew() {
        return ended;
    }
    desk::secrecy::no_core_dump();
    desk::secrecy::no_words_of_a_panic();
    let Arguments { sample } = match Arguments::read(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(words) => {
            eprintln!("{words}");
            return ExitCode::from(2);
        }
    };
    // Made while the window is: whoever is quicker waits.
    let state = if sample { State::opening(Open::sample) } else { State::default() };
    let backups = Arc::clone(&state.backups);
    let mut context = tauri::generate_context!();
    // WebKit's driver gets no hold of a window that keeps nothing: one that it drives keeps what all windows do.
    context.config_mut().app.windows.iter_mut().for_each(|window| window.incognito = !driven::by_driver());
    let built = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|app, _, _| focus(app)))
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        // Where it was and how large; not whether it was seen: it shows itself with its first paint.
        .plugin(tauri_plugin_window_state::Builder::new().with_state_flags(remembered()).build())
        .menu(menu::of)
        .on_menu_event(menu::tell)
        .manage(state.clone())
        .setup(move |app| Ok(set_up(app, state)?))
        .invoke_handler(tauri::generate_handler![
            commands::start,
            commands::show,
            commands::look_around,
            commands::choose_book,
            commands::open_book,
            commands::open_by_keychain,
            commands::wait_at_door,
            commands::new_book,
            commands::close_book,
            commands::lock_book,
            commands::stirred,
            commands::lock_after,
            commands::choose_lock_after,
            commands::months,
            commands::month,
            commands::statement,
            commands::why,
            commands::close_through,
            commands::cancel_closing,
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
            commands::own_effect,
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
            commands::ways_in,
            commands::add_passphrase,
            commands::change_passphrase,
            commands::issue_recovery_code,
            commands::print_recovery_sheet,
            commands::confirm_recovery_code,
            commands::forget_recovery_code,
            commands::add_keychain,
            commands::remove_way_in,
            commands::new_key_asks,
            commands::new_key,
            commands::keep_unsaved,
            commands::unsaved,
            commands::draft_letter,
        ])
        .build(context);
    match built {
        Ok(app) => {
            app.run(move |_, event| {
                if let RunEvent::Exit = event {
                    backups.end();
                }
            });
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("Refbook's window could not be opened: {error}");
            ExitCode::FAILURE
        }
    }
}

fn set_up(app: &App, state: State) -> tauri::Result<()> {
    let handle = app.handle();
    state.choose(last::recall(handle));
    backups::keep(state);
    locking::watch(handle.clone());
    #[cfg(target_os = "linux")]
    sleep::before({
        let app = handle.clone();
        move || locking::soon(&app, Locked::Slept)
    });
    blank::tell(handle.clone());
    set_webkit(app)
}

/// Linux alone has these as choices.
#[cfg(target_os = "linux")]
fn set_webkit(app: &App) -> tauri::Result<()> {
    use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt, WebViewExt};
    // The driver takes its pictures from the graphics card's side only, and waits for ever where there is none.
    let is_photographed = driven::by_driver() && !driven::for_speed();
    let set = move |view: tauri::webview::PlatformWebview| {
        let Some(settings) = WebViewExt::settings(&view.inner()) else { return };
        // A page that was left is gone, not kept for a way back.
        settings.set_enable_page_cache(false);
        // Forms and tables need no card, and what drives it is a fifth of such a window's memory and a third of its start.
        if !is_photographed {
            settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
        }
    };
    app.webview_windows().values().try_for_each(|window| window.with_webview(set))
}

#[cfg(not(target_os = "linux"))]
fn set_webkit(_: &App) -> tauri::Result<()> {
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
