//! The real binary over every file of the outside PEM suite, and over files damaged from them: it
//! always ends by itself, with a documented exit code, and never by a panic.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod damage;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use damage::Dice;

/// What calls a run hanging. A run takes milliseconds; a machine that does much else may stretch that.
const PATIENCE: Duration = Duration::from_secs(30);

/// Damaged files: each is made from one of the suite's.
const DAMAGED: usize = 1_500;

/// Runs at once.
const WORKERS: usize = 2;

/// The suite's files, by name.
fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/suites/pem/files");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(files.len() > 600, "{}", files.len());
    files
}

/// Runs the binary in a folder of its own; what was wrong with how it ended.
fn run(folder: &Path, arguments: &[&str], allowed: &[i32]) -> Option<String> {
    let outputs = ["stdout", "stderr"].map(|name| folder.join(name));
    // Files take any amount of output while nobody reads it.
    let [stdout, stderr] = outputs
        .each_ref()
        .map(|path| fs::File::create(path).unwrap());
    let mut child = Command::new(env!("CARGO_BIN_EXE_keyway"))
        .args(arguments)
        .env_clear()
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .stdout(stdout)
        .stderr(stderr)
        .spawn()
        .unwrap();
    let Some(status) = wait(&mut child) else {
        return Some("it did not end".to_owned());
    };
    let code = status.code();
    let [stdout, stderr] = outputs.map(|path| String::from_utf8(fs::read(path).unwrap()).unwrap());
    let panicked = stderr.contains("panicked") || stdout.contains("panicked");
    let silent = stdout.is_empty() && stderr.is_empty();
    let wrong = panicked || silent || code.is_none_or(|code| !allowed.contains(&code));
    wrong.then(|| format!("exit code {code:?}, {stderr}"))
}

/// How it ended; `None` when patience ran out.
fn wait(child: &mut Child) -> Option<ExitStatus> {
    let until = Instant::now() + PATIENCE;
    let mut pause = Duration::from_micros(500);
    while Instant::now() < until {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(50));
    }
    let _ = child.kill();
    let _ = child.wait();
    None
}

/// Does every job on both cores; what went wrong.
fn all<T: Sync>(jobs: &[T], job: impl Fn(&Path, &T) -> Option<String> + Sync) -> Vec<String> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let folder = tempfile::tempdir().unwrap();
        let mut faults = Vec::new();
        while let Some(one) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
            faults.extend(job(folder.path(), one));
        }
        faults
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(worker)).collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap())
            .collect()
    })
}

/// `check` and `inspect` of one file. A file that is there and within limits can always be judged.
fn judge(folder: &Path, file: &str) -> Option<String> {
    let check = [
        "check",
        file,
        "--host",
        "www.example.com",
        "--at",
        "2026-11-23",
    ];
    run(folder, &check, &[0, 1]).or_else(|| run(folder, &["inspect", file], &[0]))
}

#[test]
fn every_file_of_the_suite_is_judged_to_its_end() {
    let faults = all(&files(), |folder, file| {
        let file = file.to_str().unwrap();
        judge(folder, file).map(|fault| format!("{file}: {fault}"))
    });
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_file_of_the_suite_is_repaired_or_refused() {
    let faults = all(&files(), |folder, file| {
        let out = folder.join("out");
        let file = file.to_str().unwrap();
        let arguments = [
            "fix",
            file,
            "--at",
            "2026-11-23",
            "--out",
            out.to_str().unwrap(),
        ];
        let fault = run(folder, &arguments, &[0, 1, 2]);
        let _ = fs::remove_dir_all(&out);
        fault.map(|fault| format!("{file}: {fault}"))
    });
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_scan_of_the_suite_and_of_its_damage_ends_with_a_line_for_each_file() {
    let folder = tempfile::tempdir().unwrap();
    let tree = folder.path().join("tree");
    fs::create_dir(&tree).unwrap();
    for (number, bytes) in damaged().into_iter().enumerate() {
        fs::write(tree.join(format!("{number:04}.pem")), bytes).unwrap();
    }
    let suite = files()[0].parent().unwrap().to_str().unwrap().to_owned();
    let tree = tree.to_str().unwrap();
    let scan = [
        "scan",
        &suite,
        tree,
        "--format",
        "json",
        "--at",
        "2026-11-23",
    ];
    assert_eq!(run(folder.path(), &scan, &[1]), None);
    let said = fs::read_to_string(folder.path().join("stdout")).unwrap();
    assert_eq!(said.lines().count(), files().len() + DAMAGED + 1);
    assert!(said.lines().last().unwrap().contains("\"failed\":0"));
}

fn damaged() -> Vec<Vec<u8>> {
    let whole: Vec<Vec<u8>> = files().iter().map(|file| fs::read(file).unwrap()).collect();
    let mut dice = Dice::new(0x6b65_7977_6179);
    (0..DAMAGED)
        .map(|number| {
            let (one, other) = (&whole[number % whole.len()], dice.pick(&whole));
            damage::to(one, other, number, &mut dice)
        })
        .collect()
}

#[test]
fn a_thousand_damaged_files_are_judged_to_their_end() {
    let faults = all(&damaged(), |folder, bytes| {
        let file = folder.join("damaged.pem");
        fs::write(&file, bytes).unwrap();
        let fault = judge(folder, file.to_str().unwrap())?;
        let kept = std::env::temp_dir().join(format!("keyway-damaged-{}.pem", bytes.len()));
        fs::write(&kept, bytes).unwrap();
        Some(format!("{}: {fault}", kept.display()))
    });
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
