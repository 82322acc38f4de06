//! What a program that holds keys asks of the system.

/// Asks the system to write no core dump of this program, nor of what it starts: a dump holds keys and records. Where the
/// system has no such word, it changes nothing.
pub fn no_core_dump() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        // One byte and not none: Linux writes no file so short, and takes just this number as "no" where dumps go to a
        // program, for which it overlooks a limit of nothing.
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(1), maximum: Some(1) });
    }
}

/// Has a panic say where it was and nothing else: its words may quote a client's name, or what was typed.
pub fn no_words_of_a_panic() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
        eprintln!("Refbook failed{place}. What was said to be recorded is kept. Please report this line.");
    }));
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_system_knows_that_no_core_dump_is_wanted() {
        no_core_dump();
        let limits = std::fs::read_to_string("/proc/self/limits").expect("our limits");
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).expect("the one for dumps");
        assert_eq!(core.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["1", "1"], "{core}");
    }
}
