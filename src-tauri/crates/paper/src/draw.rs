//! From the page model to printpdf's operators. Everything drawn is part of an element or an artifact.

use std::collections::{BTreeMap, BTreeSet};

use printpdf::ops::PdfFontHandle;
use printpdf::xobject::{DictItem, ExternalStream, ExternalXObject, XObject, XObjectTransform};
use printpdf::{
    Color, FontId, Greyscale, Line, LinePoint, Op, PaintMode, PdfDocument, PdfFont, PdfPage, Point, Polygon,
    PolygonRing, Pt, Rect, TextItem, WindingOrder, XObjectId,
};

use crate::PageSize;
use crate::fonts::{Cut, Face, Fonts};
use crate::logo::Picture;
use crate::page::{Corner, ElementId, HEIGHT, Ink, Mark, Owner, Page, Pages, Shape, WIDTH};

/// The document so far, and which element each page's marked contents belong to, by their number.
pub(crate) struct Drawn {
    pub document: PdfDocument,
    pub owners: Vec<Vec<ElementId>>,
    pub fonts: Vec<Cut>,
}

pub(crate) fn draw(pages: &Pages<'_>, size: PageSize) -> Drawn {
    let (width, height) = size.points();
    let mut drawn = Drawn { document: PdfDocument::new(""), owners: Vec::new(), fonts: Vec::new() };
    let mut used = Used::new();
    for page in &pages.pages {
        let mut pen = Pen::new(size, pages.fonts, &mut used);
        pen.page(page);
        let sheet = || Rect::from_wh(Pt(width), Pt(height));
        let page = PdfPage { media_box: sheet(), trim_box: sheet(), crop_box: sheet(), ops: pen.ops };
        drawn.owners.push(pen.owners);
        drawn.document.pages.push(page);
    }
    let marks = pages.pages.iter().flat_map(|page| &page.marks);
    let logo = marks.into_iter().find_map(|mark| match &mark.ink {
        Ink::Picture { logo, .. } => Some(logo),
        _ => None,
    });
    if let Some(logo) = logo {
        drawn.document.resources.xobjects.map.insert(XObjectId(LOGO.to_owned()), image(logo.picture()));
    }
    for (id, (face, characters)) in used {
        let cut = face.cut(&characters);
        drawn.document.resources.fonts.map.insert(id, PdfFont::new(cut.parsed.clone()));
        drawn.fonts.push(cut);
    }
    drawn
}

/// The one picture that a document may have.
const LOGO: &str = "Logo";

fn image(picture: &Picture) -> XObject {
    let name = |name: &str| DictItem::Name(name.as_bytes().to_vec());
    let number = |pixels: usize| DictItem::Int(i64::try_from(pixels).expect("a picture has few pixels"));
    let dict = BTreeMap::from([
        ("Type".to_owned(), name("XObject")),
        ("Subtype".to_owned(), name("Image")),
        ("Width".to_owned(), number(picture.width)),
        ("Height".to_owned(), number(picture.height)),
        ("ColorSpace".to_owned(), name("DeviceRGB")),
        ("BitsPerComponent".to_owned(), DictItem::Int(8)),
        ("Filter".to_owned(), name("FlateDecode")),
    ]);
    let stream = ExternalStream { dict, content: picture.compressed.clone(), compress: false };
    XObject::External(ExternalXObject { stream, width: None, height: None, dpi: None })
}

/// The faces and characters that a document uses.
type Used<'f> = BTreeMap<FontId, (&'f Face, BTreeSet<char>)>;

impl PageSize {
    fn points(self) -> (f32, f32) {
        match self {
            PageSize::A4 => (595.276, 841.89),
            PageSize::Letter => (612.0, 792.0),
        }
    }
}

struct Pen<'p, 'f> {
    fonts: &'f Fonts,
    used: &'p mut Used<'f>,
    left: f32,
    top: f32,
    ops: Vec<Op>,
    owners: Vec<ElementId>,
    /// What the graphics state has: font and size, thickness.
    font: Option<(FontId, f32)>,
    thickness: Option<f32>,
}

impl<'p, 'f> Pen<'p, 'f> {
    fn new(size: PageSize, fonts: &'f Fonts, used: &'p mut Used<'f>) -> Self {
        let (width, height) = size.points();
        Self {
            fonts,
            used,
            left: (width - WIDTH) / 2.0,
            top: f32::midpoint(height, HEIGHT),
            ops: Vec::new(),
            owners: Vec::new(),
            font: None,
            thickness: None,
        }
    }

