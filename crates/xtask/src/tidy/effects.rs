//! Model crates compute: no clock, file, socket, environment, process, thread, random source or
//! global state. `now`, trust anchors and algorithms are arguments.

use crate::tidy::complaint::Complaint;
use crate::tidy::source::Source;
use crate::tidy::syntax::{imports, is_word, line_of};

/// Paths that reach outside, and what is meant instead.
const REACHING: &[(&str, &str)] = &[
    ("std::fs", "files are read by the caller"),
    ("std::env", "settings are arguments"),
    ("std::process", "a model ends by returning"),
    ("std::thread", "a model runs on its caller's thread"),
    ("std::net::TcpStream", "sockets belong to the services"),
    ("std::net::TcpListener", "sockets belong to the services"),
    ("std::net::UdpSocket", "sockets belong to the services"),
    ("std::net::ToSocketAddrs", "look-ups belong to the services"),
    ("std::os", "the operating system belongs to the shells"),
    ("std::io::stdin", "input is an argument"),
    ("std::io::stdout", "output is a return value"),
    ("std::io::stderr", "output is a return value"),
    ("std::time::SystemTime", "`now` is an argument"),
    ("std::time::Instant", "`now` is an argument"),
    ("getrandom", "randomness is an argument"),
    ("rand", "randomness is an argument"),
];

/// Words that reach outside or keep state, wherever they stand.
const WORDS: &[(&str, &str)] = &[
    ("SystemTime::now", "`now` is an argument"),
    ("Instant::now", "`now` is an argument"),
    ("UnixTime::now", "`now` is an argument"),
    ("now_utc", "`now` is an argument"),
    ("now_local", "`now` is an argument"),
    ("OsRng", "randomness is an argument"),
    ("SysRng", "randomness is an argument"),
    ("thread_rng", "randomness is an argument"),
    ("static mut", "a model holds no state"),
    ("thread_local!", "a model holds no state"),
    ("include_str!(concat", "paths are literal"),
    ("option_env!", "settings are arguments"),
    ("println!", "output is a return value"),
    ("eprintln!", "output is a return value"),
];

/// Complains about effects in a model crate.
pub(crate) fn check(source: &Source) -> Vec<Complaint> {
    if !source.is_model() {
        return Vec::new();
    }
    let code = &source.shipped;
    let mut complaints = Vec::new();
    for (line, path) in imports(code) {
        for (reaching, instead) in REACHING {
            if covers(reaching, path.trim_start_matches("::")) {
                complaints.push(complaint(source, line, reaching, instead));
            }
        }
    }
    // Paths written out in the code; single words (`rand`) only count with what follows them.
    let spelled = REACHING.iter().filter(|(path, _)| path.contains("::"));
    for (word, instead) in spelled.chain(WORDS) {
        for (at, _) in code.match_indices(word) {
            let line = line_of(code, at);
            if stands_alone(code, at, word.len()) && !is_import(code, at) {
                complaints.push(complaint(source, line, word, instead));
            }
        }
    }
    complaints
}

fn complaint(source: &Source, line: usize, what: &str, instead: &str) -> Complaint {
    Complaint::at(
        source,
        line,
        format!("`{what}` in a model crate: {instead}"),
    )
}

/// Whether importing `path` brings in `reaching`: the thing itself, something in it, or a glob above.
fn covers(reaching: &str, path: &str) -> bool {
    let path = path.trim_end_matches("::self");
    let inside = path
        .strip_prefix(reaching)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"));
    let glob = path.strip_suffix("::*").is_some_and(|above| {
        reaching
            .strip_prefix(above)
            .is_some_and(|rest| rest.starts_with("::"))
    });
    inside || glob
}

fn stands_alone(code: &str, at: usize, length: usize) -> bool {
    let before = code[..at].chars().next_back();
    let after = code[at + length..].chars().next();
    !before.is_some_and(is_word) && !after.is_some_and(is_word)
}

/// Whether byte `at` lies in a `use` declaration, which [`imports`] has judged already.
fn is_import(code: &str, at: usize) -> bool {
    let start = code[..at]
        .rfind([';', '{', '}'])
        .map_or(0, |found| found + 1);
    let declaration = code[start..at].trim_start();
    declaration.contains("use ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(text: &str) -> Vec<String> {
        let source = Source::new("crates/chain/src/x.rs", text.to_owned());
        check(&source)
            .into_iter()
            .map(|complaint| complaint.message)
            .collect()
    }

    #[test]
    fn a_model_crate_reaches_for_nothing() {
        for text in [
            "use std::{collections::HashMap, fs};",
            "use std::fs::{self, File};",
            "use std::time::*;",
            "fn f() { let t = std::time::SystemTime::now(); }",
            "fn f() { UnixTime::now(); }",
            "fn f() { std::env::var(name); }",
            "use ::rand::Rng;",
            "static mut COUNT: u8 = 0;",
        ] {
            assert!(!model(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn values_comments_and_tests_are_left_alone() {
        for text in [
            "use std::net::{IpAddr, Ipv4Addr};",
            "use std::time::Duration;",
            "// std::fs::read would be wrong here\nfn f(now: Timestamp) {}",
            "const TEXT: &str = \"std::env\";",
            "#[cfg(test)]\nmod tests { use std::fs; }",
            "use crate::random::Operand;",
        ] {
            assert_eq!(model(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn shells_may_reach_out() {
        let source = Source::new("crates/cli/src/main.rs", "use std::fs;".to_owned());
        assert!(check(&source).is_empty());
    }
}
