//! The site's lines: what each needs, whether its provider knows us, and whether the snippet stands on a page.

use super::{FlowError, Scope, pages};
use crate::{
    api::lines::{Line, Lines, Probed, SnippetFound, SnippetState},
    channel::{self, Channel, provider::Setup},
    error::Rejection,
    http::Http,
    id::EndpointId,
    site::Endpoint,
    store::Db,
    web,
};

/// Every line of the site, and the snippet.
pub fn lines<D: Db>(scope: Scope<'_, D>) -> Lines {
    let lines = scope.site.endpoints.iter().map(|endpoint| line(scope, endpoint)).collect();
    Lines { lines, snippet: snippet(scope) }
}

fn line<D: Db>(scope: Scope<'_, D>, endpoint: &Endpoint) -> Line {
    let codec = channel::provider_of(endpoint).ok();
    let names = codec.map(|codec| codec.secrets(endpoint)).unwrap_or_default();
    let is_set = |name: &String| scope.secrets.secret(name).is_some_and(|value| !value.is_empty());
    let secrets = names
        .into_iter()
        .map(|name| {
            let set = is_set(&name);
            (name, set)
        })
        .collect();
    let is_called =
        !matches!(endpoint.channel, Channel::Widget | Channel::Email) && endpoint.provider != "sandbox";
    Line {
        id: endpoint.id.clone(),
        channel: endpoint.channel,
        provider: endpoint.provider.clone(),
        address: endpoint.address.clone(),
        secrets,
        hook: is_called.then(|| format!("{}/hooks/{}", scope.public_url, endpoint.id)),
        can_test: codec.is_some_and(|codec| codec.probe(setup(scope, endpoint)).is_some()),
    }
}

fn setup<'a, D: Db>(scope: Scope<'a, D>, endpoint: &'a Endpoint) -> Setup<'a> {
    Setup { site: scope.site, endpoint, secrets: scope.secrets, public_url: scope.public_url }
}

/// The line to paste into the site's pages; empty where the site has no widget.
fn snippet<D: Db>(scope: Scope<'_, D>) -> String {
    let widget = scope.site.endpoint_on(Channel::Widget);
    widget.map_or_else(String::new, |widget| {
        let (base, key) = (scope.public_url, &widget.address);
        format!(r#"<script async src="{base}/loader.js" data-site="{key}"></script>"#)
    })
}

/// Asks a line's provider something that costs nothing and changes nothing. Refuses a line that the site does not have (404
/// `unknown_line`).
pub async fn test<D: Db>(scope: Scope<'_, D>, http: &impl Http, id: &str) -> Result<Probed, FlowError> {
    let unknown = || Rejection::new(404, "unknown_line", "The site has no line of this id.");
    let id = EndpointId::parse(id).map_err(|_| unknown())?;
    let endpoint = scope.site.endpoints.iter().find(|it| it.id == id).ok_or_else(unknown)?;
    let fails = |text: String| Ok(Probed { works: false, text });
    if endpoint.channel == Channel::Widget {
        let text = "The chat has no provider: check that the snippet stands on your pages.";
        return fails(text.to_owned());
    }
    let codec = channel::provider_of(endpoint)?;
    let missing = codec
        .secrets(endpoint)
        .into_iter()
        .find(|name| scope.secrets.secret(name).is_none_or(|value| value.is_empty()));
    if let Some(name) = missing {
        return fails(format!("The secret {name} is not set: ask whoever runs the deployment to set it."));
    }
    let request = match codec.probe(setup(scope, endpoint)) {
        None => {
            let text =
                "All it needs is set. This provider can be asked nothing: write to yourself to try it.";
            return Ok(Probed { works: true, text: text.to_owned() });
        }
        Some(Err(error)) => return fails(format!("It cannot be asked: {error}.")),
        Some(Ok(request)) => request,
    };
    match http.send(&request).await {
        Ok(response) => Ok(codec.probed(setup(scope, endpoint), &response)),
        Err(_) => fails("The provider did not answer. Try again in a moment.".to_owned()),
    }
}

/// Looks for the site's snippet on one of its pages. Refuses what is no public page of an allowed origin (see [`web::parse_own`]).
pub async fn check_snippet<D: Db>(
    scope: Scope<'_, D>,
    http: &impl Http,
    url: &str,
) -> Result<SnippetFound, FlowError> {
    let address = web::parse_own(url, &scope.site.allowed_origins)?;
    let page = match pages::read(http, &address).await {
        Ok(page) => page,
        Err(text) => return Ok(SnippetFound { state: SnippetState::Unread, text }),
    };
    let own = scope.site.endpoint_on(Channel::Widget).map(|widget| widget.address.as_str());
    let keys = keys(&page.text);
    let found = |state, text: &str| SnippetFound { state, text: text.to_owned() };
    Ok(match keys.iter().find(|key| Some(**key) == own).or(keys.first()) {
        Some(key) if Some(*key) == own => {
            found(SnippetState::Found, "The snippet stands on this page: visitors see the chat there.")
        }
        Some(key) => SnippetFound {
            state: SnippetState::Other,
            text: format!("A snippet stands there, with another key: {key}. Put the one above in its place."),
        },
        None => found(
            SnippetState::Absent,
            "There is no snippet on this page. Paste it right before </body>, publish the page, and check again. If a tag \
             manager adds it, it cannot be found this way.",
        ),
    })
}

/// The keys of the snippets of a page: of each script that brings our loader.
fn keys(html: &str) -> Vec<&str> {
    let scripts = html.split("<script").skip(1).filter_map(|rest| rest.split('>').next());
    scripts.filter(|tag| tag.contains("/loader.js")).filter_map(|tag| attribute(tag, "data-site=")).collect()
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let value = tag.split_once(name)?.1;
    let value = match value.chars().next()? {
        quote @ ('"' | '\'') => value[1..].split(quote).next()?,
        _ => value.split([' ', '>', '\n']).next()?,
    };
    Some(value.get(..60).unwrap_or(value))
}
