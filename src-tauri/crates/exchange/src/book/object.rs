//! One object of a file, read member by member: each that can't be read is a problem with its place.

use std::borrow::Cow;
use std::fmt;

use rules::day::{self, Day};
use rules::id::Id;
use rules::invoice::{Kind, Line};
use rules::money::{Currency, Money};
use rules::month::Month;
use rules::problem::{Code, Problem};
use rules::rate::{Rate, RateError};

use crate::node::{Node, shortened};

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
            Place::Member(name) => f.write_str(&shortened(name)),
            Place::Of(object, name) => write!(f, "{object}.{}", shortened(name)),
            Place::At(list, index) => write!(f, "{list}[{index}]"),
        }
    }
}

/// More than any id or number that people use; an id names files and stands in messages.
const LONGEST_ID: usize = 200;
/// More than any name or reason.
const LONGEST_TEXT: usize = 100_000;

/// An object's members, taken one by one.
pub struct Object<'a, 'p> {
    place: &'p Place<'p>,
    members: Vec<(Cow<'a, str>, Option<Node<'a>>)>,
    problems: &'p mut Vec<Problem>,
    failed: bool,
    currency: Currency,
}

impl<'a, 'p> Object<'a, 'p> {
    /// `None`, with the problem told, if the node is no object.
    pub fn of(
        node: Node<'a>,
        place: &'p Place<'p>,
        currency: Currency,
        problems: &'p mut Vec<Problem>,
    ) -> Option<Self> {
        let Node::Object(members) = node else {
            let message = format!("Here stands {} where an object belongs, {{…}}.", node.quoted());
            problems.push(Problem { code: Code::Unreadable, at: place.to_string(), message });
            return None;
        };
        let members = members.into_iter().map(|(name, node)| (name, Some(node))).collect();
        let mut object = Self { place, members, problems, failed: false, currency };
        object.refuse_duplicates();
        Some(object)
    }

    fn refuse_duplicates(&mut self) {
        let names: Vec<&Cow<'_, str>> = self.members.iter().map(|(name, _)| name).collect();
        let twice = (1..names.len()).find(|nth| names[..*nth].contains(&names[*nth]));
        if let Some(name) = twice.map(|nth| names[nth].clone()) {
            self.unreadable(&name, format!("\"{}\" stands here twice. Keep one.", shortened(&name)));
        }
    }

    /// What is left over is not known. Whether all of it could be read.
    pub fn finish(mut self) -> bool {
        let left = self.members.iter().filter(|(_, node)| node.is_some()).map(|(name, _)| name.clone());
        for name in left.collect::<Vec<_>>() {
            self.unreadable(
                &name,
                format!("\"{}\" is not known here. Take it out, or correct its name.", shortened(&name)),
            );
        }
        !self.failed
    }

    fn unreadable(&mut self, member: &str, message: String) {
        self.failed = true;
        let at = Place::Of(self.place, member).to_string();
        self.problems.push(Problem { code: Code::Unreadable, at, message });
    }

