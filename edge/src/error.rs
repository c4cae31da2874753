//! Errors at the rim: what the caller hears, and what the log does.
//!
//! A rejection is spoken as it is; everything of ours is a constant sentence, logged once with what is known.

use shared::{
    error::{ParseError, Rejection},
    flow::FlowError,
    store::DbError,
    wire::Failure,
};
use worker::{Response, Result, console_error};

/// Why a request was not served.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EdgeError {
    /// The caller may not.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The caller's bytes are wrong.
    #[error(transparent)]
    Malformed(#[from] ParseError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] DbError),
    /// The platform failed.
    #[error("the platform failed: {0}")]
    Platform(#[from] worker::Error),
    /// A variable, secret or binding is missing.
    #[error("`{0}` is not set")]
    Missing(&'static str),
}

impl From<FlowError> for EdgeError {
    fn from(error: FlowError) -> Self {
        match error {
            FlowError::Rejected(rejection) => Self::Rejected(rejection),
            FlowError::Malformed(error) => Self::Malformed(error),
            FlowError::Store(error) => Self::Store(error),
        }
    }
}

impl EdgeError {
    /// A variable, secret or binding is missing.
    pub(crate) const fn missing(name: &'static str) -> Self {
        Self::Missing(name)
    }

    /// A rejection with its code.
    pub(crate) fn reject(status: u16, code: &'static str, text: impl Into<String>) -> Self {
        Self::Rejected(Rejection::new(status, code, text))
    }

    /// 404 for a path that leads nowhere.
    pub(crate) fn not_found() -> Self {
        Self::reject(404, "not_found", "There is nothing here.")
    }

    /// The status and body a caller hears.
    pub(crate) fn failure(&self) -> (u16, Failure) {
        let said = |code: &str, text: &str| Failure {
            code: code.to_owned(),
            text: text.to_owned(),
            fields: Vec::new(),
        };
        match self {
            Self::Rejected(rejection) => {
                let said = said(rejection.code, &rejection.text);
                (rejection.status, Failure { fields: rejection.fields.clone(), ..said })
            }
            Self::Malformed(error) => {
                (if error.code == "too_large" { 413 } else { 400 }, said(error.code, &error.text))
            }
            Self::Store(_) | Self::Platform(_) | Self::Missing(_) => {
                (503, said("unavailable", "Something is wrong on our side. Please try again in a moment."))
            }
        }
    }

    /// Logs what is ours to mend; what the caller did wrong is theirs.
    pub(crate) fn log(&self, place: &str) {
        if self.failure().0 >= 500 {
            console_error!("{place}: {self}");
        }
    }

    /// The answer for the caller.
    pub(crate) fn into_response(self) -> Result<Response> {
        self.log("request");
        let (status, failure) = self.failure();
        let mut response = Response::from_json(&failure)?.with_status(status);
        if let Self::Rejected(Rejection { retry_after_ms: Some(ms), .. }) = &self {
            response.headers_mut().set("retry-after", &ms.div_ceil(1_000).to_string())?;
        }
        Ok(response)
    }
}
