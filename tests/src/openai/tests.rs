use super::*;
use crate::{
    client::{Answer, Call},
    clock::PATIENCE,
};

fn call(model: &OpenAi, body: &Value) -> Call {
    Call::post_json(format!("{}/v1/chat/completions", model.url()), body)
        .header("authorization", &format!("Bearer {API_KEY}"))
}

fn asks(model: &OpenAi) -> Answer {
    call(model, &question()).send()
}

fn question() -> Value {
    json!({
        "model": MODEL, "stream": true, "stream_options": {"include_usage": true},
        "messages": [{"role": "system", "content": "You are Sprocket."}, {"role": "user", "content": "How much?"}],
    })
}

/// The data of the frames of a stream that ended properly.
fn frames(answer: &Answer) -> Vec<Value> {
    let text = answer.text();
    let data = text.split("\n\n").filter_map(|frame| frame.strip_prefix("data: "));
    let frames: Vec<&str> = data.collect();
    assert_eq!(frames.last(), Some(&"[DONE]"), "{text}");
    frames[..frames.len() - 1].iter().map(|frame| serde_json::from_str(frame).expect("JSON")).collect()
}

fn said(frames: &[Value]) -> String {
    frames.iter().filter_map(|frame| frame["choices"][0]["delta"]["content"].as_str()).collect()
}

#[test]
fn it_streams_what_it_was_told_with_usage_last() {
    let model = OpenAi::start();
    model.next(Script::says("Ein Rad läuft 🚲 rund."));
    let frames = frames(&asks(&model));
    assert_eq!(said(&frames), "Ein Rad läuft 🚲 rund.");
    assert!(frames.len() > 5, "a word a piece");
    let last = frames.last().expect("frames");
    assert_eq!((&last["choices"], last["usage"]["completion_tokens"].as_u64()), (&json!([]), Some(5)));
    assert_eq!(said(&super::tests::frames(&asks(&model))), "Happy to help you with that.");
}

#[test]
fn splitting_changes_where_the_bytes_are_cut_and_nothing_else() {
    let model = OpenAi::start();
    let script = Script::says("Ein Rad läuft 🚲 rund.");
    model.next(script.clone());
    let whole = asks(&model);
    for seed in 0..20 {
        model.next(script.clone().split(seed));
        assert_eq!(asks(&model).body, whole.body, "seed {seed}");
    }
}

#[test]
fn the_first_word_waits_and_the_head_does_not() {
    let model = OpenAi::start();
    model.next(Script::says("Slow").first_token_after(Duration::from_millis(80)));
    let before = crate::clock::Stopwatch::start();
    assert_eq!(said(&frames(&asks(&model))), "Slow");
    assert!(before.elapsed() >= Duration::from_millis(80));
}

#[test]
fn a_tool_call_comes_in_parts_that_join_to_its_arguments() {
    let model = OpenAi::start();
    let arguments = json!({"channel": "sms", "note": "größer"});
    model.next(Script::calls("continue_by", &arguments));
    let frames = frames(&asks(&model));
    let calls: Vec<&Value> =
        frames.iter().map(|frame| &frame["choices"][0]["delta"]["tool_calls"][0]).collect();
    let joined: String = calls.iter().filter_map(|call| call["function"]["arguments"].as_str()).collect();
    assert_eq!(serde_json::from_str::<Value>(&joined).expect("JSON"), arguments);
    assert_eq!(calls.iter().filter(|call| call["function"]["name"] == "continue_by").count(), 1);
}

#[test]
fn endings_are_bad_in_their_own_ways() {
    let model = OpenAi::start();
    let script = Script::says("One two");
    model.next(script.clone().ending(Ending::Truncated));
    assert!(call(&model, &question()).try_send().is_err());
    model.next(script.clone().ending(Ending::ErrorInStream));
    let answer = asks(&model);
    assert_eq!(answer.status, 200);
    assert!(answer.text().contains("server_error"));
    model.next(script.ending(Ending::DoneWithoutBlankLine));
    assert!(asks(&model).text().ends_with("data: [DONE]"));
}

#[test]
fn refusals_follow_the_script() {
    let model = OpenAi::start();
    model.next(Script::RateLimited(3));
    model.next(Script::ServerError);
    let limited = asks(&model);
    assert_eq!((limited.status, limited.header("retry-after")), (429, Some("3")));
    assert_eq!((asks(&model).status, asks(&model).status), (500, 200));
}

#[test]
fn wrong_keys_and_bad_requests_are_refused_and_prompts_are_kept() {
    let model = OpenAi::start();
    let url = format!("{}/v1/chat/completions", model.url());
    assert_eq!(Call::post_json(url, &question()).send().status, 401);
    assert_eq!(call(&model, &json!({"model": MODEL, "messages": []})).send().status, 400);
    assert_eq!(model.prompts().len(), 0);
    let mut whole = question();
    whole["stream"] = json!(false);
    let answer: Value = call(&model, &whole).send().json();
    assert_eq!(answer["choices"][0]["message"]["content"], "Happy to help you with that.");
    let prompt = model.waits_for_prompt(1, PATIENCE);
    assert_eq!(prompt.by("user"), ["How much?"]);
    assert!(prompt.shows("Sprocket") && !prompt.shows("Maria"));
}
