//! Canned replies: words that a team says often, with variables for what differs.

use crate::{
    api::teach::Canned,
    ctx::Ctx,
    error::Rejection,
    flow::{FlowError, Scope},
    store::{
        Db,
        canned::{self, CannedRow},
    },
    wire::MAX_MESSAGE_CHARS,
};

/// How many a site has at most.
const MAX_CANNED: u32 = 500;
/// The longest name, in characters.
const MAX_NAME_CHARS: usize = 60;
/// The variables: what the contact is called, and the business.
const VARIABLES: [&str; 2] = ["name", "site"];

/// Keeps a reply, in place of the one of the same name. Refuses no name or too long a one (`bad_name`), no text or too much
/// (`bad_text`), a variable that there is none of (`unknown_variable`), and one reply too many (`too_many`).
pub async fn put<D: Db>(scope: Scope<'_, D>, ctx: &Ctx, name: &str, text: &str) -> Result<(), FlowError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME_CHARS || name.chars().any(char::is_control) {
        let text = format!("`name` takes 1 to {MAX_NAME_CHARS} characters on one line.");
        return Err(Rejection::new(400, "bad_name", text).into());
    }
    if text.trim().is_empty() || text.chars().count() > MAX_MESSAGE_CHARS {
        let text = format!("`text` takes 1 to {MAX_MESSAGE_CHARS} characters.");
        return Err(Rejection::new(400, "bad_text", text).into());
    }
    check(text)?;
    let known = load(scope).await?;
    if known.len() >= MAX_CANNED as usize && !known.iter().any(|known| known.name == name) {
        let text = format!("A site has at most {MAX_CANNED} replies. Remove one first.");
        return Err(Rejection::new(409, "too_many", text).into());
    }
    scope.db.query(&canned::put(&scope.site.id, name, text.trim(), ctx.now)).await?;
    Ok(())
}

/// A site's replies, by name.
pub async fn load<D: Db>(scope: Scope<'_, D>) -> Result<Vec<Canned>, FlowError> {
    let rows = scope.db.query(&canned::all(&scope.site.id, MAX_CANNED)).await?.decode_all::<CannedRow>()?;
    Ok(rows.into_iter().map(|CannedRow { name, text }| Canned { name, text }).collect())
}

/// Drops a reply; one that there is none of changes nothing.
pub async fn remove<D: Db>(scope: Scope<'_, D>, name: &str) -> Result<(), FlowError> {
    scope.db.query(&canned::remove(&scope.site.id, name.trim())).await?;
    Ok(())
}

/// The words with their variables filled in. Refuses a variable that there is none of (`unknown_variable`), and one of which
/// nothing is known (`unset_variable`).
pub fn fill(text: &str, name: Option<&str>, site: &str) -> Result<String, Rejection> {
    check(text)?;
    let mut out = String::new();
    for piece in pieces(text) {
        match piece {
            Piece::Words(words) => out.push_str(words),
            Piece::Variable("site") => out.push_str(site),
            Piece::Variable(variable) => out.push_str(name.ok_or_else(|| {
                let text = format!("Nothing is known for {{{variable}}}: what is the contact called?");
                Rejection::new(409, "unset_variable", text)
            })?),
        }
    }
    Ok(out)
}

fn check(text: &str) -> Result<(), Rejection> {
    let unknown = pieces(text).into_iter().find_map(|piece| match piece {
        Piece::Variable(name) if !VARIABLES.contains(&name) => Some(name),
        _ => None,
    });
    unknown.map_or(Ok(()), |name| {
        let text = format!(
            "`text` has a variable that there is none of: {{{name}}}. There are {{name}} and {{site}}."
        );
        Err(Rejection::new(400, "unknown_variable", text))
    })
}

enum Piece<'a> {
    Words(&'a str),
    Variable(&'a str),
}

/// The text in pieces. A brace that no name follows is a brace.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut rest) = (Vec::new(), text);
    while let Some(open) = rest.find('{') {
        let inside = &rest[open + 1..];
        let close = inside.find('}');
        let name = close
            .map(|close| &inside[..close])
            .filter(|name| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_'));
        let Some(name) = name else {
            pieces.push(Piece::Words(&rest[..=open]));
            rest = inside;
            continue;
        };
        pieces.push(Piece::Words(&rest[..open]));
        pieces.push(Piece::Variable(name));
        rest = &inside[name.len() + 1..];
    }
    pieces.push(Piece::Words(rest));
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn variables_are_filled_in_and_every_other_brace_stays() {
        let text = "Hi {name}, {site} here. { this stays } {} {a b}";
        let filled = fill(text, Some("Ann"), "Larkspur").unwrap();
        assert_eq!(filled, "Hi Ann, Larkspur here. { this stays } {} {a b}");
        assert_eq!(fill("Hi {name}", None, "x").unwrap_err().code, "unset_variable");
        let unknown = fill("Hi {nmae}", Some("Ann"), "x").unwrap_err();
        assert!(unknown.code == "unknown_variable" && unknown.text.contains("{nmae}"), "{unknown}");
    }

    proptest! {
        #[test]
        fn whatever_has_no_variable_stays_as_it_is(text in "[^{}]*") {
            prop_assert_eq!(fill(&text, None, "x"), Ok(text.clone()));
        }

        #[test]
        fn any_text_is_filled_or_refused(text in any::<String>()) {
            let _ = fill(&text, Some("Ann"), "x");
        }
    }
}
