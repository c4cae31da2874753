//! The HTTP interface under `/api`: finds the operation of a request in the table, asks who calls, and hands the call to the
//! file of its group. Who may do what is the table's; what it does is `shared`'s.

mod alerts;
mod appointments;
mod consent;
mod contacts;
mod inbox;
mod knowledge;
mod me;
mod people;
mod promises;
mod sequences;
mod settings;
mod teach;
mod team;
mod work;

use std::rc::Rc;

use serde::{Serialize, de::DeserializeOwned};
use shared::{
    api::{
        access::{self, Asker},
        routes::{self, Method as Of, Needs, Op, Operation},
    },
    audit::Act,
    ctx::Ctx,
    flow::{Handled, Scope},
    id::{ContactId, SiteId},
    site::Site,
};
use worker::{Request, Response};

pub(crate) use knowledge::read_pages;

use super::json;
use crate::{app::App, auth, d1::D1, error::EdgeError, perform::perform};

/// The largest body of an operation, in bytes.
const MAX_BYTES: usize = 16 * 1024;

/// A call of an operation on a site, by somebody who may make it.
struct Call<'a> {
    app: &'a App,
    request: Request,
    site: Rc<Site>,
    asker: Asker,
    params: Vec<(&'static str, String)>,
    act: Option<Act>,
}

/// Answers a path under `/api`.
pub(super) async fn route(app: &App, request: Request) -> Result<Response, EdgeError> {
    let path = request.path();
    let found = routes::find(request.method().as_ref(), &path)?;
    let operation = found.operation;
    let id = SiteId::parse(found.param("site")).ok();
    let caller = auth::caller(app, &request, id.as_ref()).await?;
    let renewed = caller.cookie.clone().filter(|_| caller.renewed);
    let mut response = match operation.needs {
        Needs::Nothing => return Err(EdgeError::not_found()),
        Needs::SignedIn => return me::answer(app, caller, operation.op).await,
        Needs::Site(..) => {
            let (id, asker) = id.zip(caller.asker).ok_or_else(access::unknown_site)?;
            access::allow(&asker, operation, &id)?;
            let site = app.site(&id).await?.ok_or_else(access::unknown_site)?;
            let params: Vec<_> =
                found.params.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
            let act = (operation.method != Of::Get).then(|| act_of(operation, &asker, &params));
            of_site(Call { app, request, site, asker, params, act }, operation.op).await?
        }
    };
    if let Some(cookie) = renewed {
        auth::give_cookie(app, &mut response, Some(&cookie))?;
    }
    Ok(response)
}

/// What is noted of a call that changes something: who, what, and whom its path names.
fn act_of(operation: &Operation, asker: &Asker, params: &[(&str, String)]) -> Act {
    let mut named = params.iter().filter(|(name, _)| *name != "site");
    let subject = named.next().map(|(_, value)| value.clone()).unwrap_or_default();
    let rest: Vec<_> = named.map(|(name, value)| format!("{name} {value}")).collect();
    Act { agent: asker.named(), act: operation.name(), subject, detail: rest.join(", ") }
}

