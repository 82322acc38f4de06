//! The structure tree: the page model's tree as a PDF keeps it, so that a statement can be read aloud.

use lopdf::{Dictionary, Document, Object, ObjectId, dictionary};

use crate::finish::text;
use crate::page::{Element, ElementId, Role, Tree};

/// Writes the tree, and the way back from every marked content to its element.
/// `owners` are the elements of each page's marked contents, by number.
pub(crate) fn write(document: &mut Document, tree: &Tree, owners: &[Vec<ElementId>], pages: &[ObjectId]) -> ObjectId {
    let root = document.new_object_id();
    let ids: Vec<ObjectId> = tree.elements.iter().map(|_| document.new_object_id()).collect();
    let mut contents: Vec<Vec<(usize, usize)>> = vec![Vec::new(); ids.len()];
    for (page, owners) in owners.iter().enumerate() {
        for (number, owner) in owners.iter().enumerate() {
            contents[owner.0].push((page, number));
        }
    }
    for ((element, id), contents) in tree.elements.iter().zip(&ids).zip(&contents) {
        let parent = element.parent.map_or(root, |parent| ids[parent.0]);
        let mut written = attributes(element);
        written.set("P", parent);
        let kids = kids(element, &ids, contents, pages);
        match kids.len() {
            0 => {} // an empty cell
            1 => written.set("K", kids[0].clone()),
            _ => written.set("K", kids),
        }
        if let (Some(page), None) = (contents.first().map(|(page, _)| pages[*page]), element.kids.first()) {
            written.set("Pg", page);
        }
        document.set_object(*id, written);
    }
    let parents = owners.iter().enumerate().flat_map(|(page, owners)| {
        let owners: Vec<Object> = owners.iter().map(|owner| ids[owner.0].into()).collect();
        [integer(page), owners.into()]
    });
    let parents = document.add_object(dictionary! { "Nums" => parents.collect::<Vec<_>>() });
    let top = dictionary! {
        "Type" => "StructTreeRoot",
        "K" => ids[Tree::ROOT.0],
        "ParentTree" => parents,
        "ParentTreeNextKey" => integer(pages.len()),
    };
    document.set_object(root, top);
    root
}

fn kids(element: &Element, ids: &[ObjectId], contents: &[(usize, usize)], pages: &[ObjectId]) -> Vec<Object> {
    let first = contents.first().map(|(page, _)| *page);
    let own = contents.iter().map(|(page, number)| match first {
        Some(first) if first == *page => integer(*number),
        _ => dictionary! { "Type" => "MCR", "Pg" => pages[*page], "MCID" => integer(*number) }.into(),
    });
    element.kids.iter().map(|kid| ids[kid.0].into()).chain(own).collect()
}

fn attributes(element: &Element) -> Dictionary {
    let (role, scope) = match element.role {
        Role::Document => ("Document", None),
        Role::Figure => ("Figure", None),
        Role::H1 => ("H1", None),
        Role::H2 => ("H2", None),
        Role::Paragraph => ("P", None),
        Role::Table => ("Table", None),
        Role::Row => ("TR", None),
        Role::ColumnHead => ("TH", Some("Column")),
        Role::RowHead => ("TH", Some("Row")),
        Role::Data => ("TD", None),
    };
    let mut written = dictionary! { "S" => role };
    if !element.instead.is_empty() {
        written.set("Alt", text(&element.instead));
    }
    let mut table = dictionary! { "O" => "Table" };
    if let Some(scope) = scope {
        table.set("Scope", scope);
    }
    if element.span > 1 {
        table.set("ColSpan", integer(element.span));
    }
    if table.len() > 1 {
        written.set("A", table);
    }
    written
}

fn integer(number: usize) -> Object {
    i64::try_from(number).expect("memory has no room for more").into()
}
