//! The sentences of the referral programme's page that the rules serve, word for word.

pub const UP_TO_TEN_PERCENT: &str = "up to 10%";
pub const WHO_CANNOT_BE_REFERRED: &str =
    "Companies that are already using NetSource services cannot be referred. You cannot refer your own company.";
pub const WHAT_EARNS: &str = "NetSource does not pay a commission on setup fees or other one time consulting charges \
    [...]. We will pay commissions on recurring managed services and hosting fees.";
pub const ORIGINAL_AMOUNT: &str = "If customers you referred change their services after the original contract term, \
    then NetSource will continue to pay the commission on the original contract as long as the new amount is the same \
    or greater. If the amount is smaller, NetSource will continue paying the commission on the smaller amount.";
pub const HOLDS_THE_CONTRACT: &str = "for as long as that customer holds the contract";
pub const BILLS_IN_FULL: &str =
    "NetSource will not pay a commission for any customer that has not paid their bills in full.";
pub const FULL_AND_CURRENT: &str =
    "NetSource pays the commission after we have received the full and current payment from the customer.";
pub const BILLING_DIRECTLY: &str = "Should you decide to bill the client directly, you will be required to sign an \
    affiliate contract.";
