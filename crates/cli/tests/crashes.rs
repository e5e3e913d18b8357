//! Changes that meet, and changes that are killed: `strace` stops the very program that is shipped with SIGKILL at each of its
//! calls to the system, one run after the other, and the old file or the new stands there whole. So there is
//! no hook in the program, no step that somebody could forget to name, and no clean-up that runs on the way.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod stage;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use keyway_testkit::NOW;
use stage::Stage;

/// What can change a file, or let go of one: every call with a path or a descriptor.
const CALLS: &str = "%file,%desc";

/// SIGKILL: no handler, no clean-up.
const SIGKILL: i32 = 9;

const OLD: &str = "# ours\nhost = \"www.example.com\"\n[tls]\nstatus = \"enabled\" # for now\n\
                   certificate = \"fullchain.pem\"\nkey = \"key.pem\"\n";

/// The binary under `strace`, with its options; what it prints goes nowhere.
fn traced(stage: &Stage, options: &[&str], arguments: &str) -> ExitStatus {
    let mut command = Command::new("strace");
    command
        .args(["-f", "-qq"])
        .args(options)
        .arg(env!("CARGO_BIN_EXE_keyway"))
        .args(arguments.split(' '))
        .current_dir(stage.path())
        .env_clear()
        .env("LC_ALL", "C.UTF-8")
        .env("KEYWAY_STATE", stage.path().join("state"))
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
        .status()
        .expect("strace is there (Debian: `apt-get install strace`)")
}

/// The calls of a change from its lock on, which comes first in every change: each by its name, and how
/// many of that name there were by then.
fn calls(stage: &Stage, arguments: &str) -> Vec<(String, usize)> {
    let log = stage.path().join("log");
    let status = traced(stage, &["-e", CALLS, "-o", "log"], arguments);
    assert!(status.success(), "{arguments}: {status}");
    let log = fs::read_to_string(log).unwrap();
    let names = log.lines().filter_map(|line| {
        let (head, _) = line.split_once('(')?;
        head.split_whitespace().nth(1).map(str::to_owned)
    });
    let mut counts = BTreeMap::<String, usize>::new();
    let counted = names.map(|name| {
        let count = counts.entry(name.clone()).or_default();
        *count += 1;
        (name, *count)
    });
    counted.skip_while(|(name, _)| name != "flock").collect()
}

/// Runs a change again and again, killed at one call later each time, and at last not at all. `begin` puts
/// the folder as it was; `judge` looks at what each run left.
fn killed_everywhere(
    stage: &Stage,
    arguments: &str,
    begin: impl Fn(),
    mut judge: impl FnMut(&str),
) {
    begin();
    let calls = calls(stage, arguments);
    for name in ["flock", "write", "fsync", "fchmod", "close"] {
        assert!(calls.iter().any(|(call, _)| call == name), "{calls:?}");
    }
    for (name, count) in calls {
        begin();
        let inject = format!("inject={name}:signal=KILL:when={count}");
        let status = traced(stage, &["-o", "/dev/null", "-e", &inject], arguments);
        let at = format!("{name} {count}");
        assert_eq!(status.signal(), Some(SIGKILL), "{at}: {status}");
        judge(&at);
    }
    begin();
    assert!(
        stage
            .command()
            .env("KEYWAY_STATE", stage.path().join("state"))
            .args(arguments.split(' '))
            .stdout(Stdio::null())
            .status()
            .unwrap()
            .success()
    );
    judge("the end");
}

fn leftovers(folder: &Path) -> usize {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    names
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(".keyway"))
        .count()
}

#[test]
fn a_change_that_is_killed_anywhere_leaves_the_old_file_or_the_new() {
    let stage = Stage::new();
    let file = stage.path().join("keyway.toml");
    let previous = stage.path().join("keyway.toml.previous");
    let new = OLD.replace("\"enabled\"", "\"disabled\"");
    let (mut stood, mut kept) = (Vec::new(), Vec::new());
    killed_everywhere(
        &stage,
        "disable",
        || {
            fs::write(&file, OLD).unwrap();
            drop(fs::remove_file(&previous));
        },
        |at| {
            let text = fs::read_to_string(&file).unwrap();
            assert!(text == OLD || text == new, "{at}: {text}");
            stood.push(text == new);
            // The version before is whole, or not there yet; it is there before the new one is.
            let before = fs::read_to_string(&previous).ok();
            assert!(before.as_deref().is_none_or(|text| text == OLD), "{at}");
            assert!(text == OLD || before.is_some(), "{at}");
            kept.push(before.is_some());
        },
    );
    // Both were seen, and no step goes back behind another.
    assert!(stood.contains(&false) && stood.is_sorted() && kept.is_sorted());
    assert!(stood.iter().position(|new| *new) > kept.iter().position(|kept| *kept));
    // The last run was not killed. It had the lock, and swept up after all the others.
    assert_eq!(leftovers(stage.path()), 0);
}

