//! The paper's typeface: Refbook Sans in two weights, each in parts by alphabet (`fonts/cut.py`). A document carries
//! the parts that it uses, and in them only the outlines that it uses. Its figures are tabular.
//!
//! Owns what a text measures, where its lines break, and what it looks like where the fonts lack a character.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Write;
use std::ops::Range;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use printpdf::{FontId, FontMetrics, ParsedFont};
use sha2::{Digest, Sha256};
use ttf_parser::{Face as Program, OutlineBuilder, Tag};
use unicode_normalization::UnicodeNormalization;

/// Every face, parsed once. Threads share it.
pub struct Fonts {
    faces: Vec<Face>,
    ascii: [Option<Glyph>; 128],
    others: HashMap<char, Glyph>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Weight {
    Regular,
    SemiBold,
}

/// One weight of one part.
pub(crate) struct Face {
    pub id: FontId,
    parsed: ParsedFont,
    cap_height: i64,
    sfnt: &'static [u8],
    /// The bare `CFF ` table.
    program: &'static [u8],
    /// Where in it the outline of each glyph stands.
    outlines: Vec<Range<usize>>,
}

/// A face with the outlines of some characters alone.
pub(crate) struct Cut {
    /// With six letters that tell it from other cuts of its face.
    pub name: String,
    pub cap_height: i64,
    /// The font program, as a `FlateDecode` stream has it.
    pub compressed: Vec<u8>,
    /// What printpdf is to know of it. The magic alone stands for the program, and tells what kind it is.
    pub parsed: ParsedFont,
}

#[derive(Clone, Copy)]
struct Glyph {
    part: usize,
    /// In thousandths of an em, by weight.
    advances: [u16; 2],
}

/// A text as it is drawn: every character is in the fonts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Legible {
    pub text: String,
    /// What was asked for and is drawn as [`SUBSTITUTE`].
    pub missing: Vec<char>,
}

/// An empty square: what stands for a character that the fonts lack, or that is not to be seen.
pub const SUBSTITUTE: char = '□';

macro_rules! part {
    ($name:literal) => {
        [
            include_bytes!(concat!("../fonts/", $name, "-Regular.otf")).as_slice(),
            include_bytes!(concat!("../fonts/", $name, "-SemiBold.otf")).as_slice(),
        ]
    };
}

const PARTS: [[&[u8]; 2]; 6] =
    [part!("Basic"), part!("Western"), part!("Central"), part!("Greek"), part!("Cyrillic"), part!("Extended")];

impl std::fmt::Debug for Fonts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fonts").field("faces", &self.faces.len()).finish_non_exhaustive()
    }
}

impl Fonts {
    pub fn load() -> Self {
        let mut fonts = Self { faces: Vec::new(), ascii: [None; 128], others: HashMap::new() };
        for (part, [regular, semibold]) in PARTS.into_iter().enumerate() {
            let faces = [Face::read(regular), Face::read(semibold)];
            for (code, gid) in &faces[0].parsed.codepoint_to_glyph {
                let advance = |face: &Face, gid| face.parsed.get_glyph_width(gid).unwrap_or(0);
                let bold = faces[1].parsed.lookup_glyph_index(*code).unwrap_or(0);
                let glyph = Glyph { part, advances: [advance(&faces[0], *gid), advance(&faces[1], bold)] };
                match (char::from_u32(*code), fonts.ascii.get_mut(*code as usize)) {
                    (_, Some(ascii)) => *ascii = Some(glyph),
                    (Some(other), None) => _ = fonts.others.insert(other, glyph),
                    (None, None) => {}
                }
            }
            fonts.faces.extend(faces);
        }
        fonts
    }

