//! One object of a file, read member by member: each that can't be read is a problem with its place.

use std::ops::RangeInclusive;

use std::borrow::Cow;
use std::fmt;

use rules::day::{self, Day};
use rules::id::Id;
use rules::invoice::{Kind, Line};
use rules::money::{Currency, Money};
use rules::month::Month;
use rules::problem::{Code, Problem};
use rules::rate::{Rate, RateError};

use crate::node::{Member, Node, quoted};

/// Where something stands: written only when it is needed.
#[derive(Clone, Copy)]
pub enum Place<'p> {
    Member(&'p str),
    Of(&'p Place<'p>, &'p str),
    At(&'p Place<'p>, usize),
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Member(name) => f.write_str(&legible(name)),
            Place::Of(object, name) => write!(f, "{object}.{}", legible(name)),
            Place::At(list, index) => write!(f, "{list}[{index}]"),
        }
    }
}

/// A member's name in a place; one without a single letter would leave the place empty.
fn legible(name: &str) -> Cow<'_, str> {
    if name.is_empty() { Cow::Borrowed("\"\"") } else { quoted(name) }
}

/// What is wrong with a file, as far as anybody reads on.
#[derive(Default)]
pub struct Problems {
    pub told: Vec<Problem>,
    pub untold: usize,
}

/// A file of nothing but faults has a hundred bytes of words for each of its own.
const MOST_PROBLEMS: usize = 10_000;

impl Problems {
    pub fn tell(&mut self, code: Code, at: String, message: String) {
        if self.are_enough() {
            self.untold += 1;
        } else {
            self.told.push(Problem { code, at, message });
        }
    }

    pub fn are_enough(&self) -> bool {
        self.told.len() >= MOST_PROBLEMS
    }
}

/// More than any id or number that people use, in characters; an id names files and stands in messages.
const LONGEST_ID: usize = 200;
/// Of one object: each is looked for among all others.
const MOST_UNKNOWN: usize = 100;

/// More than any name or reason, in bytes.
const LONGEST_TEXT: usize = 100_000;

/// An object's members, asked for one by one.
pub struct Object<'n, 'p> {
    place: &'p Place<'p>,
    members: &'n [Member<'n>],
    /// Where the next member that is asked for usually stands.
    next: usize,
    problems: &'p mut Problems,
    failed: bool,
    currency: Currency,
}

// What could not be read is `None`, and its problem told.
#[expect(clippy::option_option, reason = "a member that may be null is read, or not, and then there, or not")]
impl<'n, 'p> Object<'n, 'p> {
    /// `None`, with the problem told, if the node is no object.
    pub fn of(
        node: &'n Node<'n>,
        place: &'p Place<'p>,
        currency: Currency,
        problems: &'p mut Problems,
    ) -> Option<Self> {
        let Node::Object(members) = node else {
            let message = format!("Here stands {} where an object belongs, {{…}}.", node.quoted());
            problems.tell(Code::Unreadable, place.to_string(), message);
            return None;
        };
        Some(Self { place, members, next: 0, problems, failed: false, currency })
    }

    /// What was never asked for is not known, or stands there twice. Whether all of it could be read.
    pub fn finish(mut self) -> bool {
        let unknown = self.members.iter().filter(|member| !member.known.get());
        for member in unknown.take(MOST_UNKNOWN) {
            let name = quoted(&member.name);
            let is_known = self.members.iter().any(|other| other.known.get() && other.name == member.name);
            let message = if is_known {
                format!("\"{name}\" stands here twice. Keep one.")
            } else {
                format!("\"{name}\" is not known here. Take it out, or correct its name.")
            };
            self.unreadable(&member.name, message);
        }
        !self.failed
    }

    fn unreadable(&mut self, member: &str, message: String) {
        self.refuse(Code::Unreadable, member, message);
    }

    fn refuse(&mut self, code: Code, member: &str, message: String) {
        self.failed = true;
        self.problems.tell(code, Place::Of(self.place, member).to_string(), message);
    }

    /// The member, if it is there.
    fn member(&mut self, name: &str) -> Option<&'n Node<'n>> {
        let expected = self.members.get(self.next).filter(|member| member.name == name);
        let member = if let Some(member) = expected {
            member
        } else {
            self.next = self.members.iter().position(|member| member.name == name)?;
            &self.members[self.next]
        };
        self.next += 1;
        member.known.set(true);
        Some(&member.node)
    }

    fn required(&mut self, name: &str) -> Option<&'n Node<'n>> {
        let node = self.member(name);
        if node.is_none() {
            self.unreadable(name, format!("\"{name}\" is missing. Add it."));
        }
        node
    }

    /// A member that may be null, and then may be left out as well.
    fn nullable(&mut self, name: &str) -> Option<&'n Node<'n>> {
        self.member(name).filter(|node| !matches!(node, Node::Null))
    }

