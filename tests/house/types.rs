//! The window's types are written from Rust's: `REFBOOK_BLESS=1 cargo test --test house` writes them anew.

use std::fs;

use desk::views::*;
use desk::{Code, DeskError};
use ts_rs::{Config, TS};

use crate::root;

const FILE: &str = "ui/src/desk/types.gen.ts";

fn written() -> String {
    let config = Config::default();
    let types = [
        Amount::decl(&config),
        MonthName::decl(&config),
        BookView::decl(&config),
        Start::decl(&config),
        MonthsView::decl(&config),
        Sums::decl(&config),
        StatementRow::decl(&config),
        MonthView::decl(&config),
        SealView::decl(&config),
        LineView::decl(&config),
        ClientLines::decl(&config),
        ReleaseView::decl(&config),
        AdjustmentView::decl(&config),
        YearView::decl(&config),
        StatementPage::decl(&config),
        OutcomeView::decl(&config),
        StepView::decl(&config),
        WhyView::decl(&config),
        TallyView::decl(&config),
        ImportView::decl(&config),
        PreviewView::decl(&config),
        PrintedSoFar::decl(&config),
        SavedView::decl(&config),
        VerifiedView::decl(&config),
        Code::decl(&config),
        DeskError::decl(&config),
    ];
    let mut text = "// Written from Rust by tests/house/types.rs. Not by hand.\n".to_owned();
    for declared in types {
        text.push_str(&format!("\nexport {declared}\n"));
    }
    text
}

#[test]
fn the_windows_types_are_those_of_rust() {
    let (file, written) = (root().join(FILE), written());
    if std::env::var_os("REFBOOK_BLESS").is_some() {
        fs::write(&file, &written).expect("written");
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert!(kept == written, "{FILE} is stale: REFBOOK_BLESS=1 cargo test -p refbook-tests --test house");
}
