//! What all papers have in common: whose they are at the head, the facts in a strip, number and fingerprint at the foot.

use rules::terms::Programme;

use crate::logo::{self, Logo};
use crate::page::{Align, BOTTOM, HEIGHT, Ink, Owner, Pages, Place, Role, Strip, Style, Tree, WIDTH};

/// The left and the right part of the page, where two things stand side by side.
pub(crate) const LEFT: Strip = Strip { x: 0.0, width: 272.0 };
pub(crate) const RIGHT: Strip = Strip { x: 312.0, width: 188.0 };
const MARK: f32 = 26.0;
/// A logo may be wider than the mark.
const WIDEST: f32 = 3.0 * MARK;

/// The programme's logo or mark, its name, and whom to ask.
pub(crate) fn programme(programme: &Programme, logo: Option<&Logo>, pages: &mut Pages<'_>) {
    whose(programme, "Referral programme", logo, pages);
}

/// The same on what a prospect reads, which knows of no referral.
pub(crate) fn company(programme: &Programme, logo: Option<&Logo>, pages: &mut Pages<'_>) {
    whose(programme, "", logo, pages);
}

/// Who bills, with its logo or mark, and its address.
pub(crate) fn biller(name: &str, address: &str, logo: Option<&Logo>, pages: &mut Pages<'_>) {
    let width = match logo {
        Some(logo) => picture(logo, name, pages),
        None => mark(name, pages),
    };
    let strip = Strip { x: width + 9.0, width: LEFT.width - width - 9.0 };
    pages.paragraph(Role::Paragraph, name, Style::NAME, strip, 3);
    for line in address.lines().filter(|line| !line.trim().is_empty()) {
        pages.paragraph(Role::Paragraph, line, Style::LABEL, strip, 2);
    }
}

fn whose(programme: &Programme, without_phone: &str, logo: Option<&Logo>, pages: &mut Pages<'_>) {
    let company = &programme.company;
    let width = match logo {
        Some(logo) => picture(logo, company, pages),
        None => mark(company, pages),
    };
    let strip = Strip { x: width + 9.0, width: LEFT.width - width - 9.0 };
    pages.paragraph(Role::Paragraph, company, Style::NAME, strip, 3);
    let phone = programme.phone.trim();
    let line = if phone.is_empty() { without_phone.to_owned() } else { format!("Questions? {phone}") };
    pages.paragraph(Role::Paragraph, &line, Style::LABEL, strip, 2);
}

/// The logo in the mark's place, heard as the company's name; gives its width.
fn picture(logo: &Logo, company: &str, pages: &mut Pages<'_>) -> f32 {
    let (width, height) = logo.within(WIDEST, MARK);
    let figure = pages.tree.add(Role::Figure, Tree::ROOT);
    pages.tree.elements[figure.0].instead = pages.legible(company);
    let (x, y) = (0.0, (MARK - height) / 2.0);
    pages.mark(Owner::Element(figure), Ink::Picture { x, y, width, height, logo: logo.clone() });
    width
}

/// The mark is looks alone: its company's name stands beside it. Gives its width.
fn mark(company: &str, pages: &mut Pages<'_>) -> f32 {
    pages.mark(Owner::Layout, Ink::Shape(logo::mark(company, MARK, pages.fonts)));
    MARK
}

/// Labels with what they say, each from its place on, in a strip between two hairlines.
pub(crate) fn facts(facts: impl Iterator<Item = (&'static str, String, f32)>, pages: &mut Pages<'_>) {
    pages.rule(Strip::WHOLE, 0.4);
    pages.skip(6.0);
    let top = pages.at.y;
    for (label, value, x) in facts {
        pages.at.y = top;
        let strip = Strip { x, width: 148.0_f32.min(WIDTH - x) };
        pages.paragraph(Role::Paragraph, label, Style::LABEL, strip, 1);
        pages.paragraph(Role::Paragraph, &value, Style::STRONG, strip, 1);
    }
    pages.skip(5.0);
    pages.rule(Strip::WHOLE, 0.4);
}

/// Number, fingerprint and page, on every page.
pub(crate) fn foot(number: &str, mark: &str, pages: &mut Pages<'_>) {
    let count = pages.pages.len();
    for page in 0..count {
        pages.at = Place { page, y: BOTTOM + 20.0 };
        pages.rule(Strip::WHOLE, 0.4);
        pages.at.y = HEIGHT - Style::LABEL.leading;
        let third = |nth: f32| Strip { x: nth * 180.0, width: 168.0 };
        pages.line(Owner::Pagination, number, Style::LABEL, third(0.0), Align::Left);
        pages.line(Owner::Pagination, mark, Style::LABEL, third(1.0), Align::Left);
        let of = format!("Page {} of {count}", page + 1);
        pages.line(Owner::Pagination, &of, Style::LABEL, Strip { x: 360.0, width: WIDTH - 360.0 }, Align::Right);
    }
}

/// The first sixteen digits, in fours: `1a2b 3c4d 5e6f 7081`.
pub fn fingerprint(sha256: &str) -> String {
    let digits: Vec<char> = sha256.chars().take(16).collect();
    digits.chunks(4).map(String::from_iter).collect::<Vec<_>>().join(" ")
}
