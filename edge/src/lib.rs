//! The edge: Throughline on Cloudflare Workers. The only crate that names `worker`.
//!
//! - Entry points: `fetch` (HTTP), `scheduled` (the sweep), `queue` (hints to send), `email` (inbound mail).
//! - `app` holds what one invocation has: bindings, clock, randomness; `perform` attempts a commit's effects.
//! - `room` is the Durable Object of a conversation: sockets, order of arrival, an alarm. It never waits for a model.
//! - `desk` is the Durable Object of a site's team: who of it is here, and what has gone on.
//! - `d1` and `fetcher` are the two ports; `auth`, `error`, `assets` and `routes` are the rim of HTTP.
//!
//! There is no SQL here, no match on what an event is, and no policy: those are `shared`'s.

mod access;
mod app;
mod assets;
mod auth;
mod clock;
mod config;
mod d1;
mod desk;
mod email;
mod error;
mod fetcher;
mod files;
mod perform;
mod room;
mod routes;
mod think;

use std::rc::Rc;

use worker::{
    Context, Env, ForwardableEmailMessage, MessageBatch, MessageExt, Request, Response, Result,
    ScheduleContext, ScheduledEvent, event,
};

use crate::{
    app::{App, Spawn},
    perform::Job,
};

pub use desk::Desk;
pub use room::Room;

/// Every HTTP request that no static file answers.
#[event(fetch)]
async fn fetch(request: Request, env: Env, context: Context) -> Result<Response> {
    let spawn: Spawn = Rc::new(move |future| context.wait_until(future));
    let response = match App::start(env, spawn).await {
        Ok(app) => routes::route(&app, request).await,
        Err(error) => Err(error),
    };
    response.or_else(error::EdgeError::into_response)
}

/// Once a minute: whatever is due although its hint was lost.
#[event(scheduled)]
async fn scheduled(_event: ScheduledEvent, env: Env, context: ScheduleContext) {
    let spawn: Spawn = Rc::new(move |future| context.wait_until(future));
    match App::start(env, spawn).await {
        Ok(app) => {
            if let Err(error) = perform::sweep(&app).await {
                error.log("sweep");
            }
            if let Err(error) = perform::digest(&app).await {
                error.log("digest");
            }
            if let Err(error) = routes::read_pages(&app).await {
                error.log("pages");
            }
            if let Err(error) = email::retry_kept(&app).await {
                error.log("kept mail");
            }
        }
        Err(error) => error.log("sweep"),
    }
}

/// Hints that something waits in the outbox. A hint that cannot be followed comes back, and after some times goes to
/// the queue of dead ones; the outbox remains the truth.
#[event(queue)]
async fn queue(batch: MessageBatch<Job>, env: Env, context: Context) -> Result<()> {
    let spawn: Spawn = Rc::new(move |future| context.wait_until(future));
    let app = App::start(env, spawn).await.map_err(|error| worker::Error::RustError(error.to_string()))?;
    let are_dead = batch.queue().ends_with("-dead");
    for message in batch.messages()? {
        let job = message.body();
        let done = if are_dead { perform::bury(&app, job).await } else { perform::run_job(&app, job).await };
        match done {
            Ok(()) => message.ack(),
            Err(error) => {
                error.log("job");
                message.retry();
            }
        }
    }
    Ok(())
}

/// Inbound mail. The raw message is kept before anything else, so that no failure loses it; this never fails.
#[event(email)]
async fn email(message: ForwardableEmailMessage, env: Env, context: Context) -> Result<()> {
    let spawn: Spawn = Rc::new(move |future| context.wait_until(future));
    match App::start(env, spawn).await {
        Ok(app) => email::receive(&app, message).await,
        Err(error) => {
            error.log("email");
            // The sending server keeps the message and tries again.
            message.set_reject("Temporarily unavailable, please try again");
        }
    }
    Ok(())
}