    /// The text with its accents composed, blanks plain, and [`SUBSTITUTE`] for what the fonts lack. Control
    /// characters, and those that turn the direction of writing or have no width, are lacking on purpose: on paper
    /// they would do harm unseen.
    pub(crate) fn legible(&self, text: &str) -> Legible {
        if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            return Legible { text: text.to_owned(), missing: Vec::new() };
        }
        let mut missing = Vec::new();
        let text = text
            .nfc()
            .map(|c| match c {
                '\t' | '\n' | '\r' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}' => ' ',
                '\u{2010}' | '\u{2011}' => '-',
                c if self.glyph(c).is_some() && !is_unseen(c) => c,
                c => {
                    missing.push(c);
                    SUBSTITUTE
                }
            })
            .collect();
        missing.sort_unstable();
        missing.dedup();
        Legible { text, missing }
    }

    /// In points.
    pub(crate) fn width(&self, text: &str, weight: Weight, size: f32) -> f32 {
        let units: f32 = text.chars().map(|c| f32::from(self.advance(c, weight))).sum();
        units * size / 1000.0
    }

    /// The text's lines of at most `width` points, broken at blanks, or within a word that is longer than a line. Each
    /// but the last ends with the blank that it broke at, so that what is copied keeps its words apart. What goes beyond
    /// `most` lines is left out, and the last one then ends with an ellipsis.
    pub(crate) fn lines(&self, text: &str, weight: Weight, size: f32, width: f32, most: usize) -> Lines {
        let mut lines: Vec<String> = Vec::new();
        let mut rest = text.trim();
        while !rest.is_empty() && lines.len() < most {
            let end = self.line_end(rest, weight, size, width);
            let (line, after) = rest.split_at(end);
            rest = after.trim_start();
            let blank = if rest.is_empty() || !line.ends_with(' ') { "" } else { " " };
            lines.push(format!("{}{blank}", line.trim_end()));
        }
        let shortened = !rest.is_empty();
        if let (true, Some(last)) = (shortened, lines.last_mut()) {
            while self.width(last.trim_end(), weight, size) + self.width("…", weight, size) > width {
                if last.pop().is_none() {
                    break;
                }
            }
            *last = format!("{}…", last.trim_end());
        }
        Lines { lines, shortened }
    }

    /// Where the first line of `text` ends, after its blank: at least one character on, so that it ends at all.
    fn line_end(&self, text: &str, weight: Weight, size: f32, width: f32) -> usize {
        let most = width * 1000.0 / size;
        let mut units = 0.0;
        let mut blank = None;
        for (at, c) in text.char_indices() {
            if c == ' ' {
                blank = Some(at + 1);
            }
            units += f32::from(self.advance(c, weight));
            if units > most && c != ' ' && at > 0 {
                return blank.unwrap_or(at);
            }
        }
        text.len()
    }

    /// The text in pieces of one part each.
    pub(crate) fn pieces<'t>(&self, text: &'t str, weight: Weight) -> Vec<(&Face, &'t str)> {
        let mut pieces: Vec<(usize, usize, usize)> = Vec::new();
        for (at, c) in text.char_indices() {
            let part = self.glyph(c).map_or(0, |glyph| glyph.part);
            let end = at + c.len_utf8();
            match pieces.last_mut() {
                Some((last, _, until)) if *last == part || c == ' ' && *last == 0 => *until = end,
                _ => pieces.push((part, at, end)),
            }
        }
        pieces.into_iter().map(|(part, from, until)| (self.face(part, weight), &text[from..until])).collect()
    }

    /// The outline of a character in a font of 1000 units an em.
    pub(crate) fn outline(&self, c: char, weight: Weight, builder: &mut dyn OutlineBuilder) -> Option<()> {
        let face = self.face(self.glyph(c)?.part, weight);
        let program = Program::parse(face.sfnt, 0).ok()?;
        program.outline_glyph(program.glyph_index(c)?, builder).map(|_| ())
    }

    fn face(&self, part: usize, weight: Weight) -> &Face {
        &self.faces[part * 2 + weight as usize]
    }

    fn advance(&self, c: char, weight: Weight) -> u16 {
        self.glyph(c).map_or(0, |glyph| glyph.advances[weight as usize])
    }

    fn glyph(&self, c: char) -> Option<Glyph> {
        match self.ascii.get(c as usize) {
            Some(glyph) => *glyph,
            None => self.others.get(&c).copied(),
        }
    }
}

