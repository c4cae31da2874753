//! The OpenAPI document says what the table of operations and the wire types say.

use std::collections::BTreeSet;

use serde_json::Value;
use shared::api::{
    openapi,
    routes::{DOCUMENT, Method, Needs, OPERATIONS, Op},
};

#[test]
fn the_committed_document_is_the_one_the_source_gives() {
    let (path, text) = (concat!(env!("CARGO_MANIFEST_DIR"), "/src/api/openapi.json"), openapi::text());
    if std::env::var_os("RENEW_OPENAPI").is_some() {
        std::fs::write(path, &text).expect("written");
        return;
    }
    assert!(
        text == DOCUMENT,
        "shared/src/api/openapi.json is stale; renew it with \
         `RENEW_OPENAPI=1 cargo test -p shared --features sqlite --test it -- openapi`"
    );
}

#[test]
fn every_operation_is_in_the_document_and_none_else() {
    let document = openapi::document();
    let mut found = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            found.insert((method.to_ascii_uppercase(), path.clone()));
            assert!(operation["responses"]["default"]["$ref"].is_string(), "{method} {path}");
        }
    }
    let known = OPERATIONS.iter().map(|it| (it.method.as_str().to_owned(), it.path.to_owned()));
    assert_eq!(found, known.collect());
}

#[test]
fn an_operation_says_who_may_what_it_takes_and_each_name_of_its_path() {
    let document = openapi::document();
    for operation in OPERATIONS {
        let told = &document["paths"][operation.path][operation.method.as_str().to_ascii_lowercase()];
        match operation.needs {
            Needs::Nothing => assert_eq!(told["security"], serde_json::json!([])),
            Needs::SignedIn => assert_eq!(told["security"], serde_json::json!([{"cookie": []}])),
            Needs::Site(scope, _) => assert_eq!(told["security"][1]["token"][0], scope.as_str()),
        }
        let empty = Vec::new();
        let parameters = told["parameters"].as_array().unwrap_or(&empty);
        let names = |place: &str| -> BTreeSet<&str> {
            parameters.iter().filter(|it| it["in"] == place).map(|it| it["name"].as_str().unwrap()).collect()
        };
        let in_path = operation.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        assert_eq!(names("path"), in_path.collect(), "{}", operation.path);
        let changes = matches!(operation.method, Method::Post | Method::Put | Method::Patch);
        let bodiless = matches!(
            operation.op,
            Op::Suggest
                | Op::BookingLink
                | Op::LineTest
                | Op::SignOut
                | Op::SignOutEverywhere
                | Op::WebhookReplay
                | Op::WebhookTest
        );
        if operation.op == Op::FileUpload {
            assert!(told["requestBody"]["content"]["application/octet-stream"].is_object());
        } else if changes && !bodiless {
            let schema = &told["requestBody"]["content"]["application/json"]["schema"];
            let is_told = schema["$ref"].is_string() || schema["properties"].is_object();
            assert!(is_told, "{} takes a body", operation.path);
        }
    }
}

/// Every `$ref` of a value.
fn refs<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("$ref").and_then(Value::as_str));
            fields.values().for_each(|value| refs(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| refs(value, found)),
        _ => {}
    }
}

#[test]
fn every_reference_leads_somewhere_and_nothing_is_left_over() {
    let document = openapi::document();
    let mut found = BTreeSet::new();
    refs(&document, &mut found);
    for to in &found {
        let pointer = to.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{to} leads nowhere");
    }
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert!(found.contains(format!("#/components/schemas/{name}").as_str()), "{name} is left over");
        assert!(!name.ends_with(|letter: char| letter.is_ascii_digit()), "{name}: two types share a name");
        let described = schema["description"].as_str().unwrap_or_default();
        assert!(!described.contains("[`"), "{name}: {described}");
    }
}

#[test]
fn a_required_field_is_required_and_an_id_is_a_text() {
    let document = openapi::document();
    let schemas = &document["components"]["schemas"];
    assert_eq!(schemas["Tagged"]["required"], serde_json::json!(["tag"]));
    assert_eq!(schemas["ContactId"]["type"], "string");
    assert_eq!(schemas["Timestamp"]["type"], "integer");
    assert_eq!(schemas["Failure"]["required"], serde_json::json!(["code", "text"]));
}
