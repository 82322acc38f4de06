//! What a machine needs beside Rust: found missing, it is installed, or said exactly how to.

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::{Done, finish};

/// What a program is needed for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Need {
    Build,
    Test,
    /// To open the window where nobody looks, and to drive it.
    Screen,
    Bench,
    Fuzz,
}

/// A program, what it is needed for, and the package that it comes with: Debian's, Homebrew's, winget's.
struct Tool {
    program: &'static str,
    need: Need,
    debian: &'static str,
    homebrew: &'static str,
    winget: &'static str,
}

/// OpenSSL, which SQLCipher is built with, is configured by Perl and built by make. The others open what was printed.
#[rustfmt::skip]
const TOOLS: &[Tool] = &[
    Tool { program: "cc", need: Need::Build, debian: "gcc libc6-dev", homebrew: "gcc", winget: "Microsoft.VisualStudio.2022.BuildTools" },
    Tool { program: "make", need: Need::Build, debian: "make", homebrew: "make", winget: "GnuWin32.Make" },
    Tool { program: "perl", need: Need::Build, debian: "perl", homebrew: "perl", winget: "StrawberryPerl.StrawberryPerl" },
    Tool { program: "npm", need: Need::Build, debian: "nodejs npm", homebrew: "node", winget: "OpenJS.NodeJS.LTS" },
    Tool { program: "pdftotext", need: Need::Test, debian: "poppler-utils", homebrew: "poppler", winget: "oschwartz10612.Poppler" },
    Tool { program: "qpdf", need: Need::Test, debian: "qpdf", homebrew: "qpdf", winget: "QPDF.QPDF" },
    Tool { program: "mutool", need: Need::Test, debian: "mupdf-tools", homebrew: "mupdf-tools", winget: "ArtifexSoftware.mutool" },
    Tool { program: "setsid", need: Need::Test, debian: "util-linux", homebrew: "util-linux", winget: "" },
    Tool { program: "unshare", need: Need::Test, debian: "util-linux", homebrew: "", winget: "" },
    Tool { program: "mount", need: Need::Test, debian: "mount", homebrew: "", winget: "" },
    Tool { program: "Xvfb", need: Need::Screen, debian: "xvfb", homebrew: "", winget: "" },
    Tool { program: "openbox", need: Need::Screen, debian: "openbox", homebrew: "", winget: "" },
    Tool { program: "xdotool", need: Need::Screen, debian: "xdotool", homebrew: "", winget: "" },
    Tool { program: "WebKitWebDriver", need: Need::Screen, debian: "webkit2gtk-driver", homebrew: "", winget: "" },
    Tool { program: "dbus-run-session", need: Need::Screen, debian: "dbus dbus-x11", homebrew: "", winget: "" },
    Tool { program: "c++", need: Need::Fuzz, debian: "g++", homebrew: "gcc", winget: "Microsoft.VisualStudio.2022.BuildTools" },
    Tool { program: "python3", need: Need::Bench, debian: "python3 python3-venv", homebrew: "python", winget: "Python.Python.3.12" },
];

/// Programs that only Linux's window and its stories need: their packages elsewhere are none.
fn is_for_here(tool: &Tool) -> bool {
    cfg!(target_os = "linux") || !tool.homebrew.is_empty()
}

/// What Linux's window is drawn with, as pkg-config and as Debian name it. Other systems bring their own.
const LIBRARIES: [(&str, &str); 2] =
    [("webkit2gtk-4.1", "pkg-config libwebkit2gtk-4.1-dev"), ("librsvg-2.0", "pkg-config librsvg2-dev")];

/// Whether a window could be seen.
pub fn has_display() -> bool {
    !cfg!(target_os = "linux") || ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| env::var_os(name).is_some())
}

fn install_libraries() -> Done {
    let is_missing = |name: &str| !is_quiet_success(Command::new("pkg-config").args(["--exists", name]));
    let missing: Vec<_> = LIBRARIES.into_iter().filter(|(name, _)| is_missing(name)).collect();
    if !cfg!(target_os = "linux") || missing.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = missing.iter().map(|(name, _)| *name).collect();
    println!("xtask: missing: {}", names.join(", "));
    if !is_there("apt-get") {
        return Err(format!(
            "install the development files of {} with your system's package manager",
            names.join(", ")
        ));
    }
    let packages: Vec<&str> = missing.iter().flat_map(|(_, packages)| packages.split_whitespace()).collect();
    apt(&packages)
}

