//! `keyway scan` of many files, against `openssl verify` once per file.

use std::fs;
use std::path::{Path, PathBuf};

use crate::bench::Arguments;
use crate::bench::chain::keyway;
use crate::bench::job::{Cost, Job, interleave};
use crate::bench::statistics::Ratio;
use crate::bench::verdict::Line;
use crate::command::Command;
use crate::failure::Failure;
use crate::workspace;

/// The most CPU time per file, as a share of `openssl verify`'s.
const CPU_BOUND: f64 = 0.25;

/// The most memory that ten times the files may take, as a multiple: noise, not growth.
const MEMORY_BOUND: f64 = 1.2;

/// The most wall time with all cores, as a share of the same scan held to one: two are at work.
const CORES_BOUND: f64 = 0.65;

/// Rounds: each is a whole scan.
const ROUNDS: usize = 5;

/// Files that `openssl verify` is run on in each round; its cost per file does not depend on how
/// many there are, since every file is a process.
const SAMPLE: usize = 100;

/// Different certificates among the files; more would only measure how long OpenSSL takes to sign.
const CERTIFICATES: usize = 64;

/// OpenSSL's settings for making certificates, beside the certificates.
const SETTINGS: &str = "openssl.cnf";

/// Makes the files, scans them, and compares.
pub(crate) fn measure(arguments: &Arguments) -> Result<Vec<Line>, Failure> {
    let folder = workspace::target().join("bench-scan");
    fs::create_dir_all(&folder).map_err(Failure::at(&folder))?;
    let bundles = bundles(&folder)?;
    let many = generate(folder.join("many"), &bundles, arguments.files)?;
    let few = generate(folder.join("few"), &bundles, arguments.files / 10)?;
    let root = folder.join("root.pem");
    let program = keyway()?;
    let ours = scan(&program, &many, &root);
    let mut costs = Vec::new();
    for _ in 0..ROUNDS {
        costs.push((ours.cost()?, sample(&many, &root)?));
    }
    let mut lines = vec![];
    lines.extend(per_file(&costs, arguments.files));
    lines.extend(cores(&ours)?);
    let memory = (ours.memory()?, scan(&program, &few, &root).memory()?);
    let what = "keyway scan, memory of all files / of a tenth of them";
    lines.extend(Ratio::exact(memory.0, memory.1).map(|r| Line::bounded(what, r, MEMORY_BOUND)));
    Ok(lines)
}

#[allow(clippy::cast_precision_loss)]
fn per_file(costs: &[(Cost, Cost)], files: usize) -> Option<Line> {
    let pairs: Vec<(f64, f64)> = costs
        .iter()
        .map(|(ours, theirs)| {
            let (ours, theirs) = (ours.cpu.as_secs_f64(), theirs.cpu.as_secs_f64());
            (ours / files as f64, theirs / SAMPLE as f64)
        })
        .collect();
    let what = "keyway scan / openssl verify once per file, CPU time";
    Some(Line::bounded(what, Ratio::of(&pairs)?, CPU_BOUND))
}

/// The same scan with all cores and held to one, side by side: a busy machine slows both.
fn cores(all: &Job) -> Result<Option<Line>, Failure> {
    let mut words = vec![
        "-c".to_owned(),
        "0".into(),
        all.program.to_string_lossy().into_owned(),
    ];
    words.extend(all.arguments.iter().cloned());
    let pairs = interleave(all, &Job::new("taskset", words), ROUNDS)?;
    let walls: Vec<(f64, f64)> = pairs
        .iter()
        .map(|(all, one)| (all.wall.as_secs_f64(), one.wall.as_secs_f64()))
        .collect();
    let what = "keyway scan, wall time with all cores / with one";
    let two = std::thread::available_parallelism().is_ok_and(|cores| cores.get() >= 2);
    Ok(Ratio::of(&walls).map(|ratio| Line {
        what: what.to_owned(),
        ratio,
        bound: two.then_some(CORES_BOUND),
    }))
}

