//! What a statement says.

use paper::{Fonts, PageSize, Warning};
use rules::money::Money;

use crate::made::{Made, usd};
use crate::reading::{pages, text, words};

#[test]
fn a_month_with_everything_says_everything() {
    let fonts = Fonts::load();
    let printed = Made::varied().print(&fonts);
    assert_eq!(printed.warnings, []);
    let text = text(&printed.pdf);
    for said in [
        "Statement, January 2025",
        "Questions? (866) 778-1212",
        "Maria Gómez",
        "Due to you, USD",
        "257.06",
        "Adjustment: Bonus for the third referral of the quarter",
        "−12.50",
        "Retained: you kept it",
        "Year to date, 2025",
        "Earns nothing: Migration of two servers (setup) 500.00.",
        "Base: the original 300.00 × 1 month; 485.76 was billed.",
        "Security review (consulting)",
        "Held, and what releases it",
        "“up to 10%”",
    ] {
        assert!(text.contains(said), "{said:?} is missing in {text}");
    }
}

#[test]
fn rates_have_equal_decimals_down_their_column() {
    let text = text(&Made::with_lines(4).print(&Fonts::load()).pdf);
    assert!(text.contains(" 7.5%") && text.contains(" 10.0%") && !text.contains(" 10% 1"), "{text}");
}

#[test]
fn the_amount_due_is_the_largest_type() {
    let (words, _) = words(&Made::varied().print(&Fonts::load()).pdf);
    let tallest = words.iter().max_by(|a, b| (a.bottom - a.top).total_cmp(&(b.bottom - b.top)));
    assert_eq!(tallest.map(|word| word.text.as_str()), Some("257.06"));
}

#[test]
fn a_month_without_lines_says_so_kindly() {
    let text = text(&Made::with_lines(0).print(&Fonts::load()).pdf);
    assert!(text.contains("No invoice of your clients came to anything in January 2025"));
}

#[test]
fn a_balance_under_the_minimum_is_carried_forward_and_why() {
    let mut inputs = Made::with_lines(1).inputs;
    inputs.programme.minimum_payout = usd(10_000);
    let text = text(&Made::of(inputs).print(&Fonts::load()).pdf);
    assert!(text.contains("The balance of 16.90 is under the minimum payout of 100.00, so it is carried forward."));
}

#[test]
fn a_debt_is_carried_forward_and_nothing_is_due() {
    let mut inputs = Made::with_lines(1).inputs;
    inputs.brought_forward = usd(-50_000);
    let text = text(&Made::of(inputs).print(&Fonts::load()).pdf);
    assert!(text.contains("More was taken back than earned. The 483.10 is carried forward"));
    assert!(text.contains("−483.10 carried forward"));
}

#[test]
fn a_draft_is_marked_on_every_page_and_has_no_fingerprint() {
    let made = Made::with_lines(60);
    let printed = paper::statement(&made.draft(), PageSize::Letter, &Fonts::load());
    let pages = pages(&printed.pdf);
    assert!(pages.iter().all(|page| page.contains("Draft") && page.contains("Draft, not closed: figures may change")));
    assert!(pages.iter().all(|page| !page.contains("3f8a")));
}

#[test]
fn a_later_revision_says_so() {
    let made = Made::with_lines(1);
    let mut paper = made.sealed();
    paper.seal =
        paper::Seal::Sealed { sha256: crate::made::SHA256, closed_on: crate::made::date("2025-02-03"), revision: 2 };
    let printed = paper::statement(&paper, PageSize::A4, &Fonts::load());
    assert!(text(&printed.pdf).contains("Number 2025-01-A1, revision 2"));
}

#[test]
fn what_the_fonts_lack_is_seen_and_warned_of() {
    let mut inputs = Made::with_lines(2).inputs;
    inputs.clients[0].name = "株式会社 Alder".to_owned();
    inputs.clients[1].name = "Bi\u{202e}rch".to_owned();
    let printed = Made::of(inputs).print(&Fonts::load());
    assert!(text(&printed.pdf).contains("□□□□ Alder"));
    assert!(text(&printed.pdf).contains("Bi□rch"));
    let said: Vec<String> = printed.warnings.iter().map(Warning::to_string).collect();
    assert_eq!(
        said,
        [
            "The paper can't show U+202E in \"Birch\": a square stands instead.",
            "The paper can't show “会”, “式”, “株”, “社” in \"株式会社 Alder\": a square stands instead.",
        ]
    );
}

