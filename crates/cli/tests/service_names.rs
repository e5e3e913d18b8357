//! Whose a managed name is where service files are moved, lost and copied.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod stage;

use std::fs::{self, File};
use std::time::SystemTime;

use stage::service::{done, keyway};
use stage::{Run, Stage};

const LABEL: &str = "--leaf-domain-label contoso --zone w.example.test";

/// What is said, on one line.
fn said(run: &Run) -> String {
    run.said().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first host of a file.
fn host(stage: &Stage, file: &str) -> String {
    let run = keyway(stage, &format!("status {file} --offline --format json"));
    run.json()["hosts"][0].as_str().unwrap().to_owned()
}

/// A stage with folders, and a service in one of them that was written long ago; a move leaves that as it is.
fn begun(folders: &[&str], file: &str) -> (Stage, String) {
    let stage = Stage::new();
    for folder in folders {
        fs::create_dir_all(stage.path().join(folder)).unwrap();
    }
    done(&stage, &format!("enable {file} {LABEL}"));
    let written = File::options().write(true).open(stage.path().join(file));
    let long_ago = SystemTime::UNIX_EPOCH;
    written.unwrap().set_modified(long_ago).unwrap();
    let name = host(&stage, file);
    (stage, name)
}

fn renamed(stage: &Stage, from: &str, to: &str) {
    fs::rename(stage.path().join(from), stage.path().join(to)).unwrap();
}

/// A name that another service has, refused.
fn taken(stage: &Stage, file: &str, name: &str, by: &str) {
    let run = keyway(stage, &format!("enable {file}"));
    assert_eq!(run.code, Some(2), "{}", run.said());
    let told = said(&run);
    assert!(
        told.contains(&format!("{name} is the name of another service here, in")),
        "{told}"
    );
    assert!(told.contains(by), "{told}");
}

#[test]
fn a_new_file_where_another_lay_gets_a_name_of_its_own() {
    for (folders, to) in [
        (vec!["m", "m2"], "m2/a.toml"),
        (vec!["m", "m/old"], "m/old/b.toml"),
        (vec!["m"], "a.toml"),
        (vec!["m"], "m/b.toml"),
    ] {
        let (stage, name) = begun(&folders, "m/a.toml");
        renamed(&stage, "m/a.toml", to);
        let told = said(&done(&stage, &format!("enable m/a.toml {LABEL}")));
        let words = format!("{name} went along with the file that stood here, which is");
        assert!(told.contains(&words) && told.contains(to), "{told}");
        let other = host(&stage, "m/a.toml");
        assert_ne!(other, name);
        // Each keeps its own.
        done(&stage, &format!("enable {to}"));
        assert_eq!(host(&stage, to), name);
        done(&stage, "enable m/a.toml");
        assert_eq!(host(&stage, "m/a.toml"), other);
    }
}

#[test]
fn a_file_that_was_moved_far_away_has_its_name_before_one_that_came_later() {
    let (stage, name) = begun(&["m", "x/y/z"], "m/a.toml");
    renamed(&stage, "m/a.toml", "x/y/z/a.toml");
    // Nobody knows here whether that file was lost.
    let told = said(&done(&stage, &format!("enable m/a.toml {LABEL}")));
    assert!(told.contains("is taken again"), "{told}");
    assert_eq!(host(&stage, "m/a.toml"), name);
    // A copy of the later one is neither.
    fs::copy(
        stage.path().join("m/a.toml"),
        stage.path().join("copy.toml"),
    )
    .unwrap();
    taken(&stage, "copy.toml", &name, "m/a.toml");
    let told = said(&done(&stage, "enable x/y/z/a.toml"));
    let words = format!("{name} is this file's, which had it first;");
    assert!(told.contains(&words) && told.contains("m/a.toml"), "{told}");
    assert_eq!(host(&stage, "x/y/z/a.toml"), name);
    taken(&stage, "m/a.toml", &name, "x/y/z/a.toml");
    done(&stage, "enable m/a.toml --overwrite-existing-domain");
    assert_ne!(host(&stage, "m/a.toml"), name);
    done(&stage, "enable x/y/z/a.toml");
    assert_eq!(host(&stage, "x/y/z/a.toml"), name);
}

#[test]
fn a_file_that_was_lost_has_its_name_again_and_no_copy_of_it_does() {
    let (stage, name) = begun(&["m"], "m/a.toml");
    fs::remove_file(stage.path().join("m/a.toml")).unwrap();
    done(&stage, &format!("enable m/a.toml {LABEL}"));
    assert_eq!(host(&stage, "m/a.toml"), name);
    fs::copy(stage.path().join("m/a.toml"), stage.path().join("b.toml")).unwrap();
    taken(&stage, "b.toml", &name, "m/a.toml");
    done(&stage, "enable m/a.toml");
}

#[test]
fn a_name_that_was_made_on_another_machine_is_planned_as_the_file_has_it() {
    let (stage, name) = begun(&["m"], "m/a.toml");
    let plan = "dns plan m/a.toml --endpoint 192.0.2.1 --zone w.example.test --server 127.0.0.1:1 --timeout 1";
    for state in ["", " --state elsewhere"] {
        let run = keyway(&stage, &format!("{plan}{state}"));
        let told = said(&run);
        assert!(!told.contains("none was made yet"), "{told}");
        assert!(told.contains("127.0.0.1:1"), "{told}");
    }
    let file = stage.path().join("m/a.toml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace(&name, "www.example.test")).unwrap();
    let run = keyway(&stage, &format!("{plan} --state elsewhere"));
    assert!(said(&run).contains("none was made yet"), "{}", run.said());
}
