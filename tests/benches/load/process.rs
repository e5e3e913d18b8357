//! Processes that are measured: where they run, what they cost, and their end.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// The processor of terminators, and that of everything else.
pub(crate) const THEIRS: &str = "0";
pub(crate) const OURS: &str = "1";

/// Microseconds of a clock tick of `/proc`: USER_HZ is 100 on every machine (proc(5)).
const TICK: f64 = 10_000.0;

/// Until something listens.
const PATIENCE: Duration = Duration::from_secs(60);

/// A program and all processes that it started. They end when this is dropped.
pub(crate) struct Process {
    child: Child,
}

impl Process {
    /// Starts a program on one processor; what it says goes to a file.
    pub(crate) fn start(processor: &str, words: &[String], log: &Path) -> Self {
        let file = File::create(log).expect("a file for what is said");
        let again = file.try_clone().expect("the same file");
        let child = Command::new("taskset")
            .args(["-c", processor])
            .args(words)
            .current_dir(log.parent().expect("a folder"))
            .stdin(Stdio::null())
            .stdout(file)
            .stderr(again)
            .spawn()
            .expect("taskset, of the package util-linux");
        Self { child }
    }

    /// Waits until it takes connections at a port.
    pub(crate) fn wait_for(&mut self, port: u16, log: &Path) {
        let began = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            let ended = self.child.try_wait().expect("its state");
            let said = || fs::read_to_string(log).unwrap_or_default();
            assert!(ended.is_none(), "{}: {}", log.display(), said());
            assert!(began.elapsed() < PATIENCE, "{}", log.display());
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Microseconds of CPU time of all its processes so far.
    pub(crate) fn cpu(&self) -> f64 {
        let fields = self.tree().into_iter().filter_map(stat);
        // utime and stime are the fields 14 and 15; those here begin with the third.
        let ticks = fields.map(|fields| number(&fields, 11) + number(&fields, 12));
        ticks.sum::<f64>() * TICK
    }

    /// Asks it to read again what it serves.
    pub(crate) fn hang_up(&self) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-HUP", &pid]).status();
        assert!(sent.is_ok_and(|status| status.success()), "a signal");
    }

    /// KiB of memory that all its processes hold.
    pub(crate) fn memory(&self) -> f64 {
        let held = |pid: u32| {
            let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
            let line = status
                .lines()
                .find_map(|line| line.strip_prefix("VmRSS:"))?;
            line.split_whitespace().next()?.parse::<f64>().ok()
        };
        self.tree().into_iter().filter_map(held).sum()
    }

    /// Itself and whoever descends from it.
    fn tree(&self) -> Vec<u32> {
        let all = fs::read_dir("/proc").expect("/proc");
        let pids = all.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
        // The fourth field is the parent's number.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let parents: Vec<(u32, u32)> = pids
            .filter_map(|pid| Some((pid, number(&stat(pid)?, 1) as u32)))
            .collect();
        let mut tree = vec![self.child.id()];
        let mut at = 0;
        while let Some(&parent) = tree.get(at) {
            let children = parents.iter().filter(|(_, of)| *of == parent);
            tree.extend(children.map(|(pid, _)| *pid));
            at += 1;
        }
        tree
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // A master that is killed leaves its workers: they are named, too.
        let pids = self.tree().into_iter().map(|pid| pid.to_string());
        let killed = Command::new("kill").arg("-KILL").args(pids).status();
        // What is gone already is as good as ended.
        drop(killed);
        drop(self.child.wait());
    }
}

/// What `/proc/PID/stat` says behind the name, which may hold anything.
fn stat(pid: u32) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = text.rsplit_once(')')?;
    Some(rest.split_whitespace().map(str::to_owned).collect())
}

fn number(fields: &[String], at: usize) -> f64 {
    fields
        .get(at)
        .and_then(|field| field.parse().ok())
        .unwrap_or(0.0)
}

/// Puts this process on the processor that no terminator is on.
pub(crate) fn pin_self() {
    let own = std::process::id().to_string();
    let pinned = Command::new("taskset")
        .args(["-cp", OURS, &own])
        .stdout(Stdio::null())
        .status();
    assert!(
        pinned.is_ok_and(|status| status.success()),
        "two processors are needed, and taskset of the package util-linux"
    );
}

/// How many files a process of ours may have open.
pub(crate) fn open_files() -> usize {
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"));
    let soft = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    soft.unwrap_or(1024)
}

/// A port that nobody listens at.
pub(crate) fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("its address").port()
}
