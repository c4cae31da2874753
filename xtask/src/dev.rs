//! `dev`: the real worker in workerd with local storage, and the demo customer's site beside it. No account anywhere.

use std::path::Path;

use serde_json::{Value, json};

use crate::args::Dev;
use crate::cmd::Outcome;
use crate::host::Host;
use crate::setup::progress;
use crate::stamp::Stamp;
use crate::{build, files, import, scenario, setup};

/// Known to everyone, so that links and tokens survive a restart. Never a value for a worker that others can reach.
const SIGNING_KEY: &str = "development-signing-key-0000000000000000";
const ADMIN_TOKEN: &str = "development-admin-token";
/// What Enter plays.
const STORY: &str = "examples/scenarios/story.scn";
/// Who owns the demo site: the link to sign in lies in this mailbox of the sandbox.
const OWNER_EMAIL: &str = "owner@larkspur.example";

pub(crate) fn dev(options: &Dev) -> Outcome {
    build::build()?;
    let node = setup::node::node()?;
    let state = files::scratch().join("state");
    if options.reset {
        files::remove_dir(&state)?;
    }
    files::create_dir(&state)?;
    let site = files::root().join("examples/site");
    progress("Starting the worker…");
    let host = Host::start(
        &node,
        &json!({
            "port": options.port,
            "persist": state.display().to_string(),
            "siteDir": site.display().to_string(),
            "sitePort": options.site_port,
            "cronSeconds": 60,
            "vars": {
                "ENVIRONMENT": "development",
                "SIGNING_KEY": SIGNING_KEY,
                "ADMIN_TOKEN": ADMIN_TOKEN,
                "OWNER_EMAIL": OWNER_EMAIL,
            },
        }),
    )?;
    let stop = host.stopper();
    ctrlc::set_handler(move || stop.now()).map_err(|error| format!("Cannot listen for Ctrl-C: {error}."))?;
    if let Err(message) = import_site(&node, &host, &site, &state) {
        host.stopper().now();
        host.wait()?;
        return Err(message);
    }
    println!();
    println!("  Demo customer site   {}/", host.site);
    println!("  Sandbox              {}/sandbox", host.url);
    println!("  Timeline             {}/timeline", host.url);
    println!(
        "  Inbox                {}/inbox  (sign in as {OWNER_EMAIL}; the mail is in the sandbox)",
        host.url
    );
    println!();
    println!(
        "Press Enter to see a whole story happen, from the first question to the opt-out, on a worker of its own."
    );
    println!("Ctrl-C stops; the data stays in {} (--reset forgets it).", files::shown(&state));
    std::thread::spawn(plays_on_enter);
    host.wait()
}

/// Plays the story whenever Enter is pressed; its own lines say where it can be watched.
fn plays_on_enter() {
    for line in std::io::stdin().lines() {
        if line.is_err() {
            break;
        }
        if let Err(message) = scenario::watch(&[files::root().join(STORY)]) {
            eprintln!("{}", message.trim_end());
        }
        println!("The story is over. Press Enter to see it again.");
    }
}

/// Sends the demo site's definition when it changed since the last time this data saw it.
fn import_site(node: &setup::node::Node, host: &Host, site: &Path, state: &Path) -> Outcome {
    let mut body = import::body(site)?;
    allow(&mut body, &host.site);
    let stamp = Stamp::at(&state.join("imported")).text(&body.to_string());
    if stamp.is_fresh(&[]) {
        return Ok(());
    }
    progress("Importing the demo site…");
    import::send(node, &host.url, ADMIN_TOKEN, &body)?;
    stamp.record()
}

/// Lets the demo site show its widget from whichever port it was given.
fn allow(import: &mut Value, origin: &str) {
    if let Some(origins) = import["definition"]["allowed_origins"].as_array_mut() {
        for origin in [origin.to_owned(), origin.replace("127.0.0.1", "localhost")] {
            if !origins.iter().any(|known| *known == origin) {
                origins.push(origin.into());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_site_may_show_its_widget_from_any_port() {
        let mut import = json!({"definition": {"allowed_origins": ["http://127.0.0.1:8788"]}});
        allow(&mut import, "http://127.0.0.1:9000");
        let expected = json!(["http://127.0.0.1:8788", "http://127.0.0.1:9000", "http://localhost:9000"]);
        assert_eq!(import["definition"]["allowed_origins"], expected);
    }
}
