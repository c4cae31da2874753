//! What the stand-in says, and how badly: pieces, pauses, splits and endings.

use std::{io, time::Duration};

use serde_json::{Value, json};
use shared::{ctx::Ctx, time::Timestamp};

use super::MODEL;
use crate::server::Reply;

/// What happens to one request.
#[derive(Clone, Debug)]
pub enum Script {
    /// It is answered.
    Stream(Stream),
    /// 429 `rate_limit_exceeded` with this `retry-after`, in seconds.
    RateLimited(u32),
    /// 500.
    ServerError,
    /// No answer at all.
    Hang,
}

/// An answer in pieces.
#[derive(Clone, Debug)]
pub struct Stream {
    /// What is said, piece by piece.
    pub pieces: Vec<Piece>,
    /// The pause before the first piece; the response's head goes out at once.
    pub first_token: Duration,
    /// The pause between pieces.
    pub between: Duration,
    /// Cuts the bytes anywhere, inside characters and frames too, as this seed says; whole frames without one.
    pub split: Option<u64>,
    /// How it ends.
    pub ending: Ending,
}

/// A piece of an answer.
#[derive(Clone, Debug)]
pub enum Piece {
    /// Text.
    Text(String),
    /// A part of a tool call; `id` and `name` in its first part only.
    Tool {
        /// Which call, where several run in parallel.
        index: u32,
        /// The call's id.
        id: Option<String>,
        /// The tool's name.
        name: Option<String>,
        /// A part of the arguments' JSON text.
        arguments: String,
    },
    /// An SSE comment, as a keep-alive.
    Comment,
}

/// How an answer ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Finish reason, usage, `[DONE]`.
    Done,
    /// As [`Ending::Done`], but the last frame has no blank line after it.
    DoneWithoutBlankLine,
    /// The connection breaks off after the last piece.
    Truncated,
    /// An error object in the stream, after status 200.
    ErrorInStream,
    /// Nothing more comes, and the connection stays open.
    Stalls,
}

impl Script {
    /// Says this, a word a piece.
    pub fn says(text: &str) -> Self {
        Self::pieces(text.split_inclusive(' ').map(|word| Piece::Text(word.to_owned())).collect())
    }

    /// Calls a tool, its arguments in two parts.
    pub fn calls(name: &str, arguments: &Value) -> Self {
        let arguments = arguments.to_string();
        let half = arguments.char_indices().nth(arguments.chars().count() / 2).map_or(0, |(at, _)| at);
        let (head, tail) = arguments.split_at(half);
        let tool = |id: Option<&str>, name: Option<&str>, arguments: &str| Piece::Tool {
            index: 0,
            id: id.map(str::to_owned),
            name: name.map(str::to_owned),
            arguments: arguments.to_owned(),
        };
        Self::pieces(vec![
            tool(Some("call_000000000000000000000001"), Some(name), ""),
            tool(None, None, head),
            tool(None, None, tail),
        ])
    }

    /// Says these pieces.
    pub fn pieces(pieces: Vec<Piece>) -> Self {
        let pause = Duration::ZERO;
        Self::Stream(Stream { pieces, first_token: pause, between: pause, split: None, ending: Ending::Done })
    }

    /// The same with the bytes cut anywhere.
    #[must_use]
    pub fn split(self, seed: u64) -> Self {
        self.with(|stream| stream.split = Some(seed))
    }

    /// The same with a pause before the first piece.
    #[must_use]
    pub fn first_token_after(self, pause: Duration) -> Self {
        self.with(|stream| stream.first_token = pause)
    }

    /// The same with a pause between pieces.
    #[must_use]
    pub fn every(self, pause: Duration) -> Self {
        self.with(|stream| stream.between = pause)
    }

    /// The same with another ending.
    #[must_use]
    pub fn ending(self, ending: Ending) -> Self {
        self.with(|stream| stream.ending = ending)
    }

    fn with(mut self, change: impl FnOnce(&mut Stream)) -> Self {
        if let Self::Stream(stream) = &mut self {
            change(stream);
        }
        self
    }

    pub(super) fn perform(&self, reply: Reply, streamed: bool, usage: bool) -> io::Result<()> {
        match self {
            Self::RateLimited(seconds) => {
                refuse(reply, 429, "rate_limit_exceeded", "Rate limit reached", Some(*seconds))
            }
            Self::ServerError => refuse(reply, 500, "server_error", "The server had an error", None),
            Self::Hang => {
                reply.hang();
                Ok(())
            }
            Self::Stream(stream) if streamed => stream.perform(reply, usage),
            Self::Stream(stream) => {
                reply.pause(stream.first_token);
                reply.whole(
                    200,
                    &[("content-type", "application/json")],
                    stream.whole().to_string().as_bytes(),
                )
            }
        }
    }
}

