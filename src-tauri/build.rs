//! Makes a permission of each command, so that the capability file names what the window may call.

#[rustfmt::skip]
const COMMANDS: &[&str] = &[
    "start",
    "show",
    "look_around",
    "choose_book",
    "open_book",
    "new_book",
    "close_book",
    "months",
    "month",
    "statement",
    "why",
    "close_month",
    "reopen_month",
    "print_month",
    "cancel_printing",
    "choose_import",
    "import_chosen",
    "export_book",
    "verify_book",
    "record",
    "check",
    "record_of",
    "void_record",
    "undo_offered",
    "undo",
    "search",
    "overview",
    "bridge",
    "clients",
    "client_page",
    "write_note",
    "referrals",
    "save_receipt",
    "change_effect",
    "invoices",
    "invoice_page",
    "match_receipts",
    "affiliates",
    "affiliate_page",
    "terms_page",
    "choose_logo",
    "remove_logo",
    "keep_unsaved",
    "unsaved",
    "draft_letter",
];

fn main() {
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    let built = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest));
    built.expect("tauri.conf.json and the capabilities are right");
}
