//! A text as it is compared: folded words, clause by clause.

use super::READ_CHARS;

/// How many words of a clause are read together; who writes without stops is read piece by piece.
const CLAUSE_WORDS: usize = 60;

/// What mail programs put under a mail, folded.
const FOOTERS: [&str; 9] = [
    "sent from my",
    "sent from",
    "get outlook for",
    "enviado desde mi",
    "envoye de mon",
    "envoye depuis",
    "von meinem",
    "gesendet von",
    "ارسلت من",
];

/// The part of a text that is read, without the lines that the writer's program wrote, and with a word in the place of
/// each email address.
pub(super) fn without_footer(text: &str) -> String {
    let mut kept = String::new();
    let read: String = text.chars().take(READ_CHARS).collect();
    for line in read.lines() {
        if is_footer(line) {
            continue;
        }
        let tokens = line.split_inclusive(char::is_whitespace);
        kept.extend(tokens.map(|token| if is_email(token) { "emailaddress " } else { token }));
        kept.push('\n');
    }
    kept
}

fn is_footer(line: &str) -> bool {
    // Most lines begin with no footer's first word, and that is quickly seen.
    let first = line.split_whitespace().map(words).find(|words| !words.is_empty());
    let may_be = first.is_some_and(|first| FOOTERS.iter().any(|footer| footer.starts_with(&first[0])));
    may_be && {
        let folded = words(line).join(" ");
        FOOTERS.iter().any(|footer| folded.starts_with(footer))
    }
}

fn is_email(token: &str) -> bool {
    token.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && domain.trim().contains('.'))
}

/// The words of a text: lower case, without accents, apostrophes and invisible characters, a letter written three times
/// or more written once (`STOOOP`), a word said twice said once, `e-mail` as one word.
pub(super) fn words(text: &str) -> Vec<String> {
    let folded: String = text.chars().flat_map(char::to_lowercase).filter_map(fold).collect();
    let mut words: Vec<String> = folded.split_whitespace().map(unstretched).collect();
    words.dedup_by(|again, before| again == before && before.len() > 1);
    let mut joined: Vec<String> = Vec::with_capacity(words.len());
    for word in words {
        match joined.last_mut() {
            Some(e) if *e == "e" && word.starts_with("mail") => e.push_str(&word),
            _ => joined.push(word),
        }
    }
    joined
}

/// The clauses of a text, each as its words.
pub(super) fn clauses(text: &str) -> Vec<Vec<String>> {
    const ENDS: [char; 20] = [
        '.',
        '!',
        '?',
        ',',
        ';',
        ':',
        '\n',
        '\r',
        '(',
        ')',
        '…',
        '–',
        '—',
        '"',
        '“',
        '”',
        '،',
        '؛',
        '؟',
        '\u{1f6d1}',
    ];
    let clauses = text.split(ENDS).map(words);
    clauses.flat_map(|words| words.chunks(CLAUSE_WORDS).map(<[String]>::to_vec).collect::<Vec<_>>()).collect()
}

/// A character as it is compared: `None` where it says nothing, a space where it separates. Arabic letters that are
/// written one for the other become one.
fn fold(c: char) -> Option<char> {
    let c = match c {
        '\u{ff01}'..='\u{ff5e}' => u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(' '),
        _ => c,
    };
    Some(match c {
        '\''
        | '’'
        | '‘'
        | '´'
        | '`'
        | '\u{300}'..='\u{36f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2060}'
        | '\u{feff}'
        | '\u{64b}'..='\u{65f}'
        | '\u{670}'
        | '\u{640}' => return None,
        'à' | 'á' | 'â' | 'ã' | 'ä' => 'a',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        'ß' => 's',
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' | 'ئ' => 'ي',
        'ؤ' => 'و',
        'ة' => 'ه',
        _ if c.is_alphanumeric() => c,
        _ => ' ',
    })
}

fn unstretched(word: &str) -> String {
    let letters: Vec<char> = word.chars().collect();
    let runs = letters.chunk_by(|a, b| a == b);
    runs.flat_map(|run| run.iter().take(if run.len() > 2 && run[0].is_alphabetic() { 1 } else { run.len() }))
        .collect()
}
