//! What poppler and qpdf read in a file. A tool that is missing fails the test: an unchecked file is no checked one.

use std::io::Write;
use std::process::Command;

use tempfile::NamedTempFile;

pub fn file(pdf: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().expect("a temporary file");
    file.write_all(pdf).expect("room for a file");
    file
}

/// What the tool prints about the file, once it has succeeded.
pub fn run(tool: &str, before: &[&str], pdf: &[u8], after: &[&str]) -> String {
    let file = file(pdf);
    let output = Command::new(tool).args(before).arg(file.path()).args(after).output();
    let output =
        output.unwrap_or_else(|error| panic!("{tool} is needed to check the paper (poppler-utils, qpdf): {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{tool} {before:?} says: {said}");
    String::from_utf8(output.stdout).expect("the tools write UTF-8")
}

/// Each page's text, as it is laid out.
pub fn pages(pdf: &[u8]) -> Vec<String> {
    let text = run("pdftotext", &["-layout"], pdf, &["-"]);
    text.trim_end_matches('\u{c}').split('\u{c}').map(str::to_owned).collect()
}

/// The whole text, with every run of blanks as one.
pub fn text(pdf: &[u8]) -> String {
    run("pdftotext", &[], pdf, &["-"]).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[derive(Clone, Debug)]
pub struct Word {
    pub page: usize,
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
    pub text: String,
}

/// Every word with its box, and each page's width and height.
pub fn words(pdf: &[u8]) -> (Vec<Word>, Vec<(f64, f64)>) {
    let (mut words, mut sheets) = (Vec::new(), Vec::new());
    for line in run("pdftotext", &["-bbox"], pdf, &["-"]).lines().map(str::trim) {
        let number = |name: &str| {
            let (_, after) = line.split_once(&format!("{name}=\"")).expect(name);
            after.split('"').next().and_then(|number| number.parse::<f64>().ok()).expect(name)
        };
        if line.starts_with("<page ") {
            sheets.push((number("width"), number("height")));
        } else if line.starts_with("<word ") {
            let text = line.split_once('>').and_then(|(_, text)| text.strip_suffix("</word>")).expect("a word");
            words.push(Word {
                page: sheets.len() - 1,
                left: number("xMin"),
                right: number("xMax"),
                top: number("yMin"),
                bottom: number("yMax"),
                text: text.to_owned(),
            });
        }
    }
    (words, sheets)
}
