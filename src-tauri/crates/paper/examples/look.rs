//! Prints believable statements into a folder, to look at, and says how long each takes at best and how large it is.
//!
//! `cargo run --release -p paper --example look -- FOLDER`

use std::path::PathBuf;
use std::time::Instant;

use paper::{Fonts, PageSize, StatementPaper};

#[allow(dead_code, reason = "the tests use all of it")]
#[path = "../tests/paper/made.rs"]
mod made;

use made::Made;

fn main() -> std::io::Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| ".".to_owned()));
    let start = Instant::now();
    let fonts = Fonts::load();
    println!("fonts loaded in {:?}", start.elapsed());
    let [varied, sixty, one, nothing] =
        [Made::varied(), Made::with_lines(60), Made::with_lines(1), Made::with_lines(0)];
    let mut long = Made::varied().inputs;
    long.affiliate.name = "An Affiliate With a Very Long Name Indeed, ".repeat(300);
    long.clients[0].name = "Ωμέγα Огонь 中文 and Daughters ".repeat(30);
    long.clients[1].name = "x".repeat(10_000);
    long.brought_forward = made::usd(-1_000_000);
    long.programme.phone.clear();
    let long = Made::of(long);
    for (name, paper, size) in [
        ("varied", varied.sealed(), PageSize::A4),
        ("letter", varied.sealed(), PageSize::Letter),
        ("draft", varied.draft(), PageSize::Letter),
        ("sixty", sixty.sealed(), PageSize::A4),
        ("one", one.sealed(), PageSize::A4),
        ("nothing", nothing.sealed(), PageSize::Letter),
        ("long", long.sealed(), PageSize::A4),
    ] {
        std::fs::write(folder.join(format!("{name}.pdf")), print(name, &paper, size, &fonts))?;
    }
    Ok(())
}

fn print(name: &str, paper: &StatementPaper<'_>, size: PageSize, fonts: &Fonts) -> Vec<u8> {
    let printed = paper::statement(paper, size, fonts);
    let fastest = (0..50).map(|_| {
        let start = Instant::now();
        std::hint::black_box(paper::statement(paper, size, fonts));
        start.elapsed()
    });
    println!("{name}: {} bytes in {:?}", printed.pdf.len(), fastest.min().unwrap_or_default());
    for warning in &printed.warnings {
        println!("  {warning}");
    }
    printed.pdf
}
