//! Programs that print a password: bounded in time, and in what is read of them.

#[cfg(unix)]
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

#[cfg(unix)]
use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use zeroize::Zeroizing;

use crate::failure::{Failure, ProgramFault};
use crate::intent::secrets::first_line;

/// How long a program is waited for: as long as somebody takes to touch a security key, or to type what opens
/// a store of passwords.
const PATIENCE: Duration = Duration::from_secs(30);

/// Between two looks at whether it ended.
const PAUSE: Duration = Duration::from_millis(10);

/// Most that is read of what it prints, in bytes: what a pipe holds on Linux (pipe(7)). A password is a line.
const MAX_PRINTED: usize = 64 << 10;

/// Runs a program in a folder, and takes the first line that it prints.
pub(super) fn password(words: &[String], folder: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    within(words, folder, PATIENCE).map_err(|fault| Failure::PasswordCommand {
        program: words.first().cloned().unwrap_or_default(),
        fault,
    })
}

fn within(
    words: &[String],
    folder: &Path,
    patience: Duration,
) -> Result<Zeroizing<Vec<u8>>, ProgramFault> {
    let (program, arguments) = words.split_first().ok_or(ProgramFault::NoProgram)?;
    let end = Instant::now() + patience;
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit());
    let is_leader = leads(&mut command);
    let mut child = command.spawn().map_err(ProgramFault::System)?;
    let printed = printed(&mut child, end);
    let ended = printed.and_then(|printed| Ok((printed, ended(&mut child, end)?)));
    let (printed, status) = ended.map_err(|fault| {
        stop(&mut child, is_leader);
        match fault {
            ProgramFault::Late(_) => ProgramFault::Late(patience),
            other => other,
        }
    })?;
    if !status.success() {
        return Err(ProgramFault::Ended(status));
    }
    let line = first_line(&printed).ok_or(ProgramFault::Utf16)?;
    Ok(Zeroizing::new(line.to_vec()))
}

/// Has a program lead a group of its own, so that what it starts can be ended with it; whether it does. At a terminal
/// it stays in ours: another group may not read there, and somebody may have to type what opens a store.
#[cfg(unix)]
fn leads(command: &mut Command) -> bool {
    use std::os::unix::process::CommandExt as _;
    let is_leader = File::open("/dev/tty").is_err();
    if is_leader {
        command.process_group(0);
    }
    is_leader
}

/// Elsewhere there are no such groups.
#[cfg(not(unix))]
fn leads(_: &mut Command) -> bool {
    false
}

/// Ends a program that is not waited for any longer. Its number is its own until it was waited for.
fn stop(child: &mut Child, is_leader: bool) {
    #[cfg(unix)]
    if let Some(group) = i32::try_from(child.id()).ok().filter(|_| is_leader) {
        // Nothing is left to tell it to when all of it ended by itself meanwhile.
        let _ = killpg(Pid::from_raw(group), Signal::SIGKILL);
    }
    #[cfg(not(unix))]
    let _ = is_leader;
    let _ = child.kill();
    let _ = child.wait();
}

/// What a program prints. It is read beside: a program that was started by this one may hold the pipe open for
/// as long as it likes, and then nobody waits for the end of it.
fn printed(child: &mut Child, end: Instant) -> Result<Zeroizing<Vec<u8>>, ProgramFault> {
    let Some(mut pipe) = child.stdout.take() else {
        return Ok(Zeroizing::default());
    };
    let (give, take) = mpsc::sync_channel(1);
    std::thread::spawn(move || {
        // Nobody takes what comes too late; it is overwritten as it is dropped.
        let _ = give.send(bounded(&mut pipe));
    });
    let left = end.saturating_duration_since(Instant::now());
    take.recv_timeout(left)
        .map_err(|_| ProgramFault::Late(left))?
}

/// Reads to the end, or refuses past the limit; in memory that never moves.
fn bounded(from: &mut impl Read) -> Result<Zeroizing<Vec<u8>>, ProgramFault> {
    let mut bytes = Zeroizing::new(vec![0; MAX_PRINTED + 1]);
    let mut filled = 0;
    loop {
        match from.read(&mut bytes[filled..]) {
            Ok(0) => {
                bytes.truncate(filled);
                return Ok(bytes);
            }
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(ProgramFault::System(error)),
        }
        if filled > MAX_PRINTED {
            return Err(ProgramFault::TooMuch(MAX_PRINTED));
        }
    }
}

fn ended(child: &mut Child, end: Instant) -> Result<ExitStatus, ProgramFault> {
    loop {
        if let Some(status) = child.try_wait().map_err(ProgramFault::System)? {
            return Ok(status);
        }
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(ProgramFault::Late(left));
        }
        std::thread::sleep(PAUSE.min(left));
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// Long enough for what ends, on a machine that is busy.
    const LONG: Duration = Duration::from_secs(60);

    /// For what never ends.
    const SHORT: Duration = Duration::from_millis(500);

    fn run(script: &str, patience: Duration) -> Result<String, ProgramFault> {
        let words = ["sh", "-c", script].map(str::to_owned);
        let printed = within(&words, Path::new("."), patience)?;
        Ok(String::from_utf8_lossy(&printed).into_owned())
    }

    #[test]
    fn the_first_line_that_a_program_prints_is_the_password() {
        assert_eq!(run("echo one; echo two", LONG).unwrap(), "one");
        assert!(matches!(
            run("echo x; exit 3", LONG),
            Err(ProgramFault::Ended(_))
        ));
    }

    #[test]
    fn a_program_that_never_ends_is_ended() {
        for script in ["exec sleep 10", "echo x; sleep 10", "exec >&-; sleep 10"] {
            assert!(
                matches!(run(script, SHORT), Err(ProgramFault::Late(_))),
                "{script}"
            );
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_a_program_started_ends_with_it() {
        // At a terminal it stays, as the program does not lead a group there.
        if File::open("/dev/tty").is_ok() {
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let noted = folder.path().join("pid");
        for rest in ["exec sleep 30", "exit 0", "yes"] {
            let script = format!("sleep 30 & echo $! > {}; {rest}", noted.display());
            assert!(run(&script, SHORT).is_err(), "{rest}");
            let started = std::fs::read_to_string(&noted).unwrap();
            let started = Pid::from_raw(started.trim().parse().unwrap());
            // Its end is told to whoever waits for it, which is nobody of ours.
            let is_gone = || {
                let path = format!("/proc/{started}/stat");
                let stat = std::fs::read_to_string(path).unwrap_or_default();
                stat.is_empty() || stat.contains(") Z ")
            };
            let end = Instant::now() + LONG;
            while !is_gone() && Instant::now() < end {
                std::thread::sleep(PAUSE);
            }
            assert!(is_gone(), "{rest}");
        }
    }

    #[test]
    fn a_program_that_never_stops_printing_is_read_up_to_a_limit() {
        assert!(matches!(
            run("exec yes", LONG),
            Err(ProgramFault::TooMuch(_))
        ));
        assert!(matches!(run("yes", LONG), Err(ProgramFault::TooMuch(_))));
    }
}
