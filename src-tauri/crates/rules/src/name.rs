//! Names and domains as the own-company rule compares them: what folds away, what is the same, what is nearly so.
//!
//! "The client's name equals one of the affiliate's own companies after folding case, accents, punctuation, `&` to
//! "and", and company suffixes [...]; or they share a domain, folding case and a leading `www.`."

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// A company name with everything folded away that does not tell one company from another. Two names are the same if
/// what is left is equal and not empty. A name of nothing but suffixes keeps them.
pub fn fold(name: &str) -> String {
    let words = words(name);
    let kept = without_suffixes(&words);
    join_initials(if kept.is_empty() { &words } else { kept })
}

/// A name as it is searched for: its words in lower case, without accents and punctuation.
pub fn plain(name: &str) -> String {
    words(name).join(" ")
}

/// "Near misses (one or two letters, reordered words) are a warning to confirm, not a refusal." Of two folded names.
///
/// A short name differs from many others by a letter, so it takes four letters to forgive one, and eight to forgive two.
/// Beyond [`LONGEST`] letters, which no company has, they are not compared letter by letter: it takes the square of them.
pub fn nearly(a: &str, b: &str) -> bool {
    let (long, short) = (a.chars().count().max(b.chars().count()), a.chars().count().min(b.chars().count()));
    if short < 4 || a == b {
        return false;
    }
    let forgiven = if short < 8 { 1 } else { 2 };
    let is_close = || long <= LONGEST && long - short <= forgiven && strsim::osa_distance(a, b) <= forgiven;
    let letters = |text: &str| text.replace(' ', "");
    is_close() || letters(a) == letters(b) || sorted_words(a) == sorted_words(b)
}

const LONGEST: usize = 1_000;

/// A domain as it is compared: `WWW.Reyes.example.`, `dana@reyes.example` and `https://reyes.example/about` are all
/// `reyes.example`. `None` if nothing is left.
pub fn domain(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let text = text.split_once("://").map_or(text.as_str(), |(_, rest)| rest);
    let text = text.split(['/', '?', '#']).next().unwrap_or_default();
    let text = text.rsplit('@').next().unwrap_or_default();
    let text = text.split(':').next().unwrap_or_default();
    let text = text.trim_matches('.');
    let text = text.strip_prefix("www.").unwrap_or(text);
    (!text.is_empty()).then(|| text.to_owned())
}

/// "A subdomain shares its domain", in either direction. Of two folded domains.
///
/// What registries hand names out under (`com`, `co.uk`) is nobody's own, so nothing shares it by lying under it.
pub fn shares_domain(a: &str, b: &str) -> bool {
    let (long, short) = if a.len() < b.len() { (b, a) } else { (a, b) };
    let lies_under = || long.strip_suffix(short).is_some_and(|rest| rest.ends_with('.'));
    long == short || (!is_registry(short) && lies_under())
}

fn is_registry(domain: &str) -> bool {
    match domain.split_once('.') {
        None => true,
        Some((second, top)) => {
            top.len() == 2 && matches!(second, "co" | "com" | "org" | "net" | "gov" | "edu" | "ac" | "or" | "ne")
        }
    }
}

/// The name's words in lower case, without accents and punctuation, `&` as "and".
fn words(name: &str) -> Vec<String> {
    let mut plain = String::with_capacity(name.len());
    for letter in decomposed(name).chars() {
        match letter {
            '&' | '+' => plain.push_str(" and "),
            // An apostrophe is inside a word: O'Brien is OBrien.
            '\'' | '\u{2019}' | '\u{2018}' | '`' | '\u{b4}' | '\u{2bc}' => {}
            _ if is_accent(letter) => {}
            _ if letter.is_alphanumeric() => letter.to_lowercase().for_each(|lower| push_plain(&mut plain, lower)),
            // Vowel signs of scripts that write them so: not accents, part of the word.
            _ if unicode_normalization::char::is_combining_mark(letter) => plain.push(letter),
            _ => plain.push(' '),
        }
    }
    let words: Vec<String> = plain.split_whitespace().map(str::to_owned).collect();
    // A name of nothing but signs is told apart by them.
    if words.is_empty() { name.split_whitespace().map(str::to_lowercase).collect() } else { words }
}

fn decomposed(name: &str) -> Cow<'_, str> {
    if name.is_ascii() { Cow::Borrowed(name) } else { Cow::Owned(name.nfkd().collect()) }
}

/// Marks above, below and through a letter. Voicing marks, vowel signs and the like have other classes: か is not が.
fn is_accent(letter: char) -> bool {
    !letter.is_ascii() && (canonical_combining_class(letter) >= 200 || canonical_combining_class(letter) == 1)
}

