//! Money: a decimal with its currency's minor digits. Its parser, its text, its arithmetic and its rounding.

use std::fmt;
use std::ops::{Add, AddAssign, Neg, Sub};

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An ISO 4217 currency. A book has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Currency(iso_currency::Currency);

impl Currency {
    pub const USD: Currency = Currency(iso_currency::Currency::USD);

    /// Reads an ISO 4217 code such as `USD`; `None` for any other text and for units without minor digits of their
    /// own (gold, test codes).
    pub fn parse(code: &str) -> Option<Self> {
        iso_currency::Currency::from_code(code).filter(|c| c.exponent().is_some()).map(Self)
    }

    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// How many decimals an amount has: 2 for USD, 0 for JPY, 3 for BHD.
    pub fn digits(self) -> u32 {
        self.0.exponent().map_or(0, u32::from)
    }

    pub fn zero(self) -> Money {
        Money::from_minor(0, self)
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::parse(&code).ok_or_else(|| de::Error::custom(format!("\"{code}\" is not a currency")))
    }
}

/// An amount, always with the minor digits of the book's currency.
///
/// A single recorded amount is at most [`Money::LIMIT`] minor units, so that sums of any book that fits a disk stay
/// far inside the decimal's 96 bits: arithmetic cannot overflow.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Money(Decimal);

impl Money {
    /// The largest recorded amount, in minor units: a hundred billion dollars. Almost a million of them fit 64 bits.
    pub const LIMIT: i64 = 10_000_000_000_000;

    /// Reads `1234.56` or `-0.5`: digits, at most one point, no grouping, no exponent, no plus sign, and no more
    /// decimals than the currency has. `None` for anything else and for amounts above [`Money::LIMIT`].
    pub fn parse(text: &str, currency: Currency) -> Option<Self> {
        let decimal = parse_decimal(text, currency.digits())?;
        (decimal.mantissa().abs() <= i128::from(Self::LIMIT)).then_some(Self(decimal))
    }

    pub fn from_minor(minor: i64, currency: Currency) -> Self {
        Self(Decimal::new(minor, currency.digits()))
    }

    /// The amount in minor units (cents), as the book stores it.
    pub fn minor(self) -> i64 {
        i64::try_from(self.0.mantissa()).expect("sums of limited amounts fit 64 bits")
    }

    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    pub fn is_positive(self) -> bool {
        self > self.nothing()
    }

    pub fn is_negative(self) -> bool {
        self < self.nothing()
    }

    /// This, but never below nothing.
    pub fn at_least_nothing(self) -> Self {
        self.max(self.nothing())
    }

    /// This less so many ten-thousandths, rounded to the minor unit, half away from zero.
    pub fn less_basis_points(self, points: u32) -> Self {
        self.times_fraction_rounded(10_000_u32.saturating_sub(points), 10_000)
    }

    pub(crate) fn nothing(self) -> Self {
        Self(Decimal::new(0, self.0.scale()))
    }

    /// This times `by`, to the minor unit, half away from zero: "The only rounding: a commission, and the ceiling".
    pub(crate) fn times_rounded(self, by: Decimal) -> Self {
        Self(round(self.0 * by, self.0.scale()))
    }

    /// This times `numerator` / `denominator`, rounded once, to the minor unit, half away from zero.
    pub(crate) fn times_fraction_rounded(self, numerator: u32, denominator: u32) -> Self {
        Self(round(self.0 * Decimal::from(numerator) / Decimal::from(denominator), self.0.scale()))
    }

    /// The same share of this as `part` is of `whole`, at most all of it: rounded once, to the minor unit, half away from
    /// zero. Nothing where there is no whole.
    pub(crate) fn share(self, part: Self, whole: Self) -> Self {
        if !whole.is_positive() {
            return self.nothing();
        }
        let [this, part, whole] = [self, part.min(whole), whole].map(|money| i128::from(money.minor()));
        let twice = 2 * this * part;
        let rounded = (twice + twice.signum() * whole) / (2 * whole);
        Self(Decimal::from_i128_with_scale(rounded, self.0.scale()))
    }