    /// The member, if it is there and not null.
    fn optional(&mut self, name: &str) -> Option<Node<'a>> {
        let found = self.members.iter_mut().find(|(member, node)| member == name && node.is_some());
        found.and_then(|(_, node)| node.take()).filter(|node| !matches!(node, Node::Null))
    }

    fn required(&mut self, name: &str) -> Option<Node<'a>> {
        let node = self.optional(name);
        if node.is_none() {
            self.unreadable(name, format!("\"{name}\" is missing. Add it."));
        }
        node
    }

    /// Reads a member that is a text with `read`; else tells what belongs there.
    fn read<T>(&mut self, name: &str, node: Node<'a>, what: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let found = match &node {
            Node::Text(text) => read(text),
            _ => None,
        };
        if found.is_none() {
            let hint = match node {
                Node::Number(_) => "Write it in quotes: a bare number may have passed through a float.".to_owned(),
                _ => format!("Write {what}."),
            };
            self.unreadable(name, format!("{} can't be read as {name}. {hint}", capitalised(node.quoted())));
        }
        found
    }

    fn required_as<T>(&mut self, name: &str, what: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let node = self.required(name)?;
        self.read(name, node, what, read)
    }

    fn optional_as<T>(&mut self, name: &str, what: &str, read: impl Fn(&str) -> Option<T>) -> Option<Option<T>> {
        match self.optional(name) {
            None => Some(None),
            Some(node) => self.read(name, node, what, read).map(Some),
        }
    }

    pub fn text(&mut self, name: &str) -> Option<String> {
        self.required_as(name, "a text without control characters", text)
    }

    /// An id or a number: short, and something to see.
    pub fn label(&mut self, name: &str) -> Option<String> {
        self.required_as(name, "1 to 200 characters, none of them control characters", label)
    }

    pub fn id<T>(&mut self, name: &str) -> Option<Id<T>> {
        self.label(name).map(Id::new)
    }

    pub fn optional_id<T>(&mut self, name: &str) -> Option<Option<Id<T>>> {
        let id = self.optional_as(name, "an id, or null", label)?;
        Some(id.map(Id::new))
    }

    pub fn day(&mut self, name: &str) -> Option<Day> {
        self.required_as(name, "a day that is in the calendar, as YYYY-MM-DD", day::parse)
    }

    pub fn optional_day(&mut self, name: &str) -> Option<Option<Day>> {
        self.optional_as(name, "a day that is in the calendar, as YYYY-MM-DD, or null", day::parse)
    }

    pub fn month(&mut self, name: &str) -> Option<Month> {
        self.required_as(name, "a month as YYYY-MM", Month::parse)
    }

    pub fn money(&mut self, name: &str) -> Option<Money> {
        let (currency, what) = (self.currency, amount_words(self.currency));
        self.required_as(name, &what, |text| Money::parse(text, currency))
    }

    pub fn optional_money(&mut self, name: &str) -> Option<Option<Money>> {
        let (currency, what) = (self.currency, amount_words(self.currency));
        self.optional_as(name, &what, |text| Money::parse(text, currency))
    }

    pub fn rate(&mut self, name: &str) -> Option<Rate> {
        let node = self.required(name)?;
        self.rate_of(name, node)
    }

    pub fn optional_rate(&mut self, name: &str) -> Option<Option<Rate>> {
        match self.optional(name) {
            None => Some(None),
            Some(node) => self.rate_of(name, node).map(Some),
        }
    }

    fn rate_of(&mut self, name: &str, node: Node<'a>) -> Option<Rate> {
        if let Node::Text(text) = &node
            && Rate::parse(text) == Err(RateError::NotPositive)
        {
            self.failed = true;
            let message =
                format!("The rate is \"{}\". Make it more than nothing, such as 0.10 for 10%.", shortened(text));
            let at = Place::Of(self.place, name).to_string();
            self.problems.push(Problem { code: Code::RateNotPositive, at, message });
            return None;
        }
        self.read(name, node, "a fraction with up to four decimals, such as 0.10 for 10%", |text| {
            Rate::parse(text).ok()
        })
    }

    /// An ISO 4217 code.
    pub fn currency(&mut self, name: &str) -> Option<Currency> {
        self.required_as(name, "the code of a currency, such as USD", Currency::parse)
    }

    /// One of a few words.
    pub fn word<T: Copy>(&mut self, name: &str, words: &[(&str, T)]) -> Option<T> {
        let what = word_list(words);
        self.required_as(name, &what, |text| find(words, text))
    }

    pub fn optional_word<T: Copy>(&mut self, name: &str, words: &[(&str, T)]) -> Option<Option<T>> {
        let what = word_list(words);
        self.optional_as(name, &what, |text| find(words, text))
    }

    /// A whole number of months.
    pub fn months(&mut self, name: &str) -> Option<u32> {
        const MOST: u32 = 1200;
        let node = self.required(name)?;
        let months = match &node {
            Node::Number(text) => text.parse().ok().filter(|months| *months <= MOST),
            _ => None,
        };
        if months.is_none() {
            let message = format!(
                "{} can't be read as {name}. Write a whole number from 0 to {MOST}, without quotes.",
                capitalised(node.quoted())
            );
            self.unreadable(name, message);
        }
        months
    }

    /// A list of texts; one that is absent is empty.
    pub fn texts(&mut self, name: &str) -> Option<Vec<String>> {
        let nodes = self.list(name)?;
        let texts: Vec<Option<String>> =
            nodes.into_iter().map(|node| self.read(name, node, "a list of texts", text)).collect();
        texts.into_iter().collect()
    }

    pub fn lines(&mut self, name: &str) -> Option<Vec<Line>> {
        self.objects(name, |line| {
            let kind = line.word("kind", &KINDS);
            let description = line.text("description");
            let amount = line.money("amount");
            Some(Line { kind: kind?, description: description?, amount: amount? })
        })
    }

    /// A list of objects; one that is absent is empty.
    pub fn objects<T>(&mut self, name: &str, read: impl Fn(&mut Object<'a, '_>) -> Option<T>) -> Option<Vec<T>> {
        let nodes = self.list(name)?;
        let list = Place::Of(self.place, name);
        let mut found = Vec::with_capacity(nodes.len());
        let mut whole = true;
        for (index, node) in nodes.into_iter().enumerate() {
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

    fn list(&mut self, name: &str) -> Option<Vec<Node<'a>>> {
        match self.optional(name) {
            None => Some(Vec::new()),
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

fn text(text: &str) -> Option<String> {
    let fits = text.len() <= LONGEST_TEXT && !text.contains('\0');
    fits.then(|| text.to_owned())
}

fn label(text: &str) -> Option<String> {
    let fits = !text.trim().is_empty() && text.len() <= LONGEST_ID && !text.chars().any(char::is_control);
    fits.then(|| text.to_owned())
}

fn capitalised(text: String) -> String {
    match text.strip_prefix("the ") {
        Some(rest) => format!("The {rest}"),
        None => text,
    }
}
