//! The shipped `refbook` as a child: what it is asked, what it says, how it ends.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Nothing that is asked here takes nearly as long: a program that does hangs.
const PATIENCE: Duration = Duration::from_mins(1);
const GLANCE: Duration = Duration::from_micros(500);

/// The program, and the passphrase of books that it makes.
#[derive(Clone)]
pub struct Program {
    pub path: PathBuf,
    pub passphrase: PathBuf,
}

/// The recovery code of the book in a place: it opens in a millisecond, where a passphrase takes half a second.
pub const CODE: &str = "code";

/// What a run of the program came to.
#[derive(Clone, Debug)]
pub struct Told {
    /// `None` if a signal ended it.
    pub code: Option<i32>,
    pub out: String,
    pub error: String,
}

impl Told {
    pub fn is_done(&self) -> bool {
        self.code == Some(0)
    }

    /// What no fault may bring about: a panic, a crash, a refusal without a word.
    pub fn disgrace(&self) -> Option<String> {
        let panicked = self.code == Some(101) || self.error.contains("panicked");
        let silent = !self.is_done() && self.error.trim().is_empty();
        let crashed = !matches!(self.code, Some(0..=2));
        (panicked || silent || crashed).then(|| format!("it ended with {:?}: {:?}", self.code, self.error))
    }
}

impl Program {
    /// The command, on a book in `place`.
    pub fn command<S: AsRef<OsStr>>(&self, place: &Path, arguments: &[S]) -> Command {
        let mut command = Command::new(&self.path);
        command.args(arguments).stdin(Stdio::null());
        let code = place.join(CODE);
        if code.is_file() {
            command.env_remove("REFBOOK_PASSPHRASE_FILE").env("REFBOOK_RECOVERY_CODE_FILE", code);
        } else {
            command.env_remove("REFBOOK_RECOVERY_CODE_FILE").env("REFBOOK_PASSPHRASE_FILE", &self.passphrase);
        }
        command
    }

    /// Runs it to its end.
    pub fn ask<S: AsRef<OsStr>>(&self, place: &Path, arguments: &[S]) -> Told {
        run(&mut self.command(place, arguments), place, None)
    }
}

/// Runs a command, killed after a while if that is said; what it says is kept in files in `place`, so that what it said
/// before an end is there. A program that hangs is killed too, and that is told.
pub fn run(command: &mut Command, place: &Path, killed_after: Option<Duration>) -> Told {
    let (out, error) = (place.join("said"), place.join("complained"));
    let started = File::create(&out).and_then(|out| Ok((out, File::create(&error)?)));
    let (out_file, error_file) = started.expect("files for what the program says");
    let mut child = command.stdout(out_file).stderr(error_file).spawn().expect("the program starts");
    let begin = Instant::now();
    let limit = killed_after.unwrap_or(PATIENCE);
    let status = loop {
        if let Some(status) = child.try_wait().expect("a child of ours") {
            break status;
        }
        if begin.elapsed() >= limit {
            child.kill().expect("a child of ours");
            break child.wait().expect("a child of ours");
        }
        thread::sleep(GLANCE.min(limit.saturating_sub(begin.elapsed())));
    };
    let mut told = read(status, &out, &error).expect("what the program said");
    if killed_after.is_none() && told.code.is_none() && begin.elapsed() >= PATIENCE {
        told.error.push_str("(it hung, and was killed)");
    }
    told
}

fn read(status: ExitStatus, out: &Path, error: &Path) -> io::Result<Told> {
    let text = |file: &Path| Ok::<_, io::Error>(String::from_utf8_lossy(&fs::read(file)?).into_owned());
    Ok(Told { code: status.code(), out: text(out)?, error: text(error)? })
}
