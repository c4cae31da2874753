//! The HTTP interface as an OpenAPI 3.1 document (<https://spec.openapis.org/oas/v3.1.1>), made of the table of operations and the
//! types that are read and written.
//!
//! Native only: what is served is the committed text, [`super::routes::DOCUMENT`], which a test holds against this. What an operation takes and
//! tells stands in `shape`, by a match without a wild card, so a new operation cannot be left out.

use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use super::{
    alerts, asked, knowledge, lines, list, me, people, person, policy, report,
    routes::{Needs, OPERATIONS, Op, Operation},
    scope::ApiScope,
    sequences::{Checked, SequenceFile, SequenceGone, SequenceText, Sequences},
    settings, teach, team, timeline, webhooks, work,
};
use crate::{
    flow::{planned::Ahead, sequences, team as promised},
    wire::Failure,
};

/// What an operation takes and tells.
struct Shape {
    /// The names in the query, and what each is for.
    query: &'static [(&'static str, &'static str)],
    /// The body of the request.
    body: Option<Value>,
    /// The status of the answer where all is well.
    status: u16,
    /// The media type of the answer and its schema; none where it is empty.
    answer: Option<(&'static str, Value)>,
}

const AFTER: (&str, &str) = ("after", "Where the page before ended: its `next`.");
const LIMIT: (&str, &str) = ("limit", "How many at most.");
const FROM: (&str, &str) = ("from", "The first day, `YYYY-MM-DD`.");
const MONTHS: (&str, &str) = ("months", "For how many months people would be kept, 1 to 1200.");
const TO: (&str, &str) = ("to", "The last day, `YYYY-MM-DD`.");

/// Makes schemas by reference, and keeps what they refer to.
struct Schemas(SchemaGenerator);

impl Schemas {
    fn of<T: JsonSchema>(&mut self) -> Value {
        self.0.subschema_for::<T>().to_value()
    }

    /// A body is taken, nothing is told.
    fn takes<T: JsonSchema>(&mut self) -> Shape {
        Shape { query: &[], body: Some(self.of::<T>()), status: 204, answer: None }
    }

    /// Something is told.
    fn tells<T: JsonSchema>(&mut self) -> Shape {
        let schema = self.of::<T>();
        told("application/json", schema)
    }

