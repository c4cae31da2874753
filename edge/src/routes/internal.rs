//! What our own invocations hand each other.

use std::time::Duration;

use worker::{Delay, Request, Response};

use super::body;
use crate::{app::App, auth, error::EdgeError, room::HandedTurn, think};

/// `POST /internal/think`: answers 202 at once and thinks afterwards.
pub(super) async fn think(app: &App, mut request: Request) -> Result<Response, EdgeError> {
    let bytes = body(&mut request, 4_096).await?;
    let text = String::from_utf8(bytes).unwrap_or_default();
    auth::internal(app, &request, &text)?;
    let turn: HandedTurn =
        serde_json::from_str(&text).map_err(|_| EdgeError::reject(400, "malformed_json", "Not a turn."))?;
    let then = app.clone();
    app.spawn(async move {
        let left = turn.due_at.since_ms(then.context().now).clamp(0, 20_000);
        if let Ok(left @ 1..) = u64::try_from(left) {
            Delay::from(Duration::from_millis(left)).await;
        }
        if let Err(error) = think::think(&then, &turn.site, &turn.conversation).await {
            error.log("think");
        }
    });
    Ok(Response::empty()?.with_status(202))
}
