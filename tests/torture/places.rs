//! Where and when: a disk that is really full, one that can't be written to, any clock, time zone and locale.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use fastrand::Rng;

use crate::Bench;
use crate::calls::well_said;
use crate::cases::Outcome;
use crate::faults::{Fault, How};
use crate::program::run;
use crate::story::{Story, files};

const PAGE: usize = 4096;
const YEAR: i64 = 31_556_952;
/// In seconds from now: yesterday, years ago, in sixty and in two hundred years; and a clock that begins anew, in 1970.
const CLOCKS: [Option<i64>; 6] = [Some(0), Some(-86_400), Some(-9 * YEAR), Some(60 * YEAR), Some(200 * YEAR), None];
const ZONES: [&str; 7] =
    ["UTC", "Pacific/Kiritimati", "America/St_Johns", "Asia/Kathmandu", "Nowhere/Atlantis", "", ":/etc/passwd"];
const LOCALES: [&str; 6] = ["C", "C.UTF-8", "tr_TR.UTF-8", "ar_EG.UTF-8", "xx_XX.nonsense", ""];

pub fn full(bench: &Bench) -> Outcome {
    on_disks(bench, "full", (200, 6), |story, chance, disk, place| {
        let room = chance.usize(..160) * PAGE;
        disk.limit(needed(&disk.place) + room)?;
        let told = run(&mut story.command(&bench.program, &disk.place), place, None);
        well_said(How::Full, false, &told)?;
        disk.limit(64 << 20)?;
        let reached = story.judge(&bench.program, &disk.place, story.acknowledged(&told.out))?;
        Ok(format!("{}: {}", story.plot.name, if told.is_done() { "fits" } else { KEPT[usize::from(reached > 0)] }))
    })
}

const KEPT: [&str; 2] = ["full, and all as before", "full, and what was done is kept"];

pub fn read_only(bench: &Bench) -> Outcome {
    on_disks(bench, "read-only", (70, 7), |story, _, disk, place| {
        disk.remount("ro")?;
        let told = run(&mut story.command(&bench.program, &disk.place), place, None);
        told.disgrace().map_or(Ok(()), Err)?;
        if ["damaged", "is wrong"].iter().any(|word| told.error.contains(word)) {
            return Err(format!("the disk is read-only, and it said: {}", told.error));
        }
        disk.remount("rw")?;
        let reached = story.judge(&bench.program, &disk.place, 0)?;
        match (told.is_done(), reached) {
            (true, _) => Err("nothing could be written, and it said that it was done".to_owned()),
            (false, 0) => Ok(format!("{}: refused", story.plot.name)),
            (false, _) => Err("it is read-only, and something changed".to_owned()),
        }
    })
}

pub fn anywhere(bench: &Bench) -> Outcome {
    bench.extent.play("clocks", (420, 20), |chance, place, nth| {
        // Of those that are looked at without days: the day of a new key is in its list.
        let stories: Vec<&Story> = bench.stories.iter().filter(|story| story.plot.look[0] == "export").collect();
        let story = stories[usize::try_from(nth).unwrap_or_default() % stories.len()];
        story.set_up(place);
        let (clock, zone, locale) = (one(CLOCKS, chance), one(ZONES, chance), one(LOCALES, chance));
        let clock = clock.unwrap_or_else(|| 60 - chrono::Utc::now().timestamp());
        let mut command = story.command(&bench.program, place);
        let command = bench.library.preload(&mut command, place, Fault::Clock(clock));
        let told = run(command.env("TZ", zone).env("LC_ALL", locale), place, None);
        let judged = well_said(How::Broken, false, &told)
            .and_then(|()| story.judge(&bench.program, place, story.acknowledged(&told.out)));
        let what = || format!("{}, {clock} s, TZ {zone:?}, LC_ALL {locale:?}", story.plot.name);
        judged.map_err(|words| format!("{}: {words}", what()))?;
        Ok(format!("{}: {}", story.plot.name, if told.is_done() { "done" } else { "refused" }))
    })
}

fn one<T: Copy, const N: usize>(of: [T; N], chance: &mut Rng) -> T {
    of[chance.usize(..N)]
}

fn on_disks(
    bench: &Bench,
    name: &str,
    count: (u64, u64),
    case: impl Fn(&Story, &mut Rng, &Disk, &Path) -> Result<String, String> + Sync,
) -> Outcome {
    if Disk::mount(&bench.extent.place.join("trial")).is_err() {
        return Outcome::not_run("no small disk can be mounted here: it takes root");
    }
    bench.extent.play(name, count, |chance, place, nth| {
        let disk = Disk::mount(&place.join("disk"))?;
        let story = bench.story(nth);
        story.lay(&disk.place);
        case(story, chance, &disk, place).map_err(|words| format!("{}: {words}", story.plot.name))
    })
}

/// A small disk of its own, gone when dropped.
struct Disk {
    place: PathBuf,
}

impl Disk {
    fn mount(place: &Path) -> Result<Self, String> {
        fs::create_dir_all(place).expect("a folder of ours");
        quiet(Command::new("mount").args(["-t", "tmpfs", "-o", "size=64m", "tmpfs"]).arg(place))?;
        Ok(Self { place: place.to_owned() })
    }

    fn limit(&self, bytes: usize) -> Result<(), String> {
        self.remount(&format!("size={bytes}"))
    }

    /// A child that another case starts just now has our open files until it is a program of its own, and keeps the disk
    /// busy for that moment.
    fn remount(&self, options: &str) -> Result<(), String> {
        let mut mount = Command::new("mount");
        mount.args(["-o", &format!("remount,{options}")]).arg(&self.place);
        let mut done = quiet(&mut mount);
        for _ in 0..20 {
            if done.is_ok() {
                break;
            }
            thread::sleep(Duration::from_millis(10));
            done = quiet(&mut mount);
        }
        done
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = quiet(Command::new("umount").arg("--lazy").arg(&self.place));
    }
}

fn quiet(command: &mut Command) -> Result<(), String> {
    match command.stdout(Stdio::null()).stderr(Stdio::null()).status() {
        Ok(status) if status.success() => Ok(()),
        ended => Err(format!("{command:?}: {ended:?}")),
    }
}

/// What the files there take on a disk: a page for each begun, and some for the disk itself.
fn needed(place: &Path) -> usize {
    files(place).values().map(|bytes| bytes.len().div_ceil(PAGE) * PAGE).sum::<usize>() + 2 * PAGE
}