pub(crate) struct Lines {
    pub lines: Vec<String>,
    /// Whether something was left out.
    pub shortened: bool,
}

impl Face {
    fn read(sfnt: &'static [u8]) -> Self {
        let program = Program::parse(sfnt, 0).expect("our own font parses");
        let cff = program.raw_face().table(Tag::from_bytes(b"CFF ")).expect("our own fonts have CFF outlines");
        let mut glyphs = BTreeMap::new();
        for subtable in program.tables().cmap.iter().flat_map(|cmap| cmap.subtables).filter(|table| table.is_unicode())
        {
            subtable.codepoints(|code| {
                if let Some(gid) = subtable.glyph_index(code) {
                    glyphs.insert(code, gid.0);
                }
            });
        }
        let advance = |gid: u16| (gid, program.glyph_hor_advance(ttf_parser::GlyphId(gid)).unwrap_or(0));
        let widths = (0..program.number_of_glyphs()).map(advance).collect();
        let (name, outlines) = inside(cff).expect("our own fonts are well made");
        let metrics = FontMetrics { ascent: program.ascender(), descent: program.descender() };
        let mut parsed =
            ParsedFont::with_glyph_data(b"OTTO".to_vec(), 0, None, glyphs, widths, program.units_per_em(), metrics);
        let bbox = program.global_bounding_box();
        let about = &mut parsed.pdf_font_metrics;
        (about.x_min, about.y_min, about.x_max, about.y_max) = (bbox.x_min, bbox.y_min, bbox.x_max, bbox.y_max);
        about.us_weight_class = program.weight().to_number();
        let cap_height = i64::from(program.capital_height().unwrap_or(0));
        Self { id: FontId(name), parsed, cap_height, sfnt, program: cff, outlines }
    }

    /// The face with the outlines of `characters` alone. The others become as many `endchar`s as they were bytes long,
    /// so that nothing moves, and compress to almost nothing.
    pub(crate) fn cut(&self, characters: &BTreeSet<char>) -> Cut {
        const ENDCHAR: u8 = 14;
        let glyph = |c: &char| self.parsed.lookup_glyph_index(u32::from(*c));
        let kept: BTreeSet<usize> = characters.iter().filter_map(glyph).map(usize::from).chain([0]).collect();
        let mut program = self.program.to_vec();
        for (_, outline) in self.outlines.iter().enumerate().filter(|(gid, _)| !kept.contains(gid)) {
            program[outline.clone()].fill(ENDCHAR);
        }
        let tag: String = Sha256::digest(&program).iter().take(6).map(|byte| char::from(b'A' + byte % 26)).collect();
        let name = format!("{tag}+{}", self.id.0);
        let parsed = ParsedFont { font_name: Some(name.clone()), ..self.parsed.clone() };
        Cut { name, cap_height: self.cap_height, compressed: deflate(&program, Compression::new(6)), parsed }
    }
}

/// A CFF font's name, and where its outlines stand (Adobe Technical Note 5176).
fn inside(cff: &[u8]) -> Option<(String, Vec<Range<usize>>)> {
    const CHAR_STRINGS: u8 = 17;
    let (names, after) = index(cff, usize::from(*cff.get(2)?))?;
    let (tops, _) = index(cff, after)?;
    let outlines = operand(cff.get(tops.first()?.clone())?, CHAR_STRINGS)?;
    let (outlines, _) = index(cff, outlines)?;
    Some((String::from_utf8(cff.get(names.first()?.clone())?.to_vec()).ok()?, outlines))
}

