//! The window: a shell over the desk. It starts, holds the open book, and asks where files are; it decides nothing.

// No console beside the window on Windows.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod commands;
mod state;

use state::State;

fn main() {
    let built = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .manage(State::default())
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
            commands::import_chosen,
            commands::export_book,
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
            commands::keep_unsaved,
            commands::unsaved,
            commands::draft_letter,
        ])
        .run(tauri::generate_context!());
    if let Err(error) = built {
        eprintln!("Refbook's window could not be opened: {error}");
        std::process::exit(1);
    }
}
