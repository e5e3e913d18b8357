//! The words, blocks and lines of nginx's language.

use crate::forms::ImportError;

/// Blocks inside blocks; `http`, `server`, `location` and `if` need four.
const MAX_DEPTH: usize = 16;

/// Directives in a text: as many as a file of the largest size can hold of ten bytes each.
const MAX_DIRECTIVES: usize = 100_000;

/// A directive with what stands in its braces.
pub(super) struct Directive {
    pub(super) line: usize,
    pub(super) words: Vec<String>,
    pub(super) block: Option<Vec<Directive>>,
}

impl Directive {
    /// Its name.
    pub(super) fn name(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }

    /// What comes behind the name.
    pub(super) fn arguments(&self) -> Vec<&str> {
        self.words.iter().skip(1).map(String::as_str).collect()
    }

    /// Its name and what comes behind it.
    pub(super) fn texts(&self) -> Vec<&str> {
        self.words.iter().map(String::as_str).collect()
    }

    /// As it is told.
    pub(super) fn told(&self) -> String {
        self.words.join(" ")
    }
}

enum Token {
    Word(String),
    End,
    Open,
    Close,
}

fn wrong(line: usize, message: &str) -> ImportError {
    ImportError::Form {
        line,
        message: message.to_owned(),
    }
}

fn tokens(text: &str, before: usize) -> Result<Vec<(usize, Token)>, ImportError> {
    let mut tokens = Vec::new();
    let mut line = before + 1;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\n' => line += 1,
            blank if blank.is_whitespace() => {}
            '#' => while letters.next_if(|letter| *letter != '\n').is_some() {},
            ';' => tokens.push((line, Token::End)),
            '{' => tokens.push((line, Token::Open)),
            '}' => tokens.push((line, Token::Close)),
            quote @ ('"' | '\'') => {
                let start = line;
                let mut word = String::new();
                loop {
                    match letters.next() {
                        None => return Err(wrong(start, "a quotation is not closed")),
                        Some(end) if end == quote => break,
                        Some('\\') => escaped(letters.next(), &mut word, &mut line),
                        Some(inside) => {
                            line += usize::from(inside == '\n');
                            word.push(inside);
                        }
                    }
                }
                tokens.push((start, Token::Word(word)));
            }
            first => {
                let mut word = String::new();
                let mut next = Some(first);
                let mut start = line;
                while let Some(letter) = next {
                    if letter == '\\' {
                        escaped(letters.next(), &mut word, &mut start);
                    } else {
                        word.push(letter);
                    }
                    // `${name}` is part of the word.
                    let in_variable = word.ends_with('$');
                    next = letters.next_if(|next| {
                        !next.is_whitespace() && *next != ';' && (*next != '{' || in_variable)
                    });
                }
                tokens.push((line, Token::Word(word)));
                line = start;
            }
        }
    }
    Ok(tokens)
}

/// What stands behind a backslash: quotes, blanks and backslashes lose it, others keep it.
fn escaped(letter: Option<char>, word: &mut String, line: &mut usize) {
    match letter {
        Some('n') => word.push('\n'),
        Some('r') => word.push('\r'),
        Some('t') => word.push('\t'),
        Some(letter @ ('"' | '\'' | '\\')) => word.push(letter),
        Some(letter) => {
            *line += usize::from(letter == '\n');
            word.push('\\');
            word.push(letter);
        }
        None => word.push('\\'),
    }
}

/// Reads a text.
pub(super) fn read(text: &str) -> Result<Vec<Directive>, ImportError> {
    read_behind(text, 0)
}

/// Reads a text that so many lines stand before.
pub(super) fn read_behind(text: &str, before: usize) -> Result<Vec<Directive>, ImportError> {
    // The blocks that are open, each with the directive that it belongs to.
    let mut open: Vec<(Directive, Vec<Directive>)> = Vec::new();
    let mut here: Vec<Directive> = Vec::new();
    let mut words: Vec<String> = Vec::new();
    let mut start = before + 1;
    let mut count = 0;
    for (line, token) in tokens(text, before)? {
        match token {
            Token::Word(word) => {
                if words.is_empty() {
                    start = line;
                }
                words.push(word);
            }
            Token::End | Token::Open if words.is_empty() => {
                return Err(wrong(line, "a directive is wanted here"));
            }
            Token::End | Token::Open => {
                count += 1;
                if count > MAX_DIRECTIVES || open.len() >= MAX_DEPTH {
                    return Err(wrong(line, "there is more in it than is read"));
                }
                let directive = Directive {
                    line: start,
                    words: std::mem::take(&mut words),
                    block: None,
                };
                if matches!(token, Token::Open) {
                    open.push((directive, std::mem::take(&mut here)));
                } else {
                    here.push(directive);
                }
            }
            Token::Close => {
                if !words.is_empty() {
                    return Err(wrong(start, "a directive is not ended"));
                }
                let Some((mut directive, mut outside)) = open.pop() else {
                    return Err(wrong(line, "a brace is closed that was not opened"));
                };
                directive.block = Some(std::mem::take(&mut here));
                outside.push(directive);
                here = outside;
            }
        }
    }
    match open.pop() {
        _ if !words.is_empty() => Err(wrong(start, "a directive is not ended")),
        Some((directive, _)) => Err(wrong(directive.line, "a brace is not closed")),
        None => Ok(here),
    }
}
