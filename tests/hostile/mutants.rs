//! Mutants of what each parser reads: always the same ones, a fixed number of them. `cargo xtask fuzz` looks further.

use refbook_tests::hostile::{DICTIONARY, PARSERS, Parser};

/// Of each parser: together they take some ten seconds, without optimisation.
const MUTANTS: usize = 1_500;

#[test]
fn no_mutant_makes_a_parser_fail() {
    for parser in &PARSERS {
        let seeds = (parser.seeds)();
        assert!(seeds.iter().any(|seed| (parser.takes)(seed)), "{}: none of the seeds is read", parser.name);
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
        let read = (0..MUTANTS).filter(|_| takes(parser, &mutant(&seeds, &mut dice))).count();
        println!("{}: {MUTANTS} mutants, {read} of them read", parser.name);
    }
}

fn takes(parser: &Parser, mutant: &[u8]) -> bool {
    let _blame = Blame(parser.name, mutant);
    (parser.takes)(mutant)
}

/// Tells which mutant did it.
struct Blame<'a>(&'a str, &'a [u8]);

impl Drop for Blame<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("{}: {}", self.0, String::from_utf8_lossy(self.1));
        }
    }
}

/// A seed with one to four things done to it.
fn mutant(seeds: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = seeds[dice.below(seeds.len())].clone();
    for _ in 0..=dice.below(4) {
        let at = dice.below(bytes.len() + 1);
        let end = (at + dice.below(40)).min(bytes.len());
        match dice.below(7) {
            0 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            1 => drop(bytes.drain(at..end)),
            2 => bytes.truncate(at),
            3 => {
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece.repeat(1 + dice.below(20)));
            }
            4 => {
                let other = &seeds[dice.below(seeds.len())];
                let from = dice.below(other.len() + 1);
                bytes.splice(at..end, other[from..].iter().take(200).copied());
            }
            5 => replace_number(&mut bytes, at, dice),
            _ => drop(bytes.splice(at..end, word(dice).bytes())),
        }
    }
    bytes
}

/// The next run of digits from `at` on gives place to a word that breaks parsers.
fn replace_number(bytes: &mut Vec<u8>, at: usize, dice: &mut Dice) {
    let is_digit = |byte: &u8| byte.is_ascii_digit() || *byte == b'.';
    if let Some(from) = bytes[at..].iter().position(is_digit).map(|from| at + from) {
        let length = bytes[from..].iter().take_while(|byte| is_digit(byte)).count();
        bytes.splice(from..from + length, word(dice).bytes());
    }
}

fn word(dice: &mut Dice) -> &'static str {
    DICTIONARY[dice.below(DICTIONARY.len())]
}

/// SplitMix64: the same throws every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % end.max(1) as u64).expect("below a usize")
    }
}
