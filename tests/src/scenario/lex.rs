//! A line of a scenario as words and texts, each with the column it stands in.

/// A word or a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// Counted in characters, from 1.
    pub(super) column: usize,
    pub(super) kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Word(String),
    /// In quotation marks, which do not belong to it.
    Text(String),
}

/// Why a line has no tokens: where, and what was expected there.
pub(super) type Trouble = (usize, String);

/// The tokens of a line, up to its comment.
pub(super) fn tokens(line: &str) -> Result<Vec<Token>, Trouble> {
    let mut found = Vec::new();
    let mut rest = line.chars().zip(1..).peekable();
    while let Some((char, column)) = rest.next() {
        match char {
            '#' => break,
            _ if char.is_whitespace() => {}
            '"' => {
                let text = text(&mut rest, column)?;
                found.push(Token { column, kind: Kind::Text(text) });
            }
            _ => {
                let mut word = String::from(char);
                let goes_on = |next: &(char, usize)| !next.0.is_whitespace() && !matches!(next.0, '"' | '#');
                while let Some((char, _)) = rest.next_if(goes_on) {
                    word.push(char);
                }
                found.push(Token { column, kind: Kind::Word(word) });
            }
        }
    }
    Ok(found)
}

/// What stands before the closing quotation mark.
fn text(rest: &mut impl Iterator<Item = (char, usize)>, opened: usize) -> Result<String, Trouble> {
    let mut text = String::new();
    while let Some((char, column)) = rest.next() {
        match char {
            '"' => return Ok(text),
            '\\' => match rest.next() {
                Some((escaped @ ('"' | '\\'), _)) => text.push(escaped),
                Some(('n', _)) => text.push('\n'),
                _ => return Err((column, r#"expected \", \\ or \n after the backslash"#.to_owned())),
            },
            _ => text.push(char),
        }
    }
    Err((opened, "expected a closing quotation mark for this text before the end of the line".to_owned()))
}
