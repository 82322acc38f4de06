//! `refbook verify`.

use desk::{Desk, Verified};

use crate::Failure;
use crate::output::Output;

pub fn run(desk: &mut Desk, output: &mut Output) -> Result<(), Failure> {
    let Verified { statements, lines, finding } = desk.verify()?;
    if let Some(finding) = finding {
        return Err(Failure(format!("Not as it was written: {}: {}.", finding.at, finding.what)));
    }
    output.line(format_args!(
        "All as it was written: the file, the journal, and {statements} closed statements with {lines} lines, each \
         drawn again from its own inputs."
    ));
    Ok(())
}
