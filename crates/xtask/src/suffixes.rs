//! `cargo xtask suffixes FILE`: Mozilla's Public Suffix List as the packed table that `keyway-chain`
//! searches. Its `name/suffix/list.rs` says how it is packed.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::failure::Failure;
use crate::{voice, workspace};

/// Below the workspace: the table, and what there is to say about it.
const TABLE: &str = "crates/chain/src/name/suffixes.txt";
const NOTE: &str = "crates/chain/src/name/suffixes.md";

/// Names in a line: a look-up goes along half of one, and a name in full takes more room than a packed one.
const LINE: usize = 16;

/// The most that a letter says of what a name has in common with the one before.
const LAST_LETTER: u8 = b'Z';

/// Writes table and note.
pub(crate) fn write(list: &Path) -> Result<(), Failure> {
    let text = fs::read_to_string(list).map_err(Failure::at(list))?;
    let rules = rules(&text).ok_or_else(|| Failure::Answer {
        program: list.display().to_string(),
        detail: "a rule that is no domain name, or no rules at all".into(),
    })?;
    let version = text
        .lines()
        .find_map(|line| line.strip_prefix("// VERSION: "))
        .unwrap_or("of unknown version");
    let note = format!(
        "`suffixes.txt` is Mozilla's Public Suffix List ({version}), <https://publicsuffix.org>, under the \
         Mozilla Public License 2.0\n(<https://mozilla.org/MPL/2.0/>): its rules without comments, with \
         international names in ASCII, sorted and packed.\n`cargo xtask suffixes FILE` makes it from \
         `public_suffix_list.dat`.\n"
    );
    for (path, text) in [(TABLE, render(&rules)), (NOTE, note)] {
        let path = workspace::root().join(path);
        fs::write(&path, text).map_err(Failure::at(path))?;
    }
    voice::say(&format!("    {} names with rules", rules.len()));
    Ok(())
}

/// The marks of the rules that each name has.
fn rules(list: &str) -> Option<BTreeMap<String, String>> {
    let mut rules: BTreeMap<String, String> = BTreeMap::new();
    let mut private = false;
    for line in list.lines().map(str::trim) {
        private |= line.contains("===BEGIN PRIVATE DOMAINS===");
        if line.is_empty() || line.starts_with("//") {
            continue;
        }
        let (mark, name) = match (line.strip_prefix('!'), line.strip_prefix("*.")) {
            (Some(name), _) => (if private { '?' } else { '!' }, name),
            (_, Some(name)) => (if private { '+' } else { '*' }, name),
            _ => (if private { '.' } else { '=' }, line),
        };
        let ascii = idna::domain_to_ascii(name).ok()?;
        let labels: Vec<&str> = ascii.rsplit('.').collect();
        rules.entry(labels.join(",")).or_default().push(mark);
    }
    (!rules.is_empty()).then_some(rules)
}

fn render(rules: &BTreeMap<String, String>) -> String {
    let mut table = String::new();
    let mut before = "";
    for (at, (name, marks)) in rules.iter().enumerate() {
        if at % LINE == 0 {
            table.push_str(if at == 0 { "" } else { "\n" });
            table.push_str(name);
        } else {
            let same = name.bytes().zip(before.bytes()).take_while(|(a, b)| a == b);
            let letter = (b'A'..=LAST_LETTER).zip(0..=same.count()).last();
            let (letter, shared) = letter.unwrap_or((b'A', 0));
            table.push(char::from(letter));
            table.push_str(&name[shared..]);
        }
        table.push_str(if marks == "=" { "" } else { marks });
        before = name;
    }
    table.push('\n');
    table
}

#[cfg(test)]
mod tests {
    use super::{render, rules};

    #[test]
    fn names_stand_with_what_is_below_them_right_behind() {
        let list = "// comment\ncom\n*.ck\n!www.ck\nco-op.com\nshop.com\n公司.cn\n\
                    // ===BEGIN PRIVATE DOMAINS===\nco.com\na.co.com\n*.co.com\n";
        assert_eq!(
            render(&rules(list).unwrap()),
            "ck*C,www!Bn,xn--55qx5dBomD,co.+G,a.G-opEshop\n"
        );
    }

    #[test]
    fn a_line_ends_after_so_many_names_and_the_next_begins_in_full() {
        let list = (10..50).fold(String::new(), |list, number| format!("{list}a{number}\n"));
        let table = render(&rules(&list).unwrap());
        let (first, second) = table.split_once('\n').unwrap();
        assert!(first.starts_with("a10C1C2"), "{first}");
        assert!(second.starts_with("a26C7"), "{second}");
    }

    #[test]
    fn a_letter_says_no_more_than_it_can() {
        let (long, longer) = ("a".repeat(30), "a".repeat(31));
        let table = render(&rules(&format!("{long}\n{longer}\n")).unwrap());
        assert_eq!(table, format!("{long}Z{}\n", "a".repeat(6)));
    }

    #[test]
    fn a_list_without_rules_is_refused() {
        assert!(rules("// nothing\n").is_none());
    }
}
