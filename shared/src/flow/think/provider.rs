//! Who drafts: the site's provider, or the built-in where there is none, or where it is slow or fails.

use std::cell::OnceCell;

use crate::{
    assistant::{
        Draft, Turn, builtin,
        guard::{self, Checked, Fault},
        handoff,
        openai::{self, Answer, ModelError, Stream},
    },
    channel::provider::Secrets,
    flow::Scope,
    http::{BodyError, BodyStream, Http, HttpError, Patience, Request},
    store::Db,
};

/// How long a model may take to its first token before the built-in answers instead, in milliseconds.
const FIRST_TOKEN_MS: u32 = 2_500;
/// How long a model may take to finish, in milliseconds: both rounds of a turn that calls tools stay below its lease.
const WHOLE_MS: u32 = 12_000;
/// How long a model that has begun may pause, in milliseconds: somebody waits in front of half a sentence meanwhile.
const PAUSE_MS: u32 = 5_000;

/// A draft of the turn; never fails, because the built-in never does. `on_text` hears a model's text so far.
pub(in crate::flow) async fn draft<D: Db>(
    scope: Scope<'_, D>,
    http: &impl Http,
    turn: &Turn<'_>,
    on_text: &mut dyn FnMut(&str),
) -> Draft {
    if turn.site.assistant.provider != "openai" {
        return builtin::draft(turn);
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
        Ok(draft) => {
            let Checked { draft, faults } = guard().check(draft);
            if faults.contains(&Fault::Promise) { handoff::promise(turn, draft) } else { draft }
        }
        Err(why) => Draft { fallback: Some(why.to_owned()), ..builtin::draft(turn) },
    }
}

/// The model's draft, or the stable word for why there is none: `slow` or `failed`.
async fn ask(
    secrets: &dyn Secrets,
    http: &impl Http,
    turn: &Turn<'_>,
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
        HttpError::Lost => "slow",
        HttpError::Unreachable(_) => "failed",
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
        let (pause_ms, whole_ms) =
            if waits_for_first { (FIRST_TOKEN_MS, FIRST_TOKEN_MS) } else { (PAUSE_MS, WHOLE_MS) };
        match body.next(Patience { pause_ms, whole_ms }).await {
            Some(Ok(bytes)) => stream.push(&bytes),
            Some(Err(BodyError::Late)) => return Err("slow"),
            Some(Err(BodyError::Cut)) => return Err("failed"),
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

#[cfg(test)]
mod tests {
    use std::{
        future::Future,
        pin::pin,
        task::{Context, Poll, Waker},
    };

    use super::*;
    use crate::http::Response;

    /// A model that sends these pieces, each so many milliseconds after the one before, and then nothing.
    #[derive(Clone)]
    struct Model(Vec<(u32, &'static str)>);

    struct Pieces {
        left: std::vec::IntoIter<(u32, &'static str)>,
        now_ms: u32,
    }

    impl BodyStream for Pieces {
        async fn next(&mut self, patience: Patience) -> Option<Result<Vec<u8>, BodyError>> {
            let (after_ms, piece) = self.left.next().unwrap_or((u32::MAX, ""));
            self.now_ms = self.now_ms.saturating_add(after_ms);
            let late = after_ms > patience.pause_ms || self.now_ms > patience.whole_ms;
            Some(match piece {
                _ if late => Err(BodyError::Late),
                "" => Err(BodyError::Cut),
                words => Ok(words.as_bytes().to_vec()),
            })
        }
    }

    impl Http for Model {
        type Body = Pieces;

        async fn send(&self, _request: &Request) -> Result<Response, HttpError> {
            Err(HttpError::Lost)
        }

        async fn open(&self, _request: &Request) -> Result<(Response, Pieces), HttpError> {
            let left = self.0.clone().into_iter();
            Ok((Response::new(200, "text/event-stream", ""), Pieces { left, now_ms: 0 }))
        }
    }

    const WORD: &str = "data: {\"choices\":[{\"delta\":{\"content\":\"word \"}}]}\n\n";
    const COMMENT: &str = ": keep-alive\n\n";
    const DONE: &str = "data: [DONE]\n\n";

    fn round(pieces: &[(u32, &'static str)]) -> Result<String, &'static str> {
        let model = Model(pieces.to_vec());
        let request = Request::post("https://model.example", "application/json", Vec::new());
        let mut show = |_: &str| {};
        let mut reading = pin!(read(&model, request, &mut show));
        match reading.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(answer) => answer.map(|answer| answer.text),
            Poll::Pending => panic!("nothing here waits"),
        }
    }

    #[test]
    fn a_model_that_keeps_on_is_heard_to_its_end() {
        let pauses = [(2_000, WORD), (4_900, WORD), (4_900, WORD), (100, DONE)];
        assert_eq!(round(&pauses), Ok("word word word".to_owned()));
    }

    #[test]
    fn a_model_that_stalls_is_slow_before_its_first_word_and_after_it() {
        assert_eq!(round(&[(2_600, WORD), (0, DONE)]), Err("slow"));
        assert_eq!(round(&[(2_000, COMMENT), (600, WORD), (0, DONE)]), Err("slow"), "a comment is no word");
        assert_eq!(round(&[(100, WORD), (5_100, WORD), (0, DONE)]), Err("slow"));
        assert_eq!(round(&[(100, WORD)]), Err("slow"));
        let dripping = [(100, WORD), (4_000, WORD), (4_000, WORD), (4_000, WORD), (0, DONE)];
        assert_eq!(round(&dripping), Err("slow"), "longer than a round may take");
    }

    #[test]
    fn a_connection_that_breaks_has_failed() {
        assert_eq!(round(&[(100, WORD), (100, "")]), Err("failed"));
        assert_eq!(round(&[(100, "")]), Err("failed"), "even before the first word");
    }
}
