//! `cargo xtask dist --check`: Debian's package is installed on this machine, started, and removed again.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::setup::{self, Need};
use crate::{Done, finish, root};

const ENTRY: &str = "/usr/share/applications/Refbook.desktop";

pub fn run(made: &[PathBuf]) -> Done {
    println!("xtask: the installer was {}.", try_out(made)?);
    Ok(())
}

/// What was done to it, in words.
fn try_out(made: &[PathBuf]) -> Result<String, String> {
    let Some(package) = made.iter().find(|file| file.extension().is_some_and(|ending| ending == "deb")) else {
        return Ok(not_tried("that is done with Debian's package alone"));
    };
    let Some(with) = setup::as_root() else {
        return Ok(not_tried("that takes root, or a sudo that asks for nothing"));
    };
    let name = told(Command::new("dpkg-deb").arg("--field").arg(package).arg("Package"))?;
    if !files(&name).is_empty() {
        return Ok(not_tried("it is installed on this machine already, and would be removed"));
    }
    setup::install(&[Need::Screen])?;
    setup::apt(&[&package.to_string_lossy()])?;
    let installed = files(&name);
    let works = works(package);
    finish(&mut setup::rooted(with, &["dpkg", "--purge", &name]))?;
    works?;
    leaves_nothing(&installed)?;
    Ok(format!("tried: {} files came, the window opened, and nothing stayed", installed.len()))
}

fn not_tried(why: &str) -> String {
    format!("NOT tried: {why}")
}

fn works(package: &Path) -> Done {
    let version = told(Command::new("dpkg-deb").arg("--field").arg(package).arg("Version"))?;
    let told = told(Command::new("refbook").arg("--version"))?;
    if told != format!("refbook {version}") {
        return Err(format!("\"refbook --version\" says \"{told}\", and the package is of {version}"));
    }
    opens(&starter()?)
}

/// How the desktop starts the window.
fn starter() -> Result<String, String> {
    let entry = fs::read_to_string(ENTRY).map_err(|error| format!("{ENTRY} can't be read: {error}"))?;
    let said = |key: &str| entry.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
    let icon = said("Icon").unwrap_or_default();
    let drawn = Path::new("/usr/share/icons/hicolor/256x256/apps").join(format!("{icon}.png"));
    if said("Name") != Some("Refbook") || !drawn.is_file() {
        return Err(format!("{ENTRY} has not the name \"Refbook\" and an icon that is there"));
    }
    said("Exec").map(str::to_owned).ok_or_else(|| format!("{ENTRY} starts nothing"))
}

/// Its window comes up, on a screen of its own and in a home that is thrown away.
fn opens(program: &str) -> Done {
    let home = root().join("target").join("dist").join("home");
    let _ = fs::remove_dir_all(&home);
    fs::create_dir_all(&home).map_err(|error| format!("{} can't be made: {error}", home.display()))?;
    let mut screen = Screen::start()?;
    let mut window = Command::new("dbus-run-session");
    window.arg("--").args(program.split_whitespace()).env("DISPLAY", &screen.name).env("HOME", home);
    for personal in ["WAYLAND_DISPLAY", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"] {
        window.env_remove(personal);
    }
    let mut window = window.spawn().map_err(|error| format!("\"dbus-run-session\" can't be run: {error}"))?;
    let seen = screen.shows("^Refbook$", Duration::from_mins(1));
    // Without its screen the window ends, and its bus with it.
    screen.stop();
    let _ = window.wait();
    if seen { Ok(()) } else { Err(format!("\"{program}\" was started, and no window came within a minute")) }
}

/// A screen that nobody looks at.
struct Screen {
    server: Child,
    name: String,
}

impl Screen {
    fn start() -> Result<Self, String> {
        let mut server = Command::new("Xvfb");
        server.args(["-displayfd", "1", "-screen", "0", "1280x900x24"]).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut server = server.spawn().map_err(|error| format!("\"Xvfb\" can't be run: {error}"))?;
        let mut number = String::new();
        let read = server.stdout.take().map(|told| BufReader::new(told).read_line(&mut number));
        match read {
            Some(Ok(1..)) => Ok(Self { server, name: format!(":{}", number.trim()) }),
            _ => Err("\"Xvfb\" did not say which screen it made".to_owned()),
        }
    }

    fn shows(&self, title: &str, within: Duration) -> bool {
        let start = Instant::now();
        while start.elapsed() < within {
            let mut search = Command::new("xdotool");
            search.args(["search", "--onlyvisible", "--name", title]).env("DISPLAY", &self.name);
            if told(&mut search).is_ok_and(|ids| !ids.is_empty()) {
                return true;
            }
            sleep(Duration::from_millis(200));
        }
        false
    }

    fn stop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// What belongs to an installed package; nothing if it isn't installed.
fn files(package: &str) -> Vec<PathBuf> {
    let listed = told(Command::new("dpkg").args(["--listfiles", package]).stderr(Stdio::null()));
    let paths: Vec<PathBuf> = listed.unwrap_or_default().lines().map(PathBuf::from).collect();
    paths.into_iter().filter(|path| path.is_file()).collect()
}

fn leaves_nothing(installed: &[PathBuf]) -> Done {
    match installed.iter().find(|path| path.exists()) {
        Some(left) => Err(format!("the package was removed, and {} is still there", left.display())),
        None => Ok(()),
    }
}

/// What a command says, if it succeeds.
fn told(command: &mut Command) -> Result<String, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let told = command.output().map_err(|error| format!("\"{program}\" can't be run: {error}"))?;
    let said = String::from_utf8_lossy(&told.stdout).trim().to_owned();
    if told.status.success() { Ok(said) } else { Err(format!("\"{program}\" ended with {}", told.status)) }
}
