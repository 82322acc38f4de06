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
];

fn main() {
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    let built = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest));
    built.expect("tauri.conf.json and the capabilities are right");
}
