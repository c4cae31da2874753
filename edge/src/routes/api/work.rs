//! The team's work: the list of conversations, what is done about them, search and reports.

use serde::Deserialize;
use shared::{
    api::{
        access::Asker,
        list::View,
        timeline::Spoken,
        work::{Does, DoesAll, Noted, Resent, SaidLater},
    },
    channel::Channel,
    command::{NoteWish, ResendWish, WorkWish},
    flow::work::{self, bulk, list, plan, reports, resend, search},
};
use worker::Response;

use super::{Call, told};
use crate::{error::EdgeError, perform::perform};

/// How many conversations a page has where nothing is asked for.
const PAGE: u32 = 50;
/// How much is found where nothing is asked for.
const FOUND: u32 = 20;

#[derive(Default, Deserialize)]
struct Asked {
    view: Option<String>,
    after: Option<String>,
    limit: Option<u32>,
    channel: Option<String>,
    tag: Option<String>,
    assigned: Option<String>,
    q: Option<String>,
    from: Option<String>,
    to: Option<String>,
}

fn asked(call: &Call<'_>) -> Asked {
    call.request.query().unwrap_or_default()
}

/// Who asks, by name; a program is nobody.
fn me<'a>(call: &'a Call<'_>) -> Option<&'a str> {
    match &call.asker {
        Asker::Agent { name, .. } => Some(name),
        _ => None,
    }
}

/// A page of a view: `?view=`, `?after=`, `?limit=` of at most 100, and the filters `?channel=`, `?tag=` and `?assigned=`.
pub(super) async fn cards(call: &Call<'_>) -> Result<Response, EdgeError> {
    let asked = asked(call);
    let unknown =
        |what: &str| EdgeError::reject(400, "bad_query", format!("`{what}` takes one of its known words."));
    let view = asked.view.as_deref().map_or(Some(View::All), View::parse).ok_or_else(|| unknown("view"))?;
    let channel = match asked.channel.as_deref() {
        Some(text) => Some(Channel::parse(text).ok_or_else(|| unknown("channel"))?),
        None => None,
    };
    let filter = list::Filter { channel, tag: asked.tag, assigned: asked.assigned };
    let limit = asked.limit.unwrap_or(PAGE);
    let after = asked.after.as_deref();
    told(&list::load_cards(call.scope(), &call.ctx(), (view, me(call)), &filter, after, limit).await?)
}

pub(super) async fn counts(call: &Call<'_>) -> Result<Response, EdgeError> {
    told(&list::load_counts(call.scope(), me(call)).await?)
}

pub(super) async fn bulk(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let DoesAll { by, act, contacts } = call.body().await?;
    let (by, mut ctx) = (call.by(by)?, call.ctx());
    let (done, effects) = bulk::apply(call.scope(), &mut ctx, &by, &act.into(), &contacts).await?;
    perform(call.app, effects);
    told(&done)
}

/// Something is done about a conversation: 204.
pub(super) async fn act(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let Does { by, act } = call.body().await?;
    let wish = WorkWish { by: call.by(by)?, act: act.into() };
    call.done(work::act(call.scope(), &mut call.ctx(), &call.contact()?, wish).await?)
}

/// A note for the team: 201 with its event.
pub(super) async fn note(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let Noted { id, by, text, mentions } = call.body().await?;
    let wish = NoteWish { id: id.clone(), by: call.by(by)?, text, mentions };
    let handled = work::note(call.scope(), &mut call.ctx(), &call.contact()?, wish).await?;
    perform(call.app, handled.effects);
    Ok(told(&Spoken { id })?.with_status(201))
}

pub(super) async fn failures(call: &Call<'_>) -> Result<Response, EdgeError> {
    let asked = asked(call);
    let me = me(call).or_else(|| call.site.team.first().map(String::as_str)).unwrap_or_default();
    let limit = asked.limit.unwrap_or(FOUND);
    told(&resend::load_failures(call.scope(), &call.ctx(), me, asked.after.as_deref(), limit).await?)
}

/// What could not be delivered goes another way: 204.
pub(super) async fn resend(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let Resent { by, channel } = call.body().await?;
    let wish = ResendWish { by: call.by(by)?, channel };
    call.done(resend::resend(call.scope(), &mut call.ctx(), &call.contact()?, wish).await?)
}

/// What is said later: 204.
pub(super) async fn later(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let SaidLater { id, by, text, subject, channel, due_at, unless_heard } = call.body().await?;
    let wish = plan::Later { id, by: call.by(by)?, text, subject, channel, due_at, unless_heard };
    call.done(plan::later(call.scope(), &mut call.ctx(), &call.contact()?, wish).await?)
}

/// What fits `?q=`, at most `?limit=`.
pub(super) async fn search(call: &Call<'_>) -> Result<Response, EdgeError> {
    let asked = asked(call);
    let (query, limit) = (asked.q.unwrap_or_default(), asked.limit.unwrap_or(FOUND));
    told(&search::find(call.scope(), &call.ctx(), &query, limit).await?)
}

/// The days from `?from=` to `?to=`.
pub(super) async fn report(call: &Call<'_>, as_table: bool) -> Result<Response, EdgeError> {
    let asked = asked(call);
    let (from, to) = (asked.from.unwrap_or_default(), asked.to.unwrap_or_default());
    let report = reports::load_report(call.scope(), &call.ctx(), &from, &to).await?;
    if !as_table {
        return told(&report);
    }
    let mut response = Response::ok(reports::csv(&report))?;
    let headers = response.headers_mut();
    headers.set("content-type", "text/csv; charset=utf-8")?;
    headers.set("content-disposition", "attachment; filename=\"report.csv\"")?;
    headers.set("cache-control", "no-store")?;
    headers.set("x-content-type-options", "nosniff")?;
    Ok(response)
}
