//! How the text of what was written stood in its file.

use super::{change, list};
use crate::fix::Form;
use crate::fix::plan::{Change, Plan};
use crate::fix::repairs::{STRICT, TEXT, Text};
use crate::read::Source;

impl Plan<'_> {
    pub(super) fn text(&self, out: &mut Vec<Change>) {
        let asked = match self.form {
            Form::Pem => None,
            Form::Der => Some("wrote everything in DER"),
            Form::Pkcs7 => Some("put the certificates into a PKCS#7 bundle"),
            Form::Pkcs12 => Some("put everything into one PKCS#12 file"),
        };
        if let Some(what) = asked {
            out.push(change(what.to_owned(), "it was asked for", None));
            return;
        }
        let mut explained: Vec<String> = Vec::new();
        for text in TEXT {
            let places = self.faults(text);
            if !places.is_empty() {
                explained.extend(places.iter().map(|(input, _)| input.clone()));
                out.push(wrote(text, places));
            }
        }
        let mut rest = self.faults(&STRICT);
        rest.retain(|(input, _)| !explained.contains(input));
        if !rest.is_empty() {
            out.push(wrote(&STRICT, rest));
        }
    }

    /// Where a fault was seen that something written has no more: the input, and the place.
    fn faults(&self, text: &Text) -> Vec<(String, String)> {
        let mut out = Vec::new();
        let seen = self.bundle.findings.iter();
        for finding in seen.filter(|finding| finding.code() == text.code) {
            let at = &finding.at;
            let touched = self.taken_from().any(|source| {
                let block = self.bundle.locus(source);
                let same_file = block.input == at.input;
                same_file && (text.of_file || self.holds(source, at.bytes))
            });
            if let Some(input) = at.input.clone().filter(|_| touched) {
                let line = at.line.map_or_else(String::new, |line| format!(":{line}"));
                let place = format!("{}{line}", keyway_report::escape::text(&input));
                if !out.iter().any(|(_, known)| *known == place) {
                    out.push((input, place));
                }
            }
        }
        out
    }

    /// Whether these bytes are some of the block's, or touch it: what stands before its first line
    /// does, and so does the place where its END line is missing.
    fn holds(&self, source: &Source, bytes: Option<[usize; 2]>) -> bool {
        let block = self.bundle.inputs[source.input].blocks.get(source.block);
        block.zip(bytes).is_some_and(|(block, [from, to])| {
            let [start, end] = block.bytes;
            from <= end && to >= start
        })
    }
}

fn wrote(text: &Text, places: Vec<(String, String)>) -> Change {
    let places = list(places.into_iter().map(|(_, place)| place));
    change(
        format!("{} ({places})", text.what),
        text.why,
        Some(text.code),
    )
}
