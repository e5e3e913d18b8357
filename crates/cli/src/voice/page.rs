//! A page of text: lines that fit the width, with or without colour.

use std::borrow::Cow;
use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::terminal::Look;

/// What a piece of text is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Plain,
    Strong,
    Dim,
    Good,
    Bad,
    Caution,
    Aside,
}

impl Tone {
    fn style(self) -> Style {
        let strong = |colour: AnsiColor| Style::new().bold().fg_color(Some(colour.into()));
        match self {
            Self::Plain => Style::new(),
            Self::Strong => Style::new().bold(),
            Self::Dim => Style::new().dimmed(),
            Self::Good => strong(AnsiColor::Green),
            Self::Bad => strong(AnsiColor::Red),
            Self::Caution => strong(AnsiColor::Yellow),
            Self::Aside => strong(AnsiColor::Cyan),
        }
    }
}

/// A piece of a line.
pub(super) type Piece<'a> = (&'a str, Tone);

/// Text that grows line by line.
pub(super) struct Page {
    look: Look,
    out: String,
}

impl Page {
    pub(super) fn new(look: Look) -> Self {
        Self {
            look,
            out: String::new(),
        }
    }

    pub(super) fn look(&self) -> Look {
        self.look
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    pub(super) fn blank(&mut self) {
        self.out.push('\n');
    }

    /// A title, with an empty line before it.
    pub(super) fn heading(&mut self, text: &str) {
        self.blank();
        self.row(&[(text, Tone::Strong)]);
    }

    /// One line, as it is; space at its end is dropped.
    pub(super) fn row(&mut self, pieces: &[Piece<'_>]) {
        let last = pieces
            .iter()
            .rposition(|(text, _)| !text.trim_end().is_empty());
        for (index, (text, tone)) in pieces.iter().enumerate() {
            match last {
                Some(last) if index < last => self.paint(text, *tone),
                Some(last) if index == last => self.paint(text.trim_end(), *tone),
                _ => {}
            }
        }
        self.out.push('\n');
    }

    /// Text that begins after `lead` and goes on below `hang`, broken to fit.
    pub(super) fn paragraph(&mut self, lead: &[Piece<'_>], hang: &str, text: &str, tone: Tone) {
        let taken: usize = lead.iter().map(|(text, _)| text.width()).sum();
        // The one character of our own prose that is not ASCII.
        let text = &if self.look.glyphs {
            Cow::Borrowed(text)
        } else {
            Cow::Owned(text.replace('…', "..."))
        };
        let lines = wrap(text, self.look.width, taken, hang.width());
        for (index, line) in lines.iter().enumerate() {
            let piece = (line.as_str(), tone);
            if index == 0 {
                self.row(&[lead, &[piece]].concat());
            } else {
                self.row(&[(hang, Tone::Dim), piece]);
            }
        }
    }

    /// A shell command that can be copied whole: a broken line ends with a backslash, and no word
    /// is ever broken.
    pub(super) fn command(&mut self, lead: &[Piece<'_>], hang: &str, words: &[String]) {
        let room = self.look.width.saturating_sub(2);
        let mut used: usize = lead.iter().map(|(text, _)| text.width()).sum();
        let mut line = String::new();
        let mut before = lead;
        let below = [(hang, Tone::Dim)];
        for word in words {
            // A second command begins a line of its own.
            let is_next = line.ends_with("&&");
            if !line.is_empty() && (is_next || used + 1 + word.width() > room) {
                line.push_str(" \\");
                self.row(&[before, &[(&line, Tone::Plain)]].concat());
                line.clear();
                before = &below;
                used = hang.width();
            }
            let gap = if line.is_empty() { "" } else { " " };
            used += gap.len() + word.width();
            line.push_str(gap);
            line.push_str(word);
        }
        self.row(&[before, &[(&line, Tone::Plain)]].concat());
    }

    fn paint(&mut self, text: &str, tone: Tone) {
        if self.look.colour && tone != Tone::Plain && !text.is_empty() {
            let style = tone.style();
            // Writing to a string cannot fail.
            let _ = write!(self.out, "{style}{text}{style:#}");
        } else {
            self.out.push_str(text);
        }
    }
}

/// Breaks text into lines of `width` columns, the first one shorter by `first`, the others by `rest`.
/// A word that fits no line is broken; there is always at least one line.
pub(super) fn wrap(text: &str, width: usize, first: usize, rest: usize) -> Vec<String> {
    let rest_room = width.saturating_sub(rest).max(1);
    let mut room = width.saturating_sub(first).max(1);
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split_whitespace() {
        let mut word = word;
        let gap = usize::from(used > 0);
        if used + gap + word.width() <= room {
            push(&mut lines, word, gap);
            used += gap + word.width();
            continue;
        }
        if used > 0 || word.width() > room && room < rest_room {
            lines.push(String::new());
            room = rest_room;
        }
        while word.width() > room {
            let (head, tail) = word.split_at(fitting(word, room));
            push(&mut lines, head, 0);
            lines.push(String::new());
            room = rest_room;
            word = tail;
        }
        push(&mut lines, word, 0);
        used = word.width();
    }
    lines
}

fn push(lines: &mut [String], word: &str, gap: usize) {
    if let Some(line) = lines.last_mut() {
        line.push_str(if gap > 0 { " " } else { "" });
        line.push_str(word);
    }
}

/// Bytes of the longest head of `word` that takes at most `room` columns; at least one character.
fn fitting(word: &str, room: usize) -> usize {
    let mut used = 0;
    for (at, ch) in word.char_indices() {
        used += ch.width().unwrap_or(0);
        if used > room && at > 0 {
            return at;
        }
    }
    word.len()
}

/// The text in exactly `width` columns: cut with an ellipsis, or filled with spaces.
pub(super) fn column(text: &str, width: usize, look: Look) -> String {
    let mut out = text.to_owned();
    if text.width() > width {
        let ellipsis = if look.glyphs { "…" } else { "..." };
        let room = width.saturating_sub(ellipsis.width());
        out.truncate(fitting(text, room));
        out.push_str(ellipsis);
    }
    let missing = width.saturating_sub(out.width());
    out.extend(std::iter::repeat_n(' ', missing));
    out
}

/// The text in at most `width` columns: what is too long loses its middle, since a path is known by its
/// end.
pub(super) fn shortened(text: &str, width: usize, look: Look) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let ellipsis = if look.glyphs { "…" } else { "..." };
    let room = width.saturating_sub(ellipsis.width());
    let head = fitting(text, (room / 3).max(1));
    let tail: Vec<char> = text[head..].chars().rev().collect();
    let mut used = text[..head].width();
    let fits = |ch: &&char| {
        used += ch.width().unwrap_or(0);
        used <= room
    };
    let kept = tail.iter().take_while(fits).count();
    let tail: String = tail[..kept].iter().rev().collect();
    format!("{}{ellipsis}{tail}", &text[..head])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_kept_whole_where_they_fit_a_line() {
        assert_eq!(wrap("aa bb cc", 5, 0, 0), ["aa bb", "cc"]);
        assert_eq!(wrap("aa bb cc", 5, 3, 1), ["aa", "bb", "cc"]);
        assert_eq!(wrap("", 5, 0, 0), [""]);
    }

    #[test]
    fn a_word_longer_than_a_line_is_broken() {
        assert_eq!(wrap("x 123456789", 4, 0, 1), ["x", "123", "456", "789"]);
        assert_eq!(wrap("株式会社", 4, 0, 0), ["株式", "会社"]);
    }

    #[test]
    fn columns_are_counted_not_bytes() {
        let look = Look {
            colour: false,
            glyphs: true,
            width: 80,
            screen: None,
        };
        assert_eq!(shortened("a/long/path/to/it.pem", 12, look), "a/l…o/it.pem");
        assert_eq!(shortened("short.pem", 12, look), "short.pem");
        assert_eq!(column("é", 3, look), "é  ");
        assert_eq!(column("株式会社", 6, look), "株式… ");
        assert_eq!(
            column(
                "abcdef",
                4,
                Look {
                    glyphs: false,
                    ..look
                }
            ),
            "a..."
        );
    }
}
