//! Kinds of damage that leave one meaning, to be mixed at random.

use proptest::prelude::*;

/// One mix.
#[derive(Clone, Debug)]
pub(super) struct Damage {
    width: usize,
    line_end: &'static str,
    mark: &'static str,
    trailing: &'static str,
    dashes: &'static str,
    lower_case: bool,
    url_alphabet: bool,
    drop_padding: bool,
    drop_end: bool,
    double_spaced: bool,
    glued: bool,
    escape: Option<(&'static str, &'static str)>,
    encoding: u8,
    before: &'static str,
}

pub(super) fn any_damage() -> impl Strategy<Value = Damage> {
    let layout = (
        prop_oneof![Just(64), Just(76), 1_usize..200],
        prop::sample::select(vec!["\n", "\r\n", "\r"]),
        prop::sample::select(vec!["", "", "  ", "\t", "> ", "# "]),
        prop::sample::select(vec!["", "", " ", " \t"]),
        prop::sample::select(vec![
            "-----",
            "-----",
            "----",
            "------",
            "\u{2014}-",
            "\u{2013}\u{2013}",
        ]),
    );
    let flags = prop::array::uniform6(prop::bool::weighted(0.2));
    let escapes = vec![
        None,
        None,
        Some(("\\n", "\\u002B")),
        Some(("\\\\r\\\\n", "+")),
        Some(("<br>", "&#43;")),
        Some(("%0A", "%2B")),
    ];
    let rest = (
        prop::sample::select(escapes),
        0_u8..8,
        prop::sample::select(vec!["", "", "Dear you,", "key: |"]),
    );
    (layout, flags, rest).prop_map(|(layout, flags, rest)| {
        let (width, line_end, mark, trailing, dashes) = layout;
        let [
            lower_case,
            url_alphabet,
            drop_padding,
            drop_end,
            double_spaced,
            glued,
        ] = flags;
        let (escape, encoding, before) = rest;
        Damage {
            width,
            line_end,
            mark,
            trailing,
            dashes,
            lower_case,
            url_alphabet,
            drop_padding,
            // Where END is missing, the last line must be recognisable as such.
            drop_end: drop_end && !double_spaced && trailing.is_empty(),
            double_spaced,
            glued: glued && mark.is_empty(),
            escape,
            encoding,
            before,
        }
    })
}

impl Damage {
    /// The bytes as PEM with this damage.
    pub(super) fn apply(&self, base64: &str) -> Vec<u8> {
        let boundary = |side| {
            let text = format!("{}{side} PRIVATE KEY{}", self.dashes, self.dashes);
            if self.lower_case {
                text.to_lowercase()
            } else {
                text
            }
        };
        let mut text = base64.to_owned();
        if self.drop_padding {
            text.truncate(text.trim_end_matches('=').len());
        }
        if self.url_alphabet {
            text = text.replace('+', "-").replace('/', "_");
        }
        let mut lines: Vec<String> = if self.before.is_empty() {
            vec![]
        } else {
            vec![self.before.into()]
        };
        let mut body: Vec<String> = text
            .as_bytes()
            .chunks(self.width)
            .map(|c| String::from_utf8_lossy(c).into_owned())
            .collect();
        if self.double_spaced && body.len() >= 3 {
            body = body
                .into_iter()
                .flat_map(|line| [line, String::new()])
                .collect();
        }
        lines.push(boundary("BEGIN"));
        if self.glued {
            let first = body.remove(0);
            lines.last_mut().unwrap().push_str(&first);
        }
        lines.append(&mut body);
        if !self.drop_end {
            lines.push(boundary("END"));
        }
        let (end, plus) = self.escape.unwrap_or((self.line_end, "+"));
        let mark = |line: String| format!("{}{line}{}", self.mark, self.trailing);
        let joined = lines
            .into_iter()
            .map(mark)
            .collect::<Vec<_>>()
            .join(end)
            .replace('+', plus);
        self.encode(&(joined + end))
    }

    fn encode(&self, text: &str) -> Vec<u8> {
        let units = || text.encode_utf16();
        match self.encoding {
            0 => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            1 => [0xfeff]
                .into_iter()
                .chain(units())
                .flat_map(u16::to_le_bytes)
                .collect(),
            2 => [0xfeff]
                .into_iter()
                .chain(units())
                .flat_map(u16::to_be_bytes)
                .collect(),
            _ => text.as_bytes().to_vec(),
        }
    }
}
