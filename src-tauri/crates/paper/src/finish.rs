//! What printpdf leaves out: version, tags, language, title, metadata, colours, the files inside, an identity that
//! comes from the content. And it puts the prepared font programs in.

use flate2::Compression;
use lopdf::{Dictionary, Document, Object, ObjectId, SaveOptions, Stream, StringFormat, dictionary};
use printpdf::PdfSaveOptions;
use rules::day::Day;
use sha2::{Digest, Sha256};

use crate::draw::Drawn;
use crate::fonts::{Cut, deflate};
use crate::icc;
use crate::page::Tree;
use crate::tree;

/// What a document says of itself.
pub(crate) struct About<'a> {
    pub title: String,
    pub author: String,
    pub subject: String,
    /// When it was made and last changed: the day alone, as there is no clock here.
    pub on: Day,
    pub files: Vec<File<'a>>,
}

/// A file inside the document.
pub(crate) struct File<'a> {
    pub name: &'static str,
    pub mime: &'static str,
    pub description: &'static str,
    pub bytes: &'a [u8],
}

const LANGUAGE: &str = "en-US";
const PRODUCER: &str = "Refbook";

pub(crate) fn finish(drawn: &Drawn, tree: &Tree, about: &About<'_>) -> Vec<u8> {
    // What printpdf would warn of is checked before it draws: characters are in the fonts, text is in text sections.
    let mut document = drawn.document.to_lopdf_document(&PdfSaveOptions::default(), &mut Vec::new());
    "1.7".clone_into(&mut document.version);
    put_programs_in(&mut document, &drawn.fonts);
    let pages: Vec<ObjectId> = document.get_pages().into_values().collect();
    for (number, page) in (0_i64..).zip(&pages) {
        if let Ok(page) = document.get_object_mut(*page).and_then(Object::as_dict_mut) {
            page.set("StructParents", number);
            page.set("Tabs", "S");
            page.remove(b"Annots");
        }
    }
    let structure = tree::write(&mut document, tree, &drawn.owners, &pages);
    let additions = catalogue(&mut document, structure, about);
    if let Ok(catalogue) = document.catalog_mut() {
        catalogue.extend(&additions);
    }
    put_identity_in(&mut document, about);
    save(&mut document)
}

/// What the document's catalogue gets besides its pages.
fn catalogue(document: &mut Document, structure: ObjectId, about: &About<'_>) -> Dictionary {
    let files: Vec<Object> = about.files.iter().map(|file| embed(document, file, about.on)).collect();
    let names = about.files.iter().zip(&files).flat_map(|(file, id)| [text(file.name), id.clone()]);
    let names = names.collect::<Vec<_>>();
    let metadata = Stream::new(dictionary! { "Type" => "Metadata", "Subtype" => "XML" }, xmp(about).into_bytes());
    dictionary! {
        "StructTreeRoot" => structure,
        "MarkInfo" => dictionary! { "Marked" => true },
        "Lang" => text(LANGUAGE),
        "ViewerPreferences" => dictionary! { "DisplayDocTitle" => true },
        "Metadata" => document.add_object(metadata),
        "OutputIntents" => vec![output_intent(document)],
        "AF" => files,
        "Names" => dictionary! { "EmbeddedFiles" => dictionary! { "Names" => names } },
    }
}

/// In place of printpdf's information of 1970 and its ids of chance.
fn put_identity_in(document: &mut Document, about: &About<'_>) {
    if let Ok(Object::Reference(old)) = document.trailer.get(b"Info").cloned() {
        document.delete_object(old);
    }
    let info = document.add_object(info(about));
    document.trailer.set("Info", info);
    let id = Object::String(identity(document, about), StringFormat::Hexadecimal);
    document.trailer.set("ID", vec![id.clone(), id]);
}

/// printpdf was given the fonts' magic in place of their programs: here they come, cut and compressed.
fn put_programs_in(document: &mut Document, fonts: &[Cut]) {
    let mut programs = Vec::new();
    for object in document.objects.values_mut() {
        let Ok(descriptor) = object.as_dict_mut() else { continue };
        let Ok(name) = descriptor.get(b"FontName").and_then(Object::as_name) else { continue };
        let Ok(program) = descriptor.get(b"FontFile3").and_then(Object::as_reference) else { continue };
        if let Some(cut) = fonts.iter().find(|cut| cut.name.as_bytes() == name) {
            descriptor.set("CapHeight", cut.cap_height);
            programs.push((program, cut));
        }
    }
    for (id, cut) in programs {
        let about = dictionary! { "Subtype" => "CIDFontType0C", "Filter" => "FlateDecode" };
        document.set_object(id, Stream::new(about, cut.compressed.clone()));
    }
}

fn embed(document: &mut Document, file: &File<'_>, on: Day) -> Object {
    let size = i64::try_from(file.bytes.len()).expect("memory has no room for more");
    let about = dictionary! {
        "Type" => "EmbeddedFile",
        "Subtype" => file.mime,
        "Params" => dictionary! { "Size" => size, "ModDate" => text(&pdf_date(on)) },
        "Filter" => "FlateDecode",
    };
    let stream = document.add_object(Stream::new(about, deflate(file.bytes, Compression::new(6))));
    let specification = dictionary! {
        "Type" => "Filespec",
        "F" => text(file.name),
        "UF" => text(file.name),
        "Desc" => text(file.description),
        "AFRelationship" => "Data",
        "EF" => dictionary! { "F" => stream, "UF" => stream },
    };
    document.add_object(specification).into()
}

