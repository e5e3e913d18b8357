//! Changes to a service file that keep its comments and order.

mod comments;
mod json;
mod lines;
mod list;
mod toml;

pub use comments::comments_gone;
use zeroize::Zeroizing;

use crate::aliases;
use crate::document::{self, Format};
use crate::{Draft, ReadError};

/// What a field is set to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Setting {
    Text(String),
    Texts(Vec<String>),
    Truth(bool),
    /// A table of one text: where a secret is.
    Table(String, String),
    /// Taken out.
    Nothing,
}

/// Changes to a service file. Each names a field by its path, `tls.certificate`; a field that the file
/// writes under another name is changed where it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edit {
    settings: Vec<(String, Setting)>,
}

/// Why a file could not be changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// What should hold the field is no table.
    #[error("`{field}` cannot be set: what stands around it is no table")]
    NoTable {
        /// The field.
        field: String,
    },
    /// The changed text does not read; a bug.
    #[error("the changed file does not read: {0}")]
    Unreadable(#[from] ReadError),
}

impl Edit {
    /// No changes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a field to a text.
    #[must_use]
    pub fn set(self, field: &str, text: &str) -> Self {
        self.with(field, Setting::Text(text.to_owned()))
    }

    /// Sets a field to one text or several.
    #[must_use]
    pub fn set_list(self, field: &str, texts: &[String]) -> Self {
        match texts {
            [one] => self.set(field, one),
            several => self.with(field, Setting::Texts(several.to_vec())),
        }
    }

    /// Sets a field to true or false.
    #[must_use]
    pub fn set_truth(self, field: &str, truth: bool) -> Self {
        self.with(field, Setting::Truth(truth))
    }

    /// Sets a secret to where it is: `kind` is `file` or `env`.
    #[must_use]
    pub fn set_secret(self, field: &str, kind: &str, place: &str) -> Self {
        self.with(field, Setting::Table(kind.to_owned(), place.to_owned()))
    }

    /// Takes a field out; nothing happens where it is not there.
    #[must_use]
    pub fn remove(self, field: &str) -> Self {
        self.with(field, Setting::Nothing)
    }

    fn with(mut self, field: &str, setting: Setting) -> Self {
        self.settings.push((field.to_owned(), setting));
        self
    }

    /// Whether there is nothing to change.
    pub fn is_empty(&self) -> bool {
        self.settings.is_empty()
    }

    /// The changed file, read again.
    ///
    /// # Errors
    ///
    /// [`EditError`].
    pub fn apply(&self, draft: &Draft) -> Result<Draft, EditError> {
        let text = draft.text();
        // The file as it is written, before aliases were resolved.
        let tree = document::read(text, draft.format)?;
        let settings: Vec<(Vec<&str>, &Setting)> = self
            .settings
            .iter()
            .flat_map(|(field, setting)| {
                let path: Vec<&str> = field.split('.').collect();
                match aliases::written_as(&tree, &path) {
                    Some(at) if aliases::is_truth(&at) => {
                        truth(at, aliases::place_of(&tree, &path), setting)
                    }
                    Some(at) => vec![(at, setting)],
                    None => vec![(aliases::place_of(&tree, &path), setting)],
                }
            })
            .collect();
        let changed = match draft.format {
            Format::Toml => toml::change(text, &settings)?,
            Format::Json => json::change(tree, &settings, text)?,
        };
        Ok(crate::read(&ended_as(text, changed))?)
    }
}

/// A changed text with what an editor of Windows puts into files: lines that end in CR LF, where all did, and
/// a byte order mark.
fn ended_as(before: &str, changed: Zeroizing<String>) -> Zeroizing<String> {
    const MARK: char = '\u{feff}';
    let ends = before.matches('\n').count();
    let has_mark = before.starts_with(MARK);
    let is_windows = ends > 0 && before.matches("\r\n").count() == ends;
    if !has_mark && !is_windows {
        return changed;
    }
    // Room for all of it, so that no piece is left behind where it grows.
    let mut out = Zeroizing::new(String::with_capacity(2 * changed.len() + MARK.len_utf8()));
    if has_mark {
        out.push(MARK);
    }
    for letter in changed.trim_start_matches(MARK).chars() {
        match letter {
            '\r' if is_windows => {}
            '\n' if is_windows => out.push_str("\r\n"),
            letter => out.push(letter),
        }
    }
    out
}

/// A setting of a field that is written as true or false; a word that is neither takes its place.
fn truth<'s>(
    at: Vec<&'s str>,
    path: Vec<&'s str>,
    setting: &'s Setting,
) -> Vec<(Vec<&'s str>, &'s Setting)> {
    match setting {
        Setting::Text(word) if word == "enabled" => vec![(at, &Setting::Truth(true))],
        Setting::Text(word) if word == "disabled" => vec![(at, &Setting::Truth(false))],
        Setting::Text(_) => vec![(at, &Setting::Nothing), (path, setting)],
        other => vec![(at, other)],
    }
}