    /// For people: `1,234.56`, with a true minus sign (U+2212).
    pub fn grouped(self) -> String {
        let plain = self.0.abs().to_string();
        let (whole, decimals) = plain.split_once('.').map_or((plain.as_str(), None), |(w, d)| (w, Some(d)));
        let mut text = String::with_capacity(plain.len() + 8);
        if self.is_negative() {
            text.push('\u{2212}');
        }
        for (i, digit) in whole.chars().enumerate() {
            if i > 0 && (whole.len() - i).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        if let Some(decimals) = decimals {
            text.push('.');
            text.push_str(decimals);
        }
        text
    }
}

fn round(value: Decimal, digits: u32) -> Decimal {
    let mut rounded = value.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(digits);
    rounded
}

/// Reads a plain decimal with at most `digits` decimals and gives it exactly that many.
pub(crate) fn parse_decimal(text: &str, digits: u32) -> Option<Decimal> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, decimals) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let plain = |part: &str| !part.is_empty() && part.len() <= 18 && part.bytes().all(|b| b.is_ascii_digit());
    if !plain(whole) || !plain(decimals) || (unsigned.contains('.') && decimals.len() > digits as usize) {
        return None;
    }
    let mut decimal = Decimal::from_str_exact(text).ok()?;
    decimal.rescale(digits);
    Some(if decimal.is_zero() { Decimal::new(0, digits) } else { decimal }) // no minus on nothing
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Money {
    type Output = Self;
    fn neg(self) -> Self {
        self.nothing() - self
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Currency {
    /// The sum of the amounts; nothing for none.
    pub fn sum(self, amounts: impl IntoIterator<Item = Money>) -> Money {
        amounts.into_iter().fold(self.zero(), Add::add)
    }
}

/// As the book's files write it: `1234.56`, `-0.50`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// Reads back what this program wrote: the text's decimals are the currency's.
impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digits = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        u32::try_from(digits)
            .ok()
            .and_then(|digits| parse_decimal(&text, digits))
            .filter(|decimal| i64::try_from(decimal.mantissa()).is_ok())
            .map(Self)
            .ok_or_else(|| de::Error::custom(format!("\"{text}\" is not an amount")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd() -> Currency {
        Currency::parse("USD").expect("USD")
    }

    #[test]
    fn amounts_are_read_strictly() {
        let read = |text| Money::parse(text, usd()).map(|m| m.to_string());
        for (text, expected) in [
            ("1000", Some("1000.00")),
            ("0.5", Some("0.50")),
            ("-12.34", Some("-12.34")),
            ("-0.00", Some("0.00")),
            ("007", Some("7.00")),
            ("100000000000.00", Some("100000000000.00")),
            ("100000000000.01", None),
            ("1.234", None),
            ("1.000", None),
            ("1,000.00", None),
            ("1e3", None),
            ("+1", None),
            (".5", None),
            ("5.", None),
            ("", None),
            ("-", None),
            ("NaN", None),
            ("1 ", None),
            ("１", None),
            ("99999999999999999", None), // its minor units are more than 64 bits hold
            ("-999999999999999999", None),
            ("99999999999999999999999999999999", None),
        ] {
            assert_eq!(read(text).as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn an_amount_in_a_document_is_one_that_this_program_could_have_written() {
        let read = |text: &str| serde_json::from_str::<Money>(text).map(|money| money.minor()).ok();
        assert_eq!(read("\"-12.34\""), Some(-1234));
        assert_eq!(read("\"999999999999999999.99\""), None);
        assert_eq!(read("12.34"), None);
    }

    #[test]
    fn digits_come_from_the_currency() {
        let read = |text, code| Money::parse(text, Currency::parse(code).expect(code)).map(|m| m.to_string());
        assert_eq!(read("100", "JPY").as_deref(), Some("100"));
        assert_eq!(read("100.0", "JPY"), None);
        assert_eq!(read("1.5", "BHD").as_deref(), Some("1.500"));
        assert_eq!(Currency::parse("XAU"), None);
        assert_eq!(Currency::parse("usd"), None);
    }

    #[test]
    fn people_see_groups_and_a_true_minus() {
        let money = |minor| Money::from_minor(minor, usd()).grouped();
        assert_eq!(money(123_456_789), "1,234,567.89");
        assert_eq!(money(-100_000), "\u{2212}1,000.00");
        assert_eq!(money(99), "0.99");
        assert_eq!(Money::from_minor(1_000, Currency::parse("JPY").expect("JPY")).grouped(), "1,000");
    }
}
