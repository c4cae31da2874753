//! The parts of a site's definition that are changed each by itself, and how a change is put into it.
//!
//! Endpoints, sequences and people are no part of any: they come with an import and stay as they are.

use serde_json::{Map, Value};

use super::Site;
use crate::wire::Wrong;

/// A part: its name, and each of its fields with where it stands in the definition.
pub type Part = (&'static str, &'static [(&'static str, &'static str)]);

/// Every part.
pub const PARTS: &[Part] = &[
    (
        "site",
        &[
            ("name", "/name"),
            ("address", "/address"),
            ("phone", "/phone"),
            ("locale", "/locale"),
            ("region", "/region"),
            ("time_zone", "/time_zone"),
            ("booking_url", "/booking_url"),
            ("brand", "/brand"),
        ],
    ),
    ("origins", &[("allowed_origins", "/allowed_origins")]),
    ("hours", &[("hours", "/hours"), ("holidays", "/holidays")]),
    ("assistant", &[("assistant", "/assistant")]),
    ("limits", &[("limits", "/limits")]),
    ("policy", &[("policy", "/policy")]),
    ("booking", &[("booking", "/booking")]),
    ("privacy", &[("retention_months", "/policy/retention_months")]),
    ("handoff", &[("handoff", "/handoff")]),
    ("promises", &[("promises", "/promises")]),
    ("work", &[("work", "/work")]),
];

/// The part of a name.
pub fn part(name: &str) -> Option<&'static Part> {
    PARTS.iter().find(|(known, _)| *known == name)
}

/// What a part says in a definition.
pub fn value_of((_, fields): &Part, definition: &Value) -> Value {
    let field = |(name, pointer): &(&str, &str)| {
        let value = definition.pointer(pointer).cloned().unwrap_or(Value::Null);
        ((*name).to_owned(), value)
    };
    Value::Object(fields.iter().map(field).collect())
}

/// A definition with a part's new value in it; what the value does not name stays. Otherwise the fields that are none of the part's,
/// or cannot be read.
pub fn put(part: &Part, definition: &Value, value: &Map<String, Value>) -> Result<Site, Vec<Wrong>> {
    let mut wrong = Vec::new();
    let mut next = definition.clone();
    for (name, value) in value {
        let Some((_, pointer)) = part.1.iter().find(|(known, _)| known == name) else {
            wrong.push(Wrong { field: name.clone(), text: "is no setting of this part.".to_owned() });
            continue;
        };
        set(&mut next, pointer, value.clone());
        unreadable(definition, (name, pointer), value, 0, &mut wrong);
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let whole = |error: serde_json::Error| vec![Wrong { field: part.0.to_owned(), text: error.to_string() }];
    serde_json::from_value(next).map_err(whole)
}

/// How deep a field that cannot be read is looked for.
const MAX_DEPTH: u32 = 4;

/// Finds what cannot be read in a value, as deep inside as it is by itself what is wrong.
fn unreadable(
    definition: &Value,
    (path, pointer): (&str, &str),
    value: &Value,
    depth: u32,
    wrong: &mut Vec<Wrong>,
) {
    let mut alone = definition.clone();
    set(&mut alone, pointer, value.clone());
    let Err(error) = serde_json::from_value::<Site>(alone) else { return };
    let before = wrong.len();
    if depth < MAX_DEPTH
        && let (Value::Object(fields), Some(Value::Object(_))) = (value, definition.pointer(pointer))
    {
        for (name, inner) in fields {
            let (path, pointer) = (format!("{path}.{name}"), format!("{pointer}/{name}"));
            unreadable(definition, (&path, &pointer), inner, depth + 1, wrong);
        }
    }
    if wrong.len() == before {
        let text = format!("cannot be read: {error}.");
        wrong.push(Wrong { field: path.to_owned(), text });
    }
}

/// Puts a value in its place; nothing is put where its parent is no object. What has a default and is `null` is left out.
fn set(definition: &mut Value, pointer: &str, value: Value) {
    let Some((parent, name)) = pointer.rsplit_once('/') else { return };
    if let Some(Value::Object(fields)) = definition.pointer_mut(parent) {
        if value.is_null() {
            fields.remove(name);
        } else {
            fields.insert(name.to_owned(), value);
        }
    }
}

/// The paths of the fields that differ between two values: of objects each field by itself.
pub fn differing(path: &str, before: &Value, after: &Value, found: &mut Vec<String>) {
    if before == after {
        return;
    }
    if let (Value::Object(old), Value::Object(new)) = (before, after) {
        let mut names: Vec<&String> = old.keys().chain(new.keys()).collect();
        names.sort();
        names.dedup();
        for name in names {
            let inner = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            let (old, new) = (old.get(name).unwrap_or(&Value::Null), new.get(name).unwrap_or(&Value::Null));
            differing(&inner, old, new, found);
        }
    } else {
        found.push(path.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn demo() -> Value {
        let text = include_str!("../../../examples/site/throughline.json");
        serde_json::to_value(serde_json::from_str::<Site>(text).unwrap()).unwrap()
    }

    fn puts(name: &str, value: &Value) -> Result<Site, Vec<Wrong>> {
        put(part(name).unwrap(), &demo(), value.as_object().unwrap())
    }

    #[test]
    fn every_part_of_a_definition_is_put_back_as_it_was() {
        let demo = demo();
        for part in PARTS {
            let value = value_of(part, &demo);
            let site = put(part, &demo, value.as_object().unwrap()).unwrap();
            assert_eq!(serde_json::to_value(site).unwrap(), demo, "{}", part.0);
        }
    }

    #[test]
    fn what_cannot_be_read_is_named_by_its_path() {
        for (name, value, field) in [
            ("site", json!({ "brand": { "color": 5, "greeting": {} } }), "brand.color"),
            ("site", json!({ "name": null }), "name"),
            ("limits", json!({ "limits": { "turns_per_hour": -1 } }), "limits.turns_per_hour"),
            ("policy", json!({ "policy": { "quietchannels": [] } }), "policy.quietchannels"),
            ("hours", json!({ "people": [] }), "people"),
            ("booking", json!({ "booking": { "services": 5, "resources": [] } }), "booking.services"),
        ] {
            let wrong = puts(name, &value).unwrap_err();
            assert_eq!(wrong.iter().map(|it| it.field.as_str()).collect::<Vec<_>>(), [field], "{wrong:?}");
        }
    }

    #[test]
    fn what_differs_is_told_field_by_field() {
        let mut found = Vec::new();
        let after = json!({ "name": "A", "brand": { "color": "#000000", "greeting": {} } });
        let before = json!({ "name": "A", "brand": { "color": "#ffffff", "greeting": {} } });
        differing("", &before, &after, &mut found);
        assert_eq!(found, ["brand.color"]);
    }
}
