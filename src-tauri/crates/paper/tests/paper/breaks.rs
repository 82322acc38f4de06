//! How statements of any length break over pages.

use paper::Fonts;

use crate::made::Made;
use crate::reading::pages;

/// The pages of the lines' table: its invoices, what is carried in and out, and whether the total stands there.
struct Part {
    invoices: Vec<String>,
    from: Option<String>,
    to: Option<String>,
    total: bool,
    headed: bool,
}

fn parts(made: &Made, fonts: &Fonts) -> Vec<Part> {
    let mut parts = Vec::new();
    for page in pages(&made.print(fonts).pdf) {
        let Some((_, table)) = page.split_once("Commission by client") else { continue };
        let until = table.find("Held, and what releases it").unwrap_or(table.len());
        let lines: Vec<&str> = table[..until].lines().map(str::trim).collect();
        let sums = |start: &str| {
            let line = lines.iter().find(|line| line.starts_with(start))?;
            Some(line[start.len()..].split_whitespace().skip(1).collect::<Vec<_>>().join(" "))
        };
        parts.push(Part {
            invoices: lines.iter().filter(|line| line.starts_with("NS-")).map(|line| (*line).to_owned()).collect(),
            from: sums("Carried over from page"),
            to: sums("Carried over to page"),
            total: lines.iter().any(|line| line.starts_with("Total")),
            headed: lines.iter().any(|line| line.starts_with("Invoice") && line.contains("Commission")),
        });
    }
    parts
}

#[test]
fn a_table_of_any_length_breaks_by_the_rules() {
    let fonts = Fonts::load();
    for count in 1..=70 {
        let parts = parts(&Made::with_lines(count), &fonts);
        let invoices: usize = parts.iter().map(|part| part.invoices.len()).sum();
        assert_eq!(invoices, count, "every row is there once");
        let (last, before) = parts.split_last().expect("a page");
        assert!(last.total && last.to.is_none(), "{count}: the total stands at the end");
        assert!(last.invoices.len() >= count.min(2), "{count}: two rows stand before a total");
        assert!(before.iter().all(|part| !part.total), "{count}: and nowhere else");
        assert!(parts.iter().all(|part| part.headed), "{count}: the head comes again");
        for pair in parts.windows(2) {
            assert!(pair[0].to.is_some(), "{count}: sums are carried over");
            assert_eq!(pair[0].to, pair[1].from, "{count}: what is carried over arrives");
        }
    }
}

#[test]
fn one_line_is_not_broken_at_all() {
    assert_eq!(parts(&Made::with_lines(1), &Fonts::load()).len(), 1);
}

#[test]
fn many_adjustments_carry_their_sum_over() {
    let mut inputs = Made::with_lines(1).inputs;
    for nth in 0..80 {
        inputs.adjustments.push(crate::made::adjustment(&format!("J{nth:03}"), 100, "A dollar"));
    }
    let pages = pages(&Made::of(inputs).print(&Fonts::load()).pdf);
    assert!(pages[0].contains("Carried over to page 2"));
    assert!(pages[1].contains("Summary, continued") && pages[1].contains("Carried over from page 1"));
    assert_eq!(pages.iter().flat_map(|page| page.matches("A dollar")).count(), 80);
    let balance = pages.iter().position(|page| page.contains("Balance")).expect("a balance");
    assert!(pages[balance].matches("A dollar").count() >= 2);
}

#[test]
fn every_page_says_which_it_is_and_of_how_many() {
    let pages = pages(&Made::with_lines(60).print(&Fonts::load()).pdf);
    for (nth, page) in pages.iter().enumerate() {
        assert!(page.contains(&format!("Page {} of {}", nth + 1, pages.len())));
        assert!(page.contains("Statement 2025-01-A1"));
        assert!(page.contains("Fingerprint 3f8a 91c2 7be0 4d55"));
    }
}
