//! The page model: what stands where, and what it is to a reader who listens.
//!
//! Points from the top left of the content, which is the same block on A4 and on Letter: one layout, two margins. It
//! knows nothing of PDF: `draw` turns it into operators, `finish` turns its tree into tags.

use crate::Warning;
use crate::fonts::{Fonts, Weight};
use crate::logo::Logo;

/// The content block.
pub(crate) const WIDTH: f32 = 500.0;
pub(crate) const HEIGHT: f32 = 736.0;
/// Where the flow of a page ends: below it stands the foot.
pub(crate) const BOTTOM: f32 = HEIGHT - 34.0;
/// Where it begins on every page but the first: above it stands the running head.
const TOP: f32 = 34.0;

/// The pages in the making, with the place that the flow has reached.
pub(crate) struct Pages<'f> {
    pub fonts: &'f Fonts,
    pub pages: Vec<Page>,
    pub tree: Tree,
    pub warnings: Vec<Warning>,
    pub at: Place,
}

#[derive(Default)]
pub(crate) struct Page {
    pub marks: Vec<Mark>,
}

#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub(crate) struct Place {
    pub page: usize,
    pub y: f32,
}

/// One thing on a page, and whose it is.
pub(crate) struct Mark {
    pub owner: Owner,
    pub ink: Ink,
}

/// What a mark is to a reader who listens: part of an element, or nothing but looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    Element(ElementId),
    /// Repeated heads, page numbers.
    Pagination,
    /// Hairlines, the mark.
    Layout,
}

pub(crate) enum Ink {
    /// From `x`, on the baseline `y`.
    Text {
        x: f32,
        y: f32,
        style: Style,
        text: String,
    },
    /// A level line.
    Rule {
        from: f32,
        to: f32,
        y: f32,
        thickness: f32,
    },
    Shape(Shape),
    /// From its top left corner.
    Picture {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        logo: Logo,
    },
}

/// A filled path.
#[derive(Default)]
pub(crate) struct Shape {
    pub rings: Vec<Vec<Corner>>,
}

#[derive(Clone, Copy)]
pub(crate) struct Corner {
    pub x: f32,
    pub y: f32,
    /// Steers a curve instead of lying on it.
    pub steers: bool,
}

impl Corner {
    pub(crate) fn at(x: f32, y: f32) -> Self {
        Self { x, y, steers: false }
    }

    pub(crate) fn control(x: f32, y: f32) -> Self {
        Self { x, y, steers: true }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Style {
    pub weight: Weight,
    pub size: f32,
    /// From one baseline to the next.
    pub leading: f32,
}

const fn style(weight: Weight, size: f32, leading: f32) -> Style {
    Style { weight, size, leading }
}

/// The whole of the paper's typography: one family, two weights.
impl Style {
    pub(crate) const BODY: Style = style(Weight::Regular, 9.0, 12.5);
    pub(crate) const STRONG: Style = style(Weight::SemiBold, 9.0, 12.5);
    pub(crate) const LABEL: Style = style(Weight::Regular, 8.0, 11.0);
    pub(crate) const NAME: Style = style(Weight::SemiBold, 12.0, 15.0);
    pub(crate) const SECTION: Style = style(Weight::SemiBold, 11.0, 14.0);
    pub(crate) const DRAFT: Style = style(Weight::SemiBold, 22.0, 26.0);
    pub(crate) const AMOUNT: Style = style(Weight::SemiBold, 36.0, 40.0);

    pub(crate) fn of_size(self, size: f32) -> Style {
        Style { size, ..self }
    }

    /// From a line's top to its baseline.
    pub(crate) fn baseline(self) -> f32 {
        (f32::midpoint(self.leading, self.size * 0.727) * 10.0).round() / 10.0
    }
}

/// What the pages' parts are to each other: the structure tree.
pub(crate) struct Tree {
    pub elements: Vec<Element>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ElementId(pub usize);

pub(crate) struct Element {
    pub role: Role,
    pub parent: Option<ElementId>,
    pub kids: Vec<ElementId>,
    /// How many columns a cell takes.
    pub span: usize,
    /// What a listener hears in place of a figure.
    pub instead: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Document,
    Figure,
    H1,
    H2,
    Paragraph,
    Table,
    Row,
    ColumnHead,
    RowHead,
    Data,
}

impl Element {
    fn new(role: Role, parent: Option<ElementId>, span: usize) -> Self {
        Self { role, parent, kids: Vec::new(), span, instead: String::new() }
    }
}

impl Tree {
    pub(crate) const ROOT: ElementId = ElementId(0);

    fn new() -> Self {
        Self { elements: vec![Element::new(Role::Document, None, 1)] }
    }

    /// A new last child of `parent`.
    pub(crate) fn add(&mut self, role: Role, parent: ElementId) -> ElementId {
        self.add_cell(role, parent, 1)
    }

    pub(crate) fn add_cell(&mut self, role: Role, parent: ElementId, span: usize) -> ElementId {
        let id = ElementId(self.elements.len());
        self.elements.push(Element::new(role, Some(parent), span));
        self.elements[parent.0].kids.push(id);
        id
    }
}

/// Where lines of text stand within their width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
}

/// A strip of the page: from `x`, `width` wide.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Strip {
    pub x: f32,
    pub width: f32,
}

impl Strip {
    pub(crate) const WHOLE: Strip = Strip { x: 0.0, width: WIDTH };
}

impl<'f> Pages<'f> {
    pub(crate) fn new(fonts: &'f Fonts) -> Self {
        let at = Place { page: 0, y: 0.0 };
        Self { fonts, pages: vec![Page::default()], tree: Tree::new(), warnings: Vec::new(), at }
    }

