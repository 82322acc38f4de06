//! What a recovery sheet says: the code, large and in numbered groups, and what it can and can not do.

use rules::day;

use crate::RecoveryPaper;
use crate::finish::About;
use crate::fonts::Fonts;
use crate::letterhead::{self, LEFT, RIGHT};
use crate::page::{Align, Owner, Pages, Role, Strip, Style, Tree, WIDTH};

const SPACE: f32 = 24.0;
/// How many groups stand side by side.
const ACROSS: usize = 4;
const AIR: f32 = 6.0;

pub(crate) fn lay_out<'f>(paper: &RecoveryPaper<'_>, fonts: &'f Fonts) -> Pages<'f> {
    let mut pages = Pages::new(fonts);
    let sheet = Sheet { paper };
    sheet.head(&mut pages);
    sheet.code(&mut pages);
    meaning(&mut pages);
    let name = pages.legible(&sheet.name());
    letterhead::foot(&name, "Keep it where nobody else looks", &mut pages);
    pages
}

/// What the document says of itself: never the code.
pub(crate) fn about<'a>(paper: &RecoveryPaper<'a>, fonts: &Fonts) -> About<'a> {
    let name = fonts.legible(&Sheet { paper }.name()).text;
    About {
        title: format!("Recovery sheet, {name}"),
        author: name,
        subject: format!("A way into the book, made on {}", day::words(paper.made_on)),
        on: paper.made_on,
        files: Vec::new(),
    }
}

struct Sheet<'a> {
    paper: &'a RecoveryPaper<'a>,
}

impl Sheet<'_> {
    fn head(&self, pages: &mut Pages<'_>) {
        let top = pages.at;
        pages.paragraph(Role::Paragraph, "Book", Style::LABEL, LEFT, 1);
        pages.skip(2.0);
        pages.paragraph(Role::Paragraph, self.paper.book_name, Style::NAME, LEFT, 3);
        let left = pages.at.y;
        pages.at = top;
        pages.aligned(Role::H1, "Recovery sheet", Style::NAME, RIGHT, Align::Right, 1);
        let made = format!("Made on {}", day::words(self.paper.made_on));
        pages.aligned(Role::Paragraph, &made, Style::LABEL, RIGHT, Align::Right, 1);
        pages.at.y = left.max(pages.at.y) + SPACE;
    }

    /// Each group with its number: what is mistyped is told by it.
    fn code(&self, pages: &mut Pages<'_>) {
        pages.paragraph(Role::H2, "Recovery code", Style::SECTION, Strip::WHOLE, 1);
        pages.skip(AIR);
        let groups: Vec<(usize, &str)> = (1..).zip(self.paper.code.split('-')).collect();
        for line in groups.chunks(ACROSS) {
            pages.rule(Strip::WHOLE, 0.4);
            pages.skip(AIR);
            let top = pages.at.y;
            for (at, group) in line.iter().enumerate() {
                pages.at.y = top;
                draw_group(at, *group, pages);
            }
            pages.skip(AIR);
        }
        pages.rule(Strip::WHOLE, 0.4);
        pages.skip(AIR);
        let how = "Typed in capital or small letters, with or without dashes. There is no letter O, I, L or U in it.";
        pages.paragraph(Role::Paragraph, how, Style::LABEL, Strip::WHOLE, 2);
        pages.skip(SPACE);
    }

    fn name(&self) -> String {
        self.paper.book_name.chars().take(60).collect()
    }
}

#[expect(clippy::cast_precision_loss, reason = "a handful of columns")]
fn draw_group(at: usize, (number, group): (usize, &str), pages: &mut Pages<'_>) {
    let across = WIDTH / ACROSS as f32;
    let strip = Strip { x: at as f32 * across, width: across - SPACE };
    let owner = Owner::Element(pages.tree.add(Role::Paragraph, Tree::ROOT));
    for (text, style) in [(format!("{number}").as_str(), Style::LABEL), (group, Style::DRAFT)] {
        pages.line(owner, text, style, strip, Align::Left);
        pages.skip(style.leading);
    }
}

fn meaning(pages: &mut Pages<'_>) {
    let sections: [(&str, &[&str]); 3] = [
        (
            "What it opens",
            &[
                "This code opens the book in place of the passphrase. Whoever holds this sheet and the book's folder, or \
                 a backup of it, reads everything in it.",
                "Open the book, and type the code where the passphrase is asked for. On the command line, run refbook \
                 with --recovery-code-file and a file that has the code in its first line.",
            ],
        ),
        (
            "What it can't do alone",
            &[
                "The code opens the file key.json in the book's folder, and the key in there opens the book. If key.json \
                 is lost or damaged, put back the key.json of a backup made since this sheet: each backup holds one. Then \
                 the code opens the book again.",
                "Without any copy of key.json nobody can open the book: not with this code, not with the passphrase, and \
                 not whoever made Refbook. A copy from before this sheet was made does not know this code.",
            ],
        ),
        (
            "When it stops",
            &[
                "When this way in is removed, or the book is given a new key, the code opens the book as it is from then on \
                 no longer. Older copies and backups still open with it: destroy the sheet with them.",
            ],
        ),
    ];
    for (title, paragraphs) in sections {
        pages.paragraph(Role::H2, title, Style::SECTION, Strip::WHOLE, 1);
        pages.skip(4.0);
        for text in paragraphs {
            pages.paragraph(Role::Paragraph, text, Style::BODY, Strip::WHOLE, 5);
            pages.skip(4.0);
        }
        pages.skip(12.0);
    }
}
