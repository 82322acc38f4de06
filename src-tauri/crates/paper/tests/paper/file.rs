//! What kind of file a statement is.

use lopdf::{Dictionary, Document, Object};
use paper::{Fonts, PageSize};

use crate::made::Made;
use crate::reading::{file, run};

fn document(pdf: &[u8]) -> Document {
    Document::load_mem(pdf).expect("a PDF")
}

fn catalogue(document: &Document) -> &Dictionary {
    document.catalog().expect("a catalogue")
}

fn follow<'a>(document: &'a Document, object: &'a Object) -> &'a Object {
    document.dereference(object).expect("what is referred to is there").1
}

/// The dictionary or stream dictionary at a path of keys from the catalogue.
fn at<'a>(document: &'a Document, path: &[&str]) -> &'a Object {
    let mut object = follow(document, document.trailer.get(b"Root").expect("a root"));
    for key in path {
        object = match (object, key.parse::<usize>()) {
            (Object::Array(items), Ok(nth)) => follow(document, &items[nth]),
            (Object::Stream(stream), _) => follow(document, stream.dict.get(key.as_bytes()).expect(key)),
            (object, _) => follow(document, object.as_dict().expect(key).get(key.as_bytes()).expect(key)),
        };
    }
    object
}

#[test]
fn the_same_statement_gives_the_same_bytes_on_any_thread_and_after_any_other() {
    let fonts = Fonts::load();
    let (made, other) = (Made::varied(), Made::with_lines(12));
    let first = made.print(&fonts);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..3 {
                    other.print(&fonts);
                    assert_eq!(made.print(&fonts), first);
                }
            });
        }
    });
    assert_eq!(made.print(&Fonts::load()), first);
    assert_ne!(other.print(&fonts).pdf, first.pdf);
}

#[test]
fn qpdf_finds_nothing_wrong() {
    let fonts = Fonts::load();
    for made in [Made::with_lines(0), Made::varied(), Made::with_lines(60)] {
        let said = run("qpdf", &["--check"], &made.print(&fonts).pdf, &[]);
        assert!(said.contains("No syntax or stream encoding errors found"), "{said}");
    }
}

