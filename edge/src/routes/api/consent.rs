//! Consent: its proof, and what a contact told somebody of the team.

use shared::{
    api::asked::Revoked,
    command::Revoke,
    flow::{proof::prove, team},
    page,
};
use worker::Response;

use super::{super::alone, Call, told};
use crate::error::EdgeError;

/// The proof of a contact's consents as JSON, or as a page where the path says so or that is what the caller takes.
pub(super) async fn proof(call: &Call<'_>, as_page: bool) -> Result<Response, EdgeError> {
    let proof = prove(call.scope(), &call.ctx(), &call.contact()?).await?;
    let accepted = call.request.headers().get("accept")?.unwrap_or_default();
    if as_page || accepted.contains("text/html") {
        return alone(&page::proof(&proof, &call.site.time_zone), 200);
    }
    let mut response = told(&proof)?;
    response.headers_mut().set("vary", "accept")?;
    Ok(response)
}

/// Records a revocation: 204.
pub(super) async fn revoke(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let Revoked { by, channels, words } = call.body().await?;
    let revoke = Revoke { by: call.by(by)?, channels, words };
    call.done(team::revoke(call.scope(), &mut call.ctx(), &call.contact()?, revoke).await?)
}
