//! JSON as it stands in a file: nothing coerced, nothing lost, strings borrowed where they can be.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

#[derive(Debug)]
pub enum Node<'a> {
    Null,
    Bool(bool),
    Number(String),
    Text(Cow<'a, str>),
    List(Vec<Node<'a>>),
    Object(Vec<Member<'a>>),
}

#[derive(Debug)]
pub struct Member<'a> {
    pub name: Cow<'a, str>,
    pub node: Node<'a>,
    /// Whether it was asked for; what never is, is not known.
    pub known: Cell<bool>,
}

impl<'a> Node<'a> {
    /// The first member of a name, if this is an object with one.
    pub fn member(&self, name: &str) -> Option<&Node<'a>> {
        let Node::Object(members) = self else { return None };
        members.iter().find(|member| member.name == name).map(|member| &member.node)
    }

    /// The value for a message, in quotes; what it is where it has no short text.
    pub fn quoted(&self) -> String {
        match self {
            Node::Null => "null".to_owned(),
            Node::Bool(value) => format!("\"{value}\""),
            Node::Number(text) => format!("the number \"{text}\""),
            Node::Text(text) => format!("\"{}\"", quoted(text)),
            Node::List(_) => "a list".to_owned(),
            Node::Object(_) => "an object".to_owned(),
        }
    }
}

/// A value of a file as a message quotes it.
pub fn quoted(text: &str) -> Cow<'_, str> {
    shortened(text, 80)
}

/// A text that a message can hold: not endless, and with its control characters to see.
pub fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    let (shown, rest) = text.char_indices().nth(most).map_or((text, ""), |(end, _)| text.split_at(end));
    if rest.is_empty() && !shown.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(shown.len());
    for character in shown.chars() {
        if character.is_control() {
            plain.extend(character.escape_default());
        } else {
            plain.push(character);
        }
    }
    plain.push_str(if rest.is_empty() { "" } else { "…" });
    Cow::Owned(plain)
}

/// More values than any record has. A node takes some thirty times the bytes of a short value, and a file could be one
/// record of nothing but those.
const MOST_VALUES: u32 = 100_000;

impl<'de: 'a, 'a> Deserialize<'de> for Node<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        NodeVisitor { left: &Cell::new(MOST_VALUES), each: None }.deserialize(deserializer)
    }
}

/// Hands a list over node by node, so that only one of them is in memory at a time. What comes back is an empty
/// [`Node::List`], or what stands there instead of a list.
pub struct Each<'f, 'a>(pub &'f mut dyn FnMut(usize, Node<'a>));

impl<'de> DeserializeSeed<'de> for Each<'_, 'de> {
    type Value = Node<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        NodeVisitor { left: &Cell::new(MOST_VALUES), each: Some(self.0) }.deserialize(deserializer)
    }
}

struct NodeVisitor<'f, 'a> {
    /// How many more values the record may have.
    left: &'f Cell<u32>,
    each: Option<&'f mut dyn FnMut(usize, Node<'a>)>,
}

impl<'de> DeserializeSeed<'de> for NodeVisitor<'_, 'de> {
    type Value = Node<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        let left = self.left.get().checked_sub(1);
        self.left.set(left.ok_or_else(|| D::Error::custom(format!("a record has more than {MOST_VALUES} values")))?);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for NodeVisitor<'_, 'de> {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Node::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Node::Number(value.to_string()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Node::Number(value.to_string()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Node::Number(value.to_string()))
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Node::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Node::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut nodes = Vec::new();
        let Some(each) = self.each else {
            while let Some(node) = list.next_element_seed(NodeVisitor { left: self.left, each: None })? {
                nodes.push(node);
            }
            return Ok(Node::List(nodes));
        };
        let mut index = 0;
        while let Some(node) = list.next_element()? {
            each(index, node);
            index += 1;
        }
        Ok(Node::List(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(Text(name)) = object.next_key()? {
            if members.is_empty() {
                members.reserve_exact(10); // as many as an invoice has
            }
            let node = object.next_value_seed(NodeVisitor { left: self.left, each: None })?;
            members.push(Member { name, node, known: Cell::new(false) });
        }
        Ok(Node::Object(members))
    }
}

/// A text, borrowed where the file has it as it is.
pub struct Text<'a>(pub Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }
            fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Borrowed(value)))
            }
            fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(value.to_owned())))
            }
        }
        deserializer.deserialize_str(TextVisitor)
    }
}
