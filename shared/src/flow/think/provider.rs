//! Who drafts: the site's provider, or the built-in where there is none, or where it is slow or fails.

use std::cell::OnceCell;

use crate::{
    assistant::{
        Draft, Turn, builtin, guard,
        openai::{self, Answer, ModelError, Stream},
    },
    channel::provider::Secrets,
    flow::Scope,
    http::{BodyStream, Http, Request},
    store::Db,
};

/// How long a model may take to its first token before the built-in answers instead, in milliseconds.
const FIRST_TOKEN_MS: u32 = 2_500;
/// How long a model may take to finish, in milliseconds.
const WHOLE_MS: u32 = 25_000;

/// A draft of the turn; never fails, because the built-in never does. `on_text` hears a model's text so far.
pub(super) async fn draft<D: Db>(
    scope: Scope<'_, D>,
    http: &impl Http,
    turn: &Turn,
    on_text: &mut dyn FnMut(&str),
) -> Draft {
    if turn.site.assistant.provider != "openai" {
        return builtin::answer(turn);
    }
    let guard = OnceCell::new();
    let guard = || guard.get_or_init(|| guard::Guard::of(turn));
    let mut show = |text: &str| {
        let shown = guard().show(text);
        if !shown.is_empty() {
            on_text(&shown);
        }
    };
    match ask(scope.secrets, http, turn, &mut show).await {
        Ok(draft) => guard().check(draft).draft,
        Err(why) => Draft { fallback: Some(why.to_owned()), ..builtin::answer(turn) },
    }
}

/// The model's draft, or the stable word for why there is none: `slow` or `failed`.
async fn ask(
    secrets: &dyn Secrets,
    http: &impl Http,
    turn: &Turn,
    show: &mut dyn FnMut(&str),
) -> Result<Draft, &'static str> {
    let request = openai::render_request(turn, secrets).map_err(|_| "failed")?;
    let first = read(http, request, show).await?;
    if first.calls.is_empty() || !first.text.trim().is_empty() {
        return Ok(openai::draft(turn, &first, None));
    }
    let request = openai::continue_request(turn, secrets, &first).map_err(|_| "failed")?;
    let second = read(http, request, show).await?;
    Ok(openai::draft(turn, &first, Some(&second)))
}

async fn read(
    http: &impl Http,
    mut request: Request,
    show: &mut dyn FnMut(&str),
) -> Result<Answer, &'static str> {
    request.timeout_ms = FIRST_TOKEN_MS;
    let (head, mut body) = http.open(&request).await.map_err(|error| match error {
        crate::http::HttpError::Lost => "slow",
        crate::http::HttpError::Unreachable(_) => "failed",
    })?;
    if openai::failure(&head, &[]).is_some() {
        return Err("failed");
    }
    // The request is on its way: whatever checks the answer is made ready while the model thinks.
    show("");
    let mut stream = Stream::default();
    let mut shown = 0;
    loop {
        let waits_for_first = !stream.has_begun();
        let within_ms = if waits_for_first { FIRST_TOKEN_MS } else { WHOLE_MS };
        match body.next(within_ms).await {
            Some(Ok(bytes)) => stream.push(&bytes),
            Some(Err(_)) if waits_for_first => return Err("slow"),
            Some(Err(_)) => return Err("failed"),
            None => break,
        }
        if stream.text().len() > shown {
            shown = stream.text().len();
            show(stream.text());
        }
        if stream.is_done() {
            break;
        }
    }
    stream.finish().map_err(|_: ModelError| "failed")
}