fn output_intent(document: &mut Document) -> Object {
    let profile = document.add_object(Stream::new(dictionary! { "N" => 3 }, icc::srgb()));
    dictionary! {
        "Type" => "OutputIntent",
        "S" => "GTS_PDFA1",
        "OutputConditionIdentifier" => text("sRGB"),
        "Info" => text("sRGB IEC61966-2.1"),
        "RegistryName" => text("http://www.color.org"),
        "DestOutputProfile" => profile,
    }
    .into()
}

fn info(about: &About<'_>) -> Dictionary {
    dictionary! {
        "Title" => text(&about.title),
        "Author" => text(&about.author),
        "Subject" => text(&about.subject),
        "Creator" => text(PRODUCER),
        "Producer" => text(PRODUCER),
        "CreationDate" => text(&pdf_date(about.on)),
        "ModDate" => text(&pdf_date(about.on)),
    }
}

/// The same as [`info`], in the newer form.
fn xmp(about: &About<'_>) -> String {
    let (title, author, subject) = (escaped(&about.title), escaped(&about.author), escaped(&about.subject));
    let date = format!("{}T00:00:00Z", about.on);
    format!(
        r#"<?xpacket begin="{bom}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{LANGUAGE}</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>{PRODUCER}</xmp:CreatorTool>
<xmp:CreateDate>{date}</xmp:CreateDate>
<xmp:ModifyDate>{date}</xmp:ModifyDate>
<pdf:Producer>{PRODUCER}</pdf:Producer>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"#,
        bom = '\u{feff}'
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Midnight of the day, Greenwich.
fn pdf_date(on: Day) -> String {
    format!("D:{}000000Z", on.format("%Y%m%d"))
}

/// A text string: ASCII as it is, all else in UTF-16.
pub(crate) fn text(text: &str) -> Object {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return Object::String(text.as_bytes().to_vec(), StringFormat::Literal);
    }
    let utf16 = std::iter::once(0xFEFF).chain(text.encode_utf16());
    Object::String(utf16.flat_map(u16::to_be_bytes).collect(), StringFormat::Hexadecimal)
}

/// The same for the same content: of what the pages show, the files hold and the document says of itself.
fn identity(document: &Document, about: &About<'_>) -> Vec<u8> {
    let mut hash = Sha256::new();
    for stream in document.objects.values().filter_map(|object| object.as_stream().ok()) {
        hash.update(&stream.content);
    }
    hash.update(about.title.as_bytes());
    hash.finalize().iter().take(16).copied().collect()
}

/// As `compress` and `save_modern` do it, but with larger object streams: a structure tree is many small objects alike.
fn save(document: &mut Document) -> Vec<u8> {
    for object in document.objects.values_mut() {
        if let Object::Stream(stream) = object
            && stream.allows_compression
            && !stream.dict.has(b"Filter")
        {
            stream.dict.set("Filter", "FlateDecode");
            stream.set_content(deflate(&stream.content, Compression::default()));
        }
    }
    let options = SaveOptions::builder()
        .use_object_streams(true)
        .use_xref_streams(true)
        .max_objects_per_stream(2000)
        .compression_level(6)
        .build();
    let mut bytes = Vec::new();
    document.save_with_options(&mut bytes, options).expect("writing to memory does not fail");
    compress_references(bytes)
}

/// lopdf leaves the table of references as it is, seven bytes for each of hundreds of objects. It is the last object of
/// the file, so it can be written anew: each entry as the difference to the one before (PNG's "up"), compressed.
fn compress_references(mut bytes: Vec<u8>) -> Vec<u8> {
    const ENTRY: usize = 7; // /W [1 4 2]
    let Some(table) = references(&bytes) else { return bytes };
    let mut rows = Vec::with_capacity(table.data.len() / ENTRY * (ENTRY + 1));
    let mut above = [0; ENTRY].as_slice();
    for entry in bytes[table.data.clone()].chunks_exact(ENTRY) {
        rows.push(2);
        rows.extend(entry.iter().zip(above).map(|(here, above)| here.wrapping_sub(*above)));
        above = entry;
    }
    let data = deflate(&rows, Compression::best());
    let about = String::from_utf8_lossy(&bytes[table.at..table.length_at]);
    let parameters = format!("/DecodeParms<</Predictor 12/Columns {ENTRY}>>");
    let head = format!("{about}/Length {}/Filter/FlateDecode{parameters}>>stream\n", data.len());
    let tail = format!("\nendstream\nendobj\nstartxref\n{}\n%%EOF", table.at);
    bytes.truncate(table.at);
    bytes.extend([head.as_bytes(), &data, tail.as_bytes()].concat());
    bytes
}

/// Where lopdf wrote the table of references, and in it the length (its last entry) and the data.
struct References {
    at: usize,
    length_at: usize,
    data: std::ops::Range<usize>,
}

/// `None` if it is not as lopdf 0.44 writes it: then it stays as it is.
fn references(bytes: &[u8]) -> Option<References> {
    let last = |wanted: &[u8]| bytes.windows(wanted.len()).rposition(|window| window == wanted);
    let start = bytes.get(last(b"startxref\n")? + 10..)?;
    let at: usize = std::str::from_utf8(start).ok()?.split('\n').next()?.parse().ok()?;
    let object = bytes.get(at..)?;
    let find = |wanted: &[u8]| object.windows(wanted.len()).position(|window| window == wanted);
    let (widths, length, stream) = (find(b"/W[1 4 2]")?, find(b"/Length ")?, find(b">>stream\n")?);
    let count: usize = std::str::from_utf8(&object[length + 8..stream]).ok()?.parse().ok()?;
    let data = at + stream + 9;
    (widths < stream && data + count <= bytes.len()).then_some(References {
        at,
        length_at: at + length,
        data: data..data + count,
    })
}
