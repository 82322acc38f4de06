//! The programme's own logo in the place of the mark.

use std::path::PathBuf;

use desk::sample::{Sample, last_month};
use desk::{Desk, PageSize, Printing};
use refbook_tests::{Shelf, on, passphrase};

use crate::said;

/// `width` × `height` pixels: blue, half of them see-through.
fn picture(width: u32, height: u32) -> Vec<u8> {
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let pixels = (0..width * height).flat_map(|nth| [20, 60, 160, if nth % 2 == 0 { 255 } else { 0 }]);
    let mut writer = encoder.write_header().expect("a head");
    writer.write_image_data(&pixels.collect::<Vec<u8>>()).expect("pixels");
    writer.finish().expect("a PNG");
    png
}

fn printed(desk: &Desk, shelf: &Shelf, folder: &str) -> PathBuf {
    let folder = shelf.path(folder);
    let printing = Printing { month: last_month(), affiliate: Some("A10"), folder: &folder, size: PageSize::A4 };
    desk.print(&printing, |_| true).expect("printed").files.remove(0)
}

#[test]
fn the_logo_stands_in_the_place_of_the_mark_and_is_heard_as_the_companys_name() {
    let shelf = Shelf::new();
    let mut desk = Desk::sample(&shelf.book(), &passphrase(), Sample::Small, |_| ()).expect("the sample");
    let mark = printed(&desk, &shelf, "mark");
    let now = on("2026-01-03");
    for (width, height, shown) in
        [(100, 100, (100, 100)), (300, 60, (300, 60)), (3600, 1200, (1800, 600)), (1, 4000, (0, 0))]
    {
        desk.set_logo(Some(&picture(width, height)), now).expect("kept");
        let file = printed(&desk, &shelf, &format!("logo-{width}"));
        let images = said("pdfimages", &["-list"], &file, &[]);
        let rows: Vec<Vec<&str>> = images.lines().skip(2).map(|row| row.split_whitespace().collect()).collect();
        if shown == (0, 0) {
            assert!(rows.is_empty(), "too thin to be shown: the mark stands there");
            continue;
        }
        assert_eq!(rows.len(), 1, "{images}");
        assert_eq!((rows[0][3].parse(), rows[0][4].parse()), (Ok(shown.0), Ok(shown.1)), "{images}");
        let check = said("qpdf", &["--check"], &file, &[]);
        assert!(check.contains("No syntax or stream encoding errors found"), "{check}");
        let tree = said("pdfinfo", &["-struct-text"], &file, &[]);
        assert!(tree.contains("Figure"), "{tree}");
        let objects = said("qpdf", &["--json", "--json-key=qpdf"], &file, &[]);
        assert!(objects.contains("\"/Alt\": \"u:NetSource\""), "no words in place of the figure");
        // Fits its box, at the left and the top of the content.
        assert_eq!(said("pdftotext", &["-layout"], &file, &["-"]).split_whitespace().next(), Some("NetSource"));
    }
    desk.set_logo(None, now).expect("taken away");
    let again = printed(&desk, &shelf, "again");
    assert!(std::fs::read(mark).expect("a PDF") == std::fs::read(again).expect("a PDF"));
}
