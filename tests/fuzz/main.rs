//! libFuzzer over one of our parsers, `REFBOOK_PARSER`, beginning from the seeds that it writes into `REFBOOK_CORPUS`.

#![no_main]

#[path = "../src/cases.rs"]
#[allow(dead_code)]
mod cases;
#[path = "../src/hostile.rs"]
#[allow(dead_code)]
mod hostile;
#[path = "../src/oracle.rs"]
#[allow(dead_code)]
mod oracle;

use std::sync::OnceLock;
use std::{env, fs};

use hostile::{PARSERS, Parser};

static PARSER: OnceLock<&Parser> = OnceLock::new();

libfuzzer_sys::fuzz_target!(
    init: {
        let name = env::var("REFBOOK_PARSER").expect("REFBOOK_PARSER names a parser");
        let parser = PARSERS.iter().find(|parser| parser.name == name).expect("a parser of ours");
        let corpus = env::var("REFBOOK_CORPUS").expect("REFBOOK_CORPUS names a folder");
        for (nth, seed) in (parser.seeds)().into_iter().enumerate() {
            fs::write(format!("{corpus}/seed-{nth}"), seed).expect("a seed");
        }
        PARSER.get_or_init(|| parser);
    },
    |bytes: &[u8]| {
        if let Some(parser) = PARSER.get() {
            (parser.takes)(bytes);
        }
    }
);
