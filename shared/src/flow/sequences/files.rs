//! The texts of a site's sequences: read, checked, kept and removed, each on the text that was looked at.
//!
//! What a run does when its sequence's text changes is the run's: it goes on at the step of the same id, and ends where that is gone.

use crate::{
    api::{
        access::unknown_site,
        sequences::{Checked, SequenceFile, SequenceText, Sequences, WrongAt},
        settings::Changed,
    },
    ctx::Ctx,
    error::Rejection,
    flow::{FlowError, Scope},
    sequence::{
        MAX_SEQUENCES, Sequence,
        draw::draw,
        read::{Trouble, read},
    },
    signature,
    store::{Db, DbError, sites},
    wire::Wrong,
};

/// The longest text, in bytes.
pub const MAX_TEXT_BYTES: usize = 32 * 1024;
/// How often a change is tried because somebody else changed something of the site meanwhile.
const MAX_TRIES: u32 = 4;
/// What the log of changes calls them.
const PART: &str = "sequences";

/// The site's sequences, with their texts.
pub async fn load_files<D: Db>(scope: Scope<'_, D>) -> Result<Sequences, FlowError> {
    // What another process knew a moment ago would be refused when it is saved.
    let written = sites::load_written(scope.db, &scope.site.id).await?.ok_or_else(unknown_site)?;
    let mut sequences: Vec<SequenceFile> = written.site.sequences.iter().map(file).collect();
    sequences.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(Sequences { sequences })
}

fn file(sequence: &Sequence) -> SequenceFile {
    let Sequence { id, text, .. } = sequence;
    SequenceFile { id: id.clone(), text: text.clone(), version: version_of(sequence), drawn: draw(sequence) }
}

/// Names a sequence as it is: 16 hexadecimal digits.
fn version_of(sequence: &Sequence) -> String {
    let json = serde_json::to_string(sequence).unwrap_or_default();
    signature::hex(&signature::sha256(json.as_bytes()))[..16].to_owned()
}

/// What a text says, or what is wrong with it and where.
pub fn check<D: Db>(scope: Scope<'_, D>, id: &str, text: &str) -> Result<Checked, Rejection> {
    is_short(text)?;
    Ok(match read(id, text, scope.site) {
        Ok(sequence) => Checked { drawn: Some(draw(&sequence)), wrong: None },
        Err(Trouble { code, line, column, text }) => {
            Checked { drawn: None, wrong: Some(WrongAt { code: code.to_owned(), line, column, text }) }
        }
    })
}

fn is_short(text: &str) -> Result<(), Rejection> {
    if text.len() <= MAX_TEXT_BYTES {
        return Ok(());
    }
    Err(Rejection::new(413, "too_large", format!("A sequence's text has at most {MAX_TEXT_BYTES} bytes.")))
}

/// What is wrong with a text, as a refusal; its field is the place: `3:14`.
fn refused(trouble: &Trouble) -> Rejection {
    let Trouble { code, line, column, text } = trouble;
    let wrong = Wrong { field: format!("{line}:{column}"), text: text.clone() };
    Rejection::new(400, code, format!("Line {line}, column {column}: {text}")).with_fields(vec![wrong])
}

/// Keeps a sequence's text, and tells it as it is then; the same again changes nothing. Refuses a text that cannot be read
/// (400 with the reader's code, line and column), one that was changed since `wish.version` (409 `stale`, with who did it)
/// and one more than a site has (400 `too_many`).
pub async fn put<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    by: &str,
    id: &str,
    wish: &SequenceText,
) -> Result<SequenceFile, FlowError> {
    is_short(&wish.text)?;
    let kept = change(scope, ctx, by, id, &wish.version, |site, place| {
        let next = read(id, &wish.text, site).map_err(|trouble| refused(&trouble))?;
        if place.is_none() && site.sequences.len() >= MAX_SEQUENCES {
            let text = format!("A site has at most {MAX_SEQUENCES} sequences: remove one first.");
            return Err(Rejection::new(400, "too_many", text));
        }
        Ok(Some(next))
    })
    .await?;
    kept.as_ref().map(file).ok_or_else(|| unknown_site().into())
}

/// Removes a sequence: whoever is in it is taken out when their next step is due. Refuses one that was changed since
/// `version` (409 `stale`) and one that there is none of (404 `unknown_sequence`).
pub async fn remove<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    by: &str,
    id: &str,
    version: &str,
) -> Result<(), FlowError> {
    change(scope, ctx, by, id, version, |_, place| {
        let unknown = || Rejection::new(404, "unknown_sequence", "The site has no sequence of this id.");
        place.map(|_| None).ok_or_else(unknown)
    })
    .await?;
    Ok(())
}

/// Puts what `next` makes of a sequence in its place, on the version that was looked at.
async fn change<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    by: &str,
    id: &str,
    version: &str,
    next: impl Fn(&crate::site::Site, Option<usize>) -> Result<Option<Sequence>, Rejection>,
) -> Result<Option<Sequence>, FlowError> {
    let mut last = None;
    for _ in 0..MAX_TRIES {
        let mut now = sites::load_written(scope.db, &scope.site.id).await?.ok_or_else(unknown_site)?;
        let place = now.site.sequences.iter().position(|sequence| sequence.id == id);
        // Whoever joined the team may be named by a step as well.
        let mut known = now.site.clone();
        known.team.clone_from(&scope.site.team);
        let next = next(&known, place)?;
        let before = place.map(|place| &now.site.sequences[place]);
        if before == next.as_ref() {
            return Ok(next);
        }
        if before.map(version_of).unwrap_or_default() != version {
            let by = now.changes.get(PART).map_or("Somebody", |change| change.by.as_str());
            let text =
                format!("{by} changed this sequence meanwhile: look at it again before you save yours.");
            return Err(Rejection::new(409, "stale", text).into());
        }
        match (place, next.clone()) {
            (Some(place), Some(next)) => now.site.sequences[place] = next,
            (Some(place), None) => drop(now.site.sequences.remove(place)),
            (None, Some(next)) => now.site.sequences.push(next),
            (None, None) => {}
        }
        let fields = vec![id.to_owned()];
        let changed = Changed { version: now.version + 1, by: by.to_owned(), at: ctx.now, fields };
        now.changes.insert(PART.to_owned(), changed);
        let mut stmts = vec![sites::change(&now, ctx.now)];
        stmts.extend(scope.noted_of(ctx, id, ""));
        match scope.db.batch(&stmts).await {
            Ok(_) => return Ok(next),
            Err(DbError::Conflict(what)) => last = Some(what),
            Err(error) => return Err(error.into()),
        }
    }
    Err(DbError::Conflict(last.unwrap_or_default()).into())
}
