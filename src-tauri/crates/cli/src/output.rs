//! What is written to the terminal: text that can't drive it, and columns.

use std::fmt::{self, Write as _};
use std::io::{self, Write};

use comfy_table::{CellAlignment, Table, presets};

/// Standard output. A reader that has seen enough (`refbook … | head`) is no failure.
#[derive(Default)]
pub struct Output {
    closed: bool,
}

impl Output {
    /// A line of text.
    pub fn line(&mut self, text: impl fmt::Display) {
        let mut line = tame(&text.to_string());
        line.push('\n');
        self.raw(line.as_bytes());
    }

    /// Bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) {
        if !self.closed {
            let mut stdout = io::stdout().lock();
            self.closed = stdout.write_all(bytes).and_then(|()| stdout.flush()).is_err();
        }
    }
}

/// What went wrong, or is worth knowing but is no result: on standard error.
pub fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", tame(text));
}

/// Names and reasons come from files: what would move the cursor or turn the text around is shown as a mark instead.
fn tame(text: &str) -> String {
    let drives = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|c| if drives(c) { '\u{fffd}' } else { c }).collect()
}

/// Columns without lines; those in `right` hold quantities.
pub fn columns<const N: usize>(head: [&str; N], right: &[usize]) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_header(head);
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    for at in right {
        if let Some(column) = table.column_mut(*at) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// The table's text, without the blanks that columns leave at the ends of lines.
pub fn text(table: &Table) -> String {
    let mut text = String::new();
    for line in table.to_string().lines() {
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text.truncate(text.trim_end().len());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_can_not_drive_the_terminal() {
        assert_eq!(tame("a\u{1b}[2Jb\u{202e}c\r\n"), "a\u{fffd}[2Jb\u{fffd}c\u{fffd}\n");
    }
}
