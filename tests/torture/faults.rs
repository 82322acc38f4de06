//! Faults in a program's calls: the preloaded library, and what it is told to do.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The library that is preloaded.
pub struct Library(PathBuf);

/// What is done with the calls of one run.
#[derive(Clone, Copy, Debug)]
pub enum Fault<'a> {
    /// Each call's letter is written into a file.
    Count(&'a Path),
    Fail {
        at: usize,
        how: How,
        stays: bool,
    },
    /// The program is killed at this call; half way through it, if it writes.
    Kill {
        at: usize,
        half: bool,
    },
    /// What each call did is written into a file.
    Record(&'a Path),
    /// The wall clock is so many seconds off.
    Clock(i64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    Full,
    Broken,
    Half,
}

impl How {
    pub const ALL: [How; 3] = [How::Full, How::Broken, How::Half];

    fn word(self) -> &'static str {
        match self {
            How::Full => "full",
            How::Broken => "broken",
            How::Half => "half",
        }
    }
}

impl Library {
    /// Built by the machine's C compiler.
    pub fn build(folder: &Path) -> Result<Self, String> {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("torture").join("preload.c");
        let library = folder.join("preload.so");
        let mut cc = Command::new("cc");
        cc.args(["-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-o"]).arg(&library).arg(&source);
        match cc.status() {
            Ok(status) if status.success() => Ok(Self(library)),
            Ok(status) => Err(format!("\"{}\" could not be compiled: cc ended with {status}", source.display())),
            Err(error) => Err(format!("cc can't be run: {error}")),
        }
    }

    /// Has a command meet a fault in its calls on files under `place`.
    pub fn preload<'c>(&self, command: &'c mut Command, place: &Path, fault: Fault<'_>) -> &'c mut Command {
        command.env("LD_PRELOAD", &self.0).env("TORTURE_UNDER", place);
        match fault {
            Fault::Count(log) => {
                command.env("TORTURE_DO", "count").env("TORTURE_LOG", log).env("TORTURE_HOW", "broken")
            }
            Fault::Record(log) => command.env("TORTURE_DO", "record").env("TORTURE_LOG", log),
            Fault::Clock(seconds) => command.env("TORTURE_CLOCK", seconds.to_string()),
            Fault::Kill { at, half } => {
                let how = if half { "half" } else { "before" };
                command.env("TORTURE_DO", "kill").env("TORTURE_AT", at.to_string()).env("TORTURE_HOW", how)
            }
            Fault::Fail { at, how, stays } => {
                if stays {
                    command.env("TORTURE_STAYS", "1");
                }
                command.env("TORTURE_DO", "fail").env("TORTURE_AT", at.to_string()).env("TORTURE_HOW", how.word())
            }
        }
    }
}