fn no_table(path: &[&str]) -> EditError {
    EditError::NoTable {
        field: path.join("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(text: &str, hosts: &[&str]) -> String {
        let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
        let draft = crate::read(text).unwrap();
        let changed = Edit::new().set_list("host", &hosts).apply(&draft).unwrap();
        assert_eq!(changed.service.host.0, hosts);
        changed.text().to_owned()
    }

    const LIST: &str = "host = [ # names\n  # the first\n  \"a\", # main\n  \"b\", # other\n]\n";

    #[test]
    fn what_stays_in_a_list_keeps_its_comments() {
        assert_eq!(
            hosts(LIST, &["a"]),
            "host = [ # names\n  # the first\n  \"a\", # main\n]\n"
        );
        assert_eq!(
            hosts(LIST, &["b"]),
            "host = [ # names\n  \"b\", # other\n]\n"
        );
        assert_eq!(hosts(LIST, &["a", "b"]), LIST);
        assert_eq!(
            hosts(LIST, &["a", "b", "c"]),
            LIST.replace("# other\n", "# other\n  \"c\",\n")
        );
        assert_eq!(
            hosts("host = [\"a\", \"b\"] # x\n", &["b", "c"]),
            "host = [\"b\", \"c\"] # x\n"
        );
    }

    #[test]
    fn a_list_in_another_order_is_written_anew() {
        assert_eq!(
            hosts("host = [\"a\", \"b\"]\n", &["b", "a"]),
            "host = [\"b\", \"a\"]\n"
        );
    }

    #[test]
    fn a_list_of_lines_stays_one_when_everything_in_it_is_another() {
        assert_eq!(
            hosts("host = [\n    \"a\",\n    \"b\",\n] # x\n", &["c", "d"]),
            "host = [\n    \"c\",\n    \"d\",\n] # x\n"
        );
        assert_eq!(
            hosts("host = [\n] # x\n", &["a"]),
            "host = [\n  \"a\"\n] # x\n"
        );
    }

    fn changed(text: &str, edit: &Edit) -> String {
        let draft = crate::read(text).unwrap();
        edit.apply(&draft).unwrap().text().to_owned()
    }

    #[test]
    fn dotted_keys_stay_where_they_stand() {
        let text = "# all\nhost = \"a\"\n\n# the certificate\ntls.certificate = \"c\"\nname = \"n\" # x\n\
                    # the key\ntls.key = \"k\"\nupstream = \"http://127.0.0.1:1\"\n";
        let edit = Edit::new()
            .set("tls.certificate", "d")
            .set("tls.status", "enabled");
        let wanted = text
            .replace("\"c\"", "\"d\"")
            .replace("\"k\"\n", "\"k\"\ntls.status = \"enabled\"\n");
        assert_eq!(changed(text, &edit), wanted);
        // A comment goes nowhere when the first of them goes.
        let edit = Edit::new().remove("tls.certificate");
        let wanted = text
            .replace("tls.certificate = \"c\"\n", "")
            .replace("\n\n#", "\n#");
        assert_eq!(changed(text, &edit), wanted);
    }

    #[test]
    fn comments_above_a_key_stay_when_it_goes() {
        let text = "[tls]\nstatus = \"enabled\"\n# from the CA\ncertificate = \"c\" # c\n\n# never\n# share\n\
                    key = \"k\"\n\n# limits\n[limits]\n# many\nconnections = 5\n";
        let gone = Edit::new().remove("tls.certificate").remove("tls.key");
        let rest = "\n# limits\n[limits]\n# many\nconnections = 5\n";
        let comments = "# from the CA\n# never\n# share\n";
        assert_eq!(
            changed(text, &gone.clone().set("tls.zone", "z")),
            format!("[tls]\nstatus = \"enabled\"\nzone = \"z\"\n{comments}{rest}")
        );
        assert_eq!(
            changed(text, &gone.remove("tls.status")),
            format!("[tls]\n{rest}{comments}")
        );
        assert_eq!(
            changed(text, &Edit::new().remove("tls.certificate")),
            text.replace("certificate = \"c\" # c\n", "")
        );
    }

    #[test]
    fn the_line_ends_and_the_mark_of_windows_stay() {
        let text = "\u{feff}host = \"a\" # x\r\n\r\n[tls]\r\nstatus = \"auto\"\r\n";
        assert_eq!(hosts(text, &["b"]), text.replace("\"a\"", "\"b\""));
        assert_eq!(
            hosts("{\r\n  \"host\": \"a\"\r\n}\r\n", &["b"]),
            "{\r\n  \"host\": \"b\"\r\n}\r\n"
        );
        // Where lines end this way and that, nobody's way is taken for all.
        assert!(!hosts("name = \"n\"\r\nhost = \"a\"\n", &["b"]).contains("\"b\"\r\n"));
    }
}