impl Stream {
    fn perform(&self, reply: Reply, usage: bool) -> io::Result<()> {
        let mut pieces = reply.stream(200, &[("content-type", "text/event-stream; charset=utf-8")])?;
        let mut dice = Ctx::seeded(Timestamp::from_ms(0), self.split.unwrap_or_default()).entropy;
        let mut write = |pieces: &mut crate::server::Pieces, frame: &str| {
            let mut rest = frame.as_bytes();
            while self.split.is_some() && !rest.is_empty() {
                let cut = usize::try_from(dice.below(7) + 1).unwrap_or(1).min(rest.len());
                pieces.send(&rest[..cut])?;
                rest = &rest[cut..];
            }
            pieces.send(rest)
        };
        let first = json!({"role": "assistant", "content": "", "refusal": null});
        write(&mut pieces, &frame(&chunk(&first, None)))?;
        pieces.pause(self.first_token);
        for (nth, piece) in self.pieces.iter().enumerate() {
            if nth > 0 {
                pieces.pause(self.between);
            }
            write(&mut pieces, &piece.frame())?;
        }
        match self.ending {
            Ending::Truncated => return Ok(()),
            Ending::Stalls => {
                pieces.stall();
                return Ok(());
            }
            Ending::ErrorInStream => {
                let error =
                    json!({"message": "The server had an error", "type": "server_error", "code": null});
                write(&mut pieces, &frame(&json!({ "error": error })))?;
                return pieces.end();
            }
            Ending::Done | Ending::DoneWithoutBlankLine => {}
        }
        // The recorded quirk: a forced tool call ends with `stop` too.
        write(&mut pieces, &frame(&chunk(&json!({}), Some("stop"))))?;
        if usage {
            let mut last = chunk(&json!({}), None);
            last["choices"] = json!([]);
            last["usage"] = self.usage();
            write(&mut pieces, &frame(&last))?;
        }
        let done = if self.ending == Ending::Done { "data: [DONE]\n\n" } else { "data: [DONE]" };
        write(&mut pieces, done)?;
        pieces.end()
    }

    /// The answer to a request that did not ask for a stream.
    fn whole(&self) -> Value {
        let text: String = self.pieces.iter().filter_map(Piece::text).collect();
        let message = json!({"role": "assistant", "content": text, "refusal": null});
        json!({
            "id": "chatcmpl-stand-in", "object": "chat.completion", "created": 1_795_000_000, "model": MODEL,
            "choices": [{"index": 0, "message": message, "logprobs": null, "finish_reason": "stop"}],
            "usage": self.usage(),
        })
    }

    fn usage(&self) -> Value {
        let said = self.pieces.len();
        json!({"prompt_tokens": 100, "completion_tokens": said, "total_tokens": 100 + said})
    }
}

impl Piece {
    fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    fn frame(&self) -> String {
        match self {
            Self::Comment => ": keep-alive\n\n".to_owned(),
            Self::Text(text) => frame(&chunk(&json!({ "content": text }), None)),
            Self::Tool { index, id, name, arguments } => {
                let mut call = json!({"index": index, "function": {"arguments": arguments}});
                if let (Some(id), Some(name)) = (id, name) {
                    call = json!({"index": index, "id": id, "type": "function",
                        "function": {"name": name, "arguments": arguments}});
                }
                frame(&chunk(&json!({ "tool_calls": [call] }), None))
            }
        }
    }
}

fn frame(data: &Value) -> String {
    format!("data: {data}\n\n")
}

fn chunk(delta: &Value, finish: Option<&str>) -> Value {
    json!({
        "id": "chatcmpl-stand-in", "object": "chat.completion.chunk", "created": 1_795_000_000, "model": MODEL,
        "service_tier": "default", "system_fingerprint": "fp_stand_in", "obfuscation": "hrw8", "usage": null,
        "choices": [{"index": 0, "delta": delta, "logprobs": null, "finish_reason": finish}],
    })
}

pub(super) fn refuse(
    reply: Reply,
    status: u16,
    kind: &str,
    message: &str,
    retry_after: Option<u32>,
) -> io::Result<()> {
    let body = json!({"error": {"message": message, "type": kind, "param": null, "code": kind}}).to_string();
    let wait = retry_after.map(|seconds| seconds.to_string());
    let mut headers = vec![("content-type", "application/json")];
    headers.extend(wait.as_deref().map(|seconds| ("retry-after", seconds)));
    reply.whole(status, &headers, body.as_bytes())
}
