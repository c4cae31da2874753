//! Configuration: variables, and secrets by name. What is missing stops what needs it and weakens nothing.

use shared::{channel::provider::Secrets, flow::access::Application};
use worker::Env;

use crate::error::EdgeError;

/// Development values that must never guard anything real.
const DEVELOPMENT_VALUES: [&str; 2] = ["development-signing-key-0000000000000000", "development-admin-token"];

/// What the deployment's variables say.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// The public base URL, without a trailing slash.
    pub(crate) public_url: String,
    /// Development pages and the virtual clock exist.
    pub(crate) development: bool,
    /// The Cloudflare Access application that stands before the inbox, where one does.
    pub(crate) access: Option<Application>,
    /// Where its keys are found, where that is not the team's own domain.
    pub(crate) access_certs: Option<String>,
}

impl Config {
    /// Reads the variables. A missing one, or a development secret outside development, is an error that names it.
    pub(crate) fn of(env: &Env) -> Result<Self, EdgeError> {
        let var = |name: &'static str| {
            env.var(name).map(|value| value.to_string()).map_err(|_| EdgeError::missing(name))
        };
        let development = var("ENVIRONMENT")? == "development";
        let public_url = var("PUBLIC_URL")?.trim_end_matches('/').to_owned();
        if !development {
            for name in ["SIGNING_KEY", "ADMIN_TOKEN"] {
                let value = secret(env, name).unwrap_or_default();
                if DEVELOPMENT_VALUES.contains(&value.as_str()) {
                    return Err(EdgeError::missing(name));
                }
            }
        }
        let given =
            |name: &str| env.var(name).ok().map(|value| value.to_string()).filter(|value| !value.is_empty());
        let access = match (given("ACCESS_TEAM_DOMAIN"), given("ACCESS_AUD")) {
            (Some(team_domain), Some(audience)) => Some(Application { team_domain, audience }),
            (None, None) => None,
            (Some(_), None) => return Err(EdgeError::missing("ACCESS_AUD")),
            (None, Some(_)) => return Err(EdgeError::missing("ACCESS_TEAM_DOMAIN")),
        };
        Ok(Self { public_url, development, access, access_certs: given("ACCESS_CERTS_URL") })
    }
}

/// The platform's secrets.
#[derive(Clone)]
pub(crate) struct EnvSecrets(pub(crate) Env);

impl Secrets for EnvSecrets {
    fn secret(&self, name: &str) -> Option<String> {
        secret(&self.0, name)
    }
}

fn secret(env: &Env, name: &str) -> Option<String> {
    env.secret(name).ok().map(|value| value.to_string()).filter(|value| !value.is_empty())
}