    fn page(&mut self, page: &Page) {
        let black = Color::Greyscale(Greyscale { percent: 0.0, icc_profile: None });
        self.ops.push(Op::SetFillColor { col: black.clone() });
        self.ops.push(Op::SetOutlineColor { col: black });
        for marks in page.marks.chunk_by(|a, b| a.owner == b.owner) {
            self.begin(marks[0].owner);
            for Mark { ink, .. } in marks {
                match ink {
                    Ink::Text { x, y, style, text } => {
                        self.text(*x, *y, style.size, &self.fonts.pieces(text, style.weight));
                    }
                    Ink::Rule { from, to, y, thickness } => self.rule(*from, *to, *y, *thickness),
                    Ink::Shape(shape) => self.shape(shape),
                    Ink::Picture { x, y, width, height, .. } => self.picture(*x, *y, *width, *height),
                }
            }
            self.ops.push(Op::EndMarkedContent);
        }
    }

    fn begin(&mut self, owner: Owner) {
        let (tag, properties) = match owner {
            Owner::Element(id) => {
                let number = i64::try_from(self.owners.len()).expect("a page has few contents");
                self.owners.push(id);
                ("Span", ("MCID", DictItem::Int(number)))
            }
            Owner::Pagination => ("Artifact", ("Type", DictItem::Name(b"Pagination".to_vec()))),
            Owner::Layout => ("Artifact", ("Type", DictItem::Name(b"Layout".to_vec()))),
        };
        let map = BTreeMap::from([(properties.0.to_owned(), properties.1)]);
        self.ops.push(Op::BeginMarkedContentWithProperties { tag: tag.to_owned(), properties: DictItem::Dict { map } });
    }

    fn text(&mut self, x: f32, y: f32, size: f32, pieces: &[(&'f Face, &str)]) {
        self.ops.push(Op::StartTextSection);
        for (nth, (face, text)) in pieces.iter().enumerate() {
            self.choose(face, size);
            let (_, characters) = self.used.entry(face.id.clone()).or_insert_with(|| (face, BTreeSet::new()));
            characters.extend(text.chars());
            if nth == 0 {
                self.ops.push(Op::SetTextCursor { pos: self.point(x, y) });
            }
            self.ops.push(Op::ShowText { items: vec![TextItem::Text((*text).to_owned())] });
        }
        self.ops.push(Op::EndTextSection);
    }

    fn choose(&mut self, face: &Face, size: f32) {
        let size = rounded(size);
        if self.font.as_ref().is_some_and(|(id, chosen)| *id == face.id && chosen.to_bits() == size.to_bits()) {
            return;
        }
        self.ops.push(Op::SetFont { font: PdfFontHandle::External(face.id.clone()), size: Pt(size) });
        self.font = Some((face.id.clone(), size));
    }

    fn rule(&mut self, from: f32, to: f32, y: f32, thickness: f32) {
        if self.thickness.is_none_or(|set| set.to_bits() != thickness.to_bits()) {
            self.ops.push(Op::SetOutlineThickness { pt: Pt(thickness) });
            self.thickness = Some(thickness);
        }
        let points = [from, to].map(|x| LinePoint { p: self.point(x, y), bezier: false }).to_vec();
        self.ops.push(Op::DrawLine { line: Line { points, is_closed: false } });
    }

    fn shape(&mut self, shape: &Shape) {
        let point = |corner: &Corner| LinePoint { p: self.point(corner.x, corner.y), bezier: corner.steers };
        let rings = shape.rings.iter().map(|ring| PolygonRing { points: ring.iter().map(point).collect() }).collect();
        let polygon = Polygon { rings, mode: PaintMode::Fill, winding_order: WindingOrder::EvenOdd };
        self.ops.push(Op::DrawPolygon { polygon });
    }

    /// The picture fills its place from the lower left corner on.
    fn picture(&mut self, x: f32, y: f32, width: f32, height: f32) {
        let corner = self.point(x, y + height);
        let transform = XObjectTransform {
            translate_x: Some(corner.x),
            translate_y: Some(corner.y),
            scale_x: Some(rounded(width)),
            scale_y: Some(rounded(height)),
            no_auto_scale: true,
            ..XObjectTransform::default()
        };
        self.ops.push(Op::UseXobject { id: XObjectId(LOGO.to_owned()), transform });
    }

    /// From the content's top left to the sheet's bottom left.
    fn point(&self, x: f32, y: f32) -> Point {
        Point { x: Pt(rounded(self.left + x)), y: Pt(rounded(self.top - y)) }
    }
}

/// To the thousandth of a point: what differs by less is noise that costs bytes.
fn rounded(points: f32) -> f32 {
    (points * 1000.0).round() / 1000.0
}
