//! More connections than a shell gives a program files for, which say nothing.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod serving;
mod stage;
mod trusting;

use std::net::{SocketAddr, TcpStream};
use std::process::Command;
use std::thread;

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use serving::{Serving, backend, curl, service_file};
use stage::Stage;
use trusting::{Client, trusting};

/// Those who are there and ask for nothing.
const IDLE: usize = 10_000;

/// How many of them come at a time.
const AT_ONCE: usize = 2;

/// KiB of memory for each of them, once it is idle; a build without optimisations needs 11.
const EACH: usize = 15;

/// What a shell gives a program at first.
const SHELL: &str = "ulimit -S -n 1024 && exec \"$0\" \"$@\"";

/// Nobody is sent away for saying nothing, and two more may come than are there.
const PATIENT: &str =
    "timeouts = { idle = 3600, header = 3600 }\nlimits = { connections = 10002 }\n";

fn kib(serving: &Serving) -> usize {
    serving.status("VmRSS")[0].parse().unwrap()
}

#[test]
fn ten_thousand_who_say_nothing_cost_little_and_keep_nobody_out() {
    // Each is a file here, too.
    let (_, most) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
    assert!(
        most > 11_000,
        "`ulimit -H -n` is {most}, and 11,000 files are needed"
    );
    setrlimit(Resource::RLIMIT_NOFILE, most, most).unwrap();
    let stage = Stage::new();
    let port = service_file(&stage, &backend("hello"), PATIENT);
    let keyway = stage.command();
    let mut command = Command::new("sh");
    command.args(["-c", SHELL]).arg(keyway.get_program());
    command.current_dir(keyway.get_current_dir().unwrap());
    let serving = Serving::start_by(command, "");
    let before = kib(&serving);

    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let config = trusting();
    let come = || {
        let one = |_| {
            let mut client = Client::connect(address, &config).unwrap();
            assert!(client.get().unwrap());
            client
        };
        (0..IDLE / AT_ONCE).map(one).collect::<Vec<Client>>()
    };
    let mut clients: Vec<Client> = thread::scope(|scope| {
        let coming: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(come)).collect();
        coming
            .into_iter()
            .flat_map(|it| it.join().unwrap())
            .collect()
    });
    let cost = kib(&serving).saturating_sub(before) / IDLE;
    assert!(cost < EACH, "{cost} KiB each");

    // Others are served, and each of them as soon as it says something.
    let ask = || curl(&stage, port, &[], "/");
    assert_eq!(ask(), "hello");
    for client in clients.iter_mut().step_by(IDLE / 50) {
        assert!(client.get().unwrap());
    }
    // One more than there may be waits until somebody goes.
    let late = [(); 2].map(|()| TcpStream::connect(address).unwrap());
    let asked = thread::scope(|scope| {
        let asked = scope.spawn(ask);
        drop(late);
        asked.join().unwrap()
    });
    assert_eq!(asked, "hello");
    drop(clients);
    assert_eq!(serving.end().0, Some(0));
}
