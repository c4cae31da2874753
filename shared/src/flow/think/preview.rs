//! What would be answered to a question: a draft for somebody nobody knows, that no command ever carries.

use std::borrow::Cow;

use super::{find, provider};
use crate::{
    api::knowledge::Answered,
    assistant::{Act, Handoff, Said, Turn, builtin},
    channel::Channel,
    contact::Assurance,
    ctx::Ctx,
    flow::{FlowError, Scope, appointments::load_openings},
    http::Http,
    id::EventId,
    phrases::Lang,
    store::{Db, knowledge},
    wire::Speaker,
};

/// A draft for a question of a visitor who writes for the first time.
pub(in crate::flow) async fn preview<D: Db>(
    scope: Scope<'_, D>,
    http: &impl Http,
    ctx: &mut Ctx,
    question: &str,
) -> Result<Answered, FlowError> {
    let said = Said {
        id: EventId::mint(ctx),
        at: ctx.now,
        channel: Channel::Widget,
        speaker: Speaker::Contact,
        text: question.to_owned(),
    };
    let burst = vec![said];
    let is_model = scope.site.assistant.provider != "builtin";
    let needs = builtin::needs(scope.site, &burst, &[], &[]);
    let asked = needs.question.or_else(|| is_model.then(|| question.to_owned()));
    let passages = match asked {
        Some(asked) => {
            let digest = knowledge::decode_digest(scope.db.query(&knowledge::digest(&scope.site.id)).await?)?;
            find::passages(scope, digest.as_deref(), &asked).await?
        }
        None => Vec::new(),
    };
    let books = scope.site.booking.is_some() && (needs.times || is_model);
    let openings = if books { load_openings(scope, ctx, &burst).await? } else { Vec::new() };
    let locale =
        Lang::detect(question).map_or_else(|| scope.site.locale.clone(), |lang| lang.tag().to_owned());
    let turn = Turn {
        site: Cow::Borrowed(scope.site),
        now: ctx.now,
        channel: Channel::Widget,
        locale,
        time_zone: scope.site.time_zone.clone(),
        assurance: Assurance::Anonymous,
        name: None,
        can_text: false,
        can_email: false,
        facts: Vec::new(),
        history: Vec::new(),
        burst,
        passages,
        appointments: Vec::new(),
        openings,
        promised: None,
        handoff: Handoff::default(),
        task: None,
    };
    let draft = provider::draft(scope, http, &turn, &mut |_: &str| {}).await;
    let person = draft.acts.iter().find_map(|act| match act {
        Act::CallPerson { reason, about, .. } => Some(reason.because(about.as_deref())),
        _ => None,
    });
    let found = turn.passages.iter().map(|it| (it.title.clone(), it.heading.clone(), it.path.clone()));
    Ok(Answered {
        found: found.collect(),
        unsure: draft.acts.contains(&Act::Unsure),
        appoints: draft.asked().is_some(),
        text: draft.text,
        sources: draft.sources,
        author: draft.author,
        fallback: draft.fallback,
        person,
    })
}