/// Letters that have no decomposition but are the accented form of another, or a pair.
fn push_plain(plain: &mut String, lower: char) {
    match lower {
        'ß' => plain.push_str("ss"),
        'æ' => plain.push_str("ae"),
        'œ' => plain.push_str("oe"),
        'þ' => plain.push_str("th"),
        'ø' => plain.push('o'),
        'ł' => plain.push('l'),
        'đ' | 'ð' => plain.push('d'),
        'ı' => plain.push('i'),
        'ς' => plain.push('σ'),
        // Lower-casing İ leaves a dot above.
        _ if is_accent(lower) => {}
        _ => plain.push(lower),
    }
}

/// Forms of company, in lower case and without points.
#[rustfmt::skip]
const SUFFIXES: &[&str] = &[
    "inc", "incorporated", "corp", "corporation", "co", "company", "llc", "llp", "lllp", "lp", "pllc", "pc",
    "ltd", "limited", "plc", "cic", "pty", "pte", "pvt", "private", "bhd", "sdn",
    "gmbh", "mbh", "ggmbh", "ag", "kg", "kgaa", "ohg", "ug", "haftungsbeschrankt", "ek", "ev", "eg", "gbr", "se",
    "sa", "sas", "sasu", "sarl", "eurl", "snc", "srl", "spa", "sapa", "sl", "slu", "lda", "ltda", "cv",
    "bv", "nv", "vof", "bvba", "oy", "oyj", "ab", "hb", "as", "asa", "aps", "ans", "hf", "ehf",
    "sro", "doo", "kft", "zrt", "spzoo", "ooo", "kk", "gk",
];

/// "Company suffixes (Inc, LLC, L.L.C., Ltd, GmbH, Corp, Co, ...)", also stacked: `GmbH & Co. KG`.
fn without_suffixes(words: &[String]) -> &[String] {
    let mut kept = words;
    while let Some(length) = suffix_length(kept) {
        kept = &kept[..kept.len() - length];
        while let Some((_, rest)) = kept.split_last().filter(|(last, _)| *last == "and") {
            kept = rest;
        }
    }
    kept
}

/// How many words at the end are one suffix: `llc` is one, `l l c` (which was L.L.C.) three.
fn suffix_length(words: &[String]) -> Option<usize> {
    (1..=words.len().min(5)).rev().find(|length| {
        let tail = &words[words.len() - length..];
        // Only initials are read together, and `sp z o o`: "In C" is no "Inc".
        let is_initials = *length == 1 || tail.iter().skip(1).all(|word| word.chars().count() == 1);
        let first_fits = *length == 1 || tail[0].chars().count() == 1 || tail[0] == "sp";
        is_initials && first_fits && SUFFIXES.contains(&tail.concat().as_str())
    })
}

/// `j r smith` is `jr smith`: initials read the same with and without their points.
fn join_initials(words: &[String]) -> String {
    let is_initial = |word: &String| word.chars().count() == 1;
    let mut joined = String::new();
    for (i, word) in words.iter().enumerate() {
        let continues = i > 0 && is_initial(word) && is_initial(&words[i - 1]);
        if i > 0 && !continues {
            joined.push(' ');
        }
        joined.push_str(word);
    }
    joined
}

