//! Files that come in: read whole, but never more than such a file can have, and never from what is no file.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::{Code, DeskError};

/// What a file is read as.
#[derive(Clone, Copy, Debug)]
pub enum Incoming {
    /// refbook/1: as large as any export.
    Book,
    /// A bank's or the company's.
    Table,
    Picture,
    Agreement,
}

impl Incoming {
    /// In bytes. A picture and an agreement may have more than can be kept: that is told with its own words.
    fn most(self) -> u64 {
        match self {
            Self::Book => 4 << 30,
            Self::Table => 32 << 20,
            Self::Picture => 4 << 20,
            Self::Agreement => 40 << 20,
        }
    }
}

/// Reads a file.
pub fn read_file(path: &Path, kind: Incoming) -> Result<Vec<u8>, DeskError> {
    let name = path.file_name().map_or_else(|| path.to_string_lossy(), |name| name.to_string_lossy());
    let failed = |error: io::Error| unreadable(&name, &error);
    // Before it is opened: a device would never end.
    let about = std::fs::metadata(path).map_err(failed)?;
    if !about.is_file() && !is_pipe(&about) {
        return Err(DeskError::new(Code::Failed, format!("\"{name}\" is no file. Choose one.")));
    }
    if about.len() > kind.most() {
        return Err(too_large(&name, kind));
    }
    read_from(File::open(path).map_err(failed)?, &name, kind)
}

/// What a shell puts in a file's place: `refbook import BOOK <(unzip -p december.zip)`.
#[cfg(unix)]
fn is_pipe(about: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    about.file_type().is_fifo()
}

#[cfg(not(unix))]
fn is_pipe(_: &std::fs::Metadata) -> bool {
    false
}

/// Reads to the end of what is piped in, or until it is too much.
pub fn read_from(mut source: impl Read, name: &str, kind: Incoming) -> Result<Vec<u8>, DeskError> {
    let (mut content, mut gate) = (Vec::new(), Gate::default());
    let mut piece = vec![0; 1 << 16];
    loop {
        let length = match source.read(&mut piece) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read.map_err(|error| unreadable(name, &error))?,
        };
        if length == 0 {
            return Ok(content);
        }
        if content.len() as u64 + length as u64 > kind.most() {
            return Err(too_large(name, kind));
        }
        if matches!(kind, Incoming::Book) && !gate.lets_pass(&piece[..length]) {
            let message = format!("\"{name}\" has a text of more than {LONGEST} bytes in it, which no book has.");
            return Err(DeskError::new(Code::Refused, message));
        }
        content.extend_from_slice(&piece[..length]);
    }
}

/// More than any text of a book as JSON writes it: six bytes for each that is escaped.
const LONGEST: usize = 600_000;

/// Sees a text that does not end while the file is still being read.
#[derive(Default)]
struct Gate {
    in_text: bool,
    escaped: bool,
    length: usize,
}

impl Gate {
    fn lets_pass(&mut self, bytes: &[u8]) -> bool {
        bytes.iter().all(|byte| {
            self.length += 1;
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' if self.in_text => self.escaped = true,
                b'"' => (self.in_text, self.length) = (!self.in_text, 0),
                _ => {}
            }
            !self.in_text || self.length <= LONGEST
        })
    }
}

fn unreadable(name: &str, error: &io::Error) -> DeskError {
    DeskError::new(Code::Failed, format!("\"{name}\" could not be read: {error}."))
}

fn too_large(name: &str, kind: Incoming) -> DeskError {
    let most = kind.most() >> 20;
    DeskError::new(
        Code::Refused,
        format!("\"{name}\" has more than {most} MB, the most of such a file. Choose another."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As long as it is asked for; panics once more is read than a reader needs to see that it is too much.
    struct Endless {
        byte: u8,
        left: usize,
    }

    impl Read for Endless {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            self.left = self.left.checked_sub(into.len()).expect("it is refused before");
            into.fill(self.byte);
            Ok(into.len())
        }
    }

    #[test]
    fn a_text_without_an_end_is_refused_while_it_is_read() {
        let text = b"{\"a\\\"b\":\"".chain(Endless { byte: b'x', left: 1 << 20 });
        let error = read_from(text, "bomb.json", Incoming::Book).expect_err("a bomb");
        assert_eq!(error.code, Code::Refused);
        assert!(error.message.contains("600000 bytes"), "{}", error.message);
    }

    #[test]
    fn a_table_without_an_end_is_refused_at_its_limit() {
        let error = read_from(Endless { byte: b',', left: 34 << 20 }, "bomb.csv", Incoming::Table).expect_err("a bomb");
        assert_eq!(error.message, "\"bomb.csv\" has more than 32 MB, the most of such a file. Choose another.");
    }

    #[test]
    fn what_is_no_file_is_not_read() {
        let error = read_file(&std::env::temp_dir(), Incoming::Picture).expect_err("a folder");
        assert!(error.message.ends_with("is no file. Choose one."), "{}", error.message);
    }

    #[test]
    fn many_long_texts_are_no_bomb() {
        let text = format!("[{}]", vec![format!("\"{}\"", "\\u0041".repeat(90_000)); 3].join(","));
        assert_eq!(read_from(text.as_bytes(), "book.json", Incoming::Book).expect("a file"), text.as_bytes());
    }
}
