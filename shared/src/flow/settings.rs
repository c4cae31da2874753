//! How a site is set: read part by part, and changed one part at a time on the version that was looked at.

use serde_json::Value;

use super::{FlowError, Scope};
use crate::{
    api::{
        access::unknown_site,
        settings::{Changed, Settings, SettingsChange},
    },
    ctx::Ctx,
    error::Rejection,
    site::{check, parts},
    store::{
        Db, DbError,
        sites::{self, Written},
    },
    wire::Wrong,
};

/// How often a change is tried because somebody else changed another part meanwhile.
const MAX_TRIES: u32 = 4;
/// What stands for every part where an import has changed them all.
const ALL: &str = "*";

/// How the site is set.
pub async fn load_settings<D: Db>(scope: Scope<'_, D>) -> Result<Settings<Value>, FlowError> {
    Ok(told(&written(scope).await?))
}

async fn written<D: Db>(scope: Scope<'_, D>) -> Result<Written, FlowError> {
    Ok(sites::load_written(scope.db, &scope.site.id).await?.ok_or_else(unknown_site)?)
}

fn told(written: &Written) -> Settings<Value> {
    let definition = json(written);
    let parts = parts::PARTS.iter().map(|part| (part.0.to_owned(), parts::value_of(part, &definition)));
    Settings { version: written.version, parts: parts.collect(), changed: written.changes.clone() }
}

fn json(written: &Written) -> Value {
    serde_json::to_value(&written.site).unwrap_or_default()
}

/// Changes one part, and tells all of them anew; the same again changes nothing. Refuses a part that there is none of (400
/// `unknown_part`), fields that cannot be as they are sent (400 `bad_settings`, each with its path), and a part that somebody
/// changed since `wish.version` (409 `stale`, with who did it and which fields).
pub async fn change<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    by: &str,
    wish: &SettingsChange<Value>,
) -> Result<Settings<Value>, FlowError> {
    let unknown = || Rejection::new(400, "unknown_part", format!("`part` is none: {}.", wish.part));
    let part = parts::part(&wish.part).ok_or_else(unknown)?;
    let shape = || Rejection::new(400, "bad_settings", "`value` takes an object of the part's fields.");
    let value = wish.value.as_object().ok_or_else(shape)?;
    let mut last = None;
    for _ in 0..MAX_TRIES {
        let mut now = written(scope).await?;
        is_fresh(&now, wish)?;
        let before = json(&now);
        let next = parts::put(part, &before, value).map_err(bad)?;
        let wrong: Vec<Wrong> =
            check::troubles(&next).into_iter().filter(|wrong| is_of(part, &wrong.field)).collect();
        if !wrong.is_empty() {
            return Err(bad(wrong.into_iter().map(|wrong| named(part, wrong)).collect()).into());
        }
        now.site = next;
        let mut fields = Vec::new();
        let after = parts::value_of(part, &json(&now));
        parts::differing("", &parts::value_of(part, &before), &after, &mut fields);
        if fields.is_empty() {
            return Ok(told(&now));
        }
        let detail = fields.join(", ");
        let changed = Changed { version: now.version + 1, by: by.to_owned(), at: ctx.now, fields };
        now.changes.insert(part.0.to_owned(), changed);
        let mut stmts = vec![sites::change(&now, ctx.now)];
        stmts.extend(scope.noted_of(ctx, part.0, &detail));
        match scope.db.batch(&stmts).await {
            Ok(_) => {
                now.version += 1;
                return Ok(told(&now));
            }
            Err(DbError::Conflict(what)) => last = Some(what),
            Err(error) => return Err(error.into()),
        }
    }
    Err(DbError::Conflict(last.unwrap_or_default()).into())
}

/// Refuses a change of what somebody changed since it was read.
fn is_fresh(now: &Written, wish: &SettingsChange<Value>) -> Result<(), Rejection> {
    let known = [wish.part.as_str(), ALL].into_iter().filter_map(|part| now.changes.get(part));
    let Some(newer) = known.filter(|change| change.version > wish.version).max_by_key(|it| it.version) else {
        return Ok(());
    };
    let by = &newer.by;
    let named = if newer.fields.is_empty() { vec![wish.part.clone()] } else { newer.fields.clone() };
    let wrong = named.into_iter().map(|field| Wrong { field, text: format!("{by} has changed this.") });
    let text = format!("{by} changed these settings meanwhile: look at them again before you save yours.");
    Err(Rejection::new(409, "stale", text).with_fields(wrong.collect()))
}

fn bad(wrong: Vec<Wrong>) -> Rejection {
    let spoken = wrong.iter().map(|wrong| format!("`{}` {}", wrong.field, wrong.text)).next();
    let fields = wrong.into_iter().map(|Wrong { field, text }| Wrong { field, text: sentence(&text) });
    Rejection::new(400, "bad_settings", spoken.unwrap_or_default()).with_fields(fields.collect())
}

/// A complaint that followed its field's name, to stand beside the field.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().collect::<String>()).unwrap_or_default();
    let end = if text.ends_with(['.', '?', '!']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

/// Whether a field of the definition is one of a part's.
fn is_of(part: &parts::Part, field: &str) -> bool {
    part.1.iter().any(|(_, pointer)| begins(field, &pointer[1..].replace('/', ".")))
}

fn begins(field: &str, with: &str) -> bool {
    field.strip_prefix(with).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// The trouble with the field's name in the part, where that is another one.
fn named(part: &parts::Part, wrong: Wrong) -> Wrong {
    let found = part.1.iter().find_map(|(name, pointer)| {
        let long = pointer[1..].replace('/', ".");
        begins(&wrong.field, &long).then(|| format!("{name}{}", &wrong.field[long.len()..]))
    });
    Wrong { field: found.unwrap_or(wrong.field), text: wrong.text }
}
