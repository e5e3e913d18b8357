//! The commands about a service file, as tests run them.

use std::fs;

use keyway_testkit::NOW;

use super::{Run, Stage};

/// The flags that judge as the kit's CA and clock do.
pub(crate) fn trust() -> String {
    format!("--roots root.pem --at @{NOW}")
}

pub(crate) fn keyway(stage: &Stage, arguments: &str) -> Run {
    let mut command = stage.command();
    command.env("KEYWAY_STATE", stage.path().join("state"));
    Run::of(&command.args(arguments.split(' ')).output().unwrap())
}

pub(crate) fn done(stage: &Stage, arguments: &str) -> Run {
    let run = keyway(stage, arguments);
    assert_eq!(run.code, Some(0), "{arguments}: {}", run.said());
    run
}

pub(crate) fn text(stage: &Stage) -> String {
    fs::read_to_string(stage.path().join("keyway.toml")).unwrap()
}

pub(crate) fn enabled(stage: &Stage) {
    let own = "--cert fullchain.pem --key key.pem --host www.example.com";
    done(stage, &format!("enable {own} {}", trust()));
}