#[test]
fn a_file_that_is_written_for_the_first_time_is_whole_or_not_there() {
    let stage = Stage::new();
    let file = stage.path().join("keyway.toml");
    let enable = format!(
        "enable --cert fullchain.pem --key key.pem --host www.example.com --roots root.pem --at @{NOW}"
    );
    let mut sizes = Vec::new();
    killed_everywhere(
        &stage,
        &enable,
        || drop(fs::remove_file(&file)),
        |_| sizes.push(fs::read_to_string(&file).map_or(0, |text| text.len())),
    );
    sizes.sort_unstable();
    sizes.dedup();
    assert!(sizes.len() == 2 && sizes[0] == 0, "{sizes:?}");
    assert_eq!(leftovers(stage.path()), 0);
}

#[test]
fn a_new_managed_name_that_is_killed_anywhere_is_the_files_or_no_name_at_all() {
    let stage = Stage::new();
    let file = stage.path().join("keyway.toml");
    let run = |arguments: &str| {
        let mut command = stage.command();
        command.env("KEYWAY_STATE", stage.path().join("state"));
        let output = command.args(arguments.split(' ')).output().unwrap();
        assert!(output.status.success(), "{arguments}");
    };
    let label = "enable --leaf-domain-label contoso";
    run(&format!("{label} --zone cloudapp.example"));
    let before = fs::read_to_string(&file).unwrap();
    killed_everywhere(
        &stage,
        &format!("{label} --overwrite-existing-domain"),
        || fs::write(&file, &before).unwrap(),
        |at| {
            let stands = fs::read_to_string(&file).unwrap();
            // Whichever name stands in the file stays: nothing was asked for anew.
            run(label);
            assert_eq!(fs::read_to_string(&file).unwrap(), stands, "{at}");
            // And it is the one that is kept, should the file be lost.
            fs::remove_file(&file).unwrap();
            run(&format!("{label} --zone cloudapp.example"));
            let host = |text: &str| {
                text.lines()
                    .find(|line| line.starts_with("host"))
                    .map(str::to_owned)
            };
            let again = fs::read_to_string(&file).unwrap();
            assert_eq!(host(&again), host(&stands), "{at}");
        },
    );
}

/// A change that was stopped for good, behind the first of its renames; killed when it is dropped.
struct Stopped(Child);

impl Stopped {
    fn new(stage: &Stage, arguments: &str) -> Self {
        let inject = "inject=rename,renameat,renameat2:signal=STOP:when=1";
        let tracer = Command::new("strace")
            .args(["-f", "-qq", "-o", "/dev/null", "-e", inject])
            .arg(env!("CARGO_BIN_EXE_keyway"))
            .args(arguments.split(' '))
            .current_dir(stage.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("strace is there (Debian: `apt-get install strace`)");
        Self(tracer)
    }

    /// Kills what `strace` runs, by which it ends, too.
    fn kill(&mut self) -> Option<()> {
        let pid = self.0.id();
        let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).ok()?;
        let child = children.split_whitespace().next()?;
        let killed = Command::new("kill").args(["-KILL", child]).status().ok()?;
        self.0.wait().ok().filter(|_| killed.success()).map(drop)
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        self.kill();
    }
}

#[test]
fn a_lock_is_waited_for_and_goes_with_the_process_that_held_it() {
    let stage = Stage::new();
    let file = stage.write("keyway.toml", OLD);
    let previous = stage.path().join("keyway.toml.previous");
    let mut holder = Stopped::new(&stage, "disable");
    let came = (0..2000).any(|_| {
        std::thread::sleep(Duration::from_millis(5));
        previous.exists()
    });
    assert!(came && leftovers(stage.path()) == 1);
    // Who comes meanwhile waits, is told in the end, and changes nothing.
    let late = stage.run("disable");
    assert_eq!(late.code, Some(2), "{}", late.said());
    assert!(
        late.stderr.contains("another command is changing"),
        "{}",
        late.stderr
    );
    assert_eq!(fs::read_to_string(&file).unwrap(), OLD);
    holder.kill().unwrap();
    assert_eq!(stage.run("disable").code, Some(0));
    assert_ne!(fs::read_to_string(&file).unwrap(), OLD);
    assert_eq!(leftovers(stage.path()), 0);
}

#[test]
fn changes_at_the_same_time_wait_for_each_other_and_none_is_lost() {
    let stage = Stage::new();
    let file = stage.write("keyway.toml", OLD);
    let link = stage.write("elsewhere/link.toml", "");
    let start = |arguments: String| -> Child {
        let mut command = stage.command();
        command.stdout(Stdio::null()).args(arguments.split(' '));
        command.spawn().unwrap()
    };
    for round in 0..12 {
        fs::write(&file, OLD.replace("www.example.com", "old.example.org")).unwrap();
        fs::remove_file(&link).unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        let host = format!("update --host www.example.com --roots root.pem --at @{NOW}");
        // Every second time the other one comes by a link in another folder.
        let by = ["keyway.toml", "elsewhere/link.toml"][round % 2];
        let mut running = vec![start(host), start(format!("disable {by}"))];
        if round % 4 > 1 {
            running.reverse();
        }
        for mut child in running {
            assert!(child.wait().unwrap().success());
        }
        let text = fs::read_to_string(&file).unwrap();
        let new = OLD.replace("\"enabled\"", "\"disabled\"");
        assert_eq!(text, new, "round {round}");
        assert!(link.is_symlink());
    }
}
