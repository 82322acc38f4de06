//! A window that paints one word: what `tests/window/speed.ts` measures ours beside.

use tauri::WebviewWindow;

/// Shows the window with its first paint, as ours does.
#[expect(clippy::needless_pass_by_value, reason = "tauri hands a command its arguments by value")]
#[tauri::command]
fn show(window: WebviewWindow) {
    let _ = window.show();
    eprintln!("shown");
}

fn main() {
    let built = tauri::Builder::default()
        .invoke_handler(tauri::generate_handler![show])
        .run(tauri::generate_context!("examples/blank/tauri.conf.json"));
    built.expect("the blank window opens");
}