    /// Goes on at the top of the next page.
    pub(crate) fn turn(&mut self) {
        self.at = Place { page: self.at.page + 1, y: TOP };
        if self.pages.len() == self.at.page {
            self.pages.push(Page::default());
        }
    }

    /// Turns the page if less than `height` is left of this one.
    pub(crate) fn need(&mut self, height: f32) {
        if !self.has(height) {
            self.turn();
        }
    }

    pub(crate) fn has(&self, height: f32) -> bool {
        self.at.y + height <= BOTTOM
    }

    pub(crate) fn skip(&mut self, height: f32) {
        self.at.y += height;
    }

    /// Writes a paragraph of at most `most` lines at the place reached, as an element of its own, and goes on below it.
    pub(crate) fn paragraph(&mut self, role: Role, text: &str, style: Style, strip: Strip, most: usize) {
        self.aligned(role, text, style, strip, Align::Left, most);
    }

    pub(crate) fn aligned(&mut self, role: Role, text: &str, style: Style, strip: Strip, align: Align, most: usize) {
        let lines = self.set(text, style, strip.width, most);
        let owner = Owner::Element(self.tree.add(role, Tree::ROOT));
        for line in lines {
            self.need(style.leading);
            self.line(owner, &line, style, strip, align);
            self.skip(style.leading);
        }
    }

    /// The text's lines, with a warning for what the fonts lack and for what does not fit into `most` of them.
    pub(crate) fn set(&mut self, text: &str, style: Style, width: f32, most: usize) -> Vec<String> {
        let legible = self.legible(text);
        let lines = self.fonts.lines(&legible, style.weight, style.size, width, most);
        if lines.shortened {
            self.warn(Warning::Shortened { text: text.to_owned() });
        }
        lines.lines
    }

    pub(crate) fn legible(&mut self, text: &str) -> String {
        let legible = self.fonts.legible(text);
        if !legible.missing.is_empty() {
            self.warn(Warning::MissingCharacters { characters: legible.missing, text: text.to_owned() });
        }
        legible.text
    }

    fn warn(&mut self, warning: Warning) {
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }

    /// Writes one line whose top is the place reached. What is wider than its strip is set smaller, never clipped.
    pub(crate) fn line(&mut self, owner: Owner, text: &str, style: Style, strip: Strip, align: Align) {
        let natural = self.fonts.width(text.trim_end(), style.weight, style.size);
        let style = if natural > strip.width { style.of_size(style.size * strip.width / natural) } else { style };
        let y = self.at.y + style.baseline();
        let x = match align {
            Align::Left => strip.x,
            Align::Right => strip.x + strip.width - self.fonts.width(text.trim_end(), style.weight, style.size),
        };
        self.mark(owner, Ink::Text { x, y, style, text: text.to_owned() });
    }

    pub(crate) fn rule(&mut self, strip: Strip, thickness: f32) {
        let ink = Ink::Rule { from: strip.x, to: strip.x + strip.width, y: self.at.y, thickness };
        self.mark(Owner::Layout, ink);
    }

    pub(crate) fn mark(&mut self, owner: Owner, ink: Ink) {
        self.pages[self.at.page].marks.push(Mark { owner, ink });
    }
}
