//! The programme's logo for the paper: a PNG that is kept in the book.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::{Code, Desk, DeskError, Now};

/// A megabyte, in bytes.
const LARGEST: usize = 1 << 20;
/// In pixels, either way.
const WIDEST: u32 = 4096;

impl Desk {
    /// Keeps a PNG as the programme's logo; none takes it away. Refused, with what is wrong, unless it is a whole PNG of
    /// at most 1 MB and 4096 pixels either way.
    pub fn set_logo(&mut self, png: Option<&[u8]>, now: Now) -> Result<(), DeskError> {
        if let Some(problem) = png.and_then(problem) {
            return Err(DeskError::new(Code::Refused, problem));
        }
        self.book.change(now.at, |change| Ok(change.set_logo(png)?))
    }

    /// The logo as a `data:` URL.
    pub(crate) fn logo_url(&self) -> Result<Option<String>, DeskError> {
        let png = self.book.logo()?;
        Ok(png.map(|png| format!("data:image/png;base64,{}", STANDARD.encode(png))))
    }
}

/// What is wrong with a picture, and what to do.
pub(crate) fn problem(picture: &[u8]) -> Option<String> {
    let Some((width, height)) = size(picture) else {
        return Some("The picture is no PNG, whatever its name says. Save it as a PNG and choose that.".to_owned());
    };
    if picture.len() > LARGEST {
        let size = picture.len().div_ceil(1024);
        return Some(format!("The picture has {size} KB, and a logo at most {} KB. Make it smaller.", LARGEST / 1024));
    }
    if width == 0 || height == 0 || width > WIDEST || height > WIDEST {
        return Some(format!(
            "The picture is {width} × {height} pixels, and a logo at most {WIDEST} × {WIDEST}. Scale it down."
        ));
    }
    (!is_whole(picture)).then(|| "The picture is cut short. Save it as a PNG again.".to_owned())
}

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// A PNG's width and height, which stand in its first chunk; `None` if it is no PNG.
fn size(picture: &[u8]) -> Option<(u32, u32)> {
    let header = picture.strip_prefix(SIGNATURE)?.strip_prefix(b"\0\0\0\x0dIHDR")?;
    Some((number(header, 0)?, number(header, 4)?))
}

/// Whether the chunks go on to the one that ends a PNG.
fn is_whole(picture: &[u8]) -> bool {
    let mut rest = picture.get(SIGNATURE.len()..);
    while let Some(chunk) = rest {
        let Some(length) = number(chunk, 0) else { return false };
        // Length, kind, content, checksum.
        let end = (length as usize).saturating_add(12);
        if chunk.get(4..8) == Some(b"IEND") {
            return chunk.len() >= end;
        }
        rest = chunk.get(end..);
    }
    false
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}
