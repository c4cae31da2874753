//! Who is who, and what is kept of a contact.

use shared::{
    api::asked::{Edited, FactAsked, FieldAsked, HandleAsked, Named, Other},
    command::{ApartWish, EditWish, FactWish, FieldWish, HandleDoes, HandleWish, MergeWish},
    flow::people::{self, edit, erase, export, suggestions},
    id::ContactId,
    page,
};
use worker::Response;

use super::{super::alone, Call, told};
use crate::{error::EdgeError, perform::perform};

/// Changes a name, a language or a zone: 204.
pub(super) async fn change(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let Edited { by, name, locale, time_zone } = call.body().await?;
    let wish = EditWish { by: call.by(by)?, name, locale, time_zone };
    call.done(edit::edit(call.scope(), &mut call.ctx(), &call.contact()?, wish).await?)
}

/// Corrects or forgets a fact: 204.
pub(super) async fn fact(mut call: Call<'_>, is_corrected: bool) -> Result<Response, EdgeError> {
    let FactAsked { by, key, source, value } = call.body().await?;
    if is_corrected && value.is_none() {
        return Err(EdgeError::reject(400, "missing_field", "`value` is missing: what is true?"));
    }
    let wish = FactWish { by: call.by(by)?, key, source, value: value.filter(|_| is_corrected) };
    call.done(edit::fact(call.scope(), &mut call.ctx(), &call.contact()?, wish).await?)
}

pub(super) async fn fields(call: &Call<'_>) -> Result<Response, EdgeError> {
    let kept = edit::load_fields(call.scope(), &call.contact()?).await?;
    told(&kept.into_iter().map(|kept| (kept.name, kept.value)).collect::<std::collections::BTreeMap<_, _>>())
}

/// Sets or drops a field: 204.
pub(super) async fn field(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let FieldAsked { by, value } = call.body().await?;
    let wish = FieldWish { by: call.by(by)?, name: call.param("field").to_owned(), value };
    call.done(edit::field(call.scope(), &mut call.ctx(), &call.contact()?, wish).await?)
}

pub(super) async fn suggest(call: &Call<'_>) -> Result<Response, EdgeError> {
    told(&suggestions::suggest(call.scope(), &call.contact()?).await?)
}

pub(super) async fn preview(call: &Call<'_>) -> Result<Response, EdgeError> {
    let url = call.request.url()?;
    let from =
        url.query_pairs().find(|(name, _)| name == "from").and_then(|(_, id)| ContactId::parse(&id).ok());
    let missing = || EdgeError::reject(400, "missing_field", "`from` is missing: which other contact?");
    told(&suggestions::preview(call.scope(), &call.contact()?, &from.ok_or_else(missing)?).await?)
}

pub(super) async fn merges(call: &Call<'_>) -> Result<Response, EdgeError> {
    told(&people::merges_of(call.scope(), &call.contact()?).await?)
}

/// Joins another contact to this one: 201 with the merge's id.
pub(super) async fn merge(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let Other { by, contact: from, evidence } = call.body().await?;
    let wish = MergeWish { into: call.contact()?, from, by: call.by(by)?, evidence };
    let (handled, id) = people::merge(call.scope(), &mut call.ctx(), wish).await?;
    perform(call.app, handled.effects);
    Ok(told(&serde_json::json!({ "id": id }))?.with_status(201))
}

/// Parts a contact from the one it was joined to: 204.
pub(super) async fn unmerge(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let Named { by, .. } = call.body().await?;
    let by = call.by(by)?;
    call.done(people::unmerge(call.scope(), &mut call.ctx(), call.contact()?, by).await?)
}

/// Two contacts are not the same person: 204.
pub(super) async fn keep_apart(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let Other { by, contact: other, .. } = call.body().await?;
    let wish = ApartWish { one: call.contact()?, other, by: call.by(by)? };
    call.done(people::keep_apart(call.scope(), &mut call.ctx(), wish).await?)
}

/// Who is reached at an address has changed: 204.
pub(super) async fn handle(mut call: Call<'_>, is_reassigned: bool) -> Result<Response, EdgeError> {
    let HandleAsked { by, channel, address, name, shared } = call.body().await?;
    let does = if is_reassigned { HandleDoes::Reassign { name } } else { HandleDoes::Share(shared) };
    let wish = HandleWish { by: call.by(by)?, channel, address, does };
    call.done(edit::handle_of(call.scope(), &mut call.ctx(), &call.contact()?, wish).await?)
}

/// Everything about a person as JSON, or as a page where that is what the caller takes.
pub(super) async fn export(call: &Call<'_>) -> Result<Response, EdgeError> {
    let export = export::export(call.scope(), &call.ctx(), &call.contact()?).await?;
    let accepted = call.request.headers().get("accept")?.unwrap_or_default();
    if accepted.contains("text/html") {
        return alone(&page::export(&export, &call.site.time_zone), 200);
    }
    let mut response = told(&export)?;
    response.headers_mut().set("vary", "accept")?;
    Ok(response)
}

/// Erases a person: 204.
pub(super) async fn erase(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let Named { by, .. } = call.body().await?;
    let by = call.by(by)?;
    call.done(erase::erase(call.scope(), &mut call.ctx(), &call.contact()?, by).await?)
}
