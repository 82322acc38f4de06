//! A commission rate: a fraction above 0 with up to four decimals.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::money::{Money, parse_decimal};

/// A share of a base: `0.10` is 10%. Kept in basis points, ten-thousandths.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate(u32);

/// Why a text is no rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateError {
    /// Not a plain decimal with up to four decimals, or absurdly large.
    Unreadable,
    /// Nothing or less.
    NotPositive,
}

impl Rate {
    pub const WHOLE: Rate = Rate(10_000);
    pub const TEN_PERCENT: Rate = Rate(1_000);

    /// Reads `0.10` or `0.075`. Whether it is within the programme's maximum is judged where the terms are known.
    pub fn parse(text: &str) -> Result<Self, RateError> {
        let decimal = parse_decimal(text, 4).ok_or(RateError::Unreadable)?;
        if decimal <= Decimal::ZERO {
            return Err(RateError::NotPositive);
        }
        u32::try_from(decimal.mantissa()).map(Self).map_err(|_| RateError::Unreadable)
    }

    pub fn from_basis_points(points: u32) -> Option<Self> {
        (points > 0).then_some(Self(points))
    }

    pub fn basis_points(self) -> u32 {
        self.0
    }

    /// The commission on `base`: to the minor unit, half away from zero.
    /// Case: `half-a-cent-rounds-up.json`.
    pub fn of(self, base: Money) -> Money {
        base.times_rounded(Decimal::new(i64::from(self.0), 4))
    }

    /// For people: `10%`, `7.5%`.
    pub fn percent(self) -> String {
        format!("{}%", Decimal::new(i64::from(self.0), 2).normalize())
    }
}

/// As the book's files write it: at least two decimals, `0.10`, `0.075`.
impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut decimal = Decimal::new(i64::from(self.0), 4).normalize();
        if decimal.scale() < 2 {
            decimal.rescale(2);
        }
        fmt::Display::fmt(&decimal, f)
    }
}

impl fmt::Debug for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(|_| de::Error::custom(format!("\"{text}\" is not a rate")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    #[test]
    fn rates_are_read_strictly_and_written_plainly() {
        let read = |text| Rate::parse(text).map(|rate| rate.to_string());
        assert_eq!(read("0.10").as_deref(), Ok("0.10"));
        assert_eq!(read("0.1").as_deref(), Ok("0.10"));
        assert_eq!(read("0.0750").as_deref(), Ok("0.075"));
        assert_eq!(read("1").as_deref(), Ok("1.00"));
        assert_eq!(read("0"), Err(RateError::NotPositive));
        assert_eq!(read("-0.1"), Err(RateError::NotPositive));
        assert_eq!(read("0.12345"), Err(RateError::Unreadable));
        assert_eq!(read("10%"), Err(RateError::Unreadable));
        assert_eq!(Rate::parse("0.075").map(Rate::percent).as_deref(), Ok("7.5%"));
    }

    #[test]
    fn half_a_cent_goes_away_from_zero() {
        let usd = Currency::parse("USD").expect("USD");
        let rate = Rate::parse("0.10").expect("a rate");
        assert_eq!(rate.of(Money::from_minor(1005, usd)).minor(), 101);
        assert_eq!(rate.of(Money::from_minor(-1005, usd)).minor(), -101);
        assert_eq!(rate.of(Money::from_minor(1004, usd)).minor(), 100);
    }
}
