//! The recovery code: random, for paper. `7K3MX-…`, seven groups of five characters, read by people and typed back.
//!
//! Crockford's 32 characters, which has no I, L, O and U. Four of a group are random, 140 bits in all; the fifth checks
//! them and the group's place, so that any one wrong character, any two swapped, and any two groups swapped are told,
//! with the group's number, from a code that is another book's. So many bits need no stretching: HKDF takes no time.

use std::fmt;

use hkdf::Hkdf;
use sha2::Sha256;
use thiserror::Error;
use zeroize::Zeroizing;

use super::{KeyError, Secret, random};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const GROUPS: usize = 7;
const GROUP: usize = 5;

/// A code that reads correctly. Wiped when dropped; shown only where [`RecoveryCode::text`] is asked for.
pub struct RecoveryCode(Zeroizing<String>);

/// Why a text is no recovery code. It names the groups, not what was typed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Mistyped {
    /// Numbered from 1.
    Groups(Vec<usize>),
    Length(usize),
}

impl RecoveryCode {
    pub fn random() -> Result<Self, KeyError> {
        let bytes: Zeroizing<[u8; GROUPS * (GROUP - 1)]> = Zeroizing::new(random()?);
        let groups = bytes.chunks(GROUP - 1).enumerate().map(|(nth, group)| {
            // Whole at once: a list that grows leaves what it was behind.
            let mut values = Zeroizing::new([0; GROUP]);
            values.iter_mut().zip(group).for_each(|(value, byte)| *value = byte & 31);
            values[GROUP - 1] = check(nth, &values[..GROUP - 1]);
            values
        });
        let mut text = Zeroizing::new(String::with_capacity(GROUPS * (GROUP + 1)));
        for values in groups {
            if !text.is_empty() {
                text.push('-');
            }
            text.extend(values.iter().map(|value| char::from(ALPHABET[usize::from(*value)])));
        }
        Ok(Self(text))
    }

    /// What was typed or read: in any case, with or without dashes and blanks, O for 0, I and L for 1.
    pub fn parse(text: &str) -> Result<Self, Mistyped> {
        let parts: Vec<&str> = text.split(|c: char| c == '-' || c.is_whitespace()).filter(|p| !p.is_empty()).collect();
        let typed = Zeroizing::new(parts.concat());
        let typed = Zeroizing::new(typed.to_uppercase());
        let typed: Zeroizing<Vec<char>> = Zeroizing::new(typed.chars().collect());
        if typed.len() != GROUPS * GROUP {
            let uneven = (1..).zip(&parts).filter(|(_, part)| part.chars().count() != GROUP);
            let uneven: Vec<usize> = uneven.map(|(nth, _)| nth).collect();
            return Err(if parts.len() == GROUPS { Mistyped::Groups(uneven) } else { Mistyped::Length(typed.len()) });
        }
        let mut code = Zeroizing::new(String::with_capacity(GROUPS * (GROUP + 1)));
        let mut wrong = Vec::new();
        for (nth, group) in typed.chunks(GROUP).enumerate() {
            match read(nth, group) {
                Some(group) if nth == 0 => code.push_str(&group),
                Some(group) => code.extend(["-", &group]),
                None => wrong.push(nth + 1),
            }
        }
        if wrong.is_empty() { Ok(Self(code)) } else { Err(Mistyped::Groups(wrong)) }
    }

    /// To be shown once: `7K3MX-9D0QR-…`.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The groups, from 1, in which another code differs from this one.
    pub fn differs_in(&self, other: &Self) -> Vec<usize> {
        let groups = self.0.split('-').zip(other.0.split('-'));
        (1..).zip(groups).filter(|(_, (own, other))| own != other).map(|(nth, _)| nth).collect()
    }

    pub(super) fn key(&self, salt: &[u8; 16]) -> Secret {
        let mut key = Secret::default();
        let hkdf = Hkdf::<Sha256>::new(Some(salt), self.0.as_bytes());
        hkdf.expand(b"refbook recovery code", key.as_mut_slice()).expect("32 bytes are within HKDF's limit");
        key
    }
}

impl Mistyped {
    /// More groups are right than chance would have them.
    pub fn is_nearly_a_code(&self) -> bool {
        matches!(self, Self::Groups(wrong) if wrong.len() <= GROUPS / 2)
    }
}

/// The group as it is written; `None` if its characters do not belong together, or not in this place.
fn read(nth: usize, group: &[char]) -> Option<Zeroizing<String>> {
    let values: Option<Vec<u8>> = group.iter().map(|c| value(*c)).collect();
    let values = Zeroizing::new(values?);
    let (last, first) = values.split_last()?;
    (check(nth, first) == *last)
        .then(|| Zeroizing::new(values.iter().map(|value| char::from(ALPHABET[usize::from(*value)])).collect()))
}