    /// Reads a member that is a text with `read`; else tells what belongs there.
    fn read<T>(
        &mut self,
        name: &str,
        node: &Node<'_>,
        what: impl Fn() -> String,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        if let Node::Text(text) = node
            && let Some(value) = read(text)
        {
            return Some(value);
        }
        let hint = match node {
            Node::Number(_) => "Write it in quotes: a bare number may have passed through a float.".to_owned(),
            _ => format!("Write {}.", what()),
        };
        self.unreadable(name, format!("{} can't be read as {name}. {hint}", capitalised(node.quoted())));
        None
    }

    fn required_as<T>(&mut self, name: &str, what: impl Fn() -> String, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let node = self.required(name)?;
        self.read(name, node, what, read)
    }

    fn nullable_as<T>(
        &mut self,
        name: &str,
        what: impl Fn() -> String,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<Option<T>> {
        match self.nullable(name) {
            None => Some(None),
            Some(node) => self.read(name, node, what, read).map(Some),
        }
    }

    /// A member that may be left out, and is not null then.
    fn optional_as<T>(
        &mut self,
        name: &str,
        what: impl Fn() -> String,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<Option<T>> {
        match self.member(name) {
            None => Some(None),
            Some(node) => self.read(name, node, what, read).map(Some),
        }
    }

    pub fn text(&mut self, name: &str) -> Option<String> {
        self.required_as(name, text_words, text)
    }

    /// A text that says something: an adjustment has a reason.
    pub fn reason(&mut self, name: &str) -> Option<String> {
        let what = || "why, in a word or two".to_owned();
        self.required_as(name, what, |reason| text(reason).filter(|reason| !reason.trim().is_empty()))
    }

    /// An id or a number: short, and something to see.
    pub fn label(&mut self, name: &str) -> Option<String> {
        self.required_as(name, label_words, |text| is_label(text).then(|| text.to_owned()))
    }

    pub fn id<T>(&mut self, name: &str) -> Option<Id<T>> {
        self.required_as(name, label_words, |text| is_label(text).then(|| Id::new(text)))
    }

    pub fn nullable_id<T>(&mut self, name: &str) -> Option<Option<Id<T>>> {
        self.nullable_as(name, || "an id, or null".to_owned(), |text| is_label(text).then(|| Id::new(text)))
    }

    pub fn day(&mut self, name: &str) -> Option<Day> {
        self.required_as(name, || "a day that is in the calendar, as YYYY-MM-DD".to_owned(), day::parse)
    }

    pub fn nullable_day(&mut self, name: &str) -> Option<Option<Day>> {
        self.nullable_as(name, || "a day that is in the calendar, as YYYY-MM-DD, or null".to_owned(), day::parse)
    }

    pub fn month(&mut self, name: &str) -> Option<Month> {
        self.required_as(name, || "a month as YYYY-MM".to_owned(), Month::parse)
    }

    pub fn money(&mut self, name: &str) -> Option<Money> {
        let currency = self.currency;
        self.required_as(name, || amount_words(currency), |text| Money::parse(text, currency))
    }

    pub fn optional_money(&mut self, name: &str) -> Option<Option<Money>> {
        let currency = self.currency;
        self.optional_as(name, || amount_words(currency), |text| Money::parse(text, currency))
    }

    pub fn rate(&mut self, name: &str) -> Option<Rate> {
        let node = self.required(name)?;
        self.rate_of(name, node)
    }

    pub fn optional_rate(&mut self, name: &str) -> Option<Option<Rate>> {
        match self.member(name) {
            None => Some(None),
            Some(node) => self.rate_of(name, node).map(Some),
        }
    }

    fn rate_of(&mut self, name: &str, node: &Node<'_>) -> Option<Rate> {
        if let Node::Text(text) = node
            && Rate::parse(text) == Err(RateError::NotPositive)
        {
            let text = quoted(text);
            let message = format!("The rate is \"{text}\". Make it more than nothing, such as 0.10 for 10%.");
            self.refuse(Code::RateNotPositive, name, message);
            return None;
        }
        let what = || "a fraction with up to four decimals, such as 0.10 for 10%".to_owned();
        self.read(name, node, what, |text| Rate::parse(text).ok())
    }

    /// An ISO 4217 code.
    pub fn currency(&mut self, name: &str) -> Option<Currency> {
        self.required_as(name, || "the code of a currency, such as USD".to_owned(), Currency::parse)
    }

    /// One of a few words.
    pub fn word<T: Copy>(&mut self, name: &str, words: &[(&str, T)]) -> Option<T> {
        self.required_as(name, || word_list(words), |text| find(words, text))
    }

    pub fn optional_word<T: Copy>(&mut self, name: &str, words: &[(&str, T)]) -> Option<Option<T>> {
        self.optional_as(name, || word_list(words), |text| find(words, text))
    }

    /// A whole number of months.
    pub fn months(&mut self, name: &str) -> Option<u32> {
        self.whole(name, 0..=1200)
    }

    /// A whole number.
    pub fn whole(&mut self, name: &str, range: RangeInclusive<u32>) -> Option<u32> {
        let node = self.required(name)?;
        let number = match node {
            Node::Number(text) => text.parse().ok().filter(|number| range.contains(number)),
            _ => None,
        };
        if number.is_none() {
            let message = format!(
                "{} can't be read as {name}. Write a whole number from {} to {}, without quotes.",
                capitalised(node.quoted()),
                range.start(),
                range.end()
            );
            self.unreadable(name, message);
        }
        number
    }

    /// A list of texts; one that is absent is empty.
    pub fn texts(&mut self, name: &str) -> Option<Vec<String>> {
        let nodes = self.list(name)?;
        let mut texts = Vec::with_capacity(nodes.len());
        for (index, node) in nodes.iter().enumerate() {
            match node {
                Node::Text(one) if text(one).is_some() => texts.extend(text(one)),
                other => drop(self.read::<String>(&format!("{name}[{index}]"), other, text_words, |_| None)),
            }
        }
        (texts.len() == nodes.len()).then_some(texts)
    }

    pub fn lines(&mut self, name: &str) -> Option<Vec<Line>> {
        self.objects(name, |line| {
            let kind = line.word("kind", &KINDS);
            let description = line.text("description");
            let amount = line.money("amount");
            Some(Line { kind: kind?, description: description?, amount: amount? })
        })
        .filter(|lines| self.come_to_an_amount(name, lines))
    }

    /// Together, too, they are within what an amount can be: else sums of sums would not fit 64 bits.
    fn come_to_an_amount(&mut self, name: &str, lines: &[Line]) -> bool {
        let sum: i64 = lines.iter().fold(0, |sum, line| sum.saturating_add(line.amount.minor().saturating_abs()));
        let fits = sum <= Money::LIMIT;
        if !fits {
            let most = Money::from_minor(Money::LIMIT, self.currency).grouped();
            self.unreadable(name, format!("The {name} come to more than {most}, the largest amount. Split them."));
        }
        fits
    }

    /// A list of objects; one that is absent is empty.
    pub fn objects<T>(&mut self, name: &str, read: impl Fn(&mut Object<'n, '_>) -> Option<T>) -> Option<Vec<T>> {
        let nodes = self.list(name)?;
        let list = Place::Of(self.place, name);
        let mut found = Vec::with_capacity(nodes.len());
        let mut whole = true;
        for (index, node) in nodes.iter().enumerate() {
            let place = Place::At(&list, index);
            let Some(mut object) = Object::of(node, &place, self.currency, self.problems) else {
                whole = false;
                continue;
            };
            let one = read(&mut object);
            whole &= object.finish();
            found.extend(one);
        }
        self.failed |= !whole;
        whole.then_some(found)
    }

    fn list(&mut self, name: &str) -> Option<&'n [Node<'n>]> {
        match self.member(name) {
            None => Some(&[]),
            Some(Node::List(nodes)) => Some(nodes),
            Some(other) => {
                self.unreadable(name, format!("Here stands {} where a list belongs, […].", other.quoted()));
                None
            }
        }
    }
}

const KINDS: [(&str, Kind); 5] = [
    ("hosting", Kind::Hosting),
    ("managed_service", Kind::ManagedService),
    ("setup", Kind::Setup),
    ("consulting", Kind::Consulting),
    ("other", Kind::Other),
];

fn find<T: Copy>(words: &[(&str, T)], text: &str) -> Option<T> {
    words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value)
}

fn word_list<T>(words: &[(&str, T)]) -> String {
    let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    format!("one of {}", words.join(", "))
}

fn amount_words(currency: Currency) -> String {
    match currency.digits() {
        0 => "an amount such as 1234, without grouping".to_owned(),
        digits => format!("an amount such as 1234.5, with at most {digits} decimals and without grouping"),
    }
}

fn text_words() -> String {
    format!("a text of at most {LONGEST_TEXT} bytes, without the character NUL")
}

fn text(text: &str) -> Option<String> {
    (text.len() <= LONGEST_TEXT && !text.contains('\0')).then(|| text.to_owned())
}

fn label_words() -> String {
    format!("1 to {LONGEST_ID} characters, not all of them blank and none of them invisible")
}

fn is_label(text: &str) -> bool {
    let short = text.len() <= LONGEST_ID || text.chars().count() <= LONGEST_ID;
    short && !text.trim().is_empty() && !text.chars().any(is_unseen)
}

/// An id is asked for as it is shown, so that nothing in it may hide or turn what stands around it.
fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn capitalised(text: String) -> String {
    match text.strip_prefix("the ") {
        Some(rest) => format!("The {rest}"),
        None => text,
    }
}