    /// A body is taken, and something is told with this status.
    fn trades<T: JsonSchema, A: JsonSchema>(&mut self, status: u16) -> Shape {
        Shape { status, body: Some(self.of::<T>()), ..self.tells::<A>() }
    }
}

fn told(media: &'static str, schema: Value) -> Shape {
    Shape { query: &[], body: None, status: 200, answer: Some((media, schema)) }
}

const fn done(status: u16) -> Shape {
    Shape { query: &[], body: None, status, answer: None }
}

impl Shape {
    fn asking(self, query: &'static [(&'static str, &'static str)]) -> Self {
        Self { query, ..self }
    }
}

/// A file whose own format is described elsewhere.
fn file(what: &str) -> Value {
    json!({ "type": "object", "description": what })
}

/// An id alone.
fn id() -> Value {
    json!({ "type": "object", "required": ["id"], "properties": { "id": { "type": "string" } } })
}

/// A sending policy as a whole, in the shape of the site's definition.
fn whole_policy() -> Value {
    json!({ "type": "object", "required": ["policy"], "properties": { "policy": { "type": "object" } } })
}

/// What an operation takes and tells.
#[expect(clippy::too_many_lines, reason = "one line for each operation, as the table of them")]
fn shape(s: &mut Schemas, op: Op) -> Shape {
    match op {
        Op::PersonRead => s.tells::<person::Person>(),
        Op::TimelineRead => s.tells::<timeline::Stretch>().asking(&[
            ("before", "What is older than this cursor."),
            ("after", "What is newer than this cursor."),
            LIMIT,
        ]),
        Op::PresenceRead => s.tells::<person::Presence>(),
        Op::DeskJoin => done(101),
        Op::ContactLog => told("application/json", file("The file that `cargo xtask replay` judges again.")),
        Op::TagList => s.tells::<Vec<String>>(),
        Op::TagAdd | Op::TagRemove => s.takes::<asked::Tagged>(),
        Op::ContactEdit => s.takes::<asked::Edited>(),
        Op::FactCorrect | Op::FactForget => s.takes::<asked::FactAsked>(),
        Op::FieldList => s.tells::<std::collections::BTreeMap<String, String>>(),
        Op::FieldPut => s.takes::<asked::FieldAsked>(),
        Op::Suggestions => s.tells::<Vec<people::Suggestion>>(),
        Op::MergePreview => s.tells::<people::Preview>().asking(&[("from", "The other contact.")]),
        Op::MergeList => s.tells::<Vec<people::MergeLine>>(),
        Op::Merge => {
            Shape { body: Some(s.of::<asked::Other>()), status: 201, ..told("application/json", id()) }
        }
        Op::KeepApart => s.takes::<asked::Other>(),
        Op::Unmerge | Op::ContactErase => s.takes::<asked::Named>(),
        Op::HandleReassign | Op::HandleShare => s.takes::<asked::HandleAsked>(),
        Op::ContactExport => told("application/json", file("Everything that is kept about a person.")),
        Op::MessageWrite => s.trades::<asked::Said, timeline::Spoken>(201),
        // Its body is the file itself.
        Op::FileUpload => {
            Shape { status: 201, body: Some(json!({})), ..s.tells::<crate::wire::Attachment>() }
                .asking(&[("name", "What the file is called.")])
        }
        Op::FloorTake | Op::FloorGiveBack => s.trades::<asked::Named, asked::FloorNumber>(200),
        Op::Suggest => s.tells::<person::Suggestion>(),
        Op::CallAdd => {
            Shape { body: Some(s.of::<asked::Called>()), status: 201, ..told("application/json", id()) }
        }
        Op::PlannedList => s.tells::<Vec<Ahead>>(),
        Op::PlannedCancel
        | Op::TaughtForget
        | Op::AgentRemove
        | Op::TokenEnd
        | Op::RunStop
        | Op::RunSkip
        | Op::WebhookRemove
        | Op::SignOut
        | Op::SignOutEverywhere => done(204),
        Op::MessageLater => s.takes::<work::SaidLater>(),
        Op::CardList => s.tells::<list::Cards>().asking(&[
            ("view", "Which view; all where none is named."),
            ("channel", "Only what was last said on this channel."),
            ("tag", "Only contacts with this tag."),
            ("assigned", "Only what is this member's, by name."),
            AFTER,
            LIMIT,
        ]),
        Op::CardCounts => s.tells::<list::Counts>(),
        Op::WorkBulk => s.trades::<work::DoesAll, list::Bulk>(200),
        Op::WorkDo => s.takes::<work::Does>(),
        Op::NoteWrite => s.trades::<work::Noted, timeline::Spoken>(201),
        Op::FailureList => s.tells::<list::Failures>().asking(&[AFTER, LIMIT]),
        Op::Resend => s.takes::<work::Resent>(),
        Op::Search => s.tells::<Vec<list::Found>>().asking(&[("q", "What is looked for."), LIMIT]),
        Op::ReportRead => s.tells::<report::Report>().asking(&[FROM, TO]),
        Op::ReportTable => told("text/csv", json!({ "type": "string" })).asking(&[FROM, TO]),
        Op::ReviewList => s.tells::<teach::Reviews>().asking(&[AFTER, LIMIT]),
        Op::ReviewDone => s.takes::<work::Looked>(),
        Op::TaughtList => s.tells::<Vec<teach::Taught>>(),
        Op::TaughtPut => s.takes::<work::Teaches>(),
        Op::CannedList => s.tells::<Vec<teach::Canned>>(),
        Op::CannedPut => s.takes::<teach::Canned>(),
        Op::CannedRemove => s.takes::<work::Dropped>(),
        Op::AlertList => s.tells::<alerts::Alerts>(),
        Op::AlertRead => s.takes::<alerts::AlertsRead>(),
        Op::AlertRules => s.tells::<alerts::Rules>(),
        Op::AlertRulesPut => s.takes::<alerts::Rules>(),
        Op::PushKeyGet => s.tells::<alerts::PushKey>(),
        Op::PushAdd | Op::PushRemove => s.takes::<alerts::PushSubscription>(),
        Op::PromiseList => s.tells::<promised::Promises>(),
        Op::PromiseMake => s.takes::<asked::Promised>(),
        Op::PromiseKeep | Op::PromiseWithdraw => s.takes::<asked::Ended>(),
        Op::AppointmentBook => {
            Shape { body: Some(s.of::<asked::Booking>()), status: 201, ..told("application/json", id()) }
        }
        Op::AppointmentDo => s.takes::<asked::AppointmentDoes>(),
        Op::BookingLink => s.tells::<person::BookingLink>(),
        Op::ConsentProof => told("application/json", file("The file that `verify-consent` checks offline.")),
        Op::ConsentPage => told("text/html", json!({ "type": "string" })),
        Op::ConsentRevoke => s.takes::<asked::Revoked>(),
        Op::RunList => s.tells::<Vec<sequences::RunView>>(),
        Op::RunBegin => Shape { status: 201, ..s.takes::<asked::About>() },
        Op::SequenceList => s.tells::<Sequences>(),
        Op::SequenceCheck => s.trades::<SequenceText, Checked>(200),
        Op::SequencePut => s.trades::<SequenceText, SequenceFile>(200),
        Op::SequenceRemove => s.takes::<SequenceGone>(),
        Op::SequenceDryRun => s.trades::<asked::About, sequences::DryRun>(200),
        Op::AgentList => s.tells::<team::Agents>(),
        Op::AgentInvite => s.trades::<team::Invitation, team::Agent>(201),
        Op::AgentChange => s.trades::<team::AgentChange, team::Agent>(200),
        Op::AuditList => {
            s.tells::<team::Audit>().asking(&[("before", "Where the page before ended: its `next`.")])
        }
        Op::TokenList => s.tells::<team::Tokens>(),
        Op::TokenMake => s.trades::<team::TokenWish, team::TokenMade>(201),
        Op::SettingsRead => s.tells::<settings::Settings<Map<String, Value>>>(),
        Op::SettingsChange => s
            .trades::<settings::SettingsChange<Map<String, Value>>, settings::Settings<Map<String, Value>>>(
                200,
            ),
        Op::PolicyTry => Shape { body: Some(whole_policy()), ..s.tells::<policy::PolicyTried>() },
        Op::RetentionTry => s.tells::<settings::RetentionTried>().asking(&[MONTHS]),
        Op::LineList => s.tells::<lines::Lines>(),
        Op::LineTest => s.tells::<lines::Probed>(),
        Op::SnippetCheck => s.trades::<lines::SnippetCheck, lines::SnippetFound>(200),
        Op::KnownList | Op::CrawlStop => s.tells::<knowledge::Known>(),
        Op::KnownRead => s.tells::<knowledge::SourceText>().asking(&[("path", "The source's path.")]),
        Op::AnswerTry => s.trades::<knowledge::Tried, knowledge::Answered>(200),
        Op::SourceAdd => s.trades::<knowledge::SourceWish, knowledge::Known>(200),
        Op::SourceRemove => s.takes::<knowledge::SourceGone>(),
        Op::CrawlBegin => s.trades::<knowledge::CrawlWish, knowledge::Known>(200),
        Op::WebhookList => s.tells::<webhooks::Webhooks>(),
        Op::WebhookAdd => s.trades::<webhooks::WebhookWish, webhooks::WebhookMade>(201),
        Op::WebhookChange => s.trades::<webhooks::WebhookChange, webhooks::Webhook>(200),
        Op::WebhookLog => s.tells::<webhooks::HookLog>(),
        Op::WebhookReplay | Op::WebhookTest => Shape { status: 202, ..s.tells::<webhooks::HookSent>() },
        Op::OpenApi => told("application/json", json!({ "type": "object" })),
        Op::Me => s.tells::<me::Me>(),
    }
}

/// The document.
pub fn document() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut schemas = Schemas(SchemaGenerator::new(settings));
    let failure = schemas.of::<Failure>();
    let mut paths = Map::new();
    for operation in OPERATIONS {
        let shape = shape(&mut schemas, operation.op);
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        path[operation.method.as_str().to_ascii_lowercase()] = render_operation(operation, &shape);
    }
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Throughline",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "MIT", "identifier": "MIT" },
            "description": "Times are milliseconds since 1970, UTC. Unknown keys are ignored on both sides, so that fields can be added.",
        },
        "paths": paths,
        "components": {
            "securitySchemes": {
                "cookie": {
                    "type": "apiKey", "in": "cookie", "name": "__Host-tl",
                    "description": "A browser that is signed in to the inbox. Whatever changes something needs `x-throughline: inbox` as well.",
                },
                "token": { "type": "http", "scheme": "bearer", "description": "An API token of the site." },
            },
            "responses": {
                "Failure": {
                    "description": "What was wrong, and what to change.",
                    "content": { "application/json": { "schema": failure } },
                },
            },
            "schemas": schemas.0.take_definitions(true),
        },
    });
    plain(&mut document);
    document
}