#[test]
fn accents_and_other_alphabets_are_printed_as_they_are() {
    let mut inputs = Made::with_lines(3).inputs;
    inputs.clients[0].name = "Zoe\u{308} Müller & Łódź".to_owned();
    inputs.clients[1].name = "Ωμέγα".to_owned();
    inputs.clients[2].name = "Огонь Việt".to_owned();
    let printed = Made::of(inputs).print(&Fonts::load());
    assert_eq!(printed.warnings, []);
    let text = text(&printed.pdf);
    assert!(text.contains("Zoë Müller & Łódź") && text.contains("Ωμέγα") && text.contains("Огонь Việt"), "{text}");
}

#[test]
fn the_amounts_of_a_column_end_on_one_line() {
    let (words, _) = words(&Made::with_lines(60).print(&Fonts::load()).pdf);
    let amounts = words.iter().filter(|word| word.page > 0 && word.text.contains('.') && word.left > 300.0);
    let amounts: Vec<_> =
        amounts.filter(|word| word.text.chars().all(|c| c.is_ascii_digit() || ",.−".contains(c))).collect();
    let mut edges: Vec<f64> = amounts.iter().map(|word| word.right).collect();
    edges.sort_by(f64::total_cmp);
    let columns = edges.chunk_by(|a, b| b - a < 3.0).filter(|column| column.len() > 10);
    let mut seen = 0;
    for column in columns {
        seen += 1;
        assert!(column[column.len() - 1] - column[0] < 0.01, "{column:?}");
    }
    assert!(seen >= 3, "base, commission, held or kept: {edges:?}");
}

#[test]
fn nothing_overlaps_and_nothing_is_clipped_however_long_the_names_and_amounts() {
    let fonts = Fonts::load();
    let mut inputs = Made::varied().inputs;
    let absurd = Money::from_minor(Money::LIMIT, inputs.programme.currency);
    inputs.affiliate.name = "Wolfgang von ".repeat(1_000);
    inputs.affiliate.own_companies = vec!["Company".repeat(1_500)];
    inputs.programme.company = "Net".repeat(4_000);
    inputs.programme.phone = "1".repeat(10_000);
    inputs.clients[0].name = "x".repeat(10_000);
    inputs.clients[1].name = "Birch and ".repeat(1_000);
    inputs.invoices[3].invoice.number = "NS-".repeat(4_000);
    inputs.invoices[0].invoice.lines[0].description = "y".repeat(10_000);
    inputs.adjustments[0].reason = "because ".repeat(2_000);
    inputs.adjustments[1].amount = absurd;
    inputs.brought_forward = absurd;
    inputs.invoices[5].invoice.lines[0].amount = absurd;
    inputs.invoices[5].payments[0].amount = inputs.invoices[5].invoice.total();
    inputs.contracts[5].contract.lines[0].amount = absurd;
    for (made, size) in [
        (Made::of(inputs), PageSize::A4),
        (Made::varied(), PageSize::Letter),
        (Made::with_lines(60), PageSize::A4),
        (Made::with_lines(0), PageSize::Letter),
    ] {
        for paper in [made.sealed(), made.draft()] {
            let printed = paper::statement(&paper, size, &fonts);
            let (words, sheets) = words(&printed.pdf);
            assert!(sheets.len() < 8);
            for (nth, word) in words.iter().enumerate() {
                let (width, height) = sheets[word.page];
                assert!(word.left > 40.0 && word.right < width - 40.0, "{word:?} is beside the page");
                assert!(word.top > 15.0 && word.bottom < height - 15.0, "{word:?} is beside the page");
                let overlaps = |other: &&crate::reading::Word| {
                    let slack = 0.25 * (word.bottom - word.top).min(other.bottom - other.top);
                    other.page == word.page
                        && word.left + 0.1 < other.right
                        && other.left + 0.1 < word.right
                        && word.top + slack < other.bottom
                        && other.top + slack < word.bottom
                };
                assert!(!words[nth + 1..].iter().any(|other| overlaps(&other)), "something overlaps {word:?}");
            }
        }
    }
}