#[test]
fn the_file_says_what_it_is() {
    let said = run("pdfinfo", &["-isodates"], &Made::varied().print(&Fonts::load()).pdf, &[]);
    let told = |key: &str| {
        let line = said.lines().find(|line| line.starts_with(key)).unwrap_or_default();
        line.split_once(':').map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    assert_eq!(told("Title"), "Statement 2025-01-A1, January 2025, Maria Gómez");
    assert_eq!(told("Author"), "NetSource");
    assert_eq!(told("CreationDate"), "2025-02-03T00:00:00Z");
    assert_eq!(told("Tagged"), "yes");
    assert_eq!(told("PDF version"), "1.7");
    assert!(!said.contains("PDF subtype"), "it claims no standard: {said}");
}

#[test]
fn a_draft_is_dated_with_the_cutoff() {
    let made = Made::with_lines(1);
    let printed = paper::statement(&made.draft(), PageSize::Letter, &Fonts::load());
    let said = run("pdfinfo", &["-isodates"], &printed.pdf, &[]);
    assert!(said.contains("2025-01-31T00:00:00Z") && said.contains("Draft: Statement"), "{said}");
    assert!(said.contains("612 x 792 pts (letter)"), "{said}");
}

#[test]
fn fonts_are_embedded_cut_and_can_be_copied_from() {
    let said = run("pdffonts", &[], &Made::varied().print(&Fonts::load()).pdf, &[]);
    let fonts: Vec<&str> = said.lines().skip(2).collect();
    assert_eq!(fonts.len(), 4, "two weights of two parts: {said}");
    for font in fonts {
        assert!(font.contains("+RefbookSans") && font.contains("yes yes yes"), "{font}");
    }
}

#[test]
fn the_files_inside_come_out_as_they_went_in() {
    let made = Made::with_lines(60);
    let pdf = file(&made.print(&Fonts::load()).pdf);
    let folder = tempfile::tempdir().expect("a folder");
    let done =
        std::process::Command::new("pdfdetach").arg("-saveall").arg("-o").arg(folder.path()).arg(pdf.path()).status();
    assert!(done.expect("pdfdetach is needed to check the paper (poppler-utils)").success());
    let read = |name: &str| std::fs::read(folder.path().join(name)).expect(name);
    assert_eq!(read("statement.json"), made.json);
    assert_eq!(read("statement.csv"), made.csv);
}

#[test]
fn the_files_inside_are_data_of_the_document() {
    let document = document(&Made::with_lines(1).print(&Fonts::load()).pdf);
    for (nth, name) in [("0", "statement.csv"), ("1", "statement.json")] {
        let file = at(&document, &["AF", nth]).as_dict().expect("a file");
        assert_eq!(file.get(b"AFRelationship").and_then(Object::as_name).expect("a relationship"), b"Data");
        assert_eq!(file.get(b"UF").and_then(Object::as_str).expect("a name"), name.as_bytes());
    }
}

#[test]
fn the_catalogue_has_what_readers_look_for() {
    let document = document(&Made::varied().print(&Fonts::load()).pdf);
    assert_eq!(at(&document, &["Lang"]).as_str().expect("a language"), b"en-US");
    assert!(at(&document, &["MarkInfo", "Marked"]).as_bool().expect("a mark"));
    assert!(at(&document, &["ViewerPreferences", "DisplayDocTitle"]).as_bool().expect("a preference"));
    let profile = at(&document, &["OutputIntents", "0", "DestOutputProfile"]).as_stream().expect("a profile");
    let profile = profile.decompressed_content().expect("a profile");
    assert_eq!(&profile[36..40], b"acsp");
    assert_eq!(profile[..4], u32::try_from(profile.len()).expect("small").to_be_bytes());
    let info = document.trailer.get(b"Info").expect("information");
    assert!(!follow(&document, info).as_dict().expect("information").has(b"GTS_PDFXVersion"));
    assert!(catalogue(&document).get(b"Pages").is_ok());
}

#[test]
fn the_newer_metadata_equal_the_older() {
    let document = document(&Made::varied().print(&Fonts::load()).pdf);
    let xmp = at(&document, &["Metadata"]).as_stream().expect("metadata").get_plain_content().expect("metadata");
    let xmp = String::from_utf8(xmp).expect("UTF-8");
    let info = follow(&document, document.trailer.get(b"Info").expect("information")).as_dict().expect("information");
    for (key, element) in [("Title", "dc:title"), ("Author", "dc:creator"), ("Subject", "dc:description")] {
        let text = lopdf::decode_text_string(info.get(key.as_bytes()).expect(key)).expect(key);
        let inside = xmp.split(&format!("<{element}>")).nth(1).expect(element);
        assert!(inside.split(&format!("</{element}>")).next().is_some_and(|inside| inside.contains(&text)), "{key}");
    }
    assert!(xmp.contains("<xmp:CreateDate>2025-02-03T00:00:00Z</xmp:CreateDate>"));
}

#[test]
fn everything_drawn_is_part_of_an_element_or_an_artifact() {
    let document = document(&Made::with_lines(60).print(&Fonts::load()).pdf);
    for page in document.get_pages().into_values() {
        let content = document.get_and_decode_page_content(page).expect("content");
        let mut depth = 0;
        for operation in content.operations {
            match operation.operator.as_str() {
                "BDC" => depth += 1,
                "EMC" => depth -= 1,
                "Tj" | "TJ" | "S" | "f" | "f*" | "m" | "l" | "c" => assert_eq!(depth, 1, "{operation:?}"),
                _ => {}
            }
        }
        assert_eq!(depth, 0);
    }
}

#[test]
fn every_table_has_heads_and_every_element_knows_its_parent() {
    let document = document(&Made::varied().print(&Fonts::load()).pdf);
    let mut tables = 0;
    let root = catalogue(&document).get(b"StructTreeRoot").expect("a tree").clone();
    let mut open = vec![(root.clone(), at(&document, &["StructTreeRoot", "K"]))];
    // Each kid with the reference that it should name as its parent.
    let top = at(&document, &["StructTreeRoot"]).as_dict().expect("a tree").get(b"K").expect("a document");
    let mut seen = vec![(root, top.clone())];
    open.clear();
    while let Some((parent, reference)) = seen.pop() {
        let element = follow(&document, &reference).as_dict().expect("an element");
        assert_eq!(element.get(b"P").expect("a parent"), &parent);
        let kids = match element.get(b"K") {
            Ok(Object::Array(kids)) => kids.clone(),
            Ok(kid) => vec![kid.clone()],
            Err(_) => Vec::new(),
        };
        if element.get(b"S").and_then(Object::as_name).expect("a role") == b"Table" {
            tables += 1;
            assert!(heads(&document, element) > 0, "a table without heads");
        }
        seen.extend(kids.into_iter().filter(|kid| kid.as_reference().is_ok()).map(|kid| (reference.clone(), kid)));
    }
    assert_eq!(tables, 7, "sum, apart, year, lines, charges, held, rules");
}

fn heads(document: &Document, table: &Dictionary) -> usize {
    let kids = |dictionary: &Dictionary| match dictionary.get(b"K") {
        Ok(Object::Array(kids)) => kids.clone(),
        Ok(kid) => vec![kid.clone()],
        Err(_) => Vec::new(),
    };
    let rows = kids(table);
    let cells = rows.iter().flat_map(|row| kids(follow(document, row).as_dict().expect("a row")));
    let is_head = |cell: &Object| {
        let cell = follow(document, cell).as_dict().expect("a cell");
        cell.get(b"S").and_then(Object::as_name).expect("a role") == b"TH" && cell.has(b"A")
    };
    cells.filter(is_head).count()
}

#[test]
fn every_content_leads_back_to_its_element() {
    let document = document(&Made::with_lines(60).print(&Fonts::load()).pdf);
    let numbers = at(&document, &["StructTreeRoot", "ParentTree", "Nums"]).as_array().expect("numbers");
    for (nth, page) in document.get_pages().into_values().enumerate() {
        let parents = follow(&document, &numbers[nth * 2 + 1]).as_array().expect("parents");
        let content = document.get_and_decode_page_content(page).expect("content");
        let marked = content.operations.iter().filter(|operation| {
            operation.operator == "BDC"
                && operation.operands[1].as_dict().is_ok_and(|properties| properties.has(b"MCID"))
        });
        assert_eq!(marked.count(), parents.len());
        assert!(parents.iter().all(|parent| follow(&document, parent).as_dict().is_ok_and(|parent| parent.has(b"S"))));
    }
}

#[test]
fn a_statement_of_sixty_lines_is_a_small_file() {
    let made = Made::with_lines(60);
    let size = made.print(&Fonts::load()).pdf.len();
    assert!(made.json.len() > 140_000, "as much inside as a sealed statement has: {}", made.json.len());
    assert!(size < 46_000, "{size} bytes");
}
