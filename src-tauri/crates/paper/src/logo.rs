//! The programme's mark: its initial, cut out of a square.

use ttf_parser::OutlineBuilder;

use crate::fonts::{Fonts, Weight};
use crate::page::{Corner, Shape};

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
