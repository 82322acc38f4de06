//! `refbook void`.

use desk::{Desk, RecordKind};

use crate::output::Output;
use crate::{Failure, now};

pub fn run(desk: &mut Desk, kind: RecordKind, id: &str, reason: &str, output: &mut Output) -> Result<(), Failure> {
    desk.void(kind, id, reason, now())?;
    output.line(format_args!("Voided {} {id}. What it changes shows in the next open month.", kind.words()));
    Ok(())
}
