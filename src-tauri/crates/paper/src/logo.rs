//! The programme's logo, a picture of its own; or, without one, its mark: its initial, cut out of a square.

use std::sync::Arc;

use flate2::Compression;
use png::{ColorType, Decoder, Limits, Transformations};
use ttf_parser::OutlineBuilder;

use crate::fonts::{Fonts, Weight, deflate};
use crate::page::{Corner, Shape};

/// A logo, ready to be printed as often as wanted. Threads share it.
#[derive(Clone)]
pub struct Logo(Arc<Picture>);

/// Pixels in red, green and blue, as a PDF has them.
pub(crate) struct Picture {
    pub width: usize,
    pub height: usize,
    /// As a `FlateDecode` stream has them.
    pub compressed: Vec<u8>,
}

/// More of them than paper shows in so small a place: three inches wide and one high, at 600 dots each.
const WIDEST: usize = 1800;
const HIGHEST: usize = 600;
/// What reading a picture may take, in bytes: 4096 pixels each way.
const MOST_BYTES: usize = 4096 * 4096 * 4;

impl Logo {
    /// Reads a PNG. `None` for what can't be read: the mark is drawn in its place.
    pub fn read(png: &[u8]) -> Option<Self> {
        let (rgba, width, height) = decoded(png)?;
        let by = width.div_ceil(WIDEST).max(height.div_ceil(HIGHEST));
        let (narrow, low) = (width / by, height / by);
        let mut rgb = Vec::with_capacity(narrow * low * 3);
        for y in 0..low {
            for x in 0..narrow {
                rgb.extend(mean(&rgba, width, (x * by, y * by), by));
            }
        }
        let compressed = deflate(&rgb, Compression::best());
        (narrow > 0 && low > 0).then(|| Self(Arc::new(Picture { width: narrow, height: low, compressed })))
    }

    pub(crate) fn picture(&self) -> &Picture {
        &self.0
    }

    /// As large as it gets in a box, in points.
    pub(crate) fn within(&self, width: f32, height: f32) -> (f32, f32) {
        let side = |pixels: usize| f32::from(u16::try_from(pixels).unwrap_or(u16::MAX));
        let (wide, high) = (side(self.0.width), side(self.0.height));
        let scale = (width / wide).min(height / high);
        (wide * scale, high * scale)
    }
}

impl std::fmt::Debug for Logo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Logo({} x {})", self.0.width, self.0.height)
    }
}

/// Red, green, blue and opacity, a byte each.
fn decoded(png: &[u8]) -> Option<(Vec<u8>, usize, usize)> {
    let mut decoder = Decoder::new_with_limits(std::io::Cursor::new(png), Limits { bytes: MOST_BYTES });
    decoder.set_transformations(Transformations::normalize_to_color8() | Transformations::ALPHA);
    let mut reader = decoder.read_info().ok()?;
    let size = reader.output_buffer_size().filter(|size| *size <= MOST_BYTES)?;
    let mut pixels = vec![0; size];
    let frame = reader.next_frame(&mut pixels).ok()?;
    pixels.truncate(frame.buffer_size());
    let rgba = match frame.color_type {
        ColorType::Rgba => pixels,
        ColorType::GrayscaleAlpha => {
            pixels.as_chunks::<2>().0.iter().flat_map(|[gray, opacity]| [*gray, *gray, *gray, *opacity]).collect()
        }
        _ => return None,
    };
    Some((rgba, frame.width as usize, frame.height as usize))
}

/// The mean colour of a square, `side` pixels each way, on white paper.
fn mean(rgba: &[u8], width: usize, (left, top): (usize, usize), side: usize) -> [u8; 3] {
    let mut sums = [0_usize; 3];
    for y in top..top + side {
        for x in left..left + side {
            let at = (y * width + x) * 4;
            let opacity = usize::from(rgba[at + 3]);
            for (sum, colour) in sums.iter_mut().zip(&rgba[at..at + 3]) {
                *sum += usize::from(*colour) * opacity + 255 * (255 - opacity);
            }
        }
    }
    sums.map(|sum| u8::try_from(sum / (255 * side * side)).unwrap_or(u8::MAX))
}

/// The mark of a programme, `size` points high, with its top left corner at the origin. It is filled by the even-odd
/// rule, so that the letter stays white on any paper.
pub(crate) fn mark(company: &str, size: f32, fonts: &Fonts) -> Shape {
    let square = vec![Corner::at(0.0, 0.0), Corner::at(size, 0.0), Corner::at(size, size), Corner::at(0.0, size)];
    let mut letter = Letter::default();
    let initial = company.chars().find(|c| c.is_alphanumeric()).and_then(|c| c.to_uppercase().next());
    initial.and_then(|initial| fonts.outline(initial, Weight::SemiBold, &mut letter));
    let mut rings = letter.placed(size);
    rings.insert(0, square);
    Shape { rings }
}

#[derive(Default)]
struct Letter {
    rings: Shape,
}

impl Letter {
    /// The letter centred in the square, 0.62 of its height.
    fn placed(self, size: f32) -> Vec<Vec<Corner>> {
        let mut rings = self.rings.rings;
        let corners = || rings.iter().flatten();
        let (left, right) = bounds(corners().map(|corner| corner.x));
        let (bottom, top) = bounds(corners().map(|corner| corner.y));
        let scale = 0.62 * size / (top - bottom).max(right - left).max(1.0);
        let (middle_x, middle_y) = (f32::midpoint(left, right), f32::midpoint(bottom, top));
        for corner in rings.iter_mut().flatten() {
            corner.x = size / 2.0 + (corner.x - middle_x) * scale;
            corner.y = size / 2.0 - (corner.y - middle_y) * scale;
        }
        rings
    }
}

fn bounds(values: impl Iterator<Item = f32>) -> (f32, f32) {
    values.fold((f32::MAX, f32::MIN), |(least, most), value| (least.min(value), most.max(value)))
}

impl OutlineBuilder for Letter {
    fn move_to(&mut self, x: f32, y: f32) {
        self.rings.rings.push(vec![Corner::at(x, y)]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        if let Some(ring) = self.rings.rings.last_mut() {
            ring.push(Corner::at(x, y));
        }
    }

    fn quad_to(&mut self, _: f32, _: f32, x: f32, y: f32) {
        self.line_to(x, y); // CFF outlines have none
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        if let Some(ring) = self.rings.rings.last_mut() {
            ring.extend([Corner::control(x1, y1), Corner::control(x2, y2), Corner::at(x, y)]);
        }
    }

    fn close(&mut self) {}
}
