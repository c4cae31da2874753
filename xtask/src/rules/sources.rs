//! What source files may contain: SQL in the store only, clocks and entropy by clippy's exception in few places only, and
//! never more than [`LONGEST`] lines.

use crate::cmd::Outcome;
use crate::files;

const LONGEST: usize = 600;
const SKIPPED: [&str; 7] =
    ["target", "node_modules", "dist", "edge/build", ".git", ".throughline", ".wrangler"];
const SOURCES: [&str; 6] = ["rs", "mjs", "js", "css", "html", "sql"];

/// Where SQL may stand: the store, the tests, and the files that check for it.
const SQL_PLACES: [&str; 4] = ["shared/src/store", "shared/tests/", "tests/", "xtask/src/"];
/// Where an exception from clippy's list of clocks and entropy may stand.
const CLOCK_PLACES: [&str; 6] =
    ["edge/src/clock.rs", "shared/benches/", "shared/tests/", "tests/", "widget/tests/", "xtask/src/"];
/// Calls that clippy.toml must keep listing, or the exceptions would mean nothing.
const BANNED: [&str; 3] = ["std::time::SystemTime::now", "std::time::Instant::now", "getrandom::fill"];

/// How statements begin. In capitals the first word is enough; otherwise the next one decides, because sentences begin with
/// these words too.
const STATEMENTS: [(&str, &str); 8] = [
    ("select", "from"),
    ("insert", "into"),
    ("insert", "or"),
    ("update", "set"),
    ("delete", "from"),
    ("create", "table"),
    ("alter", "table"),
    ("drop", "table"),
];

pub(super) fn check() -> Outcome<Vec<String>> {
    let root = files::root();
    let mut broken = Vec::new();
    for path in files::list_except(root, &SKIPPED)? {
        if SOURCES.contains(&files::extension(&path)) {
            let text = files::read_text(&root.join(&path))?;
            broken.extend(complaints(&path, &text));
        }
    }
    let clippy = files::read_text(&root.join("clippy.toml"))?;
    let unlisted = BANNED.iter().filter(|call| !clippy.contains(*call));
    broken.extend(unlisted.map(|call| format!("clippy.toml: disallowed-methods must list {call}.")));
    Ok(broken)
}

fn complaints(path: &str, text: &str) -> Vec<String> {
    let mut broken = Vec::new();
    let lines = text.lines().count();
    if lines > LONGEST {
        broken.push(format!("{path}: {lines} lines; split it, {LONGEST} is the most."));
    }
    if files::extension(path) != "rs" {
        return broken;
    }
    let may = |places: &[&str]| places.iter().any(|place| path.starts_with(place));
    for (number, line) in (1..).zip(product_code(text)) {
        if !may(&SQL_PLACES) && has_sql(line) {
            broken.push(format!("{path}:{number}: SQL stands in shared/src/store only."));
        }
        if !may(&CLOCK_PLACES) && line.contains("clippy::disallowed_methods") {
            broken.push(format!("{path}:{number}: time and randomness are arguments; take them from Ctx."));
        }
    }
    broken
}

/// The lines before the file's unit tests.
fn product_code(text: &str) -> impl Iterator<Item = &str> {
    text.lines().take_while(|line| *line != "#[cfg(test)]")
}

/// Whether a string literal on this line begins with a statement, or the line itself does, as part of a longer literal.
fn has_sql(line: &str) -> bool {
    let line = line.trim_start();
    !line.starts_with("//") && (is_statement(line) || line.split('"').skip(1).any(is_statement))
}

fn is_statement(text: &str) -> bool {
    let words: Vec<String> = text.split_whitespace().map(str::to_ascii_lowercase).collect();
    let begins = |(first, then): &(&str, &str)| {
        // The word alone is HTTP's method.
        let capitals = words.len() > 1 && text.trim_start().starts_with(&first.to_ascii_uppercase());
        // `update t set …` and `select a, b from …` have the second word later, the others have it next.
        let near = match *first {
            "select" => &words[1..],
            "update" => words.get(2..3).unwrap_or_default(),
            _ => words.get(1..2).unwrap_or_default(),
        };
        words[0] == *first && (capitals || near.iter().any(|word| word == then))
    };
    !words.is_empty() && STATEMENTS.iter().any(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sql_is_seen_in_literals_and_not_in_sentences() {
        for line in [
            r#"let rows = db.query("SELECT id FROM contact WHERE id = ?");"#,
            r#"stmt("insert into event (seq) values (?)")"#,
            "    UPDATE delivery SET state = 'sent'",
            r##"r#"  delete from lease"#"##,
        ] {
            assert!(has_sql(line), "{line}");
        }
        for line in [
            r#"label("Select a time")"#,
            "// SELECT id FROM contact",
            r#"hint("Update your number, set a name")"#,
            r#"call("DELETE", path)"#,
            "let update = set.from_rows(select);",
        ] {
            assert!(!has_sql(line), "{line}");
        }
    }

    #[test]
    fn places_decide() {
        let sql = "const Q: &str = \"DELETE FROM lease\";\n";
        assert_eq!(complaints("edge/src/d1.rs", sql).len(), 1);
        assert!(complaints("shared/src/store/lease.rs", sql).is_empty());
        assert!(
            complaints("shared/src/flow.rs", &format!("#[cfg(test)]\nmod tests {{\n{sql}}}\n")).is_empty()
        );
        let clock = "#[expect(clippy::disallowed_methods, reason = \"now\")]\n";
        assert!(complaints("edge/src/clock.rs", clock).is_empty());
        assert_eq!(complaints("shared/src/decide.rs", clock).len(), 1);
    }

    #[test]
    fn a_long_file_is_named_whatever_its_language() {
        assert_eq!(complaints("widget/panel/panel.css", &"a\n".repeat(LONGEST + 1)).len(), 1);
        assert!(complaints("widget/panel/panel.css", &"a\n".repeat(LONGEST)).is_empty());
    }
}
