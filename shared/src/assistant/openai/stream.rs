//! A streamed answer, collected from chunks.

use serde_json::Value;

use super::{
    calls::{ToolCall, merge},
    failure::{ModelError, mid_stream},
};
use crate::assistant::sse::Decoder;

/// The longest text taken from a model, in bytes; what comes after is dropped.
const MAX_TEXT_BYTES: usize = 32 * 1024;

/// A whole answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// What it said; may be empty where it only called tools.
    pub text: String,
    /// The tools it called, in the order of their index.
    pub calls: Vec<ToolCall>,
    /// The model's own name, as the provider told it.
    pub model: String,
    /// Tokens spent, prompt and answer together.
    pub tokens: u32,
    /// The answer was cut at the token limit.
    pub cut: bool,
}

/// Collects an answer from the bytes of a response body.
#[derive(Clone, Debug, Default)]
pub struct Stream {
    decoder: Decoder,
    text: String,
    calls: Vec<(u64, ToolCall)>,
    model: String,
    tokens: u32,
    finish: Option<String>,
    done: bool,
    declined: bool,
    chunks: u32,
    error: Option<ModelError>,
}

impl Stream {
    /// Takes the next bytes, split anywhere.
    pub fn push(&mut self, bytes: &[u8]) {
        for frame in self.decoder.push(bytes) {
            self.take(&frame);
        }
    }

    /// The text so far; what may be shown while the rest is being written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether anything of the answer has come: words, or a call.
    pub const fn has_begun(&self) -> bool {
        !self.text.is_empty() || !self.calls.is_empty()
    }

    /// Whether the provider said that this is all, or that it failed: nothing more needs to be read.
    pub const fn is_done(&self) -> bool {
        self.done || self.error.is_some()
    }

    /// The body is over. A stream that ended without `[DONE]` and without a finish reason was cut.
    pub fn finish(mut self) -> Result<Answer, ModelError> {
        if let Some(frame) = self.decoder.finish() {
            self.take(&frame);
        }
        if let Some(error) = self.error {
            return Err(error);
        }
        let filtered = self.finish.as_deref() == Some("content_filter");
        let nothing = self.text.trim().is_empty() && self.calls.is_empty();
        if filtered || (self.declined && nothing) {
            return Err(ModelError::Declined);
        }
        if self.chunks == 0 {
            return Err(if self.done { ModelError::Malformed } else { ModelError::Cut });
        }
        if !self.done && self.finish.is_none() {
            return Err(ModelError::Cut);
        }
        self.calls.sort_by_key(|(index, _)| *index);
        let calls =
            self.calls.into_iter().map(|(_, call)| call).filter(|call| !call.name.is_empty()).collect();
        let cut = self.finish.as_deref() == Some("length");
        Ok(Answer { text: self.text.trim().to_owned(), calls, model: self.model, tokens: self.tokens, cut })
    }

    fn take(&mut self, frame: &str) {
        if frame.trim() == "[DONE]" {
            self.done = true;
            return;
        }
        let Ok(chunk) = serde_json::from_str::<Value>(frame) else { return };
        if chunk["error"].is_object() || chunk["error"].is_string() {
            self.error.get_or_insert_with(|| mid_stream(&chunk["error"]));
            return;
        }
        if let Some(model) = chunk["model"].as_str().filter(|_| self.model.is_empty()) {
            self.model = model.chars().filter(|c| !c.is_control()).take(80).collect();
        }
        self.spend(&chunk["usage"]);
        self.chunks = self.chunks.saturating_add(u32::from(chunk.is_object()));
        let first = |choice: &&Value| choice["index"].as_u64().unwrap_or(0) == 0;
        for choice in chunk["choices"].as_array().into_iter().flatten().filter(first) {
            self.choose(choice);
        }
    }

    /// A final chunk with zeros does not undo what an earlier one counted.
    fn spend(&mut self, usage: &Value) {
        let count = |name: &str| usage[name].as_u64().unwrap_or(0);
        let sum = count("prompt_tokens").saturating_add(count("completion_tokens"));
        let total = count("total_tokens").max(sum);
        self.tokens = self.tokens.max(u32::try_from(total).unwrap_or(u32::MAX));
    }

