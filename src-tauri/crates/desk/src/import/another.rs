//! Records of a file with the id of another record in the book: ids count from one in every book, so that an equal one
//! is no proof.
//!
//! The id decides all the same, for a name may be corrected. What takes another's place is told, to be confirmed.

use book::Table;
use rules::name;
use rules::problem::Code;
use rules::records::Records;
use rules::refusal::{NearMiss, Offer, Review};

use super::by_id;

/// A record that goes by one name in the book and by another in the file.
struct Another {
    /// `quotes[0]`.
    place: String,
    /// `quote Q01`.
    who: String,
    /// `of "Blue Heron"`.
    in_book: String,
    in_file: String,
}

/// Adds what is to be confirmed, and names both where the book's was sent and stays.
pub fn tell(existing: &Records, offer: &Offer, review: &mut Review) {
    for another in all(existing, offer) {
        let version = format!("{}.version", another.place);
        let sent = review.problems.iter_mut().filter(|one| one.code == Code::QuoteSent && one.at == version);
        sent.for_each(|problem| problem.message = another.clashes());
        review.near_misses.push(NearMiss { message: another.takes_its_place(), at: another.place });
    }
}

fn all(existing: &Records, offer: &Offer) -> Vec<Another> {
    let offered = &offer.records;
    let affiliates = of_kind(&existing.affiliates, &offered.affiliates, offer, "", |affiliate| &affiliate.name);
    let clients = of_kind(&existing.clients, &offered.clients, offer, "", |client| &client.name);
    let quotes = of_kind(&existing.quotes, &offered.quotes, offer, "of ", |quote| &quote.prospect);
    affiliates.chain(clients).chain(quotes).collect()
}

/// `of` stands before the name, where the record is not what is called so.
fn of_kind<'a, T: Table>(
    existing: &'a [T],
    offered: &'a [T],
    offer: &'a Offer,
    of: &'a str,
    name: impl Fn(&T) -> &str + 'a,
) -> impl Iterator<Item = Another> + 'a {
    let before = by_id(existing);
    offered.iter().enumerate().filter_map(move |(nth, record)| {
        let (in_book, in_file) = (name(before.get(record.id())?), name(record));
        (!is_same(in_book, in_file)).then(|| Another {
            place: format!("{}[{}]", T::KIND.member(), offer.places.of(T::KIND, nth)),
            who: format!("{} {}", T::KIND.words(), record.id()),
            in_book: called(of, in_book),
            in_file: called(of, in_file),
        })
    })
}

/// A capital or a full stop more make no other company.
fn is_same(a: &str, b: &str) -> bool {
    a == b || name::plain(a) == name::plain(b)
}

/// A quote can be made before anybody is named.
fn called(of: &str, name: &str) -> String {
    if name.is_empty() { format!("{of}nobody yet") } else { format!("{of}\"{name}\"") }
}

impl Another {
    /// Told before an import and after it.
    fn takes_its_place(&self) -> String {
        let Self { who, in_book, in_file, .. } = self;
        format!("The {who} is {in_book} in the book, and {in_file} in the file: the file's takes its place.")
    }

    fn clashes(&self) -> String {
        let Self { who, in_book, in_file, .. } = self;
        format!(
            "The {who} is {in_book} in the book, and was sent; in the file it is {in_file}. The ids clash: give the \
             file's another id."
        )
    }
}
