//! What our own invocations hand each other.

use worker::{Request, Response};

use super::body;
use crate::{app::App, auth, error::EdgeError, perform, room::HandedTurn, think};

/// `POST /internal/think`: answers 202 at once and thinks afterwards.
pub(super) async fn think(app: &App, mut request: Request) -> Result<Response, EdgeError> {
    let bytes = body(&mut request, 4_096).await?;
    let text = String::from_utf8(bytes).unwrap_or_default();
    auth::internal(app, &request, &text)?;
    let turn: HandedTurn =
        serde_json::from_str(&text).map_err(|_| EdgeError::reject(400, "malformed_json", "Not a turn."))?;
    let then = app.clone();
    app.spawn(async move {
        // A turn that is not due for long stays owed; its Room and the sweep come back to it.
        if perform::wait_until(&then, turn.due_at).await
            && let Err(error) = think::think(&then, &turn.site, &turn.conversation).await
        {
            error.log("think");
        }
    });
    Ok(Response::empty()?.with_status(202))
}