/// Makes sure that every tool for `needs` is there.
pub fn install(needs: &[Need]) -> Done {
    install_libraries()?;
    let is_missing = |tool: &&Tool| needs.contains(&tool.need) && is_for_here(tool) && !is_there(tool.program);
    let missing: Vec<&Tool> = TOOLS.iter().filter(is_missing).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let programs: Vec<&str> = missing.iter().map(|tool| tool.program).collect();
    println!("xtask: missing: {}", programs.join(", "));
    if is_there("apt-get") {
        return apt(&packages(&missing, |tool| tool.debian));
    }
    Err(format!("install {} first: {}", programs.join(", "), advice(&missing)))
}

fn is_there(program: &str) -> bool {
    let names = [program.to_owned(), format!("{program}{}", env::consts::EXE_SUFFIX)];
    let path = env::var_os("PATH").unwrap_or_default();
    // MSVC's compiler is found by Rust itself, and stands in no PATH.
    (cfg!(windows) && program == "cc")
        || env::split_paths(&path).any(|folder| names.iter().any(|name| folder.join(name).is_file()))
}

fn packages(missing: &[&Tool], package: impl Fn(&Tool) -> &'static str) -> Vec<&'static str> {
    missing.iter().flat_map(|tool| package(tool).split_whitespace()).collect()
}

/// Installs packages, by name or as files; where that can't be done, gives the command to type.
pub fn apt(packages: &[&str]) -> Done {
    let Some(with) = as_root() else {
        let packages = packages.join(" ");
        return Err(format!(
            "run this first: sudo apt-get update && sudo apt-get install --no-install-recommends {packages}"
        ));
    };
    let run = |arguments: &[&str]| {
        let mut command = rooted(with, arguments);
        finish(command.env("DEBIAN_FRONTEND", "noninteractive"))
    };
    run(&["apt-get", "update", "--quiet"])?;
    run(&[&["apt-get", "install", "--yes", "--quiet", "--no-install-recommends"], packages].concat())
}

/// What stands before a command to run it as root: nothing, if we are; sudo, where that asks for nothing.
pub fn as_root() -> Option<&'static [&'static str]> {
    if is_root() {
        Some(&[])
    } else if is_quiet_success(Command::new("sudo").args(["--non-interactive", "true"])) {
        Some(&["sudo"])
    } else {
        None
    }
}

/// A command behind what makes it root's.
pub fn rooted(with: &[&str], command: &[&str]) -> Command {
    let mut words = with.iter().chain(command);
    let mut rooted = Command::new(words.next().unwrap_or(&""));
    rooted.args(words);
    rooted
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn is_quiet_success(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

fn advice(missing: &[&Tool]) -> String {
    if cfg!(target_os = "macos") {
        format!("brew install {}", packages(missing, |tool| tool.homebrew).join(" "))
    } else if cfg!(windows) {
        let install = |package: &str| format!("winget install {package}");
        packages(missing, |tool| tool.winget).into_iter().map(install).collect::<Vec<_>>().join(" && ")
    } else {
        "with your system's package manager".to_owned()
    }
}

/// A Python of its own with reportlab, which the paper is measured beside.
pub fn reportlab(venv: &Path) -> Done {
    let python = venv.join("bin").join("python");
    // One that was left half-made, by a registry out of reach, say, is made again.
    if is_quiet_success(Command::new(&python).args(["-c", "import reportlab"])) {
        return Ok(());
    }
    if finish(Command::new("python3").args(["-m", "venv", "--clear"]).arg(venv)).is_err() {
        apt(&["python3-venv"])?;
        finish(Command::new("python3").args(["-m", "venv", "--clear"]).arg(venv))?;
    }
    finish(Command::new(&python).args(["-m", "pip", "install", "--quiet", "reportlab==5.1.0"]))
}
