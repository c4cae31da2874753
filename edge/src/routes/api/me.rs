//! Whoever is signed in: who they are, and signing out.

use shared::{
    api::{access, routes::Op},
    flow::sign_in,
};
use worker::Response;

use super::told;
use crate::{
    app::App,
    auth::{self, Caller},
    error::EdgeError,
};

/// Answers an operation that needs somebody who is signed in; a token is nobody.
pub(super) async fn answer(app: &App, caller: Caller, op: Op) -> Result<Response, EdgeError> {
    let email = caller.email.ok_or_else(access::unauthorized)?;
    let cookie = caller.cookie.as_deref();
    match op {
        Op::Me => {
            let mut response = told(&sign_in::me(app.door(), &mut app.context(), &email).await?)?;
            if caller.renewed {
                auth::give_cookie(app, &mut response, cookie)?;
            }
            Ok(response)
        }
        Op::SignOut | Op::SignOutEverywhere => {
            let everywhere = (op == Op::SignOutEverywhere).then_some(email.as_str());
            sign_in::sign_out(app.door(), cookie, everywhere).await?;
            let mut response = Response::empty()?.with_status(204);
            auth::give_cookie(app, &mut response, None)?;
            Ok(response)
        }
        _ => Err(EdgeError::not_found()),
    }
}
