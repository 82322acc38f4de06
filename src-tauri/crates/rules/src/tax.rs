//! A tax on an affiliate's own invoices.

use rust_decimal::Decimal;

use crate::money::{Money, parse_decimal};

/// A share of the charges with up to six decimals: `0.08875` is New York City's 8.875%.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaxRate(Decimal);

impl TaxRate {
    /// Reads `0.0825`: above nothing, and the whole at most.
    pub fn parse(text: &str) -> Option<Self> {
        let rate = parse_decimal(text, 6)?;
        (Decimal::ZERO < rate && rate <= Decimal::ONE).then_some(Self(rate))
    }

    /// The tax on `net`: to the minor unit, half away from zero.
    pub fn of(self, net: Money) -> Money {
        net.times_rounded(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    #[test]
    fn a_city_s_tax_has_more_decimals_than_a_commission() {
        let of_1000 =
            |text| TaxRate::parse(text).map(|rate| rate.of(Money::from_minor(100_000, Currency::USD)).minor());
        assert_eq!(of_1000("0.08875"), Some(8_875));
        assert_eq!(of_1000("0.099755"), Some(9_976), "half a cent goes away from zero");
        assert_eq!(of_1000("1"), Some(100_000));
        for wrong in ["0", "-0.1", "1.000001", "0.1234567", "8%", ""] {
            assert_eq!(of_1000(wrong), None, "{wrong}");
        }
    }
}