fn scan(program: &Path, folder: &Path, root: &Path) -> Job {
    let [folder, root] = [folder, root].map(|path| path.to_string_lossy().into_owned());
    // The CA is our own, so its certificates are held to what clients need, as OpenSSL does.
    let words = [
        "scan",
        &folder,
        "--roots",
        &root,
        "--profile",
        "private",
        "--format",
        "json",
    ];
    Job::new(program, words)
}

/// What `openssl verify` costs on the first files, a process each.
fn sample(folder: &Path, root: &Path) -> Result<Cost, Failure> {
    let mut files = list(folder)?;
    files.truncate(SAMPLE);
    let mut total = Cost {
        cpu: std::time::Duration::ZERO,
        wall: std::time::Duration::ZERO,
    };
    for file in files {
        let words = [
            "verify".as_ref(),
            "-CAfile".as_ref(),
            root,
            "-untrusted".as_ref(),
            &file,
            &file,
        ];
        let words = words.map(|word: &Path| word.to_string_lossy().into_owned());
        let cost = Job::new("openssl", words).cost()?;
        total.cpu += cost.cpu;
        total.wall += cost.wall;
    }
    Ok(total)
}

/// Fills `into` with `count` files of leaf and intermediate, and nothing else.
fn generate(into: PathBuf, bundles: &[String], count: usize) -> Result<PathBuf, Failure> {
    if into.is_dir() {
        fs::remove_dir_all(&into).map_err(Failure::at(&into))?;
    }
    fs::create_dir_all(&into).map_err(Failure::at(&into))?;
    for (number, bundle) in bundles.iter().cycle().take(count).enumerate() {
        let path = into.join(format!("site-{number:05}.pem"));
        fs::write(&path, bundle).map_err(Failure::at(&path))?;
    }
    Ok(into)
}

/// Makes a root, an intermediate, and leaves below it; returns each leaf with the intermediate.
fn bundles(folder: &Path) -> Result<Vec<String>, Failure> {
    // OpenSSL's own settings would make a CA of every certificate.
    let settings = folder.join(SETTINGS);
    let text = "[req]\ndistinguished_name = name\n[name]\n";
    fs::write(&settings, text).map_err(Failure::at(settings))?;
    issue(
        folder,
        "root",
        None,
        "basicConstraints=critical,CA:TRUE",
        "365",
    )?;
    issue(
        folder,
        "intermediate",
        Some("root"),
        "basicConstraints=critical,CA:TRUE",
        "180",
    )?;
    let read = |name: &str| {
        let path = folder.join(format!("{name}.pem"));
        fs::read_to_string(&path).map_err(Failure::at(path))
    };
    let intermediate = read("intermediate")?;
    let mut bundles = Vec::with_capacity(CERTIFICATES);
    for number in 0..CERTIFICATES {
        let name = format!("leaf-{number}");
        let names = format!("subjectAltName=DNS:site-{number}.contoso.com");
        issue(folder, &name, Some("intermediate"), &names, "90")?;
        bundles.push(read(&name)? + &intermediate);
    }
    Ok(bundles)
}

/// Makes `name.pem` and `name.key` with OpenSSL, signed by `issuer` or by itself.
fn issue(
    folder: &Path,
    name: &str,
    issuer: Option<&str>,
    extension: &str,
    days: &str,
) -> Result<(), Failure> {
    let file = |name: &str, kind: &str| {
        folder
            .join(format!("{name}.{kind}"))
            .to_string_lossy()
            .into_owned()
    };
    let mut command = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
        ])
        .args([
            "-subj",
            &format!("/CN={name}"),
            "-addext",
            extension,
            "-days",
            days,
        ])
        .args(["-config".as_ref(), folder.join(SETTINGS).as_os_str()])
        .args(["-keyout", &file(name, "key"), "-out", &file(name, "pem")]);
    if let Some(issuer) = issuer {
        command = command.args(["-CA", &file(issuer, "pem"), "-CAkey", &file(issuer, "key")]);
    }
    let said = command.errors()?;
    if folder.join(format!("{name}.pem")).is_file() {
        return Ok(());
    }
    Err(Failure::Answer {
        program: "openssl req".into(),
        detail: format!("no certificate for {name}: {said}"),
    })
}

fn list(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = fs::read_dir(folder).map_err(Failure::at(folder))?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .collect();
    files.sort();
    Ok(files)
}
