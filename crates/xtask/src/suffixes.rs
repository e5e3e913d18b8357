//! `cargo xtask suffixes FILE`: Mozilla's Public Suffix List as the sorted table that `keyway-chain`
//! searches.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::failure::Failure;
use crate::{voice, workspace};

/// Below the workspace: the table, and what there is to say about it.
const TABLE: &str = "crates/chain/src/name/suffixes.txt";
const NOTE: &str = "crates/chain/src/name/suffixes.md";

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
         international names in ASCII, sorted.\n`cargo xtask suffixes FILE` makes it from \
         `public_suffix_list.dat`.\n"
    );
    for (path, text) in [(TABLE, render(&rules)), (NOTE, note)] {
        let path = workspace::root().join(path);
        fs::write(&path, text).map_err(Failure::at(path))?;
    }
    voice::say(&format!("    {} names with rules", rules.len()));
    Ok(())
}

/// The kinds of rules that each name has: plain, for all names directly below it, or exempt from such
/// a rule; capital letters in the private section.
fn rules(list: &str) -> Option<BTreeMap<String, String>> {
    let mut rules: BTreeMap<String, String> = BTreeMap::new();
    let mut private = false;
    for line in list.lines().map(str::trim) {
        private |= line.contains("===BEGIN PRIVATE DOMAINS===");
        if line.is_empty() || line.starts_with("//") {
            continue;
        }
        let (kind, name) = match (line.strip_prefix('!'), line.strip_prefix("*.")) {
            (Some(name), _) => ('e', name),
            (_, Some(name)) => ('w', name),
            _ => ('n', line),
        };
        let ascii = idna::domain_to_ascii(name).ok()?;
        let labels: Vec<&str> = ascii.rsplit('.').collect();
        let kind = if private {
            kind.to_ascii_uppercase()
        } else {
            kind
        };
        rules.entry(labels.join(",")).or_default().push(kind);
    }
    (!rules.is_empty()).then_some(rules)
}

fn render(rules: &BTreeMap<String, String>) -> String {
    rules
        .iter()
        .map(|(name, kinds)| match kinds.as_str() {
            "n" => format!("{name}\n"),
            kinds => format!("{name} {kinds}\n"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{render, rules};

    #[test]
    fn names_stand_with_what_is_below_them_right_behind() {
        let list = "// comment\ncom\n*.ck\n!www.ck\nco-op.com\nshop.com\n公司.cn\n\
                    // ===BEGIN PRIVATE DOMAINS===\nco.com\na.co.com\n";
        assert_eq!(
            render(&rules(list).unwrap()),
            "ck w\nck,www e\ncn,xn--55qx5d\ncom\ncom,co N\ncom,co,a N\ncom,co-op\ncom,shop\n"
        );
    }

    #[test]
    fn a_list_without_rules_is_refused() {
        assert!(rules("// nothing\n").is_none());
    }
}
