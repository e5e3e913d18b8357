//! What a first visit loads, as it travels: each part by itself, compressed with brotli as a web server
//! does that compresses beforehand (quality 11).

use std::path::{Path, PathBuf};

use crate::command::Command;
use crate::failure::Failure;
use crate::web::{modules, single};

/// The most that a first visit may load, in kB of 1000 bytes.
pub(crate) const LIMIT: f64 = 320.0;

/// Sizes in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Weight {
    pub(crate) plain: f64,
    pub(crate) brotli: f64,
    /// The share of the module in `brotli`.
    pub(crate) module: f64,
    /// What comes over it when one of the other rooms is first opened.
    pub(crate) rooms: f64,
}

/// Every file that a first visit loads, the module last.
pub(crate) fn parts(web: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut parts = vec![web.join("index.html")];
    parts.extend(single::styles(web)?);
    parts.extend(modules::join(&web.join("app/main.js"), None)?.modules);
    parts.extend(single::WORKERS.iter().map(|(_, script)| web.join(script)));
    parts.push(web.join("pkg/check_glue_bg.wasm"));
    Ok(parts)
}

/// Weighs them. It takes Node, whose brotli is the reference one.
pub(crate) fn measure(web: &Path) -> Result<Weight, Failure> {
    let answer = Command::new("node")
        .args(["tests/node/weight.mjs"])
        .args(parts(web)?)
        .args([web.join("pkg/service_glue_bg.wasm")])
        .output()?;
    read(&answer).ok_or_else(|| Failure::Answer {
        program: "tests/node/weight.mjs".into(),
        detail: answer,
    })
}

/// Reads a line of two numbers for each part, and one more for the rooms' module.
fn read(answer: &str) -> Option<Weight> {
    let mut lines = answer.lines().map(|line| {
        let (plain, brotli) = line.split_once(' ')?;
        Some((plain.parse::<f64>().ok()?, brotli.parse::<f64>().ok()?))
    });
    let (_, rooms) = lines.next_back()??;
    let mut weight = Weight {
        rooms,
        ..Weight::default()
    };
    // Of the parts, the module is the last.
    for line in lines {
        let (plain, brotli) = line?;
        weight.module = brotli;
        weight.plain += plain;
        weight.brotli += brotli;
    }
    Some(weight).filter(|weight| weight.plain > 0.0)
}

/// As it is told.
impl std::fmt::Display for Weight {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "a first visit loads {:.0} kB ({:.0} kB of them the module) of the {LIMIT:.0} kB that it may, \
             as brotli; {:.0} kB unpacked. The rooms Service and DNS load {:.0} kB when one is opened",
            self.brotli / 1000.0,
            self.module / 1000.0,
            self.plain / 1000.0,
            self.rooms / 1000.0
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_are_added_up_and_the_rooms_module_is_none_of_them() {
        let weight = read("1000 400\n5000 2000\n9000 3000\n").unwrap();
        assert_eq!(
            weight,
            Weight {
                plain: 6000.0,
                brotli: 2400.0,
                module: 2000.0,
                rooms: 3000.0
            }
        );
        assert!(read("").is_none());
        assert!(read("no numbers\n").is_none());
    }
}