/// One arm for each operation on a site.
#[expect(clippy::too_many_lines, reason = "a table, which the compiler holds complete")]
async fn of_site(call: Call<'_>, op: Op) -> Result<Response, EdgeError> {
    match op {
        Op::PersonRead => inbox::person(&call).await,
        Op::TimelineRead => inbox::timeline(&call).await,
        Op::PresenceRead => inbox::presence(&call).await,
        Op::DeskJoin => inbox::join(call).await,
        Op::ContactLog => contacts::log(&call).await,
        Op::TagList => contacts::tags(&call).await,
        Op::TagAdd => contacts::tag(call, true).await,
        Op::TagRemove => contacts::tag(call, false).await,
        Op::ContactEdit => people::change(call).await,
        Op::FactCorrect => people::fact(call, true).await,
        Op::FactForget => people::fact(call, false).await,
        Op::FieldList => people::fields(&call).await,
        Op::FieldPut => people::field(call).await,
        Op::Suggestions => people::suggest(&call).await,
        Op::MergePreview => people::preview(&call).await,
        Op::MergeList => people::merges(&call).await,
        Op::Merge => people::merge(call).await,
        Op::Unmerge => people::unmerge(call).await,
        Op::KeepApart => people::keep_apart(call).await,
        Op::HandleReassign => people::handle(call, true).await,
        Op::HandleShare => people::handle(call, false).await,
        Op::ContactExport => people::export(&call).await,
        Op::ContactErase => people::erase(call).await,
        Op::MessageWrite => contacts::write(call).await,
        Op::FileUpload => contacts::upload(call).await,
        Op::FloorTake => contacts::floor(call, true).await,
        Op::FloorGiveBack => contacts::floor(call, false).await,
        Op::Suggest => contacts::suggest(&call).await,
        Op::CallAdd => contacts::called(call).await,
        Op::PlannedList => contacts::planned(&call).await,
        Op::PlannedCancel => contacts::cancel(&call).await,
        Op::MessageLater => work::later(call).await,
        Op::CardList => work::cards(&call).await,
        Op::CardCounts => work::counts(&call).await,
        Op::WorkBulk => work::bulk(call).await,
        Op::WorkDo => work::act(call).await,
        Op::NoteWrite => work::note(call).await,
        Op::FailureList => work::failures(&call).await,
        Op::Resend => work::resend(call).await,
        Op::Search => work::search(&call).await,
        Op::ReportRead => work::report(&call, false).await,
        Op::ReportTable => work::report(&call, true).await,
        Op::ReviewList => teach::reviews(&call).await,
        Op::ReviewDone => teach::reviewed(call).await,
        Op::TaughtList => teach::lessons(&call).await,
        Op::TaughtPut => teach::put(call).await,
        Op::TaughtForget => teach::forget(&call).await,
        Op::CannedList => teach::replies(&call).await,
        Op::CannedPut => teach::put_reply(call).await,
        Op::CannedRemove => teach::remove_reply(call).await,
        Op::AlertList => alerts::list(&call).await,
        Op::AlertRead => alerts::read(call).await,
        Op::AlertRules => alerts::rules(&call).await,
        Op::AlertRulesPut => alerts::put_rules(call).await,
        Op::PushKeyGet => alerts::push_key(&call),
        Op::PushAdd => alerts::subscribe(call).await,
        Op::PushRemove => alerts::unsubscribe(call).await,
        Op::PromiseList => promises::list(&call).await,
        Op::PromiseMake => promises::make(call).await,
        Op::PromiseKeep => promises::end(call, true).await,
        Op::PromiseWithdraw => promises::end(call, false).await,
        Op::AppointmentBook => appointments::book(call).await,
        Op::AppointmentDo => appointments::change(call).await,
        Op::BookingLink => contacts::booking_link(&call).await,
        Op::ConsentProof => consent::proof(&call, false).await,
        Op::ConsentPage => consent::proof(&call, true).await,
        Op::ConsentRevoke => consent::revoke(call).await,
        Op::RunList => sequences::runs(&call).await,
        Op::RunBegin => sequences::begin(call).await,
        Op::RunStop => sequences::stop(&call).await,
        Op::RunSkip => sequences::skip(&call).await,
        Op::SequenceList => sequences::list(&call).await,
        Op::SequenceCheck => sequences::check(call).await,
        Op::SequencePut => sequences::put(call).await,
        Op::SequenceRemove => sequences::remove(call).await,
        Op::SequenceDryRun => sequences::dry_run(call).await,
        Op::AgentList => team::list(&call).await,
        Op::AgentInvite => team::invite(call).await,
        Op::AgentChange => team::change(call).await,
        Op::AgentRemove => team::remove(&call).await,
        Op::AuditList => team::audit(&call).await,
        Op::TokenList => team::tokens(&call).await,
        Op::TokenMake => team::make_token(call).await,
        Op::TokenEnd => team::end_token(&call).await,
        Op::SettingsRead => settings::read(&call).await,
        Op::PolicyTry => settings::try_policy(call).await,
        Op::SettingsChange => settings::change(call).await,
        Op::RetentionTry => settings::retention(&call).await,
        Op::LineList => settings::lines(&call),
        Op::LineTest => settings::test(&call).await,
        Op::SnippetCheck => settings::snippet(call).await,
        Op::KnownList => knowledge::list(&call).await,
        Op::KnownRead => knowledge::source(&call).await,
        Op::AnswerTry => knowledge::tried(call).await,
        Op::SourceAdd => knowledge::add(call).await,
        Op::SourceRemove => knowledge::remove(call).await,
        Op::CrawlBegin => knowledge::begin(call).await,
        Op::CrawlStop => knowledge::stop(&call).await,
        // Of no site: answered before.
        Op::Me | Op::SignOut | Op::SignOutEverywhere => Err(EdgeError::not_found()),
    }
}

impl Call<'_> {
    fn scope(&self) -> Scope<'_, D1> {
        Scope { act: self.act.as_ref(), ..self.app.scope(&self.site) }
    }

    fn ctx(&self) -> Ctx {
        self.app.context()
    }

    /// What stands for a name of the path.
    fn param(&self, name: &str) -> &str {
        self.params.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
    }

    /// The contact of the path.
    fn contact(&self) -> Result<ContactId, EdgeError> {
        ContactId::parse(self.param("contact"))
            .map_err(|_| EdgeError::reject(404, "unknown_contact", "This site has no contact of this id."))
    }

    /// The body.
    async fn body<T: DeserializeOwned>(&mut self) -> Result<T, EdgeError> {
        json(&mut self.request, MAX_BYTES).await
    }

    /// In whose name it is done; see [`Asker::by`].
    fn by(&self, given: Option<String>) -> Result<String, EdgeError> {
        Ok(self.asker.by(given)?)
    }

    /// 204, once what a commit wants done is attempted.
    fn done(&self, handled: Handled) -> Result<Response, EdgeError> {
        perform(self.app, handled.effects);
        Ok(Response::empty()?.with_status(204))
    }
}

/// A value as the answer.
fn told<T: Serialize>(value: &T) -> Result<Response, EdgeError> {
    let mut response = Response::from_json(value)?;
    let headers = response.headers_mut();
    headers.set("cache-control", "no-store")?;
    headers.set("x-content-type-options", "nosniff")?;
    Ok(response)
}
