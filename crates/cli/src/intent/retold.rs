//! A command line told again: what a repair has to be given to see what a check saw.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use keyway_chain::check::WARN_AT_PERCENT;

use crate::arguments::{InputArguments, JudgeArguments};

/// The files of a command, and the options that `check` and `fix` share. Options that stand at their
/// defaults are left out.
#[derive(Debug)]
pub(crate) struct Retold {
    /// Files and folders; `-` is standard input.
    pub(crate) files: Vec<OsString>,
    /// Options with their values.
    pub(crate) options: Vec<(&'static str, OsString)>,
}

impl Retold {
    /// What was typed.
    pub(crate) fn of(input: &InputArguments, judge: &JudgeArguments) -> Self {
        let mut retold = Self {
            files: input.files.iter().map(|path| typed(path)).collect(),
            options: Vec::new(),
        };
        retold.paths("--key", &input.key);
        retold.paths("--crl", &input.crl);
        retold.paths("--password-file", &input.password.password_file);
        retold.texts("--password-env", &input.password.password_env);
        retold.texts("--host", &judge.host);
        retold.texts("--at", judge.at.as_slice());
        if judge.roots != [Path::new("mozilla")] {
            retold.paths("--roots", &judge.roots);
        }
        retold.choice("--purpose", &judge.purpose);
        retold.choice("--profile", &judge.profile);
        let most = judge.max_intermediates.map(|most| most.to_string());
        retold.texts("--max-intermediates", most.as_slice());
        if judge.warn_at != WARN_AT_PERCENT {
            retold.texts("--warn-at", &[judge.warn_at.to_string()]);
        }
        retold
    }

    fn paths(&mut self, option: &'static str, paths: &[PathBuf]) {
        self.options
            .extend(paths.iter().map(|path| (option, typed(path))));
    }

    fn texts(&mut self, option: &'static str, texts: &[String]) {
        self.options
            .extend(texts.iter().map(|text| (option, text.into())));
    }

    fn choice<T: ValueEnum + Default + PartialEq>(&mut self, option: &'static str, choice: &T) {
        if *choice != T::default()
            && let Some(value) = choice.to_possible_value()
        {
            self.options.push((option, value.get_name().into()));
        }
    }
}

/// A path as it can be typed anywhere: one that begins with a hyphen would be taken for an option.
fn typed(path: &Path) -> OsString {
    let is_like_an_option = path.as_os_str().as_encoded_bytes().starts_with(b"-");
    if is_like_an_option && path != Path::new("-") {
        return Path::new(".").join(path).into_os_string();
    }
    OsStr::to_os_string(path.as_os_str())
}
