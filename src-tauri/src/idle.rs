//! Whether nobody has used the window for so long that the book is locked. A pure judge: the time is an argument.

use std::time::{Duration, Instant, SystemTime};

use desk::views::Locked;

/// What can be chosen, in minutes.
const MINUTES: [u64; 5] = [5, 10, 15, 30, 60];
const USUAL: &str = "10";
const NEVER: &str = "never";

/// It is looked every second: when so much time has passed between two looks, the computer slept.
const SLEPT: Duration = Duration::from_secs(30);

/// A clock that is set right goes back by so much at most; one that goes back further hides how long the computer slept.
const SET_RIGHT: Duration = Duration::from_secs(5);

/// An instant by both clocks. The wall's can be set back; the monotonic one stands still in some systems' sleep.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    wall: SystemTime,
    monotonic: Instant,
}

impl Moment {
    pub fn now() -> Self {
        Self { wall: SystemTime::now(), monotonic: Instant::now() }
    }

    /// By the clock that says more; `None` if the wall's went back further than one that is set right.
    fn since(self, earlier: Self) -> Option<Duration> {
        let wall = match self.wall.duration_since(earlier.wall) {
            Ok(passed) => passed,
            Err(back) if back.duration() <= SET_RIGHT => Duration::ZERO,
            Err(_) => return None,
        };
        Some(wall.max(self.monotonic.saturating_duration_since(earlier.monotonic)))
    }
}

/// When the window was used last, and when that was looked at last.
#[derive(Clone, Copy, Debug)]
pub struct Idle {
    after: Option<Duration>,
    used: Moment,
    seen: Moment,
}

impl Default for Idle {
    fn default() -> Self {
        Self::new(Moment::now())
    }
}

impl Idle {
    fn new(now: Moment) -> Self {
        Self { after: None, used: now, seen: now }
    }

    /// A hand was there.
    pub fn used(&mut self, now: Moment) {
        self.used = now;
    }

    /// How long it may be unused from now on; `None`: for ever.
    pub fn begin(&mut self, after: Option<Duration>, now: Moment) {
        *self = Self { after, used: now, seen: now };
    }

    /// Why the book is to be locked now, if it is.
    pub fn look(&mut self, now: Moment) -> Option<Locked> {
        let before = std::mem::replace(&mut self.seen, now);
        match (now.since(before), now.since(self.used)) {
            (None, _) | (_, None) => Some(Locked::Clock),
            (Some(passed), _) if passed >= SLEPT => Some(Locked::Slept),
            (_, Some(unused)) if self.after.is_some_and(|after| unused >= after) => Some(Locked::Unused),
            _ => None,
        }
    }
}

/// A choice as the book keeps it: `never`, or minutes.
pub fn choice(kept: Option<&str>) -> &str {
    let known = |text: &&str| *text == NEVER || text.parse().is_ok_and(|minutes| MINUTES.contains(&minutes));
    kept.filter(known).unwrap_or(USUAL)
}

/// How long that is.
pub fn after(choice: &str) -> Option<Duration> {
    choice.parse().ok().map(Duration::from_mins)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const MINUTE: Duration = Duration::from_mins(1);

    impl Moment {
        fn later(self, wall: Duration, monotonic: Duration) -> Self {
            Self { wall: self.wall + wall, monotonic: self.monotonic + monotonic }
        }
    }

    /// Looks every second for so many seconds; gives the first reason, and after how many seconds it came.
    fn watched(idle: &mut Idle, from: Moment, seconds: u32) -> Option<(Locked, u32)> {
        (1..=seconds).find_map(|nth| idle.look(from.later(SECOND * nth, SECOND * nth)).map(|why| (why, nth)))
    }

    fn after_ten_minutes(now: Moment) -> Idle {
        let mut idle = Idle::new(now);
        idle.begin(after("10"), now);
        idle
    }

    #[test]
    fn it_locks_to_the_second_when_nobody_was_there() {
        let now = Moment::now();
        assert_eq!(watched(&mut after_ten_minutes(now), now, 700), Some((Locked::Unused, 600)));
    }

    #[test]
    fn a_hand_begins_the_time_anew() {
        let now = Moment::now();
        let mut idle = after_ten_minutes(now);
        assert_eq!(watched(&mut idle, now, 599), None);
        let then = now.later(SECOND * 599, SECOND * 599);
        idle.used(then);
        assert_eq!(watched(&mut idle, then, 700), Some((Locked::Unused, 600)));
    }

    #[test]
    fn never_is_never_by_rest_alone() {
        let now = Moment::now();
        let mut idle = Idle::new(now);
        idle.begin(after("never"), now);
        assert_eq!(watched(&mut idle, now, 100_000), None);
        let then = now.later(SECOND * 100_000, SECOND * 100_000);
        assert_eq!(
            idle.look(then.later(MINUTE, SECOND)),
            Some(Locked::Slept),
            "a lid that was closed locks all the same"
        );
    }

    #[test]
    fn either_clock_is_enough() {
        let now = Moment::now();
        for (wall, monotonic) in [(MINUTE, SECOND), (SECOND, MINUTE)] {
            assert_eq!(after_ten_minutes(now).look(now.later(wall, monotonic)), Some(Locked::Slept));
        }
        let mut slow = after_ten_minutes(now);
        let reason = (1..=600).find_map(|nth| slow.look(now.later(Duration::from_millis(100) * nth, SECOND * nth)));
        assert_eq!(reason, Some(Locked::Unused), "a wall clock that is slowed down hides nothing");
    }

    #[test]
    fn a_clock_that_goes_back_locks() {
        let now = Moment::now();
        let mut idle = after_ten_minutes(now);
        assert_eq!(watched(&mut idle, now, 10), None);
        assert_eq!(idle.look(now.later(SECOND * 4, SECOND * 11)), Some(Locked::Clock));
        // However far ahead it is of when the window was used last.
        let mut idle = after_ten_minutes(now);
        assert_eq!(idle.look(now.later(SECOND * 20, SECOND)), None);
        assert_eq!(idle.look(now.later(SECOND * 3, SECOND * 2)), Some(Locked::Clock));
    }

    #[test]
    fn a_clock_that_is_set_right_locks_nothing() {
        let now = Moment::now();
        let mut idle = after_ten_minutes(now);
        assert_eq!(watched(&mut idle, now, 10), None);
        assert_eq!(idle.look(now.later(SECOND * 5, SECOND * 11)), None);
        let last =
            (12..=700).find_map(|nth| idle.look(now.later(SECOND * (nth - 6), SECOND * nth)).map(|why| (why, nth)));
        assert_eq!(last, Some((Locked::Unused, 600)), "nor does it hide how long nobody was there");
    }

    #[test]
    fn what_was_not_chosen_here_is_ten_minutes() {
        for kept in [None, Some(""), Some("0"), Some("7"), Some("-5"), Some("1e9"), Some("10")] {
            assert_eq!(after(choice(kept)), Some(MINUTE * 10), "{kept:?}");
        }
        assert_eq!(after(choice(Some("60"))), Some(MINUTE * 60));
        assert_eq!(after(choice(Some("never"))), None);
    }
}