fn sorted_words(folded: &str) -> Vec<&str> {
    let mut words: Vec<&str> = folded.split(' ').collect();
    words.sort_unstable();
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_however_they_are_written() {
        for (a, b) in [
            ("Reyes Consulting LLC", "REYES CONSULTING, L.L.C."),
            ("Reyes Consulting LLC", "Reyes Consulting"),
            ("Reyes Consulting LLC", "Reyes  Consulting\tInc."),
            ("Reyes Consulting LLC", "reyes-consulting, l. l. c."),
            ("Reyes & Sons Ltd", "Reyes and Sons Limited"),
            ("Reyes + Sons", "Reyes and Sons"),
            ("Reyes & Co.", "Reyes"),
            ("Reyes & Company", "Reyes Company"),
            ("Müller GmbH", "MULLER"),
            ("Müller GmbH", "Mu\u{308}ller Gesellschaft GmbH & Co. KG".replace("Gesellschaft ", "").as_str()),
            ("Müller G.m.b.H.", "Müller GmbH & Co. KGaA"),
            ("Müller UG (haftungsbeschränkt)", "Müller"),
            ("Groß AG", "GROSS SE"),
            ("Ærø Søfart A/S", "Aero Sofart ApS"),
            ("Société Générale S.A.", "SOCIETE GENERALE"),
            ("Łódź Sp. z o.o.", "Lodz"),
            ("Bianchi S.p.A.", "Bianchi S.r.l."),
            ("Bianchi SARL", "Bianchi S.A.R.L."),
            ("Aalto Oy", "Aalto Oyj"),
            ("Group A B.V.", "Group A NV"),
            ("Kiwi Pty. Ltd.", "Kiwi"),
            ("Lotus Pvt Ltd", "Lotus Private Limited"),
            ("O'Brien Hosting", "OBrien Hosting"),
            ("O’Brien Hosting", "O'Brien Hosting"),
            ("J.R. Smith", "JR Smith"),
            ("AT&T Inc.", "A T & T"),
            ("ＲＥＹＥＳ", "reyes"),
            ("ﬁne Foods", "Fine Foods"),
            ("ΟΔΟΣ", "οδός"),
            ("İstanbul", "ISTANBUL"),
        ] {
            assert_eq!(fold(a), fold(b), "{a:?} and {b:?}");
        }
    }

    #[test]
    fn what_tells_companies_apart_stays() {
        for (a, b) in [
            ("Reyes Consulting", "Reyes Hosting"),
            ("Reyes Consulting", "Reyes"),
            ("Company Inc", "Limited Inc"),
            ("Inc.", "LLC"),
            ("!!!", "???"),
            ("In C", "In"),
            ("かき", "がき"),
            ("कमल", "कामिल"),
            ("東京商会", "大阪商会"),
            ("Smith and", "Smith"),
        ] {
            assert_ne!(fold(a), fold(b), "{a:?} and {b:?}");
        }
        for name in ["Inc.", "Co. Ltd", "The", "&", "!!!", "東京"] {
            assert_ne!(fold(name), "", "{name:?}");
        }
        assert_eq!(fold("  "), "");
    }

    #[test]
    fn near_misses_take_letters_to_forgive_letters() {
        for (a, b, expected) in [
            ("Reyes Consulting LLC", "Reyes Consultting Inc", true),
            ("Reyes Consulting", "Reyse Consulting", true),
            ("Reyes Consulting", "Reyes Konsultink", true),
            ("Reyes Consulting", "Reyes Konsultunk", false),
            ("Reyes Consulting", "Consulting Reyes", true),
            ("Reyes Consulting", "ReyesConsulting", true),
            ("Dana Reyes", "Reyes, Dana", true),
            ("Reyes", "Reyez", true),
            ("Reyes", "Rayez", false),
            ("IBM", "ICM", false),
            ("A B", "B A", false),
            ("Acme", "Acne", true),
            ("Acme", "Apse", false),
            ("Reyes Consulting", "Reyes Consulting Group", false),
            ("Reyes Consulting", "Reyes Consulting LLC", false), // the same, not nearly so
        ] {
            assert_eq!(nearly(&fold(a), &fold(b)), expected, "{a:?} and {b:?}");
            assert_eq!(nearly(&fold(b), &fold(a)), expected, "{b:?} and {a:?}");
        }
    }

    #[test]
    fn names_of_a_hundred_thousand_letters_are_compared_at_once() {
        let (a, b) = ("a".repeat(100_000), format!("{}b", "a".repeat(99_999)));
        assert!(!nearly(&a, &b), "it would take minutes, or hours");
    }

    #[test]
    fn a_domain_is_read_out_of_what_people_enter() {
        for (text, expected) in [
            ("reyes.example", Some("reyes.example")),
            (" WWW.Reyes.Example. ", Some("reyes.example")),
            ("dana@reyes.example", Some("reyes.example")),
            ("mailto:dana@reyes.example", Some("reyes.example")),
            ("@reyes.example", Some("reyes.example")),
            ("https://www.reyes.example:8443/about?x=a@b.c#top", Some("reyes.example")),
            ("http://user:secret@reyes.example", Some("reyes.example")),
            ("www.com", Some("com")),
            ("", None),
            (" . ", None),
            ("https://", None),
        ] {
            assert_eq!(domain(text).as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn a_subdomain_shares_its_domain_at_a_label() {
        for (a, b, expected) in [
            ("reyes.example", "REYES.example", true),
            ("mail.reyes.example", "reyes.example", true),
            ("a.b.reyes.example", "reyes.example", true),
            ("dana@mail.reyes.example", "www.reyes.example", true),
            ("notreyes.example", "reyes.example", false),
            ("a.reyes.example", "b.reyes.example", false),
            ("reyes.example", "example", false),
            ("reyes.com", "com", false),
            ("reyes.co.uk", "co.uk", false),
            ("shop.reyes.co.uk", "reyes.co.uk", true),
            ("intranet", "intranet", true),
        ] {
            let (a, b) = (domain(a).expect("a domain"), domain(b).expect("a domain"));
            assert_eq!(shares_domain(&a, &b), expected, "{a:?} and {b:?}");
            assert_eq!(shares_domain(&b, &a), expected, "{b:?} and {a:?}");
        }
    }
}