fn value(c: char) -> Option<u8> {
    let c = match c {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let at = ALPHABET.iter().position(|one| char::from(*one) == c)?;
    u8::try_from(at).ok()
}

/// Each character weighs in with another power of a generator of the field of 32, and none with zero: one that changes
/// and two that swap always show. The place weighs in as a character of its own.
fn check(nth: usize, values: &[u8]) -> u8 {
    let place = u8::try_from(nth % 32).expect("below 32");
    times_generator(values.iter().fold(place, |sum, value| times_generator(sum) ^ value))
}

/// In the field of 32 elements, whose polynomial is x⁵ + x² + 1.
fn times_generator(value: u8) -> u8 {
    let doubled = value << 1;
    if doubled & 32 == 0 { doubled } else { (doubled ^ 0b10_0101) & 31 }
}

impl fmt::Display for Mistyped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Groups(groups) if groups.len() == GROUPS => {
                f.write_str("No group of the recovery code is right. Compare with the sheet: it may be another one.")
            }
            Self::Groups(groups) => {
                let numbers: Vec<String> = groups.iter().map(usize::to_string).collect();
                let (which, is) = if groups.len() == 1 { ("group", "is") } else { ("groups", "are") };
                write!(
                    f,
                    "The recovery code is mistyped: {which} {} {is} not right. Compare with the sheet, and type it again.",
                    numbers.join(", ")
                )
            }
            Self::Length(length) => write!(
                f,
                "A recovery code has {GROUPS} groups of {GROUP} characters, {} in all, and this has {length}. Compare with \
                 the sheet, and type it again.",
                GROUPS * GROUP
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn groups(text: &str) -> Option<Vec<usize>> {
        match RecoveryCode::parse(text) {
            Ok(_) => None,
            Err(Mistyped::Groups(groups)) => Some(groups),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn a_code_reads_back_however_it_is_typed() {
        for _ in 0..100 {
            let code = RecoveryCode::random().expect("a code");
            let text = code.text();
            assert_eq!((text.len(), text.split('-').count()), (41, 7), "{text}");
            let hand = text.to_lowercase().replace('0', "o").replace('1', "l");
            for typed in [text, &hand, &text.replace('1', "I"), &text.replace('-', ""), &text.replace('-', "  ")] {
                assert!(RecoveryCode::parse(typed).is_ok_and(|read| read.differs_in(&code).is_empty()), "{typed}");
            }
        }
    }

    #[test]
    fn codes_are_of_chance() {
        let codes: HashSet<String> =
            (0..1000).map(|_| RecoveryCode::random().expect("a code").text().to_owned()).collect();
        assert_eq!(codes.len(), 1000);
        let seen: HashSet<char> = codes.iter().flat_map(|code| code.chars()).filter(|c| *c != '-').collect();
        assert_eq!(seen.len(), 32, "all characters come");
    }

    #[test]
    fn every_wrong_character_and_every_swap_names_its_group() {
        let code = RecoveryCode::random().expect("a code");
        let characters: Vec<char> = code.text().chars().collect();
        for at in (0..characters.len()).filter(|at| characters[*at] != '-') {
            for other in ALPHABET.iter().map(|one| char::from(*one)).chain(['U', '#', 'é']) {
                let mut typed = characters.clone();
                typed[at] = other;
                let expected = (other != characters[at]).then(|| vec![at / 6 + 1]);
                assert_eq!(groups(&String::from_iter(typed)), expected, "{other} at {at}");
            }
            let group = at / 6 * 6;
            for other in (group..group + 5).filter(|other| characters[*other] != characters[at]) {
                let mut typed = characters.clone();
                typed.swap(at, other);
                assert_eq!(groups(&String::from_iter(typed)), Some(vec![at / 6 + 1]));
            }
        }
    }

    #[test]
    fn groups_in_another_order_are_told() {
        let code = RecoveryCode::random().expect("a code");
        let mut swapped: Vec<&str> = code.text().split('-').collect();
        swapped.swap(1, 4);
        assert_eq!(groups(&swapped.join("-")), Some(vec![2, 5]));
    }

    #[test]
    fn what_is_missing_is_told_by_its_group_or_by_the_length() {
        let code = RecoveryCode::random().expect("a code");
        let mut shorter: Vec<&str> = code.text().split('-').collect();
        shorter[3] = &shorter[3][..4];
        assert_eq!(groups(&shorter.join("-")), Some(vec![4]));
        for (text, length) in [(shorter.concat(), 34), (String::new(), 0), ("a passphrase".to_owned(), 11)] {
            assert_eq!(RecoveryCode::parse(&text).err(), Some(Mistyped::Length(length)));
        }
        assert_eq!(groups(&"ab".repeat(18)[1..]).map(|wrong| wrong.len() > 3), Some(true));
    }

    #[test]
    fn what_is_wrong_is_said_without_the_code() {
        let words = Mistyped::Groups(vec![2, 5]).to_string();
        assert!(words.contains("groups 2, 5 are"), "{words}");
        assert!(Mistyped::Groups(vec![3]).to_string().contains("group 3 is"));
    }
}
