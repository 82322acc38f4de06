//! Whether the computer is about to sleep, as systemd says it on the system's bus; it waits until the book is locked. Elsewhere the
//! clocks tell it afterwards: see `idle`.

use std::thread;

use zbus::blocking::{Connection, Proxy};
use zbus::zvariant::OwnedFd;

const LOGIND: (&str, &str, &str) =
    ("org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager");

/// Does something each time before the computer sleeps. Without such a bus, nothing.
pub fn before(act: impl Fn() + Send + 'static) {
    thread::spawn(move || {
        let _ = Connection::system().and_then(|bus| listen(&bus, act));
    });
}

/// Ends with the bus.
fn listen(bus: &Connection, act: impl Fn()) -> zbus::Result<()> {
    let (service, path, interface) = LOGIND;
    let logind = Proxy::new(bus, service, path, interface)?;
    // Heard before it is asked to wait: nothing is said in between that is missed.
    let signals = logind.receive_signal("PrepareForSleep")?;
    let mut waits = wait_for_us(&logind);
    for signal in signals {
        let begins: bool = signal.body().deserialize()?;
        if begins {
            act();
            // It may sleep now.
            drop(waits.take());
        } else {
            waits = wait_for_us(&logind);
        }
    }
    Ok(())
}

/// As long as this is held, and five seconds at most, the computer does not sleep yet.
fn wait_for_us(logind: &Proxy<'_>) -> Option<OwnedFd> {
    logind.call("Inhibit", &("sleep", "Refbook", "The open book is locked first", "delay")).ok()
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader};
    use std::process::{Child, Command, Stdio};
    use std::sync::mpsc::{Sender, channel};
    use std::time::Duration;

    use zbus::blocking::connection::Builder;
    use zbus::zvariant::OwnedFd;

    use super::*;

    const LONG: Duration = Duration::from_secs(20);

    /// A bus of our own, for as long as it is held.
    struct Bus(Child, String);

    impl Bus {
        fn start() -> Self {
            let mut bus = Command::new("dbus-daemon")
                .args(["--session", "--nofork", "--print-address"])
                .stdout(Stdio::piped())
                .spawn()
                .expect("dbus-daemon");
            let mut address = String::new();
            BufReader::new(bus.stdout.take().expect("piped")).read_line(&mut address).expect("an address");
            Self(bus, address.trim().to_owned())
        }

        fn connect(&self) -> Builder<'_> {
            Builder::address(self.1.as_str()).expect("an address")
        }
    }

    impl Drop for Bus {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    /// Hands out one end of a pipe to whoever wants the computer to wait, and keeps the other.
    struct Logind(Sender<std::io::PipeReader>);

    #[zbus::interface(name = "org.freedesktop.login1.Manager")]
    impl Logind {
        fn inhibit(&self, what: &str, who: &str, why: &str, mode: &str) -> OwnedFd {
            assert_eq!((what, who, mode), ("sleep", "Refbook", "delay"));
            assert!(!why.is_empty());
            let (ours, theirs) = std::io::pipe().expect("a pipe");
            self.0.send(ours).expect("the test listens");
            std::os::fd::OwnedFd::from(theirs).into()
        }
    }

    #[test]
    fn the_computer_sleeps_once_the_book_is_locked() {
        let bus = Bus::start();
        let (asked, waiting) = channel();
        let (service, path, interface) = LOGIND;
        let built = bus.connect().name(service).and_then(|bus| bus.serve_at(path, Logind(asked)));
        let logind = built.and_then(Builder::build).expect("a service");
        let ours = bus.connect().build().expect("a connection");
        let (locked, locks) = channel();
        thread::spawn(move || listen(&ours, move || locked.send(()).expect("the test listens")));

        for _ in 0..2 {
            let end = waiting.recv_timeout(LONG).expect("it asked to be waited for");
            logind.emit_signal(None::<&str>, path, interface, "PrepareForSleep", &true).expect("told");
            locks.recv_timeout(LONG).expect("locked before it sleeps");
            assert_eq!(std::io::read_to_string(end).expect("a pipe"), "", "let go of");
            logind.emit_signal(None::<&str>, path, interface, "PrepareForSleep", &false).expect("told");
        }
        waiting.recv_timeout(LONG).expect("it asks again after waking");
        assert!(locks.try_recv().is_err(), "waking locks nothing");
    }
}