    fn choose(&mut self, choice: &Value) {
        let delta = if choice["delta"].is_object() { &choice["delta"] } else { &choice["message"] };
        if let Some(piece) = delta["content"].as_str()
            && self.text.len() + piece.len() <= MAX_TEXT_BYTES
        {
            self.text.push_str(piece);
        }
        self.declined |= delta["refusal"].as_str().is_some_and(|words| !words.is_empty());
        merge(&mut self.calls, &delta["tool_calls"]);
        if let Some(reason) = choice["finish_reason"].as_str() {
            self.finish = Some(reason.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(bytes: &[u8], splits: &[usize]) -> Result<Answer, ModelError> {
        let mut stream = Stream::default();
        let mut from = 0;
        for to in splits.iter().copied().chain([bytes.len()]) {
            stream.push(&bytes[from..to]);
            from = to;
        }
        stream.finish()
    }

    /// Reads a recorded stream split at every place; every split must give the same.
    fn every_split(name: &str) -> Result<Answer, ModelError> {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/openai").join(name);
        let bytes = std::fs::read(&path).unwrap();
        let whole = read(&bytes, &[]);
        for at in 0..=bytes.len() {
            assert_eq!(read(&bytes, &[at]), whole, "{name} split at {at}");
        }
        let single: Vec<usize> = (1..bytes.len()).collect();
        assert_eq!(read(&bytes, &single), whole, "{name} byte by byte");
        whole
    }

    fn call(id: &str, name: &str, arguments: &str) -> ToolCall {
        ToolCall { id: id.into(), name: name.into(), arguments: arguments.into() }
    }

    #[test]
    fn text_with_characters_of_many_bytes_is_whole_and_usage_without_choices_counts() {
        let answer = every_split("text.sse").unwrap();
        assert_eq!(answer.text, "Un servicio completo cuesta $140. ¡Nos vemos! 🚲");
        assert_eq!((answer.tokens, answer.model.as_str()), (431, "gpt-4o-mini-2024-07-18"));
        assert_eq!((answer.calls.len(), answer.cut), (0, false));
    }

    #[test]
    fn a_forced_tool_call_ends_with_stop_and_is_still_a_call() {
        let answer = every_split("forced_tool_stop.sse").unwrap();
        assert_eq!(answer.calls, [call("call_5wB", "call_person", r#"{"reason":"asked"}"#)]);
        assert_eq!(answer.text, "");
    }

    #[test]
    fn usage_with_null_or_missing_choices_and_zeros_at_the_end_is_kept() {
        let answer = every_split("usage_only.sse").unwrap();
        assert_eq!((answer.text.as_str(), answer.tokens), ("Yes.", 57));
    }

    #[test]
    fn the_same_index_twice_in_one_chunk_is_one_call() {
        let answer = every_split("same_index_twice.sse").unwrap();
        let arguments = r#"{"key":"name","value":"Maria","quote":"I'm Maria"}"#;
        assert_eq!(answer.calls, [call("call_a", "remember", arguments)]);
    }

    #[test]
    fn parallel_calls_interleave_by_index() {
        let answer = every_split("parallel_calls.sse").unwrap();
        let first = call("call_a", "remember", r#"{"key":"name","value":"Ana","quote":"soy Ana"}"#);
        assert_eq!(answer.calls, [first, call("call_b", "call_person", r#"{"reason":"unsure"}"#)]);
    }

    #[test]
    fn reasoning_and_unknown_keys_are_never_shown() {
        let answer = every_split("reasoning.sse").unwrap();
        assert_eq!(answer.text, "We close at 18:00.");
    }

    #[test]
    fn a_last_frame_without_a_blank_line_counts_and_comments_do_not() {
        let answer = every_split("no_blank_line.sse").unwrap();
        assert_eq!(answer.text, "Hello there.");
    }

    #[test]
    fn an_error_in_the_middle_of_a_stream_is_an_error() {
        assert_eq!(every_split("error_mid_stream.sse"), Err(ModelError::Unavailable));
    }

    #[test]
    fn a_stream_that_breaks_off_is_cut_and_a_refusal_declines() {
        assert_eq!(every_split("broken_off.sse"), Err(ModelError::Cut));
        assert_eq!(every_split("refusal.sse"), Err(ModelError::Declined));
        assert_eq!(read(b"", &[]), Err(ModelError::Cut));
        assert_eq!(read(b"data: [DONE]\n\n", &[]), Err(ModelError::Malformed));
        assert_eq!(read(b"<html>502</html>", &[]), Err(ModelError::Cut));
    }

    #[test]
    fn arguments_given_as_an_object_and_without_index_are_read() {
        let answer = every_split("object_arguments.sse").unwrap();
        assert_eq!(answer.calls, [call("call_a", "call_person", r#"{"reason":"asked"}"#)]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(&bytes, &[]);
        }

        #[test]
        fn any_json_is_read_without_panic(text in "(\\{\"choices\":\\[\\{\"delta\":\\{|\"content\":\"a\"|\"tool_calls\":\\[\\{\"index\":[0-9]|\\}|\\]|,|null){0,20}") {
            let _ = read(format!("data: {text}\n\n").as_bytes(), &[]);
        }
    }
}