fn render_operation(operation: &Operation, shape: &Shape) -> Value {
    let named = operation.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let in_path = named
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }));
    let in_query = shape.query.iter().map(|(name, what)| {
        let kind = if matches!(*name, "limit" | "months") { "integer" } else { "string" };
        json!({ "name": name, "in": "query", "description": what, "schema": { "type": kind } })
    });
    let mut answer = json!({ "description": "As asked." });
    if let Some((media, schema)) = &shape.answer {
        answer["content"] = json!({ (*media): { "schema": schema } });
    }
    let mut out = json!({
        "operationId": operation.name(),
        "summary": operation.summary,
        "responses": {
            (shape.status.to_string()): answer,
            "default": { "$ref": "#/components/responses/Failure" },
        },
    });
    let parameters: Vec<Value> = in_path.chain(in_query).collect();
    if !parameters.is_empty() {
        out["parameters"] = parameters.into();
    }
    if let Some(schema) = &shape.body {
        let is_file = operation.op == Op::FileUpload;
        let media = if is_file { "application/octet-stream" } else { "application/json" };
        out["requestBody"] = json!({ "required": true, "content": { (media): { "schema": schema } } });
    }
    out["security"] = match operation.needs {
        Needs::Nothing => json!([]),
        Needs::SignedIn => json!([{ "cookie": [] }]),
        Needs::Site(scope, _) => json!([{ "cookie": [] }, { "token": [ApiScope::as_str(scope)] }]),
    };
    if let Needs::Site(scope, role) = operation.needs {
        let (scope, role) = (scope.as_str(), role.as_str());
        out["description"] =
            json!(format!("Takes the role `{role}` or above, or a token with the scope `{scope}`."));
    }
    out
}

/// Descriptions come from the source, where brackets are links of its own documentation.
fn plain(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields.iter_mut() {
                match value {
                    Value::String(text) if name == "description" => {
                        *text = text.replace("[`", "`").replace("`]", "`");
                    }
                    value => plain(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(plain),
        _ => {}
    }
}

/// The document as it is committed and served: a line for each path and each schema, so that a change is seen as one.
pub fn text() -> String {
    let document = document();
    let lines = |value: &Value| {
        let fields = value.as_object().into_iter().flatten();
        let lines: Vec<_> =
            fields.map(|(name, value)| format!("{}:{value}", Value::from(name.as_str()))).collect();
        lines.join(",\n")
    };
    let (paths, components) = (&document["paths"], &document["components"]);
    format!(
        "{{\"openapi\":{},\n\"info\":{},\n\"paths\":{{\n{}\n}},\n\"components\":{{\"securitySchemes\":{},\n\"responses\":{},\n\"schemas\":{{\n{}\n}}}}}}\n",
        document["openapi"],
        document["info"],
        lines(paths),
        components["securitySchemes"],
        components["responses"],
        lines(&components["schemas"]),
    )
}
