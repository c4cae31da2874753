use super::{webhook::sign, *};
use crate::{
    client::{Answer, Call},
    clock::PATIENCE,
};

const FORM: &str = "application/x-www-form-urlencoded";

fn call(twilio: &Twilio, token: &str, form: &[(&str, &str)]) -> Call {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let basic = BASE64_STANDARD.encode(format!("{ACCOUNT_SID}:{token}"));
    Call::post(format!("{}/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json", twilio.url()), FORM, body)
        .header("authorization", &format!("Basic {basic}"))
}

fn send(twilio: &Twilio) -> Answer {
    call(twilio, AUTH_TOKEN, &[("To", "+14155552671"), ("From", "+15005550006"), ("Body", "Hello 👍")]).send()
}

#[test]
fn a_message_is_accepted_and_remembered() {
    let twilio = Twilio::start();
    let answer = send(&twilio);
    let body: Value = answer.json();
    assert_eq!((answer.status, &body["status"], &body["num_segments"]), (201, &json!("queued"), &json!("1")));
    let sent = twilio.waits_for(1, PATIENCE);
    assert_eq!((sent.body.as_str(), Some(sent.sid.as_str())), ("Hello 👍", body["sid"].as_str()));
    assert_eq!(twilio.complaints(), Vec::<String>::new());
}

#[test]
fn wrong_credentials_and_bad_forms_are_refused_and_not_sent() {
    let twilio = Twilio::start();
    let ok = [("To", "+14155552671"), ("From", "+15005550006"), ("Body", "Hello")];
    assert_eq!(call(&twilio, "wrong", &ok).send().status, 401);
    let long = "a".repeat(1_601);
    for (form, code) in [
        ([("To", "4155552671"), ("From", "+1500"), ("Body", "Hello")], 21211),
        ([("To", "+14155552671"), ("From", "+1500"), ("Body", "")], 21602),
        ([("To", "+14155552671"), ("From", "+1500"), ("Body", &long)], 21617),
    ] {
        let answer = call(&twilio, AUTH_TOKEN, &form).send();
        assert_eq!((answer.status, answer.json::<Value>()["code"].clone()), (400, json!(code)));
    }
    assert_eq!(twilio.attempts(), Vec::new());
    assert_eq!(twilio.complaints().len(), 4);
}

#[test]
fn failures_follow_the_script_and_then_end() {
    let twilio = Twilio::start();
    for mode in [Mode::OptedOut, Mode::Unauthorized, Mode::RateLimited(7), Mode::ServerError] {
        twilio.next(mode);
    }
    let answers: Vec<Answer> = (0..5).map(|_| send(&twilio)).collect();
    assert_eq!(answers.iter().map(|answer| answer.status).collect::<Vec<_>>(), [400, 401, 429, 500, 201]);
    assert_eq!(answers[0].json::<Value>()["code"], 21610);
    assert_eq!(answers[2].header("retry-after"), Some("7"));
    assert_eq!((twilio.attempts().len(), twilio.sent().len()), (5, 1));
}

#[test]
fn after_stop_it_refuses_sends_to_that_number_until_start() {
    let twilio = Twilio::start();
    let says = |from: &str, word: &str| twilio.message("http://worker.test/", from, "+15005550006", word);
    says("+14155552671", " stop ");
    let refused = send(&twilio);
    assert_eq!((refused.status, &refused.json::<Value>()["code"]), (400, &json!(21610)));
    for (from, word) in [("+14155552671", "please start"), ("+14155552672", "START")] {
        says(from, word);
        assert_eq!(send(&twilio).status, 400, "{from} {word}");
    }
    says("+14155552671", "Unstop");
    assert_eq!(send(&twilio).status, 201);
    says("+14155552671", "stop please");
    assert_eq!(send(&twilio).status, 201, "more than the word is left to the worker");
    assert_eq!(twilio.attempts().len() - twilio.sent().len(), 3);
}

#[test]
fn a_message_can_be_sent_although_the_answer_is_lost() {
    let twilio = Twilio::start();
    twilio.next(Mode::SentThenDropped);
    let form = [("To", "+14155552671"), ("From", "+15005550006"), ("Body", "Hello")];
    assert!(call(&twilio, AUTH_TOKEN, &form).try_send().is_err());
    assert_eq!(twilio.sent_to("+14155552671").len(), 1);
}

#[test]
fn signatures_agree_with_the_providers_own_vectors() {
    let pairs = |form: &[(&str, &str)]| -> Vec<(String, String)> {
        form.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
    let form = pairs(&[
        ("To", "+18005551212"),
        ("Digits", "1234"),
        ("CallSid", "CA1234567890ABCDE"),
        ("From", "+14158675309"),
        ("Caller", "+14158675309"),
    ]);
    assert_eq!(sign("12345", url, &form), "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
    let repeated = pairs(&[
        ("Sid", "CA123"),
        ("SidAccount", "AC123"),
        ("Digits", "5678"),
        ("Digits", "1234"),
        ("Digits", "1234"),
    ]);
    assert_eq!(sign("12345", url, &repeated), "IK+Dwps556ElfBT0I3Rgjkr1wJU=");
}

#[test]
fn a_webhook_is_posted_as_it_was_signed_and_again_the_same() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&seen);
    let worker = Server::start(move |received, reply| {
        let form: Vec<(String, String)> = form_urlencoded::parse(&received.body).into_owned().collect();
        let signature = received.header("x-twilio-signature").map(str::to_owned);
        keep.lock().expect("kept").push((form, signature));
        reply.whole(200, &[("content-type", "text/xml")], b"<Response></Response>").expect("answered");
    });
    let url = format!("{}/hooks/end_sms", worker.url());
    let twilio = Twilio::start();
    let message = twilio.reply(&url, "+14155552671", "+15005550006", "Do you open on Saturday? 😀");
    message.post().expect_ok("a redelivery");
    message.with_signature(None).post();
    send(&twilio);
    let sent = twilio.waits_for(1, PATIENCE);
    twilio.status(&url, &sent, "undelivered", Some(30003)).post().expect_ok("a status");

    let seen = seen.lock().expect("kept");
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0].1.as_deref(), Some(sign(AUTH_TOKEN, &url, &seen[0].0).as_str()));
    assert_eq!(seen[2].1, None);
    assert!(seen[3].0.contains(&("ErrorCode".to_owned(), "30003".to_owned())));
}
