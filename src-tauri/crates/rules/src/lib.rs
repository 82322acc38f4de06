//! The programme's rules: who can be referred, what earns, what a month's statement says, and why.
//!
//! Pure: facts in, facts out. There is no clock, file, async, SQL or float here; a date is an argument, and nothing
//! fails on valid input. What is not valid is found by [`refusal`] before anything is kept.
//!
//! The source is the referral programme's page; the sentences that the rules serve are in [`page`].

pub mod affiliate;
pub mod base;
pub mod billing;
pub mod client;
pub mod contract;
pub mod day;
pub mod debt;
pub mod forecast;
pub mod id;
pub mod inputs;
pub mod invoice;
pub mod money;
pub mod month;
pub mod name;
pub mod own_price;
pub mod page;
pub mod problem;
pub mod projection;
pub mod quote;
pub mod rate;
pub mod records;
pub mod referral;
pub mod refusal;
pub mod registration;
pub mod standing;
pub mod statement;
pub mod step;
pub mod tax;
pub mod terms;

/// The rules' version, sealed into every closed statement: a statement is checked by the rules that made it.
pub const ENGINE: u32 = 1;
