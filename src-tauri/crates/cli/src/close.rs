//! `refbook close` and `refbook reopen`.

use desk::{Closed, Desk, Month};

use crate::output::Output;
use crate::{Failure, now};

pub fn close(desk: &mut Desk, through: Month, output: &mut Output) -> Result<(), Failure> {
    desk.close(through, now(), |Closed { month, statements }| {
        let plural = if statements == 1 { "statement" } else { "statements" };
        output.line(format_args!("Closed {month}: {statements} {plural} sealed."));
        true
    })?;
    Ok(())
}

pub fn reopen(desk: &mut Desk, month: Month, reason: &str, output: &mut Output) -> Result<(), Failure> {
    desk.reopen(month, reason, now())?;
    output.line(format_args!(
        "Reopened {month}. Its sealed statements are kept, and are no longer in force; close it again when it is right."
    ));
    Ok(())
}