/// Where the entries of the INDEX at `at` stand, and where it ends.
fn index(cff: &[u8], at: usize) -> Option<(Vec<Range<usize>>, usize)> {
    let number = |at: usize, size: usize| {
        let bytes = cff.get(at..at + size)?;
        Some(bytes.iter().fold(0, |number, byte| number << 8 | usize::from(*byte)))
    };
    let (count, size) = (number(at, 2)?, number(at + 2, 1)?);
    let data = at + 2 + (count + 1) * size;
    let offset = |nth: usize| Some(data + number(at + 3 + nth * size, size)?);
    let entries: Option<Vec<_>> = (0..count).map(|nth| Some(offset(nth)?..offset(nth + 1)?)).collect();
    Some((entries?, offset(count)?))
}

/// The last operand before `wanted` in a DICT.
fn operand(dict: &[u8], wanted: u8) -> Option<usize> {
    let mut rest = dict;
    let mut last = 0;
    while let [first, after @ ..] = rest {
        let (value, used) = match (first, after) {
            (28, [a, b, ..]) => (usize::from(u16::from_be_bytes([*a, *b])), 2),
            (29, [a, b, c, d, ..]) => (usize::try_from(u32::from_be_bytes([*a, *b, *c, *d])).ok()?, 4),
            (30, number) => (0, 1 + number.iter().position(|pair| pair & 15 == 15)?), // a real: not an offset
            (32..=246, _) => (usize::from(first.saturating_sub(139)), 0),
            (247..=250, [a, ..]) => (usize::from(first - 247) * 256 + usize::from(*a) + 108, 1),
            (251..=254, _) => (0, 1), // negative: not an offset
            (operator, _) if *operator == wanted => return Some(last),
            (12, _) => (0, 1),
            _ => (0, 0),
        };
        last = value;
        rest = after.get(used..)?;
    }
    None
}

pub(crate) fn deflate(bytes: &[u8], level: Compression) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), level);
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("writing to memory does not fail")
}

/// Controls, and what turns the direction of writing, joins or has no width.
pub(crate) fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_and_their_signs_are_tabular() {
        let fonts = Fonts::load();
        for weight in [Weight::Regular, Weight::SemiBold] {
            let widths: Vec<u16> = ('0'..='9').map(|digit| fonts.advance(digit, weight)).collect();
            assert!(widths.iter().all(|width| *width == widths[0] && *width > 0), "{widths:?}");
        }
    }

    #[test]
    fn decomposed_accents_are_composed() {
        let fonts = Fonts::load();
        let legible = fonts.legible("Zoe\u{308} Mu\u{308}ller");
        assert_eq!((legible.text.as_str(), legible.missing.as_slice()), ("Zoë Müller", [].as_slice()));
    }

    #[test]
    fn what_the_fonts_lack_and_what_hides_is_seen_as_a_square() {
        let fonts = Fonts::load();
        let legible = fonts.legible("Łódź Ωμέγα Огонь 中文 \u{202e}evil\u{0}");
        assert_eq!(legible.text, "Łódź Ωμέγα Огонь □□ □evil□");
        assert_eq!(legible.missing, ['\0', '\u{202e}', '中', '文']);
    }

    #[test]
    fn lines_break_at_blanks_and_within_words_that_are_too_long() {
        let fonts = Fonts::load();
        let lines = |text: &str, most| fonts.lines(text, Weight::Regular, 10.0, 50.0, most).lines;
        assert_eq!(lines("Oak and Elm Works", 9), ["Oak and ", "Elm Works"]);
        assert_eq!(lines("", 9), [""; 0]);
        assert!(lines(&"x".repeat(10_000), 3).iter().all(|line| fonts.width(line, Weight::Regular, 10.0) <= 50.0));
        assert!(lines(&"x".repeat(10_000), 3)[2].ends_with('…'));
    }

    #[test]
    fn a_text_of_two_alphabets_is_in_two_pieces() {
        let fonts = Fonts::load();
        let pieces = fonts.pieces("Oak Дуб", Weight::Regular);
        assert_eq!(pieces.iter().map(|(_, text)| *text).collect::<Vec<_>>(), ["Oak ", "Дуб"]);
    }
}
